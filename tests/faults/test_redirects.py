"""Redirects without a target, in loops, or to other documents than status pages; valid ones."""

from contextlib import ExitStack
from functools import cache

import httpx
import pytest

from tests.faults.pages import GOOD, Broken, assert_read, assert_unknown, check, served, vendors
from tests.origin import Origin, Reply, Route, closed_port, head, redirect
from tests.origin.faults import endless
from tests.running import Finished

SUMMARY = "/api/v2/summary.json"
NOBODY = f"https://127.0.0.1:{closed_port()}"
HTML = Reply(body=b"<!doctype html><title>Acme</title>", headers={"Content-Type": "text/html"})


def to(location: str, said: str, kind: str = "redirect") -> Broken:
    return Broken(kind=kind, said=said, route=redirect(location))


def insecure(location: str) -> Broken:
    return to(location, f"redirect from https to http not followed: {location}")


def no_page(location: str) -> Broken:
    return to(location, f"redirect to {location}, which is not a web page")


BROKEN = {
    "to-loopback": to(NOBODY, f"redirected to {NOBODY}{SUMMARY}: connection refused", "connect"),
    "to-a-private-address": insecure("http://10.0.0.1/"),
    "to-the-metadata-of-a-cloud": insecure("http://169.254.169.254/latest/meta-data/"),
    "to-a-host-without-tls": insecure("http://shop.acme.example/"),
    "to-an-unknown-host": to(
        "https://gone.acme.example/",
        f"redirected to https://gone.acme.example{SUMMARY}: host not found (DNS)",
        "dns",
    ),
    "to-an-expired-certificate": to(
        "https://expired.acme.example/",
        f"redirected to https://expired.acme.example{SUMMARY}: invalid certificate"
        " (certificate has expired)",
        "tls",
    ),
    "to-a-shop": to(
        "https://shop.acme.example/",
        f"redirected to https://shop.acme.example{SUMMARY}: HTML instead of JSON",
    ),
    "to-another-host-and-back": to(f"https://circle.acme.example{SUMMARY}", "redirect loop"),
    "to-itself-at-another-place": to("#here", "redirect loop"),
    "to-a-mailbox": no_page("mailto:status@acme.example"),
    "to-a-blob": no_page("blob:https://acme.example/1"),
    "to-a-stream": no_page("wss://acme.example/status"),
    "to-an-invalid-port": to(
        "https://127.0.0.1:99999/", "redirect to an invalid URL: https://127.0.0.1:99999/"
    ),
    "to-the-port-0": to("https://127.0.0.1:0/", "redirect to an invalid URL: https://127.0.0.1:0/"),
    "to-an-invalid-name": to(
        "https://☃.acme.example/", "redirect to an invalid URL: https://☃.acme.example/"
    ),
    "to-nothing": to("", "redirect without a Location header"),
    "with-a-body-without-end": Broken(
        kind="redirect",
        said="redirect loop",
        route=endless(bytes(65536), after=head(302, Location=SUMMARY)),
    ),
}


@cache
def broken() -> Finished:
    with (
        Origin(names=("expired.acme.example",), certificate="expired") as expired,
        Origin(names=("shop.acme.example",), routes={"*": HTML}) as shop,
        Origin(names=("circle.acme.example",)) as circle,
        served(BROKEN) as urls,
    ):
        circle.route("*", redirect(urls["to-another-host-and-back"] + SUMMARY))
        names = {
            "expired.acme.example": [("127.0.0.1", expired.port)],
            "shop.acme.example": [("127.0.0.1", shop.port)],
            "circle.acme.example": [("127.0.0.1", circle.port)],
        }
        return check(urls, BROKEN, names=names)


@pytest.mark.parametrize("name", BROKEN)
def test_a_redirect_to_no_page_is_unknown_with_its_reason(name: str) -> None:
    assert_unknown(broken(), name, BROKEN[name])


FOLLOWED = {
    "within-a-host": ("https://one.acme.example", "/new/summary.json"),
    "within-the-port-of-https": ("https://two.acme.example:443", "/new/summary.json"),
    "within-a-host-in-capitals": ("https://THREE.Acme.Example", "/new/summary.json"),
    "within-a-host-in-unicode": ("https://bücher.example", "/new/summary.json"),
    "to-its-name-in-unicode": (
        "https://xn--mnchen-3ya.example",
        "https://MÜNCHEN.example/new/summary.json",
    ),
    "to-a-path-in-unicode": ("https://four.acme.example", "/new/état.json"),
}


@cache
def followed() -> Finished:
    """An origin that redirects every old address to the page below /new."""
    hosts = ("*.acme.example", "bücher.example", "münchen.example")
    routes: dict[str, Route] = {"/new/summary.json": GOOD, "/new/%C3%A9tat.json": GOOD}
    urls, names = {}, {}
    with ExitStack() as origins:
        for name, (url, location) in FOLLOWED.items():
            origin = Origin(names=hosts, routes={SUMMARY: redirect(location), **routes})
            urls[name] = url
            names[httpx.URL(url).raw_host.decode()] = [
                ("127.0.0.1", origins.enter_context(origin).port)
            ]
        return check(urls, names=names)


@pytest.mark.parametrize("name", FOLLOWED)
def test_a_redirect_to_the_page_is_followed(name: str) -> None:
    assert_read(vendors(followed())[name])

"""Freshstatus and OnlineOrNot: pages that are read through the feed they announce."""

from typing import NamedTuple

import pytest

from outlogger_cli.domain.model import Depth, Document
from outlogger_cli.platforms import Platform, freshstatus, onlineornot
from tests.support import DATA, document, recognised

FEED = (DATA / "announced/feed.rss").read_bytes()


class Case(NamedTuple):
    platform: Platform
    name: str
    host: str


CASES = [
    Case(freshstatus, "Freshstatus", "freshstatus.io"),
    Case(onlineornot, "OnlineOrNot", "onlineornot.com"),
]
every_platform = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def page(host: str, link: str) -> Document:
    """A page that loads a script of `host` and has `link` in its head."""
    html = (
        f"<!DOCTYPE html><html><head><title>Acme Cloud</title>{link}"
        f'<script src="https://assets.{host}/page.js"></script></head></html>'
    )
    return document("page", html, "https://status.acme.example/eu")


def announcing(host: str, address: str = "/feed.rss") -> Document:
    link = f'<link rel="alternate" type="application/rss+xml" title="RSS" href="{address}">'
    return page(host, link)


def documents(host: str, feed: bytes = FEED) -> dict[str, Document]:
    return {"page": announcing(host), "feed": document("feed", feed)}


@every_platform
def test_each_recognises_its_own_pages_alone(case: Case) -> None:
    assert recognised(case.platform, announcing(case.host))
    others = {"freshstatus.io", "onlineornot.com", "hund.io", "acme.example"} - {case.host}
    assert not [other for other in others if recognised(case.platform, announcing(other))]


@every_platform
@pytest.mark.parametrize(
    "link",
    [
        "",
        '<link rel="stylesheet" type="text/css" href="/feed.rss">',
        '<link rel="alternate" type="application/rss+xml">',
        '<link rel="alternate" type="application/rss+xml" href="https://evil.example/feed.rss">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        '<link rel="alternate" type="application/rss+xml" href="https://[/feed.rss">',
    ],
)
def test_a_page_without_a_feed_of_its_own_is_not_read(case: Case, link: str) -> None:
    read = page(case.host, link)
    assert not recognised(case.platform, read)
    asked = case.platform.endpoints("https://status.acme.example", Depth.HISTORY, {"page": read})
    assert [e.name for e in asked] == ["page"]


@every_platform
@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("application/atom+xml", "https://status.acme.example/feed.atom"),
        ("application/rss+xml", "https://feeds.{host}/acme.rss"),
    ],
)
def test_a_feed_may_be_atom_and_on_a_host_of_the_platform(
    case: Case, kind: str, address: str
) -> None:
    address = address.format(host=case.host)
    read = page(case.host, f"<LINK TYPE='{kind}' HREF={address} rel=alternate>")
    asked = case.platform.endpoints("https://status.acme.example", Depth.VERDICT, {"page": read})
    assert asked[1].url == address


@every_platform
def test_a_link_that_is_no_address_is_passed_over(case: Case) -> None:
    body = "<html><a href='https://[x'>x</a></html>"
    assert not recognised(case.platform, document("page", body))

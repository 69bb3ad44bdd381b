"""Two hundred vendors, of which fifty fail in different ways: the others are read in time."""

import json
import re
import socket
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cli.commands.pages import HEALTHY
from tests.faults.pages import Broken, assert_read, assert_unknown, check, served, vendors
from tests.origin import Connection, Reply, Route, faults, head
from tests.origin.faults import send
from tests.running import Finished

BUDGET = timedelta(seconds=4)
SLACK = timedelta(seconds=8)
"""Seconds beyond the time limit of one vendor; one after another would take over a minute."""

TOO_LATE = "no whole answer within 4 s"
LOGIN = b'<!doctype html><title>Log in</title><input type="password">'
DOMAIN = "acme.example"


def own_page(connection: Connection) -> None:
    """A healthy page with the name of the requested host."""
    page = {**HEALTHY["page"], "name": connection.request.headers["host"]}
    body = json.dumps({**HEALTHY, "page": page}).encode()
    send(head(Content_Length=str(len(body))) + body)(connection)


def vendor(
    kind: str,
    said: str | re.Pattern[str],
    route: Route = (),
    *,
    status: int | None = None,
    **origin: Any,
) -> Broken:
    names = {"names": (f"*.{DOMAIN}",)}
    return Broken(kind=kind, said=said, route=route, status=status, origin=names | origin)


ANSWERS = vendor("", "", own_page)
MISBEHAVIOURS = {
    "hangs": vendor("timeout", TOO_LATE, faults.hang),
    "hangs-in-the-body": vendor("timeout", TOO_LATE, faults.hang_mid_body),
    "drips": vendor("timeout", TOO_LATE, faults.drip_headers),
    "shakes-no-hands": vendor(
        "timeout", re.compile(r"no (whole answer|connection) within .+ s"), on_connect=faults.hang
    ),
    "has-a-silent-name": vendor("timeout", TOO_LATE),
    "has-no-name": vendor("dns", "no such host: its name has no address"),
    "resets": vendor("connect", re.compile("the connection .+"), faults.reset),
    "breaks-off": vendor(
        "connect", "the connection was closed before the answer was whole", faults.cut_mid_body
    ),
    "talks-garbage": vendor("http", re.compile("the answer is not HTTP: .+"), faults.garbage),
    "is-in-trouble": vendor(
        "http",
        "HTTP 500 Internal Server Error: the page's server is in trouble",
        Reply(status=500),
        status=500,
    ),
    "has-expired": vendor(
        "tls",
        "its certificate is not trusted: certificate has expired",
        certificate="expired",
    ),
    "signs-itself": vendor(
        "tls",
        "its certificate is not trusted: self-signed certificate; --cacert FILE names another"
        " authority",
        certificate="self_signed",
    ),
    "is-another-page": vendor(
        "tls",
        re.compile("its certificate is not trusted: hostname mismatch, .+"),
        certificate="wrong_host",
    ),
    "wants-a-login": vendor("not_json", "a sign-in page answers here", Reply(body=LOGIN)),
}
NAMELESS = {"has-a-silent-name": None, "has-no-name": int(socket.EAI_NONAME)}

WAYS = list(MISBEHAVIOURS)


def fault_of(number: int) -> str:
    """The fault of the vendor; every fourth has one."""
    return "answers" if number % 4 else WAYS[number // 4 % len(WAYS)]


VENDORS = {f"{fault_of(number)}-{number}": fault_of(number) for number in range(200)}
"""The faults by name."""

GOOD = [slug for slug, way in VENDORS.items() if way == "answers"]


@cache
def finished() -> Finished:
    with served({"answers": ANSWERS, **MISBEHAVIOURS}) as urls:
        names: dict[str, Any] = {}
        for slug, way in VENDORS.items():
            at = [("127.0.0.1", urlsplit(urls[way]).port)]
            names[f"{slug}.{DOMAIN}"] = NAMELESS.get(way, at)
        pages = {slug: f"https://{slug}.{DOMAIN}" for slug in VENDORS}
        return check(pages, {}, "--timeout", f"{BUDGET.seconds}s", names=names)


def test_the_vendors_are_in_order() -> None:
    assert list(vendors(finished())) == list(VENDORS)
    assert (len(GOOD), len(VENDORS)) == (150, 200)


def test_every_vendor_that_answers_is_read_from_its_own_page() -> None:
    found = vendors(finished())
    for slug in GOOD:
        assert_read(found[slug])
    assert [found[slug]["name"] for slug in GOOD] == [f"{slug}.{DOMAIN}" for slug in GOOD]


@pytest.mark.parametrize("way", WAYS)
def test_every_vendor_that_fails_is_unknown_with_its_own_reason(way: str) -> None:
    slugs = [slug for slug in VENDORS if VENDORS[slug] == way]
    assert len(slugs) >= 3
    for slug in slugs:
        assert_unknown(finished(), slug, MISBEHAVIOURS[way])


def test_the_run_takes_the_time_of_one_vendor() -> None:
    """By the times in the report: from the first page that was read to the end."""
    report = finished().json
    read = [datetime.fromisoformat(one["checked_at"]) for one in report["vendors"]]
    assert datetime.fromisoformat(report["generated_at"]) - min(read) < BUDGET + SLACK

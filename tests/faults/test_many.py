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

TOO_LATE = "timed out after 4 s"
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
FAULTS = {
    "hangs": vendor("timeout", TOO_LATE, faults.hang),
    "hangs-in-the-body": vendor("timeout", TOO_LATE, faults.hang_mid_body),
    "drips": vendor("timeout", TOO_LATE, faults.drip_headers),
    "never-answers-the-handshake": vendor(
        "timeout", re.compile(r"(connection )?timed out after .+ s"), on_connect=faults.hang
    ),
    "dns-lookup-hangs": vendor("timeout", TOO_LATE),
    "host-not-found": vendor("dns", "host not found (DNS)"),
    "resets": vendor("connect", re.compile("connection .+"), faults.reset),
    "breaks-within-the-body": vendor(
        "connect", "connection closed before the end of the response", faults.cut_mid_body
    ),
    "sends-garbage": vendor("http", re.compile("invalid HTTP response: .+"), faults.garbage),
    "has-a-server-error": vendor(
        "http",
        "HTTP 500 from the status page",
        Reply(status=500),
        status=500,
    ),
    "has-expired": vendor(
        "tls",
        "invalid certificate (certificate has expired)",
        certificate="expired",
    ),
    "is-self-signed": vendor(
        "tls",
        "invalid certificate (self-signed certificate); to trust its issuer: --cacert FILE",
        certificate="self_signed",
    ),
    "is-another-page": vendor(
        "tls",
        re.compile(r"invalid certificate \(hostname mismatch, .+\)"),
        certificate="wrong_host",
    ),
    "is-a-sign-in-page": vendor(
        "not_json", "sign-in page instead of a status page", Reply(body=LOGIN)
    ),
}
NAMELESS = {"dns-lookup-hangs": None, "host-not-found": int(socket.EAI_NONAME)}

FAULT_NAMES = list(FAULTS)


def fault_of(number: int) -> str:
    """The fault of the vendor; every fourth has one."""
    return "answers" if number % 4 else FAULT_NAMES[number // 4 % len(FAULT_NAMES)]


VENDORS = {f"{fault_of(number)}-{number}": fault_of(number) for number in range(200)}
"""The fault of each vendor by slug."""

GOOD = [slug for slug, fault in VENDORS.items() if fault == "answers"]


@cache
def finished() -> Finished:
    with served({"answers": ANSWERS, **FAULTS}) as urls:
        names: dict[str, Any] = {}
        for slug, fault in VENDORS.items():
            at = [("127.0.0.1", urlsplit(urls[fault]).port)]
            names[f"{slug}.{DOMAIN}"] = NAMELESS.get(fault, at)
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


@pytest.mark.parametrize("fault", FAULT_NAMES)
def test_every_vendor_that_fails_is_unknown_with_its_own_reason(fault: str) -> None:
    slugs = [slug for slug in VENDORS if VENDORS[slug] == fault]
    assert len(slugs) >= 3
    for slug in slugs:
        assert_unknown(finished(), slug, FAULTS[fault])


def test_the_run_takes_the_time_of_one_vendor() -> None:
    """By the times in the report: from the first page that was read to the end."""
    report = finished().json
    read = [datetime.fromisoformat(one["checked_at"]) for one in report["vendors"]]
    assert datetime.fromisoformat(report["generated_at"]) - min(read) < BUDGET + SLACK

"""Names without an address or with unreachable ones, and other spellings of hosts."""

import socket
from collections.abc import Iterator
from functools import cache, partial

import pytest

from tests.faults.pages import GOOD, Broken, assert_read, assert_unknown, check, swallowing, vendors
from tests.origin import Origin, closed_port
from tests.running import Finished

ACME = "https://status.acme.example"
LOOPBACK = "127.0.0.1"
SUMMARY = "/api/v2/summary.json"

unnamed = partial(Broken, kind="dns", said="host not found (DNS)")

BROKEN = {
    "unknown": unnamed(url="https://gone.acme.example"),
    "unknown-for-now": unnamed(
        said="DNS lookup failed",
        url="https://later.acme.example",
    ),
    "longer-than-a-name-may-be": unnamed(url=f"https://{'a' * 64}.acme.example"),
    "an-invalid-character": unnamed(url="https://☃.acme.example"),
    "refuses-at-every-address": Broken(
        kind="connect",
        said="connection refused",
        url="https://dead.acme.example",
    ),
    "refuses-at-the-usable-address": Broken(
        kind="connect",
        said="connection refused",
        url="https://half.acme.example",
    ),
}
NAMES = {
    "gone.acme.example": int(socket.EAI_NONAME),
    "later.acme.example": int(socket.EAI_AGAIN),
    "dead.acme.example": [("127.0.0.1", closed_port()), ("127.0.0.2", closed_port())],
    "half.acme.example": [("127.0.0.1", closed_port()), ("fe80::1", 443)],
}


@cache
def finished() -> Finished:
    return check({name: page.url for name, page in BROKEN.items()}, BROKEN, names=NAMES)


@pytest.mark.parametrize("name", BROKEN)
def test_a_failed_lookup_is_unknown_with_its_reason(name: str) -> None:
    assert_unknown(finished(), name, BROKEN[name])


@pytest.fixture
def origin() -> Iterator[Origin]:
    """An origin with the healthy page, for all names of acme."""
    with Origin(names=("*.acme.example", "bücher.example"), routes={SUMMARY: GOOD}) as origin:
        yield origin


HOSTS = {
    "https://one.acme.example": "one.acme.example",
    "https://two.acme.example:8443": "two.acme.example:8443",
    "https://three.acme.example:443": "three.acme.example",
    "https://FOUR.Acme.Example": "four.acme.example",
    "https://bücher.example": "xn--bcher-kva.example",
    "https://xn--bcher-kva.example:8443": "xn--bcher-kva.example:8443",
}
"""Addresses of pages, and the expected Host header."""


def test_a_page_is_read_with_each_spelling_of_its_host(origin: Origin) -> None:
    names = {host.partition(":")[0]: [(LOOPBACK, origin.port)] for host in HOSTS.values()}
    finished = check({f"acme-{at}": page for at, page in enumerate(HOSTS)}, names=names)
    for vendor in vendors(finished).values():
        assert_read(vendor)
    assert sorted(one.headers["host"] for one in origin.seen) == sorted(HOSTS.values())


def test_a_page_is_read_at_an_ipv6_address() -> None:
    try:
        origin = Origin("::1", routes={SUMMARY: GOOD})
    except OSError as error:
        pytest.skip(f"no IPv6 here: {error}")
    with origin:
        finished = check({"acme": origin.url})
    assert_read(vendors(finished)["acme"])


def test_after_an_address_that_refuses_the_next_is_tried(origin: Origin) -> None:
    addresses = [(LOOPBACK, closed_port()), (LOOPBACK, origin.port)]
    finished = check({"acme": ACME}, names={"status.acme.example": addresses})
    assert_read(vendors(finished)["acme"])


def test_an_address_that_refuses_does_not_end_another_attempt() -> None:
    with swallowing(LOOPBACK) as port:
        page = Broken(kind="timeout", said="timed out after 0.8 s", budget="0.8s", url=ACME)
        names = {"status.acme.example": [(LOOPBACK, port), (LOOPBACK, closed_port())]}
        assert_unknown(check({"acme": ACME}, {"acme": page}, names=names), "acme", page)


def test_after_an_unusable_address_the_next_is_tried(origin: Origin) -> None:
    unusable = ("fe80::1", 443)  # a link-local address needs the name of an interface
    names = {"status.acme.example": [unusable, (LOOPBACK, origin.port)]}
    finished = check({"acme": ACME}, names=names)
    assert_read(vendors(finished)["acme"])


def test_addresses_that_never_answer_leave_time_for_the_next(origin: Origin) -> None:
    with swallowing("::1") as six, swallowing("127.0.0.1") as four:
        addresses = [("::1", six)] * 8 + [(LOOPBACK, four)] * 2 + [(LOOPBACK, origin.port)]
        names = {"status.acme.example": addresses}
        finished = check({"acme": ACME}, {}, "--timeout", "10s", names=names)
    assert_read(vendors(finished)["acme"])

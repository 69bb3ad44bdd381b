"""Pages that hang or drip, at every stage of an answer, are unknown after their time limit.

One command reads them all. It must end by itself while all its threads wait: the origins hang for
longer than a test waits.
"""

import gzip
import http.client
import re
from functools import cache, partial

import pytest

from tests.faults.pages import Broken, assert_unknown, check, served, swallowing
from tests.origin import Connection, faults, head
from tests.origin.faults import drip, endless, send
from tests.running import Finished

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = head(Transfer_Encoding="chunked")
GZIPPED = head(Content_Encoding="gzip")

hanging = partial(
    Broken, kind="timeout", said="timed out after 0.5 s", budget="0.5s", route=faults.hang
)


counted = partial(Broken, kind="too_large", said="response headers are too large")
bounded = counted if hasattr(http.client, "_MAXINTERIMRESPONSES") else hanging
"""Newer versions of Python limit what may come before and after an answer."""


def redirect_slowly(connection: Connection) -> None:
    """Each redirect is in time, but not all of them together."""
    if not connection.pause(0.2):
        faults.redirect_onward(connection)


HANGING = {
    "name-server": hanging(url="https://silent.acme.example"),
    "handshake": hanging(origin={"on_connect": faults.hang}),
    "handshake-drips": hanging(
        origin={"on_connect": drip(bytes(99), after=b"\x16\x03\x03\x3f\xff")}
    ),
    "answer": hanging(),
    "answer-without-tls": hanging(origin={"tls": False}),
    "headers": hanging(route=send(OK + b"Content-", then=faults.hang)),
    "headers-drip": hanging(route=faults.drip_headers),
    "body": hanging(route=faults.hang_mid_body),
    "body-drips": hanging(route=faults.drip_body),
    "body-drips-without-tls": hanging(route=faults.drip_body, origin={"tls": False}),
    "body-without-length": hanging(route=send(head() + b"{", then=faults.hang)),
    "chunks-drip": hanging(route=drip(b"1\r\n \r\n" * 99, after=CHUNKED)),
    "gzip-drips": hanging(route=drip(gzip.compress(bytes(range(256))), after=GZIPPED)),
    "interim-answer": hanging(route=faults.continue_then_hang),
    "interim-answers-without-end": bounded(
        route=endless(b"HTTP/1.1 100 Continue\r\n\r\n", after=b"")
    ),
    "endless-hints": hanging(route=endless(b"HTTP/1.1 103 Early Hints\r\n\r\n", after=b"")),
    "trailers-without-end": bounded(
        route=endless(b"X-More: and more\r\n", after=CHUNKED + b"2\r\n{}\r\n0\r\n")
    ),
    "more-after-the-gzip": hanging(
        route=endless(bytes(65536), after=GZIPPED + gzip.compress(b"{}"))
    ),
    "redirects": hanging(
        route=redirect_slowly, said=re.compile("(redirected to .+: )?timed out after.*")
    ),
}


@cache
def finished() -> Finished:
    with served(HANGING) as urls:
        return check(urls, HANGING, names={"silent.acme.example": None})


@pytest.mark.parametrize("name", HANGING)
def test_a_hanging_page_is_unknown_after_its_time_limit(name: str) -> None:
    assert_unknown(finished(), name, HANGING[name])


def test_a_connection_that_is_never_accepted_times_out() -> None:
    with swallowing("127.0.0.1") as port:
        page = hanging(url=f"https://127.0.0.1:{port}")
        assert_unknown(check({"acme": page.url}, {"acme": page}), "acme", page)


def test_the_deadline_of_the_run_ends_every_hanging_page() -> None:
    late = partial(Broken, kind="timeout", said="the run's deadline was reached")
    pages = {
        "name-server": late(url="https://silent.acme.example"),
        "handshake": late(origin={"on_connect": faults.hang}),
        "body": late(route=faults.hang_mid_body),
    }
    with served(pages) as urls:
        finished = check(urls, pages, "--deadline", "0.5s", names={"silent.acme.example": None})
    for name, page in pages.items():
        assert_unknown(finished, name, page)

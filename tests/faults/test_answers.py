"""Answers that are not HTTP, are too large, or have a body that contradicts the headers."""

import gzip
import zlib
from functools import cache, partial

import pytest

from tests.faults.pages import (
    ANSWER,
    BODY,
    Broken,
    assert_read,
    assert_unknown,
    check,
    served,
    vendors,
)
from tests.origin import Connection, Reply, head
from tests.origin.faults import endless, send
from tests.running import Finished

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = head(Transfer_Encoding="chunked")
GZIPPED = head(Content_Encoding="gzip")
PACKED = gzip.compress(BODY, mtime=0)
NOT_WHOLE = "connection closed before the end of the response"
DAMAGED = "invalid or truncated JSON"

no_http = partial(Broken, kind="http", said="invalid HTTP response: illegal status line")
large_headers = partial(Broken, kind="too_large", said="response headers are too large")
large = partial(Broken, kind="too_large", said="response is larger than 8 MiB")
damaged = partial(Broken, kind="not_json", said=DAMAGED)
cut_short = partial(Broken, kind="connect", said=NOT_WHOLE)
badly_packed = partial(Broken, kind="http", said="invalid compressed response")


def status(code: int, said: str, **headers: str) -> Broken:
    reply = Reply(status=code, body=BODY, headers=headers)
    return Broken(kind="http", said=said, status=code, route=reply)


def chunk(body: bytes, extension: bytes = b"") -> bytes:
    return b"%x%b\r\n%b\r\n" % (len(body), extension, body)


def pack_without_end(connection: Connection) -> None:
    """A gzip of zeros without end."""
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    connection.send(GZIPPED)
    while connection.left():
        connection.send(packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_SYNC_FLUSH))


BROKEN = {
    # Not HTTP
    "ssh": no_http(route=send(b"SSH-2.0-OpenSSH_9.2\r\n")),
    "http-2": no_http(route=send(bytes.fromhex("000012040000000000") + bytes(18))),
    "http-2-status-line": no_http(
        said="invalid HTTP response: http/2", route=send(b"HTTP/2 200 OK\r\n\r\n{}")
    ),
    "status-of-four-digits": no_http(route=send(b"HTTP/1.1 2000 OK\r\n\r\n{}")),
    "line-without-end": large_headers(route=endless(b"H" * 65536, after=b"")),
    # Headers
    "ten-thousand-headers": large_headers(
        route=send(OK + b"".join(b"X-%d: more\r\n" % n for n in range(10_000)) + b"\r\n" + BODY)
    ),
    "status-line-of-a-megabyte": large_headers(
        route=send(b"HTTP/1.1 200 " + b"O" * (1 << 20) + b"\r\n\r\n" + BODY)
    ),
    # Statuses without a document
    "101": Broken(
        kind="http",
        said="HTTP 101 Switching Protocols",
        status=101,
        route=send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
    ),
    "203": status(203, "HTTP 203 Non-Authoritative Information"),
    "205": status(205, "HTTP 205 Reset Content"),
    "300": status(300, "HTTP 300 Multiple Choices", Location="/api/v2/summary.json"),
    "421": status(421, "HTTP 421 Misdirected Request"),
    "429-for-an-hour": status(429, "HTTP 429: too many requests", Retry_After="3600"),
    "503-until-9999": status(
        503,
        "HTTP 503 from the status page",
        Retry_After="Fri, 31 Dec 9999 23:59:59 GMT",
    ),
    "503-for-longer-than-time": status(
        503,
        "HTTP 503 from the status page",
        Retry_After="Thu, 15 Jan 2026 12:00:04 +99999999999999",
    ),
    # Lengths
    "length-of-a-terabyte": cut_short(route=send(head(Content_Length=str(1 << 40)) + BODY)),
    "two-lengths": damaged(
        route=send(OK + b"Content-Length: 9\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY)
    ),
    "no-length-and-half-a-body": damaged(route=send(head() + BODY[:99])),
    # Chunks
    "chunks-without-end": large(route=endless(chunk(bytes(65536)), after=CHUNKED)),
    "chunks-without-the-last": cut_short(route=send(CHUNKED + chunk(BODY))),
    "chunk-of-an-exabyte": cut_short(route=send(CHUNKED + b"fffffffffffffff\r\n" + BODY)),
    "chunk-longer-than-it-says": Broken(
        kind="http",
        said="invalid HTTP response: invalid chunk header",
        route=send(CHUNKED + b"2\r\n{}{}{}\r\n0\r\n\r\n"),
    ),
    "chunk-size-without-end": large_headers(route=endless(b"0" * 65536, after=CHUNKED)),
    # Compression
    "gzip-without-end": large(route=pack_without_end),
    "gzip-of-a-gzip": Broken(
        kind="not_json", said="not JSON", route=send(GZIPPED + gzip.compress(PACKED))
    ),
    "gzip-that-breaks-off": Broken(
        kind="http", said="compressed response is truncated", route=send(GZIPPED + PACKED[:-9])
    ),
    "gzip-of-another-checksum": badly_packed(route=send(GZIPPED + PACKED[:-8] + bytes(8))),
    "deflate-of-noise": badly_packed(
        route=send(head(Content_Encoding="deflate") + bytes(range(256)))
    ),
}


@cache
def broken() -> Finished:
    with served(BROKEN) as urls:
        return check(urls, BROKEN)


@pytest.mark.parametrize("name", BROKEN)
def test_an_unreadable_answer_is_unknown_with_its_reason(name: str) -> None:
    assert_unknown(broken(), name, BROKEN[name])


UNUSUAL = {
    "after-100": b"HTTP/1.1 100 Continue\r\n\r\n" + ANSWER,
    "after-103": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + ANSWER,
    "after-many": b"HTTP/1.1 102 Processing\r\n\r\n" * 99 + ANSWER,
    "http-1-0": b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
    "without-a-length": head(Content_Type="application/json") + BODY,
    "with-an-invalid-length": head(Content_Length="all of it") + BODY,
    "in-chunks": CHUNKED + chunk(BODY[:9], b";more=yes") + chunk(BODY[9:]) + b"0\r\nX: y\r\n\r\n",
    "in-chunks-with-a-length": head(Content_Length="9", Transfer_Encoding="chunked")
    + chunk(BODY)
    + b"0\r\n\r\n",
    "with-bare-line-feeds": b"HTTP/1.1 200 OK\nServer: acme\n\n" + BODY,
    "with-headers-of-any-bytes": "HTTP/1.1 200 ☃\r\nServer: ☃\r\n folded\r\n: \r\n\r\n".encode()
    + BODY,
    "deflated": head(Content_Encoding="deflate") + zlib.compress(BODY),
}


@cache
def unusual() -> Finished:
    pages = {n: Broken(kind="", said="", route=send(answer)) for n, answer in UNUSUAL.items()}
    with served(pages) as urls:
        return check(urls)


@pytest.mark.parametrize("name", UNUSUAL)
def test_an_unusual_but_valid_answer_is_read(name: str) -> None:
    assert_read(vendors(unusual())[name])

"""One vendor's documents over HTTP: redirects, secrets, retries, compression, foreign errors."""

import gzip
import socket
import ssl
import sys
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

import h11
import httpx
import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Document, Endpoint, FailureKind
from outlogger_cli.net import tls
from outlogger_cli.net.client import BODY_LIMIT, Client, Network
from tests.cli.commands.pages import HEALTHY
from tests.origin import Connection, Fault, Origin, Reply, cacert, faults, head
from tests.running import Answer, Pieces, Web, finish, spawn, trusting
from tests.support import NOW

PAGE = "https://status.acme.example"
SUMMARY = f"{PAGE}/api/v2/summary.json"
MOVED = "https://acme.statuspage.example"
TRUSTING = tls.contexts(cacert(), {})


@dataclass
class Clock:
    """Time that passes only where something waits."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def client_for(
    web: httpx.BaseTransport | None,
    *,
    page: str = PAGE,
    headers: Mapping[str, str] | None = None,
    clock: Clock | None = None,
    budget: float = 10,
    retries: int = 1,
    drill: str | None = None,
) -> Client:
    clock = clock or Clock()
    network = Network(
        tls=TRUSTING,
        retries=retries,
        drill=drill,
        transport=web,
        now=lambda: NOW,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        jitter=lambda: 0.5,
    )
    return Client(
        network,
        page,
        until=clock.now + budget,
        budget=timedelta(seconds=budget),
        headers=headers or {},
    )


def get(web: Web, url: str = SUMMARY, **options: Any) -> Document:
    one = client_for(web, **options)
    try:
        return one.get(Endpoint(name="summary", url=url))
    finally:
        one.close()


def failure(web: Web, url: str = SUMMARY, **options: Any) -> tuple[str, str]:
    with pytest.raises(PageError) as caught:
        get(web, url, **options)
    return caught.value.kind, caught.value.message


def unparsed(message: str, *, hint: int = 400) -> Exception:
    """An answer that h11 could not parse, as httpx raises it."""
    error = httpx.RemoteProtocolError(message)
    error.__cause__ = h11.RemoteProtocolError(message, error_status_hint=hint)
    return error


def to(location: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"Location": location})


# What is asked, and what comes back


def test_a_document_is_the_body_as_it_came_with_its_headers() -> None:
    web = Web({SUMMARY: httpx.Response(200, headers={"ETag": 'W/"1"'}, content=b"{ }")})
    document = get(web)
    assert document == Document(
        endpoint=Endpoint(name="summary", url=SUMMARY),
        final_url=SUMMARY,
        status=200,
        headers={"etag": 'W/"1"', "content-length": "3"},
        body=b"{ }",
        fetched_at=NOW,
    )


def test_a_request_says_who_asks_and_for_what() -> None:
    web = Web({SUMMARY: httpx.Response(200)})
    get(web)
    headers = web.seen[0].headers
    assert headers["user-agent"].startswith("outlogger/")
    assert "https://" in headers["user-agent"]
    assert "bot" not in headers["user-agent"].lower()
    assert headers["accept"].startswith("application/json, ")
    assert headers["accept-encoding"] == "gzip"


def test_several_documents_come_over_one_connection() -> None:
    with Origin(
        routes={"/a": Reply(body={"a": 1}), "/b": Reply(body={"b": 1}, gzip=True)}
    ) as origin:
        one = client_for(None, page=origin.url)
        bodies = [one.get(Endpoint(name=at, url=origin.url + at)).body for at in ("/a", "/b")]
        one.close()
    assert bodies == [b'{"a": 1}', b'{"b": 1}']
    assert len(origin.connections) == 1


def test_a_request_without_a_proxy_loads_no_second_http_library() -> None:
    command = (sys.executable, "-X", "importtime", "-m", "outlogger_cli")
    with (
        Origin(routes={"*": Reply(body=HEALTHY)}) as origin,
        spawn("check", origin.url, *trusting(), command=command) as process,
    ):
        finished = finish(process)
    assert finished.code == 0
    loaded = {line.rpartition("|")[2].strip() for line in finished.err.splitlines()}
    assert "httpx" in loaded
    assert loaded.isdisjoint({"httpcore", "h11", "anyio", "socksio"})


def test_a_page_that_has_not_changed_sends_no_body() -> None:
    web = Web({SUMMARY: httpx.Response(304, headers={"ETag": '"1"'})})
    one = client_for(web)
    document = one.get(Endpoint(name="summary", url=SUMMARY), validators={"if-none-match": '"1"'})
    one.close()
    assert web.seen[0].headers["if-none-match"] == '"1"'
    assert (document.status, document.body) == (304, b"")


def test_a_status_that_brings_no_document_is_an_error_that_keeps_it() -> None:
    with pytest.raises(PageError) as caught:
        get(Web({SUMMARY: httpx.Response(451)}))
    assert caught.value.http_status == 451
    assert caught.value.message == "HTTP 451 Unavailable For Legal Reasons"


def test_in_a_drill_every_page_is_asked_on_loopback_under_its_own_path() -> None:
    drilled = "http://127.0.0.1:8400"
    web = Web({f"{drilled}/eu/api/v2/summary.json?all=1": httpx.Response(200, content=b"{}")})
    url = f"{PAGE}/eu/api/v2/summary.json?all=1"
    document = get(web, url, drill=drilled, headers={"Authorization": "OAuth key"})
    assert document.final_url == url
    assert "authorization" not in web.seen[0].headers


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_answer_says_where_it_stood(status: int) -> None:
    new = f"{MOVED}/api/v2/summary.json"
    document = get(Web({SUMMARY: to(new, status), new: httpx.Response(200, content=b"{}")}))
    assert (document.endpoint.url, document.final_url, document.body) == (SUMMARY, new, b"{}")


@pytest.mark.parametrize(
    ("location", "asked"),
    [
        (MOVED, f"{MOVED}/api/v2/summary.json"),
        (f"{MOVED}/", f"{MOVED}/api/v2/summary.json"),
        (f"{MOVED}/acme?from=old#top", f"{MOVED}/acme/api/v2/summary.json"),
        (f"{MOVED}/x/api/v2/summary.json?v=2", f"{MOVED}/x/api/v2/summary.json?v=2"),
        ("/login", f"{PAGE}/login"),
        ("//acme.statuspage.example/", f"{MOVED}/api/v2/summary.json"),
        (f"{PAGE}:8443/", f"{PAGE}:8443/api/v2/summary.json"),
    ],
)
def test_a_page_that_moved_to_another_host_is_asked_there_for_the_same_document(
    location: str, asked: str
) -> None:
    web = Web({SUMMARY: to(location), asked: httpx.Response(200)})
    assert get(web).final_url == asked


def test_a_host_that_moved_to_https_and_dropped_the_path_is_asked_for_it_again() -> None:
    web = Web({"http://status.acme.example/api/v2/summary.json": to(f"{PAGE}/"), SUMMARY: _ok()})
    document = get(
        web,
        "http://status.acme.example/api/v2/summary.json",
        page="http://status.acme.example",
    )
    assert document.final_url == SUMMARY


def test_a_page_below_a_path_that_moved_keeps_only_what_is_below_it() -> None:
    old = f"{PAGE}/team/api/v2/summary.json"
    new = f"{MOVED}/api/v2/summary.json"
    web = Web({old: to(f"{MOVED}/"), new: _ok()})
    assert get(web, old, page=f"{PAGE}/team/").final_url == new


def test_a_document_of_another_host_keeps_its_whole_path_when_that_moves() -> None:
    old, new = "https://api.acme.example/1.0/status", "https://api2.acme.example/1.0/status"
    assert get(Web({old: to("https://api2.acme.example"), new: _ok()}), old).final_url == new


def _ok() -> httpx.Response:
    return httpx.Response(200, content=b"{}")


def test_no_other_header_says_where_a_redirect_leads() -> None:
    moved = httpx.Response(302, headers={"X-Location": "eu-west", "Location": f"{SUMMARY}?new"})
    assert get(Web({SUMMARY: moved, f"{SUMMARY}?new": _ok()})).final_url == f"{SUMMARY}?new"


def test_five_redirects_are_followed_and_the_sixth_is_not() -> None:
    chain = [SUMMARY, *(f"{SUMMARY}?{n}" for n in range(1, 7))]
    hops: dict[str, Answer | list[Answer]] = {old: to(new) for old, new in pairwise(chain[:6])}
    assert get(Web({**hops, chain[5]: _ok()})).final_url == chain[5]
    longer = Web({**hops, chain[5]: to(chain[6]), chain[6]: _ok()})
    assert failure(longer) == ("redirect", "too many redirects (more than 5)")
    assert longer.asked == chain[:6]


def test_a_circle_of_two_hosts_is_seen_after_one_round() -> None:
    other = f"{MOVED}/api/v2/summary.json"
    web = Web({SUMMARY: to(other), other: to(SUMMARY)})
    assert failure(web) == ("redirect", "redirect loop")
    assert web.asked == [SUMMARY, other]


@pytest.mark.parametrize(
    ("location", "said"),
    [
        (None, "redirect without a Location header"),
        (
            "http://status.acme.example/",
            "redirect from https to http not followed: http://status.acme.example/",
        ),
        (
            "ftp://status.acme.example/",
            "redirect to ftp://status.acme.example/, which is not a web page",
        ),
        ("data:text/html,hello", "redirect to data:text/html,hello, which is not a web page"),
        ("https://[::1", "redirect to an invalid URL: https://[::1"),
    ],
)
def test_a_redirect_to_what_is_no_page_is_not_followed(location: str | None, said: str) -> None:
    web = Web({SUMMARY: httpx.Response(302, headers={"Location": location} if location else {})})
    assert failure(web) == ("redirect", said)
    assert web.asked == [SUMMARY]


@pytest.mark.parametrize(
    "target",
    [
        "https://127.0.0.1/",
        "https://2130706433/status",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost:8080/",
    ],
)
def test_a_public_page_does_not_lead_to_an_address_that_is_not(target: str) -> None:
    web = Web({SUMMARY: httpx.Response(302, headers={"Location": target})})
    said = f"redirect to a private address not followed: {target}"
    assert failure(web) == ("redirect", said)


@pytest.mark.parametrize("page", ["https://10.1.2.3", "https://localhost", "https://127.0.0.1"])
def test_a_page_on_a_private_network_may_lead_to_another_address_there(page: str) -> None:
    asked, new = f"{page}/api/v2/summary.json", "https://192.168.0.7:8443"
    moved = httpx.Response(302, headers={"Location": new})
    web = Web({asked: moved, f"{new}/api/v2/summary.json": httpx.Response(200, text="{}")})
    assert get(web, asked, page=page).final_url == f"{new}/api/v2/summary.json"


def test_an_error_after_a_redirect_says_where_it_happened() -> None:
    new = f"{MOVED}/api/v2/summary.json"
    web = Web({SUMMARY: to(MOVED), new: httpx.Response(403)})
    kind, said = failure(web)
    assert kind == "http"
    assert said.startswith(f"redirected to {new}: HTTP 403: ")


# Secrets


def test_a_vendors_own_headers_go_to_its_own_origin_only() -> None:
    new = f"{MOVED}/api/v2/summary.json"
    web = Web(
        {
            SUMMARY: to("/v3/api/v2/summary.json"),
            f"{PAGE}/v3/api/v2/summary.json": to(new),
            new: _ok(),
        }
    )
    get(web, headers={"Authorization": "OAuth key"})
    sent = [request.headers.get("authorization") for request in web.seen]
    assert sent == ["OAuth key", "OAuth key", None]


@pytest.mark.parametrize(
    ("page", "host"),
    [
        (f"{PAGE}:443", PAGE),
        ("https://STATUS.Acme.example", PAGE),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_a_host_is_its_own_however_its_address_is_written(page: str, host: str) -> None:
    web = Web({f"{host}/old": to("/new"), f"{host}/new": _ok()})
    get(web, f"{page}/old", page=page, headers={"Authorization": "OAuth key"})
    assert web.asked == [f"{host}/old", f"{host}/new"]
    assert [request.headers.get("authorization") for request in web.seen] == ["OAuth key"] * 2


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://status.acme.example:8443/api/v2/summary.json",
        "https://eu.status.acme.example/api/v2/summary.json",
        "https://status.acme.example.evil.example/api/v2/summary.json",
    ],
)
def test_another_port_or_a_similar_name_is_another_origin(elsewhere: str) -> None:
    web = Web({SUMMARY: to(elsewhere), elsewhere: _ok()})
    get(web, headers={"Authorization": "OAuth key"})
    assert "authorization" not in web.seen[1].headers


def test_a_header_that_http_forbids_is_never_shown() -> None:
    with Origin(routes={"*": Reply(body={})}) as origin:
        one = client_for(None, page=origin.url, headers={"Authorization": "OAuth\x00secret"})
        with pytest.raises(PageError) as caught:
            one.get(Endpoint(name="summary", url=origin.url))
        one.close()
    assert caught.value.message == "invalid request header (see headers in the watchlist)"


def test_white_space_around_a_header_is_not_sent() -> None:
    web = Web({SUMMARY: _ok()})
    get(web, headers={"Authorization": " OAuth key "})
    assert web.seen[0].headers["authorization"] == "OAuth key"


# Retries


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 521])
def test_a_status_that_may_pass_is_asked_again_once(status: int) -> None:
    web, clock = Web({SUMMARY: [httpx.Response(status), _ok()]}), Clock()
    assert get(web, clock=clock).body == b"{}"
    assert clock.slept == [pytest.approx(0.3)]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_status_that_will_not_pass_is_not_asked_again(status: int) -> None:
    web = Web({SUMMARY: [httpx.Response(status), _ok()]})
    assert failure(web, retries=5)[0] == "http"
    assert len(web.seen) == 1


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("[Errno 111] Connection refused"),
        httpx.ConnectTimeout("timed out"),
        httpx.ReadError("[Errno 104] Connection reset by peer"),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
    ],
)
def test_a_connection_that_fails_is_tried_again(error: Exception) -> None:
    web = Web({SUMMARY: [error, _ok()]})
    assert get(web).body == b"{}"
    assert len(web.seen) == 2


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout("timed out"),
        unparsed("illegal status line: bytearray(b'SSH-2.0')"),
        unparsed("Receive buffer too long", hint=431),
        httpx.ProxyError("407 Proxy Authentication Required"),
    ],
)
def test_what_a_second_try_cannot_help_is_not_tried_again(error: Exception) -> None:
    web = Web({SUMMARY: [error, _ok()]})
    failure(web, retries=5)
    assert len(web.seen) == 1


def test_retries_count_and_the_pauses_between_them_grow() -> None:
    web, clock = Web({SUMMARY: httpx.Response(503)}), Clock()
    assert failure(web, retries=3, clock=clock)[1].startswith("HTTP 503 ")
    assert len(web.seen) == 4
    assert clock.slept == [pytest.approx(pause) for pause in (0.3, 0.6, 1.2)]


def test_no_retries_means_one_question() -> None:
    web = Web({SUMMARY: [httpx.Response(503), _ok()]})
    failure(web, retries=0)
    assert len(web.seen) == 1


@pytest.mark.parametrize(
    ("value", "pause"),
    [
        ("2", 2.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("Thu, 15 Jan 2026 12:00:04 GMT", 4.0),
        ("Thu, 15 Jan 2026 11:59:00 GMT", 0.0),
        ("Thu, 15 Jan 2026 12:00:04 -0000", 0.3),
        ("soon", 0.3),
        ("-5", 0.3),
        ("", 0.3),
    ],
)
def test_the_page_says_when_to_ask_again(value: str, pause: float) -> None:
    refusal = httpx.Response(429, headers={"Retry-After": value})
    clock = Clock()
    assert get(Web({SUMMARY: [refusal, _ok()]}), clock=clock).body == b"{}"
    assert clock.slept == [pytest.approx(pause)]


@pytest.mark.parametrize("value", ["10", "11", "9" * 400, "Thu, 15 Jan 2026 12:05:00 GMT"])
def test_nobody_waits_beyond_the_budget(value: str) -> None:
    refusal = httpx.Response(429, headers={"Retry-After": value})
    web, clock = Web({SUMMARY: [refusal, _ok()]}), Clock()
    assert failure(web, clock=clock) == (
        "http",
        "HTTP 429: too many requests",
    )
    assert (clock.slept, len(web.seen)) == ([], 1)


# Time


def test_a_connection_that_is_never_made_says_how_long_it_was_waited_for() -> None:
    clock = Clock()

    class Swallowed(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            clock.now += request.extensions["timeout"]["connect"]
            raise httpx.ConnectTimeout("timed out")

    one = client_for(Swallowed(), clock=clock, retries=0)
    with pytest.raises(PageError) as caught:
        one.get(Endpoint(name="summary", url=SUMMARY))
    one.close()
    assert caught.value.kind == "timeout"
    assert caught.value.message == "connection timed out after 4 s"


def test_a_connection_that_takes_all_the_time_leaves_none_for_another() -> None:
    clock = Clock()

    class Swallowed(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            clock.now += request.extensions["timeout"]["read"]
            raise httpx.ConnectTimeout("timed out")

    one = client_for(Swallowed(), clock=clock, retries=5)
    with pytest.raises(PageError, match=r"^timed out after 10 s$"):
        one.get(Endpoint(name="summary", url=SUMMARY))
    one.close()


def test_no_question_is_asked_when_the_time_is_up() -> None:
    web, clock = Web({SUMMARY: _ok()}), Clock()
    one = client_for(web, clock=clock, budget=1800)
    clock.now += 1800
    with pytest.raises(PageError, match=r"^timed out after 1800 s$"):
        one.get(Endpoint(name="summary", url=SUMMARY))
    one.close()
    assert web.seen == []


def test_a_body_that_comes_too_slowly_is_given_up_between_two_pieces() -> None:
    clock = Clock()
    slow = Pieces(b"{", b" ", b" ", b"}", between=lambda: clock.sleep(4))
    web = Web({SUMMARY: httpx.Response(200, stream=slow)})
    assert failure(web, clock=clock) == ("timeout", "timed out after 10 s")
    assert clock.slept == [4, 4, 4]


def test_an_error_after_the_time_is_up_is_the_time_being_up() -> None:
    clock = Clock()

    def fail() -> None:
        clock.sleep(11)
        raise httpx.ReadError("Connection reset by peer")

    web = Web({SUMMARY: httpx.Response(200, stream=Pieces(b"{}", between=fail))})
    assert failure(web, clock=clock) == ("timeout", "timed out after 10 s")


# Compression and size


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        (" X-GZIP ", gzip.compress),
        ("deflate", zlib.compress),
        ("identity", bytes),
        ("", bytes),
    ],
)
def test_compressed_answers_are_read(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(b'{"page": 1}')
    pieces = Pieces(*(packed[n : n + 1] for n in range(len(packed))))
    web = Web({SUMMARY: httpx.Response(200, headers={"Content-Encoding": encoding}, stream=pieces)})
    assert get(web).body == b'{"page": 1}'


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "\x1b[31m"])
def test_an_encoding_nobody_asked_for_is_refused(encoding: str) -> None:
    web = Web({SUMMARY: httpx.Response(200, headers={"Content-Encoding": encoding})})
    kind, said = failure(web)
    assert (kind, said.isprintable()) == ("http", True)
    assert said.startswith("unsupported content encoding: ")


def test_a_large_answer_is_read_to_the_last_byte_of_the_limit_and_no_further() -> None:
    web = Web({SUMMARY: httpx.Response(200, content=b" " * BODY_LIMIT)})
    assert len(get(web).body) == BODY_LIMIT
    web = Web({SUMMARY: httpx.Response(200, content=b" " * (BODY_LIMIT + 1))})
    assert failure(web) == ("too_large", "response is larger than 8 MiB")


def test_the_limit_counts_what_a_small_answer_becomes() -> None:
    read: list[int] = []
    bomb = gzip.compress(b" " * (4 * BODY_LIMIT))
    step = 1024
    pieces = [bomb[n : n + step] for n in range(0, len(bomb), step)]
    stream = Pieces(*pieces, between=lambda: read.append(step))
    web = Web({SUMMARY: httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=stream)})
    assert failure(web) == ("too_large", "response is larger than 8 MiB")
    assert sum(read) < len(bomb) / 3


# Event streams

STREAM = {"Content-Type": "text/event-stream; charset=utf-8"}


def test_a_stream_of_events_is_read_up_to_its_first_event() -> None:
    event = b'event: init_event\ndata: {"state": "degraded"}\n\n'
    stream = faults.send(head(Content_Type="text/event-stream") + event, then=faults.hang)
    with Origin(routes={"/live": stream, "/a": Reply(body={"a": 1})}) as origin:
        one = client_for(None, page=origin.url)
        bodies = [one.get(Endpoint(name=at, url=origin.url + at)).body for at in ("/live", "/a")]
        one.close()
    assert bodies == [event, b'{"a": 1}']
    assert len(origin.connections) == 2  # what still comes is no answer to the next request


@pytest.mark.parametrize(
    "sent",
    [
        b"data: 1\n\n",
        b"data: 1\r\n\r\n",
        b": hello\n\nretry: 5\n\ndata: 1\n\n",
        b"event: init_event\r\nid: 7\r\ndata:1\r\ndata:2\r\n\r\n",
        b"data: " + b"x" * 50 + b"\n\n",
    ],
)
def test_the_first_event_with_data_ends_with_an_empty_line(sent: bytes) -> None:
    pieces = [sent[n : n + 1] for n in range(len(sent))]
    stream = Pieces(*pieces, b"data: ", b"later\n\n")
    assert get(Web({SUMMARY: httpx.Response(200, headers=STREAM, stream=stream)})).body == sent


def test_a_stream_that_ends_before_its_first_event_is_read_as_it_is() -> None:
    stream = Pieces(b": hello\n\n", b"data: 1\n")
    body = get(Web({SUMMARY: httpx.Response(200, headers=STREAM, stream=stream)})).body
    assert body == b": hello\n\ndata: 1\n"


def test_a_stream_without_an_event_is_limited_in_time_and_size() -> None:
    clock = Clock()
    slow = Pieces(*[b": still here\n\n"] * 4, between=lambda: clock.sleep(4))
    web = Web({SUMMARY: httpx.Response(200, headers=STREAM, stream=slow)})
    assert failure(web, clock=clock) == ("timeout", "timed out after 10 s")
    large = Pieces(*[b":" * (1 << 20)] * 20)
    web = Web({SUMMARY: httpx.Response(200, headers=STREAM, stream=large)})
    assert failure(web) == ("too_large", "response is larger than 8 MiB")


# Foreign errors


def _httpx_errors() -> list[type[Exception]]:
    """Every exception httpx has; a cookie conflict is no answer of a network."""
    found = [one for one in vars(httpx).values() if isinstance(one, type)]
    return [one for one in found if issubclass(one, Exception) and one is not httpx.CookieConflict]


def _made(error: type[Exception]) -> Exception:
    request = httpx.Request("GET", SUMMARY)
    if issubclass(error, httpx.HTTPStatusError):
        return error("said", request=request, response=httpx.Response(500))
    bare = {httpx.StreamConsumed, httpx.StreamClosed, httpx.ResponseNotRead, httpx.RequestNotRead}
    return error() if error in bare else error("said")


@pytest.mark.parametrize("error", _httpx_errors())
@pytest.mark.parametrize("late", [False, True], ids=["asking", "reading"])
def test_no_error_of_httpx_is_left_over(error: type[Exception], late: bool) -> None:
    def fail() -> None:
        raise _made(error)

    body = httpx.Response(200, stream=Pieces(b"{", between=fail))
    kind, said = failure(Web({SUMMARY: body if late else _made(error)}))
    assert kind in {"connect", "http", "timeout"}
    assert said


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (httpx.ReadTimeout("said"), "timeout", "timed out after 10 s"),
        (httpx.PoolTimeout("said"), "timeout", "timed out after 10 s"),
        (
            httpx.ConnectError("All attempts failed"),
            "connect",
            "cannot connect: all attempts failed",
        ),
        (httpx.ConnectError(""), "connect", "cannot connect: connecterror"),
        (httpx.WriteError("Broken pipe"), "connect", "connection lost: broken pipe"),
        (httpx.ProxyError("403 Forbidden"), "connect", "proxy error: 403 Forbidden"),
        (httpx.InvalidURL("Invalid port: 'x'"), "connect", "invalid URL: Invalid port: 'x'"),
        (ssl.SSLError(1, "no reason"), "tls", "TLS handshake failed: connection closed"),
        (OSError(24, "Too many open files"), "connect", "cannot connect: too many open files"),
    ],
)
def test_foreign_errors_become_a_sentence(error: Exception, kind: str, said: str) -> None:
    assert failure(Web({SUMMARY: error})) == (kind, said)


def test_the_cause_says_more_than_what_was_raised_from_it() -> None:
    error = httpx.ConnectError("[Errno 113] No route to host")
    error.__cause__ = OSError(113, "No route to host")
    assert failure(Web({SUMMARY: error})) == ("connect", "cannot connect: no route to host")


# Ending from another thread


@pytest.mark.parametrize("secure", [True, False])
@pytest.mark.parametrize("fault", [faults.hang, faults.hang_mid_body, faults.drip_headers])
def test_abort_ends_a_call_that_hangs(secure: bool, fault: Fault) -> None:
    reached = threading.Event()

    def reach(connection: Connection) -> None:
        reached.set()
        fault(connection)

    with Origin(tls=secure, routes={"*": reach}) as origin:
        one = _real_client(origin.url)
        asking = _Asking(one, origin.url)
        assert reached.wait(10)
        one.abort()
        assert asking.error() == ("timeout", "timed out after 20 s")
        one.close()


def test_abort_ends_a_call_that_is_still_looking_up_the_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, known = threading.Event(), threading.Event()
    look_up = socket.getaddrinfo

    def getaddrinfo(*args: Any, **more: Any) -> Any:
        asked.set()
        assert known.wait(10)
        return look_up(*args, **more)

    with Origin(tls=False, routes={"*": faults.hang}) as origin:
        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        one = _real_client(origin.url)
        asking = _Asking(one, origin.url)
        assert asked.wait(10)
        one.abort()
        known.set()
        assert asking.error() == ("timeout", "timed out after 20 s")
        one.close()


def test_after_abort_nothing_more_is_asked() -> None:
    web = Web({SUMMARY: _ok()})
    one = client_for(web)
    one.abort()
    with pytest.raises(PageError):
        one.get(Endpoint(name="summary", url=SUMMARY))
    one.close()
    assert web.seen == []


def _real_client(page: str) -> Client:
    network = Network(tls=TRUSTING, retries=0)
    return Client(
        network,
        page,
        until=network.monotonic() + 20,
        budget=timedelta(seconds=20),
        headers={},
    )


class _Asking:
    """A question asked in another thread."""

    def __init__(self, one: Client, url: str) -> None:
        self._errors: list[PageError] = []
        self._thread = threading.Thread(target=self._ask, args=(one, url), daemon=True)
        self._thread.start()

    def _ask(self, one: Client, url: str) -> None:
        try:
            one.get(Endpoint(name="summary", url=url))
        except PageError as error:
            self._errors.append(error)

    def error(self) -> tuple[FailureKind, str]:
        """How it failed, which must be soon: well before the 20 seconds it has."""
        self._thread.join(10)
        (error,) = self._errors
        return error.kind, error.message


def test_after_an_answer_that_is_no_http_the_next_is_asked_anew() -> None:
    garbage = faults.send(b"\x00 what is this\r\n\r\n", then=faults.hang)
    with Origin(routes={"/one": garbage, "/two": Reply(body={})}) as origin:
        one = client_for(None, page=origin.url)
        with pytest.raises(PageError):
            one.get(Endpoint(name="one", url=f"{origin.url}/one"))
        assert one.get(Endpoint(name="two", url=f"{origin.url}/two")).body == b"{}"
        one.close()

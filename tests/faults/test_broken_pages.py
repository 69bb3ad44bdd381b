"""Each fault of a page makes it unknown, in time, with its kind of error and one message."""

import gzip
import re
import socket
import ssl
import threading
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from tests.origin import LIMIT, Fault, Origin, Reply, Route, closed_port, faults, head, redirect
from tests.origin.faults import send
from tests.running import Finished, run_command, trusting
from tests.support import sample

Result = TypeVar("Result")

SUMMARY = sample("statuspage/summary.json")
MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A fault at every address of a host, and the expected error.

    `said` is the whole message, or a pattern if OpenSSL or the system words it.
    """

    kind: str
    said: str | re.Pattern[str]
    route: Route = ()
    status: int | None = None
    budget: str = "5s"
    options: tuple[str, ...] = ()
    origin: dict[str, Any] = field(default_factory=dict)


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """Return the result of `work`; fails after `seconds`, so that no fault stops the tests."""
    results: list[Result] = []
    worker = threading.Thread(target=lambda: results.append(work()), daemon=True)
    worker.start()
    worker.join(seconds)
    assert results, f"no answer within {seconds} s"
    return results[0]


def check(url: str, *options: str, budget: str = "5s") -> Finished:
    """Run `outlogger check` as a script does, for at most three times its time limit."""
    argv = ("check", url, "--json", "--timeout", budget, *options, *trusting())
    return within(3 * float(budget[:-1]) + 5, lambda: run_command(*argv))


def assert_unknown(finished: Finished) -> Any:
    """The vendor is unknown everywhere, with this error."""
    assert (finished.code, finished.json["verdict"]) == (3, "unknown")
    (vendor,) = finished.json["vendors"]
    assert (vendor["severity"], vendor["verdict"], vendor["components"], vendor["indicator"]) == (
        "unknown",
        "unknown",
        [],
        "unknown",
    )
    assert vendor["reasons"] == [vendor["error"]["message"]]
    assert "\n" not in finished.err.rstrip("\n")
    assert vendor["error"]["message"].isprintable()
    assert len(vendor["error"]["message"]) < 500
    return vendor["error"]


def changed(**keys: Any) -> Reply:
    """A valid summary with some keys replaced."""
    return Reply(body={**SUMMARY, **keys})


def page(html: str) -> Reply:
    return Reply(body=html.encode(), headers={"Content-Type": "text/html"})


NOT_WHOLE = "connection closed before the end of the response"
NO_ANSWER = "connection closed without a response"
DAMAGED = "invalid or truncated JSON"
HTML = "HTML instead of JSON"
SLOW = "0.3s"
TOO_LATE = "timed out after 0.3 s"
WITHOUT_TLS = {"tls": False}

BROKEN = {
    # The connection
    "silent handshake": Broken(
        kind="timeout", said=TOO_LATE, budget=SLOW, origin={"on_connect": faults.hang}
    ),
    "reset in the handshake": Broken(
        kind="connect",
        said="connection reset by peer",
        origin={"on_connect": faults.after_hello(faults.reset)},
    ),
    "closed in the handshake": Broken(
        kind="tls",
        said="TLS handshake failed: connection closed",
        origin={"on_connect": faults.after_hello(faults.cut)},
    ),
    "no TLS on the port": Broken(
        kind="tls",
        said=re.compile("TLS handshake failed: .+"),
        origin={"on_connect": faults.after_hello(send(b"HTTP/1.1 400 Bad Request\r\n\r\n"))},
    ),
    "old TLS": Broken(
        kind="tls",
        said=re.compile("TLS handshake failed: .+"),
        origin={"tls_max": ssl.TLSVersion.TLSv1_1},
    ),
    "expired certificate": Broken(
        kind="tls",
        said="invalid certificate (certificate has expired)",
        origin={"certificate": "expired"},
    ),
    "self-signed certificate": Broken(
        kind="tls",
        said="invalid certificate (self-signed certificate); to trust its issuer: --cacert FILE",
        origin={"certificate": "self_signed"},
    ),
    "certificate of an unknown authority": Broken(
        kind="tls",
        said="invalid certificate (unable to get local issuer certificate);"
        " to trust its issuer: --cacert FILE",
        origin={"certificate": "unknown_authority"},
    ),
    "certificate of another host": Broken(
        kind="tls",
        said="invalid certificate (ip address mismatch, certificate is not valid for '127.0.0.1')",
        origin={"certificate": "wrong_host"},
    ),
    # The answer as a stream of bytes
    "no answer": Broken(kind="connect", said=NO_ANSWER, route=faults.empty_answer),
    "half closed": Broken(kind="connect", said=NO_ANSWER, route=faults.half_close),
    "reset instead of an answer": Broken(
        kind="connect",
        said="connection reset by peer",
        route=faults.reset,
        origin=WITHOUT_TLS,
    ),
    "silence": Broken(kind="timeout", said=TOO_LATE, route=faults.hang, budget=SLOW),
    "dripping headers": Broken(
        kind="timeout", said=TOO_LATE, route=faults.drip_headers, budget=SLOW
    ),
    "dripping headers without TLS": Broken(
        kind="timeout", said=TOO_LATE, route=faults.drip_headers, budget=SLOW, origin=WITHOUT_TLS
    ),
    "dripping body": Broken(kind="timeout", said=TOO_LATE, route=faults.drip_body, budget=SLOW),
    "silence in the body": Broken(
        kind="timeout", said=TOO_LATE, route=faults.hang_mid_body, budget=SLOW
    ),
    "silence after 100 Continue": Broken(
        kind="timeout", said=TOO_LATE, route=faults.continue_then_hang, budget=SLOW
    ),
    "reset in the body": Broken(
        kind="connect",
        said="connection reset by peer",
        route=faults.reset_mid_body,
        origin=WITHOUT_TLS,
    ),
    "cut in the body": Broken(kind="connect", said=NOT_WHOLE, route=faults.cut_mid_body),
    "half closed in the body": Broken(
        kind="connect", said=NOT_WHOLE, route=faults.half_close_mid_body
    ),
    "length too long": Broken(kind="connect", said=NOT_WHOLE, route=faults.length_too_long),
    "length too short": Broken(kind="not_json", said=DAMAGED, route=faults.length_too_short),
    "chunks break off": Broken(kind="connect", said=NOT_WHOLE, route=faults.truncated_chunked),
    "chunks of no size": Broken(
        kind="http",
        said="invalid HTTP response: invalid chunk header",
        route=faults.bad_chunking,
    ),
    "garbage": Broken(
        kind="http", said=re.compile("invalid HTTP response: .+"), route=faults.garbage
    ),
    "no status line": Broken(
        kind="http", said="invalid HTTP response: illegal status line", route=faults.http_0_9
    ),
    "endless headers": Broken(
        kind="too_large",
        said="response headers are too large",
        route=faults.endless_headers,
    ),
    "huge header": Broken(
        kind="too_large", said="response headers are too large", route=faults.huge_header
    ),
    # Compression
    "invalid gzip": Broken(kind="http", said="invalid compressed response", route=faults.bad_gzip),
    "gzip breaks off": Broken(
        kind="http", said="compressed response is truncated", route=faults.truncated_gzip
    ),
    "gzip of damaged JSON": Broken(
        kind="not_json",
        said=DAMAGED,
        route=Reply(body=gzip.compress(b'{"page":', mtime=0), headers={"Content-Encoding": "gzip"}),
    ),
    "unknown encoding": Broken(
        kind="http",
        said="unsupported content encoding: snappy",
        route=faults.unknown_encoding,
    ),
    # HTTP statuses
    "401": Broken(
        kind="http",
        said="HTTP 401: sign-in required",
        route=Reply(status=401),
        status=401,
    ),
    "403": Broken(
        kind="http",
        said="HTTP 403: access denied (private page or bot protection)",
        route=Reply(status=403, body=b"<html>Access denied"),
        status=403,
    ),
    "challenge": Broken(
        kind="http",
        said="HTTP 403: blocked by bot protection (cf-mitigated: challenge)",
        route=Reply(status=403, headers={"cf-mitigated": "challenge"}),
        status=403,
    ),
    "404": Broken(
        kind="http",
        said="HTTP 404: no status page at this address",
        route=Reply(status=404),
        status=404,
    ),
    "410": Broken(kind="http", said="HTTP 410: page removed", route=Reply(status=410), status=410),
    "429": Broken(
        kind="http",
        said="HTTP 429: too many requests",
        route=Reply(status=429, headers={"Retry-After": "3600"}),
        status=429,
    ),
    "500": Broken(
        kind="http",
        said="HTTP 500 from the status page",
        route=Reply(status=500, body=SUMMARY),
        status=500,
    ),
    "503": Broken(
        kind="http",
        said="HTTP 503 from the status page",
        route=Reply(status=503),
        status=503,
    ),
    "521": Broken(
        kind="http",
        said="HTTP 521 from the status page",
        route=send(b"HTTP/1.1 521 Web server is down\r\nContent-Length: 0\r\n\r\n"),
        status=521,
    ),
    "204": Broken(kind="http", said="HTTP 204 No Content", route=Reply(status=204), status=204),
    "206": Broken(
        kind="http", said="HTTP 206 Partial Content", route=Reply(status=206, body=b"{"), status=206
    ),
    "304 without a conditional request": Broken(
        kind="not_json", said="empty response", route=Reply(status=304)
    ),
    # Redirects
    "redirect loop": Broken(kind="redirect", said="redirect loop", route=faults.redirect_loop),
    "endless redirects": Broken(
        kind="redirect", said="too many redirects (more than 5)", route=faults.redirect_onward
    ),
    "redirect without a location": Broken(
        kind="redirect",
        said="redirect without a Location header",
        route=faults.redirect_nowhere,
    ),
    "redirect to a file": Broken(
        kind="redirect",
        said="redirect to file:/etc/passwd, which is not a web page",
        route=faults.redirect_to_file,
    ),
    "redirect to a script": Broken(
        kind="redirect",
        said="redirect to javascript:alert(1), which is not a web page",
        route=redirect("javascript:alert(1)"),
    ),
    "redirect to no address": Broken(
        kind="redirect",
        said="redirect to an invalid URL: https://acme.example:status/",
        route=redirect("https://acme.example:status/"),
    ),
    "redirect without TLS": Broken(
        kind="redirect",
        said="redirect from https to http not followed: http://127.0.0.1/login",
        route=redirect("http://127.0.0.1/login"),
    ),
    # Other documents
    "empty": Broken(kind="not_json", said="empty response", route=Reply(body=b"")),
    "HTML": Broken(kind="not_json", said=HTML, route=page("<!doctype html><html>Acme</html>")),
    "sign-in page": Broken(
        kind="not_json",
        said="private page: sign-in required",
        route=page("<!DOCTYPE html><html><head><title>Acme Status - Sign In</title></head></html>"),
    ),
    "marketing page": Broken(
        kind="not_json",
        said="page does not exist (Atlassian's own website answers)",
        route=page("<!DOCTYPE html><html><title>Statuspage | Atlassian</title></html>"),
    ),
    "XML": Broken(
        kind="not_json",
        said="XML instead of JSON",
        route=Reply(body=b'<?xml version="1.0"?><ok/>'),
    ),
    "a word": Broken(kind="not_json", said="not JSON", route=Reply(body=b"OK")),
    "not UTF-8": Broken(kind="not_json", said=DAMAGED, route=Reply(body=b'{"page": "\xe9"}')),
    "a number with too many digits": Broken(
        kind="not_json", said=DAMAGED, route=Reply(body=b'{"page": ' + b"9" * 10_000 + b"}")
    ),
    "too deep": Broken(kind="not_json", said=DAMAGED, route=Reply(body=b"[" * 200_000)),
    "a list": Broken(
        kind="not_a_status_page",
        said="unexpected JSON: a list, not a status page",
        route=Reply(body=[SUMMARY]),
    ),
    "null": Broken(
        kind="not_a_status_page",
        said="unexpected JSON: missing, not a status page",
        route=Reply(body=b"null"),
    ),
    "an empty object": Broken(
        kind="not_a_status_page",
        said="unexpected JSON without page, status or components",
        route=Reply(body={}),
    ),
    "an error object": Broken(
        kind="not_a_status_page",
        said="unexpected JSON without page, status or components",
        route=Reply(body={"errors": ["The requested resource could not be found."]}),
    ),
    "a page without components": Broken(
        kind="invalid",
        said="components is missing, expected a list",
        route=changed(components=None),
    ),
    "components that are not a list": Broken(
        kind="invalid",
        said="components is an object, expected a list",
        route=changed(components={"API": "operational"}),
    ),
    "a component that is not an object": Broken(
        kind="invalid",
        said="components[0] is text, expected an object",
        route=changed(components=["API"]),
    ),
    "missing incidents": Broken(
        kind="invalid",
        said="incidents is missing, expected a list",
        route=changed(incidents=None),
    ),
    "a page that is text": Broken(
        kind="invalid",
        said="page is text, expected an object",
        route=changed(page="Acme"),
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_page_is_unknown_with_one_message(broken: Broken) -> None:
    with Origin(routes={"*": broken.route} if broken.route else {}, **broken.origin) as origin:
        error = assert_unknown(check(origin.url, budget=broken.budget))
    assert (error["kind"], error["http_status"]) == (broken.kind, broken.status)
    match broken.said:
        case str():
            assert error["message"] == broken.said
        case pattern:
            assert pattern.fullmatch(error["message"])


@pytest.mark.parametrize("bomb", [faults.gzip_bomb, faults.endless_body])
def test_an_endless_answer_needs_a_bounded_amount_of_memory(bomb: Fault) -> None:
    with Origin(tls=False, routes={"*": bomb}) as origin:
        run_command(
            "check", origin.url, "--timeout", SLOW
        )  # load the bomb and the code before measuring
        tracemalloc.start()
        try:
            error = assert_unknown(check(origin.url, budget="20s"))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (error["kind"], error["message"]) == (
        "too_large",
        "response is larger than 8 MiB",
    )
    assert peak < 80 * MIB


def test_a_closed_port_refuses_the_connection() -> None:
    error = assert_unknown(check(f"https://127.0.0.1:{closed_port()}"))
    assert (error["kind"], error["message"]) == ("connect", "connection refused")


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "host not found (DNS)",
        ),
        (
            socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
            "DNS lookup failed",
        ),
        (
            UnicodeError("label empty or too long"),
            "host not found (DNS)",
        ),
    ],
)
def test_a_name_without_an_address(
    monkeypatch: pytest.MonkeyPatch, failure: Exception, said: str
) -> None:
    def getaddrinfo(*_asked: object, **_more: object) -> None:
        raise failure

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    error = assert_unknown(check("https://status.acme.example"))
    assert (error["kind"], error["message"]) == ("dns", said)


def test_a_hanging_dns_lookup_takes_no_longer_than_the_time_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: over.wait(LIMIT))
    try:
        error = assert_unknown(check("https://status.acme.example", budget=SLOW))
    finally:
        over.set()
    assert (error["kind"], error["message"]) == ("timeout", TOO_LATE)


def test_a_redirect_to_another_kind_of_page_names_its_target() -> None:
    sign_in = page('<html><title>Log in</title><input type="password"></html>')
    with (
        Origin("127.0.0.2", routes={"*": sign_in}) as login,
        Origin(routes={"*": redirect(f"{login.url}/login?next=/")}) as origin,
    ):
        error = assert_unknown(check(origin.url))
    assert error == {
        "kind": "redirect",
        "message": f"redirected to {login.url}/login/api/v2/summary.json:"
        " sign-in page instead of a status page",
        "http_status": None,
    }


def test_a_redirect_to_an_http_error_names_its_target() -> None:
    with (
        Origin("127.0.0.2") as other,
        Origin(routes={"*": redirect(f"{other.url}/login")}) as origin,
    ):
        error = assert_unknown(check(origin.url))
    assert error == {
        "kind": "http",
        "message": f"redirected to {other.url}/login/api/v2/summary.json: HTTP 404:"
        " no status page at this address",
        "http_status": 404,
    }


def test_a_redirect_to_the_root_of_the_host_is_not_a_status_page() -> None:
    routes: dict[str, Route] = {"/": page("<html>Acme</html>"), "*": redirect("/")}
    with Origin(routes=routes) as origin:
        error = assert_unknown(check(origin.url))
    assert (error["kind"], error["message"]) == (
        "redirect",
        f"redirected to {origin.url}/: {HTML}",
    )


def test_control_codes_of_a_page_are_removed() -> None:
    hostile = head(Content_Encoding="\x1b[2J\x9b31mred", Content_Length="2") + b"{}"
    with Origin(routes={"*": send(hostile)}) as origin:
        finished = check(origin.url)
        error = assert_unknown(finished)
    assert error["kind"] == "http"
    assert "\x1b" not in finished.out + finished.err


def test_a_broken_page_does_not_stop_another() -> None:
    with (
        Origin("127.0.0.2", routes={"*": faults.hang}) as silent,
        Origin(routes={"/api/v2/summary.json": Reply(body=SUMMARY)}) as origin,
    ):
        argv = ("check", silent.url, origin.url, "--json", "--timeout", SLOW, *trusting())
        finished = within(10, lambda: run_command(*argv))
    assert [vendor["verdict"] for vendor in finished.json["vendors"]] == ["unknown", "problem"]
    assert finished.code == 1

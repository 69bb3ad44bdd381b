"""No exception of another library leaves `net`, whichever way a request takes."""

import builtins
import errno
import http.client
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any, NoReturn

import httpx
import pytest
from socksio.exceptions import SOCKSError

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Endpoint, Reason
from outlogger_cli.net import tls
from outlogger_cli.net.client import Client, Network, check_url, post
from tests.origin import Fault, Origin, Proxy, Reply, Route, cacert, closed_port, faults, proxied_by
from tests.running import Pieces

TRUSTING = tls.contexts(cacert(), {})
PAGE = "https://status.acme.example"


def ask(url: str = PAGE, headers: dict[str, str] | None = None, **options: Any) -> PageError:
    """The error of one request without retries; `options` are those of `Network`."""
    network = Network(**{"tls": TRUSTING, "retries": 0, **options})
    client = Client(
        network,
        url,
        until=network.monotonic() + 10,
        budget=timedelta(seconds=10),
        headers=headers or {},
    )
    with closing(client), pytest.raises(PageError) as caught:
        client.get(Endpoint(name="summary", url=url))
    return caught.value


@pytest.fixture(scope="module")
def origin() -> Iterator[Origin]:
    with Origin(routes={"*": Reply(body={})}) as origin:
        yield origin


# Every type of exception, at every step of a request


def types_in(module: Any, *bases: type[Exception]) -> set[type[Exception]]:
    """The exceptions of `module` that are of one of `bases`."""
    found = {value for value in vars(module).values() if isinstance(value, type)}
    return {value for value in found if issubclass(value, bases)}


FOREIGN = sorted(
    {
        *types_in(builtins, OSError, ValueError),
        *types_in(socket, OSError),
        *types_in(ssl, OSError),
        *types_in(http.client, http.client.HTTPException),
        # Of httpx all but the one for cookies, which are not kept.
        *types_in(httpx, Exception) - {httpx.CookieConflict},
    },
    key=lambda kind: f"{kind.__module__}.{kind.__name__}",
)


def made(kind: type[Exception]) -> Exception:
    """An exception of `kind`, with the arguments that it needs."""
    request = httpx.Request("GET", PAGE)
    if issubclass(kind, httpx.HTTPStatusError):
        return kind("said", request=request, response=httpx.Response(500))
    if kind is UnicodeTranslateError:
        return kind("said", 0, 1, "why")
    if issubclass(kind, UnicodeEncodeError):
        return kind("idna", "said", 0, 1, "why")
    if issubclass(kind, UnicodeDecodeError):
        return kind("idna", b"said", 0, 1, "why")
    takes_none = (httpx.StreamConsumed, httpx.StreamClosed, httpx.ResponseNotRead)
    if issubclass(kind, (*takes_none, httpx.RequestNotRead)):
        return kind()
    error = kind("said")
    if isinstance(error, ssl.SSLCertVerificationError):
        error.verify_code, error.verify_message = 10, "certificate has expired"
    return error


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    return fail


def assert_told(error: PageError) -> None:
    assert error.kind in {"connect", "dns", "http", "tls", "timeout", "too_large"}
    assert error.message


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (socket, "getaddrinfo"),
        (http.client.HTTPConnection, "getresponse"),
        (http.client.HTTPResponse, "read1"),
    ],
    ids=["lookup", "answer", "body"],
)
def test_none_leaves_the_direct_transport(
    owner: Any, name: str, kind: type[Exception], monkeypatch: pytest.MonkeyPatch, origin: Origin
) -> None:
    monkeypatch.setattr(owner, name, raising(made(kind)))
    assert_told(ask(origin.url))


@pytest.mark.parametrize("kind", FOREIGN)
def test_none_leaves_the_handshake(kind: type[Exception], origin: Origin) -> None:
    class Context(ssl.SSLContext):
        wrap_socket = raising(made(kind))

    assert_told(ask(origin.url, tls=lambda: Context(ssl.PROTOCOL_TLS_CLIENT)))


class Failing(httpx.BaseTransport):
    """Raises `error` for every request, or in the body of its answer."""

    def __init__(self, error: Exception, *, late: bool) -> None:
        self._error = error
        self._late = late

    def handle_request(self, *_: object) -> httpx.Response:
        if not self._late:
            raise self._error
        return httpx.Response(200, stream=Pieces(b"{", between=raising(self._error)))


@pytest.mark.parametrize("late", [False, True], ids=["answer", "body"])
@pytest.mark.parametrize("kind", FOREIGN)
def test_none_leaves_a_transport_that_is_handed_in(kind: type[Exception], late: bool) -> None:
    assert_told(ask(transport=Failing(made(kind), late=late)))


@pytest.mark.parametrize("late", [False, True], ids=["answer", "body"])
@pytest.mark.parametrize("kind", [*FOREIGN, SOCKSError])
def test_none_leaves_a_request_through_a_proxy(
    kind: type[Exception], late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing(made(kind), late=late and kind is not SOCKSError)
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", failing.handle_request)
    assert_told(ask(proxies=proxied_by(f"http://127.0.0.1:{closed_port()}")))


# What they become


@pytest.mark.parametrize(
    ("code", "system", "message", "reason"),
    [
        (
            errno.ENETUNREACH,
            "Network is unreachable",
            "cannot connect: network is unreachable",
            Reason.NETWORK_UNREACHABLE,
        ),
        (
            errno.ENETUNREACH,
            "A socket operation was attempted to an unreachable network",  # the text of Windows
            "cannot connect: a socket operation was attempted to an unreachable network",
            Reason.NETWORK_UNREACHABLE,
        ),
        (
            errno.ECONNREFUSED,
            "Connection refused",
            "connection refused",
            Reason.CONNECTION_REFUSED,
        ),
        (
            errno.EHOSTUNREACH,
            "No route to host",
            "cannot connect: no route to host",
            Reason.UNSPECIFIED,
        ),
    ],
)
def test_the_reason_is_that_of_the_system(
    code: int, system: str, message: str, reason: Reason
) -> None:
    below = OSError(code, system)
    above = httpx.ConnectError("All attempts failed")
    above.__cause__ = below
    for error in (below, above):
        found = ask(transport=Failing(error, late=False))
        assert (found.message, found.reason) == (message, reason)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (socket.EAI_NONAME, Reason.HOST_NOT_FOUND),
        (socket.EAI_AGAIN, Reason.LOOKUP_FAILED),
    ],
)
def test_a_host_that_does_not_exist_is_not_a_lookup_that_failed(
    code: int, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", raising(socket.gaierror(code, "said")))
    error = ask()
    assert (error.kind, error.reason) == ("dns", reason)


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        (401, {}, Reason.SIGN_IN),
        (403, {}, Reason.UNSPECIFIED),
        (403, {"cf-mitigated": "challenge"}, Reason.ROBOT_GUARD),
        (404, {}, Reason.NO_SUCH_PAGE),
        (410, {}, Reason.NO_SUCH_PAGE),
        (503, {}, Reason.UNSPECIFIED),
    ],
)
def test_a_status_may_be_a_reason(status: int, headers: dict[str, str], reason: Reason) -> None:
    with Origin(routes={"*": Reply(status=status, headers=headers)}) as origin:
        assert ask(origin.url).reason is reason


def test_a_status_without_a_name_is_its_number() -> None:
    with Origin(routes={"/": faults.send(b"HTTP/1.1 499 \r\nContent-Length: 0\r\n\r\n")}) as origin:
        assert ask(f"{origin.url}/").message == "HTTP 499"


def test_a_redirect_keeps_the_reason() -> None:
    routes: dict[str, Route] = {"/a": faults.send(b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n")}
    with Origin(routes=routes) as origin:
        error = ask(f"{origin.url}/a")
    assert (error.message.startswith("redirected to "), error.reason) == (
        True,
        Reason.NO_SUCH_PAGE,
    )


def test_a_certificate_that_is_not_trusted_is_a_reason() -> None:
    with Origin(certificate="self_signed", routes={"*": Reply()}) as origin:
        error = ask(origin.url)
    assert (error.kind, error.reason) == ("tls", Reason.CERTIFICATE)


@pytest.mark.parametrize(
    ("refuse", "reason"), [(None, Reason.PROXY_UNREACHABLE), (403, Reason.PROXY_REFUSED)]
)
def test_a_proxy_may_be_the_reason(refuse: int | None, reason: Reason) -> None:
    with Proxy(refuse=refuse) as proxy:
        address = proxy.url if refuse else f"http://127.0.0.1:{closed_port()}"
        assert ask(proxies=proxied_by(address)).reason is reason


def test_the_certificate_of_a_proxy_is_a_reason_of_its_own() -> None:
    with Origin(certificate="self_signed") as proxy:
        error = ask(proxies=proxied_by(proxy.url))
    assert (error.kind, error.reason) == ("tls", Reason.CERTIFICATE)


# The same faults, read by httpx

CUT_SHORT = ("connect", "connection closed before the end of the response")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (faults.empty_answer, ("connect", "connection closed without a response")),
        (
            faults.send(b"SSH-2.0-OpenSSH\r\n\r\n"),
            ("http", "invalid HTTP response: illegal status line"),
        ),
        (faults.huge_header, ("too_large", "response headers are too large")),
        (faults.length_too_long, CUT_SHORT),
        (faults.truncated_chunked, CUT_SHORT),
        (faults.cut_mid_body, CUT_SHORT),
    ],
)
def test_an_answer_that_httpx_cannot_read_is_told_as_one_that_is_read_directly(
    fault: Fault, told: tuple[str, str]
) -> None:
    with Origin(routes={"*": fault}) as origin:
        direct = ask(origin.url)
        by_httpx = ask(origin.url, transport=httpx.HTTPTransport(verify=TRUSTING()))
    assert (direct.kind, direct.message) == told
    assert (by_httpx.kind, by_httpx.message) == told


@pytest.mark.parametrize("by_httpx", [False, True])
def test_a_header_that_cannot_be_sent_is_not_shown(by_httpx: bool, origin: Origin) -> None:
    transport = httpx.HTTPTransport(verify=TRUSTING()) if by_httpx else None
    error = ask(origin.url, {"authorization": "OAuth\x00secret"}, transport=transport)
    assert error.message == "invalid request header (see headers in the watchlist)"


# Messages to webhooks


def test_a_message_is_posted_once_and_no_redirect_is_followed() -> None:
    routes: dict[str, Route] = {"/hook": faults.redirect_to_file}
    with Origin(routes=routes) as origin:
        status = post(Network(tls=TRUSTING), f"{origin.url}/hook", {"title": "x"}, timeout=10)
        (request,) = origin.seen
    assert status == 302
    assert (request.method, request.path, request.body) == ("POST", "/hook", b'{"title":"x"}')


@pytest.mark.parametrize("url", ["https://\u00e9..example", "https://[::1"])
def test_an_address_that_no_request_can_have_is_invalid(url: str) -> None:
    with pytest.raises(ValueError, match="Invalid"):
        check_url(url)

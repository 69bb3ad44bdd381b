"""Translate the network's failures into the project's errors, by their type.

PageError
└── RetryableError    another request may succeed: a refused connection, HTTP 503, ...

`translated` surrounds each call of foreign code: `http.client`, `ssl` and `socket` in `transport`,
httpx and the libraries below it in `TranslatingTransport`. No other exception leaves the package.
"""

import errno
import http.client
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from http import HTTPStatus
from typing import Any

import httpx

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import FailureKind, Reason

REDIRECTS = {301, 302, 303, 307, 308}

FOREIGN = (
    OSError,
    ValueError,
    http.client.HTTPException,
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
)
"""Everything that the standard library and httpx raise for a request."""


class RetryableError(PageError):
    """A failure after which another request may succeed.

    `retry_after` is the number of seconds to wait, None if the page does not say.
    """

    def __init__(
        self,
        kind: FailureKind,
        message: str,
        *,
        reason: Reason = Reason.UNSPECIFIED,
        http_status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(kind, message, reason=reason, http_status=http_status)
        self.retry_after = retry_after


class Phase(Enum):
    """The part of a request in which an exception was raised."""

    CONNECT = auto()
    """DNS lookup, TCP and TLS; with httpx, whose own types say more, everything but the body."""

    ANSWER = auto()
    """The request, and the status and headers of the answer."""

    BODY = auto()


@contextmanager
def translated(phase: Phase) -> Iterator[None]:
    """Raise `PageError` for every foreign exception of the block."""
    try:
        yield
    except FOREIGN as error:
        raise translate(error, phase) from error


def translate(error: Exception, phase: Phase) -> PageError:
    """The error for a foreign exception.

    That of a timeout is replaced by `Client`, which knows how many seconds the vendor has.
    """
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        connecting = isinstance(error, TimeoutError) and phase is Phase.CONNECT
        if connecting or isinstance(error, httpx.ConnectTimeout):
            return RetryableError(FailureKind.TIMEOUT, "connection timed out")
        return PageError(FailureKind.TIMEOUT, "timed out")
    if isinstance(error, httpx.ProxyError):
        message = f"proxy error: {text.line(str(error))}"
        return PageError(FailureKind.CONNECT, message, reason=Reason.PROXY_REFUSED)
    chain = [error, *_causes(error)]
    for cause in chain:
        if isinstance(cause, socket.gaierror | UnicodeError):  # the latter: not a valid name
            return _lookup_error(cause)
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _certificate_error(cause)
        if isinstance(cause, ssl.SSLError):
            return _handshake_error(cause)
    match error:
        case http.client.InvalidURL() | httpx.InvalidURL() | ValueError():
            return PageError(FailureKind.CONNECT, f"invalid URL: {text.line(str(error))}")
        case http.client.HTTPException():
            return _http_error(error)
        case httpx.ProtocolError():
            return _httpx_protocol_error(error, chain, phase)
        case httpx.ReadError() | httpx.WriteError():
            return _connection_error(chain, "connection lost")
        case OSError() if phase is not Phase.CONNECT:
            return _connection_error(chain, "connection lost")
        case _:
            return _connection_error(chain, "cannot connect")


def unreachable_proxy(error: Exception, proxy: str) -> PageError:
    """The error for a proxy to which `error` prevented a connection; `proxy` is what to call it."""
    why = translate(error, Phase.CONNECT)
    # A proxy whose certificate is not trusted was reached.
    reason = why.reason if why.kind is FailureKind.TLS else Reason.PROXY_UNREACHABLE
    message = f"proxy unreachable: {why.message} ({proxy})"
    return type(why)(why.kind, message, reason=reason)


def forbidden_header() -> PageError:
    """The error for a request header with control characters; the value may be a secret."""
    return PageError(FailureKind.HTTP, "invalid request header (see headers in the watchlist)")


def not_http(why: str) -> PageError:
    """The error for an answer that breaks the protocol."""
    return PageError(FailureKind.HTTP, f"invalid HTTP response: {text.line(why)}")


def _lookup_error(cause: BaseException) -> PageError:
    if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN:
        message = "DNS lookup failed"
        return PageError(FailureKind.DNS, message, reason=Reason.LOOKUP_FAILED)
    message = "host not found (DNS)"
    return PageError(FailureKind.DNS, message, reason=Reason.HOST_NOT_FOUND)


def _certificate_error(cause: ssl.SSLCertVerificationError) -> PageError:
    message = f"invalid certificate ({cause.verify_message.rstrip('.').lower()})"
    if cause.verify_code in {18, 19, 20, 21}:  # OpenSSL: an unknown or missing issuer
        message += "; to trust its issuer: --cacert FILE"
    return PageError(FailureKind.TLS, message, reason=Reason.CERTIFICATE)


def _handshake_error(cause: ssl.SSLError) -> PageError:
    """Python and OpenSSL report an early end in several ways, depending on their version."""
    ended = isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError)
    why = "" if ended else getattr(cause, "reason", None) or ""
    said = why.replace("_", " ").lower() or "connection closed"
    return PageError(FailureKind.TLS, f"TLS handshake failed: {said}")


def _http_error(error: http.client.HTTPException) -> PageError:
    match error:
        case http.client.RemoteDisconnected():
            return _closed_before_answer()
        case http.client.IncompleteRead():
            return _cut_short()
        case http.client.BadStatusLine():
            return not_http("illegal status line")
        case http.client.LineTooLong():
            return _too_many_headers()
        case _ if type(error) is http.client.HTTPException:  # the base class: over 100 headers
            return _too_many_headers()
        case _:
            return not_http(str(error).lower())


def _httpx_protocol_error(
    error: httpx.ProtocolError, chain: list[BaseException], phase: Phase
) -> PageError:
    """The error for what h11, the parser below httpx, reports with one type for most cases.

    h11 adds a status as a hint. Without an exception of h11, httpcore found the connection closed
    before an answer. In a body, nearly every error is an early end.
    """
    if isinstance(error, httpx.LocalProtocolError):
        return forbidden_header()
    hints = [cause.error_status_hint for cause in chain if hasattr(cause, "error_status_hint")]
    if not hints:
        return _closed_before_answer()
    if HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE in hints:
        return _too_many_headers()
    if phase is Phase.BODY:
        return _cut_short()
    return not_http(str(error).lower().partition(":")[0])  # what follows quotes the answer


def _closed_before_answer() -> PageError:
    return RetryableError(FailureKind.CONNECT, "connection closed without a response")


def _cut_short() -> PageError:
    message = "connection closed before the end of the response"
    return PageError(FailureKind.CONNECT, message)


def _too_many_headers() -> PageError:
    return PageError(FailureKind.TOO_LARGE, "response headers are too large")


_REASONS: dict[int | None, Reason] = {
    errno.ENETUNREACH: Reason.NETWORK_UNREACHABLE,
    errno.ECONNREFUSED: Reason.CONNECTION_REFUSED,
}


def _connection_error(chain: list[BaseException], what: str) -> PageError:
    """The error for a connection that failed, in the operating system's words if it has any."""
    cause = next((c for c in chain if isinstance(c, OSError) and c.strerror), None)
    said = (cause and cause.strerror) or str(chain[0]) or type(chain[0]).__name__
    reason = _REASONS.get(cause.errno, Reason.UNSPECIFIED) if cause else Reason.UNSPECIFIED
    words = text.line(said).lower()
    message = words if words.startswith("connection ") else f"{what}: {words}"
    return RetryableError(FailureKind.CONNECT, message, reason=reason)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause = error.__cause__ or error.__context__
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


class TranslatingTransport(httpx.BaseTransport):
    """A transport of httpx or of a test, adapted to raise the project's errors.

    The `on_socket` extension of a request is called with each socket that is opened for it.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["trace"] = _socket_trace(request.extensions["on_socket"])
        with translated(Phase.CONNECT):
            response = self._inner.handle_request(request)
        return httpx.Response(
            response.status_code, headers=response.headers, stream=_TranslatedBody(response)
        )

    def close(self) -> None:
        self._inner.close()


class _TranslatedBody(httpx.SyncByteStream):
    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        with translated(Phase.BODY):
            yield from self._response.iter_raw()

    def close(self) -> None:
        with translated(Phase.BODY):
            self._response.close()


def _socket_trace(on_socket: Callable[[socket.socket], None]) -> Callable[[str, Any], None]:
    """A function for the `trace` extension of httpcore, which names its events."""

    def trace(event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            on_socket(info["return_value"].get_extra_info("socket"))

    return trace


_STATUSES = {
    401: (Reason.SIGN_IN, "sign-in required"),
    403: (
        Reason.UNSPECIFIED,
        "access denied (private page or bot protection)",
    ),
    404: (Reason.NO_SUCH_PAGE, "no status page at this address"),
    410: (Reason.NO_SUCH_PAGE, "page removed"),
    429: (Reason.UNSPECIFIED, "too many requests"),
}


_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def check_status(status: int, headers: Mapping[str, str], now: datetime) -> None:
    """Raise `PageError` for a status without a document.

    Statuses with one are 200, 304 and redirects. 408, 429 and 5xx are retryable.
    """
    if status in REDIRECTS | {200, 304}:
        return
    reason, meaning = _STATUSES.get(status, (Reason.UNSPECIFIED, ""))
    if headers.get("cf-mitigated") == "challenge":
        reason = Reason.ROBOT_GUARD
        meaning = "blocked by bot protection (cf-mitigated: challenge)"
    message = f"HTTP {status}"
    if meaning:
        message += f": {meaning}"
    elif status >= 500:
        message += " from the status page"
    elif status in _PHRASES:
        message += f" {_PHRASES[status]}"
    if status in {408, 429} or status >= 500:
        raise RetryableError(
            FailureKind.HTTP,
            message,
            reason=reason,
            http_status=status,
            retry_after=_retry_after(headers.get("retry-after"), now),
        )
    raise PageError(FailureKind.HTTP, message, reason=reason, http_status=status)


def _retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds of a `Retry-After` header, which is a number or an HTTP date (RFC 9110)."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None

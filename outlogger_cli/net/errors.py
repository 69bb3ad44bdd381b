"""What may go wrong between a question and its answer, in our words.

Errors of httpx, TLS, sockets and proxies, and HTTP statuses that bring no document, become
`PageError`, or `PassingError` where asking again may help.
"""

import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import FailureKind

REDIRECTS = {301, 302, 303, 307, 308}

FOREIGN = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError)
"""All that httpx and what is below it may raise while an answer is read."""


class PassingError(Exception):
    """A failure that may pass when asked again, after `retry_after` seconds where it says so."""

    def __init__(self, error: PageError, retry_after: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.retry_after = retry_after


_ANSWERS = {
    401: "it asks for a sign-in",
    403: "it refuses to answer here: a private page, or a guard against robots",
    404: "there is no status page at this address",
    410: "the page is gone",
    429: "it was asked too often",
}


def check_status(status: int, headers: Mapping[str, str], now: datetime) -> None:
    """Raise for every answer that holds no document, with a sentence of its own."""
    if status in REDIRECTS | {200, 304}:
        return
    try:
        said = f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        said = f"HTTP {status}"
    meaning = _ANSWERS.get(status) or ("the page's server is in trouble" if status >= 500 else "")
    if headers.get("cf-mitigated") == "challenge":
        meaning = "a guard against robots stands before it (cf-mitigated: challenge)"
    message = f"{said}: {meaning}" if meaning else said
    error = PageError(FailureKind.HTTP, message, http_status=status)
    if status in {408, 429} or status >= 500:
        raise PassingError(error, _retry_after(headers.get("retry-after"), now))
    raise error


def _retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait, from a number of seconds or an HTTP date."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def translated(error: Exception) -> PageError | PassingError:
    """The `PageError` for a foreign one; connections that fail may be tried again."""
    if isinstance(error, httpx.ProxyError):
        return _no_way_through(error)
    chain = [error, *_causes(error)]
    for cause in chain:
        if isinstance(cause, socket.gaierror | UnicodeError):
            return PageError(FailureKind.DNS, _no_address(cause))
        if isinstance(cause, ssl.SSLCertVerificationError):
            return PageError(FailureKind.TLS, _distrust(cause))
        if isinstance(cause, ssl.SSLError):
            return PageError(FailureKind.TLS, f"no secure connection: {_handshake(cause)}")
    if isinstance(error, httpx.ProtocolError):
        return _broken_protocol(error)
    if isinstance(error, httpx.InvalidURL | ValueError):
        return PageError(FailureKind.CONNECT, f"not an address: {text.line(str(error))}")
    reason = next((c.strerror for c in chain if isinstance(c, OSError) and c.strerror), "")
    said = text.line(reason or str(error) or type(error).__name__).lower()
    broke = isinstance(error, httpx.ReadError | httpx.WriteError)
    what = "the connection broke" if broke else "no connection"
    return PassingError(PageError(FailureKind.CONNECT, f"{what}: {said}"))


def _no_way_through(error: httpx.ProxyError) -> PageError | PassingError:
    """The proxy could not be reached, for a reason of its own, or it refused."""
    if not isinstance(error.__cause__, httpx.ConnectError | UnicodeError):
        return PageError(FailureKind.CONNECT, f"the proxy refused: {text.line(str(error))}")
    match translated(error.__cause__):
        case PassingError(error=why):
            return PassingError(_of_the_proxy(why))
        case why:
            return _of_the_proxy(why)


def _of_the_proxy(why: PageError) -> PageError:
    return PageError(why.kind, f"the proxy cannot be reached: {why.message}")


def _handshake(error: ssl.SSLError) -> str:
    """Why there was none; Pythons and OpenSSLs have many words for one that was broken off."""
    ended = isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)
    reason = None if ended else getattr(error, "reason", None)
    return (reason or "broken off").replace("_", " ").lower()


def _distrust(error: ssl.SSLCertVerificationError) -> str:
    said = f"its certificate is not trusted: {error.verify_message.rstrip('.').lower()}"
    stranger = error.verify_code in {18, 19, 20, 21}  # OpenSSL: whoever signed it is not known
    return f"{said}; --cacert FILE names another authority" if stranger else said


def _no_address(error: BaseException) -> str:
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return "its name could not be looked up: no name server answered"
    return "no such host: its name has no address"


def _broken_protocol(error: httpx.ProtocolError) -> PageError | PassingError:
    said = str(error).lower()
    if isinstance(error, httpx.LocalProtocolError):  # it quotes the value, which may be a secret
        return PageError(FailureKind.HTTP, "one of its headers cannot be sent: HTTP forbids it")
    if "without sending a response" in said:
        return PassingError(
            PageError(FailureKind.CONNECT, "the connection was closed before an answer")
        )
    if "complete message body" in said:
        return PageError(
            FailureKind.CONNECT, "the connection was closed before the answer was whole"
        )
    if "buffer too long" in said:
        return PageError(FailureKind.TOO_LARGE, "the headers of the answer are too large")
    return PageError(
        FailureKind.HTTP, f"the answer is not HTTP: {text.line(said.partition(':')[0])}"
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause = error.__cause__ or error.__context__
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__

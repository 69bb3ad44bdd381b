"""One vendor's documents over HTTP, within that vendor's time.

Only this package opens connections. The exceptions of httpx, ssl and socket do not leave it: they
become a `PageError` (see `errors`). Bodies are returned as they came, decompressed and of limited
size; nothing here parses them. An event stream is read up to the end of its first event.
"""

import random
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import httpx

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Document, Endpoint, FailureKind
from outlogger_cli.domain.values import field, frozen
from outlogger_cli.domain.version import __version__
from outlogger_cli.net.errors import (
    REDIRECTS,
    Phase,
    RetryableError,
    TranslatingTransport,
    check_status,
    translated,
)
from outlogger_cli.net.local import is_local
from outlogger_cli.net.log import RequestLog, log, log_redirect
from outlogger_cli.net.proxy import ProxyTransport
from outlogger_cli.net.transport import DirectTransport
from outlogger_cli.platforms.shared.documents import PAGE_LIMIT

if TYPE_CHECKING:
    from outlogger_cli.net.proxy import Proxies

BODY_LIMIT = PAGE_LIMIT
REDIRECT_LIMIT = 5
USER_AGENT = f"outlogger/{__version__} (+https://github.com/outlogger/outlogger-cli)"

_HEADERS = {
    "user-agent": USER_AGENT,
    "accept": "application/json, application/xml;q=0.9, text/html;q=0.5, */*;q=0.1",
    "accept-encoding": "gzip",
}
_CONNECT_SHARE = 0.4
"""The part of the time left that a connection may take, so that one more can be tried."""


@frozen
class Network:
    """What all vendors of a run share.

    `monotonic` and `sleep` are in seconds, as in `time`. `proxies` are those of `proxy.in_use`.
    `drill` is the origin of the drill's server. `transport` replaces the network, in tests.
    """

    tls: Callable[[], ssl.SSLContext]
    retries: int = 1
    proxies: "Proxies | Literal[False]" = False
    drill: str | None = None
    transport: httpx.BaseTransport | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = field(default=random.random)


class Client:
    """One vendor's requests, until `until` on the monotonic clock.

    `budget` is the vendor's whole time. `headers` are its own, and are sent only to the host of
    `page_url`.
    """

    def __init__(
        self,
        network: Network,
        page_url: str,
        *,
        until: float,
        budget: timedelta,
        headers: Mapping[str, str],
    ) -> None:
        self._network = network
        self._page_url = page_url.rstrip("/")
        self._headers = {name: value.strip() for name, value in headers.items()}
        self._until = until
        self._budget = budget
        self._socket: socket.socket | None = None
        self._aborted = False
        self._transport = _transport(network)

    def get(self, endpoint: Endpoint, *, validators: Mapping[str, str] | None = None) -> Document:
        """The document at `endpoint`, after redirects; raises `PageError`.

        `validators` are request headers such as `if-none-match`; with them the document may have
        status 304 and no body. A redirect to the front page of another host is followed to the
        same API path there: vendors that move redirect every address to the new root.
        """
        url, visited = endpoint.url, set[str]()
        while True:
            if url in visited or len(visited) > REDIRECT_LIMIT:
                many = f"too many redirects (more than {REDIRECT_LIMIT})"
                message = "redirect loop" if url in visited else many
                raise PageError(FailureKind.REDIRECT, message)
            visited.add(url)
            try:
                status, headers, body = self._with_retries(url, validators or {})
            except PageError as error:
                raise error if url == endpoint.url else _after_redirect(error, url) from None
            if status in REDIRECTS:
                url = self._redirect_target(url, headers.get("location"), endpoint)
                log_redirect(status, url)
                continue
            return Document(
                endpoint=endpoint,
                final_url=url,
                status=status,
                headers=headers,
                body=body,
                fetched_at=self._network.now(),
            )

    def close(self) -> None:
        self._transport.close()

    def abort(self) -> None:
        """End the current request from another thread: its blocked call fails at once."""
        self._aborted = True
        if self._socket is not None:
            with suppress(OSError):
                # An SSLSocket's own method drops the TLS state while another thread reads.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _with_retries(
        self, url: str, validators: Mapping[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        """The status, headers and body at `url`; retryable errors are retried if time is left."""
        attempt = 0
        while True:
            try:
                return self._request(url, validators)
            except RetryableError as error:
                pause = error.retry_after
                if pause is None:
                    pause = 0.2 * 2**attempt * (1 + self._network.jitter())
                if attempt >= self._network.retries or pause >= self._left() or self._aborted:
                    raise
                log.debug("retrying in %.1f s: %s", pause, error.message)
                self._network.sleep(pause)
                attempt += 1

    def _request(
        self, url: str, validators: Mapping[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        asked, drill_host = url, {}
        if self._network.drill:  # its server answers for every page, by host and path
            asked = self._network.drill + _path(url)
            drill_host = {"host": str(httpx.URL(url).netloc, "ascii")}
        with translated(Phase.CONNECT):
            request = httpx.Request(
                "GET",
                asked,
                headers={**_HEADERS, **self._own_headers(url), **validators, **drill_host},
                extensions={"timeout": self._timeout(), "on_socket": self._keep_socket},
            )
        request_log = RequestLog(request)
        try:
            with closing(self._transport.handle_request(request)) as response:
                status = response.status_code
                headers = {k.lower(): v for k, v in response.headers.items()}
                body = self._body(response, headers) if status == 200 else b""
        except PageError as error:
            final = self._within_budget(error)
            request_log.failed(final.message)
            raise final from None
        request_log.answered(status, len(body))
        check_status(status, headers, self._network.now())
        return status, headers, body

    def _body(self, response: httpx.Response, headers: Mapping[str, str]) -> bytes:
        chunks, size = [], 0
        pieces = _decompressed(response, headers.get("content-encoding", ""))
        if headers.get("content-type", "").lower().startswith("text/event-stream"):
            pieces = _first_event(pieces)
        for chunk in pieces:
            size += len(chunk)
            if size > BODY_LIMIT:
                raise PageError(
                    FailureKind.TOO_LARGE, f"response is larger than {BODY_LIMIT >> 20} MiB"
                )
            if self._left() <= 0:
                raise timed_out(self._budget)
            chunks.append(chunk)
        return b"".join(chunks)

    def _redirect_target(self, url: str, location: str | None, endpoint: Endpoint) -> str:
        if not location:
            raise PageError(FailureKind.REDIRECT, "redirect without a Location header")
        try:
            target = httpx.URL(url).join(location)
            if target.port is not None and not 0 < target.port < 1 << 16:
                raise ValueError
        except (httpx.InvalidURL, ValueError):
            raise PageError(
                FailureKind.REDIRECT, f"redirect to an invalid URL: {text.line(location)}"
            ) from None
        shown = text.line(str(target))
        if target.scheme not in {"http", "https"} or not target.host:
            raise PageError(FailureKind.REDIRECT, f"redirect to {shown}, which is not a web page")
        if url.startswith("https:") and target.scheme == "http":
            raise PageError(
                FailureKind.REDIRECT, f"redirect from https to http not followed: {shown}"
            )
        if is_local(target.host) and not is_local(httpx.URL(self._page_url).host):
            message = f"redirect to a private address not followed: {shown}"
            raise PageError(FailureKind.REDIRECT, message)
        if _origin(str(target)) == _origin(url):
            return str(target)
        asked = endpoint.url.removeprefix(self._page_url)
        asked = asked if asked != endpoint.url else _path(endpoint.url)
        if _path(str(target)).split("?")[0].endswith(asked.split("?")[0]):
            return str(target)
        return str(target.copy_with(query=None, fragment=None)).rstrip("/") + asked

    def _own_headers(self, url: str) -> Mapping[str, str]:
        if not self._headers or self._network.drill or _origin(url) != _origin(self._page_url):
            return {}
        return self._headers

    def _timeout(self) -> dict[str, float | None]:
        left = self._left()
        if left <= 0 or self._aborted:
            raise timed_out(self._budget)
        connect = max(left * _CONNECT_SHARE, min(left, 1.0))
        return {"connect": connect, "read": left, "write": left, "pool": left}

    def _left(self) -> float:
        return self._until - self._network.monotonic()

    def _within_budget(self, error: PageError) -> PageError:
        """`error`, or a timeout with the number of seconds.

        An error after the end of the budget is a consequence of that end, as is one after `abort`.
        """
        left = self._left()
        if left <= 0 or self._aborted:
            return timed_out(self._budget)
        if error.kind is not FailureKind.TIMEOUT:
            return error
        if not isinstance(error, RetryableError):
            return timed_out(self._budget)
        # A connection gets only a part of the time: the rest may be enough for another.
        waited = round(self._budget.total_seconds() - left, 1)
        return RetryableError(FailureKind.TIMEOUT, f"connection timed out after {waited:g} s")

    def _keep_socket(self, opened: socket.socket) -> None:
        """Keep the socket for `abort`, which may have been called already."""
        self._socket = opened
        if self._aborted:
            self.abort()


def timed_out(budget: timedelta) -> PageError:
    """The error for a vendor whose time is over."""
    return PageError(FailureKind.TIMEOUT, f"timed out after {budget.total_seconds():g} s")


def check_url(url: str) -> None:
    """Raise `ValueError` if no request can be made to `url`."""
    try:
        httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(str(error)) from None


def post(network: Network, url: str, message: Mapping[str, Any], *, timeout: float) -> int:
    """POST `message` as JSON, and return the status; raises `PageError`.

    No redirect is followed, and the answer's body is not read. `timeout` is in seconds, for the
    connection and for the answer. In a drill the message is sent all the same.
    """
    with closing(_transport(network)) as transport:
        request = httpx.Request(
            "POST",
            url,
            json=message,
            headers={"user-agent": USER_AGENT},
            extensions={
                "timeout": httpx.Timeout(timeout).as_dict(),
                "on_socket": lambda _socket: None,
            },
        )
        with closing(transport.handle_request(request)) as response:
            return response.status_code


def _decompressed(response: httpx.Response, encoding: str) -> Iterator[bytes]:
    """The body in pieces of at most 64 KiB, however much a piece of the wire expands."""
    encoding = encoding.strip().lower()
    if encoding in {"identity", ""}:
        yield from response.iter_raw()
        return
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise PageError(FailureKind.HTTP, f"unsupported content encoding: {text.line(encoding)}")
    inflate = zlib.decompressobj(wbits=47)
    try:
        for raw in response.iter_raw():
            while raw and not inflate.eof:
                yield inflate.decompress(raw, 65536)
                raw = inflate.unconsumed_tail
    except zlib.error:
        raise PageError(FailureKind.HTTP, "invalid compressed response") from None
    if not inflate.eof:
        raise PageError(FailureKind.HTTP, "compressed response is truncated")


def _first_event(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces of an event stream up to the end of its first event: it never ends itself.

    An event ends with an empty line. Comments and events without data, which keep a connection
    open, are no event.
    """
    line, has_data = b"", False
    for piece in pieces:
        yield piece
        *lines, line = (line + piece).split(b"\n")
        for complete in lines:
            has_data = has_data or complete.startswith(b"data:")
            if has_data and not complete.rstrip(b"\r"):
                return
        line = line[:16]  # its beginning tells what it is


def _after_redirect(error: PageError, url: str) -> PageError:
    message = f"redirected to {text.line(url)}: {error.message}"
    if isinstance(error, RetryableError):
        return RetryableError(
            error.kind,
            message,
            reason=error.reason,
            http_status=error.http_status,
            retry_after=error.retry_after,
        )
    return PageError(error.kind, message, reason=error.reason, http_status=error.http_status)


def _transport(network: Network) -> httpx.BaseTransport:
    """The way to send requests: the test's own, through proxies, or directly."""
    if network.transport:
        return TranslatingTransport(network.transport)
    direct = DirectTransport(network.tls())
    if not network.proxies:
        return direct
    return TranslatingTransport(ProxyTransport(network.proxies, network.tls(), direct=direct))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _origin(url: str) -> tuple[str, bytes, int | None]:
    """Scheme, host and port, however the host is written (capitals, Unicode, default port)."""
    parts = httpx.URL(url)
    return parts.scheme, parts.raw_host, parts.port

"""THE NETWORK: one vendor's documents over HTTP, inside that vendor's time.

Nothing else in the package opens a connection, and nothing foreign (httpx, ssl, socket) leaves:
it becomes a `PageError` with a `FailureKind` (see `failures`). Bodies are returned as they came,
decompressed and bounded; nobody here knows what stands in them.
"""

import random
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import field
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

import httpx

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Document, Endpoint, FailureKind
from outlogger_cli.domain.values import frozen
from outlogger_cli.domain.version import __version__
from outlogger_cli.net.errors import FOREIGN, REDIRECTS, PassingError, check_status, translated
from outlogger_cli.net.transport import Transport

BODY_LIMIT = 16 * 1024 * 1024
REDIRECT_LIMIT = 5
USER_AGENT = f"outlogger/{__version__} (+https://github.com/outlogger/outlogger-cli)"

_HEADERS = {
    "user-agent": USER_AGENT,
    "accept": "application/json, application/xml;q=0.9, text/html;q=0.5, */*;q=0.1",
    "accept-encoding": "gzip",
}
_CONNECT_SHARE = 0.4
"""Of the time left: a connection that is not made in it leaves time to try once more."""


@frozen
class Network:
    """What all vendors of a run share. `monotonic` and `sleep` are seconds, as in `time`;
    `proxies` are those of `proxies.in_use`."""

    tls: Callable[[], ssl.SSLContext]
    retries: int = 1
    proxies: Mapping[str, str | None] | Literal[False] = False
    drill: str | None = None
    transport: httpx.BaseTransport | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = field(default=random.random)


class Session:
    """One vendor's connection: asks for documents until `until` on the monotonic clock.

    `budget` is the time it began with. `headers` are the vendor's own and go to the host of
    `page_url` only.
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
        self._transport = network.transport or _transport(network)

    def get(self, endpoint: Endpoint, *, validators: Mapping[str, str] | None = None) -> Document:
        """The document at `endpoint`, redirects followed; raises `PageError`.

        With `validators` (request headers such as `if-none-match`) the document may come back
        with status 304 and no body. A redirect to another host's front page is followed to the
        same API path there: vendors who move redirect every address to the new root.
        """
        url, seen = endpoint.url, set[str]()
        while True:
            if url in seen or len(seen) > REDIRECT_LIMIT:
                circle = "go in a circle" if url in seen else f"are more than {REDIRECT_LIMIT}"
                raise PageError(FailureKind.REDIRECT, f"the redirects {circle}")
            seen.add(url)
            try:
                status, headers, body = self._patiently(url, validators or {})
            except PageError as error:
                raise error if url == endpoint.url else _after_redirect(error, url) from None
            if status in REDIRECTS:
                location = headers.get("location")
                url = self._redirected(url, location, endpoint)
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
        """End whatever is under way, from another thread: the blocked call fails at once."""
        self._aborted = True
        if self._socket is not None:
            with suppress(OSError):
                # Not the method of an SSLSocket: it forgets the encryption while somebody reads.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _patiently(
        self, url: str, validators: Mapping[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask, and ask again after a failure that may pass, while time is left for it."""
        attempt = 0
        while True:
            try:
                return self._ask(url, validators)
            except PassingError as failure:
                pause = failure.retry_after
                if pause is None:
                    pause = 0.2 * 2**attempt * (1 + self._network.jitter())
                if attempt >= self._network.retries or pause >= self._left() or self._aborted:
                    raise failure.error from None
                self._network.sleep(pause)
                attempt += 1

    def _ask(self, url: str, validators: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        try:
            request = httpx.Request(
                "GET",
                self._at_drill(url),
                headers={**_HEADERS, **self._own_headers(url), **validators},
                extensions={"timeout": self._timeout().as_dict(), "trace": self._trace},
            )
            with closing(self._transport.handle_request(request)) as response:
                headers = {k.lower(): v for k, v in response.headers.items()}
                check_status(response.status_code, headers, self._network.now())
                body = b"" if response.status_code != 200 else self._body(response)
                return response.status_code, headers, body
        except httpx.ConnectTimeout:
            raise self._unconnected() from None
        except httpx.TimeoutException:
            raise self._timed_out() from None
        except FOREIGN as error:
            if self._left() <= 0 or self._aborted:
                raise self._timed_out() from None
            raise translated(error) from None

    def _body(self, response: httpx.Response) -> bytes:
        chunks, size = [], 0
        for chunk in _decompressed(response):
            size += len(chunk)
            if size > BODY_LIMIT:
                raise PageError(
                    FailureKind.TOO_LARGE, f"the answer is larger than {BODY_LIMIT >> 20} MiB"
                )
            if self._left() <= 0:
                raise self._timed_out()
            chunks.append(chunk)
        return b"".join(chunks)

    def _redirected(self, url: str, location: str | None, endpoint: Endpoint) -> str:
        if not location:
            raise PageError(FailureKind.REDIRECT, "a redirect that does not say where to")
        try:
            target = httpx.URL(url).join(location)
            if target.port is not None and not 0 < target.port < 1 << 16:
                raise ValueError
        except (httpx.InvalidURL, ValueError):
            raise PageError(
                FailureKind.REDIRECT, f"a redirect to no address: {text.line(location)}"
            ) from None
        shown = text.line(str(target))
        if target.scheme not in {"http", "https"} or not target.host:
            raise PageError(FailureKind.REDIRECT, f"a redirect to {shown}, which is no web page")
        if url.startswith("https:") and target.scheme == "http":
            raise PageError(
                FailureKind.REDIRECT, f"a redirect from https to {shown}, which is not followed"
            )
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

    def _at_drill(self, url: str) -> str:
        """In a drill every page is acted out on loopback, under the path it really has."""
        return self._network.drill + _path(url) if self._network.drill else url

    def _timeout(self) -> httpx.Timeout:
        left = self._left()
        if left <= 0 or self._aborted:
            raise self._timed_out()
        return httpx.Timeout(left, connect=max(left * _CONNECT_SHARE, min(left, 1.0)))

    def _left(self) -> float:
        return self._until - self._network.monotonic()

    def _unconnected(self) -> PageError | PassingError:
        """A connection gets only a share of the time: what is left may do for another."""
        left = self._left()
        if left <= 0 or self._aborted:
            return self._timed_out()
        waited = round(self._budget.total_seconds() - left, 1)
        return PassingError(PageError(FailureKind.TIMEOUT, f"no connection within {waited:g} s"))

    def _timed_out(self) -> PageError:
        return timed_out(self._budget)

    def _trace(self, event: str, info: Mapping[str, object]) -> None:
        """Keep hold of the socket, which TLS wraps in a new one, for `abort`."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            stream = info["return_value"]
            self._socket = stream.get_extra_info("socket")  # type: ignore[attr-defined]
            if self._aborted:
                self.abort()


def timed_out(budget: timedelta) -> PageError:
    """The one sentence for a vendor whose time is up."""
    return PageError(FailureKind.TIMEOUT, f"no whole answer within {budget.total_seconds():g} s")


def _decompressed(response: httpx.Response) -> Iterator[bytes]:
    """The body in pieces of at most 64 KiB each, however far a small piece on the wire expands."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"identity", ""}:
        yield from response.iter_raw()
        return
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise PageError(
            FailureKind.HTTP, f"the answer is encoded as {text.line(encoding)}, not asked for"
        )
    inflate = zlib.decompressobj(wbits=47)
    try:
        for raw in response.iter_raw():
            while raw and not inflate.eof:
                yield inflate.decompress(raw, 65536)
                raw = inflate.unconsumed_tail
    except zlib.error:
        raise PageError(FailureKind.HTTP, "the answer's compression is damaged") from None
    if not inflate.eof:
        raise PageError(FailureKind.HTTP, "the compressed answer breaks off")


def _after_redirect(error: PageError, url: str) -> PageError:
    message = f"it redirects to {text.line(url)}: {error.message}"
    return PageError(error.kind, message, http_status=error.http_status)


def _transport(network: Network) -> httpx.BaseTransport:
    direct = Transport(network.tls())
    if not network.proxies:
        return direct
    from outlogger_cli.net import proxied  # loaded only where there is a proxy

    return proxied.Transport(network.proxies, network.tls(), direct=direct)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _origin(url: str) -> tuple[str, bytes, int | None]:
    """The host however it is written: in capitals, in Unicode, with the port that goes unsaid."""
    parts = httpx.URL(url)
    return parts.scheme, parts.raw_host, parts.port

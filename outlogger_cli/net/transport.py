"""HTTP/1.1 by the standard library: one connection, kept as long as the host stays the same.

httpx's own transport imports a second HTTP implementation at every start, and takes half as much
time again per page. `http.client` is loaded in any case. Proxies are not supported: see `proxy`.
"""

import http.client
import os
import re
import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http import HTTPStatus
from io import BufferedReader
from itertools import zip_longest
from typing import Any, cast

import httpx

from outlogger_cli.net.errors import Phase, forbidden_header, not_http, translated
from outlogger_cli.net.log import log

_PIECE = 65536
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")

_ATTEMPT_DELAY = 0.25
"""Seconds until the next address is tried too (RFC 8305, section 5)."""

_WINDOWS: dict[int, str] = getattr(socket, "errorTab", {})
"""The texts of Windows' own error codes, which `os.strerror` does not know."""

_Address = tuple[Any, ...]
_Origin = tuple[str, str, int]


class DirectTransport(httpx.BaseTransport):
    """The requests of one client, one after the other, without a proxy. Raises `PageError`.

    `context` is for https. The extensions of a request are `timeout`, as in httpx, and
    `on_socket`, which is called with each socket that is opened, and again once TLS wraps it.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._origin: _Origin | None = None
        self._connection: http.client.HTTPConnection | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with translated(Phase.CONNECT):
            connection = self._connection_for(request)
        try:
            with translated(Phase.ANSWER):
                response = _exchange(connection, request)
        except BaseException:  # what follows an invalid answer would be invalid too
            self.close()
            raise
        if response.will_close:
            self._origin = self._connection = None
        return httpx.Response(
            response.status,
            headers=[(k.encode("latin-1"), v.encode("latin-1")) for k, v in response.getheaders()],
            stream=_Body(response, close=self.close),
        )

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        connection = self._connection
        self._origin = self._connection = None
        if connection is not None:
            connection.close()

    def _connection_for(self, request: httpx.Request) -> http.client.HTTPConnection:
        url, timeout = request.url, request.extensions["timeout"]
        secure = url.scheme == "https"
        origin = (url.scheme, url.raw_host.decode("ascii"), url.port or (443 if secure else 80))
        if self._connection is None or self._origin != origin or _is_stale(self._connection.sock):
            self.close()
            self._connection = _open(
                *origin[1:],
                context=self._context if secure else None,
                connect_timeout=timeout["connect"],
                timeout=timeout["read"],
                on_socket=request.extensions["on_socket"],
            )
            self._origin = origin
        self._connection.sock.settimeout(timeout["read"])
        return self._connection


def _exchange(
    connection: http.client.HTTPConnection, request: httpx.Request
) -> http.client.HTTPResponse:
    """Send `request`, and read the status and the headers of the answer."""
    connection.putrequest(
        request.method,
        request.url.raw_path.decode("ascii"),
        skip_host=True,
        skip_accept_encoding=True,
    )
    for name, value in request.headers.raw:
        if _FORBIDDEN.search(value):
            raise forbidden_header()
        connection.putheader(name, value)
    connection.endheaders(request.read() or None)
    return connection.getresponse()


class _Response(http.client.HTTPResponse):
    """An answer with complete headers that is not an interim one (RFC 9110, section 15.2).

    `http.client` accepts the end of the stream as the end of the headers, and knows 100 as the
    only interim status.
    """

    headers: Any
    lines: "_Lines"

    def begin(self) -> None:
        self.fp = self.lines = _Lines(self.fp.detach())
        super().begin()
        while HTTPStatus.SWITCHING_PROTOCOLS < self.status < HTTPStatus.OK:
            self.headers = None
            super().begin()
        if self.lines.last not in {b"\r\n", b"\n"}:
            raise http.client.RemoteDisconnected("incomplete headers")


class _Lines(BufferedReader):
    """A stream that keeps the last line that was read."""

    last = b""

    def readline(self, size: int | None = -1, /) -> bytes:
        self.last = super().readline(size)
        return self.last


class _Body(httpx.SyncByteStream):
    """A body in the pieces in which it arrives, of at most 64 KiB each."""

    def __init__(self, response: http.client.HTTPResponse, *, close: Callable[[], None]) -> None:
        self._response = cast(_Response, response)
        self._close = close
        self._complete = False

    def __iter__(self) -> Iterator[bytes]:
        with translated(Phase.BODY):
            yield from self._pieces()
        self._complete = True

    def _pieces(self) -> Iterator[bytes]:
        response = self._response
        left = response.length
        try:
            while piece := response.read1(_PIECE if left is None else min(_PIECE, left)):
                yield piece
                left = None if left is None else left - len(piece)
        except http.client.IncompleteRead as error:
            # Raised for the end of the stream, and for a chunk size that is not a number.
            if isinstance(error.__context__, ValueError) and response.lines.last:
                raise not_http("invalid chunk header") from error
            raise
        if left:
            raise http.client.IncompleteRead(b"", left)

    def close(self) -> None:
        """A connection cannot be used again unless the body was read to its end."""
        self._response.close()
        if not self._complete:
            self._close()


def _open(
    host: str,
    port: int,
    *,
    context: ssl.SSLContext | None,
    connect_timeout: float,
    timeout: float,
    on_socket: Callable[[socket.socket], None],
) -> http.client.HTTPConnection:
    """A connection to `host`, by TLS if there is a `context`.

    `connect_timeout` is for TCP, `timeout` for each read and write after that; both in seconds.
    """
    raw = _connect(host, port, connect_timeout)
    on_socket(raw)
    try:
        raw.settimeout(timeout)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = http.client.HTTPConnection(host, port)
        connection.response_class = _Response
        connection.sock = raw
        if context is not None:
            connection.sock = _handshake(raw, context, host)
            on_socket(connection.sock)
    except BaseException:
        raw.close()
        raise
    return connection


def _handshake(raw: socket.socket, context: ssl.SSLContext, host: str) -> ssl.SSLSocket:
    try:
        return context.wrap_socket(raw, server_hostname=host)
    except (OSError, ValueError) as error:
        log.debug("TLS handshake with %s failed: %s", host, error)
        raise


def _connect(host: str, port: int, timeout: float) -> socket.socket:
    """A connection to the first address of `host` that accepts one (RFC 8305).

    Addresses of IPv6 and IPv4 alternate. Each gets `_ATTEMPT_DELAY` before the next one is tried
    as well: an address that drops packets, as IPv6 behind some routers, costs no more than that.
    `timeout` is in seconds, for all addresses.
    """
    families: dict[int, list[_Address]] = {}
    for family, *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        families.setdefault(family, []).append((family, address))
    addresses = [one for turn in zip_longest(*families.values()) for one in turn if one]
    if len(addresses) == 1:  # nothing to choose from: 4 % less CPU for each page
        ((family, address),) = addresses
        return _connected(family, address, timeout)
    with selectors.DefaultSelector() as attempts:
        try:
            return _first_connection(attempts, addresses, time.monotonic() + timeout)
        finally:
            for key in attempts.get_map().values():
                cast(socket.socket, key.fileobj).close()


def _connected(family: int, address: _Address, timeout: float) -> socket.socket:
    """A connection to the only address of a host."""
    only = socket.socket(family, socket.SOCK_STREAM)
    only.settimeout(timeout)
    try:
        only.connect(address)
    except OSError as error:
        only.close()
        log.debug("connecting to %s port %d: %s", *address[:2], error.strerror or "no answer")
        raise
    log.debug("connecting to %s port %d: connected", *address[:2])
    return only


def _first_connection(
    attempts: selectors.BaseSelector, addresses: list[_Address], until: float
) -> socket.socket:
    """Start the attempts one by one, and return the first to succeed; the others stay registered.

    If all fail, raise the first `OSError`: systems sort addresses without a route to the end,
    such as IPv6 on a machine that has none.
    """
    failure: OSError | None = None
    while (addresses or attempts.get_map()) and (left := until - time.monotonic()) > 0:
        try:
            if addresses:
                family, address = addresses.pop(0)
                attempts.register(_attempt(family, address), selectors.EVENT_WRITE, address)
            if connected := _completed(attempts, min(left, _ATTEMPT_DELAY) if addresses else left):
                return connected
        except OSError as error:
            failure = failure or error
    if addresses or attempts.get_map():
        for key in attempts.get_map().values():
            log.debug("connecting to %s port %d: no answer", *key.data[:2])
        raise TimeoutError("timed out")
    raise failure or OSError("no address")


def _attempt(family: int, address: _Address) -> socket.socket:
    """A socket that is being connected; raises `OSError` if that fails at once."""
    started = socket.socket(family, socket.SOCK_STREAM)
    started.setblocking(False)
    try:
        with suppress(BlockingIOError):
            started.connect(address)
    except OSError as error:
        started.close()
        log.debug("connecting to %s port %d: %s", *address[:2], error.strerror)
        raise
    return started


def _completed(attempts: selectors.BaseSelector, seconds: float) -> socket.socket | None:
    """The first socket to be connected within `seconds`; raises `OSError` if its attempt failed."""
    for key, _ in attempts.select(seconds):
        completed = cast(socket.socket, key.fileobj)
        attempts.unregister(completed)
        if code := completed.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            completed.close()
            error = OSError(code, _WINDOWS.get(code) or os.strerror(code))
            log.debug("connecting to %s port %d: %s", *key.data[:2], error.strerror)
            raise error
        log.debug("connecting to %s port %d: connected", *key.data[:2])
        return completed
    return None


def _is_stale(connected: socket.socket) -> bool:
    """Whether the server has closed the connection, or has sent unrequested data."""
    with selectors.DefaultSelector() as readable:
        readable.register(connected, selectors.EVENT_READ)
        return bool(readable.select(0))

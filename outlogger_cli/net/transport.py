"""HTTP/1.1 for httpx by the standard library: one connection, kept while its host stays the same.

httpx's own transport has to import a second HTTP implementation at every start and costs half as
much again for each page; this one speaks `http.client`, which is loaded anyway. It raises httpx's
exceptions and, like its own transport, tells the `trace` extension of its sockets. It knows no
proxies: those are httpx's own business.
"""

import http.client
import os
import re
import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http import HTTPStatus
from io import BufferedReader
from itertools import zip_longest
from typing import Any, cast

import httpx

_PIECE = 65536
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")

_HEAD_START = 0.25
"""Seconds that an address has before the next one is tried beside it (RFC 8305, section 5)."""

_WINDOWS: dict[int, str] = getattr(socket, "errorTab", {})
"""What Windows says of its own error codes, which `os.strerror` does not know."""

_Address = tuple[Any, ...]
Origin = tuple[str, str, int]


class Transport(httpx.BaseTransport):
    """Requests of one client, one after the other. `context` is for https."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._origin: Origin | None = None
        self._connection: http.client.HTTPConnection | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        connection = self._connected(request)
        with _translated(), self._dropped_where_it_fails():
            connection.putrequest(
                request.method,
                request.url.raw_path.decode("ascii"),
                skip_host=True,
                skip_accept_encoding=True,
            )
            for name, value in request.headers.raw:
                if _FORBIDDEN.search(value):
                    raise httpx.LocalProtocolError("a header that HTTP forbids")
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
        if response.will_close:
            self._forget()
        return httpx.Response(
            response.status,
            headers=[(k.encode("latin-1"), v.encode("latin-1")) for k, v in response.getheaders()],
            stream=_Body(response, close=self.close),
        )

    def close(self) -> None:
        """Drop the connection; the next request makes another."""
        connection = self._connection
        self._forget()
        if connection is not None:
            connection.close()

    @contextmanager
    def _dropped_where_it_fails(self) -> Iterator[None]:
        """What comes after an answer that was not understood would not be understood either."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _forget(self) -> None:
        self._origin = self._connection = None

    def _connected(self, request: httpx.Request) -> http.client.HTTPConnection:
        url, timeout = request.url, request.extensions["timeout"]
        origin = (
            url.scheme,
            url.raw_host.decode("ascii"),
            url.port or (443 if url.scheme == "https" else 80),
        )
        if self._connection is None or self._origin != origin or _is_over(self._connection.sock):
            self.close()
            self._connection = _connection(
                origin,
                context=self._context if url.scheme == "https" else None,
                timeout=timeout,
                told=request.extensions.get("trace", _ignore),
            )
            self._origin = origin
        self._connection.sock.settimeout(timeout["read"])
        return self._connection


class _Response(http.client.HTTPResponse):
    """An answer whose headers are whole, not one that only says that another is to come.

    `http.client` takes the end of the stream for the end of the headers, and knows of the interim
    answers (RFC 9110, 15.2) 100 alone.
    """

    headers: Any

    def begin(self) -> None:
        self.fp = lines = _Lines(self.fp.detach())
        super().begin()
        while HTTPStatus.SWITCHING_PROTOCOLS < self.status < HTTPStatus.OK:
            self.headers = None
            super().begin()
        if lines.last not in {b"\r\n", b"\n"}:
            raise http.client.RemoteDisconnected("the headers break off")


class _Lines(BufferedReader):
    """A stream that remembers the line it gave last."""

    last = b""

    def readline(self, size: int | None = -1, /) -> bytes:
        self.last = super().readline(size)
        return self.last


class _Body(httpx.SyncByteStream):
    """A body in the pieces it comes in, each at most 64 KiB."""

    def __init__(self, response: http.client.HTTPResponse, *, close: Callable[[], None]) -> None:
        self._response = response
        self._close = close
        self._whole = False

    def __iter__(self) -> Iterator[bytes]:
        with _translated():
            left = self._response.length
            while piece := self._response.read1(_PIECE if left is None else min(_PIECE, left)):
                yield piece
                left = None if left is None else left - len(piece)
            if left:
                raise http.client.IncompleteRead(b"", left)
        self._whole = True

    def close(self) -> None:
        """A connection whose body was not read to its end cannot be used again."""
        self._response.close()
        if not self._whole:
            self._close()


def _connection(
    origin: Origin,
    *,
    context: ssl.SSLContext | None,
    timeout: Mapping[str, float],
    told: Callable[[str, object], None],
) -> http.client.HTTPConnection:
    _, host, port = origin
    with _translated(connecting=True):
        raw = _reached(host, port, timeout["connect"])
        told("connection.connect_tcp.complete", {"return_value": _Stream(raw)})
        try:
            raw.settimeout(timeout["read"])
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = http.client.HTTPConnection(host, port)
            connection.response_class = _Response
            connection.sock = raw
            if context is not None:
                connection.sock = context.wrap_socket(raw, server_hostname=host)
                told("connection.start_tls.complete", {"return_value": _Stream(connection.sock)})
        except BaseException:
            raw.close()
            raise
    return connection


def _reached(host: str, port: int, timeout: float) -> socket.socket:
    """The first address that takes a connection, within `timeout` seconds for all of them.

    IPv6 and IPv4 take turns, and each address has `_HEAD_START` before the next is tried beside
    it: one that swallows packets, as IPv6 behind some routers, costs no more than that.
    """
    kinds: dict[int, list[_Address]] = {}
    for family, *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        kinds.setdefault(family, []).append((family, address))
    addresses = [one for turn in zip_longest(*kinds.values()) for one in turn if one]
    with selectors.DefaultSelector() as race:
        try:
            return _winner(race, addresses, time.monotonic() + timeout)
        finally:
            for key in race.get_map().values():
                cast(socket.socket, key.fileobj).close()


def _winner(race: selectors.BaseSelector, addresses: list[_Address], until: float) -> socket.socket:
    """The first to be connected; the others stay in the race. Raises the first one's `OSError`:
    the system puts those last that it has no way to, as IPv6 where there is none."""
    failure: OSError | None = None
    while (addresses or race.get_map()) and (left := until - time.monotonic()) > 0:
        try:
            if addresses:
                race.register(_setting_out(*addresses.pop(0)), selectors.EVENT_WRITE)
            if winner := _arrived(race, min(left, _HEAD_START) if addresses else left):
                return winner
        except OSError as error:
            failure = failure or error
    if addresses or race.get_map():
        raise TimeoutError("timed out")
    raise failure or OSError("no address")


def _setting_out(family: int, address: _Address) -> socket.socket:
    """A connection that is about to be made; raises `OSError` where it fails at once."""
    runner = socket.socket(family, socket.SOCK_STREAM)
    runner.setblocking(False)
    try:
        with suppress(BlockingIOError):
            runner.connect(address)
    except OSError:
        runner.close()
        raise
    return runner


def _arrived(race: selectors.BaseSelector, patience: float) -> socket.socket | None:
    """The first connection to be made within `patience` seconds; raises `OSError` where the first
    to end has failed."""
    for key, _ in race.select(patience):
        runner = cast(socket.socket, key.fileobj)
        race.unregister(runner)
        if code := runner.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            runner.close()
            raise OSError(code, _WINDOWS.get(code) or os.strerror(code))
        return runner
    return None


class _Stream:
    """What the `trace` extension calls a network stream."""

    def __init__(self, connected: socket.socket) -> None:
        self._connected = connected

    def get_extra_info(self, name: str) -> socket.socket | None:
        return self._connected if name == "socket" else None


def _ignore(_event: str, _info: object) -> None:
    """For a request nobody traces."""


def _is_over(connected: socket.socket) -> bool:
    """Whether the other side has hung up, or said what nobody asked for."""
    with selectors.DefaultSelector() as watch:
        watch.register(connected, selectors.EVENT_READ)
        return bool(watch.select(0))


@contextmanager
def _translated(*, connecting: bool = False) -> Iterator[None]:
    """Errors of sockets and of `http.client` as httpx's own, with the first one as the cause."""
    try:
        yield
    except TimeoutError as error:
        kind = httpx.ConnectTimeout if connecting else httpx.ReadTimeout
        raise kind(str(error)) from error
    except http.client.RemoteDisconnected as error:
        said = "Server disconnected without sending a response."
        raise httpx.RemoteProtocolError(said) from error
    except http.client.IncompleteRead as error:
        raise httpx.RemoteProtocolError(_breaking_off(error)) from error
    except http.client.BadStatusLine as error:
        raise httpx.RemoteProtocolError("illegal status line") from error
    except OSError as error:
        wanted = httpx.ConnectError if connecting else httpx.ReadError
        raise wanted(str(error)) from error
    except (http.client.HTTPException, ValueError) as error:
        wrong = httpx.ConnectError if connecting else httpx.RemoteProtocolError
        many = isinstance(error, http.client.LineTooLong) or "got more than" in str(error)
        raise wrong("buffer too long" if many else str(error)) from error


def _breaking_off(error: http.client.IncompleteRead) -> str:
    """What ended a body before its end: the other side, or the size of a chunk that is none."""
    size = error.__context__
    if isinstance(size, ValueError) and not str(size).endswith(": b''"):
        return "illegal chunk header"
    return "peer closed connection without sending complete message body"

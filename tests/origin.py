"""Real servers on loopback for the network tests: an HTTPS origin that can misbehave, and a proxy.

A fault is a function of the connection, so a route may be a reply, a fault, or a list of both:

    with Origin(routes={"/api/v2/summary.json": [reset, Reply(body={"page": {}})]}) as origin:
        client.get(f"{origin.url}/api/v2/summary.json")

Nothing here outlives its `with` block, and no connection is served for more than `LIMIT` seconds.
"""

import atexit
import gzip
import json
import shutil
import socket
import ssl
import struct
import tempfile
import threading
import time
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from http import HTTPStatus
from http.client import parse_headers
from itertools import chain, repeat
from pathlib import Path
from typing import Literal, Self, assert_never

import pytest
import trustme

LIMIT = 30.0

Certificate = Literal["good", "expired", "self_signed", "wrong_host", "unknown_authority"]
Fault = Callable[["Connection"], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it arrived; the names of `headers` are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A good answer. A body that is not bytes goes out as JSON, compressed only where accepted."""

    status: int = 200
    body: object = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    gzip: bool = False
    etag: str | None = None


Answer = Reply | Fault
Route = Answer | Sequence[Answer]


def redirect(location: str | None, *, status: int = 302) -> Reply:
    """An answer that sends the client to `location`, or nowhere at all."""
    return Reply(status=status, headers={} if location is None else {"Location": location})


def closed_port() -> int:
    """A port on 127.0.0.1 that refuses every connection for as long as the process lives."""
    port: int = _refusing().getsockname()[1]
    return port


@cache
def _refusing() -> socket.socket:
    bound = socket.socket()
    atexit.register(bound.close)
    bound.bind(("127.0.0.1", 0))  # bound and never listening: nobody else can take the port
    return bound


# Certificates


def cacert() -> Path:
    """The PEM file of the authority that signs every good certificate of this process."""
    return _cacert(_authority())


@cache
def _authority() -> trustme.CA:
    return trustme.CA()


@cache
def _cacert(authority: trustme.CA) -> Path:
    folder = tempfile.mkdtemp(prefix="outlogger-origin-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / "cacert.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@cache
def _certificate(kind: Certificate, names: tuple[str, ...]) -> trustme.LeafCert:
    match kind:
        case "good":
            return _authority().issue_cert(*names)
        case "expired":
            began, ended = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC)
            return _authority().issue_cert(*names, not_before=began, not_after=ended)
        case "wrong_host":
            return _authority().issue_cert("elsewhere.example")
        case "unknown_authority":
            return trustme.CA().issue_cert(*names)
        case "self_signed":
            other = trustme.CA()
            return trustme.LeafCert(other.private_key_pem.bytes(), other.cert_pem.bytes(), [])
        case _:
            assert_never(kind)


@cache
def _context(
    kind: Certificate, names: tuple[str, ...], tls_max: ssl.TLSVersion | None
) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _certificate(kind, names).configure_cert(context)
    if tls_max is not None:
        _limit(context, tls_max)
    return context


def _limit(context: ssl.SSLContext, version: ssl.TLSVersion) -> None:
    """Let the context speak nothing newer than `version`; skips the test where OpenSSL cannot."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
    except (ValueError, ssl.SSLError) as error:
        pytest.skip(f"this OpenSSL cannot serve {version.name}: {error}")


# Servers


class Connection:
    """One client: its socket, the request it made last, and how long it may still be served."""

    def __init__(self, sock: socket.socket, closing: threading.Event) -> None:
        self.socket = sock
        self.closing = closing
        self.request = Request(method="", path="", headers={})
        self._ends = time.monotonic() + LIMIT

    def left(self) -> float:
        """Seconds until this connection must end: 0 once its server is closing."""
        return 0.0 if self.closing.is_set() else max(0.0, self._ends - time.monotonic())

    def arm(self) -> None:
        """Let no call on the socket take longer than the connection may."""
        self.socket.settimeout(self.left() or 0.001)

    def send(self, data: bytes) -> None:
        """Send it all, or raise OSError."""
        self.arm()
        self.socket.sendall(data)

    def pause(self, seconds: float = LIMIT) -> bool:
        """Let time pass; whether the connection must end now."""
        self.closing.wait(min(seconds, self.left()))
        return not self.left()

    def requests(self) -> Iterator[Request]:
        """Every request the client makes, until it goes away."""
        with self.socket.makefile("rb") as reader:
            while self.left():
                self.arm()
                words = reader.readline(65536).decode("latin-1").split()
                if len(words) != 3:
                    return
                headers = {name.lower(): value for name, value in parse_headers(reader).items()}
                body = reader.read(int(headers.get("content-length", "0")))
                self.request = Request(method=words[0], path=words[1], headers=headers, body=body)
                yield self.request
                if headers.get("connection") == "close":
                    return


class Server:
    """Listens on loopback and serves each connection in a thread of its own until it is closed."""

    def __init__(self, host: str) -> None:
        self.seen: list[Request] = []
        self.connections: list[Connection] = []
        self.closing = threading.Event()
        self._listener = socket.create_server((host, 0), backlog=128)
        self.host, self.port = host, int(self._listener.getsockname()[1])
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Cut off every client and wait until all threads are gone. Safe to repeat."""
        self.closing.set()
        with suppress(OSError):
            socket.create_connection((self.host, self.port), timeout=1).close()  # wakes accept()
        for connection in self.connections:
            with suppress(OSError):
                socket.socket.shutdown(connection.socket, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(LIMIT)

    def serve(self, connection: Connection) -> None:
        """Answer one client; OSError means that it went away."""
        raise NotImplementedError

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with self._listener:
            while True:
                connection = Connection(self._listener.accept()[0], self.closing)
                if self.closing.is_set():
                    return connection.socket.close()
                self.connections.append(connection)
                self._start(partial(self._serve, connection))

    def _serve(self, connection: Connection) -> None:
        with suppress(OSError):
            self.serve(connection)
        connection.socket.close()


class Origin(Server):
    """An HTTP/1.1 server: paths to replies and faults, `*` for every other path, 404 without it.

    `on_connect` is a fault that takes the place of the TLS handshake. Good certificates are for
    the host and `names`.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        *,
        tls: bool = True,
        routes: Mapping[str, Route] | None = None,
        certificate: Certificate = "good",
        names: tuple[str, ...] = (),
        tls_max: ssl.TLSVersion | None = None,
        on_connect: Fault | None = None,
    ) -> None:
        self._context = _context(certificate, (host, *names), tls_max) if tls else None
        self._answers: dict[str, Iterator[Answer]] = {}
        for path, route in (routes or {}).items():
            self.route(path, route)
        self._on_connect = on_connect
        super().__init__(host)

    @property
    def url(self) -> str:
        scheme = "http" if self._context is None else "https"
        return f"{scheme}://{self.host}:{self.port}"

    def route(self, path: str, route: Route) -> None:
        """From now on, answer `path` with `route`: of a list one a request, the last for ever."""
        answers = route if isinstance(route, Sequence) else (route,)
        self._answers[path] = chain(answers, repeat(answers[-1]))

    def serve(self, connection: Connection) -> None:
        if self._on_connect is not None:
            return self._on_connect(connection)
        if self._context is not None:
            self._greet(connection, self._context)
        for request in connection.requests():
            self.seen.append(request)
            answer = self._answer(request.path)
            if not isinstance(answer, Reply):
                return answer(connection)
            connection.send(_wire(answer, request))
        return close(connection)

    def _greet(self, connection: Connection, context: ssl.SSLContext) -> None:
        sock = connection.socket
        secure = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        connection.socket = secure
        connection.arm()
        secure.do_handshake()

    def _answer(self, path: str) -> Answer:
        for known in (path, path.partition("?")[0], "*"):
            if known in self._answers:
                return next(self._answers[known])
        return Reply(status=404)


class Proxy(Server):
    """A CONNECT proxy. `refuse` answers with that status; `to` takes every tunnel to one server."""

    def __init__(self, *, refuse: int | None = None, to: Server | None = None) -> None:
        self._refuse = refuse
        self._to = to
        super().__init__("127.0.0.1")

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def serve(self, connection: Connection) -> None:
        request = next(connection.requests(), None)
        if request is None:
            return
        self.seen.append(request)
        if self._refuse is not None or request.method != "CONNECT":
            connection.send(_wire(Reply(status=self._refuse or 405), request))
            return
        host, _, port = request.path.rpartition(":")
        address = (self._to.host, self._to.port) if self._to else (host, int(port))
        with socket.create_connection(address, timeout=connection.left()) as upstream:
            self.connections.append(Connection(upstream, self.closing))
            connection.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._start(partial(_pump, upstream, connection.socket))
            _pump(connection.socket, upstream)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


def _wire(reply: Reply, request: Request) -> bytes:
    headers = {"Content-Type": "application/json", **reply.headers}
    status, body = reply.status, _body(reply.body)
    if reply.etag is not None:
        headers["ETag"] = reply.etag
        if request.headers.get("if-none-match") == reply.etag:
            status, body = 304, b""
    if reply.gzip and body and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, mtime=0)
    if status not in (204, 304):
        headers["Content-Length"] = str(len(body))
    return head(status, **headers) + (b"" if request.method == "HEAD" else body)


def _body(body: object) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


# Faults


def head(status: int = 200, **headers: str) -> bytes:
    """A status line and headers, as far as the empty line."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def close(connection: Connection) -> None:
    """End in good order, TLS included; does not wait for the client's goodbye."""
    connection.socket.settimeout(0)
    if isinstance(connection.socket, ssl.SSLSocket):
        with suppress(OSError):
            connection.socket.unwrap()


def cut(connection: Connection) -> None:
    """End the TCP stream without a word of TLS."""
    with suppress(OSError):
        socket.socket.shutdown(connection.socket, socket.SHUT_RDWR)


def reset(connection: Connection) -> None:
    """Drop the connection so that the client's system reports a reset.

    Inside TLS, Python 3.11 tells its callers of an early end instead.
    """
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.socket.close()


def hang(connection: Connection) -> None:
    """Keep the connection open and say nothing; as `on_connect`, a silent handshake."""
    while not connection.pause():
        pass


def half_close(connection: Connection) -> None:
    """Say that no more will be sent, and keep listening."""
    socket.socket.shutdown(connection.socket, socket.SHUT_WR)
    hang(connection)


def send(data: bytes, *, then: Fault = close) -> Fault:
    """A fault that says exactly `data`, and goes on with `then`."""

    def fault(connection: Connection) -> None:
        connection.send(data)
        then(connection)

    return fault


def drip(data: bytes, *, interval: float = 0.1, after: bytes = b"") -> Fault:
    """A fault that says `after` at once and then `data`, one byte every `interval` seconds."""

    def fault(connection: Connection) -> None:
        connection.send(after)
        for byte in data:
            if connection.pause(interval):
                return
            connection.send(bytes([byte]))
        close(connection)

    return fault


def endless(data: bytes, *, after: bytes) -> Fault:
    """A fault that says `after`, and then `data` over and over."""

    def fault(connection: Connection) -> None:
        connection.send(after)
        while connection.left():
            connection.send(data)

    return fault


def redirect_loop(connection: Connection) -> None:
    """Send the client back to where it is."""
    connection.send(head(302, Location=connection.request.path, Connection="close"))


def redirect_onward(connection: Connection) -> None:
    """Send the client to a new place every time; needs the route `*`."""
    connection.send(head(302, Location=f"{connection.request.path}x", Connection="close"))


def gzip_bomb(connection: Connection) -> None:
    """An honest gzip of a JSON document, about a megabyte on the wire and over 1 GiB outside."""
    bomb = _bomb()
    connection.send(head(Content_Encoding="gzip", Content_Length=str(len(bomb))) + bomb)
    close(connection)


@cache
def _bomb(blocks: int = 1025, size: int = 1 << 20) -> bytes:
    """The compressed block is the same every time after a full flush, so it is made only once."""
    spaces = b" " * size
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(spaces) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.compress(b"{}") + packer.flush()
    checksum = 0
    for _ in range(blocks):
        checksum = zlib.crc32(spaces, checksum)
    checksum, length = zlib.crc32(b"{}", checksum), blocks * size + 2
    start = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    return start + block * blocks + end + struct.pack("<II", checksum, length)


_SIXTEEN = head(Content_Type="application/json", Content_Length="16")
_CHUNKED = head(Content_Type="application/json", Transfer_Encoding="chunked")
_GZIPPED = head(Content_Encoding="gzip", Content_Length="16")

drip_headers = drip(_SIXTEEN)
drip_body = drip(b'{"page": "slow"}', after=_SIXTEEN)
hang_mid_body = send(_SIXTEEN + b'{"page"', then=hang)
reset_mid_body = send(_SIXTEEN + b'{"page"', then=reset)
cut_mid_body = send(_SIXTEEN + b'{"page"', then=cut)
half_close_mid_body = send(_SIXTEEN + b'{"page"', then=half_close)
length_too_long = send(_SIXTEEN + b"{}")
length_too_short = send(head(Content_Length="2") + b'{"page": "longer"}')
endless_body = endless(b" " * 65536, after=head(Content_Type="application/json"))
endless_headers = endless(b"X-More: and more\r\n", after=b"HTTP/1.1 200 OK\r\n")
huge_header = send(head(X_Huge="a" * (1 << 20), Content_Length="2") + b"{}")
bad_gzip = send(_GZIPPED + b"this is no gzip!")
truncated_gzip = send(_GZIPPED + gzip.compress(b'{"page": "whole"}', mtime=0)[:16])
bad_chunking = send(_CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n")
truncated_chunked = send(_CHUNKED + b"10\r\n{}")
unknown_encoding = send(head(Content_Encoding="snappy", Content_Length="2") + b"{}")
garbage = send(bytes(range(256)))
http_0_9 = send(b'{"page": "without a status line"}')
empty_answer = send(b"")
continue_then_hang = send(b"HTTP/1.1 100 Continue\r\n\r\n", then=hang)

redirect_nowhere = redirect(None)
redirect_to_root = redirect("/")
redirect_to_file = redirect("file:///etc/passwd")

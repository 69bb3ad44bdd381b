"""Real servers on loopback for network tests: an HTTPS origin that can misbehave, and a proxy.

A fault is a function of the connection, so a route may be a reply, a fault, or a list of both:

    with Origin(routes={"/summary.json": [faults.reset, Reply(body={"page": {}})]}) as origin:
        client.get(f"{origin.url}/summary.json")

Nothing here outlives its `with` block, and no connection is served for more than `LIMIT` seconds.
"""

import atexit
import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from http import HTTPStatus
from http.client import parse_headers
from itertools import chain, repeat
from typing import Self

from outlogger_cli.net.proxy import Proxy as ProxyAddress
from tests.origin.certificates import Certificate, cacert, server_context

__all__ = [
    "LIMIT",
    "Answer",
    "Certificate",
    "Connection",
    "Fault",
    "Origin",
    "Proxy",
    "Reply",
    "Request",
    "Route",
    "Server",
    "cacert",
    "close",
    "closed_port",
    "head",
    "redirect",
]

LIMIT = 30.0

Fault = Callable[["Connection"], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as received; the names of `headers` are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A valid answer. A body other than bytes is sent as JSON, compressed if accepted."""

    status: int = 200
    body: object = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    gzip: bool = False
    etag: str | None = None


Answer = Reply | Fault
Route = Answer | Sequence[Answer]


def redirect(location: str | None, *, status: int = 302) -> Reply:
    """A redirect to `location`, or one without a location."""
    return Reply(status=status, headers={} if location is None else {"Location": location})


def closed_port() -> int:
    """A port on 127.0.0.1 that refuses connections as long as the process runs."""
    port: int = _refusing().getsockname()[1]
    return port


@cache
def _refusing() -> socket.socket:
    bound = socket.socket()
    atexit.register(bound.close)
    bound.bind(("127.0.0.1", 0))  # bound but not listening: no other process can use the port
    return bound


class Connection:
    """One client: its socket, its last request, and the time it may still be served."""

    def __init__(self, sock: socket.socket, closing: threading.Event) -> None:
        self.socket = sock
        self.closing = closing
        self.request = Request(method="", path="", headers={})
        self._ends = time.monotonic() + LIMIT

    def left(self) -> float:
        """Seconds until this connection must end: 0 once its server is closing."""
        return 0.0 if self.closing.is_set() else max(0.0, self._ends - time.monotonic())

    def arm(self) -> None:
        """Limit calls on the socket to the time that is left."""
        self.socket.settimeout(self.left() or 0.001)

    def send(self, data: bytes) -> None:
        """Send all of `data`; raises OSError."""
        self.arm()
        self.socket.sendall(data)

    def pause(self, seconds: float = LIMIT) -> bool:
        """Wait so many seconds; returns whether the connection must end now."""
        self.closing.wait(min(seconds, self.left()))
        return not self.left()

    def requests(self) -> Iterator[Request]:
        """The requests of the client, until it disconnects."""
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
    """A server on loopback with one thread per connection."""

    def __init__(self, host: str) -> None:
        self.seen: list[Request] = []
        self.connections: list[Connection] = []
        self.closing = threading.Event()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family, backlog=128)
        self.host, self.port = host, int(self._listener.getsockname()[1])
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Disconnect all clients and wait for all threads. May be called again."""
        self.closing.set()
        with suppress(OSError):
            socket.create_connection((self.host, self.port), timeout=1).close()  # wakes accept()
        for connection in self.connections:
            with suppress(OSError):
                socket.socket.shutdown(connection.socket, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(LIMIT)

    def serve(self, connection: Connection) -> None:
        """Answer one client; an OSError means that it has disconnected."""
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
    """An HTTP/1.1 server: paths with replies and faults, `*` for all other paths, else 404.

    `on_connect` is a fault that replaces the TLS handshake. Valid certificates are for the host
    and `names`. `client` says whether clients must have a certificate.
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
        client: ssl.VerifyMode = ssl.CERT_NONE,
        on_connect: Fault | None = None,
    ) -> None:
        hosts = (host, *names)
        self._context = server_context(certificate, hosts, tls_max, client) if tls else None
        self._answers: dict[str, Iterator[Answer]] = {}
        for path, route in (routes or {}).items():
            self.route(path, route)
        self._on_connect = on_connect
        super().__init__(host)

    @property
    def url(self) -> str:
        scheme = "http" if self._context is None else "https"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"

    def route(self, path: str, route: Route) -> None:
        """Answer `path` with `route` from now on; a list is one per request, its last repeats."""
        answers = route if isinstance(route, Sequence) else (route,)
        self._answers[path] = chain(answers, repeat(answers[-1]))

    def serve(self, connection: Connection) -> None:
        if self._on_connect is not None:
            return self._on_connect(connection)
        if self._context is not None:
            self._shake_hands(connection, self._context)
        for request in connection.requests():
            self.seen.append(request)
            answer = self._answer(request.path)
            if not isinstance(answer, Reply):
                return answer(connection)
            connection.send(_wire(answer, request))
        return close(connection)

    def _shake_hands(self, connection: Connection, context: ssl.SSLContext) -> None:
        sock = connection.socket
        secure = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        connection.socket = secure
        connection.arm()
        try:
            secure.do_handshake()
        except ssl.SSLError:
            _drain(secure)
            raise

    def _answer(self, path: str) -> Answer:
        for known in (path, path.partition("?")[0], "*"):
            if known in self._answers:
                return next(self._answers[known])
        return Reply(status=404)


class Proxy(Server):
    """A CONNECT proxy. `refuse` is the status to refuse with; `to` is the end of every tunnel."""

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


def _drain(connected: socket.socket) -> None:
    """Read the rest of the input: closing before that resets the connection and loses the alert."""
    while socket.socket.recv(connected, 65536):
        pass


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


def head(status: int = 200, **headers: str) -> bytes:
    """A status line and headers, with the empty line."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def close(connection: Connection) -> None:
    """Shut down properly, TLS included, without waiting for the client's close_notify."""
    connection.socket.settimeout(0)
    if isinstance(connection.socket, ssl.SSLSocket):
        with suppress(OSError):
            connection.socket.unwrap()


def proxied_by(address: str) -> dict[str, ProxyAddress | None]:
    """The proxies of a network if `all_proxy` names this one."""
    return {"all://": ProxyAddress(address=address, variable="all_proxy")}

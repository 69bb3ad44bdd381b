"""The drill server: a page's documents over HTTP on 127.0.0.1, with the faults of real pages.

It answers GET for the documents it was given, and serves no file.
"""

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from itertools import cycle
from socketserver import ThreadingTCPServer
from typing import Self

SLOW_SECONDS = 0.5
"""How long each answer of a slow page takes: long enough to be seen on a live table."""

_POLL_SECONDS = 0.02
_NOT_FOUND = (HTTPStatus.NOT_FOUND, b"")
_DEAD = (HTTPStatus.INTERNAL_SERVER_ERROR, b"")
_HTML = (
    HTTPStatus.OK,
    b"<!DOCTYPE html><html><head><title>Status</title></head><body>A web page.</body></html>",
)


class Fault(StrEnum):
    """What is wrong with the page. `dns` never reaches the server: its name has no address."""

    TIMEOUT = "timeout"
    DNS = "dns"
    TLS = "tls"
    HTML = "html"
    SERVER_ERROR = "500"
    SLOW = "slow"


_FIXED_ANSWERS = {Fault.HTML: _HTML, Fault.SERVER_ERROR: _DEAD}
"""The faults with one answer to every request."""


class Server(ThreadingTCPServer):
    """Answers on a free port of 127.0.0.1 from the start of its `with` block to the end.

    `pages` has for each host the documents by path for the first reading of its page, the second,
    ... and then from the start again. A request for the first document begins a reading. After
    `good_readings` of them every answer is HTTP 500. A single page answers for every host.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        pages: Mapping[str, Sequence[Mapping[str, bytes]]],
        *,
        good_readings: int | None = None,
        fault: Fault | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fault = fault
        self.closing = threading.Event()
        self._pages = {host: _Page(readings) for host, readings in pages.items()}
        self._good_readings = good_readings
        self._lock = threading.Lock()

    @property
    def origin(self) -> str:
        scheme = "https" if self.fault is Fault.TLS else "http"
        return f"{scheme}://127.0.0.1:{self.server_address[1]}"

    def answer(self, host: str, path: str) -> tuple[HTTPStatus, bytes]:
        """Status and body for `path` at `host`; each call is one request."""
        if self.fault in _FIXED_ANSWERS:
            return _FIXED_ANSWERS[self.fault]
        only = next(iter(self._pages.values())) if len(self._pages) == 1 else None
        page = self._pages.get(host, only)
        with self._lock:
            body = page.document(path) if page else None
            if page is None or body is None:
                return _NOT_FOUND
            dead = self._good_readings is not None and page.begun > self._good_readings
            return _DEAD if dead else (HTTPStatus.OK, body)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()


class _Page:
    """The documents of one page, and how many readings of it have begun."""

    def __init__(self, readings: Sequence[Mapping[str, bytes]]) -> None:
        self.begun = 0
        self._first = next(iter(readings[0]))
        self._readings = cycle(readings)
        self._documents = readings[0]

    def document(self, path: str) -> bytes | None:
        if path == self._first:
            self._documents = next(self._readings)
            self.begun += 1
        return self._documents.get(path)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def handle(self) -> None:
        with suppress(OSError):  # the client went away
            if self.server.fault is Fault.TLS:
                self._refuse_tls()
            else:
                super().handle()

    def do_GET(self) -> None:
        """Answer, late or never if that is the fault."""
        fault = self.server.fault
        if fault is Fault.TIMEOUT:
            self.server.closing.wait()
            self.close_connection = True
            return
        if fault is Fault.SLOW:
            self.server.closing.wait(SLOW_SECONDS)
        status, body = self.server.answer(self.headers.get("Host", ""), self.path.partition("?")[0])
        self.send_response(status)
        html = body.startswith(b"<")
        self.send_header("Content-Type", "text/html" if html else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _refuse_tls(self) -> None:
        """Answer the client's TLS handshake in plain HTTP, as a server without TLS does."""
        self.connection.recv(65536)
        self.wfile.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Log nothing: the output is that of the command."""

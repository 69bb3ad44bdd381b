"""The drill server: what it answers, its readings in turn, and its faults."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection

import pytest

from outlogger_cli.drill import server as drill_server
from outlogger_cli.drill.server import Fault, Server

HOST = "status.acme.example"
READING = {"/summary.json": b'{"first": 1}', "/page": b"<html></html>"}
NEXT = {"/summary.json": b'{"second": 2}'}


def get(server: Server, path: str) -> tuple[int, str | None, bytes]:
    connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type"), answer.read()
    finally:
        connection.close()


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    address = ("127.0.0.1", int(server.server_address[1]))
    with socket.create_connection(address, timeout=10) as client:
        yield client


class Clock(threading.Event):
    """Notes how long it was waited for. Only who has no limit waits."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []
        self.waited = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        self.waited.set()
        return super().wait(0 if timeout else None)


def test_documents_are_answered_and_nothing_else() -> None:
    with Server({HOST: [READING]}) as server:
        assert get(server, "/summary.json?x=1") == (200, "application/json", b'{"first": 1}')
        assert get(server, "/page") == (200, "text/html", b"<html></html>")
        assert get(server, "/../etc/passwd")[::2] == (404, b"")
        assert server.server_address[0] == "127.0.0.1"


def test_several_pages_are_told_apart_by_their_host() -> None:
    server = Server({HOST: [READING], "other.example": [NEXT]})
    with server:
        assert server.answer(HOST, "/summary.json")[1] == b'{"first": 1}'
        assert server.answer("other.example", "/summary.json")[1] == b'{"second": 2}'
        assert server.answer("unknown.example", "/summary.json")[0] == 404


def test_each_reading_begins_with_the_first_document_and_they_are_repeated() -> None:
    server = Server({HOST: [READING, NEXT]})
    with server:
        answers = [server.answer(HOST, "/summary.json"), server.answer(HOST, "/page")]
        answers += [server.answer(HOST, "/summary.json"), server.answer(HOST, "/page")]
        answers += [server.answer(HOST, "/summary.json")]
    assert answers == [
        (HTTPStatus.OK, b'{"first": 1}'),
        (HTTPStatus.OK, b"<html></html>"),
        (HTTPStatus.OK, b'{"second": 2}'),
        (HTTPStatus.NOT_FOUND, b""),
        (HTTPStatus.OK, b'{"first": 1}'),
    ]


def test_after_its_good_readings_a_page_is_dead() -> None:
    with Server({HOST: [READING]}, good_readings=1) as server:
        paths = ("/summary.json", "/nowhere", "/page", "/summary.json", "/page")
        assert [server.answer(HOST, path)[0] for path in paths] == [200, 404, 200, 500, 500]


def test_a_slow_page_waits_before_every_answer() -> None:
    with Server({HOST: [READING]}, fault=Fault.SLOW) as server:
        server.closing = clock = Clock()
        get(server, "/page")
        get(server, "/nowhere")
    assert clock.waits == [drill_server.SLOW_SECONDS, drill_server.SLOW_SECONDS]


def test_a_page_that_never_answers_closes_its_connections_when_the_drill_ends() -> None:
    with Server({HOST: [READING]}, fault=Fault.TIMEOUT) as server, connected(server) as client:
        server.closing = clock = Clock()
        client.sendall(b"GET /page HTTP/1.1\r\n\r\n")
        assert clock.waited.wait(10)
        server.__exit__()
        assert client.recv(1) == b""


def test_a_page_without_tls_answers_in_plain_text() -> None:
    with Server({HOST: [READING]}, fault=Fault.TLS) as server, connected(server) as client:
        assert server.origin == f"https://127.0.0.1:{server.server_address[1]}"
        client.sendall(b"\x16\x03\x01")
        assert client.recv(64).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_a_client_that_disconnects_is_ignored(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with Server({HOST: [READING]}) as server:
        with connected(server) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(b"GET /page")
        assert get(server, "/page")[0] == 200
    assert capfd.readouterr() == ("", "")


def test_nothing_listens_after_the_drill() -> None:
    with Server({HOST: [READING]}) as server:
        pass
    with pytest.raises(ConnectionRefusedError), connected(server):
        pass

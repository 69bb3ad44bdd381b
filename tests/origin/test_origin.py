"""The servers of the network tests, seen with clients of the standard library."""

import gzip
import json
import socket
import ssl
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection

import pytest

from tests.origin import (
    LIMIT,
    Certificate,
    Fault,
    Origin,
    Proxy,
    Reply,
    Route,
    cacert,
    closed_port,
    faults,
    redirect,
)

PATIENCE = 0.2  # how long a client waits for a server that never answers


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(cacert()))


@contextmanager
def requested(
    origin: Origin, path: str = "/", headers: Mapping[str, str] | None = None, timeout: float = 10
) -> Iterator[HTTPResponse]:
    client = HTTPSConnection(origin.host, origin.port, context=trusting(), timeout=timeout)
    try:
        client.request("GET", path, headers=headers or {})
        yield client.getresponse()
    finally:
        client.close()


def answer_to(fault: Fault, timeout: float = 10) -> bytes:
    """All bytes of the answer of an origin without TLS; TimeoutError if it does not end."""
    with (
        Origin(tls=False, routes={"*": fault}) as origin,
        socket.create_connection((origin.host, origin.port), timeout) as client,
    ):
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        return b"".join(iter(lambda: client.recv(65536), b""))


def test_answers_requests_over_one_connection_and_records_them() -> None:
    routes = {"/a": Reply(body={"page": 1}), "/b": Reply(status=503, headers={"Retry-After": "7"})}
    with Origin(routes=routes) as origin:
        client = HTTPSConnection(origin.host, origin.port, context=trusting())
        client.request("GET", "/a?now", headers={"X-Name": "value"})
        first = client.getresponse()
        assert (first.status, json.loads(first.read())) == (200, {"page": 1})
        client.request("POST", "/b", body=b"sent")
        second = client.getresponse()
        assert (second.status, second.headers["Retry-After"], second.read()) == (503, "7", b"")
        client.request("HEAD", "/nowhere")
        assert client.getresponse().status == 404
        client.close()
    seen = [(request.method, request.path, request.body) for request in origin.seen]
    assert seen == [("GET", "/a?now", b""), ("POST", "/b", b"sent"), ("HEAD", "/nowhere", b"")]
    assert origin.seen[0].headers["x-name"] == "value"
    assert len(origin.connections) == 1


def test_a_list_of_answers_is_given_in_order_and_the_last_repeats() -> None:
    with Origin(routes={"/": [faults.reset, Reply(status=429), Reply()]}) as origin:
        with pytest.raises(ConnectionResetError), requested(origin):
            pass
        statuses = []
        for _ in range(3):
            with requested(origin) as response:
                statuses.append(response.status)
        origin.route("/", Reply(status=410))
        with requested(origin) as response:
            statuses.append(response.status)
    assert statuses == [429, 200, 200, 410]


def test_compresses_if_accepted_and_honours_an_etag() -> None:
    with Origin(routes={"/": Reply(body=b"{}", gzip=True, etag='"1"')}) as origin:
        with requested(origin, headers={"Accept-Encoding": "gzip"}) as response:
            assert response.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(response.read()) == b"{}"
        with requested(origin) as response:
            assert (response.headers["ETag"], response.read()) == ('"1"', b"{}")
        with requested(origin, headers={"If-None-Match": '"1"'}) as response:
            assert (response.status, response.read()) == (304, b"")
        with requested(origin, headers={"If-None-Match": '"2"'}) as response:
            assert response.status == 200


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        ("expired", "certificate has expired"),
        ("self_signed", "self-signed certificate"),
        ("unknown_authority", "unable to get local issuer certificate"),
        ("wrong_host", "IP address mismatch"),
    ],
)
def test_an_invalid_certificate_fails_for_its_reason(certificate: Certificate, reason: str) -> None:
    with (
        Origin(certificate=certificate) as origin,
        pytest.raises(ssl.SSLCertVerificationError, match=reason),
        requested(origin),
    ):
        pass


def test_a_valid_certificate_is_for_every_given_name() -> None:
    with (
        Origin("127.0.0.3", names=("status.acme.example",)) as origin,
        socket.create_connection((origin.host, origin.port)) as sock,
        trusting().wrap_socket(sock, server_hostname="status.acme.example") as client,
    ):
        assert client.version() == "TLSv1.3"


def test_an_old_tls_version_is_refused_by_a_current_client() -> None:
    with (
        Origin(tls_max=ssl.TLSVersion.TLSv1_1) as origin,
        pytest.raises(ssl.SSLError, match=r"(?i)protocol.version|legacy.sigalg"),
        requested(origin),
    ):
        pass


@pytest.mark.parametrize("on_connect", [faults.hang, faults.half_close])
def test_a_silent_handshake_sends_nothing(on_connect: Fault) -> None:
    with (
        Origin(on_connect=on_connect) as origin,
        pytest.raises((TimeoutError, ssl.SSLEOFError, ssl.SSLZeroReturnError)),
        requested(origin, timeout=PATIENCE),
    ):
        pass
    assert origin.seen == []


@pytest.mark.parametrize("fault", [faults.hang, faults.hang_mid_body, faults.continue_then_hang])
def test_a_hanging_answer_sends_nothing_more(fault: Fault) -> None:
    with (
        Origin(routes={"/": fault}) as origin,
        pytest.raises(TimeoutError),
        requested(origin, timeout=PATIENCE) as response,
    ):
        response.read()


def test_a_drip_sends_every_byte_and_waits_before_each() -> None:
    assert answer_to(faults.drip(b"bytes", interval=0, after=b"headers and ")) == (
        b"headers and bytes"
    )
    with pytest.raises(TimeoutError):
        answer_to(faults.drip(b"bytes", interval=LIMIT, after=b"headers and "), timeout=PATIENCE)


@pytest.mark.parametrize("fault", [faults.reset, faults.reset_mid_body])
def test_a_reset_is_a_reset(fault: Fault) -> None:
    with pytest.raises(ConnectionResetError):
        answer_to(fault)


@pytest.mark.parametrize(
    ("fault", "body"),
    [
        (faults.length_too_long, b"{}"),
        (faults.cut_mid_body, b'{"page"'),
        (faults.half_close_mid_body, b'{"page"'),
    ],
)
def test_a_body_that_ends_early_is_shorter_than_its_length(fault: Fault, body: bytes) -> None:
    headers, _, sent = answer_to(fault).partition(b"\r\n\r\n")
    assert headers.endswith(b"Content-Length: 16")
    assert sent == body


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.empty_answer, "RemoteDisconnected"),
        (faults.half_close, "RemoteDisconnected"),
        (faults.garbage, "BadStatusLine"),
        (faults.http_0_9, "BadStatusLine"),
        (faults.endless_headers, "HTTPException"),
        (faults.huge_header, "LineTooLong"),
        (faults.length_too_long, "IncompleteRead"),
        (faults.bad_chunking, "IncompleteRead"),
        (faults.truncated_chunked, "IncompleteRead"),
    ],
)
def test_an_answer_that_is_not_http_is_refused_by_a_client(fault: Fault, error: str) -> None:
    with (
        Origin(routes={"/": fault}) as origin,
        pytest.raises(HTTPException) as caught,
        requested(origin) as response,
    ):
        response.read()
    assert type(caught.value).__name__ == error


def test_a_length_that_is_too_short_cuts_the_document() -> None:
    with Origin(routes={"/": faults.length_too_short}) as origin, requested(origin) as response:
        assert response.read() == b'{"'


def test_an_endless_body_continues_after_a_megabyte() -> None:
    with Origin(routes={"/": faults.endless_body}) as origin, requested(origin) as response:
        assert len(response.read(1 << 20)) == 1 << 20
        assert response.read(1) == b" "


def test_a_gzip_bomb_is_valid_and_small_on_the_wire() -> None:
    with Origin(routes={"/": faults.gzip_bomb}) as origin, requested(origin) as response:
        wire = response.read()
    assert int.from_bytes(wire[-4:], "little") > 1 << 30
    start = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(wire[: len(wire) // 32])
    assert len(start) > 1 << 24
    assert len(wire) < 2 << 20


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(faults.bad_gzip, "Not a gzipped file"), (faults.truncated_gzip, "ended before")],
)
def test_a_bad_gzip_cannot_be_decompressed(fault: Fault, reason: str) -> None:
    with Origin(routes={"/": fault}) as origin, requested(origin) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        body = response.read()
    with pytest.raises((OSError, EOFError), match=reason):
        gzip.decompress(body)


@pytest.mark.parametrize(
    ("route", "location"),
    [
        (faults.redirect_loop, "/deep"),
        (faults.redirect_onward, "/deepx"),
        (faults.redirect_nowhere, None),
        (faults.redirect_to_root, "/"),
        (faults.redirect_to_file, "file:///etc/passwd"),
        (redirect("http://127.0.0.1/", status=301), "http://127.0.0.1/"),
    ],
)
def test_redirects_have_their_location(route: Route, location: str | None) -> None:
    with Origin(routes={"*": route}) as origin, requested(origin, "/deep") as response:
        assert (response.status // 100, response.headers["Location"]) == (3, location)


def test_closing_ends_hanging_connections_and_may_be_repeated() -> None:
    origin = Origin(on_connect=faults.hang)
    client = socket.create_connection((origin.host, origin.port))
    origin.close()
    origin.close()
    with client:
        assert client.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((origin.host, origin.port))


def test_a_closed_port_refuses() -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", closed_port()))


def test_a_proxy_opens_a_tunnel_to_the_named_host() -> None:
    with Origin(routes={"/": Reply(body={"page": 1})}) as origin, Proxy() as proxy:
        client = HTTPSConnection(proxy.host, proxy.port, context=trusting(), timeout=10)
        client.set_tunnel(origin.host, origin.port)
        client.request("GET", "/")
        assert json.loads(client.getresponse().read()) == {"page": 1}
        client.close()
    asked_for = [(request.method, request.path) for request in proxy.seen]
    assert asked_for == [("CONNECT", f"{origin.host}:{origin.port}")]


def test_a_proxy_can_connect_every_tunnel_to_one_server() -> None:
    with Origin(names=("status.acme.example",), routes={"/": Reply()}) as origin:
        with Proxy(to=origin) as proxy:
            client = HTTPSConnection(proxy.host, proxy.port, context=trusting(), timeout=10)
            client.set_tunnel("status.acme.example", 443)
            client.request("GET", "/")
            assert client.getresponse().status == 200
            client.close()
        assert proxy.seen[0].path == "status.acme.example:443"


@pytest.mark.parametrize("status", [403, 407])
def test_a_proxy_can_refuse(status: int) -> None:
    with Proxy(refuse=status) as proxy:
        client = HTTPConnection(proxy.host, proxy.port, timeout=10)
        client.set_tunnel("status.acme.example", 443)
        with pytest.raises(OSError, match=f"Tunnel connection failed: {status}"):
            client.request("GET", "/")
        client.close()

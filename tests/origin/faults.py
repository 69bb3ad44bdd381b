"""The faults of an origin: each is a function of the connection."""

import gzip
import socket
import struct
import zlib
from contextlib import suppress
from functools import cache

from tests.origin import Connection, Fault, close, head, redirect


def cut(connection: Connection) -> None:
    """End the TCP stream without a TLS close_notify."""
    with suppress(OSError):
        socket.socket.shutdown(connection.socket, socket.SHUT_RDWR)


def reset(connection: Connection) -> None:
    """Drop the connection so that the client's system reports a reset.

    Inside TLS, Python 3.11 reports an early end instead.
    """
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.socket.close()


def after_hello(fault: Fault) -> Fault:
    """For `on_connect`: run `fault` during the handshake, after the first bytes of the client."""

    def greeted(connection: Connection) -> None:
        connection.arm()
        connection.socket.recv(65536)
        fault(connection)

    return greeted


def hang(connection: Connection) -> None:
    """Keep the connection open and send nothing; as `on_connect`, never answer the handshake."""
    while not connection.pause():
        pass


def half_close(connection: Connection) -> None:
    """Close the sending side only."""
    socket.socket.shutdown(connection.socket, socket.SHUT_WR)
    hang(connection)


def send(data: bytes, *, then: Fault = close) -> Fault:
    """A fault that sends exactly `data`, and continues with `then`."""

    def fault(connection: Connection) -> None:
        connection.send(data)
        then(connection)

    return fault


def drip(data: bytes, *, interval: float = 0.1, after: bytes = b"") -> Fault:
    """A fault that sends `after` at once and then `data`, one byte every `interval` seconds."""

    def fault(connection: Connection) -> None:
        connection.send(after)
        for byte in data:
            if connection.pause(interval):
                return
            connection.send(bytes([byte]))
        close(connection)

    return fault


def endless(data: bytes, *, after: bytes) -> Fault:
    """A fault that sends `after`, and then `data` repeatedly without end."""

    def fault(connection: Connection) -> None:
        connection.send(after)
        while connection.left():
            connection.send(data)

    return fault


def redirect_loop(connection: Connection) -> None:
    """Redirect the client to the same address."""
    connection.send(head(302, Location=connection.request.path, Connection="close"))


def redirect_onward(connection: Connection) -> None:
    """Redirect the client to a new address every time; needs the route `*`."""
    connection.send(head(302, Location=f"{connection.request.path}x", Connection="close"))


def gzip_bomb(connection: Connection) -> None:
    """A valid gzip of a JSON document: about 1 MB on the wire, over 1 GiB decompressed."""
    bomb = _bomb()
    connection.send(head(Content_Encoding="gzip", Content_Length=str(len(bomb))) + bomb)
    close(connection)


@cache
def _bomb(blocks: int = 1025, size: int = 1 << 20) -> bytes:
    """Compress one block and repeat it: after a full flush it is the same every time."""
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

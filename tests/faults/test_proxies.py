"""Proxies that refuse, break, answer wrongly or hang.

All of them are one server: its behaviour depends on the host of the tunnel.
"""

import re
from collections.abc import Mapping
from functools import cache, partial

import pytest

from tests.faults.pages import Broken, assert_unknown, check
from tests.origin import Connection, Fault, Origin, Reply, Server, faults
from tests.origin.faults import after_hello, drip, endless, send
from tests.running import Finished

OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"
NO_ANSWER = "connection closed without a response"
NO_HTTP = re.compile("invalid HTTP response: .+")
HEADERS = "response headers are too large"

broken = partial(Broken, kind="connect")
hanging = partial(Broken, kind="timeout", said="timed out after 0.5 s", budget="0.5s")


def refusal(answer: str) -> re.Pattern[str]:
    """What is said of a proxy that refuses, with its variable and address."""
    address = r"https_proxy=(https?|socks5h)://127\.0\.0\.\d+:\d+/?"
    return re.compile(rf"proxy error: {answer} \({address}\)(; set a user name.*)?", re.I)


def tunnel(fault: Fault) -> Fault:
    """Open the tunnel, with `fault` at its end."""
    return send(OPEN, then=fault)


PROXIES = {
    "refuses": broken(said=refusal("403 Forbidden"), route=Reply(status=403)),
    "requires-a-password": broken(
        said=refusal("407 Proxy Authentication Required"),
        route=Reply(status=407, headers={"Proxy-Authenticate": 'Basic realm="acme"'}),
    ),
    "redirects-to-its-own-page": broken(
        said=refusal("302 Found"),
        route=Reply(status=302, headers={"Location": "http://proxy.acme.example/login"}),
    ),
    "sends-control-codes": broken(
        said=refusal("403 red"), route=send(b"HTTP/1.1 403 \x1b[31mred\r\n\r\n")
    ),
    "closes": broken(said=NO_ANSWER, route=faults.empty_answer),
    "half-closes": broken(said=NO_ANSWER, route=faults.half_close),
    "resets": broken(said="connection reset by peer", route=faults.reset),
    "hangs": hanging(route=faults.hang),
    "drips": hanging(route=drip(OPEN)),
    "hangs-in-its-headers": hanging(route=send(OPEN[:-2], then=faults.hang)),
    "never-ends": hanging(route=endless(b"HTTP/1.1 100 Continue\r\n\r\n", after=b"")),
    "is-not-http": Broken(kind="http", said=NO_HTTP, route=faults.garbage),
    "has-too-many-headers": Broken(kind="too_large", said=HEADERS, route=faults.endless_headers),
    "has-too-long-a-header": Broken(kind="too_large", said=HEADERS, route=faults.huge_header),
    "ends-the-tunnel": Broken(
        kind="tls",
        said="TLS handshake failed: connection closed",
        route=tunnel(after_hello(faults.cut)),
    ),
    "leads-to-a-reset": broken(
        said="connection reset by peer", route=tunnel(after_hello(faults.reset))
    ),
    "leads-to-silence": hanging(route=tunnel(faults.hang)),
    "leads-to-a-port-without-tls": Broken(
        kind="tls",
        said=re.compile("TLS handshake failed: .+"),
        route=tunnel(after_hello(send(b"HTTP/1.1 400 Bad Request\r\n\r\n"))),
    ),
}


def host(name: str) -> str:
    return f"{name}.acme.example"


def check_through(proxy: str, pages: Mapping[str, Broken]) -> Finished:
    urls = {name: f"https://{host(name)}" for name in pages}
    return check(urls, pages, env={"https_proxy": proxy})


@cache
def finished() -> Finished:
    routes = {f"{host(name)}:443": page.route for name, page in PROXIES.items()}
    with Origin(tls=False, routes=routes) as proxy:
        return check_through(proxy.url, PROXIES)


@pytest.mark.parametrize("name", PROXIES)
def test_a_failing_proxy_is_the_reason(name: str) -> None:
    assert_unknown(finished(), name, PROXIES[name])


class Socks(Server):
    """A SOCKS5 proxy; its behaviour depends on the requested host."""

    def __init__(self, replies: Mapping[str, Fault]) -> None:
        self._replies = replies
        super().__init__("127.0.0.1")

    def serve(self, connection: Connection) -> None:
        connection.arm()
        connection.socket.recv(64)
        connection.send(b"\x05\x00")
        wanted = connection.socket.recv(512)
        name = wanted[5 : 5 + wanted[4]].decode().partition(".")[0]
        self._replies[name](connection)


REFUSED = b"\x05\x05\x00\x01" + bytes(6)
SOCKS = {
    "refuses": broken(said=refusal(".*connection refused.*"), route=send(REFUSED)),
    "closes": broken(said=refusal("not a SOCKS proxy"), route=faults.empty_answer),
    "hangs": hanging(route=faults.hang),
}


@cache
def finished_by_socks() -> Finished:
    replies = {name: page.route for name, page in SOCKS.items() if callable(page.route)}
    with Socks(replies) as proxy:
        return check_through(f"socks5h://127.0.0.1:{proxy.port}", SOCKS)


@pytest.mark.parametrize("name", SOCKS)
def test_a_failing_socks_proxy_is_the_reason(name: str) -> None:
    assert_unknown(finished_by_socks(), name, SOCKS[name])


def test_an_unusable_proxy_is_reported_once_for_all_pages() -> None:
    pages = {"one": broken(said=""), "two": broken(said="")}
    assert check_through("ftp://user:secret@127.0.0.1:1", pages) == Finished(
        code=2,
        out="",
        err="outlogger: https_proxy is not a valid proxy: use http://HOST:PORT,"
        " https:// or socks5://, or unset it\n",
    )

"""The proxy variables: which proxy is for what, what is refused, and the way through real ones."""

import pytest

from outlogger_cli.domain.errors import UsageError
from outlogger_cli.net import proxy as proxies
from tests.origin import (
    Certificate,
    Connection,
    Origin,
    Proxy,
    Reply,
    Route,
    Server,
    closed_port,
    redirect,
)
from tests.origin.faults import send
from tests.running import Finished, run_command, trusting
from tests.support import sample

HOST = "status.acme.example"
PAGE = f"https://{HOST}"
GOOD: dict[str, Route] = {"/api/v2/summary.json": Reply(body=sample("statuspage/summary.json"))}


class Socks(Server):
    """A SOCKS5 proxy without a password that takes every connection to one server."""

    def __init__(self, to: Server) -> None:
        self.wanted: list[bytes] = []
        self._to = to
        super().__init__("127.0.0.1")

    def serve(self, connection: Connection) -> None:
        connection.arm()
        connection.socket.recv(64)
        connection.send(b"\x05\x00")
        self.wanted.append(connection.socket.recv(512))
        connection.send(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        self._to.serve(connection)


def check(page: str = PAGE, **env: str) -> Finished:
    return run_command("check", page, "--json", "--timeout", "10s", *trusting(), env=env)


def error(finished: Finished) -> tuple[str, str]:
    (vendor,) = finished.json["vendors"]
    return vendor["error"]["kind"], vendor["error"]["message"]


# What the variables mean


@pytest.mark.parametrize(
    ("environ", "used"),
    [
        ({}, {}),
        ({"https_proxy": "", "HTTPS_PROXY": "  "}, {}),
        ({"PATH": "/bin", "no_proxy": "acme.example"}, {}),
        (
            {"http_proxy": "http://h:1", "HTTPS_PROXY": "https://h:2", "all_proxy": "socks5://h:3"},
            {"http://": "http://h:1", "https://": "https://h:2", "all://": "socks5://h:3"},
        ),
        ({"https_proxy": "http://low", "HTTPS_PROXY": "http://up"}, {"https://": "http://low"}),
        ({"https_proxy": "", "HTTPS_PROXY": "http://up"}, {"https://": "http://up"}),
        ({"https_proxy": " proxy.example:3128 "}, {"https://": "http://proxy.example:3128"}),
        ({"ALL_PROXY": "socks5h://u:p@h"}, {"all://": "socks5h://u:p@h"}),
        ({"http_proxy": "http://[::1]:3128"}, {"http://": "http://[::1]:3128"}),
        ({"HTTP_PROXY": "http://evil.example", "REQUEST_METHOD": "GET"}, {}),
        (
            {"http_proxy": "http://h", "REQUEST_METHOD": "GET"},
            {"http://": "http://h"},
        ),
    ],
)
def test_each_variable_is_for_its_kind_of_address(
    environ: dict[str, str], used: dict[str, str]
) -> None:
    found = proxies.in_use(environ)
    assert {key: one and one.address for key, one in found.items()} == used
    assert all(one is None or one.variable in environ for one in found.values())


@pytest.mark.parametrize(
    ("exempt", "patterns"),
    [
        ("acme.example", {"all://*acme.example"}),
        (".acme.example,*.acme.test", {"all://*acme.example", "all://*acme.test"}),
        ("acme.example:8443 localhost", {"all://*acme.example:8443", "all://*localhost"}),
        ("10.1.2.3, ::1,[2001:DB8::1]", {"all://*10.1.2.3", "all://[::1]", "all://[2001:db8::1]"}),
        ("fd00::/8,10.1.2.3/8,300.0.0.0/8,http://x,,-é", {"fd00::/8", "10.0.0.0/8"}),
    ],
)
def test_hosts_are_exempt_and_what_is_no_host_is_nobody(exempt: str, patterns: set[str]) -> None:
    used = proxies.in_use({"all_proxy": "http://h", "NO_PROXY": exempt})
    assert {key for key, one in used.items() if one is None} == patterns


@pytest.mark.parametrize("exempt", ["*", "acme.example, *"])
def test_a_star_exempts_every_host(exempt: str) -> None:
    assert proxies.in_use({"all_proxy": "http://h", "no_proxy": exempt}) == {}


UNUSABLE = [
    "ftp://user:secret@h:1",
    "socks4://user:secret@h:1",
    "secret:99999",
    "secret:port",
    "http://secret:0",
    "http://",
    "http://user:secret@",
    "http:///secret",
    "http://[secret",
    "http://my secret:1",
    "http://secret\x01:1",
    "http://é..secret",
]


@pytest.mark.parametrize("value", UNUSABLE)
@pytest.mark.parametrize("variable", ["http_proxy", "HTTPS_PROXY", "all_proxy"])
def test_a_proxy_that_cannot_be_used_names_its_variable_and_never_its_value(
    variable: str, value: str
) -> None:
    with pytest.raises(UsageError) as caught:
        proxies.in_use({variable: value})
    assert str(caught.value) == (
        f"{variable} is not a valid proxy: use http://HOST:PORT, https:// or socks5://, or unset it"
    )


def test_an_unusable_proxy_is_said_once_for_all_vendors_before_anything_is_asked() -> None:
    with Origin(routes=GOOD) as origin:
        finished = run_command(
            "check", PAGE, origin.url, *trusting(), env={"all_proxy": "ftp://user:secret@h"}
        )
    assert finished == Finished(
        code=2,
        out="",
        err="outlogger: all_proxy is not a valid proxy: use http://HOST:PORT,"
        " https:// or socks5://, or unset it\n",
    )
    assert origin.seen == []


# Through real proxies


def test_a_page_is_read_through_a_proxy() -> None:
    with Origin(names=(HOST,), routes=GOOD) as origin, Proxy(to=origin) as proxy:
        finished = check(https_proxy=proxy.url)
    assert finished.json["vendors"][0]["error"] is None
    assert [(one.method, one.path) for one in proxy.seen] == [("CONNECT", f"{HOST}:443")]
    assert [one.path for one in origin.seen] == ["/api/v2/summary.json"]


def test_a_page_that_moved_is_followed_through_a_proxy() -> None:
    routes: dict[str, Route] = {"/team/api/v2/summary.json": redirect("/api/v2/summary.json")}
    with Origin(names=(HOST,), routes=routes | GOOD) as origin, Proxy(to=origin) as proxy:
        finished = check(f"{PAGE}/team", https_proxy=proxy.url)
    assert finished.json["vendors"][0]["error"] is None


def test_a_redirect_to_no_page_is_refused_through_a_proxy_too() -> None:
    routes: dict[str, Route] = {"*": redirect("javascript:alert(1)")}
    with Origin(names=(HOST,), routes=routes) as origin, Proxy(to=origin) as proxy:
        finished = check(https_proxy=proxy.url)
    assert error(finished) == (
        "redirect",
        "redirect to javascript:alert(1), which is not a web page",
    )


def test_a_page_is_read_through_a_socks_proxy() -> None:
    with Origin(names=(HOST,), routes=GOOD) as origin, Socks(origin) as proxy:
        finished = check(all_proxy=f"socks5h://127.0.0.1:{proxy.port}")
    assert finished.json["vendors"][0]["error"] is None
    assert [HOST.encode() in wanted for wanted in proxy.wanted] == [True]


def test_an_exempt_host_is_asked_directly() -> None:
    with Origin(routes=GOOD) as origin, Proxy(refuse=403) as proxy:
        finished = check(origin.url, https_proxy=proxy.url, no_proxy="127.0.0.1,fd00::/8")
    assert finished.json["vendors"][0]["error"] is None
    assert proxy.seen == []


@pytest.mark.parametrize(("exempt", "is_direct"), [("127.0.0.0/8", True), ("10.0.0.0/8", False)])
def test_a_network_is_exempt_as_its_addresses_are(exempt: str, is_direct: bool) -> None:
    with Origin(routes=GOOD) as origin, Proxy(refuse=403) as proxy:
        finished = check(origin.url, https_proxy=proxy.url, no_proxy=exempt)
        named = check(f"https://localhost:{origin.port}", https_proxy=proxy.url, no_proxy=exempt)
    assert (finished.json["vendors"][0]["error"] is None) is is_direct
    assert error(named)[1].startswith("proxy error: 403")


@pytest.mark.parametrize(
    ("status", "said"),
    [(403, "403 Forbidden"), (407, "407 Proxy Authentication Required"), (502, "502 Bad Gateway")],
)
def test_a_proxy_that_refuses_is_the_reason(status: int, said: str) -> None:
    with Proxy(refuse=status) as proxy:
        finished = check(HTTPS_PROXY=proxy.url)
    hint = "; set a user name and password: http://USER:PASSWORD@HOST:PORT"
    message = f"proxy error: {said} (HTTPS_PROXY={proxy.url})"
    assert (finished.code, error(finished)) == (
        3,
        ("connect", message + (hint if status == 407 else "")),
    )


def test_a_proxy_that_wants_a_password_is_named_for_plain_http_too() -> None:
    routes = {"*": Reply(status=407, headers={"Proxy-Authenticate": "Basic"})}
    with Origin(tls=False, routes=routes) as proxy:
        address = proxy.url.replace("//", "//user:s3cret@")
        finished = check("http://127.0.0.1:9", http_proxy=address)
    kind, message = error(finished)
    assert kind == "connect"
    assert message.startswith("proxy error: 407 Proxy Authentication Required (http_proxy=")
    assert "s3cret" not in finished.out + finished.err


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
def test_a_proxy_where_nobody_listens_is_no_connection(scheme: str) -> None:
    address = f"{scheme}://127.0.0.1:{closed_port()}"
    finished = check(https_proxy=address)
    said = f"proxy unreachable: connection refused (https_proxy={address})"
    assert error(finished) == ("connect", said)
    assert finished.err == (
        f"It's this machine: the status page could not be reached ({said})."
        " Check network, VPN or proxy.\n"
    )


def test_a_proxy_whose_name_has_no_address_is_told_from_such_a_page() -> None:
    address = f"http://{'a' * 64}.example:3128"
    said = "proxy unreachable: host not found (DNS)"
    said = f"{said} (https_proxy={address})"
    finished = check(https_proxy=address)
    assert error(finished) == ("dns", said)


def test_a_socks_proxy_that_speaks_http_is_the_reason() -> None:
    with Origin(tls=False, on_connect=send(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as proxy:
        finished = check(https_proxy=f"socks5://127.0.0.1:{proxy.port}")
    message = "proxy error: not a SOCKS proxy"
    named = f"(https_proxy=socks5://127.0.0.1:{proxy.port})"
    assert error(finished) == ("connect", f"{message} {named}")


@pytest.mark.parametrize(
    ("certificate", "kind", "said"),
    [
        ("good", "connect", "proxy error: 404 Not Found"),
        (
            "self_signed",
            "tls",
            "proxy unreachable: invalid certificate (self-signed certificate);"
            " to trust its issuer: --cacert FILE",
        ),
    ],
)
def test_a_proxy_behind_tls_is_trusted_like_a_page(
    certificate: Certificate, kind: str, said: str
) -> None:
    with Origin(certificate=certificate) as proxy:
        finished = check(https_proxy=proxy.url)
    assert error(finished) == (kind, f"{said} (https_proxy={proxy.url})")


def test_a_drill_needs_no_proxy() -> None:
    with Origin(tls=False, routes=GOOD) as drill:
        finished = check(OUTLOGGER_DRILL=drill.url, https_proxy=f"http://127.0.0.1:{closed_port()}")
    assert finished.json["vendors"][0]["error"] is None

"""Addresses to listen on and names to answer for, as they are typed."""

import socket

import pytest

from outlogger_cli.domain.errors import UsageError
from outlogger_cli.serve.address import Address, listen, parse, parse_names


@pytest.mark.parametrize(
    ("text", "shown", "is_loopback"),
    [
        ("127.0.0.1:8469", "127.0.0.1:8469", True),
        (" localhost:0 ", "127.0.0.1:0", True),
        ("[::1]:65535", "[::1]:65535", True),
        ("0.0.0.0:80", "0.0.0.0:80", False),
        ("[0::0]:80", "[::]:80", False),
        ("192.0.2.1:080", "192.0.2.1:80", False),
    ],
)
def test_an_address_and_a_port(text: str, shown: str, is_loopback: bool) -> None:
    address = parse(text)
    assert (str(address), address.is_loopback) == (shown, is_loopback)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *((text, "must be ADDRESS:PORT") for text in ("", ":", "8469", "127.0.0.1", "[::1]")),
        *((f"127.0.0.1:{port}", "must be ADDRESS:PORT") for port in ("", "x", "65536", "-1", "²")),
        ("127.0.0.1:" + "9" * 6000, "must be ADDRESS:PORT"),
        (":8469", "'' is not localhost, an IPv4 address, or an IPv6 address in brackets"),
        ("example.com:80", "'example.com' is not localhost"),
        ("::1:80", "'::1' is not localhost"),
        ("[127.0.0.1]:80", "is not localhost"),
        ("1.2.3:80", "is not localhost"),
    ],
)
def test_anything_else_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse(text)
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["a", "status.example.com", "a-b_c,D.e", "a, b", "10.0.0.1"])
def test_host_names(text: str) -> None:
    assert parse_names(text) == text


@pytest.mark.parametrize("text", ["", "a,", "https://a", "a:80", "a/b", "*", "a b", "-a", ".a"])
def test_what_is_not_a_host_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a host name"):
        parse_names(text)


def test_answers_are_sent_without_delay() -> None:
    with (
        listen(Address(host="127.0.0.1", port=0)) as server,
        socket.create_connection(server.getsockname()),
        server.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(UsageError, match=r"cannot listen on 192\.0\.2\.1:0: cannot assign"):
        listen(Address(host="192.0.2.1", port=0))


def test_an_error_without_a_number_is_said_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> socket.socket:
        raise OSError("no sockets here")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(UsageError, match="no sockets here"):
        listen(Address(host="127.0.0.1", port=0))

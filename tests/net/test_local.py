"""Which hosts count as this machine or its network."""

import pytest

from outlogger_cli.net.local import is_local


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "0x7f000001", "0x7F.1", "0177.0.0.1", "2130706433", "127.0.0.1."),
        *("10.0.0.1", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "0"),
        *("224.0.0.1", "255.255.255.255", "012.0.0.1"),
        *("::1", "[::1]", "::", "fe80::1%eth0", "fe80::1%25eth0", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
        *("localhost", "LOCALHOST.", "a.localhost"),
    ],
)
def test_an_address_that_is_not_public_is_local_however_it_is_written(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize(
    "host",
    [
        *("8.8.8.8", "134744072", "0x08080808", "2606:4700::1111", "64:ff9b::808:808"),
        *("2002:808:808::", "status.acme.example", "10.0.0.1.example", "127.0.0.256", "", "ü"),
        *("localhost.example", "0x7f.example"),
    ],
)
def test_a_public_address_is_not_local_and_names_are_not_looked_up(host: str) -> None:
    assert not is_local(host)

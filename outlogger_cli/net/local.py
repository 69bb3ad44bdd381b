"""Which hosts are on this machine or its network, by how they are written; none is looked up."""

import ipaddress
import socket


def is_local(host: str) -> bool:
    """Whether `host` is `localhost`, or an address that is not public: loopback, private,
    link-local, or reserved.

    An IPv4 address may be written in any form that the resolver takes (`127.1`, `0x7f000001`), and
    inside an IPv6 address.
    """
    name = host.strip("[]").partition("%")[0].rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        try:
            address = ipaddress.IPv4Address(socket.inet_aton(name))
        except (OSError, ValueError):  # `ValueError` for a name that is not ASCII
            return False
    decisive = _inner(address) or address
    return decisive.is_multicast or not decisive.is_global


_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


def _inner(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | None:
    """The IPv4 address in an IPv6 one that leads to it."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _TRANSLATED or address in _COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour

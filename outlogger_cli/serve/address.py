"""The address that the server listens on, and the names that it answers for."""

import os
import re
import socket
from ipaddress import IPv6Address, ip_address

from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.values import frozen

_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")


@frozen
class Address:
    """An IP address of this machine and a port; 0 means any free one."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        return ip_address(self.host).is_loopback

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse(text: str) -> Address:
    """Parse `127.0.0.1:8469`, `[::1]:8469` or `localhost:8469`; raises `ValueError`."""
    host, colon, port = text.strip().rpartition(":")
    if not (colon and port.isascii() and port.isdecimal() and int(port[:6]) < 65536):
        raise ValueError("must be ADDRESS:PORT, such as 127.0.0.1:8469 or [::1]:8469")
    try:
        if host.startswith("[") and host.endswith("]"):
            return Address(host=str(IPv6Address(host[1:-1])), port=int(port))
        host = "127.0.0.1" if host == "localhost" else host
        if ":" not in host:
            return Address(host=str(ip_address(host)), port=int(port))
    except ValueError:
        pass
    raise ValueError(
        f"{host[:100]!r} is not localhost, an IPv4 address, or an IPv6 address in brackets"
    )


def parse_names(text: str) -> str:
    """Check host names separated by commas; raises `ValueError` for one that is not one."""
    for name in text.split(","):
        if not _NAME.fullmatch(name.strip().lower()):
            raise ValueError(f"{name[:100]!r} is not a host name; write it without port and path")
    return text


def listen(address: Address) -> socket.socket:
    """A socket that listens; raises `UsageError` if the address cannot be used."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    both = address.host == "::" and socket.has_dualstack_ipv6()
    try:
        found = socket.create_server(
            (address.host, address.port), family=family, backlog=1024, dualstack_ipv6=both
        )
    except OSError as error:
        reason = os.strerror(error.errno).lower() if error.errno else str(error)
        raise UsageError(
            f"--listen: cannot listen on {address}: {reason}; choose another ADDRESS:PORT"
        ) from None
    # asyncio sets it only for sockets of a named protocol; without it, answers on a connection that
    # is used again wait for 40 ms.
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return found

"""Proxies: the variables that name them, and requests through them, by httpx."""

import re
import ssl
from collections.abc import Mapping
from contextlib import ExitStack
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import httpx

from outlogger_cli.domain.errors import PageError, UsageError
from outlogger_cli.domain.model import FailureKind, Reason
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen
from outlogger_cli.net.errors import unreachable_proxy

_SCHEMES = {"http", "https", "socks5", "socks5h"}
_HOST = re.compile(r"[A-Za-z0-9_.-]+(:[0-9]{1,5})?")

_LOCATION = "outlogger-location"
_CONNECTING = ("connect_tcp", "start_tls")
"""The events of httpcore before it sends a request to a proxy."""


@frozen
class Proxy:
    """A proxy and the variable that names it. `address` may hold a password."""

    address: str
    variable: str

    @property
    def shown(self) -> str:
        """`https_proxy=http://proxy.acme.example:3128`, without a user name and password."""
        return f"{self.variable}={httpx.URL(self.address).copy_with(userinfo=b'')}"


Proxies = Mapping[str, Proxy | None]
"""Proxies by httpx's patterns of addresses (`https://`, `all://*acme.example`); None for hosts
without a proxy, and for networks of such hosts (`10.0.0.0/8`)."""


def in_use(environ: Mapping[str, str]) -> Proxies:
    """The proxies that the environment names; empty if no proxy is used.

    Raises `UsageError`, with the name of the variable, for a proxy that cannot be used.
    """
    found: dict[str, Proxy | None] = {}
    for scheme in ("http", "https", "all"):
        variable, value = _variable(f"{scheme}_proxy", environ)
        if value:
            found[f"{scheme}://"] = Proxy(address=_checked(variable, value), variable=variable)
    exempt = re.split(r"[\s,]+", _variable("no_proxy", environ)[1])
    if not found or "*" in exempt:
        return {}
    return found | {pattern: None for entry in exempt if (pattern := _pattern(entry))}


def _variable(name: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """The name and value of a variable in lower, else in upper case; an empty one counts as unset.

    Web servers pass a request's `Proxy` header to CGI scripts as HTTP_PROXY, which is ignored.
    """
    forged = name == "http_proxy" and "REQUEST_METHOD" in environ
    for variable in (name,) if forged else (name, name.upper()):
        if value := environ.get(variable, "").strip():
            return variable, value
    return name, ""


def _checked(variable: str, value: str) -> str:
    address = value if "://" in value else f"http://{value}"
    try:
        parts = urlsplit(address)
        usable = bool(parts.hostname) and parts.scheme in _SCHEMES and parts.port != 0
        usable = usable and " " not in address and bool(httpx.URL(address).host)
    except (ValueError, httpx.InvalidURL):
        usable = False
    if not usable:
        # The value may hold a password: it is never shown.
        raise UsageError(
            f"{variable} is not a valid proxy: use http://HOST:PORT, https:// or"
            " socks5://, or unset it"
        )
    return address


def _pattern(entry: str) -> str | None:
    """The key of `Proxies` for an entry of NO_PROXY; None if it is neither a host nor a network."""
    host = entry.removeprefix("*").removeprefix(".")
    if _HOST.fullmatch(host):
        return f"all://*{host}"
    try:
        if "/" in host:
            return str(ip_network(host, strict=False))
        return f"all://[{IPv6Address(host.strip('[]'))}]"
    except ValueError:
        return None


def _bypassed_networks(proxies: Proxies) -> list[IPv4Network | IPv6Network]:
    return [ip_network(key) for key in proxies if "://" not in key]


class ProxyTransport(httpx.BaseTransport):
    """Requests through the `proxies` of `in_use`; `direct` is for hosts without a proxy.

    The certificate of a proxy with TLS is verified like that of a page.
    """

    def __init__(
        self,
        proxies: Proxies,
        tls: ssl.SSLContext,
        *,
        direct: httpx.BaseTransport,
    ) -> None:
        self._direct = direct
        self._networks = _bypassed_networks(proxies)
        self._client = httpx.Client(
            trust_env=False,
            transport=direct,
            mounts={
                pattern: _OneProxy(proxy, tls) if proxy else None
                for pattern, proxy in proxies.items()
                if "://" in pattern
            },
            event_hooks={"response": [_hide_location]},
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._networks and self._is_bypassed(request.url.host):
            return self._direct.handle_request(request)
        response = self._client.send(request, stream=True)
        if location := response.headers.pop(_LOCATION, None):
            response.headers["location"] = location
        return response

    def close(self) -> None:
        self._client.close()

    def _is_bypassed(self, host: str) -> bool:
        """Whether `host` is an address in a network of NO_PROXY; names are not looked up."""
        try:
            address = ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self._networks)


class _OneProxy(httpx.HTTPTransport):
    """Requests through one proxy; raises `PageError` if it is not reached or speaks no SOCKS."""

    def __init__(self, proxy: Proxy, tls: ssl.SSLContext) -> None:
        secure = tls if proxy.address.startswith("https:") else None
        super().__init__(verify=tls, proxy=httpx.Proxy(proxy.address, ssl_context=secure))
        self._proxy = proxy

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        # A dependency of httpx, whose transport does not translate its errors.
        from socksio.exceptions import SOCKSError

        outer, reached = request.extensions["trace"], False
        with ExitStack() as sockets:

            def trace(event: str, info: Mapping[str, Any]) -> None:
                nonlocal reached
                reached = reached or not any(step in event for step in _CONNECTING)
                if event.endswith("connect_tcp.complete"):
                    sockets.callback(info["return_value"].close)
                outer(event, info)

            request.extensions["trace"] = trace
            try:
                response = super().handle_request(request)
            except (httpx.ConnectError, UnicodeError) as error:  # UnicodeError: an invalid name
                if reached:
                    raise
                raise unreachable_proxy(error, self._proxy.shown) from error
            except SOCKSError as error:
                message = f"proxy error: not a SOCKS proxy ({self._proxy.shown})"
                raise PageError(
                    FailureKind.CONNECT, message, reason=Reason.PROXY_REFUSED
                ) from error
            except httpx.ProxyError as error:  # the proxy answered CONNECT with an HTTP status
                raise self._refusal(str(error)) from error
            if response.status_code == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
                response.close()
                raise self._refusal("407 Proxy Authentication Required")
            sockets.pop_all()  # after an error httpcore leaves the socket of a SOCKS proxy open
            return response

    def _refusal(self, answer: str) -> PageError:
        message = f"proxy error: {line(answer)} ({self._proxy.shown})"
        if answer.startswith("407"):
            message += "; set a user name and password: http://USER:PASSWORD@HOST:PORT"
        return PageError(FailureKind.CONNECT, message, reason=Reason.PROXY_REFUSED)


def _hide_location(response: httpx.Response) -> None:
    """Move `Location` aside: httpx parses it though it follows no redirect, and may fail."""
    if location := response.headers.pop("location", None):
        response.headers[_LOCATION] = location

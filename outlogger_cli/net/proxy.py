"""Proxies: the variables that name them, and requests through them, by httpx."""

import re
import ssl
from collections.abc import Mapping
from contextlib import ExitStack
from ipaddress import IPv6Address
from typing import Any
from urllib.parse import urlsplit

import httpx

from outlogger_cli.domain.errors import PageError, UsageError
from outlogger_cli.domain.model import FailureKind, Reason
from outlogger_cli.net.errors import unreachable_proxy

_SCHEMES = {"http", "https", "socks5", "socks5h"}
_HOST = re.compile(r"[A-Za-z0-9_.-]+(:[0-9]{1,5})?")

_LOCATION = "outlogger-location"
_CONNECTING = ("connect_tcp", "start_tls")
"""The events of httpcore before it sends a request to a proxy."""


def in_use(environ: Mapping[str, str]) -> dict[str, str | None]:
    """The proxies by httpx's patterns of addresses (`https://`, `all://*acme.example`).

    The value is None for the hosts of NO_PROXY. The result is empty if no proxy is used. Raises
    `UsageError`, with the name of the variable, for a proxy that cannot be used.
    """
    found: dict[str, str | None] = {}
    for scheme in ("http", "https", "all"):
        variable, value = _variable(f"{scheme}_proxy", environ)
        if value:
            found[f"{scheme}://"] = _checked(variable, value)
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
            f"{variable} names no proxy that can be used: write http://HOST:PORT, https:// or"
            " socks5://, or unset it"
        )
    return address


def _pattern(entry: str) -> str | None:
    """httpx's pattern for an entry of NO_PROXY, None if it is not a host (`fd00::/8`)."""
    host = entry.removeprefix("*").removeprefix(".")
    if _HOST.fullmatch(host):
        return f"all://*{host}"
    try:
        return f"all://[{IPv6Address(host.strip('[]'))}]"
    except ValueError:
        return None


class ProxyTransport(httpx.BaseTransport):
    """Requests through the `proxies` of `in_use`; `direct` is for hosts without a proxy.

    The certificate of a proxy with TLS is verified like that of a page.
    """

    def __init__(
        self,
        proxies: Mapping[str, str | None],
        tls: ssl.SSLContext,
        *,
        direct: httpx.BaseTransport,
    ) -> None:
        self._client = httpx.Client(
            trust_env=False,
            transport=direct,
            mounts={
                pattern: _OneProxy(address, tls) if address else None
                for pattern, address in proxies.items()
            },
            event_hooks={"response": [_hide_location]},
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._client.send(request, stream=True)
        if location := response.headers.pop(_LOCATION, None):
            response.headers["location"] = location
        return response

    def close(self) -> None:
        self._client.close()


class _OneProxy(httpx.HTTPTransport):
    """Requests through one proxy; raises `PageError` if it is not reached or speaks no SOCKS."""

    def __init__(self, address: str, tls: ssl.SSLContext) -> None:
        secure = tls if address.startswith("https:") else None
        super().__init__(verify=tls, proxy=httpx.Proxy(address, ssl_context=secure))

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
                raise unreachable_proxy(error) from error
            except SOCKSError as error:
                message = "the proxy refused: it does not answer in SOCKS"
                raise PageError(
                    FailureKind.CONNECT, message, reason=Reason.PROXY_REFUSED
                ) from error
            sockets.pop_all()  # after an error httpcore leaves the socket of a SOCKS proxy open
            return response


def _hide_location(response: httpx.Response) -> None:
    """Move `Location` aside: httpx parses it though it follows no redirect, and may fail."""
    if location := response.headers.pop("location", None):
        response.headers[_LOCATION] = location

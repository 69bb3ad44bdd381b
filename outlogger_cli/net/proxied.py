"""HTTP through proxies, which is httpx's own business."""

import ssl
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import httpx

_LOCATION = "outlogger-location"
_CONNECTING = ("connect_tcp", "start_tls")
"""What httpcore tells of before it asks a proxy for anything."""


class Transport(httpx.BaseTransport):
    """Requests by the patterns of `proxies.in_use`; `direct` is the way without a proxy.

    A proxy that is reached by TLS must be trusted like a page. One that cannot be reached is an
    `httpx.ProxyError` whose cause says why.
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
                pattern: _through(address, tls) if address else None
                for pattern, address in proxies.items()
            },
            event_hooks={"response": [_keep_from_httpx]},
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._client.send(request, stream=True)
        if location := response.headers.pop(_LOCATION, None):
            response.headers["location"] = location
        return response

    def close(self) -> None:
        self._client.close()


class _Through(httpx.HTTPTransport):
    """The way through one proxy."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        from socksio.exceptions import SOCKSError  # comes with httpx's own, which lets it out

        told, reached = request.extensions.get("trace", _ignore), False
        with ExitStack() as to_close:

            def trace(event: str, info: Mapping[str, Any]) -> None:
                nonlocal reached
                reached = reached or not any(step in event for step in _CONNECTING)
                if event.endswith("connect_tcp.complete"):
                    to_close.callback(info["return_value"].close)
                told(event, info)

            request.extensions["trace"] = trace
            try:
                response = super().handle_request(request)
            except (httpx.ConnectError, UnicodeError) as error:  # the second is of a name
                if reached:
                    raise
                raise httpx.ProxyError("it cannot be reached") from error
            except SOCKSError as error:
                raise httpx.ProxyError("it does not answer in SOCKS") from error
            to_close.pop_all()  # httpcore closes all but that of a SOCKS proxy that refuses
            return response


def _ignore(_event: str, _info: object) -> None:
    """For a request nobody traces."""


def _through(proxy: str, tls: ssl.SSLContext) -> httpx.HTTPTransport:
    secure = tls if proxy.startswith("https:") else None
    return _Through(verify=tls, proxy=httpx.Proxy(proxy, ssl_context=secure))


def _keep_from_httpx(response: httpx.Response) -> None:
    """It reads `Location` even where it is to follow none, and fails where that is no address."""
    if location := response.headers.pop("location", None):
        response.headers[_LOCATION] = location

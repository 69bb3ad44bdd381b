"""HTTP through proxies, which is httpx's own business."""

import ssl
from collections.abc import Mapping

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
        from socksio.exceptions import SOCKSError  # comes with httpx's own, which lets it out

        try:
            response = self._client.send(request, stream=True)
        except SOCKSError as error:
            raise httpx.ProxyError("it does not answer in SOCKS") from error
        if location := response.headers.pop(_LOCATION, None):
            response.headers["location"] = location
        return response

    def close(self) -> None:
        self._client.close()


class _Through(httpx.HTTPTransport):
    """The way through one proxy."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        told, reached = request.extensions["trace"], False

        def trace(event: str, info: Mapping[str, object]) -> None:
            nonlocal reached
            reached = reached or not event.partition(".")[2].startswith(
                ("connect_tcp", "start_tls")
            )
            told(event, info)

        request.extensions["trace"] = trace
        try:
            return super().handle_request(request)
        except (httpx.ConnectError, UnicodeError) as error:  # the second is of a name
            if reached:
                raise
            raise httpx.ProxyError("it cannot be reached") from error


def _through(proxy: str, tls: ssl.SSLContext) -> httpx.HTTPTransport:
    secure = tls if proxy.startswith("https:") else None
    return _Through(verify=tls, proxy=httpx.Proxy(proxy, ssl_context=secure))


def _keep_from_httpx(response: httpx.Response) -> None:
    """It reads `Location` even where it is to follow none, and fails where that is no address."""
    if location := response.headers.pop("location", None):
        response.headers[_LOCATION] = location

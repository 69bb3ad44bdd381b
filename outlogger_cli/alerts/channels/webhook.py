"""A channel of `webhooks`: the message as JSON by POST, to an address that is never shown."""

from http import HTTPStatus

import httpx

from outlogger_cli.alerts.channels import within
from outlogger_cli.alerts.state import Message
from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.net import proxied
from outlogger_cli.net.client import USER_AGENT, Network
from outlogger_cli.net.errors import FOREIGN, PassingError, translated
from outlogger_cli.watchlist import readers as values

PATIENCE = 10.0
"""Seconds for everything: two attempts, and a pause between them."""

_ATTEMPT = 4.5
_PAUSE = 1.0
_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}


class Webhook:
    """One address. What fails and may pass is tried once more; a redirect is not followed."""

    def __init__(self, name: str, address: httpx.URL, network: Network) -> None:
        self.name = name
        self._address = address
        self._network = network

    def tell(self, message: Message, /) -> str | None:
        return within(PATIENCE, lambda: self._told(message))

    def _told(self, message: Message) -> str | None:
        with self._client() as client:
            why, may_pass = self._attempt(client, message)
            if why and may_pass:
                self._network.sleep(_PAUSE)
                why, _ = self._attempt(client, message)
            return why

    def _attempt(self, client: httpx.Client, message: Message) -> tuple[str | None, bool]:
        """Why it was not told, and whether that may pass. The answer's body is not read."""
        try:
            with client.stream("POST", self._address, json=message) as response:
                status = response.status_code
        except httpx.TimeoutException:
            return f"no answer within {_ATTEMPT:g} s", True
        except FOREIGN as error:
            failure = translated(error)
            return str(failure), isinstance(failure, PassingError)
        if 200 <= status < 300:
            return None, False
        return f"HTTP {status}", status >= 500 or status in _PASSING

    def _client(self) -> httpx.Client:
        return httpx.Client(
            trust_env=False,
            transport=_transport(self._network),
            timeout=_ATTEMPT,
            headers={"user-agent": USER_AGENT},
        )


def webhook(name: str, address: str, network: Network, *, where: str) -> Webhook:
    """The channel for `address`; raises `ConfigError`, without it, where it is none."""
    try:
        return Webhook(name, httpx.URL(values.address(address)), network)
    except (ValueError, httpx.InvalidURL):
        raise ConfigError(f"{where}: must hold an address that begins with https://") from None


def _transport(network: Network) -> httpx.BaseTransport:
    """The way to the address; one that stands in for the network needs no proxy."""
    if network.transport:
        return network.transport
    direct = httpx.HTTPTransport(verify=network.tls())
    if not network.proxies:
        return direct
    return proxied.Transport(network.proxies, network.tls(), direct=direct)

"""A channel of `webhooks`: POST the message as JSON to an address that is never shown."""

from http import HTTPStatus

from outlogger_cli.alerts.channels import with_timeout
from outlogger_cli.alerts.delivery_log import Message
from outlogger_cli.domain.errors import ConfigError, PageError
from outlogger_cli.domain.model import FailureKind
from outlogger_cli.net.client import Network, check_url, post
from outlogger_cli.net.errors import RetryableError
from outlogger_cli.watchlist import readers as values

TIMEOUT = 10.0
"""The limit in seconds for two attempts and the pause between them."""

_ATTEMPT_TIMEOUT = 4.5
_PAUSE = 1.0
_RETRYABLE = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}


class WebhookChannel:
    """Posts to one address. A transient failure is retried once; redirects are not followed.

    Raises `ConfigError`, without showing the address, if it is invalid.
    """

    def __init__(self, name: str, address: str, network: Network, *, where: str) -> None:
        try:
            self._address = values.address(address)
            check_url(self._address)
        except ValueError:
            raise ConfigError(f"{where}: must hold an address that begins with https://") from None
        self.name = name
        self._network = network

    def send(self, message: Message, /) -> str | None:
        return with_timeout(TIMEOUT, lambda: self._send(message))

    def _send(self, message: Message) -> str | None:
        why, retryable = self._attempt(message)
        if why and retryable:
            self._network.sleep(_PAUSE)
            why, _ = self._attempt(message)
        return why

    def _attempt(self, message: Message) -> tuple[str | None, bool]:
        """Why the message was not delivered, and whether another attempt may succeed."""
        try:
            status = post(self._network, self._address, message, timeout=_ATTEMPT_TIMEOUT)
        except PageError as error:
            if error.kind is FailureKind.TIMEOUT:
                return f"no answer within {_ATTEMPT_TIMEOUT:g} s", True
            return error.message, isinstance(error, RetryableError)
        if 200 <= status < 300:
            return None, False
        return f"HTTP {status}", status >= 500 or status in _RETRYABLE

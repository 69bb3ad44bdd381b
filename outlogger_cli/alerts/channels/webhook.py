"""A channel of `webhooks`: POST the message as JSON to an address that is never shown."""

from http import HTTPStatus

from outlogger_cli.alerts.channels import NO_LIMIT, Cause, Failure, chats, with_timeout
from outlogger_cli.alerts.delivery_log import Message
from outlogger_cli.domain.errors import ConfigError, PageError
from outlogger_cli.domain.model import FailureKind
from outlogger_cli.net.client import Network, check_url, post
from outlogger_cli.net.errors import RetryableError
from outlogger_cli.watchlist import readers as values
from outlogger_cli.watchlist.readers import WebhookFormat

TIMEOUT = 10.0
"""The limit in seconds for two attempts and the pause between them."""

_ATTEMPT_TIMEOUT = 4.5
_PAUSE = 1.0
_RETRYABLE = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}

_REFUSALS = {400, 413, 415, 422}
"""Statuses by which a receiver refuses a message for what it is. All others, such as 401, 404 or
410, speak of the channel: the message may be accepted once that is mended."""


class WebhookChannel:
    """Posts to one address. A transient failure is retried once; redirects are not followed.

    Without a `format` the host decides: chats get their own body, others the message.
    Raises `ConfigError`, without showing the address, if it is invalid.
    """

    def __init__(
        self,
        name: str,
        address: str,
        network: Network,
        *,
        where: str,
        format: WebhookFormat | None = None,
    ) -> None:
        try:
            self._address = values.address(address)
            check_url(self._address)
        except ValueError:
            raise ConfigError(f"{where}: must hold an address that begins with https://") from None
        self.name = name
        self._network = network
        self._body = chats.BODIES[format or chats.format_of(self._address)]

    def send(self, message: Message, seconds: float = NO_LIMIT, /) -> Failure | None:
        return with_timeout(min(TIMEOUT, seconds), lambda: self._send(message))

    def _send(self, message: Message) -> Failure | None:
        body = self._body(message)
        failure, retryable = self._attempt(body)
        if failure and retryable:
            self._network.sleep(_PAUSE)
            failure, _ = self._attempt(body)
        return failure

    def _attempt(self, body: Message) -> tuple[Failure | None, bool]:
        """Why the message was not delivered, and whether another attempt may succeed."""
        try:
            status = post(self._network, self._address, body, timeout=_ATTEMPT_TIMEOUT)
        except PageError as error:
            if error.kind is FailureKind.TIMEOUT:
                return Failure(reason=f"no answer within {_ATTEMPT_TIMEOUT:g} s"), True
            return Failure(reason=error.message), isinstance(error, RetryableError)
        if 200 <= status < 300:
            return None, False
        cause = Cause.MESSAGE if status in _REFUSALS else Cause.CHANNEL
        failure = Failure(reason=f"HTTP {status}", cause=cause)
        return failure, status >= 500 or status in _RETRYABLE

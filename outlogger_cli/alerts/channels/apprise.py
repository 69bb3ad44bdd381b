"""A channel of `urls`: any service that Apprise supports, if the extra `notify` is installed.

The library is loaded only if there is such a channel. Its addresses are documented at
https://github.com/caronc/apprise/wiki.
"""

import logging
from importlib import import_module

from outlogger_cli.alerts.channels import NO_LIMIT, Failure, with_timeout
from outlogger_cli.alerts.delivery_log import Message
from outlogger_cli.alerts.events import Kind
from outlogger_cli.domain.errors import ConfigError

TIMEOUT = 30.0
"""Seconds for the service to accept a message."""

_TYPES = {
    Kind.OPENED: "failure",
    Kind.WORSENED: "failure",
    Kind.REMINDER: "failure",
    Kind.UNREADABLE: "warning",
    Kind.EASED: "warning",
    Kind.RECOVERED: "success",
}


class AppriseChannel:
    """Sends to one address.

    Raises `ConfigError`, without showing the address, if Apprise is not installed or does not
    accept it; Apprise gives no reason.
    """

    def __init__(self, name: str, address: str, *, where: str) -> None:
        try:
            apprise = import_module("apprise")
        except ModuleNotFoundError:
            raise ConfigError(
                f"{where}: requires the extra: pip install 'outlogger-cli[notify]'"
            ) from None
        # It would log to standard error, perhaps with the address.
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        self.name = name
        self._service = apprise.Apprise()
        if not self._service.add(address):
            raise ConfigError(
                f"{where}: Apprise cannot use this address: its kind is unknown, or it is"
                " incomplete"
            )

    def send(self, message: Message, seconds: float = NO_LIMIT, /) -> Failure | None:
        return with_timeout(min(TIMEOUT, seconds), lambda: self._send(message))

    def _send(self, message: Message) -> Failure | None:
        accepted = self._service.notify(
            title=message["title"],
            body=f"{message['message']}\n{message['url']}",
            body_format="text",  # services that show HTML or Markdown escape it
            notify_type=_TYPES.get(message["event"], "info"),
        )
        return None if accepted else Failure(reason="the service did not accept the message")

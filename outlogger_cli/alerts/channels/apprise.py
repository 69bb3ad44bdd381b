"""A channel of `urls`: any service Apprise knows, where the extra `notify` is installed.

The library is loaded only where an address asks for it. Its addresses are documented at
https://github.com/caronc/apprise/wiki.
"""

import logging
from importlib import import_module
from types import ModuleType
from typing import Any

from outlogger_cli.alerts.channels import within
from outlogger_cli.alerts.events import Kind
from outlogger_cli.alerts.state import Message
from outlogger_cli.domain.errors import ConfigError

PATIENCE = 30.0
"""Seconds for the service to take it."""

_TYPES = {
    Kind.OPENED: "failure",
    Kind.WORSENED: "failure",
    Kind.UNREADABLE: "warning",
    Kind.EASED: "warning",
    Kind.RECOVERED: "success",
}


class Target:
    """One address, which Apprise has accepted."""

    def __init__(self, name: str, service: Any) -> None:
        self.name = name
        self._service = service

    def tell(self, message: Message, /) -> str | None:
        return within(PATIENCE, lambda: self._told(message))

    def _told(self, message: Message) -> str | None:
        told = self._service.notify(
            title=message["title"],
            body=f"{message['message']}\n{message['url']}",
            body_format="text",  # so that a service which shows HTML or Markdown escapes it
            notify_type=_TYPES.get(message["event"], "info"),
        )
        return None if told else "the service did not take it"


def target(name: str, address: str, *, where: str) -> Target:
    """The channel for `address`; raises `ConfigError`, without it, where Apprise is missing or
    cannot use it, for which it gives no reason."""
    apprise = _library(where)
    service = apprise.Apprise()
    if not service.add(address):
        raise ConfigError(
            f"{where}: Apprise cannot use this address: its kind is unknown, or it is incomplete"
        )
    return Target(name, service)


def _library(where: str) -> ModuleType:
    try:
        library = import_module("apprise")
    except ModuleNotFoundError:
        raise ConfigError(
            f"{where}: needs the extra: pip install 'outlogger-cli[notify]'"
        ) from None
    # It would write to standard error, and may name the address there.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    return library

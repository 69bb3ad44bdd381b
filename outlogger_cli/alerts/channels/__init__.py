"""The channels that messages are sent through, one module each.

`send` returns why it failed instead of raising. It takes a bounded time, and never shows the value
of a `${NAME}`, which may be a secret.
"""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from outlogger_cli.alerts.delivery_log import Message
from outlogger_cli.domain.values import frozen
from outlogger_cli.engine import pool
from outlogger_cli.engine.pool import Job
from outlogger_cli.watchlist.placeholders import expand
from outlogger_cli.watchlist.schema import Notify

if TYPE_CHECKING:
    from outlogger_cli.net.client import Network

NO_LIMIT = 3600.0
"""Seconds for a message if the round sets no limit: each channel has its own, shorter one."""


class Cause(Enum):
    """What a failed delivery is due to."""

    CHANNEL = auto()
    """The receiver is down, gone or does not let us in: the message waits."""

    MESSAGE = auto()
    """The receiver refuses this message for what it is: to repeat it is useless."""

    UNCLEAR = auto()
    """The channel does not tell: a command that fails."""


@frozen
class Failure:
    """Why a message was not delivered, in one line."""

    reason: str
    cause: Cause = Cause.CHANNEL


class Channel(Protocol):
    """`name` is its place in the watchlist: `command`, `webhooks[0]`, `urls[1]`."""

    @property
    def name(self) -> str: ...

    def send(self, message: Message, seconds: float = NO_LIMIT, /) -> Failure | None:
        """Send `message` within `seconds`; return why that failed, or None."""
        ...


def configured(
    notify: Notify,
    *,
    path: Path,
    environ: Mapping[str, str],
    network: "Callable[[], Network]",
) -> dict[str, Channel]:
    """Return the channels of `notify` by subscriber, in the order of the documentation.

    `path` is the watchlist's, for errors. Raises `ConfigError` for a variable that is not set, for
    an invalid address, and for `urls` if Apprise is not installed.
    """
    where = f"{path}: [notify]"
    found: dict[str, Channel] = {}
    # Modules are imported only if needed: httpx and Apprise are slow to load.
    if notify.command:
        from outlogger_cli.alerts.channels.command import CommandChannel

        found[subscriber("command", notify.command)] = CommandChannel(notify.command, environ)
    if notify.webhooks:
        from outlogger_cli.alerts.channels.webhook import WebhookChannel

        shared = network()
        for index, webhook in enumerate(notify.webhooks):
            name = f"webhooks[{index}]"
            place = f"{where} {name}"
            found[subscriber("webhooks", webhook.url)] = WebhookChannel(
                name,
                expand(webhook.url, environ, where=place),
                shared,
                where=place,
                format=webhook.format,
            )
    if notify.urls:
        from outlogger_cli.alerts.channels.apprise import AppriseChannel

        for index, text in enumerate(notify.urls):
            name = f"urls[{index}]"
            address = expand(text, environ, where=f"{where} {name}")
            found[subscriber("urls", text)] = AppriseChannel(name, address, where=f"{where} {name}")
    return found


def subscriber(kind: str, text: str) -> str:
    """Return the name of the delivery log of the channel that is written as `text` under `kind`.

    It does not depend on the other channels, on quiet hours or events. It is a checksum, for an
    address may be a secret.
    """
    return sha256(dumps([kind, text]).encode()).hexdigest()[:16]


def with_timeout(seconds: float, send: Callable[[], Failure | None]) -> Failure | None:
    """Return what `send` returns, or a reason if it takes longer; it is then abandoned, and may
    still go on in its thread."""
    job = Job(
        host="",
        budget=seconds,
        run=lambda _until: send(),
        abandon=lambda _expired: Failure(reason=f"no answer within {seconds:.3g} s"),
    )
    ((_, failure),) = pool.run([job], limit=1)
    return failure

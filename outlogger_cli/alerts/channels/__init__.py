"""The channels that messages are sent through, one module each.

`send` returns why it failed instead of raising. It takes a bounded time, and never shows the value
of a `${NAME}`, which may be a secret.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from outlogger_cli.alerts.delivery_log import Message
from outlogger_cli.engine import pool
from outlogger_cli.engine.pool import Job
from outlogger_cli.watchlist.placeholders import expand
from outlogger_cli.watchlist.schema import Notify

if TYPE_CHECKING:
    from outlogger_cli.net.client import Network


class Channel(Protocol):
    """`name` is its place in the watchlist: `command`, `webhooks[0]`, `urls[1]`."""

    @property
    def name(self) -> str: ...

    def send(self, message: Message, /) -> str | None:
        """Send `message`; return why that failed, in one line, or None."""
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
        for index, text in enumerate(notify.webhooks):
            name = f"webhooks[{index}]"
            address = expand(text, environ, where=f"{where} {name}")
            webhook = WebhookChannel(name, address, shared, where=f"{where} {name}")
            found[subscriber("webhooks", text)] = webhook
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


def with_timeout(seconds: float, send: Callable[[], str | None]) -> str | None:
    """Return what `send` returns, or a reason if it takes longer; it is then abandoned, and may
    still go on in its thread."""
    job = Job(
        host="",
        budget=seconds,
        run=lambda _until: send(),
        abandon=lambda _expired: f"no answer within {seconds:g} s",
    )
    ((_, error),) = pool.run([job], limit=1)
    return error

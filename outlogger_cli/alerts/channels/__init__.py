"""The channels that changes are told through, one module each.

A channel is asked to tell a message and answers why it could not. It never raises for what goes
wrong outside, takes a bounded time, and never shows the value of a `${NAME}`.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from outlogger_cli.alerts.state import Message
from outlogger_cli.engine import pool
from outlogger_cli.engine.pool import Job
from outlogger_cli.watchlist.placeholders import expand
from outlogger_cli.watchlist.schema import Notify

if TYPE_CHECKING:
    from outlogger_cli.net.client import Network


class Channel(Protocol):
    """`name` is what the watchlist calls it: `command`, `webhooks[0]`, `urls[1]`."""

    @property
    def name(self) -> str: ...

    def tell(self, message: Message, /) -> str | None:
        """None where it was told, else why not, in words for one line."""
        ...


def channels(
    notify: Notify,
    *,
    path: Path,
    environ: Mapping[str, str],
    network: "Callable[[], Network]",
) -> dict[str, Channel]:
    """The channels of `notify` by their audiences, in the order of the documentation; `path` is
    what errors name.

    Raises `ConfigError` for a variable that is not set, for an address that is none, and for
    `urls` where Apprise is not installed.
    """
    where = f"{path}: [notify]"
    found: dict[str, Channel] = {}
    if notify.command:
        from outlogger_cli.alerts.channels.command import Command

        found[audience("command", notify.command)] = Command(notify.command, environ)
    if notify.webhooks:
        from outlogger_cli.alerts.channels.webhook import webhook

        shared = network()
        for index, text in enumerate(notify.webhooks):
            name = f"webhooks[{index}]"
            address = expand(text, environ, where=f"{where} {name}")
            made = webhook(name, address, shared, where=f"{where} {name}")
            found[audience("webhooks", text)] = made
    if notify.urls:
        from outlogger_cli.alerts.channels.apprise import target

        for index, text in enumerate(notify.urls):
            name = f"urls[{index}]"
            address = expand(text, environ, where=f"{where} {name}")
            found[audience("urls", text)] = target(name, address, where=f"{where} {name}")
    return found


def audience(kind: str, text: str) -> str:
    """Who is told through the channel that stands as `text` under `kind`, as the name of a ledger:
    other channels beside it, other hours or events make no other of it. It is a checksum, for an
    address may be a secret."""
    return sha256(dumps([kind, text]).encode()).hexdigest()[:16]


def within(seconds: float, work: Callable[[], str | None]) -> str | None:
    """What `work` answers; that there was no answer where it takes longer, which ends the wait
    but not the work."""
    job = Job(
        host="",
        budget=seconds,
        run=lambda _until: work(),
        abandon=lambda _late: f"no answer within {seconds:g} s",
    )
    ((_, why),) = pool.run([job], limit=1)
    return why

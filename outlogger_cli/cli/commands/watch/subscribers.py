"""The subscribers of a watch: the channels of [notify], and the reader of standard output."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from outlogger_cli.alerts import channels
from outlogger_cli.alerts.channels import NO_LIMIT, Channel, Failure
from outlogger_cli.alerts.delivery_log import Message
from outlogger_cli.alerts.events import Kind
from outlogger_cli.alerts.notifier import Notifier, QuietHours
from outlogger_cli.alerts.state import StateFolder
from outlogger_cli.cli.output import FOUND, say, unused
from outlogger_cli.cli.session import Session
from outlogger_cli.domain.values import replace
from outlogger_cli.net import proxy
from outlogger_cli.system import paths, terminal
from outlogger_cli.watchlist.schema import Notify

OUTPUT = "output"
"""The subscriber, and its channel, that reads standard output."""


class OutputChannel:
    """Writes messages to standard output: as JSON, one a line, or only their titles."""

    name = OUTPUT

    def __init__(self, stream: TextIO, *, only_titles: bool) -> None:
        self._stream = stream
        self._only_titles = only_titles

    def send(self, message: Message, _seconds: float = NO_LIMIT, /) -> Failure | None:
        text = json.dumps(message, separators=(",", ":"))
        if self._only_titles:
            text = message["title"]
        terminal.write(self._stream, f"{text}\n")
        return None


def trusted_notify(session: Session) -> Notify | None:
    """Return [notify] of a watchlist that the user chose; its commands may be run."""
    return session.watchlist.notify if session.watchlist and session.located.own else None


def untrusted_note(session: Session) -> list[str]:
    """Return a note if there is a [notify] that is ignored: the watchlist was auto-discovered."""
    if session.located.own or not (session.watchlist and session.watchlist.notify):
        return []
    return [f"{session.located.path}: its [notify] is ignored, {FOUND}"]


@contextmanager
def open_state(session: Session) -> Iterator[StateFolder]:
    """Yield the state folder; in a drill a temporary one."""
    if session.run.drill is None:
        state = StateFolder(paths.state())
        for path in state.foreign if session.verbose else ():
            say(session, unused(path))
        yield state
        return
    with TemporaryDirectory(prefix="outlogger-drill-") as folder:
        yield StateFolder(Path(folder))


def notifiers(
    session: Session,
    state: StateFolder,
    kinds: Sequence[str],
    *,
    events_on_output: bool,
    interval: timedelta | None,
) -> list[Notifier]:
    """Return the notifier of standard output, if events are written to it, then one a channel.

    With an `interval` the pause between tries on a failing channel grows.
    A drill ignores quiet hours: the user wants to see its messages now.
    """
    is_drill = session.run.drill is not None
    notify = trusted_notify(session)
    channels: dict[str, Channel] = {}
    if events_on_output and not session.output.quiet:
        only_titles = session.format.for_terminal
        channels[OUTPUT] = OutputChannel(session.runtime.stdout, only_titles=only_titles)
    if notify:
        channels |= configured(session, notify)
    quiet = None
    if notify and notify.quiet and not is_drill:
        start, end = notify.quiet
        quiet = QuietHours(start=start, end=end, zone=session.zone)
    remind = notify.remind if notify else None
    return [
        Notifier(
            state=state,
            subscriber=subscriber,
            channel=channel,
            kinds=tuple(dict.fromkeys([*kinds, Kind.REMINDER])) if remind else kinds,
            quiet=None if subscriber == OUTPUT else quiet,
            remind=remind,
            zone=session.zone,
            interval=interval,
            drill=is_drill,
            monotonic=session.run.clock.monotonic,
        )
        for subscriber, channel in channels.items()
    ]


def configured(session: Session, notify: Notify) -> dict[str, Channel]:
    """Return the channels of `notify` by subscriber; raises `ConfigError` for an unusable one.

    They use the real network in a drill too: it tests whether messages arrive.
    """
    environ = session.runtime.environ
    return channels.configured(
        notify,
        path=session.located.path,
        environ=environ,
        network=lambda: replace(session.run.network(), drill=None, proxies=proxy.in_use(environ)),
    )

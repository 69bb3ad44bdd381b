"""Who is told by a watch: the channels of [notify], and standard output."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from outlogger_cli.alerts import channels as shelf
from outlogger_cli.alerts.channels import Channel
from outlogger_cli.alerts.notifier import Quiet, Teller
from outlogger_cli.alerts.state import Message, State
from outlogger_cli.cli.output import FOUND
from outlogger_cli.cli.session import Session
from outlogger_cli.net import proxy
from outlogger_cli.net.client import Network
from outlogger_cli.system import paths, terminal
from outlogger_cli.watchlist.schema import Notify

OUTPUT = "output"
"""The audience, and its channel, that reads standard output."""


class Output:
    """Standard output as a channel: events as JSON, one a line, or only their titles."""

    name = OUTPUT

    def __init__(self, stream: TextIO, *, titles: bool) -> None:
        self._stream = stream
        self._titles = titles

    def tell(self, message: Message, /) -> None:
        text = message["title"] if self._titles else json.dumps(message, separators=(",", ":"))
        terminal.write(self._stream, f"{text}\n")


def trusted(session: Session) -> Notify | None:
    """[notify] of a watchlist that the user chose."""
    return session.watchlist.notify if session.watchlist and session.located.own else None


def withheld(session: Session) -> list[str]:
    """That [notify] is not run, where the watchlist was merely found."""
    if session.located.own or not (session.watchlist and session.watchlist.notify):
        return []
    return [f"{session.located.path}: its [notify] is not run, {FOUND}"]


@contextmanager
def kept(session: Session) -> Iterator[State]:
    """Where it is remembered what was told: in a drill only while it lasts."""
    if session.run.drill is None:
        yield State(paths.state())
        return
    with TemporaryDirectory(prefix="outlogger-drill-") as folder:
        yield State(Path(folder))


def tellers(
    session: Session, notify: Notify | None, state: State, kinds: Sequence[str], *, output: bool
) -> list[Teller]:
    """Whoever reads standard output first, and by whatever `notify` names. A table is no reader
    of events unless it is the only `output`."""
    found = []
    if (output or session.format.streams) and not session.output.quiet:
        said = Output(session.runtime.stdout, titles=session.format.for_terminal)
        found.append(Teller(state=state, audience=OUTPUT, channel=said, kinds=kinds))
    if notify:
        quiet = _quiet(session, notify)
        found += [
            Teller(state=state, audience=audience, channel=channel, kinds=kinds, quiet=quiet)
            for audience, channel in configured(session, notify).items()
        ]
    return found


def _quiet(session: Session, notify: Notify) -> Quiet | None:
    """The hours in which nothing is told; a drill was asked for at this hour."""
    if notify.quiet is None or session.run.drill:
        return None
    begin, until = notify.quiet
    return Quiet(begin=begin, until=until, zone=session.zone)


def configured(session: Session, notify: Notify) -> dict[str, Channel]:
    """The channels of `notify` by their audiences; raises `ConfigError` for one that cannot be
    used."""
    return shelf.channels(
        notify,
        path=session.located.path,
        environ=session.runtime.environ,
        network=lambda: _network(session),
    )


def _network(session: Session) -> Network:
    """The real one, in a drill too: what is rehearsed is that a message arrives."""
    return replace(session.run.network(), drill=None, proxies=proxy.in_use(session.runtime.environ))

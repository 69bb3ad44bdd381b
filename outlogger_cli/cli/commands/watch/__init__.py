"""`outlogger watch`: stay, and tell what changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from outlogger_cli.cli.options import Gate, Reading, Threshold, takes
from outlogger_cli.cli.pauses import bearable
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.model import Depth
from outlogger_cli.domain.values import frozen
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist.readers import EVENTS

if TYPE_CHECKING:
    from outlogger_cli.cli.session import Walk
    from outlogger_cli.watchlist.schema import Notify

FORMATS = ("table", "ndjson")
INTERVAL = timedelta(minutes=1)


@frozen
class Asked:
    """How it watches, and what it tells of."""

    interval: Annotated[
        timedelta | None,
        Option(
            "--interval",
            metavar="DURATION",
            parser=bearable,
            help="The pause between two rounds, at least 10s; a page may ask for a longer one."
            " [default: 60s]",
            show_default=False,
        ),
    ] = None
    once: Annotated[
        bool, Option("--once", help="One round, compared with the last: for cron and timers.")
    ] = False
    on: Annotated[
        list[str] | None,
        Option(
            "--on",
            metavar="EVENT,...",
            help="What to tell of. [default: opened,worsened,recovered]",
            show_default=False,
        ),
    ] = None
    test: Annotated[
        bool, Option("--test", help="Send a test through every channel and say how it went.")
    ] = False
    fail_on: Threshold = None


@takes(asked=Asked, reading=Reading)
def command(ctx: typer.Context, *, asked: Asked, reading: Reading) -> ExitCode:
    """Stay, and tell what changes: on the terminal, and through the channels of [notify].

    On a terminal a table that q ends; in a pipe one event a line, as JSON. What was told is
    remembered, so that a restart tells nothing twice. Exits 0 however bad the news.

    Events: opened (a problem began), worsened, eased, recovered, updated (an incident or an update
    is new), maintenance_started, maintenance_ended, unreadable (nobody can tell how it is),
    readable.

    Examples: outlogger watch · outlogger watch --once --on opened,recovered,updated · outlogger
    watch --test
    """
    from outlogger_cli.cli import session

    runtime: Runtime = ctx.obj
    _refuse(reading)
    chosen = _chosen(asked.on)
    if asked.test:
        from outlogger_cli.cli.commands.watch import trial

        return trial.run(runtime, reading)
    reading = replace(reading, refresh=True)  # what is stored does not change
    gate = Gate(fail_on=asked.fail_on)
    step = session.prepare(runtime, reading, gate=gate, depth=Depth.VERDICT, formats=FORMATS)
    _watch(replace(step, format=step.format.replace("plain", "ndjson")), asked, chosen)
    return ExitCode.OK


def _refuse(reading: Reading) -> None:
    if reading.offline:
        raise UsageError("--offline: stored readings never change; watch has to ask the pages")
    if reading.output:
        raise UsageError("--output: watch writes as it goes; send it to a file by > FILE instead")


def _chosen(on: Sequence[str] | None) -> tuple[str, ...] | None:
    """The events that `--on` names, in the order of the documentation."""
    if on is None:
        return None
    named = {word.strip() for words in on for word in words.split(",")}
    if unknown := sorted(named.difference(EVENTS)):
        from outlogger_cli.domain.text import line

        raise UsageError(
            f"--on: there is no event {line(unknown[0])!r}; the events are {', '.join(EVENTS)}"
        )
    return tuple(event for event in EVENTS if event in named)


def _watch(step: "Walk", asked: Asked, chosen: tuple[str, ...] | None) -> None:
    from outlogger_cli.alerts.events import DEFAULT
    from outlogger_cli.cli import output
    from outlogger_cli.cli.commands.watch import audiences
    from outlogger_cli.cli.commands.watch.rounds import Watcher, once, stream

    output.announce(step)
    distrust = audiences.withheld(step)
    for note in distrust:
        output.say(step, note)
    notify = audiences.trusted(step)
    kinds = chosen or _listed(notify) or DEFAULT
    with audiences.kept(step) as state:
        tellers = audiences.tellers(step, notify, state, kinds, output=asked.once)
        watcher = Watcher(step, state=state, tellers=tellers)
        if asked.once:
            once(watcher)
        elif _has_screen(step):
            from outlogger_cli.cli.commands.watch import live

            notes = [*output.withheld(step), *distrust]
            live.watch(watcher, asked.interval or INTERVAL, notes)
        else:
            stream(watcher, asked.interval or INTERVAL)


def _listed(notify: "Notify | None") -> tuple[str, ...] | None:
    return notify.on if notify else None


def _has_screen(step: "Walk") -> bool:
    """Whether standard output is a terminal that the table can be drawn anew on."""
    shown = step.format == "table" and not step.reading.quiet
    return shown and terminal.redraws(step.runtime.stdout, step.runtime.environ)

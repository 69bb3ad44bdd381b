"""`outlogger watch`: stay, and tell what changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

import typer
from typer import Option

from outlogger_cli.alerts.events import DEFAULT
from outlogger_cli.cli.options import (
    OutputOptions,
    ReadOptions,
    Threshold,
    ThresholdOptions,
    with_options,
)
from outlogger_cli.cli.output import announce, say, withheld
from outlogger_cli.cli.rounds import interval_option, loop
from outlogger_cli.cli.session import build, format_name
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.model import Depth
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist.readers import EVENTS

FORMATS = ("table", "ndjson")
INTERVAL = timedelta(minutes=1)


@frozen
class WatchOptions:
    """How often to read, and what to tell of."""

    interval: Annotated[
        timedelta | None,
        Option(
            "--interval",
            metavar="DURATION",
            parser=interval_option,
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


@with_options(formats=FORMATS, watch=WatchOptions, options=ReadOptions, output=OutputOptions)
def command(
    ctx: typer.Context, *, watch: WatchOptions, options: ReadOptions, output: OutputOptions
) -> ExitCode:
    """Stay, and tell what changes: on the terminal, and through the channels of [notify].

    On a terminal a table that q ends; in a pipe one event a line, as JSON. What was told is
    remembered, so that a restart tells nothing twice. Exits 0 however bad the news.

    Events: opened (a problem began), worsened, eased, recovered, updated (an incident or an update
    is new), maintenance_started, maintenance_ended, unreadable (nobody can tell how it is),
    readable.

    Examples: outlogger watch · outlogger watch --once --on opened,recovered,updated · outlogger
    watch --test
    """
    from outlogger_cli.cli.commands.watch import audiences, trial
    from outlogger_cli.cli.commands.watch.rounds import Lines, Watcher, once

    runtime: Runtime = ctx.obj
    if options.offline:
        raise UsageError("--offline: stored readings never change; watch has to ask the pages")
    if output.output:
        raise UsageError("--output: watch writes as it goes; send it to a file by > FILE instead")
    chosen = _chosen(watch.on)
    if watch.test:
        return trial.run(runtime, options, output)
    session = build(
        runtime,
        replace(options, refresh=True),  # what is stored does not change
        output if format_name(runtime, output) != "plain" else replace(output, format="ndjson"),
        threshold=ThresholdOptions(fail_on=watch.fail_on),
        depth=Depth.VERDICT,
    )
    announce(session)
    distrust = audiences.withheld(session)
    for note in distrust:
        say(session, note)
    notify = audiences.trusted(session)
    kinds = chosen or (notify.on if notify else None) or DEFAULT
    interval = watch.interval or INTERVAL
    with audiences.kept(session) as state:
        tellers = audiences.tellers(session, notify, state, kinds, output=watch.once)
        watcher = Watcher(session, state=state, tellers=tellers)
        if watch.once:
            once(watcher)
        elif (
            session.format.for_terminal
            and not output.quiet
            and terminal.redraws(runtime.stdout, runtime.environ)
        ):
            from outlogger_cli.cli.commands.watch import live  # loads Rich

            live.watch(watcher, interval, [*withheld(session), *distrust])
        else:
            loop(watcher.read, Lines(watcher), interval)
    return ExitCode.OK


def _chosen(on: Sequence[str] | None) -> tuple[str, ...] | None:
    """The events that `--on` names, in the order of the documentation."""
    if on is None:
        return None
    named = {word.strip() for words in on for word in words.split(",")}
    if unknown := sorted(named.difference(EVENTS)):
        raise UsageError(
            f"--on: there is no event {line(unknown[0])!r}; the events are {', '.join(EVENTS)}"
        )
    return tuple(event for event in EVENTS if event in named)

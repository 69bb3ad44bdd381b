"""`outlogger watch`: read the pages again and again, and notify of changes."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer
from typer import Option

from outlogger_cli.alerts.events import DEFAULT_KINDS
from outlogger_cli.cli.command_line import format_option, with_options
from outlogger_cli.cli.options import OutputOptions, ReadOptions, Threshold, ThresholdOptions
from outlogger_cli.cli.output import announce, say, withheld
from outlogger_cli.cli.rounds import Interval, loop
from outlogger_cli.cli.session import build
from outlogger_cli.cli.writing import format_name
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.model import Depth
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist.readers import EVENTS

FORMATS = ("table", "plain", "ndjson")
INTERVAL = timedelta(minutes=1)


@frozen
class WatchOptions:
    """How often to read, and of what to notify."""

    interval: Interval = None
    once: Annotated[
        bool, Option("--once", help="Read once, compare with the last run, notify and exit.")
    ] = False
    on: Annotated[
        list[str] | None,
        Option(
            "--on",
            metavar="EVENT,...",
            help="Events to notify of. [default: opened,worsened,recovered,unreadable,readable]",
            show_default=False,
        ),
    ] = None
    test: Annotated[
        bool, Option("--test", help="Send a test message to every channel. Exits 1 if one failed.")
    ] = False
    fail_on: Threshold = None


@frozen
class WatchOutputOptions(OutputOptions):
    """How changes are shown."""

    format: Annotated[
        str | None,
        format_option(
            "table, plain or ndjson. [env: OUTLOGGER_FORMAT; default: table, ndjson in a pipe]"
        ),
    ] = None


_WITHOUT = {
    "offline": "cannot be used with watch: it has to read the pages",
    "max_age": "",  # each round reads the pages
    "refresh": "",
    "json": "",  # not among its formats, as --format says
    "output": "cannot be used with watch, which writes as it goes: use > FILE",
}


@with_options(
    formats=FORMATS,
    without=_WITHOUT,
    watch=WatchOptions,
    options=ReadOptions,
    output=WatchOutputOptions,
)
def command(
    ctx: typer.Context, *, watch: WatchOptions, options: ReadOptions, output: WatchOutputOptions
) -> ExitCode:
    """Watch status pages; notify of changes on the terminal and through [notify] channels.

    \b
    Examples:
      outlogger watch
      outlogger watch --once --on opened,updated
      outlogger watch --test

    Shows a full-screen view on a terminal (? lists its keys); writes one JSON event a line in a
    pipe. A restart repeats no notification. Exits 0 even during an outage.

    Events: opened (a problem began), worsened, eased, recovered, updated (an incident is new, or
    was updated or closed), maintenance_started, maintenance_ended, unreadable (unknown for three
    rounds in a row), readable, reminder (a problem is still open; see remind in [notify]).
    """
    # Loads httpx and formats, which --help and completion do without.
    from outlogger_cli.cli.commands.watch import subscribers, testing
    from outlogger_cli.cli.commands.watch.lines import Lines
    from outlogger_cli.cli.commands.watch.watcher import Watcher

    runtime: Runtime = ctx.obj
    chosen = _chosen_kinds(watch.on)
    if watch.test:
        return testing.run(runtime, options, output)
    session = build(
        runtime,
        replace(options, refresh=True),  # stored readings do not change
        replace(output, format=_line_format(runtime, output)),
        threshold=ThresholdOptions(fail_on=watch.fail_on),
        depth=Depth.VERDICT,
    )
    announce(session)
    untrusted = subscribers.untrusted_note(session)
    for note in untrusted:
        say(session, note)
    notify = subscribers.trusted_notify(session)
    kinds = chosen or (notify.on if notify else None) or DEFAULT_KINDS
    if "reminder" in kinds and not (notify and notify.remind):
        raise UsageError(
            '--on: reminder needs remind = "4h" or the like in [notify] of your watchlist'
        )
    interval = watch.interval or INTERVAL
    with subscribers.open_state(session) as state:
        notifiers = subscribers.notifiers(
            session,
            state,
            kinds,
            events_on_output=watch.once or session.format.streams,
            interval=None if watch.once else interval,
        )
        watcher = Watcher(
            session, state=state, notifiers=notifiers, interval=interval, once=watch.once
        )
        if not watch.once and _has_screen(runtime, output):
            try:
                from outlogger_cli.cli.commands.watch import fullscreen  # loads Textual
            except ImportError as error:
                say(session, f"Textual cannot be loaded ({error}): changes are written as lines")
            else:
                return fullscreen.watch(watcher, interval, [*withheld(session), *untrusted])
        loop(watcher.read, Lines(watcher, once=watch.once), interval)
    return ExitCode.OK


def _line_format(runtime: Runtime, output: OutputOptions) -> str:
    """The format of the lines: events for a pipe, for `plain` the table and titles of changes."""
    if output.format == "plain":
        return "table"
    return "ndjson" if format_name(runtime, output) == "plain" else format_name(runtime, output)


def _has_screen(runtime: Runtime, output: OutputOptions) -> bool:
    """Whether the full-screen view can be shown: Textual reads standard input and writes to
    standard error."""
    streams = runtime.stdin, runtime.stdout, runtime.stderr
    is_terminal = all(terminal.redraws(stream, runtime.environ) for stream in streams)
    return is_terminal and not output.quiet and output.format in {None, "table"}


def _chosen_kinds(on: Sequence[str] | None) -> tuple[str, ...] | None:
    """Return the events that `--on` names, in the order of the documentation."""
    if on is None:
        return None
    named = {word.strip() for words in on for word in words.split(",")}
    if unknown := sorted(named.difference(EVENTS)):
        words = ", ".join(repr(line(word)) for word in unknown)
        plural = "s" if len(unknown) > 1 else ""
        raise UsageError(f"--on: unknown event{plural} {words}; the events are {', '.join(EVENTS)}")
    return tuple(event for event in EVENTS if event in named)

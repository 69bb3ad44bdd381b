"""`outlogger wait`: block until every verdict is ok, or until the time has run out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from outlogger_cli.cli.options import Gate, Reading, length, takes
from outlogger_cli.cli.pauses import bearable, spread
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.model import Depth
from outlogger_cli.domain.values import frozen
from outlogger_cli.render import FORMATS, wording
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime

if TYPE_CHECKING:
    from outlogger_cli.cli.session import Walk
    from outlogger_cli.domain.report import Report

WAIT_FOR = timedelta(minutes=30)
INTERVAL = timedelta(seconds=30)

_TICK = 1.0
_CLEARED = "\r\x1b[K"


@frozen
class Patience:
    """For how long, and how often it is looked."""

    wait_for: Annotated[
        timedelta | None,
        Option(
            "--wait-for",
            metavar="DURATION",
            parser=length,
            help="All the time there is. [default: 30m]",
            show_default=False,
        ),
    ] = None
    interval: Annotated[
        timedelta | None,
        Option(
            "--interval",
            metavar="DURATION",
            parser=bearable,
            help="The pause between two looks, at least 10s. [default: 30s]",
            show_default=False,
        ),
    ] = None


@takes(reading=Reading, gate=Gate, patience=Patience)
def command(ctx: typer.Context, *, reading: Reading, gate: Gate, patience: Patience) -> ExitCode:
    """Block until all is well: 0 then, 4 where the time ran out before.

    Reads every vendor each time, so that the answer holds for all at one moment, and a last time
    when the time is up. A page that cannot be read is waited for like a problem, unless
    --on-unknown is warn or ignore.

    Examples: outlogger wait github -c Actions · outlogger wait --tag ci --wait-for 2h && ./deploy
    """
    from outlogger_cli.cli import output, session

    runtime: Runtime = ctx.obj
    if reading.offline:
        raise UsageError("--offline: stored readings never change; wait has to ask the pages")
    reading = replace(reading, refresh=True)
    step = session.prepare(runtime, reading, gate=gate, depth=Depth.VERDICT, formats=tuple(FORMATS))
    output.announce(step)
    report = _waited(step, patience)
    _deliver(step, report)
    if not output.explain_network(step, report) and step.format != "table":
        output.name_problems(step, report)
    if report.exit_code is ExitCode.TIMED_OUT:
        output.say(step, f"gave up after {wording.length(_allowed(step, patience))}")
    return report.exit_code


def _allowed(step: "Walk", patience: Patience) -> timedelta:
    """All the time there is; the deadline of the run is that of the waiting too."""
    wished = WAIT_FOR if patience.wait_for is None else patience.wait_for
    return min(wished, step.request.deadline or wished)


def _waited(step: "Walk", patience: Patience) -> "Report":
    """The last look: the first at which all was well, or the one when the time was up."""
    from outlogger_cli.cli import session

    monotonic = step.runtime.monotonic
    until = monotonic() + _allowed(step, patience).total_seconds()
    while True:
        report = session.report(step, "wait", days=None, gate=True)
        if report.exit_code in {ExitCode.OK, ExitCode.INTERRUPTED}:
            return report
        left = until - monotonic()
        if left <= 0:
            return replace(report, exit_code=ExitCode.TIMED_OUT)
        try:
            _pause(step, report, min(left, spread(patience.interval or INTERVAL)), until)
        except KeyboardInterrupt:
            return replace(report, exit_code=ExitCode.INTERRUPTED)


def _pause(step: "Walk", report: "Report", seconds: float, until: float) -> None:
    """Sleep; on a terminal with a countdown, of which nothing is left."""
    runtime = step.runtime
    if step.reading.quiet or not terminal.redraws(runtime.stderr, runtime.environ):
        runtime.sleep(seconds)
        return
    with _cleared(runtime):
        end = runtime.monotonic() + seconds
        while (left := end - runtime.monotonic()) > 0:
            _count_down(runtime, report, left, until - runtime.monotonic())
            runtime.sleep(min(_TICK, left))


@contextmanager
def _cleared(runtime: Runtime) -> Iterator[None]:
    try:
        yield
    finally:
        terminal.tell(runtime.stderr, _CLEARED)


def _count_down(runtime: Runtime, report: "Report", pause: float, rest: float) -> None:
    """`waiting for github, acme: next look in 23 s, 28 min left`"""
    from outlogger_cli.domain.model import Verdict

    awaited = ", ".join(j.vendor.slug for j in report.vendors if j.verdict is not Verdict.OK)
    times = f": next look in {_seconds(pause)}, {_seconds(rest)} left"
    columns = terminal.width(runtime.stderr, runtime.environ) - 1
    room = columns - len(times)
    told = f"waiting for {awaited}"
    told = told if len(told) <= room else told[: max(0, room - 3)] + "..."
    terminal.tell(runtime.stderr, f"{_CLEARED}{(told + times)[:columns]}")


def _seconds(span: float) -> str:
    return wording.length(timedelta(seconds=ceil(span)))


def _deliver(step: "Walk", report: "Report") -> None:
    """The last look in the format asked for; `ndjson` too is written only now."""
    from outlogger_cli import render
    from outlogger_cli.cli import output, session
    from outlogger_cli.cli.formats import put

    view = session.view(step)
    if step.format == "ndjson":
        put(step.runtime, step.reading, render.render(report, "ndjson", view))
    else:
        output.deliver(step, report, view)

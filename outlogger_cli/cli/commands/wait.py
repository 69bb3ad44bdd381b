"""`outlogger wait`: block until every vendor is ok, or until the time is up."""

from datetime import timedelta
from math import ceil
from typing import Annotated

import typer
from typer import Option

from outlogger_cli.cli.command_line import with_options
from outlogger_cli.cli.display import Display
from outlogger_cli.cli.options import OutputOptions, ReadOptions, ThresholdOptions, length
from outlogger_cli.cli.output import announce, finish, problems, say
from outlogger_cli.cli.rounds import interval_option, loop
from outlogger_cli.cli.session import Session, build
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.domain.model import Depth, Verdict
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.engine import run
from outlogger_cli.render import FORMATS, wording
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime

WAIT_FOR = timedelta(minutes=30)
INTERVAL = timedelta(seconds=30)

_TICK = 1.0
_CLEAR_LINE = "\r\x1b[K"


@frozen
class WaitOptions:
    """For how long to wait, and how often to read."""

    wait_for: Annotated[
        timedelta | None,
        Option(
            "--wait-for",
            metavar="DURATION",
            parser=length,
            help="Time limit. [default: 30m]",
            show_default=False,
        ),
    ] = None
    interval: Annotated[
        timedelta | None,
        Option(
            "--interval",
            metavar="DURATION",
            parser=interval_option,
            help="Pause between two rounds, at least 10s. [default: 30s]",
            show_default=False,
        ),
    ] = None


@with_options(
    formats=tuple(FORMATS),
    without={
        "offline": "cannot be used with wait: it has to read the pages",
        "max_age": "",  # each round reads the pages
        "refresh": "",
    },
    options=ReadOptions,
    output=OutputOptions,
    threshold=ThresholdOptions,
    wait=WaitOptions,
)
def command(
    ctx: typer.Context,
    *,
    options: ReadOptions,
    output: OutputOptions,
    threshold: ThresholdOptions,
    wait: WaitOptions,
) -> int:
    """Wait until all vendors are ok. Exits 0 on success, 4 on timeout.

    \b
    Examples:
      outlogger wait github -c Actions
      outlogger wait --tag ci --wait-for 2h && ./deploy

    Each round reads all vendors, so that all are ok at the same time. A page that
    cannot be read counts as a problem, unless --on-unknown is warn or ignore.
    """
    runtime: Runtime = ctx.obj
    session = build(
        runtime,
        replace(options, refresh=True),
        output,
        threshold=threshold,
        depth=Depth.VERDICT,
    )
    # Only the last round is written, in every format.
    session = replace(session, format=replace(session.format, streams=False))
    announce(session)
    limit = WAIT_FOR if wait.wait_for is None else wait.wait_for
    limit = min(limit, session.run.request.deadline or limit)
    countdown = _Countdown(session, limit)
    report = loop(
        lambda: run.report(session.run, "wait", gate=True, display=Display(session, "wait")),
        countdown,
        wait.interval or INTERVAL,
    )
    report = replace(report, exit_code=countdown.exit_code or report.exit_code)
    code = finish(session, report, session.view(), problems)
    if code == ExitCode.TIMED_OUT:
        say(session, f"timed out after {wording.length(limit)}")
    return code


class _Countdown:
    """The display: a countdown between rounds, on a terminal.

    `exit_code` replaces that of the last report if the time ran out, or at Ctrl-C in a pause.
    """

    def __init__(self, session: Session, limit: timedelta) -> None:
        self.exit_code: ExitCode | None = None
        self._awaited: list[str] = []
        self._session = session
        self._until = session.run.clock.monotonic() + limit.total_seconds()

    def on_report(self, report: Report) -> bool:
        if report.exit_code in {ExitCode.OK, ExitCode.INTERRUPTED}:
            return True
        if self._left() <= 0:
            self.exit_code = ExitCode.TIMED_OUT
            return True
        self._tell(report)
        return False

    def _tell(self, report: Report) -> None:
        """Say what is waited for when that changes, unless a countdown shows it."""
        from outlogger_cli.render.phrases import headline  # loaded while requests are under way

        awaited = [
            f"{one.vendor.slug} ({headline(one)})"
            for one in report.vendors
            if one.verdict is not Verdict.OK
        ]
        if awaited != self._awaited and not self._counts_down():
            say(self._session, f"waiting for {', '.join(awaited)}")
        self._awaited = awaited

    def _counts_down(self) -> bool:
        runtime = self._session.runtime
        return terminal.redraws(runtime.stderr, runtime.environ)

    def pause(self, seconds: float, report: Report) -> bool:
        """Sleep until the next round, or until the time is up."""
        try:
            self._count_down(min(self._left(), seconds), report)
        except KeyboardInterrupt:
            self.exit_code = ExitCode.INTERRUPTED
            return True
        return False

    def _count_down(self, seconds: float, report: Report) -> None:
        runtime, clock = self._session.runtime, self._session.run.clock
        if self._session.output.quiet or not self._counts_down():
            clock.sleep(seconds)
            return
        end = clock.monotonic() + seconds
        try:
            while (left := end - clock.monotonic()) > 0:
                terminal.tell(runtime.stderr, _CLEAR_LINE + self._text(report, left))
                clock.sleep(min(_TICK, left))
        finally:
            terminal.tell(runtime.stderr, _CLEAR_LINE)

    def _left(self) -> float:
        return self._until - self._session.run.clock.monotonic()

    def _text(self, report: Report, pause: float) -> str:
        """Return `waiting for github, acme: next look in 23 s, 28 min left`, cut to the width."""
        next_look, left = (
            wording.length(timedelta(seconds=ceil(seconds))) for seconds in (pause, self._left())
        )
        times = f": next check in {next_look}, {left} left"
        runtime = self._session.runtime
        columns = terminal.width(runtime.stderr, runtime.environ) - 1
        room = columns - len(times)
        slugs = [one.vendor.slug for one in report.vendors if one.verdict is not Verdict.OK]
        awaited = f"waiting for {', '.join(slugs)}"
        if len(awaited) > room:
            awaited = awaited[: max(0, room - 3)] + "..."
        return (awaited + times)[:columns]

"""`outlogger check`: the gate. One line a vendor, the verdict in the exit code."""

from typing import Annotated

import typer
from typer import Option

from outlogger_cli.cli.command_line import with_options
from outlogger_cli.cli.display import Display
from outlogger_cli.cli.options import (
    EmptyOk,
    Labels,
    OutputOptions,
    ReadOptions,
    Sorted,
    ThresholdOptions,
)
from outlogger_cli.cli.output import announce, finish, problems, say, write
from outlogger_cli.cli.session import Session, build
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.domain.model import Depth, Verdict
from outlogger_cli.domain.report import Report
from outlogger_cli.engine import run
from outlogger_cli.render import FORMATS, Sort, View
from outlogger_cli.system.runtime import Runtime

_TRUE = {"1", "true", "yes", "on"}


@with_options(
    formats=tuple(FORMATS), options=ReadOptions, output=OutputOptions, threshold=ThresholdOptions
)
def command(
    ctx: typer.Context,
    skip: Annotated[
        bool, Option("--skip", help="Skip the check and exit 0. [env: OUTLOGGER_SKIP]")
    ] = False,
    unfold: Annotated[bool, Option("--all", help="Show every vendor on a row of its own.")] = False,
    sort: Sorted = Sort.SEVERITY,
    empty_ok: EmptyOk = False,
    label: Labels = None,
    *,
    options: ReadOptions,
    output: OutputOptions,
    threshold: ThresholdOptions,
) -> int:
    """Check vendors in CI, cron and scripts; the exit code is the verdict.

    \b
    Examples:
      outlogger check github -c Actions
      outlogger check --tag ci --fail-on major

    Exits 0 if all vendors are ok, 1 if one has a problem, 3 if one is unknown and none has a
    problem. Reads only what the verdict needs.
    """
    runtime: Runtime = ctx.obj
    session = build(
        runtime,
        options,
        output,
        threshold=threshold,
        depth=Depth.VERDICT,
        labels=label or (),
        empty_ok=empty_ok,
    )
    announce(session, titled=True)
    if skip or runtime.environ.get("OUTLOGGER_SKIP", "").strip().lower() in _TRUE:
        return _skip(session, session.view())
    view = session.view(unfold=unfold, sort=sort, empty_ok=empty_ok)
    display = Display(session, "check", view=view)
    report = run.report(session.run, "check", gate=True, display=display)
    return finish(session, report, session.aged(view), problems)


def _skip(session: Session, view: View) -> ExitCode:
    """Report that nothing was read: the verdict is unknown, the exit code 0 as asked."""
    report = Report(
        command="check",
        vendors=(),
        verdict=Verdict.UNKNOWN,
        exit_code=ExitCode.OK,
        generated_at=session.run.clock.now(),
        drill=session.run.drill_title,
        skipped=True,
    )
    write(session, report, view)
    if not (session.format.for_terminal or session.format.is_log):
        say(session, "skipped: no page was read, the verdict is unknown")
    return ExitCode.OK

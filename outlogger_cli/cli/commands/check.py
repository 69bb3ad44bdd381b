"""`outlogger check`: the gate. One line a vendor, the verdict in the exit code."""

from typing import Annotated

import typer
from typer import Option

from outlogger_cli.cli.display import Display
from outlogger_cli.cli.options import (
    Labels,
    OutputOptions,
    ReadOptions,
    ThresholdOptions,
    with_options,
)
from outlogger_cli.cli.output import announce, finish, problems, say, write
from outlogger_cli.cli.session import Session, build
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.domain.model import Depth, Verdict
from outlogger_cli.domain.report import Report
from outlogger_cli.engine import run
from outlogger_cli.render import FORMATS, View
from outlogger_cli.system.runtime import Runtime

_TRUE = {"1", "true", "yes", "on"}


@with_options(
    formats=tuple(FORMATS), options=ReadOptions, output=OutputOptions, threshold=ThresholdOptions
)
def command(
    ctx: typer.Context,
    skip: Annotated[
        bool, Option("--skip", help="Read nothing, say so, exit 0. [env: OUTLOGGER_SKIP]")
    ] = False,
    waybar: Annotated[bool, Option("--waybar", help="With --format line: waybar's JSON.")] = False,
    label: Labels = None,
    *,
    options: ReadOptions,
    output: OutputOptions,
    threshold: ThresholdOptions,
) -> int:
    """Judge vendors: 0 all fine, 1 a problem, 3 unknown. For CI, cron and scripts.

    Reads only what the verdict needs. With -v it says why.

    Examples: outlogger check github -c Actions · outlogger check --tag ci --fail-on major
    """
    runtime: Runtime = ctx.obj
    session = build(runtime, options, output, threshold=threshold, depth=Depth.VERDICT)
    labels = session.labels(label or ())
    announce(session)
    if skip or runtime.environ.get("OUTLOGGER_SKIP", "").strip().lower() in _TRUE:
        return _skip(session, session.view(labels=labels))
    report = run.report(session.run, "check", gate=True, display=Display(session, "check"))
    return finish(session, report, session.view(waybar=waybar, labels=labels), problems)


def _skip(session: Session, view: View) -> ExitCode:
    """Nothing is read, so nothing is known; but that is what was asked for."""
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
        say(session, "skipped: nothing was read, nothing is known")
    return ExitCode.OK

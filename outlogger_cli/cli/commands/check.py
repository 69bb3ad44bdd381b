"""`outlogger check`: the gate. One line a vendor, the verdict in the exit code."""

from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from outlogger_cli.cli.options import Gate, Reading, takes
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.domain.model import Depth, Verdict
from outlogger_cli.render import FORMATS
from outlogger_cli.system.runtime import Runtime

if TYPE_CHECKING:
    from outlogger_cli.cli.session import Walk
    from outlogger_cli.domain.report import Report

_TRUE = {"1", "true", "yes", "on"}


@takes(reading=Reading, gate=Gate)
def command(
    ctx: typer.Context,
    skip: Annotated[
        bool, Option("--skip", help="Read nothing, say so, exit 0. [env: OUTLOGGER_SKIP]")
    ] = False,
    waybar: Annotated[bool, Option("--waybar", help="With --format line: waybar's JSON.")] = False,
    *,
    reading: Reading,
    gate: Gate,
) -> int:
    """Judge vendors: 0 all fine, 1 a problem, 3 unknown. For CI, cron and scripts.

    Reads only what the verdict needs. With -v it says why.

    Examples: outlogger check github -c Actions · outlogger check --tag ci --fail-on major
    """
    from outlogger_cli.cli import output, session

    runtime: Runtime = ctx.obj
    step = session.prepare(runtime, reading, gate=gate, depth=Depth.VERDICT, formats=tuple(FORMATS))
    output.announce(step)
    if skip or runtime.environ.get("OUTLOGGER_SKIP", "").strip().lower() in _TRUE:
        output.deliver(step, _skipped(step), session.view(step))
        if step.format != "table":
            output.say(step, "skipped: nothing was read, nothing is known")
        return ExitCode.OK
    arrived = output.streaming(step, "check")
    report = session.report(step, "check", days=None, gate=True, arrived=arrived)
    output.deliver(step, report, session.view(step, waybar=waybar))
    if not output.explain_network(step, report) and step.format != "table":
        output.name_problems(step, report)
    return output.exit_code(step, report)


def _skipped(step: "Walk") -> "Report":
    """Nothing was read, so nothing is known; but that is what was asked for."""
    from outlogger_cli.domain.report import Report

    return Report(
        command="check",
        vendors=(),
        verdict=Verdict.UNKNOWN,
        exit_code=ExitCode.OK,
        generated_at=step.now(),
        drill=step.title,
        skipped=True,
    )

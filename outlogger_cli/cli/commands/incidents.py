"""`outlogger incidents`: what happened in the last days, with what the vendors wrote."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from outlogger_cli.cli.options import Reading, takes
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.domain.model import Depth, Impact
from outlogger_cli.render import HISTORICAL
from outlogger_cli.system.runtime import Runtime

if TYPE_CHECKING:
    from outlogger_cli.domain.verdict import Judged

FORMATS = HISTORICAL


@takes(reading=Reading)
def command(
    ctx: typer.Context,
    days: Annotated[int, Option(metavar="N", min=1, max=3650, help="How far back.")] = 30,
    impact: Annotated[
        Impact | None,
        Option("--impact", help="Only incidents at least this bad.", show_default=False),
    ] = None,
    only_open: Annotated[bool, Option("--open", help="Only what is open.")] = False,
    updates: Annotated[bool, Option("--updates", help="The whole timeline of each.")] = False,
    *,
    reading: Reading,
) -> ExitCode:
    """Show each vendor's incidents: a strip of days, then each incident in full.

    Exits 0 however bad the news, 3 where a page could not be read.

    Examples: outlogger incidents github --days 7 · outlogger incidents --impact major --updates
    """
    from outlogger_cli.cli import output, session

    runtime: Runtime = ctx.obj
    step = session.prepare(runtime, reading, gate=None, depth=Depth.HISTORY, formats=FORMATS)
    output.announce(step)
    report = session.report(
        step,
        "incidents",
        days=days,
        gate=False,
        arrived=output.streaming(step, "incidents"),
        shaped=lambda judged: _narrowed(judged, impact, only_open=only_open),
    )
    output.deliver(step, report, session.view(step, timelines=updates))
    output.explain_unread(step, report)
    if not only_open:
        output.name_gaps(step, report)
    return report.exit_code


def _narrowed(judged: "Judged", impact: Impact | None, *, only_open: bool) -> "Judged":
    """Only the incidents asked for; the strip still tells all of them."""
    least = impact.severity.rank if impact else 0
    return replace(
        judged,
        incidents=tuple(
            incident
            for incident in judged.incidents
            if incident.impact.severity.rank >= least and (incident.status.open or not only_open)
        ),
    )

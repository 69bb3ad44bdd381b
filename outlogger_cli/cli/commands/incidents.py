"""`outlogger incidents`: what happened in the last days, with what the vendors wrote."""

from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from outlogger_cli.cli.command_line import format_option, with_options
from outlogger_cli.cli.display import Display
from outlogger_cli.cli.options import OutputOptions, ReadOptions
from outlogger_cli.cli.output import announce, finish, unread, unread_and_gaps
from outlogger_cli.cli.session import build
from outlogger_cli.domain.model import Depth, Impact
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.engine import run
from outlogger_cli.render import HISTORICAL
from outlogger_cli.system.runtime import Runtime

if TYPE_CHECKING:
    from outlogger_cli.domain.verdict import Judged


@frozen
class IncidentsOutputOptions(OutputOptions):
    """How the incidents are written, and where."""

    format: Annotated[
        str | None,
        format_option(
            "table, plain, json, ndjson, csv, markdown or html. [env: OUTLOGGER_FORMAT; default:"
            " table, plain in a pipe]"
        ),
    ] = None


@with_options(formats=HISTORICAL, options=ReadOptions, output=IncidentsOutputOptions)
def command(
    ctx: typer.Context,
    days: Annotated[int, Option(metavar="N", min=1, max=3650, help="Days of history.")] = 30,
    impact: Annotated[
        Impact | None,
        Option("--impact", help="Show only incidents of at least this impact.", show_default=False),
    ] = None,
    only_open: Annotated[bool, Option("--open", help="Show only open incidents.")] = False,
    updates: Annotated[bool, Option("--updates", help="Show every update of an incident.")] = False,
    by_vendor: Annotated[
        bool, Option("--by-vendor", help="Show a section for each vendor.")
    ] = False,
    *,
    options: ReadOptions,
    output: IncidentsOutputOptions,
) -> int:
    """Show the incidents of the last days, the newest first.

    \b
    Examples:
      outlogger incidents github --days 7
      outlogger incidents --impact major --updates

    Exits 0 even during an outage, or 3 if a page could not be read.
    """
    runtime: Runtime = ctx.obj
    session = build(runtime, options, output, depth=Depth.HISTORY)
    announce(session, titled=True)
    least = impact.severity.rank if impact else 0

    def narrow(judged: "Judged") -> "Judged":
        """Keep only the incidents asked for; the strip still shows all of them."""
        kept = (
            incident
            for incident in judged.incidents
            if incident.impact.severity.rank >= least and (incident.status.open or not only_open)
        )
        return replace(judged, incidents=tuple(kept))

    view = session.view(timelines=updates, by_vendor=by_vendor)
    report = run.report(
        session.run,
        "incidents",
        gate=False,
        window=session.window(days),
        narrow=narrow,
        display=Display(session, "incidents", view=view),
    )
    notes = unread if only_open else unread_and_gaps
    return finish(session, report, session.aged(view), notes)

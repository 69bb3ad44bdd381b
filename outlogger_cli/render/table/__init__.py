"""For people at a terminal: words, signs and colour, laid out to its width with Rich."""

from collections.abc import Sequence

from outlogger_cli.domain.report import Report
from outlogger_cli.render import View
from outlogger_cli.render.table.incidents import incident_pages
from outlogger_cli.render.table.overview import arriving, verdicts
from outlogger_cli.render.table.screen import printed, readable
from outlogger_cli.render.table.triage import triage_lines
from outlogger_cli.render.table.vendor import pages


def render(report: Report, view: View, /) -> str:
    view = readable(view)
    layouts = {"status": pages, "incidents": incident_pages, "triage": triage_lines}
    return printed(layouts.get(report.command, verdicts)(report, view), view)


def filling(report: Report, awaited: Sequence[str], waited: float, view: View) -> str:
    """Return the overview of the vendors that arrived within `waited` seconds."""
    view = readable(view)
    return printed(arriving(report, awaited, waited, view), view)

"""For people at a terminal: words, signs and colour, laid out to its width with Rich."""

from outlogger_cli.domain.report import Report
from outlogger_cli.render import View
from outlogger_cli.render.table.incidents import incident_pages
from outlogger_cli.render.table.page import pages
from outlogger_cli.render.table.screen import printed, readable
from outlogger_cli.render.table.summary import verdicts


def render(report: Report, view: View, /) -> str:
    view = readable(view)
    layouts = {"status": pages, "incidents": incident_pages}
    return printed(layouts.get(report.command, verdicts)(report, view), view)

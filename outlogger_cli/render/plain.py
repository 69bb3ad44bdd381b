"""For pipes: one record a line, tab-separated, never wrapped or cut, no header. `triage` writes its
sentence first."""

from outlogger_cli.domain.report import Report
from outlogger_cli.render import View, wording
from outlogger_cli.render.records import rows


def render(report: Report, view: View, /) -> str:
    head = f"{report.triage.conclusion.text}\n" if report.triage else ""
    return head + "".join("\t".join(map(wording.field, row)) + "\n" for row in rows(report, view))

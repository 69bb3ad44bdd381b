"""`triage` on a terminal: the answer, then each vendor with its evidence, then what to do."""

from rich.text import Text

from outlogger_cli.domain.report import Report
from outlogger_cli.render import View, phrases, wording
from outlogger_cli.render.evidence import about
from outlogger_cli.render.table.layout import Lines, column, linked, mark, paragraph, widest
from outlogger_cli.render.table.overview import drill_title


def triage_lines(report: Report, view: View) -> Lines:
    """Return the answer of a report that has one."""
    assert report.triage
    if report.drill:
        yield drill_title(report, view)
    yield Text(report.triage.conclusion.text, style="bold")
    states = [wording.state(judged.severity) for judged in report.vendors]
    width = widest(states, limit=view.width)
    for at, judged in enumerate(report.vendors):
        sign, style = mark(judged.severity, view, open_incidents=len(judged.open_incidents))
        head = Text.assemble((sign, style), f" {column(states[at], width)}  ")
        head.append_text(linked(judged.name, judged.vendor.url, view, "bold"))
        yield Text("")
        yield head.append(f"  {phrases.headline(judged)}{phrases.aside(judged, view)}")
        for text in about(report, at, view):
            yield paragraph(text, indent=4, style="dim")
    if report.triage.next_step:
        yield Text("")
        yield Text(f"next: {report.triage.next_step}")

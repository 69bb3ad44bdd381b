"""Overview of several vendors: one line each, and how many are fine."""

from collections.abc import Callable

from rich.text import Text

from outlogger_cli.domain.model import Read, Severity
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View, phrases, wording
from outlogger_cli.render.table.layout import (
    Lines,
    beside,
    column,
    fitted,
    mark,
    name_width,
    paragraph,
    sides,
)

_SEVERITY_WIDTH = len("maintenance")


def verdicts(report: Report, view: View) -> Lines:
    """Return what `check` shows: one line per vendor, and with `-v` every reason below it."""
    if report.drill:
        yield drill_title(report, view)
    if report.skipped:
        yield Text("skipped: nothing was read, nothing is known")
        return
    yield from vendor_lines(report, view)
    if len(report.vendors) > 1:
        yield Text("")
        yield Text(phrases.tally(report))


def vendor_lines(
    report: Report, view: View, *, has_page: Callable[[Judged], bool] = lambda _: False
) -> Lines:
    """Return one line per vendor, with its notes below unless its own page follows."""
    width = name_width([judged.name for judged in report.vendors], limit=view.width // 3)
    for judged in report.vendors:
        shown, style = mark(judged.severity, view, open_incidents=len(judged.open_incidents))
        head = Text.assemble(
            (f"{shown} {wording.state(judged.severity):{_SEVERITY_WIDTH}}", style),
            "  ",
            (column(judged.name, width), "bold"),
            "  ",
        )
        headline = phrases.headline(judged)
        if judged.severity is Severity.NONE or has_page(judged):
            yield fitted(head.append(headline), view.width)
        else:
            yield beside(head, headline, view.width)
        if not has_page(judged):
            yield from _notes(judged, view)


def _notes(judged: Judged, view: View) -> Lines:
    """What qualifies the verdict; with `-v` its reasons and everything that counted."""
    if view.verbose:
        yield paragraph(phrases.why(judged), indent=4)
        for finding in phrases.counted(judged)[1:]:
            yield paragraph(finding.text, indent=6, style="dim")
        return
    for finding in phrases.notes(judged):
        yield paragraph(finding.text, indent=4, style="dim")


def title(judged: Judged, view: View) -> Lines:
    """Return the vendor's name, the address of its page and the age of the reading."""
    address = judged.vendor.url.partition("://")[2]
    age = f" · {_age(judged.reading, judged, view)}" if judged.reading else ""
    yield from sides(
        Text(judged.name, style="bold"), Text(f"{address}{age}", style="dim"), view.width
    )


def _age(reading: Read, judged: Judged, view: View) -> str:
    if judged.error:
        return f"stale, {wording.length(view.now - reading.checked_at)} old"
    age = wording.age(reading.checked_at, view.now)
    return f"stored, read {age}" if reading.source == "cache" else f"checked {age}"


def drill_title(report: Report, view: View) -> Text:
    return fitted(Text(f" DRILL  {report.drill}  DRILL ", style="reverse bold"), view.width)

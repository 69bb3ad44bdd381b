"""Several vendors at a glance: one line each, and how many are fine."""

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
    """What `check` says: a line a vendor, and with `-v` every reason under it."""
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
    report: Report, view: View, *, told_later: Callable[[Judged], bool] = lambda _: False
) -> Lines:
    """A line a vendor, and under it what must be said with it unless that is `told_later`."""
    width = name_width([judged.name for judged in report.vendors], limit=view.width // 3)
    for judged in report.vendors:
        shown, style = mark(judged.severity, view, open_incidents=len(judged.open_incidents))
        ok = judged.severity is Severity.NONE
        head = Text.assemble(
            (f"{shown} {'ok' if ok else judged.severity.value:{_SEVERITY_WIDTH}}", style),
            "  ",
            (column(judged.name, width), "bold"),
            "  ",
        )
        said = phrases.headline(judged)
        if ok or told_later(judged):
            yield fitted(head.append(said), view.width)
        else:
            yield beside(head, said, view.width)
        if not told_later(judged):
            yield from _below(judged, view)


def _below(judged: Judged, view: View) -> Lines:
    """What must be said with the verdict; with `-v` why it is what it is, and all that counted."""
    if view.verbose:
        yield paragraph(phrases.why(judged), indent=4)
        for finding in phrases.counted(judged)[1:]:
            yield paragraph(finding.text, indent=6, style="dim")
        return
    for finding in phrases.notes(judged):
        yield paragraph(finding.text, indent=4, style="dim")


def title(judged: Judged, view: View) -> Lines:
    """Whose page it is and where, and how old what is known of it."""
    address = judged.vendor.url.partition("://")[2]
    known = f" · {_known(judged.reading, judged, view)}" if judged.reading else ""
    yield from sides(
        Text(judged.name, style="bold"), Text(f"{address}{known}", style="dim"), view.width
    )


def _known(reading: Read, judged: Judged, view: View) -> str:
    if judged.error:
        return f"stale, {wording.length(view.now - reading.checked_at)} old"
    age = wording.age(reading.checked_at, view.now)
    return f"stored, read {age}" if reading.source == "cache" else f"checked {age}"


def drill_title(report: Report, view: View) -> Text:
    return fitted(Text(f" DRILL  {report.drill}  DRILL ", style="reverse bold"), view.width)

"""Incidents: the strip of days, then each incident with what the vendor wrote."""

from datetime import date, timedelta

from rich.text import Text

from outlogger_cli.domain.history import Day
from outlogger_cli.domain.model import Incident, Severity, Update
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged, is_unscoped
from outlogger_cli.render import View, phrases, wording
from outlogger_cli.render.table.layout import Lines, clipped, fitted, paragraph
from outlogger_cli.render.table.summary import drill_title, title
from outlogger_cli.render.theme import MARKS, day_mark, glyph

_BODY_LINES = 3
_NO_TEXT = "(no text published)"


def incident_pages(report: Report, view: View) -> Lines:
    """What `incidents` says: every vendor's strip and incidents, in full."""
    if report.drill:
        yield drill_title(report, view)
    for index, judged in enumerate(report.vendors):
        if index:
            yield Text("")
        yield from title(judged, view)
        if judged.error:
            yield Text(f"{glyph(Severity.UNKNOWN, ascii=view.ascii)} {judged.error.message}")
        yield from strip(judged, view)
        if not judged.incidents and not judged.error:
            yield Text(f"  {_nothing(judged)}")
        for gap in phrases.gaps(judged):
            yield paragraph(gap, indent=2, style="dim")
        for incident in judged.incidents:
            yield Text("")
            yield from incident_lines(incident, judged, view, whole=True)


def _nothing(judged: Judged) -> str:
    """What an empty list says; there may be incidents that were not asked for."""
    if any(day.incidents for day in judged.days):
        return "no incidents of the kind that was asked for"
    return "no incidents" if judged.days else "no open incidents"


def heading(judged: Judged) -> Text:
    """`Incidents   last 30 days · 3 · 6 h 13 min`"""
    if not judged.days:
        return Text.assemble(("Incidents", "bold"), f"   {len(judged.open_incidents)} open")
    parts = [f"last {wording.count(len(judged.days), 'day')}", str(len(judged.incidents))]
    if judged.incident_seconds:
        parts.append(f"{wording.length(timedelta(seconds=judged.incident_seconds))} of trouble")
    return Text.assemble(("Incidents", "bold"), f"   {' · '.join(parts)}")


def strip(judged: Judged, view: View) -> Lines:
    """A mark a day, oldest first, as many as fit in a row, and what the marks mean."""
    days = list(judged.days)
    years = 2 * len(" 2026") if days and _date(days[0].date, view)[-4:].isdigit() else 0
    room = max(10, view.width - 22 - years)
    for start in range(0, len(days), room):
        yield _row(days[start : start + room], view)
    seen = dict.fromkeys(_meaning(day) for day in days if day.incidents or _is_unknown(day))
    if seen:
        legend = "  ".join(f"{_sign(*key, view)} {text}" for key, text in seen)
        yield fitted(Text(f"  {legend}", style="dim"), view.width)


def _row(days: list[Day], view: View) -> Text:
    row = Text("  ")
    for day in days:
        mark = day_mark(day.severity, day.incidents)
        row.append(_sign(day.severity, day.incidents > 0, view), style=mark.color)
    row.append(f"  {_date(days[0].date, view)} - {_date(days[-1].date, view)}", style="dim")
    return row


def _meaning(day: Day) -> tuple[tuple[Severity, bool], str]:
    if day.severity is Severity.NONE:
        return (day.severity, True), "impact none"
    if _is_unknown(day):
        return (day.severity, False), "not known"
    return (day.severity, True), day.severity.value


def _sign(severity: Severity, touched: bool, view: View) -> str:
    mark = day_mark(severity, int(touched))
    return mark.plain_day if view.ascii else mark.day


def _is_unknown(day: Day) -> bool:
    return day.severity is Severity.UNKNOWN


def _date(day: date, view: View) -> str:
    year = f" {day.year}" if view.now.year - day.year > 1 else ""
    return wording.month_day(day.month, day.day) + year


def incident_lines(incident: Incident, judged: Judged, view: View, *, whole: bool) -> Lines:
    """Name, facts, what was written last (or all of it), and where to read more."""
    severity = incident.impact.severity if incident.status.open else Severity.NONE
    if incident.status.open and severity is Severity.NONE:
        sign, style = ("o" if view.ascii else "○"), "yellow"
    else:
        sign, style = glyph(severity, ascii=view.ascii), MARKS[severity].color
    yield fitted(Text.assemble("  ", (f"{sign} ", style), (incident.name, "bold")), view.width)
    yield paragraph(_facts(incident, judged, view), indent=4, style="dim")
    if view.timelines:
        for update in incident.updates:
            yield paragraph(_told(update, view), indent=4)
    else:
        body = incident.updates[0].body if incident.updates else ""
        shown = body if whole else clipped(body, lines=_BODY_LINES, width=view.width - 5)
        yield paragraph(shown or _NO_TEXT, indent=4)
    if incident.url:
        yield Text(f"    {incident.url}", style="dim", overflow="fold")


def _facts(incident: Incident, judged: Judged, view: View) -> str:
    parts = [wording.incident_status(incident), f"impact {incident.impact}"]
    if incident.started_at:
        started = wording.moment(incident.started_at, view.zone, view.now)
        parts.append(f"{started}, {phrases.lasted(incident, view.now)}")
    if names := judged.names_of(incident.links):
        shown = ", ".join(names[:4])
        parts.append(f"{shown} and {len(names) - 4} more" if len(names) > 4 else shown)
    if judged.vendor.selection and is_unscoped(incident):
        parts.append("unscoped: names no component" + (" by its id" if names else ""))
    return " · ".join(parts)


def _told(update: Update, view: View) -> str:
    when = wording.moment(update.created_at, view.zone, view.now) if update.created_at else ""
    head = " · ".join(part for part in (wording.of(update.status), when) if part)
    return f"{head}\n{update.body or _NO_TEXT}"

"""Incidents: a strip of days, then each incident with the vendor's updates."""

from collections.abc import Sequence
from datetime import date, timedelta

from rich.text import Text

from outlogger_cli.domain.history import Day
from outlogger_cli.domain.model import Incident, Severity, Update
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged, is_unscoped
from outlogger_cli.render import View, phrases, wording
from outlogger_cli.render.table.layout import Lines, clipped, fitted, mark, paragraph
from outlogger_cli.render.table.summary import drill_title, title
from outlogger_cli.render.theme import MARKS, day_mark

NAMED = 4
"""How many components of an event are named."""

_BODY_LINES = 3


def incident_pages(report: Report, view: View) -> Lines:
    """Return what `incidents` shows: every vendor's strip and incidents, in full."""
    if report.drill:
        yield drill_title(report, view)
    for index, judged in enumerate(report.vendors):
        if index:
            yield Text("")
        yield from title(judged, view)
        if judged.error:
            yield Text(f"{MARKS[Severity.UNKNOWN].sign(ascii=view.ascii)} {judged.error.message}")
        yield from strip(judged, view)
        if not judged.incidents and not judged.error:
            yield Text(f"  {_no_incidents(judged)}")
        for gap in phrases.gaps(judged):
            yield paragraph(gap, indent=2, style="dim")
        for incident in judged.incidents:
            yield Text("")
            yield from incident_lines(incident, judged, view, whole=True)


def _no_incidents(judged: Judged) -> str:
    """The text for an empty list; there may be incidents that the options left out."""
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
    """Return a sign per day, oldest first, in rows that fit, and a legend of the signs."""
    days = judged.days
    years = 2 * len(" 2026") if days and _date(days[0].date, view)[-4:].isdigit() else 0
    room = max(10, view.width - 22 - years)
    for start in range(0, len(days), room):
        yield _row(days[start : start + room], view)
    legend = dict.fromkeys(
        f"{_sign(day, view)} {_meaning(day.severity)}"
        for day in days
        if day.incidents or day.severity is Severity.UNKNOWN
    )
    if legend:
        yield fitted(Text(f"  {'  '.join(legend)}", style="dim"), view.width)


def _row(days: Sequence[Day], view: View) -> Text:
    row = Text("  ")
    for day in days:
        row.append(_sign(day, view), style=day_mark(day.severity, day.incidents).color)
    row.append(f"  {_date(days[0].date, view)} - {_date(days[-1].date, view)}", style="dim")
    return row


def _sign(day: Day, view: View) -> str:
    return day_mark(day.severity, day.incidents).day_sign(ascii=view.ascii)


def _meaning(severity: Severity) -> str:
    named = {Severity.NONE: "impact none", Severity.UNKNOWN: "not known"}
    return named.get(severity, severity.value)


def _date(day: date, view: View) -> str:
    year = f" {day.year}" if view.now.year - day.year > 1 else ""
    return wording.month_day(day.month, day.day) + year


def incident_lines(incident: Incident, judged: Judged, view: View, *, whole: bool) -> Lines:
    """Return name, facts, the latest update (or every one) and the address.

    Unless `whole`, a long update is cut.
    """
    severity = incident.impact.severity if incident.status.open else Severity.NONE
    sign, style = mark(severity, view, open_incidents=int(incident.status.open))
    yield fitted(Text.assemble("  ", (f"{sign} ", style), (incident.name, "bold")), view.width)
    yield paragraph(_facts(incident, judged, view), indent=4, style="dim")
    if view.timelines:
        for update in incident.updates:
            yield paragraph(_update(update, view), indent=4)
    else:
        body = incident.updates[0].body if incident.updates else ""
        shown = body if whole else clipped(body, lines=_BODY_LINES, width=view.width - 5)
        yield paragraph(shown or wording.NO_TEXT, indent=4)
    if incident.url:
        yield Text(f"    {incident.url}", style="dim", overflow="fold")


def _facts(incident: Incident, judged: Judged, view: View) -> str:
    parts = phrases.facts(incident, view)
    if names := judged.names_of(incident.links):
        parts.append(wording.listed(names, limit=NAMED))
    if judged.is_narrowed and is_unscoped(incident):
        parts.append("unscoped: names no component" + (" by its id" if names else ""))
    return " · ".join(parts)


def _update(update: Update, view: View) -> str:
    when = wording.moment(update.created_at, view.zone, view.now) if update.created_at else ""
    head = " · ".join(part for part in (wording.words(update.status), when) if part)
    return f"{head}\n{update.body or wording.NO_TEXT}"

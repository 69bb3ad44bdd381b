"""Incidents: a strip of days, then each incident with the vendor's updates."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from rich.text import Text

from outlogger_cli.domain import history
from outlogger_cli.domain.history import Day
from outlogger_cli.domain.model import Incident, Severity, Update
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged, is_unscoped
from outlogger_cli.render import View, phrases, wording
from outlogger_cli.render.ordering import incident_tally, newest_first, ordered
from outlogger_cli.render.table.layout import (
    Lines,
    clipped,
    column,
    fitted,
    hanging,
    linked,
    mark,
    packed,
    paragraph,
    sides,
    widest,
)
from outlogger_cli.render.table.overview import drill_title, network_line
from outlogger_cli.render.theme import DIM, color, day_mark

NAMED = 4
"""How many components of an event are named."""

_BODY_LINES = 3
_NAME_ROWS = 3


def incident_pages(report: Report, view: View) -> Lines:
    """Return what `incidents` shows: of several vendors one list, the newest incident first."""
    if report.drill:
        yield drill_title(report, view)
    if len(report.vendors) == 1 or view.by_vendor:
        for index, judged in enumerate(report.vendors):
            if index:
                yield Text("")
            yield from _section(judged, view)
        return
    if blamed := network_line(report):
        yield blamed
        if not view.verbose:
            return
    yield from _together(report.vendors, view)


def _section(judged: Judged, view: View) -> Lines:
    """One vendor: its strip, and its incidents in full."""
    yield from title(judged, view)
    if judged.error:
        sign, style = mark(Severity.UNKNOWN, view)
        yield Text.assemble((sign, style), f" unknown: {judged.error.message}")
    yield from strip(judged, view, indent=2)
    yield from legend(judged, view, indent=2)
    if not judged.incidents and not judged.error:
        yield Text(f"  {_no_incidents(judged)}")
    for gap in phrases.gaps(judged):
        yield paragraph(gap, indent=2, style=DIM)
    for incident in judged.incidents:
        yield Text("")
        yield from incident_lines(incident, judged, view, whole=True)


def _together(vendors: Sequence[Judged], view: View) -> Lines:
    """The incidents of all vendors by their start, then the vendors without one."""
    found = newest_first(vendors)
    yield Text(incident_tally(found, vendors), style="bold")
    for judged, incident in found:
        yield Text("")
        yield from incident_lines(incident, judged, view, whole=True, vendor=judged.name)
    failed = [judged for judged in vendors if judged.error]
    if failed:
        yield Text("")
    for judged in ordered(failed, view.sort):
        assert judged.error
        sign, style = mark(Severity.UNKNOWN, view)
        text = Text.assemble((sign, style), f" unknown  {judged.name}  {judged.error.message}")
        yield fitted(text, view.width)
    read = [judged for judged in vendors if not judged.error]
    for judged in read:
        if gaps := phrases.gaps(judged):
            yield Text("")
            yield paragraph(f"{judged.name}: {'; '.join(gaps)}", indent=0, style=DIM)
    if quiet := [one.name for one in read if not one.incidents and not phrases.gaps(one)]:
        head = "no matching incidents  "
        yield Text("")
        rows = packed(
            quiet, indent=len(head), width=view.width, rows=_NAME_ROWS, hint="--by-vendor"
        )
        for number, row in enumerate(rows):
            yield Text((" " * len(head) if number else head) + row, style=DIM)


def title(judged: Judged, view: View) -> Lines:
    """Return the vendor's name, the address of its page and the age of the reading."""
    name = linked(judged.name, judged.vendor.url, view, "bold")
    yield from sides(name, source(judged, view), view.width)


def source(judged: Judged, view: View) -> Text:
    """`www.githubstatus.com  read 1 s ago`"""
    address = judged.vendor.url.partition("://")[2].strip("/")
    shown = linked(address, judged.vendor.url, view, DIM)
    if judged.reading is None:
        return shown
    span = view.now - judged.reading.checked_at
    read = f"{wording.length(span)} ago"
    if judged.error:
        read = f"stale, {wording.length(span)} old"
    elif judged.reading.source == "cache":
        read = f"stored, read {read}"
    else:
        read = f"read {read}"
    return shown.append(f"  {read}", style=DIM)


def _no_incidents(judged: Judged) -> str:
    """The text for an empty list; there may be incidents that the options left out."""
    if any(day.incidents for day in judged.days):
        return "no matching incidents"
    return "no incidents" if judged.days else "no open incidents"


def totals(judged: Judged) -> str:
    """`6 incidents, 12 h 47 min`"""
    text = wording.count(len(judged.incidents), "incident") if judged.incidents else "no incidents"
    if judged.incident_seconds:
        text += f", {wording.length(timedelta(seconds=judged.incident_seconds))}"
    return text


def bar(days: Sequence[Day], view: View, *, width: int) -> Text:
    """The last `width` of `days` as one glyph each."""
    text = Text()
    for (severity, incidents), alike in groupby(
        days[-width:], key=lambda day: (day.severity, min(1, day.incidents))
    ):
        glyph = day_mark(severity, incidents).day_sign(ascii=view.ascii)
        style = color(severity, view.theme, open_incidents=incidents)
        text.append(glyph * len(list(alike)), style=style)
    return text


def strip(judged: Judged, view: View, *, indent: int) -> Lines:
    """Return a glyph per day, oldest first, in rows that fit, with the dates."""
    days = judged.days
    years = 2 * len(" 2026") if days and day_name(days[0].date, view)[-4:].isdigit() else 0
    room = max(10, view.width - indent - 20 - years)
    for start in range(0, len(days), room):
        row = days[start : start + room]
        dates = f"  {day_name(row[0].date, view)} - {day_name(row[-1].date, view)}"
        yield Text.assemble(" " * indent, bar(row, view, width=room), (dates, DIM))


def legend(judged: Judged, view: View, *, indent: int) -> Lines:
    """Return a line that explains the glyphs of the days, the worst last."""
    kinds = {
        (day.severity.rank, day.severity, bool(day.incidents))
        for day in judged.days
        if day.incidents or day.severity is not Severity.NONE
    }
    texts = []
    for _, severity, incidents in sorted(kinds):
        sign = day_mark(severity, int(incidents)).day_sign(ascii=view.ascii)
        texts.append(f"{sign} {'impact none' if severity is Severity.NONE else severity}")
    if texts:
        line = f"{' ' * indent}{'  '.join(dict.fromkeys(texts))}"
        yield fitted(Text(line, style=DIM), view.width)


def day_name(day: date, view: View) -> str:
    """`12 Mar`, with the year if that is long ago."""
    year = f" {day.year}" if view.now.year - day.year > 1 else ""
    return wording.month_day(day.month, day.day) + year


def past_lines(incidents: Sequence[Incident], view: View) -> Lines:
    """Return a dim line per closed incident: date, impact, duration, status, name."""
    rows = []
    for incident in incidents:
        span = history.duration(incident)
        started = incident.started_at and incident.started_at.astimezone(view.zone)
        rows.append(
            (
                day_name(started.date(), view) if started else "",
                incident.impact.value,
                wording.brief(span) if span is not None else "",
                wording.incident_status(incident),
                incident.name,
            )
        )
    widths = [widest([row[place] for row in rows], limit=24) for place in range(4)]
    for incident, row in zip(incidents, rows, strict=True):
        line = Text("  ", style=DIM)
        for place, width in enumerate(widths):
            cell = row[place]
            line.append(column(cell, width) if place != 2 else cell.rjust(width)).append("  ")
        yield fitted(line.append_text(linked(row[4], incident.url, view)), view.width)


def incident_lines(
    incident: Incident, judged: Judged, view: View, *, whole: bool, vendor: str = ""
) -> Lines:
    """Return name, facts, the latest update (or every one) and the address.

    Unless `whole`, a long update is cut.
    """
    sign, style = incident_mark(incident, view)
    name = linked(incident.name, incident.url, view, "bold")
    head = Text(f"{sign} ", style=style)
    named = Text.assemble((f"{vendor}: " if vendor else "", "bold"), name)
    if whole:
        yield from hanging(head, named, view.width)
    else:
        yield fitted(head.append_text(named), view.width)
    yield paragraph(_facts(incident, judged, view), indent=2, style=DIM)
    if view.timelines:
        for update in incident.updates:
            yield from update_lines(update, view)
    else:
        body = incident.updates[0].body if incident.updates else ""
        shown = body if whole else clipped(body, lines=_BODY_LINES, width=view.width - 2)
        yield paragraph(shown or wording.NO_TEXT, indent=2)
    if incident.url:
        yield Text(f"  {incident.url}", style=DIM, overflow="fold")


def incident_mark(incident: Incident, view: View) -> tuple[str, str]:
    """Glyph and style: of its impact while it is open, else those of something over."""
    severity = incident.impact.severity if incident.status.open else Severity.NONE
    return mark(severity, view, open_incidents=int(incident.status.open))


def _facts(incident: Incident, judged: Judged, view: View) -> str:
    parts = phrases.facts(incident, view)
    if names := judged.names_of(incident.links):
        parts.append(wording.listed(names, limit=NAMED))
    if judged.is_narrowed and is_unscoped(incident):
        parts.append("not linked to a component" + (" by its id" if names else ""))
    return " · ".join([*parts, *phrases.names_others(incident, judged)])


def update_lines(update: Update, view: View) -> Lines:
    """`identified · 29 Nov 21:27 UTC`, and the text below it."""
    when = wording.moment(update.created_at, view.zone, view.now) if update.created_at else ""
    head = " · ".join(part for part in (wording.words(update.status), when) if part)
    yield paragraph(head, indent=2)
    yield paragraph(update.body or wording.NO_TEXT, indent=4)

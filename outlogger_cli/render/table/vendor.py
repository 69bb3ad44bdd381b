"""A vendor's page: the open incident first, then components, history and planned work."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.cells import cell_len
from rich.text import Text

from outlogger_cli.domain.model import EVER, Incident, Maintenance, Severity
from outlogger_cli.domain.report import Report, unreached
from outlogger_cli.domain.verdict import Judged, is_unscoped
from outlogger_cli.render import View, phrases, wording
from outlogger_cli.render.ordering import is_quiet, ordered
from outlogger_cli.render.table.components import HEADING, component_lines
from outlogger_cli.render.table.incidents import (
    NAMED,
    bar,
    incident_lines,
    incident_mark,
    legend,
    past_lines,
    source,
    strip,
    totals,
    update_lines,
)
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
)
from outlogger_cli.render.table.overview import drill_title, overview
from outlogger_cli.render.theme import DIM

_OPEN_LINES = 10
"""Lines of the first open incident's newest update; the others have `_NEXT_LINES`."""

_NEXT_LINES = 2
_OPEN_INCIDENTS = 3
_PAST_WHILE_OPEN = 3
_MAINTENANCES = 3
_MAINTENANCE_LINES = 2

_BESIDE_FROM = 80
"""Columns from which planned work stands beside its heading."""


def pages(report: Report, view: View) -> Lines:
    """Return what `status` shows: one vendor's page, or an overview of several."""
    if report.drill:
        yield drill_title(report, view)
    if len(report.vendors) == 1:
        yield from vendor_page(report.vendors[0], view)
        return
    yield from overview(report, view, incidents=True, hint="--all")
    if unreached([judged.error for judged in report.vendors]):
        return
    bad = [one for one in ordered(report.vendors, view.sort) if not is_quiet(one)]
    for judged in bad if view.details else ():
        yield from (Text(""), Text(""))
        yield from vendor_page(judged, view)
    if bad and not view.details:
        fine = len(report.vendors) - len(bad)
        hints = [f"Details: outlogger status {phrases.argument(bad[0].vendor)}"]
        hints += ["Every vendor: --all"] if fine and not view.unfold else []
        hints.append("Live: outlogger watch")
        yield Text("")
        for row in packed(hints, indent=0, width=view.width, rows=len(hints), gap="    "):
            yield Text(row, style=DIM)


def vendor_page(judged: Judged, view: View) -> Lines:
    yield from _head(judged, view)
    for finding in phrases.notes(judged):
        yield paragraph(finding.text, indent=2, style=DIM)
    if view.verbose:
        yield paragraph(phrases.why(judged), indent=2, style=DIM)
    incidents = judged.open_incidents
    if incidents:
        yield Text("")
        yield Text("Open incident" if len(incidents) == 1 else "Open incidents", style="bold")
        yield from _open_incidents(judged, view)
    active = [window for window in judged.maintenances if window.status.active]
    if active:
        yield Text("")
        yield Text("Maintenance in progress", style="bold")
        yield from _active(active, judged, view)
    if components := list(component_lines(judged, view)):
        yield Text("")
        yield from components
    yield from _past(judged, view)
    planned = [window for window in judged.maintenances if not window.status.active]
    if planned:
        yield Text("")
        yield from _planned(planned, judged, view)


def _head(judged: Judged, view: View) -> Lines:
    """`✖ GitHub: critical  3 of 10 components affected, 1 open incident`"""
    sign, style = mark(judged.severity, view, open_incidents=len(judged.open_incidents))
    name = linked(judged.name, judged.vendor.url, view, "bold")
    state = (f": {wording.state(judged.severity)}", "bold")
    head = Text.assemble((sign, style), " ", name, state)
    summary = _summary(judged, view)
    if head.cell_len + 2 + cell_len(summary) <= view.width:
        yield from sides(head.append(f"  {summary}"), source(judged, view), view.width)
        return
    yield fitted(head, view.width)
    yield paragraph(summary, indent=2)
    yield fitted(Text("  ").append_text(source(judged, view)), view.width)


def _summary(judged: Judged, view: View) -> str:
    deciding = phrases.counted(judged)
    if deciding and deciding[0].severity is Severity.UNKNOWN:
        return phrases.headline(judged) + phrases.aside(judged, view)
    unknown = sum(c.status.severity is Severity.UNKNOWN for c in judged.problems)
    affected, parts = len(judged.problems) - unknown, []
    selected = "selected " if judged.is_narrowed else ""
    total = wording.count(len(judged.selected), f"{selected}component")
    if affected:
        parts.append(f"{affected} of {total} affected")
    if unknown:
        parts.append(f"{unknown} unknown" if affected else f"{unknown} of {total} unknown")
    if not affected and deciding and not deciding[0].of_incident:
        parts.append(deciding[0].text)
    if judged.open_incidents:
        parts.append(wording.count(len(judged.open_incidents), "open incident"))
    return ", ".join(parts) or phrases.headline(judged)


def _open_incidents(judged: Judged, view: View) -> Lines:
    """The open incidents, the worst first, with their newest update; the first one whole."""
    incidents = phrases.worst_first(judged)
    for number, incident in enumerate(incidents[:_OPEN_INCIDENTS]):
        yield from _open_incident(
            incident, judged, view, lines=_NEXT_LINES if number else _OPEN_LINES
        )
    if hidden := incidents[_OPEN_INCIDENTS:]:
        command = f"outlogger incidents {phrases.argument(judged.vendor)} --open"
        yield paragraph(f"+{len(hidden)} more: {command}", indent=2, style=DIM)


def _open_incident(incident: Incident, judged: Judged, view: View, *, lines: int) -> Lines:
    sign, style = incident_mark(incident, view)
    head, name = Text(f"{sign} ", style=style), linked(incident.name, incident.url, view, "bold")
    known = [incident.impact.value, wording.incident_status(incident)]
    if incident.started_at:
        known.append(wording.length(view.now - incident.started_at))
    facts = Text(" · ".join(known))
    if head.cell_len + name.cell_len + 2 + facts.cell_len <= view.width:
        yield from sides(Text.assemble(head, name), facts, view.width)
    else:
        yield from hanging(head, name, view.width)
        yield paragraph(facts.plain, indent=2)
    parts = []
    if incident.started_at:
        parts.append(f"since {wording.moment(incident.started_at, view.zone, view.now)}")
    if names := judged.names_of(incident.links):
        parts.append(wording.listed(names, limit=NAMED))
    if judged.is_narrowed and is_unscoped(incident):
        parts.append("not linked to a component" + (" by its id" if names else ""))
    parts += phrases.names_others(incident, judged)
    yield paragraph(" · ".join(parts), indent=2, style=DIM)
    more = ""
    if view.timelines:
        for update in incident.updates:
            yield from update_lines(update, view)
    elif incident.updates:
        newest = incident.updates[0]
        body = newest.body or wording.NO_TEXT
        if newest.created_at:
            at = wording.clock_time(newest.created_at, view.zone, view.now)
            body = f"{at}, {wording.age(newest.created_at, view.now)}  {body}"
        shown = clipped(body, lines=lines, width=view.width - 2)
        yield paragraph(shown, indent=2)
        if earlier := len(incident.updates) - 1:
            more = f"+{wording.count(earlier, 'earlier update')} (--updates)"
        elif shown != body:
            more = "full text: --updates"
    if more and cell_len(more + incident.url) + 7 > view.width:
        yield Text(f"  {more}", style=DIM)
        more = ""
    if tail := "     ".join(part for part in (more, incident.url) if part):
        yield Text(f"  {tail}", style=DIM, overflow="fold")


def _past(judged: Judged, view: View) -> Lines:
    """The strip of days and past incidents: a line each while one is open, else in full."""
    past = [incident for incident in judged.incidents if not incident.status.open]
    if not (judged.days or past):
        return
    yield Text("")
    is_open = bool(judged.open_incidents)
    name, short = "Earlier" if is_open else "Incidents", totals(judged)
    short += " when last read" if judged.error else ""
    long = f"{wording.count(len(judged.days), 'day')}: {short}"
    is_narrow = HEADING + len(long) > view.width
    heading = Text(f"{name}  " if is_narrow else column(name, HEADING), style="bold")
    room = view.width - HEADING - len(judged.days) - 2
    is_beside = bool(judged.days) and len(short) <= room
    if is_beside:
        heading.append_text(bar(judged.days, view, width=len(judged.days))).append("  ")
        heading.append(long if len(long) <= room else short, style="not bold")
    elif judged.days:
        heading.append(long, style="not bold")
    yield heading
    if not is_beside:
        yield from strip(judged, view, indent=2)
    if not is_open:
        yield from legend(judged, view, indent=HEADING if is_beside else 2)
    limit = min(view.incidents, _PAST_WHILE_OPEN) if is_open else view.incidents
    if is_open:
        yield from past_lines(past[:limit], view)
    for incident in () if is_open else past[:limit]:
        yield from incident_lines(incident, judged, view, whole=False)
    if len(past) > limit:
        command = f"outlogger incidents {phrases.argument(judged.vendor)}"
        yield paragraph(f"+{len(past) - limit} more: {command}", indent=2, style=DIM)


def _by_start(windows: Sequence[Maintenance], view: View) -> Sequence[Maintenance]:
    """The windows by their start, at most `_MAINTENANCES` unless everything is shown."""
    found = sorted(windows, key=lambda window: window.scheduled_for or EVER)
    return found if view.unfold else found[:_MAINTENANCES]


def _active(windows: Sequence[Maintenance], judged: Judged, view: View) -> Lines:
    """Maintenance in progress, with the newest update."""
    sign, style = mark(Severity.MAINTENANCE, view)
    shown = _by_start(windows, view)
    for window in shown:
        name = linked(window.name, window.url, view, "bold")
        yield from hanging(Text(f"{sign} ", style=style), name, view.width)
        parts = [wording.words(window.status), *_times(window, view)]
        if names := judged.names_of(window.links):
            parts.append(wording.listed(names, limit=NAMED))
        yield paragraph(" · ".join(parts), indent=2, style=DIM)
        if window.updates and window.updates[0].body:
            body = clipped(window.updates[0].body, lines=_MAINTENANCE_LINES, width=view.width - 2)
            yield paragraph(body, indent=2)
    if hidden := len(windows) - len(shown):
        yield Text(f"  +{hidden} more (--all)", style=DIM)


def _planned(windows: Sequence[Maintenance], judged: Judged, view: View) -> Lines:
    """A line per planned window: when, name, components."""
    sign, style = mark(Severity.MAINTENANCE, view)
    indent = HEADING if view.width >= _BESIDE_FROM else 0
    shown = _by_start(windows, view)
    if not indent:
        yield Text("Planned", style="bold")
    for number, window in enumerate(shown):
        line = Text(column("" if number else "Planned", indent) if indent else "", style="bold")
        line.append(f"{sign} ", style=f"not bold {style}")
        times = ", ".join(_times(window, view))
        line.append(f"{times}  " if times else "", style="not bold")
        name = linked(window.name, window.url, view, "not bold")
        unnamed = [one for one in judged.names_of(window.links) if one not in window.name]
        names = wording.listed(unnamed, limit=NAMED)
        if names and line.cell_len + name.cell_len + 2 + cell_len(names) <= view.width:
            name.append(f"  {names}", style=f"not bold {DIM}")
        if line.cell_len + name.cell_len <= view.width:
            yield line.append_text(name)
        else:
            yield fitted(line, view.width)
            indented = " " * (indent + 2)
            yield from hanging(Text(indented), name, view.width, indent=indent + 2)
    if hidden := len(windows) - len(shown):
        yield Text(f"{' ' * indent}+{hidden} more (--all)", style=DIM)


def _times(window: Maintenance, view: View) -> Iterator[str]:
    """Yield start and end; if it is active, how long so far, because the end is only planned."""
    if window.scheduled_for is None:
        return
    begins = wording.moment(window.scheduled_for, view.zone, view.now)
    ends = window.scheduled_until
    if not window.status.active or window.scheduled_for > view.now:
        yield f"{_span(window.scheduled_for, ends, view)}"
        yield wording.age(window.scheduled_for, view.now)
        return
    yield f"since {begins}, {wording.length(view.now - window.scheduled_for)}"
    if ends:
        yield f"planned until {wording.moment(ends, view.zone, view.now)}"


def _span(start: datetime, end: datetime | None, view: View) -> str:
    """`30 Nov 18:28-20:28 UTC`, or two dates if it ends on another day."""
    begins = wording.moment(start, view.zone, view.now)
    if end is None:
        return begins
    first, last = start.astimezone(view.zone), end.astimezone(view.zone)
    if first.date() != last.date() or first.tzname() != last.tzname():
        return f"{begins} - {wording.moment(end, view.zone, view.now)}"
    head, _, zone = begins.rpartition(" ")
    return f"{head}-{last:%H:%M} {zone}"

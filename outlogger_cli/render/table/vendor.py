"""A vendor's page: the open incident first, then components, history and planned work."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from rich.cells import cell_len
from rich.text import Text

from outlogger_cli.domain.model import EVER, Component, Incident, Maintenance, Severity
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.selection import label
from outlogger_cli.domain.verdict import Judged, is_unscoped
from outlogger_cli.render import View, phrases, wording
from outlogger_cli.render.ordering import is_quiet, ordered
from outlogger_cli.render.table.incidents import (
    NAMED,
    bar,
    day_name,
    incident_lines,
    incident_mark,
    legend,
    past_lines,
    source,
    strip,
    totals,
    update_text,
)
from outlogger_cli.render.table.layout import (
    Lines,
    clipped,
    column,
    fitted,
    linked,
    mark,
    packed,
    paragraph,
    right,
    sides,
    widest,
)
from outlogger_cli.render.table.overview import drill_title, overview
from outlogger_cli.render.theme import DIM

FOLD_FROM = 20
"""If a healthy page has more components, each group is one line."""

_OPEN_LINES = 10
"""Lines of the first open incident's newest update; the others have `_NEXT_LINES`."""

_NEXT_LINES = 2
_OPEN_INCIDENTS = 3
_PROBLEMS = 12
_PAST_WHILE_OPEN = 3
_MAINTENANCES = 3
_MAINTENANCE_LINES = 2
_NAME_ROWS = 2
_LEAST_BAR = 7
_HEADING = 18
"""Columns of a section's heading before what stands beside it."""

_BESIDE_FROM = 80
"""Columns from which planned work stands beside its heading."""


def pages(report: Report, view: View) -> Lines:
    """Return what `status` shows: one vendor's page, or an overview of several."""
    if report.drill:
        yield drill_title(report, view)
    if len(report.vendors) == 1:
        yield from vendor_page(report.vendors[0], view)
        return
    yield from overview(report, view, incidents=True)
    bad = [one for one in ordered(report.vendors, view.sort) if not is_quiet(one)]
    for judged in bad if view.details else ():
        yield Text("")
        yield Text("")
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
    components = list((_problems if judged.problems else _healthy)(judged, view))
    if components:
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
    worst = phrases.worst_incident(judged)
    incidents = [worst, *(one for one in judged.open_incidents if one is not worst)]
    for number, incident in enumerate(incidents[:_OPEN_INCIDENTS]):
        yield from _open_incident(
            incident, judged, view, lines=_NEXT_LINES if number else _OPEN_LINES
        )
    if hidden := incidents[_OPEN_INCIDENTS:]:
        more = (
            f"  +{len(hidden)} more: outlogger incidents {phrases.argument(judged.vendor)} --open"
        )
        yield Text(more, style=DIM)


def _open_incident(incident: Incident, judged: Judged, view: View, *, lines: int) -> Lines:
    sign, style = incident_mark(incident, view)
    name = Text.assemble((f"{sign} ", style), linked(incident.name, incident.url, view, "bold"))
    facts = [incident.impact.value, wording.incident_status(incident)]
    if incident.started_at:
        facts.append(wording.length(view.now - incident.started_at))
    yield from sides(name, Text(" · ".join(facts)), view.width)
    parts = []
    if incident.started_at:
        parts.append(f"since {wording.moment(incident.started_at, view.zone, view.now)}")
    if names := judged.names_of(incident.links):
        parts.append(wording.listed(names, limit=NAMED))
    if judged.is_narrowed and is_unscoped(incident):
        parts.append("not linked to a component" + (" by its id" if names else ""))
    parts += phrases.names_others(incident, judged)
    yield paragraph(" · ".join(parts), indent=2, style=DIM)
    if view.timelines:
        for update in incident.updates:
            yield paragraph(update_text(update, view), indent=2)
    elif incident.updates:
        newest = incident.updates[0]
        when = ""
        if newest.created_at:
            at = wording.clock_time(newest.created_at, view.zone, view.now)
            when = f"{at}, {wording.age(newest.created_at, view.now)}  "
        body = clipped(newest.body or wording.NO_TEXT, lines=lines, width=view.width - 3)
        yield paragraph(f"{when}{body}", indent=2)
    earlier = 0 if view.timelines else len(incident.updates) - 1
    more = f"+{wording.count(earlier, 'earlier update')} (--updates)" if earlier > 0 else ""
    if more and cell_len(more + incident.url) + 7 > view.width:
        yield Text(f"  {more}", style=DIM)
        more = ""
    if tail := "     ".join(part for part in (more, incident.url) if part):
        yield Text(f"  {tail}", style=DIM, overflow="fold")


def _problems(judged: Judged, view: View) -> Lines:
    """Components that are not operational, the worst first, with their days; the others by name."""
    bad = sorted(judged.problems, key=_weight, reverse=True)
    shown = bad if view.unfold else bad[:_PROBLEMS]
    statuses = [wording.status_word(component) for component in shown]
    ages = [_age(component, judged, view) for component in shown]
    status_width, age_width = widest(statuses, limit=30), widest(ages, limit=24)
    beside = 2 + status_width + 2 + age_width + 2
    name_width = widest([label(component) for component in shown], limit=view.width)
    days = max((len(judged.component_days.get(c.id, ())) for c in shown), default=0)
    room = view.width - 2 - max(_HEADING - 2, min(name_width, 28)) - beside
    bar_width = min(days, room) if min(days, room) >= _LEAST_BAR else 0
    most = view.width - 2 - beside - (bar_width + 2 if bar_width else 0)
    name_width = max(12, min(max(name_width, _HEADING - 4), most))
    yield _days_heading(judged, view, indent=2 + name_width + 2, width=bar_width)
    for component, status, age in zip(shown, statuses, ages, strict=True):
        sign, style = mark(component.status.severity, view)
        line = Text.assemble((sign, style), f" {column(label(component), name_width)}")
        if bar_width:
            known = bar(judged.component_days.get(component.id, ()), view, width=bar_width)
            line.append("  ").append_text(known).append(" " * (bar_width - known.cell_len))
        line.append(f"  {column(status, status_width)}")
        yield fitted(line.append(f"  {right(age, age_width)}", style=DIM), view.width)
    if len(bad) > len(shown):
        yield Text(f"  +{len(bad) - len(shown)} more (--all)", style=DIM)
    fine = [c for c in judged.selected if c.status.severity is Severity.NONE]
    if fine and not view.problems_only:
        yield from _fine(fine, view, name_width)


def _days_heading(judged: Judged, view: View, *, indent: int, width: int) -> Text:
    name = "Components when last read" if judged.error else "Components"
    if width < _LEAST_BAR:
        return Text(name, style="bold")
    first = day_name(judged.days[-width].date, view)
    gap = " " * max(1, width - len(first) - len("today"))
    return Text.assemble((column(name, indent), "bold"), (f"{first}{gap}today", DIM))


def _age(component: Component, judged: Judged, view: View) -> str:
    """How long its status has lasted; with `-v` the time it began."""
    since = judged.since(component)
    if since is None or since <= EVER:
        return ""
    if view.verbose:
        return wording.moment(since, view.zone, view.now)
    return wording.brief(view.now - since)


def _fine(fine: Sequence[Component], view: View, name_width: int) -> Lines:
    sign, style = mark(Severity.NONE, view)
    head = f"{sign} {column(f'{len(fine)} operational', name_width)}  "
    if view.unfold:
        for component in fine:
            yield fitted(Text(f"{sign} {label(component)}", style=style), view.width)
        return
    groups = {component.group for component in fine if component.group}
    if len(fine) > FOLD_FROM:
        names = [f"in {wording.count(len(groups), 'group')}"] if groups else []
    else:
        names = [f"{component.name}," for component in fine]
        names[-1] = names[-1].removesuffix(",")
    indent = cell_len(head)
    for number, row in enumerate(
        packed(names, indent=indent, width=view.width, rows=_NAME_ROWS, gap=" ") or [""]
    ):
        yield fitted(Text((" " * indent if number else head) + row, style=style), view.width)


def _weight(component: Component) -> float:
    """Rank of a status; an unknown one may be a problem, so it is almost minor."""
    severity = component.status.severity
    return Severity.MINOR.rank - 0.5 if severity is Severity.UNKNOWN else severity.rank


def _healthy(judged: Judged, view: View) -> Lines:
    """The components of a page without a problem, in its order; of a large one a line a group."""
    sign, style = mark(Severity.NONE, view)
    if view.problems_only:
        count = wording.count(len(judged.selected), "component")
        yield Text(f"{sign} {count} operational", style=style)
        return
    shown = [
        component
        for component in judged.selected
        if view.unfold or judged.vendor.selection.include or not component.only_show_if_degraded
    ]
    if not shown:
        return
    yield Text("Components when last read" if judged.error else "Components", style="bold")
    groups = {component.group for component in shown if component.group}
    if len(shown) > FOLD_FROM and not view.unfold:
        all_of = f"{len(shown)} components"
        all_of += f" in {wording.count(len(groups), 'group')}" if groups else ""
        yield Text(f"{sign} {all_of}, all operational", style=style)
        yield from _folded(shown, len(groups), view)
        return
    width = widest([c.name for c in shown], limit=view.width - 20)
    indent = 2 if groups else 0
    for group, members in groupby(shown, key=lambda component: component.group):
        if group:
            yield fitted(Text(f"  {group}", style="bold"), view.width)
        for component in members:
            place = " " * (2 + (indent if group else 0))
            name = column(component.name, width + (0 if group else indent))
            line = Text.assemble(place, name, "  ", (f"{sign} operational", style))
            yield fitted(line, view.width)


def _folded(shown: Sequence[Component], groups: int, view: View) -> Lines:
    """A line for each group of a large page, unless there are many of them, too."""
    if not 0 < groups <= FOLD_FROM:
        return
    counts: dict[str, int] = {}
    for component in shown:
        name = component.group or "(no group)"
        counts[name] = counts.get(name, 0) + 1
    width = widest(list(counts), limit=view.width - 20)
    for name, number in counts.items():
        line = f"  {column(name, width)}  {number} operational"
        yield fitted(Text(line, style=DIM), view.width)


def _past(judged: Judged, view: View) -> Lines:
    """The strip of days and past incidents: a line each while one is open, else in full."""
    past = [incident for incident in judged.incidents if not incident.status.open]
    if not (judged.days or past):
        return
    yield Text("")
    is_open = bool(judged.open_incidents)
    heading = Text(column("Earlier" if is_open else "Incidents", _HEADING), style="bold")
    short = totals(judged)
    long = f"{wording.count(len(judged.days), 'day')}: {short}"
    room = view.width - _HEADING - len(judged.days) - 2
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
        yield from legend(judged, view, indent=_HEADING if is_beside else 2)
    limit = min(view.incidents, _PAST_WHILE_OPEN) if is_open else view.incidents
    if is_open:
        yield from past_lines(past[:limit], view)
    for incident in () if is_open else past[:limit]:
        yield from incident_lines(incident, judged, view, whole=False)
    if len(past) > limit:
        more = f"  +{len(past) - limit} more: outlogger incidents {phrases.argument(judged.vendor)}"
        yield Text(more, style=DIM)


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
        yield fitted(Text.assemble((f"{sign} ", style), name), view.width)
        parts = [wording.words(window.status), *_times(window, view)]
        if names := judged.names_of(window.links):
            parts.append(wording.listed(names, limit=NAMED))
        yield paragraph(" · ".join(parts), indent=2, style=DIM)
        if window.updates and window.updates[0].body:
            body = clipped(window.updates[0].body, lines=_MAINTENANCE_LINES, width=view.width - 3)
            yield paragraph(body, indent=2)
    if hidden := len(windows) - len(shown):
        yield Text(f"  +{hidden} more (--all)", style=DIM)


def _planned(windows: Sequence[Maintenance], judged: Judged, view: View) -> Lines:
    """A line per planned window: when, name, components."""
    sign, style = mark(Severity.MAINTENANCE, view)
    indent = _HEADING if view.width >= _BESIDE_FROM else 0
    shown = _by_start(windows, view)
    if not indent:
        yield Text("Planned", style="bold")
    for number, window in enumerate(shown):
        line = Text(column("" if number else "Planned", indent) if indent else "", style="bold")
        line.append(f"{sign} ", style=f"not bold {style}")
        times = ", ".join(_times(window, view))
        line.append(f"{times}  " if times else "", style="not bold")
        line.append_text(linked(window.name, window.url, view, "not bold"))
        names = f"  {wording.listed(judged.names_of(window.links), limit=NAMED)}"
        if line.cell_len + cell_len(names) <= view.width:
            line.append(names.rstrip(), style=f"not bold {DIM}")
        yield fitted(line, view.width)
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

"""A vendor's page: its state, components, maintenance and latest incidents."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from rich.cells import cell_len
from rich.text import Text

from outlogger_cli.domain.model import EVER, Component, Maintenance, Severity
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View, phrases, wording
from outlogger_cli.render.table import summary
from outlogger_cli.render.table.incidents import NAMED, heading, incident_lines, strip
from outlogger_cli.render.table.layout import (
    Lines,
    beside,
    clipped,
    column,
    fitted,
    mark,
    name_width,
    paragraph,
    sides,
)

FOLD_FROM = 20
"""If a page has more components, each healthy group is one line."""

_BESIDE_NAME = 30
_SHORTEST_NAME, _CLEAR_NAME = 12, 24
"""Columns: room beside a component's name, and the limits of a name on a narrow terminal."""

_MAINTENANCES = 3
_MAINTENANCE_LINES = 2


def pages(report: Report, view: View) -> Lines:
    """Return what `status` shows: one vendor's page, or an overview and a page per problem."""
    if report.drill:
        yield summary.drill_title(report, view)
    if len(report.vendors) == 1:
        yield from vendor_page(report.vendors[0], view)
        return
    yield from summary.vendor_lines(report, view, has_page=_needs_page)
    yield Text("")
    yield Text(phrases.tally(report))
    for judged in report.vendors:
        if _needs_page(judged):
            yield Text("")
            yield from vendor_page(_current(judged), replace(view, problems_only=True))


def _needs_page(judged: Judged) -> bool:
    active = any(window.status.active for window in judged.maintenances)
    return judged.severity is not Severity.NONE or bool(judged.open_incidents) or active


def _current(judged: Judged) -> Judged:
    """Leave out the past, which only the page of a single vendor shows."""
    active = tuple(window for window in judged.maintenances if window.status.active)
    return replace(judged, incidents=judged.open_incidents, maintenances=active, days=())


def vendor_page(judged: Judged, view: View) -> Lines:
    yield from _head(judged, view)
    if judged.selected:
        yield Text("")
        yield from _components(judged, view)
    for finding in phrases.notes(judged):
        yield paragraph(finding.text, indent=2, style="dim")
    if judged.maintenances:
        yield Text("")
        yield Text("Maintenance", style="bold")
        yield from _maintenances(judged, view)
    if judged.days or judged.incidents:
        yield Text("")
        yield heading(judged)
        yield from strip(judged, view)
    for incident in judged.incidents[: view.incidents]:
        yield from incident_lines(incident, judged, view, whole=False)
    hidden = len(judged.incidents) - view.incidents
    if hidden > 0:
        yield Text(f"  and {hidden} more: outlogger incidents {judged.vendor.slug}", style="dim")


def _head(judged: Judged, view: View) -> Lines:
    yield from summary.title(judged, view)
    open_incidents = len(judged.open_incidents)
    sign, style = mark(judged.severity, view, open_incidents=open_incidents)
    head = Text.assemble((f"{sign} {wording.state(judged.severity)}", style), "   ")
    headline = phrases.headline(judged)
    right = f"{wording.count(open_incidents, 'incident')} open" if open_incidents else ""
    if judged.severity is Severity.NONE or head.cell_len + cell_len(headline) <= view.width:
        yield from sides(head.append(headline), Text(right), view.width)
        return
    yield beside(head, headline, view.width)
    if right:
        yield Text(f"  {right}")


def _components(judged: Judged, view: View) -> Lines:
    """Return components in the page's order; a healthy group of a large page is one line."""
    every = view.unfold or bool(judged.vendor.selection.include)
    shown = [
        component
        for component in judged.selected
        if every
        or not component.only_show_if_degraded
        or component.status.severity is not Severity.NONE
    ]
    folds = len(shown) > FOLD_FROM and not view.unfold
    if view.problems_only:
        shown = [c for c in shown if c.status.severity is not Severity.NONE]
        if not shown:
            yield Text(f"  no component {'had' if judged.error else 'has'} a problem")
            return
    indent = any(component.group for component in shown)
    width = name_width([c.name for c in shown], limit=_name_limit(shown, view))
    for group, members in groupby(shown, key=lambda c: c.group):
        rows = list(members)
        if group:
            yield from _group(group, rows, view, width=width, fold=folds)
        else:
            yield from _loose(rows, view, width=width + 2 * indent, fold=folds)


def _name_limit(shown: Sequence[Component], view: View) -> int:
    """Return the columns that a name may have.

    The rest is for the age of a problem. Names come first if they would be cut so short that they
    all look alike.
    """
    statuses = [cell_len(wording.component_status(component)) for component in shown]
    room = view.width - max(statuses, default=0) - len("    ") - len("  ✗ ")
    return max(_SHORTEST_NAME, view.width - _BESIDE_NAME, min(_CLEAR_NAME, room))


def _group(name: str, rows: Sequence[Component], view: View, *, width: int, fold: bool) -> Lines:
    """Return a heading and the components; if `fold`, only the number of the healthy ones."""
    problems = [c for c in rows if c.status.severity is not Severity.NONE]
    healthy = len(rows) - len(problems)
    if fold and not problems:
        sign, style = mark(Severity.NONE, view)
        label = column(name, width + 2)
        yield Text.assemble(f"  {label}  ", (f"{sign} {healthy} operational", style))
        return
    worst = max(rows, key=_weight)
    sign, style = mark(worst.status.severity, view)
    label = column(name, max(width + 2, cell_len(name)))
    status = f"{sign} {wording.component_status(worst)}"
    yield fitted(Text.assemble((f"  {label}", "bold"), "  ", (status, style)), view.width)
    for component in problems if fold else rows:
        yield _component(component, view, width=width, indent=4)
    if fold and healthy:
        yield Text(f"    and {healthy} operational", style="dim")


def _weight(component: Component) -> float:
    """Rank of a status in its group; an unknown one may be a problem, so it is almost minor."""
    severity = component.status.severity
    return Severity.MINOR.rank - 0.5 if severity is Severity.UNKNOWN else severity.rank


def _loose(rows: Sequence[Component], view: View, *, width: int, fold: bool) -> Lines:
    """Return components without a group; if `fold`, only the number of many healthy ones."""
    problems = [c for c in rows if c.status.severity is not Severity.NONE]
    healthy = len(rows) - len(problems)
    fold = fold and healthy > FOLD_FROM
    for component in problems if fold else rows:
        yield _component(component, view, width=width, indent=2)
    if fold:
        yield Text(f"  and {healthy} operational (--all shows them)", style="dim")


def _component(component: Component, view: View, *, width: int, indent: int) -> Text:
    severity = component.status.severity
    sign, style = mark(severity, view)
    status = f"{sign} {wording.component_status(component)}"
    name = column(component.name, width)
    line = Text.assemble(" " * indent, name, "  ", (status, style))
    if severity is not Severity.NONE and component.updated_at:
        line.append(_since(component.updated_at, view, room=view.width - line.cell_len), "dim")
    return fitted(line, view.width)


def _since(moment: datetime, view: View, *, room: int) -> str:
    """Return since when and for how long, or only how long, or nothing, as there is room."""
    age = wording.age(moment, view.now).removesuffix(" ago")
    whole = f"  since {wording.moment(moment, view.zone, view.now)}, {age}"
    return next((text for text in (whole, f"  {age}") if len(text) <= room), "")


def _maintenances(judged: Judged, view: View) -> Lines:
    """Return active maintenance, then the next few that are scheduled."""
    ordered = sorted(
        judged.maintenances, key=lambda w: (not w.status.active, w.scheduled_for or EVER)
    )
    shown = ordered if view.unfold else ordered[:_MAINTENANCES]
    for window in shown:
        yield from _maintenance(window, judged, view)
    if hidden := len(ordered) - len(shown):
        yield Text(f"  and {hidden} more (--all shows them)", style="dim")


def _maintenance(window: Maintenance, judged: Judged, view: View) -> Lines:
    sign, style = mark(Severity.MAINTENANCE, view)
    yield fitted(Text.assemble("  ", (f"{sign} ", style), (window.name, "bold")), view.width)
    parts = [wording.words(window.status), *_times(window, view)]
    if names := judged.names_of(window.links):
        parts.append(wording.listed(names, limit=NAMED))
    yield paragraph(" · ".join(parts), indent=4, style="dim")
    if window.updates and window.updates[0].body:
        body = clipped(window.updates[0].body, lines=_MAINTENANCE_LINES, width=view.width - 5)
        yield paragraph(body, indent=4)


def _times(window: Maintenance, view: View) -> Iterator[str]:
    """Yield start and end; if it is active, how long so far, because the end is only planned."""
    if window.scheduled_for is None:
        return
    begins = wording.moment(window.scheduled_for, view.zone, view.now)
    ends = window.scheduled_until and wording.moment(window.scheduled_until, view.zone, view.now)
    if not window.status.active or window.scheduled_for > view.now:
        until = f" - {ends}" if ends else ""
        yield f"{begins}{until}, {wording.age(window.scheduled_for, view.now)}"
        return
    yield f"since {begins}, {wording.length(view.now - window.scheduled_for)} so far"
    if ends:
        yield f"planned until {ends}"

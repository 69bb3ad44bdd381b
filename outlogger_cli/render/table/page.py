"""A vendor's page: how it stands, its components, maintenance and latest incidents."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from rich.cells import cell_len
from rich.text import Text

from outlogger_cli.domain.model import EVER, Component, Maintenance, Severity, worst
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View, phrases, wording
from outlogger_cli.render.table import summary
from outlogger_cli.render.table.incidents import heading, incident_lines, strip
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
"""A page of more components than this shows its healthy groups as one line each."""

_BESIDE_NAME = 30
_SHORTEST_NAME, _TELLING_NAME = 12, 24
"""Columns: what is left beside the name of a component, and what a name has where it is narrow."""

_MAINTENANCES = 3
_MAINTENANCE_LINES = 2


def pages(report: Report, view: View) -> Lines:
    """What `status` says: one vendor's page, or a summary and what each vendor has to say."""
    if report.drill:
        yield summary.drill_title(report, view)
    if len(report.vendors) == 1:
        yield from vendor_page(report.vendors[0], view)
        return
    yield from summary.vendor_lines(report, view, told_later=_has_news)
    yield Text("")
    yield Text(phrases.tally(report))
    for judged in report.vendors:
        if _has_news(judged):
            yield Text("")
            yield from vendor_page(_only_news(judged), replace(view, problems_only=True))


def _has_news(judged: Judged) -> bool:
    active = any(window.status.active for window in judged.maintenances)
    return judged.severity is not Severity.NONE or bool(judged.open_incidents) or active


def _only_news(judged: Judged) -> Judged:
    """What is wrong now, without the past: the page of one vendor tells that."""
    active = tuple(window for window in judged.maintenances if window.status.active)
    return replace(judged, incidents=judged.open_incidents, maintenances=active, days=())


def vendor_page(judged: Judged, view: View) -> Lines:
    yield from _head(judged, view)
    if judged.selected:
        yield Text("")
        yield from _components(judged, view)
    yield from _notes(judged)
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
    shown, style = mark(judged.severity, view, open_incidents=open_incidents)
    word = "ok" if judged.severity is Severity.NONE else judged.severity.value
    head = Text.assemble((f"{shown} {word}", style), "   ")
    said = phrases.headline(judged)
    right = f"{wording.count(open_incidents, 'incident')} open" if open_incidents else ""
    if judged.severity is Severity.NONE or head.cell_len + cell_len(said) <= view.width:
        yield from sides(head.append(said), Text(right), view.width)
        return
    yield beside(head, said, view.width)
    if right:
        yield Text(f"  {right}")


def _components(judged: Judged, view: View) -> Lines:
    """In the page's order; a healthy group of a large page is one line."""
    every = view.unfold or bool(judged.vendor.selection.include)
    shown = [c for c in judged.selected if every or not _is_hidden(c)]
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
    """Columns that a name may have: some are left for the age of a trouble, but for names of which
    so little would be seen that they could not be told apart."""
    statuses = [cell_len(wording.component_status(component)) for component in shown]
    room = view.width - max(statuses, default=0) - len("    ") - len("  ✗ ")
    return max(_SHORTEST_NAME, view.width - _BESIDE_NAME, min(_TELLING_NAME, room))


def _group(name: str, rows: Sequence[Component], view: View, *, width: int, fold: bool) -> Lines:
    severity = worst(c.status.severity for c in rows)
    healthy = all(c.status.severity is Severity.NONE for c in rows)
    if fold and healthy:
        shown, style = mark(severity, view)
        label = column(name, width + 2)
        yield Text.assemble(f"  {label}  ", (f"{shown} {len(rows)} operational", style))
        return
    yield _heading(name, rows, view, width=width)
    for component in rows:
        if not (fold and component.status.severity is Severity.NONE):
            yield _component(component, view, width=width, indent=4)
    rest = sum(c.status.severity is Severity.NONE for c in rows) if fold else 0
    if rest:
        yield Text(f"    and {rest} operational", style="dim")


def _heading(name: str, rows: Sequence[Component], view: View, *, width: int) -> Text:
    """A group and the status of its worst component; one that nobody knows may be a problem."""
    leading = max(rows, key=_weight)
    shown, style = mark(leading.status.severity, view)
    label = column(name, max(width + 2, cell_len(name)))
    said = (f"{shown} {wording.component_status(leading)}", style)
    return fitted(Text.assemble((f"  {label}", "bold"), "  ", said), view.width)


def _weight(component: Component) -> float:
    severity = component.status.severity
    return Severity.MINOR.rank - 0.5 if severity is Severity.UNKNOWN else severity.rank


def _loose(rows: Sequence[Component], view: View, *, width: int, fold: bool) -> Lines:
    """Components without a group: of many healthy ones only the number is told."""
    healthy = [c for c in rows if c.status.severity is Severity.NONE]
    fold = fold and len(healthy) > FOLD_FROM
    for component in rows:
        if not fold or component.status.severity is not Severity.NONE:
            yield _component(component, view, width=width, indent=2)
    if fold:
        yield Text(f"  and {len(healthy)} operational (--all shows them)", style="dim")


def _component(component: Component, view: View, *, width: int, indent: int) -> Text:
    severity = component.status.severity
    shown, style = mark(severity, view)
    line = Text.assemble(
        " " * indent,
        column(component.name, width),
        "  ",
        (f"{shown} {wording.component_status(component)}", style),
    )
    if severity is not Severity.NONE and component.updated_at:
        line.append(_since(component.updated_at, view, room=view.width - line.cell_len), "dim")
    return fitted(line, view.width)


def _since(moment: datetime, view: View, *, room: int) -> str:
    """When it came to this and how long ago, or only how long, or nothing, as there is room."""
    age = wording.age(moment, view.now).removesuffix(" ago")
    whole = f"  since {wording.moment(moment, view.zone, view.now)}, {age}"
    return next((said for said in (whole, f"  {age}") if len(said) <= room), "")


def _is_hidden(component: Component) -> bool:
    """Rows their vendor wants hidden while they are well."""
    return component.only_show_if_degraded and component.status.severity is Severity.NONE


def _notes(judged: Judged) -> Lines:
    for finding in phrases.notes(judged):
        yield paragraph(finding.text, indent=2, style="dim")


def _maintenances(judged: Judged, view: View) -> Lines:
    """What is under way, then the next few that are planned."""
    ordered = sorted(
        judged.maintenances, key=lambda w: (not w.status.active, w.scheduled_for or EVER)
    )
    shown = ordered if view.unfold else ordered[:_MAINTENANCES]
    for window in shown:
        yield from _maintenance(window, judged, view)
    if hidden := len(ordered) - len(shown):
        yield Text(f"  and {hidden} more (--all shows them)", style="dim")


def _times(window: Maintenance, view: View) -> Iterator[str]:
    """From when to when; of what is under way for how long, which is not since its planned end."""
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


def _maintenance(window: Maintenance, judged: Judged, view: View) -> Lines:
    severity = Severity.MAINTENANCE
    shown, style = mark(severity, view)
    yield fitted(Text.assemble("  ", (f"{shown} ", style), (window.name, "bold")), view.width)
    parts = [wording.of(window.status)]
    parts += _times(window, view)
    if names := judged.names_of(window.links):
        parts.append(", ".join(names[:4]) + (f" and {len(names) - 4} more" if names[4:] else ""))
    yield paragraph(" · ".join(parts), indent=4, style="dim")
    if window.updates and window.updates[0].body:
        body = clipped(window.updates[0].body, lines=_MAINTENANCE_LINES, width=view.width - 5)
        yield paragraph(body, indent=4)

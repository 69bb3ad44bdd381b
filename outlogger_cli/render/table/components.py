"""The components of a vendor's page: those with a problem and their days, or the healthy ones."""

from collections.abc import Sequence
from itertools import groupby

from rich.cells import cell_len
from rich.text import Text

from outlogger_cli.domain.model import EVER, Component, Severity
from outlogger_cli.domain.selection import label
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View, wording
from outlogger_cli.render.table.incidents import bar, day_name
from outlogger_cli.render.table.layout import Lines, column, fitted, mark, packed, right, widest
from outlogger_cli.render.theme import DIM

FOLD_FROM = 20
"""If a healthy page has more components, each group is one line."""

HEADING = 18
"""Columns of a section's heading before what stands beside it."""

_PROBLEMS = 12
_NAME_ROWS = 2
_LEAST_BAR = 7
_LEAST_NAME = 14


def component_lines(judged: Judged, view: View) -> Lines:
    """Return the components with a heading; of a page without a problem all of them."""
    return _problems(judged, view) if judged.problems else _healthy(judged, view)


def _problems(judged: Judged, view: View) -> Lines:
    """Components that are not operational, the worst first, with their days; the others by name."""
    bad = sorted(judged.problems, key=_weight, reverse=True)
    shown = bad if view.unfold else bad[:_PROBLEMS]
    statuses = [wording.status_word(component) for component in shown]
    ages = [_age(component, judged, view) for component in shown]
    status_width = widest(statuses, limit=min(30, max(14, view.width // 3)))
    age_width = widest(ages, limit=24)
    beside = 2 + status_width + 2 + age_width + 2
    name_width = widest([label(component) for component in shown], limit=view.width)
    days = max((len(judged.component_days.get(c.id, ())) for c in shown), default=0)
    room = view.width - 2 - max(HEADING - 2, min(name_width, 28)) - beside
    bar_width = min(days, room) if min(days, room) >= _LEAST_BAR else 0
    most = view.width - 2 - beside - (bar_width + 2 if bar_width else 0)
    name_width = max(_LEAST_NAME, min(max(name_width, HEADING - 4), most))
    yield _days_heading(judged, view, indent=2 + name_width + 2, width=bar_width)
    for component, status, age in zip(shown, statuses, ages, strict=True):
        sign, style = mark(component.status.severity, view)
        line = Text.assemble((sign, style), f" {column(label(component), name_width)}")
        if bar_width:
            known = bar(judged.component_days.get(component.id, ()), view, width=bar_width)
            line.append("  ").append_text(known).append(" " * (bar_width - known.cell_len))
        line.append(f"  {column(status, status_width) if age else status}")
        yield fitted(line.append(f"  {right(age, age_width)}" if age else "", DIM), view.width)
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
        packed(names, indent=indent, width=view.width, rows=_NAME_ROWS, gap=" ", hint="--all")
        or [""]
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

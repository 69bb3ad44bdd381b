"""Several vendors at a glance: the tally, a row for each that is not ok, the names of the rest."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from outlogger_cli.domain.model import Severity, Source
from outlogger_cli.domain.report import Report, unreached
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View, phrases, wording
from outlogger_cli.render.ordering import is_quiet, ok_count, ordered, tally
from outlogger_cli.render.table.layout import (
    Lines,
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
from outlogger_cli.render.theme import DIM

_HOSTS_FROM = 100
"""Columns from which the rows have the host of the page."""

_LEAST_ROOM = 30
"""Columns that the headline needs to stand beside the vendor's name."""

_NAME_LIMIT = 24
_HOST_LIMIT = 30
_NAME_ROWS = 3


def verdicts(report: Report, view: View) -> Lines:
    """Return what `check` shows: one line per vendor that is not ok, with `-v` every reason."""
    if report.drill:
        yield drill_title(report, view)
    if report.skipped:
        yield Text("skipped: no page was read, the verdict is unknown")
        return
    yield from overview(report, view, incidents=False, hint="outlogger status --all")


def overview(report: Report, view: View, *, incidents: bool, hint: str = "") -> Lines:
    """Return the tally, rows and names; of a single vendor its row.

    With `incidents` the worst open incident of each vendor stands below its row. `hint` is what
    to type if names are left out.
    """
    vendors = ordered(report.vendors, view.sort)
    if len(vendors) == 1:
        yield from _rows(vendors, view, incidents=incidents, alone=True)
        return
    if blamed := network_line(report):
        yield blamed
        if not view.verbose:
            return
    else:
        yield from top(tally(vendors), _reading(report), view)
    shown = [one for one in vendors if view.unfold or not is_quiet(one)]
    fine = [one for one in vendors if is_quiet(one) and not view.unfold]
    if shown:
        yield Text("")
        yield from _rows(shown, view, incidents=incidents)
    if fine:
        yield Text("")
        yield from _fine(fine, len(shown), view, hint=hint)


def arriving(report: Report, awaited: Sequence[str], waited: float, view: View) -> Lines:
    """Return the overview of a run that still waits for some vendors."""
    if report.drill:
        yield drill_title(report, view)
    total = len(report.vendors) + len(awaited)
    waiting = wording.listed(awaited, limit=2)
    progress = f"{len(report.vendors)}/{total}"
    progress += f" · waiting for {waiting} {int(waited)} s" if awaited else ""
    left = tally(report.vendors) if report.vendors else ""
    yield from top(left, Text(progress, style=DIM), view)
    vendors = ordered(report.vendors, view.sort)
    shown = [one for one in vendors if view.unfold or not is_quiet(one)]
    if shown:
        yield Text("")
        yield from _rows(shown, view, incidents=False)
    fine = [one for one in vendors if is_quiet(one) and not view.unfold]
    if fine:
        yield Text("")
        yield from _fine(fine, len(shown), view, hint="")
    if awaited:
        head = f"{'.' if view.ascii else '·'} reading  "
        yield Text("")
        rows = packed(list(awaited), indent=len(head), width=view.width, rows=_NAME_ROWS)
        for number, row in enumerate(rows):
            yield Text((" " * len(head) if number else head) + row, style=DIM)


def top(left: str, right_side: Text, view: View) -> Lines:
    """The tally in as many rows as it needs, and `right_side` at the end of the last."""
    *rows, last = packed(left.split(" · "), indent=0, width=view.width, rows=9, gap=" · ")
    yield from (Text(row, style="bold") for row in rows)
    yield from sides(Text(last, style="bold"), right_side, view.width)


def _reading(report: Report) -> Text:
    """`41 read in 0.6 s`, or how many readings were stored ones."""
    readings = [one.reading for one in report.vendors if one.reading and not one.error]
    stored = sum(reading.source is Source.CACHE for reading in readings)
    if stored:
        return Text(f"{wording.count(stored, 'stored reading')}", style=DIM)
    if not readings or report.took is None:
        return Text("")
    return Text(f"{len(readings)} read in {wording.seconds(report.took)}", style=DIM)


@frozen
class _Widths:
    state: int
    name: int
    age: int
    host: int


def _rows(vendors: Sequence[Judged], view: View, *, incidents: bool, alone: bool = False) -> Lines:
    hosts = [_host(judged) for judged in vendors] if view.width >= _HOSTS_FROM else []
    widths = _Widths(
        state=widest([wording.state(judged.severity) for judged in vendors], limit=view.width),
        name=widest([judged.name for judged in vendors], limit=min(_NAME_LIMIT, view.width // 3)),
        age=widest([phrases.age(judged, view) for judged in vendors], limit=view.width),
        host=widest(hosts, limit=_HOST_LIMIT),
    )
    aged = [_what(judged, view) for judged in vendors if phrases.age(judged, view)]
    if widest(aged, limit=view.width) > _room(view, widths):
        widths = replace(widths, host=0)
    for judged in vendors:
        yield from _row(judged, view, widths)
        if incidents and judged.open_incidents:
            yield from _incident(judged, view, 4 + widths.state if _is_beside(view, widths) else 4)
        yield from _notes(judged, view, alone=alone)


def _is_beside(view: View, widths: _Widths) -> bool:
    return _room(view, widths) >= _LEAST_ROOM


def _room(view: View, widths: _Widths) -> int:
    """The columns that are left for the headline."""
    taken = [2 + widths.state, widths.name, widths.age, widths.host]
    return view.width - sum(width + 2 for width in taken if width)


def _what(judged: Judged, view: View) -> str:
    return f"{phrases.headline(judged)}{phrases.aside(judged, view)}"


def _row(judged: Judged, view: View, widths: _Widths) -> Lines:
    """One line; a long headline takes the place of an age and a host, if there is no age."""
    sign, style = mark(judged.severity, view, open_incidents=len(judged.open_incidents))
    state, what = wording.state(judged.severity), _what(judged, view)
    is_beside = _is_beside(view, widths)
    most = widths.name if is_beside else view.width - 6 - widths.state - widths.age
    name = column(judged.name, most) if is_beside else column(judged.name, most).rstrip()
    head = Text.assemble((sign, style), f" {column(state, widths.state)}  ")
    head.append_text(linked(name, judged.vendor.url, view, "bold"))
    lasts = right(phrases.age(judged, view), widths.age)
    is_fine = is_quiet(judged)
    if is_beside:
        room = _room(view, widths)
        is_last = not lasts.strip() and (not widths.host or cell_len(what) > room)
        if is_last:
            room = _room(view, replace(widths, age=0, host=0))
        what = column(what, room).rstrip() if is_last else column(what, room)
        head.append("  ").append(what, style=DIM if is_fine else "")
        head.append("" if is_last or not widths.age else f"  {lasts}", style=DIM)
        if widths.host and not is_last:
            host = column(_host(judged), widths.host).rstrip()
            head.append("  ").append_text(linked(host, judged.vendor.url, view, DIM))
        yield fitted(head, view.width)
        return
    yield from sides(head, Text(lasts.strip(), style=DIM), view.width)
    yield paragraph(what, indent=4)


def _host(judged: Judged) -> str:
    return judged.vendor.url.partition("://")[2].strip("/")


def _incident(judged: Judged, view: View, indent: int) -> Lines:
    """The worst open incident, in one line: `name · status · updated 11 min ago`.

    A long name leaves out the time of the update.
    """
    incident = phrases.worst_incident(judged)
    others = len(judged.open_incidents) - 1
    parts = [wording.incident_status(incident), *phrases.names_others(incident, judged)]
    parts += [f"+{others} open"] if others else []
    moment = next((u.created_at for u in incident.updates if u.created_at), incident.started_at)
    updated = f"updated {wording.brief(view.now - moment)} ago" if moment else ""
    if phrases.headline_incident(judged):
        parts.insert(1, f"impact {incident.impact}")
        facts = " · ".join(filter(None, [*parts, updated]))
        yield fitted(Text(f"{' ' * indent}{facts}", style=DIM), view.width)
        return
    room = view.width - indent - cell_len(f" · {' · '.join(parts)}")
    if updated and cell_len(f"{incident.name} · {updated}") <= room:
        parts.insert(1, updated)
    name = column(incident.name, min(max(12, room), cell_len(incident.name)))
    line = Text(" " * indent).append_text(linked(name, incident.url, view))
    yield fitted(line.append(f" · {' · '.join(parts)}", style=DIM), view.width)


def _notes(judged: Judged, view: View, *, alone: bool) -> Lines:
    """What qualifies the verdict: all of it of a lone vendor, else problems outside the selection.

    With `-v` the reasons of the verdict, and all that counted.
    """
    if not view.verbose and alone:
        for finding in phrases.notes(judged):
            yield paragraph(finding.text, indent=4, style=DIM)
    elif not view.verbose and judged.other_problems:
        yield paragraph(phrases.others(judged), indent=4, style=DIM)
    if view.verbose:
        yield paragraph(phrases.why(judged), indent=4, style=DIM)
        for finding in phrases.counted(judged)[1:]:
            yield paragraph(finding.text, indent=6, style=DIM)


def _fine(vendors: Sequence[Judged], others: int, view: View, *, hint: str) -> Lines:
    """The names of the vendors that are ok; with `--problems` only their number."""
    sign, style = mark(Severity.NONE, view)
    if view.problems_only:
        yield Text(f"{sign} {ok_count(len(vendors), others)}", style=style)
        return
    head = f"{sign} {len(vendors)} ok  "
    names = [one.name for one in vendors]
    rows = packed(names, indent=len(head), width=view.width, rows=_NAME_ROWS, hint=hint)
    for number, row in enumerate(rows):
        yield Text((" " * len(head) if number else head) + row, style=style)


def network_line(report: Report) -> Text | None:
    """The line about this machine's network, if that kept all of several pages from being read."""
    failed = unreached([judged.error for judged in report.vendors])
    if report.drill or not failed or len(report.vendors) == 1:
        return None
    return Text(phrases.without_network(len(report.vendors), failed[0]), style="bold")


def drill_title(report: Report, view: View) -> Text:
    return fitted(Text(f" DRILL  {report.drill}  DRILL ", style="reverse bold"), view.width)

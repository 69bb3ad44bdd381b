"""What the screen of a watch shows: how everybody stands, and below it what changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from rich.console import RenderableType
from rich.text import Text

from outlogger_cli.domain.model import Severity
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View, wording
from outlogger_cli.render.phrases import tally
from outlogger_cli.render.table.layout import fitted, sides
from outlogger_cli.render.table.screen import printed, readable
from outlogger_cli.render.table.summary import drill_title, vendor_lines

_FEWEST = 3
"""Lines that the vendors, and what changed, have in any case."""


@dataclass(slots=True, kw_only=True)
class Picture:
    """What there is to show, as it is known by now; `log` is oldest first."""

    began: datetime
    vendors: int
    report: Report | None = None
    log: list[tuple[datetime, str]] = field(default_factory=list)
    notes: Sequence[str] = ()
    muted: Sequence[str] = ()


def frame(picture: Picture, status: str, view: View, height: int) -> list[str]:
    """At most `height` lines. Where the vendors do not fit, those that are well give way."""
    view = readable(view)
    head = _printed(_head(picture, status, view), view)
    below = [
        *_below_a_gap(_printed(_notes(picture, view), view)),
        *_below_a_gap(_printed(_log(picture, view, max(_FEWEST, height // 3)), view)),
    ]
    room = height - len(head) - 1 - len(below)
    rows = _rows(picture.report, view, max(_FEWEST, room)) if picture.report else []
    return [*head, *_below_a_gap(rows), *below][:height]


def _below_a_gap(lines: list[str]) -> list[str]:
    return ["", *lines] if lines else []


def _printed(lines: Iterator[RenderableType], view: View) -> list[str]:
    return printed(lines, view).splitlines()


def _head(picture: Picture, status: str, view: View) -> Iterator[RenderableType]:
    if picture.report and picture.report.drill:
        yield drill_title(picture.report, view)
    watched = f"outlogger watch · {wording.count(picture.vendors, 'vendor')}"
    yield from sides(Text(watched, style="bold"), Text(status, style="dim"), view.width)


def _rows(report: Report, view: View, room: int) -> list[str]:
    """A line a vendor and what must be said with it."""
    rows = _printed(vendor_lines(report, view), view)
    if len(rows) <= room:
        return rows
    notable = tuple(judged for judged in report.vendors if not _is_well(judged))
    rows = _printed(vendor_lines(replace(report, vendors=notable), view), view)
    well = len(report.vendors) - len(notable)
    if len(rows) < room:
        return [*rows, *_aside(f"and {well} more, all well", view)]
    return [*rows[: room - 1], *_aside("and more: this window is too low to show them", view)]


def _aside(text: str, view: View) -> list[str]:
    return _printed(iter([fitted(Text(f"  {text}"), view.width)]), view)


def _is_well(judged: Judged) -> bool:
    return judged.severity is Severity.NONE and not judged.open_incidents


def _notes(picture: Picture, view: View) -> Iterator[RenderableType]:
    if picture.report and picture.vendors > 1:
        yield Text(tally(picture.report))
    if picture.muted:
        yield fitted(Text(f"muted: {', '.join(picture.muted)}", style="dim"), view.width)
    for note in picture.notes:
        yield fitted(Text(note, style="yellow"), view.width)


def _log(picture: Picture, view: View, most: int) -> Iterator[RenderableType]:
    """What changed, the newest last."""
    began = wording.moment(picture.began, view.zone, view.now)
    yield Text(f"Changes since {began}", style="bold")
    for at, title in picture.log[1 - most :]:
        when = f"{at.astimezone(view.zone):%H:%M}"
        yield fitted(Text.assemble("  ", (when, "dim"), f"  {title}"), view.width)
    if not picture.log:
        yield Text("  none so far", style="dim")

"""The lines that a watch shows on a terminal: the vendors, and below them what changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rich.console import RenderableType
from rich.text import Text

from outlogger_cli.domain.report import Report
from outlogger_cli.render import View, wording
from outlogger_cli.render.table.layout import fitted, sides
from outlogger_cli.render.table.overview import drill_title, overview
from outlogger_cli.render.table.screen import printed, readable

_MINIMUM = 3
"""Lines that the vendors, and the changes, have at least."""


@dataclass(slots=True, kw_only=True)
class Content:
    """What is known so far; `changes` are oldest first."""

    started: datetime
    vendors: int
    report: Report | None = None
    changes: list[tuple[datetime, str]] = field(default_factory=list)
    notes: Sequence[str] = ()
    muted: Sequence[str] = ()


def frame(content: Content, status: str, view: View, height: int) -> list[str]:
    """Return at most `height` lines; if the vendors do not fit, those that are ok are counted."""
    view = readable(view)
    head = _printed(_head(content, status, view), view)
    below = [
        *_below_a_gap(_printed(_notes(content, view), view)),
        *_below_a_gap(_printed(_changes(content, view, max(_MINIMUM, height // 3)), view)),
    ]
    room = height - len(head) - 1 - len(below)
    rows = _rows(content.report, view, max(_MINIMUM, room)) if content.report else []
    return [*head, *_below_a_gap(rows), *below][:height]


def _below_a_gap(lines: list[str]) -> list[str]:
    return ["", *lines] if lines else []


def _printed(lines: Iterator[RenderableType], view: View) -> list[str]:
    return printed(lines, view).splitlines()


def _head(content: Content, status: str, view: View) -> Iterator[RenderableType]:
    if content.report and content.report.drill:
        yield drill_title(content.report, view)
    watched = f"outlogger watch · {wording.count(content.vendors, 'vendor')}"
    yield from sides(Text(watched, style="bold"), Text(status, style="dim"), view.width)


def _rows(report: Report, view: View, room: int) -> list[str]:
    """Return the overview in at most `room` lines."""
    rows = _printed(overview(report, view, incidents=False), view)
    if len(rows) <= room:
        return rows
    return [*rows[: room - 1], "  …"]


def _notes(content: Content, view: View) -> Iterator[RenderableType]:
    if content.muted:
        yield fitted(Text(f"muted: {', '.join(content.muted)}", style="dim"), view.width)
    for note in content.notes:
        yield fitted(Text(note, style="yellow"), view.width)


def _changes(content: Content, view: View, most: int) -> Iterator[RenderableType]:
    """Yield the newest changes, the newest last."""
    started = wording.moment(content.started, view.zone, view.now)
    yield Text(f"Changes since {started}", style="bold")
    for at, title in content.changes[1 - most :]:
        when = f"{at.astimezone(view.zone):%H:%M}"
        yield fitted(Text.assemble("  ", (when, "dim"), f"  {title}"), view.width)
    if not content.changes:
        yield Text("  none so far", style="dim")

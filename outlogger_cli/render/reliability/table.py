"""For people at a terminal: the vendors compared, the worst first, then each by month."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from outlogger_cli.domain.figures import TROUBLES, Figures
from outlogger_cli.domain.model import Severity
from outlogger_cli.domain.reliability import Record, Reliability
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.values import frozen
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View
from outlogger_cli.render.reliability import words
from outlogger_cli.render.table.layout import (
    Lines,
    column,
    fitted,
    linked,
    mark,
    paragraph,
    right,
    sides,
    widest,
)
from outlogger_cli.render.table.overview import drill_title, network_line
from outlogger_cli.render.table.screen import printed, readable
from outlogger_cli.render.theme import DIM, color

_GLYPHS = {"critical": ("█", "#"), "major": ("▓", "="), "minor": ("░", "-")}
"""The part of a bar by impact, also in ASCII."""

_NAME_LIMIT = 24
_NAME_LEAST = 12
_BAR_LIMIT = 24
_BAR_LEAST = 6
_SHORT = {"Availability": "Avail.", "Incidents": "Inc.", "Maintenance": "Maint."}
"""Heads for a narrow terminal."""


def render(report: Report, view: View, /) -> str:
    view = readable(view)
    return printed(_lines(report, view), view)


@frozen
class _Row:
    """A row; without `figures` it is a line of heads, or a vendor that is unknown (`why`)."""

    name: str
    cells: tuple[str, ...]
    figures: Figures | None = None
    why: str = ""
    url: str = ""


def _lines(report: Report, view: View) -> Lines:
    part = report.reliability
    assert part
    if report.drill:
        yield drill_title(report, view)
    if blamed := network_line(report):
        yield blamed
        if not view.verbose:
            return
    yield Text(words.title(part), style="bold")
    yield paragraph(words.terms(part), indent=0, style=DIM)
    vendors = words.in_order(report)
    bounds = words.ASCII_SIGNS if view.ascii else words.SIGNS
    rows = [
        _Row(
            name=judged.name,
            figures=record.whole if record else None,
            cells=words.cells(record.whole if record else None, bounds)[: words.COMPARED],
            why="" if record else words.reason(judged),
            url=judged.vendor.url,
        )
        for judged, record in vendors
    ]
    yield Text("")
    yield from _table([("Vendor", rows)], view)
    for judged, record in vendors:
        if record and not words.is_quiet(judged, record, part):
            yield Text("")
            yield from _section(judged, record, part, view)
    yield Text("")
    yield paragraph(words.EXPLAINED, indent=0, style=DIM)
    cells = [cell for row in rows for cell in row.cells]
    if any(cell.startswith((bounds.least, bounds.most)) for cell in cells):
        signs = f"{bounds.least}at least, {bounds.most}at most: see the notes of the vendor."
        yield paragraph(signs, indent=0, style=DIM)


def _section(judged: Judged, record: Record, part: Reliability, view: View) -> Lines:
    """The notes, the facts, the months and the components of a vendor."""
    bounds = words.ASCII_SIGNS if view.ascii else words.SIGNS
    name = linked(judged.name, judged.vendor.url, view, "bold")
    address = judged.vendor.url.partition("://")[2].strip("/")
    yield from sides(name, linked(address, judged.vendor.url, view, DIM), view.width)
    for note in words.notes(judged, record, part):
        yield paragraph(note, indent=2)
    if facts := " · ".join(words.summary(record.whole, bounds)):
        yield paragraph(facts, indent=2, style=DIM)
    months = [
        _Row(name=words.month(one), figures=one, cells=words.cells(one, bounds))
        for one in record.months
    ]
    components = [
        _Row(name=words.name(one), figures=one.whole, cells=words.cells(one.whole, bounds))
        for one in words.components(record)
    ]
    tables = [("Month", months), ("Component", components)]
    yield from _table([table for table in tables if table[1]], view, indent=2)
    if note := words.component_note(record):
        yield paragraph(note, indent=2, style=DIM)


def _table(tables: Sequence[tuple[str, list[_Row]]], view: View, *, indent: int = 0) -> Lines:
    """Rows below their heads, with a bar of the hours if there is room; columns are aligned.

    Columns that do not fit are left out, from the last.
    """
    rows = [row for _, found in tables for row in found]
    heads = words.HEADS[: max(len(row.cells) for row in rows)]
    room = view.width - indent
    names = widest([*(row.name for row in rows), *(head for head, _ in tables)], limit=_NAME_LIMIT)

    def needed(heads: Sequence[str]) -> list[int]:
        columns = enumerate(heads)
        return [
            widest([h, *(row.cells[place] for row in rows)], limit=room) for place, h in columns
        ]

    widths = needed(heads)
    if names + sum(width + 2 for width in widths) + 2 + _BAR_LEAST > room:
        heads = tuple(_SHORT.get(head, head) for head in heads)
        widths = needed(heads)
    while sum(width + 2 for width in widths) + min(names, _NAME_LEAST) > room:
        widths.pop()
    names = max(min(names, _NAME_LEAST), min(names, room - sum(width + 2 for width in widths)))
    left = room - names - sum(width + 2 for width in widths) - 2
    bar = min(_BAR_LIMIT, left) if left >= _BAR_LEAST else 0
    for head, found in tables:
        columns = zip(heads, widths, strict=False)
        line = "  ".join([column(head, names), *(right(text, width) for text, width in columns)])
        yield fitted(Text(f"{' ' * indent}{line}", style=DIM), view.width)
        scale = max((row.figures.trouble_seconds for row in found if row.figures), default=0)
        for row in found:
            text = Text(" " * indent)
            text.append_text(linked(column(row.name, names), row.url, view))
            if row.figures is None or not row.figures.is_known:
                sign, style = mark(Severity.UNKNOWN, view)
                text.append(f"  {sign} {words.UNKNOWN}", style=style)
                text.append(f"  {row.why}", style=DIM)
            else:
                cells = zip(row.cells, widths, strict=False)
                text.append("".join(f"  {right(cell, width)}" for cell, width in cells))
                if drawn := _bar(row.figures, scale, bar, view):
                    text.append("  ").append_text(drawn)
            yield fitted(text, view.width)
    if bar and not indent:
        yield from _legend(rows, view)


def _bar(figures: Figures, scale: int, width: int, view: View) -> Text:
    """The hours by impact, as long as `width` for `scale` seconds; a little has one cell."""
    text = Text()
    for impact in TROUBLES:
        seconds = figures.seconds[impact]
        if seconds and width:
            glyph = _GLYPHS[impact.value][view.ascii]
            cells = max(1, round(width * seconds / scale))
            text.append(glyph * cells, style=color(impact.severity, view.theme))
    text.truncate(width)
    return text


def _legend(rows: Sequence[_Row], view: View) -> Lines:
    """What the parts of the bars mean."""
    parts = [
        f"{_GLYPHS[impact.value][view.ascii]} {impact}"
        for impact in TROUBLES
        if any(row.figures and row.figures.seconds[impact] for row in rows)
    ]
    if parts:
        line = f"bars: hours, {'  '.join(parts)}"
        yield Text(right(line, max(view.width, cell_len(line))), style=DIM)

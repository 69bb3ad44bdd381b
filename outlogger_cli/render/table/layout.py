"""Lines of styled text: two sides of a line, cut names, wrapped paragraphs."""

from collections.abc import Iterator

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from outlogger_cli.domain.model import Severity
from outlogger_cli.render import View, theme

Lines = Iterator[RenderableType]

_LEAST_ROOM = 24
"""Columns in which sentences can still be read."""

_MOST_ROWS = 3
_INDENT = 4


def sides(left: Text, right: Text, width: int) -> Lines:
    """`left` and `right` at the two ends of a line, or on two lines where both do not fit."""
    gap = width - left.cell_len - right.cell_len
    if gap >= 2:
        yield Text.assemble(left, " " * gap, right)
        return
    yield fitted(left, width)
    if right.plain:
        yield fitted(Text.assemble("  ", right), width)


def fitted(text: Text, width: int) -> Text:
    """`text` on one line of at most `width` columns."""
    text.truncate(width, overflow="ellipsis")
    return text


def beside(head: Text, text: str, width: int) -> Text:
    """`head` and to its right `text`, in as many rows as it needs up to three; below `head` where
    it would have too little room there."""
    room = width - head.cell_len
    below = cell_len(text) > room and room < _LEAST_ROOM
    indent = _INDENT if below else head.cell_len
    gap = f"\n{' ' * indent}"
    start = fitted(head, width).append(gap) if below else head
    return start.append(gap.join(_rows(text, max(1, width - indent))))


def _rows(text: str, width: int) -> list[str]:
    """`text` in rows of at most `width` columns, broken at spaces; the last of too many is cut."""
    rows = [""]
    for word in text.split(" "):
        for piece in chop_cells(word, width):
            row = f"{rows[-1]} {piece}" if rows[-1] else piece
            if cell_len(row) <= width:
                rows[-1] = row
            else:
                rows.append(piece)
    kept, rest = rows[:_MOST_ROWS], rows[_MOST_ROWS:]
    return [*kept[:-1], column(" ".join([kept[-1], *rest]), width)] if rest else kept


def column(text: str, width: int) -> str:
    """`text` in exactly `width` columns, cut with an ellipsis where it is longer."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…"


def name_width(names: list[str], *, limit: int) -> int:
    return min(limit, max((cell_len(name) for name in names), default=0))


def mark(severity: Severity, view: View, *, open_incidents: int = 0) -> tuple[str, str]:
    """Glyph and style of a vendor's or component's state."""
    found = theme.mark(severity, open_incidents=open_incidents)
    return (found.plain_glyph if view.ascii else found.glyph), found.color


def paragraph(text: str, *, indent: int, style: str = "") -> RenderableType:
    """`text` wrapped to the terminal, every line indented."""
    return Padding(Text(text, style=style), (0, 0, 0, indent))


def clipped(text: str, *, lines: int, width: int) -> str:
    """`text` so short that it takes about `lines` lines of `width` columns."""
    kept, left = [], lines
    for row in text.split("\n"):
        need = max(1, -(-cell_len(row) // max(1, width)))
        if need > left:
            room = max(0, left * width - 2)
            cut = row[:room].rsplit(" ", 1)[0]
            kept.append(f"{cut} …" if cut else "…")
            return "\n".join(kept)
        kept.append(row)
        left -= need
    return "\n".join(kept)

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
"""Columns that a sentence needs to be readable."""

_MOST_ROWS = 3
_INDENT = 4


def sides(left: Text, right: Text, width: int) -> Lines:
    """Return `left` and `right` at the ends of one line, or on two lines if they do not fit."""
    gap = width - left.cell_len - right.cell_len
    if gap >= 2:
        yield Text.assemble(left, " " * gap, right)
        return
    yield fitted(left, width)
    if right.plain:
        yield fitted(Text.assemble("  ", right), width)


def fitted(text: Text, width: int) -> Text:
    """Cut `text` to one line of at most `width` columns."""
    text.truncate(width, overflow="ellipsis")
    return text


def beside(head: Text, text: str, width: int) -> Text:
    """Return `head` and to its right `text` in up to three rows.

    If too little room is left there, `text` begins below `head`.
    """
    room = width - head.cell_len
    below = cell_len(text) > room and room < _LEAST_ROOM
    indent = _INDENT if below else head.cell_len
    gap = f"\n{' ' * indent}"
    start = fitted(head, width).append(gap) if below else head
    return start.append(gap.join(_rows(text, max(1, width - indent))))


def _rows(text: str, width: int) -> list[str]:
    """Wrap `text` at spaces into at most `_MOST_ROWS` rows of `width` columns; cut the rest."""
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
    """Pad or cut `text` to exactly `width` columns; an ellipsis marks a cut."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…"


def name_width(names: list[str], *, limit: int) -> int:
    return min(limit, max((cell_len(name) for name in names), default=0))


def mark(severity: Severity, view: View, *, open_incidents: int = 0) -> tuple[str, str]:
    """Return sign and style of a state; `open_incidents` keep a good one from being green."""
    found = theme.mark(severity, open_incidents=open_incidents)
    return found.sign(ascii=view.ascii), found.color


def paragraph(text: str, *, indent: int, style: str = "") -> RenderableType:
    """Return `text` for Rich to wrap, with every line indented."""
    return Padding(Text(text, style=style), (0, 0, 0, indent))


def clipped(text: str, *, lines: int, width: int) -> str:
    """Cut `text` so that it takes about `lines` lines of `width` columns."""
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

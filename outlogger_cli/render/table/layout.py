"""Lines of styled text: two sides of a line, cut names, wrapped paragraphs."""

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from outlogger_cli.model import Severity
from outlogger_cli.render import View, theme

Lines = Iterator[RenderableType]


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

"""Lines of styled text: two sides of a line, cut names, wrapped paragraphs."""

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from rich.console import RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from outlogger_cli.domain.model import Severity
from outlogger_cli.render import View, theme

Lines = Iterator[RenderableType]


def sides(left: Text, right: Text, width: int) -> Lines:
    """Return `left` and `right` at the ends of one line, or on two lines if they do not fit."""
    gap = width - left.cell_len - right.cell_len
    if gap >= 2 or not right.plain:
        yield fitted(Text.assemble(left, " " * max(0, gap), right), width)
        return
    yield fitted(left, width)
    yield fitted(Text.assemble("  ", right), width)


def fitted(text: Text, width: int) -> Text:
    """Cut `text` to one line of at most `width` columns."""
    text.truncate(width, overflow="ellipsis")
    return text


def column(text: str, width: int) -> str:
    """Pad or cut `text` to exactly `width` columns; an ellipsis marks a cut."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…"


def right(text: str, width: int) -> str:
    """`text` at the right end of `width` columns."""
    return " " * (width - cell_len(text)) + text


def widest(texts: list[str], *, limit: int) -> int:
    """The columns that the longest of `texts` needs, at most `limit`."""
    return min(limit, max((cell_len(text) for text in texts), default=0))


def mark(severity: Severity, view: View, *, open_incidents: int = 0) -> tuple[str, str]:
    """Return glyph and style of a state; `open_incidents` keep a good one from looking healthy."""
    found = theme.mark(severity, open_incidents=open_incidents)
    return (
        found.sign(ascii=view.ascii),
        theme.color(severity, view.theme, open_incidents=open_incidents),
    )


def linked(text: str, url: str, view: View, style: str = "") -> Text:
    """`text` as a hyperlink to `url`, if the terminal follows links and `url` is a web address."""
    if not (view.links and url.isascii() and url.startswith(("https://", "http://"))):
        return Text(text, style=style)
    return Text(text, style=Style.parse(style or "none") + Style(link=url))


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


def packed(
    names: list[str], *, indent: int, width: int, rows: int, gap: str = "  ", hint: str = ""
) -> list[str]:
    """`names` with a `gap` between them, in at most `rows` rows that are as wide as `width`
    less `indent`; the last ends with the number of those left out, and how to see them (`hint`)."""
    shown_by = f" ({hint})" if hint else ""
    room = max(12, width - indent)
    packed_rows, left = [""], list(names)
    while left:
        name = column(left[0], room).rstrip() if cell_len(left[0]) > room else left[0]
        row = f"{packed_rows[-1]}{gap}{name}" if packed_rows[-1] else name
        is_last = len(packed_rows) == rows
        more = f"{gap}+{len(left) - 1} more{shown_by}" if is_last and len(left) > 1 else ""
        if not packed_rows[-1] or cell_len(row + more) <= room:
            packed_rows[-1] = row
            left.pop(0)
        elif is_last:
            packed_rows[-1] += f"{gap}+{len(left)} more{shown_by}"
            break
        else:
            packed_rows.append("")
    return packed_rows

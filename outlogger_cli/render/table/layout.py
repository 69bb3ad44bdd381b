"""Lines of styled text: two sides of a line, cut names, wrapped paragraphs."""

from collections.abc import Iterator
from functools import cache
from io import StringIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
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
    return _Paragraph(text, indent, style)


class _Paragraph:
    """Most rows fit, and Rich's own `Padding` takes several times as long for each."""

    def __init__(self, text: str, indent: int, style: str) -> None:
        self._text, self._indent, self._style = text, indent, style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width, style = options.max_width - self._indent, console.get_style(self._style)
        margin = Segment(" " * self._indent)
        for row in self._text.split("\n"):
            for part in [row] if cell_len(row) <= width else wrapped(Text(row), width):
                yield from (margin, Segment(str(part), style), Segment.line())


def wrapped(text: Text, width: int) -> list[Text]:
    """`text` as lines of at most `width` columns, broken between words if possible."""
    return list(text.wrap(_console(), max(1, width)))


@cache
def _console() -> Console:
    """Rich wants one to wrap text; only its tab size matters."""
    return Console(file=StringIO(), _environ={})


def hanging(head: Text, text: Text, width: int, *, indent: int = 2) -> Lines:
    """`head` and `text`; further lines of `text` are indented."""
    first, *others = wrapped(text, width - max(indent, head.cell_len))
    yield Text.assemble(head, first)
    yield from (Text.assemble(" " * indent, row) for row in others)


def clipped(text: str, *, lines: int, width: int) -> str:
    """`text`, cut with an ellipsis if it takes more than `lines` lines of `width` columns."""
    rows = [row.plain.rstrip() for row in wrapped(Text(text), width)]
    if len(rows) <= lines:
        return text
    last = rows[lines - 1]
    if cell_len(last) > width - 2:
        last = set_cell_size(last, width - 2).rsplit(" ", 1)[0]
    return "\n".join([*rows[: lines - 1], f"{last} …".lstrip()])


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

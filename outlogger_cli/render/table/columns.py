"""Rows and columns for a terminal: aligned, and cut on the right where they do not fit."""

from collections.abc import Sequence

from rich.text import Text

from outlogger_cli.render import View
from outlogger_cli.render.table.layout import Lines, column, fitted, name_width
from outlogger_cli.render.table.screen import printed

_NARROWEST = 8


def aligned(rows: Sequence[Sequence[str]], columns: Sequence[str], view: View) -> str:
    """A line for the names of the columns and one for each row."""
    return printed(_lines(rows, columns, view), view) if rows else ""


def _lines(rows: Sequence[Sequence[str]], columns: Sequence[str], view: View) -> Lines:
    heads = [name.replace("_", " ").upper() for name in columns]
    widths = _widths([heads, *rows], room=view.width - 2 * (len(heads) - 1))
    yield fitted(Text(_line(heads, widths), style="bold"), view.width)
    for row in rows:
        yield fitted(Text(_line(row, widths)), view.width)


def _widths(rows: Sequence[Sequence[str]], *, room: int) -> list[int]:
    """What each column needs; where that is too much the widest give way."""
    widths = [name_width(list(cells), limit=room) for cells in zip(*rows, strict=True)]
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    cut = [column(cell, width) for cell, width in zip(cells[:-1], widths[:-1], strict=True)]
    return "  ".join((*cut, cells[-1]))

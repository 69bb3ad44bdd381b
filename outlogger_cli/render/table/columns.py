"""Rows and columns for a terminal: aligned, and cut or left out where they do not fit."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from outlogger_cli.render import View
from outlogger_cli.render.table.layout import Lines, column, fitted
from outlogger_cli.render.table.screen import printed

_GAP = "  "

_NARROWEST = 8
"""Columns of which less says nothing."""

_ENOUGH = 30
"""Columns that one long cell may take from the others."""


def aligned(rows: Sequence[Sequence[str]], columns: Sequence[str], view: View) -> str:
    """A line for the names of the columns and one for each row."""
    return printed(_lines(rows, columns, view), view) if rows else ""


def _lines(rows: Sequence[Sequence[str]], columns: Sequence[str], view: View) -> Lines:
    heads = [name.replace("_", " ").upper() for name in columns]
    needs = [max(map(cell_len, cells)) for cells in zip(heads, *rows, strict=True)]
    widths = _widths(needs, columns, room=view.width)
    yield fitted(Text(_line(heads, widths), style="bold"), view.width)
    for row in rows:
        yield fitted(Text(_line(row, widths)), view.width)


def _widths(needs: Sequence[int], columns: Sequence[str], *, room: int) -> dict[int, int]:
    """The width of each column that is shown, by its place.

    The first is the key, which is copied: it has what it needs. Addresses come next, then the
    others from left to right, until there is too little room.
    """
    order = sorted(range(len(columns)), key=lambda place: (place > 0, columns[place] != "url"))
    widths: dict[int, int] = {}
    for place in order:
        wanted = min(needs[place], _ENOUGH if place else room)
        given = min(wanted, room)
        if given >= min(wanted, _NARROWEST):
            widths[place] = given
            room -= given + len(_GAP)
    room += len(_GAP)
    for place in widths:
        more = min(needs[place] - widths[place], room)
        widths[place] += more
        room -= more
    return dict(sorted(widths.items()))


def _line(cells: Sequence[str], widths: dict[int, int]) -> str:
    *before, last = widths
    return _GAP.join([*(column(cells[place], widths[place]) for place in before), cells[last]])

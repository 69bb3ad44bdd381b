"""Rows and columns for a terminal: aligned, and cut or left out if they do not fit."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from outlogger_cli.render import View
from outlogger_cli.render.table.layout import Lines, column, fitted
from outlogger_cli.render.table.screen import printed

_GAP = "  "

_NARROWEST = 8
"""A narrower column would say nothing, so it is left out."""

_ENOUGH = 30
"""Width up to which one long cell takes room from the columns after it."""


def aligned(rows: Sequence[Sequence[str]], columns: Sequence[str], view: View) -> str:
    """Return a line of column names and one line for each row; "" if there is no row.

    Columns without any value are left out.
    """
    filled = [place for place, cells in enumerate(zip(*rows, strict=True)) if any(cells)]
    kept = [[row[place] for place in filled] for row in rows]
    return printed(_lines(kept, [columns[place] for place in filled], view), view) if rows else ""


def _lines(rows: Sequence[Sequence[str]], columns: Sequence[str], view: View) -> Lines:
    heads = [name.replace("_", " ").upper() for name in columns]
    needs = [max(map(cell_len, cells)) for cells in zip(heads, *rows, strict=True)]
    widths = _widths(needs, columns, room=view.width)
    *before, last = widths
    for cells, style in [(heads, "bold"), *((row, "") for row in rows)]:
        fields = [*(column(cells[place], widths[place]) for place in before), cells[last]]
        yield fitted(Text(_GAP.join(fields), style=style), view.width)


def _widths(needs: Sequence[int], columns: Sequence[str], *, room: int) -> dict[int, int]:
    """Return the width of each column that is shown, by its place.

    The first column is the key, which people copy: it gets all that it needs. Addresses come next,
    then the others from left to right, until too little room is left.
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

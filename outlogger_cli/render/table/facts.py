"""Facts about one thing after another: a key, and its value beside it."""

from collections.abc import Iterable, Sequence
from itertools import chain

from rich.text import Text

from outlogger_cli.render import View
from outlogger_cli.render.table.layout import Lines, beside, fitted
from outlogger_cli.render.table.screen import printed, readable

Facts = Sequence[tuple[str, str]]
"""Keys and values in order. A key that is empty continues the one before; an empty value is left
out."""

_GAP = 2


def facts(things: Iterable[tuple[str, Facts]], view: View) -> str:
    """Return a heading and the facts of each of `things`, with an empty line between them."""
    view = readable(view)
    blocks = [_block(heading, rows, view.width) for heading, rows in things]
    gaps = [[*block, Text()] for block in blocks[:-1]]
    return printed(chain(*gaps, *blocks[-1:]), view)


def _block(heading: str, rows: Facts, width: int) -> Lines:
    keys = max(len(key) for key, _ in rows) + _GAP
    yield fitted(Text(heading, style="bold"), width)
    for key, value in rows:
        if value:
            yield beside(Text(key.ljust(keys), style="dim"), value, width)

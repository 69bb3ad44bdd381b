"""Edits of a list over several rows: its items come and go, comments and layout stay."""

import re
from collections.abc import Iterator, Sequence

from outlogger_cli.watchlist.positions import Part

_REST_OF_ROW = re.compile(r"[ \t\r]*(,?)[ \t\r]*(#[^\n]*)?(?:\n|\Z)")
_COMMA = re.compile(r"(?:[ \t\r\n]|#[^\n]*\n)*(,[ \t]*)")

Change = tuple[int, int, str]
"""Where text is replaced, from and to, and by what."""


def with_items(
    text: str, whole: Part, items: Sequence[Part], old: list[str], new: list[str]
) -> str:
    """`text` with `new` in the list `whole`, whose `items` are `old`; all values as TOML.

    What is in both stays where it stands, and so does each comment, even if the item beside it
    goes.
    """
    added: dict[int, list[str]] = {}
    kept = [-1]
    for value in new:
        try:
            kept.append(old.index(value, kept[-1] + 1))
        except ValueError:
            added.setdefault(kept[-1], []).append(value)
    changes: list[Change] = []
    for at, values in added.items():
        changes += (
            _after(text, items[at], values) if at >= 0 else _first(text, whole, items, values)
        )
    for at in {*range(len(old))} - {*kept}:
        changes += _removal(text, items[at])
    pieces, end = [], 0
    for start, stop, replacement in sorted(changes):
        pieces += [text[end:start], replacement]
        end = stop
    return "".join((*pieces, text[end:]))


def _first(text: str, whole: Part, items: Sequence[Part], values: list[str]) -> Iterator[Change]:
    """Before all items."""
    if not items:
        yield whole.value + 1, whole.value + 1, ", ".join(values)
        return
    start = items[0].start
    indent = _indent(text, items[0])
    if indent is None:
        yield start, start, "".join(f"{value}, " for value in values)
    else:
        row = start - len(indent)
        yield row, row, "".join(f"{indent}{value},\n" for value in values)


def _after(text: str, item: Part, values: list[str]) -> Iterator[Change]:
    """On rows of their own if `item` has one, else right behind it.

    The last of `values` gets a comma only if `item` has one in its row: else the comma in one of
    the next rows, or the end of the list, comes after it.
    """
    indent, rest = _indent(text, item), _REST_OF_ROW.match(text, item.end)
    if indent is None or not rest:
        yield item.end, item.end, "".join(f", {value}" for value in values)
        return
    if not rest[1]:
        yield item.end, item.end, ","
    rows = f",\n{indent}".join(values)
    yield rest.end(), rest.end(), f"{indent}{rows}{rest[1]}\n"


def _removal(text: str, item: Part) -> Iterator[Change]:
    """Of the item and the comma after it; of its row if nothing else is there."""
    indent, rest = _indent(text, item), _REST_OF_ROW.match(text, item.end)
    comma = _COMMA.match(text, item.end)
    alone = rest and not rest[2] and (rest[1] or not comma)
    if indent is not None and rest and alone:
        yield item.start - len(indent), rest.end(), ""
        return
    yield item.start, item.end, ""
    if comma:
        yield comma.start(1), comma.end(1), ""


def _indent(text: str, item: Part) -> str | None:
    """What is before the item in its row if that is white space, else None."""
    before = text[text.rfind("\n", 0, item.start) + 1 : item.start]
    return None if before.strip() else before

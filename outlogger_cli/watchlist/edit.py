"""Edits of a watchlist's text that change only what they must; `store.change` writes them.

An edit tries several proposals: each is parsed again, and the first that means exactly what was
intended is used. If none does, the edit is refused with what to write by hand. An addition keeps
every comment.

Removed with a vendor are: its table and the tables below it; the comments inside them and those
directly under the last line; one empty line, so that no gap is left; and a comment directly above
the header if that paragraph is the vendor's alone, with an empty line above it and one (or the
end of the file) below. A comment that may be about more than this vendor stays.
"""

import re
import tomllib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from itertools import accumulate, takewhile
from pathlib import Path

from outlogger_cli.watchlist.items import with_items
from outlogger_cli.watchlist.positions import Part, Place, comments, parts
from outlogger_cli.watchlist.readers import Value
from outlogger_cli.watchlist.schema import VENDOR_KEYS, Entry, parse
from outlogger_cli.watchlist.store import EditRefusedError

_BOM = "\ufeff"
_NAME = Path("outlogger.toml")

Tables = dict[str, Mapping[str, object]]


def add(text: str, entries: Iterable[Entry]) -> str:
    """`text` with a table for each of `entries` that it lacks, after those it has.

    What an entry leaves out stays as it is; what it gives replaces the key, or is added.
    Slugs that differ only by case are the same. Raises `ConfigError` if `text` is not a valid
    watchlist, and `EditRefusedError` if its layout does not allow the edit; values that may not
    be in a watchlist are for `store.change` to find.
    """
    parse(text, _NAME)  # `_plain` would repair an invalid end of the last line
    wanted = tuple(entries)
    return _plain(text, lambda body: _with(body, wanted))


def remove(text: str, slugs: Iterable[str]) -> str:
    """`text` without the vendors called `slugs`, in any case; those it lacks are skipped.

    Raises as `add` does.
    """
    known = {entry.slug.lower(): entry.slug for entry in parse(text, _NAME).vendors}
    found = {known[slug.lower()] for slug in slugs if slug.lower() in known}
    return _plain(text, lambda body: _without_vendors(body, found)) if found else text


def _plain(text: str, edit: Callable[[str], str]) -> str:
    """`edit` of `text` in plain rows: no byte order mark, `\\n` after each; both restored after."""
    body = text.removeprefix(_BOM)
    mark = text.removesuffix(body)
    line_end = "\r\n" if 0 < body.count("\n") == body.count("\r\n") else "\n"
    rows = body.replace(line_end, "\n")
    if not rows or rows.endswith("\n"):
        return mark + edit(rows).replace("\n", line_end)
    edited = edit(rows + "\n").removesuffix("\n").removesuffix("\r")
    return mark + edited.replace("\n", line_end)


def _meaning(text: str) -> tuple[Tables, dict[str, object]]:
    """The vendors of `text`, and everything else in it."""
    rest = tomllib.loads(text)
    vendors: Tables = rest.pop("vendors", {})
    return vendors, rest


def _first_valid(
    text: str, proposals: Iterable[str], vendors: Tables, refusal: str, kept: Iterable[str] = ()
) -> str:
    """The first of `proposals` that means `vendors`, and the same as `text` besides.

    It has all the comments in `kept`.
    """
    intended = (vendors, _meaning(text)[1])
    wanted = Counter(kept)
    for proposal in proposals:
        with suppress(tomllib.TOMLDecodeError):
            if _meaning(proposal) == intended and wanted <= Counter(comments(proposal)):
                return proposal
    raise EditRefusedError(refusal)


# Additions. Each generator proposes whole texts.


def _with(text: str, entries: Iterable[Entry]) -> str:
    known = {entry.slug.lower(): entry for entry in parse(text, _NAME).vendors}
    fresh: dict[str, Entry] = {}
    for entry in entries:
        if entry.slug.lower() not in known:
            fresh.setdefault(entry.slug.lower(), entry)
    if fresh:
        text = _append(text, {entry.slug: _values(entry) for entry in fresh.values()})
    listed = known | fresh
    for entry in entries:
        old = listed[entry.slug.lower()]
        for key, value in _values(entry).items():
            if getattr(old, key) != getattr(entry, key):
                text = _set(text, ("vendors", old.slug, key), value)
    return text


def _append(text: str, tables: Mapping[str, Mapping[str, Value]]) -> str:
    pairs = [_pair((slug,), values) for slug, values in tables.items()]
    return _first_valid(
        text,
        (*_into_inline_table(text, ("vendors",), pairs), *_as_tables(text, tables)),
        {**_meaning(text)[0], **tables},
        _refusal(tables),
        comments(text),
    )


def _set(text: str, place: tuple[str, str, str], value: Value) -> str:
    _, slug, key = place
    vendors = _meaning(text)[0]
    return _first_valid(
        text,
        (
            *_replaced(text, place, value, vendors[slug].get(key)),
            *_into_inline_table(text, place[:2], [_pair((key,), value)]),
            *_below_others(text, place, value),
            *_as_tables(text, {slug: {key: value}}),
        ),
        {**vendors, slug: {**vendors[slug], key: value}},
        _refusal({slug: {key: value}}),
        comments(text),
    )


def _replaced(text: str, place: Place, value: Value, old: object) -> Iterator[str]:
    found = parts(text)
    for part in (one for one in found if one.place == place):
        if (
            isinstance(old, list)
            and isinstance(value, list)
            and "\n" in text[part.value : part.end]
        ):
            items = [other for other in found if other.table == place]
            yield with_items(text, part, items, [*map(_toml, old)], [*map(_toml, value)])
        yield text[: part.value] + _toml(value) + text[part.end :]


def _into_inline_table(text: str, place: Place, pairs: list[str]) -> Iterator[str]:
    found = parts(text)
    for part in found:
        if part.place == place and text.startswith("{", part.value):
            inside = [other for other in found if other.table == place]
            at = inside[-1].end if inside else part.value + 1
            yield text[:at] + ", ".join(["", *pairs] if inside else pairs) + text[at:]


def _below_others(text: str, place: Place, value: Value) -> Iterator[str]:
    """As the last line of the vendor's table, or of its dotted keys if it has no header."""
    rows = _rows(text)
    for part in reversed(parts(text)):
        table = part.place if part.header else part.table
        if part.place[:2] == place[:2] and not part.depth and len(table) <= 2:
            row = rows[_row(text, part.start)]
            indent = row[: len(row) - len(row.lstrip())]
            rows.insert(_row(text, part.end) + 1, indent + _pair(place[len(table) :], value))
            yield _joined(rows)
            return


def _as_tables(text: str, tables: Mapping[str, Mapping[str, Value]]) -> Iterator[str]:
    """After the last vendor, else at the end of the file."""
    rows = _rows(text)
    found = parts(text)
    vendors = [part for part in found if part.place[0] == "vendors" and not part.depth]
    if vendors:
        later = (part for part in found if not part.depth and part.start > vendors[-1].start)
        last = [vendors[-1], *takewhile(lambda part: not part.header, later)][-1]
        yield _with_tables(rows, _section_end(rows, _row(text, last.end) + 1), tables)
    yield _with_tables(rows, len(rows) - _run(_blank, reversed(rows)), tables)


def _with_tables(rows: list[str], at: int, tables: Mapping[str, Mapping[str, Value]]) -> str:
    """`tables` before row `at`, with empty lines between if there is one at that row."""
    gap = [""] if at == len(rows) or _blank(rows[at]) else []
    new = []
    for slug, values in tables.items():
        pairs = (_pair((key,), value) for key, value in values.items())
        new += [*gap, f"[vendors.{_key(slug)}]", *pairs]
    return _joined(rows[:at] + (new if at else new[len(gap) :]) + rows[at:])


def _values(entry: Entry) -> dict[str, Value]:
    """What `entry` gives, as TOML has it."""
    given = entry.given
    return {key.name: key.write(given[key.name]) for key in VENDOR_KEYS if key.name in given}


def _pair(names: Place, value: Value) -> str:
    return f"{'.'.join(_key(str(name)) for name in names)} = {_toml(value)}"


def _refusal(tables: Mapping[str, Mapping[str, Value]]) -> str:
    """What to write by hand, without the values of headers, which may be secret."""
    lines = []
    for slug, values in tables.items():
        lines.append(f"[vendors.{_key(slug)}]")
        for key, value in values.items():
            shown = dict.fromkeys(value, "...") if isinstance(value, Mapping) else value
            lines.append(_pair((key,), shown))
    return f"cannot edit this layout safely; add it by hand: {' '.join(lines)}"


def _toml(value: Value) -> str:
    match value:
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case Mapping():
            pairs = ", ".join(_pair((key,), item) for key, item in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
        case _:
            return _dumped("", value).removeprefix('"" = ')


def _key(name: str) -> str:
    return _dumped(name, "").removesuffix(' = ""')


def _dumped(name: str, value: Value) -> str:
    import tomli_w  # loaded only if something is written

    return tomli_w.dumps({name: value}).removesuffix("\n")


# Removals. All vendors are taken out in one pass, from the last part of the text to the first, so
# that the places of those before do not change.


def _without_vendors(text: str, slugs: Set[str]) -> str:
    vendors = {name: table for name, table in _meaning(text)[0].items() if name not in slugs}
    found = parts(text)
    gone = {
        at
        for at, part in enumerate(found)
        if part.place[0] == "vendors" and part.place[1:2] and part.place[1] in slugs
        if len(part.table) < 2  # below it they go with its table
    }
    inline = any(found[at].depth for at in gone)
    left = (_without_inline_items if inline else _without_rows)(text, found, gone)
    named = ", ".join(sorted(slugs)[:5])
    return _first_valid(
        text, [left], vendors, f"cannot edit this layout safely; remove {named} by hand"
    )


def _without_inline_items(text: str, found: list[Part], gone: Set[int]) -> str:
    """Without items of an inline table, each with the comma after it, or else before it."""
    items = [at for at, part in enumerate(found) if part.depth and part.table == ("vendors",)]
    cuts = []
    following: Part | None = None
    for place, at in reversed([*enumerate(items)]):
        part = found[at]
        if at not in gone:
            following = part
        elif following:
            cuts.append((part.start, following.start))
        else:
            cuts.append((found[items[place - 1]].end if place else part.start, part.end))
    kept, end = [], 0
    for start, stop in sorted(cuts):
        kept.append(text[end:start])
        end = max(end, stop)
    return "".join((*kept, text[end:]))


def _without_rows(text: str, found: list[Part], gone: Set[int]) -> str:
    """Without keys on rows of their own and whole tables, and what belongs to these: see above."""
    rows, row_of = _rows(text), _row_finder(text)
    before = [0, *accumulate((row_of(part.end) + 1 for part in found), max)]
    last: Part | None = None
    for at, part in reversed([*enumerate(found)]):
        if part.depth:
            continue
        last = last or part  # the last of the table that `part` is in, or the header of
        start, end = row_of(part.start), row_of(last.end) + 1
        if part.header:
            last = None
        if at not in gone:
            continue
        if not part.header:
            del rows[start : row_of(part.end) + 1]
            continue
        end = _section_end(rows, end)
        if end == len(rows) or _blank(rows[end]):
            above = start - _run(_comment, reversed(rows[before[at] : start]))
            if above and _blank(rows[above - 1]):
                start = above - 1
            elif not start and not all(map(_blank, rows[end:])):
                end += 1
        del rows[start:end]
    return _joined(rows)


# Rows: the lines of a text that `_plain` made plain, without their line ends.


def _rows(text: str) -> list[str]:
    return text.split("\n")[:-1]


def _joined(rows: Iterable[str]) -> str:
    return "".join(f"{row}\n" for row in rows)


def _row(text: str, offset: int) -> int:
    return text.count("\n", 0, offset)


def _row_finder(text: str) -> Callable[[int], int]:
    """`_row` of `text`, for many offsets."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    return lambda offset: bisect_right(starts, offset) - 1


def _blank(row: str) -> bool:
    return not row.strip()


def _comment(row: str) -> bool:
    return row.lstrip().startswith("#")


def _run(kind: Callable[[str], bool], rows: Iterable[str]) -> int:
    """How many of `rows` in a row are of that kind, from the first on."""
    return len(list(takewhile(kind, rows)))


def _section_end(rows: list[str], end: int) -> int:
    """The row after the section whose last key is above row `end`: after the comments directly
    below that, unless they stand directly above the next header."""
    below = end + _run(_comment, (rows[at] for at in range(end, len(rows))))
    return below if below == len(rows) or _blank(rows[below]) else end

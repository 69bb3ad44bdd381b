"""Edits of a watchlist's text that change only what they must; `store.change` writes them.

An edit tries several proposals: each is parsed again, and the first that means exactly what was
intended is used. If none does, the edit is refused with what to write by hand.

Removed with a vendor are: its table and the tables below it; the comments inside them and those
directly under the last line; one empty line, so that no gap is left; and a comment directly above
the header if that paragraph is the vendor's alone, with an empty line above it and one (or the
end of the file) below. A comment that may be about more than this vendor stays.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import reduce
from itertools import takewhile
from pathlib import Path

from outlogger_cli.watchlist.positions import Part, Place, parts
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
    known = parse(text, _NAME)
    found = {entry.slug for slug in slugs if (entry := known.entry(slug))}
    return _plain(text, lambda body: reduce(_without_vendor, sorted(found), body))


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


def _first_valid(text: str, proposals: Iterable[str], vendors: Tables, refusal: str) -> str:
    """The first of `proposals` that means `vendors`, and the same as `text` besides."""
    intended = (vendors, _meaning(text)[1])
    for proposal in proposals:
        with suppress(tomllib.TOMLDecodeError):
            if _meaning(proposal) == intended:
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
    for entry in entries:
        listed = {**known, **fresh}[entry.slug.lower()]
        for key, value in _values(entry).items():
            if getattr(listed, key) != getattr(entry, key):
                text = _set(text, ("vendors", listed.slug, key), value)
    return text


def _append(text: str, tables: Mapping[str, Mapping[str, Value]]) -> str:
    pairs = [_pair((slug,), values) for slug, values in tables.items()]
    return _first_valid(
        text,
        (*_into_inline_table(text, ("vendors",), pairs), *_as_tables(text, tables)),
        {**_meaning(text)[0], **tables},
        _refusal(tables),
    )


def _set(text: str, place: tuple[str, str, str], value: Value) -> str:
    _, slug, key = place
    vendors = _meaning(text)[0]
    return _first_valid(
        text,
        (
            *_replaced(text, place, _toml(value)),
            *_into_inline_table(text, place[:2], [_pair((key,), value)]),
            *_below_others(text, place, value),
            *_as_tables(text, {slug: {key: value}}),
        ),
        {**vendors, slug: {**vendors[slug], key: value}},
        _refusal({slug: {key: value}}),
    )


def _replaced(text: str, place: Place, value: str) -> Iterator[str]:
    for part in parts(text):
        if part.place == place:
            yield text[: part.value] + value + text[part.end :]


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
        yield _with_tables(rows, _section_end(text, found, vendors[-1]), tables)
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
    return f"its layout leaves no safe place for this, write it by hand: {' '.join(lines)}"


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


# Removals.


def _without_vendor(text: str, slug: str) -> str:
    vendors = {name: table for name, table in _meaning(text)[0].items() if name != slug}
    left, found = text, parts(text)
    while mine := [part for part in found if part.place[:2] == ("vendors", slug)]:
        left = _without(left, found, mine[0])
        found = parts(left)
    return _first_valid(text, [left], vendors, f"its layout is unusual; remove {slug} by hand")


def _without(text: str, found: list[Part], part: Part) -> str:
    if part.header:
        return _without_section(text, found, part)
    if part.depth:
        return _without_inline_item(text, found, part)
    rows = _rows(text)
    return _joined(rows[: _row(text, part.start)] + rows[_row(text, part.end) + 1 :])


def _without_inline_item(text: str, found: list[Part], part: Part) -> str:
    row = [other for other in found if other.table == part.table]
    at = row.index(part)
    if row[at + 1 :]:
        return text[: part.start] + text[row[at + 1].start :]
    return text[: row[at - 1].end if at else part.start] + text[part.end :]


def _without_section(text: str, found: list[Part], header: Part) -> str:
    """Without a table, and without what belongs to it: see the module."""
    rows = _rows(text)
    start, end = _row(text, header.start), _section_end(text, found, header)
    if end == len(rows) or _blank(rows[end]):
        before = max((_row(text, p.end) + 1 for p in found if p.start < header.start), default=0)
        above = start - _run(_comment, reversed(rows[before:start]))
        if above and _blank(rows[above - 1]):
            start = above - 1
        elif not start and not all(map(_blank, rows[end:])):
            end += 1
    return _joined(rows[:start] + rows[end:])


# Rows: the lines of a text that `_plain` made plain, without their line ends.


def _rows(text: str) -> list[str]:
    return text.split("\n")[:-1]


def _joined(rows: Iterable[str]) -> str:
    return "".join(f"{row}\n" for row in rows)


def _row(text: str, offset: int) -> int:
    return text.count("\n", 0, offset)


def _blank(row: str) -> bool:
    return not row.strip()


def _comment(row: str) -> bool:
    return row.lstrip().startswith("#")


def _run(kind: Callable[[str], bool], rows: Iterable[str]) -> int:
    """How many of `rows` in a row are of that kind, from the first on."""
    return len(list(takewhile(kind, rows)))


def _section_end(text: str, found: list[Part], part: Part) -> int:
    """The row after the section of `part`: after its last key, and after the comments directly
    below that, unless they stand directly above the next header."""
    later = (p for p in found if not p.depth and p.start > part.start)
    last = [part, *takewhile(lambda p: not p.header, later)][-1]
    rows = _rows(text)
    end = _row(text, last.end) + 1
    below = end + _run(_comment, rows[end:])
    return below if below == len(rows) or _blank(rows[below]) else end

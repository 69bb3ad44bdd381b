"""Watchlists as fuzz input: an edit, and the text of the file to edit."""

import tomllib
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.domain.model import FailOn, OnUnknown
from outlogger_cli.watchlist.edit import add, remove
from outlogger_cli.watchlist.positions import Part, parts
from outlogger_cli.watchlist.schema import Entry, Watchlist, parse
from outlogger_cli.watchlist.store import EditRefusedError
from tests.shown import assert_shown

PATH = Path("outlogger.toml")
_BOM = "\ufeff"


def edit(data: bytes) -> None:
    """Make the edit that the first byte of `data` selects in the text after it."""
    text = data[1:].decode("utf-8", "replace")
    number = data[0] if data else 0
    try:
        watchlist = parse(text, PATH)
    except ConfigError as error:
        assert_shown(str(error))
        _assert_refused(text)
        return
    slugs = [entry.slug for entry in watchlist.vendors]
    slug = slugs[number % len(slugs)] if slugs else "none"
    key = list(_VALUES)[number % len(_VALUES)]
    _set(text, slug, key)
    _append(text, watchlist)
    _remove(text, slug)


_VALUES: dict[str, Any] = {
    "fail_on": FailOn.CRITICAL,
    "tags": ("ci", "two"),
    "components": ("A\u00e9/*", 'a "b"\\'),
    "exclude": ("#]}",),
    "headers": (("X.Y", "${KEY}"), ("A", "'''")),
    "name": "[vendors.x]",
    "on_unknown": OnUnknown.WARN,
    "timeout": timedelta(seconds=90),
    "url": "https://acme.example/#",
}


def _assert_refused(text: str) -> None:
    for edited in (_adding, _removing):
        try:
            edited(text)
        except ConfigError:
            continue
        raise AssertionError("a text that is not a watchlist was edited")


def _adding(text: str) -> str:
    return add(text, [Entry(slug="new")])


def _removing(text: str) -> str:
    return remove(text, ["new"])


def _append(text: str, watchlist: Watchlist) -> None:
    if any(entry.slug.lower() == "new-one" for entry in watchlist.vendors):
        return
    try:
        longer = add(text, [Entry(slug="new-one", tags=("a", "b"))])
    except EditRefusedError:
        return
    expected = _meaning(text)
    expected.setdefault("vendors", {})["new-one"] = {"tags": ["a", "b"]}
    assert _meaning(longer) == expected
    start, end = _removed_part(text, longer)
    assert start == end, "something was taken out"
    assert remove(longer, ["new-one"]) == text, "not the same bytes when it is out again"


def _set(text: str, slug: str, key: str) -> None:
    entry = replace(Entry(slug=slug), **{key: _VALUES[key]})
    try:
        changed = add(text, [entry])
    except EditRefusedError:
        return
    before, after = parse(text, PATH), parse(changed, PATH)
    old = next((one for one in before.vendors if one.slug == slug), Entry(slug=slug))
    mine = replace(old, **{key: _VALUES[key]})
    others = {one.slug: one for one in before.vendors}
    assert {one.slug: one for one in after.vendors} == {**others, slug: mine}
    assert (after.defaults, after.notify) == (before.defaults, before.notify)
    spelled = [part for part in _parts(text) if part.place == ("vendors", slug, key)]
    start, end = _removed_part(text, changed)
    other = any(_is_other_value(text, changed, part) for part in spelled)
    assert other or (start == end and not spelled), "more was changed"
    assert add(changed, [entry]) == changed, "the same edit again changes something"


def _is_other_value(old: str, new: str, part: Part) -> bool:
    """Whether `new` is `old` with another value in the place of `part`, and no other change."""
    mark = len(old) - len(old.removeprefix(_BOM))
    head, tail = old[: part.value + mark], old[part.end + mark :]
    value = new[len(head) : len(new) - len(tail)]
    return new == head + value + tail and value == value.strip()


def _remove(text: str, slug: str) -> None:
    try:
        shorter = remove(text, [slug])
    except EditRefusedError:
        return
    expected = _meaning(text)
    expected.get("vendors", {}).pop(slug, None)
    if not expected.get("vendors"):
        expected.pop("vendors", None)
    said = _meaning(shorter)
    if not said.get("vendors"):
        said.pop("vendors", None)
    assert said == expected
    lost = Counter(_rows(text)) - Counter(_rows(shorter))
    mine = _rows_of(text, slug)
    for row in lost:
        bare = row.strip()
        assert not bare or bare.startswith("#") or row in mine, f"{row!r} went along"


def _meaning(text: str) -> dict[str, Any]:
    return tomllib.loads(text.removeprefix(_BOM))


def _parts(text: str) -> list[Part]:
    return parts(text.removeprefix(_BOM))


def _rows(text: str) -> list[str]:
    return [row.removesuffix("\r") for row in text.removeprefix(_BOM).split("\n")]


def _rows_of(text: str, slug: str) -> set[str]:
    """The rows about the vendor `slug`."""
    body = text.removeprefix(_BOM).replace("\r\n", "\n")
    rows, found = body.split("\n"), set()
    for part in _parts(body):
        if part.place[:2] == ("vendors", slug):
            first, last = (body.count("\n", 0, at) for at in (part.start, part.end))
            found.update(rows[first : last + 1])
    return found


def _removed_part(old: str, new: str) -> tuple[int, int]:
    """The start and end of the part of `old` that is not in `new`."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, len(old) - end

"""Mutate inputs so that they stay similar to real pages: the values of JSON, the rows of text.

Flipped bytes mostly make JSON invalid, which would test only its refusal.
"""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any, TypeAlias

from tests.fuzz.pages import SEPARATOR

Flip: TypeAlias = Callable[[bytes, int], bytes]
"""Changes random bytes; the number is the greatest length of the result."""

Place: TypeAlias = tuple[Any, Any]
"""A list or an object, and an index or a key in it."""

WORDS = (
    *("operational", "OPERATIONAL", "up", "ok", "none", "resolved", "completed", "investigating"),
    *("scheduled", "in_progress", "minor", "critical", "maintenance", "on_fire", "null", "true"),
    *("", " ", "0", "-1", "1e400", "nan", "inf", "9" * 400, "\u0663", "\u00b2", "x" * 5000),
    *("2026-01-15T12:00:00", "2026-01-15T12:00:00+25:00", "0001-01-01T00:00:00+14:00"),
    *("9999-12-31T23:59:59-14:00", "2026-02-30", "20260115T1200Z", "2026-W03-4", "1768478400"),
    *("Thu, 15 Jan 2026 12:00:00 Z", "99 Jan 26 99:99 PST", "Jan 5, 24:00 +9999"),
    *("https://[", "https://[::1]:x/", "http://a:99999/", "javascript:x", "//x", "https://a b"),
    *("Europe/Berlin", "../../etc/passwd", "UTC\x00", "localtime", "America"),
    *("\x1b]0;t\x07", "\x9b31m", "\u202ex", "\ud800", "\u2028", "::error::x", "##[error]x"),
    *("<b>x</b>", "<script>x", "<!--", "&#x1b;[31m", "&" * 50, "<a " * 50, "a\tb\nc"),
    *("&#" + "9" * 5000, "0x" + "f" * 5000, "a-" * 5000, "a." * 500, "http://x.example:99999"),
)
OTHERS: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 3, 4, 100, 500, 0.5, -1.5, 1e308, 1e11, 1e18, 2**63),
    *(10**400, float("inf"), float("-inf"), float("nan"), 253402300800, -62135596801),
    *([], {}, [None], [[]], [{}], {"id": {}}, {"": 1}, [0], ["x"]),
)

MOST = 5_000
"""The most values of a document that may still grow."""

_ROW = re.compile(rb"(?<=\n)|(?=<)")


def page(data: bytes, most: int, seed: int, flip: Flip) -> bytes:
    """A page with one of its documents changed, by its values if they can be parsed."""
    random = Random(seed)
    bodies = data.split(SEPARATOR)
    at = random.randrange(len(bodies))
    bodies[at] = _text(bodies[at], random, max(1, most - len(data) + len(bodies[at])), flip)
    if random.random() < 0.02:
        random.shuffle(bodies)
    return SEPARATOR.join(bodies)[:most]


def watchlist(data: bytes, most: int, seed: int, flip: Flip) -> bytes:
    """A watchlist with a few of its rows changed; the byte before it selects the edit."""
    random = Random(seed)
    number = random.randrange(256) if random.random() < 0.3 else (data or b"\0")[0]
    return (bytes([number]) + _text(data[1:], random, most - 1, flip))[:most]


def file(data: bytes, most: int, seed: int, flip: Flip) -> bytes:
    """A file with a few of its values or rows changed."""
    return _text(data, Random(seed), most, flip)[:most]


def _text(data: bytes, random: Random, most: int, flip: Flip) -> bytes:
    changed = _json(data, random) if random.random() < 0.9 else b""
    if changed and len(changed) <= most:
        return changed
    return _rows(data, random) if random.random() < 0.6 else flip(data, most)


def _json(body: bytes, random: Random) -> bytes:
    """`body` with a few values of its JSON changed; empty if it has none."""
    encoding = json.detect_encoding(body)
    text = body.decode(encoding, "replace")
    start = min((at for at in map(text.find, "{[") if at >= 0), default=0)
    end = max(map(text.rfind, "}]")) + 1
    try:
        holder = [json.loads(text[start:end])]
        _change(holder, random)
        changed = json.dumps(holder[0]) if holder else ""
    except (ValueError, RecursionError):
        return b""
    encoding = encoding if random.random() < 0.98 else random.choice(("utf-16", "utf-8-sig"))
    return (text[:start] + changed + text[end:]).encode(encoding, "replace")


def _change(holder: list[Any], random: Random) -> None:
    """Make a few changes to the value in `holder`, which may be removed."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        places = _places(holder)
        if not places or len(places) > MOST:
            break
        random.choice(_CHANGES)(random.choice(places), random, places)


def _places(root: list[Any]) -> list[Place]:
    found: list[Place] = []
    waiting: list[Any] = [root]
    while waiting:
        value = waiting.pop()
        keys = list(value) if isinstance(value, dict) else range(len(value))
        found += [(value, key) for key in keys]
        waiting += [value[key] for key in keys if isinstance(value[key], dict | list)]
    return found


def _replace(place: Place, random: Random, _all: list[Place]) -> None:
    place[0][place[1]] = deepcopy(random.choice(OTHERS))


def _reword(place: Place, random: Random, _all: list[Place]) -> None:
    place[0][place[1]] = random.choice(WORDS)


def _reword_all(place: Place, random: Random, every: list[Place]) -> None:
    """Give one key the same value everywhere."""
    word = random.choice((*WORDS, *OTHERS))
    for where, key in every:
        if key == place[1] and isinstance(where, dict):
            where[key] = deepcopy(word)


def _drop(place: Place, _random: Random, _all: list[Place]) -> None:
    del place[0][place[1]]


def _copy(place: Place, random: Random, every: list[Place]) -> None:
    """Copy the value of another place: duplicate ids, wrong types, loops of groups."""
    where, key = random.choice(every)
    place[0][place[1]] = json.loads(json.dumps(where[key]))


def _same_key(place: Place, random: Random, every: list[Place]) -> None:
    like = [(where, key) for where, key in every if key == place[1]]
    _copy(place, random, like)


def _nest(place: Place, random: Random, _all: list[Place]) -> None:
    for _ in range(random.choice((1, 1, 2, 60, 300))):
        value = place[0][place[1]]
        place[0][place[1]] = [value] if random.random() < 0.5 else {str(place[1]): value}


def _unwrap(place: Place, random: Random, _all: list[Place]) -> None:
    value = place[0][place[1]]
    inner = list(value.values()) if isinstance(value, dict) else value
    if isinstance(inner, list) and inner:
        place[0][place[1]] = random.choice(inner)


def _retype(place: Place, _random: Random, _all: list[Place]) -> None:
    match place[0][place[1]]:
        case list() as rows:
            place[0][place[1]] = {str(index): row for index, row in enumerate(rows)}
        case dict() as values:
            place[0][place[1]] = list(values.values())
        case str() as word:
            place[0][place[1]] = float(word) if word.isdecimal() and word.isascii() else [word]
        case other:
            place[0][place[1]] = str(other)


def _rename(place: Place, random: Random, every: list[Place]) -> None:
    where, key = place
    if isinstance(where, dict):
        names = [name for _, name in every if isinstance(name, str)]
        where[random.choice((*names, *WORDS[:8]))] = where.pop(key)


def _repeat(place: Place, random: Random, every: list[Place]) -> None:
    where, key = place
    if isinstance(where, list):
        where.extend([where[key]] * random.choice((1, 2, 60 if len(every) < MOST // 60 else 3)))


def _shuffle(place: Place, random: Random, _all: list[Place]) -> None:
    if isinstance(place[0], list):
        random.shuffle(place[0])


_CHANGES = (
    *(_replace, _reword, _reword, _reword_all, _reword_all, _reword_all, _drop, _copy, _same_key),
    *(_nest, _unwrap, _retype, _rename, _repeat, _shuffle),
)


def _rows(body: bytes, random: Random) -> bytes:
    """Text or markup with rows or elements swapped, repeated, removed or changed."""
    rows = _ROW.split(body) or [b""]
    for _ in range(random.choice((1, 1, 2, 4))):
        at = random.randrange(len(rows))
        match random.randrange(6):
            case 0:
                rows[at] = b""
            case 1:
                rows[at] *= random.choice((2, 3, 2 + 20_000 // (len(rows[at]) + 1)))
            case 2:
                other = random.randrange(len(rows))
                rows[at], rows[other] = rows[other], rows[at]
            case 3:
                rows[at] = random.choice(rows)
            case 4:
                head, mark, _ = rows[at].partition(random.choice((b">", b"=", b" ", b'"')))
                rows[at] = head + mark + _word(random)
            case _:
                cut = random.randint(0, len(rows[at]))
                rows[at] = rows[at][:cut] + _word(random) + rows[at][cut:]
    return b"".join(rows)


def _word(random: Random) -> bytes:
    return random.choice((*WORDS, *_MARKS)).encode("utf-8", "surrogatepass")


_MARKS = (
    *("[", "]", "[[", "{", "}", '"', "'", '"""', "'''", "#", "\\", "=", ",", ".", "\r\n", "\r"),
    *("[vendors]", "[vendors.a]", "vendors.a = {}", "[[vendors]]", "[vendors.a.headers]", "a = 1"),
    *("<![CDATA[", "]]>", "<!DOCTYPE x>", "<?xml", "</", "/>", "&lt;", "&#0;", "&x;", "xmlns='x'"),
    *("<script ", "<script id=data ", "<title", "<link ", "class='", "href=", "src=", "pageid="),
    *("<item>", "<entry>", "<title>", "<br />", "<strong>", "<p>", "<small>", "\ufeff"),
)

"""Search the catalogue for vendors by something like their name, domain or page."""

from enum import IntEnum, auto

from outlogger_cli.catalog import catalog
from outlogger_cli.catalog.catalog import Entry
from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.similar import did_you_mean
from outlogger_cli.domain.text import line as one_line
from outlogger_cli.domain.values import frozen

_SHORTEST_PART = 3
"""A text of fewer letters begins, or is part of, too many names to mean one of them."""

_ERRORS = ((12, 3), (6, 2), (3, 1))
"""How many typing errors are forgiven from how many letters on."""

_GAPS = str.maketrans("", "", " -_./&'()+!:@")


def search(text: str) -> list[Entry]:
    """The vendors `text` may mean, best first: by name, domain, page, or a part of one of them.

    Up to three typing errors in a long name are forgiven, one in a short name.
    """
    return [catalog.entry(line) for _, line in _matches(text)]


def one(name: str) -> Entry:
    """The vendor that `name` means, or on whose page or domain an address is.

    Raises `UsageError` if there is none.
    """
    vendor = catalog.by_url(name) if "://" in name else catalog.by_name(name)
    if vendor is None:
        hint = did_you_mean(closest(name))
        raise UsageError(f"no vendor is called {one_line(name)!r}{hint}")
    return vendor


def closest(name: str, n: int = 3) -> list[str]:
    """At most `n` slugs to suggest for an unknown name, best first; a mere part is not enough."""
    return [rank[-1] for rank, _ in _matches(name) if rank[0] is not _Match.PART][:n]


class _Match(IntEnum):
    """How a text matches a vendor, the surest first."""

    NAME = auto()
    ADDRESS = auto()
    SPELLING = auto()
    """The same letters and digits: `Open AI` for `open-ai`."""

    START = auto()
    """A name begins with it, or it begins with a name: `stripe-api`, `stripe.com`."""

    WORDS = auto()
    """Each of its words begins a word of a name or an address."""

    ERROR = auto()
    PART = auto()


@frozen
class _Query:
    text: str
    letters: str
    words: tuple[str, ...]
    heads: frozenset[str]
    """What precedes its dashes, dots and spaces."""

    alphabet: frozenset[str]
    long: bool
    forgiven: int
    named: str | None
    """The slug that `catalog.find` has for it."""

    addressed: str | None
    """The slug that `_nearest` has for it."""


_Rank = tuple[_Match, int, int, int, str]
"""The kind of match, typing errors, letters the name does not have, length of the slug, the slug.
"""


def _matches(text: str) -> list[tuple[_Rank, str]]:
    """The ranks and lines of the vendors that `text` may mean, best first."""
    query = _query(text.strip().lower())
    if not query.letters:
        return []
    ranked = ((_rank(query, line), line) for line in catalog.lines())
    return sorted((rank, line) for rank, line in ranked if rank)


def _query(text: str) -> _Query:
    letters = text.translate(_GAPS)
    entry, page = catalog.find(text), _nearest(text) if "." in text else None
    return _Query(
        text=text,
        letters=letters,
        words=tuple(text.split()),
        heads=frozenset(text[:at] for at, letter in enumerate(text) if letter in "-. "),
        alphabet=frozenset(letters),
        long=len(letters) >= _SHORTEST_PART,
        forgiven=next((errors for least, errors in _ERRORS if len(letters) >= least), 0),
        named=entry.slug if entry else None,
        addressed=page.slug if page else None,
    )


def _nearest(url: str) -> Entry | None:
    """The vendor of the address or of the nearest domain above it (`api.acme.example`: acme)."""
    labels = catalog.address(url)[0].split(".")
    above = (".".join(labels[at:]) for at in range(1, len(labels) - 1))
    return next(filter(None, map(catalog.by_url, (url, *above))), None)


def _rank(query: _Query, line: str) -> _Rank | None:
    """How well the vendor of `line` matches, None if not at all.

    Works on the lower-case line: an `Entry` of each vendor would take five times as long.
    """
    slug, name, url, _, _, _, aliases, homepage = line.lower().split(",")
    if slug == query.named:
        return _Match.NAME, 0, 0, 0, slug
    if slug == query.addressed:
        return _Match.ADDRESS, 0, 0, 0, slug
    names = [slug, *aliases.split(";")] if aliases else [slug]
    spellings = "\n".join(("", *names, name, "")).translate(_GAPS)
    if f"\n{query.letters}\n" in spellings:
        return _Match.SPELLING, 0, 0, len(slug), slug
    starts = query.long and f"\n{query.letters}" in spellings
    if starts or not query.heads.isdisjoint(names):
        return _Match.START, 0, 0, len(slug), slug
    part = _part(query, " ".join((*names, name, url.split("/")[2], homepage)))
    if part is _Match.WORDS:
        return part, 0, 0, len(slug), slug
    errors, strange = min(_errors(query, spelling) for spelling in spellings.split())
    if errors <= query.forgiven:
        return _Match.ERROR, errors, strange, len(slug), slug
    return (part, 0, 0, len(slug), slug) if part else None


def _part(query: _Query, text: str) -> _Match | None:
    if not query.long or not all(word in text for word in query.words):
        return None
    spaced = " " + text.replace("-", " ").replace(".", " ")
    return _Match.WORDS if all(f" {word}" in spaced for word in query.words) else _Match.PART


def _errors(query: _Query, name: str) -> tuple[int, int]:
    """Typing errors that turn `name` into the query, and letters of the query it does not have.

    A count above what is forgiven need not be exact.
    """
    difference = abs(len(query.letters) - len(name))
    if difference > query.forgiven:
        return difference, 0
    strange = len(query.alphabet.difference(name))
    missed = len(set(name) - query.alphabet)
    if max(strange, missed) > query.forgiven:
        return max(strange, missed), strange
    return _distance(query.letters, name), strange


def _distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, against in enumerate(other, 1):
            changed = last[column - 1] + (letter != against)
            cost = min(last[column] + 1, now[-1] + 1, changed)
            if row > 1 and column > 1 and one[row - 2 : row] == against + other[column - 2]:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]

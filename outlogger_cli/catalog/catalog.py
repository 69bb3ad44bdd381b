"""The bundled vendors, one line of `catalog.csv` each: found by name, by address or nearly so.

A command that names one vendor must not pay for all of them: `find` keeps the lines as text and
makes an `Entry` of the one asked for (2 ms for the first name, then 0.003 ms). No field holds a
comma or a quote (`python -m tests.tools.check_catalog` sees to it), so a line is split and not
parsed. Nothing here asks the network: a page may have moved since its line was written.
"""

from collections.abc import Iterator
from enum import IntEnum, auto
from functools import cache
from pathlib import Path

from outlogger_cli.domain.values import frozen

FILE = Path(__file__).with_name("catalog.csv")

_SHORTEST_PART = 3
"""Fewer letters than this begin, or stand in, too many names to mean one of them."""

_HOST = len("https://")
"""Where the host of a page's address begins."""

_ERRORS = ((12, 3), (6, 2), (3, 1))
"""From how many letters on, how many typing errors are forgiven."""

_GAPS = str.maketrans("", "", " -_./&'()+!:@")


@frozen
class Entry:
    """A vendor as the catalogue knows it."""

    slug: str
    name: str
    url: str
    """The page's address, https and without a slash at its end."""

    platform: str | None
    """The software behind the page, None where it must be detected."""

    category: str
    aliases: tuple[str, ...] = ()
    homepage: str | None = None
    """The vendor's own domain, as in `github.com`."""

    known: bool = False
    """Whether the platform is known of this page rather than likely."""

    @property
    def host(self) -> str:
        return self.url.split("/")[2]

    @property
    def names(self) -> tuple[str, ...]:
        """What `find` knows it by."""
        return (self.slug, *self.aliases)


def find(name: str) -> Entry | None:
    """The vendor whose slug or alias is `name`, without regard to case."""
    line = _lines().get(name.strip().lower())
    return None if line is None else _entry(line)


def entries() -> Iterator[Entry]:
    """Every vendor, ordered by slug."""
    return map(_entry, _rows())


def by_url(url: str) -> Entry | None:
    """The vendor whose page is at `url` or above it, or whose own domain stands there.

    Of several vendors with one domain it is the one named like it, and None where there is none.
    """
    host, path = _address(url)
    pages = [entry for entry in map(_entry, _places()[0].get(host, ())) if _holds(entry, path)]
    if pages:
        return max(pages, key=lambda entry: len(entry.url))
    domain = host.removeprefix("www.")
    owners = [*map(_entry, _places()[1].get(domain, ()))]
    named = [entry for entry in owners if domain.split(".")[0] in entry.names]
    return next(iter(owners if len(owners) == 1 else named), None)


def search(text: str) -> list[Entry]:
    """The vendors `text` may mean, best first: by name, domain, page, or a part of one of them.

    Up to three typing errors in a long name are forgiven, one in a short name.
    """
    return [_entry(line) for _, line in _matches(text)]


def closest(name: str, n: int = 3) -> list[str]:
    """At most `n` slugs for `did you mean`, best first; empty where nothing is near."""
    near = [rank[-1] for rank, _ in _matches(name) if rank[0] is not _Match.PART]
    return near[:n]


class _Match(IntEnum):
    """How a text means a vendor, surest first."""

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
    """What stands before its dashes, dots and spaces."""

    alphabet: frozenset[str]
    long: bool
    forgiven: int
    named: str | None
    """The slug that `find` has for it."""

    addressed: str | None
    """The slug that `_nearest` has for it."""


_Rank = tuple[_Match, int, int, int, str]
"""The kind of match, typing errors, letters out of place, length of the slug, the slug."""


def _matches(text: str) -> list[tuple[_Rank, str]]:
    """The ranks and lines of the vendors that `text` may mean, best first."""
    query = _query(text.strip().lower())
    if not query.letters:
        return []
    ranked = ((_rank(query, line), line) for line in _rows())
    return sorted((rank, line) for rank, line in ranked if rank)


def _query(text: str) -> _Query:
    letters = text.translate(_GAPS)
    entry, page = find(text), _nearest(text) if "." in text else None
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
    """Whom `by_url` finds for the address, or for the nearest domain above it: `api.acme.example`
    is acme's."""
    labels = _address(url)[0].split(".")
    above = (".".join(labels[at:]) for at in range(1, len(labels) - 1))
    return next(filter(None, map(by_url, (url, *above))), None)


def _rank(query: _Query, line: str) -> _Rank | None:
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


def _holds(entry: Entry, path: str) -> bool:
    own = "/".join(entry.url.split("/")[3:])
    return not own or f"{path}/".startswith(f"{own}/")


def _address(url: str) -> tuple[str, str]:
    """Host and path of an address, both empty where it has no host."""
    from urllib.parse import urlsplit  # loaded only where somebody gives an address

    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        return (parts.hostname or "").rstrip("."), parts.path.strip("/")
    except ValueError:
        return "", ""


@cache
def _rows() -> list[str]:
    """The line of every vendor, ordered by slug."""
    return FILE.read_text(encoding="utf-8").splitlines()[1:]


@cache
def _lines() -> dict[str, str]:
    """The line of every slug and alias."""
    lines: dict[str, str] = {}
    for line in _rows():
        front, aliases, _ = line.rsplit(",", 2)
        lines[front[: front.index(",")]] = line
        if aliases:
            lines |= dict.fromkeys(aliases.split(";"), line)
    return lines


@cache
def _places() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The lines of every page's host, and of every domain."""
    hosts: dict[str, list[str]] = {}
    domains: dict[str, list[str]] = {}
    for line in _rows():
        _, _, url, _ = line.split(",", 3)
        hosts.setdefault(url[_HOST:].partition("/")[0], []).append(line)
        domains.setdefault(line.rpartition(",")[2], []).append(line)
    domains.pop("", None)
    return hosts, domains


def _entry(line: str) -> Entry:
    slug, name, url, platform, evidence, category, aliases, homepage = line.split(",")
    return Entry(
        slug=slug,
        name=name,
        url=url,
        platform=platform or None,
        category=category,
        aliases=tuple(aliases.split(";")) if aliases else (),
        homepage=homepage or None,
        known=evidence == "known",
    )

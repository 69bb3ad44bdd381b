"""Search the catalogue for vendors by something like their name, product, domain or page."""

import re
from collections.abc import Iterable
from enum import IntEnum, auto
from unicodedata import normalize

from outlogger_cli.catalog import catalog, hosts, products
from outlogger_cli.catalog.catalog import Entry
from outlogger_cli.catalog.products import letters
from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.similar import did_you_mean
from outlogger_cli.domain.text import line as one_line
from outlogger_cli.domain.values import frozen

_SHORTEST_START = 3
"""A text of fewer letters begins too many words to mean one of them."""

_SHORTEST_MISSPELT = 5
"""A shorter name of a product is one typing error away from too many other words."""

_LONGEST = 200
"""Characters of a text that are looked at: no name has more, and no host of an address."""

_MOST_WORDS = 10
"""So many words are looked up one by one."""

_MOST_ERRORS = 100
"""Unknown names that are reported at once; looking for similar ones takes time."""

_DOMAIN = re.compile(r"(?:https?://)?(?:[\w-]+\.)*([\w-]{5,})\.[a-z]{2,}(?:/.*)?")
"""A domain, and the name in it; shorter ones are one typing error away from too many others."""

_SPACED = str.maketrans("-.(/;", "     ")
_COMMAS = str.maketrans(",;|", "   ")

_ERRORS = ((12, 3, 3), (9, 2, 2), (6, 2, 1), (4, 1, 1), (3, 1, 0))
"""From how many letters on how many typing errors are forgiven, and how many with a strange letter.

`workday` has as many errors of `worldpay` as `netfily` has of `netlify`, but a strange letter: it
is another company.
"""


def search(text: str) -> list[Entry]:
    """The vendors `text` may mean, best first: by name, product, domain, page or the start of one.

    Up to three typing errors in a long name are forgiven, one in a short name.
    """
    return [catalog.entry(line) for _, line in _matches(text)]


def named(names: Iterable[str]) -> list[Entry]:
    """The vendors that `names` mean, or on whose page or domain an address is, each once.

    A comma separates names too. Raises `UsageError` with the errors of all names.
    """
    found, errors = {}, []
    for name in filter(None, (part.strip() for text in names for part in text.split(","))):
        vendor = catalog.by_url(name) if "://" in name else catalog.by_name(name)
        if vendor is None and (product := products.find(name)):
            vendor = catalog.find(product.slug)
        if vendor:
            found[vendor.slug] = vendor
            continue
        tip = "try outlogger vendors search TEXT"
        hint = did_you_mean(closest(name), otherwise=tip)
        errors.append(f"unknown vendor {one_line(name)!r}{hint}")
        if len(errors) >= _MOST_ERRORS:
            errors.append("there may be more errors")
            break
    if errors:
        raise UsageError(*dict.fromkeys(errors))
    return [*found.values()]


def closest(name: str, n: int = 3) -> list[str]:
    """At most `n` slugs to suggest for an unknown name, best first."""
    return [rank[-1] for rank, _ in _matches(name)][:n]


class _Match(IntEnum):
    """How a text matches a vendor, the surest first."""

    NAME = auto()
    PRODUCT = auto()
    ADDRESS = auto()
    SPELLING = auto()
    """The same letters and digits: `Open AI` for `open-ai`."""

    START = auto()
    """A name begins with it, or it begins with a name: `stripe-api`, `stripe.com`."""

    WORDS = auto()
    """Each of its words begins a word of a name or an address."""

    PRODUCT_START = auto()
    """The name of a product begins with it."""

    ERROR = auto()
    """A name or a product with typing errors."""

    WORD = auto()
    """One of its words is a name or a product: `logs of datadog`."""


@frozen
class _Query:
    text: str
    letters: str
    words: tuple[str, ...]
    heads: dict[str, int]
    """The vendors whose name it begins with, and how many letters follow that name."""

    alphabet: frozenset[str]
    long: bool
    forgiven: int
    """How many typing errors are looked for; none if the text means a vendor for sure."""

    slugs: dict[str, _Match]
    """The vendors that it means for sure: its own name's, its product's, its address's."""


_Rank = tuple[_Match, int, int, bool, int, str]
"""The kind of match, typing errors or letters after the name, letters the name does not have,
whether a product has that name, length of the slug, the slug."""


def _matches(text: str) -> list[tuple[_Rank, str]]:
    """The ranks and lines of the vendors that `text` may mean, best first.

    Of a domain that means none, the name before the last dot may be misspelt: `vercle.com`.
    """
    text = " ".join(normalize("NFKC", text).lower().translate(_COMMAS).split())[:_LONGEST]
    found = _ranked(_query(text))
    domain = _DOMAIN.fullmatch(text)
    if found or not domain:
        return found
    return [match for match in _ranked(_query(domain[1])) if match[0][0] is _Match.ERROR]


def _ranked(query: _Query) -> list[tuple[_Rank, str]]:
    """The ranks and lines of the vendors that `query` may mean, best first.

    Typing errors are forgiven only if nothing matches without one: `vonage` is not `voyage`.
    """
    if not query.letters:
        return []
    others = _ranks_by_slug(query)
    found = []
    for line, lower, spelled in _lines(catalog.lines()):
        rank = _rank(query, lower, spelled)
        other = others.get(lower.partition(",")[0])
        if best := min(rank, other) if rank and other else rank or other:
            found.append((best, line))
    exact = [match for match in found if match[0][0] is not _Match.ERROR]
    return sorted(exact or found)


def _lines(lines: list[str]) -> Iterable[tuple[str, str, str]]:
    """Each line, in small letters, and without its gaps; all of a file at once is faster."""
    lower = "\n".join(lines).lower()
    return zip(lines, lower.split("\n"), letters(lower).split("\n"), strict=True)


def _query(text: str) -> _Query:
    entry, product = catalog.find(text), products.find(text)
    sure = {
        _Match.ADDRESS: _nearest(text) if "." in text else None,
        _Match.PRODUCT: product.slug if product else None,
        _Match.NAME: entry.slug if entry else None,
    }
    spelled = letters(text)
    forgiven = _forgiven(len(spelled), 0)
    return _Query(
        text=text,
        letters=spelled,
        words=tuple(text.replace("-", " ").split()),
        heads=_heads(text),
        alphabet=frozenset(spelled),
        long=len(spelled) >= _SHORTEST_START,
        forgiven=0 if any(sure.values()) else forgiven,
        slugs={slug: match for match, slug in sure.items() if slug},
    )


def _heads(text: str) -> dict[str, int]:
    """The vendors by whose name, or by whose product of several words, `text` begins.

    `google ads manager` begins with `google ads`, and that begins with `google`: the longer counts.
    A single letter is a name only before a space: `x api`, but not `x.acme.com`.
    """
    gaps = [at for at, sign in enumerate(text) if sign == " " or (at > 1 and sign in "-.")]
    heads: dict[str, int] = {}
    for at in gaps[:_MOST_WORDS]:
        head = text[:at]
        vendor = catalog.find(head) or catalog.find(head.replace(" ", "-"))
        named = vendor or (products.find(head) if " " in head else None)
        if named:
            heads[named.slug] = len(text) - at
    return heads


def _nearest(url: str) -> str | None:
    """The vendor of the page, of the host, of the nearest domain above, or of all hosts below."""
    host = catalog.address(url)[0]
    if owner := catalog.by_page(url) or hosts.owner_of(host):
        return owner.slug
    labels = host.split(".")
    for place in (url, *(".".join(labels[at:]) for at in range(len(labels) - 1))):
        if found := catalog.by_url(place) or products.find(place):
            return found.slug
    return hosts.owner_below(host)


def _rank(query: _Query, line: str, spelled: str) -> _Rank | None:
    """How well the vendor of a line matches, None if not at all.

    Works on the line, in small letters and without gaps: an `Entry` of each vendor would take
    five times as long. Most lines are ruled out by a part of the query that is nowhere in them.
    """
    slug = line.partition(",")[0]

    def ranked(match: _Match, errors: int = 0, strange: int = 0) -> _Rank:
        return match, errors, strange, False, len(slug), slug

    if match := query.slugs.get(slug):
        return ranked(match)
    if query.letters in spelled:
        spellings = _spellings(spelled)
        if query.letters in spellings:
            return ranked(_Match.SPELLING)
        if query.long and any(one.startswith(query.letters) for one in spellings):
            return ranked(_Match.START)
    if slug in query.heads:
        return ranked(_Match.START, query.heads[slug])
    if query.long and all(word in line for word in query.words) and _begins_words(query, line):
        return ranked(_Match.WORDS)
    if not query.forgiven:
        return None
    fewest = _fewest_errors(query, _spellings(spelled))
    return ranked(_Match.ERROR, *fewest) if fewest else None


def _spellings(line: str) -> tuple[str, ...]:
    """Slug, name and aliases of a line without gaps."""
    slug, name, _, _, _, _, aliases, _ = line.split(",")
    return (slug, name, *aliases.split(";"))


def _ranks_by_slug(query: _Query) -> dict[str, _Rank]:
    """The best ranks of vendors by their products, or by one of the words."""
    ranks = [
        (_Match.WORD, 0, 0, not catalog.find(word), len(found.slug), found.slug)
        for word in query.text.split()[: _MOST_WORDS if " " in query.text else 0]
        if len(word) >= _SHORTEST_START and (found := catalog.find(word) or products.find(word))
    ]
    for _, line, without_gaps in _lines(products.lines()):
        spelled = without_gaps.partition(",")[0]
        begun = query.long and spelled.startswith(query.letters)
        if not begun and (not query.forgiven or len(spelled) < _SHORTEST_MISSPELT):
            continue
        fewest = (0, 0) if begun else _fewest_errors(query, (spelled,))
        if fewest and fewest[0] <= _forgiven(len(spelled), 1):  # `fortinet` is not `fortnite`
            slug = line.split(",", 2)[1]
            match = _Match.PRODUCT_START if begun else _Match.ERROR
            ranks.append((match, *fewest, True, len(slug), slug))
    return {rank[-1]: rank for rank in sorted(ranks, reverse=True)}


def _begins_words(query: _Query, line: str) -> bool:
    """Whether each word of the query begins a word of a line's names: `git` is not in `digital`.

    A single letter must be a whole word: `t-mobile` does not mean `team mobile`.
    """
    slug, name, url, _, _, _, aliases, homepage = line.split(",")
    named = " ".join(("", slug, name, url.split("/")[2], aliases, homepage, ""))
    named = named.translate(_SPACED)
    return all((f" {word}" if len(word) > 1 else f" {word} ") in named for word in query.words)


def _forgiven(letters: int, strange: int) -> int:
    """How many typing errors are forgiven in so many letters, of which so many are strange."""
    for least, errors, errors_if_strange in _ERRORS:
        if letters >= least:
            return errors_if_strange if strange else errors
    return 0


def _fewest_errors(query: _Query, names: Iterable[str]) -> tuple[int, int] | None:
    """Typing errors that turn one of `names` into the query, and letters that name does not have.

    None if no name has so few that they are forgiven.
    """
    length, most, found = len(query.letters), query.forgiven, []
    for name in names:
        if not -most <= len(name) - length <= most:
            continue
        strange = len(query.alphabet.difference(name))
        if strange > most or len(set(name) - query.alphabet) > most:  # so many errors at least
            continue
        errors = _distance(query.letters, name)
        if errors <= _forgiven(min(length, len(name)), strange):
            found.append((errors, strange))
    return min(found, default=None)


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

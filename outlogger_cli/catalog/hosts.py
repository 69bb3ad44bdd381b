"""Which vendor a host belongs to: `hosts.csv`, then the pages and domains of the catalogue.

A line of the table is a host, the vendor, and what the host tells: the product and its region. The
host stands for itself and all below it; `*.` at its start, only for those below. Elsewhere `*` and
`{region}` are a part of one label. The longest entry that matches counts. `-` means no vendor:
such an entry only keeps a shorter one from matching. `use` is `api` if only programs use the host,
`site` if people visit it too.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.values import frozen

TABLE = Path(__file__).with_name("hosts.csv")

NO_VENDOR = "-"
_REGION = "[a-z]{2,20}(?:-[a-z]{2,20}){0,3}-?[0-9]{0,2}"
_LONGEST = 253
"""Characters of a host name."""


@frozen
class Row:
    """An entry of the table, or a domain of the catalogue."""

    entry: str
    """As shown to users: `*.dkr.ecr.*.amazonaws.com`."""

    slug: str
    product: str | None = None
    region: str | None = None
    visited: bool = False
    """Whether people visit the host too: a link to it does not show that a program calls it."""


@frozen
class Match:
    """The vendor of a host. Only `below` may hold a secret."""

    slug: str
    entry: str
    """The entry of the table that matched, with `*.` before it for a host below it."""

    product: str | None
    region: str | None
    """What the host says of where it is, such as `eu-west-1`."""

    visited: bool
    below: tuple[str, ...]
    """The labels of the host before those of the entry, such as the name of an account."""


def owner_of(host: str) -> Match | None:
    """The vendor that `host`, a name without scheme and port, belongs to; None if unknown."""
    labels = host.lower().rstrip(".").split(".") if len(host) <= _LONGEST else []
    site = ".".join(labels[-2:])
    found = _deepest(_tree(site), labels[::-1], 0, None) if site in _sites() else None
    if found is None or found[1].slug == NO_VENDOR:
        return None
    depth, row, region = found
    below = tuple(labels[: len(labels) - depth])
    entry = f"*.{row.entry}" if below and not row.entry.startswith("*.") else row.entry
    return Match(
        slug=row.slug,
        entry=entry,
        product=row.product,
        region=row.region or region,
        visited=row.visited,
        below=below,
    )


def owner_below(host: str) -> str | None:
    """The only vendor who has hosts below `host`, as `braintreegateway.com` has none itself."""
    slugs = {row[1] for row in rows() if row[0].endswith(f".{host.lower()}")} - {NO_VENDOR}
    return slugs.pop() if len(slugs) == 1 else None


def rows() -> Iterator[list[str]]:
    """The lines of the table, as they are, without its header."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        yield from [*csv.reader(file)][1:]


def suffixes() -> frozenset[str]:
    """The last labels of all hosts that have a vendor: `com`, `io`."""
    return frozenset(site.rpartition(".")[2] for site in _sites())


class _Node:
    """What follows a label, read from the end of a name."""

    __slots__ = ("labels", "patterns", "row", "row_below")

    def __init__(self) -> None:
        self.labels: dict[str, _Node] = {}
        self.patterns: dict[str, tuple[re.Pattern[str], _Node]] = {}
        self.row: Row | None = None
        self.row_below: Row | None = None

    def put(self, host: str, row: Row) -> None:
        """Add `row`, unless there is one for `host` already."""
        node = self
        for label in reversed(host.removeprefix("*.").split(".")):
            if "*" in label or "{" in label:
                escaped = re.escape(label).replace(r"\{region\}", f"(?P<region>{_REGION})")
                pattern = re.compile(escaped.replace(r"\*", "[a-z0-9-]+"))
                node = node.patterns.setdefault(label, (pattern, _Node()))[1]
            else:
                node = node.labels.setdefault(label, _Node())
        if host.startswith("*."):
            node.row_below = node.row_below or row
        else:
            node.row = node.row or row


_Found = tuple[int, Row, str | None]


def _deepest(node: _Node, labels: list[str], depth: int, region: str | None) -> _Found | None:
    """The row that takes most of `labels` from `depth` on, with the number it takes.

    No deeper than the table, which has at most two patterns that overlap.
    """
    if depth == len(labels):
        return (depth, node.row, region) if node.row else None
    row = node.row_below or node.row
    best = (depth, row, region) if row else None
    label = labels[depth]
    if following := node.labels.get(label):
        best = _deeper(best, _deepest(following, labels, depth + 1, region))
    for pattern, following in node.patterns.values():
        if match := pattern.fullmatch(label):
            named = match.groupdict().get("region") or region
            best = _deeper(best, _deepest(following, labels, depth + 1, named))
    return best


def _deeper(one: _Found | None, other: _Found | None) -> _Found | None:
    return one if other is None or (one and one[0] >= other[0]) else other


@cache
def _sites() -> dict[str, tuple[list[list[str]], list[str]]]:
    """The rows of the table and the lines of the catalogue by the last two labels of their hosts.

    Trees are made of these one by one: most commands look up hosts of a few sites. No entry has a
    `*` in its last two labels.
    """
    found: defaultdict[str, tuple[list[list[str]], list[str]]] = defaultdict(lambda: ([], []))
    for row in rows():
        found[".".join(row[0].rsplit(".", 2)[-2:])][0].append(row)
    for line in catalog.lines():
        _, _, url, _ = line.split(",", 3)
        of_page = ".".join(url.split("/", 3)[2].rsplit(".", 2)[-2:])
        of_domain = ".".join(line.rpartition(",")[2].rsplit(".", 2)[-2:])
        found[of_page][1].append(line)
        if of_domain not in {of_page, ""}:
            found[of_domain][1].append(line)
    return dict(found)


@cache
def _tree(site: str) -> _Node:
    """The entries of one of `_sites()`."""
    tree = _Node()
    table, lines = _sites()[site]
    for host, slug, product, region, use in table:
        shown = host.replace("{region}", "*")
        row = Row(
            entry=shown,
            slug=slug,
            product=product or None,
            region=region or None,
            visited=use == "site",
        )
        tree.put(host, row)
    # the vendor that is named like its domain comes before others with the same domain
    for entry in sorted(map(catalog.entry, lines), key=lambda entry: not _is_named_like(entry)):
        if entry.url == f"https://{entry.host}":
            tree.put(entry.host, Row(entry=entry.host, slug=entry.slug))
        for domain in _domains(entry):
            tree.put(domain, Row(entry=domain, slug=entry.slug, visited=True))
    return tree


def _is_named_like(entry: catalog.Entry) -> bool:
    return any(domain.split(".")[0] in entry.names for domain in _domains(entry))


def _domains(entry: catalog.Entry) -> list[str]:
    """The vendor's own domain, and the one below which its page is `status.`."""
    found = [entry.homepage] if entry.homepage else []
    return [*found, entry.host[7:]] if entry.host.startswith("status.") else found

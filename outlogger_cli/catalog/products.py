"""Products and short names that people type for a vendor, one line of `products.csv` each.

The file is read only if a name is not a vendor's. A product has a component if the vendor's page
surely lists one for it; else the product means the whole page.
"""

from collections.abc import Iterator
from functools import cache

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.values import frozen

FILE = catalog.FILE.with_name("products.csv")

_FAMILIES = {
    "adobe": ("adobe",),
    "amazon": ("aws",),
    "apple": ("apple", "apple-developer"),
    "atlassian": (
        *("atlassian", "bitbucket", "compass", "confluence", "jira", "jira-service-management"),
        *("loom", "opsgenie", "statuspage", "trello"),
    ),
    "google": (
        *("gcp", "google-workspace", "firebase", "ai-studio", "google-maps-platform", "google-ads"),
        *("google-play", "google-search", "looker"),
    ),
    "microsoft": ("microsoft-365", "azure", "azure-devops", "xbox", "microsoft-advertising"),
    "ms": ("microsoft-365", "azure", "azure-devops"),
}
"""The vendors of companies that have several pages."""

_LONGEST = 100
"""Characters of a name; the time for a longer one grows with its square."""

_GAPS = " -_./&'()+!:@"
_NO_GAPS = str.maketrans("", "", _GAPS)


@frozen
class Product:
    """A product of the vendor `slug`, as people call it."""

    slug: str
    name: str
    component: str | None = None
    """The component of the vendor's page that stands for it, None if there is none for sure."""


def find(name: str) -> Product | None:
    """The product called `name`, with or without its vendor before it: `lambda`, `aws lambda`.

    Letter case does not matter, nor do spaces, dashes and dots if the letters mean one vendor.
    """
    name = name.strip().lower()
    return (_called(name) or _after_its_vendor(name)) if len(name) <= _LONGEST else None


def lines() -> list[str]:
    """The line of every product, ordered by alias: alias, slug, name, component."""
    return _text().splitlines()[1:]


def letters(text: str) -> str:
    """Only the letters and digits of a name, by which spellings of it are compared."""
    return text.translate(_NO_GAPS)


def product(line: str) -> Product:
    """The product of one line."""
    _, slug, name, component = line.split(",")
    return Product(slug=slug, name=name, component=component or None)


@cache
def _text() -> str:
    return FILE.read_text(encoding="utf-8")


def _called(name: str) -> Product | None:
    for written in (name, name.replace(" ", "-")):
        start = _text().find(f"\n{written},") + 1
        if name and start and "," not in name:
            return product(_text()[start:].partition("\n")[0])
    spelled = _by_letters().get(letters(name), [])
    return product(spelled[0]) if len({line.split(",")[1] for line in spelled}) == 1 else None


@cache
def _by_letters() -> dict[str, list[str]]:
    """The lines of every spelling, made only if a name is not written as in the file."""
    aliases = "\n".join(line.partition(",")[0] for line in lines())
    spelled: dict[str, list[str]] = {}
    for line, alias in zip(lines(), letters(aliases).split("\n"), strict=True):  # one is slower
        spelled.setdefault(alias, []).append(line)
    return spelled


def _after_its_vendor(name: str) -> Product | None:
    for head, rest in _splits(name):
        vendor = catalog.find(head)
        slugs = (*((vendor.slug,) if vendor else ()), *_FAMILIES.get(head, ()))
        found = _called(rest) if slugs else None
        if found and found.slug in slugs:
            return found
        own = catalog.find(rest) if slugs else None
        if own and own.slug in slugs:
            return Product(slug=own.slug, name=own.name)
    return None


def _splits(name: str) -> Iterator[tuple[str, str]]:
    """What precedes and follows each gap of a name: `aws` and `lambda` of `aws lambda`."""
    return ((name[:at], name[at + 1 :]) for at, letter in enumerate(name) if letter in _GAPS)

"""Which components of a vendor's page the evidence points to.

A product and a component match if all words of one are among those of the other, if the component
has the name of the host, or by `components.csv`: vendor, product, and names of components as globs.
An empty product means a host without a product in the tables. A region narrows what matches.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from outlogger_cli.domain.model import Component, Incident
from outlogger_cli.domain.selection import label
from outlogger_cli.domain.triage import Evidence, Named

TABLE = Path(__file__).with_name("components.csv")

_WORDS = re.compile(r"[a-z0-9]+")
_COMMON = frozenset(("amazon", "aws", "google", "azure", "microsoft", "the", "service", "services"))
_REGION = re.compile(r"\b[a-z]{2,3}(?:-[a-z]+){1,2}-?\d{1,2}\b")
"""The name of a region in an address, such as `eu-west-1`."""

_FOR_PEOPLE = frozenset(
    (
        *("billing", "blog", "community", "console", "dashboard", "docs", "documentation", "forum"),
        *("forums", "marketing", "portal", "site", "support", "website"),
    )
)
_FOR_PROGRAMS = frozenset(("api", "apis", "app", "apps", "cdn", "core", "platform", "registry"))

Entries = Mapping[tuple[str, str], tuple[str, ...]]


def pointed_to(named: Named, components: Sequence[Component]) -> list[Component]:
    """The components that the evidence of a vendor points to; none if that is unknown."""
    found: dict[int, Component] = {}
    for one in named.evidence:
        matching = [c for c in components if _matches(named.slug, one, c)]
        regional = [c for c in matching if one.region and _has_region(one.region, label(c))]
        found.update((id(c), c) for c in regional or matching)
    return [*found.values()]


def concerns(named: Named, incident: Incident) -> bool | None:
    """Whether an incident of a page without components is about what the evidence points to.

    None if that is unknown: the incident or the evidence names no product.
    """
    products = [one for one in named.evidence if one.product]
    names = [name for link in incident.links for name in (link.name, link.id) if name]
    if not products or not names or any("multiple" in name.casefold() for name in names):
        return None
    about = [one for one in products if any(_is_named(named.slug, one, name) for name in names)]
    if not about:
        return False
    regions = {one.region for one in about if one.region}
    told = {*_REGION.findall(f"{incident.id} {incident.url}".lower())}
    return not regions or not told or bool(regions & told)


def is_for_people(component: Component) -> bool:
    """Whether only people use the component, such as a website, so that no program fails by it."""
    words = _words(component.name)
    return bool(words & _FOR_PEOPLE) and not words & _FOR_PROGRAMS


def _matches(slug: str, one: Evidence, component: Component) -> bool:
    name = label(component).casefold()
    host = one.value.removeprefix("*.")
    if "." in host and host in name:
        return True
    return _is_named(slug, one, component.name) or _is_named(slug, one, name)


def _is_named(slug: str, one: Evidence, name: str) -> bool:
    patterns = _entries().get((slug, one.product or ""))
    if patterns is not None:
        return any(fnmatchcase(name.casefold(), pattern) for pattern in patterns)
    wanted, words = _words(one.product or ""), _words(name)
    return bool(wanted and words) and (wanted <= words or words <= wanted)


def _has_region(region: str, name: str) -> bool:
    return region.casefold() in name.casefold()


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text.casefold())) - _COMMON


@cache
def _entries() -> Entries:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [*csv.reader(file)][1:]
    return {(slug, product): tuple(names.split(";")) for slug, product, names in rows}

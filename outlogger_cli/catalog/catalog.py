"""The bundled vendors, one line of `catalog.csv` each: found by name or by address.

A command that names one vendor must not pay for all of them: `find` keeps the lines as text and
makes an `Entry` of one line only. No field holds a comma or a quote (`python -m
tests.tools.check_catalog` checks that), so a line is split, not parsed. Nothing here uses the
network: a page may have moved since its line was written.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from outlogger_cli.domain.values import frozen

FILE = Path(__file__).with_name("catalog.csv")
SHARED = FILE.with_name("shared.csv")

_HOST = len("https://")
"""Where the host of a page's address begins."""


@frozen
class Entry:
    """A vendor as the catalogue knows it."""

    slug: str
    name: str
    url: str
    """The page's address, https and without a slash at its end."""

    platform: str | None
    """The software behind the page, None if it must be detected."""

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
        """The names by which `find` finds it."""
        return (self.slug, *self.aliases)


def find(name: str) -> Entry | None:
    """The vendor whose slug or alias is `name`; letter case does not matter."""
    name = name.strip().lower()
    line = _by_slug().get(name) or _by_alias().get(name)
    return entry(line) if line else None


def by_name(name: str) -> Entry | None:
    """The vendor whose slug or alias is `name`, else the only one that is shown as `name`, else
    the one whose page has this address without `https://` and `www.`."""
    name = name.strip()
    return find(name) or by_display_name(name) or (_by_host(name) if "." in name else None)


def by_display_name(name: str) -> Entry | None:
    """The only vendor that is shown as `name`, such as `Amazon Web Services`, in any case."""
    wanted = name.casefold()
    return _only(line for line in lines() if line.split(",", 2)[1].casefold() == wanted)


def by_page(url: str) -> Entry | None:
    """The vendor whose page is at `url` or above it."""
    host, path = address(url)
    pages = [found for found in map(entry, _places()[0].get(host, ())) if _holds(found, path)]
    return max(pages, key=lambda found: len(found.url), default=None)


def by_url(url: str) -> Entry | None:
    """The vendor whose page is at `url` or above it, or who owns the domain.

    Of several vendors with one domain it is the one named like it, else none.
    """
    domain = address(url)[0].removeprefix("www.")
    owners = _places()[1].get(domain, [])
    named = (line for line in owners if domain.split(".")[0] in entry(line).names)
    return by_page(url) or _only(owners) or _only(named)


def other_meaning(name: str) -> str | None:
    """The name by which to ask for the other vendor or product that is called `name` too."""
    shared = _shared()
    start = shared.find(f"\n{name.strip().lower()},") + 1
    return shared[start:].partition("\n")[0].partition(",")[2] if start else None


def entries() -> Iterator[Entry]:
    """Every vendor, ordered by slug."""
    return map(entry, lines())


@cache
def lines() -> list[str]:
    """The line of every vendor, ordered by slug."""
    return FILE.read_text(encoding="utf-8").splitlines()[1:]


def entry(line: str) -> Entry:
    """The vendor of one line."""
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


def address(url: str) -> tuple[str, str]:
    """Host and path of an address with or without a scheme, both empty if it has no host."""
    from urllib.parse import urlsplit  # loaded only for an address

    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        return (parts.hostname or "").rstrip("."), parts.path.strip("/")
    except ValueError:
        return "", ""


def _by_host(name: str) -> Entry | None:
    """The vendor whose page is `https://NAME` or `https://www.NAME`, and not below it."""
    found = by_page(name) or by_page(f"www.{name}")
    return found if found and _plain(found.url) == _plain(name) else None


def _plain(url: str) -> str:
    """Host and path of `url`, without `www.`"""
    return "/".join(address(url)).removeprefix("www.")


def _only(lines: Iterable[str]) -> Entry | None:
    found = list(lines)
    return entry(found[0]) if len(found) == 1 else None


def _holds(found: Entry, path: str) -> bool:
    """Whether `path`, on the host of the vendor's page, is the page's or below it."""
    own = "/".join(found.url.split("/")[3:])
    return not own or f"{path}/".startswith(f"{own}/")


@cache
def _shared() -> str:
    """The names that several vendors have, one a line with the other meaning behind it.

    A small file of its own, because it is looked up for vendors that are named by their slug.
    """
    return SHARED.read_text(encoding="utf-8")


@cache
def _by_slug() -> dict[str, str]:
    """The line of every slug."""
    return {line.partition(",")[0]: line for line in lines()}


@cache
def _by_alias() -> dict[str, str]:
    """The line of every alias, made only if a name is not a slug."""
    aliases = ((line.rsplit(",", 2)[1], line) for line in lines())
    return {alias: line for names, line in aliases if names for alias in names.split(";")}


@cache
def _places() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The lines of every page's host, and of every domain."""
    hosts: dict[str, list[str]] = {}
    domains: dict[str, list[str]] = {}
    for line in lines():
        _, _, url, _ = line.split(",", 3)
        hosts.setdefault(url[_HOST:].partition("/")[0], []).append(line)
        domains.setdefault(line.rpartition(",")[2], []).append(line)
    domains.pop("", None)
    return hosts, domains

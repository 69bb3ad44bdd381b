"""The vendors of packages, variables, images, actions, files and hosts.

They come from `owners.csv` and the catalogue. Each line of the table is a kind, a pattern and a
slug. A pattern is a whole name, or a prefix if it ends with `*`. A Go module or a host includes all
below it. Kind `host` is a domain that only programs use, `domain` one that people visit too.
"""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from outlogger_cli.catalog import catalog
from outlogger_cli.catalog.catalog import Entry

TABLE = Path(__file__).with_name("owners.csv")

_DASHES = re.compile(r"[-_.]+")
_FRAMEWORK = re.compile(
    r"(?:next_public|nuxt_public|expo_public|react_app|vue_app|gatsby|vite|public|django|tf_var)_"
)
"""Prefixes that frameworks add to the names of variables."""

_CALLED = re.compile(
    r"(?:api|(?:[\w-]+-)?apis?\d?|api-[\w-]+|auth|cdn|collect(?:or)?|edge|gateway|graphql|hooks?|"
    r"ingest|intake|js|logs|mqtt|oauth|push|realtime|registry|rest|sdk|smtp|telemetry|"
    r"track(?:ing|er)?|uploads?|webhooks?|ws)"
)
"""Labels in the names of hosts that programs call."""

_VISITED = frozenset(
    ("www", "doc", "docs", "dev", "developer", "developers", "help", "support", "blog", "status")
)
"""Labels in the names of hosts that people visit, whatever the path."""


class Owners:
    """The table, indexed by kind and name."""

    def __init__(self, rows: Iterable[tuple[str, str, str]], vendors: Iterable[Entry]) -> None:
        self._names: dict[tuple[str, str], str] = {}
        self._prefixes: dict[str, dict[str, str]] = {}
        for kind, pattern, slug in rows:
            name = normalized(kind, pattern)
            if name.endswith("*"):
                self._prefixes.setdefault(kind, {})[name[:-1]] = slug
            else:
                self._names[kind, name] = slug
        for entry in vendors:
            for domain in _domains(entry):
                self._names.setdefault(("domain", domain), entry.slug)
            if entry.url == f"https://{entry.host}":
                self._names.setdefault(("host", entry.host), entry.slug)

    @classmethod
    def load(cls) -> "Owners":
        """The bundled table, with the domains and pages of the bundled catalogue."""
        with TABLE.open(encoding="utf-8", newline="") as file:
            rows = [(kind, pattern, slug) for kind, pattern, slug in csv.reader(file)]
        # the vendor that is named like its domain comes before others with the same domain
        vendors = sorted(catalog.entries(), key=lambda entry: not _is_named_like(entry))
        return cls(rows[1:], vendors)

    def of(self, kind: str, name: str) -> str | None:
        """The slug of the vendor that `name` belongs to; None if it is unknown."""
        if kind in ("host", "endpoint"):
            return self._of_host(name.lower(), called=kind == "endpoint")
        prefixes = self._prefixes.get(kind, {})
        for candidate in _candidates(kind, normalized(kind, name)):
            if slug := self._names.get((kind, candidate)):
                return slug
            if matching := [prefix for prefix in prefixes if candidate.startswith(prefix)]:
                return prefixes[max(matching, key=len)]
        return None

    def _of_host(self, host: str, *, called: bool) -> str | None:
        """`called` says whether the address has the path of an API."""
        labels = host.split(".")
        domains = [".".join(labels[cut:]) for cut in range(len(labels))]
        for domain in domains:
            if slug := self._names.get(("host", domain)):
                return slug
        for cut, domain in enumerate(domains):
            if slug := self._names.get(("domain", domain)):
                below = labels[:cut]
                is_called = any(_CALLED.fullmatch(label) for label in below)
                return slug if (called or is_called) and _VISITED.isdisjoint(below) else None
        return None


def normalized(kind: str, name: str) -> str:
    """`name` in the form in which its ecosystem compares names."""
    lowered = name.lower()
    return _DASHES.sub("-", lowered) if kind == "pypi" else lowered


def _is_named_like(entry: Entry) -> bool:
    return any(domain.split(".")[0] in entry.names for domain in _domains(entry))


def _domains(entry: Entry) -> list[str]:
    """The vendor's own domain, and the one below which its page is `status.`."""
    found = [entry.homepage] if entry.homepage else []
    return [*found, entry.host[7:]] if entry.host.startswith("status.") else found


def _candidates(kind: str, name: str) -> list[str]:
    """The names under which the table may have `name`, the most exact first."""
    match kind:
        case "env":
            return [name, _FRAMEWORK.sub("", name, count=1)]
        case "go":
            parts = name.split("/")
            return ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]
        case "registry":
            labels = name.split(".")
            return [name, *("*." + ".".join(labels[cut:]) for cut in range(1, len(labels)))]
        case "file":  # alone, with one and two folders, and `*` with its extension
            parts = name.split("/")
            paths = ["/".join(parts[-count:]) for count in (1, 2, 3)]
            return [*paths, "/".join((*parts[-3:-1], f"*.{name.rpartition('.')[2]}"))]
        case _:
            return [name]

"""Whose a package, variable, image, action, file or host is: `owners.csv` and the catalogue.

Each line of the table is a kind, a pattern and a slug. A pattern is a whole name, or the beginning
of names where it ends with `*`; a Go module and a host stand for all that is below them too. Kind
`host` is a domain that only programs use, kind `domain` one that people visit as well.
"""

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from outlogger_cli.catalog import catalog
from outlogger_cli.catalog.catalog import Entry

TABLE = Path(__file__).with_name("owners.csv")

_DASHES = re.compile(r"[-_.]+")
_FRAMEWORK = re.compile(
    r"(?:next_public|nuxt_public|expo_public|react_app|vue_app|gatsby|vite|public|django|tf_var)_"
)
"""What frameworks put before the name of a variable."""

_CALLED = re.compile(
    r"(?:api|(?:[\w-]+-)?apis?\d?|api-[\w-]+|auth|cdn|collect(?:or)?|edge|gateway|graphql|hooks?|"
    r"ingest|intake|js|logs|mqtt|oauth|push|realtime|registry|rest|sdk|smtp|telemetry|"
    r"track(?:ing|er)?|uploads?|webhooks?|ws)"
)
"""Labels of hosts that programs call."""

_VISITED = frozenset(
    ("www", "doc", "docs", "dev", "developer", "developers", "help", "support", "blog", "status")
)
"""Labels of hosts that people visit, whatever the path looks like."""


class Owners:
    """The table, ready to be asked."""

    def __init__(self, rows: Iterable[tuple[str, str, str]], vendors: Iterable[Entry]) -> None:
        self._whole: dict[tuple[str, str], str] = {}
        self._begun: dict[str, dict[str, str]] = {}
        for kind, pattern, slug in rows:
            name = key(kind, pattern)
            if name.endswith("*"):
                self._begun.setdefault(kind, {})[name[:-1]] = slug
            else:
                self._whole[kind, name] = slug
        for entry in vendors:
            for domain in _domains(entry):
                self._whole.setdefault(("domain", domain), entry.slug)
            if entry.url == f"https://{entry.host}":
                self._whole.setdefault(("host", entry.host), entry.slug)

    @classmethod
    def load(cls) -> "Owners":
        """The bundled table with the domains and pages of the bundled catalogue."""
        with TABLE.open(encoding="utf-8", newline="") as file:
            rows = [(kind, pattern, slug) for kind, pattern, slug in csv.reader(file)]
        # of several vendors with one domain the one named like it comes first
        vendors = sorted(catalog.entries(), key=lambda entry: not _is_named_like(entry))
        return cls(rows[1:], vendors)

    def of(self, kind: str, name: str) -> str | None:
        """The slug of the vendor that `name` belongs to, None where nobody is known."""
        if kind in ("host", "endpoint"):
            return self._of_host(name.lower(), called=kind == "endpoint")
        for candidate in _CANDIDATES.get(kind, _only)(key(kind, name)):
            if slug := self._whole.get((kind, candidate)) or self._of_beginning(kind, candidate):
                return slug
        return None

    def _of_beginning(self, kind: str, name: str) -> str | None:
        begun = self._begun.get(kind, {})
        fitting = [beginning for beginning in begun if name.startswith(beginning)]
        return begun[max(fitting, key=len)] if fitting else None

    def _of_host(self, host: str, *, called: bool) -> str | None:
        """`called`: whether the address has a path that programs ask for."""
        labels = host.split(".")
        domains = [".".join(labels[cut:]) for cut in range(len(labels))]
        for domain in domains:
            if slug := self._whole.get(("host", domain)):
                return slug
        for cut, domain in enumerate(domains):
            if slug := self._whole.get(("domain", domain)):
                below = labels[:cut]
                is_called = any(_CALLED.fullmatch(label) for label in below)
                return slug if (called or is_called) and _VISITED.isdisjoint(below) else None
        return None


def key(kind: str, name: str) -> str:
    """`name` as its ecosystem compares names."""
    lowered = name.lower()
    return _DASHES.sub("-", lowered) if kind == "pypi" else lowered


def _is_named_like(entry: Entry) -> bool:
    return any(domain.split(".")[0] in entry.names for domain in _domains(entry))


def _domains(entry: Entry) -> list[str]:
    """The vendor's own domain, and the one its page is `status.` of."""
    found = [entry.homepage] if entry.homepage else []
    return [*found, entry.host[7:]] if entry.host.startswith("status.") else found


def _only(name: str) -> list[str]:
    return [name]


def _without_framework(name: str) -> list[str]:
    return [name, _FRAMEWORK.sub("", name, count=1)]


def _with_parents(module: str) -> list[str]:
    parts = module.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _with_suffixes(host: str) -> list[str]:
    labels = host.split(".")
    return [host, *("*." + ".".join(labels[cut:]) for cut in range(1, len(labels)))]


def _ends(path: str) -> list[str]:
    """The file's name, also below one and two folders, and `*` for what is before its ending."""
    parts = path.split("/")
    ending = path.rpartition(".")[2]
    names = ["/".join(parts[-count:]) for count in (1, 2, 3)]
    return [*names, "/".join((*parts[-3:-1], f"*.{ending}"))]


_CANDIDATES: Mapping[str, Callable[[str], list[str]]] = {
    "env": _without_framework,
    "go": _with_parents,
    "registry": _with_suffixes,
    "file": _ends,
}

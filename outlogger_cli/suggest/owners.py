"""The vendors of packages, variables, images, actions, files and hosts.

They come from `owners.csv`, and for hosts from the catalogue (`catalog/hosts.py`). Each line of the
table is a kind, a pattern and a slug. A pattern is a whole name, or a prefix if it ends with `*`.
A Go module includes all below it. The slug `-` means none: the package calls no service, though a
shorter pattern says so.
"""

import csv
import re
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path

from outlogger_cli.catalog import hosts
from outlogger_cli.catalog.hosts import NO_VENDOR, Match
from outlogger_cli.domain.values import frozen

TABLE = Path(__file__).with_name("owners.csv")

HOSTS = ("host", "endpoint", "registry")
"""The kinds of hosts: any, one that is called for certain, and one of container images."""

_DASHES = re.compile(r"[-_.]+")
_FRAMEWORK = re.compile(
    r"(?:next_public|next_private|nuxt_public|expo_public|react_app|vue_app|gatsby|vite|public|auth|django|tf_var)_"
)
"""Prefixes that frameworks add to the names of variables."""

_WEBHOOK = re.compile(r"_(?:webhooks?(?:_ur[il]s?)?|hook_ur[il])$")
_PROVIDER = re.compile(
    r"(?:@pulumi/|pulumi[-.]|github\.com/pulumi/pulumi-|@cdktf/provider-|cdktf-cdktf-provider-)"
    r"([\w-]+)(?:/.*)?"
)
"""Packages that are named after a Terraform provider, or a provider like it."""

_CALLED = re.compile(
    r"(?:api|(?:[\w-]+-)?apis?\d?|api-[\w-]+|auth|cdn|charts|collect(?:or)?|edge|gateway|graphql|"
    r"helm|hooks?|ingest|intake|js|logs|mqtt|oauth|push|realtime|registry|rest|sdk|smtp|telemetry|"
    r"track(?:ing|er)?|uploads?|webhooks?|ws)"
)
"""Labels in the names of hosts that programs call."""

_VISITED = frozenset(
    ("www", "doc", "docs", "dev", "developer", "developers", "help", "support", "blog", "status")
)
"""Labels in the names of hosts that people visit, whatever the path."""

_WORD = (
    r"(?:apis?|app|assets|auth|cdn|charts|collect(?:or)?|edge|gateway|graphql|helm|hooks?|in|ingest"
    r"|intake|js|logs?|mqtt|oauth|push|realtime|registry|rest|sandbox|sdk|smtp|static|telemetry|"
    r"track(?:ing|er)?|uploads?|web|webhooks?|ws|www|v|ap|au|ca|eu|in|jp|us|uk)\d{0,2}"
)
_PUBLIC = re.compile(f"{_WORD}(?:-{_WORD})*")
"""Labels in the names of hosts that are the same for every customer, so that they may be shown."""


@frozen
class Owner:
    """The vendor of a name, and the name as users may see it: without anything of an account."""

    slug: str
    shown: str


class Owners:
    """The table, indexed by kind and name."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        self._names: dict[tuple[str, str], str] = {}
        """The slugs by kind and pattern."""

        self._prefixes: dict[str, list[str]] = {}
        for kind, pattern, slug in rows:
            name = normalized(kind, pattern)
            self._names[kind, name] = slug
            if name.endswith("*"):
                self._prefixes.setdefault(kind, []).append(name[:-1])
        for prefixes in self._prefixes.values():
            prefixes.sort()

    @classmethod
    def load(cls) -> "Owners":
        """The bundled table."""
        with TABLE.open(encoding="utf-8", newline="") as file:
            rows = [(kind, pattern, slug) for kind, pattern, slug in csv.reader(file)]
        return cls(rows[1:])

    def of(self, kind: str, name: str) -> Owner | None:
        """The vendor that `name` belongs to; None if it is unknown, or belongs to no vendor."""
        if kind in HOSTS:
            return _of_host(name.lower(), called=kind != "host")
        for candidate in _candidates(kind, normalized(kind, name)):
            if slug := self._named(*candidate):
                return None if slug == NO_VENDOR else Owner(slug=slug, shown=name)
        return None

    def _named(self, kind: str, name: str) -> str | None:
        if slug := self._names.get((kind, name)):
            return slug
        prefixes = self._prefixes.get(kind, [])
        # the longest prefix is sorted before `name`, and what is between begins like both
        while at := bisect_right(prefixes, name):
            prefix = prefixes[at - 1]
            if name.startswith(prefix):
                return self._names[kind, f"{prefix}*"]
            pairs = zip(name, prefix, strict=False)
            name = name[: next(at for at, (one, other) in enumerate(pairs) if one != other)]
        return None


def normalized(kind: str, name: str) -> str:
    """`name` in the form in which its ecosystem compares names."""
    lowered = name.lower()
    return _DASHES.sub("-", lowered) if kind == "pypi" else lowered


def _of_host(host: str, *, called: bool) -> Owner | None:
    """`called` says whether a program calls the host for certain, whatever its name."""
    match = hosts.owner_of(host)
    if match is None:
        return None
    if match.visited:
        is_called = called or any(map(_CALLED.fullmatch, match.below))
        if not is_called or not _VISITED.isdisjoint(match.below):
            return None
    return Owner(slug=match.slug, shown=_shown(host, match))


def _shown(host: str, match: Match) -> str:
    """`host` from its first label on that is the same for every customer."""
    if "*" in match.entry.removeprefix("*."):
        return match.entry
    private = [at for at, label in enumerate(match.below, 1) if not _PUBLIC.fullmatch(label)]
    return "*." + ".".join(host.split(".")[private[-1] :]) if private else host


def _candidates(kind: str, name: str) -> list[tuple[str, str]]:
    """The kinds and names under which the table may have `name`, the most exact first."""
    found = [(kind, candidate) for candidate in _names(kind, name)]
    if kind == "provider":
        found.append(("terraform", name))
    elif match := _PROVIDER.fullmatch(name):
        found.append(("terraform", match[1]))
    return found


def _names(kind: str, name: str) -> list[str]:
    match kind:
        case "env":
            names = [name, _FRAMEWORK.sub("", name, count=1)]
            if hook := _WEBHOOK.search(name):
                # ACME_SLACK_ALERTS_WEBHOOK_URL is one of Slack
                words = name[: hook.start()].split("_")
                names += (f"{word}_webhook_url" for word in words)
            return names
        case "go":
            parts = name.split("/")
            return ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]
        case "annotation":  # of a domain, or one above it
            domain, slash, key = name.partition("/")
            labels = domain.split(".")
            return [".".join(labels[cut:]) + slash + key for cut in range(len(labels))]
        case "file":  # alone, with one and two folders, and `*` with its extension
            parts = name.split("/")
            paths = ["/".join(parts[-count:]) for count in (1, 2, 3)]
            return [*paths, "/".join((*parts[-3:-1], f"*.{name.rpartition('.')[2]}"))]
        case _:
            return [name]

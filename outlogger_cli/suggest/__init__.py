"""Find the vendors that a project depends on, by its own files; offline and read-only.

A vendor is proposed for a package in a manifest, a file that only its service reads, a variable or
a host of its API in code. Links for people and indirect dependencies do not count.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.text import line as one_line
from outlogger_cli.domain.values import frozen
from outlogger_cli.suggest.files import (
    ManifestError,
    Mention,
    Strength,
    Text,
    Tree,
    Unread,
    decode,
    is_auxiliary,
)
from outlogger_cli.suggest.owners import Owners, normalized
from outlogger_cli.suggest.readers import plan, unsupported
from outlogger_cli.system import paths

EVIDENCE_LIMIT = 8

_WHAT = {
    "pypi": "Python package {}",
    "npm": "npm package {}",
    "go": "Go module {}",
    "gem": "Ruby gem {}",
    "cargo": "Rust crate {}",
    "composer": "PHP package {}",
    "maven": "Java package {}",
    "nuget": ".NET package {}",
    "hex": "Elixir package {}",
    "pub": "Dart package {}",
    "swift": "Swift package {}",
    "pod": "CocoaPods package {}",
    "chart": "Helm chart {}",
    "annotation": "Kubernetes object of {}",
    "provider": "provider {}",
    "resource": "resource {}",
    "orb": "CircleCI orb {}",
    "task": "Azure Pipelines task {}",
    "pipe": "Bitbucket pipe {}",
    "terraform": "Terraform provider {}",
    "action": "GitHub action {}",
    "image": "container image {}",
    "registry": "container images from {}",
    "env": "variable {}",
    "host": "host {}",
    "endpoint": "host {}",
    "file": "configuration file",
}
_MOST_BONUS = 9
"""Points for further evidence; less than the difference between two strengths."""


class Evidence(NamedTuple):
    """Where a vendor was found: the path below the root, the line from 1, and what is there.

    `what` names a package, file, image, action, variable or host, and never contains a value.
    """

    path: str
    line: int
    what: str


@frozen
class Proposal:
    """A vendor that the project seems to depend on. `score` is from 50 to 99 (most certain)."""

    slug: str
    name: str
    score: int
    evidence: tuple[Evidence, ...]
    """At most `EVIDENCE_LIMIT`, the strongest first."""

    total: int
    """How many pieces of evidence there are."""


@frozen
class Findings:
    """The result of a search, and what it did not read."""

    proposals: tuple[Proposal, ...]
    """Highest score first."""

    unread: Mapping[Unread, Sequence[str]]
    """The paths, in the order in which they were found."""

    ended: bool
    """Whether the search ended at a limit, before it had read everything."""


def suggest(
    root: Path,
    *,
    limit_bytes: int = 200 * 1024 * 1024,
    limit_seconds: float = 20,
    monotonic: Callable[[], float] = time.monotonic,
) -> Findings:
    """Find the vendors that the project at `root` depends on.

    Manifests are read before settings and settings before code, so that a tree beyond the limits
    still gives its best evidence. The file that reaches `limit_bytes` is the last that is read.
    Raises `UsageError` if `root` is not a folder.
    """
    if not paths.is_folder(root):
        raise UsageError(f"{root} is not a folder; name the folder of a project")
    budget = _Budget(limit_bytes, monotonic() + limit_seconds, monotonic)
    tree = Tree(root)
    found = [*takewhile(budget.lasts, tree.files())]
    collected = _Collected(Owners.load())
    for path in found:
        collected.add(path, [Mention(kind="file", name=path, line=1, strength=Strength.SERVICE)])
    steps = plan(found)
    planned = {step.path for step in steps}
    for step in takewhile(budget.lasts, steps):
        if tree.links.get(step.path) in planned:
            continue
        body = tree.read(step.path, step.limit)
        text = Text(path=step.path, body=decode(body), laravel=step.laravel)
        for reader in step.readers:
            try:
                collected.add(step.path, takewhile(budget.lasts, reader(text)))
            except ManifestError:
                tree.unread[Unread.INVALID].append(step.path)
        budget.bytes -= len(body)
    if found_unsupported := unsupported(found):
        tree.unread[Unread.UNSUPPORTED] = found_unsupported
    return Findings(proposals=collected.proposals(), unread=tree.unread, ended=budget.ended)


@dataclass
class _Budget:
    """The bytes that are left, and the deadline; `ended` once `lasts` has returned False."""

    bytes: int
    deadline: float
    monotonic: Callable[[], float]
    ended: bool = False

    def lasts(self, _: object) -> bool:
        self.ended = self.ended or self.bytes <= 0 or self.monotonic() > self.deadline
        return not self.ended


class _Found(NamedTuple):
    strength: Strength
    line: int
    kind: str
    name: str


class _Collected:
    """The evidence so far, by vendor."""

    def __init__(self, owners: Owners) -> None:
        self._owners = owners
        self._found: dict[str, dict[tuple[str, str], _Found]] = {}
        self._direct: dict[str, set[str]] = {}

    def add(self, path: str, mentions: Iterable[Mention]) -> None:
        auxiliary = is_auxiliary(path)
        for mention in mentions:
            strength = Strength.WEAK if auxiliary else mention.strength
            name = normalized(mention.kind, mention.name)
            if strength is Strength.DIRECT:
                self._direct.setdefault(mention.kind, set()).add(name)
            owner = self._owners.of(mention.kind, mention.name)
            if owner is None:
                continue
            what = _WHAT[mention.kind].format(one_line(owner.shown))
            first = _Found(strength, mention.line, mention.kind, name)
            self._found.setdefault(owner.slug, {}).setdefault((path, what), first)

    def proposals(self) -> tuple[Proposal, ...]:
        proposals = filter(None, map(self._proposal, self._found))
        return tuple(sorted(proposals, key=lambda p: (-p.score, p.slug)))

    def _proposal(self, slug: str) -> Proposal | None:
        entry = catalog.find(slug)
        ranked = sorted(
            (-self._strength(found), path, found.line, what)
            for (path, what), found in self._found[slug].items()
        )
        best = -ranked[0][0]
        if best < Strength.ADDRESS or entry is None:
            return None
        return Proposal(
            slug=slug,
            name=entry.name,
            score=best + min(len(ranked) - 1, _MOST_BONUS),
            evidence=tuple(
                Evidence(one_line(path), line, what)
                for _, path, line, what in ranked[:EVIDENCE_LIMIT]
            ),
            total=len(ranked),
        )

    def _strength(self, found: _Found) -> int:
        """How much `found` counts.

        A package of a lock file that no manifest names is an indirect dependency.
        """
        direct = self._direct.get(found.kind)
        if found.strength is Strength.LOCKED and direct and found.name not in direct:
            return Strength.WEAK
        return found.strength

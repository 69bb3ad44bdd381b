"""Which vendors a project depends on, by what its own files say.

Offline and read-only. A vendor is proposed where a manifest wants its package, where a file that
only it reads stands in the tree, and where code names its variables or the hosts programs call.
A link for people to follow is no dependency, and neither is a package that another one wants.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.text import line as one_line
from outlogger_cli.domain.values import frozen
from outlogger_cli.suggest.files import Mention, Strength, Text, Tree, Unread, decode, is_aside
from outlogger_cli.suggest.owners import Owners, key
from outlogger_cli.suggest.readers import plan
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
    "terraform": "Terraform provider {}",
    "action": "GitHub action {}",
    "image": "container image {}",
    "registry": "container images from {}",
    "env": "variable {}",
    "host": "host {}",
    "endpoint": "host {}",
    "file": "a file that only it reads",
}
_MOST_BONUS = 9
"""Points for further evidence; fewer than lie between two strengths."""


class Evidence(NamedTuple):
    """Where a vendor was met: a path below the root, a line counted from 1, and what stands there.

    `what` names a package, file, image, action, variable or host; it never holds a value.
    """

    path: str
    line: int
    what: str


@frozen
class Proposal:
    """A vendor the project seems to depend on. `score` is from 50 to 99, the surest."""

    slug: str
    name: str
    score: int
    evidence: tuple[Evidence, ...]
    """The strongest first, at most `EVIDENCE_LIMIT`."""


@frozen
class Findings:
    """What a search came to, and whether it read all it should have."""

    proposals: tuple[Proposal, ...]
    """The surest first."""

    unread: Mapping[Unread, int]
    ended: bool
    """Whether it ended at a limit, before it had read everything."""


def suggest(
    root: Path,
    *,
    limit_bytes: int = 200 * 1024 * 1024,
    limit_seconds: float = 20,
    monotonic: Callable[[], float] = time.monotonic,
) -> Findings:
    """The vendors that the project at `root` depends on.

    Manifests are read before settings and settings before code, so that a tree beyond the limits
    still gives its best evidence. The file that reaches the limit of bytes is the last one that is
    read. Raises `UsageError` where `root` is no folder.
    """
    if not paths.is_folder(root):
        raise UsageError(f"{root} is not a folder; name the folder of a project")
    budget = _Budget(limit_bytes, monotonic() + limit_seconds, monotonic)
    tree = Tree(root)
    found = [*takewhile(budget.lasts, tree.walk())]
    survey = _Survey(Owners.load())
    for path in found:
        survey.take(path, [Mention(kind="file", name=path, line=1, strength=Strength.SERVICE)])
    for step in takewhile(budget.lasts, plan(found)):
        body = tree.read(step.path, step.limit)
        text = Text(path=step.path, body=decode(body), laravel=step.laravel)
        survey.take(step.path, takewhile(budget.lasts, step.mentions(text)))
        budget.bytes -= len(body)
    return Findings(proposals=survey.proposals(), unread=tree.unread, ended=budget.ended)


@dataclass
class _Budget:
    """The bytes that are left and the moment it is over; `ended` once it was asked in vain."""

    bytes: int
    deadline: float
    monotonic: Callable[[], float]
    ended: bool = False

    def lasts(self, _: object) -> bool:
        self.ended = self.ended or self.bytes <= 0 or self.monotonic() > self.deadline
        return not self.ended


class _Sighting(NamedTuple):
    strength: Strength
    line: int
    kind: str
    name: str


class _Survey:
    """What was met so far, and what it comes to."""

    def __init__(self, owners: Owners) -> None:
        self._owners = owners
        self._met: dict[str, dict[tuple[str, str], _Sighting]] = {}
        self._wanted: dict[str, set[str]] = {}

    def take(self, path: str, mentions: Iterable[Mention]) -> None:
        aside = is_aside(path)
        for mention in mentions:
            strength = Strength.ASIDE if aside else mention.strength
            name = key(mention.kind, mention.name)
            if strength is Strength.DIRECT:
                self._wanted.setdefault(mention.kind, set()).add(name)
            slug = self._owners.of(mention.kind, mention.name)
            if slug is None:
                continue
            what = _WHAT[mention.kind].format(one_line(mention.name))
            sighting = _Sighting(strength, mention.line, mention.kind, name)
            self._met.setdefault(slug, {}).setdefault((path, what), sighting)

    def proposals(self) -> tuple[Proposal, ...]:
        found = (self._proposal(slug) for slug in self._met)
        return tuple(sorted((p for p in found if p), key=lambda p: (-p.score, p.slug)))

    def _proposal(self, slug: str) -> Proposal | None:
        entry = catalog.find(slug)
        ranked = sorted(
            (-self._strength(sighting), path, sighting.line, what)
            for (path, what), sighting in self._met[slug].items()
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
        )

    def _strength(self, sighting: _Sighting) -> int:
        """A locked package that no manifest wants is only wanted by another package."""
        wanted = self._wanted.get(sighting.kind)
        if sighting.strength is Strength.LOCKED and wanted and sighting.name not in wanted:
            return Strength.ASIDE
        return sighting.strength

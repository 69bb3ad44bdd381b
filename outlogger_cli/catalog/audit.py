"""What the pages of the catalogue's vendors say about its lines, and the lines put right.

Pure: entries and outcomes in, diagnoses and a new text out. Which page is dead is told by the
sentences of `failures` and `platforms._fields`, for several of them come under one `FailureKind`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum, auto
from urllib.parse import urlsplit

from outlogger_cli.catalog.catalog import Entry
from outlogger_cli.domain.model import Failed, Outcome, Read
from outlogger_cli.domain.values import frozen
from outlogger_cli.platforms import BUILT_IN


class Finding(StrEnum):
    """What is the matter with a vendor's line."""

    FINE = auto()
    MOVED = auto()
    """Another host answers."""

    CHANGED = auto()
    """The page runs on another platform than the catalogue says."""

    DEAD = auto()
    PRIVATE = auto()
    UNREADABLE = auto()


@frozen
class Diagnosis:
    """A vendor's line, held against its page. `url` is the catalogue's; `platform` was found, and
    is None where nothing could be read; `moved_to` is the address that answered on another host.
    """

    slug: str
    finding: Finding
    url: str
    platform: str | None
    detail: str
    moved_to: str | None = None

    @property
    def read(self) -> bool:
        return self.platform is not None


_DEAD_STATUS = {404, 410}
_SENTENCES = {
    "no such host": Finding.DEAD,
    "no such page": Finding.DEAD,
    "a parked domain": Finding.DEAD,
    "asks for a sign-in": Finding.PRIVATE,
    "a sign-in page": Finding.PRIVATE,
}
_CLEAN_URL = re.compile(
    r"https://([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9](/[\w.~%/-]*[\w~%-])?", re.A
)
"""An address as a line of the catalogue may hold it."""


def diagnose(entry: Entry, outcome: Outcome) -> Diagnosis:
    """What `outcome`, the reading of the page of `entry`, says about the entry."""
    if isinstance(outcome, Failed):
        return Diagnosis(
            slug=entry.slug,
            finding=failure(outcome),
            url=entry.url,
            platform=None,
            detail=outcome.message,
        )
    moved_to = _moved_to(entry, outcome)
    changed = entry.platform not in {None, outcome.platform}
    return Diagnosis(
        slug=entry.slug,
        finding=Finding.MOVED if moved_to else Finding.CHANGED if changed else Finding.FINE,
        url=entry.url,
        platform=outcome.platform,
        detail="; ".join(_details(entry, outcome, moved_to)),
        moved_to=moved_to,
    )


def failure(failed: Failed) -> Finding:
    """Whether a page that was not read is dead, private or only unreadable."""
    if failed.http_status in _DEAD_STATUS:
        return Finding.DEAD
    said = (finding for sentence, finding in _SENTENCES.items() if sentence in failed.message)
    return next(said, Finding.UNREADABLE)


def doubted(diagnosis: Diagnosis) -> Diagnosis:
    """What is left of the diagnosis where the machine has no network: a page that it could not
    reach need not be dead."""
    return diagnosis if diagnosis.read else replace(diagnosis, finding=Finding.UNREADABLE)


def corrected(text: str, diagnoses: Sequence[Diagnosis]) -> str:
    """The catalogue's text with the addresses and platforms that were found, in its old order.

    Lines of pages that were not read stay as they are, and so do those of pages that moved to an
    address no line can hold, or that another vendor has.
    """
    found = {diagnosis.slug: diagnosis for diagnosis in diagnoses if diagnosis.read}
    header, *lines = text.splitlines()
    taken = {line.split(",")[2].lower() for line in lines}
    return "\n".join((header, *(_corrected(line, found, taken) for line in lines), ""))


def _corrected(line: str, found: dict[str, Diagnosis], taken: set[str]) -> str:
    slug, name, url, platform, evidence, *rest = line.split(",")
    diagnosis = found.get(slug)
    if diagnosis is None or diagnosis.url != url or diagnosis.platform not in BUILT_IN:
        return line
    if diagnosis.moved_to is not None:
        if not _CLEAN_URL.fullmatch(diagnosis.moved_to) or diagnosis.moved_to.lower() in taken:
            return line
        url = diagnosis.moved_to
        taken.add(url.lower())
    platform, evidence = diagnosis.platform, "known"
    return ",".join((slug, name, url, platform, evidence, *rest))


def _moved_to(entry: Entry, read: Read) -> str | None:
    """The new address, without a slash at its end, where that is on another host."""
    home = (read.moved_to or entry.url).split("?")[0].rstrip("/")
    return home if urlsplit(home).netloc != urlsplit(entry.url).netloc else None


def _details(entry: Entry, read: Read, moved_to: str | None) -> Iterable[str]:
    if moved_to:
        yield f"now at {moved_to}"
    if entry.platform is None:
        yield "the catalogue names no platform"
    elif entry.platform != read.platform:
        yield f"the catalogue says {entry.platform}"

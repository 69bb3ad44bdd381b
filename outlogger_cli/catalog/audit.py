"""Compare the catalogue with the pages it names, and correct its lines.

Pure: takes entries and outcomes, returns diagnoses and a new text. A failure's `Reason` decides
whether a page is dead or private.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum, auto
from urllib.parse import urlsplit

from outlogger_cli.catalog.catalog import Entry
from outlogger_cli.domain.model import Failed, Outcome, Read, Reason
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.platforms import BUILT_IN


class Finding(StrEnum):
    """The result for one line of the catalogue."""

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
    """A line of the catalogue compared with its page.

    `url` is the catalogue's. `platform` is the one detected, None if the page was not read.
    `moved_to` is the address that answered, if that is on another host.
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


_FINDINGS = {
    Reason.HOST_NOT_FOUND: Finding.DEAD,
    Reason.NO_SUCH_PAGE: Finding.DEAD,
    Reason.PARKED_DOMAIN: Finding.DEAD,
    Reason.SIGN_IN: Finding.PRIVATE,
}
_CLEAN_URL = re.compile(
    r"https://([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9](/[\w.~%/-]*[\w~%-])?", re.A
)
"""The addresses that are allowed in the catalogue."""


def diagnose(entry: Entry, outcome: Outcome) -> Diagnosis:
    """The diagnosis of `entry`, given the `outcome` of reading its page."""
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
    return _FINDINGS.get(failed.reason, Finding.UNREADABLE)


def doubted(diagnosis: Diagnosis) -> Diagnosis:
    """The diagnosis if the machine has no network: a page it cannot reach may not be dead."""
    return diagnosis if diagnosis.read else replace(diagnosis, finding=Finding.UNREADABLE)


def corrected(text: str, diagnoses: Sequence[Diagnosis]) -> str:
    """The catalogue's text with the addresses and platforms that were detected, in its order.

    A line is unchanged if its page was not read, or moved to an address that is not allowed in
    the catalogue or belongs to another vendor.
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
    """The new address without a trailing slash, None if it is on the same host."""
    home = (read.moved_to or entry.url).split("?")[0].rstrip("/")
    return home if urlsplit(home).netloc != urlsplit(entry.url).netloc else None


def _details(entry: Entry, read: Read, moved_to: str | None) -> Iterable[str]:
    if moved_to:
        yield f"now at {moved_to}"
    if entry.platform is None:
        yield "no platform in the catalogue"
    elif entry.platform != read.platform:
        yield f"the catalogue says {entry.platform}"

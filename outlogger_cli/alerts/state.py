"""What was told and what is muted, on disk, so that a restart tells nothing twice.

One file for the mutes and one a ledger: everybody who is told has one of their own. A file is
written whole, under a lock that ends with its process. One that is damaged, or of an older format,
is as if it were not there; one that a newer program wrote is left to it. All may be deleted at any
time.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from outlogger_cli.alerts.events import Known
from outlogger_cli.domain.errors import LocalError
from outlogger_cli.domain.model import Severity, Vendor, Verdict
from outlogger_cli.domain.selection import matches
from outlogger_cli.domain.values import frozen
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.system import files

FORMAT = 1
LOCK_TIMEOUT = 60.0
"""Seconds to wait for another process that is telling or muting just now."""

PENDING_LIMIT = 100
VENDOR_LIMIT = 5000

Message = dict[str, Any]
"""An event as it is told: the body of a webhook."""

_TOLD = ("event", "vendor", "name", "severity", "title", "message", "url", "at")
_DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


class BusyError(LocalError):
    """Another process holds the file for longer than anybody should."""


@frozen
class Mute:
    """Silence about a vendor, or about the components that a pattern names, `until` a moment or,
    without one, until it is resolved."""

    slug: str
    url: str
    component: str | None = None
    until: datetime | None = None

    @property
    def name(self) -> str:
        return f"{self.slug}/{self.component}" if self.component else self.slug

    def concerns(self, vendor: Vendor) -> bool:
        """By slug, or by the address where that is how the vendor was named; one slug may have
        come to stand for another page."""
        return self.url == vendor.url and self.slug in {vendor.slug, urlsplit(vendor.url).hostname}

    def is_over(self, now: datetime) -> bool:
        return self.until is not None and self.until <= now

    def is_resolved(self, judged: Judged) -> bool:
        """Whether `judged`, of the vendor it concerns, ends it: only what was read can."""
        if self.until is not None or judged.error:
            return False
        if self.component is None:
            return judged.verdict is Verdict.OK
        named = [c for c in judged.components if matches(self.component, c)]
        return bool(named) and all(c.status.severity is Severity.NONE for c in named)


@dataclass(slots=True, kw_only=True)
class Ledger:
    """What one audience knows, by `key` of the vendor; what is written down and has yet to reach
    it, the oldest first; and what is `held` back until its quiet hours end."""

    path: Path
    known: dict[str, Known] = field(default_factory=dict)
    pending: list[Message] = field(default_factory=list)
    held: list[Message] = field(default_factory=list)

    def knows(self, key: str) -> Known:
        return self.known.get(key, Known())

    def note(self, key: str, known: Known) -> None:
        """Remember it as the newest; those of whom nothing was heard for longest go first."""
        self.known.pop(key, None)
        self.known[key] = known

    def save(self) -> None:
        """Write it down; raises `LocalError` where this machine will not have it."""
        _write(
            self.path,
            {
                "format": FORMAT,
                "known": {
                    key: _encoded(self.known[key]) for key in list(self.known)[-VENDOR_LIMIT:]
                },
                "pending": self.pending[-PENDING_LIMIT:],
                "held": self.held[-PENDING_LIMIT:],
            },
        )


class State:
    """The files in `folder`, which is made when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def ledger(self, audience: str) -> Iterator[Ledger]:
        """What `audience` knows, for this process alone as long as the block lasts.

        Raises `BusyError` where another process does not give it up, and `LocalError` where the
        folder cannot be used.
        """
        path = self._folder / f"told-{audience}.json"
        with self._locked(path):
            yield _ledger(path)

    def mutes(self, now: datetime) -> tuple[Mute, ...]:
        """Those that are not over, in the order they were made."""
        return tuple(mute for mute in self._mutes() if not mute.is_over(now))

    def change_mutes(self, edit: Callable[[tuple[Mute, ...]], Iterable[Mute]]) -> None:
        """Replace the mutes by what `edit` makes of them; raises as `ledger` does."""
        with self._locked(self._mute_file):
            rows = [_row(mute) for mute in edit(self._mutes())]
            _write(self._mute_file, {"format": FORMAT, "mutes": rows})

    @property
    def _mute_file(self) -> Path:
        return self._folder / "mutes.json"

    def _mutes(self) -> tuple[Mute, ...]:
        try:
            return tuple(_mute(row) for row in _read(self._mute_file)["mutes"])
        except _DAMAGED:
            return ()

    @contextmanager
    def _locked(self, path: Path) -> Iterator[None]:
        from filelock import FileLock, Timeout

        lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=LOCK_TIMEOUT)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise BusyError(f"{path}: another outlogger is at work with it") from None
        except OSError as error:
            raise _unusable(path, error) from None
        try:
            yield
        finally:
            lock.release()


def key(vendor: Vendor) -> str:
    """What a vendor is known by: its slug, its page, and what was asked of it. Another selection
    or threshold is another question, of which nothing was told yet."""
    chosen, policy = vendor.selection, vendor.policy
    question = json.dumps([chosen.include, chosen.exclude, policy.fail_on, policy.count_incidents])
    return f"{vendor.slug} {vendor.url} {crc32(question.encode()):08x}"


def _write(path: Path, content: Message) -> None:
    data = json.dumps(content, separators=(",", ":")).encode() + b"\n"
    # One name for the temporary file, which the lock makes safe: what a killed process left
    # behind is swept up by the next.
    temporary = path.with_name(f".{path.name}.new")
    try:
        if path.is_file() and path.read_bytes() == data:
            return
        temporary.unlink(missing_ok=True)
        files.replace(path, data, temporary=temporary)
    except OSError as error:
        raise _unusable(path, error) from None


def _unusable(path: Path, error: OSError) -> LocalError:
    return LocalError(f"the state cannot be kept in {path}: {error.strerror or error}")


def _read(path: Path) -> Message:
    """The document at `path`; raises one of `_DAMAGED` where it is none of this format, and
    `LocalError` where it is of a newer one: to replace that would lose it."""
    content = json.loads(path.read_bytes())
    if content["format"] > FORMAT:
        raise LocalError(f"{path}: a newer outlogger wrote this; update this one")
    if content["format"] != FORMAT:
        raise ValueError("another format")
    return dict(content)


def _ledger(path: Path) -> Ledger:
    try:
        content = _read(path)
        return Ledger(
            path=path,
            known={str(key): _known(row) for key, row in content["known"].items()},
            pending=[_message(row) for row in content["pending"]],
            held=[_message(row) for row in content["held"]],
        )
    except _DAMAGED:
        return Ledger(path=path)


def _message(row: Message) -> Message:
    """`row`, which whoever tells it can rely on; `ValueError` where they cannot."""
    if not all(isinstance(row[name], str) for name in _TOLD):
        raise ValueError("no message")
    return dict(row)


def _encoded(known: Known) -> Message:
    return {
        "severity": known.severity,
        "problem": known.problem,
        "turned": _text(known.turned),
        "openings": [_text(moment) for moment in known.openings],
        "flapping": known.flapping,
        "since": _text(known.since),
        "told": known.told,
        "readable": known.readable,
        "incidents": known.incidents,
        "maintenances": known.maintenances,
    }


def _known(row: Message) -> Known:
    return Known(
        severity=_severity(row["severity"]),
        problem=bool(row["problem"]),
        turned=_moment(row["turned"]),
        openings=tuple(filter(None, map(_moment, row["openings"]))),
        flapping=bool(row["flapping"]),
        since=_moment(row["since"]),
        told=_severity(row["told"]),
        readable=bool(row["readable"]),
        incidents=_texts(row["incidents"]),
        maintenances=_texts(row["maintenances"]),
    )


def _severity(word: str | None) -> Severity | None:
    return None if word is None else Severity(word)


def _texts(row: Message) -> dict[str, str]:
    return {str(key): str(value) for key, value in row.items()}


def _row(mute: Mute) -> Message:
    return {
        "slug": mute.slug,
        "url": mute.url,
        "component": mute.component,
        "until": _text(mute.until),
    }


def _mute(row: Message) -> Mute:
    component = row["component"]
    return Mute(
        slug=str(row["slug"]),
        url=str(row["url"]),
        component=component and str(component),
        until=_moment(row["until"]),
    )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    """An aware moment; `ValueError` for a naive one."""
    moment = datetime.fromisoformat(text) if text else None
    if moment and moment.tzinfo is None:
        raise ValueError("a moment without zone")
    return moment

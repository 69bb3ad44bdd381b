"""The diagnoses of an interrupted `vendors doctor --all`, from which the next one goes on."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from outlogger_cli.catalog.audit import Diagnosis, Finding
from outlogger_cli.catalog.catalog import Entry

_MAX_AGE = timedelta(days=1)


class Checkpoint:
    """A file with a line of JSON for each diagnosis, written at once; without a `path` nothing.

    Only pages that were read are kept: the others are tried again. A line that is older than a
    day, or that a kill cut off, does not count. If the file cannot be written nothing is kept.
    """

    def __init__(self, path: Path | None, *, now: datetime) -> None:
        self._path = path
        self._now = now

    def load(self, entries: Sequence[Entry]) -> dict[str, Diagnosis]:
        """The diagnoses of `entries` by slug, if their lines are still the same."""
        lines = {(entry.slug, entry.url) for entry in entries}
        return {one.slug: one for one in self._kept() if (one.slug, one.url) in lines}

    def add(self, diagnosis: Diagnosis) -> None:
        if self._path is None or not diagnosis.read:
            return
        row = json.dumps({"at": self._now.isoformat(), **asdict(diagnosis)})
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(row + "\n")

    def clear(self) -> None:
        """Delete the file: the next run starts from the beginning."""
        if self._path:
            with suppress(OSError):
                self._path.unlink()

    def _kept(self) -> Iterator[Diagnosis]:
        try:
            rows = self._path.read_text(encoding="utf-8").splitlines() if self._path else []
        except (OSError, ValueError):
            return
        for row in rows:
            with suppress(ValueError, TypeError, KeyError, AttributeError):
                kept = json.loads(row)
                if abs(self._now - datetime.fromisoformat(kept.pop("at"))) < _MAX_AGE:
                    yield Diagnosis(**{**kept, "finding": Finding(kept["finding"])})

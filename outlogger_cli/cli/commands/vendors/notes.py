"""What an interrupted `vendors doctor --all` had found, so that the next one goes on from there."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from outlogger_cli.catalog.audit import Diagnosis, Finding
from outlogger_cli.catalog.catalog import Entry

_KEPT = timedelta(days=1)


class Notes:
    """One line a diagnosis in the file at `path`, written when it is found; without a path none.

    Only pages that were read are noted: another try may do for the rest. What is older than a day
    does not count, nor does a line that a kill cut off. Where the file cannot be written nothing
    is noted.
    """

    def __init__(self, path: Path | None, *, now: datetime) -> None:
        self._path = path
        self._now = now

    def of(self, entries: Sequence[Entry]) -> dict[str, Diagnosis]:
        """What was found of `entries`, by slug, where their lines are still the same."""
        lines = {(entry.slug, entry.url) for entry in entries}
        return {noted.slug: noted for noted in self._noted() if (noted.slug, noted.url) in lines}

    def add(self, diagnosis: Diagnosis) -> None:
        if self._path is None or not diagnosis.read:
            return
        row = json.dumps({"at": self._now.isoformat(), **asdict(diagnosis)})
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(row + "\n")

    def clear(self) -> None:
        """Begin anew next time."""
        if self._path:
            with suppress(OSError):
                self._path.unlink()

    def _noted(self) -> Iterator[Diagnosis]:
        try:
            rows = self._path.read_text(encoding="utf-8").splitlines() if self._path else []
        except (OSError, ValueError):
            return
        for row in rows:
            with suppress(ValueError, TypeError, KeyError, AttributeError):
                noted = json.loads(row)
                if abs(self._now - datetime.fromisoformat(noted.pop("at"))) < _KEPT:
                    yield Diagnosis(**{**noted, "finding": Finding(noted["finding"])})

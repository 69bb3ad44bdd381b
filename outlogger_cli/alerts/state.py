"""The state folder: what was notified and what is muted, so that a restart repeats nothing.

It holds one file for the mutes, one for each subscriber, and one for what `watch --once` said of
vendors that could not be judged. A file that is damaged, or of an older format, counts as missing;
one that a newer version wrote is left alone. All may be deleted at any time.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from outlogger_cli.alerts import delivery_log, mutes
from outlogger_cli.alerts.delivery_log import DeliveryLog
from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.alerts.state_file import DAMAGED, StateFile


class StateFolder:
    """The files in `folder`, which is created when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mute_file = StateFile(folder / "mutes.json")
        self._unjudged_file = StateFile(folder / "unjudged.json")

    @property
    def foreign(self) -> list[Path]:
        """What is not used, because another user owns it."""
        found = {self._mute_file.foreign}
        with suppress(OSError):  # a folder that cannot be listed is reported when it is used
            found |= {StateFile(path).foreign for path in self._folder.glob("told-*.json")}
        return sorted(filter(None, found))

    @contextmanager
    def delivery_log(self, subscriber: str) -> Iterator[DeliveryLog]:
        """Read the subscriber's log, locked against other processes while the block lasts.

        Raises `BusyError` if another process does not release it, and `LocalError` if the folder
        cannot be used.
        """
        file = self._log_file(subscriber)
        with file.locked():
            yield delivery_log.load(file)

    def unlocked_log(self, subscriber: str) -> DeliveryLog:
        """Read the subscriber's log without its lock: to look at it, or in a folder that refuses
        the lock."""
        return delivery_log.load(self._log_file(subscriber))

    @contextmanager
    def unjudged(self) -> Iterator[dict[str, Any]]:
        """Yield what was said of vendors that could not be judged, by key; keep its changes.

        Raises as `delivery_log` does.
        """
        with self._unjudged_file.locked():
            try:
                said = dict(self._unjudged_file.read()["vendors"])
            except DAMAGED:
                said = {}
            yield said
            self._unjudged_file.write({"vendors": said})

    def _log_file(self, subscriber: str) -> StateFile:
        return StateFile(self._folder / f"told-{subscriber}.json")

    def mutes(self, now: datetime) -> tuple[Mute, ...]:
        """Return the mutes that have not expired, in the order they were made."""
        return tuple(mute for mute in self._all_mutes() if not mute.has_expired(now))

    def change_mutes(self, edit: Callable[[tuple[Mute, ...]], Iterable[Mute]]) -> None:
        """Replace all mutes by those that `edit` returns; raises as `delivery_log` does."""
        with self._mute_file.locked():
            rows = [mutes.encode(mute) for mute in edit(self._all_mutes())]
            self._mute_file.write({"mutes": rows})

    def _all_mutes(self) -> tuple[Mute, ...]:
        try:
            return tuple(map(mutes.decode, self._mute_file.read()["mutes"]))
        except DAMAGED:
            return ()

"""A file of the state folder: a JSON document that is locked, and replaced as a whole.

One that another user owns is not used, nor is one in a folder of another user than root.
"""

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import MAXYEAR, MINYEAR, datetime
from pathlib import Path
from typing import Any

from outlogger_cli.domain.errors import LocalError
from outlogger_cli.system import files

FORMAT = 1
LOCK_TIMEOUT = 60.0
"""Seconds to wait for another process that is notifying or muting."""

DAMAGED = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What reading a missing, damaged or older file raises; it then counts as empty."""


class BusyError(LocalError):
    """Another process holds the lock for longer than `LOCK_TIMEOUT`."""


class NewerVersionError(LocalError):
    """A newer version wrote the file: what it knows would be lost."""


class StateFile:
    """The file at `path`; its folder is created when the lock is first taken."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def foreign(self) -> Path | None:
        """The file or its folder, if it is not used because another user owns it."""
        folder = self._path.parent
        if os.path.lexists(folder) and files.is_foreign(folder, trusts_root=True):
            return folder
        return self._path if os.path.lexists(self._path) and files.is_foreign(self._path) else None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the file's lock, which the system releases if the process is killed.

        Raises `BusyError` after `LOCK_TIMEOUT`, and `LocalError` if the folder cannot be used.
        """
        from filelock import FileLock, Timeout  # third-party, and not needed to read

        lock = FileLock(self._beside("lock"), timeout=LOCK_TIMEOUT)
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._refuse_foreign()
            lock.acquire()
        except Timeout:
            raise BusyError(f"{self._path}: locked by another outlogger") from None
        except OSError as error:
            raise self._unusable(error) from None
        try:
            yield
        finally:
            with suppress(OSError):  # a network drive that went away; the lock ends with it
                lock.release()

    def read(self) -> dict[str, Any]:
        """Return the document.

        Raises one of `DAMAGED` if there is none of this format, and `NewerVersionError`.
        """
        self._refuse_foreign()
        if not self._path.is_file():  # a pipe would be waited for
            raise FileNotFoundError(errno.ENOENT, "not a regular file")
        content = json.loads(self._path.read_bytes())
        number = content["format"]
        if isinstance(number, int) and number > FORMAT:
            raise NewerVersionError(f"{self._path}: a newer outlogger wrote this; update this one")
        if number != FORMAT:
            raise ValueError("an older format")
        return dict(content)

    def write(self, content: dict[str, Any]) -> None:
        """Write the document, unless the file holds it already; call it with the lock held.

        Raises `LocalError` if the file cannot be written.
        """
        document = {"format": FORMAT, **content}
        data = json.dumps(document, separators=(",", ":")).encode() + b"\n"
        # One name for the temporary file, which the lock makes safe: the next write removes
        # what a killed process left behind.
        temporary = self._beside("new")
        try:
            if self._path.is_file() and self._path.read_bytes() == data:
                return
            temporary.unlink(missing_ok=True)
            files.replace(self._path, data, temporary=temporary)
        except OSError as error:
            raise self._unusable(error) from None

    def _refuse_foreign(self) -> None:
        if self.foreign:
            raise PermissionError(errno.EPERM, "another user owns it")

    def _beside(self, suffix: str) -> Path:
        return self._path.with_name(f".{self._path.name}.{suffix}")

    def _unusable(self, error: OSError) -> LocalError:
        reason = error.strerror or error
        return LocalError(f"the state cannot be kept in {self._path}: {reason}")


def time_to_text(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def time_from_text(text: str | None) -> datetime | None:
    """Parse an aware time; raises `ValueError` for a naive one, and for one that has no equivalent
    in other zones."""
    time = datetime.fromisoformat(text) if text else None
    if time and (time.tzinfo is None or time.year in {MINYEAR, MAXYEAR}):
        raise ValueError("a time without zone, or out of range")
    return time

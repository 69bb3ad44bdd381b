"""The watchlist's file, changed under a lock and written whole, or not at all."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from outlogger_cli.domain.errors import ConfigError, LocalError
from outlogger_cli.domain.text import line
from outlogger_cli.system import files
from outlogger_cli.watchlist.edit import NEW, EditRefusedError
from outlogger_cli.watchlist.schema import parse, read

LOCK_TIMEOUT = 10.0
"""Seconds to wait for another process that is writing the same file."""


def change(path: Path, edit: Callable[[str], str]) -> bool:
    """Edits the file at `path` under a lock, and says whether that changed it.

    `edit` gets the text as it stands, or `NEW` where there is no file, and may raise. The file
    is written whole or not at all: a kill at any moment leaves the old one or the new one.
    Raises `ConfigError` where the text before or after the edit is no good watchlist, or where a
    device, a pipe, a folder or a link to itself stands at `path`, and `LocalError` where the file
    cannot be written or stays locked for `LOCK_TIMEOUT` seconds.
    """
    real = Path(os.path.realpath(path))
    shown = line(str(path))
    try:
        with suppress(FileNotFoundError, NotADirectoryError):
            real.lstat()  # a folder that is closed; the questions below say no to it, from 3.14 on
        if real.is_symlink() or (real.exists() and not real.is_file()):
            raise ConfigError(f"{shown}: is no file that a list could be written to")
        with _locked(real, shown):
            return _change(path, real, edit)
    except EditRefusedError as refused:
        raise EditRefusedError(f"{shown}: {refused}") from None
    except OSError as error:
        raise LocalError(f"{shown}: cannot be written: {error.strerror or error}") from None


@contextmanager
def _locked(real: Path, shown: str) -> Iterator[None]:
    """For one process at a time. The lock's file goes while it is held: who waited for it notices
    that what he has is gone, and makes another."""
    from filelock import FileLock, Timeout

    path = real.with_name(f".{real.name}.lock")
    lock = FileLock(path, timeout=LOCK_TIMEOUT)
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise LocalError(f"{shown}: another process is writing it; try again") from None
    except PermissionError as error:
        raise LocalError(f"{shown}: cannot be written: {_closed(path, error)}") from None
    try:
        yield
    finally:
        with suppress(OSError):  # Windows keeps it until it is released, and then needs no help
            path.unlink()
        lock.release()


def _closed(lock: Path, error: PermissionError) -> str:
    """Whether it is the lock that is closed to this user, or the folder that would have to take
    it."""
    if os.path.lexists(lock):
        return (
            f"{line(str(lock))}: {error.strerror}; another user is changing the list, or left this "
            "lock behind: try again, or remove it"
        )
    folder = Path(error.filename or lock).parent
    return f"nothing can be made in {line(str(folder))}: {error.strerror}"


def _change(path: Path, real: Path, edit: Callable[[str], str]) -> bool:
    old = read(path) if real.exists() else NEW
    parse(old, path)
    new = edit(old)
    if new == old:
        return False
    parse(new, Path(f"{path} (as it would be)"))
    # One name for the temporary file, which the lock makes safe: what a killed process left
    # behind is swept up by the next change.
    temporary = real.with_name(f".{real.name}.new")
    temporary.unlink(missing_ok=True)
    files.replace(real, new.encode(), temporary=temporary)
    return True

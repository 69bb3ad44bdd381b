"""The watchlist's file: read in bounded time, changed under a lock and written atomically."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from outlogger_cli.domain.errors import ConfigError, LocalError
from outlogger_cli.domain.text import line
from outlogger_cli.system import files
from outlogger_cli.watchlist.schema import NEW, Watchlist, error, parse

SIZE_LIMIT = 1024 * 1024
"""Bytes; a longer file is not a watchlist."""

PIPE_TIMEOUT = 10.0
"""Seconds to wait for the writer of a watchlist that is a pipe, as `<(...)` makes them."""

LOCK_TIMEOUT = 10.0
"""Seconds to wait for another process that is writing the same file."""


class EditRefusedError(ConfigError):
    """An edit that would have to touch more of the file than it should; nothing is written."""


def load(path: Path) -> Watchlist:
    """The watchlist at `path`; raises `ConfigError`, one line, if it is invalid."""
    return parse(read(path), path)


def read(path: Path, *, real: Path | None = None) -> str:
    """The text at `path` unchanged, with its line ends and its byte order mark.

    `real` is the file that `path` means, if links must not be followed again. Raises `ConfigError`
    if it cannot be read, is not UTF-8 or is longer than `SIZE_LIMIT`.
    """
    try:
        data = _read_pipe(path) if path.is_fifo() else _read_file(real or path)
    except OSError as failed:
        raise error(path, f"cannot be read: {failed.strerror}") from None
    if len(data) > SIZE_LIMIT:
        raise error(path, "is larger than 1 MiB, the limit for a watchlist")
    try:
        return data.decode()
    except UnicodeDecodeError as invalid:
        row = data.count(b"\n", 0, invalid.start) + 1
        raise error(path, "is not UTF-8 text; save it as UTF-8", row) from None


def change(path: Path, edit: Callable[[str], str], *, must_be_new: bool = False) -> bool:
    """Edit the file at `path` under a lock; return whether that changed it.

    `edit` gets the text, or `NEW` if there is no file, and may raise. The file is written
    atomically: after a kill at any moment it is the old one or the new one. Raises `ConfigError`
    if the text before or after the edit is invalid, or if `path` is a device, a pipe, a folder or
    a link to itself, or if the file exists and `must_be_new`. Raises `LocalError` if the file
    cannot be written, stays locked for `LOCK_TIMEOUT` seconds, or is behind a link that another
    user made.
    """
    shown = line(str(path))
    try:
        real = files.without_links(path)
        with suppress(FileNotFoundError, NotADirectoryError):
            real.lstat()  # raises if the folder is closed; from 3.14 on the tests below do not
        if real.is_symlink() or (real.exists() and not real.is_file()):
            raise ConfigError(f"{shown}: is not a regular file")
        with _locked(real, shown):
            if must_be_new and real.exists():
                raise ConfigError(f"{shown}: already exists; nothing was written")
            return _change(path, real, edit)
    except EditRefusedError as refused:
        raise EditRefusedError(f"{shown}: {refused}") from None
    except OSError as failed:
        raise LocalError(f"{shown}: cannot be written: {failed.strerror or failed}") from None


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(SIZE_LIMIT + 1)


def _read_pipe(path: Path) -> bytes:
    """The bytes of a pipe; raises `OSError` if no data arrives in time."""
    import select

    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if not select.select([file], [], [], PIPE_TIMEOUT)[0]:
            raise OSError(errno.ETIMEDOUT, "timed out waiting for data from the pipe")
        os.set_blocking(handle, True)
        return file.read(SIZE_LIMIT + 1)


@contextmanager
def _locked(real: Path, shown: str) -> Iterator[None]:
    """Lock the file against other processes.

    The lock's file is removed while it is held: a process that waited for it notices that its
    file is gone, and makes another.
    """
    from filelock import FileLock, Timeout

    path = real.with_name(f".{real.name}.lock")
    lock = FileLock(path, timeout=LOCK_TIMEOUT)
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise LocalError(f"{shown}: another process is writing it; try again") from None
    except PermissionError as denied:
        raise LocalError(f"{shown}: cannot be written: {_why_denied(path, denied)}") from None
    try:
        yield
    finally:
        with suppress(OSError):  # Windows refuses before the release, and does it itself then
            path.unlink()
        lock.release()


def _why_denied(lock: Path, denied: PermissionError) -> str:
    """Whether this user may not open the lock, or not make it in its folder."""
    if os.path.lexists(lock):
        return (
            f"{line(str(lock))}: {denied.strerror}; another user is changing the watchlist"
            " or left this lock behind: try again, or delete it"
        )
    folder = Path(denied.filename or lock).parent
    return f"cannot create files in {line(str(folder))}: {denied.strerror}"


def _change(path: Path, real: Path, edit: Callable[[str], str]) -> bool:
    old = read(path, real=real) if real.exists() else NEW
    parse(old, path)
    new = edit(old)
    if new == old:
        return False
    parse(new, Path(f"{path} (after the change)"))
    # The temporary file has one name, which the lock makes safe: the next change removes what a
    # killed process left behind.
    temporary = real.with_name(f".{real.name}.new")
    temporary.unlink(missing_ok=True)
    files.replace(real, new.encode(), temporary=temporary)
    return True

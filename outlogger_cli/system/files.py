"""Atomic writes: a process killed at any moment leaves the old file or the new one."""

import os
from pathlib import Path
from stat import S_IMODE


def replace(path: Path, data: bytes, *, temporary: Path) -> None:
    """Write `data` to the temporary file, and rename that to `path`, which is not a link.

    `temporary` is in the same folder. An existing file keeps its owner and mode. If the user is
    not in its group, the group changes, and then has only permissions that others have too.
    Raises `OSError`; the old file is then unchanged and `temporary` is removed.
    """
    try:
        _create(temporary, path.stat() if path.exists() else None)
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _create(temporary: Path, like: os.stat_result | None) -> None:
    # private at first: who opens it before its mode is set could read what is written later
    temporary.touch(0o600 if like else 0o666, exist_ok=False)
    if like is None:
        return
    own, mode = temporary.stat(), S_IMODE(like.st_mode)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        try:
            os.chown(temporary, like.st_uid, like.st_gid)
        except OSError:
            if own.st_uid != like.st_uid:
                raise
            shared = mode & mode >> 3 & 0o7  # what both the old group and others may do
            mode = mode & 0o700 | shared << 3 | shared
    temporary.chmod(mode)

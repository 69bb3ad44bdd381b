"""Files replaced whole: a kill at any moment leaves the old one or the new one."""

import os
from pathlib import Path
from stat import S_IMODE


def replace(path: Path, data: bytes, *, temporary: Path) -> None:
    """Put `data` at `path`, which is no link, by way of `temporary` in the same folder.

    Mode and owner of a file that was there are kept. Where its group cannot be, because the user
    is not in it, the new one and all others may do what both the old one and all others might.
    Raises `OSError`; then the old file stands unharmed and `temporary` is gone.
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
    # whoever may open it before its mode is set might read later what is written then
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
            mode = _for_another_group(mode)
    temporary.chmod(mode)


def _for_another_group(mode: int) -> int:
    both = mode & mode >> 3 & 0o7
    return mode & 0o700 | both << 3 | both

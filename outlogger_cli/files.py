"""Files replaced whole: a kill at any moment leaves the old one or the new one."""

import os
from pathlib import Path
from stat import S_IMODE


def replace(path: Path, data: bytes, *, temporary: Path) -> None:
    """Put `data` at `path`, which is no link, by way of `temporary` in the same folder.

    Mode and owner of a file that was there are kept. Raises `OSError`; then the old file stands
    unharmed and `temporary` is gone.
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
    temporary.touch(S_IMODE(like.st_mode) if like else 0o666, exist_ok=False)
    if like is None:
        return
    own = temporary.stat()
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        os.chown(temporary, like.st_uid, like.st_gid)
    temporary.chmod(S_IMODE(like.st_mode))

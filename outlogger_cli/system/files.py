"""Files that others may tamper with: atomic writes, links, owners.

A process killed at any moment leaves the old file or the new one. In a folder that others may
write to, a name can mean another file a moment later: what is written goes through the descriptor
that created the file.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE, S_ISREG

_LINK_LIMIT = 40
"""Links to links that are followed, as by Linux."""


def replace(path: Path, data: bytes, *, temporary: Path) -> None:
    """Write `data` to the temporary file, and rename that to `path`, which is not a link.

    `temporary` is in the same folder. An existing file keeps its owner and mode. If the user is
    not in its group, the group changes, and then has only permissions that others have too.
    Raises `OSError`; the old file is then unchanged, unless another user replaced it by a link,
    and `temporary` is removed.
    """
    like = path.lstat() if os.path.lexists(path) else None
    if like and not S_ISREG(like.st_mode):
        raise FileExistsError(errno.EEXIST, "it is no longer a regular file")

    def create(name: str, flags: int) -> int:
        # private at first: who opens it before its mode is set could read what is written later
        return os.open(name, flags, 0o600 if like else 0o666)

    with open(temporary, "xb", opener=create) as file:
        try:
            if like and hasattr(os, "fchown"):  # not on Windows
                _make_like(like, file.fileno())
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            if not os.path.samestat(os.fstat(file.fileno()), temporary.lstat()):
                raise FileExistsError(errno.EEXIST, "another process changed it at the same time")
            temporary.replace(path)
            if path.is_symlink():  # swapped in the moment before the rename
                raise FileExistsError(errno.EEXIST, "another user replaced it by a link")
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    _sync(path.parent)


def write_into(path: Path, data: bytes) -> None:
    """Write `data` to the device or pipe at `path`; raises `OSError` if it is a file by now."""

    def keep(name: str, flags: int) -> int:
        return os.open(name, flags & ~(os.O_CREAT | os.O_TRUNC))

    with open(path, "wb", opener=keep) as file:
        if S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileExistsError(errno.EEXIST, "another process changed it at the same time")
        file.write(data)


def without_links(path: Path) -> Path:
    """The file that `path` means, which need not exist; a link if links form a circle.

    Raises `PermissionError` for a link that neither this user nor root made: it may lead to any
    file of this user.
    """
    for _ in range(_LINK_LIMIT):
        if not path.is_symlink():
            break
        if is_foreign(path, trusts_root=True, follows=False):
            raise PermissionError(errno.EPERM, "it is a link made by another user")
        path = path.parent / path.readlink()
    return Path(os.path.realpath(path))


def is_foreign(path: Path, *, trusts_root: bool = False, follows: bool = True) -> bool:
    """Whether another user owns the file or folder at `path`, or the link to it; also if that
    cannot be looked up. False on systems without owners."""
    if not hasattr(os, "getuid"):
        return False
    try:
        owners = {path.lstat().st_uid, *((path.stat().st_uid,) if follows else ())}
    except OSError:
        return True
    return not owners <= {os.getuid(), *((0,) if trusts_root else ())}


def _make_like(like: os.stat_result, handle: int) -> None:
    own, mode = os.fstat(handle), S_IMODE(like.st_mode)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        try:
            os.fchown(handle, like.st_uid, like.st_gid)
        except OSError:
            if own.st_uid != like.st_uid:
                raise
            shared = mode & mode >> 3 & 0o7  # what both the old group and others may do
            mode = mode & 0o700 | shared << 3 | shared
    os.fchmod(handle, mode)


def _sync(folder: Path) -> None:
    """Make a rename in `folder` outlast a power cut, on systems that can sync a folder."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

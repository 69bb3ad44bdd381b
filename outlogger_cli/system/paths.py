"""Where files are: stored readings, state, configuration, and the watchlist that applies."""

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from outlogger_cli.domain.values import frozen

WATCHLIST_VARIABLE = "OUTLOGGER_WATCHLIST"
PROJECT_FILE = "outlogger.toml"

_BELOW_HOME = {"cache": ".cache", "state": ".local/state", "config": ".config"}


@frozen
class Located:
    """The watchlist that applies. `own` says whether the user chose it: one that merely lies in
    a folder may be a stranger's, so its secrets and commands are not used. One that was `named`
    must be there. `foreign` is the nearest one that would apply but for its owner."""

    path: Path
    own: bool
    named: bool = False
    foreign: Path | None = None

    @property
    def passed_over(self) -> str:
        """What there is to say of the foreign one."""
        why = "is not used, because somebody else owns it (--watchlist FILE trusts it)"
        return f"{self.foreign} {why}" if self.foreign else ""


def pages() -> Path:
    """The folder of the stored readings."""
    return _folder("cache") / "pages"


def state() -> Path:
    """The folder of what was notified and muted."""
    return _folder("state")


def user_watchlist() -> Path:
    return _folder("config") / "watchlist.toml"


def _folder(purpose: str) -> Path:
    """What platformdirs says; on Linux by the rule it has there, where nothing is unusual, for to
    load it is a quarter of what a short run costs beyond Python and Typer.

    A user without a home, as in some containers, has folders in which nothing is and nothing can
    be kept.
    """
    if sys.platform == "linux" and "ANDROID_ROOT" not in os.environ:
        home = os.environ.get("HOME", "")
        chosen = os.environ.get(f"XDG_{purpose.upper()}_HOME")
        if home.startswith("/") and (not chosen or chosen.startswith("/")):
            return Path(home, chosen or _BELOW_HOME[purpose], "outlogger")
    from platformdirs import PlatformDirs

    with suppress(RuntimeError):
        said = getattr(PlatformDirs("outlogger", appauthor=False), f"user_{purpose}_path")
        if said.is_absolute():  # older ones call an unknown home `~`
            return Path(said)
    return Path(os.devnull, _BELOW_HOME[purpose], "outlogger")


def watchlist(named: Path | None, environ: Mapping[str, str], cwd: Path) -> Located:
    """The file `--watchlist` or OUTLOGGER_WATCHLIST names, else the project's, else the user's.

    It may not exist.
    """
    if named:
        return Located(path=named, own=True, named=True)
    if variable := environ.get(WATCHLIST_VARIABLE):
        return Located(path=Path(variable), own=True, named=True)
    foreign = None
    for folder in _upwards(cwd, environ):
        path = folder / PROJECT_FILE
        if not is_file(path):
            continue
        if not _is_foreign(path):
            return Located(path=path, own=False, foreign=foreign)
        foreign = foreign or path
    return Located(path=user_watchlist(), own=True, foreign=foreign)


def is_file(path: Path) -> bool:
    """Whether a file is there, as far as this user may look."""
    return stat.S_ISREG(_mode(path))


def is_folder(path: Path) -> bool:
    """The same of a folder."""
    return stat.S_ISDIR(_mode(path))


def is_there(path: Path) -> bool:
    """The same of anything at all, such as the pipe that `<(...)` is."""
    return bool(_mode(path))


def _mode(path: Path) -> int:
    """0 for what is not there, as is what lies in a folder that is closed to this user."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def _upwards(folder: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """`folder` and its parents, up to the repository's root or home."""
    home = environ.get("HOME")
    homes = {Path(home), Path(home).resolve()} if home else set()
    for one in (folder, *folder.parents):
        yield one
        if _mode(one / ".git") or one in homes:
            return


def _is_foreign(path: Path) -> bool:
    """Whether somebody else owns the file, or a link to it: in a shared folder it may be a trap."""
    if not hasattr(os, "getuid"):
        return False
    try:
        return {path.stat().st_uid, path.lstat().st_uid} != {os.getuid()}
    except OSError:
        return True

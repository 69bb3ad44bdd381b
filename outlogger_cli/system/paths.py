"""Where files are: the cache, state, configuration, and the watchlist that applies."""

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from outlogger_cli.domain.values import frozen
from outlogger_cli.system.files import is_foreign

WATCHLIST_VARIABLE = "OUTLOGGER_WATCHLIST"
PROJECT_FILE = "outlogger.toml"

_BELOW_HOME = {"cache": ".cache", "state": ".local/state", "config": ".config"}


@frozen
class Located:
    """The watchlist that applies.

    `own` says whether the user chose it. A file found in a project may be a stranger's, so its
    secrets and commands are not used. A file that was `named` must exist. `foreign` is the nearest
    project file that is not used because it belongs to another user.
    """

    path: Path
    own: bool
    named: bool = False
    foreign: Path | None = None

    @property
    def passed_over(self) -> str:
        """The message about the `foreign` file; empty without one."""
        why = "is ignored: another user owns it (to trust it: --watchlist FILE)"
        return f"{self.foreign} {why}" if self.foreign else ""


def pages() -> Path:
    """The folder of the cache."""
    return _folder("cache") / "pages"


def state() -> Path:
    """The folder of what was notified and what is muted."""
    return _folder("state")


def user_watchlist() -> Path:
    return _folder("config") / "watchlist.toml"


def _folder(purpose: str) -> Path:
    """The folder that platformdirs names.

    On Linux its rule is repeated here: importing it takes a quarter of a short run's own time. A
    user without a home, as in some containers, gets a folder that cannot exist.
    """
    if sys.platform == "linux" and "ANDROID_ROOT" not in os.environ:
        home = os.environ.get("HOME", "")
        chosen = os.environ.get(f"XDG_{purpose.upper()}_HOME")
        if home.startswith("/") and (not chosen or chosen.startswith("/")):
            return Path(home, chosen or _BELOW_HOME[purpose], "outlogger")
    from platformdirs import PlatformDirs

    with suppress(RuntimeError):
        path = getattr(PlatformDirs("outlogger", appauthor=False), f"user_{purpose}_path")
        if path.is_absolute():  # older versions return `~` for an unknown home
            return Path(path)
    return Path(os.devnull, _BELOW_HOME[purpose], "outlogger")


def watchlist(named: Path | None, environ: Mapping[str, str], cwd: Path) -> Located:
    """The file of `--watchlist` or OUTLOGGER_WATCHLIST, else the project's, else the user's.

    It need not exist.
    """
    if named:
        return Located(path=named, own=True, named=True)
    if variable := environ.get(WATCHLIST_VARIABLE):
        return Located(path=Path(variable), own=True, named=True)
    foreign = None
    for folder in _upwards(cwd, environ):
        path = folder / PROJECT_FILE
        if is_file(path):
            if not is_foreign(path):
                return Located(path=path, own=False, foreign=foreign)
            foreign = foreign or path
    return Located(path=user_watchlist(), own=True, foreign=foreign)


def is_file(path: Path) -> bool:
    """Whether `path` is a file; False if the user may not look into its folder."""
    return stat.S_ISREG(_mode(path))


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder; False if the user may not look into its parent."""
    return stat.S_ISDIR(_mode(path))


def is_there(path: Path) -> bool:
    """Whether `path` is anything at all, such as the pipe of `<(...)`."""
    return bool(_mode(path))


def _mode(path: Path) -> int:
    """The mode of the file; 0 if it does not exist or cannot be looked up."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def _upwards(folder: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """`folder` and its parents, up to the root of the repository or the home."""
    home = environ.get("HOME")
    homes = {Path(home), Path(home).resolve()} if home else set()
    for one in (folder, *folder.parents):
        yield one
        if _mode(one / ".git") or one in homes:
            return

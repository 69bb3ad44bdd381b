"""Watchlists that are not regular files: refused at once, and never replaced."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from outlogger_cli.watchlist import store
from tests.running import Finished, run_command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other files")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    """A null device of its own, so that a bug cannot destroy the machine's."""
    try:
        os.mknod(path, 0o020666, Path("/dev/null").stat().st_rdev)
    except PermissionError:
        pytest.skip("only root makes devices")


def loop(path: Path) -> None:
    path.symlink_to(path)


ODD: dict[str, tuple[Callable[[Path], None], str]] = {
    "a folder": (Path.mkdir, "cannot be read: Is a directory"),
    "a link to itself": (loop, "cannot be read: Too many levels of symbolic links"),
    "a pipe": (pipe, "cannot be read: timed out waiting for data from the pipe"),
    "too large": (lambda path: _fill(path, b"#" * 10_000_000), "is larger than 1 MiB"),
    "a NUL": (lambda path: _fill(path, b"version = 1\0\n"), "not valid TOML"),
    "UTF-16": (lambda path: _fill(path, "version = 1\n".encode("utf-16")), "is not UTF-8 text"),
}


def _fill(path: Path, data: bytes) -> None:
    path.write_bytes(data)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "PIPE_TIMEOUT", 0)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("make", "said"), ODD.values(), ids=ODD)
@pytest.mark.parametrize("argv", [("check",), ("watchlist", "validate")])
def test_a_watchlist_that_is_not_a_regular_file_is_refused_at_once(
    home: Path, make: Callable[[Path], None], said: str, argv: tuple[str, ...]
) -> None:
    path = home / "odd.toml"
    make(path)
    finished = run_command(*argv, "--watchlist", str(path))
    assert (finished.code, finished.out, finished.err.count("\n")) == (2, "", 1)
    assert finished.err.startswith(f"outlogger: {path}:")
    assert said in finished.err


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("make", [*(make for make, _ in ODD.values()), device])
def test_a_watchlist_that_is_not_a_regular_file_is_never_replaced(
    home: Path, make: Callable[[Path], None]
) -> None:
    path = home / "odd.toml"
    make(path)
    before = path.lstat()
    finished = run_command("watchlist", "add", "github", "--no-check", "--watchlist", str(path))
    assert (finished.code, finished.out, finished.err.count("\n")) == (2, "", 1)
    assert (path.lstat().st_ino, path.lstat().st_mtime) == (before.st_ino, before.st_mtime)
    assert [left.name for left in home.iterdir()] == ["odd.toml"]


def test_a_watchlist_may_be_a_pipe(home: Path) -> None:
    path = home / "odd.toml"
    os.mkfifo(path)
    writer = threading.Thread(target=_fill, args=(path, b"[vendors.github]\n"))
    writer.start()
    finished = run_command("watchlist", "validate", "--watchlist", str(path))
    writer.join()
    assert finished == Finished(code=0, out=f"{path}: ok, 1 vendor\n", err="")


def test_a_dangling_link_creates_its_target(home: Path) -> None:
    link, real = home / "link.toml", home / "real.toml"
    link.symlink_to(real)
    finished = run_command("watchlist", "add", "github", "--no-check", "--watchlist", str(link))
    assert (finished.code, link.is_symlink()) == (0, True)
    assert real.read_text() == "version = 1\n\n[vendors.github]\n"

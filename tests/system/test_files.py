"""Atomic writes among others who may write to the same folder, and who owns what."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.cli.writing import write_file
from outlogger_cli.domain.errors import ConfigError, LocalError
from outlogger_cli.system import files
from outlogger_cli.watchlist.store import change
from tests.watchlist.editing import adding

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other owners")

IS_ROOT = hasattr(os, "getuid") and os.getuid() == 0
STRANGER = 12345
needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root can give a file away")

PRECIOUS = "version = 1  # precious\n"


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """A file of the user that is outside the shared folder."""
    path = tmp_path / "precious.toml"
    path.write_text(PRECIOUS)
    path.chmod(0o600)
    return path


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    folder.mkdir()
    return folder


def swap(path: Path, target: Path) -> None:
    path.unlink()
    path.symlink_to(target)


def at_call(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, act: Callable[[], None]
) -> None:
    """Let a stranger act once, just before the function `name` of `owner` is called."""
    original = getattr(owner, name)

    def called(*args: object, **options: object) -> object:
        monkeypatch.setattr(owner, name, original)
        act()
        return original(*args, **options)

    monkeypatch.setattr(owner, name, called)


@pytest.mark.parametrize("step", ["fchmod", "fsync"])
def test_a_temporary_file_that_becomes_a_link_changes_nothing_behind_it(
    shared: Path, precious: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path, temporary = shared / "list.toml", shared / "list.toml.new"
    path.write_text("old")
    at_call(monkeypatch, os, step, lambda: swap(temporary, precious))
    with pytest.raises(FileExistsError, match="another process changed it at the same time"):
        files.replace(path, b"new", temporary=temporary)
    assert (path.read_text(), precious.read_text()) == ("old", PRECIOUS)
    assert [one.name for one in shared.iterdir()] == ["list.toml"]


def test_a_link_that_is_renamed_instead_is_an_error_and_not_written_through(
    shared: Path, precious: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, temporary = shared / "list.toml", shared / "list.toml.new"
    at_call(monkeypatch, Path, "replace", lambda: swap(temporary, precious))
    with pytest.raises(FileExistsError, match="another user replaced it by a link"):
        files.replace(path, b"new", temporary=temporary)
    assert precious.read_text() == PRECIOUS


def test_a_link_in_place_of_the_temporary_file_is_not_written_through(
    shared: Path, precious: Path
) -> None:
    temporary = shared / "list.toml.new"
    temporary.symlink_to(precious)
    with pytest.raises(FileExistsError):
        files.replace(shared / "list.toml", b"new", temporary=temporary)
    assert precious.read_text() == PRECIOUS


def test_a_file_that_became_a_link_gives_the_new_one_neither_its_mode_nor_its_text(
    shared: Path, precious: Path
) -> None:
    path = shared / "list.toml"
    path.symlink_to(precious)
    with pytest.raises(FileExistsError, match="it is no longer a regular file"):
        files.replace(path, b"new", temporary=shared / "new")
    assert precious.read_text() == PRECIOUS


def test_a_pipe_that_became_a_file_is_not_written_to(precious: Path) -> None:
    with pytest.raises(FileExistsError, match="another process changed it at the same time"):
        files.write_into(precious, b"new")
    assert precious.read_text() == PRECIOUS


def test_the_folder_is_synced_after_the_rename(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[int, list[str]]] = []
    fsync = os.fsync

    def note(handle: int) -> None:
        synced.append((os.fstat(handle).st_ino, [one.name for one in shared.iterdir()]))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", note)
    files.replace(shared / "list.toml", b"new", temporary=shared / "new")
    written = (shared / "list.toml").stat().st_ino
    assert synced == [(written, ["new"]), (shared.stat().st_ino, ["list.toml"])]


def test_a_folder_that_cannot_be_synced_does_no_harm(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = os.open

    def refuse(path: Any, *arguments: Any, **options: Any) -> int:
        if path == shared:
            raise PermissionError
        return original(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refuse)
    files.replace(shared / "list.toml", b"new", temporary=shared / "new")
    assert (shared / "list.toml").read_bytes() == b"new"


def make_link(shared: Path, precious: Path) -> Path:
    """The link of a stranger to a file of the user."""
    link = shared / "list.toml"
    link.symlink_to(precious)
    os.chown(link, STRANGER, STRANGER, follow_symlinks=False)
    return link


@needs_root
@pytest.mark.parametrize("missing", [False, True])
def test_no_list_is_written_through_the_link_of_a_stranger(
    shared: Path, precious: Path, missing: bool
) -> None:
    if missing:
        precious.unlink()
    link = make_link(shared, precious)
    with pytest.raises(LocalError, match="cannot be written: it is a link made by another user"):
        change(link, adding("a"))
    assert not precious.exists() if missing else precious.read_text() == PRECIOUS


@needs_root
def test_no_report_is_written_through_the_link_of_a_stranger(shared: Path, precious: Path) -> None:
    link = make_link(shared, precious)
    (shared / "own").symlink_to("list.toml")
    for path in (link, shared / "own"):
        with pytest.raises(LocalError, match="it is a link made by another user"):
            write_file(path, "new")
    assert precious.read_text() == PRECIOUS


def test_links_of_the_user_are_followed_and_a_circle_is_refused(
    shared: Path, precious: Path
) -> None:
    first, second = shared / "first", shared / "second"
    first.symlink_to("second")
    second.symlink_to(precious)
    assert files.without_links(first) == precious.resolve()
    swap(second, first)
    assert files.without_links(first).is_symlink()
    with pytest.raises(ConfigError, match="is not a regular file"):
        change(first, adding("a"))


@needs_root
def test_a_file_is_foreign_if_it_or_its_link_belongs_to_another_user(
    shared: Path, precious: Path
) -> None:
    assert not files.is_foreign(precious)
    link = make_link(shared, precious)
    assert files.is_foreign(link)
    assert not files.is_foreign(shared)
    os.chown(shared, STRANGER, STRANGER)
    assert files.is_foreign(shared)


def test_root_may_be_trusted(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not IS_ROOT:
        shared = Path("/")
    monkeypatch.setattr(os, "getuid", lambda: STRANGER)
    assert files.is_foreign(shared)
    assert not files.is_foreign(shared, trusts_root=True)


def test_an_owner_that_is_unknown_is_another(shared: Path) -> None:
    assert files.is_foreign(shared / "missing")


def test_without_owners_nothing_is_foreign(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "getuid")
    assert not files.is_foreign(shared / "missing")

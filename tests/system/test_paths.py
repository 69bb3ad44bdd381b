"""The folders of the user, and the watchlist that applies."""

import os
import sys
from pathlib import Path
from unittest.mock import PropertyMock

import pytest
from platformdirs import PlatformDirs

from outlogger_cli.system import paths
from outlogger_cli.system.paths import Located


@pytest.fixture
def project(home: Path) -> Path:
    """A repository below home, with a folder in it."""
    root = home / "code" / "shop"
    (root / ".git").mkdir(parents=True)
    (root / "src" / "deep").mkdir(parents=True)
    return root


def with_watchlist(folder: Path) -> Path:
    """Write a project's watchlist into `folder`."""
    path = folder / "outlogger.toml"
    path.write_text("version = 1\n")
    return path


def change_owner(monkeypatch: pytest.MonkeyPatch, method: str, theirs: Path) -> None:
    """Let `Path.stat` or `Path.lstat` report another owner for one file."""
    real = getattr(Path, method)

    def status(self: Path, **options: bool) -> os.stat_result:
        fields = list(real(self, **options)[:10])
        fields[4] += self == theirs
        return os.stat_result(fields)

    monkeypatch.setattr(Path, method, status)


def found(cwd: Path, **environ: str) -> Located:
    return paths.watchlist(None, {"HOME": os.environ["HOME"], **environ}, cwd)


def test_the_folders_follow_the_xdg_variables(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "c"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "s"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "f"))
    assert paths.pages() == home / "c" / "outlogger" / "pages"
    assert paths.state() == home / "s" / "outlogger"
    assert paths.user_watchlist() == home / "f" / "outlogger" / "watchlist.toml"


@pytest.mark.parametrize("system", ["linux", "somewhere else"])
@pytest.mark.parametrize("variable", [None, "", "/", "/data", "/data/", "up", " ", "~/x"])
@pytest.mark.parametrize("user", ["/home/ada", "/home/ada/", "/", "", "relative", None])
def test_the_folders_are_those_of_platformdirs(
    system: str, variable: str | None, user: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    given = {"HOME": user, "XDG_CACHE_HOME": variable, "XDG_STATE_HOME": variable}
    for name, value in {**given, "XDG_CONFIG_HOME": variable}.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    expected = PlatformDirs("outlogger", appauthor=False)
    assert paths.pages() == expected.user_cache_path / "pages"
    assert paths.state() == expected.user_state_path
    assert paths.user_watchlist() == expected.user_config_path / "watchlist.toml"


@pytest.mark.parametrize("expected", [RuntimeError("no home"), Path("~/.cache/outlogger")])
def test_a_user_without_a_home_gets_a_folder_that_cannot_exist(
    expected: Exception | Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Newer versions of platformdirs raise an error, older ones return `~`."""
    lookup = PropertyMock(
        **{"side_effect" if isinstance(expected, Exception) else "return_value": expected}
    )
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(PlatformDirs, "user_cache_path", lookup)
    assert paths.pages() == Path(os.devnull, ".cache", "outlogger", "pages")


def test_without_a_project_file_the_users_watchlist_applies(project: Path) -> None:
    assert found(project) == Located(path=paths.user_watchlist(), own=True, named=False)


def test_a_project_file_applies_and_is_not_the_users_own(project: Path) -> None:
    assert found(project) == Located(path=paths.user_watchlist(), own=True)
    assert found(project / "src") == Located(path=paths.user_watchlist(), own=True)
    path = with_watchlist(project / "src")
    assert found(project / "src") == Located(path=path, own=False, named=False)


def test_the_nearest_file_of_the_parents_applies(project: Path) -> None:
    root = with_watchlist(project)
    assert found(project / "src" / "deep") == Located(path=root, own=False)
    nearer = with_watchlist(project / "src")
    assert found(project / "src" / "deep") == Located(path=nearer, own=False)


def test_the_search_ends_at_the_root_of_the_repository(project: Path) -> None:
    with_watchlist(project.parent)
    assert found(project / "src").own


def test_the_root_may_be_a_worktree_whose_git_is_a_file(project: Path) -> None:
    with_watchlist(project)
    (project / "src" / ".git").write_text("gitdir: ../.git/worktrees/src")
    assert found(project / "src" / "deep").own


def test_the_search_ends_at_home(home: Path) -> None:
    below = home / "user" / "notes"
    below.mkdir(parents=True)
    above, inside = with_watchlist(home), home / "user"
    assert found(below, HOME=str(inside)).own
    path = with_watchlist(inside)
    assert found(below, HOME=str(inside)) == Located(path=path, own=False)
    path.unlink()
    assert found(below, HOME="") == Located(path=above, own=False)


def test_the_search_ends_at_a_home_that_is_a_link(home: Path) -> None:
    real, link = home / "disk" / "user", home / "user"
    (real / "notes").mkdir(parents=True)
    link.symlink_to(real)
    with_watchlist(home / "disk")
    assert found(real / "notes", HOME=str(link)).own


def test_the_search_ends_at_the_root_of_all_folders() -> None:
    assert found(Path("/"), HOME="").own


def test_a_folder_of_that_name_is_not_a_watchlist(project: Path) -> None:
    (project / "outlogger.toml").mkdir()
    assert found(project).own


def test_a_file_of_another_user_is_not_used(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = with_watchlist(project)
    assert found(project).path == path
    monkeypatch.setattr(os, "getuid", lambda: path.stat().st_uid + 1)
    assert found(project) == Located(path=paths.user_watchlist(), own=True, foreign=path)
    nearer = with_watchlist(project / "src")
    assert found(project / "src" / "deep").foreign == nearer


def test_a_nearer_file_of_another_user_does_not_hide_the_projects(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, theirs = with_watchlist(project), with_watchlist(project / "src")
    change_owner(monkeypatch, "stat", theirs)
    assert found(project / "src") == Located(path=path, own=False, foreign=theirs)


def test_a_link_of_another_user_is_not_used(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = project / "outlogger.toml"
    link.symlink_to(with_watchlist(project / "src"))
    assert found(project).path == link
    change_owner(monkeypatch, "lstat", link)
    assert found(project).own


def test_a_file_that_vanishes_is_not_used(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_watchlist(project)

    def lstat(_self: Path) -> os.stat_result:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "lstat", lstat)
    assert found(project).own


def test_a_file_that_cannot_be_looked_up_is_not_used(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_watchlist(project)

    def stat(_self: Path, **_options: bool) -> os.stat_result:
        raise PermissionError

    monkeypatch.setattr(Path, "stat", stat)
    assert found(project) == Located(path=paths.user_watchlist(), own=True)


def test_without_file_owners_the_project_file_is_used(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = with_watchlist(project)
    monkeypatch.delattr(os, "getuid")
    assert found(project) == Located(path=path, own=False)


def test_a_named_file_wins_and_is_the_users_own(project: Path) -> None:
    with_watchlist(project)
    named, variable = Path("mine.toml"), {"OUTLOGGER_WATCHLIST": "other.toml"}
    assert paths.watchlist(named, variable, project) == Located(path=named, own=True, named=True)
    assert paths.watchlist(None, variable, project) == Located(
        path=Path("other.toml"), own=True, named=True
    )
    assert not paths.watchlist(None, {"OUTLOGGER_WATCHLIST": ""}, project).named

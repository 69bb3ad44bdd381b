"""Which watchlist applies, and whose it is."""

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


def placed(folder: Path) -> Path:
    """A project's watchlist in `folder`."""
    path = folder / "outlogger.toml"
    path.write_text("version = 1\n")
    return path


def found(cwd: Path, **environ: str) -> Located:
    return paths.watchlist(None, {"HOME": os.environ["HOME"], **environ}, cwd)


def test_the_users_own_folders_are_where_the_platform_says(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "c"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "s"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "f"))
    assert paths.pages() == home / "c" / "outlogger" / "pages"
    assert paths.state() == home / "s" / "outlogger"
    assert paths.user_watchlist() == home / "f" / "outlogger" / "watchlist.toml"


@pytest.mark.parametrize("system", ["linux", "somewhere else"])
@pytest.mark.parametrize("variable", [None, "", "/", "/data", "/data/", "up", " ", "~/x"])
@pytest.mark.parametrize("user", ["/home/ada", "/home/ada/", "/", "", "relative", None])
def test_everywhere_it_is_what_platformdirs_says(
    system: str, variable: str | None, user: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    given = {"HOME": user, "XDG_CACHE_HOME": variable, "XDG_STATE_HOME": variable}
    for name, value in {**given, "XDG_CONFIG_HOME": variable}.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    said = PlatformDirs("outlogger", appauthor=False)
    assert paths.pages() == said.user_cache_path / "pages"
    assert paths.state() == said.user_state_path
    assert paths.user_watchlist() == said.user_config_path / "watchlist.toml"


@pytest.mark.parametrize("said", [RuntimeError("no home"), Path("~/.cache/outlogger")])
def test_of_a_user_without_a_home_nothing_is_there_and_nothing_can_be(
    said: Exception | Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As older platformdirs say it, and newer ones."""
    asked = PropertyMock(**{"side_effect" if isinstance(said, Exception) else "return_value": said})
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(PlatformDirs, "user_cache_path", asked)
    assert paths.pages() == Path(os.devnull, ".cache", "outlogger", "pages")


def test_without_any_file_it_is_the_users_own(project: Path) -> None:
    assert found(project) == Located(path=paths.user_watchlist(), own=True, named=False)


def test_a_file_in_this_folder_applies_and_is_not_the_users_own(project: Path) -> None:
    assert found(project) == Located(path=paths.user_watchlist(), own=True)
    assert found(project / "src") == Located(path=paths.user_watchlist(), own=True)
    path = placed(project / "src")
    assert found(project / "src") == Located(path=path, own=False, named=False)


def test_a_parents_file_applies_and_the_nearest_wins(project: Path) -> None:
    root = placed(project)
    assert found(project / "src" / "deep") == Located(path=root, own=False)
    nearer = placed(project / "src")
    assert found(project / "src" / "deep") == Located(path=nearer, own=False)


def test_the_search_ends_at_the_root_of_the_repository(project: Path) -> None:
    placed(project.parent)
    assert found(project / "src").own


def test_the_root_may_be_a_worktree_whose_git_is_a_file(project: Path) -> None:
    placed(project)
    (project / "src" / ".git").write_text("gitdir: ../.git/worktrees/src")
    assert found(project / "src" / "deep").own


def test_the_search_ends_at_home(home: Path) -> None:
    below = home / "user" / "notes"
    below.mkdir(parents=True)
    above, inside = placed(home), home / "user"
    assert found(below, HOME=str(inside)).own
    path = placed(inside)
    assert found(below, HOME=str(inside)) == Located(path=path, own=False)
    path.unlink()
    assert found(below, HOME="") == Located(path=above, own=False)


def test_the_search_ends_at_home_by_another_name(home: Path) -> None:
    real, link = home / "disk" / "user", home / "user"
    (real / "notes").mkdir(parents=True)
    link.symlink_to(real)
    placed(home / "disk")
    assert found(real / "notes", HOME=str(link)).own


def test_the_search_ends_at_the_root_of_all_folders() -> None:
    assert found(Path("/"), HOME="").own


def test_a_folder_of_that_name_is_no_watchlist(project: Path) -> None:
    (project / "outlogger.toml").mkdir()
    assert found(project).own


def test_a_file_of_somebody_else_is_never_used(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = placed(project)
    assert found(project).path == path
    monkeypatch.setattr(os, "getuid", lambda: path.stat().st_uid + 1)
    assert found(project) == Located(path=paths.user_watchlist(), own=True, foreign=path)
    nearer = placed(project / "src")
    assert found(project / "src" / "deep").foreign == nearer


def test_a_nearer_file_of_somebody_else_does_not_hide_the_projects(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, theirs = placed(project), placed(project / "src")
    real = Path.stat

    def stat(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        status = real(self, follow_symlinks=follow_symlinks)
        if self != theirs:
            return status
        fields = list(status[:10])
        fields[4] += 1
        return os.stat_result(fields)

    monkeypatch.setattr(Path, "stat", stat)
    assert found(project / "src") == Located(path=path, own=False, foreign=theirs)


def test_a_link_that_somebody_else_made_is_never_used(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "outlogger.toml").symlink_to(placed(project / "src"))
    assert found(project).path == project / "outlogger.toml"
    real = Path.lstat

    def lstat(self: Path) -> os.stat_result:
        fields = list(real(self)[:10])
        fields[4] += 1
        return os.stat_result(fields)

    monkeypatch.setattr(Path, "lstat", lstat)
    assert found(project).own


def test_a_file_that_vanishes_is_not_used(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    placed(project)

    def lstat(_self: Path) -> os.stat_result:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "lstat", lstat)
    assert found(project).own


def test_what_nobody_may_look_at_is_as_if_it_were_not_there(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed(project)

    def stat(_self: Path, **_options: bool) -> os.stat_result:
        raise PermissionError

    monkeypatch.setattr(Path, "stat", stat)
    assert found(project) == Located(path=paths.user_watchlist(), own=True)


def test_where_files_have_no_owner_the_projects_is_used(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = placed(project)
    monkeypatch.delattr(os, "getuid")
    assert found(project) == Located(path=path, own=False)


def test_a_file_that_is_named_wins_and_is_the_users_choice(project: Path) -> None:
    placed(project)
    named, variable = Path("mine.toml"), {"OUTLOGGER_WATCHLIST": "theirs.toml"}
    assert paths.watchlist(named, variable, project) == Located(path=named, own=True, named=True)
    assert paths.watchlist(None, variable, project) == Located(
        path=Path("theirs.toml"), own=True, named=True
    )
    assert not paths.watchlist(None, {"OUTLOGGER_WATCHLIST": ""}, project).named

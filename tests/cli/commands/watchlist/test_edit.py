"""`outlogger watchlist edit`: the editor of the user, and what became of the text."""

import shlex
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from outlogger_cli.cli.commands.watchlist.editing import words
from tests import running
from tests.cli.commands.watchlist.lists import Keyboard, added, refused, watchlist


@pytest.fixture
def copies(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    folder = home / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def editor(home: Path, copies: Path) -> Callable[[str], dict[str, str]]:
    """Makes an editor of Python code, which finds the file's path in `file`."""
    del copies

    def make(code: str, variable: str = "EDITOR") -> dict[str, str]:
        script = home / "an editor.py"
        script.write_text(
            "import os, sys\nfrom pathlib import Path\nfile = Path(sys.argv[-1])\n" + code
        )
        return {variable: shlex.join([sys.executable, str(script), "--wait"])}

    return make


def appending(text: str) -> str:
    return f"file.write_bytes(file.read_bytes() + {text.encode()!r})"


def test_edit_takes_over_what_the_editor_leaves(
    team: Path, editor: Callable[..., dict[str, str]]
) -> None:
    team.write_bytes(b"[vendors.github]\r\n")
    env = {"EDITOR": "false", **editor(appending("[vendors.openai]\r\n"), "VISUAL")}
    assert watchlist("edit", env=env) == added(f"Changed {team}")
    assert team.read_bytes() == b"[vendors.github]\r\n[vendors.openai]\r\n"


def test_edit_works_on_a_copy_that_is_private_and_goes_away(
    home: Path, team: Path, copies: Path, editor: Callable[..., dict[str, str]]
) -> None:
    note = "Path('seen').write_text(f'{file} {file.parent.stat().st_mode & 0o777:o}')"
    assert watchlist("edit", env=editor(note)) == added(f"{team} is unchanged")
    copy, mode = (home / "seen").read_text().split()
    assert (Path(copy).name, Path(copy).parent.parent, mode) == (team.name, copies, "700")
    assert list(copies.iterdir()) == []


def test_edit_begins_a_list_where_there_is_none(
    home: Path, editor: Callable[..., dict[str, str]]
) -> None:
    own = home / ".config" / "outlogger" / "watchlist.toml"
    finished = watchlist("edit", env=editor(appending("[vendors.github]\n")))
    assert finished == added(f"Changed {own}")
    assert own.read_text() == "version = 1\n[vendors.github]\n"


def test_a_bad_result_is_kept_beside_and_the_list_stays(
    team: Path, editor: Callable[..., dict[str, str]]
) -> None:
    before = team.read_text()
    finished = watchlist("edit", env=editor(appending("[vendors.githb]\n")))
    side = Path(finished.err.split(" are saved in ")[1].strip())
    row = before.count("\n") + 1
    assert finished == refused(
        f"{side}:{row}: [vendors.githb] is not in the catalogue and has no url: did you mean"
        f" github?; the watchlist is unchanged, your edits are saved in {side}"
    )
    assert side.read_text() == before + "[vendors.githb]\n"
    assert team.read_text() == before


def test_an_editor_that_fails_changes_nothing(
    team: Path, editor: Callable[..., dict[str, str]]
) -> None:
    before = team.read_text()
    finished = watchlist("edit", env=editor("sys.exit(3)"))
    assert finished == refused(f"the editor {sys.executable} exited with code 3")
    finished = watchlist("edit", env=editor(f"{appending('# more')}; sys.exit(3)"))
    side = Path(finished.err.split(" are saved in ")[1].strip())
    assert side.read_text() == before + "# more"
    assert team.read_text() == before


def test_an_editor_that_takes_the_copy_away_changes_nothing(
    team: Path, editor: Callable[..., dict[str, str]]
) -> None:
    before = team.read_text()
    finished = watchlist("edit", env=editor("file.unlink()"))
    assert finished.code == 2
    assert finished.err.endswith("outlogger.toml: cannot be read: No such file or directory\n")
    assert team.read_text() == before


@pytest.mark.parametrize(
    ("env", "message"),
    [
        (
            {"VISUAL": "/no/such/editor -x"},
            "the editor /no/such/editor cannot be started: No such file or directory; set EDITOR",
        ),
        ({"VISUAL": " ", "EDITOR": "vi 'x"}, "EDITOR is not a valid command: No closing quotation"),
    ],
)
def test_an_editor_that_cannot_be_started_is_named(
    team: Path, env: dict[str, str], message: str
) -> None:
    del team
    assert watchlist("edit", env=env) == refused(message)


def test_the_words_of_an_editor_are_those_of_the_systems_shell() -> None:
    assert words('"my editor" --wait', is_windows=False) == ["my editor", "--wait"]
    windows = words(r'"C:\My Tools\code.cmd" --wait', is_windows=True)
    assert windows == [r"C:\My Tools\code.cmd", "--wait"]


@pytest.mark.parametrize(
    "env", [{}, {"EDITOR": "/usr/bin/vim -u NONE"}, {"VISUAL": "nano", "EDITOR": "code --wait"}]
)
def test_an_editor_that_needs_a_terminal_is_refused_without_one(
    team: Path, env: dict[str, str]
) -> None:
    before = team.read_text()
    editor = (env.get("VISUAL") or env.get("EDITOR", "vi")).split()[0]
    assert watchlist("edit", env=env) == refused(
        f"the editor {editor} needs a terminal; run it in one, or set VISUAL to an editor with a"
        ' window, such as "code --wait"'
    )
    assert team.read_text() == before


def test_the_usual_editor_is_started_on_a_terminal(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del team
    monkeypatch.setattr(running, "StringIO", Keyboard)
    finished = watchlist("edit", env={"PATH": "/nowhere"}, terminal=True)
    assert (finished.code, finished.err) == (
        2,
        "outlogger: the editor vi cannot be started: No such file or directory; set EDITOR\n",
    )


def test_a_list_that_changed_while_it_was_edited_is_not_overwritten(
    team: Path, editor: Callable[..., dict[str, str]]
) -> None:
    code = f"Path({str(team)!r}).write_text('# new\\n')\n{appending('# mine')}"
    finished = watchlist("edit", env=editor(code))
    assert finished.code == 2
    assert finished.err.startswith(
        "outlogger: another process changed the watchlist while you were editing;"
        " the watchlist is unchanged, your edits are saved in /"
    )
    assert team.read_text() == "# new\n"


def test_a_text_that_cannot_be_written_is_kept(
    home: Path, editor: Callable[..., dict[str, str]]
) -> None:
    (home / "file").touch()
    finished = watchlist(
        "edit", "--watchlist", "file/list.toml", env=editor(appending("[vendors.github]\n"))
    )
    assert finished.code == 70
    side = Path(finished.err.split(" are saved in ")[1].strip())
    assert side.read_text() == "version = 1\n[vendors.github]\n"


def test_a_bad_list_is_mended_where_it_is(
    path: Path, editor: Callable[..., dict[str, str]]
) -> None:
    path.write_text("[vendors.github\n")
    finished = watchlist("edit", env=editor("file.write_text('[vendors.githb]')"))
    assert finished == refused(
        f"{path}:1: [vendors.githb] is not in the catalogue and has no url: did you mean github?"
    )
    finished = watchlist("edit", env=editor("file.write_text('[vendors.github]')"))
    assert finished == added(f"Changed {path}")
    path.write_text("[vendors.github\n")
    finished = watchlist("edit", env=editor("file.write_text('[vendors.github]')"))
    assert finished == added(f"{path} is now valid")


def test_ctrl_c_in_the_editor_is_the_editors_own(
    team: Path, editor: Callable[..., dict[str, str]]
) -> None:
    code = "import signal\nos.kill(os.getppid(), signal.SIGINT)"
    assert watchlist("edit", env=editor(code)) == added(f"{team} is unchanged")

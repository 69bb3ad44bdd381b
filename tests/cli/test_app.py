"""The entry point: help, versions, wrong commands, bugs, and what a start may import."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from outlogger_cli import __main__, __version__
from outlogger_cli.cli import app
from outlogger_cli.cli.commands import COMMANDS, check
from outlogger_cli.cli.help import TOPICS
from outlogger_cli.domain.errors import LocalError
from tests.cli.commands.pages import FINE, HEALTHY, both, serving
from tests.running import Finished, finish, run_command, spawn


def test_the_version_is_one_line() -> None:
    assert run_command("--version").out == f"outlogger {__version__}\n"
    with spawn("--version") as process:
        assert finish(process).out == f"outlogger {__version__}\n"


@pytest.mark.parametrize("argv", [("--version",), ("-V",), ("version",)])
def test_words_that_people_try_for_the_version(argv: tuple[str, ...]) -> None:
    assert run_command(*argv) == Finished(code=0, out=f"outlogger {__version__}\n", err="")


def test_without_arguments_and_watchlist_there_is_a_welcome_of_six_lines() -> None:
    finished = run_command()
    assert (finished.code, finished.out, finished.err) == (0, app.WELCOME, "")
    assert len(finished.out.splitlines()) == 6


def test_without_arguments_the_watchlist_is_shown(tmp_path: Path) -> None:
    (tmp_path / "outlogger.toml").write_text(f'[vendors.fine]\nurl = "{FINE}"\n')
    finished = run_command(cwd=tmp_path, transport=both())
    assert (finished.code, finished.out.split("\t")[0]) == (0, "fine")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("search", "vendors search"),
        ("detect", "vendors detect"),
        ("list", "watchlist list"),
        ("ls", "watchlist list"),
        ("add", "watchlist add"),
        ("rm", "watchlist remove"),
        ("init", "watchlist init"),
        ("permutive", "status permutive"),
        ("wach", "watch"),
        ("githib", "status github"),
    ],
)
def test_a_word_that_is_no_command_is_met_with_the_command_it_means(word: str, meant: str) -> None:
    finished = run_command(word)
    assert (finished.code, finished.out) == (2, "")
    assert finished.err.startswith(f"outlogger: unknown command {word!r}")
    assert finished.err.endswith(f"did you mean outlogger {meant}?\n")


@pytest.mark.parametrize(
    ("option", "hint"), [("--strict", "see --help"), ("--formt", "did you mean --format?")]
)
def test_an_unknown_option_is_met_with_a_similar_one_alone(option: str, hint: str) -> None:
    finished = run_command("check", option)
    assert finished == Finished(code=2, out="", err=f"outlogger: unknown option {option}: {hint}\n")


def test_help_explains_arguments_before_options() -> None:
    told = run_command("help", "check").out
    arguments, options = (told.index(f"\n{name}:\n") for name in ("Arguments", "Options"))
    assert arguments < told.index("Name of a vendor or product") < options


@pytest.mark.parametrize("argv", [("--help",), ("-h",)])
def test_help_names_every_command(
    argv: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    finished = run_command(*argv)
    shown = finished.out or capsys.readouterr().out
    assert finished.code == 0
    assert [name for name in COMMANDS if not re.search(rf"^  {name} ", shown, re.MULTILINE)] == []


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in TOPICS])
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(name, "-h").code == 0
    by_option = capsys.readouterr().out
    assert by_option.startswith(f"Usage: outlogger {name} ")
    assert run_command("help", name).out == by_option


@pytest.mark.parametrize("name", ["vendors", "watchlist"])
def test_what_has_commands_of_its_own_lists_them_where_none_is_typed(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run_command(name, "--help")
    assert run_command(name) == Finished(code=0, out=capsys.readouterr().out, err="")


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_is_explained(topic: str) -> None:
    finished = run_command("help", topic)
    assert finished.code == 0
    assert len(finished.out.splitlines()) > 5


def test_help_alone_lists_commands_and_topics() -> None:
    shown = run_command("help").out
    assert [name for name in (*COMMANDS, *TOPICS) if name not in shown] == []


def test_help_reaches_commands_within_commands() -> None:
    assert run_command("help", "vendors", "list").out.startswith("Usage: outlogger vendors list ")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("help", "exit-code"), "unknown help topic 'exit-code': did you mean exit-codes?"),
        (("help", "vendors", "lst"), "unknown help topic 'vendors lst': did you mean vendors?"),
        (("help", "check", "x"), "unknown help topic 'check x': did you mean check?"),
        (("help", "zzz"), "unknown help topic 'zzz': choose from " + ", ".join(TOPICS)),
        (("chek",), "unknown command 'chek': did you mean outlogger check?"),
        (("helpme-please",), "unknown command 'helpme-please': see outlogger --help"),
        (("zzzz",), "unknown command 'zzzz': see outlogger --help"),
        (("check", "--nope"), "unknown option --nope: see --help"),
    ],
)
def test_a_wrong_word_is_one_line_with_what_was_meant(argv: tuple[str, ...], message: str) -> None:
    finished = run_command(*argv)
    assert (finished.code, finished.out, finished.err) == (2, "", f"outlogger: {message}\n")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("check", "--no\u202epe\u2028"), "unknown option --nope: see --help"),
        (("check", "--jobs", "##[error]x"), "--jobs: '# #[error]x' is not a"
             " valid integer"),
        (("watchlist", "suggest", "\x1b]0;title\x07no"), "no is not a folder; name the folder of a"
         " project"),
        (("check", "--cacert", "\x9b31mno", "github"), "--cacert: no: No such file or directory"),
        (("check", "-o", "no\u2028\x90/x", "github"), "--output: no such folder: no"),
    ],
)  # fmt: skip
def test_what_an_error_repeats_stays_one_line_of_text(argv: tuple[str, ...], message: str) -> None:
    assert run_command(*argv).err == f"outlogger: {message}\n"


@pytest.mark.parametrize("argv", [["vendors", "list"], ["watchlist", "path"], ["drill", "--list"]])
def test_a_drill_that_is_not_on_loopback_is_refused_by_every_command(argv: list[str]) -> None:
    finished = run_command(*argv, env={"OUTLOGGER_DRILL": "https://example.com"})
    assert finished == Finished(
        code=2,
        out="",
        err="outlogger: OUTLOGGER_DRILL must be http://127.0.0.1:PORT or https://127.0.0.1:PORT;"
        " unset it to read the real pages\n",
    )


def test_a_bug_is_one_line_that_says_how_to_report_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("first\nsecond")

    monkeypatch.setattr(app, "app", broken)
    finished = run_command("check", FINE, transport=both())
    assert finished.code == 70
    assert finished.err == (
        "outlogger: this is a bug (RuntimeError: first); please report it with the output of"
        " --debug at https://github.com/outlogger/outlogger-cli/issues\n"
    )


def test_debug_adds_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise LocalError("the disk is full")

    monkeypatch.setattr(check, "build", broken)
    finished = run_command("check", "--debug")
    assert finished.code == 70
    assert finished.err.startswith("Traceback (most recent call last):\n")
    assert finished.err.endswith("outlogger: the disk is full\n")


def test_an_interrupt_outside_a_reading_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "app", interrupted)
    assert run_command("check").code == 130


def test_a_closed_pipe_is_no_error() -> None:
    with spawn("vendors", "list") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        process.stdout = None
        finished = finish(process)
    assert finished.code in {0, 141}
    assert finished.err == ""


def test_the_console_script_answers_the_version_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["outlogger", "--version"])
    assert __main__.main() == 0
    assert capsys.readouterr().out == f"outlogger {__version__}\n"


HEAVY = ("httpx", "httpcore", "rich", "asyncio", "email", "http.client", "tomli_w", "filelock")
UNREAD = (*HEAVY, "sqlite3")
"""What nobody needs who asks no page and has none stored."""

TYPER = (*UNREAD, "typer")


@pytest.mark.parametrize(
    ("argv", "forbidden"),
    [
        (["--version"], TYPER),
        (["vendors", "show", "github"], UNREAD),
        (["vendors", "search", "github"], UNREAD),
        (["help", "exit-codes"], UNREAD),
        (["watchlist", "list"], UNREAD),
        (["status", "--format", "line"], UNREAD),
        (["check", "github", "--offline", "-f", "json"], UNREAD),
        (["check", "--offline", "-f", "line"], HEAVY),
    ],
)
def test_a_start_imports_only_what_it_needs(
    argv: list[str], forbidden: tuple[str, ...], home: Path
) -> None:
    (home / "outlogger.toml").write_text(f'version = 1\n[vendors.fine]\nurl = "{FINE}"\n')
    if forbidden == HEAVY:
        run_command("check", FINE, transport=serving({f"{FINE}/api/v2/summary.json": HEALTHY}))
    code = (
        f"import sys; before = {{*sys.modules}}; sys.argv[1:] = {argv!r};"
        "from outlogger_cli.__main__ import main; main(); loaded = sys.modules.keys() - before;"
        f"print([name for name in {forbidden!r} if name in loaded], file=sys.stderr)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert finished.stderr.splitlines()[-1] == "[]"


def test_commands_are_completed() -> None:
    words = {"COMP_WORDS": "outlogger che", "COMP_CWORD": "1"}
    with spawn(env={"_OUTLOGGER_COMPLETE": "complete_bash", **words}) as process:
        finished = finish(process)
    assert (finished.code, finished.out.split()) == (0, ["check"])

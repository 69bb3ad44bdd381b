"""The manual pages and completion scripts match the code, and other programs can read them."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from outlogger_cli.cli.commands import COMMANDS
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.system import paths
from outlogger_cli.watchlist import schema
from outlogger_cli.watchlist.schema import KEYS
from tests.running import Finished, finish, run_command, spawn
from tests.tools import check_man, manual
from tests.tools.check_man import COMPLETIONS, SHARE, faults, fix, generated
from tests.tools.check_tag import CHANGELOG, newest_date
from tests.tools.manual import FILES, SAMPLES, UNRELEASED, escaped, pages

PAGES = pages()
MACROS = r"TH|SH|SS|TP|PP|EX|EE"
ESCAPES = r"e|&|-|f[BIR]|\((aq|dq|ga|ha|ti)|\[u[0-9A-F]{4,6}\]"
FIRST = "man/man1/outlogger-check.1"


def path_of(name: str) -> str:
    """The file of a page below `share`."""
    return f"man/man{name[-1]}/{name}"


def plain(page: str) -> str:
    """A page without fonts and escapes."""
    return re.sub(r"\\f[BIR]", "", page).replace(r"\-", "-")


def options(capfd: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """The options of a command in its help."""
    assert run_command(*words, "--help").code == 0
    listed = capfd.readouterr().out
    found = re.findall(r"^  (-.+?)(?:  .*)?$", listed.partition("Commands:\n")[0], re.MULTILINE)
    assert "-h, --help" in found
    return found


def below(page: str, section: str) -> list[str]:
    """The terms of a section."""
    text = plain(page).partition(f".SH {section}\n")[2].partition("\n.SH ")[0]
    return re.findall(r"^\.[TP]P\n(.+)", text, re.MULTILINE)


def test_the_files_match_the_code() -> None:
    assert faults(SHARE) == []
    assert check_man.main([]) == 0


def test_the_program_and_every_command_have_a_page() -> None:
    commands = [f"outlogger-{name}.1" for name in COMMANDS]
    assert [*PAGES] == ["outlogger.1", *commands, "outlogger.toml.5"]
    assert below(PAGES["outlogger.1"], "COMMANDS") == [f"outlogger-{name}(1)" for name in COMMANDS]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_has_every_option_of_the_help(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert sorted(below(PAGES[f"outlogger-{name}.1"], "OPTIONS")) == sorted(options(capfd, name))


@pytest.mark.parametrize("name", ["watchlist add", "vendors doctor"])
def test_a_subcommand_is_on_the_page_of_its_command(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    page = plain(PAGES[f"outlogger-{name.split()[0]}.1"])
    text = page.partition(f'.SS "outlogger {name}"\n')[2].partition("\n.S")[0]
    for option in options(capfd, *name.split()):
        assert f".TP\n{option}\n" in text
    assert f"\nExamples:\n.PP\n.EX\noutlogger {name} " in text


def test_each_example_has_its_own_line() -> None:
    shown = PAGES["outlogger-check.1"].partition(".SH EXAMPLES\n")[2].splitlines()[:4]
    assert shown == [
        ".EX",
        r"outlogger check github \-c Actions",
        r"outlogger check \-\-tag ci \-\-fail\-on major",
        ".EE",
    ]


def test_the_program_s_page_has_the_exit_codes_the_variables_and_the_files() -> None:
    page = PAGES["outlogger.1"]
    assert below(page, "EXIT STATUS")[: len(ExitCode)] == [str(int(code)) for code in ExitCode]
    assert {"OUTLOGGER_WATCHLIST", "NO_COLOR", "VISUAL, EDITOR"} <= {*below(page, "ENVIRONMENT")}
    files = [name.replace("~", r"\(ti") for name in FILES]
    assert below(page, "FILES")[: len(FILES)] == files


@pytest.mark.skipif(sys.platform != "linux", reason="the page names the files of Linux")
def test_the_files_of_the_page_are_the_real_ones(home: Path) -> None:
    assert [str(home / name.removeprefix("~/")) for name in FILES if name[0] == "~"] == [
        str(paths.user_watchlist()),
        str(paths.pages()),
        str(paths.state()),
    ]
    assert paths.PROJECT_FILE in FILES


def test_the_page_of_the_watchlist_has_every_key_in_its_table_and_what_is_allowed() -> None:
    page = plain(PAGES["outlogger.toml.5"])
    for table, keys in KEYS.items():
        section = page.partition(f'.SS "{table}"\n')[2].partition("\n.S")[0]
        terms = re.findall(r"^\.TP\n(\w+) = .+\n(.+)", section, re.MULTILINE)
        assert [name for name, _ in terms] == [key.name for key in keys]
        assert all(said.startswith(key.help) for key, (_, said) in zip(keys, terms, strict=True))
    assert "Allowed: fail, warn, ignore.\n" in page
    assert "at the same time. From 1 to 1000.\n" in page
    assert page.count("(1)") == 2


def test_the_values_on_that_page_are_valid() -> None:
    tables = {"[vendors.SLUG]": "[vendors.acme]"}
    lines = ["version = 1"]
    for table, keys in KEYS.items():
        lines += [tables.get(table, table), *(f"{key.name} = {SAMPLES[key.name]}" for key in keys)]
    (entry,) = schema.parse("\n".join(lines), Path("outlogger.toml")).vendors
    assert [*entry.given] == [key.name for key in schema.VENDOR_KEYS]
    assert {*SAMPLES} == {key.name for keys in KEYS.values() for key in keys}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other paths")
def test_that_page_has_the_text_of_the_help_topic(home: Path) -> None:
    page = plain(PAGES["outlogger.toml.5"]).replace(r"\(ti", "~")
    text = run_command("help", "watchlist").out.replace(str(home), "~")
    for word in text.partition("Keys (any")[0].replace('"', r"\(dq").replace("'", r"\(aq").split():
        assert word in page
    assert "auto-discovered outlogger.toml." in page
    assert str(home) not in page


def test_the_pages_have_the_date_of_the_newest_release(monkeypatch: pytest.MonkeyPatch) -> None:
    (date,) = {page.splitlines()[1].split(" ")[3] for page in PAGES.values()}
    changelog = "## [Unreleased]\n\n## [1.9.0] - 2026-02-03\n\n## [1.10.0] - 2026-10-20\n"
    assert newest_date(changelog) == "2026-10-20"
    assert newest_date("## [Unreleased]\n\n## [1.9.0] - soon\n") is None
    assert date == f'"{newest_date(CHANGELOG.read_text(encoding="utf-8")) or UNRELEASED}"'
    monkeypatch.setattr(manual, "newest_date", lambda _text: "2027-01-02")
    assert pages()["outlogger.1"].splitlines()[1].split(" ")[3] == '"2027-01-02"'


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("--fail-on", r"\-\-fail\-on"),
        (r"a\b", r"a\eb"),
        (".toml", r"\&.toml"),
        ("a\n.toml", "a\n\\&.toml"),
        ("'quoted' \"twice\"", r"\(aqquoted\(aq \(dqtwice\(dq"),
        ("`~^", r"\(ga\(ti\(ha"),
        ("naïve ✓", r"na\[u00EF]ve \[u2713]"),
    ],
)
def test_text_is_escaped(text: str, written: str) -> None:
    assert escaped(text) == written


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_valid_man(name: str) -> None:
    lines = PAGES[name].splitlines()
    outside = re.sub(r"^\.EX\n.*?^\.EE\n", "", PAGES[name], flags=re.MULTILINE | re.DOTALL)
    assert "" not in outside.splitlines()
    for line in filter(None, lines[1:]):
        assert re.match(rf"\.(?:{MACROS})\b|[^.']", line), line
        assert not re.search(rf"\\(?!{ESCAPES})", line), line
        assert line.isascii()
        assert line == line.rstrip()
    second = ".SH SYNOPSIS" if name[-1] == "1" else ".SH DESCRIPTION"
    assert [line for line in lines if line.startswith(".SH")][:2] == [".SH NAME", second]
    assert PAGES[name].count(".EX") == PAGES[name].count(".EE")


@pytest.mark.skipif(not shutil.which("mandoc"), reason="mandoc is not installed")
@pytest.mark.parametrize("name", PAGES)
def test_mandoc_finds_nothing_wrong_with_a_page(name: str) -> None:
    lint = ("-T", "lint", "-W", "warning", str(SHARE / path_of(name)))
    with spawn(*lint, command=("mandoc",)) as process:
        assert finish(process) == Finished(code=0, out="", err="")


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
@pytest.mark.parametrize("name", PAGES)
def test_groff_formats_a_page_without_warnings(name: str) -> None:
    options = ("-man", "-ww", "-Tascii", "-P-cbou")
    with spawn(*options, str(SHARE / path_of(name)), command=("groff",)) as process:
        finished = finish(process)
    assert (finished.code, finished.err) == (0, "")
    shown = "-h, --help" if name[-1] == "1" else 'timeout = "20s"'
    assert re.search(rf"^ +{re.escape(shown)}$", finished.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        (FIRST, "", f"{FIRST} is not as the code has it"),
        (FIRST, None, f"{FIRST} is not there"),
        ("man/man1/outlogger-nap.1", "", "man/man1/outlogger-nap.1 is nothing that is made"),
    ],
)
def test_an_outdated_file_is_a_fault(
    path: str, text: str | None, fault: str, tmp_path: Path
) -> None:
    fix(tmp_path)
    if text is None:
        (tmp_path / path).unlink()
    else:
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert faults(tmp_path) == [fault]


def test_outdated_files_are_rewritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check_man, "SHARE", tmp_path)
    assert check_man.main([]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"share: {name} is not there; run python -m tests.tools.check_man --fix"
        for name in generated()
    ]
    assert check_man.main(["--fix"]) == 0
    assert (tmp_path / FIRST).read_bytes() == PAGES["outlogger-check.1"].encode()


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder on the PATH with `outlogger`."""
    program = tmp_path / "outlogger"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m outlogger_cli "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)


SHELLS = {
    "bash": """
        . "$0"; COMP_WORDS=(outlogger stat) COMP_CWORD=1
        _outlogger_completion outlogger; echo "${COMPREPLY[@]}"
    """,
    "zsh": """
        fpath=("${0:h}"); compdef() { }; _arguments() { print -r -- "$1" }
        words=(outlogger stat) CURRENT=2; autoload -Uz _outlogger; _outlogger
    """,
    "fish": 'source $argv[1]; complete --do-complete "outlogger stat"',
}
SAID = {
    "bash": "status\n",
    "zsh": '*: :(("status":"components, open and recent incidents, maintenance"))\n',
    "fish": "status\tcomponents, open and recent incidents, maintenance\n",
}


@pytest.mark.usefixtures("on_path")
@pytest.mark.parametrize(
    "shell",
    [
        pytest.param(s, marks=pytest.mark.skipif(not shutil.which(s), reason=f"there is no {s}"))
        for s in COMPLETIONS
    ],
)
def test_a_shell_with_its_script_completes_at_the_first_tab(shell: str) -> None:
    script = str(SHARE / COMPLETIONS[shell])
    with spawn("-c", SHELLS[shell], script, command=(shell,)) as process:
        finished = finish(process)
    assert (finished.out, finished.err) == (SAID[shell], "")

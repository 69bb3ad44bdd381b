"""What the shells are told when somebody presses Tab, and how each wants it written."""

import os
import shutil
import subprocess
import sys
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Annotated
from unittest.mock import patch

import pytest
import typer

from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.alerts.state import StateFolder
from outlogger_cli.catalog import catalog
from outlogger_cli.cli import app as cli
from outlogger_cli.cli import completion
from outlogger_cli.cli.commands import COMMANDS
from outlogger_cli.engine.cache import Cache
from outlogger_cli.system import paths
from outlogger_cli.system.runtime import Clock, Runtime
from tests.cli.commands.pages import ACME, fine, serving
from tests.running import Finished, finish, run_command, spawn
from tests.support import NOW

GITHUB = "https://www.githubstatus.com"

CATEGORIES = ["cdn-dns", "ci-cd", "cloud", "commerce", "communication", "crm-marketing"]

WATCHLIST = f"""\
version = 1
[vendors.gizmo]
name = "Gizmo: \\"the\\" best"
url = "{ACME}"
tags = ["ci", "on call"]
[vendors.GitHub]
tags = ["ci", "CD"]
"""


def asking(out: StringIO, err: StringIO) -> Runtime:
    return Runtime(
        stdin=StringIO(),
        stdout=out,
        stderr=err,
        environ=os.environ,
        cwd=Path.cwd(),
        clock=Clock(now=lambda: NOW),
    )


def ask(shell: str, variables: Mapping[str, str]) -> Finished:
    """What a shell gets that asks with these variables."""
    out, err = StringIO(), StringIO()
    with patch.dict(os.environ, {completion.VARIABLE: f"complete_{shell}", **variables}):
        code = completion.answer(typer.main.get_command(cli.app()), asking(out, err))
    return Finished(code=code, out=out.getvalue(), err=err.getvalue())


def bash(*words: str) -> list[str]:
    """The suggestions for the last of `words`, each as it stands on the line."""
    variables = {"COMP_WORDS": "\n".join(("outlogger", *words)), "COMP_CWORD": str(len(words))}
    finished = ask("bash", variables)
    assert (finished.code, finished.err) == (0, "")
    return finished.out.splitlines()


def zsh(text: str) -> str:
    """What zsh is to evaluate for a line that ends in `text`."""
    return ask("zsh", {"_TYPER_COMPLETE_ARGS": f"outlogger {text}"}).out


def fish(text: str, action: str = "get-args") -> Finished:
    asked = {"_TYPER_COMPLETE_FISH_ACTION": action, "_TYPER_COMPLETE_ARGS": f"outlogger {text}"}
    return ask("fish", asked)


def powershell(text: str, word: str) -> str:
    """What PowerShell gets for a line of `text`, of which `word` is to be completed."""
    asked = {
        "_TYPER_COMPLETE_ARGS": f"outlogger {text}",
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": word,
    }
    return ask("powershell", asked).out


def store(*names: str, url: str = ACME, group: str | None = None) -> None:
    """Read a page with these components, in `group` if there is one, and keep it."""
    page = fine()
    page["components"] = [
        {"id": f"acme{at:08}", "name": name, "status": "operational", "position": at}
        | ({"group_id": "acme9999"} if group else {})
        for at, name in enumerate(names)
    ]
    if group:
        head = {"id": "acme9999", "name": group, "status": "operational", "position": 99}
        page["components"].append(head | {"group": True})
    served = serving({f"{url}/api/v2/summary.json": page})
    assert run_command("check", url, transport=served).code == 0


def known(start: str) -> list[str]:
    return [entry.slug for entry in catalog.entries() if entry.slug.startswith(start)]


@pytest.fixture
def watchlist() -> Path:
    path = Path("outlogger.toml")
    path.write_text(WATCHLIST, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("words", "suggestions"),
    [
        (["stat"], ["status"]),
        (["watchlist", "re"], ["remove"]),
        (["vendors", "s"], ["search", "show"]),
        (["check", "--fail"], ["--fail-on"]),
        (["check", "--fail-on", "m"], ["maintenance", "minor", "major"]),
        (["check", "--color", ""], ["auto", "always", "never"]),
        (["status", "--output", "a"], []),
        (["vendors", "list", "--platform", "statusi"], ["statusio", "statusiq"]),
        (["vendors", "list", "--category", "c"], CATEGORIES),
        (["vendors", "show", "permut"], ["permutive"]),
        (["vendors", "doctor", "permut"], ["permutive"]),
        (["watchlist", "add", "permut"], ["permutive"]),
        (["watchlist", "export", "-f", "o"], ["opml"]),
        (["drill", "permut"], ["permutive"]),
        (["drill", "--scenario", "pl"], ["plain"]),
        (["help", "ex"], ["exit-codes"]),
        ([""], list(COMMANDS)),
    ],
)
def test_commands_options_and_their_values(words: list[str], suggestions: list[str]) -> None:
    assert bash(*words) == suggestions


@pytest.mark.parametrize(
    ("words", "suggestions"),
    [
        (["check", "-f", "n"], ["ndjson", "nagios"]),
        (["status", "-f", "n"], ["ndjson"]),
        (["incidents", "--format", "p"], ["plain"]),
        (["vendors", "search", "x", "-f", ""], ["table", "plain", "json", "csv"]),
        (["watchlist", "list", "-f", "j"], ["json"]),
    ],
)
def test_a_command_is_offered_its_own_formats(words: list[str], suggestions: list[str]) -> None:
    assert bash(*words) == suggestions


@pytest.mark.usefixtures("watchlist")
def test_the_vendors_of_the_watchlist_come_first_and_once() -> None:
    rest = [slug for slug in known("gi") if slug != "github"]
    assert bash("status", "gi") == ["gizmo", "gitHub", *rest]


@pytest.mark.usefixtures("watchlist")
@pytest.mark.parametrize("command", ["remove", "show"])
def test_only_what_is_on_the_list_can_be_taken_off_it_or_shown(command: str) -> None:
    assert bash("watchlist", command, "gi") == ["gizmo", "gitHub"]


@pytest.mark.usefixtures("watchlist")
def test_where_nothing_is_typed_the_watchlist_is_meant() -> None:
    assert bash("check", "") == ["gizmo", "GitHub"]


def test_without_a_watchlist_fifty_vendors_of_the_catalogue_are_offered() -> None:
    assert bash("check", "") == known("")[:50]
    assert len(bash("check", "a")) == 50


def test_what_was_typed_stays_as_it_was_typed() -> None:
    assert bash("status", "PERMUt") == ["PERMUtive"]


@pytest.mark.parametrize("named", ["option", "variable"])
def test_the_watchlist_is_the_one_that_would_be_used(
    named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("team.toml").write_text(WATCHLIST, encoding="utf-8")
    if named == "variable":
        monkeypatch.setenv("OUTLOGGER_WATCHLIST", "team.toml")
    option = ["--watchlist", "team.toml"] if named == "option" else []
    assert bash("status", *option, "giz") == ["gizmo"]


@pytest.mark.usefixtures("watchlist")
def test_tags_are_those_on_the_watchlist() -> None:
    assert bash("check", "--tag", "") == ["ci", r"on\ call", "CD"]
    assert bash("check", "--tag", "c") == ["ci"]


def test_what_is_muted_may_be_unmuted() -> None:
    whole = Mute(slug="gizmo", url=ACME)
    StateFolder(paths.state()).change_mutes(lambda _: [whole, replace(whole, component="Git LFS")])
    app = typer.Typer()
    app.command()(_unmute)
    out = StringIO()
    asked = {completion.VARIABLE: "complete_bash", "COMP_CWORD": "1"}
    with patch.dict(os.environ, {**asked, "COMP_WORDS": "outlogger\nGIZMO/"}):
        completion.answer(typer.main.get_command(app), asking(out, StringIO()))
    assert out.getvalue() == "GIZMO/Git\\ LFS\n"


def _unmute(name: Annotated[str, typer.Argument(autocompletion=completion.muted)]) -> None:
    """A command that takes what is muted."""


@pytest.mark.usefixtures("watchlist")
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("check giz", ""),
        ("check --tag on", ""),
        ("check gizmo -c W", ""),
        ("check permut", "permutive\tPermutive"),
    ],
)
def test_no_stranger_is_quoted_where_typer_answers_by_itself(
    line: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store("Web")
    asked = {
        completion.VARIABLE: "complete_fish",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_ARGS": f"outlogger {line}",
    }
    command = typer.main.get_command(cli.app())
    with patch.dict(os.environ, asked), pytest.raises(SystemExit):
        command.main([], prog_name="outlogger", obj=asking(StringIO(), StringIO()))
    assert capsys.readouterr().out.strip() == told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version = 1\nvendors = 3\n",
        "version = 2\n",
        "[vendors.github\n",
        "version = 1\n[vendors.github]\ncolour = 1\n",
        "version = 1\n" + "a = [" * 5000,
        "\x00\xff",
    ],
)
def test_a_broken_watchlist_suggests_nothing_and_says_nothing(text: str) -> None:
    Path("outlogger.toml").write_text(text, encoding="latin-1")
    assert bash("check", "--tag", "") == []
    assert bash("status", "permut") == ["permutive"]
    assert bash("status", "permutive", "-c", "") == []


def test_a_watchlist_that_cannot_be_looked_for_says_nothing() -> None:
    asked = {"COMP_WORDS": "outlogger check --tag x", "COMP_CWORD": "3"}
    finished = ask("bash", {**asked, "OUTLOGGER_WATCHLIST": "x" * 5000})
    assert (finished.out, finished.err) == ("", "")


@pytest.mark.usefixtures("watchlist")
@pytest.mark.parametrize(
    "words",
    [
        ["status", "gizmo", "-c"],
        ["check", ACME, "--exclude"],
        ["check", "gizmo", "--component", "Web", "-c"],
        ["incidents", "gizmo", "--tag", "ci", "-c"],
        ["watchlist", "add", "gizmo", "-c"],
        ["watchlist", "add", ACME, "--exclude"],
    ],
)
def test_components_and_groups_are_those_of_the_vendor_on_the_line(words: list[str]) -> None:
    store("Web", "API", "API", group="Europe")
    assert bash(*words, "") == ["Web", "API", "Europe"]
    assert bash(*words, "e") == ["europe"]


def test_a_component_may_be_asked_for_before_its_vendor_has_a_watchlist() -> None:
    store("Git Operations", "Git LFS", "API", url=GITHUB)
    assert bash("check", "github", "-c", "git") == [r"git\ Operations", r"git\ LFS"]


def test_the_one_vendor_of_the_watchlist_need_not_be_named() -> None:
    store("Web")
    Path("outlogger.toml").write_text(f'version = 1\n[vendors.a]\nurl = "{ACME}"\n')
    assert bash("check", "-c", "") == ["Web"]


@pytest.mark.usefixtures("watchlist")
@pytest.mark.parametrize("named", [[], ["gizmo", "github"], ["nobody"], ["-"], ["github"]])
def test_no_components_without_one_vendor_that_was_read(named: list[str]) -> None:
    store("Web")
    assert bash("check", *named, "-c", "") == []


@pytest.mark.usefixtures("watchlist")
@pytest.mark.parametrize(
    ("platform", "old", "new"),
    [
        ("statuspage", b"Web", b"W\xff\x00"),
        ("nobodys", b"", b""),
        ("statuspage", b'"components"', b'"parts"'),
    ],
)
def test_a_stored_page_that_cannot_be_parsed_suggests_nothing(
    platform: str, old: bytes, new: bytes
) -> None:
    store("Web")
    cache = Cache(paths.pages())
    ((url, page),) = cache.load([ACME]).items()
    documents = {
        name: replace(document, body=document.body.replace(old, new))
        for name, document in page.documents.items()
    }
    cache.save([replace(page, platform=platform, documents=documents)])
    assert cache.load([url])[url].platform == platform
    assert bash("check", "gizmo", "-c", "") == []


@pytest.fixture
def zone_folder(tmp_path: Path) -> Iterator[Path]:
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    yield tmp_path
    zoneinfo.reset_tzpath()


def test_zones_come_from_the_table_of_countries(zone_folder: Path) -> None:
    (zone_folder / "zone.tab").write_text(
        "# code\twhere\tname\nDE\t+5230+01322\tEurope/Berlin\tmost of it\nDE\t+5+6\tEurope/Aachen\n"
    )
    assert bash("status", "--tz", "") == ["UTC", "Europe/Aachen", "Europe/Berlin"]


def test_zones_are_looked_for_where_there_is_no_table(zone_folder: Path) -> None:
    (zone_folder / "Mars").mkdir()
    (zone_folder / "Mars/Base").write_bytes(b"TZif2")
    assert bash("status", "--tz", "Mars") == ["Mars/Base"]


NAMES = {
    "API": "API",
    "Git Operations": "'Git Operations'",
    "It's up": "'It''s up'",
    "Vendor\u2019s": "'Vendor\u2019\u2019s'",
    'Say "hi"': "'Say \"hi\"'",
    "Region: EU": "'Region: EU'",
    "$(reboot)": "'$(reboot)'",
    "`reboot`;&|": "'`reboot`;&|'",
    "[Beta] *": "'[Beta] *'",
    "Größe": "Größe",
}
"""Names on pages, and how PowerShell wants them."""

BASH = {
    "": [
        "API",
        r"Git\ Operations",
        r"It\'s\ up",
        "Vendor\\\u2019s",
        r"Say\ \"hi\"",
        r"Region\:\ EU",
        r"\$\(reboot\)",
        r"\`reboot\`\;\&\|",
        r"\[Beta\]\ \*",
        "Größe",
    ],
    "'": [name.replace("'", r"'\''") for name in NAMES],
    '"': [
        "API",
        "Git Operations",
        "It's up",
        "Vendor\u2019s",
        r"Say \"hi\"",
        "Region: EU",
        r"\$(reboot)",
        r"\`reboot\`;&|",
        "[Beta] *",
        "Größe",
    ],
}

ZSH = r"""_arguments '*: :(("API":"EU"
"Git Operations":"EU"
"It'\''s up":"EU"
"Vendor’s":"EU"
"Say \"hi\"":"EU"
"Region\\: EU":"EU"
"\$(reboot)":"EU"
"\`reboot\`;&|":"EU"
"[Beta] *":"EU"
"Größe":"EU"
"EU":"group"))'
"""


@pytest.mark.parametrize("quote", BASH)
def test_bash_gets_names_as_they_will_stand_on_the_line(quote: str) -> None:
    store(*NAMES)
    assert bash("check", ACME, "-c", quote) == BASH[quote]


def test_zsh_gets_names_that_it_may_evaluate_twice() -> None:
    store(*NAMES, group="EU")
    assert zsh(f"check {ACME} -c ") == ZSH


def test_fish_gets_names_as_they_are() -> None:
    store(*NAMES, group="EU")
    told = "".join(f"{name}\tEU\n" for name in NAMES)
    assert fish(f"check {ACME} -c ").out == f"{told}EU\tgroup\n"


def test_powershell_gets_names_in_quotes() -> None:
    store(*NAMES)
    told = "".join(f"{name}::: \n" for name in NAMES.values())
    assert powershell(f"check {ACME} -c", "") == told
    assert powershell(f"check {ACME} -c 'Git O", "'Git O") == "'Git Operations'::: \n"


def test_no_shell_gets_a_backslash_or_what_cannot_be_seen() -> None:
    store("\\$(reboot)", "a\\", "API", "\ue000")
    assert bash("check", ACME, "-c", "") == ["API"]
    assert zsh(f"check {ACME} -c ") == "_arguments '*: :((\"API\"))'\n"
    assert fish(f"check {ACME} -c ").out == "API\n"


@pytest.mark.usefixtures("watchlist")
def test_shells_that_show_it_get_what_a_word_means() -> None:
    assert fish("check giz").out == 'gizmo\tGizmo: "the" best\n'
    assert zsh("check giz") == '_arguments \'*: :(("gizmo":"Gizmo\\\\: \\"the\\" best"))\'\n'
    assert powershell("check giz", "giz") == 'gizmo:::Gizmo: "the" best\n'
    assert fish("stat").out == "status\tshow components, incidents and maintenance of vendors\n"


def test_a_value_may_follow_an_equals_sign() -> None:
    assert bash("check", "--format", "=", "js") == ["json"]
    assert bash("check", "--fail-on", "=") == bash("check", "--fail-on", "")
    assert powershell("check --fail-on=ne", "--fail-on=ne") == "--fail-on=never::: \n"
    assert fish("check --fail-on=ne").out == "--fail-on=never\n"
    assert zsh("check --fail-on=ne") == "_arguments '*: :((\"--fail-on=never\"))'\n"


def test_bash_in_the_middle_of_a_line_completes_the_word_at_the_cursor() -> None:
    asked = {"COMP_WORDS": "outlogger\ncheck\npermut\n--json", "COMP_CWORD": "2"}
    assert ask("bash", asked).out == "permutive\n"


def test_fish_asks_by_exit_code_whether_there_is_anything() -> None:
    assert fish("check permut", "is-args") == Finished(code=0, out="", err="")
    assert fish("check zzzzzz", "is-args") == Finished(code=1, out="", err="")


def test_where_there_is_nothing_zsh_takes_files_and_powershell_no_line_at_all() -> None:
    assert zsh("check -o a") == "_files\n"
    assert powershell("check zzzzzz", "zzzzzz") == ""


@pytest.mark.parametrize("text", ["stauts x", "vendors lst x"])
def test_a_line_that_makes_no_sense_is_met_with_silence(text: str) -> None:
    words = text.replace(" ", "\n")
    finished = ask("bash", {"COMP_WORDS": f"outlogger\n{words}", "COMP_CWORD": "3"})
    assert (finished.out, finished.err) == ("", "")


def test_a_shell_nobody_knows_gets_nothing() -> None:
    assert ask("tcsh", {}) == Finished(code=2, out="", err="")


HEAVY = ("httpx", "httpcore", "rich", "asyncio", "ssl", "email", "http.client", "filelock")


@pytest.mark.parametrize(
    "line",
    [
        "status perm",
        f"check {ACME} -c W",
        "status --tz Eur",
        "vendors list --category c",
        "check -",
    ],
)
def test_completion_loads_only_what_it_needs(line: str) -> None:
    store("Web")
    code = (
        "import sys; from outlogger_cli.__main__ import main; sys.argv[1:] = []; main();"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    asked = {completion.VARIABLE: "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    finished = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **asked, "_TYPER_COMPLETE_ARGS": f"outlogger {line}"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    assert finished.stdout
    assert finished.stderr.splitlines()[-1] == "[]"


@pytest.mark.usefixtures("watchlist")
@pytest.mark.parametrize(
    ("shell", "variables", "told"),
    [
        ("bash", {"COMP_WORDS": "outlogger check giz", "COMP_CWORD": "2"}, "gizmo\n"),
        (
            "zsh",
            {"_TYPER_COMPLETE_ARGS": "outlogger check --js"},
            '_arguments \'*: :(("--json":"Same as --format json."))\'\n',
        ),
        (
            "fish",
            {
                "_TYPER_COMPLETE_ARGS": "outlogger stat",
                "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            },
            "status\tshow components, incidents and maintenance of vendors\n",
        ),
        (
            "powershell",
            {
                "_TYPER_COMPLETE_ARGS": "outlogger check --tag on",
                "_TYPER_COMPLETE_WORD_TO_COMPLETE": "on",
            },
            "'on call'::: \n",
        ),
        ("bash", {"COMP_WORDS": "outlogger stauts x", "COMP_CWORD": "2"}, ""),
    ],
)
def test_the_console_script_answers_shells(
    shell: str, variables: dict[str, str], told: str
) -> None:
    with spawn(env={completion.VARIABLE: f"complete_{shell}", **variables}) as process:
        finished = finish(process)
    assert (finished.out, finished.err) == (told, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell", "pwsh"])
def test_the_script_of_each_shell_is_shown(shell: str, capfd: pytest.CaptureFixture[str]) -> None:
    with patch.dict(os.environ, {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}):
        assert run_command("--show-completion", shell).code == 0
    shown, _ = capfd.readouterr()
    assert f"{completion.VARIABLE}" in shown
    assert "outlogger" in shown


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_a_real_bash_completes_by_the_script_it_is_shown(tmp_path: Path) -> None:
    store("Git Operations", "$(reboot)", "Git LFS")
    program = tmp_path / "outlogger"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m outlogger_cli "$@"\n')
    program.chmod(0o755)
    script = f"""
        eval "$(outlogger --show-completion)"
        complete -p outlogger
        COMP_WORDS=(outlogger check {ACME} -c "'Git L") COMP_CWORD=4
        _outlogger_completion outlogger
        printf '%s|' "${{COMPREPLY[@]}}"
        COMP_WORDS=(outlogger check {ACME} -c "") COMP_CWORD=4
        _outlogger_completion outlogger
        printf '%s|' "${{COMPREPLY[@]}}"
    """
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    with spawn("-c", script, command=["bash", "--norc"], env={"PATH": path}) as process:
        finished = finish(process)
    assert finished.err == ""
    assert finished.out == (
        "complete -o default -F _outlogger_completion outlogger\n"
        r"Git LFS|Git\ Operations|\$\(reboot\)|Git\ LFS|"
    )

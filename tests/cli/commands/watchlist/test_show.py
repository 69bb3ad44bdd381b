"""`outlogger watchlist list`, `show`, `path` and `validate`."""

import os
import threading
from pathlib import Path

import pytest

from tests.cli.commands.watchlist.lists import ACME, GITHUB, SAMPLES, added, refused, watchlist
from tests.running import Finished


def test_list_has_a_record_for_each_in_the_files_order(team: Path) -> None:
    del team
    assert watchlist("list") == added(
        f"github\tGitHub\tstatuspage\t{GITHUB}\tci\t\t",
        "openai\tOpenAI\tincidentio\thttps://status.openai.com\t\t\t",
        f"acme\tAcme\t\t{ACME}\t\tmajor\tEU/*; Web",
    )


def test_list_in_json_never_loses_a_key_and_shows_no_secret(team: Path) -> None:
    del team
    listing = watchlist("list", "--json").json
    assert (listing["schema_version"], listing["command"]) == (1, "watchlist list")
    assert listing["items"][2] == {
        "slug": "acme",
        "name": "Acme",
        "platform": None,
        "url": ACME,
        "tags": [],
        "fail_on": "major",
        "components": ["EU/*", "Web"],
        "exclude": [],
        "on_unknown": None,
        "count_incidents": None,
        "timeout": "90s",
        "headers": ["A"],
    }


def test_list_is_csv_and_a_table_too(team: Path) -> None:
    del team
    assert watchlist("list", "-f", "csv").out.split("\r\n")[:2] == [
        "slug,name,platform,url,tags,fail_on,components",
        f"github,GitHub,statuspage,{GITHUB},ci,,",
    ]
    finished = watchlist("list", terminal=True, env={"COLUMNS": "100", "NO_COLOR": "1"})
    assert finished.out.splitlines()[0].split() == (
        ["SLUG", "NAME", "PLATFORM", "URL", "TAGS", "FAIL", "ON", "COMPONENTS"]
    )


def test_list_without_a_list_is_empty_and_says_where_it_would_be(home: Path) -> None:
    own = home / ".config" / "outlogger" / "watchlist.toml"
    finished = watchlist("list", "--json")
    assert finished.json == {"schema_version": 1, "command": "watchlist list", "items": []}
    assert finished.err == f"{own} does not exist; to create it: outlogger watchlist add NAME\n"


@pytest.mark.parametrize(
    ("argv", "out"), [(("list",), ""), (("export",), "version = 1\n"), (("list", "-q"), "")]
)
def test_a_list_with_nobody_on_it_says_how_that_changes(
    path: Path, argv: tuple[str, ...], out: str
) -> None:
    path.write_text("version = 1\n")
    said = f"{path} is empty; to add a vendor: outlogger watchlist add NAME\n"
    finished = watchlist(*argv, terminal=True)
    assert finished == Finished(code=0, out=out, err="" if "-q" in argv else said)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_list_that_is_a_pipe_is_there(home: Path) -> None:
    pipe = home / "pipe"
    os.mkfifo(pipe)
    writing = threading.Thread(target=pipe.write_text, args=["[vendors.github]\n"])
    writing.start()
    finished = watchlist("list", "--watchlist", str(pipe))
    writing.join()
    assert finished == added(f"github\tGitHub\tstatuspage\t{GITHUB}\t\t\t")


@pytest.mark.parametrize("argv", [["list"], ["show", "github"], ["export"], ["validate"]])
def test_a_list_that_is_named_must_be_there(argv: list[str]) -> None:
    assert watchlist(*argv, "--watchlist", "none.toml") == refused(
        "none.toml: cannot be read: No such file or directory"
    )


def test_show_says_everything_of_the_vendors_named(team: Path) -> None:
    del team
    assert watchlist("show", "Acme", "github") == added(
        f"acme\tAcme\t\t{ACME}\t\tmajor\tEU/*; Web\t\t\t\t90s\tA",
        f"github\tGitHub\tstatuspage\t{GITHUB}\tci\t\t\t\t\t\t\t",
    )
    assert [item["slug"] for item in watchlist("show", "acme", "--json").json["items"]] == ["acme"]


def test_show_has_a_fact_on_each_line_of_a_table(team: Path) -> None:
    finished = watchlist("show", "acme", "openai", terminal=True, env={"NO_COLOR": "1"})
    assert finished.out.splitlines()[:9] == [
        "Acme",
        "slug        acme",
        f"url         {ACME}",
        "fail on     major",
        "components  EU/*, Web",
        "timeout     90s",
        "headers     A",
        "",
        "OpenAI",
    ]
    file = team.parent / "acme.txt"
    watchlist("show", "acme", "--format", "table", "-o", str(file))
    assert file.read_text().startswith("Acme\n")


def test_show_of_somebody_who_is_not_on_the_list_is_refused(team: Path) -> None:
    assert watchlist("show", "stripe") == refused(f"'stripe' is not on the watchlist {team}")


def test_path_is_where_the_list_is_or_would_be(home: Path, team: Path) -> None:
    assert watchlist("path") == added(str(team))
    assert watchlist("path", "-q") == added()
    team.unlink()
    own = home / ".config" / "outlogger" / "watchlist.toml"
    assert watchlist("path") == Finished(
        code=0,
        out=f"{own}\n",
        err=f"{own} does not exist; to create it: outlogger watchlist add NAME\n",
    )
    assert watchlist("path", env={"OUTLOGGER_WATCHLIST": "x.toml"}).out == "x.toml\n"


def test_validate_says_that_a_list_is_good(team: Path) -> None:
    assert watchlist("validate") == added(f"{team}: ok, 3 vendors")
    sample = SAMPLES / "team.toml"
    assert watchlist("validate", str(sample)) == added(f"{sample}: ok, 2 vendors")
    assert watchlist("validate", "-q") == added()
    team.unlink()
    absent = "does not exist; to create it: outlogger watchlist add NAME"
    assert watchlist("validate").err.endswith(f"watchlist.toml {absent}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[vendors.x]\nurl = 5\n", "2: [vendors.x] url = 5: must be a string"),
        (
            "\ufeff\n[vendors.githb]\n",
            "2: [vendors.githb] is not in the catalogue and has no url: did you mean github?",
        ),
        ("[vendors.qzxv-qzxv]\n", "1: [vendors.qzxv-qzxv] is not in the catalogue and has no url"),
    ],
)
def test_validate_says_what_is_wrong_and_where(path: Path, text: str, message: str) -> None:
    path.write_text(text)
    assert watchlist("validate") == refused(f"{path}:{message}")


def test_validate_checks_several_files_and_says_everything_at_once(home: Path) -> None:
    files = [home / name for name in ("good.toml", "bad.toml", "none.toml", "last.toml")]
    good, bad, none, last = map(str, files)
    for path, text in zip(files, ("[vendors.github]", "[vendors.githb]", "", ""), strict=True):
        path.write_text(f"version = 1\n{text}\n")
    (home / "none.toml").unlink()
    assert watchlist("validate", good, last) == added(
        f"{good}: ok, 1 vendor", f"{last}: ok, 0 vendors"
    )
    finished = watchlist("validate", good, bad, none, last)
    assert (finished.code, finished.out.splitlines()) == (
        2,
        [f"{good}: ok, 1 vendor", f"{last}: ok, 0 vendors"],
    )
    assert finished.err.splitlines() == [
        f"outlogger: {bad}:2: [vendors.githb] is not in the catalogue and has no url:"
        " did you mean github?",
        f"outlogger: {none}: cannot be read: No such file or directory",
    ]


def test_validate_says_everything_that_is_wrong(path: Path) -> None:
    path.write_text("[vendors.githb]\nurl = 5\n[vendors.zzqx]\ntags = 5\n")
    assert watchlist("validate").err.splitlines() == [
        f"outlogger: {path}:2: [vendors.githb] url = 5: must be a string",
        f"outlogger: {path}:3: [vendors.zzqx] is not in the catalogue and has no url",
        f'outlogger: {path}:4: [vendors.zzqx] tags = 5: must be a list, such as ["one", "two"]',
    ]

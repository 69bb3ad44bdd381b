"""What all reading commands share: names, watchlists, formats, drills and streams."""

import os
import re
import sys
from pathlib import Path

import pytest

from outlogger_cli.system import paths
from tests.cli.commands.pages import ACME, FINE, both, serving
from tests.running import Finished, finish, run_command, spawn

LIST = f"""\
version = 1
[defaults]
fail_on = "critical"
[vendors.fine]
url = "{FINE}"
tags = ["ci"]
[vendors.acme]
url = "{ACME}"
name = "Acme"
fail_on = "never"
"""


def listed(tmp_path: Path, text: str = LIST) -> str:
    path = tmp_path / "list.toml"
    path.write_text(text)
    return str(path)


def test_without_names_the_whole_watchlist_is_read(tmp_path: Path) -> None:
    finished = run_command("check", "--watchlist", listed(tmp_path), transport=both())
    assert finished.out == (
        "fine\tnone\tok\t\t0\thttps://status.fine.example\n"
        "acme\tmajor\tok\tEurope/Queue; API\t1\thttps://status.acme.example\n"
    )


def test_the_variable_names_the_watchlist(tmp_path: Path) -> None:
    env = {"OUTLOGGER_WATCHLIST": listed(tmp_path)}
    finished = run_command("check", "--tag", "ci", env=env, transport=both())
    assert finished.out == "fine\tnone\tok\t\t0\thttps://status.fine.example\n"


def test_the_project_file_of_this_folder_is_found() -> None:
    Path("outlogger.toml").write_text(LIST)
    finished = run_command("check", "acme", "--fail-on", "minor", transport=both())
    assert finished.code == 1


FOUND: dict[str, str] = {
    "[vendors.github]\n": "",
    f'[vendors.acme]\nurl = "{ACME}"\n': "",
    f'[vendors.github]\nurl = "{ACME}"\n[vendors.Stripe]\nurl = "{FINE}"\n': (
        "; its URLs replace the catalogue's for github, Stripe"
    ),
    f'[vendors.acme]\nname = "GitHub"\nurl = "{ACME}"\n': (
        "; its URLs replace the catalogue's for acme"
    ),
    '[vendors.github]\nurl = "https://www.githubstatus.com/"\n': "",
    f'[defaults]\nfail_on = "never"\n[vendors.acme]\nurl = "{ACME}"\n': (
        '; fail_on = "never" is its default'
    ),
    f'[vendors.a]\nurl = "{ACME}"\nfail_on = "never"\n[vendors.b]\nurl = "{ACME}"\n': (
        '; fail_on = "never" for a'
    ),
}


@pytest.mark.parametrize("text", FOUND)
def test_a_found_watchlist_is_named_with_what_may_hide_a_problem(text: str, home: Path) -> None:
    path = home / "outlogger.toml"
    path.write_text(f"version = 1\n{text}")
    (home / "below").mkdir()
    finished = run_command("check", FINE, transport=both(), cwd=home / "below")
    assert finished.err == f"using {path} (auto-discovered){FOUND[text]}\n"


@pytest.mark.parametrize("argv", [("check", "-q"), ("check", "-f", "nagios")])
def test_a_found_watchlist_is_not_named_if_nothing_is_to_be_said(argv: tuple[str, ...]) -> None:
    Path("outlogger.toml").write_text(LIST)
    assert run_command(*argv, FINE, transport=both()).err == ""


def test_a_chosen_watchlist_is_not_named(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(LIST)
    env = {"OUTLOGGER_WATCHLIST": str(own)}
    assert run_command("check", FINE, transport=both(), env=env).err == ""
    assert run_command("check", FINE, "--watchlist", str(own), transport=both()).err == ""
    paths.user_watchlist().parent.mkdir(parents=True)
    paths.user_watchlist().write_text(LIST)
    assert run_command("check", FINE, transport=both()).err == ""


def test_a_watchlist_that_was_named_must_be_there() -> None:
    finished = run_command("check", "--watchlist", "gone.toml", transport=both())
    assert (finished.code, finished.err) == (
        2,
        "outlogger: gone.toml: cannot be read: No such file or directory\n",
    )


def test_a_headers_secret_of_a_found_file_is_not_used_and_that_is_said() -> None:
    Path("outlogger.toml").write_text(LIST + 'headers = { Authorization = "${KEY}" }\n')
    finished = run_command("check", "acme", "-c", "Dashboard", transport=both())
    assert finished.code == 0
    path = Path.cwd() / "outlogger.toml"
    assert finished.err == (
        f'using {path} (auto-discovered); fail_on = "never" for acme\n'
        f"{path}: its headers are ignored, because it was auto-discovered;"
        " to trust it: --watchlist FILE\n"
    )


def test_a_dash_reads_names_from_standard_input() -> None:
    finished = run_command("check", "-", stdin=f"# mine\n{FINE}  # ok\n\n", transport=both())
    assert finished.out == "status.fine.example\tnone\tok\t\t0\thttps://status.fine.example\n"


def test_a_dash_takes_the_first_field_of_a_listings_records(tmp_path: Path) -> None:
    text = LIST.replace('"Acme"', '"Our Acme"')
    options = ("--watchlist", listed(tmp_path, text))
    listing = run_command("watchlist", "list", *options).out
    rows = f"\ufeff{listing}\n# a\tcomment\nOur Acme\tmine # too\n\tfine acme\n"
    finished = run_command("check", "-", *options, stdin=rows, transport=both())
    assert finished == run_command("check", *options, transport=both())


def test_a_dash_stands_beside_other_names_and_counts_once() -> None:
    finished = run_command("check", ACME, "-", "-", stdin=FINE, transport=both())
    assert [row.split("\t")[0] for row in finished.out.splitlines()] == [
        "status.acme.example",
        "status.fine.example",
    ]


@pytest.mark.parametrize("dashes", [["-"], ["-", "-"]])
def test_nothing_on_standard_input_is_a_usage_error(dashes: list[str], tmp_path: Path) -> None:
    argv = ("check", *dashes, "--watchlist", listed(tmp_path))
    finished = run_command(*argv, stdin="# none\n", transport=both())
    assert (finished.code, finished.err) == (
        2,
        "outlogger: no vendor to read: no names on standard input;"
        " give a name, or add one: outlogger watchlist add NAME\n",
    )


def test_nothing_to_read_says_where_was_looked() -> None:
    finished = run_command("check", transport=both())
    assert finished.code == 2
    assert finished.err.startswith(
        "outlogger: no vendor to read: no name given, and neither outlogger.toml in this folder or"
        " a parent nor /"
    )
    assert finished.err.endswith(
        "watchlist.toml exists; give a name, or add one: outlogger watchlist add NAME\n"
    )


@pytest.fixture
def foreign(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's watchlist in this folder, which somebody else owns."""
    path = home / "outlogger.toml"
    path.write_text(LIST)
    monkeypatch.setattr(os, "getuid", lambda: path.stat().st_uid + 1)
    return path


@pytest.fixture
def own(home: Path) -> Path:
    """The user's watchlist, which lists nobody yet."""
    path = home / ".config" / "outlogger" / "watchlist.toml"
    path.parent.mkdir(parents=True)
    path.touch()
    return path


def test_a_list_that_is_not_used_for_its_owner_is_named_where_there_is_nothing_to_read(
    foreign: Path, own: Path
) -> None:
    why = (
        f"; {foreign} is ignored: another user owns it (to trust it: --watchlist FILE);"
        " give a name, or add one: outlogger watchlist add NAME\n"
    )
    said = "outlogger: no vendor to read: no name given, and"
    assert run_command("check", "-q").err == f"{said} {own} is empty{why}"
    own.unlink()
    assert run_command("check").err == f"{said} {own} does not exist{why}"


def test_a_list_that_is_not_used_for_its_owner_is_named_where_another_one_is(
    foreign: Path, own: Path
) -> None:
    why = f"{foreign} is ignored: another user owns it (to trust it: --watchlist FILE)\n"
    added = run_command("watchlist", "add", FINE, "--as", "fine", transport=both())
    assert (added.code, added.err) == (0, why)
    finished = run_command("check", transport=both())
    assert finished.out == "fine\tnone\tok\t\t0\thttps://status.fine.example\n"
    assert finished.err == why
    assert run_command("check", "-q", transport=both()).err == ""
    assert run_command("watchlist", "path").err == why
    assert run_command("watchlist", "path").out == f"{own}\n"


def test_an_unknown_name_is_refused_before_anything_is_fetched() -> None:
    finished = run_command("check", "permutve", transport=serving({}))
    assert (finished.code, finished.err) == (
        2,
        "outlogger: unknown vendor 'permutve': did you mean permutive?\n",
    )


def test_bytes_on_standard_input_that_are_no_text_are_a_usage_error(home: Path) -> None:
    (home / "names").write_bytes(b"github\n\xff\n")
    strict = {"PYTHONIOENCODING": "utf-8:strict"}
    with (home / "names").open() as names, spawn("check", "-", env=strict, stdin=names) as process:
        assert finish(process) == Finished(
            code=2,
            out="",
            err="outlogger: standard input is not text (- reads vendor names from it)\n",
        )


def test_options_may_stand_before_names() -> None:
    assert run_command("check", "--json", FINE, transport=both()).json["verdict"] == "ok"


@pytest.mark.parametrize(
    ("argv", "env", "begins"),
    [
        ((), {}, "status.fine.example\t"),
        (("-f", "json"), {"OUTLOGGER_FORMAT": "table"}, "{"),
        ((), {"OUTLOGGER_FORMAT": "json"}, "{"),
        (("--json", "-f", "json"), {}, "{"),
        ((), {"OUTLOGGER_FORMAT": "xml"}, "status.fine.example\t"),
    ],
)
def test_the_format_is_the_options_then_the_variables(
    argv: tuple[str, ...], env: dict[str, str], begins: str
) -> None:
    assert run_command("check", FINE, *argv, env=env, transport=both()).out.startswith(begins)


def test_a_dash_is_standard_output(home: Path) -> None:
    written = run_command("check", FINE, "-o", "-", transport=both())
    assert written == run_command("check", FINE, transport=both())
    assert not (home / "-").exists()


def test_on_a_terminal_the_answer_is_a_table() -> None:
    finished = run_command("check", FINE, "--color", "never", terminal=True, transport=both())
    assert finished.out == "✓ ok  Fine Inc  All Systems Operational\n"


@pytest.mark.parametrize(("options", "colored"), [([], False), (["--color", "always"], True)])
def test_a_file_gets_colour_only_if_it_is_asked_for(
    options: list[str], colored: bool, tmp_path: Path
) -> None:
    file = tmp_path / "out.txt"
    argv = ("check", FINE, "-f", "table", "-o", str(file), *options)
    assert run_command(*argv, terminal=True, transport=both()).code == 0
    assert ("\x1b[" in file.read_text()) == colored


def test_a_terminal_gets_colour() -> None:
    finished = run_command("check", FINE, terminal=True, transport=both())
    assert finished.out.startswith("\x1b[2m✓\x1b[0m ok")


def test_the_background_of_the_terminal_chooses_the_theme() -> None:
    def colors(*argv: str, background: str = "") -> tuple[str, ...]:
        words = ("check", ACME, FINE, "-f", "table", "--color", "always", *argv)
        shown = run_command(*words, env={"COLORFGBG": background}, transport=both())
        return tuple(re.findall(r"\x1b\[[\d;]*m", shown.out))

    dark, light = colors("--theme", "dark"), colors("--theme", "light")
    assert dark != light
    assert colors(background="15;0") == colors("--theme", "dark", background="7") == dark
    assert colors(background="0;15") == light


@pytest.mark.parametrize(
    ("argv", "env", "message"),
    [
        (("-f", "xml"), {}, "--format must be one of "),
        (
            ("--json", "-f", "plain"),
            {},
            "--json and --format plain cannot be used together",
        ),
        (
            ("-f", "plain", "--json"),
            {},
            "--json and --format plain cannot be used together",
        ),
        (("-f", "json", "--max-age"), {}, "--max-age requires an argument"),
        (("--offline", "--refresh"), {}, "--offline and --refresh cannot be used together"),
        (("--timeout", "0"), {}, "--timeout: must be longer than 0s"),
        (("--timeout", "soon"), {}, "--timeout: must be a duration such as"),
        (("--max-age", "soon"), {}, "--max-age: must be a duration such as"),
        (("--fail-on", "bad"), {}, "--fail-on: 'bad' is not one of"),
        (("-c", "a"), {}, "--component and --exclude need exactly one vendor"),
        (("--jobs", "0"), {}, "--jobs: 0 is invalid: must be 1 to 1000"),
        (("--jobs", "x"), {}, "--jobs: 'x' is not a valid integer"),
        ((), {"OUTLOGGER_THEME": "x"}, "OUTLOGGER_THEME: 'x' is not one of"),
        (("--fast",), {}, "unknown option --fast: see --help"),
        (("--fast", "fime"), {}, "unknown option --fast: see --help"),
        (("-qF",), {}, "unknown option -F: see --help"),
        (("--cacert", "gone.pem"), {}, "--cacert: gone.pem: No such file or directory"),
        ((), {"OUTLOGGER_DRILL": "https://example.com"}, "OUTLOGGER_DRILL must be http"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_exits_2(
    argv: tuple[str, ...], env: dict[str, str], message: str
) -> None:
    finished = run_command("check", FINE, ACME, *argv, env=env)
    assert finished.code == 2
    assert finished.err.startswith(f"outlogger: {message}")
    assert finished.err.count("\n") == 1
    assert finished.out == ""


@pytest.mark.parametrize(
    ("command", "argv", "wrong"),
    [
        ("check", ("fime", "alme", "--tag", "no"), ("'fime'", "'alme'", "tag 'no'")),
        ("check", ("fime", "--fast", "--slow=3", "-qF"), ("--fast", "--slow", "-F", "'fime'")),
        ("check", ("fime", "-f", "yaml", "--jobs", "x"), ("--format", "--jobs", "'fime'")),
        ("check", ("fime", "--timeout", "x", "--tag"), ("--tag", "--timeout", "'fime'")),
        ("check", ("fime", "fine", "-c", "API"), ("'fime'", "exactly one vendor")),
        ("check", ("fime", "--offline", "--refresh"), ("'fime'", "--refresh")),
        ("check", ("fime", "--label", "a=b"), ("'fime'", "--label")),
        ("check", ("fime", "--cacert", "gone.pem"), ("'fime'", "--cacert")),
        ("check", ("fine", "--fast", "--cacert", "gone.pem"), ("--fast", "--cacert")),
        ("check", ("--fast", "--watchlist", "gone.toml"), ("--fast", "gone.toml")),
        ("report", ("--fast", "--watchlist", "gone.toml"), ("--fast", "gone.toml")),
        ("status", ("--tz", "Foo", "-o", "gone/x", "fime"), ("'fime'", "--output", "--tz")),
        ("status", ("--days", "0", "--incidents", "-1"), ("--days", "--incidents")),
        ("vendors", ("search", "--fast", "-f", "html"), ("--fast", "--format", "TEXT")),
        ("drill", ("--fast", "--status", "bad"), ("--fast", "--status")),
        ("drill", ("fine", "more", "--fast"), ("--fast", "argument: more")),
    ],
)
def test_all_errors_of_a_command_line_are_reported_at_once(
    command: str, argv: tuple[str, ...], wrong: tuple[str, ...], tmp_path: Path
) -> None:
    finished = run_command(command, *argv, env={"OUTLOGGER_WATCHLIST": listed(tmp_path)})
    assert finished.code == 2
    lines = finished.err.splitlines()
    assert len(lines) == len(wrong)
    assert all(any(part in one for one in lines) for part in wrong)


def test_a_watchlist_that_is_named_is_read_after_a_wrong_option(tmp_path: Path) -> None:
    named = ("--watchlist", listed(tmp_path))
    finished = run_command("check", "--fast", *named, "fime", "--cacert", "gone.pem")
    assert (finished.code, finished.err.count("\n")) == (2, 3)
    finished = run_command("check", "--fast", "--watchlist", str(tmp_path / "gone"), "fime")
    assert (finished.code, "gone" in finished.err) == (2, True)


def test_a_flood_of_unknown_options_ends() -> None:
    finished = run_command("check", *(f"--x{number}" for number in range(5000)))
    assert finished.code == 2
    assert 10 < len(finished.err.splitlines()) < 30


def test_stored_readings_answer_under_max_age_and_offline() -> None:
    first = run_command("check", FINE, "--json", transport=both()).json
    again = run_command("check", FINE, "--json", "--max-age", "1h", transport=serving({})).json
    offline = run_command("check", FINE, "--json", "--offline", transport=serving({})).json
    sources = [report["vendors"][0]["source"] for report in (first, again, offline)]
    assert sources == ["live", "cache", "cache"]


def test_the_watchlists_max_age_counts_and_refresh_overrules_it(tmp_path: Path) -> None:
    path = listed(tmp_path, LIST.replace("[defaults]", '[defaults]\nmax_age = "1h"\ntz = "UTC"'))
    run_command("check", "fine", "--watchlist", path, transport=both())
    stored = run_command("check", "fine", "--watchlist", path, transport=serving({}))
    live = run_command("check", "fine", "--watchlist", path, "--refresh", transport=serving({}))
    assert (stored.code, live.code) == (0, 3)


def test_without_a_stored_reading_offline_is_unknown() -> None:
    finished = run_command("check", FINE, "--offline", transport=both())
    assert finished.code == 3
    assert finished.err == (
        "status.fine.example: unknown: no stored reading, https://status.fine.example\n"
    )


def test_a_drill_says_so_everywhere_and_stores_nothing() -> None:
    drill = "http://127.0.0.1:8000"
    env = {
        "OUTLOGGER_DRILL": drill,
        "OUTLOGGER_DRILL_SCENARIO": "a flood",
        "OUTLOGGER_DRILL_CLOCK": "2026-01-15T12:00:00Z",
    }
    transport = serving({f"{drill}/api/v2/summary.json": {}, f"{drill}/x": {}}, handle=None)
    finished = run_command("check", FINE, "--json", env=env, transport=transport)
    assert finished.json["drill"] is True
    assert finished.json["generated_at"] == "2026-01-15T12:00:00Z"
    assert finished.err.startswith("DRILL: simulated data (a flood, clock 2026-01-15)\n")
    table = run_command("check", FINE, "-f", "table", env=env, transport=transport)
    assert table.out.startswith(" DRILL  a flood, clock 2026-01-15  DRILL\n")
    assert not list(Path.home().rglob("pages*"))


def test_a_system_without_such_limits_has_the_usual_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert run_command("check", FINE, transport=both()).code == 0


def test_the_watchlists_zone_counts_where_the_environment_names_none(tmp_path: Path) -> None:
    path = listed(tmp_path, LIST.replace("[defaults]", '[defaults]\ntz = "Asia/Tokyo"'))
    argv = ("status", "acme", "--watchlist", path, "-f", "table")
    assert (
        "since 15 Jan 20:05 JST · Queue" in run_command(*argv, env={"TZ": ""}, transport=both()).out
    )


def test_no_file_descriptors_to_spare_still_leaves_one_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _which: (16, 16))
    assert run_command("check", FINE, transport=both()).code == 0

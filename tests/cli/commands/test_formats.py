"""The formats as commands deliver them: streams, files of the runner, codes of plugins."""

import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from outlogger_cli.render import FORMATS
from tests.cli.commands.pages import ACME, FINE, both, fine, serving
from tests.running import Finished, run_command
from tests.support import NOW


@pytest.mark.parametrize("name", FORMATS)
def test_check_has_every_format(name: str) -> None:
    run_command("check", FINE, transport=both())
    finished = run_command("check", FINE, "--format", name, transport=both())
    assert finished.code == 0
    assert finished.out


@pytest.mark.parametrize("name", ["junit", "github", "nagios", "prometheus", "line", "waybar"])
def test_incidents_has_no_format_that_tells_no_past(name: str) -> None:
    finished = run_command("incidents", FINE, "--format", name, transport=both())
    assert finished.code == 2
    assert finished.err == (
        "outlogger: --format must be one of table, plain, json, ndjson, csv, markdown, html,"
        f" not '{name}'\n"
    )


def test_a_variable_for_another_command_leaves_this_one_its_own_default() -> None:
    finished = run_command("incidents", FINE, env={"OUTLOGGER_FORMAT": "nagios"}, transport=both())
    assert (finished.code, finished.out) == (0, "")


def test_ndjson_is_a_vendor_a_line() -> None:
    finished = run_command("check", FINE, ACME, "-f", "ndjson", transport=both())
    told = {
        vendor["slug"]: vendor["verdict"] for vendor in map(json.loads, finished.out.splitlines())
    }
    assert told == {"status.fine.example": "ok", "status.acme.example": "problem"}
    assert finished.code == 1


def test_ndjson_goes_to_a_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "all.ndjson"
    finished = run_command("check", FINE, "-f", "ndjson", "-o", str(target), transport=both())
    assert finished.out == ""
    assert json.loads(target.read_text())["slug"] == "status.fine.example"


def test_quiet_ndjson_is_silent() -> None:
    assert run_command("check", FINE, "-qf", "ndjson", transport=both()).out == ""


def test_incidents_as_ndjson_hold_only_what_was_asked_for() -> None:
    finished = run_command("incidents", ACME, "--open", "-f", "ndjson", transport=both())
    assert [i["name"] for i in json.loads(finished.out)["incidents"]] == ["Queue stalled"]


def test_github_annotates_and_appends_to_the_files_of_the_runner(tmp_path: Path) -> None:
    summary, outputs = tmp_path / "summary.md", tmp_path / "outputs"
    summary.write_text("before\n")
    env = {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(outputs)}
    finished = run_command("check", FINE, ACME, "-f", "github", env=env, transport=both())
    assert finished.out.startswith(
        "::error title=Acme Cloud%3A major::status.acme.example: major: "
    )
    assert outputs.read_text() == "verdict=problem\nworst=major\nproblems=status.acme.example\n"
    assert summary.read_text().startswith("before\n**1 vendor has a problem · 1 ok**\n\n| State |")


def test_github_without_its_files_only_annotates() -> None:
    finished = run_command("check", FINE, "-f", "github", transport=both())
    assert (finished.code, finished.out) == (0, "outlogger: status.fine.example ok\n")


def test_a_file_of_the_runner_that_cannot_be_written_is_no_verdict(tmp_path: Path) -> None:
    env = {"GITHUB_OUTPUT": str(tmp_path)}
    finished = run_command("check", FINE, "-f", "github", env=env, transport=both())
    assert finished.code == 70
    assert finished.out.splitlines()[1:] == [
        f"::error::outlogger: GITHUB_OUTPUT: {tmp_path} cannot be written: Is a directory"
    ]
    assert finished.err == ""


def test_github_annotates_a_wrong_command_line() -> None:
    finished = run_command("check", "no%body", "-f", "github")
    assert finished.code == 2
    assert finished.out.startswith("::error::outlogger: ")
    assert "'no%25body'" in finished.out
    assert (finished.out.count("\n"), finished.err) == (1, "")


def test_github_says_nothing_twice() -> None:
    argv = (FINE, ACME, "https://gone.example", "-f", "github", "--on-unknown", "ignore")
    finished = run_command("check", *argv, transport=both())
    first, second = finished.out.splitlines()
    assert first.startswith("::error title=Acme Cloud%3A major::status.acme.example: major: ")
    assert second.startswith("outlogger: gone.example: unknown: ")
    assert finished.err == ""
    skipped = run_command("check", FINE, "-f", "github", "--skip")
    assert (skipped.out, skipped.err) == ("outlogger: skipped\n", "")


@pytest.mark.parametrize(
    ("status", "code", "word"),
    [
        ("operational", 0, "OK"),
        ("under_maintenance", 0, "OK"),
        ("degraded_performance", 1, "WARNING"),
        ("partial_outage", 2, "CRITICAL"),
        ("major_outage", 2, "CRITICAL"),
    ],
)
def test_nagios_has_the_exit_codes_of_a_plugin(status: str, code: int, word: str) -> None:
    transport = serving({f"{FINE}/api/v2/summary.json": fine(API=status)})
    finished = run_command("check", FINE, "-f", "nagios", transport=transport)
    assert finished.code == code
    assert finished.out.startswith(f"OUTLOGGER {word} - ")


def test_nagios_says_maintenance_as_a_warning_where_that_is_the_threshold() -> None:
    transport = serving({f"{FINE}/api/v2/summary.json": fine(API="under_maintenance")})
    argv = ("check", FINE, "-f", "nagios", "--fail-on", "maintenance")
    assert run_command(*argv, transport=transport).code == 1


def test_nagios_is_unknown_where_a_page_cannot_be_read() -> None:
    transport = serving({f"{FINE}/api/v2/summary.json": httpx.Response(500)})
    finished = run_command("check", FINE, "-f", "nagios", "--retries", "0", transport=transport)
    assert finished.code == 3
    assert finished.out.startswith("OUTLOGGER UNKNOWN - status.fine.example: HTTP 500")


@pytest.mark.parametrize(
    ("argv", "env"),
    [
        (("check", "nobody-has-this", "--format", "nagios"), {}),
        (("check", "nobody-has-this", "--format=nagios"), {}),
        (("check", "nobody-has-this"), {"OUTLOGGER_FORMAT": "nagios"}),
        (("check", "--nope", "-fnagios"), {}),
        (("chekc", "-f", "nagios"), {}),
        (("--nope", "check", "--format=nagios"), {}),
        (("check", "github", "-f", "nagios"), {"OUTLOGGER_DRILL": "https://evil.example"}),
    ],
)
def test_nagios_gets_its_unknown_for_a_wrong_command_line(
    argv: tuple[str, ...], env: dict[str, str]
) -> None:
    finished = run_command(*argv, env=env)
    assert finished.code == 3
    assert finished.out.startswith("OUTLOGGER UNKNOWN - ")
    assert finished.err == ""


@pytest.mark.parametrize("argv", [("status", "-f", "nagios"), ("chekc", "-f", "plain")])
def test_other_formats_and_commands_have_their_errors_on_standard_error(
    argv: tuple[str, ...],
) -> None:
    finished = run_command(*argv)
    assert (finished.code, finished.out) == (2, "")
    assert finished.err.startswith("outlogger: ")


def test_nagios_leaves_standard_error_empty(home: Path) -> None:
    """Even of a terminal, with a watchlist that was found, in a drill, and with -v."""
    lines = f'[vendors.a]\nurl = "{ACME}"\nfail_on = "never"\nheaders = {{ a = "b" }}\n'
    (home / "outlogger.toml").write_text(f"version = 1\n{lines}")
    for argv in (["-v"], ["-v", FINE, "https://gone.example"], ["--skip"]):
        finished = run_command("check", *argv, "-f", "nagios", transport=both(), terminal=True)
        assert finished.out.startswith("OUTLOGGER ")
        assert finished.err == ""


def test_the_line_tells_of_stored_readings_only() -> None:
    first = run_command("status", FINE, ACME, "-f", "line", transport=both())
    run_command("check", FINE, ACME, transport=both())
    second = run_command("status", FINE, ACME, "-f", "line", transport=serving({}))
    assert (first.code, first.out) == (0, "2 unknown: status.fine.example, status.acme.example\n")
    assert (second.code, second.out) == (0, "1 problem: status.acme.example\n")


def test_the_line_reads_the_pages_where_refresh_says_so() -> None:
    finished = run_command("status", FINE, "-f", "line", "--refresh", transport=both())
    assert (finished.code, finished.out) == (0, "status.fine.example ok\n")


def test_waybar_gets_its_json() -> None:
    run_command("check", FINE, transport=both())
    finished = run_command("check", FINE, "-f", "waybar", transport=serving({}))
    assert json.loads(finished.out) == {
        "text": "status.fine.example ok",
        "tooltip": "status.fine.example ok",
        "class": "ok",
    }


@pytest.mark.parametrize("command", ["status", "check"])
def test_a_prompt_shows_nothing_where_all_is_ok_if_it_wants_that(command: str) -> None:
    run_command("check", FINE, ACME, transport=both())
    argv = ("--empty-ok", "-f", "line")
    assert run_command(command, FINE, *argv) == Finished(code=0, out="", err="")
    assert run_command(command, FINE, ACME, *argv).out == "1 problem: status.acme.example\n"
    refused = run_command(command, FINE, "--empty-ok", "-f", "plain")
    assert (refused.code, "--empty-ok requires --format line" in refused.err) == (2, True)


def test_a_page_that_failed_among_several_shows_what_was_wrong_before() -> None:
    run_command("status", ACME, transport=both(), now=NOW - timedelta(minutes=12))
    broken = serving({f"{FINE}/api/v2/summary.json": fine()})
    argv = ("status", FINE, ACME, "-f", "table", "--utc")
    row = run_command(*argv, transport=broken).out.splitlines()[2]
    assert row.split("  ")[:2] == ["? unknown", "Acme Cloud"]
    detailed = run_command(*argv, "--details", transport=broken).out
    assert "Components when last read" in detailed
    assert "◆ Queue stalled" in detailed


def test_a_page_that_failed_and_was_well_before_is_not_called_well() -> None:
    run_command("status", FINE, transport=both(), now=NOW - timedelta(minutes=12))
    broken = serving({f"{ACME}/api/v2/summary.json": fine()})
    finished = run_command("status", ACME, FINE, "-f", "table", "--utc", transport=broken)
    rows = [line for line in finished.out.splitlines() if line[:1] == "?"]
    assert [row.split("  ")[1] for row in rows] == ["Fine Inc"]


def labels_of(finished: Finished) -> dict[str, str]:
    """The labels that every series of a run has, with their values."""
    families = text_string_to_metric_families(finished.out)
    found = [set(sample.labels.items()) for family in families for sample in family.samples]
    return dict(set.intersection(*found))


@pytest.mark.parametrize("command", ["check", "status"])
def test_every_series_names_the_watchlist(home: Path, command: str) -> None:
    argv = (command, "-f", "prometheus")
    assert labels_of(run_command(*argv, FINE, transport=both())) == {"list": "command-line"}
    for name in ("prod.toml", "a.b.toml", "team"):
        (home / name).write_text(f'version = 1\n[vendors.fine]\nurl = "{FINE}"\n')
        named = run_command(*argv, "--watchlist", name, transport=both())
        assert labels_of(named) == {"list": name.removesuffix(".toml")}
    given = ("--label", "list=mine", "--label", "team=web")
    labelled = run_command(*argv, *given, "--watchlist", "team", transport=both())
    assert labels_of(labelled) == {"list": "mine", "team": "web"}


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (("check", "-f", "json", "--label", "a=b"), "--label requires --format prometheus"),
        (("status", "--label", "a=b"), "--label requires --format prometheus"),
        (("check", "-f", "prometheus", "--label", "vendor=b"), "the label vendor is reserved"),
        (("status", "-f", "prometheus", "--label", "b"), "'b' is not NAME=VALUE"),
    ],
)
def test_a_label_that_cannot_be_is_refused_before_anything_is_read(
    argv: tuple[str, ...], why: str
) -> None:
    finished = run_command(*argv, FINE)
    assert (finished.code, finished.out) == (2, "")
    assert finished.err.startswith("outlogger: --label")
    assert finished.err.endswith(f"{why}\n")
    assert finished.err.count("\n") == 1


def test_how_long_a_reading_took_is_not_said_of_a_stored_one() -> None:
    argv = ("check", FINE, "-f", "prometheus")
    duration = "outlogger_vendor_reading_duration_seconds{"
    clock = iter(range(1000))
    live = run_command(*argv, transport=both(), monotonic=lambda: float(next(clock)))
    assert duration in live.out
    stored = run_command(*argv, "--max-age", "1h", transport=serving({}))
    assert (stored.code, duration in stored.out) == (0, False)

"""`outlogger drill`: a page simulated on loopback, the command run against it, and its faults."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.catalog import catalog
from outlogger_cli.cli.commands.drill import split
from outlogger_cli.drill import command as drill_command
from outlogger_cli.drill import environment, pages
from outlogger_cli.drill import scenario as scenarios
from outlogger_cli.drill import server as drill_server
from outlogger_cli.drill.server import Server
from tests.running import PATIENCE, Finished, finish, run_command, spawn
from tests.support import NOW
from tests.terminals import pair, running_on

BAD_DAY = "DRILL: simulated data (bad-day, clock 2026-01-15)\n"
PERMUTIVE = "DRILL: simulated data (permutive-2024-03, clock 2024-03-12)\n"
PLAIN = "DRILL: simulated data (plain, clock 2026-01-15)\n"

VENDORS = {entry.platform or "none": entry.slug for entry in catalog.entries()}
"""One vendor of the catalogue for each platform, among them those that cannot be read."""


def drill_json(*argv: str, **env: str) -> Any:
    """What `outlogger drill` shows as JSON, by default of permutive."""
    named = () if "--scenario" in argv or not argv[:1] or argv[0][0] != "-" else ("permutive",)
    return run_command("drill", *named, *argv, env={"OUTLOGGER_FORMAT": "json", **env}).json


def running(code: str) -> tuple[str, ...]:
    """COMMAND: a Python process that runs `code`."""
    return "--", sys.executable, "-c", f"import os, signal, sys\n{code}"


def showing(name: str) -> tuple[str, ...]:
    """COMMAND: print the variable `name`."""
    return running(f"print(os.environ.get({name!r}))")


@contextmanager
def drilled(slug: str, scenario: str) -> Iterator[dict[str, str]]:
    """The environment in which the page of the catalogue's vendor `slug` is simulated."""
    entry = catalog.find(slug)
    assert entry
    (page,) = scenarios.snapshots(
        scenarios.load(scenario), name=entry.name, url=entry.url, clock=NOW
    )
    with Server({"": [pages.documents(page)]}) as server:
        yield {"OUTLOGGER_DRILL": server.origin}


def interrupted(_seconds: float) -> None:
    raise KeyboardInterrupt


# What is shown


def test_without_arguments_a_bad_day_is_shown_and_the_exit_code_is_0() -> None:
    finished = run_command("drill", env={"OUTLOGGER_FORMAT": "json"})
    assert (finished.code, finished.err) == (0, BAD_DAY)
    found = {vendor["slug"]: vendor["severity"] for vendor in finished.json["vendors"]}
    assert found == {
        "permutive": "none",
        "cloudflare": "none",
        "stripe": "maintenance",
        "datadog": "minor",
        "github": "critical",
        "npm": "none",
        "openai": "none",
        "twilio": "none",
    }
    assert not any(vendor["error"] for vendor in finished.json["vendors"])


def test_a_vendor_of_a_bad_day_can_be_read_alone() -> None:
    (vendor,) = run_command(
        "drill", "github", "--scenario", "bad-day", env={"OUTLOGGER_FORMAT": "json"}
    ).json["vendors"]
    assert vendor["severity"] == "critical"


def test_permutive_is_shown_as_it_was_in_march_2024() -> None:
    assert run_command("drill", "permutive") == Finished(
        code=0,
        out=(
            "permutive\t\tAMP API\toperational\tnone\n"
            "permutive\t\tContent Delivery Network\toperational\tnone\n"
            "permutive\t\tPermutive Analytics\toperational\tnone\n"
            "permutive\t\tPermutive API\toperational\tnone\n"
            "permutive\t\tPermutive Dashboard\toperational\tnone\n"
            "permutive\t\tPermutive SDKs\toperational\tnone\n"
            "permutive\t\tRouting\toperational\tnone\n"
            "permutive\t\tThird-Party Data API\toperational\tnone\n"
        ),
        err=PERMUTIVE,
    )


def test_the_table_says_that_it_is_a_drill_and_its_clock() -> None:
    finished = run_command("drill", "permutive", terminal=True, env={"NO_COLOR": "1"})
    assert finished.err == PERMUTIVE
    title = finished.out.splitlines()[0]
    assert title.split() == ["DRILL", "permutive-2024-03,", "clock", "2024-03-12", "DRILL"]


def test_on_one_terminal_the_title_of_the_table_announces_the_drill() -> None:
    with pair() as terminal:
        command = [sys.executable, "-m", "outlogger_cli", "drill", "permutive"]
        with running_on(terminal, command) as process:
            shown = terminal.read_until("All Systems Operational")
            assert process.wait(PATIENCE) == 0
    assert shown.split()[:2] == ["DRILL", "permutive-2024-03,"]


def test_the_json_is_of_the_drill_s_day_and_its_strip_has_the_two_outages() -> None:
    shown = drill_json("permutive")
    assert (shown["drill"], shown["generated_at"]) == (True, "2024-03-12T12:00:00Z")
    days = shown["vendors"][0]["days"]
    assert (days[0]["date"], days[-1]["date"]) == ("2024-02-12", "2024-03-12")
    assert [(day["date"], day["incidents"]) for day in days if day["incidents"]] == [
        ("2024-03-05", 2),
        ("2024-03-10", 1),
    ]


def test_nothing_is_stored(home: Path) -> None:
    run_command("drill")
    assert list(home.iterdir()) == []


def test_a_component_alone_is_a_major_outage_and_no_incident_is_posted() -> None:
    (vendor,) = drill_json("--component", "routing")["vendors"]
    out = [(c["name"], c["status"]) for c in vendor["components"] if c["severity"] != "none"]
    assert out == [("Routing", "major_outage")]
    assert (vendor["indicator"], vendor["severity"]) == ("critical", "critical")
    assert not any(incident["open"] for incident in vendor["incidents"])


def test_a_status_alone_is_that_of_every_component() -> None:
    (vendor,) = drill_json("--status", "under_maintenance")["vendors"]
    assert {c["status"] for c in vendor["components"]} == {"under_maintenance"}
    assert (vendor["indicator"], vendor["severity"]) == ("maintenance", "maintenance")


def test_several_components_get_the_status_that_is_given() -> None:
    (vendor,) = drill_json(*("-c", "Routing", "-c", "AMP API", "--status", "degraded_performance"))[
        "vendors"
    ]
    out = [c["name"] for c in vendor["components"] if c["status"] == "degraded_performance"]
    assert out == ["AMP API", "Routing"]


@pytest.mark.parametrize("slug", VENDORS.values(), ids=VENDORS)
def test_any_vendor_has_a_plain_page_whatever_its_platform(slug: str) -> None:
    finished = run_command("drill", slug, env={"OUTLOGGER_FORMAT": "json"})
    (vendor,) = finished.json["vendors"]
    assert (vendor["slug"], vendor["platform"], vendor["error"]) == (slug, "statuspage", None)
    assert [c["name"] for c in vendor["components"]] == ["API", "Dashboard", "Webhooks", "Website"]
    assert (vendor["severity"], finished.err) == ("none", PLAIN)


@pytest.mark.parametrize("slug", VENDORS.values(), ids=VENDORS)
def test_every_reading_command_reads_the_page_of_any_vendor(slug: str) -> None:
    with drilled(slug, "region-outage") as env:
        check = run_command("check", slug, env=env)
        selected = run_command("check", slug, "-c", "US West", env=env)
        status = run_command("status", slug, "-c", "Europe Central", "--json", env=env)
        past = run_command("incidents", slug, "--json", env=env)
        selected_past = run_command("incidents", slug, "-c", "US West", "--json", env=env)
    assert (check.code, selected.code) == (1, 0)
    (vendor,) = status.json["vendors"]
    assert (vendor["platform"], vendor["severity"]) == ("statuspage", "critical")
    assert [component["group"] for component in vendor["components"] if component["selected"]] == (
        ["Europe Central"] * 6
    )
    assert [len(shown.json["vendors"][0]["incidents"]) for shown in (past, selected_past)] == [4, 1]


def test_a_page_of_the_users_own_on_loopback_may_be_of_any_platform() -> None:
    summary = {"page": {"id": "01HZX3J5S6B9Y9G0T6Z6Q3V8KD", "name": "OpenAI", "url": "https://x"}}
    status = {"status": {"indicator": "none", "description": ""}, "components": []}
    body = json.dumps(summary | status).encode()
    with Server({"": [{"/api/v2/summary.json": body}]}) as server:
        env = {"OUTLOGGER_DRILL": server.origin}
        read = run_command("check", "openai", "--json", env=env)
    assert read.json["vendors"][0]["platform"] == "incidentio"


def test_a_scenario_without_a_vendor_has_a_page_of_its_own() -> None:
    (vendor,) = drill_json("--scenario", "flapping-component")["vendors"]
    assert (vendor["slug"], vendor["name"], vendor["platform"]) == (
        "status.acme.example",
        "Acme Search",
        "statuspage",
    )


def test_a_scenario_is_simulated_on_the_page_of_the_vendor_that_is_given() -> None:
    (vendor,) = drill_json("github", "--scenario", "region-outage")["vendors"]
    assert (vendor["name"], vendor["url"]) == ("GitHub", "https://www.githubstatus.com")
    assert [i["name"] for i in vendor["incidents"] if i["open"]] == [
        "Console slow to sign in",
        "Europe Central: loss of power in one building",
    ]


@pytest.mark.parametrize("platform", ["statuspage", "statusio", "instatus", "betterstack"])
def test_a_dying_page_is_read_once_whatever_the_vendor_runs_on(platform: str) -> None:
    page = f'url = "https://status.acme.example"\nplatform = "{platform}"\n'
    Path("outlogger.toml").write_text(f"version = 1\n[vendors.acme]\n{page}")
    twice = "check = [sys.executable, '-m', 'outlogger_cli', 'check', 'acme']\n" + (
        "sys.exit(10 * subprocess.call(check) + subprocess.call(check))"
    )
    code = f"import subprocess\n{twice}"
    finished = run_command("drill", "acme", "--scenario", "dying-page", *running(code))
    assert finished.code == 13


def test_the_plain_page_has_what_the_watchlist_selects(home: Path) -> None:
    (home / "outlogger.toml").write_text(
        'version = 1\n[vendors.github]\ncomponents = ["Actions"]\nexclude = ["Website"]\n'
    )
    (vendor,) = drill_json("github", "--component", "actions")["vendors"]
    assert [(c["name"], c["severity"]) for c in vendor["components"] if c["selected"]] == [
        ("Actions", "critical")
    ]
    assert vendor["severity"] == "critical"


def test_a_vendor_of_the_watchlist_has_a_page_at_its_own_address(home: Path) -> None:
    (home / "outlogger.toml").write_text(
        'version = 1\n[vendors.acme]\nurl = "https://status.acme.example/team"\n'
    )
    (vendor,) = drill_json("acme")["vendors"]
    assert (vendor["name"], vendor["url"], vendor["error"]) == (
        "acme",
        "https://status.acme.example/team",
        None,
    )


# The list


def test_the_list_has_the_name_and_the_summary_of_each_scenario() -> None:
    assert run_command("drill", "--list") == Finished(
        code=0,
        out=(
            "bad-day\teight vendors: one down, one slow, one in maintenance\n"
            "dying-page\tone good reading, then only HTTP 500\n"
            "flapping-component\tout at every second reading\n"
            "overrunning-maintenance\tmaintenance an hour past its end\n"
            "permutive-2024-03\ttwo outages in March, all operational now\n"
            "plain\ta small page on which nothing happens\n"
            "region-outage\tone region of six down, incident open\n"
        ),
        err="",
    )


def test_on_a_terminal_the_list_has_columns_that_fit() -> None:
    rows = run_command("drill", "--list", terminal=True).out.splitlines()
    assert rows[1] == "dying-page              one good reading, then only HTTP 500"
    assert max(map(len, rows)) <= 100


# What is refused


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("permutiive",), "unknown vendor 'permutiive': did you mean permutive?"),
        (
            ("--component", "Rooting"),
            "--component: the simulated page has no component 'Rooting': did you mean Routing?",
        ),
        (
            ("github", "--scenario", "permutive-2024-03"),
            "--scenario permutive-2024-03 is for permutive, not for github: leave out the vendor,"
            " or see outlogger drill --list",
        ),
        (
            ("--scenario", "region-outtage"),
            "unknown scenario 'region-outtage': did you mean region-outage?",
        ),
        (
            ("--serve", "--", "true"),
            "--serve runs nothing: leave it out, or the command after --",
        ),
    ],
)
def test_what_cannot_be_simulated_is_a_usage_error(argv: tuple[str, ...], message: str) -> None:
    assert run_command("drill", *argv) == Finished(code=2, out="", err=f"outlogger: {message}\n")


# Faults


@pytest.mark.parametrize(
    ("fault", "kind", "http_status"),
    [
        ("timeout", "timeout", None),
        ("dns", "dns", None),
        ("tls", "tls", None),
        ("html", "not_json", None),
        ("500", "http", 500),
    ],
)
def test_a_fault_makes_the_page_unreadable_in_its_own_way(
    fault: str, kind: str, http_status: int | None
) -> None:
    budget = {"OUTLOGGER_TIMEOUT": "0.2s"} if fault == "timeout" else {}
    finished = run_command(
        "drill", "permutive", "--fault", fault, env={"OUTLOGGER_FORMAT": "json", **budget}
    )
    (vendor,) = finished.json["vendors"]
    assert (vendor["error"]["kind"], vendor["error"]["http_status"]) == (kind, http_status)
    assert (finished.code, vendor["verdict"]) == (3, "unknown")
    assert finished.err == (
        f"DRILL: simulated data (permutive-2024-03, fault {fault}, clock 2024-03-12)\n"
    )


def test_a_slow_page_is_read_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drill_server, "SLOW_SECONDS", 0)
    assert drill_json("--fault", "slow")["vendors"][0]["severity"] == "none"


def test_a_page_that_never_answers_times_out_after_a_second_unless_the_user_sets_a_time(
    capfd: pytest.CaptureFixture[str],
) -> None:
    run_command("drill", "--fault", "timeout", *showing("OUTLOGGER_TIMEOUT"))
    run_command(
        *("drill", "--fault", "timeout", *showing("OUTLOGGER_TIMEOUT")),
        env={"OUTLOGGER_TIMEOUT": "5s"},
    )
    assert capfd.readouterr().out == "1s\n5s\n"


def test_the_default_command_has_that_timeout_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "TIMEOUT", "0.2s")
    (vendor,) = drill_json("--fault", "timeout")["vendors"]
    assert vendor["error"]["message"] == "timed out after 0.2 s"


# COMMAND


def test_the_part_after_the_first_dashes_is_the_command() -> None:
    assert split(["a", "--x", "--", "b", "--", "-c"]) == (["a", "--x"], ["b", "--", "-c"])
    assert split(["a", "-b"]) == (["a", "-b"], [])
    assert split(["a", "--"]) == (["a"], [])


def test_nothing_after_the_dashes_is_the_default_command() -> None:
    assert run_command("drill", "--").out == run_command("drill").out


def test_the_usage_line_names_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    run_command("drill", "-h")
    assert capsys.readouterr().out.splitlines()[0] == (
        "Usage: outlogger drill [OPTIONS] [VENDOR] [-- COMMAND...]"
    )


def test_the_exit_code_of_the_command_is_that_of_the_drill() -> None:
    assert run_command("drill", *running("sys.exit(7)")) == Finished(code=7, out="", err=BAD_DAY)


def test_a_command_of_this_program_announces_the_drill_itself(
    capfd: pytest.CaptureFixture[str],
) -> None:
    finished = run_command(
        *("drill", "-c", "Routing", "--", "outlogger", "check", "permutive", "--json"),
        env={"PATH": ""},
    )
    shown = capfd.readouterr()
    assert (finished.code, finished.err, shown.err.count(BAD_DAY)) == (1, "", 1)
    assert json.loads(shown.out)["drill"] is True


def test_the_program_on_the_path_is_run_if_there_is_one(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program = home / "outlogger"
    program.write_text('#!/bin/sh\necho "$@"\n')
    program.chmod(0o755)
    assert run_command("drill", "--", "outlogger", "-c", "x", env={"PATH": str(home)}).code == 0
    assert capfd.readouterr().out == "-c x\n"


def test_the_command_finds_the_drill_in_its_environment(
    capfd: pytest.CaptureFixture[str],
) -> None:
    code = "print(sorted((k, v) for k, v in os.environ.items() if 'DRILL' in k))"
    run_command("drill", "--fault", "dns", *running(code), env={"OUTLOGGER_DRILL_OTHER": "old"})
    shown = re.sub(r"127\.0\.0\.1:[0-9]+", "HERE", capfd.readouterr().out)
    assert shown == (
        "[('OUTLOGGER_DRILL', 'http://HERE'),"
        " ('OUTLOGGER_DRILL_CLOCK', '2026-01-15T12:00:00Z'),"
        " ('OUTLOGGER_DRILL_FAULT', 'dns'),"
        " ('OUTLOGGER_DRILL_SCENARIO', 'bad-day, fault dns')]\n"
    )


def test_a_command_that_is_not_there_is_127_as_for_env() -> None:
    finished = run_command("drill", "--", "./nowhere")
    assert finished == Finished(
        code=127, out="", err=f"{BAD_DAY}outlogger: ./nowhere: No such file or directory\n"
    )


def test_a_command_that_cannot_be_run_is_126_as_for_env(home: Path) -> None:
    (home / "notes").write_text("no program")
    finished = run_command("drill", "--", "./notes")
    assert finished == Finished(
        code=126, out="", err=f"{BAD_DAY}outlogger: ./notes: Permission denied\n"
    )


def test_a_command_that_is_killed_is_128_and_its_signal() -> None:
    assert run_command("drill", *running("os.kill(os.getpid(), signal.SIGKILL)")).code == 137


def test_after_ctrl_c_the_command_may_end_by_itself() -> None:
    code = "os.kill(os.getppid(), signal.SIGINT); sys.exit(9)"
    assert run_command("drill", *running(code)).code == 9


@pytest.mark.parametrize("deaf_to", ["SIGINT", "SIGTERM"])
def test_a_command_that_stays_after_ctrl_c_is_ended(
    deaf_to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drill_command, "GRACE_SECONDS", 0.05)
    code = (
        f"signal.signal(signal.{deaf_to}, signal.SIG_IGN)\n"
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "while True: signal.pause()"
    )
    assert run_command("drill", *running(code)).code == 130


PATIENT = """
from outlogger_cli.__main__ import script
from outlogger_cli.drill import command
command.GRACE_SECONDS = 1000
script()
"""


def test_another_ctrl_c_ends_the_command_at_once() -> None:
    code = (
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('ready', flush=True)\n"
        "while True: signal.pause()"
    )
    with spawn("drill", *running(code), command=(sys.executable, "-c", PATIENT)) as drill:
        assert drill.stdout is not None
        assert drill.stdout.readline() == "ready\n"
        for _ in range(100):  # several that arrive together are one
            drill.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                drill.wait(PATIENCE / 100)
        assert finish(drill).code == 130


def test_an_ignored_ctrl_c_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = "os.kill(os.getppid(), signal.SIGINT); sys.exit(9)"
        assert run_command("drill", *running(code)).code == 9
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_sigterm_ends_the_command_too() -> None:
    before = signal.getsignal(signal.SIGTERM)
    code = "os.kill(os.getppid(), signal.SIGTERM)\nwhile True: signal.pause()"
    assert run_command("drill", *running(code)).code == 143
    assert signal.getsignal(signal.SIGTERM) is before


# --serve


def test_serving_prints_what_to_export_and_stays_until_ctrl_c() -> None:
    finished = run_command("drill", "xero", "--serve", sleep=interrupted)
    assert (finished.code, finished.err) == (130, PLAIN)
    assert re.fullmatch(
        r"export OUTLOGGER_DRILL=http://127\.0\.0\.1:[0-9]+\n"
        r"export OUTLOGGER_DRILL_SCENARIO=plain\n"
        r"export OUTLOGGER_DRILL_CLOCK=2026-01-15T12:00:00Z\n",
        finished.out,
    )


def test_what_is_exported_can_be_read_by_a_shell() -> None:
    finished = run_command("drill", "--fault", "tls", "--serve", sleep=interrupted)
    assert finished.out.splitlines()[1] == ("export OUTLOGGER_DRILL_SCENARIO='bad-day, fault tls'")


def test_a_served_page_is_read_by_other_processes_until_it_ends() -> None:
    with spawn("drill", "--serve") as served:
        assert served.stdout is not None
        lines = [served.stdout.readline().strip() for _ in range(3)]
        env = dict(line.removeprefix("export ").split("=", 1) for line in lines)
        read = run_command("check", "permutive", env=env)
        served.send_signal(signal.SIGINT)
        assert finish(served).code == 130
    gone = run_command("check", "permutive", "--retries", "0", env=env)
    assert (read.code, gone.code) == (0, 3)

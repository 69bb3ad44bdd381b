"""`outlogger status`: one vendor's page, several at a glance, and what its options change."""

import json
import re
from pathlib import Path

import httpx
import pytest

from tests.cli.commands.pages import ACME, FINE, HEALTHY, both, fine, serving
from tests.running import run_command

WIDE = {"COLUMNS": "80"}


@pytest.mark.parametrize("command", ["status", "incidents"])
def test_verbose_explains_each_verdict_beside_records(command: str) -> None:
    assert run_command(command, FINE, ACME, transport=both()).err == ""
    lines = run_command(command, FINE, ACME, "-v", transport=both()).err.splitlines()
    assert lines[0].startswith("status.fine.example: ok: no problem in the page's indicator")
    assert lines[1].startswith("status.acme.example: problem: Europe/Queue partial outage (major;")


def test_a_page_says_how_it_stands_in_one_screen() -> None:
    finished = run_command("status", ACME, "-f", "table", "--utc", env=WIDE, transport=both())
    assert finished.code == 0
    assert finished.out == (
        "◆ Acme Cloud: major  1 of 4 components affected, 1 unknown, 1 open incident\n"
        "  status.acme.example  read 0 s ago\n"
        '  API status is unknown: "on_fire"\n'
        "\n"
        "Open incident\n"
        "◆ Queue stalled                                      major · identified · 55 min\n"
        "  since 15 Jan 11:05 UTC · Queue\n"
        "  11:31 UTC, 29 min ago  A broker is full.\n"
        "  We are draining it.\n"
        "  +1 earlier update (--updates)     https://stspg.io/q1\n"
        "\n"
        "Components        17 Dec                   today\n"
        f"◆ Europe/Queue    {'▁' * 29}▆  partial outage     55 min\n"
        f"? API             {' ' * 30}  unknown (on_fire)\n"
        "✓ 2 operational   Dashboard, API\n"
        "\n"
        f"Earlier           {'▁' * 15}▂{'▁' * 13}▆  30 days: 2 incidents, 55 min\n"
        "  1 Jan  none  1 h  postmortem  Login errors\n"
        "\n"
        "Planned           ◷ 20 Jan 21:00-22:30 UTC, in 5 d 9 h  Database upgrade\n"
    )


def test_several_vendors_are_a_tally_problems_and_the_names_of_the_others() -> None:
    finished = run_command("status", FINE, ACME, "-f", "table", "--utc", env=WIDE, transport=both())
    assert re.sub(r" +2 read in .*", "", finished.out) == (
        "1 vendor has a problem · 1 ok\n"
        "\n"
        "◆ major  Acme Cloud  Europe/Queue partial outage                          55 min\n"
        "         Queue stalled · identified · updated 29 min ago\n"
        "\n"
        "✓ 1 ok  Fine Inc\n"
        "\n"
        f"Details: outlogger status {ACME}    Every vendor: --all\n"
        "Live: outlogger watch\n"
    )


def test_options_of_the_screen_reach_it() -> None:
    def shown(*argv: str) -> str:
        return run_command(
            "status", FINE, ACME, "-f", "table", *argv, env=WIDE, transport=both()
        ).out

    assert "✓ 1 other ok" in shown("--problems")
    assert "Components" in shown("--details")
    assert "Every vendor" not in shown("--all")
    assert shown("--sort", "list", "--all").index("Fine") < shown("--all").index("Fine")
    updates = run_command("status", ACME, "-f", "table", "--updates", transport=both()).out
    assert "earlier update" not in updates


def test_plain_is_one_record_a_component() -> None:
    finished = run_command("status", FINE, ACME, transport=both())
    assert finished.out == (
        "status.fine.example\t\tAPI\toperational\tnone\n"
        "status.fine.example\t\tWeb\toperational\tnone\n"
        "status.acme.example\t\tDashboard\toperational\tnone\n"
        "status.acme.example\tEurope\tQueue\tpartial_outage\tmajor\n"
        "status.acme.example\tEurope\tAPI\toperational\tnone\n"
        "status.acme.example\t\tAPI\tunknown\tunknown\n"
    )


def test_problems_shows_only_what_is_not_operational() -> None:
    finished = run_command("status", ACME, "--problems", transport=both())
    assert finished.out == (
        "status.acme.example\tEurope\tQueue\tpartial_outage\tmajor\n"
        "status.acme.example\t\tAPI\tunknown\tunknown\n"
    )


@pytest.mark.parametrize(("format", "head"), [("plain", 0), ("csv", 1)])
def test_problems_of_a_healthy_page_are_no_record(format: str, head: int) -> None:
    bare = serving({f"{FINE}/api/v2/summary.json": {**HEALTHY, "components": []}})
    argv = ("status", FINE, "--problems", "-f", format)
    without = run_command(*argv, transport=bare).out.splitlines()[head:]
    assert [row.replace(",", "\t") for row in without] == ["status.fine.example\t\t\t\tnone"]
    assert run_command(*argv, transport=both()).out.splitlines()[head:] == []


def test_problems_of_a_healthy_page_are_said_to_be_none() -> None:
    finished = run_command("status", FINE, "--problems", "-f", "table", transport=both())
    assert "✓ 2 components operational" in finished.out.splitlines()


def test_the_verdict_is_in_the_exit_code_only_where_that_is_asked_for() -> None:
    assert run_command("status", ACME, transport=both()).code == 0
    assert run_command("status", ACME, "--exit-code", transport=both()).code == 1
    assert run_command("status", FINE, "--exit-code", transport=both()).code == 0


def test_a_page_that_cannot_be_read_is_one_record_and_exits_3() -> None:
    finished = run_command("status", "https://gone.example", transport=both())
    assert finished.code == 3
    assert finished.out == "gone.example\t\t\tunknown\tunknown\n"
    assert finished.err == (
        "gone.example: unknown: HTTP 404: no status page at this address, https://gone.example\n"
    )


@pytest.mark.parametrize("format", ["table", "json"])
def test_a_format_that_says_why_a_page_was_not_read_needs_no_line_beside_it(format: str) -> None:
    finished = run_command("status", "https://gone.example", "-f", format, transport=serving({}))
    assert (finished.code, finished.err) == (3, "")


def test_one_line_says_that_no_page_of_several_can_be_reached() -> None:
    down = {f"{page}/api/v2/summary.json": httpx.ConnectError("x") for page in (FINE, ACME)}
    finished = run_command("status", FINE, ACME, "--retries", "0", transport=serving(down))
    assert finished.err == (
        "It's this machine: none of 2 status pages could be reached (cannot connect: x)."
        " Check network, VPN or proxy.\n"
    )


def test_days_and_incidents_set_how_much_is_told() -> None:
    finished = run_command(
        "status", ACME, "--days", "3", "--incidents", "0", "-f", "table", "--utc", transport=both()
    )
    assert "Earlier           ▁▁▆  3 days: 1 incident, 55 min" in finished.out.splitlines()
    assert "Login errors" not in finished.out


def test_json_holds_every_day_and_the_seconds_of_trouble() -> None:
    finished = run_command("status", ACME, "--json", transport=both())
    (vendor,) = finished.json["vendors"]
    assert len(vendor["days"]) == 30
    assert vendor["days"][-1] == {"date": "2026-01-15", "severity": "major", "incidents": 1}
    assert vendor["days"][15] == {"date": "2026-01-01", "severity": "none", "incidents": 1}
    assert vendor["incident_seconds"] == 55 * 60
    assert vendor["incidents"][0]["components"] == ["Queue"]
    assert vendor["incidents"][0]["duration_seconds"] is None
    assert vendor["incidents"][1]["duration_seconds"] == 3600


def test_a_zone_named_by_option_moves_the_days_and_tz_does_not() -> None:
    def last_day(*argv: str, **env: str) -> str:
        finished = run_command("status", ACME, "--json", *argv, env=env, transport=both())
        return str(finished.json["vendors"][0]["days"][-1]["date"])

    assert last_day("--tz", "Pacific/Kiritimati") == "2026-01-16"
    assert last_day(TZ="Pacific/Kiritimati") == "2026-01-15"
    assert last_day("--tz", "Pacific/Kiritimati", "--utc") == "2026-01-15"


@pytest.mark.parametrize(
    ("argv", "env", "shown"),
    [
        ((), {"TZ": "Europe/Berlin"}, "15 Jan 12:05 CET"),
        ((), {"TZ": ":Asia/Tokyo"}, "15 Jan 20:05 JST"),
        (("--tz", "America/New_York"), {"TZ": "Europe/Berlin"}, "15 Jan 06:05 EST"),
        (("--utc",), {"TZ": "Europe/Berlin"}, "15 Jan 11:05 UTC"),
        ((), {"TZ": "UTC0"}, "15 Jan 11:05 UTC"),
    ],
)
def test_times_are_in_the_readers_zone(
    argv: tuple[str, ...], env: dict[str, str], shown: str
) -> None:
    finished = run_command("status", ACME, "-f", "table", *argv, env=env, transport=both())
    assert f"since {shown} · Queue" in finished.out


def test_a_zone_nobody_knows_is_a_usage_error() -> None:
    finished = run_command("status", ACME, "--tz", "Mars/Olympus", transport=both())
    assert (finished.code, finished.err) == (
        2,
        "outlogger: --tz: unknown time zone 'Mars/Olympus': use a name like Europe/Berlin\n",
    )


def test_a_history_that_cannot_be_read_leaves_the_page_readable() -> None:
    transport = serving({f"{FINE}/api/v2/summary.json": HEALTHY})
    finished = run_command("status", FINE, "--json", transport=transport)
    (vendor,) = finished.json["vendors"]
    assert finished.code == 0
    assert (vendor["verdict"], vendor["days"], vendor["incident_seconds"]) == ("ok", [], None)
    assert vendor["reasons"] == ["incidents not read: HTTP 404: no status page at this address"]


def test_large_pages_fold_their_healthy_groups_and_all_unfolds() -> None:
    rows = [{"id": "grp000000001", "name": "Region", "status": "operational", "group": True}]
    rows += [
        {"id": f"{n:012}", "name": f"City {n}", "status": "operational", "group_id": "grp000000001"}
        for n in range(30)
    ]
    transport = serving({f"{FINE}/api/v2/summary.json": {**HEALTHY, "components": rows}})
    folded = run_command("status", FINE, "-f", "table", transport=transport).out
    unfolded = run_command("status", FINE, "--all", "-f", "table", transport=transport).out
    assert "✓ 30 components in 1 group, all operational" in folded
    assert "  Region  30 operational" in folded
    assert "City 7" not in folded
    assert "    City 7   ✓ operational" in unfolded


def test_web_opens_the_page_and_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def browser(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr("webbrowser.open", browser)
    finished = run_command("status", "permutive", "--web", transport=serving({}))
    assert (finished.code, opened) == (0, ["https://status.permutive.com"])


def test_without_a_browser_web_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _url: False)
    finished = run_command("status", "permutive", "--web", transport=serving({}))
    assert (finished.code, finished.err) == (
        70,
        "outlogger: no browser found to open https://status.permutive.com\n",
    )


def test_a_file_gets_the_whole_answer_and_standard_output_nothing(tmp_path: Path) -> None:
    target = tmp_path / "status.json"
    finished = run_command("status", FINE, "--json", "-q", "-o", str(target), transport=both())
    assert (finished.code, finished.out, finished.err) == (0, "", "")
    assert json.loads(target.read_text())["vendors"][0]["name"] == "Fine Inc"


def test_a_place_that_cannot_be_written_is_found_before_anything_is_read(tmp_path: Path) -> None:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=fine())

    transport = serving({}, handle=handle)
    finished = run_command("status", FINE, "-o", str(tmp_path / "no" / "x"), transport=transport)
    assert (finished.code, asked) == (2, [])
    assert finished.err == f"outlogger: --output: no such folder: {tmp_path / 'no'}\n"


def test_a_stored_reading_is_shown_as_stale_when_the_page_fails() -> None:
    run_command("status", FINE, transport=both())
    finished = run_command("status", FINE, "-f", "table", "--utc", env=WIDE, transport=serving({}))
    assert finished.code == 3
    assert finished.out.splitlines()[:5] == [
        "? Fine Inc: unknown",
        "  HTTP 404: no status page at this address; last read 12:00 UTC: ok",
        "  status.fine.example  stale, 0 s old",
        "",
        "Components when last read",
    ]


def test_a_stream_of_problems_holds_what_the_whole_document_does() -> None:
    page = serving({f"{FINE}/api/v2/summary.json": fine(API="major_outage")})
    argv = ("status", FINE, "--problems")
    whole = run_command(*argv, "--json", transport=page).json["vendors"][0]["components"]
    row = run_command(*argv, "-f", "ndjson", transport=page).json
    assert [component["name"] for component in whole] == ["API"]
    assert row["components"] == whole


def test_a_component_that_is_not_there_is_named_beside_records() -> None:
    finished = run_command("status", FINE, "-c", "Webb", "-f", "plain", transport=both())
    assert (finished.code, finished.out) == (0, "")
    assert finished.err == (
        f'status.fine.example: unknown: component "Webb" not found; closest: Web, {FINE}\n'
    )

"""`outlogger report`: the figures of a period, through the command line."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from importlib import import_module
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.commands.pages import FINE, HEALTHY, serving
from tests.origin import Origin
from tests.reports import Row, component, incident, page, window
from tests.running import Finished, run_command
from tests.support import NOW, utc

ACME = "https://status.acme.example"
SCHEMA = json.loads((files("outlogger_cli.render") / "report-schema.json").read_text("utf-8"))
DRAFT: Any = import_module("jsonschema").Draft202012Validator  # jsonschema ships no types
VALIDATOR = DRAFT(SCHEMA, format_checker=DRAFT.FORMAT_CHECKER)
WIDE = {"COLUMNS": "80"}

PAST = [
    incident("Slow", "investigating", "major", started="2026-01-15 10:00", links=["API"]),
    incident(
        "Down",
        "resolved",
        "critical",
        started="2026-01-10 00:00",
        resolved="2026-01-10 06:00",
        links=["API"],
    ),
    incident(
        "Hiccup", "resolved", "minor", started="2025-12-31 22:00", resolved="2026-01-01 02:00"
    ),
    incident(
        "Before", "resolved", "critical", started="2025-11-01 00:00", resolved="2025-12-01 00:00"
    ),
]
"""In the 30 days up to NOW: 6 h critical, 2 h major so far, 4 h minor over new year."""


WINDOWS = [
    window("New disks", "completed", start="2025-12-20 20:00", end="2025-12-21 00:00"),
    window("New racks", "completed", start="2025-12-20 22:00", end="2025-12-21 01:00"),
]
"""5 h of maintenance."""


def site(
    history: Sequence[Row] = PAST, *, windows: Sequence[Row] = (), past: Sequence[Row] = WINDOWS
) -> dict[str, object]:
    """The documents of a page, and those of a healthy one."""
    rows = component("API"), component("Web")
    return {
        f"{ACME}/api/v2/summary.json": page(*rows, windows=windows),
        f"{ACME}/api/v2/incidents.json": {"incidents": list(history)},
        f"{ACME}/api/v2/scheduled-maintenances.json": {"scheduled_maintenances": list(past)},
        f"{FINE}/api/v2/summary.json": HEALTHY,
        f"{FINE}/api/v2/incidents.json": {"incidents": []},
        f"{FINE}/api/v2/scheduled-maintenances.json": {"scheduled_maintenances": []},
    }


def report(*argv: str, pages: Mapping[str, object] | None = None, **given: Any) -> Finished:
    return run_command(
        "report", *argv, transport=serving(site() if pages is None else pages), **given
    )


def document(*argv: str, **given: Any) -> Any:
    """The JSON of a run, valid by its schema."""
    finished = report(*argv, "--json", **given)
    VALIDATOR.validate(finished.json)
    assert finished.json["exit_code"] == finished.code
    return finished.json


def test_the_figures_of_a_period() -> None:
    found = document(ACME, "--days", "30")
    assert found["period"] == {
        "from": "2025-12-17T00:00:00Z",
        "to": "2026-01-15T12:00:00Z",
        "first_day": "2025-12-17",
        "last_day": "2026-01-15",
        "days": 30,
        "timezone": "UTC",
    }
    (vendor,) = found["vendors"]
    figures = vendor["figures"]
    assert figures["incidents"] == {
        "total": 3,
        "critical": 1,
        "major": 1,
        "minor": 1,
        "none": 0,
        "maintenance": 0,
    }
    hours = {key: value / 3600 for key, value in figures["incident_seconds"].items()}
    assert hours == {"total": 12, "critical": 6, "major": 2, "minor": 4}
    assert figures["availability_percent"] == 99.0112  # 7 h of 708 h
    assert figures["clear_percent"] == 98.3050  # 12 h of 708 h
    assert (figures["longest_seconds"], figures["median_resolve_seconds"]) == (21600, 14400)
    assert (figures["trouble_days"], figures["open_incidents"]) == (4, 1)
    assert figures["lower_bounds"] == ["median_resolve_seconds"]
    assert figures["maintenance_seconds"] == 5 * 3600
    assert figures["upper_bounds"] == []
    totals = {
        one["month"]: one["figures"]["incident_seconds"]["total"] / 3600 for one in vendor["months"]
    }
    assert totals == {"2025-12": 2, "2026-01": 10}
    names = {one["name"]: one["figures"] for one in vendor["components"]}
    assert names["API"]["incident_seconds"]["total"] == 8 * 3600
    assert names["Web"]["incidents"]["total"] == 0
    assert names["Web"]["availability_percent"] is None  # the hiccup names no component


def test_without_options_it_covers_90_days() -> None:
    found = document(ACME)
    assert (found["period"]["days"], found["period"]["first_day"]) == (90, "2025-10-18")
    assert found["vendors"][0]["figures"]["incidents"]["critical"] == 2


def test_a_period_in_the_past_ends_with_its_last_day() -> None:
    found = document(ACME, "--from", "2025-12-01", "--to", "2025-12-31")
    assert found["period"]["to"] == "2026-01-01T00:00:00Z"
    assert found["vendors"][0]["figures"]["incident_seconds"]["total"] == 2 * 3600


def test_days_that_are_still_to_come_are_left_out() -> None:
    found = document(ACME, "--from", "2026-01-01", "--to", "2026-03-31")
    assert (found["period"]["last_day"], found["period"]["days"]) == ("2026-01-15", 15)


def test_days_are_those_of_tz() -> None:
    found = document(ACME, "--from", "2026-01-01", "--tz", "Asia/Tokyo")
    assert found["period"]["from"] == "2025-12-31T15:00:00Z"
    assert found["period"]["timezone"] == "Asia/Tokyo"
    (month,) = found["vendors"][0]["months"]
    assert month["figures"]["incident_seconds"]["minor"] == 4 * 3600


def test_weights_change_the_availability() -> None:
    found = document(ACME, "--days", "30", "--weight", "major=1", "--weight", "minor=.25")
    assert found["weights"] == {"critical": 1.0, "major": 1.0, "minor": 0.25}
    assert found["vendors"][0]["figures"]["availability_percent"] == 98.7288  # 9 h of 708 h


def test_a_page_that_cannot_be_read_is_unknown_and_exits_3() -> None:
    gone = "https://status.gone.example"
    found = document(gone, ACME, FINE)
    assert found["exit_code"] == 3
    first = found["vendors"][0]
    assert (first["figures"], first["months"], first["partial"]) == (None, [], True)
    assert first["unknown"] == "HTTP 404: no status page at this address"
    slugs = ["status.acme.example", "status.gone.example", "status.fine.example"]
    assert found["worst_first"] == slugs


def test_a_stored_reading_of_a_page_that_fails_does_not_count() -> None:
    report(ACME, now=NOW - timedelta(hours=1))
    assert document(ACME, pages={})["vendors"][0]["figures"] is None


def test_a_selected_component_that_is_not_there_is_unknown() -> None:
    found = document(ACME, "-c", "Nowhere")
    (vendor,) = found["vendors"]
    assert (vendor["figures"], vendor["error"]) == (None, None)
    assert vendor["unknown"].startswith('component "Nowhere" not found')


def newest(number: int) -> list[Row]:
    """So many incidents of an hour, one a day, the last on 14 January."""
    found = []
    for place in range(number):
        start = utc("2026-01-14 00:00") - timedelta(days=place)
        row = incident(
            f"I{place}",
            "resolved",
            "critical",
            started=f"{start:%Y-%m-%d %H:%M}",
            resolved=f"{start:%Y-%m-%d} 01:00",
        )
        found.append(row)
    return found


@pytest.mark.parametrize(("number", "partial"), [(49, False), (50, True)])
def test_a_list_that_may_be_cut_covers_what_it_reaches(number: int, partial: bool) -> None:
    (vendor,) = document(ACME, pages=site(newest(number)))["vendors"]
    assert vendor["partial"] is partial
    assert vendor["lists_everything"] is not partial
    assert ("incidents" in vendor["figures"]["lower_bounds"]) is partial
    assert [one["figures"] is None for one in vendor["months"]] == [partial, False, False, False]


def test_a_cut_list_without_trouble_in_the_period_has_no_availability() -> None:
    calm = [{**row, "impact": "none"} for row in newest(50)]
    (vendor,) = document(ACME, pages=site(calm))["vendors"]
    figures = vendor["figures"]
    assert (figures["availability_percent"], figures["clear_percent"]) == (None, None)
    table = report(ACME, pages=site(calm), env=WIDE).out
    assert "100 %" not in "".join(table.splitlines()[:6])


def test_a_page_whose_history_is_lost_knows_what_is_open() -> None:
    pages = site()
    del pages[f"{ACME}/api/v2/incidents.json"]
    pages[f"{ACME}/api/v2/summary.json"] = page(component("API"), incidents=PAST[:1])
    (vendor,) = document(ACME, pages=pages)["vendors"]
    assert vendor["partial"]
    assert vendor["figures"]["incidents"]["total"] == 1
    text = " ".join(report(ACME, pages=pages, env=WIDE).out.split())
    assert "partial: the page lists no past incidents; figures are lower bounds" in text
    assert "incidents not read: HTTP 404" in text


NO_DATE = "--from: not a date: {!r}; use one like 2026-07-01"
NO_WEIGHT = (
    "--weight: must be critical, major or minor, = and a number from 0 to 1, such as major=0.5,"
    " not {!r}"
)
DATES = ("2026-13-01", "20260101", "2026-W01-1", "yesterday", "")
WEIGHTS = ("major", "major=2", "major=1.5", "none=1", "major=-1", "major=nan", "=1", "")
WRONG: dict[tuple[str, ...], str] = {
    ("--days", "6"): "--days: 6 is invalid: must be 7 to 365",
    ("--days", "366"): "--days: 366 is invalid: must be 7 to 365",
    ("--days", "30", "--from", "2026-01-01"): "--days cannot be used with --from or --to",
    ("--to", "2026-01-01"): "--to requires --from",
    ("--from", "2026-01-02", "--to", "2026-01-01"): "--from 2026-01-02 is after --to 2026-01-01",
    ("--from", "2026-01-16"): "--from 2026-01-16 is in the future",
    ("--from", "0001-01-01"): "--from 0001-01-01 is too early: the earliest is 2000-01-01",
    ("--from", "2015-01-01"): "--from 2015-01-01: a period has at most 3650 days",
    **{("--from", text): NO_DATE.format(text) for text in DATES},
    **{("--weight", text): NO_WEIGHT.format(text) for text in WEIGHTS},
    ("--weight", "major=1, major=0"): "--weight: major is given twice",
    ("-f", "junit"): "--format must be one of table, json, csv, markdown, html, not 'junit'",
}


@pytest.mark.parametrize("argv", WRONG, ids=" ".join)
def test_wrong_options_are_usage_errors(argv: tuple[str, ...]) -> None:
    finished = report(ACME, *argv)
    assert (finished.code, finished.out) == (2, "")
    assert finished.err == f"outlogger: {WRONG[argv]}\n"


def test_all_that_is_wrong_is_said_at_once() -> None:
    finished = report("nobody-knows-this", "--to", "2026-01-01", "--days", "7", "--tz", "Mars")
    assert finished.code == 2
    assert len(finished.err.splitlines()) == 4
    typed = report(ACME, "--days", "1", "--weight", "x,y", "--from", "z", "--to", "2026-01-01")
    assert len(typed.err.splitlines()) == 4
    dates = ("--from", "2026-01-02", "--to", "2026-01-01")
    assert len(report(ACME, *dates, "--weight", "x", "-f", "junit").err.splitlines()) == 3


def test_csv_has_a_row_per_vendor_component_and_month() -> None:
    finished = report(ACME, "https://status.gone.example", "--days", "30", "-f", "csv")
    assert finished.code == 3
    head, *rows = csv.reader(StringIO(finished.out, newline=""), strict=True)
    assert {len(row) for row in rows} == {len(head)}
    found = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(row["component"], row["month"]) for row in found] == [
        *(("", month) for month in ("whole", "2025-12", "2026-01")),
        *(("API", month) for month in ("whole", "2025-12", "2026-01")),
        *(("Web", month) for month in ("whole", "2025-12", "2026-01")),
        ("", "whole"),
    ]
    assert found[0]["availability_percent"] == "99.0112"
    assert (found[0]["incident_hours"], found[0]["major_hours"]) == ("12.0000", "2.0000")
    states = [row["state"] for row in found if row["component"] == ""]
    assert states == ["bound", "complete", "bound", "unknown"]
    assert "status.gone.example: unknown: HTTP 404" in finished.err


def test_csv_says_on_stderr_that_a_list_is_cut_and_defuses_names() -> None:
    pages = site([{**row, "components": [{"id": "API"}]} for row in newest(50)])
    pages[f"{ACME}/api/v2/summary.json"] = page(component("=1+1", id="API"), name="Acme")
    finished = report(ACME, "-f", "csv", pages=pages)
    assert finished.err == (
        "status.acme.example: partial: the page's list begins on 26 Nov 2025; figures are lower"
        f" bounds, {ACME}\n"
    )
    assert ",'=1+1," in finished.out
    assert ",=1+1," not in finished.out
    assert report(ACME, "-f", "csv", "-q", pages=pages).err == ""


def test_a_pipe_gets_a_table() -> None:
    assert report(ACME).out == report(ACME, "-f", "table").out
    assert report(ACME, env={"OUTLOGGER_FORMAT": "csv"}).out.startswith("slug,component,")
    assert report(ACME, env={"OUTLOGGER_FORMAT": "nagios"}).out == report(ACME).out


def test_a_period_of_one_day_is_named_by_it() -> None:
    day = "2026-01-10"
    assert "Reliability, 10 Jan 2026\n1 day" in report(ACME, "--from", day, "--to", day).out


def test_a_terminal_shows_the_pages_as_they_arrive() -> None:
    finished = report(ACME, FINE, env={"TERM": "xterm", **WIDE}, terminal=True)
    assert "Reliability, 18 Oct 2025 to 15 Jan 2026" in finished.out


def test_a_file_is_written_whole(home: Path) -> None:
    assert report(ACME, "-f", "html", "-o", "q.html").code == 0
    assert (home / "q.html").read_text("ascii").endswith("</html>\n")


@pytest.mark.parametrize("format", ["table", "markdown", "html", "json"])
def test_a_drill_says_that_nothing_is_real(format: str) -> None:
    with Origin(routes={}) as origin:
        drill = {"OUTLOGGER_DRILL": origin.url, **WIDE}
        finished = run_command("report", "permutive", "-f", format, env=drill)
    assert finished.code == 3
    assert ('"drill": true' if format == "json" else "DRILL") in finished.out


def test_other_platforms_say_how_far_their_lists_reach() -> None:
    instatus = "https://status.inst.example"
    pages = {
        f"{instatus}/summary.json": {
            "page": {"name": "Inst", "url": instatus, "status": "UP"},
        },
        f"{instatus}/v3/components.json": {
            "components": [{"id": "a", "name": "API", "status": "OPERATIONAL"}]
        },
    }
    (vendor,) = document(instatus, pages=pages)["vendors"]
    assert (vendor["platform"], vendor["figures"], vendor["partial"]) == ("instatus", None, True)


def test_maintenance_in_progress_is_counted() -> None:
    under_way = window("Racks", "in_progress", start="2026-01-15 09:00", end="2026-01-15 11:00")
    (vendor,) = document(ACME, pages=site(windows=[under_way]))["vendors"]
    assert vendor["figures"]["maintenance_seconds"] == 8 * 3600


def test_without_a_list_of_past_maintenance_its_hours_are_a_bound() -> None:
    pages = site()
    del pages[f"{ACME}/api/v2/scheduled-maintenances.json"]
    (vendor,) = document(ACME, pages=pages)["vendors"]
    assert "maintenance_seconds" in vendor["figures"]["lower_bounds"]
    assert not vendor["partial"]
    text = " ".join(report(ACME, pages=pages, env=WIDE).out.split())
    assert "maintenance not read: HTTP 404" in text
    assert "maintenance unknown" in text


def test_a_server_error_is_the_reason_of_an_unknown_vendor() -> None:
    broken = httpx.Response(503)
    pages = site() | {f"{ACME}/api/v2/summary.json": broken}
    assert document(ACME, "--retries", "0", pages=pages)["vendors"][0]["error"]["kind"] == "http"

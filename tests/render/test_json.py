"""JSON and NDJSON: the whole document, and a line for each of its vendors."""

import json
from datetime import timedelta
from typing import Any

from outlogger_cli import __version__
from outlogger_cli.domain.model import FailureKind
from outlogger_cli.render import render
from outlogger_cli.render.json import document, vendor
from tests.reports import (
    PAST,
    VIEW,
    acme,
    broken,
    healthy,
    hostile,
    narrowed,
    report,
    skipped,
    stale,
    strange,
    unreadable,
)
from tests.support import NOW

NO_HISTORY: dict[str, Any] = {"days": [], "incident_seconds": None}


def test_the_document_has_its_time_tool_and_verdict() -> None:
    found = document(report(broken(), command="check"))
    assert {key: value for key, value in found.items() if key != "vendors"} == {
        "schema_version": 1,
        "generated_at": "2026-01-15T12:00:00Z",
        "tool": f"outlogger {__version__}",
        "command": "check",
        "verdict": "problem",
        "exit_code": 1,
        "drill": False,
        "skipped": False,
    }
    assert [one["slug"] for one in found["vendors"]] == ["acme"]


def test_a_vendor_has_every_key() -> None:
    one = broken(history=PAST)
    found = vendor(one, report(one, command="status"))
    days = found.pop("days")
    component_days = [one.pop("days") for one in found["components"]]
    assert found == {
        "slug": "acme",
        "name": "Acme",
        "url": "https://status.acme.example",
        "platform": "statuspage",
        "severity": "major",
        "verdict": "problem",
        "fail_on": "minor",
        "reasons": [
            "Europe/Build partial outage",
            'incident "Builds are stuck" identified, impact major',
            "API degraded performance",
        ],
        "indicator": "major",
        "description": "Partial System Outage",
        "page_updated_at": None,
        "checked_at": "2026-01-15T12:00:00Z",
        "age_seconds": 0,
        "source": "live",
        "error": None,
        "components": [
            component_row("Queue", "operational", "none", group="Europe"),
            component_row("Build", "partial_outage", "major", group="Europe"),
            component_row(
                "API", "degraded_performance", "minor", updated_at="2026-01-15T11:00:00Z"
            ),
            component_row("Dashboard", "operational", "none"),
        ],
        "incidents": [
            {
                "id": "incident Builds are stuck",
                "name": "Builds are stuck",
                "status": "identified",
                "impact": "major",
                "open": True,
                "unscoped": False,
                "started_at": "2026-01-15T11:05:00Z",
                "resolved_at": None,
                "duration_seconds": None,
                "components": ["Build"],
                "names": [],
                "url": "https://stspg.io/i1",
                "updates": [
                    {
                        "status": "identified",
                        "body": "A disk is full.\nWe are adding one.",
                        "created_at": "2026-01-15T11:31:00Z",
                    },
                    {
                        "status": "investigating",
                        "body": "We are looking into it.",
                        "created_at": "2026-01-15T11:12:00Z",
                    },
                ],
            },
            {
                "id": "incident API errors",
                "name": "API errors",
                "status": "resolved",
                "impact": "minor",
                "open": False,
                "unscoped": False,
                "started_at": "2026-01-03T08:00:00Z",
                "resolved_at": "2026-01-03T09:30:00Z",
                "duration_seconds": 5400,
                "components": ["API"],
                "names": [],
                "url": "https://stspg.io/i0",
                "updates": [
                    {"status": "resolved", "body": "Fixed.", "created_at": "2026-01-03T09:30:00Z"}
                ],
            },
        ],
        "maintenances": [
            {
                "id": "window Database upgrade",
                "name": "Database upgrade",
                "status": "scheduled",
                "active": False,
                "scheduled_for": "2026-01-20T21:00:00Z",
                "scheduled_until": "2026-01-20T22:30:00Z",
                "components": ["Dashboard"],
                "url": "https://stspg.io/m1",
                "updates": [
                    {
                        "status": "scheduled",
                        "body": "Reads stay up.",
                        "created_at": "2026-01-15T11:12:00Z",
                    }
                ],
            }
        ],
        "incident_seconds": 5400 + 55 * 60,
        "other_problems": 0,
    }
    assert len(days) == 30
    assert (days[0]["date"], days[-1]["date"]) == ("2025-12-17", "2026-01-15")
    assert [day for day in days if day["incidents"]] == [
        {"date": "2026-01-03", "severity": "minor", "incidents": 1},
        {"date": "2026-01-15", "severity": "major", "incidents": 1},
    ]
    queue, build, api, dashboard = component_days
    assert (queue, dashboard) == (None, None)
    assert [day["date"] for day in build if day["incidents"]] == ["2026-01-15"]
    assert [day["date"] for day in api if day["incidents"]] == ["2026-01-03"]
    assert len(build) == len(api) == 30


def component_row(
    name: str, status: str, severity: str, *, group: str | None = None, **changes: Any
) -> dict[str, Any]:
    found = {
        "id": name,
        "name": name,
        "group": group,
        "status": status,
        "raw_status": status,
        "severity": severity,
        "selected": True,
        "description": None,
        "updated_at": None,
    }
    return {**found, **changes}


def test_a_vendor_without_a_reading_has_null_and_empty_values() -> None:
    one = unreadable(
        kind=FailureKind.HTTP, message="the page answered 503", http_status=503, platform=None
    )
    assert vendor(one, report(one)) == {
        "slug": "acme",
        "name": "acme",
        "url": "https://status.acme.example",
        "platform": None,
        "severity": "unknown",
        "verdict": "unknown",
        "fail_on": "minor",
        "reasons": ["the page answered 503"],
        "indicator": "unknown",
        "description": "",
        "page_updated_at": None,
        "checked_at": "2026-01-15T12:00:00Z",
        "age_seconds": 0,
        "source": "live",
        "error": {"kind": "http", "message": "the page answered 503", "http_status": 503},
        "components": [],
        "incidents": [],
        "maintenances": [],
        **NO_HISTORY,
        "other_problems": 0,
    }


def test_a_stale_reading_has_its_source_and_age() -> None:
    one = stale()
    found = vendor(one, report(one))
    assert (found["severity"], found["verdict"], found["source"]) == ("unknown", "unknown", "stale")
    assert (found["checked_at"], found["age_seconds"]) == ("2026-01-15T11:48:00Z", 720)
    assert [c["name"] for c in found["components"]] == ["API", "Dashboard"]


def test_a_reading_from_a_clock_that_is_ahead_has_no_age() -> None:
    early = acme(checked_at=NOW + timedelta(seconds=5))
    assert vendor(early, report(early))["age_seconds"] == 0


def test_an_unknown_status_is_kept_as_the_vendor_wrote_it() -> None:
    one = strange()
    found = vendor(one, report(one))["components"][1]
    assert (found["status"], found["raw_status"], found["severity"]) == (
        "unknown",
        "on_fire",
        "unknown",
    )


def test_what_is_outside_the_selection_is_listed_and_marked() -> None:
    one = narrowed()
    found = vendor(one, report(one))
    assert [(c["name"], c["selected"]) for c in found["components"]] == [
        ("Queue", False),
        ("Build", False),
        ("API", False),
        ("Dashboard", True),
    ]
    assert (found["severity"], found["other_problems"]) == ("none", 2)


def test_a_drill_and_a_skipped_run_are_marked() -> None:
    assert document(report(healthy(), drill="a bad day"))["drill"] is True
    found = document(skipped())
    assert (found["skipped"], found["verdict"], found["exit_code"], found["vendors"]) == (
        True,
        "unknown",
        0,
        [],
    )


def test_the_text_is_the_document_in_ascii() -> None:
    run = report(broken(history=PAST), unreadable(message="nobody answers…"), command="status")
    text = render(run, "json", VIEW)
    assert text.isascii()
    assert text.endswith("}\n")
    assert json.loads(text) == document(run)


def test_each_line_is_a_vendor_of_the_document() -> None:
    run = report(broken(history=PAST), hostile(), stale(), command="status")
    lines = render(run, "ndjson", VIEW).split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == document(run)["vendors"]
    assert all(line.isascii() and line.splitlines() == [line] for line in lines)

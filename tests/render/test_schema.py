"""The published JSON Schema: every report is valid, and wrong documents are not."""

import json
from collections.abc import Callable
from functools import reduce
from importlib import import_module
from importlib.resources import files
from operator import getitem
from typing import Any

import pytest

from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.domain.model import FailOn, FailureKind, Impact, OnUnknown
from outlogger_cli.domain.report import Report
from outlogger_cli.render.json import document
from tests.reports import (
    PAST,
    acme,
    broken,
    component,
    healthy,
    hostile,
    in_maintenance,
    incident,
    judged,
    narrowed,
    page,
    report,
    skipped,
    stale,
    strange,
    unreadable,
    watching,
)

SCHEMA = json.loads((files("outlogger_cli.render") / "schema.json").read_text("utf-8"))
DRAFT: Any = import_module("jsonschema").Draft202012Validator  # jsonschema ships no types
VALIDATOR = DRAFT(SCHEMA, format_checker=DRAFT.FORMAT_CHECKER)

REPORTS: dict[str, Report] = {
    "one that is well": report(healthy()),
    "one of each kind": report(
        healthy("fine"),
        broken("github"),
        strange(slug="strange"),
        stale("stale"),
        unreadable(slug="gone", platform=None),
        in_maintenance(slug="db"),
        watching("calm"),
        narrowed(slug="narrow"),
    ),
    "with history": report(
        broken(history=PAST), unreadable(slug="stale", last=broken(history=PAST)), command="status"
    ),
    "incidents": report(broken(history=PAST), command="incidents"),
    "hostile": report(hostile(), command="status"),
    "unknown word selected": report(strange(components=("Search",))),
    "component not there": report(strange(components=("Nowhere",))),
    "indicator missing": report(acme(indicator=None)),
    "no components": report(judged(page())),
    "no times": report(
        judged(page(incidents=[{**incident("Old"), "created_at": None}]), history=()),
        command="status",
    ),
    "unknown and minor, below major": report(
        acme(
            component("A", "degraded_performance"),
            component("B", "on_fire"),
            components=("A", "B"),
            fail_on=FailOn.MAJOR,
        )
    ),
    "a drill": report(broken(), drill="a bad day"),
    "skipped": skipped(),
    "forgiven": report(unreadable(on_unknown=OnUnknown.IGNORE)),
    **{f"broken under {level}": report(broken(fail_on=level)) for level in FailOn},
    **{f"maintenance under {level}": report(in_maintenance(fail_on=level)) for level in FailOn},
    **{f"unread: {kind}": report(unreadable(kind=kind)) for kind in FailureKind},
    **{
        f"impact {impact}": report(judged(page(incidents=[incident("It", impact=impact)])))
        for impact in Impact
    },
}


def test_the_schema_is_valid() -> None:
    DRAFT.check_schema(SCHEMA)


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_passes(name: str) -> None:
    VALIDATOR.validate(json.loads(json.dumps(document(REPORTS[name]))))


def whole() -> Any:
    """A valid document: a broken vendor with history, and one that could not be read."""
    run = report(broken(history=PAST), unreadable(slug="gone"), command="status")
    return json.loads(json.dumps(document(run)))


def set_at(*path: str | int, value: Any) -> Callable[[Any], None]:
    def change(found: Any) -> None:
        reduce(getitem, path[:-1], found)[path[-1]] = value

    return change


def without(*path: str | int) -> Callable[[Any], None]:
    def change(found: Any) -> None:
        del reduce(getitem, path[:-1], found)[path[-1]]

    return change


GITHUB = ("vendors", 0)
GONE = ("vendors", 1)
WRONG: dict[str, Callable[[Any], None]] = {
    "another version": set_at("schema_version", value=2),
    "a key too many": set_at("extra", value=1),
    "a key too few": without("drill"),
    "a command that prints no such document": set_at("command", value="watch"),
    "a moment with an offset": set_at("generated_at", value="2026-01-15T12:00:00+00:00"),
    "a day that never was": set_at(*GITHUB, "days", 0, "date", value="2025-02-30"),
    "an exit code nobody promised": set_at("exit_code", value=70),
    "ok over a vendor that is not": set_at("verdict", value="ok"),
    "unknown over a problem": set_at("verdict", value="unknown"),
    "skipped, and still vendors": set_at("skipped", value=True),
    "no vendors, and not skipped": set_at("vendors", value=[]),
    "check that does not fail over a problem": set_at("command", value="check"),
    "only wait runs out of time": set_at("exit_code", value=4),
    "a conclusion of a command that draws none": set_at("conclusion", value=None),
    "evidence of a command that looks for none": set_at(
        *GITHUB, "evidence", value=[{"line": 1, "kind": "host", "value": "ghcr.io"}]
    ),
    "triage without a conclusion": set_at("command", value="triage"),
    "a vendor without its error": without(*GITHUB, "error"),
    "a vendor with a key too many": set_at(*GITHUB, "uptime", value=99.9),
    "a page without an address": set_at(*GITHUB, "url", value="status.acme.example"),
    "a problem below the threshold": set_at(*GITHUB, "fail_on", value="critical"),
    "a problem where nothing fails": set_at(*GITHUB, "fail_on", value="never"),
    "ok at the threshold": set_at(*GITHUB, "verdict", value="ok"),
    "a problem without a reason": set_at(*GITHUB, "reasons", value=[]),
    "read, and stale": set_at(*GITHUB, "source", value="stale"),
    "read, and no platform": set_at(*GITHUB, "platform", value=None),
    "days without their seconds": set_at(*GITHUB, "incident_seconds", value=None),
    "a severity off the ladder": set_at(*GITHUB, "severity", value="bad"),
    "a negative age": set_at(*GITHUB, "age_seconds", value=-1),
    "unread, and fine": set_at(*GONE, "severity", value="none"),
    "unread, and ok": set_at(*GONE, "verdict", value="ok"),
    "unread, and yet described": set_at(*GONE, "indicator", value="none"),
    "a kind of failure nobody knows": set_at(*GONE, "error", "kind", value="weather"),
    "a status code no server sends": set_at(*GONE, "error", "http_status", value=42),
    "a component worse than its status": set_at(
        *GITHUB, "components", 0, "severity", value="major"
    ),
    "a component status nobody knows": set_at(*GITHUB, "components", 0, "status", value="on_fire"),
    "a component without its own word": without(*GITHUB, "components", 0, "raw_status"),
    "a component without a name": set_at(*GITHUB, "components", 0, "name", value=""),
    "a name of two lines": set_at(*GITHUB, "components", 0, "name", value="API\nfine"),
    "an open incident that is resolved": set_at(
        *GITHUB, "incidents", 0, "status", value="resolved"
    ),
    "a closed incident that is open": set_at(*GITHUB, "incidents", 1, "open", value=True),
    "an open incident with a duration": set_at(
        *GITHUB, "incidents", 0, "duration_seconds", value=60
    ),
    "a negative duration": set_at(*GITHUB, "incidents", 1, "duration_seconds", value=-60),
    "a link that is a script": set_at(*GITHUB, "incidents", 0, "url", value="javascript:alert(1)"),
    "an update with an escape code": set_at(
        *GITHUB, "incidents", 0, "updates", 0, "body", value="\x1b[2J"
    ),
    "a scheduled window that is active": set_at(*GITHUB, "maintenances", 0, "active", value=True),
    "a window that is over": set_at(*GITHUB, "maintenances", 0, "status", value="completed"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused(name: str) -> None:
    found = whole()
    VALIDATOR.validate(found)
    WRONG[name](found)
    assert not VALIDATOR.is_valid(found)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("days", [{"date": "2026-01-15", "severity": "none", "incidents": 0}]),
        ("incident_seconds", 0),
    ],
)
def test_check_has_no_history(key: str, value: object) -> None:
    found = json.loads(json.dumps(document(report(healthy()))))
    VALIDATOR.validate(found)
    found["vendors"][0][key] = value
    assert not VALIDATOR.is_valid(found)


ONLY_OF_TRIAGE = {"conclusion", "evidence"}


def test_every_key_of_every_object_is_required_and_no_other_is_allowed() -> None:
    parts = [SCHEMA, *SCHEMA["$defs"].values()]
    objects = [part for part in parts if part["type"] == "object"]
    assert len(objects) == 10
    for part in objects:
        assert part["additionalProperties"] is False
        own = [key for key in part["properties"] if key not in ONLY_OF_TRIAGE]
        assert part["required"] == own


def test_every_definition_has_a_name_for_the_type_that_is_made_of_it() -> None:
    titles = [part["title"] for part in SCHEMA["$defs"].values()]
    assert len({*titles}) == len(titles)


def test_every_exit_code_of_a_reading_command_is_allowed() -> None:
    never = {ExitCode.USAGE, ExitCode.BUG}
    allowed = SCHEMA["properties"]["exit_code"]["enum"]
    assert allowed == [int(code) for code in ExitCode if code not in never]

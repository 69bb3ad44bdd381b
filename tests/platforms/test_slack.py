"""Slack's own page: what is active, and what was."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.model import Incident, IncidentStatus
from outlogger_cli.platforms import slack
from tests.platforms.pages import with_keys
from tests.support import document, recognised, recorded, sample, utc

page = partial(with_keys, "slack")

CURRENT = sample("slack/current.json")
OUTAGE, SCHEDULED = CURRENT["active_incidents"]


def incident(**changes: Any) -> Incident:
    return page(active_incidents=[{**OUTAGE, **changes}]).incidents[0]


@pytest.mark.parametrize(
    ("kinds", "severity"),
    [
        (["notice"], "none"),
        (["incident"], "minor"),
        (["outage"], "critical"),
        (["notice", "outage", "incident"], "critical"),
        (["storm"], "minor"),
        ([None], "minor"),
        ([], "minor"),
    ],
)
def test_an_active_page_is_as_bad_as_its_worst_incident(
    kinds: list[str | None], severity: str
) -> None:
    rows = [{**OUTAGE, "type": kind} for kind in kinds]
    assert page(active_incidents=rows).indicator == severity


def test_a_page_with_nothing_but_a_maintenance_is_in_maintenance() -> None:
    assert page(active_incidents=[SCHEDULED]).indicator == "maintenance"


@pytest.mark.parametrize(
    ("word", "severity"), [("ok", "none"), ("stormy", "unknown"), (None, "unknown")]
)
def test_every_other_word_for_the_page(word: str | None, severity: str) -> None:
    read = page(status=word)
    assert (read.indicator, read.raw_indicator) == (severity, word or "")


def test_of_two_notes_at_once_the_later_listed_is_the_newer() -> None:
    notes = [{"date_created": "2026-01-15T11:00:00Z", "body": body} for body in ("one", "two")]
    assert [u.body for u in incident(notes=notes).updates] == ["two", "one"]


@pytest.mark.parametrize(
    ("kind", "impact"),
    [
        ("notice", "none"),
        ("incident", "minor"),
        ("outage", "critical"),
        ("storm", "minor"),
        (None, "minor"),
    ],
)
def test_every_type_of_incident(kind: str | None, impact: str) -> None:
    assert incident(type=kind).impact == impact


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("active", "investigating"),
        ("resolved", "resolved"),
        ("dozing", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_for_an_incident(word: str | None, status: str) -> None:
    told = incident(status=word)
    assert told.status == status
    assert told.resolved_at == (None if IncidentStatus(status).open else utc("2026-01-15 11:31"))


@pytest.mark.parametrize("services", [None, "Search", [None, [], ""]])
def test_services_nobody_can_read_are_left_out(services: object) -> None:
    assert incident(services=services).links == ()


@pytest.mark.parametrize(
    ("word", "status"),
    [("scheduled", "scheduled"), ("completed", "completed"), ("cancelled", "completed")],
)
def test_every_word_for_a_planned_maintenance(word: str, status: str) -> None:
    read = page(active_incidents=[{**SCHEDULED, "status": word}])
    assert read.incidents == ()
    assert [(m.id, m.status, m.raw_status) for m in read.maintenances] == [("2002", status, word)]


@pytest.mark.parametrize("path", recorded("slack/slack--current--*.json"))
def test_a_recorded_page_is_read_whole(path: Path) -> None:
    wire = json.loads(path.read_bytes())
    read = document("current", path.read_bytes())
    assert recognised(slack, read)
    snapshot = slack.parse({"current": read})
    assert snapshot.raw_indicator == wire["status"]
    assert snapshot.indicator == ("none" if wire["status"] == "ok" else "minor")
    assert [(i.id, i.name, i.url, i.raw_status, i.raw_impact) for i in snapshot.incidents] == [
        (str(row["id"]), row["title"], row["url"], row["status"], row["type"])
        for row in wire["active_incidents"]
    ]
    assert all(i.status.open and i.started_at for i in snapshot.incidents)

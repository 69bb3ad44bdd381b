"""Heroku's own page: colours, incidents and announced maintenances."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.model import Incident, IncidentStatus, Link, Maintenance, Snapshot
from outlogger_cli.platforms import heroku
from tests.platforms.pages import with_keys
from tests.support import document, recognised, recorded, sample, utc

page = partial(with_keys, "heroku")

CURRENT = sample("heroku/current-status.json")


def systems(*colours: object) -> Snapshot:
    return page(status=[{"system": f"System {n}", "status": c} for n, c in enumerate(colours)])


def incident(**changes: Any) -> Incident:
    return page(incidents=[{**CURRENT["incidents"][0], **changes}]).incidents[0]


def window(**changes: Any) -> Maintenance:
    return page(scheduled=[{**CURRENT["scheduled"][0], **changes}]).maintenances[0]


@pytest.mark.parametrize(
    ("colours", "severity"),
    [
        (["green", "green"], "none"),
        (["green", "blue"], "maintenance"),
        (["yellow", "green"], "minor"),
        (["yellow", "red", "blue"], "critical"),
        (["green", "mauve"], "unknown"),
        (["blue", "mauve"], "unknown"),
        (["yellow", "mauve"], "minor"),
        ([None], "unknown"),
        ([], "unknown"),
    ],
)
def test_the_roll_up_is_never_better_than_what_is_known(
    colours: list[str | None], severity: str
) -> None:
    assert systems(*colours).indicator == severity


def test_a_page_with_nothing_open_is_recognised() -> None:
    calm = {**CURRENT, "status": [{"system": "Apps", "status": "green"}], "incidents": []}
    assert recognised(heroku, document("current-status", calm))


@pytest.mark.parametrize(
    ("colour", "status"),
    [
        ("green", "operational"),
        ("yellow", "degraded_performance"),
        ("red", "major_outage"),
        ("blue", "under_maintenance"),
        ("Green", "operational"),
        ("mauve", "unknown"),
        (None, "unknown"),
        (["green"], "unknown"),
    ],
)
def test_every_colour(colour: object, status: str) -> None:
    assert systems(colour).components[0].status == status


@pytest.mark.parametrize(
    ("colours", "impact"),
    [
        (["green"], "none"),
        (["green", "blue"], "maintenance"),
        (["yellow", "blue"], "minor"),
        (["yellow", "red"], "critical"),
        (["mauve"], "minor"),
        ([], "minor"),
    ],
)
def test_every_colour_of_an_incident(colours: list[str], impact: str) -> None:
    rows = [{"name": f"System {n}", "status": c} for n, c in enumerate(colours)]
    assert incident(systems=rows, updates=[]).impact == impact


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("open", "investigating"),
        ("identified", "identified"),
        ("monitoring", "monitoring"),
        ("resolved", "resolved"),
        ("sleeping", "unknown"),
        ("", "unknown"),
    ],
)
def test_every_state_of_an_incident(word: str, status: str) -> None:
    told = incident(state=word)
    assert told.status == status
    assert told.resolved_at == (None if IncidentStatus(status).open else utc("2026-01-15 11:31"))


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"resolved": True}, "resolved"),
        ({"resolved": False}, "identified"),
        ({"resolved": None, "updates": [{"update_type": "resolved"}]}, "resolved"),
        ({"updates": [{"update_type": "sleeping"}]}, "unknown"),
        ({"updates": []}, "unknown"),
    ],
)
def test_an_incident_without_a_state_goes_by_what_else_it_has(
    fields: dict[str, Any], status: str
) -> None:
    assert incident(state=None, **fields).status == status


def test_an_end_that_the_page_gives_is_the_end() -> None:
    closed = incident(state="resolved", resolved_at="2026-01-15T11:50:00Z")
    assert closed.resolved_at == utc("2026-01-15 11:50")


def test_a_system_is_linked_once_and_one_without_a_name_not_at_all() -> None:
    rows = [{"name": "Apps"}, {"name": "Apps"}, {"name": None}]
    assert incident(systems=rows).links == (Link(id="Apps", name="Apps"),)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("upcoming", "scheduled"),
        ("open", "in_progress"),
        ("resolved", "completed"),
        ("delayed", "unknown"),
        ("", "unknown"),
        (7, "unknown"),
    ],
)
def test_every_state_of_a_maintenance(word: object, status: str) -> None:
    assert window(state=word, upcoming=False).status == status


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"resolved": True, "upcoming": True}, "completed"),
        ({"resolved": False, "upcoming": True}, "scheduled"),
        ({"resolved": False, "upcoming": False}, "in_progress"),
        ({"upcoming": None, "updates": [{"update_type": "scheduled"}]}, "scheduled"),
        ({"upcoming": "no", "updates": [{"update_type": "maintenance"}]}, "in_progress"),
        ({"updates": [{"update_type": "resolved"}]}, "completed"),
        ({"updates": [{"update_type": "issue"}]}, "unknown"),
        ({"updates": []}, "unknown"),
    ],
)
def test_a_maintenance_without_a_state_goes_by_what_else_it_has(
    fields: dict[str, Any], status: str
) -> None:
    assert window(state=None, **fields).status == status


def test_the_newest_update_of_a_maintenance_tells_its_status() -> None:
    updates = [
        {"update_type": "scheduled", "created_at": "2026-01-10T10:00:00Z"},
        {"update_type": "maintenance", "created_at": "2026-01-15T10:00:00Z"},
    ]
    assert window(state=None, updates=updates).status == "in_progress"


@pytest.mark.parametrize("path", recorded("heroku/heroku--current-status--*.json"))
def test_a_recorded_page_is_read_whole(path: Path) -> None:
    wire = json.loads(path.read_bytes())
    read = document("current-status", path.read_bytes())
    assert recognised(heroku, read)
    snapshot = heroku.parse({"current-status": read})
    assert {row["status"] for row in wire["status"]} == {"yellow"}
    assert snapshot.indicator == "minor"
    assert [(c.name, c.raw_status) for c in snapshot.components] == [
        (row["system"], row["status"]) for row in wire["status"]
    ]
    (row,), (told,) = (wire["incidents"], snapshot.incidents)
    assert (told.id, told.name, told.url) == (str(row["id"]), row["title"], row["full_url"])
    assert (told.status, told.impact) == ("investigating", "minor")
    assert [u.raw_status for u in told.updates] == ["issue", "investigating"]
    assert told.started_at == utc("2019-10-24 18:39:30.231")

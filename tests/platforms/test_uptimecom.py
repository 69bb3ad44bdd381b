"""Uptime.com: the words of its components, groups, and maintenance among what is open."""

from typing import Any

import pytest

from outlogger_cli import platforms
from outlogger_cli.domain.model import Component, Depth, Incident, Maintenance, Snapshot
from outlogger_cli.platforms import uptimecom
from tests.platforms.pages import snapshot
from tests.support import sample, utc

DATA = sample("uptimecom/ajax.json")["data"]
INCIDENT, WINDOW = DATA["active_incidents"]
API = {"id": 3, "name": "API", "is_group": False, "status": "operational", "subcomponents": []}
FINE = {"global_is_operational": True, "has_components_under_maintenance_state": False}


def page(**changes: object) -> Snapshot:
    return snapshot("uptimecom", ajax={"data": {**DATA, **changes}}, history={})


def component(**changes: Any) -> Component:
    return page(components=[{**API, **changes}]).components[0]


def incident(**changes: Any) -> Incident:
    return page(active_incidents=[{**INCIDENT, **changes}]).incidents[0]


def windows(**changes: Any) -> tuple[Maintenance, ...]:
    return page(active_incidents=[{**WINDOW, **changes}], upcoming_maintenance=[]).maintenances


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("operational", "operational"),
        ("degraded-performance", "degraded_performance"),
        ("partial-outage", "partial_outage"),
        ("major-outage", "major_outage"),
        ("under-maintenance", "under_maintenance"),
        ("major_outage", "unknown"),
        ("up", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_of_a_component_is_known_or_unknown(word: str | None, status: str) -> None:
    assert component(status=word).status == status


@pytest.mark.parametrize(
    ("flags", "words", "severity"),
    [
        (FINE, ["operational"], "none"),
        (FINE, ["operational", "major-outage"], "critical"),
        (FINE, ["operational", "up"], "unknown"),
        (FINE, [], "unknown"),
        ({**FINE, "has_components_under_maintenance_state": True}, ["operational"], "maintenance"),
        ({**FINE, "global_is_operational": False}, ["operational"], "minor"),
        ({**FINE, "global_is_operational": False}, ["under-maintenance"], "minor"),
        ({**FINE, "global_is_operational": False}, ["partial-outage"], "major"),
        ({**FINE, "global_is_operational": False}, [], "minor"),
        ({**FINE, "global_is_operational": None}, ["operational"], "unknown"),
        ({**FINE, "global_is_operational": "true"}, ["operational"], "unknown"),
        ({**FINE, "global_is_operational": None}, ["degraded-performance"], "minor"),
    ],
)
def test_the_flag_of_the_page_never_makes_it_better_than_its_components(
    flags: dict[str, object], words: list[str], severity: str
) -> None:
    rows = [{**API, "id": n, "status": word} for n, word in enumerate(words)]
    assert page(components=rows, **flags).indicator == severity


OUTAGE = {**API, "id": 9, "name": "Queue", "status": "major-outage"}


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"is_group": True, "subcomponents": [OUTAGE]}, [("Queue", "major_outage", "API")]),
        ({"is_group": None, "subcomponents": [OUTAGE]}, [("Queue", "major_outage", "API")]),
        ({"is_group": False, "subcomponents": [OUTAGE]}, [("Queue", "major_outage", "API")]),
        ({"is_group": True, "subcomponents": []}, []),
        ({"is_group": True, "subcomponents": None}, [("API", "unknown", None)]),
        ({"is_group": None}, [("API", "operational", None)]),
        ({"is_group": False, "subcomponents": None}, [("API", "operational", None)]),
        (
            {"is_group": False, "status": "on_fire", "subcomponents": [OUTAGE]},
            [("API", "unknown", None), ("Queue", "major_outage", "API")],
        ),
    ],
)
def test_a_group_shows_its_members_alone(row: dict[str, Any], shown: list[Any]) -> None:
    read = page(components=[{**API, **row}])
    assert [(one.name, one.status, one.group) for one in read.components] == shown


def states(*words: object) -> list[dict[str, object]]:
    """Updates with these states, the last of them the newest."""
    return [
        {"incident_state": word, "updated_at": f"2026-01-15T11:{minute:02}:00Z"}
        for minute, word in enumerate(words)
    ]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"updates": states("investigating", "monitoring")}, "monitoring"),
        ({"updates": states("investigating", "resolved")}, "resolved"),
        ({"updates": states("resolved", "investigating")}, "investigating"),
        ({"updates": states("on_fire")}, "unknown"),
        ({"updates": []}, "unknown"),
        ({"updates": states("identified"), "ends_at": "2026-01-15T11:30:00Z"}, "resolved"),
        ({"updates": states("identified"), "ends_at": "2026-01-15T13:30:00Z"}, "identified"),
        ({"incident_type": None, "updates": states("maintenance")}, "unknown"),
    ],
)
def test_an_incident_is_what_its_newest_update_says_until_it_ends(
    changes: dict[str, Any], status: str
) -> None:
    assert incident(**changes).status == status


def test_an_end_that_is_missing_is_that_of_the_newest_update() -> None:
    told = incident(updates=states("investigating", "resolved"))
    assert told.resolved_at == utc("2026-01-15 11:01")


@pytest.mark.parametrize(
    ("words", "impact", "raw"),
    [
        (["degraded-performance", "major-outage"], "critical", "major-outage"),
        (["on_fire"], "minor", "on_fire"),
        (["under-maintenance"], "minor", ""),
        (["operational"], "minor", ""),
        ([], "minor", ""),
    ],
)
def test_the_impact_is_the_worst_component_and_at_least_minor(
    words: list[str], impact: str, raw: str
) -> None:
    told = incident(affected_components=[{"id": 3, "status": word} for word in words])
    assert (told.impact, told.raw_impact) == (impact, raw)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ["in_progress"]),
        ({"ends_at": "2026-01-15T11:30:00Z"}, ["in_progress"]),
        ({"starts_at": None}, ["in_progress"]),
        ({"starts_at": "2026-01-15T12:30:00Z"}, ["scheduled"]),
        ({"updates": states("maintenance", "completed")}, []),
        ({"updates": states("completed", "maintenance")}, ["in_progress"]),
        ({"updates": []}, ["in_progress"]),
    ],
)
def test_maintenance_among_what_is_open_is_no_incident(
    changes: dict[str, Any], found: list[str]
) -> None:
    assert [one.status for one in windows(**changes)] == found
    assert page(active_incidents=[{**WINDOW, **changes}]).incidents == ()


def test_a_window_that_is_listed_twice_is_under_way() -> None:
    ahead = {**WINDOW, "starts_at": "2026-01-16T11:00:00Z"}
    read = page(active_incidents=[WINDOW], upcoming_maintenance=[ahead, {**ahead, "id": 77}])
    assert [(one.id, one.status) for one in read.maintenances] == [
        ("42", "in_progress"),
        ("77", "scheduled"),
    ]


def test_an_incident_that_is_open_and_past_is_open() -> None:
    past = {**INCIDENT, "updates": [{**INCIDENT["updates"][1], "incident_state": "resolved"}]}
    read = snapshot("uptimecom", history={"data": {"past_incidents": [past]}})
    assert [(one.id, one.status.open) for one in read.incidents] == [("41", True)]


def test_a_page_is_known_by_the_data_in_its_html() -> None:
    assert platforms.named_in(b'<html><script>{"global_is_operational": true}') == {"uptimecom"}
    (asked,) = uptimecom.endpoints("https://a.example/statuspage/acme/ajax", Depth.VERDICT, {})
    assert asked.url == "https://a.example/statuspage/acme/ajax"

"""Instatus: both forms of its summary, its words, and its components."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Component, Depth, Incident, Maintenance
from outlogger_cli.platforms import instatus
from tests.platforms.pages import snapshot, with_keys
from tests.support import document, recognised, recorded, sample, utc

page = partial(with_keys, "instatus")

SUMMARY = sample("instatus/summary.json")
OLDER = {
    "page": {"name": "Acme Pay", "url": "https://status.acme.example"},
    "status": {"text": "Some systems have issues", "type": "HASISSUES"},
    "activeIncidents": [],
    "activeMaintenances": [],
}


def components(body: object) -> tuple[Component, ...]:
    return snapshot("instatus", components=body).components


def incident(**changes: Any) -> Incident:
    return page(activeIncidents=[{**SUMMARY["activeIncidents"][1], **changes}]).incidents[0]


def window(**changes: Any) -> Maintenance:
    return page(activeMaintenances=[{**SUMMARY["activeMaintenances"][0], **changes}]).maintenances[
        0
    ]


def test_the_older_form_has_its_roll_up_beside_the_page() -> None:
    read = document("summary", OLDER)
    assert recognised(instatus, read)
    snapshot = instatus.parse({"summary": read})
    assert (snapshot.indicator, snapshot.description) == ("minor", "Some systems have issues")


def test_a_healthy_page_leaves_its_lists_out() -> None:
    read = document("summary", {"page": {**SUMMARY["page"], "status": "UP"}})
    assert recognised(instatus, read)
    snapshot = instatus.parse({"summary": read})
    assert snapshot.indicator == "none"
    assert (snapshot.incidents, snapshot.maintenances) == ((), ())


@pytest.mark.parametrize(
    ("summary", "is_asked"),
    [
        ({"page": {"status": "HASISSUES"}}, True),
        ({"page": {"status": "UNDERMAINTENANCE"}, "activeIncidents": []}, True),
        ({"page": {"status": "ON_FIRE"}}, True),
        ({"page": {}, "status": {"type": "HASISSUES"}}, True),
        ({"page": {"status": "UP"}}, False),
        ({"page": {"status": "HASISSUES"}, "activeIncidents": [{"id": "1"}]}, False),
        ({"page": {"status": "UNDERMAINTENANCE"}, "activeMaintenances": [{"id": "1"}]}, False),
        ("<html>", False),
    ],
)
def test_a_page_with_trouble_and_no_list_is_asked_for_it(summary: object, is_asked: bool) -> None:
    read = {"summary": document("summary", summary)}
    asked = instatus.endpoints("https://status.acme.example", Depth.VERDICT, read)
    url = "https://status.acme.example/v3/summary.json"
    assert (url in [endpoint.url for endpoint in asked]) is is_asked


@pytest.mark.parametrize("events", [{"page": {"status": "UP"}, "activeIncidents": {}}, "<html>"])
def test_a_list_that_cannot_be_read_leaves_what_the_summary_says(events: object) -> None:
    read = {"summary": document("summary", OLDER), "events": document("events", events)}
    found = instatus.parse(read)
    assert (found.indicator, found.incidents) == ("minor", ())
    assert found.notes[0].startswith("open incidents not read: ")


def test_a_list_of_groups_around_their_members_is_read_too() -> None:
    api = {"id": "api", "name": "API", "status": "OPERATIONAL"}
    cards = {"id": "cards", "name": "Cards", "status": "MAJOROUTAGE"}
    europe = {"id": "europe", "name": "Europe", "status": "MAJOROUTAGE", "children": [cards]}
    assert [(c.group, c.name) for c in components([api, europe, cards])] == [
        (None, "API"),
        ("Europe", "Cards"),
    ]


def test_a_group_without_a_name_is_none() -> None:
    row = {"id": "europe", "name": "", "children": [{"id": "api", "name": "API"}]}
    assert [(c.group, c.name) for c in components([row])] == [(None, "API")]


def test_a_component_without_id_goes_by_its_name() -> None:
    (component,) = snapshot(
        "instatus", components=[{"name": "API", "status": "OPERATIONAL"}]
    ).components
    assert component.id == "API"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("OPERATIONAL", "operational"),
        ("UNDERMAINTENANCE", "under_maintenance"),
        ("DEGRADEDPERFORMANCE", "degraded_performance"),
        ("PARTIALOUTAGE", "partial_outage"),
        ("MINOROUTAGE", "partial_outage"),
        ("MAJOROUTAGE", "major_outage"),
        ("DEGRADED", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_for_a_component(word: str | None, status: str) -> None:
    (component,) = snapshot(
        "instatus", components=[{"id": "api", "name": "API", "status": word}]
    ).components
    assert component.status == status


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("UP", "none"),
        ("HASISSUES", "minor"),
        ("UNDERMAINTENANCE", "maintenance"),
        ("ONEUNDERMAINTENANCE", "maintenance"),
        ("SOMEDEGRADEDPERFORMANCE", "minor"),
        ("ALLPARTIALOUTAGE", "major"),
        ("ONEMINOROUTAGE", "major"),
        ("SOMEMAJOROUTAGE", "critical"),
        ("MOSTLYFINE", "unknown"),
        (None, "unknown"),
        (["UP"], "unknown"),
    ],
)
def test_every_word_for_the_page(word: object, severity: str) -> None:
    assert page(page={**SUMMARY["page"], "status": word}).indicator == severity


def test_a_roll_up_nobody_knows_is_kept() -> None:
    assert page(page={"status": "MOSTLYFINE"}).raw_indicator == "mostlyfine"


@pytest.mark.parametrize(
    ("word", "impact"),
    [
        ("OPERATIONAL", "none"),
        ("UNDERMAINTENANCE", "maintenance"),
        ("DEGRADEDPERFORMANCE", "minor"),
        ("PARTIALOUTAGE", "major"),
        ("MINOROUTAGE", "major"),
        ("MAJOROUTAGE", "critical"),
        ("GRAVE", "minor"),
        (None, "minor"),
    ],
)
def test_every_word_for_an_impact(word: str | None, impact: str) -> None:
    assert incident(impact=word).impact == impact


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("INVESTIGATING", "investigating"),
        ("IDENTIFIED", "identified"),
        ("MONITORING", "monitoring"),
        ("RESOLVED", "resolved"),
        ("SLEEPING", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_for_an_incident(word: str | None, status: str) -> None:
    assert incident(status=word).status == status


def test_a_resolved_incident_ended_with_its_last_change() -> None:
    assert incident(status="RESOLVED").resolved_at == utc("2026-01-15 11:20")
    assert incident().resolved_at is None


@pytest.mark.parametrize(
    "started",
    [
        "Thu Xxx 15 2026 10:30:00 GMT+0100 (Nowhere)",
        "Thu Jan 99 2026 10:30:00 GMT+0100",
        "yesterday",
        None,
        7,
    ],
)
def test_a_moment_nobody_can_read_is_none(started: object) -> None:
    assert incident(started=started).started_at is None


@pytest.mark.parametrize("duration", [None, "", "an hour", "-5", "1.5", "9" * 40, []])
def test_a_duration_nobody_can_read_leaves_the_end_open(duration: object) -> None:
    assert window(duration=duration).scheduled_until is None


def test_a_window_without_a_start_has_no_end() -> None:
    assert window(start=None).scheduled_until is None


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("NOTSTARTEDYET", "scheduled"),
        ("INPROGRESS", "in_progress"),
        ("COMPLETED", "completed"),
        ("POSTPONED", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_for_a_window(word: str | None, status: str) -> None:
    assert window(status=word).status == status


def test_a_component_in_a_list_of_groups_that_is_no_object_is_a_note() -> None:
    assert snapshot("instatus", components=[{"children": ["api"]}]).notes == (
        "components not read: components[0].children[0] is text, expected an object",
    )


@pytest.mark.parametrize(
    ("summary", "message"),
    [
        ({"status": "UP"}, "status is text, expected an object"),
        ({"activeIncidents": {}}, "activeIncidents is an object, expected a list"),
    ],
)
def test_a_value_of_another_type_beside_the_page_is_refused(
    summary: dict[str, Any], message: str
) -> None:
    body = {"page": {"status": None}, **summary}
    with pytest.raises(PageError) as caught:
        instatus.parse({"summary": document("summary", body)})
    assert (caught.value.kind, caught.value.message) == ("invalid", message)


@pytest.mark.parametrize("path", recorded("instatus/*.json"))
def test_a_recorded_page_is_read_whole(path: Path) -> None:
    wire = json.loads(path.read_bytes())
    read = document("summary", path.read_bytes())
    assert recognised(instatus, read)
    snapshot = instatus.parse({"summary": read})
    assert (snapshot.page_name, snapshot.page_url) == (wire["page"]["name"], wire["page"]["url"])
    assert (wire["page"]["status"], snapshot.indicator) == ("UP", "none")
    assert (snapshot.components, snapshot.incidents) == ((), ())

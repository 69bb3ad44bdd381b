"""Instatus: both forms of its summary, its components, and that damage never helps."""

import json
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Impact,
    Incident,
    IncidentStatus,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
)
from outlogger_cli.platforms import instatus, recognised
from tests.platforms.foreign import foreign
from tests.platforms.health import never_healthier, truncations
from tests.platforms.hostile import survives
from tests.support import damaged, document, recorded, sample, utc

SUMMARY = sample("instatus/summary.json")
COMPONENTS = sample("instatus/components.json")
OLDER = {
    "page": {"name": "Acme Pay", "url": "https://status.acme.example"},
    "status": {"text": "Some systems have issues", "type": "HASISSUES"},
    "activeIncidents": [],
    "activeMaintenances": [],
}
READ = {
    "summary": document("summary", SUMMARY),
    "components": document("components", COMPONENTS),
}


def page(**changes: Any) -> Snapshot:
    """The sample's summary with keys replaced, read alone."""
    return instatus.parse({"summary": document("summary", {**SUMMARY, **changes})})


def components(body: object) -> Snapshot:
    return instatus.parse({**READ, "components": document("components", body)})


def incident(**changes: Any) -> Incident:
    return page(activeIncidents=[{**SUMMARY["activeIncidents"][1], **changes}]).incidents[0]


def window(**changes: Any) -> Maintenance:
    return page(activeMaintenances=[{**SUMMARY["activeMaintenances"][0], **changes}]).maintenances[
        0
    ]


@pytest.mark.parametrize("depth", list(Depth))
def test_the_summary_is_asked_for_first_and_then_the_components(depth: Depth) -> None:
    asked = instatus.endpoints("https://acme.instatus.com/", depth, {})
    assert [(e.name, e.url) for e in asked] == [
        ("summary", "https://acme.instatus.com/summary.json"),
        ("components", "https://acme.instatus.com/v3/components.json"),
        ("components", "https://acme.instatus.com/v2/components.json"),
    ]


def test_the_page_says_its_name_address_and_roll_up() -> None:
    read = instatus.parse(READ)
    assert (read.page_name, read.page_url) == ("Acme Pay", "https://status.acme.example")
    assert (read.indicator, read.raw_indicator) == (Severity.MINOR, "hasissues")
    assert (read.description, read.history_from, read.notes) == ("", None, ())


def test_the_older_form_has_its_roll_up_beside_the_page() -> None:
    read = document("summary", OLDER)
    assert recognised(instatus, read)
    snapshot = instatus.parse({"summary": read})
    assert (snapshot.indicator, snapshot.description) == (
        Severity.MINOR,
        "Some systems have issues",
    )


def test_a_healthy_page_leaves_its_lists_out() -> None:
    read = document("summary", {"page": {**SUMMARY["page"], "status": "UP"}})
    assert recognised(instatus, read)
    snapshot = instatus.parse({"summary": read})
    assert snapshot.indicator is Severity.NONE
    assert (snapshot.incidents, snapshot.maintenances) == ((), ())


def test_components_stand_under_their_groups_and_groups_are_none() -> None:
    assert instatus.parse(READ).components == (
        Component(
            id="api",
            name="API",
            status=ComponentStatus.OPERATIONAL,
            raw_status="OPERATIONAL",
            description="For shops",
        ),
        Component(
            id="cards",
            name="Cards",
            status=ComponentStatus.MAJOR_OUTAGE,
            raw_status="MAJOROUTAGE",
            group="Europe",
        ),
        Component(
            id="sepa",
            name="SEPA",
            status=ComponentStatus.UNKNOWN,
            raw_status="ON_FIRE",
            group="Europe",
        ),
    )


def test_a_list_of_groups_around_their_members_is_read_too() -> None:
    api = {"id": "api", "name": "API", "status": "OPERATIONAL"}
    cards = {"id": "cards", "name": "Cards", "status": "MAJOROUTAGE"}
    europe = {"id": "europe", "name": "Europe", "status": "MAJOROUTAGE", "children": [cards]}
    assert [(c.group, c.name) for c in components([api, europe, cards]).components] == [
        (None, "API"),
        ("Europe", "Cards"),
    ]


def test_a_group_without_a_name_is_none() -> None:
    row = {"id": "europe", "name": "", "children": [{"id": "api", "name": "API"}]}
    assert [(c.group, c.name) for c in components([row]).components] == [(None, "API")]


def test_a_component_without_id_goes_by_its_name() -> None:
    (component,) = components([{"name": "API", "status": "OPERATIONAL"}]).components
    assert component.id == "API"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("OPERATIONAL", ComponentStatus.OPERATIONAL),
        ("UNDERMAINTENANCE", ComponentStatus.UNDER_MAINTENANCE),
        ("DEGRADEDPERFORMANCE", ComponentStatus.DEGRADED_PERFORMANCE),
        ("PARTIALOUTAGE", ComponentStatus.PARTIAL_OUTAGE),
        ("MINOROUTAGE", ComponentStatus.PARTIAL_OUTAGE),
        ("MAJOROUTAGE", ComponentStatus.MAJOR_OUTAGE),
        ("DEGRADED", ComponentStatus.UNKNOWN),
        (None, ComponentStatus.UNKNOWN),
    ],
)
def test_every_word_for_a_component(word: str | None, status: ComponentStatus) -> None:
    (component,) = components([{"id": "api", "name": "API", "status": word}]).components
    assert component.status is status


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("UP", Severity.NONE),
        ("HASISSUES", Severity.MINOR),
        ("UNDERMAINTENANCE", Severity.MAINTENANCE),
        ("ONEUNDERMAINTENANCE", Severity.MAINTENANCE),
        ("SOMEDEGRADEDPERFORMANCE", Severity.MINOR),
        ("ALLPARTIALOUTAGE", Severity.MAJOR),
        ("ONEMINOROUTAGE", Severity.MAJOR),
        ("SOMEMAJOROUTAGE", Severity.CRITICAL),
        ("MOSTLYFINE", Severity.UNKNOWN),
        (None, Severity.UNKNOWN),
        (["UP"], Severity.UNKNOWN),
    ],
)
def test_every_word_for_the_page(word: object, severity: Severity) -> None:
    assert page(page={**SUMMARY["page"], "status": word}).indicator is severity


def test_a_roll_up_nobody_knows_is_kept() -> None:
    assert page(page={"status": "MOSTLYFINE"}).raw_indicator == "mostlyfine"


def test_the_documented_incident_goes_by_its_link() -> None:
    assert page().incidents[1] == Incident(
        id="inc1",
        name="Card payments fail",
        status=IncidentStatus.IDENTIFIED,
        raw_status="IDENTIFIED",
        impact=Impact.CRITICAL,
        raw_impact="MAJOROUTAGE",
        started_at=utc("2026-01-15 09:30"),
        resolved_at=None,
        updated_at=None,
        links=(),
        url="https://status.acme.example/incident/inc1",
        updates=(),
    )


def test_a_later_form_of_incident_has_an_id_and_iso_times() -> None:
    newest = page().incidents[0]
    assert (newest.id, newest.name, newest.status) == (
        "inc2",
        "Reports are slow",
        IncidentStatus.MONITORING,
    )
    assert (newest.started_at, newest.updated_at) == (
        utc("2026-01-15 11:00"),
        utc("2026-01-15 11:20"),
    )


@pytest.mark.parametrize(
    ("word", "impact"),
    [
        ("OPERATIONAL", Impact.NONE),
        ("UNDERMAINTENANCE", Impact.MAINTENANCE),
        ("DEGRADEDPERFORMANCE", Impact.MINOR),
        ("PARTIALOUTAGE", Impact.MAJOR),
        ("MINOROUTAGE", Impact.MAJOR),
        ("MAJOROUTAGE", Impact.CRITICAL),
        ("GRAVE", Impact.MINOR),
        (None, Impact.MINOR),
    ],
)
def test_every_word_for_an_impact(word: str | None, impact: Impact) -> None:
    assert incident(impact=word).impact is impact


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("INVESTIGATING", IncidentStatus.INVESTIGATING),
        ("IDENTIFIED", IncidentStatus.IDENTIFIED),
        ("MONITORING", IncidentStatus.MONITORING),
        ("RESOLVED", IncidentStatus.RESOLVED),
        ("SLEEPING", IncidentStatus.UNKNOWN),
        (None, IncidentStatus.UNKNOWN),
    ],
)
def test_every_word_for_an_incident(word: str | None, status: IncidentStatus) -> None:
    assert incident(status=word).status is status


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


def test_a_window_lasts_its_minutes() -> None:
    assert window() == Maintenance(
        id="win1",
        name="Ledger upgrade",
        status=MaintenanceStatus.SCHEDULED,
        raw_status="NOTSTARTEDYET",
        scheduled_for=utc("2026-01-20 21:00"),
        scheduled_until=utc("2026-01-20 22:30"),
        links=(),
        url="https://status.acme.example/maintenance/win1",
        updates=(),
    )


@pytest.mark.parametrize("duration", [None, "", "an hour", "-5", "1.5", "9" * 40, []])
def test_a_duration_nobody_can_read_leaves_the_end_open(duration: object) -> None:
    assert window(duration=duration).scheduled_until is None


def test_a_window_without_a_start_has_no_end() -> None:
    assert window(start=None).scheduled_until is None


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("NOTSTARTEDYET", MaintenanceStatus.SCHEDULED),
        ("INPROGRESS", MaintenanceStatus.IN_PROGRESS),
        ("COMPLETED", MaintenanceStatus.COMPLETED),
        ("POSTPONED", MaintenanceStatus.UNKNOWN),
        (None, MaintenanceStatus.UNKNOWN),
    ],
)
def test_every_word_for_a_window(word: str | None, status: MaintenanceStatus) -> None:
    assert window(status=word).status is status


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<!DOCTYPE html><title>x</title>", "the answer is an HTML page, not JSON"),
        ({"components": None}, "components is missing where a list should be"),
        (
            {"components": [{"group": 3}]},
            "components[0].group is a number where an object should be",
        ),
        ([{"children": ["api"]}], "components[0].children[0] is text where an object should be"),
    ],
)
def test_broken_components_are_a_note_not_an_error(body: object, why: str) -> None:
    read = components(body)
    assert read.notes == (f"components not read: {why}",)
    assert read.components == ()


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ("<!DOCTYPE html><title>x</title>", "not_json", "the answer is an HTML page, not JSON"),
        ([], "not_a_status_page", "the answer is JSON but a list, not a page"),
        ({}, "not_a_status_page", "the answer is JSON but has no page with a status"),
        ({"page": []}, "not_a_status_page", "the answer is JSON but has no page with a status"),
        (
            {"page": {"name": "Acme"}, "status": {"indicator": "none"}},
            "not_a_status_page",
            "the answer is JSON but has no page with a status",
        ),
        (
            {"page": {"status": None}, "status": "UP"},
            "invalid",
            "status is text where an object should be",
        ),
        (
            {"page": {"status": None}, "activeIncidents": {}},
            "invalid",
            "activeIncidents is an object where a list should be",
        ),
    ],
)
def test_what_is_not_a_page_says_what_it_is(body: object, kind: str, message: str) -> None:
    read = document("summary", body)
    assert not recognised(instatus, read)
    with pytest.raises(PageError) as caught:
        instatus.parse({"summary": read})
    assert (caught.value.kind, caught.value.message) == (kind, message)


@pytest.mark.parametrize(("where", "changed"), list(damaged(SUMMARY)))
def test_a_summary_that_lost_a_field_is_never_healthier(where: str, changed: object) -> None:
    assert where
    never_healthier(instatus, READ, "summary", changed)


@pytest.mark.parametrize(("where", "changed"), list(damaged(COMPONENTS)))
def test_components_that_lost_a_field_are_never_healthier(where: str, changed: object) -> None:
    assert where
    never_healthier(instatus, READ, "components", changed)


@pytest.mark.parametrize("name", ["summary", "components"])
def test_a_value_of_another_type_is_never_a_crash(name: str) -> None:
    assert survives(instatus, READ, name)


@pytest.mark.parametrize("part", truncations(json.dumps(SUMMARY).encode()))
def test_a_summary_cut_off_is_never_read(part: bytes) -> None:
    assert never_healthier(instatus, READ, "summary", part) is None


@pytest.mark.parametrize("path", recorded("instatus/*.json"))
def test_a_recorded_page_is_read_whole(path: Path) -> None:
    wire = json.loads(path.read_bytes())
    read = document("summary", path.read_bytes())
    assert recognised(instatus, read)
    snapshot = instatus.parse({"summary": read})
    assert (snapshot.page_name, snapshot.page_url) == (wire["page"]["name"], wire["page"]["url"])
    assert (wire["page"]["status"], snapshot.indicator) == ("UP", Severity.NONE)
    assert (snapshot.components, snapshot.incidents) == ((), ())
    for part in truncations(path.read_bytes()):
        assert never_healthier(instatus, {"summary": read}, "summary", part) is None


@pytest.mark.parametrize("path", foreign("instatus"))
def test_another_platforms_document_is_not_taken_for_its_own(path: Path) -> None:
    assert not recognised(instatus, document("summary", path.read_bytes()))

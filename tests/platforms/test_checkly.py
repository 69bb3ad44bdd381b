"""Checkly: what its two documents say, and that damage never makes a page healthier."""

import json
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
    Link,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
)
from outlogger_cli.platforms import checkly, recognised
from tests.platforms.health import never_healthier, truncations
from tests.platforms.hostile import survives
from tests.support import damaged, document, sample, utc

SUMMARY = sample("checkly/summary.json")
SERVICES = sample("checkly/services.json")
DOCUMENTS = {
    "summary": document("summary", SUMMARY),
    "services": document("services", SERVICES),
}
INSTATUS = {"page": {"name": "Acme", "url": "https://status.acme.example", "status": "HASISSUES"}}


def page(summary: object = SUMMARY, services: object = SERVICES) -> Snapshot:
    return checkly.parse(
        {"summary": document("summary", summary), "services": document("services", services)}
    )


def incident(**changes: Any) -> Incident:
    row = {**SUMMARY["activeIncidents"][0], **changes}
    return page({**SUMMARY, "activeIncidents": [row]}).incidents[0]


def windows(**changes: Any) -> tuple[Maintenance, ...]:
    row = {**SUMMARY["activeMaintenances"][0], **changes}
    return page({**SUMMARY, "activeMaintenances": [row]}).maintenances


@pytest.mark.parametrize("depth", list(Depth))
def test_two_documents_are_asked_for(depth: Depth) -> None:
    assert [e.url for e in checkly.endpoints("https://status.acme.example/", depth, {})] == [
        "https://status.acme.example/api/v1/summary.json",
        "https://status.acme.example/api/v1/services.json",
    ]


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("OPERATIONAL", Severity.NONE),
        ("HAS_ISSUES", Severity.MINOR),
        ("UNDER_MAINTENANCE", Severity.MAINTENANCE),
        ("ON_FIRE", Severity.UNKNOWN),
        (None, Severity.UNKNOWN),
    ],
)
def test_every_word_of_the_page_is_known_or_unknown(word: str | None, severity: Severity) -> None:
    read = page({**SUMMARY, "page": {**SUMMARY["page"], "status": word}})
    assert (read.indicator, read.raw_indicator) == (severity, (word or "").lower())


def test_the_page_says_its_name_and_address() -> None:
    assert (page().page_name, page().page_url) == (
        "Acme Cloud",
        "https://acme.checkly-status-page.com",
    )


def test_services_are_components_in_their_groups() -> None:
    assert page().components == (
        Component(
            id="5e41",
            name="Queue",
            status=ComponentStatus.PARTIAL_OUTAGE,
            raw_status="MAJOR",
            group="Europe",
        ),
        Component(
            id="a41",
            name="API",
            status=ComponentStatus.OPERATIONAL,
            raw_status="OPERATIONAL",
            group="Europe",
        ),
        Component(
            id="3b",
            name="Website",
            status=ComponentStatus.OPERATIONAL,
            raw_status="OPERATIONAL",
        ),
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("OPERATIONAL", ComponentStatus.OPERATIONAL),
        ("MINOR", ComponentStatus.DEGRADED_PERFORMANCE),
        ("MEDIUM", ComponentStatus.DEGRADED_PERFORMANCE),
        ("MAJOR", ComponentStatus.PARTIAL_OUTAGE),
        ("CRITICAL", ComponentStatus.MAJOR_OUTAGE),
        ("MAINTENANCE", ComponentStatus.UNDER_MAINTENANCE),
        ("UNDER_MAINTENANCE", ComponentStatus.UNDER_MAINTENANCE),
        ("ON_FIRE", ComponentStatus.UNKNOWN),
        (None, ComponentStatus.UNKNOWN),
    ],
)
def test_every_word_of_a_service_is_known_or_unknown(
    word: str | None, status: ComponentStatus
) -> None:
    assert page(services=[{"id": "1", "status": word}]).components[0].status is status


def test_an_open_incident_is_read() -> None:
    assert page().incidents == (
        Incident(
            id="0c0ffee0-0000-4000-8000-000000000001",
            name="Queue stalled",
            status=IncidentStatus.IDENTIFIED,
            raw_status="IDENTIFIED",
            impact=Impact.MAJOR,
            raw_impact="MAJOR",
            started_at=utc("2026-01-15 11:05"),
            resolved_at=None,
            updated_at=utc("2026-01-15 11:31"),
            links=(Link(id="5e41", name="Queue"),),
            url="https://acme.checkly-status-page.com/incident/0c0ffee0-0000-4000-8000-000000000001",
            updates=(),
        ),
    )


def test_a_resolved_incident_ended_with_its_last_update() -> None:
    assert incident(status="RESOLVED").resolved_at == utc("2026-01-15 11:31")


@pytest.mark.parametrize(
    ("word", "impact"),
    [
        ("MINOR", Impact.MINOR),
        ("MEDIUM", Impact.MINOR),
        ("MAJOR", Impact.MAJOR),
        ("CRITICAL", Impact.CRITICAL),
        ("ON_FIRE", Impact.MINOR),
        (None, Impact.MINOR),
    ],
)
def test_the_severity_is_the_impact(word: str | None, impact: Impact) -> None:
    assert incident(severity=word).impact is impact


def test_an_active_window_is_read() -> None:
    assert page().maintenances == (
        Maintenance(
            id="0c0ffee0-0000-4000-8000-000000000002",
            name="Database upgrade",
            status=MaintenanceStatus.IN_PROGRESS,
            raw_status="",
            scheduled_for=utc("2026-01-15 11:30"),
            scheduled_until=utc("2026-01-15 13:00"),
            links=(Link(id="a41", name="API"),),
            url="https://acme.checkly-status-page.com/maintenance/2",
            updates=(),
        ),
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("SCHEDULED", MaintenanceStatus.SCHEDULED),
        ("IN_PROGRESS", MaintenanceStatus.IN_PROGRESS),
        ("ON_FIRE", MaintenanceStatus.UNKNOWN),
    ],
)
def test_every_word_of_a_window_is_known_or_unknown(word: str, status: MaintenanceStatus) -> None:
    (window,) = windows(status=word)
    assert window.status is status


def test_a_completed_window_is_left_out() -> None:
    assert windows(status="COMPLETED") == ()


def test_a_window_may_name_its_times_in_the_past() -> None:
    (window,) = windows(
        startsAt=None, startedAt="2026-01-15T10:00:00Z", endsAt=None, endedAt="soon"
    )
    assert (window.scheduled_for, window.scheduled_until) == (utc("2026-01-15 10:00"), None)


def test_there_is_no_history() -> None:
    assert page().history_from is None


def test_without_the_services_the_page_is_read() -> None:
    read = checkly.parse({"summary": DOCUMENTS["summary"]})
    assert (read.components, read.notes) == ((), ())


@pytest.mark.parametrize(
    ("services", "why"),
    [
        ("[", "the JSON breaks off or is damaged"),
        ({}, "services is missing where a list should be"),
        ([7], "services[0] is a number where an object should be"),
    ],
)
def test_broken_services_are_a_note_not_an_error(services: object, why: str) -> None:
    read = page(services=services)
    assert (read.components, read.notes) == ((), (f"services not read: {why}",))


def test_its_own_document_is_recognised() -> None:
    assert recognised(checkly, DOCUMENTS["summary"])


@pytest.mark.parametrize(
    "body",
    [
        {**INSTATUS, "activeIncidents": [], "activeMaintenances": []},
        {"page": {"status": "OPERATIONAL"}, "activeIncidents": []},
    ],
)
def test_a_page_of_instatus_is_not_recognised(body: object) -> None:
    assert not recognised(checkly, document("summary", body))


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (
            INSTATUS,
            "not_a_status_page",
            "the answer is JSON but has no page.status and activeIncidents",
        ),
        ({}, "not_a_status_page", "the answer is JSON but has no page.status and activeIncidents"),
        ("<html></html>", "not_json", "the answer is an HTML page, not JSON"),
        (
            {**SUMMARY, "activeIncidents": None},
            "invalid",
            "activeIncidents is missing where a list should be",
        ),
    ],
)
def test_what_is_not_a_page_says_what_it_is(body: object, kind: str, message: str) -> None:
    with pytest.raises(PageError) as caught:
        page(body)
    assert (caught.value.kind, caught.value.message) == (kind, message)


@pytest.mark.parametrize("body", [INSTATUS, {}, [], "<html></html>"])
def test_what_is_not_a_page_is_not_recognised(body: object) -> None:
    assert not recognised(checkly, document("summary", body))


@pytest.mark.parametrize(
    ("name", "where", "changed"),
    [
        *(("summary", *one) for one in damaged(SUMMARY)),
        *(("services", *one) for one in damaged(SERVICES)),
    ],
)
def test_a_document_that_lost_a_field_is_never_healthier(
    name: str, where: str, changed: object
) -> None:
    assert where
    never_healthier(checkly, DOCUMENTS, name, changed)


@pytest.mark.parametrize("part", truncations(json.dumps(SUMMARY).encode()))
def test_a_summary_cut_off_is_never_read(part: bytes) -> None:
    assert never_healthier(checkly, DOCUMENTS, "summary", part) is None


@pytest.mark.parametrize("name", ["summary", "services"])
def test_no_value_of_another_type_is_a_crash(name: str) -> None:
    assert survives(checkly, DOCUMENTS, name)

"""Cachet: what its three lists say, and that damage never makes a page healthier."""

import json
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    EVER,
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
    Update,
)
from outlogger_cli.platforms import cachet, recognised
from tests.platforms.health import never_healthier, truncations
from tests.platforms.hostile import survives
from tests.support import damaged, document, sample, utc

COMPONENTS = sample("cachet/components.json")
GROUPS = sample("cachet/groups.json")
INCIDENTS = sample("cachet/incidents.json")
DOCUMENTS = {
    "components": document("components", COMPONENTS),
    "groups": document("groups", GROUPS),
    "incidents": document("incidents", INCIDENTS),
}


def listing(*rows: Any, total: object = 1) -> Any:
    return {"meta": {"pagination": {"total": total}}, "data": list(rows)}


def page(**bodies: object) -> Snapshot:
    """The sample page with some of its documents replaced."""
    return cachet.parse(
        {**DOCUMENTS, **{name: document(name, body) for name, body in bodies.items()}}
    )


def component(**changes: Any) -> Component:
    row = {**COMPONENTS["data"][0], **changes}
    return page(components=listing(row)).components[0]


def incident(**changes: Any) -> Incident:
    row = {**INCIDENTS["data"][2], **changes}
    return page(incidents=listing(row)).incidents[0]


@pytest.mark.parametrize("depth", list(Depth))
def test_three_lists_are_asked_for(depth: Depth) -> None:
    assert [e.url for e in cachet.endpoints("https://status.acme.example/eu/", depth, {})] == [
        "https://status.acme.example/eu/api/v1/components?per_page=100",
        "https://status.acme.example/eu/api/v1/components/groups?per_page=100",
        "https://status.acme.example/eu/api/v1/incidents?per_page=100&sort=id&order=desc",
    ]


def test_components_stand_in_the_order_of_the_list_under_their_groups() -> None:
    assert page().components == (
        Component(
            id="1",
            name="API",
            status=ComponentStatus.OPERATIONAL,
            raw_status="Operational",
            description="Everything below /v1",
            updated_at=utc("2026-01-10 08:30"),
        ),
        Component(
            id="2",
            name="Queue",
            status=ComponentStatus.PARTIAL_OUTAGE,
            raw_status="Partial Outage",
            group="Europe",
            updated_at=utc("2026-01-15 11:05"),
        ),
        Component(
            id="3",
            name="Mail",
            status=ComponentStatus.OPERATIONAL,
            raw_status="Operational",
            group="Europe",
            updated_at=utc("2025-02-01 00:00"),
        ),
        Component(
            id="4",
            name="Search",
            status=ComponentStatus.DEGRADED_PERFORMANCE,
            raw_status="Performance Issues",
        ),
    )


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (0, ComponentStatus.UNKNOWN),
        (1, ComponentStatus.OPERATIONAL),
        ("1", ComponentStatus.OPERATIONAL),
        (2, ComponentStatus.DEGRADED_PERFORMANCE),
        (3, ComponentStatus.PARTIAL_OUTAGE),
        (4, ComponentStatus.MAJOR_OUTAGE),
        (5, ComponentStatus.UNKNOWN),
        (6, ComponentStatus.UNDER_MAINTENANCE),
        (True, ComponentStatus.UNKNOWN),
        (None, ComponentStatus.UNKNOWN),
    ],
)
def test_every_number_of_a_component_is_known_or_unknown(code: object, status: object) -> None:
    assert component(status=code).status is status


def test_a_number_without_a_word_is_kept() -> None:
    assert component(status=9, status_name=None).raw_status == "9"


@pytest.mark.parametrize("enabled", [False, 0, "0"])
def test_a_component_the_page_does_not_show_is_left_out(enabled: object) -> None:
    hidden = {**COMPONENTS["data"][0], "enabled": enabled}
    assert page(components=listing(hidden)).components == ()


@pytest.mark.parametrize(
    ("codes", "severity"),
    [
        ([1, 1], Severity.NONE),
        ([1, 2], Severity.MINOR),
        ([4, 2], Severity.CRITICAL),
        ([1, 6], Severity.MAINTENANCE),
        ([1, 9], Severity.UNKNOWN),
        ([6, 9], Severity.UNKNOWN),
        ([3, 9], Severity.MAJOR),
        ([], Severity.UNKNOWN),
    ],
)
def test_the_worst_component_is_the_indicator(codes: list[int], severity: Severity) -> None:
    rows = [{**COMPONENTS["data"][0], "status": code} for code in codes]
    assert page(components=listing(*rows, total=len(rows))).indicator is severity


@pytest.mark.parametrize("total", [101, "101", None, "many", -1])
def test_a_list_that_may_go_on_is_not_healthy_and_says_so(total: object) -> None:
    read = page(components=listing(COMPONENTS["data"][0], total=total))
    assert read.indicator is Severity.UNKNOWN
    assert read.notes == ("the page may have more than the 1 components read",)


def test_a_problem_in_a_list_that_goes_on_is_a_problem() -> None:
    read = page(components=listing(COMPONENTS["data"][1], total=101))
    assert read.indicator is Severity.MAJOR


def test_an_open_incident_keeps_its_post_and_its_updates() -> None:
    assert page().incidents[0] == Incident(
        id="12",
        name="Queue stalled",
        status=IncidentStatus.IDENTIFIED,
        raw_status="Identified",
        impact=Impact.MINOR,
        raw_impact="",
        started_at=utc("2026-01-15 11:05"),
        resolved_at=None,
        updated_at=utc("2026-01-15 11:31"),
        links=(Link(id="2", name="Queue"),),
        url="https://status.acme.example/incidents/12",
        updates=(
            Update(
                status=IncidentStatus.IDENTIFIED,
                raw_status="Identified",
                body="A broker is full.\nWe are draining it.",
                created_at=utc("2026-01-15 11:31"),
            ),
            Update(
                status=IncidentStatus.INVESTIGATING,
                raw_status="Investigating",
                body="We are looking into it.",
                created_at=utc("2026-01-15 11:12"),
            ),
        ),
    )


def test_a_fixed_incident_ended_with_its_last_word() -> None:
    closed = page().incidents[1]
    assert (closed.status, closed.raw_status) == (IncidentStatus.RESOLVED, "Fixed")
    assert closed.resolved_at == utc("2025-12-01 08:20")
    assert closed.links == (Link(id="5", name="5"),)


def test_a_fixed_incident_with_updates_ended_with_the_last_of_them() -> None:
    closed = {**INCIDENTS["data"][0], "latest_status": 4, "updated_at": "2026-01-16 00:00:00"}
    assert page(incidents=listing(closed)).incidents[0].resolved_at == utc("2026-01-15 11:31")


def test_a_fixed_incident_without_a_time_has_no_end() -> None:
    assert incident(created_at=None, updated_at=None).resolved_at is None


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (1, IncidentStatus.INVESTIGATING),
        (2, IncidentStatus.IDENTIFIED),
        (3, IncidentStatus.MONITORING),
        (4, IncidentStatus.RESOLVED),
        (9, IncidentStatus.UNKNOWN),
        (None, IncidentStatus.UNKNOWN),
    ],
)
def test_every_number_of_an_incident_is_known_or_unknown(code: object, status: object) -> None:
    assert incident(status=code).status is status


def test_an_upcoming_window_is_read() -> None:
    assert page().maintenances == (
        Maintenance(
            id="11",
            name="Database upgrade",
            status=MaintenanceStatus.SCHEDULED,
            raw_status="Scheduled",
            scheduled_for=utc("2026-01-20 21:00"),
            scheduled_until=None,
            links=(),
            url="",
            updates=(
                Update(
                    status=IncidentStatus.UNKNOWN,
                    raw_status="Scheduled",
                    body="Half an hour without writes.",
                    created_at=utc("2026-01-12 09:00"),
                ),
            ),
        ),
    )


def test_a_window_whose_time_has_come_is_over() -> None:
    row = {**INCIDENTS["data"][1], "scheduled_at": "2026-01-15 12:00:00"}
    assert page(incidents=listing(row)).maintenances == ()


def test_a_window_without_a_time_is_kept_as_unknown() -> None:
    row = {**INCIDENTS["data"][1], "scheduled_at": None}
    (window,) = page(incidents=listing(row)).maintenances
    assert window.status is MaintenanceStatus.UNKNOWN


def test_a_list_that_ends_is_the_whole_history() -> None:
    assert page().history_from == EVER


def test_a_list_that_goes_on_reaches_back_to_its_oldest_entry() -> None:
    cut_off = page(incidents=listing(*INCIDENTS["data"], total=400))
    assert cut_off.history_from == utc("2025-12-01 08:00")
    assert page(incidents=listing({"id": 1}, total=400)).history_from is None


def test_without_the_other_lists_the_components_are_read() -> None:
    read = cachet.parse({"components": DOCUMENTS["components"]})
    assert [c.group for c in read.components] == [None] * 4
    assert (read.incidents, read.history_from, read.notes) == ((), None, ())


def test_broken_lists_are_notes_not_errors() -> None:
    assert page(groups={}, incidents=listing(3)).notes == (
        "component groups not read: the answer is JSON but has no meta.pagination and data",
        "incident history not read: data[0] is a number where an object should be",
    )


def test_its_own_document_is_recognised() -> None:
    assert recognised(cachet, DOCUMENTS["components"])


@pytest.mark.parametrize("body", [GROUPS, INCIDENTS, listing(), listing(3), "<html></html>"])
def test_another_list_is_not_recognised(body: object) -> None:
    assert not recognised(cachet, document("components", body))


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ({}, "not_a_status_page", "the answer is JSON but has no meta.pagination and data"),
        ([], "not_a_status_page", "the answer is JSON but a list, not a page"),
        ("<html></html>", "not_json", "the answer is an HTML page, not JSON"),
        (
            {"meta": {"pagination": {}}, "data": None},
            "invalid",
            "data is missing where a list should be",
        ),
    ],
)
def test_what_is_not_a_page_says_what_it_is(body: object, kind: str, message: str) -> None:
    assert not recognised(cachet, document("components", body))
    with pytest.raises(PageError) as caught:
        page(components=body)
    assert (caught.value.kind, caught.value.message) == (kind, message)


@pytest.mark.parametrize(
    ("name", "where", "changed"),
    [
        (name, where, changed)
        for name, body in (
            ("components", COMPONENTS),
            ("groups", GROUPS),
            ("incidents", INCIDENTS),
        )
        for where, changed in damaged(body)
    ],
)
def test_a_list_that_lost_a_field_is_never_healthier(
    name: str, where: str, changed: object
) -> None:
    assert where
    never_healthier(cachet, DOCUMENTS, name, changed)


@pytest.mark.parametrize("part", truncations(json.dumps(COMPONENTS).encode()))
def test_a_list_cut_off_is_never_read(part: bytes) -> None:
    assert never_healthier(cachet, DOCUMENTS, "components", part) is None


@pytest.mark.parametrize("name", ["components", "groups", "incidents"])
def test_no_value_of_another_type_is_a_crash(name: str) -> None:
    assert survives(cachet, DOCUMENTS, name)

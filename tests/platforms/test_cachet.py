"""Cachet: what its three lists say, and that damage never makes a page healthier."""

from typing import Any

import pytest

from outlogger_cli.domain.model import EVER, Component, Incident, Link, Snapshot
from outlogger_cli.platforms import cachet
from tests.platforms import expected
from tests.support import document, sample, utc

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


def test_components_stand_in_the_order_of_the_list_under_their_groups() -> None:
    assert page().components == (
        expected.component(
            "1",
            "API",
            "operational",
            "Operational",
            description="Everything below /v1",
            updated_at="2026-01-10 08:30",
        ),
        expected.component(
            "2",
            "Queue",
            "partial_outage",
            "Partial Outage",
            group="Europe",
            updated_at="2026-01-15 11:05",
        ),
        expected.component(
            "3", "Mail", "operational", "Operational", group="Europe", updated_at="2025-02-01 00:00"
        ),
        expected.component("4", "Search", "degraded_performance", "Performance Issues"),
    )


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (0, "unknown"),
        (1, "operational"),
        ("1", "operational"),
        (2, "degraded_performance"),
        (3, "partial_outage"),
        (4, "major_outage"),
        (5, "unknown"),
        (6, "under_maintenance"),
        (True, "unknown"),
        (None, "unknown"),
    ],
)
def test_every_number_of_a_component_is_known_or_unknown(code: object, status: object) -> None:
    assert component(status=code).status == status


def test_a_number_without_a_word_is_kept() -> None:
    assert component(status=9, status_name=None).raw_status == "9"


@pytest.mark.parametrize("enabled", [False, 0, "0"])
def test_a_component_the_page_does_not_show_is_left_out(enabled: object) -> None:
    hidden = {**COMPONENTS["data"][0], "enabled": enabled}
    assert page(components=listing(hidden)).components == ()


@pytest.mark.parametrize(
    ("codes", "severity"),
    [
        ([1, 1], "none"),
        ([1, 2], "minor"),
        ([4, 2], "critical"),
        ([1, 6], "maintenance"),
        ([1, 9], "unknown"),
        ([6, 9], "unknown"),
        ([3, 9], "major"),
        ([], "unknown"),
    ],
)
def test_the_worst_component_is_the_indicator(codes: list[int], severity: str) -> None:
    rows = [{**COMPONENTS["data"][0], "status": code} for code in codes]
    assert page(components=listing(*rows, total=len(rows))).indicator == severity


@pytest.mark.parametrize("total", [101, "101", None, "many", -1])
def test_a_list_that_may_go_on_is_not_healthy_and_says_so(total: object) -> None:
    read = page(components=listing(COMPONENTS["data"][0], total=total))
    assert read.indicator == "unknown"
    assert read.notes == ("the page may have more than the 1 components read",)


def test_a_problem_in_a_list_that_goes_on_is_a_problem() -> None:
    read = page(components=listing(COMPONENTS["data"][1], total=101))
    assert read.indicator == "major"


def test_an_open_incident_keeps_its_post_and_its_updates() -> None:
    assert page().incidents[0] == expected.incident(
        "12",
        "Queue stalled",
        status="identified",
        raw_status="Identified",
        impact="minor",
        started_at="2026-01-15 11:05",
        updated_at="2026-01-15 11:31",
        links=(Link(id="2", name="Queue"),),
        url="https://status.acme.example/incidents/12",
        updates=(
            expected.update(
                "identified",
                "Identified",
                "A broker is full.\nWe are draining it.",
                "2026-01-15 11:31",
            ),
            expected.update(
                "investigating", "Investigating", "We are looking into it.", "2026-01-15 11:12"
            ),
        ),
    )


def test_a_fixed_incident_ended_with_its_last_word() -> None:
    closed = page().incidents[1]
    assert (closed.status, closed.raw_status) == ("resolved", "Fixed")
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
        (1, "investigating"),
        (2, "identified"),
        (3, "monitoring"),
        (4, "resolved"),
        (9, "unknown"),
        (None, "unknown"),
    ],
)
def test_every_number_of_an_incident_is_known_or_unknown(code: object, status: object) -> None:
    assert incident(status=code).status == status


def test_an_upcoming_window_is_read() -> None:
    assert page().maintenances == (
        expected.maintenance(
            "11",
            "Database upgrade",
            status="scheduled",
            raw_status="Scheduled",
            scheduled_for="2026-01-20 21:00",
            updates=(
                expected.update(
                    "unknown", "Scheduled", "Half an hour without writes.", "2026-01-12 09:00"
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
    assert window.status == "unknown"


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

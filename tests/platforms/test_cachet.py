"""Cachet: the numbers of its lists, and lists that may go on."""

from functools import partial
from typing import Any

import pytest

from outlogger_cli.domain.model import Component, Incident
from tests.platforms.pages import snapshot, with_keys
from tests.support import sample, utc

page = partial(snapshot, "cachet")

COMPONENTS = sample("cachet/components.json")
GROUPS = sample("cachet/groups.json")
INCIDENTS = sample("cachet/incidents.json")


def listing(*rows: Any, total: object = 1) -> Any:
    return {"meta": {"pagination": {"total": total}}, "data": list(rows)}


def component(**changes: Any) -> Component:
    row = {**COMPONENTS["data"][0], **changes}
    return page(components=listing(row)).components[0]


def incident(**changes: Any) -> Incident:
    row = {**INCIDENTS["data"][2], **changes}
    return page(incidents=listing(row)).incidents[0]


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


def test_a_window_whose_time_has_come_is_over() -> None:
    row = {**INCIDENTS["data"][1], "scheduled_at": "2026-01-15 12:00:00"}
    assert page(incidents=listing(row)).maintenances == ()


def test_a_window_without_a_time_is_kept_as_unknown() -> None:
    row = {**INCIDENTS["data"][1], "scheduled_at": None}
    (window,) = page(incidents=listing(row)).maintenances
    assert window.status == "unknown"


def test_a_list_that_goes_on_reaches_back_to_its_oldest_entry() -> None:
    cut_off = page(incidents=listing(*INCIDENTS["data"], total=400))
    assert cut_off.history_from == utc("2025-12-01 08:00")
    assert page(incidents=listing({"id": 1}, total=400)).history_from is None


def test_without_the_other_lists_the_components_are_read() -> None:
    read = with_keys("cachet")
    assert [c.group for c in read.components] == [None] * 4
    assert (read.incidents, read.history_from, read.notes) == ((), None, ())

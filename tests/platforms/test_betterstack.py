"""Better Stack: its words for resources and reports, and what the times of a report mean."""

from typing import Any

import pytest

from outlogger_cli.domain.model import Component, Snapshot
from outlogger_cli.platforms import betterstack
from tests.support import document, sample, utc

INDEX = sample("betterstack/index.json")


def read(index: object) -> Snapshot:
    return betterstack.parse({"index": document("index", index)})


def page(**attributes: Any) -> Snapshot:
    """The sample page with attributes of the page itself replaced."""
    data = {**INDEX["data"], "attributes": {**INDEX["data"]["attributes"], **attributes}}
    return read({**INDEX, "data": data})


def with_report(**attributes: Any) -> Snapshot:
    """The sample page with one report and no updates."""
    row = {"id": "1", "type": "status_report", "attributes": {"title": "T", **attributes}}
    resources = [one for one in INDEX["included"] if one["type"] == "status_page_resource"]
    return read({**INDEX, "included": [*resources, row]})


def with_resource(status: object) -> Component:
    row = {"id": "1", "type": "status_page_resource", "attributes": {"status": status}}
    return read({**INDEX, "included": [row]}).components[0]


@pytest.mark.parametrize(
    ("attributes", "address"),
    [
        ({"custom_domain": "https://status.acme.example/"}, "https://status.acme.example"),
        ({"custom_domain": None}, "https://acme.betteruptime.com"),
        ({"custom_domain": "", "subdomain": None}, ""),
        ({"custom_domain": "no domain"}, ""),
    ],
)
def test_the_address_is_the_pages_own_domain_or_its_subdomain(
    attributes: dict[str, Any], address: str
) -> None:
    assert page(**attributes).page_url == address


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("operational", "none"),
        ("degraded", "minor"),
        ("downtime", "major"),
        ("maintenance", "maintenance"),
        ("on_fire", "unknown"),
        (None, "unknown"),
    ],
)
def test_the_aggregate_state_is_the_indicator(word: str | None, severity: str) -> None:
    assert page(aggregate_state=word).indicator == severity


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("operational", "operational"),
        ("recovered", "operational"),
        ("degraded", "degraded_performance"),
        ("downtime", "major_outage"),
        ("maintenance", "under_maintenance"),
        ("under_maintenance", "under_maintenance"),
        ("not_monitored", "unknown"),
        ("on_fire", "unknown"),
        (None, "unknown"),
        (7, "unknown"),
    ],
)
def test_every_word_of_a_resource_is_known_or_unknown(word: object, status: object) -> None:
    assert with_resource(word).status == status


def test_a_resource_without_a_name_goes_by_its_id() -> None:
    assert with_resource("downtime").name == "1"


def test_the_history_reaches_back_to_the_oldest_report() -> None:
    assert read(INDEX).history_from == utc("2025-12-01 08:00")
    assert read({**INDEX, "included": []}).history_from is None


@pytest.mark.parametrize(
    ("word", "ends_at", "status"),
    [
        ("investigating", None, "investigating"),
        ("identified", None, "identified"),
        ("monitoring", None, "monitoring"),
        ("Downtime", None, "investigating"),
        ("degraded", "2026-01-15T11:00:00Z", "investigating"),
        ("maintenance", None, "in_progress"),
        ("operational", None, "monitoring"),
        ("operational", "2026-01-15T11:00:00Z", "resolved"),
        ("resolved", None, "resolved"),
        ("on_fire", None, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_the_state_of_a_report_says_whether_it_is_open(
    word: str | None, ends_at: str | None, status: str
) -> None:
    assert with_report(aggregate_state=word, ends_at=ends_at).incidents[0].status == status


@pytest.mark.parametrize(
    ("words", "impact", "raw"),
    [
        (["degraded", "downtime"], "major", "downtime"),
        (["degraded", "resolved"], "minor", "degraded"),
        (["maintenance", "operational"], "maintenance", "maintenance"),
        (["resolved", "on_fire"], "minor", "on_fire"),
        (["resolved"], "minor", "resolved"),
        ([], "minor", ""),
    ],
)
def test_the_impact_is_the_worst_state_of_a_resource_it_touches(
    words: list[str], impact: str, raw: str
) -> None:
    touched = [{"status_page_resource_id": "20", "status": word} for word in words]
    (incident,) = with_report(affected_resources=touched).incidents
    assert (incident.impact, incident.raw_impact) == (impact, raw)


def test_a_report_without_times_has_none() -> None:
    (incident,) = with_report(aggregate_state="resolved").incidents
    assert (incident.started_at, incident.resolved_at, incident.updated_at) == (None, None, None)


def test_a_moment_without_zone_is_read_in_the_zone_of_the_page() -> None:
    (incident,) = with_report(starts_at="2026-01-15T12:00:00").incidents
    assert incident.started_at == utc("2026-01-15 11:00")


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "status"),
    [
        ("2026-01-15T12:30:00Z", "2026-01-15T13:00:00Z", "scheduled"),
        ("2026-01-15T11:30:00Z", "2026-01-15T13:00:00Z", "in_progress"),
        ("2026-01-15T11:30:00Z", None, "in_progress"),
        (None, "2026-01-15T13:00:00Z", "unknown"),
    ],
)
def test_the_time_of_the_answer_says_how_far_a_window_is(
    starts_at: str | None, ends_at: str | None, status: str
) -> None:
    (window,) = with_report(
        report_type="maintenance", starts_at=starts_at, ends_at=ends_at
    ).maintenances
    assert window.status == status


@pytest.mark.parametrize(
    "attributes",
    [{"ends_at": "2026-01-15T12:00:00Z"}, {"aggregate_state": "resolved"}],
)
def test_a_window_that_is_over_is_left_out(attributes: dict[str, str]) -> None:
    whole = with_report(report_type="maintenance", starts_at="2026-01-15T11:30:00Z", **attributes)
    assert (whole.maintenances, whole.incidents) == ((), ())

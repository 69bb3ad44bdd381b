"""Better Stack: its words for resources and reports, and what the times of a report mean."""

import json
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


def with_days(*days: Any, timezone: object = "UTC", reports: bool = False) -> Snapshot:
    """A page with one resource whose history is `days`; with the reports of the sample or none."""
    attributes = {"status": "operational", "status_history": list(days)}
    row = {"id": "1", "type": "status_page_resource", "attributes": attributes}
    rest = [one for one in INDEX["included"] if one["type"] == "status_report" and reports]
    data = {**INDEX["data"], "attributes": {"timezone": timezone}}
    return read({"data": data, "included": [row, *rest]})


def test_the_history_reaches_back_to_the_oldest_report_or_day() -> None:
    assert with_days(reports=True).history_from == utc("2025-12-01 08:00")
    assert with_days().history_from is None
    day = {"day": "2025-11-20", "status": "operational"}
    assert with_days(day).history_from == utc("2025-11-20 00:00")
    assert with_days(day, reports=True).history_from == utc("2025-11-20 00:00")


@pytest.mark.parametrize("status", ["not_monitored", "on_fire", None])
def test_days_on_which_nothing_was_monitored_are_not_known(status: str | None) -> None:
    days = [{"day": "2025-11-20", "status": status}, {"day": "2025-11-25", "status": "operational"}]
    assert with_days(*days).history_from == utc("2025-11-25 00:00")


@pytest.mark.parametrize(
    ("status", "seconds", "severity"),
    [
        ("downtime", 7200, "major"),
        ("degraded", 0, "minor"),
        ("operational", 30, "minor"),
        ("on_fire", 30, "minor"),
        ("operational", 0, None),
        ("maintenance", 0, None),
        ("not_monitored", None, None),
        (None, -5, None),
    ],
)
def test_a_day_with_downtime_is_recorded(
    status: str | None, seconds: object, severity: str | None
) -> None:
    day = {"day": "2026-01-10", "status": status, "downtime_duration": seconds}
    found = with_days(day).downtime
    assert [(one.component_id, one.severity) for one in found] == (
        [("1", severity)] if severity else []
    )


@pytest.mark.parametrize(
    ("timezone", "noon"),
    [
        ("Eastern Time (US & Canada)", "17:00"),
        ("Asia/Tokyo", "03:00"),
        ("Nowhere", "12:00"),
        (None, "12:00"),
    ],
)
def test_a_day_is_one_of_the_zone_of_the_page(timezone: object, noon: str) -> None:
    (found,) = with_days({"day": "2026-01-10", "status": "downtime"}, timezone=timezone).downtime
    assert found.noon == utc(f"2026-01-10 {noon}")


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", None, 7])
def test_a_day_without_a_date_is_left_out(day: object) -> None:
    found = with_days({"day": day, "status": "downtime"})
    assert (found.downtime, found.history_from) == ((), None)


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
    ("starts_at", "ends_at", "status", "resolved_at"),
    [
        ("2026-01-10T08:00:00Z", None, "resolved", "2026-01-10 09:30"),
        ("2026-01-10T08:00:00Z", "2026-01-10T09:00:00Z", "resolved", "2026-01-10 09:00"),
        ("2026-01-10T08:00:00Z", "2026-01-16T09:00:00Z", "resolved", "2026-01-10 09:30"),
        ("2026-01-16T08:00:00Z", None, "monitoring", None),
    ],
)
def test_a_report_that_has_begun_and_is_operational_is_over(
    starts_at: str, ends_at: str | None, status: str, resolved_at: str | None
) -> None:
    whole = json.loads(json.dumps(INDEX))
    report = next(one for one in whole["included"] if one["id"] == "900")["attributes"]
    report |= {"aggregate_state": "operational", "starts_at": starts_at, "ends_at": ends_at}
    for update, moment in (("9000", "08:10"), ("9001", "09:30")):
        row = next(one for one in whole["included"] if one["id"] == update)
        row["attributes"]["published_at"] = f"2026-01-10T{moment}:00Z"
    found = next(one for one in read(whole).incidents if one.id == "900")
    assert found.status == status
    assert found.resolved_at == (utc(resolved_at) if resolved_at else None)


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


@pytest.mark.parametrize(
    ("state", "report_state", "starts_at", "found"),
    [
        ("operational", "maintenance", "2026-01-15T11:30:00Z", []),
        ("operational", None, "2026-01-15T11:30:00Z", []),
        ("maintenance", "operational", "2026-01-15T11:30:00Z", []),
        ("maintenance", "maintenance", "2026-01-15T11:30:00Z", ["in_progress"]),
        ("operational", "maintenance", "2026-01-15T12:30:00Z", ["scheduled"]),
        ("operational", "maintenance", None, ["unknown"]),
    ],
)
def test_a_window_without_an_end_is_over_if_the_page_is_operational(
    state: str, report_state: str | None, starts_at: str | None, found: list[str]
) -> None:
    report = {"report_type": "maintenance", "starts_at": starts_at, "aggregate_state": report_state}
    row = {"id": "1", "type": "status_report", "attributes": report}
    data = {**INDEX["data"], "attributes": {"aggregate_state": state}}
    windows = read({"data": data, "included": [row]}).maintenances
    assert [window.status for window in windows] == found

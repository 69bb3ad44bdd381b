"""Checkly: the words of its two documents."""

from typing import Any

import pytest

from outlogger_cli import platforms
from outlogger_cli.domain.model import Incident, Maintenance, Snapshot
from outlogger_cli.platforms import checkly
from tests.platforms.pages import with_keys
from tests.support import document, sample, utc

SUMMARY = sample("checkly/summary.json")
SERVICES = sample("checkly/services.json")


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


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("OPERATIONAL", "none"),
        ("HAS_ISSUES", "minor"),
        ("UNDER_MAINTENANCE", "maintenance"),
        ("ON_FIRE", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_of_the_page_is_known_or_unknown(word: str | None, severity: str) -> None:
    read = page({**SUMMARY, "page": {**SUMMARY["page"], "status": word}})
    assert (read.indicator, read.raw_indicator) == (severity, (word or "").lower())


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("OPERATIONAL", "operational"),
        ("MINOR", "degraded_performance"),
        ("MEDIUM", "degraded_performance"),
        ("MAJOR", "partial_outage"),
        ("CRITICAL", "major_outage"),
        ("MAINTENANCE", "under_maintenance"),
        ("UNDER_MAINTENANCE", "under_maintenance"),
        ("ON_FIRE", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_of_a_service_is_known_or_unknown(word: str | None, status: str) -> None:
    assert page(services=[{"id": "1", "status": word}]).components[0].status == status


def test_a_resolved_incident_ended_with_its_last_update() -> None:
    assert incident(status="RESOLVED").resolved_at == utc("2026-01-15 11:31")


@pytest.mark.parametrize(
    ("word", "impact"),
    [
        ("MINOR", "minor"),
        ("MEDIUM", "minor"),
        ("MAJOR", "major"),
        ("CRITICAL", "critical"),
        ("ON_FIRE", "minor"),
        (None, "minor"),
    ],
)
def test_the_severity_is_the_impact(word: str | None, impact: str) -> None:
    assert incident(severity=word).impact == impact


@pytest.mark.parametrize(
    ("word", "status"),
    [("SCHEDULED", "scheduled"), ("IN_PROGRESS", "in_progress"), ("ON_FIRE", "unknown")],
)
def test_every_word_of_a_window_is_known_or_unknown(word: str, status: str) -> None:
    (window,) = windows(status=word)
    assert window.status == status


def test_a_completed_window_is_left_out() -> None:
    assert windows(status="COMPLETED") == ()


def test_a_window_may_name_its_times_in_the_past() -> None:
    (window,) = windows(
        startsAt=None, startedAt="2026-01-15T10:00:00Z", endsAt=None, endedAt="soon"
    )
    assert (window.scheduled_for, window.scheduled_until) == (utc("2026-01-15 10:00"), None)


def test_without_the_services_the_page_is_read() -> None:
    read = with_keys("checkly")
    assert (read.components, read.notes) == ((), ())


def test_a_page_is_known_by_the_data_in_its_html() -> None:
    page = b'<html><script type="application/json" id="__NUXT_DATA__">[]</script></html>'
    assert platforms.named_in(page) == {"checkly"}
    assert platforms.named_in(b'{"html": "__NUXT_DATA__"}') == set()

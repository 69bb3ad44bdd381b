"""Rootly: what its one document says, and that damage never makes a page healthier."""

from typing import Any

import pytest

from outlogger_cli.domain.model import Snapshot
from outlogger_cli.platforms import rootly
from tests.platforms import expected
from tests.support import document, sample

STATUS = sample("rootly/status.json")
SUMMARY = sample("statuspage/summary.json")


def page(**changes: Any) -> Snapshot:
    """The sample page with keys of its document replaced."""
    return rootly.parse({"status": document("status", {**STATUS, **changes})})


def test_the_page_says_its_name_address_and_roll_up() -> None:
    read = page()
    assert (read.page_name, read.page_url) == ("Acme Cloud", "https://status.acme.example")
    assert (read.indicator, read.description) == ("major", "Partial Outage")


@pytest.mark.parametrize("word", ["none", "minor", "major", "critical", "maintenance"])
def test_every_indicator_is_known(word: str) -> None:
    assert page(status={"indicator": word}).indicator == word


@pytest.mark.parametrize("word", ["on_fire", "", None, 7])
def test_another_indicator_is_unknown(word: object) -> None:
    assert page(status={"indicator": word}).indicator == "unknown"


def test_an_open_incident_is_read() -> None:
    assert page().incidents == (
        expected.incident(
            "inc-2",
            "Queue stalled",
            status="identified",
            raw_status="identified",
            impact="major",
            raw_impact="major",
            started_at="2026-01-15 11:05",
            updated_at="2026-01-15 11:31",
            url="https://status.acme.example/incidents/inc-2",
            updates=(
                expected.update(
                    "identified", "identified", "A broker is full.", "2026-01-15 11:31"
                ),
            ),
        ),
    )


def test_a_window_among_the_incidents_is_a_maintenance() -> None:
    assert page().maintenances == (
        expected.maintenance(
            "inc-1",
            "Database upgrade",
            status="scheduled",
            raw_status="scheduled",
            scheduled_for="2026-01-20 21:00",
            scheduled_until="2026-01-20 22:30",
            url="https://status.acme.example/incidents/inc-1",
        ),
    )


def test_a_completed_window_is_left_out() -> None:
    read = page(incidents=[{**STATUS["incidents"][1], "status": "completed"}])
    assert (read.incidents, read.maintenances) == ((), ())


def test_an_incident_without_a_link_stands_below_the_page() -> None:
    assert page(incidents=[{"id": "inc-3"}]).incidents[0].url == (
        "https://status.acme.example/incidents/inc-3"
    )
    nowhere = page(page={"name": "Acme Cloud"}, incidents=[{"id": "inc-3"}])
    assert (nowhere.page_url, nowhere.incidents[0].url) == ("", "")

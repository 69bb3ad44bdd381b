"""Rootly: what its one document says, and that damage never makes a page healthier."""

import json
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Depth,
    Impact,
    Incident,
    IncidentStatus,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.platforms import recognised, rootly
from tests.platforms.health import never_healthier, truncations
from tests.platforms.hostile import survives
from tests.support import damaged, document, sample, utc

STATUS = sample("rootly/status.json")
SUMMARY = sample("statuspage/summary.json")


def page(**changes: Any) -> Snapshot:
    """The sample page with keys of its document replaced."""
    return rootly.parse({"status": document("status", {**STATUS, **changes})})


@pytest.mark.parametrize("depth", list(Depth))
def test_one_document_is_all_there_is(depth: Depth) -> None:
    assert [e.url for e in rootly.endpoints("https://status.acme.example/", depth, {})] == [
        "https://status.acme.example/api/v1/status.json"
    ]


def test_the_page_says_its_name_address_and_roll_up() -> None:
    read = page()
    assert (read.page_name, read.page_url) == ("Acme Cloud", "https://status.acme.example")
    assert (read.indicator, read.description) == (Severity.MAJOR, "Partial Outage")


def test_it_has_no_component_table_and_no_history() -> None:
    assert (page().components, page().history_from) == ((), None)


@pytest.mark.parametrize("word", ["none", "minor", "major", "critical", "maintenance"])
def test_every_indicator_is_known(word: str) -> None:
    assert page(status={"indicator": word}).indicator == word


@pytest.mark.parametrize("word", ["on_fire", "", None, 7])
def test_another_indicator_is_unknown(word: object) -> None:
    assert page(status={"indicator": word}).indicator is Severity.UNKNOWN


def test_an_open_incident_is_read() -> None:
    assert page().incidents == (
        Incident(
            id="inc-2",
            name="Queue stalled",
            status=IncidentStatus.IDENTIFIED,
            raw_status="identified",
            impact=Impact.MAJOR,
            raw_impact="major",
            started_at=utc("2026-01-15 11:05"),
            resolved_at=None,
            updated_at=utc("2026-01-15 11:31"),
            links=(),
            url="https://status.acme.example/incidents/inc-2",
            updates=(
                Update(
                    status=IncidentStatus.IDENTIFIED,
                    raw_status="identified",
                    body="A broker is full.",
                    created_at=utc("2026-01-15 11:31"),
                ),
            ),
        ),
    )


def test_a_window_among_the_incidents_is_a_maintenance() -> None:
    assert page().maintenances == (
        Maintenance(
            id="inc-1",
            name="Database upgrade",
            status=MaintenanceStatus.SCHEDULED,
            raw_status="scheduled",
            scheduled_for=utc("2026-01-20 21:00"),
            scheduled_until=utc("2026-01-20 22:30"),
            links=(),
            url="https://status.acme.example/incidents/inc-1",
            updates=(),
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


def test_its_own_document_is_recognised() -> None:
    assert recognised(rootly, document("status", STATUS))


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (
            SUMMARY,
            "not_a_status_page",
            "the answer is JSON but has no page, status.indicator and incidents alone",
        ),
        (
            {"page": SUMMARY["page"], "status": SUMMARY["status"]},
            "not_a_status_page",
            "the answer is JSON but has no page, status.indicator and incidents alone",
        ),
        (
            {**STATUS, "page": 7},
            "not_a_status_page",
            "the answer is JSON but has no page, status.indicator and incidents alone",
        ),
        (
            {"error": "unavailable"},
            "not_a_status_page",
            "the answer is JSON but has no page, status.indicator and incidents alone",
        ),
        ("<html></html>", "not_json", "the answer is an HTML page, not JSON"),
    ],
)
def test_what_is_not_a_page_says_what_it_is(body: object, kind: str, message: str) -> None:
    assert not recognised(rootly, document("status", body))
    with pytest.raises(PageError) as caught:
        rootly.parse({"status": document("status", body)})
    assert (caught.value.kind, caught.value.message) == (kind, message)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"incidents": None}, "incidents is missing where a list should be"),
        ({"incidents": ["x"]}, "incidents[0] is text where an object should be"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(PageError) as caught:
        page(**changes)
    assert (caught.value.kind, caught.value.message) == ("invalid", message)


@pytest.mark.parametrize(("where", "changed"), list(damaged(STATUS)))
def test_a_page_that_lost_a_field_is_never_healthier(where: str, changed: object) -> None:
    assert where
    never_healthier(rootly, {"status": document("status", STATUS)}, "status", changed)


@pytest.mark.parametrize("part", truncations(json.dumps(STATUS).encode()))
def test_a_page_cut_off_is_never_read(part: bytes) -> None:
    assert never_healthier(rootly, {"status": document("status", STATUS)}, "status", part) is None


def test_no_value_of_another_type_is_a_crash() -> None:
    assert survives(rootly, {"status": document("status", STATUS)}, "status")

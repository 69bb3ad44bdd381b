"""Rootly: what its one document says, and that damage never makes a page healthier."""

from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Depth, Snapshot
from outlogger_cli.platforms import recognised, rootly
from tests.platforms import expected
from tests.support import document, sample

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
    assert (read.indicator, read.description) == ("major", "Partial Outage")


def test_it_has_no_component_table_and_no_history() -> None:
    assert (page().components, page().history_from) == ((), None)


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

"""Google's dashboards: a bare list of incidents in which only a missing `end` means open."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.model import Document, Snapshot
from outlogger_cli.platforms import googlecloud
from tests.support import document, recognised, recorded, sample, utc

INCIDENTS = sample("googlecloud/incidents.json")
ADDRESS = "https://status.cloud.google.com/incidents.json"


def documents(body: object) -> dict[str, Document]:
    return {"incidents": document("incidents", body, ADDRESS)}


def page(body: object) -> Snapshot:
    return googlecloud.parse(documents(body))


def open_one(**changes: Any) -> Any:
    return {**INCIDENTS[0], **changes}


def test_a_page_with_nothing_open_is_healthy() -> None:
    assert page(INCIDENTS[1:]).indicator == "none"


def test_an_empty_list_on_a_host_with_a_similar_name_is_not_recognised() -> None:
    read = document("incidents", [], "https://notwww.google.com.example")
    assert not recognised(googlecloud, read)


def test_an_empty_list_is_health_and_no_history() -> None:
    read = page([])
    assert (read.indicator, read.incidents, read.history_from) == ("none", (), None)


@pytest.mark.parametrize(
    ("word", "impact"),
    [
        ("low", "minor"),
        ("medium", "major"),
        ("High", "critical"),
        ("on_fire", "minor"),
        (None, "minor"),
    ],
)
def test_severity_becomes_impact(word: str | None, impact: str) -> None:
    read = page([open_one(severity=word)])
    assert read.incidents[0].impact == impact
    assert read.indicator == impact


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("AVAILABLE", "monitoring"),
        ("SERVICE_INFORMATION", "investigating"),
        ("SERVICE_DISRUPTION", "investigating"),
        ("SERVICE_OUTAGE", "investigating"),
        ("ON_FIRE", "unknown"),
        (None, "unknown"),
    ],
)
def test_the_newest_update_says_how_an_open_incident_stands(word: str | None, status: str) -> None:
    (read,) = page([open_one(updates=[{"when": "2026-01-15T11:00:00Z", "status": word}])]).incidents
    assert (read.status, read.raw_status) == (status, word or "")
    assert read.status.open


@pytest.mark.parametrize("end", [None, "", "soon", 7, {}, "2026-01-15T12:00:01+00:00"])
def test_an_end_that_is_no_date_or_lies_ahead_closes_nothing(end: object) -> None:
    read = page([open_one(end=end)])
    assert (read.incidents[0].status, read.indicator) == ("investigating", "critical")


def test_an_open_incident_without_updates_is_investigating() -> None:
    (read,) = page([open_one(updates=[])]).incidents
    assert (read.status, read.raw_status, read.updates) == ("investigating", "", ())


def test_an_incident_may_lack_nearly_everything() -> None:
    (read,) = page([{"id": "x", "begin": None, "external_desc": None, "updates": None}]).incidents
    assert (read.id, read.name, read.url, read.started_at) == ("x", "(no title)", "", None)
    assert read.links == ()


@pytest.mark.parametrize("uri", ["javascript:alert(1)", "https://[", "//[", "//x.example:99999"])
def test_a_link_to_another_kind_of_place_is_left_out(uri: str) -> None:
    assert page([open_one(uri=uri)]).incidents[0].url == ""


@pytest.mark.parametrize("path", recorded("googlecloud/*.json"))
def test_a_recorded_list_is_read_whole(path: Path) -> None:
    wire = json.loads(path.read_bytes())
    later = replace(document("incidents", wire, ADDRESS), fetched_at=utc("2026-12-31 00:00"))
    read = googlecloud.parse({"incidents": later})
    assert all(row["end"] and row["severity"] == "medium" for row in wire)
    assert read.indicator == "none"
    assert {(i.id, i.status, i.impact, len(i.updates)) for i in read.incidents} == {
        (row["id"], "resolved", "major", len(row["updates"])) for row in wire
    }
    assert {i.url for i in read.incidents} == {
        f"https://status.cloud.google.com/incidents/{row['id']}" for row in wire
    }
    assert {link.id for i in read.incidents for link in i.links} == {
        product["id"] for row in wire for product in row["affected_products"]
    }
    assert recognised(googlecloud, document("incidents", wire))

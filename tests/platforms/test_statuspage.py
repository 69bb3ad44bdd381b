"""Atlassian Statuspage: the groups, words, links and moments in its documents."""

import json
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.model import EVER, Link, Snapshot
from outlogger_cli.platforms import load, statuspage
from tests.platforms.pages import snapshot, with_keys
from tests.support import document, recorded, sample, utc

page = partial(with_keys, "statuspage")

SUMMARY = sample("statuspage/summary.json")


def incident(**changes: Any) -> Any:
    return {**SUMMARY["incidents"][0], **changes}


def test_a_group_without_a_name_is_none() -> None:
    rows = [
        {"id": "group0000001", "group": True, "name": None},
        {"id": "child0000001", "group_id": "group0000001", "name": "API", "status": "operational"},
    ]
    assert [(c.group, c.name) for c in page(components=rows).components] == [(None, "API")]


@pytest.mark.parametrize("outer", [None, "inner", "outer", "nobody"])
def test_no_component_is_lost_in_groups_of_groups(outer: str | None) -> None:
    rows = [
        {"id": "outer", "group": True, "group_id": outer, "name": "Outer"},
        {"id": "inner", "group": True, "group_id": "outer", "name": "Inner"},
        {"id": "api", "group_id": "inner", "name": "API", "status": "partial_outage"},
        {"id": "web", "group_id": "outer", "name": "Web", "status": "operational"},
    ]
    assert {c.name: c.status for c in page(components=rows).components} == {
        "API": "partial_outage",
        "Web": "operational",
    }


@pytest.mark.parametrize(
    "address", ["https://x.example/a", "HTTPS://x.example/a", "HTTP://x.example/a"]
)
def test_a_link_is_written_as_the_web_does(address: str) -> None:
    assert page(incidents=[incident(shortlink=address)]).incidents[0].url == "https://x.example/a"


def test_a_component_that_only_its_group_lists_is_in_the_group() -> None:
    rows = [
        {"id": "eu", "group": True, "name": "EU", "components": ["api", 7, "gone"]},
        {"id": "us", "group": True, "name": "US", "components": None},
        {"id": "api", "name": "API", "status": "operational"},
        {"id": "web", "name": "Web", "status": "operational"},
    ]
    read = page(components=rows).components
    assert {(component.group, component.name) for component in read} == {
        ("EU", "API"),
        (None, "Web"),
    }


@pytest.mark.parametrize("word", ["resolved", "postmortem", "completed"])
def test_a_window_that_is_closed_by_any_word_is_over(word: str) -> None:
    window = {"id": "m1", "name": "Upgrade", "status": word}
    (maintenance,) = page(scheduled_maintenances=[window]).maintenances
    assert maintenance.status == "completed"


def test_a_full_list_reaches_back_to_its_oldest_entry() -> None:
    rows = [
        incident(id=f"{n:012}", created_at=f"2026-01-{n % 10 + 3:02}T00:00:00Z") for n in range(50)
    ]
    read = snapshot("statuspage", incidents={"incidents": rows})
    assert read.history_from == utc("2026-01-03")


WINDOW = {
    "id": "window000001",
    "name": "Upgrade",
    "status": "completed",
    "scheduled_for": "2026-01-02T10:00:00.000Z",
    "scheduled_until": "2026-01-02T12:00:00.000Z",
    "components": [],
    "incident_updates": [],
}


def archived(body: object) -> Snapshot:
    """The sample's page with a list of past maintenance."""
    read = {"summary": document("summary", SUMMARY), "maintenance": document("windows", body)}
    return statuspage.parse(read)


def test_past_maintenance_is_added_to_that_of_the_summary() -> None:
    shown = SUMMARY["scheduled_maintenances"][0]
    found = archived({"scheduled_maintenances": [{**shown, "name": "Old"}, WINDOW]})
    own = len(SUMMARY["scheduled_maintenances"])
    assert [window.name for window in found.maintenances[own:]] == ["Upgrade"]
    assert found.maintenances[-1].scheduled_until == utc("2026-01-02 12:00")
    assert found.maintenance_from == EVER


@pytest.mark.parametrize(("number", "whole"), [(0, True), (49, True), (50, False)])
def test_a_full_list_of_maintenance_may_be_cut(number: int, whole: bool) -> None:
    rows = [{**WINDOW, "id": str(one)} for one in range(number)]
    assert archived({"scheduled_maintenances": rows}).maintenance_from == (EVER if whole else None)


def test_a_list_of_maintenance_that_cannot_be_read_is_a_note() -> None:
    found = archived({"incidents": []})
    assert found.maintenance_from is None
    assert found.notes[-1].startswith("past maintenance not read: ")


def test_the_first_document_alone_says_nothing_of_past_maintenance() -> None:
    assert page().maintenance_from is None


@pytest.mark.parametrize("status", [None, {}, {"indicator": None}, {"indicator": ["minor"]}])
def test_an_indicator_that_is_not_there_is_unknown(status: object) -> None:
    assert page(status=status).indicator == "unknown"


@pytest.mark.parametrize("word", ["none", "minor", "major", "critical", "maintenance"])
def test_every_indicator_the_pages_use_is_known(word: str) -> None:
    assert page(status={"indicator": word}).indicator == word


def test_an_indicator_nobody_knows_is_unknown_and_kept() -> None:
    read = page(status={"indicator": "Apocalyptic"})
    assert (read.indicator, read.raw_indicator) == ("unknown", "apocalyptic")


def test_an_incident_without_an_id_is_kept() -> None:
    rows = [incident(id=None, name="One"), incident(id=None, name="Two")]
    assert [i.name for i in page(incidents=rows).incidents] == ["One", "Two"]


def test_a_link_without_an_id_names_a_component_and_joins_none() -> None:
    rows = [incident(incident_updates=[{"affected_components": [{"name": "API"}]}])]
    assert page(incidents=rows).incidents[0].links == (Link(id=None, name="API"),)


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "https://a b", "https://u@x.example", "http://[", "\x1b", 3),
        *("http://x.example:99999", "https://x.example:99999", "http://x.example:x"),
    ],
)
def test_a_link_that_is_not_http_is_replaced_by_the_pages_own(address: object) -> None:
    assert page(incidents=[incident(shortlink=address)]).incidents[0].url == (
        "https://status.acme.example/incidents/inc000000002"
    )


@pytest.mark.parametrize(
    ("wire", "name"),
    [(7, "7"), (1.5, "1.5"), (10**4000, f"1{'0' * 998}…")],
    ids=["whole", "broken", "endless"],
)
def test_a_number_is_a_name_as_long_as_any(wire: float, name: str) -> None:
    assert page(incidents=[incident(name=wire)]).incidents[0].name == name


@pytest.mark.parametrize("moment", ["soon", "0001-01-01T00:00:00+14:00", "9999-12-31", 7, None])
def test_a_moment_nobody_can_read_is_none(moment: object) -> None:
    rows = [incident(created_at=moment, started_at=moment)]
    assert page(incidents=rows).incidents[0].started_at is None


def test_a_moment_without_zone_is_read_in_the_zone_of_the_page() -> None:
    rows = [incident(created_at="2026-01-15T12:00:00", started_at=None)]
    assert page(incidents=rows).incidents[0].started_at == utc("2026-01-15 11:00")


def test_a_zone_nobody_knows_is_utc() -> None:
    read = page(
        page={**SUMMARY["page"], "time_zone": "Mars/Olympus"},
        incidents=[incident(created_at="2026-01-15T12:00:00", started_at=None)],
    )
    assert read.incidents[0].started_at == utc("2026-01-15 12:00")


RECORDED = "statuspage/*--summary--*.json"


@pytest.mark.parametrize("path", recorded(RECORDED))
def test_a_recorded_page_is_read_whole(path: Path) -> None:
    wire = json.loads(path.read_bytes())
    read = statuspage.parse({"summary": document("summary", path.read_bytes())})
    rows = [
        row
        for row in wire["components"]
        if not row.get("group") and not row["name"].startswith("Visit www.githubstatus.com")
    ]
    names = {row["id"]: row["name"] for row in wire["components"]}
    assert read.page_name == wire["page"]["name"]
    assert read.indicator == wire["status"]["indicator"]
    assert Counter((c.id, c.name, c.status.value, c.group) for c in read.components) == Counter(
        (row["id"], row["name"], row["status"], names.get(row.get("group_id"))) for row in rows
    )
    assert {(i.id, i.status.value, i.impact.value) for i in read.incidents} == {
        (i["id"], i["status"], i["impact"]) for i in wire["incidents"]
    }
    assert all(i.status.open for i in read.incidents)
    assert {m.id for m in read.maintenances} == {m["id"] for m in wire["scheduled_maintenances"]}


@pytest.mark.parametrize("path", recorded("statuspage/*--incidents--*.json"))
def test_a_recorded_history_is_read_whole(path: Path) -> None:
    wire = json.loads(path.read_bytes())
    read = statuspage.parse(
        {
            "summary": document("summary", {**SUMMARY, "incidents": []}),
            "incidents": document("incidents", wire),
        }
    )
    assert {i.id for i in read.incidents} == {i["id"] for i in wire["incidents"]}
    assert not [i for i in read.incidents if i.resolved_at and i.status.open]
    assert not read.notes


def test_the_shelf_has_only_what_it_names() -> None:
    assert load("statuspage") is statuspage
    assert load("nobody") is None

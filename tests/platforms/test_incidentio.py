"""incident.io: its copy of the Statuspage API, and what its own document adds to that."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.model import Depth, Document, Link, Snapshot
from outlogger_cli.platforms import incidentio, statuspage
from tests.support import document, recognised, recorded, sample, utc

SUMMARY = sample("incidentio/summary.json")
INCIDENTS = sample("incidentio/incidents.json")
NATIVE = sample("incidentio/native.json")
ATLASSIAN = sample("statuspage/summary.json")

CHAT, API_1, API_2 = (
    "01HACMECHAT000000000000000",
    "01HACMEAPI1000000000000000",
    "01HACMEAPI2000000000000000",
)
CALM = {key: SUMMARY[key] for key in ("page", "status", "components")}
"""A page with nothing open: the copy leaves out the lists that would be empty."""


def documents(**bodies: object) -> dict[str, Document]:
    return {name: document(name, body) for name, body in bodies.items()}


def page(**changes: Any) -> Snapshot:
    """The sample page with keys of its summary replaced."""
    return incidentio.parse(documents(summary={**SUMMARY, **changes}))


def whole_page(**native: Any) -> Snapshot:
    """The sample page with its history and, with keys replaced, incident.io's own document."""
    bodies = {"incidents": INCIDENTS, "native": {**NATIVE, **native}}
    return incidentio.parse(documents(summary=SUMMARY, **bodies))


def asked(depth: Depth, **read: object) -> list[str]:
    found = incidentio.endpoints("https://status.acme.example/eu/", depth, documents(**read))
    return [f"{endpoint.name} {endpoint.url}" for endpoint in found]


SUMMARY_ASKED = "summary https://status.acme.example/eu/api/v2/summary.json"
INCIDENTS_ASKED = "incidents https://status.acme.example/eu/api/v2/incidents.json"
NATIVE_ASKED = "native https://status.acme.example/eu/api/v1/summary"


def test_a_verdict_takes_one_document_whatever_is_open() -> None:
    assert asked(Depth.VERDICT) == [SUMMARY_ASKED]
    assert asked(Depth.VERDICT, summary=SUMMARY) == [SUMMARY_ASKED]


def test_history_takes_two_and_the_texts_only_while_something_is_open() -> None:
    assert asked(Depth.HISTORY) == [SUMMARY_ASKED, INCIDENTS_ASKED]
    assert asked(Depth.HISTORY, summary=CALM) == [SUMMARY_ASKED, INCIDENTS_ASKED]
    for key in ("incidents", "scheduled_maintenances"):
        read = {**CALM, key: SUMMARY[key]}
        assert asked(Depth.HISTORY, summary=read) == [SUMMARY_ASKED, INCIDENTS_ASKED, NATIVE_ASKED]


def test_no_texts_are_asked_for_where_the_summary_is_none() -> None:
    assert asked(Depth.HISTORY, summary="<html>") == [SUMMARY_ASKED, INCIDENTS_ASKED]


@pytest.mark.parametrize(
    ("body", "ours"),
    [
        (SUMMARY, True),
        (CALM, True),
        ({**CALM, "page": {**CALM["page"], "time_zone": "UTC"}}, True),
        ({**CALM, "page": {"id": "acme", "name": "Acme AI"}}, True),
        (ATLASSIAN, False),
        ({**ATLASSIAN, "page": {"id": "acme00000001", "name": "Acme"}}, False),
        ({**ATLASSIAN, "page": {**ATLASSIAN["page"], "id": "acme"}}, False),
        (NATIVE, False),
        ("<html>", False),
        ([], False),
    ],
)
def test_a_page_is_known_by_its_ids_and_by_having_no_zone(body: object, ours: bool) -> None:
    assert recognised(incidentio, document("summary", body)) is ours


@pytest.mark.parametrize("body", [SUMMARY, CALM, ATLASSIAN])
def test_of_incidentio_and_statuspage_exactly_one_recognises_a_page(body: object) -> None:
    read = document("summary", body)
    assert recognised(incidentio, read) != recognised(statuspage, read)


def test_components_stand_in_the_order_of_the_page_without_groups() -> None:
    assert [(c.id, c.group, c.name, c.status) for c in page().components] == [
        (CHAT, None, "Chat", "partial_outage"),
        (API_1, None, "API", "operational"),
        (API_2, None, "API", "operational"),
    ]


def test_lists_that_are_not_there_mean_that_nothing_is_open() -> None:
    read = incidentio.parse(documents(summary=CALM))
    assert (read.incidents, read.maintenances, read.notes) == ((), (), ())


def test_a_page_of_several_regions_may_list_no_component() -> None:
    assert page(components=[]).components == ()


def test_without_its_own_document_an_incident_has_no_text_and_no_links() -> None:
    (newest,) = page().incidents
    assert (newest.links, [u.body for u in newest.updates]) == ((), ["", ""])
    assert newest.url == "https://status.acme.example/incidents/01HACMEINC2000000000000000"


def test_a_closed_incident_without_updates_ends_when_it_was_changed_last() -> None:
    rows = [{**INCIDENTS["incidents"][1], "incident_updates": []}]
    read = incidentio.parse(documents(summary=CALM, incidents={**INCIDENTS, "incidents": rows}))
    assert read.incidents[0].resolved_at == utc("2026-01-04 10:00")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("maintenance_scheduled", "scheduled"),
        ("maintenance_in_progress", "in_progress"),
        ("maintenance_complete", "completed"),
        ("in_progress", "in_progress"),
        ("maintenance_postponed", "unknown"),
    ],
)
def test_both_vocabularies_of_windows_are_known(word: str, status: str) -> None:
    (window,) = page(
        scheduled_maintenances=[{**SUMMARY["scheduled_maintenances"][0], "status": word}]
    ).maintenances
    assert (window.status, window.raw_status) == (status, word)


def test_a_window_under_way_is_read_too() -> None:
    rows = NATIVE["scheduled_maintenances"]
    (window,) = whole_page(scheduled_maintenances=[], in_progress_maintenances=rows).maintenances
    assert [u.body for u in window.updates] == ["Reads stay up."]


def test_its_own_words_for_a_status_change_nothing() -> None:
    touched = {"id": API_1, "name": "API", "current_status": "full_outage"}
    row = {**NATIVE["ongoing_incidents"][0], "affected_components": [touched]}
    read = whole_page(ongoing_incidents=[row])
    assert [c.status for c in read.components] == [c.status for c in page().components]


def with_own(**changes: Any) -> Snapshot:
    """The sample page with changes to the incident's row in its own document."""
    return whole_page(ongoing_incidents=[{**NATIVE["ongoing_incidents"][0], **changes}])


def test_a_text_the_copy_has_is_kept() -> None:
    told = {**SUMMARY["incidents"][0]["incident_updates"][0], "body": "Told in the copy."}
    read = incidentio.parse(
        documents(
            summary={
                **SUMMARY,
                "incidents": [{**SUMMARY["incidents"][0], "incident_updates": [told]}],
            },
            native=NATIVE,
        )
    )
    assert [u.body for u in read.incidents[0].updates] == ["Told in the copy."]


def test_links_the_copy_has_are_kept() -> None:
    linked = {**SUMMARY["incidents"][0], "components": [{"id": API_1, "name": "API"}]}
    read = incidentio.parse(documents(summary={**SUMMARY, "incidents": [linked]}, native=NATIVE))
    assert read.incidents[0].links == (Link(id=API_1, name="API"),)


@pytest.mark.parametrize("message", [None, "", " ", "<br>", 7])
def test_an_empty_text_adds_nothing(message: object) -> None:
    assert [u.body for u in with_own(last_update_message=message).incidents[0].updates] == ["", ""]


def test_a_text_without_an_update_to_stand_in_adds_nothing() -> None:
    bare = {**SUMMARY["incidents"][0], "incident_updates": []}
    read = incidentio.parse(documents(summary={**SUMMARY, "incidents": [bare]}, native=NATIVE))
    assert read.incidents[0].updates == ()


@pytest.mark.parametrize("address", [None, "javascript:alert(1)", "https://u@acme.example"])
def test_an_address_that_is_not_http_is_replaced_by_the_pages_own(address: object) -> None:
    assert with_own(url=address).incidents[0].url == (
        "https://status.acme.example/incidents/01HACMEINC2000000000000000"
    )


def test_an_incident_that_has_no_row_of_its_own_stays_as_it_is() -> None:
    assert whole_page(ongoing_incidents=None).incidents[0].links == ()


@pytest.mark.parametrize("path", recorded("incidentio/*--summary--*.json"))
def test_a_recorded_page_is_read_whole(path: Path) -> None:
    wire = json.loads(path.read_bytes())
    recording = document("summary", path.read_bytes())
    read = incidentio.parse({"summary": recording})
    assert recognised(incidentio, recording)
    assert not recognised(statuspage, recording)
    assert read.page_name == wire["page"]["name"]
    assert f"{read.page_url}/" == wire["page"]["url"]
    assert read.indicator == wire["status"]["indicator"]
    assert Counter((c.id, c.name, c.status.value) for c in read.components) == Counter(
        (row["id"], row["name"], row["status"]) for row in wire["components"]
    )
    assert [c.id for c in read.components] == [
        row["id"] for row in sorted(wire["components"], key=lambda row: row["position"])
    ]
    assert {i.id for i in read.incidents} == {i["id"] for i in wire.get("incidents", [])}
    assert not read.notes


def test_rows_of_one_group_stand_together() -> None:
    rows = [
        {**SUMMARY["components"][0], "id": f"01{n:024}", "name": name}
        for n, name in enumerate(("API", "Chat", "Images"))
    ]
    native = {
        "ongoing_incidents": [
            {
                "id": "01INCIDENT0000000000000000",
                "affected_components": [
                    {"id": f"01{n:024}", "name": name, "group_name": "Models"}
                    for n, name in ((0, "API"), (2, "Images"))
                ],
            }
        ]
    }
    read = incidentio.parse(
        {
            "summary": document("summary", {**SUMMARY, "components": rows}),
            "native": document("native", native),
        }
    )
    assert [(c.group, c.name) for c in read.components] == [
        ("Models", "API"),
        ("Models", "Images"),
        (None, "Chat"),
    ]


def ulid(number: int) -> str:
    return f"01HACME{number:019}"


def row(number: int, status: str = "operational") -> dict[str, Any]:
    return {"id": ulid(number), "name": f"Part {number}", "status": status, "position": number}


FULL = [row(number) for number in range(25)]
COMPONENTS_ASKED = "components https://status.acme.example/eu/api/v2/components.json"


@pytest.mark.parametrize("depth", list(Depth))
def test_a_summary_that_may_be_cut_has_the_whole_list_read(depth: Depth) -> None:
    assert COMPONENTS_ASKED in asked(depth, summary={**CALM, "components": FULL})
    assert COMPONENTS_ASKED not in asked(depth, summary={**CALM, "components": FULL[:24]})
    assert asked(depth, summary={**CALM, "components": FULL})[0] == SUMMARY_ASKED


def test_the_whole_list_replaces_that_of_the_summary() -> None:
    listed = {"components": [row(99, "major_outage"), *FULL[1:], row(30)]}
    read = incidentio.parse(documents(summary={**CALM, "components": FULL}, components=listed))
    found = {component.name: component.status.value for component in read.components}
    assert (len(found), found["Part 99"], found["Part 0"]) == (27, "major_outage", "operational")
    assert not read.is_cut


@pytest.mark.parametrize(
    "listed",
    [
        {},
        {"components": 7},
        [],
        "<html></html>",
        {"components": [7]},
        {"components": []},
        {"components": FULL[:24]},
    ],
)
def test_without_the_whole_list_the_components_are_known_to_be_cut(listed: object) -> None:
    read = incidentio.parse(documents(summary={**CALM, "components": FULL}, components=listed))
    assert (len(read.components), read.is_cut) == (25, True)
    assert read.notes[0].startswith("component list not read: ")
    assert incidentio.parse(documents(summary={**CALM, "components": FULL})).is_cut
    assert not incidentio.parse(documents(summary={**CALM, "components": FULL[:24]})).is_cut


def test_its_own_word_for_a_full_outage_is_known() -> None:
    assert page(components=[row(1, "full_outage")]).components[0].status == "major_outage"


@pytest.mark.parametrize("body", [{"page": {}, "components": []}, {"components": []}, {"page": {}}])
def test_an_empty_document_is_no_page(body: object) -> None:
    assert not recognised(incidentio, document("summary", body))
    assert not recognised(statuspage, document("summary", body))

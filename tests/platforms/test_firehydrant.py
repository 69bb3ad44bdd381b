"""FireHydrant: one payload, components that are what open incidents say of them."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli import platforms
from outlogger_cli.domain.model import (
    ComponentStatus,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
)
from outlogger_cli.platforms import firehydrant
from tests.platforms.pages import with_keys
from tests.support import document, recognised, recorded, sample, utc

page = partial(with_keys, "firehydrant")

PAYLOAD = sample("firehydrant/payload.json")
OPEN, CLOSED, CERTIFICATES = PAYLOAD["incidents"]
PLANNED = PAYLOAD["scheduledMaintenances"][0]


def incident(**changes: Any) -> Incident:
    return page(incidents=[{**OPEN, **changes}]).incidents[0]


def statuses(*incidents: Any, **changes: Any) -> dict[str, ComponentStatus]:
    read = page(incidents=list(incidents), scheduledMaintenances=[], **changes)
    return {component.name: component.status for component in read.components}


def window(**changes: Any) -> Maintenance:
    return page(incidents=[], scheduledMaintenances=[{**PLANNED, **changes}]).maintenances[0]


def test_a_page_with_nothing_open_is_fine() -> None:
    read = page(incidents=[CLOSED], scheduledMaintenances=[PLANNED])
    assert (read.indicator, read.description) == ("none", "Nothing to report.")
    assert {component.status for component in read.components} == {"operational"}


def test_a_page_with_nothing_but_a_maintenance_is_in_maintenance() -> None:
    assert page(incidents=[CERTIFICATES]).indicator == "maintenance"


def test_a_page_without_a_name_has_a_title() -> None:
    assert page(config={"title": "Acme Status"}).page_name == "Acme Status"


@pytest.mark.parametrize("changes", [{"incidents": None}, {}])
def test_without_a_list_of_incidents_nothing_is_known(changes: dict[str, Any]) -> None:
    payload = {key: value for key, value in PAYLOAD.items() if key != "incidents"}
    read = firehydrant.parse({"payload": document("payload", payload | changes)})
    assert (read.indicator, read.history_from) == ("unknown", None)
    assert {component.status for component in read.components} == {"unknown"}
    assert read.notes == ("the page data has no list of incidents",)


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("Operational", "operational"),
        ("Slow", "degraded_performance"),
        ("Down", "major_outage"),
        ("slow", "degraded_performance"),
        ("Maintenance", "degraded_performance"),
        ("Haunted", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_condition(condition: str | None, status: str) -> None:
    by_id = {**OPEN, "components": [{"id": "c-api", "condition": condition}]}
    by_name = {**OPEN, "components": [], "componentConditions": {"API": condition}}
    assert statuses(by_id)["API"] == status
    assert statuses(by_name)["API"] == status


def test_the_data_is_parsed_once_to_recognise_and_to_read_it() -> None:
    read = document("payload", PAYLOAD)
    assert platforms.first_reading(firehydrant, read) == firehydrant.parse({"payload": read})


def test_a_condition_of_no_component_is_left_out() -> None:
    row = {**OPEN, "components": [], "componentConditions": {"API": "Slow", "": "Down"}}
    assert statuses(row)["API"] == "degraded_performance"


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        (("Slow", "Down"), "major_outage"),
        (("Down", "Slow"), "major_outage"),
        (("Haunted", "Slow"), "degraded_performance"),
        (("Operational", "Haunted"), "unknown"),
    ],
)
def test_of_two_open_incidents_the_worse_counts(conditions: tuple[str, str], status: str) -> None:
    rows = [{**OPEN, "components": [], "componentConditions": {"API": c}} for c in conditions]
    assert statuses(*rows)["API"] == status


def test_what_is_closed_or_ahead_touches_no_component() -> None:
    closed = {**CLOSED, "components": OPEN["components"]}
    ahead = {**CERTIFICATES, "timestamps": {"started": "2026-02-01T00:00:00Z"}}
    assert set(statuses(closed, ahead).values()) == {"operational"}


def test_a_component_in_a_maintenance_without_times_is_unknown() -> None:
    assert statuses({**CERTIFICATES, "timestamps": None})["Website"] == "unknown"


def test_a_page_is_not_fine_where_a_component_may_be_a_problem() -> None:
    without_times = {**CERTIFICATES, "timestamps": None}
    assert page(incidents=[without_times]).indicator == "unknown"
    assert page(incidents=[without_times, OPEN]).indicator == "major"


def test_a_component_without_id_or_name_is_kept() -> None:
    read = page(components=[{"name": "API"}, {"id": "c-x"}, {}])
    assert [(c.id, c.name) for c in read.components] == [
        ("API", "API"),
        ("c-x", "c-x"),
        ("(no name)", "(no name)"),
    ]


@pytest.mark.parametrize(
    ("milestones", "status"),
    [
        (["detected"], "investigating"),
        (["started"], "investigating"),
        (["started", "acknowledged"], "investigating"),
        (["started", "investigating"], "investigating"),
        (["started", "identified"], "identified"),
        (["started", "mitigated"], "monitoring"),
        (["monitoring", "started"], "monitoring"),
        (["started", "resolved"], "resolved"),
        (["started", "closed"], "resolved"),
        (["haunted"], "unknown"),
        ([], "unknown"),
    ],
)
def test_every_milestone(milestones: list[str], status: str) -> None:
    told = incident(timestamps=dict.fromkeys(milestones, "2026-01-15T11:40:00Z"))
    assert told.status == status
    assert told.resolved_at == (None if IncidentStatus(status).open else utc("2026-01-15 11:40"))


@pytest.mark.parametrize(
    ("slug", "impact"),
    [
        ("SEV1", "critical"),
        ("SEV2", "major"),
        ("SEV3", "minor"),
        ("SEV4", "minor"),
        ("SEV5", "minor"),
        ("UNSET", "minor"),
        ("P0", "minor"),
        (None, "minor"),
    ],
)
def test_every_severity(slug: str | None, impact: str) -> None:
    assert incident(severitySlug=slug).impact == impact


def test_links_are_read_from_the_conditions_where_there_are_no_components() -> None:
    told = incident(components=None, componentConditions={"API": "Slow", "Gone": "Down"})
    assert told.links == (Link(name="API"), Link(name="Gone"))


@pytest.mark.parametrize(
    ("note", "status"),
    [
        ("**Resolved** - fixed", "resolved"),
        ("Monitoring: a fix is in", "monitoring"),
        ("We are resolved to fix it", "unknown"),
        ("…", "unknown"),
    ],
)
def test_a_note_may_begin_with_its_status(note: str, status: str) -> None:
    (update,) = incident(timeline=[{"details": {"note": note}}]).updates
    assert update.status == status


@pytest.mark.parametrize("details", [None, {}, {"note": None}, {"note": ["x"]}, {"note": {}}])
def test_an_entry_without_a_text_is_no_message(details: object) -> None:
    assert incident(timeline=[{"details": details}]).updates == ()


@pytest.mark.parametrize(
    ("times", "status"),
    [
        (("2026-01-15T12:00:01Z", "2026-01-15T13:00:00Z"), "scheduled"),
        (("2026-01-15T12:00:00Z", "2026-01-15T13:00:00Z"), "in_progress"),
        (("2026-01-15T11:00:00Z", None), "in_progress"),
        (("2026-01-15T11:00:00Z", "2026-01-15T12:00:00Z"), "completed"),
        ((None, "2026-01-15T13:00:00Z"), "unknown"),
        ((None, None), "unknown"),
    ],
)
def test_a_maintenance_is_told_by_the_time_the_page_was_read(
    times: tuple[str | None, str | None], status: str
) -> None:
    assert window(startsAt=times[0], endsAt=times[1]).status == status


@pytest.mark.parametrize("path", recorded("firehydrant/*--payload--*.json"))
def test_a_recorded_page_is_read_whole(path: Path) -> None:
    wire = json.loads(path.read_bytes())
    read = document("payload", path.read_bytes())
    assert recognised(firehydrant, read)
    snapshot = firehydrant.parse({"payload": read})
    assert snapshot.page_name == wire["config"]["companyName"]
    assert snapshot.description == wire["config"]["operationalMessage"]
    assert snapshot.indicator == "none"
    assert [(c.id, c.name) for c in snapshot.components] == [
        (row["id"], row["name"]) for row in wire["components"]
    ]
    planned = [row for row in wire["incidents"] if row["severitySlug"] == "MAINTENANCE"]
    events = [row for row in wire["incidents"] if row not in planned]
    assert {(i.id, i.name, i.raw_impact, i.resolved_at) for i in snapshot.incidents} == {
        (
            row["id"],
            row["title"],
            row["severitySlug"],
            utc(row["timestamps"]["resolved"].removesuffix("Z")),
        )
        for row in events
    }
    assert [(m.id, len(m.links)) for m in snapshot.maintenances] == [
        (row["id"], len(row["components"])) for row in planned
    ]

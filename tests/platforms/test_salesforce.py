"""Salesforce Trust: its words for instances, and incidents of several of them."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.model import ComponentStatus, Snapshot
from outlogger_cli.platforms import salesforce
from tests.platforms.pages import snapshot
from tests.platforms.snapshots import facts
from tests.support import document, recognised, recorded, sample, utc

INSTANCES = sample("salesforce/instances.json")


def page(instances: object = INSTANCES) -> Snapshot:
    return salesforce.parse({"instances": document("instances", instances)})


def instance(**changes: Any) -> dict[str, Any]:
    return {**INSTANCES[2], **changes}


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("OK", "operational"),
        ("INFORMATIONAL_CORE", "operational"),
        ("INFORMATIONAL_NONCORE", "operational"),
        ("MAINTENANCE_CORE", "under_maintenance"),
        ("MAINTENANCE_NONCORE", "under_maintenance"),
        ("MINOR_INCIDENT_CORE", "degraded_performance"),
        ("MINOR_INCIDENT_NONCORE", "degraded_performance"),
        ("MAJOR_INCIDENT_NONCORE", "partial_outage"),
        ("MAJOR_INCIDENT_CORE", "major_outage"),
        ("ON_FIRE", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_is_known_or_unknown(word: str | None, status: str) -> None:
    read = page([instance(status=word)])
    assert (read.components[0].status, read.indicator) == (status, ComponentStatus(status).severity)


def test_one_instance_may_be_read_alone() -> None:
    assert [c.id for c in page(instance()).components] == ["NA1"]


def test_an_instance_that_is_not_active_is_left_out() -> None:
    read = page([instance(isActive=False)])
    assert (read.components, read.indicator) == ((), "unknown")


def test_an_open_incident_of_two_instances_is_one() -> None:
    (incident,) = page().incidents
    assert [link.id for link in incident.links] == ["EU42", "EU43"]
    assert (incident.name, incident.status, incident.impact) == (
        "Logins fail",
        "investigating",
        "major",
    )
    assert (incident.started_at, incident.resolved_at) == (utc("2026-01-15 11:05"), None)
    assert [facts(update) for update in incident.updates] == [
        {
            "status": "unknown",
            "raw_status": "update",
            "body": "A broker is full.",
            "created_at": utc("2026-01-15 11:31"),
        },
        {
            "status": "unknown",
            "raw_status": "acknowledged",
            "body": "We are looking into it.",
            "created_at": utc("2026-01-15 11:12"),
        },
    ]
    assert incident.updated_at == utc("2026-01-15 11:31")


def test_incidents_without_an_id_are_kept_apart() -> None:
    nameless = [{"createdAt": "2026-01-15T11:00:00Z"}, {"createdAt": "2026-01-15T10:00:00Z"}]
    assert [i.name for i in page([instance(Incidents=nameless)]).incidents] == [
        "Incident without a number",
        "Incident without a number",
    ]


def test_an_incident_of_no_instance_is_kept_and_unknown() -> None:
    (found,) = (i for i in snapshot("salesforce", incidents=[{"id": 7}]).incidents if i.id == "7")
    assert (found.status, found.impact, found.links) == ("unknown", "minor", ())


@pytest.mark.parametrize("path", recorded("salesforce/*--instances--*.json"))
def test_a_recorded_list_of_instances_is_read_whole(path: Path) -> None:
    wire = [row for row in json.loads(path.read_bytes()) if row["isActive"]]
    read = document("instances", path.read_bytes())
    assert recognised(salesforce, read)
    listed = salesforce.parse({"instances": read})
    assert [(c.id, c.group) for c in listed.components] == [
        (row["key"], row["location"]) for row in wire
    ]
    statuses = Counter(c.status for c in listed.components)
    assert statuses == {"operational": len(wire) - 1, "degraded_performance": 1}
    assert (listed.indicator, listed.notes) == ("minor", ())
    (incident,) = listed.incidents
    assert (incident.name, incident.status, incident.impact) == (
        "Incident 5968",
        "investigating",
        "minor",
    )
    assert (incident.started_at, incident.updated_at, [link.id for link in incident.links]) == (
        utc("2020-07-29 16:08"),
        utc("2020-07-29 19:04:35.523"),
        ["NA137"],
    )

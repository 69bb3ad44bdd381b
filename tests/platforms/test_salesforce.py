"""Salesforce Trust: what its two lists say, and that damage never makes a page healthier."""

import json
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.platforms import recognised, salesforce
from tests.platforms.health import never_healthier, truncations
from tests.platforms.hostile import survives
from tests.support import damaged, document, sample, utc

INSTANCES = sample("salesforce/instances.json")
INCIDENTS = sample("salesforce/incidents.json")
DOCUMENTS = {
    "instances": document("instances", INSTANCES),
    "incidents": document("incidents", INCIDENTS),
}
API = "https://api.status.salesforce.com/v1"


def page(instances: object = INSTANCES) -> Snapshot:
    return salesforce.parse({"instances": document("instances", instances)})


def whole_page(incidents: object = INCIDENTS) -> Snapshot:
    return salesforce.parse({**DOCUMENTS, "incidents": document("incidents", incidents)})


def instance(**changes: Any) -> dict[str, Any]:
    return {**INSTANCES[2], **changes}


@pytest.mark.parametrize(
    ("page_url", "asked"),
    [
        ("https://status.salesforce.com", f"{API}/instances/status/preview"),
        (
            "https://status.salesforce.com/products/Marketing_Cloud",
            f"{API}/instances/status/preview?products=Marketing_Cloud",
        ),
        ("https://status.salesforce.com/instances/EU42", f"{API}/instances/EU42/status"),
        (f"{API}/instances/NA1/status", f"{API}/instances/NA1/status"),
    ],
)
def test_the_address_of_the_page_says_which_instances(page_url: str, asked: str) -> None:
    first, _ = salesforce.endpoints(page_url, Depth.VERDICT, {})
    assert first.url == asked


@pytest.mark.parametrize("depth", list(Depth))
def test_a_verdict_takes_the_list_of_incidents_too(depth: Depth) -> None:
    asked = salesforce.endpoints("https://status.salesforce.com", depth, {})
    assert [e.url for e in asked] == [f"{API}/instances/status/preview", f"{API}/incidents"]


def test_instances_are_components_in_the_group_of_their_location() -> None:
    assert page().components == (
        Component(
            id="EU42",
            name="EU42",
            status=ComponentStatus.MAJOR_OUTAGE,
            raw_status="MAJOR_INCIDENT_CORE",
            group="EMEA",
            description="production",
        ),
        Component(
            id="EU43",
            name="EU43",
            status=ComponentStatus.DEGRADED_PERFORMANCE,
            raw_status="MINOR_INCIDENT_NONCORE",
            group="EMEA",
            description="sandbox",
        ),
        Component(
            id="NA1",
            name="NA1",
            status=ComponentStatus.OPERATIONAL,
            raw_status="OK",
            group="NA",
            description="production",
        ),
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("OK", ComponentStatus.OPERATIONAL),
        ("MAINTENANCE_CORE", ComponentStatus.UNDER_MAINTENANCE),
        ("MAINTENANCE_NONCORE", ComponentStatus.UNDER_MAINTENANCE),
        ("MINOR_INCIDENT_CORE", ComponentStatus.DEGRADED_PERFORMANCE),
        ("MINOR_INCIDENT_NONCORE", ComponentStatus.DEGRADED_PERFORMANCE),
        ("MAJOR_INCIDENT_NONCORE", ComponentStatus.PARTIAL_OUTAGE),
        ("MAJOR_INCIDENT_CORE", ComponentStatus.MAJOR_OUTAGE),
        ("ON_FIRE", ComponentStatus.UNKNOWN),
        (None, ComponentStatus.UNKNOWN),
    ],
)
def test_every_word_is_known_or_unknown(word: str | None, status: ComponentStatus) -> None:
    read = page([instance(status=word)])
    assert (read.components[0].status, read.indicator) == (status, status.severity)


def test_one_instance_may_be_read_alone() -> None:
    assert [c.id for c in page(instance()).components] == ["NA1"]


def test_an_instance_that_is_not_active_is_left_out() -> None:
    read = page([instance(isActive=False)])
    assert (read.components, read.indicator) == ((), Severity.UNKNOWN)


def test_an_open_incident_of_two_instances_is_one() -> None:
    assert page().incidents == (
        Incident(
            id="20001",
            name="Logins fail",
            status=IncidentStatus.INVESTIGATING,
            raw_status="",
            impact=Impact.MAJOR,
            raw_impact="major",
            started_at=utc("2026-01-15 11:05"),
            resolved_at=None,
            updated_at=utc("2026-01-15 11:31"),
            links=(Link(id="EU42", name="EU42"), Link(id="EU43", name="EU43")),
            url="https://status.salesforce.com/incidents/20001",
            updates=(
                Update(
                    status=IncidentStatus.UNKNOWN,
                    raw_status="update",
                    body="A broker is full.",
                    created_at=utc("2026-01-15 11:31"),
                ),
                Update(
                    status=IncidentStatus.UNKNOWN,
                    raw_status="acknowledged",
                    body="We are looking into it.",
                    created_at=utc("2026-01-15 11:12"),
                ),
            ),
        ),
    )


def test_incidents_without_an_id_are_kept_apart() -> None:
    nameless = [{"createdAt": "2026-01-15T11:00:00Z"}, {"createdAt": "2026-01-15T10:00:00Z"}]
    assert [i.name for i in page([instance(Incidents=nameless)]).incidents] == [
        "Incident without a number",
        "Incident without a number",
    ]


def test_the_list_tells_the_rest_and_the_past() -> None:
    read = whole_page()
    assert [(i.id, i.status) for i in read.incidents] == [
        ("20001", IncidentStatus.INVESTIGATING),
        ("19000", IncidentStatus.RESOLVED),
    ]
    assert read.incidents[0].started_at == utc("2026-01-15 11:00")
    assert (read.history_from, read.notes) == (utc("2025-12-01 08:00"), ())


def test_an_incident_is_over_when_all_of_it_has_ended() -> None:
    closed = whole_page().incidents[1]
    assert (closed.name, closed.impact) == ("Incident 19000", Impact.MINOR)
    assert closed.resolved_at == utc("2025-12-01 08:30")


def test_an_incident_of_no_instance_is_kept_and_unknown() -> None:
    (found,) = (i for i in whole_page([{"id": 7}]).incidents if i.id == "7")
    assert (found.status, found.impact, found.links) == (IncidentStatus.UNKNOWN, Impact.MINOR, ())


def test_without_the_list_there_is_no_history() -> None:
    assert page().history_from is None


@pytest.mark.parametrize(
    ("incidents", "why"),
    [
        ("[", "the JSON breaks off or is damaged"),
        ([7], "incidents[0] is a number where an object should be"),
    ],
)
def test_a_broken_list_is_a_note_not_an_error(incidents: object, why: str) -> None:
    read = whole_page(incidents)
    assert (read.history_from, read.notes) == (None, (f"incident history not read: {why}",))


def test_its_own_document_is_recognised() -> None:
    assert recognised(salesforce, DOCUMENTS["instances"])


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ([], "not_a_status_page", "the answer is JSON but has no instances with key and location"),
        (
            [{"id": "c4", "name": "API", "status": "OPERATIONAL"}],
            "not_a_status_page",
            "the answer is JSON but has no instances with key and location",
        ),
        ("<html></html>", "not_json", "the answer is an HTML page, not JSON"),
        ("7", "invalid", "instances is a number where a list should be"),
        ([7], "invalid", "instances[0] is a number where an object should be"),
        (
            [instance(Incidents=7)],
            "invalid",
            "instances[0].Incidents is a number where a list should be",
        ),
    ],
)
def test_what_is_not_a_page_says_what_it_is(body: object, kind: str, message: str) -> None:
    with pytest.raises(PageError) as caught:
        page(body)
    assert (caught.value.kind, caught.value.message) == (kind, message)


@pytest.mark.parametrize("body", [[], {}, [7], INCIDENTS, "<html></html>"])
def test_what_is_not_a_page_is_not_recognised(body: object) -> None:
    assert not recognised(salesforce, document("instances", body))


@pytest.mark.parametrize(
    ("name", "where", "changed"),
    [
        *(("instances", *one) for one in damaged(INSTANCES)),
        *(("incidents", *one) for one in damaged(INCIDENTS)),
    ],
)
def test_a_list_that_lost_a_field_is_never_healthier(
    name: str, where: str, changed: object
) -> None:
    assert where
    never_healthier(salesforce, DOCUMENTS, name, changed)


@pytest.mark.parametrize("part", truncations(json.dumps(INSTANCES).encode()))
def test_a_list_cut_off_is_never_read(part: bytes) -> None:
    assert never_healthier(salesforce, DOCUMENTS, "instances", part) is None


@pytest.mark.parametrize("name", ["instances", "incidents"])
def test_no_value_of_another_type_is_a_crash(name: str) -> None:
    assert survives(salesforce, DOCUMENTS, name)

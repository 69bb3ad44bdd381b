"""Zendesk's own page: what is open by its times, and which services that concerns."""

from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Depth, Incident, Maintenance, Snapshot
from outlogger_cli.platforms import zendesk
from tests.support import document, recognised, sample, utc

INCIDENTS = sample("zendesk/incidents.json")
SERVICES = sample("zendesk/services.json")
(OPEN, WINDOW, *_) = INCIDENTS["data"]
ROW = INCIDENTS["included"][0]


def page(*events: Any, included: list[Any] | None = None, **changes: object) -> Snapshot:
    """The page with these events, and with the rows of their services."""
    rows = INCIDENTS["included"] if included is None else included
    bodies = {"incidents": {"data": [*events], "included": rows, **changes}, "services": SERVICES}
    return zendesk.parse({name: document(name, body) for name, body in bodies.items()})


def changed(row: Any, **attributes: object) -> Any:
    return {**row, "attributes": {**row["attributes"], **attributes}}


def incident(**attributes: object) -> Incident:
    return page(changed(OPEN, **attributes)).incidents[0]


def window(**attributes: object) -> Maintenance:
    return page(changed(WINDOW, **attributes)).maintenances[0]


def statuses(read: Snapshot) -> dict[str, str]:
    return {component.name: component.status.value for component in read.components}


CALM = dict.fromkeys(("Tickets", "Messages", "Search", "Voice"), "operational")
UNKNOWN = dict.fromkeys(CALM, "unknown")


@pytest.mark.parametrize(
    ("told", "impact"),
    [
        ({"outage": True, "degradation": True, "impact": "minor"}, "major"),
        ({"outage": True, "impact": "critical"}, "critical"),
        ({"outage": False, "degradation": True, "impact": "major"}, "minor"),
        ({"outage": False, "impact": "critical"}, "critical"),
        ({"outage": None, "impact": "Major"}, "major"),
        ({"outage": "true", "impact": "on_fire"}, "minor"),
        ({"outage": None, "impact": None}, "minor"),
    ],
)
def test_an_outage_outranks_the_word_of_the_impact(told: dict[str, Any], impact: str) -> None:
    assert incident(**told).impact == impact


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"status": "monitoring"}, "monitoring"),
        ({"status": "resolved"}, "unknown"),
        ({"status": None}, "unknown"),
        ({"resolvedAt": "soon"}, "identified"),
        ({"resolvedAt": "2026-01-15T13:00:00Z"}, "identified"),
        ({"resolvedAt": "2026-01-15T11:55:00Z"}, "resolved"),
        ({"resolvedAt": "2026-01-15T11:55:00Z", "status": "investigating"}, "resolved"),
    ],
)
def test_an_incident_is_open_until_the_time_of_its_end(told: dict[str, Any], status: str) -> None:
    assert incident(**told).status == status


def test_with_nothing_open_every_service_is_fine() -> None:
    for read in (page(included=[]), page(changed(OPEN, resolvedAt="2026-01-15T11:55:00Z"))):
        assert (read.indicator, statuses(read)) == ("none", CALM)


def test_a_list_without_the_incidents_of_its_services_is_not_read() -> None:
    with pytest.raises(PageError):
        page()
    assert page(included=[]).indicator == "none"


def test_an_empty_list_is_zendesks_on_its_own_host_alone() -> None:
    for home, own in (("https://status.zendesk.com", True), ("https://status.acme.example", False)):
        endpoint, _ = zendesk.endpoints(home, Depth.VERDICT, {})
        assert recognised(zendesk, document("incidents", {"data": []}, endpoint.url)) is own


def test_an_incident_of_internal_tools_is_left_out() -> None:
    read = page(changed(OPEN, internalToolsOnly=True))
    assert (read.incidents, read.indicator, statuses(read)) == ((), "none", CALM)


def test_an_internal_tool_is_left_out_of_what_is_affected() -> None:
    read = page(OPEN, included=[changed(row, internalTool=True) for row in INCIDENTS["included"]])
    assert (read.incidents[0].links, statuses(read)) == ((), CALM)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"outage": True}, "partial_outage"),
        ({"outage": False, "degradation": True}, "degraded_performance"),
        ({"outage": False}, "partial_outage"),
        ({"resolvedAt": "2026-01-15T11:55:00Z"}, "operational"),
        ({"resolvedAt": "2026-01-15T13:00:00Z"}, "partial_outage"),
        ({"serviceParentId": "1", "serviceId": "77"}, "partial_outage"),
    ],
)
def test_a_service_is_what_its_open_row_says(told: dict[str, Any], status: str) -> None:
    event = {**OPEN, "relationships": {"incidentServices": {"data": [{"id": "201"}]}}}
    assert statuses(page(event, included=[changed(ROW, **told)])) == {**CALM, "Tickets": status}


def test_of_several_rows_of_a_service_the_worst_counts() -> None:
    rows = [changed(ROW, outage=False, degradation=True), {**ROW, "id": "300"}]
    rows.append({**rows[0], "id": "301"})
    event = {**OPEN, "relationships": {"incidentServices": {"data": [{"id": "201"}]}}}
    assert statuses(page(event, included=rows))["Tickets"] == "partial_outage"


@pytest.mark.parametrize(
    ("relationships", "included"),
    [
        (None, []),
        ({"incidentServices": None}, []),
        ({"incidentServices": {"data": [{"id": "999"}]}}, INCIDENTS["included"]),
        ({"incidentServices": {"data": [{}]}}, INCIDENTS["included"]),
        ({"incidentServices": {"data": [{"id": "201"}]}}, [changed(ROW, serviceId="77")]),
        ({"incidentServices": {"data": [{"id": "201"}]}}, [changed(ROW, serviceId=None)]),
        ({"incidentServices": {"data": [{"id": "201"}]}}, [{**ROW, "type": "service"}]),
    ],
)
def test_while_it_is_unknown_whom_an_incident_concerns_no_service_is_fine(
    relationships: object, included: list[Any]
) -> None:
    event = {**OPEN, "id": "x", "relationships": relationships}
    assert "operational" not in statuses(page(event, included=included)).values()


def test_one_of_two_incidents_with_an_id_gets_its_services() -> None:
    over = changed(OPEN, resolvedAt="2026-01-15T11:55:00Z")
    assert statuses(page(over, {**OPEN, "relationships": None})) == UNKNOWN


def test_an_incident_that_names_no_service_leaves_them_fine() -> None:
    event = {**OPEN, "id": "x", "relationships": {"incidentServices": {"data": []}}}
    assert statuses(page(event)) == CALM


def test_a_row_is_joined_by_the_incident_that_it_names_too() -> None:
    event = {**OPEN, "relationships": {"incidentServices": {"data": []}}}
    assert statuses(page(event))["Tickets"] == "partial_outage"
    assert statuses(page({**event, "id": None})) == UNKNOWN


def test_a_service_without_an_id_is_unknown() -> None:
    services = {"data": [{"attributes": {"name": "Tickets"}}]}
    bodies = {"incidents": {"data": [], "included": []}, "services": services}
    read = zendesk.parse({name: document(name, body) for name, body in bodies.items()})
    assert (read.indicator, statuses(read)) == ("unknown", {"Tickets": "unknown"})


@pytest.mark.parametrize(
    ("told", "status", "voice"),
    [
        ({}, "in_progress", "under_maintenance"),
        ({"maintResolvesAt": "2026-01-15T11:40:00Z"}, "in_progress", "under_maintenance"),
        ({"outage": True}, "in_progress", "under_maintenance"),
        ({"startedAt": None}, "unknown", "under_maintenance"),
        ({"startedAt": "2026-01-16T11:30:00Z"}, "scheduled", "operational"),
    ],
)
def test_a_window_lasts_until_the_time_of_its_end(
    told: dict[str, Any], status: str, voice: str
) -> None:
    assert window(**told).status == status
    read = page(changed(WINDOW, **told))
    assert (statuses(read)["Voice"], read.incidents) == (voice, ())


def test_a_window_that_is_over_is_left_out() -> None:
    read = page(changed(WINDOW, resolvedAt="2026-01-15T11:40:00Z"))
    assert (read.maintenances, statuses(read)) == ((), CALM)


def test_an_end_that_is_no_time_makes_no_window() -> None:
    read = page(changed(WINDOW, maintResolvesAt="later"))
    assert (read.maintenances, len(read.incidents)) == ((), 1)


@pytest.mark.parametrize(
    ("page_url", "url"),
    [
        ("https://status.zendesk.com", "https://status.zendesk.com/api/ssp/incidents.json"),
        (
            "https://status.zendesk.com/?subdomain=acme",
            "https://status.zendesk.com/api/ssp/incidents.json?subdomain=acme",
        ),
        (
            "https://status.acme.example/api/ssp/incidents.json?x=1&subdomain=acme&y=2",
            "https://status.acme.example/api/ssp/incidents.json?subdomain=acme",
        ),
        (
            "https://status.zendesk.com/?subdomain=a%26b",
            "https://status.zendesk.com/api/ssp/incidents.json",
        ),
    ],
)
def test_a_page_may_be_of_one_account(page_url: str, url: str) -> None:
    incidents, services = zendesk.endpoints(page_url, Depth.VERDICT, {})
    assert incidents.url == url
    assert services.url == url.replace("incidents", "services")


def test_a_start_is_given_as_it_is() -> None:
    assert incident().started_at == utc("2026-01-15 11:05")

"""Oracle's own page: the words of its services, and the stages in its feed."""

from html import escape
from typing import Any

import pytest

from outlogger_cli.domain.model import Component, Depth, Incident, Snapshot
from outlogger_cli.platforms import oci
from tests.platforms.pages import first_asked, snapshot
from tests.support import document, recognised, sample, utc

COMPONENTS = sample("oci/components.json")
STATUS = sample("oci/status.json")
ID = "ocid1.incident.oc1..aaa"


def services(*rows: Any, **bodies: object) -> Snapshot:
    region = {"regionId": "r1", "regionName": "East", "serviceHealthReports": [*rows]}
    return snapshot("oci", components={"regionHealthReports": [region]}, **bodies)


def component(**row: Any) -> Component:
    return services({"serviceId": "s1", "serviceName": "Machines", **row}).components[0]


def feed(*items: str) -> str:
    return f"<rss><channel><title>Acme</title>{''.join(items)}</channel></rss>"


def item(markup: str, *, guid: str = ID, date: str = "Thu, 15 Jan 2026 11:31:00 GMT") -> str:
    return (
        f"<item><title>Machines | East | 1</title><guid>{guid}</guid><pubDate>{date}</pubDate>"
        f"<description>{escape(markup)}</description></item>"
    )


def incident(markup: str, **options: str) -> Incident:
    (found,) = services(incidents=feed(item(markup, **options))).incidents
    return found


SEVERE = [{"incidentId": ID, "severity": "ServiceDisruption"}]


@pytest.mark.parametrize(
    ("word", "incidents", "status"),
    [
        ("NormalPerformance", [], "operational"),
        ("NormalPerformance", SEVERE, "operational"),
        ("ServiceDisruption", [], "partial_outage"),
        ("SlowPerformance", SEVERE, "degraded_performance"),
        ("SlowPerformance", [], "unknown"),
        ("SlowPerformance", None, "unknown"),
        ("operational", [], "unknown"),
        (None, SEVERE, "degraded_performance"),
        (None, [], "unknown"),
    ],
)
def test_an_unknown_word_is_a_problem_if_incidents_are_listed(
    word: str | None, incidents: list[Any] | None, status: str
) -> None:
    assert component(serviceStatus=word, incidents=incidents).status == status


def test_a_component_is_a_service_in_a_region() -> None:
    told = component(serviceId=None, serviceName=None)
    assert (told.id, told.name, told.group) == ("r1/(no name)", "(no name)", "East")
    region = {"serviceHealthReports": [{"serviceId": "s1"}]}
    (alone,) = snapshot("oci", components={"regionHealthReports": [region]}).components
    assert (alone.id, alone.group) == ("/s1", None)


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("none", "none"),
        ("minor", "minor"),
        ("major", "major"),
        ("critical", "critical"),
        ("maintenance", "maintenance"),
        ("fine", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_of_the_roll_up_is_known_or_unknown(word: str | None, severity: str) -> None:
    assert snapshot("oci", status={"status": {"indicator": word}}).indicator == severity


def test_a_page_without_its_roll_up_or_without_a_service_is_not_fine() -> None:
    calm = {"status": {"indicator": "none"}}
    assert services({"serviceStatus": "NormalPerformance"}, status=calm).indicator == "none"
    assert services(status=calm).indicator == "unknown"
    assert oci.parse({"components": document("components", COMPONENTS)}).indicator == "unknown"


def test_an_incident_that_only_services_name_is_open() -> None:
    read = services(
        {"serviceId": "s1", "serviceName": "Machines", "incidents": SEVERE},
        {"serviceId": "s2", "serviceName": "Mail", "incidents": [*SEVERE, {"severity": "x"}]},
        incidents=feed(),
    )
    told = {one.id: one for one in read.incidents}
    assert {key: (one.name, one.impact.value) for key, one in told.items()} == {
        ID: ("Machines | East", "major"),
        "r1/s2": ("Mail | East", "minor"),
    }
    assert all(one.status.open for one in read.incidents)
    assert [link.id for link in told[ID].links] == ["r1/s1", "r1/s2"]


def test_an_incident_of_a_place_without_a_name_goes_by_its_service() -> None:
    row = {"serviceId": "s1", "serviceName": "Machines", "incidents": SEVERE}
    region = {"serviceHealthReports": [row]}
    read = snapshot("oci", components={"regionHealthReports": [region]}, incidents=feed())
    assert [one.name for one in read.incidents] == ["Machines"]


@pytest.mark.parametrize("guid", [ID, f"https://ocistatus.oraclecloud.com/#/incidents/{ID}"])
def test_an_entry_is_joined_with_what_the_services_say(guid: str) -> None:
    read = services(
        {"serviceId": "s1", "serviceName": "Machines", "incidents": SEVERE},
        incidents=feed(item("<p><strong>Monitoring</strong> - We watch.</p>", guid=guid)),
    )
    (told,) = read.incidents
    assert (told.id, told.status, told.impact) == (ID, "monitoring", "major")
    assert [link.id for link in told.links] == ["r1/s1"]


@pytest.mark.parametrize(
    ("markup", "status"),
    [
        ("<p><strong>Investigating</strong> - x</p>", "investigating"),
        (
            "<p><strong>Resolved</strong> - x</p><p><strong>Investigating</strong> - y</p>",
            "resolved",
        ),
        (
            "<p><strong>Identified</strong> - x</p><p><strong>Resolved</strong> - y</p>",
            "identified",
        ),
        ("<p><strong>Update</strong> - x</p><p><strong>Monitoring</strong> - y</p>", "monitoring"),
        ("<p><strong>Update</strong> - x</p>", "unknown"),
        ("<p><strong>Paused</strong> - x</p><p><strong>Resolved</strong> - y</p>", "unknown"),
        ('<p class="u"> <strong> Monitoring </strong>: x</p>', "monitoring"),
        ("<p>We are <strong>Resolved</strong> - to help</p>", "unknown"),
        ("<p>This has been resolved.</p>", "unknown"),
        ("<p><b>End Time</b>: January 15, 2026 11:30 UTC</p>", "resolved"),
        ("<p><b>End Time</b>: January 15, 2026 13:30 UTC</p>", "unknown"),
        ("<p><b>End Time</b>: later</p>", "unknown"),
        (
            "<p><strong>Monitoring</strong> - x</p><b>End Time</b>: January 15, 2026 11:30 UTC",
            "monitoring",
        ),
        ("", "unknown"),
    ],
)
def test_the_first_update_is_the_newest(markup: str, status: str) -> None:
    assert incident(markup).status == status


def test_the_times_are_those_that_the_text_names() -> None:
    told = incident(
        "<p><strong>Resolved</strong> - x <b>End Time</b>: 2026-01-15 11:20 UTC</p>"
        "<p><strong>Investigating</strong> - x <b>Start Time:</b> 2026-01-15 10:50 UTC</p>"
        "<p><b>Start Time</b>: 2026-01-15 10:55 UTC <b>End Time</b>: 2026-01-15 11:10 UTC</p>"
    )
    assert (told.started_at, told.resolved_at) == (utc("2026-01-15 10:50"), utc("2026-01-15 11:20"))
    plain = incident("<p><strong>Resolved</strong> - x</p>")
    assert plain.started_at == plain.resolved_at == utc("2026-01-15 11:31")


def test_without_the_feed_the_page_is_read() -> None:
    read = snapshot("oci", incidents="<html>")
    assert (read.indicator, read.history_from) == ("major", None)
    assert [one.id for one in read.incidents] == [ID, "ocid1.incident.oc1..ccc"]
    assert len(read.notes) == 1


@pytest.mark.parametrize(
    "document_name", ["components.json", "status.json", "incident-summary.rss"]
)
def test_a_page_may_be_the_address_of_a_document(document_name: str) -> None:
    asked = oci.endpoints(f"https://status.acme.example/api/v2/{document_name}", Depth.VERDICT, {})
    assert asked[0].url == "https://status.acme.example/api/v2/components.json"


def test_a_statuspage_with_a_list_of_components_is_not_oracles() -> None:
    assert not recognised(oci, first_asked("oci", {"page": {"id": "x"}, "components": []}))

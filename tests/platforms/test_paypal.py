"""PayPal's own page: its words, and which of the two environments they are of."""

from typing import Any

import pytest

from outlogger_cli.domain.model import Component, Depth, Incident, Snapshot
from outlogger_cli.platforms import paypal
from tests.platforms.pages import snapshot
from tests.support import document, sample

COMPONENTS = sample("paypal/components.json")
EVENTS = sample("paypal/events.json")
API = {"name": "API", "category": {"name": "api"}, "status": {"production": "operational"}}


def page(*rows: Any, events: Any = ()) -> Snapshot:
    return snapshot("paypal", production={"result": [*rows]}, events={"result": [*events]})


def component(word: object) -> Component:
    return page({**API, "status": {"production": word, "sandbox": "operational"}}).components[0]


def incident(**changes: object) -> Incident:
    return page(API, events=[{**EVENTS["result"][0], **changes}]).incidents[0]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("operational", "operational"),
        ("Informational", "operational"),
        ("Under Maintenance", "under_maintenance"),
        ("under_maintenance", "under_maintenance"),
        ("SERVICE_DISRUPTION", "partial_outage"),
        ("service-disruption", "partial_outage"),
        ("service outage", "major_outage"),
        ("degraded", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_of_a_component_is_known_or_unknown(word: object, status: str) -> None:
    assert component(word).status == status


@pytest.mark.parametrize(
    ("words", "severity"),
    [
        (["operational", "informational"], "none"),
        (["operational", "under_maintenance"], "maintenance"),
        (["operational", "service_disruption"], "major"),
        (["service_outage", "degraded"], "critical"),
        (["operational", "degraded"], "unknown"),
        (["operational", None], "unknown"),
    ],
)
def test_the_roll_up_is_never_better_than_what_is_known(words: list[Any], severity: str) -> None:
    rows = [{**API, "name": str(n), "status": {"production": w}} for n, w in enumerate(words)]
    assert page(*rows).indicator == severity


@pytest.mark.parametrize("status", [None, {}, {"sandbox": "operational"}])
def test_a_component_without_a_status_in_the_environment_is_unknown(status: object) -> None:
    read = page({**API, "status": status})
    assert (read.components[0].status, read.indicator) == ("unknown", "unknown")


def test_a_component_may_lack_its_name_or_its_category() -> None:
    read = page(API, {"status": {}}, {"name": "Web", "category": {}})
    assert [(one.id, one.name) for one in read.components] == [
        ("api/API", "API"),
        ("(no name)", "(no name)"),
        ("Web", "Web"),
    ]


def test_the_sandbox_is_read_if_the_address_says_so() -> None:
    asked = paypal.endpoints("https://www.paypal-status.com/product/sandbox", Depth.NOW, {})
    bodies = (COMPONENTS, EVENTS)
    read = paypal.parse(
        {
            one.name: document(one.name, body, one.url)
            for one, body in zip(asked, bodies, strict=True)
        }
    )
    assert (read.page_name, read.indicator) == ("PayPal sandbox", "critical")
    assert [one.status for one in read.components] == [
        "operational",
        "major_outage",
        "operational",
        "operational",
    ]
    assert [one.name for one in read.incidents] == ["Invoices fail"]
    assert read.maintenances == ()


OWN = "https://www.paypal-status.com/api/v1/components"
MIRROR = "https://status.acme.example/api/v1/components"


@pytest.mark.parametrize(
    ("page_url", "environment", "url"),
    [
        ("https://www.paypal-status.com", "production", OWN),
        ("https://paypal-status.com/product/production", "production", OWN),
        ("https://www.paypal-status.com/api/sandbox/", "sandbox", OWN),
        ("https://www.paypal-status.com/api/v1/components", "production", OWN),
        ("https://status.acme.example/product/sandbox?x#y", "sandbox", MIRROR),
        ("https://status.acme.example/api/v1/components", "production", MIRROR),
    ],
)
def test_the_address_of_the_page_tells_the_environment(
    page_url: str, environment: str, url: str
) -> None:
    first, events = paypal.endpoints(page_url, Depth.VERDICT, {})
    assert (first.name, first.url) == (environment, url)
    assert events.url == url.replace("components", "events?s=true")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Resolved", "resolved"),
        ("completed", "completed"),
        ("Investigating", "investigating"),
        ("in progress", "in_progress"),
        ("postmortem", "unknown"),
        ("closed", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_event_is_closed_in_two_words_alone(word: object, status: str) -> None:
    assert incident(state=word).status == status


@pytest.mark.parametrize(
    ("word", "impact"),
    [
        ("Service Outage", "critical"),
        ("critical", "critical"),
        ("service_disruption", "major"),
        ("Major", "major"),
        ("informational", "minor"),
        ("low", "minor"),
        (None, "minor"),
    ],
)
def test_an_unknown_severity_is_minor(word: object, impact: str) -> None:
    assert incident(severity=word).impact == impact


def test_an_event_of_no_known_kind_or_environment_is_an_incident() -> None:
    for changes in ({"type": None}, {"type": "notice"}, {"environment": None}):
        assert incident(**changes).status.open
    assert incident(id=7).id == "7"


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("Scheduled", ["scheduled"]),
        ("in_progress", ["in_progress"]),
        ("late", ["unknown"]),
        (None, ["unknown"]),
        ("Completed", []),
        ("resolved", []),
    ],
)
def test_every_state_of_a_window_is_known_or_unknown(word: object, found: list[str]) -> None:
    read = page(API, events=[{"type": "Maintenance", "state": word, "summary": "Move"}])
    assert [one.status for one in read.maintenances] == found
    assert read.incidents == ()

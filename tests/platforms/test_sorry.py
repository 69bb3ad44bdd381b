"""Sorry: what its lists say, how the page leads to them, and what damage does to them."""

import json
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.platforms import recognised, sorry
from tests.platforms.health import never_healthier, truncations
from tests.platforms.hostile import survives
from tests.support import damaged, document, sample, utc

COMPONENTS = sample("sorry/components.json")
NOTICES = sample("sorry/notices.json")
API = "https://api.sorryapp.com/v1/pages/0badcafe"
PAGE = (
    "<html><head><title>Acme Cloud</title>"
    '<script src="https://code.sorryapp.com/bar.js" data-for="0badcafe"></script></head></html>'
)
DOCUMENTS = {
    "page": document("page", PAGE),
    "components": document("components", COMPONENTS),
    "notices": document("notices", NOTICES),
}


def page(**bodies: object) -> Snapshot:
    """The sample page with some of its documents replaced."""
    return sorry.parse(
        {**DOCUMENTS, **{name: document(name, body) for name, body in bodies.items()}}
    )


def notice(**changes: Any) -> dict[str, Any]:
    return {**NOTICES["response"][0], **changes}


@pytest.mark.parametrize(
    "html",
    [
        PAGE,
        '<html><script>fetch("https://api.sorryapp.com/v1/pages/0badcafe")</script></html>',
        "<html><script>sorry = {host: 'sorryapp.com', page_id: '0badcafe'}</script></html>",
    ],
)
@pytest.mark.parametrize("depth", list(Depth))
def test_the_page_leads_to_its_lists(depth: Depth, html: str) -> None:
    read = {"page": document("page", html)}
    assert [e.url for e in sorry.endpoints("https://status.acme.example/", depth, read)] == [
        "https://status.acme.example",
        f"{API}/components",
        f"{API}/notices?include=components,updates",
    ]
    assert recognised(sorry, read["page"])


@pytest.mark.parametrize(
    "read",
    [
        {},
        {"page": document("page", '<html><script data-for="0badcafe"></script></html>')},
        {"page": document("page", "<html>sorryapp.com</html>")},
        {"page": document("page", {"host": "sorryapp.com/v1/pages/0badcafe"})},
    ],
)
def test_without_a_code_only_the_page_is_asked_for(read: dict[str, Document]) -> None:
    asked = sorry.endpoints("https://status.acme.example", Depth.HISTORY, read)
    assert [e.name for e in asked] == ["page"]


def test_an_address_of_the_api_needs_no_page() -> None:
    assert [e.url for e in sorry.endpoints(API, Depth.VERDICT, {})] == [
        f"{API}/components",
        f"{API}/notices?include=components,updates",
    ]


def test_the_page_says_its_name_and_address() -> None:
    assert (page().page_name, page().page_url) == ("Acme Cloud", "https://status.acme.example")


def test_components_are_read_and_the_worst_is_the_indicator() -> None:
    assert page().components == (
        Component(
            id="501",
            name="Queue",
            status=ComponentStatus.PARTIAL_OUTAGE,
            raw_status="degraded",
            description="Jobs and retries",
            updated_at=utc("2026-01-15 11:05"),
        ),
        Component(
            id="API",
            name="API",
            status=ComponentStatus.OPERATIONAL,
            raw_status="operational",
        ),
    )
    assert (page().indicator, page().raw_indicator) == (Severity.MAJOR, "")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("operational", ComponentStatus.OPERATIONAL),
        ("partially-degraded", ComponentStatus.DEGRADED_PERFORMANCE),
        ("degraded", ComponentStatus.PARTIAL_OUTAGE),
        ("on_fire", ComponentStatus.UNKNOWN),
        (None, ComponentStatus.UNKNOWN),
    ],
)
def test_every_state_is_known_or_unknown(word: str | None, status: ComponentStatus) -> None:
    read = page(components={"response": [{"name": "API", "state": word}]})
    assert (read.components[0].status, read.indicator) == (status, status.severity)


def test_an_open_notice_is_an_incident() -> None:
    assert page().incidents[0] == Incident(
        id="9002",
        name="Queue stalled",
        status=IncidentStatus.IDENTIFIED,
        raw_status="identified",
        impact=Impact.MINOR,
        raw_impact="",
        started_at=utc("2026-01-15 11:05"),
        resolved_at=None,
        updated_at=utc("2026-01-15 11:31"),
        links=(Link(id="501", name="Queue"),),
        url="https://status.acme.example/notices/9002",
        updates=(
            Update(
                status=IncidentStatus.IDENTIFIED,
                raw_status="identified",
                body="A broker is full.",
                created_at=utc("2026-01-15 11:31"),
            ),
            Update(
                status=IncidentStatus.UNKNOWN,
                raw_status="",
                body="We are looking into it.",
                created_at=utc("2026-01-15 11:12"),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("open", IncidentStatus.INVESTIGATING),
        ("investigating", IncidentStatus.INVESTIGATING),
        ("identified", IncidentStatus.IDENTIFIED),
        ("recovering", IncidentStatus.MONITORING),
        ("monitoring", IncidentStatus.MONITORING),
        ("resolved", IncidentStatus.RESOLVED),
        ("false_alarm", IncidentStatus.RESOLVED),
        ("on_fire", IncidentStatus.UNKNOWN),
        (None, IncidentStatus.UNKNOWN),
    ],
)
def test_every_state_of_an_incident_is_known_or_unknown(
    word: str | None, status: IncidentStatus
) -> None:
    read = page(notices={"response": [notice(state=word)]})
    assert [i.status for i in read.incidents] == [status]


def test_a_resolved_notice_ends_when_it_says() -> None:
    closed = page().incidents[1]
    assert (closed.started_at, closed.resolved_at) == (
        utc("2025-12-01 08:00"),
        utc("2025-12-01 08:20"),
    )


def test_a_planned_notice_is_a_window() -> None:
    assert page().maintenances == (
        Maintenance(
            id="9003",
            name="Database upgrade",
            status=MaintenanceStatus.SCHEDULED,
            raw_status="scheduled",
            scheduled_for=utc("2026-01-20 21:00"),
            scheduled_until=utc("2026-01-20 22:30"),
            links=(),
            url="https://status.acme.example/notices/9003",
            updates=(),
        ),
    )


@pytest.mark.parametrize(
    ("word", "statuses"),
    [
        ("scheduled", [MaintenanceStatus.SCHEDULED]),
        ("underway", [MaintenanceStatus.IN_PROGRESS]),
        ("complete", []),
        ("cancelled", []),
        ("on_fire", [MaintenanceStatus.UNKNOWN]),
    ],
)
def test_every_state_of_a_window_is_known_or_unknown(
    word: str, statuses: list[MaintenanceStatus]
) -> None:
    read = page(notices={"response": [notice(type="planned", state=word)]})
    assert ([m.status for m in read.maintenances], read.incidents) == (statuses, ())


def test_an_announcement_is_no_incident() -> None:
    read = page(notices={"response": [notice(type="general")]})
    assert (read.incidents, read.maintenances) == ((), ())


def test_the_history_reaches_back_to_the_oldest_notice() -> None:
    assert page().history_from == utc("2025-12-01 08:00")


def test_without_the_notices_the_page_is_read() -> None:
    read = sorry.parse({"components": DOCUMENTS["components"]})
    assert (read.page_name, read.page_url, read.incidents) == ("", "", ())
    assert (read.history_from, read.notes) == (None, ())


def test_broken_notices_are_a_note_not_an_error() -> None:
    assert page(notices={}).notes == (
        "incident history not read: the answer is JSON but has no response",
    )


@pytest.mark.parametrize(
    ("read", "kind", "message"),
    [
        (
            {"page": document("page", "<html></html>")},
            "not_a_status_page",
            "the answer is not the HTML of a Sorry page",
        ),
        (
            {"page": DOCUMENTS["page"]},
            "invalid",
            "the data of the Sorry page 0badcafe was not read",
        ),
        (
            {"components": document("components", {})},
            "not_a_status_page",
            "the answer is JSON but has no response",
        ),
        (
            {"components": document("components", {"response": 7})},
            "invalid",
            "response is a number where a list should be",
        ),
    ],
)
def test_what_is_not_a_page_says_what_it_is(
    read: dict[str, Document], kind: str, message: str
) -> None:
    with pytest.raises(PageError) as caught:
        sorry.parse(read)
    assert (caught.value.kind, caught.value.message) == (kind, message)


def test_its_own_list_is_recognised() -> None:
    assert recognised(sorry, DOCUMENTS["components"])


@pytest.mark.parametrize(
    "body",
    [
        NOTICES,
        {"response": []},
        {"response": [{"state": "up"}]},
        {"response": {}},
        {},
        [],
        "<html></html>",
    ],
)
def test_another_document_is_not_recognised(body: object) -> None:
    assert not recognised(sorry, document("components", body))


@pytest.mark.parametrize(
    ("name", "where", "changed"),
    [
        *(("components", *one) for one in damaged(COMPONENTS)),
        *(("notices", *one) for one in damaged(NOTICES)),
    ],
)
def test_a_list_that_lost_a_field_is_never_healthier(
    name: str, where: str, changed: object
) -> None:
    assert where
    never_healthier(sorry, DOCUMENTS, name, changed)


@pytest.mark.parametrize("part", truncations(json.dumps(COMPONENTS).encode()))
def test_a_list_cut_off_is_never_read(part: bytes) -> None:
    assert never_healthier(sorry, DOCUMENTS, "components", part) is None


@pytest.mark.parametrize("name", ["components", "notices"])
def test_no_value_of_another_type_is_a_crash(name: str) -> None:
    assert survives(sorry, DOCUMENTS, name)

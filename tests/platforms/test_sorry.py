"""Sorry: what its lists say, how the page leads to them, and what damage does to them."""

from typing import Any

import pytest

from outlogger_cli.domain.model import (
    ComponentStatus,
    Depth,
    Document,
    Link,
    MaintenanceStatus,
    Snapshot,
)
from outlogger_cli.platforms import recognised, sorry
from tests.platforms import expected
from tests.support import document, sample, utc

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


def test_the_page_says_its_name_and_address() -> None:
    assert (page().page_name, page().page_url) == ("Acme Cloud", "https://status.acme.example")


def test_components_are_read_and_the_worst_is_the_indicator() -> None:
    assert page().components == (
        expected.component(
            "501",
            "Queue",
            "partial_outage",
            "degraded",
            description="Jobs and retries",
            updated_at="2026-01-15 11:05",
        ),
        expected.component("API", "API", "operational", "operational"),
    )
    assert (page().indicator, page().raw_indicator) == ("major", "")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("operational", "operational"),
        ("partially-degraded", "degraded_performance"),
        ("degraded", "partial_outage"),
        ("on_fire", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_state_is_known_or_unknown(word: str | None, status: str) -> None:
    read = page(components={"response": [{"name": "API", "state": word}]})
    assert (read.components[0].status, read.indicator) == (status, ComponentStatus(status).severity)


def test_an_open_notice_is_an_incident() -> None:
    assert page().incidents[0] == expected.incident(
        "9002",
        "Queue stalled",
        status="identified",
        raw_status="identified",
        impact="minor",
        started_at="2026-01-15 11:05",
        updated_at="2026-01-15 11:31",
        links=(Link(id="501", name="Queue"),),
        url="https://status.acme.example/notices/9002",
        updates=(
            expected.update("identified", "identified", "A broker is full.", "2026-01-15 11:31"),
            expected.update("unknown", "", "We are looking into it.", "2026-01-15 11:12"),
        ),
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("open", "investigating"),
        ("investigating", "investigating"),
        ("identified", "identified"),
        ("recovering", "monitoring"),
        ("monitoring", "monitoring"),
        ("resolved", "resolved"),
        ("false_alarm", "resolved"),
        ("on_fire", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_state_of_an_incident_is_known_or_unknown(word: str | None, status: str) -> None:
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
        expected.maintenance(
            "9003",
            "Database upgrade",
            status="scheduled",
            raw_status="scheduled",
            scheduled_for="2026-01-20 21:00",
            scheduled_until="2026-01-20 22:30",
            url="https://status.acme.example/notices/9003",
        ),
    )


@pytest.mark.parametrize(
    ("word", "statuses"),
    [
        ("scheduled", ["scheduled"]),
        ("underway", ["in_progress"]),
        ("complete", []),
        ("cancelled", []),
        ("on_fire", ["unknown"]),
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

"""Sorry: how the page leads to its lists, and the words in them."""

from functools import partial
from typing import Any

import pytest

from outlogger_cli.domain.model import ComponentStatus, Depth, Document, MaintenanceStatus
from outlogger_cli.platforms import sorry
from tests.platforms.pages import snapshot
from tests.support import document, recognised, sample

page = partial(snapshot, "sorry")

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


def test_without_the_notices_the_page_is_read() -> None:
    read = sorry.parse({"components": DOCUMENTS["components"]})
    assert (read.page_name, read.page_url, read.incidents) == ("", "", ())
    assert (read.history_from, read.notes) == (None, ())

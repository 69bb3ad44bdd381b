"""Sorry: how the page leads to its lists, and the words in them."""

from functools import partial
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    ComponentStatus,
    Depth,
    Document,
    FailureKind,
    MaintenanceStatus,
)
from outlogger_cli.platforms import sorry
from tests.platforms.pages import snapshot
from tests.support import DATA, document, recognised, sample

page = partial(snapshot, "sorry")

COMPONENTS = sample("sorry/components.json")
NOTICES = sample("sorry/notices.json")
STATUS = sample("sorry/status.json")
OWN_HTML = (DATA / "sorry/page.html").read_text()
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
        "https://status.acme.example/api/v1/notices",
        "https://status.acme.example/api/v1/status",
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
    "tag",
    [
        '<link href="https://assets.sorryapp.com/page.css">',
        "<script src='//sorryapp.com/page.js'></script>",
    ],
)
def test_a_page_that_loads_sorry_is_asked_on_its_own_host(tag: str) -> None:
    page = document("page", f"<html>{tag}", "https://status.acme.example/")
    asked = sorry.endpoints("https://status.acme.example/", Depth.VERDICT, {"page": page})
    assert [e.url for e in asked] == [
        "https://status.acme.example",
        "https://status.acme.example/api/v1/status",
        "https://status.acme.example/api/v1/notices",
    ]
    assert recognised(sorry, page)


@pytest.mark.parametrize(
    ("word", "indicator"),
    [
        ("operational", "none"),
        ("partially-degraded", "minor"),
        ("degraded", "major"),
        ("on_fire", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_page_without_components_has_its_own_word(word: str | None, indicator: str) -> None:
    status = document("status", {"page": {"state": word}})
    read = sorry.parse({"page": document("page", OWN_HTML), "status": status})
    assert (read.indicator, read.components) == (indicator, ())


@pytest.mark.parametrize(
    ("word", "indicator"),
    [("operational", "minor"), ("degraded", "major"), ("on_fire", "minor"), (None, "minor")],
)
def test_the_word_of_the_page_only_makes_it_worse(word: str | None, indicator: str) -> None:
    rows = [{"name": "API", "state": "partially-degraded"}]
    read = page(components={"response": rows}, status={"page": {"state": word}})
    assert read.indicator == indicator


def test_without_its_components_a_page_is_read_by_its_word() -> None:
    documents = {"page": DOCUMENTS["page"], "status": document("status", STATUS)}
    read = sorry.parse({**documents, "notices": DOCUMENTS["notices"]})
    assert (read.indicator, read.components, len(read.incidents)) == ("major", (), 2)


@pytest.mark.parametrize("body", [{"page": {"name": "Acme"}}, {"page": {}}])
def test_a_page_without_a_word_is_refused(body: object) -> None:
    with pytest.raises(PageError) as caught:
        sorry.parse({"page": document("page", OWN_HTML), "status": document("status", body)})
    assert caught.value.kind is FailureKind.NOT_A_STATUS_PAGE


def component(name: str, state: str, parent: object = None, position: int = 0) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "state": state,
        "parent_id": parent,
        "position": position,
    }


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            [component("b", "operational", position=2), component("a", "degraded", position=1)],
            [("a", None), ("b", None)],
        ),
        (
            [component("g", "degraded"), component("a", "degraded", "g")],
            [("a", "g")],
        ),
        (
            [component("a", "operational", "g"), component("g", "operational")],
            [("a", "g")],
        ),
        (
            [component("g", "degraded"), component("a", "operational", "g")],
            [("g", None), ("a", "g")],
        ),
        ([component("a", "operational", "gone")], [("a", None)]),
        (
            [component("a", "degraded", "b"), component("b", "degraded", "a")],
            [("a", None), ("b", None)],
        ),
    ],
)
def test_parents_are_groups(rows: list[Any], found: list[tuple[str, str | None]]) -> None:
    read = page(components={"response": rows})
    assert [(one.name, one.group) for one in read.components] == found


@pytest.mark.parametrize(
    ("ids", "links"),
    [([500], ["502", "501"]), ([500, 501], ["501"]), ([502], ["502"]), ([9], ["9"])],
)
def test_a_notice_about_a_group_is_about_its_components(ids: list[int], links: list[str]) -> None:
    named = [{"id": one, "name": str(one)} for one in ids]
    read = page(notices={"response": [notice(components=named)]})
    assert {link.id for link in read.incidents[0].links} == {*links}


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
    calm = {"page": {"state": "operational"}}
    read = page(components={"response": [{"name": "API", "state": word}]}, status=calm)
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


@pytest.mark.parametrize(
    ("timeline", "is_open"),
    [("present", True), ("past_recent", False), ("past_distant", False), (None, True)],
)
def test_a_notice_without_a_known_state_is_over_if_it_is_past(
    timeline: str | None, is_open: bool
) -> None:
    one = notice(state="odd", timeline_state=timeline)
    read = page(notices={"response": [one, {**one, "type": "planned"}]})
    assert [incident.status.open for incident in read.incidents] == [is_open]
    assert len(read.maintenances) == is_open
    known = notice(timeline_state="past_recent")
    assert page(notices={"response": [known]}).incidents[0].status == "identified"


def test_an_announcement_is_no_incident() -> None:
    read = page(notices={"response": [notice(type="general")]})
    assert (read.incidents, read.maintenances) == ((), ())


def test_without_the_notices_the_page_is_read() -> None:
    read = sorry.parse({"components": DOCUMENTS["components"]})
    assert (read.page_name, read.page_url, read.incidents) == ("", "", ())
    assert (read.history_from, read.notes) == (None, ())

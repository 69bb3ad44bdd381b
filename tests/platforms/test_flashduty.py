"""FlashDuty: components are as the open changes say."""

import json
from typing import Any

import pytest

from outlogger_cli import platforms
from outlogger_cli.domain.model import Depth, Snapshot
from outlogger_cli.platforms import flashduty
from tests.platforms.pages import snapshot
from tests.support import DATA, document, recognised, sample, utc

ACTIVE = sample("flashduty/active.json")
HTML = (DATA / "flashduty/page.html").read_text()
HOME = "https://status.acme.example"
API = "/api/status-page/6410"
COMPONENTS = [
    {"component_id": "C1", "name": "API"},
    {"component_id": "C2", "name": "Queue"},
]


def affected(word: str | None = "full_outage", *, id: str | None = "C1", **more: Any) -> Any:
    return {"component_id": id, "name": "API", "status": word, **more}


def change(*named: Any, **more: Any) -> Any:
    common = {"change_id": 7, "type": "incident", "title": "Down", "status": "identified"}
    return {**common, "affected_components": list(named), **more}


def update(*named: Any, **more: Any) -> Any:
    return {"status": "identified", "description": "Text", "component_changes": named, **more}


def page(*changes: Any, **more: Any) -> Snapshot:
    body = {"page": {"page_id": 1, "components": COMPONENTS, **more}, "active_changes": changes}
    return flashduty.parse({"active": document("active", body)})


def statuses(*changes: Any, **more: Any) -> list[str]:
    return [component.status.value for component in page(*changes, **more).components]


def asked(page_url: str, depth: Depth = Depth.VERDICT, **read: object) -> list[str]:
    documents = {name: document(name, body) for name, body in read.items()}
    return [one.url for one in flashduty.endpoints(page_url, depth, documents)]


# Components


def test_components_that_no_change_names_are_operational() -> None:
    assert (page().indicator, statuses()) == ("none", ["operational", "operational"])


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("operational", "operational"),
        ("degraded", "degraded_performance"),
        ("partial_outage", "partial_outage"),
        ("full_outage", "major_outage"),
        ("major_outage", "major_outage"),
        ("under_maintenance", "under_maintenance"),
        ("maintenance", "under_maintenance"),
        ("FULL_OUTAGE", "major_outage"),
        ("on_fire", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_of_a_component_is_known_or_unknown(word: str | None, status: str) -> None:
    assert statuses(change(affected(word))) == [status, "operational"]


@pytest.mark.parametrize(
    ("kind", "word", "status"),
    [
        *(("incident", word, "major_outage") for word in ("investigating", "monitoring", None)),
        ("incident", "resolved", "operational"),
        ("incident", "completed", "major_outage"),
        (None, "scheduled", "major_outage"),
        ("maintenance", "ongoing", "major_outage"),
        ("maintenance", "on_fire", "major_outage"),
        ("maintenance", "scheduled", "operational"),
        ("maintenance", "completed", "operational"),
    ],
)
def test_only_a_change_that_is_open_counts(kind: str | None, word: str | None, status: str) -> None:
    assert statuses(change(affected(), type=kind, status=word))[0] == status


def test_the_worst_of_several_changes_counts() -> None:
    changes = [change(affected(word)) for word in ("degraded", "on_fire", "partial_outage")]
    assert statuses(*changes)[0] == "partial_outage"
    assert statuses(change(affected("on_fire")), change(affected("maintenance")))[0] == "unknown"


def test_without_a_word_of_its_own_the_newest_update_counts() -> None:
    updates = [update(affected("full_outage")), update(affected("degraded")), update()]
    for named in ([], [affected(None)]):
        assert statuses(change(*named, updates=updates))[0] == "degraded_performance"
    assert statuses(change(affected("partial_outage"), updates=updates))[0] == "partial_outage"


def test_a_component_without_an_id_is_joined_by_a_unique_name() -> None:
    unnamed = {"component_name": "API", "status": "degraded"}
    assert statuses(change(affected(id=None))) == ["major_outage", "operational"]
    assert statuses(change(updates=[update(unnamed)])) == ["degraded_performance", "operational"]


@pytest.mark.parametrize("name", ["Twins", "", None])
def test_what_cannot_be_joined_may_be_any_component(name: str | None) -> None:
    twins = [{"component_id": one, "name": "Twins"} for one in ("T1", "T2")]
    unclear = change(affected(id=None, name=name))
    assert statuses(unclear, components=twins) == ["unknown"] * 2
    named = change(affected("degraded", id="T1"))
    assert statuses(unclear, named, components=twins) == ["degraded_performance", "unknown"]
    assert statuses(components=twins) == ["operational"] * 2


def test_a_change_of_a_component_that_is_gone_names_none() -> None:
    read = page(change(affected(id="C9", name="Old API")))
    assert {component.status for component in read.components} == {"operational"}
    assert [(link.id, link.name) for link in read.incidents[0].links] == [("C9", "Old API")]


def test_a_component_that_was_made_anew_is_as_a_change_of_the_old_one_says() -> None:
    read = page(change(affected(id="C9")))
    assert [component.status for component in read.components] == ["major_outage", "operational"]
    assert [link.id for link in read.incidents[0].links] == ["C9"]


def test_a_component_without_an_id_is_unknown() -> None:
    assert statuses(components=[{"name": "API"}, {}]) == ["unknown", "unknown"]


@pytest.mark.parametrize("components", [None, []])
def test_a_page_without_components_is_unknown(components: object) -> None:
    assert page(components=components).indicator == "unknown"


# Changes


@pytest.mark.parametrize(
    ("words", "impact"),
    [
        (["operational"], "none"),
        (["maintenance"], "maintenance"),
        (["degraded", "operational"], "minor"),
        (["partial_outage", "degraded"], "major"),
        (["full_outage", "operational"], "critical"),
        (["on_fire", "operational"], "minor"),
        ([], "minor"),
    ],
)
def test_the_worst_word_of_an_incident_is_its_impact(words: list[str], impact: str) -> None:
    updates = [update(affected(word)) for word in words]
    assert page(change(updates=updates)).incidents[0].impact == impact


def test_updates_come_newest_first_with_or_without_times() -> None:
    times = [0, 1768475000, 1768476000]
    timed = [update(at_seconds=at, description=f"at {at}") for at in times]
    untimed = [update(description=text) for text in ("first", "second")]
    for rows, bodies in (
        (timed, ["at 1768476000", "at 1768475000", "at 0"]),
        (untimed, ["second", "first"]),
    ):
        read = page(change(updates=rows)).incidents[0]
        assert [one.body for one in read.updates] == bodies


@pytest.mark.parametrize("seconds", [0, None, "soon", -5])
def test_a_time_that_is_none_is_missing(seconds: object) -> None:
    (one,) = page(change(start_at_seconds=seconds)).incidents
    assert (one.started_at, one.resolved_at) == (None, None)


def test_a_resolved_incident_without_an_end_ended_with_its_last_update() -> None:
    updates = [update(at_seconds=1768476660, status="resolved")]
    (one,) = page(change(status="resolved", close_at_seconds=0, updates=updates)).incidents
    assert one.resolved_at == utc("2026-01-15 11:31")


def test_a_change_without_a_kind_is_an_incident() -> None:
    read = page(change(affected(), type=None, status="ongoing"))
    assert (len(read.incidents), read.maintenances) == (1, ())
    assert read.incidents[0].status == "unknown"


def test_a_window_that_is_listed_as_active_counts_as_it_is_there() -> None:
    old = {**ACTIVE["data"]["active_changes"][1], "status": "completed"}
    ahead = {**old, "change_id": 101, "status": "scheduled"}
    read = snapshot("flashduty", changes={"items": [old, ahead]})
    assert [(one.id, one.status) for one in read.maintenances] == [
        ("98", "in_progress"),
        ("101", "scheduled"),
        ("97", "scheduled"),
    ]


# Addresses


@pytest.mark.parametrize("envelope", [True, False])
def test_the_answer_may_be_in_an_envelope(envelope: bool) -> None:
    body = ACTIVE if envelope else ACTIVE["data"]
    read = flashduty.parse({"active": document("active", body)})
    assert (read.page_name, len(read.components)) == ("Acme", 4)


@pytest.mark.parametrize(
    "page_url", [f"{HOME}{API}", f"{HOME}{API}/summary/active", f"{HOME}{API}/summary/active/?a=b"]
)
def test_the_address_may_be_that_of_the_api(page_url: str) -> None:
    assert asked(page_url) == [f"{HOME}{API}/summary/active"]


def test_the_number_of_the_page_is_in_its_html() -> None:
    assert asked(HOME) == [HOME]
    assert asked(HOME, Depth.HISTORY, page=HTML) == [
        HOME,
        f"{HOME}{API}/summary/active",
        f"{HOME}{API}/change/list",
    ]


def test_the_api_of_a_page_with_a_path_may_be_at_the_root() -> None:
    page_url = "https://statuspage.flashcat.cloud/acme"
    assert asked(page_url, page=HTML) == [
        page_url,
        f"{page_url}{API}/summary/active",
        f"https://statuspage.flashcat.cloud{API}/summary/active",
    ]


@pytest.mark.parametrize(
    "markup",
    [
        HTML,
        '<html><script>{"page": {"page_id": 6410, "url_name": "acme"}}</script>',
        '<html><script src="https://cdn.flashcat.cloud/a.js">{"page_id":"6410"}</script>',
        json.dumps('<html>{"page_id": 6410, "active_changes": []}')[1:-1],
    ],
)
def test_html_with_the_number_of_a_page_is_recognised(markup: str) -> None:
    assert recognised(flashduty, document("page", markup))


@pytest.mark.parametrize(
    "markup",
    [
        '<html><script>{"page_id": 6410}</script>',
        '<html><script>{"page_id": null, "url_name": "acme"}</script>',
        '<html>flashcat <a href="https://other.example/">{"page_id": 6410}</a>',
        '{"page_id": 6410, "url_name": "acme"}',
    ],
)
def test_other_html_is_not_recognised(markup: str) -> None:
    assert not recognised(flashduty, document("page", markup))


def test_a_page_is_known_by_its_html() -> None:
    for markup in (HTML, "<html>Powered by Flashduty", '<html>{\\"active_changes\\":[]}'):
        assert platforms.named_in(markup.encode()) == {"flashduty"}

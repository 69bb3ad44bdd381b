"""Datadog: the words of its one document, groups inside groups, and what its timelines tell."""

from functools import partial
from typing import Any

import pytest

from outlogger_cli.domain.model import Component, Incident, Snapshot
from outlogger_cli.platforms import datadog
from tests.platforms.pages import with_keys
from tests.support import document, recognised, sample, utc

page = partial(with_keys, "datadog")

CONFIG = sample("datadog/config.json")
API = {"id": "a", "name": "API", "type": "Component", "status": "operational"}


def component(**changes: Any) -> Component:
    return page(components=[{**API, **changes}]).components[0]


def incident(**changes: Any) -> Incident:
    return page(incidents=[{**CONFIG["incidents"][0], **changes}]).incidents[0]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("operational", "operational"),
        ("degraded", "degraded_performance"),
        ("partial_outage", "partial_outage"),
        ("major_outage", "major_outage"),
        ("maintenance", "under_maintenance"),
        ("Operational", "operational"),
        ("on_fire", "unknown"),
        ("ok", "unknown"),
        (None, "unknown"),
        (7, "unknown"),
    ],
)
def test_every_word_of_a_component_is_known_or_unknown(word: object, status: str) -> None:
    assert component(status=word).status == status


@pytest.mark.parametrize(
    ("words", "severity"),
    [
        (["operational", "operational"], "none"),
        (["operational", "maintenance"], "maintenance"),
        (["degraded", "maintenance"], "minor"),
        (["degraded", "major_outage"], "critical"),
        (["operational", "on_fire"], "unknown"),
        (["partial_outage", "on_fire"], "major"),
        ([], "unknown"),
    ],
)
def test_the_roll_up_is_the_worst_component(words: list[str], severity: str) -> None:
    rows = [{**API, "id": str(n), "status": word} for n, word in enumerate(words)]
    assert page(components=rows).indicator == severity


@pytest.mark.parametrize(
    "rows", [[], [{"id": "g", "name": "Europe", "type": "ComponentGroup", "components": []}]]
)
def test_a_page_without_a_component_is_unknown_although_nothing_is_open(rows: list[Any]) -> None:
    read = page(components=rows, incidents=[])
    assert (read.indicator, read.components, read.incidents) == ("unknown", (), ())


def test_a_page_with_nothing_open_is_fine() -> None:
    read = page(components=[API], incidents=[], maintenances=None)
    assert (read.indicator, read.incidents, read.maintenances) == ("none", (), ())


def nested(*names: str) -> dict[str, Any]:
    row: dict[str, Any] = API
    for name in reversed(names):
        row = {"name": name, "type": "ComponentGroup", "components": [row]}
    return row


def test_groups_may_be_inside_groups() -> None:
    read = page(components=[nested("World", "Europe"), {**API, "id": "b"}])
    assert [(one.id, one.group) for one in read.components] == [("a", "Europe"), ("b", None)]


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"type": "ComponentGroup", "components": None}, [("a", "operational")]),
        ({"type": "ComponentGroup", "components": None, "status": None}, [("a", "unknown")]),
        ({"type": "ComponentGroup", "components": []}, []),
        (
            {"type": None, "status": None, "components": [{**API, "id": "b"}]},
            [("b", "operational")],
        ),
        (
            {"status": "major_outage", "components": [{**API, "id": "b"}]},
            [("a", "major_outage"), ("b", "operational")],
        ),
    ],
)
def test_a_row_is_a_group_only_by_its_list(
    changes: dict[str, Any], shown: list[tuple[str, str]]
) -> None:
    read = page(components=[{**API, **changes}])
    assert [(one.id, one.status) for one in read.components] == shown


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"resolved": False, "currentStatus": "monitoring"}, "monitoring"),
        ({"resolved": False, "currentStatus": "resolved"}, "unknown"),
        ({"resolved": False, "currentStatus": "sleeping"}, "unknown"),
        ({"resolved": None, "currentStatus": "resolved"}, "resolved"),
        ({"resolved": "true", "currentStatus": "identified"}, "identified"),
        ({"resolved": None, "currentStatus": None}, "unknown"),
        ({"resolved": True, "currentStatus": "identified"}, "resolved"),
        ({"resolved": True, "currentStatus": "postmortem"}, "postmortem"),
    ],
)
def test_an_incident_is_open_until_it_is_resolved(told: dict[str, Any], status: str) -> None:
    assert incident(**told).status == status


def affected(*words: object) -> list[dict[str, Any]]:
    return [{**API, "status": word} for word in words]


@pytest.mark.parametrize(
    ("now", "timeline", "impact"),
    [
        (["operational"], [["operational"], ["major_outage"]], "critical"),
        (["degraded"], [["operational"]], "minor"),
        (["operational"], [["maintenance", "operational"]], "maintenance"),
        (["operational"], [["operational"]], "none"),
        (["operational"], [["on_fire"]], "minor"),
        (["operational"], [["on_fire", "partial_outage"]], "major"),
        ([], [], "minor"),
        ([None], [], "minor"),
    ],
)
def test_the_impact_is_the_worst_status_in_the_timeline(
    now: list[str], timeline: list[list[str]], impact: str
) -> None:
    updates = [{"componentsAffected": affected(*words)} for words in timeline]
    told = incident(componentsAffected=affected(*now), timeline=updates)
    assert told.impact == impact


def test_a_start_or_an_end_that_is_missing_is_that_of_the_timeline() -> None:
    told = incident(publishedDate=None, resolved=True)
    assert told.started_at == utc("2026-01-15 11:05")
    assert told.resolved_at == utc("2026-01-15 11:31")


def test_an_update_without_a_start_has_the_time_at_which_it_was_filed() -> None:
    (update,) = incident(timeline=[{"createdAt": "2026-01-15T11:06:00Z"}]).updates
    assert update.created_at == utc("2026-01-15 11:06")


@pytest.mark.parametrize(
    ("row", "name"), [({"name": "Move"}, "Move"), ({"when": "soon"}, "(no title)")]
)
def test_a_maintenance_of_any_form_is_a_window_of_unknown_status(
    row: dict[str, Any], name: str
) -> None:
    (window,) = page(maintenances=[row]).maintenances
    assert (window.name, window.status) == (name, "unknown")


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        ({}, "https://status.acme.example"),
        ({"customDomainEnabled": False}, "https://acme.statuspage.datadoghq.com"),
        ({"customDomain": "a b"}, "https://acme.statuspage.datadoghq.com"),
        ({"customDomain": None, "pageUrl": None}, ""),
    ],
)
def test_the_page_is_at_its_own_domain_if_that_is_in_use(
    changes: dict[str, object], url: str
) -> None:
    assert page(**changes).page_url == url


def with_own_keys(*keys: str) -> Snapshot | None:
    wire = {"components": [], "incidents": [], **dict.fromkeys(keys, "x")}
    read = document("config", wire)
    return datadog.parse({"config": read}) if recognised(datadog, read) else None


@pytest.mark.parametrize("key", ["pageUrl", "domainPrefix", "pageType"])
def test_a_page_is_known_by_any_of_its_own_keys(key: str) -> None:
    assert with_own_keys(key)
    assert with_own_keys("name") is None

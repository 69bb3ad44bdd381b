"""A list or an object of another type is refused by its place, or, in a later document, noted."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from tests.platforms.pages import with_json
from tests.platforms.test_damage import EACH, Part, label
from tests.platforms.test_refusals import JSON_PAGES

KEYS = {
    "betterstack": "data",
    "statusio": "result",
    "statuspal": "status_page",
    "rootly": "page status",
    "uptimerobot": "psp monitor",
    "azuredevops": "status",
    "instatus": "page",
    "cstate": "systems",
    "checkly": "page",
    "openstatus": "page",
    "uptimecom": "data",
    "adobe": "incidentEvent maintenanceEvent",
    "cachet": "meta",
    "uptimekuma": "config",
    "flashduty": "data data.page",
    "statushub": "counters",
    "hyperping": "globals globals.topLevelStatus",
    "pagerduty": "summary",
    "pagerduty headline": "layout layout.layout_settings layout.layout_settings.statusPage",
}
"""What a document is recognised by: it is none of the platform's if that has another type."""

REQUIRED = {
    "statuspage summary": "page components incidents scheduled_maintenances",
    "statuspage incidents": "incidents",
    "incidentio summary": "page components",
    "incidentio incidents": "incidents",
    "instatus components": "components",
    "betterstack index": "data.attributes included included[].attributes",
    "statusio status": "result.status result.incidents",
    "statuspal summary": "services incidents",
    "statuspal incidents": "incidents",
    "cachet components": "data",
    "cachet groups": "data",
    "cachet incidents": "data",
    "cachet schedules": "data",
    "cachet3": "data data[].attributes",
    "cachet status": "data",
    "cstate issues": "pages",
    "sorry components": "response",
    "sorry notices": "response notices",
    "sorry status": "page",
    "rootly status": "incidents",
    "firehydrant payload": "conditions components",
    "pagerduty page": "summary.open_incidents",
    "uptimerobot monitors": "psp.monitors",
    "uptimerobot monitors-2": "psp.monitors",
    "uptimerobot announcements": "results",
    "statusiq summary": "data data.current_status data.active_incident_details"
    " data.current_status[].componentgroup_components",
    "site24x7 summary": "data data.current_status data.active_incident_details"
    " data.current_status[].componentgroup_components",
    "checkly summary": "activeIncidents activeMaintenances",
    "openstatus summary": "components incidents scheduled_maintenances statusReports maintenances"
    " statusReports[].pageComponents maintenances[].pageComponents",
    "datadog config": "components incidents",
    "slack current": "active_incidents",
    "heroku current-status": "status incidents",
    "aws events": "archive current events[].impacted_services.queue-eu-north-9"
    " events[].impacted_services.cache-eu-north-9",
    "azuredevops health": "services services[].geographies",
    "apple services": "services",
    "uptimekuma status-page": "publicGroupList publicGroupList[].monitorList",
    "uptimekuma heartbeat": "heartbeatList heartbeatList.11 heartbeatList.12 heartbeatList.13"
    " heartbeatList.21 heartbeatList.22 heartbeatList.23",
    "flashduty active": "data.active_changes",
    "statuscake report": "TestData",
    "flashduty changes": "items",
    "uptimekuma history": "incidents",
    "uptimekuma history-2": "incidents",
    "oci components": "regionHealthReports regionHealthReports[].serviceHealthReports",
    "uptimecom ajax": "data.components data.active_incidents",
    "uptimecom history": "data.past_incidents",
    "adobe events": "incidentEvent.incidents maintenanceEvent.maintenance",
    "adobe products": "products",
    "paypal production": "result",
    "paypal events": "result",
    "zendesk incidents": "data data[].attributes included[].attributes",
    "zendesk services": "data data[].attributes",
}
"""What must not be null; every other list or object may be, but for a row of a list."""

ROWS = {"adobe": r"\.\d+$"}
"""Rows of platforms that have objects by id in place of lists: null is no more a row there."""

LENIENT = {
    "betterstack index": r"data\.relationships|included\[\]\.relationships(\.status_updates)?$",
    "statuspal summary": r"service_ids|info_notices",
    "statuspal incidents": r"service_ids|links",
    "firehydrant payload": r"timeline\[\]\.details\.(milestoneUpdate|note)",
    "uptimerobot monitors": r"^days|90dRatio|statistics\.uptime|logs|responseTimes",
    "statusiq summary": r"statuspage_details",
    "googlecloud incidents": r"currently_affected_locations",
    "statuspage summary": r"^components\[\]\.components|maint.*affected_components",
    "statuspage incidents": r"^page",
    "incidentio incidents": r"^page",
    "cstate index": r"pinnedIssues|unresolvedIssues\[\]\.affected",
    "cstate issues": r"affected",
    "slack current": r"services",
    "slack history": r"services",
    "heroku current-status": r"systems\[\]\.services|tags",
    "salesforce instances": r"Maintenances|Products",
    "salesforce incidents": r"instanceKeys",
    "openstatus summary": r"\[\]\.monitors",
    "uptimecom ajax": r"^fields$",
    "uptimecom history": r"^fields$",
    "adobe events": r"messages|clouds|\.services$|Impact",
    "adobe products": r"^clouds|productServices",
    "cachet components": r"tags|^meta\.",
    "cachet groups": r"enabled_components|^meta\.",
    "cachet incidents": r"^meta\.",
    "cachet schedules": r"^meta\.",
    "cachet3": r"^meta|^links|relationships|\.(status|latest_status|pivot|component_status)$"
    r"|\.(created|updated|occurred|published|scheduled|completed)$|included\[\]\.attributes",
    "uptimekuma heartbeat": r"uptimeList|\[\]$",
    "gatus endpoints": r"errors|conditionResults",
    "gatus suites": r"endpointResults",
}
"""What is not read, or is left out if it has another type."""

WRONG: tuple[tuple[Any, str], ...] = (
    *((7, "a number"), ("x", "text"), (True, "true or false"), ([], "a list"), ({}, "an object")),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every list and object inside a JSON value."""
    keys = value if isinstance(value, dict) else range(len(value))
    for key in keys:
        if isinstance(value[key], dict | list):
            yield (*path, key)
            yield from places(value[key], (*path, key))


def written(part: Part, path: tuple[Any, ...]) -> str:
    """A path as messages write it; a bare list goes by the name of its document."""
    steps = [f"[{key}]" if isinstance(key, int) else f".{key}" for key in path]
    root = part.name if isinstance(path[0], int) else ""
    return (root + "".join(steps)).removeprefix(".")


def replaced(part: Part, path: tuple[Any, ...], wrong: object) -> bytes:
    copy = json.loads(json.dumps(part.json))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = wrong
    return next(with_json(part.body, [copy]))


def refusal(part: Part, body: bytes) -> tuple[str, str] | None:
    """How the page is refused with `body` as the document, or the reason that a note gives."""
    page = part.page
    try:
        read = page.platform.parse(page.changed(part.name, body))
    except PageError as error:
        return error.kind, error.message
    reasons = (note.partition(" not read: ")[2] for note in read.notes)
    return next((("note", why) for why in reasons if why), None)


def by_place(part: Part) -> dict[str, list[tuple[Any, ...]]]:
    """The paths in a document by the place that they are examples of, as `incidents[].updates`."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for path in places(part.json):
        found.setdefault(re.sub(r"\[\d+\]", "[]", written(part, path)), []).append(path)
    return found


def value_at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def format_of(part: Part) -> str:
    """The platform of a document, and for Cachet the version whose format it has."""
    is_later = part.page.name == "cachet" and b'"attributes"' in part.body
    return "cachet3" if is_later else part.page.name


def is_lenient(part: Part, place: str) -> bool:
    pattern = LENIENT.get(format_of(part), LENIENT.get(f"{part.page.name} {part.name}"))
    return pattern is not None and re.search(pattern, place) is not None


def keys_of(part: Part) -> set[str]:
    headline = part.page.name == "pagerduty" and "summary" not in part.json
    return set(KEYS.get("pagerduty headline" if headline else format_of(part), "").split())


@pytest.mark.parametrize("part", EACH, ids=label)
def test_a_value_of_another_type_is_refused_by_its_place(part: Part) -> None:
    later = part.name in part.page.later
    no_page = ("note" if later else "not_a_status_page", without_keys(part.page.name))
    for place, paths in by_place(part).items():
        right = type(value_at(part.json, paths[0]))
        expected = "a list" if right is list else "an object"
        for wrong, kind in WRONG:
            if type(wrong) is right:
                continue
            said = [refusal(part, replaced(part, path, wrong)) for path in paths]
            named = [
                (
                    "note" if later else "invalid",
                    f"{written(part, path)} is {kind}, expected {expected}",
                )
                for path in paths
            ]
            if is_lenient(part, place):
                assert not any(said), place
            elif place in keys_of(part):
                assert set(said) == {no_page}, place
            else:
                # some of several may stand in a row of which a newer copy is read
                assert set(said) & set(named), place
                assert set(said) <= {None, *named}, place


def without_keys(name: str) -> str:
    """What is said of the data of the platform `name` without its keys."""
    if name == "pagerduty":
        return "unexpected JSON without open incidents and no headline"
    return JSON_PAGES[name]


@pytest.mark.parametrize("part", EACH, ids=label)
def test_only_rows_and_what_is_required_may_not_be_null(part: Part) -> None:
    found = by_place(part)
    asked = REQUIRED.get(format_of(part), REQUIRED.get(f"{part.page.name} {part.name}", ""))
    required = keys_of(part) | set(asked.split())
    row = ROWS.get(part.page.name, r"\]$")
    rows = {place for place in found if re.search(row, place) and not is_lenient(part, place)}
    refused = {
        place
        for place, paths in found.items()
        if any(refusal(part, replaced(part, path, None)) for path in paths)
    }
    assert refused == rows | (required & found.keys())

"""Cachet 3: the codes of its lists, and what they include."""

from functools import partial
from typing import Any

import pytest

from outlogger_cli.domain.model import EVER, Depth, Incident, Maintenance, Snapshot
from outlogger_cli.platforms import cachet
from outlogger_cli.platforms.shared import cachet3
from tests.support import document, recognised, sample, utc

COMPONENTS = sample("cachet/v3-components.json")
INCIDENTS = sample("cachet/v3-incidents.json")
SCHEDULES = sample("cachet/v3-schedules.json")
STATUS = sample("cachet/v3-status.json")
HOME = "https://status.acme.example/status"
NO_NEXT: dict[str, Any] = {"next": None}


def listing(*rows: Any, links: Any = None, **more: Any) -> Any:
    return {"data": list(rows), "links": NO_NEXT if links is None else links, **more}


NOTHING = listing()


def component(number: int = 1, /, **attributes: Any) -> Any:
    common = {"name": f"C{number}", "status": {"value": 1}, "latest_status": {"value": 1}}
    return {"id": str(number), "type": "components", "attributes": {**common, **attributes}}


def page(*rows: Any, **bodies: Any) -> Snapshot:
    """A page of some components, and other documents by name (`_` for `-`)."""
    told = {"components": listing(*(rows or [component()])), **bodies}
    named = {name.replace("_", "-"): body for name, body in told.items()}
    return cachet.parse({name: document(name, body) for name, body in named.items()})


def asked(**bodies: Any) -> dict[str, str]:
    read = {name.replace("_", "-"): document(name, body) for name, body in bodies.items()}
    endpoints = cachet.endpoints(HOME, Depth.VERDICT, read)
    return {one.name: one.url.removeprefix(HOME) for one in endpoints}


def incident(given: Any = 1, **attributes: Any) -> Incident:
    """An incident that gives the component 1 a status."""
    row = {
        "id": "7",
        "attributes": {"name": "Down", "status": {"value": 1}, **attributes},
        "relationships": {"components": {"data": [{"type": "components", "id": "1"}]}},
    }
    included = [component(pivot={"component_status": {"value": given}})]
    return page(incidents=listing(row, included=included)).incidents[0]


def schedule(**attributes: Any) -> Maintenance | None:
    row = {"id": "4", "attributes": {**SCHEDULES["data"][0]["attributes"], **attributes}}
    return next(iter(page(schedules=listing(row)).maintenances), None)


# Components


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (0, "unknown"),
        (1, "operational"),
        ("1", "operational"),
        (2, "degraded_performance"),
        (3, "partial_outage"),
        (4, "major_outage"),
        (5, "unknown"),
        (6, "under_maintenance"),
        (9, "unknown"),
    ],
)
def test_every_code_of_a_component_is_known_or_unknown(code: object, status: str) -> None:
    latest = component(status={"human": "Opérationnel", "value": 1}, latest_status={"value": code})
    assert page(latest).components[0].status == status


def test_the_words_for_people_are_kept_and_never_read() -> None:
    (one,) = page(component(latest_status={"human": "Operational", "value": 4})).components
    assert (one.status, one.raw_status) == ("major_outage", "Operational")
    (one,) = page(component(latest_status={"value": 4})).components
    assert one.raw_status == "4"


QUIET = {"incidents": NOTHING, "schedules": NOTHING}


@pytest.mark.parametrize("latest", [None, {}, {"value": None}, {"value": True}, "operational"])
@pytest.mark.parametrize(
    ("own", "bodies", "status"),
    [
        (1, QUIET, "operational"),
        (4, QUIET, "major_outage"),
        (None, QUIET, "unknown"),
        (1, {}, "unknown"),
        (1, {"incidents": NOTHING}, "unknown"),
        (1, {"incidents": "blocked", "schedules": NOTHING}, "unknown"),
        (4, {}, "major_outage"),
    ],
)
def test_without_its_latest_status_a_component_is_fine_only_if_nothing_is_open(
    latest: object, own: object, bodies: dict[str, Any], status: str
) -> None:
    row = component(status={"value": own}, latest_status=latest)
    assert page(row, **bodies).components[0].status == status


@pytest.mark.parametrize(
    ("kind", "code", "given", "status"),
    [
        ("incidents", 2, 3, "partial_outage"),
        ("incidents", None, 4, "major_outage"),
        ("incidents", 2, None, "unknown"),
        ("incidents", 4, 3, "operational"),
        ("schedules", 1, 6, "under_maintenance"),
        ("schedules", 7, 6, "under_maintenance"),
        ("schedules", 0, 6, "operational"),
        ("schedules", 2, 6, "operational"),
    ],
)
def test_without_its_latest_status_a_component_is_as_what_is_open_says(
    kind: str, code: object, given: object, status: str
) -> None:
    row = {
        "id": "7",
        "attributes": {"status": {"value": code}},
        "relationships": {"components": {"data": [{"id": "1"}]}},
    }
    included = [component(pivot={"component_status": {"value": given}})]
    told = {**QUIET, kind: listing(row, included=included)}
    assert page(component(latest_status=None), **told).components[0].status == status


@pytest.mark.parametrize("enabled", [False, 0, "0"])
def test_a_component_the_page_does_not_show_is_left_out(enabled: object) -> None:
    assert page(component(enabled=enabled)).components == ()
    assert page(component(enabled=enabled)).indicator == "unknown"


def test_a_component_without_a_name_or_an_id_is_listed() -> None:
    nameless = component(2, name=None)
    unnamed = {"attributes": {"status": {"value": 4}}}
    read = page(nameless, unnamed, unnamed)
    assert [(one.id, one.name) for one in read.components] == [
        ("2", "2"),
        *[("(no name)", "(no name)")] * 2,
    ]
    assert read.indicator == "critical"


# The roll-up


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("operational", "none"),
        ("partial_outage", "minor"),
        ("major_outage", "major"),
        ("under_maintenance", "maintenance"),
        ("on_fire", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_of_the_page_is_known_or_unknown(word: str | None, severity: str) -> None:
    read = page(status={"data": {"status": word}})
    assert (read.indicator, read.raw_indicator) == (severity, word or "")


@pytest.mark.parametrize(
    ("codes", "severity"),
    [([1, 1], "none"), ([1, 2], "minor"), ([1, 5], "unknown"), ([4, 5], "critical")],
)
def test_without_it_the_worst_component_is_the_indicator(codes: list[int], severity: str) -> None:
    rows = [component(n, latest_status={"value": code}) for n, code in enumerate(codes)]
    read = page(*rows, status="blocked")
    assert read.indicator == severity
    assert read.notes == ("page status not read: not JSON",)


# Lists of several pages

FULL = [component(number) for number in range(3)]


@pytest.mark.parametrize(
    ("links", "per_page", "goes_on"),
    [
        ({"next": "http://localhost/api/components?page=2"}, 100, True),
        ({"next": {}}, 100, True),
        ({"next": None}, 3, False),
        ({}, 4, False),
        ({}, 3, True),
        ({}, None, False),
        ({}, float("nan"), True),
    ],
)
def test_a_list_goes_on_if_it_says_so_or_if_a_full_page_says_nothing(
    links: Any, per_page: object, goes_on: bool
) -> None:
    meta = {"per_page": per_page} if per_page is not None else {"per_page": 100}
    first = listing(*FULL, links=links, meta=meta)
    assert ("components-2" in asked(components=first)) is goes_on
    read = page(components=first)
    assert (read.is_cut, read.indicator) == (goes_on, "unknown" if goes_on else "none")


def test_without_the_size_of_a_page_a_list_may_go_on() -> None:
    assert page(components=listing(*FULL, links={})).is_cut


def test_the_next_page_is_asked_of_the_page_itself() -> None:
    more = listing(*FULL, links={"next": "https://elsewhere.example/api/components?page=2"})
    path = "/api/components?per_page=100&include=group&sort=order"
    assert asked(components=more)["components-2"] == f"{path}&page=2"
    assert "components-3" in asked(components=more, components_2=more)
    pages = {f"components_{n}": more for n in range(2, 40)}
    names = [name for name in asked(components=more, **pages) if name.startswith("components")]
    assert len(names) == cachet3.MAX_PAGES["components"]
    assert "incidents-2" not in asked(components=more, incidents="blocked")


def test_an_outage_on_a_further_page_is_seen() -> None:
    more = listing(component(), links={"next": "x"})
    second = listing(component(), component(2, latest_status={"value": 4}))
    read = page(components=more, components_2=second)
    assert [one.id for one in read.components] == ["1", "2"]
    assert (read.indicator, read.is_cut, read.notes) == ("critical", False, ())


@pytest.mark.parametrize("body", ["<html>", listing({"id": 2}), listing(included=[3])])
def test_a_further_page_that_is_wrong_is_a_note(body: object) -> None:
    read = page(components=listing(component(), links={"next": "x"}), components_2=body)
    assert (read.indicator, read.is_cut, len(read.notes)) == ("unknown", True, 1)
    assert read.notes[0].startswith("page 2 of the components not read: ")


# Incidents


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (0, "unknown"),
        (1, "investigating"),
        (2, "identified"),
        (3, "monitoring"),
        (4, "resolved"),
        (9, "unknown"),
        (None, "unknown"),
    ],
)
def test_every_code_of_an_incident_is_known_or_unknown(code: object, status: str) -> None:
    assert incident(status={"value": code}).status == status
    assert incident(status=None).status == "unknown"


@pytest.mark.parametrize(
    ("given", "impact"),
    [(1, "minor"), (2, "minor"), (3, "major"), (4, "critical"), (6, "minor"), (None, "minor")],
)
def test_the_worst_that_an_incident_says_of_a_component_is_its_impact(
    given: object, impact: str
) -> None:
    assert incident(given).impact == impact


def test_an_incident_without_updates_ended_with_its_last_change() -> None:
    closed = incident(status={"value": 4}, updated={"string": "2026-01-15 11:31:00"})
    assert (closed.resolved_at, closed.updates) == (utc("2026-01-15 11:31"), ())
    assert incident(status={"value": 4}).resolved_at is None


def test_what_an_incident_links_and_the_list_does_not_include_goes_by_its_id() -> None:
    read = page(incidents={**INCIDENTS, "included": None}).incidents[0]
    assert [(one.id, one.name) for one in read.links] == [("2", "2")]
    assert [update.body for update in read.updates] == ["We are looking into it."]


def test_the_history_reaches_back_to_its_oldest_incident() -> None:
    assert page(incidents=INCIDENTS).history_from == EVER
    more = {**INCIDENTS, "links": {"next": "x"}}
    assert page(incidents=more).history_from == utc("2025-12-01 08:00")


# Maintenance


@pytest.mark.parametrize(
    ("code", "status"),
    [(0, "scheduled"), ("1", "in_progress"), (2, None), (7, "unknown"), (None, "unknown")],
)
def test_the_status_of_a_window_is_its_own_whatever_its_times(
    code: object, status: str | None
) -> None:
    window = schedule(status={"value": code}, scheduled={"string": "2020-01-01 00:00:00"})
    assert (window and window.status) == status


@pytest.mark.parametrize("end", [None, "2026-01-15 12:00:00", "soon"])
def test_only_an_end_that_lies_ahead_is_planned(end: str | None) -> None:
    window = schedule(completed={"string": end})
    assert window
    assert window.scheduled_until is None


def test_the_next_window_comes_first() -> None:
    read = page(schedules={**SCHEDULES, "data": SCHEDULES["data"][::-1]})
    assert [window.id for window in read.maintenances] == ["4", "5"]


# Recognising


def test_an_empty_list_of_components_is_no_answer() -> None:
    assert not recognised(cachet, document("components", listing()))


@pytest.mark.parametrize(
    "body",
    [
        listing({"id": "1", "attributes": {"name": "API"}}),
        listing({"id": "1", "attributes": {"status": "published"}}),
        listing(component(), {"id": "2", "attributes": {}}),
        listing(3),
        {**COMPONENTS, "data": None},
    ],
)
def test_a_list_of_another_program_is_not_recognised(body: object) -> None:
    assert not recognised(cachet, document("components", body))


@pytest.mark.parametrize("changes", [{}, {"included": None}, {"meta": None}, {"links": {}}])
def test_the_components_tell_the_version(changes: dict[str, Any]) -> None:
    assert recognised(cachet, document("components", {**COMPONENTS, **changes}))
    others = partial(asked, components={**COMPONENTS, **changes})
    assert {*others()} - {"components-2"} == {"components", "incidents", "schedules", "status"}

"""Cachet: the numbers of its lists, and lists that may go on."""

from functools import partial
from typing import Any

import pytest

from outlogger_cli.domain.model import EVER, Component, Depth, Incident, Maintenance
from outlogger_cli.platforms import cachet
from outlogger_cli.platforms.shared import cachet1
from tests.platforms.pages import snapshot, with_keys
from tests.support import DATA, document, sample, utc

page = partial(snapshot, "cachet")

COMPONENTS = sample("cachet/components.json")
GROUPS = sample("cachet/groups.json")
INCIDENTS = sample("cachet/incidents.json")
SCHEDULES = sample("cachet/schedules.json")
HTML = (DATA / "cachet/incident.html").read_text()
HOME = "https://status.acme.example/eu"


def listing(*rows: Any, total: object = 1) -> Any:
    return {"meta": {"pagination": {"total": total}}, "data": list(rows)}


def component(**changes: Any) -> Component:
    row = {**COMPONENTS["data"][0], **changes}
    return page(components=listing(row)).components[0]


def incident(**changes: Any) -> Incident:
    row = {**INCIDENTS["data"][2], **changes}
    return page(incidents=listing(row)).incidents[0]


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
        (True, "unknown"),
        (None, "unknown"),
    ],
)
def test_every_number_of_a_component_is_known_or_unknown(code: object, status: object) -> None:
    assert component(status=code).status == status


def test_a_number_without_a_word_is_kept() -> None:
    assert component(status=9, status_name=None).raw_status == "9"


@pytest.mark.parametrize("enabled", [False, 0, "0"])
def test_a_component_the_page_does_not_show_is_left_out(enabled: object) -> None:
    hidden = {**COMPONENTS["data"][0], "enabled": enabled}
    assert page(components=listing(hidden)).components == ()


@pytest.mark.parametrize(
    ("codes", "severity"),
    [
        ([1, 1], "none"),
        ([1, 2], "minor"),
        ([4, 2], "critical"),
        ([1, 6], "maintenance"),
        ([1, 9], "unknown"),
        ([6, 9], "unknown"),
        ([3, 9], "major"),
        ([], "unknown"),
    ],
)
def test_the_worst_component_is_the_indicator(codes: list[int], severity: str) -> None:
    rows = [{**COMPONENTS["data"][0], "status": code} for code in codes]
    assert page(components=listing(*rows, total=len(rows))).indicator == severity


@pytest.mark.parametrize("total", [101, "101", None, "many", -1])
def test_a_list_that_may_go_on_is_cut_and_not_healthy(total: object) -> None:
    read = page(components=listing(COMPONENTS["data"][0], total=total))
    assert (read.indicator, read.is_cut) == ("unknown", True)


def test_a_problem_in_a_list_that_goes_on_is_a_problem() -> None:
    read = page(components=listing(COMPONENTS["data"][1], total=101))
    assert read.indicator == "major"


def test_a_fixed_incident_with_updates_ended_with_the_last_of_them() -> None:
    closed = {**INCIDENTS["data"][0], "latest_status": 4, "updated_at": "2026-01-16 00:00:00"}
    assert page(incidents=listing(closed)).incidents[0].resolved_at == utc("2026-01-15 11:31")


def test_a_fixed_incident_without_a_time_has_no_end() -> None:
    assert incident(created_at=None, updated_at=None).resolved_at is None


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (1, "investigating"),
        (2, "identified"),
        (3, "monitoring"),
        (4, "resolved"),
        (9, "unknown"),
        (None, "unknown"),
    ],
)
def test_every_number_of_an_incident_is_known_or_unknown(code: object, status: object) -> None:
    assert incident(status=code).status == status


def old_window(scheduled_at: str | None, html: str = HTML) -> list[str]:
    """The status of a window among the incidents, in a list of one or none."""
    row = {**INCIDENTS["data"][1], "scheduled_at": scheduled_at}
    nothing = listing(total=0)
    read = page(incidents=listing(row), schedules=nothing, timestamps=html)
    return [window.status for window in read.maintenances]


def test_a_window_whose_time_has_come_is_over() -> None:
    assert old_window("2026-01-15 13:00:00") == []
    assert old_window("2026-01-15 13:00:01") == ["scheduled"]


def test_a_window_without_a_time_is_kept_as_unknown() -> None:
    assert old_window(None) == ["unknown"]


def test_a_window_is_over_without_a_zone_if_it_is_over_in_all_of_them() -> None:
    assert old_window("2026-01-14 21:59:00", "") == []
    assert old_window("2026-01-15 11:00:00", "") == ["unknown"]
    assert old_window("2026-01-16 02:01:00", "") == ["scheduled"]


def schedule(**changes: Any) -> Maintenance | None:
    read = page(incidents=listing(total=0), schedules=listing({**SCHEDULES["data"][0], **changes}))
    return next(iter(read.maintenances), None)


@pytest.mark.parametrize(
    ("code", "status"),
    [(0, "scheduled"), ("1", "in_progress"), (2, None), (7, "unknown"), (None, "unknown")],
)
def test_the_status_of_a_schedule_is_its_own_whatever_its_times(
    code: object, status: str | None
) -> None:
    window = schedule(status=code, scheduled_at="2020-01-01 00:00:00")
    assert (window and window.status) == status


@pytest.mark.parametrize("end", ["2026-01-15 13:00:00", "2026-01-15 13:04:59", None])
def test_an_end_that_is_the_time_of_the_request_is_none(end: str | None) -> None:
    window = schedule(status=1, completed_at=end)
    assert window
    assert (window.status, window.scheduled_until) == ("in_progress", None)


# Further pages


def rows(*ids: int, status: int = 1) -> list[Any]:
    return [{**COMPONENTS["data"][0], "id": one, "status": status} for one in ids]


def asked(depth: Depth = Depth.VERDICT, **bodies: Any) -> dict[str, str]:
    """The addresses below the page that are asked for after `bodies`, by name."""
    read = {name.replace("_", "-"): document(name, body) for name, body in bodies.items()}
    return {
        one.name: one.url.removeprefix(HOME)
        for one in reversed(cachet.endpoints(HOME, depth, read))
    }


@pytest.mark.parametrize(
    "pagination",
    [
        {"total": 3},
        {"total": "3", "total_pages": 1},
        {"total": None, "total_pages": 2},
        {"total": 2, "links": {"next_page": "https://elsewhere.example/?page=2"}},
    ],
)
def test_a_list_that_goes_on_is_asked_for_its_next_page(pagination: Any) -> None:
    first = {"meta": {"pagination": pagination}, "data": rows(1, 2)}
    assert asked(components=first)["components-2"] == "/api/v1/components?per_page=100&page=2"


def test_a_list_is_read_to_its_end_and_no_further() -> None:
    first, second = listing(*rows(1, 2), total=4), listing(*rows(3), total=4)
    assert "components-3" in asked(components=first, components_2=second)
    third = listing(*rows(4), total=4)
    assert "components-4" not in asked(components=first, components_2=second, components_3=third)


@pytest.mark.parametrize("second", [listing(total=9), listing(*rows(1, 2), total=9), "<html>"])
def test_a_page_that_adds_nothing_is_the_last(second: object) -> None:
    first = listing(*rows(1, 2), total=9)
    assert "components-3" not in asked(components=first, components_2=second)
    assert with_keys("cachet", **first).indicator == "unknown"


def test_a_list_without_end_is_asked_for_a_few_pages_only() -> None:
    pages = {f"groups_{number}": listing(*rows(number), total=900) for number in range(2, 30)}
    names = {*asked(groups=listing(*rows(1), total=900), **pages)}
    assert {name for name in names if name.startswith("groups")} == {
        "groups",
        *(f"groups-{number}" for number in range(2, cachet1.MAX_PAGES["groups"] + 1)),
    }


def test_an_outage_on_a_further_page_is_seen() -> None:
    second = document("components-2", listing(*rows(3, status=4), total=3))
    read = cachet.parse(
        {
            "components": document("components", listing(*rows(1, 2), total=3)),
            second.endpoint.name: second,
        }
    )
    assert [c.id for c in read.components] == ["1", "2", "3"]
    assert (read.indicator, read.notes) == ("critical", ())


def test_a_list_that_is_read_to_its_end_is_whole() -> None:
    first, second = listing(*rows(1, 2), total=3), listing(*rows(2, 3), total=3)
    documents = {"components": first, "components-2": second}
    read = cachet.parse({name: document(name, body) for name, body in documents.items()})
    assert (read.indicator, len(read.components), read.notes) == ("none", 3, ())


@pytest.mark.parametrize("total", [None, 4])
def test_a_list_of_which_a_later_page_says_more_is_not_whole(total: object) -> None:
    first, second = listing(*rows(1, 2), total=3), listing(*rows(3), total=total)
    documents = {"components": first, "components-2": second}
    read = cachet.parse({name: document(name, body) for name, body in documents.items()})
    assert read.indicator == "unknown"


def test_a_further_page_that_is_wrong_is_a_note() -> None:
    documents = {"components": listing(*rows(1), total=2), "components-2": "<html>"}
    read = cachet.parse({name: document(name, body) for name, body in documents.items()})
    assert (read.indicator, read.is_cut) == ("unknown", True)
    assert read.notes == ("page 2 of the components not read: HTML instead of JSON",)


def test_an_open_incident_on_a_further_page_is_listed() -> None:
    first = listing(INCIDENTS["data"][2], total=2)
    second = document("incidents-2", listing(INCIDENTS["data"][0], total=2))
    documents = {"components": COMPONENTS, "incidents": first}
    read = {name: document(name, body) for name, body in documents.items()}
    incidents = cachet.parse({**read, "incidents-2": second}).incidents
    assert [one.id for one in incidents if one.status.open] == ["12"]


# What is asked for


def test_only_a_page_that_may_have_schedules_is_asked_for_them() -> None:
    old = listing(*({k: v for k, v in row.items() if k != "meta"} for row in rows(1)))
    closed = {**INCIDENTS["data"][2]}
    assert "schedules" in asked(components=listing(*rows(1)))
    assert "schedules" not in asked(components=old)
    assert "schedules" not in asked(components=old, incidents=listing(closed))
    assert "schedules" in asked(components=old, incidents=listing({**closed, "latest_status": 4}))
    assert "schedules" in asked(components=old, incidents=listing(total=0))


def test_the_html_is_asked_for_if_there_are_times_to_place() -> None:
    closed, opened = INCIDENTS["data"][2], INCIDENTS["data"][0]
    assert "timestamps" not in asked(Depth.HISTORY, incidents=listing(total=0))
    assert "timestamps" not in asked(incidents=listing(closed))
    assert asked(Depth.HISTORY, incidents=listing(closed))["timestamps"] == "/incidents/10"
    assert asked(incidents=listing(opened))["timestamps"] == "/incidents/12"
    assert asked(schedules=SCHEDULES)["timestamps"] == ""
    assert "timestamps" not in asked(schedules=listing(SCHEDULES["data"][2]))
    assert asked(incidents=listing({**opened, "id": "../12"}))["timestamps"] == ""
    assert "timestamps" not in asked(incidents="<html>")


# The zone of the page


@pytest.mark.parametrize(
    ("offset", "started_at"),
    [("+0800", "03:05"), ("-04:30", "15:35"), ("Z", "11:05"), ("+00:00", "11:05")],
)
def test_times_are_in_the_zone_of_the_html(offset: str, started_at: str) -> None:
    html = f"<html><abbr data-timeago='2026-01-15T12:31:00{offset}'></abbr>"
    row = {**INCIDENTS["data"][0], "occurred_at": "2026-01-15 11:05:00"}
    (read,) = page(incidents=listing(row), timestamps=html).incidents
    assert read.started_at == utc(f"2026-01-15 {started_at}")


@pytest.mark.parametrize("html", ["<html>", "", '<html data-timeago="2026-01-15T12:31:00+9900">'])
def test_in_an_unknown_zone_nothing_has_a_length(html: str) -> None:
    read = page(timestamps=html)
    opened, closed = read.incidents[1], read.incidents[0]
    assert (opened.status, opened.started_at) == ("identified", None)
    assert (closed.status, closed.started_at) == ("resolved", utc("2025-12-01 09:00"))
    assert closed.resolved_at is None
    assert read.history_from is None
    assert {c.updated_at for c in read.components} == {None}
    active = next(m for m in read.maintenances if m.status.active)
    assert (active.scheduled_for, active.scheduled_until) == (None, None)
    assert read.notes == ("the page's time zone is unknown: its times are taken as UTC",)


def test_in_an_unknown_zone_an_empty_list_is_whole() -> None:
    read = page(incidents=listing(total=0), schedules=listing(total=0), timestamps="")
    assert (read.history_from, read.notes) == (EVER, ())


def test_a_list_that_goes_on_reaches_back_to_its_oldest_entry() -> None:
    cut_off = page(incidents=listing(*INCIDENTS["data"], total=400))
    assert cut_off.history_from == utc("2025-12-01 08:00")
    assert page(incidents=listing({"id": 1}, total=400)).history_from is None


def test_without_the_other_lists_the_components_are_read() -> None:
    read = with_keys("cachet")
    assert [c.group for c in read.components] == [None] * 4
    assert (read.incidents, read.history_from, read.notes) == ((), None, ())

"""OnlineOrNot: the data in a page's HTML, as React Router streams it."""

import json
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Depth, Document, Incident, Snapshot
from outlogger_cli.platforms import onlineornot
from tests.support import document, recognised, utc

HOME = "https://status.acme.example"
INCIDENT = {
    "incidentId": "in1",
    "title": "Queue stalled",
    "started": "2026-01-15T11:02:00.000Z",
    "ended": None,
    "impact": "PARTIAL_OUTAGE",
}
WINDOW = {"title": "New certificates", "started": "2026-01-14T08:00:00Z"}


class Date(float):
    """A date as the stream writes it, in milliseconds."""


class Later(int):
    """What the line of this number holds."""


class Missing:
    """A reference to nothing."""


def flat(value: object) -> list[Any]:
    """`value` as the stream writes it: an array of values that refer to each other."""
    values: list[Any] = []

    def add(one: object) -> int:
        if one is None:
            return -5
        if isinstance(one, Missing):
            return 10**6
        if isinstance(one, str) and one in values:
            return values.index(one)
        index = len(values)
        values.append(one)
        match one:
            case Date():
                values[index] = ["D", float(one)]
            case Later():
                values[index] = ["P", int(one)]
            case dict():
                values[index] = {f"_{add(key)}": add(child) for key, child in one.items()}
            case list():
                values[index] = [add(child) for child in one]
            case _:
                pass
        return index

    add(value)
    return values


def html(*lines: str, end: str = "</html>") -> Document:
    """A page that enqueues the lines one by one."""
    chunks = "".join(
        f"<script>context.streamController.enqueue({json.dumps(line)});</script>" for line in lines
    )
    return document("page", f"<html><title>Acme</title>{chunks}{end}", HOME)


def page(**data: object) -> Snapshot:
    read = html(json.dumps(flat({"loaderData": {"name": "Acme", **data}})))
    assert recognised(onlineornot, read)
    assert [e.name for e in onlineornot.endpoints(HOME, Depth.HISTORY, {"page": read})] == ["page"]
    return onlineornot.parse({"page": read})


def incident(**changes: object) -> Incident:
    (found,) = page(activeIncidents=[{**INCIDENT, **changes}]).incidents
    return found


def test_no_active_incident_is_health() -> None:
    read = page(activeIncidents=[], scheduledMaintenance=[])
    assert (read.indicator, read.incidents, read.history_from) == ("none", (), None)


@pytest.mark.parametrize(
    "data",
    [
        {"scheduledMaintenance": []},
        {"activeIncidents": None},
        {"activeIncidents": {}},
        {"activeIncidents": [Missing()]},
        {"activeIncidents": ["in1"]},
        {"activeIncidents": Later(7)},
        {"activeIncidents": None, "incidents": [{**INCIDENT, "ended": "2026-01-15T11:30:00Z"}]},
    ],
)
def test_a_page_that_does_not_list_what_is_active_is_unknown(data: dict[str, object]) -> None:
    assert page(**data).indicator == "unknown"


def test_a_page_that_lists_only_ended_incidents_is_fine() -> None:
    read = page(incidents={"2026-01-15": [{**INCIDENT, "ended": "2026-01-15T11:30:00Z"}]})
    assert (read.indicator, read.incidents[0].status) == ("none", "resolved")
    assert read.history_from == utc("2026-01-15 11:02")


def test_an_incident_that_is_listed_twice_is_one() -> None:
    read = page(activeIncidents=[INCIDENT], incidents={"2026-01-15": [dict(INCIDENT)]})
    assert [(i.id, i.name) for i in read.incidents] == [("in1", "Queue stalled")]


def test_what_is_active_is_an_incident_whatever_it_lacks() -> None:
    bare = page(activeIncidents=[{"title": "T"}, {}])
    assert [(i.name, i.status, i.impact) for i in bare.incidents] == [
        ("T", "unknown", "minor"),
        ("(no title)", "unknown", "minor"),
    ]
    assert bare.indicator == "minor"


@pytest.mark.parametrize(
    ("word", "impact"),
    [
        ("MAJOR_OUTAGE", "critical"),
        ("PARTIAL_OUTAGE", "major"),
        ("DEGRADED_PERFORMANCE", "minor"),
        ("MAINTENANCE", "maintenance"),
        ("NO_IMPACT", "none"),
        ("ON_FIRE", "minor"),
        (None, "minor"),
    ],
)
def test_every_impact(word: str | None, impact: str) -> None:
    told = incident(impact=word)
    assert (told.impact, told.raw_impact) == (impact, (word or "").lower())


@pytest.mark.parametrize(
    ("ended", "resolved_at"),
    [
        (None, None),
        ("2026-01-15T11:45:00Z", "2026-01-15 11:45"),
        (Date(1768477500000), "2026-01-15 11:45"),
        (Date(-1e300), None),
        ("2026-01-15T12:45:00Z", None),
        ("soon", None),
    ],
)
def test_an_incident_is_open_until_it_ended(ended: object, resolved_at: str | None) -> None:
    told = incident(ended=ended)
    assert told.status == ("resolved" if resolved_at else "unknown")
    assert told.resolved_at == (utc(resolved_at) if resolved_at else None)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"startDate": "2026-01-20T21:00:00Z", "durationMinutes": 30}, "scheduled"),
        ({"startDate": "2026-01-15T11:45:00Z", "durationMinutes": 30}, "in_progress"),
        ({"startDate": "2026-01-15T11:45:00Z", "durationMinutes": 10**9}, "in_progress"),
        ({"startDate": "2026-01-15T11:45:00Z"}, "in_progress"),
        ({"started": None}, "unknown"),
        ({"started": None, "updates": [{"status": "IN_PROGRESS"}]}, "in_progress"),
    ],
)
def test_a_maintenance_goes_by_its_updates_and_its_times(
    fields: dict[str, object], status: str
) -> None:
    read = page(activeIncidents=[], scheduledMaintenance=[{**WINDOW, **fields}])
    assert (read.indicator, read.incidents) == ("none", ())
    assert [window.status for window in read.maintenances] == [status]


def test_a_maintenance_that_is_over_is_left_out() -> None:
    updates = [{"status": "IN_PROGRESS"}]
    over = {**WINDOW, "ended": "2026-01-14T09:00:00Z", "updates": updates}
    elapsed = {**WINDOW, "durationMinutes": 30}
    assert page(activeIncidents=[], scheduledMaintenance=[over, elapsed]).maintenances == ()


def test_components_are_objects_with_a_name_and_a_status() -> None:
    read = page(
        activeIncidents=[],
        components=[
            {"id": "1", "name": "API", "status": "OPERATIONAL"},
            {"name": "Queue", "status": "MAINTENANCE"},
            {"id": "3", "name": "Mail", "status": "ON_FIRE"},
        ],
        members=[{"name": "Ann", "status": "ACTIVE"}],
        more=[{"name": "Tea", "status": "OPERATIONAL"}, {"name": "Milk"}],
    )
    assert [(c.id, c.name, c.status) for c in read.components] == [
        ("1", "API", "operational"),
        ("Queue", "Queue", "under_maintenance"),
        ("3", "Mail", "unknown"),
    ]


def test_what_comes_later_is_read_too() -> None:
    first = flat({"activeIncidents": Later(3), "scheduledMaintenance": []})
    at = len(first)
    later = [[at + 1], {f"_{at + 2}": at + 3}, "title", "Queue stalled"]
    lines = [json.dumps(first) + "\n", f"P3:{json.dumps(later)}\n", "oddity\n"]
    for sent in (lines, ["".join(lines)]):
        read = onlineornot.parse({"page": html(*sent)})
        assert [i.name for i in read.incidents] == ["Queue stalled"]
        assert read.indicator == "minor"


def test_half_a_surrogate_pair_in_a_title_is_no_crash() -> None:
    assert incident(title="Queue \ud83d stalled").name == "Queue \ufffd stalled"


@pytest.mark.parametrize("later", ["P3:[]", 'P3:[["P",3]]', 'P3:["x"]', "P3:[null]"])
def test_what_comes_later_may_be_no_list(later: str) -> None:
    first = json.dumps(flat({"activeIncidents": Later(3)}))
    assert onlineornot.parse({"page": html(f"{first}\n{later}\n")}).indicator == "unknown"


@pytest.mark.parametrize(
    "read",
    [
        html(),
        html("not JSON"),
        html("7"),
        html("[]"),
        html(json.dumps(flat({"loaderData": {"title": "T", "started": "now"}}))),
        html(json.dumps(flat({"activeIncidents": []})), 'P1:["'),
        document("page", "<html>streamController.enqueue('[]')</html>"),
        document("page", '<html>streamController.enqueue("[\\x3c]")</html>'),
    ],
)
def test_another_page_is_not_taken_for_one(read: Document) -> None:
    assert not recognised(onlineornot, read)
    with pytest.raises(PageError) as caught:
        onlineornot.parse({"page": read})
    assert caught.value.kind == "not_a_status_page"


def test_a_page_that_breaks_off_is_not_read() -> None:
    read = html(json.dumps(flat({"activeIncidents": []})), end="")
    with pytest.raises(PageError) as caught:
        onlineornot.parse({"page": read})
    assert caught.value.message == "truncated HTML"


@pytest.mark.parametrize("piece", ['streamController.enqueue("', '\\"', '\\\\"', "a"])
def test_a_page_is_looked_through_in_one_pass(piece: str) -> None:
    """Starting over at each piece would take minutes here."""
    body = f'<html>streamController.enqueue("{piece * (1_000_000 // len(piece))}'
    assert not recognised(onlineornot, document("page", body))

"""Messages: every key for every event, and texts that make sense on their own."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from outlogger_cli.alerts.events import Event, Flapping, Kind
from outlogger_cli.alerts.message import (
    SIZE_LIMIT,
    build_message,
    build_summary,
    build_test_message,
)
from outlogger_cli.domain.model import FailOn, Severity
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render.json import vendor
from tests.alerts.events import MESSAGE, SCHEMA, events
from tests.reports import (
    broken,
    component,
    healthy,
    incident,
    judged,
    page,
    report,
    unreadable,
    update,
    window,
)
from tests.support import NOW, utc

KEYS = [
    "schema_version",
    "event",
    "vendor",
    "name",
    "severity",
    "previous_severity",
    "title",
    "message",
    "url",
    "components",
    "incident",
    "at",
    "duration_seconds",
    "drill",
]
DEGRADED = judged(page(component("API", "degraded_performance")))
OUT = judged(page(component("API", "major_outage")))
FINE = judged(page(component("API")))


def with_incidents(*incidents: dict[str, Any]) -> Judged:
    return judged(page(component("API"), incidents=incidents))


def texts(*readings: Judged) -> list[tuple[str, str]]:
    """Title and text of each event after the last reading."""
    bodies = [build_message(event, drill=False) for event in events(*readings)]
    assert all(list(body) == KEYS for body in bodies)
    for body in bodies:
        SCHEMA.validate(body)
    return [(body["title"], body["message"]) for body in bodies]


def test_the_whole_message_of_a_problem() -> None:
    vendors = broken()
    (opened,) = events(healthy(), vendors)[:1]
    body = build_message(opened, drill=False)
    assert body == {
        "schema_version": 1,
        "event": "opened",
        "vendor": "acme",
        "name": "Acme",
        "severity": "major",
        "previous_severity": "none",
        "title": "Acme: Europe/Build partial outage, +1 component",
        "message": "Acme has a problem (severity major; before: ok).\n"
        "Europe/Build partial outage\n"
        "API degraded performance\n"
        "Builds are stuck, identified, impact major: A disk is full.\nWe are adding one.",
        "url": "https://status.acme.example",
        "components": ["Europe/Build", "API"],
        "incident": vendor(vendors, report(vendors))["incidents"][0],
        "at": "2026-01-15T12:00:00Z",
        "duration_seconds": None,
        "drill": False,
    }
    assert list(body) == KEYS


def test_a_drill_marks_title_text_and_message() -> None:
    (opened,) = events(OUT)
    body = build_message(opened, drill=True)
    assert (body["title"], body["message"], body["drill"]) == (
        "DRILL: Acme: API major outage",
        "DRILL: Acme has a problem (severity critical).\nAPI major outage",
        True,
    )


def test_worsened_and_eased_say_from_where_to_where() -> None:
    assert texts(DEGRADED, OUT) == [
        (
            "Acme worsened to critical: API major outage",
            "The severity of Acme changed from minor to critical.\nAPI major outage",
        )
    ]
    assert texts(OUT, DEGRADED) == [
        (
            "Acme eased to minor: API degraded",
            "The severity of Acme changed from critical to minor.\nAPI degraded performance",
        )
    ]


def test_recovered_says_how_long_it_lasted() -> None:
    (recovered,) = events(OUT, FINE)
    body = build_message(replace(recovered, lasted=timedelta(minutes=48, seconds=9.6)), drill=False)
    assert (body["title"], body["message"]) == (
        "Acme recovered after 48 min",
        "Acme no longer has a problem. It lasted 48 min.",
    )
    assert (body["duration_seconds"], body["components"], body["incident"]) == (2889, [], None)
    assert (body["severity"], body["previous_severity"]) == ("none", "critical")


def test_recovered_never_carries_an_incident_that_left_the_list_as_open() -> None:
    major = {**incident("Slow", impact="major"), "status": "investigating"}
    (recovered,) = events(with_incidents(major), FINE)
    found = build_message(recovered, drill=False)["incident"]
    assert found is not None
    assert (found["name"], found["status"], found["open"]) == ("Slow", "investigating", False)


def test_recovered_carries_an_incident_that_is_monitored_as_open() -> None:
    major = {**incident("Slow", impact="major"), "status": "investigating"}
    monitored = with_incidents({**major, "status": "monitoring"})
    found = events(with_incidents(major), monitored)
    recovered = next(one for one in found if one.kind is Kind.RECOVERED)
    told = build_message(recovered, drill=False)["incident"]
    assert told is not None
    assert (told["status"], told["open"]) == ("monitoring", True)


def test_recovered_below_the_threshold_says_what_remains() -> None:
    out, slow = (
        judged(page(component("API", status)), fail_on=FailOn.MAJOR)
        for status in ("major_outage", "degraded_performance")
    )
    assert texts(out, slow) == [
        (
            "Acme recovered after 0 s",
            "Acme no longer has a problem. It lasted 0 s. Severity now: minor.\n"
            "API degraded performance",
        )
    ]


def test_recovered_says_what_is_still_open_or_unknown() -> None:
    slow = incident("Slow", "monitoring", "major")
    rest = judged(page(component("API"), component("Web", "on_fire"), incidents=[slow]))
    assert texts(OUT, rest)[0] == (
        "Acme recovered after 55 min",
        "Acme no longer has a problem. It lasted 55 min.\n"
        'Web status is unknown: "on_fire"\n'
        "Slow, monitoring, impact major",
    )


def test_an_update_has_its_text() -> None:
    slow = incident("Slow", "monitoring", "major", updates=[update("Fixed.\nWe watch.")])
    assert texts(FINE, with_incidents(slow)) == [
        (
            "Acme: Slow (monitoring)",
            "Acme updated an incident.\nmonitoring, impact major: Fixed.\nWe watch.",
        )
    ]
    assert texts(FINE, with_incidents(incident("Slow", "monitoring"))) == [
        ("Acme: Slow (monitoring)", "Acme updated an incident.\nmonitoring, impact minor")
    ]


def test_an_incident_that_closes_has_its_last_update() -> None:
    closed = incident(
        "Slow", "resolved", "major", updates=[update("Done.", "resolved", at="2026-01-15 11:30")]
    )
    (event,) = events(
        with_incidents(incident("Slow", "monitoring", "major")), with_incidents(closed)
    )
    body = build_message(event, drill=False)
    assert (body["title"], body["message"]) == (
        "Acme: Slow (resolved)",
        "Acme updated an incident.\nresolved, impact major: Done.",
    )
    assert (body["incident"]["open"], body["incident"]["updates"][0]["body"]) == (False, "Done.")


def test_maintenance_has_its_name() -> None:
    under_way = judged(page(component("API"), windows=[window("New disks", "in_progress")]))
    assert texts(FINE, under_way) == [
        ("Acme: maintenance started: New disks", "Maintenance has started: New disks.")
    ]
    assert texts(under_way, FINE) == [
        ("Acme: maintenance ended: New disks", "Maintenance has ended: New disks.")
    ]


def test_unreadable_and_readable_again() -> None:
    lost = unreadable()
    assert texts(FINE, lost, lost, lost) == [
        ("acme is unknown: no answer in 10 s", "acme: status unknown.\nno answer in 10 s")
    ]
    (event,) = events(FINE, lost, lost, lost)
    body = build_message(event, drill=False)
    assert (body["severity"], body["previous_severity"]) == ("unknown", "none")
    assert texts(lost, lost, lost, OUT)[0] == ("Acme can be read again", "Acme: critical.")


def test_flapping_starts_and_ends() -> None:
    (opened,) = events(OUT)

    def body(flapping: Flapping) -> tuple[str, str]:
        shown = build_message(replace(opened, flapping=flapping), drill=False)
        SCHEMA.validate(shown)
        assert shown.get("flapping", False) is (flapping is Flapping.STARTED)
        return shown["title"], shown["message"]

    assert body(Flapping.STARTED) == (
        "Acme is flapping: API major outage",
        "Acme had a problem 4 times within 15 min. The next notification follows when it has been"
        " stable for 5 min.\nAPI major outage",
    )
    assert body(Flapping.ENDED) == (
        "Acme is stable again: API major outage",
        "Acme has been stable for 5 min. Severity now: critical.\nAPI major outage",
    )


@pytest.mark.parametrize(("severity", "how"), [(Severity.NONE, "ok"), (Severity.MINOR, "minor")])
def test_flapping_may_end_in_a_recovery(severity: Severity, how: str) -> None:
    (recovered,) = events(OUT, FINE)
    calm = replace(recovered, flapping=Flapping.ENDED, severity=severity)
    body = build_message(calm, drill=False)
    assert (body["title"], body["message"]) == (
        f"Acme is stable again: {how}",
        f"Acme has been stable for 5 min. Severity now: {how}.",
    )


def test_many_reasons_are_counted_and_long_texts_are_cut() -> None:
    rows = [component(f"Part {number} {'x' * 200}", "major_outage") for number in range(7)]
    long = incident("Slow", "monitoring", updates=[update("x" * 900)])
    (opened,) = events(judged(page(*rows, incidents=[long])))
    body = build_message(opened, drill=False)
    assert len(body["title"]) == 160
    assert body["title"].endswith("…")
    lines = body["message"].split("\n")
    assert len(lines) == 8
    assert lines[6] == "and 2 more"
    assert lines[7] == f"Slow, monitoring, impact minor: {'x' * 599}…"


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_title_and_a_text(kind: Kind) -> None:
    event = Event(
        kind=kind,
        judged=broken(),
        severity=Severity.MAJOR,
        previous=Severity.MINOR,
        at=NOW,
        incident=broken().incidents[0],
        maintenance="New disks",
    )
    body = build_message(event, drill=False)
    assert body["event"] == kind.value
    assert body["title"].startswith("Acme")
    assert body["message"]


# Messages without an event.


def test_the_test_message_says_that_nothing_has_happened() -> None:
    body = build_test_message(at=NOW, drill=False)
    assert list(body) == KEYS
    assert (body["event"], body["vendor"], body["severity"], body["title"], body["message"]) == (
        "test",
        "outlogger",
        "none",
        "outlogger: test message",
        "This channel works. Notifications of changes will be sent here.",
    )
    assert build_test_message(at=NOW, drill=True)["title"] == "DRILL: outlogger: test message"


LATER = {
    **MESSAGE,
    "event": "recovered",
    "severity": "none",
    "title": "Acme recovered after 2 h",
    "at": "2026-01-15T14:00:00Z",
    "duration_seconds": 7200,
}


def summary(*messages: dict[str, Any]) -> dict[str, Any]:
    at = utc("2026-01-16 07:00")
    body = build_summary(list(messages), at=at, zone=NOW.tzinfo, when="in quiet hours")
    SCHEMA.validate(body)
    return body


def test_a_summary_has_the_events_and_the_latest_severity() -> None:
    body = summary(MESSAGE, LATER)
    assert list(body) == [*KEYS, "events"]
    assert body == {
        **MESSAGE,
        "event": "summary",
        "severity": "none",
        "previous_severity": None,
        "title": "Acme: 2 changes in quiet hours",
        "message": "15 Jan 12:00 UTC: Acme: Build partial outage\n"
        "15 Jan 14:00 UTC: Acme recovered after 2 h",
        "components": [],
        "at": "2026-01-16T07:00:00Z",
        "events": [MESSAGE, LATER],
    }


def test_a_summary_takes_earlier_ones_apart() -> None:
    assert summary(summary(MESSAGE, MESSAGE), LATER)["events"] == [MESSAGE, MESSAGE, LATER]


def test_a_summary_of_a_drill_is_marked() -> None:
    drill = {**LATER, "title": "DRILL: Acme recovered", "drill": True}
    body = summary(MESSAGE, drill)
    assert (body["drill"], "DRILL: Acme recovered" in body["message"]) == (True, True)


def test_a_summary_counts_the_events_for_which_it_has_no_room() -> None:
    def many(number: int) -> dict[str, Any]:
        return summary(*[{**MESSAGE, "message": "x" * 2000}] * number)

    first = many(300)
    kept = len(first["events"])
    assert 50 < kept < 300
    assert first["title"] == "Acme: 300 changes in quiet hours"
    lines = first["message"].split("\n")
    assert (len(lines), lines[0]) == (101, "and 200 earlier")
    again = summary(first, LATER)
    assert again["title"] == "Acme: 301 changes in quiet hours"
    assert len(again["events"]) + again["earlier"] == 301
    assert size(again) <= SIZE_LIMIT


# The size of a message.


def size(message: dict[str, Any]) -> int:
    return len(json.dumps(message).encode())


def test_a_large_incident_keeps_its_newest_update() -> None:
    updates = [update(f"{number} {'x' * 19000}") for number in range(65)]
    (opened,) = events(with_incidents(incident("Big", updates=updates)))[:1]
    body = build_message(opened, drill=False)
    assert size(body) <= SIZE_LIMIT
    assert [one["body"] for one in body["incident"]["updates"]] == [f"0 {'x' * 19000}"]


@pytest.mark.parametrize("text", ["x", "é", "\N{CYCLONE}", '"'])
def test_texts_are_cut_until_a_message_fits(text: str) -> None:
    rows = [component(f"{number} {text * 1000}", "major_outage") for number in range(300)]
    huge = incident(f"Big {text * 10_000}", updates=[update(text * 30_000)])
    (opened,) = events(judged(page(*rows, incidents=[huge])))[:1]
    body = build_message(opened, drill=False)
    assert size(body) <= SIZE_LIMIT
    assert list(body) == KEYS
    assert body["incident"]["updates"][0]["body"].endswith("…")
    assert body["components"][-1] == "…"
    assert body["incident"]["id"]


def test_a_large_message_without_an_incident_is_cut() -> None:
    rows = [component(f"{number} {'x' * 2000}", "major_outage") for number in range(700)]
    (opened,) = events(judged(page(*rows)))
    body = build_message(opened, drill=False)
    assert size(body) <= SIZE_LIMIT
    assert (body["incident"], body["components"][-1]) == (None, "…")


# Incidents.


def test_recovered_carries_the_incident_and_its_last_word() -> None:
    slow = incident("Slow", impact="major", updates=[update("We look.")])
    closed = incident("Slow", "resolved", "major", updates=[update("Done.", "resolved")])
    recovered, updated = (
        build_message(event, drill=False)
        for event in events(with_incidents(slow), with_incidents(closed))
    )
    assert (recovered["event"], updated["event"]) == ("recovered", "updated")
    assert (recovered["title"], recovered["message"]) == (
        "Acme recovered; the incident lasted 55 min",
        "Acme no longer has a problem. It lasted 55 min.\nSlow, resolved, impact major: Done.",
    )
    assert recovered["duration_seconds"] == 55 * 60
    assert recovered["incident"]["updates"][0]["body"] == "Done."


def test_the_incident_is_named_once() -> None:
    slow = incident("Slow", impact="major", updates=[update("We look.")])
    ((title, text), _) = texts(FINE, with_incidents(slow))
    assert f"{title}\n{text}" == (
        "Acme: Slow\n"
        "Acme has a problem (severity major; before: ok).\n"
        "investigating, impact major: We look."
    )


def test_a_reminder_says_what_still_is() -> None:
    (opened,) = events(OUT)
    body = build_message(replace(opened, kind=Kind.REMINDER), drill=False)
    assert (body["title"], body["message"]) == (
        "Acme still has a problem: API major outage",
        "Acme still has a problem (severity critical).\nAPI major outage",
    )


def test_the_message_says_which_other_vendors_the_incident_names() -> None:
    told = incident("Slow", impact="major", updates=[update("AWS tells us of errors.")])
    event = events(with_incidents(), with_incidents(told))[0]
    message = build_message(event, drill=False)
    assert message["incident"]["names"] == ["aws"]
    assert message["message"].endswith(
        "investigating, impact major, names AWS: AWS tells us of errors."
    )

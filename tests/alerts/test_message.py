"""Messages: every key for every event, and texts that make sense on their own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from outlogger_cli.alerts.events import Event, Flapping, Kind
from outlogger_cli.alerts.message import build_message, build_summary, build_test_message
from outlogger_cli.domain.model import FailOn, Severity
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render.json import vendor
from tests.alerts.events import MESSAGE, events
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
        "title": "Acme: Europe/Build partial outage (+2 more)",
        "message": "Acme stands at major, before at none.\n"
        "Europe/Build partial outage\n"
        'incident "Builds are stuck" identified, impact major\n'
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
        "DRILL: Acme stands at critical.\nAPI major outage",
        True,
    )


def test_worsened_and_eased_say_from_where_to_where() -> None:
    assert texts(DEGRADED, OUT) == [
        (
            "Acme worsened to critical: API major outage",
            "Acme went from minor to critical.\nAPI major outage",
        )
    ]
    assert texts(OUT, DEGRADED) == [
        (
            "Acme eased to minor: API degraded performance",
            "Acme went from critical to minor.\nAPI degraded performance",
        )
    ]


def test_recovered_says_how_long_it_lasted() -> None:
    (recovered,) = events(OUT, FINE)
    body = build_message(replace(recovered, lasted=timedelta(minutes=48, seconds=9.6)), drill=False)
    assert (body["title"], body["message"]) == (
        "Acme recovered after 48 min",
        "Acme is no problem any more. It was one for 48 min.",
    )
    assert (body["duration_seconds"], body["components"], body["incident"]) == (2889, [], None)
    assert (body["severity"], body["previous_severity"]) == ("none", "critical")


def test_recovered_below_the_threshold_says_what_remains() -> None:
    out, slow = (
        judged(page(component("API", status)), fail_on=FailOn.MAJOR)
        for status in ("major_outage", "degraded_performance")
    )
    assert texts(out, slow) == [
        (
            "Acme recovered after 0 s",
            "Acme is no problem any more. It was one for 0 s. It still stands at minor.\n"
            "API degraded performance",
        )
    ]


def test_recovered_says_what_is_still_open_or_unknown() -> None:
    slow = incident("Slow", "monitoring", "major")
    rest = judged(page(component("API"), component("Web", "on_fire"), incidents=[slow]))
    assert texts(OUT, rest)[0] == (
        "Acme recovered after 0 s",
        "Acme is no problem any more. It was one for 0 s.\n"
        'Web status is "on_fire", which nobody knows\n'
        'incident "Slow" monitoring, impact major: listed only, a fix is being watched',
    )


def test_an_update_has_its_text() -> None:
    slow = incident("Slow", "monitoring", "major", updates=[update("Fixed.\nWe watch.")])
    assert texts(FINE, with_incidents(slow)) == [
        (
            "Acme: Slow (monitoring)",
            "Acme wrote about an incident.\nSlow, monitoring, impact major: Fixed.\nWe watch.",
        )
    ]
    assert texts(FINE, with_incidents(incident("Slow", "monitoring"))) == [
        ("Acme: Slow (monitoring)", "Acme wrote about an incident.\nSlow, monitoring, impact minor")
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
        "Acme wrote about an incident.\nSlow, resolved, impact major: Done.",
    )
    assert (body["incident"]["open"], body["incident"]["updates"][0]["body"]) == (False, "Done.")


def test_maintenance_has_its_name() -> None:
    under_way = judged(page(component("API"), windows=[window("New disks", "in_progress")]))
    assert texts(FINE, under_way) == [
        ("Acme: maintenance began: New disks", "Maintenance is under way: New disks.")
    ]
    assert texts(under_way, FINE) == [
        ("Acme: maintenance ended: New disks", "Maintenance is over: New disks.")
    ]


def test_unreadable_and_readable_again() -> None:
    lost = unreadable()
    assert texts(FINE, lost) == [
        ("acme is unknown: no answer in 10 s", "Nobody can tell how acme is.\nno answer in 10 s")
    ]
    (event,) = events(FINE, lost)
    body = build_message(event, drill=False)
    assert (body["severity"], body["previous_severity"]) == ("unknown", "none")
    assert texts(lost, OUT)[0] == ("Acme can be read again", "Acme stands at critical.")


def test_flapping_starts_and_ends() -> None:
    (opened,) = events(OUT)

    def body(flapping: Flapping) -> tuple[str, str]:
        shown = build_message(replace(opened, flapping=flapping), drill=False)
        return shown["title"], shown["message"]

    assert body(Flapping.STARTED) == (
        "Acme is flapping: API major outage",
        "Acme became a problem 4 times within 15 min. No more is told of it until it has been calm"
        " for 5 min.\nAPI major outage",
    )
    assert body(Flapping.ENDED) == (
        "Acme has settled: API major outage",
        "Acme has been calm for 5 min and stands at critical.\nAPI major outage",
    )


@pytest.mark.parametrize(
    ("severity", "how"), [(Severity.NONE, "is well"), (Severity.MINOR, "stands at minor")]
)
def test_flapping_may_end_in_a_recovery(severity: Severity, how: str) -> None:
    (recovered,) = events(OUT, FINE)
    calm = replace(recovered, flapping=Flapping.ENDED, severity=severity)
    body = build_message(calm, drill=False)
    assert (body["title"], body["message"]) == (
        f"Acme has settled and {how}",
        f"Acme has been calm for 5 min and {how}.",
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
        "outlogger: a test",
        "This channel works: changes will be told here. Nothing has happened.",
    )
    assert build_test_message(at=NOW, drill=True)["title"] == "DRILL: outlogger: a test"


def test_a_summary_of_several_vendors() -> None:
    later = {
        **MESSAGE,
        "event": "recovered",
        "severity": "none",
        "title": "Acme recovered after 2 h",
        "at": "2026-01-15T14:00:00Z",
    }
    other = {**MESSAGE, "vendor": "fine", "name": "Fine", "title": "Fine: Web major outage"}
    body = build_summary([MESSAGE, other, later], at=utc("2026-01-16 07:00"), zone=NOW.tzinfo)
    assert list(body) == KEYS
    assert body == {
        **body,
        "event": "summary",
        "vendor": "acme, fine",
        "name": "Acme, Fine",
        "severity": "major",
        "previous_severity": None,
        "title": "3 changes in quiet hours: Acme, Fine",
        "message": "15 Jan 12:00 UTC: Acme: Build partial outage\n"
        "15 Jan 12:00 UTC: Fine: Web major outage\n"
        "15 Jan 14:00 UTC: Acme recovered after 2 h",
        "url": "https://github.com/outlogger/outlogger-cli",
        "at": "2026-01-16T07:00:00Z",
        "drill": False,
    }


def test_a_summary_of_one_vendor_has_its_page_and_latest_severity() -> None:
    later = {**MESSAGE, "event": "recovered", "severity": "none", "title": "Acme recovered"}
    body = build_summary([MESSAGE, later], at=NOW, zone=None)
    assert (body["vendor"], body["severity"], body["url"]) == (
        "acme",
        "none",
        "https://status.acme.example",
    )


def test_a_single_deferred_message_is_not_summarised() -> None:
    assert build_summary([MESSAGE], at=NOW, zone=None) == MESSAGE

"""The calendar of maintenance: stable events, whatever vendors write."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from icalendar import Calendar

from outlogger_cli.domain.verdict import Judged
from outlogger_cli.serve import maintenance
from tests.reports import (
    broken,
    component,
    healthy,
    hostile,
    in_maintenance,
    judged,
    page,
    report,
    unreadable,
    update,
    window,
)
from tests.shown import assert_shown, written
from tests.support import utc


def events(*vendors: Judged) -> list[Any]:
    text = maintenance.render(report(*vendors), "list")
    assert all(len(row) <= 75 for row in text.split(b"\r\n"))
    return list(Calendar.from_ical(text).walk("VEVENT"))


def planned(**changes: Any) -> Judged:
    row = {**window("Upgrade", links=["API"]), **changes}
    return judged(page(component("API"), windows=[row]))


def test_a_window_is_an_event() -> None:
    (event,) = events(broken())
    assert str(event["summary"]) == "Acme: Database upgrade"
    assert event.decoded("dtstart") == utc("2026-01-20 21:00")
    assert event.decoded("dtend") == utc("2026-01-20 22:30")
    assert str(event["description"]) == (
        "Status: scheduled\n\nComponents: Dashboard\n\nReads stay up."
    )
    assert str(event["url"]) == "https://stspg.io/m1"
    assert event["transp"] == "TRANSPARENT"
    assert event.decoded("dtstamp") == event.decoded("last-modified") == utc("2026-01-15 11:12")


def test_an_update_keeps_the_uid_and_raises_the_sequence() -> None:
    more = [update("Later.", "scheduled", "2026-01-15 11:50"), update("Soon.", "scheduled")]
    (before,), (after,) = events(planned()), events(planned(incident_updates=more))
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 2)
    assert before.decoded("last-modified") == utc("2026-01-20 21:00")
    assert after.decoded("last-modified") == utc("2026-01-15 11:50")


def test_one_id_at_two_vendors_is_two_events() -> None:
    assert len({event["uid"] for event in events(broken("acme"), broken("other"))}) == 2


def test_a_window_that_cannot_be_placed_is_left_out() -> None:
    assert events(healthy(), planned(scheduled_for=None)) == []


def test_an_end_before_the_start_is_left_out() -> None:
    (event,) = events(planned(scheduled_until="2026-01-20T20:00:00Z"))
    assert "dtend" not in event


def test_a_page_that_cannot_be_read_keeps_its_windows_and_says_so() -> None:
    (event,) = events(unreadable(last=in_maintenance()))
    assert str(event["description"]).endswith("this is from its last reading.")


def test_the_same_readings_make_the_same_bytes() -> None:
    run = report(broken())
    later = replace(run, generated_at=run.generated_at + timedelta(hours=5))
    assert maintenance.render(run, "list") == maintenance.render(later, "list")


def test_hostile_text_is_text() -> None:
    (event,) = events(hostile())
    assert str(event["url"]).startswith("https://")
    assert {name for name in event if name not in EXPECTED} == set()


EXPECTED = {
    *("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY"),
    *("DESCRIPTION", "CATEGORIES", "TRANSP", "URL"),
}


@settings(max_examples=50)
@given(written, written, written)
def test_any_text_makes_a_valid_calendar(name: str, body: str, link: str) -> None:
    row = {**window(name, updates=[update(body)]), "shortlink": link}
    (event,) = events(judged(page(component("API"), windows=[row], name=name)))
    assert set(event) <= EXPECTED
    assert_shown(str(event["summary"]))
    assert_shown(str(event["description"]), lines=True)

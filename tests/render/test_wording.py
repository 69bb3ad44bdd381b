"""Words for states, times, durations and lists; signs of states."""

from datetime import timedelta, timezone

import pytest

from outlogger_cli.domain.model import Component, ComponentStatus, Severity
from outlogger_cli.render import wording
from outlogger_cli.render.theme import MARKS, day_mark
from tests.support import NOW, utc

LENGTHS = {
    0: "0 s",
    59: "59 s",
    60: "1 min",
    3599: "59 min",
    3600: "1 h",
    3660: "1 h 1 min",
    86_399: "23 h 59 min",
    86_400: "1 d",
    90_000: "1 d 1 h",
    -5: "0 s",
}


@pytest.mark.parametrize("seconds", LENGTHS)
def test_a_length_has_its_two_largest_units(seconds: int) -> None:
    assert wording.length(timedelta(seconds=seconds)) == LENGTHS[seconds]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "just now"), (9, "just now"), (10, "10 s ago"), (7200, "2 h ago"), (-7200, "in 2 h")],
)
def test_an_age_is_relative_to_now(seconds: int, shown: str) -> None:
    assert wording.age(NOW - timedelta(seconds=seconds), NOW) == shown


def test_a_moment_is_in_the_readers_zone_with_its_year_if_it_is_another() -> None:
    berlin = timezone(timedelta(hours=1), "CET")
    assert wording.moment(utc("2026-01-15 11:05"), berlin, NOW) == "15 Jan 12:05 CET"
    assert wording.moment(utc("2025-12-31 23:30"), berlin, NOW) == "1 Jan 00:30 CET"
    assert wording.moment(utc("2025-12-31 22:30"), berlin, NOW) == "31 Dec 2025 23:30 CET"


@pytest.mark.parametrize(
    ("status", "raw", "shown"),
    [
        (ComponentStatus.PARTIAL_OUTAGE, "partial_outage", "partial outage"),
        (ComponentStatus.UNKNOWN, "on_fire", "unknown (on_fire)"),
        (ComponentStatus.UNKNOWN, "", "unknown"),
    ],
)
def test_an_unknown_status_is_shown_in_the_vendors_word(
    status: ComponentStatus, raw: str, shown: str
) -> None:
    component = Component(id="c", name="C", status=status, raw_status=raw)
    assert wording.component_status(component) == shown


def test_no_two_states_look_alike_without_colour() -> None:
    days = [day_mark(severity, incidents=1) for severity in Severity]
    for ascii in (False, True):
        assert len({mark.day_sign(ascii=ascii) for mark in days}) == len(Severity)
    signs = {mark.sign(ascii=True) for mark in MARKS.values()}
    assert len(signs) == len(Severity)
    assert all(sign.isascii() for sign in signs)


def test_a_quiet_day_and_one_with_harmless_incidents_differ() -> None:
    assert day_mark(Severity.NONE, 0) is MARKS[Severity.NONE]
    assert day_mark(Severity.NONE, 1) is not MARKS[Severity.NONE]

"""The severity of each day of a window, and the time with open incidents."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlogger_cli.domain.history import Day, Window, days, duration, open_seconds
from outlogger_cli.domain.model import (
    EVER,
    Downtime,
    Impact,
    Incident,
    IncidentStatus,
    Severity,
)
from tests.support import NOW, utc

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = Window(days=7, now=NOW)


def incident(
    start: str | datetime | None,
    end: str | datetime | None = None,
    impact: Impact = Impact.MINOR,
    status: IncidentStatus | None = None,
) -> Incident:
    """An incident from `start` to `end`; without an end it is still open."""
    if status is None:
        status = IncidentStatus.RESOLVED if end else IncidentStatus.INVESTIGATING
    return Incident(
        id="",
        name="Slow",
        status=status,
        raw_status=status.value,
        impact=impact,
        raw_impact=impact.value,
        started_at=utc(start) if isinstance(start, str) else start,
        resolved_at=utc(end) if isinstance(end, str) else end,
        updated_at=None,
        links=(),
        url="",
        updates=(),
    )


def strip(
    *incidents: Incident, since: datetime = EVER, zone: tzinfo = UTC, length: int = 7
) -> list[str]:
    """The severities of the days before NOW, today last, with the number of incidents."""
    window = Window(days=length, now=NOW, zone=zone)
    return [f"{day.severity} {day.incidents}" for day in days(incidents, since, window)]


QUIET = "none 0"


def test_days_are_dates_oldest_first_and_today_is_the_last() -> None:
    assert days([], EVER, Window(days=3, now=NOW)) == (
        Day(date=date(2026, 1, 13), severity=Severity.NONE, incidents=0),
        Day(date=date(2026, 1, 14), severity=Severity.NONE, incidents=0),
        Day(date=date(2026, 1, 15), severity=Severity.NONE, incidents=0),
    )


def test_a_window_starts_at_midnight_of_its_first_day() -> None:
    assert WEEK.start == utc("2026-01-09 00:00")
    assert Window(days=7, now=NOW, zone=BERLIN).start == utc("2026-01-08 23:00")


def test_a_window_may_be_ten_years() -> None:
    window = Window(days=3650, now=NOW)
    assert window.start == utc("2016-01-19 00:00")
    assert len(days([incident("2016-01-01 08:00")], EVER, window)) == 3650


def test_today_is_the_date_in_the_time_zone() -> None:
    late = utc("2026-01-15 23:30")
    assert Window(days=1, now=late).dates == [date(2026, 1, 15)]
    assert Window(days=1, now=late, zone=BERLIN).dates == [date(2026, 1, 16)]


def test_a_window_across_a_clock_change_starts_at_midnight() -> None:
    window = Window(days=10, now=utc("2026-04-02 12:00"), zone=BERLIN)
    assert window.start == utc("2026-03-23 23:00")
    assert len(window.dates) == 10


def test_an_incident_counts_for_every_day_it_was_open() -> None:
    spans = incident("2026-01-11 23:59", "2026-01-13 00:01", Impact.MAJOR)
    assert strip(spans) == [QUIET, QUIET, "major 1", "major 1", "major 1", QUIET, QUIET]


def test_an_incident_that_ends_at_midnight_does_not_count_for_the_next_day() -> None:
    assert strip(incident("2026-01-13 22:00", "2026-01-14 00:00"))[-3:] == ["minor 1", QUIET, QUIET]


def test_an_incident_of_no_length_counts_for_its_day() -> None:
    assert strip(incident("2026-01-14 00:00", "2026-01-14 00:00"))[-3:] == [QUIET, "minor 1", QUIET]


def test_a_day_has_the_worst_severity_of_its_incidents() -> None:
    found = strip(
        incident("2026-01-14 08:00", "2026-01-14 09:00", Impact.MINOR),
        incident("2026-01-14 10:00", "2026-01-14 11:00", Impact.CRITICAL),
        incident("2026-01-14 12:00", "2026-01-14 13:00", Impact.NONE),
    )
    assert found[-2:] == ["critical 3", QUIET]


def test_an_incident_without_impact_is_counted_with_severity_none() -> None:
    assert strip(incident("2026-01-14 08:00", "2026-01-14 09:00", Impact.NONE))[-2] == "none 1"


def test_an_open_incident_lasts_until_now() -> None:
    assert strip(incident("2026-01-14 08:00")) == [*[QUIET] * 5, "minor 1", "minor 1"]


def test_an_incident_that_starts_now_counts_for_today() -> None:
    assert strip(incident(NOW)) == [*[QUIET] * 6, "minor 1"]


def test_a_closed_incident_without_an_end_counts_for_its_first_day() -> None:
    closed = incident("2026-01-13 08:00", status=IncidentStatus.RESOLVED)
    assert strip(closed)[-3:] == ["minor 1", QUIET, QUIET]


def test_an_incident_that_ends_before_its_start_counts_for_its_first_day() -> None:
    assert strip(incident("2026-01-14 08:00", "2026-01-12 08:00"))[-4:] == [
        QUIET, QUIET, "minor 1", QUIET,
    ]  # fmt: skip


@pytest.mark.parametrize("start", [None, "2026-01-16 08:00"])
def test_an_incident_without_a_start_or_in_the_future_does_not_count(start: str | None) -> None:
    assert strip(incident(start)) == [QUIET] * 7
    assert open_seconds([incident(start)], WEEK) == 0


def test_days_are_those_of_the_time_zone() -> None:
    evening = incident("2026-01-13 23:30", "2026-01-13 23:45")
    assert strip(evening)[-3:] == ["minor 1", QUIET, QUIET]
    assert strip(evening, zone=BERLIN)[-3:] == [QUIET, "minor 1", QUIET]


def test_days_before_the_start_of_the_list_are_unknown() -> None:
    long = incident("2026-01-10 08:00", "2026-01-14 09:00")
    assert strip(long, since=utc("2026-01-12 15:00")) == [
        "unknown 0", "unknown 1", "unknown 1", "minor 1", "minor 1", "minor 1", QUIET,
    ]  # fmt: skip


def test_all_days_are_unknown_if_the_list_starts_after_them() -> None:
    assert strip(since=utc("2026-01-16 00:00")) == ["unknown 0"] * 7


def test_overlapping_incidents_count_once() -> None:
    found = open_seconds(
        [
            incident("2026-01-14 08:00", "2026-01-14 10:00"),
            incident("2026-01-14 09:00", "2026-01-14 09:30"),
            incident("2026-01-14 09:45", "2026-01-14 11:00"),
            incident("2026-01-14 12:00", "2026-01-14 12:10"),
        ],
        WEEK,
    )
    assert found == 3 * 3600 + 600


def downtime(noon: str, severity: Severity = Severity.MAJOR) -> Downtime:
    return Downtime(component_id="1", noon=utc(noon), severity=severity)


def test_a_day_shows_the_downtime_that_was_recorded_without_an_incident() -> None:
    recorded = [downtime("2026-01-13 12:00"), downtime("2026-01-13 12:00", Severity.MINOR)]
    found = days([incident("2026-01-14 08:00", "2026-01-14 09:00")], EVER, WEEK, recorded)
    assert [(day.severity, day.incidents) for day in found[-3:]] == [
        ("major", 0),
        ("minor", 1),
        ("none", 0),
    ]
    assert days([], utc("2026-01-14 00:00"), WEEK, recorded)[-3].severity == "unknown"


def test_a_day_of_a_page_ahead_of_the_zone_is_not_after_today() -> None:
    assert days([], EVER, WEEK, [downtime("2026-01-16 03:00")])[-1].severity == "major"


def test_only_the_time_within_the_window_counts() -> None:
    assert open_seconds([incident("2026-01-01 00:00", "2026-01-09 01:00")], WEEK) == 3600
    assert open_seconds([incident("2026-01-15 11:00", "2026-01-16 11:00")], WEEK) == 3600
    assert open_seconds([incident("2026-01-15 11:00")], WEEK) == 3600
    assert open_seconds([incident("2026-01-01 00:00", "2026-01-02 00:00")], WEEK) == 0


@pytest.mark.parametrize(
    ("impact", "seconds"),
    [
        (Impact.NONE, 0),
        (Impact.MAINTENANCE, 0),
        (Impact.MINOR, 60),
        (Impact.MAJOR, 60),
        (Impact.CRITICAL, 60),
    ],
)
def test_only_incidents_of_impact_minor_or_worse_count(impact: Impact, seconds: int) -> None:
    assert open_seconds([incident("2026-01-14 08:00", "2026-01-14 08:01", impact)], WEEK) == seconds


@pytest.mark.parametrize(
    ("one", "length"),
    [
        (incident("2026-01-14 08:00", "2026-01-14 09:30"), timedelta(minutes=90)),
        (incident("2026-01-14 08:00", "2026-01-14 07:00"), timedelta()),
        (incident("2026-01-14 08:00"), None),
        (
            incident("2026-01-14 08:00", "2026-01-14 09:00", status=IncidentStatus.MONITORING),
            None,
        ),
        (incident("2026-01-14 08:00", status=IncidentStatus.RESOLVED), None),
        (incident(None, "2026-01-14 09:00"), None),
    ],
)
def test_a_duration_is_never_negative_and_none_while_open(
    one: Incident, length: timedelta | None
) -> None:
    assert duration(one) == length


moments = st.timedeltas(timedelta(days=-13_000), timedelta(days=60_000)).map(
    lambda away: NOW + away
)
near = st.timedeltas(timedelta(days=-40), timedelta(days=2)).map(lambda back: NOW + back)
incidents = st.lists(
    st.builds(
        incident,
        near | moments,
        st.none() | near | moments,
        st.sampled_from(Impact),
        st.sampled_from(IncidentStatus),
    ),
    max_size=8,
)
zones = st.sampled_from([UTC, BERLIN, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Niue")])
windows = st.builds(Window, days=st.integers(1, 50), now=near, zone=zones)


@given(incidents, windows, st.just(EVER) | moments)
def test_days_are_exactly_those_of_the_window(
    found: list[Incident], window: Window, since: datetime
) -> None:
    strip = days(found, since, window)
    assert len(strip) == window.days
    assert strip[-1].date == window.now.astimezone(window.zone).date()
    assert {after.date - day.date for day, after in pairwise(strip)} <= {timedelta(days=1)}
    assert all(0 <= day.incidents <= len(found) for day in strip)


@given(incidents, windows)
def test_open_time_is_within_the_window_and_at_most_the_sum(
    found: list[Incident], window: Window
) -> None:
    together = open_seconds(found, window)
    alone = [open_seconds([one], window) for one in found]
    whole = (window.now - window.start).total_seconds()
    assert 0 <= together <= round(whole)
    assert max(alone, default=0) <= together <= sum(alone) + len(alone)
    assert open_seconds(found + found, window) == together
    assert open_seconds(found[::-1], window) == together


@given(incidents, windows)
def test_open_time_is_only_on_days_with_a_severity(found: list[Incident], window: Window) -> None:
    shown = [day for day in days(found, EVER, window) if day.severity.rank >= Severity.MINOR.rank]
    assert open_seconds(found, window) <= round(len(shown) * timedelta(hours=25).total_seconds())


@given(incidents)
def test_no_duration_is_negative(found: list[Incident]) -> None:
    lengths = [duration(one) for one in found]
    assert all(length is None or length >= timedelta() for length in lengths)

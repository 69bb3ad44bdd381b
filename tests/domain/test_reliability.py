"""The figures of a report, against cases counted by hand."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlogger_cli.domain.figures import TROUBLES, Figures
from outlogger_cli.domain.model import (
    EVER,
    Component,
    ComponentStatus,
    Downtime,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Read,
    Selection,
    Severity,
    Snapshot,
    Source,
    Update,
    Vendor,
)
from outlogger_cli.domain.period import Period
from outlogger_cli.domain.reliability import (
    COMPONENTS_LISTED,
    WEIGHTS,
    Record,
    Reliability,
    reliability,
)
from outlogger_cli.domain.verdict import Judged, judge
from tests.reports import unreadable
from tests.support import NOW, utc

NEW_YEAR = Period(first=date(2026, 1, 6), last=date(2026, 1, 15), now=NOW)
"""Nine days and a half: 820,800 seconds."""

HOUR = 3600
ALL = Decimal(100)


def at(moment: str | None) -> datetime | None:
    return utc(f"2026-{moment}") if moment else None


def incident(
    start: str | None,
    end: str | None = None,
    impact: Impact = Impact.CRITICAL,
    *,
    raw: str | None = None,
    status: IncidentStatus | None = None,
    links: Iterable[str] = (),
    posted: Sequence[str] = (),
) -> Incident:
    """An incident of 2026; without an end it is open, unless it has another status."""
    closed = IncidentStatus.RESOLVED if end else IncidentStatus.INVESTIGATING
    return Incident(
        id=f"{start} {impact}",
        name="Slow",
        status=status or closed,
        impact=impact,
        raw_impact=impact.value if raw is None else raw,
        started_at=at(start),
        resolved_at=at(end),
        links=tuple(Link(id=one, name=one) for one in links),
        updates=tuple(Update(body="", created_at=at(one)) for one in posted),
    )


def maintenance(
    start: str | None,
    end: str | None,
    status: MaintenanceStatus = MaintenanceStatus.COMPLETED,
    links: Iterable[str] = (),
) -> Maintenance:
    return Maintenance(
        id=str(start),
        name="Upgrade",
        status=status,
        scheduled_for=at(start),
        scheduled_until=at(end),
        links=tuple(Link(id=one, name=one) for one in links),
    )


def vendor(
    *incidents: Incident,
    windows: Sequence[Maintenance] = (),
    downtime: Sequence[Downtime] = (),
    components: Sequence[str] = ("API", "Web"),
    selected: Sequence[str] = (),
    since: datetime | None = EVER,
    windows_since: datetime | None = EVER,
    read_at: datetime = NOW,
    slug: str = "acme",
) -> Judged:
    snapshot = Snapshot(
        indicator=Severity.NONE,
        components=tuple(
            Component(id=one, name=one, status=ComponentStatus.OPERATIONAL) for one in components
        ),
        incidents=incidents,
        maintenances=tuple(windows),
        downtime=tuple(downtime),
        history_from=since,
        maintenance_from=windows_since,
    )
    outcome = Read(
        vendor=Vendor(
            slug=slug,
            url=f"https://status.{slug}.example",
            selection=Selection(include=tuple(selected)),
        ),
        platform="statuspage",
        snapshot=snapshot,
        source=Source.LIVE,
        checked_at=read_at,
    )
    return judge(outcome, window=None)


def compared(
    *vendors: Judged, period: Period = NEW_YEAR, weights: dict[Impact, Fraction] | None = None
) -> Reliability:
    return reliability(vendors, period, weights or WEIGHTS)


def record(*incidents: Incident, period: Period = NEW_YEAR, **page: Any) -> Record:
    (found,) = compared(vendor(*incidents, **page), period=period).records
    assert found
    return found


def figures(*incidents: Incident, period: Period = NEW_YEAR, **page: Any) -> Figures:
    return record(*incidents, period=period, **page).whole


def seconds(found: Figures) -> list[int]:
    return [found.seconds[impact] for impact in TROUBLES]


def test_a_page_without_incidents_that_lists_everything_is_at_100_percent() -> None:
    found = figures()
    assert found.total_seconds == 820_800
    assert (found.shown_availability, found.shown_clear) == (ALL, ALL)
    assert (found.count, found.trouble_days, found.longest_seconds) == (0, 0, None)
    assert [found.is_partial, found.maintenance_is_bound] == [False, False]


def test_downtime_is_weighted_by_impact() -> None:
    found = figures(
        incident("01-06 00:00", "01-06 04:00", Impact.CRITICAL),
        incident("01-07 00:00", "01-07 10:00", Impact.MAJOR),
        incident("01-08 22:00", "01-09 02:00", Impact.MINOR),
        incident("01-10 00:00", "01-10 01:00", Impact.NONE),
    )
    assert found.incidents == {
        Impact.CRITICAL: 1,
        Impact.MAJOR: 1,
        Impact.MINOR: 1,
        Impact.NONE: 1,
    }
    assert seconds(found) == [4 * HOUR, 10 * HOUR, 4 * HOUR]
    # 4 h and half of 10 h of 228 h; 18 h of 228 h
    assert found.availability == Decimal("96.0526")
    assert found.clear == Decimal("92.1052")
    assert (found.longest_seconds, found.resolve_seconds) == (10 * HOUR, 4 * HOUR)
    assert found.trouble_days == 4


def test_weights_can_be_changed() -> None:
    weights = {**WEIGHTS, Impact.MAJOR: Fraction(1), Impact.MINOR: Fraction("0.25")}
    one = vendor(
        incident("01-07 00:00", "01-07 10:00", Impact.MAJOR),
        incident("01-08 00:00", "01-08 08:00", Impact.MINOR),
    )
    (found,) = compared(one, weights=weights).records
    assert found
    assert found.whole.availability == Decimal("94.7368")  # 12 h of 228 h


def test_a_moment_counts_once_at_the_worst_impact() -> None:
    found = figures(
        incident("01-07 00:00", "01-07 10:00", Impact.MINOR),
        incident("01-07 02:00", "01-07 05:00", Impact.CRITICAL),
        incident("01-07 04:00", "01-07 08:00", Impact.MAJOR),
        incident("01-07 03:00", "01-07 04:00", Impact.CRITICAL),
    )
    assert seconds(found) == [3 * HOUR, 3 * HOUR, 4 * HOUR]
    assert found.trouble_seconds == 10 * HOUR


def test_only_the_part_within_the_period_counts() -> None:
    found = figures(
        incident("01-05 12:00", "01-06 02:00"),
        incident("01-01 00:00", "01-06 00:00"),
    )
    assert (found.count, found.trouble_seconds, found.trouble_days) == (1, 2 * HOUR, 1)
    assert (found.longest_seconds, found.resolve_seconds) == (2 * HOUR, 14 * HOUR)


def test_what_began_before_and_ends_after_covers_the_whole_period() -> None:
    past = Period(first=date(2026, 1, 6), last=date(2026, 1, 7), now=NOW)
    found = figures(incident("01-01 00:00", "01-14 00:00"), period=past)
    assert (found.total_seconds, found.trouble_seconds) == (48 * HOUR, 48 * HOUR)
    assert (found.availability, found.clear, found.trouble_days) == (Decimal(0), Decimal(0), 2)


def test_what_begins_after_the_period_does_not_count() -> None:
    past = Period(first=date(2026, 1, 6), last=date(2026, 1, 7), now=NOW)
    assert figures(incident("01-08 00:00", "01-08 01:00"), period=past).count == 0


def test_an_open_incident_counts_up_to_now() -> None:
    found = figures(incident("01-15 09:00"), incident("01-10 00:00", "01-10 01:00"))
    assert (found.trouble_seconds, found.longest_seconds) == (4 * HOUR, 3 * HOUR)
    assert (found.resolve_seconds, found.unresolved) == (2 * HOUR, 1)
    assert found.resolve_is_bound
    assert not found.availability_is_bound


def test_an_incident_open_since_a_past_period_is_as_long_as_it_was_by_now() -> None:
    past = Period(first=date(2026, 1, 6), last=date(2026, 1, 7), now=NOW)
    found = figures(incident("01-07 00:00"), period=past)
    assert (found.longest_seconds, found.resolve_seconds) == (24 * HOUR, 204 * HOUR)
    assert found.resolve_is_bound


def test_an_incident_that_begins_later_does_not_count() -> None:
    assert figures(incident("01-16 00:00")).count == 0


@pytest.mark.parametrize(
    ("zone", "days"), [(UTC, 1), (ZoneInfo("Europe/Berlin"), 2), (ZoneInfo("Asia/Tokyo"), 1)]
)
def test_days_are_those_of_the_zone(zone: tzinfo, days: int) -> None:
    period = Period(first=date(2026, 1, 6), last=date(2026, 1, 15), now=NOW, zone=zone)
    assert figures(incident("01-08 22:30", "01-08 23:30"), period=period).trouble_days == days


@pytest.mark.parametrize(("day", "hours"), [(29, 23), (30, 24)])
def test_the_day_on_which_summer_time_begins_has_23_hours(day: int, hours: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    now = utc("2026-06-01 00:00")
    period = Period(first=date(2026, 3, day), last=date(2026, 3, day), now=now, zone=zone)
    assert figures(period=period, read_at=now).total_seconds == hours * HOUR


def test_months_are_cut_by_the_period_and_share_an_incident() -> None:
    period = Period(first=date(2025, 11, 20), last=date(2026, 1, 15), now=NOW)
    found = record(
        Incident(
            id="1",
            name="Long",
            status=IncidentStatus.RESOLVED,
            impact=Impact.CRITICAL,
            raw_impact="critical",
            started_at=utc("2025-12-31 20:00"),
            resolved_at=utc("2026-01-01 06:00"),
        ),
        period=period,
    )
    months = found.months
    assert [(str(one.first), str(one.last)) for one in months] == [
        ("2025-11-20", "2025-11-30"),
        ("2025-12-01", "2025-12-31"),
        ("2026-01-01", "2026-01-15"),
    ]
    assert [one.trouble_seconds for one in months] == [0, 4 * HOUR, 6 * HOUR]
    assert [one.count for one in months] == [0, 1, 1]
    assert [one.resolve_seconds for one in months] == [None, 10 * HOUR, 10 * HOUR]
    assert (found.whole.count, found.whole.trouble_seconds) == (1, 10 * HOUR)


def test_a_list_that_begins_within_the_period_makes_bounds() -> None:
    period = Period(first=date(2025, 12, 1), last=date(2026, 1, 15), now=NOW)
    found = record(
        incident("01-10 00:00", "01-10 01:00"), since=utc("2026-01-10 00:00"), period=period
    )
    whole, (december, january) = found.whole, found.months
    assert whole.is_partial
    assert whole.count_is_bound
    assert whole.availability_is_bound
    assert whole.shown_availability == Decimal("99.9084")  # 1 h of 1,092 h
    assert not december.is_known
    assert january.is_known
    assert january.is_partial


@pytest.mark.parametrize("since", [None, utc("2026-01-10 00:00")])
def test_what_is_not_covered_is_never_at_100_percent(since: datetime | None) -> None:
    found = figures(since=since)
    assert (found.shown_availability, found.shown_clear) == (None, None)
    assert found.is_partial
    assert found.is_known is (since is not None)


def test_an_open_incident_is_known_without_a_history() -> None:
    found = figures(incident("01-15 09:00"), since=None)
    assert found.is_known
    assert found.time_is_bound
    assert found.shown_availability == Decimal("98.6842")  # 3 h of 228 h


def test_a_page_read_on_an_earlier_day_does_not_cover_the_days_since() -> None:
    read_at = utc("2026-01-13 12:00")
    found = figures(incident("01-13 00:00"), read_at=read_at)
    assert found.is_partial
    assert (found.trouble_seconds, found.total_seconds) == (12 * HOUR, 228 * HOUR)
    assert found.shown_availability == Decimal("94.7368")  # 12 h of 228 h, at most
    past = Period(first=date(2026, 1, 6), last=date(2026, 1, 12), now=NOW)
    assert not figures(period=past, read_at=read_at).is_partial


def test_a_page_read_earlier_today_counts_up_to_then() -> None:
    found = figures(incident("01-15 09:00"), read_at=utc("2026-01-15 10:00"))
    assert (found.is_partial, found.trouble_seconds) == (False, HOUR)
    assert found.total_seconds == 226 * HOUR


def test_a_page_read_before_the_period_says_nothing() -> None:
    assert not figures(read_at=utc("2026-01-01 00:00")).is_known


def test_a_period_that_begins_this_moment_has_no_figures() -> None:
    today = Period(first=date(2026, 1, 15), last=date(2026, 1, 15), now=utc("2026-01-15 00:00"))
    assert not figures(period=today, read_at=today.now).is_known


UNCLEAR = {
    "no end": incident("01-10 00:00", status=IncidentStatus.RESOLVED),
    "ends as it begins": incident("01-10 00:00", "01-10 00:00"),
    "ends before it begins": incident("01-10 00:00", "01-09 00:00"),
    "no start": incident(None, "01-10 05:00", posted=["01-10 03:00", "01-10 00:00"]),
    "only an end": incident(None, "01-10 05:00"),
    "unclear entry": incident("01-10 00:00", None, Impact.NONE, status=IncidentStatus.UNKNOWN),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_an_unknown_length_makes_times_bounds(name: str) -> None:
    found = figures(UNCLEAR[name])
    assert (found.count, found.unclear) == (1, 1)
    assert found.time_is_bound
    assert not found.count_is_bound
    assert found.shown_availability != 100
    assert found.shown_clear != 100
    assert found.resolve_seconds is None


def test_an_incident_of_impact_none_is_no_trouble_however_long_it_was() -> None:
    found = figures(incident("01-10 00:00", "01-10 00:00", Impact.NONE))
    assert (found.unclear, found.shown_availability, found.shown_clear) == (0, ALL, ALL)


def test_maintenance_of_unknown_length_makes_only_its_hours_a_bound() -> None:
    found = figures(incident("01-10 00:00", "01-10 00:00", Impact.MAINTENANCE))
    assert (found.unclear, found.maintenance_is_bound) == (0, True)


def test_an_incident_without_a_start_begins_at_its_oldest_update() -> None:
    assert figures(UNCLEAR["no start"]).trouble_seconds == 5 * HOUR


def test_a_closed_incident_without_any_time_may_belong_to_any_month() -> None:
    found = record(incident(None, status=IncidentStatus.RESOLVED))
    assert (found.whole.count, found.whole.undated) == (0, 1)
    assert all(one.count_is_bound for one in (found.whole, *found.months))
    assert found.whole.shown_availability is None


def test_an_open_incident_without_any_time_counts_today() -> None:
    found = figures(incident(None))
    assert (found.count, found.trouble_days, found.unclear) == (1, 1, 1)
    assert found.shown_availability is None
    past = Period(first=date(2026, 1, 6), last=date(2026, 1, 7), now=NOW)
    assert figures(incident(None), period=past).undated == 1


@pytest.mark.parametrize(
    ("raw", "bound"), [("minor", False), ("Yellow", False), ("", True), ("banana", True)]
)
def test_an_assumed_impact_makes_the_availability_a_bound(raw: str, bound: bool) -> None:
    found = figures(incident("01-10 00:00", "01-10 05:00", Impact.MINOR, raw=raw))
    assert found.availability_is_bound is bound
    assert found.shown_availability == (None if bound else 100)
    assert found.shown_clear == Decimal("97.8070")  # 5 h of 228 h


def test_an_assumed_impact_does_not_matter_if_no_other_weighs_more() -> None:
    one = vendor(incident("01-10 00:00", "01-10 05:00", Impact.MINOR, raw=""))
    (found,) = compared(one, weights=dict.fromkeys(TROUBLES, Fraction(1))).records
    assert found
    assert not found.whole.availability_is_bound


def test_maintenance_is_counted_once_and_is_no_downtime() -> None:
    found = figures(
        incident("01-10 00:00", "01-10 02:00", Impact.MAINTENANCE),
        windows=[
            maintenance("01-05 22:00", "01-06 02:00"),
            maintenance("01-06 01:00", "01-06 03:00"),
            maintenance("01-15 11:00", "01-15 11:30", MaintenanceStatus.IN_PROGRESS),
            maintenance("01-14 11:00", "01-14 13:00", MaintenanceStatus.SCHEDULED),
            maintenance("01-20 11:00", "01-20 13:00"),
            maintenance("01-01 11:00", "01-01 13:00"),
        ],
    )
    assert found.maintenance_seconds == (3 + 1 + 2) * HOUR
    assert (found.trouble_seconds, found.shown_availability) == (0, ALL)
    assert not found.maintenance_is_bound


@pytest.mark.parametrize(
    "page",
    [
        {"windows_since": None},
        {"windows_since": utc("2026-01-10 00:00")},
        {"windows": [maintenance(None, None)]},
        {"windows": [maintenance("01-10 00:00", "01-10 01:00", MaintenanceStatus.UNKNOWN)]},
        {"read_at": utc("2026-01-14 12:00")},
    ],
)
def test_maintenance_that_may_be_missing_makes_a_bound(page: dict[str, Any]) -> None:
    assert figures(**page).maintenance_is_bound


def test_recorded_downtime_is_trouble_of_unknown_length() -> None:
    recorded = [
        Downtime(component_id="API", noon=utc("2026-01-10 12:00"), severity=Severity.MAJOR),
        Downtime(component_id="API", noon=utc("2026-01-11 12:00"), severity=Severity.MINOR),
        Downtime(component_id="API", noon=utc("2026-01-12 12:00"), severity=Severity.MAINTENANCE),
        Downtime(component_id="API", noon=utc("2026-01-01 12:00"), severity=Severity.MAJOR),
        Downtime(component_id="Gone", noon=utc("2026-01-13 12:00"), severity=Severity.MAJOR),
    ]
    found = figures(incident("01-11 00:00", "01-11 01:00"), downtime=recorded)
    assert (found.trouble_days, found.unexplained_days) == (2, 1)
    assert found.time_is_bound
    only = figures(downtime=recorded[:1])
    assert (only.shown_availability, only.shown_clear) == (None, None)


# Components and selections


def test_components_are_compared_where_incidents_are_linked() -> None:
    found = record(
        incident("01-10 00:00", "01-10 01:00", links=["Web"]),
        incident("01-11 00:00", "01-11 03:00", links=["API", "Web"]),
        windows=[maintenance("01-12 00:00", "01-12 01:00", links=["API"])],
    )
    assert found.links
    assert [one.component.id for one in found.components] == ["Web", "API"]
    web, api = (one.whole for one in found.components)
    assert [web.trouble_seconds, api.trouble_seconds] == [4 * HOUR, 3 * HOUR]
    assert [web.maintenance_seconds, api.maintenance_seconds] == [0, HOUR]
    assert [web.availability_is_bound, web.maintenance_is_bound] == [False, False]
    assert [one.count for one in found.components[0].months] == [2]


def test_without_links_there_are_no_components() -> None:
    found = record(incident("01-10 00:00", "01-10 01:00"))
    assert (found.components, found.others, found.links) == ((), 0, False)


def test_an_incident_without_a_component_may_concern_any() -> None:
    found = record(
        incident("01-10 00:00", "01-10 01:00", links=["Web"]),
        incident("01-11 00:00", "01-11 03:00"),
        incident(None, status=IncidentStatus.RESOLVED),
        windows=[maintenance("01-12 00:00", "01-12 01:00")],
    )
    web, api = (one.whole for one in found.components)
    assert (web.count, web.unlinked, web.undated) == (1, 1, 1)
    assert web.maintenance_is_bound
    assert api.shown_availability is None
    assert found.whole.count == 2


def test_a_selection_counts_its_incidents_and_those_without_a_component() -> None:
    found = record(
        incident("01-10 00:00", "01-10 01:00", links=["Web"]),
        incident("01-11 00:00", "01-11 03:00", links=["API"]),
        incident("01-12 00:00", "01-12 05:00"),
        windows=[
            maintenance("01-12 00:00", "01-12 01:00", links=["Web"]),
            maintenance("01-13 00:00", "01-13 01:00", links=["API"]),
        ],
        selected=["API"],
    )
    assert found.whole.trouble_seconds == 8 * HOUR
    assert found.whole.maintenance_seconds == HOUR
    assert [one.component.id for one in found.components] == ["API"]


@pytest.mark.parametrize("selected", [["Nowhere"], ["API", "Nowhere"], ["*nothing*"]])
def test_a_component_that_the_page_does_not_list_has_no_figures(selected: list[str]) -> None:
    assert compared(vendor(selected=selected)).records == (None,)


def test_only_the_worst_of_many_components_are_listed() -> None:
    names = [f"C{number}" for number in range(COMPONENTS_LISTED + 50)]
    found = record(incident("01-10 00:00", "01-10 01:00", links=names[-1:]), components=names)
    assert (len(found.components), found.others) == (COMPONENTS_LISTED, 50)
    assert found.components[0].component.id == names[-1]


# Several vendors


def test_the_worst_vendor_comes_first_and_unknown_before_the_clean() -> None:
    bad = vendor(incident("01-10 00:00", "01-10 05:00"), slug="bad")
    worse = vendor(incident("01-10 00:00", "01-10 06:00"), slug="worse")
    slow = vendor(incident("01-10 00:00", "01-12 05:00", Impact.MINOR), slug="slow")
    vendors = [vendor(slug="clean"), unreadable(slug="gone"), vendor(since=None), slow, bad, worse]
    found = compared(*vendors)
    assert found.worst_first == [5, 4, 3, 1, 2, 0]
    assert found.records[1] is None


# Properties

MINUTES = 48 * 60
SPANS = st.lists(
    st.tuples(st.integers(-600, MINUTES + 600), st.integers(1, 900), st.sampled_from([*TROUBLES])),
    max_size=12,
)
DAYS = Period(first=date(2026, 1, 6), last=date(2026, 1, 7), now=NOW)


def spans(found: Sequence[tuple[int, int, Impact]]) -> list[Incident]:
    start = utc("2026-01-06 00:00")
    return [
        Incident(
            id=str(place),
            name="",
            status=IncidentStatus.RESOLVED,
            impact=impact,
            raw_impact=impact.value,
            started_at=start + timedelta(minutes=begin),
            resolved_at=start + timedelta(minutes=begin + length),
        )
        for place, (begin, length, impact) in enumerate(found)
    ]


@given(SPANS)
def test_overlaps_count_as_counted_minute_by_minute(
    found: list[tuple[int, int, Impact]],
) -> None:
    worst: Counter[Impact] = Counter()
    for minute in range(MINUTES):
        opened = {one for begin, length, one in found if begin <= minute < begin + length}
        if opened:
            worst[min(opened, key=TROUBLES.index)] += 60
    whole = figures(*spans(found), period=DAYS)
    assert seconds(whole) == [worst[impact] for impact in TROUBLES]
    assert whole.clear == Decimal((2880 * 60 - worst.total()) * 10**6 // (2880 * 60)) / 10**4


@given(SPANS, st.tuples(*[st.integers(0, 10)] * 3), st.tuples(*[st.integers(0, 10)] * 3))
def test_higher_weights_never_raise_the_availability(
    found: list[tuple[int, int, Impact]], some: tuple[int, ...], more: tuple[int, ...]
) -> None:
    page = vendor(*spans(found))
    weights = {impact: Fraction(one, 20) for impact, one in zip(TROUBLES, some, strict=True)}
    higher = {
        impact: weights[impact] + Fraction(one, 20)
        for impact, one in zip(TROUBLES, more, strict=True)
    }
    low, high = (compared(page, period=DAYS, weights=one).records[0] for one in (weights, higher))
    assert low
    assert high
    assert high.whole.availability <= low.whole.availability


@given(SPANS, st.integers(-600, MINUTES + 600))
def test_a_shorter_list_never_improves_a_figure_that_is_shown(
    found: list[tuple[int, int, Impact]], since: int
) -> None:
    """What a page lists after some moment gives bounds of what it would list in full."""
    begin = utc("2026-01-06 00:00") + timedelta(minutes=since)
    incidents = spans(found)
    kept = [one for one in incidents if one.started_at and one.started_at >= begin]
    full, cut = figures(*incidents, period=DAYS), figures(*kept, period=DAYS, since=begin)
    assert cut.count <= full.count
    assert cut.trouble_seconds <= full.trouble_seconds
    assert cut.availability >= full.availability
    if cut.is_partial:
        assert cut.shown_availability != 100

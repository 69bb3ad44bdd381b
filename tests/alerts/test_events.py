"""Events from reading to reading: each change once, and never a false recovery."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from outlogger_cli.alerts.events import (
    DEFAULT_KINDS,
    Event,
    Flapping,
    Kind,
    VendorState,
    compare,
    select,
)
from outlogger_cli.domain.model import FailOn, Read, Severity
from outlogger_cli.domain.verdict import Judged, judge
from outlogger_cli.watchlist.readers import EVENTS
from tests.reports import Row, component, group, incident, judged, page, unreadable, update, window
from tests.support import NOW, utc

FINE = judged(page(component("API"), component("Web")))
DEGRADED = judged(page(component("API", "degraded_performance"), component("Web")))
OUT = judged(page(component("API", "major_outage"), component("Web")))
UNREADABLE = unreadable()
NONE: list[str] = []


class History:
    """The readings of one vendor, a minute apart unless a test says otherwise."""

    def __init__(self) -> None:
        self.state = VendorState()
        self.now = NOW

    def read(
        self,
        reading: Judged,
        *,
        after: float = 1,
        muted: bool = False,
        muted_components: Sequence[str] = (),
        kinds: Sequence[str] = tuple(Kind),
        remind: timedelta | None = None,
    ) -> list[Event]:
        """Return the events of a reading so many minutes `after` the last."""
        self.now += timedelta(minutes=after)
        self.state, events = compare(
            self.state,
            reading,
            now=self.now,
            kinds=kinds,
            remind=remind,
            muted=muted,
            muted_components=muted_components,
        )
        return list(events)

    def kinds(self, *readings: Judged, after: float = 1, muted: bool = False) -> list[str]:
        """Return the kinds of the events of several readings."""
        return [
            event.kind.value
            for reading in readings
            for event in self.read(reading, after=after, muted=muted)
        ]


@pytest.fixture
def history() -> History:
    return History()


def with_incidents(*incidents: Row, status: str = "operational") -> Judged:
    return judged(page(component("API", status), component("Web"), incidents=incidents))


def test_the_kinds_are_those_of_the_watchlist() -> None:
    assert tuple(Kind) == EVENTS
    assert DEFAULT_KINDS == ("opened", "worsened", "recovered", "unreadable", "readable")


# Opened, worsened, eased, recovered.


def test_each_change_of_a_problem_is_one_event(history: History) -> None:
    events = history.kinds(FINE, FINE, DEGRADED, DEGRADED, OUT, OUT, DEGRADED, FINE, FINE)
    assert events == ["opened", "worsened", "eased", "recovered"]


def test_an_event_has_severity_and_previous_severity(history: History) -> None:
    history.read(FINE)
    (opened,) = history.read(DEGRADED)
    assert opened == Event(
        kind=Kind.OPENED,
        judged=DEGRADED,
        severity=Severity.MINOR,
        previous=Severity.NONE,
        at=history.now,
    )
    (worsened,) = history.read(OUT)
    assert (worsened.severity, worsened.previous) == (Severity.CRITICAL, Severity.MINOR)
    (eased,) = history.read(DEGRADED)
    assert (eased.severity, eased.previous) == (Severity.MINOR, Severity.CRITICAL)
    (recovered,) = history.read(FINE)
    assert (recovered.severity, recovered.previous) == (Severity.NONE, Severity.MINOR)
    assert recovered.lasted == timedelta(minutes=3)


def test_the_first_reading_reports_open_problems_only(history: History) -> None:
    (opened,) = history.read(OUT)
    assert (opened.kind, opened.previous) == (Kind.OPENED, None)
    over = with_incidents(incident("Old trouble", "resolved", "critical"))
    assert History().kinds(over, FINE) == NONE


@pytest.mark.parametrize(
    ("fail_on", "expected"),
    [
        (FailOn.MINOR, ["opened", "worsened", "recovered"]),
        (FailOn.CRITICAL, ["opened", "recovered"]),
        (FailOn.NEVER, NONE),
    ],
)
def test_the_threshold_is_that_of_the_vendor(
    history: History, fail_on: FailOn, expected: list[str]
) -> None:
    rounds = ("operational", "degraded_performance", "major_outage", "operational")
    pages = [judged(page(component("API", status)), fail_on=fail_on) for status in rounds]
    assert history.kinds(*pages) == expected


def test_below_the_threshold_is_recovered(history: History) -> None:
    out, rest = (
        judged(page(component("API", status)), fail_on=FailOn.MAJOR)
        for status in ("major_outage", "degraded_performance")
    )
    history.read(out)
    (recovered,) = history.read(rest)
    assert (recovered.kind, recovered.severity) == (Kind.RECOVERED, Severity.MINOR)


def test_a_clock_that_was_set_back_makes_no_negative_duration(history: History) -> None:
    history.read(OUT)
    (recovered,) = history.read(FINE, after=-30)
    assert recovered.lasted == timedelta()


# Unreadable pages.


def test_an_unreadable_page_is_never_a_recovery(history: History) -> None:
    lost = [UNREADABLE] * 3
    assert history.kinds(OUT, *lost, UNREADABLE, OUT) == ["opened", "unreadable", "readable"]
    assert history.kinds(*lost, FINE) == ["unreadable", "readable", "recovered"]


def test_fewer_than_three_rounds_without_a_verdict_are_no_event(history: History) -> None:
    lost = [UNREADABLE] * 2
    assert history.kinds(*lost, FINE, *lost, OUT, *lost, FINE) == ["opened", "recovered"]
    assert history.kinds(*lost) == NONE
    assert history.kinds(UNREADABLE) == ["unreadable"]


def test_the_rounds_without_a_verdict_count_while_muted(history: History) -> None:
    assert history.kinds(*[UNREADABLE] * 3, muted=True) == NONE
    assert history.kinds(UNREADABLE, UNREADABLE) == ["unreadable"]


def test_an_unreadable_page_does_not_count_as_the_first_reading(
    history: History,
) -> None:
    history.kinds(UNREADABLE, UNREADABLE)
    (lost,) = history.read(UNREADABLE)
    assert (lost.kind, lost.severity, lost.previous) == (
        Kind.UNREADABLE,
        Severity.UNKNOWN,
        None,
    )
    found, opened = history.read(
        with_incidents(incident("Slow", impact="major"), status="major_outage")
    )
    assert (found.kind, found.previous) == (Kind.READABLE, Severity.UNKNOWN)
    assert (opened.kind, opened.previous) == (Kind.OPENED, None)


def emptied(*incidents: Row) -> Judged:
    """The vendor whose page listed components before and lists none now."""
    found = judged(page(incidents=incidents))
    assert isinstance(found.outcome, Read)
    return judge(replace(found.outcome, is_emptied=True), window=None)


def test_a_problem_that_ends_because_the_page_was_emptied_is_no_recovery(history: History) -> None:
    bare = judged(page())
    assert history.kinds(FINE, OUT, *[emptied()] * 4) == ["opened", "unreadable"]
    assert history.kinds(bare, bare) == ["readable"]
    open_again = judged(page(incidents=[incident("Slow", impact="major")]))
    assert history.kinds(open_again, bare) == ["opened", "updated", "recovered"]


def test_a_page_that_lists_components_again_recovers(history: History) -> None:
    assert history.kinds(OUT, emptied(), FINE) == ["opened", "recovered"]


def test_an_emptied_page_with_an_open_incident_stays_a_problem(history: History) -> None:
    told = history.kinds(OUT, emptied(incident("Slow", impact="critical")), judged(page()))
    assert told == ["opened", "updated", "readable"]


def test_a_text_that_is_edited_in_place_is_an_update(history: History) -> None:
    def slow(body: str) -> Judged:
        return with_incidents(incident("Slow", updates=[update(body)]))

    first, second = slow("We look, for 5 minutes now."), slow("We found the cause.")
    assert history.kinds(first, slow("We look, for 6 minutes now."), second, second) == [
        "opened",
        "updated",
    ]


def test_what_an_earlier_version_knew_of_an_incident_is_no_update(history: History) -> None:
    slow = with_incidents(incident("Slow", updates=[update("We look.")]))
    history.read(slow)
    known = {id: text.partition("\t")[0] for id, text in history.state.incidents.items()}
    history.state = replace(history.state, incidents=known)
    assert history.kinds(slow) == []


def test_an_unknown_status_is_never_a_recovery(history: History) -> None:
    strange = judged(page(component("API", "on_fire")), components=("API",))
    out = judged(page(component("API", "major_outage")), components=("API",))
    assert history.kinds(out, *[strange] * 3, out) == ["opened", "unreadable", "readable"]


# Incidents.


def test_new_incidents_and_new_updates_are_one_event_each(history: History) -> None:
    first = incident("Slow", "monitoring", updates=[update("Looking.", at="2026-01-15 12:00")])
    second = {
        **first,
        "incident_updates": [
            update("Found it.", "monitoring", at="2026-01-15 12:09"),
            *first["incident_updates"],
        ],
    }
    other = incident("Late mails", "monitoring")
    pages = (
        FINE,
        with_incidents(first),
        with_incidents(first),
        with_incidents(second),
        with_incidents(other, second),
    )
    events = [event for reading in pages for event in history.read(reading)]
    assert [(e.kind, e.incident and e.incident.name) for e in events] == [
        (Kind.UPDATED, "Slow"),
        (Kind.UPDATED, "Slow"),
        (Kind.UPDATED, "Late mails"),
    ]


def test_an_older_copy_of_the_page_is_not_an_update(history: History) -> None:
    old = with_incidents(
        incident("Slow", "monitoring", updates=[update("1", at="2026-01-15 12:00")])
    )
    new = with_incidents(
        incident("Slow", "monitoring", updates=[update("2", at="2026-01-15 12:05")])
    )
    assert history.kinds(FINE, old, new, old, new, FINE, new) == ["updated", "updated"]


def test_an_update_dated_back_is_an_update(history: History) -> None:
    first = update("Looking.", at="2026-01-15 12:00")
    second = update("Found it.", at="2026-01-15 11:50")
    before, after = (
        with_incidents(incident("Slow", "monitoring", updates=updates))
        for updates in ([first], [first, second])
    )
    assert history.kinds(FINE, before, after, after, before, after) == ["updated", "updated"]


@pytest.mark.parametrize("updates", [[], [update("Looking.", at="2026-01-15 12:00")]])
def test_another_status_at_the_same_time_is_an_update(history: History, updates: list[Row]) -> None:
    monitoring, identified = (
        with_incidents(incident("Slow", status, "none", updates=updates))
        for status in ("monitoring", "identified")
    )
    assert history.kinds(FINE, monitoring, identified, identified) == ["updated", "updated"]


def test_the_end_of_an_open_incident_is_an_update_if_it_is_listed(
    history: History,
) -> None:
    slow = incident("Slow", "monitoring", updates=[update("Fixed.", at="2026-01-15 12:00")])
    closed = incident("Slow", "resolved", updates=[update("Done.", at="2026-01-15 12:30")])
    past = incident("Old trouble", "resolved", updates=[update("Done.", at="2026-01-15 12:10")])
    assert history.kinds(FINE, with_incidents(slow, past)) == ["updated"]
    (over,) = history.read(with_incidents(closed, past))
    assert over.incident
    assert (over.kind, over.incident.updates[0].body) == (Kind.UPDATED, "Done.")
    assert history.kinds(with_incidents(closed, past), with_incidents(slow, past), FINE) == NONE


def test_a_fingerprint_without_the_number_of_updates_is_recognised() -> None:
    reading = with_incidents(
        incident("Slow", "monitoring", updates=[update("1", at="2026-01-15 12:00")])
    )
    state = VendorState(
        severity=Severity.NONE,
        incidents={"incident Slow": "2026-01-15T12:00:00+00:00 monitoring"},
    )
    after, events = compare(state, reading, now=NOW)
    assert (after.incidents, events) == (state.incidents, ())


def test_without_any_time_a_new_status_is_an_update(history: History) -> None:
    def timeless(status: str) -> Judged:
        return with_incidents({**incident("Slow", status), "created_at": None})

    pages = FINE, timeless("monitoring"), timeless("monitoring"), timeless("identified")
    assert history.kinds(*pages) == ["updated", "opened", "updated"]


def test_incidents_of_the_first_round_are_not_updates(history: History) -> None:
    assert history.kinds(with_incidents(incident("Slow", "monitoring"))) == NONE


def test_a_problem_has_the_incident_of_worst_impact(history: History) -> None:
    small, grave = (
        incident("Small"),
        incident("Grave", impact="critical", started="2026-01-15 09:00"),
    )
    (opened,) = history.read(with_incidents(small, grave))
    assert opened.incident
    assert opened.incident.name == "Grave"


def test_an_update_is_left_out_if_another_wanted_event_reports_the_incident() -> None:
    history = History()
    history.read(FINE)
    other = incident("Late mails", "monitoring", "none")
    events = history.read(with_incidents(incident("Slow", impact="major"), other))
    assert [e.kind for e in events] == [Kind.OPENED, Kind.UPDATED, Kind.UPDATED]
    both = select(events, ["opened", "updated"])
    assert [(e.kind, e.incident and e.incident.name) for e in both] == [
        (Kind.OPENED, "Slow"),
        (Kind.UPDATED, "Late mails"),
    ]
    alone = select(events, ["updated"])
    assert [e.incident and e.incident.name for e in alone] == ["Slow", "Late mails"]


def test_the_number_of_remembered_incidents_is_limited(history: History) -> None:
    history.read(FINE)
    for number in range(130):
        history.read(with_incidents(incident(f"Trouble {number}", "monitoring")))
    assert len(history.state.incidents) == 101


def test_many_open_incidents_are_each_told_once(history: History) -> None:
    open_ones = [incident(f"Trouble {number}", "monitoring") for number in range(150)]
    history.read(FINE)
    assert history.kinds(with_incidents(*open_ones)) == ["updated"] * 150
    assert history.kinds(*[with_incidents(*open_ones)] * 2) == NONE
    assert history.kinds(with_incidents(incident("New", "monitoring"), *open_ones)) == ["updated"]


def test_of_a_flood_of_open_incidents_the_first_thousand_are_followed(history: History) -> None:
    flood = with_incidents(*(incident(f"Trouble {n}", "monitoring") for n in range(1010)))
    history.read(FINE)
    assert len(history.kinds(flood)) == 1000
    assert history.kinds(flood) == NONE


# Maintenance.


def test_maintenance_starts_and_ends(history: History) -> None:
    planned, under_way = (
        judged(page(component("API"), windows=[window("New disks", status)]))
        for status in ("scheduled", "in_progress")
    )
    pages = FINE, planned, under_way, under_way, FINE
    events = [event for reading in pages for event in history.read(reading)]
    assert [(e.kind, e.maintenance) for e in events] == [
        (Kind.MAINTENANCE_STARTED, "New disks"),
        (Kind.MAINTENANCE_ENDED, "New disks"),
    ]


def test_active_maintenance_in_the_first_reading_has_started(history: History) -> None:
    under_way = judged(page(component("API"), windows=[window("New disks", "verifying")]))
    assert history.kinds(under_way) == ["maintenance_started"]


def test_components_under_maintenance_are_maintenance_without_a_window(history: History) -> None:
    rows = (*group("Europe", component("API", "under_maintenance")), component("Web"))
    alone = judged(page(*rows))
    announced = judged(page(*rows, windows=[window("New disks", "in_progress")]))
    events = [e for reading in (FINE, alone, alone, FINE) for e in history.read(reading)]
    assert [(e.kind, e.maintenance) for e in events] == [
        (Kind.MAINTENANCE_STARTED, "Europe/API"),
        (Kind.MAINTENANCE_ENDED, "Europe/API"),
    ]
    events = [e for reading in (alone, announced, FINE) for e in history.read(reading)]
    assert [(e.kind, e.maintenance) for e in events] == [
        (Kind.MAINTENANCE_STARTED, "Europe/API"),
        (Kind.MAINTENANCE_STARTED, "New disks"),
        (Kind.MAINTENANCE_ENDED, "New disks"),
    ]


# Flapping.


def flap(history: History, times: int, *, after: float = 1) -> list[Event]:
    return [e for _ in range(times) for one in (OUT, FINE) for e in history.read(one, after=after)]


def test_the_fourth_opening_within_15_minutes_is_flapping(history: History) -> None:
    events = flap(history, 5)
    assert [(e.kind, e.flapping) for e in events] == [
        *([(Kind.OPENED, Flapping.NO), (Kind.RECOVERED, Flapping.NO)] * 3),
        (Kind.OPENED, Flapping.STARTED),
    ]


def test_four_openings_within_a_longer_time_are_not_flapping(history: History) -> None:
    assert [e.kind for e in flap(history, 5, after=3)] == [Kind.OPENED, Kind.RECOVERED] * 5


def test_after_five_calm_minutes_flapping_ends_as_recovered(history: History) -> None:
    flap(history, 4)
    began = history.now - timedelta(minutes=1)
    assert history.kinds(FINE, FINE, FINE, FINE) == NONE
    (calm,) = history.read(FINE)
    assert (calm.kind, calm.flapping, calm.lasted) == (
        Kind.RECOVERED,
        Flapping.ENDED,
        timedelta(minutes=1),
    )
    assert calm.at - began == timedelta(minutes=6)
    assert [e.kind for e in flap(history, 3)] == [Kind.OPENED, Kind.RECOVERED] * 3


def test_after_five_calm_minutes_flapping_ends_as_a_problem(history: History) -> None:
    flap(history, 4)
    assert history.kinds(OUT, DEGRADED, OUT, after=1) == NONE
    (calm,) = history.read(OUT, after=3)
    assert (calm.kind, calm.flapping, calm.severity, calm.previous) == (
        Kind.OPENED,
        Flapping.ENDED,
        Severity.CRITICAL,
        Severity.CRITICAL,
    )
    assert history.kinds(OUT, FINE) == ["recovered"]


def test_a_change_after_five_calm_minutes_is_an_event(history: History) -> None:
    flap(history, 4)
    assert history.kinds(OUT, after=9) == ["opened"]
    assert history.kinds(FINE) == ["recovered"]


def test_worse_and_unreadable_do_not_count_towards_flapping(history: History) -> None:
    rounds = [OUT, UNREADABLE, DEGRADED, OUT, UNREADABLE, DEGRADED, OUT, UNREADABLE, DEGRADED, FINE]
    assert Flapping.STARTED not in [e.flapping for one in rounds for e in history.read(one)]


def test_an_unreadable_page_while_flapping_is_no_event(history: History) -> None:
    flap(history, 4)
    assert history.kinds(UNREADABLE, UNREADABLE, after=2) == NONE
    assert history.kinds(FINE) == ["recovered"]


@pytest.mark.parametrize(("found", "expected"), [(FINE, Kind.RECOVERED), (OUT, Kind.OPENED)])
def test_after_five_calm_minutes_an_unreadable_page_is_an_event(
    history: History, found: Judged, expected: Kind
) -> None:
    flap(history, 4)
    assert history.kinds(UNREADABLE, UNREADABLE, UNREADABLE, UNREADABLE, after=2) == ["unreadable"]
    readable, standing = history.read(found)
    assert (readable.kind, standing.kind, standing.flapping) == (
        Kind.READABLE,
        expected,
        Flapping.ENDED,
    )
    assert history.kinds(*[UNREADABLE] * 3, found) == ["unreadable", "readable"]


# Mutes.


def test_after_a_mute_an_open_problem_is_reported(history: History) -> None:
    written = with_incidents(incident("Slow", "monitoring"), status="major_outage")
    history.read(FINE)
    assert history.kinds(OUT, UNREADABLE, written, muted=True) == NONE
    (opened, updated) = history.read(written)
    assert (opened.kind, opened.previous, updated.kind) == (Kind.OPENED, None, Kind.UPDATED)
    (recovered,) = history.read(FINE)
    assert recovered.lasted == history.now - utc("2026-01-15 11:05")


def test_a_problem_that_starts_and_ends_while_muted_is_not_reported(history: History) -> None:
    history.read(FINE)
    assert history.kinds(OUT, FINE, muted=True) == NONE
    assert history.kinds(FINE) == NONE


def test_a_recovery_while_muted_is_reported_after_the_mute(history: History) -> None:
    history.read(OUT)
    history.read(FINE, muted=True)
    (recovered,) = history.read(FINE, after=30)
    assert (recovered.kind, recovered.lasted) == (Kind.RECOVERED, timedelta(minutes=1))


def test_a_problem_that_reopens_while_muted_is_the_same_problem(
    history: History,
) -> None:
    history.read(DEGRADED)
    assert history.kinds(FINE, OUT, muted=True) == NONE
    assert history.kinds(OUT) == ["worsened"]
    (recovered,) = history.read(FINE)
    assert recovered.lasted == timedelta(minutes=4)


def test_flapping_that_starts_while_muted_is_reported_only_by_its_end(history: History) -> None:
    for _ in range(5):
        history.kinds(OUT, FINE, muted=True)
    assert history.kinds(FINE) == NONE
    assert history.kinds(FINE, after=9) == NONE
    assert history.kinds(OUT) == ["opened"]


# Muted components.


def both(api: str, web: str, indicator: str = "none") -> Judged:
    return judged(page(component("API", api), component("Web", web), indicator=indicator))


def test_what_only_a_muted_component_causes_is_not_reported(history: History) -> None:
    down = both("major_outage", "operational", indicator="critical")
    assert history.read(down, muted_components=["api"]) == []
    (opened,) = history.read(down)
    assert opened.kind is Kind.OPENED


def test_another_component_is_reported_with_its_own_severity(history: History) -> None:
    history.read(both("major_outage", "operational"), muted_components=["API"])
    (opened,) = history.read(both("major_outage", "degraded_performance"), muted_components=["API"])
    assert (opened.kind, opened.severity) == (Kind.OPENED, Severity.MINOR)
    assert [c.name for c in opened.judged.problems] == ["Web"]


def test_muting_a_component_does_not_look_like_a_recovery(history: History) -> None:
    history.read(both("major_outage", "operational"))
    assert history.read(both("major_outage", "operational"), muted_components=["API"]) == []
    assert (
        history.read(both("major_outage", "degraded_performance"), muted_components=["API"]) == []
    )
    (recovered,) = history.read(both("operational", "operational"), muted_components=["API"])
    assert (recovered.kind, recovered.lasted) == (Kind.RECOVERED, timedelta(minutes=3))


def test_an_incident_is_muted_only_if_all_its_components_are(history: History) -> None:
    history.read(FINE)
    theirs = incident("API slow", impact="major", links=["API"])
    shared = incident("All slow", impact="major", links=["API", "Web"])
    loose = incident("Slow", impact="major")
    assert history.read(with_incidents(theirs), muted_components=["API"]) == []
    assert [e.kind for e in history.read(with_incidents(shared), muted_components=["API"])] == [
        Kind.OPENED,
        Kind.UPDATED,
    ]
    history.read(FINE)
    assert [e.kind for e in history.read(with_incidents(loose), muted_components=["API"])] == [
        Kind.OPENED,
        Kind.UPDATED,
    ]


def test_an_indicator_worse_than_the_muted_components_explain_still_counts(
    history: History,
) -> None:
    worse = both("degraded_performance", "operational", indicator="critical")
    assert [e.kind for e in history.read(worse, muted_components=["API"])] == [Kind.OPENED]


def test_an_unknown_indicator_stays_unknown(history: History) -> None:
    history.read(OUT)
    strange = both("major_outage", "operational", indicator="purple")
    assert history.read(strange, muted_components=["API"]) == []
    assert history.kinds(FINE) == ["recovered"]


def test_a_mute_that_matches_no_component_mutes_nothing(history: History) -> None:
    assert [e.kind for e in history.read(OUT, muted_components=["Mail"])] == [Kind.OPENED]


# What is told because it was asked for.


def test_opened_is_told_when_it_is_first_asked_for(history: History) -> None:
    history.read(FINE)
    assert [e.kind for e in history.read(OUT, kinds=["recovered"])] == [Kind.OPENED]
    assert [e.kind for e in history.read(OUT, kinds=["recovered"])] == []
    (late,) = history.read(OUT)
    assert (late.kind, late.previous) == (Kind.OPENED, None)
    assert history.kinds(OUT, FINE, OUT) == ["recovered", "opened"]


def test_opened_is_not_repeated_if_it_is_asked_for_again(history: History) -> None:
    for kinds in (["opened"], ["recovered"], ["opened"]):
        told = [event.kind for event in history.read(OUT, kinds=kinds)]
        assert told == ([Kind.OPENED] if history.now == NOW + timedelta(minutes=1) else [])


def test_a_reminder_repeats_an_open_problem(history: History) -> None:
    rounds = [FINE, OUT, OUT, OUT, OUT, OUT, DEGRADED, OUT, FINE]
    told = [
        [event.kind.value for event in history.read(one, after=60, remind=timedelta(hours=2))]
        for one in rounds
    ]
    assert told == [
        *([], ["opened"], [], ["reminder"], [], ["reminder"]),
        *(["eased"], ["worsened"], ["recovered"]),
    ]


def test_a_reminder_counts_from_what_was_told(history: History) -> None:
    two = timedelta(hours=2)
    history.read(OUT, remind=two)
    # "eased" is not asked for: the problem was told at its beginning only.
    assert [e.kind for e in history.read(DEGRADED, after=90, kinds=["opened"])] == [Kind.EASED]
    (reminder,) = history.read(DEGRADED, after=30, kinds=["opened", "reminder"], remind=two)
    assert (reminder.kind, reminder.severity) == (Kind.REMINDER, Severity.MINOR)


def test_a_clock_that_was_set_back_does_not_stop_reminders(history: History) -> None:
    two = timedelta(hours=2)
    history.read(OUT, remind=two)
    assert history.kinds(OUT, after=-600) == NONE
    assert [e.kind for e in history.read(OUT, remind=two)] == [Kind.REMINDER]


def test_muted_and_unreadable_problems_are_not_repeated(history: History) -> None:
    history.read(OUT)
    remind = timedelta(minutes=1)
    assert history.read(OUT, muted=True, remind=remind, after=9) == []
    assert history.read(UNREADABLE, remind=remind, after=9) == []


# The incident of a problem.


def problem(*incidents: Row) -> Judged:
    return with_incidents(*incidents, status="major_outage")


def test_recovered_has_the_worst_incident_and_counts_from_its_start(history: History) -> None:
    small = incident("Small", "monitoring", "minor", started="2026-01-01 00:00")
    grave = incident("Grave", impact="critical", started="2026-01-15 11:00")
    history.kinds(FINE, problem(small), problem(small, grave), problem(small))
    (recovered,) = [e for e in history.read(with_incidents(small)) if e.kind is Kind.RECOVERED]
    assert recovered.incident
    assert recovered.incident.name == "Grave"
    assert recovered.lasted == history.now - utc("2026-01-15 11:00")


def test_without_an_incident_the_length_is_that_of_the_problem(history: History) -> None:
    old = incident("Old", "resolved", "critical")
    history.read(with_incidents(old))
    history.read(problem(old))
    (recovered,) = history.read(with_incidents(old), after=7)
    assert (recovered.incident, recovered.lasted) == (None, timedelta(minutes=7))


def test_the_incident_of_an_earlier_problem_is_forgotten(history: History) -> None:
    history.kinds(problem(incident("First", impact="major")), FINE, OUT)
    (recovered,) = history.read(FINE)
    assert recovered.incident is None


def test_an_incident_from_the_future_makes_no_negative_duration(history: History) -> None:
    history.read(problem(incident("Early", impact="major", started="2026-01-16 00:00")))
    (recovered,) = [e for e in history.read(FINE) if e.kind is Kind.RECOVERED]
    assert recovered.lasted == timedelta()

"""What is told of a vendor, reading after reading: each thing once, and never a false recovery."""

from collections.abc import Sequence
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
from outlogger_cli.domain.model import FailOn, Severity
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.watchlist.readers import EVENTS
from tests.reports import Row, component, group, incident, judged, page, unreadable, update, window
from tests.support import NOW

FINE = judged(page(component("API"), component("Web")))
DEGRADED = judged(page(component("API", "degraded_performance"), component("Web")))
OUT = judged(page(component("API", "major_outage"), component("Web")))
LOST = unreadable()
SILENCE: list[str] = []


class Story:
    """One vendor's readings, a minute apart unless a test says otherwise."""

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
    ) -> list[Event]:
        """The events of a reading so many minutes `after` the last."""
        self.now += timedelta(minutes=after)
        self.state, events = compare(
            self.state, reading, now=self.now, muted=muted, muted_components=muted_components
        )
        return list(events)

    def kinds(self, *readings: Judged, after: float = 1, muted: bool = False) -> list[str]:
        """The kinds of what is told over several readings."""
        return [
            event.kind.value
            for reading in readings
            for event in self.read(reading, after=after, muted=muted)
        ]


@pytest.fixture
def story() -> Story:
    return Story()


def writing(*incidents: Row, status: str = "operational") -> Judged:
    return judged(page(component("API", status), component("Web"), incidents=incidents))


def test_the_events_are_those_the_watchlist_knows() -> None:
    assert tuple(Kind) == EVENTS
    assert DEFAULT_KINDS == ("opened", "worsened", "recovered")


# Opened, worsened, eased, recovered.


def test_a_problem_is_told_once_from_its_begin_to_its_end(story: Story) -> None:
    told = story.kinds(FINE, FINE, DEGRADED, DEGRADED, OUT, OUT, DEGRADED, FINE, FINE)
    assert told == ["opened", "worsened", "eased", "recovered"]


def test_an_event_says_how_it_stands_and_how_it_stood(story: Story) -> None:
    story.read(FINE)
    (opened,) = story.read(DEGRADED)
    assert opened == Event(
        kind=Kind.OPENED,
        judged=DEGRADED,
        severity=Severity.MINOR,
        previous=Severity.NONE,
        at=story.now,
    )
    (worsened,) = story.read(OUT)
    assert (worsened.severity, worsened.previous) == (Severity.CRITICAL, Severity.MINOR)
    (eased,) = story.read(DEGRADED)
    assert (eased.severity, eased.previous) == (Severity.MINOR, Severity.CRITICAL)
    (recovered,) = story.read(FINE)
    assert (recovered.severity, recovered.previous) == (Severity.NONE, Severity.MINOR)
    assert recovered.lasted == timedelta(minutes=3)


def test_what_is_open_in_the_first_round_is_told_and_what_is_over_is_not(story: Story) -> None:
    (opened,) = story.read(OUT)
    assert (opened.kind, opened.previous) == (Kind.OPENED, None)
    over = writing(incident("Old trouble", "resolved", "critical"))
    assert Story().kinds(over, FINE) == SILENCE


@pytest.mark.parametrize(
    ("fail_on", "told"),
    [
        (FailOn.MINOR, ["opened", "worsened", "recovered"]),
        (FailOn.CRITICAL, ["opened", "recovered"]),
        (FailOn.NEVER, SILENCE),
    ],
)
def test_the_threshold_is_the_vendors(story: Story, fail_on: FailOn, told: list[str]) -> None:
    rounds = ("operational", "degraded_performance", "major_outage", "operational")
    pages = [judged(page(component("API", status)), fail_on=fail_on) for status in rounds]
    assert story.kinds(*pages) == told


def test_below_the_threshold_is_recovered_though_not_well(story: Story) -> None:
    out, rest = (
        judged(page(component("API", status)), fail_on=FailOn.MAJOR)
        for status in ("major_outage", "degraded_performance")
    )
    story.read(out)
    (recovered,) = story.read(rest)
    assert (recovered.kind, recovered.severity) == (Kind.RECOVERED, Severity.MINOR)


def test_a_clock_that_was_set_back_makes_no_negative_duration(story: Story) -> None:
    story.read(OUT)
    (recovered,) = story.read(FINE, after=-30)
    assert recovered.lasted == timedelta()


# A page that cannot be read.


def test_an_unreadable_page_is_never_a_recovery(story: Story) -> None:
    assert story.kinds(OUT, LOST, LOST, OUT) == ["opened", "unreadable", "readable"]
    assert story.kinds(LOST, FINE) == ["unreadable", "readable", "recovered"]


def test_a_page_that_cannot_be_read_from_the_start_is_told_and_is_no_first_round(
    story: Story,
) -> None:
    (lost,) = story.read(LOST)
    assert (lost.kind, lost.severity, lost.previous) == (
        Kind.UNREADABLE,
        Severity.UNKNOWN,
        None,
    )
    found, opened = story.read(writing(incident("Slow", impact="major"), status="major_outage"))
    assert (found.kind, found.previous) == (Kind.READABLE, Severity.UNKNOWN)
    assert (opened.kind, opened.previous) == (Kind.OPENED, None)


def test_a_word_nobody_knows_is_no_recovery_either(story: Story) -> None:
    strange = judged(page(component("API", "on_fire")), components=("API",))
    out = judged(page(component("API", "major_outage")), components=("API",))
    assert story.kinds(out, strange, out) == ["opened", "unreadable", "readable"]


# Incidents.


def test_a_new_incident_and_a_new_update_are_told_once_each(story: Story) -> None:
    first = incident("Slow", "monitoring", updates=[update("Looking.", at="2026-01-15 12:00")])
    second = {
        **first,
        "incident_updates": [
            update("Found it.", "monitoring", at="2026-01-15 12:09"),
            *first["incident_updates"],
        ],
    }
    other = incident("Late mails", "monitoring")
    pages = FINE, writing(first), writing(first), writing(second), writing(other, second)
    told = [event for reading in pages for event in story.read(reading)]
    assert [(e.kind, e.incident and e.incident.name) for e in told] == [
        (Kind.UPDATED, "Slow"),
        (Kind.UPDATED, "Slow"),
        (Kind.UPDATED, "Late mails"),
    ]


def test_an_older_copy_of_the_page_is_no_news(story: Story) -> None:
    old = writing(incident("Slow", "monitoring", updates=[update("1", at="2026-01-15 12:00")]))
    new = writing(incident("Slow", "monitoring", updates=[update("2", at="2026-01-15 12:05")]))
    assert story.kinds(FINE, old, new, old, new, FINE, new) == ["updated", "updated"]


def test_an_update_that_the_vendor_dates_back_is_told(story: Story) -> None:
    first = update("Looking.", at="2026-01-15 12:00")
    second = update("Found it.", at="2026-01-15 11:50")
    before, after = (
        writing(incident("Slow", "monitoring", updates=updates))
        for updates in ([first], [first, second])
    )
    assert story.kinds(FINE, before, after, after, before, after) == ["updated", "updated"]


@pytest.mark.parametrize("updates", [[], [update("Looking.", at="2026-01-15 12:00")]])
def test_another_status_at_the_same_time_is_an_update(story: Story, updates: list[Row]) -> None:
    monitoring, identified = (
        writing(incident("Slow", status, "none", updates=updates))
        for status in ("monitoring", "identified")
    )
    assert story.kinds(FINE, monitoring, identified, identified) == ["updated", "updated"]


def test_what_closes_an_incident_that_was_open_is_told_where_the_page_lists_it(
    story: Story,
) -> None:
    slow = incident("Slow", "monitoring", updates=[update("Fixed.", at="2026-01-15 12:00")])
    closed = incident("Slow", "resolved", updates=[update("Done.", at="2026-01-15 12:30")])
    past = incident("Old trouble", "resolved", updates=[update("Done.", at="2026-01-15 12:10")])
    assert story.kinds(FINE, writing(slow, past)) == ["updated"]
    (over,) = story.read(writing(closed, past))
    assert over.incident
    assert (over.kind, over.incident.updates[0].body) == (Kind.UPDATED, "Done.")
    assert story.kinds(writing(closed, past), writing(slow, past), FINE) == SILENCE


def test_what_an_older_version_remembers_is_still_known() -> None:
    reading = writing(incident("Slow", "monitoring", updates=[update("1", at="2026-01-15 12:00")]))
    state = VendorState(
        severity=Severity.NONE,
        incidents={"incident Slow": "2026-01-15T12:00:00+00:00 monitoring"},
    )
    assert compare(state, reading, now=NOW) == (state, ())


def test_without_any_time_a_new_status_is_an_update(story: Story) -> None:
    def timeless(status: str) -> Judged:
        return writing({**incident("Slow", status), "created_at": None})

    pages = FINE, timeless("monitoring"), timeless("monitoring"), timeless("identified")
    assert story.kinds(*pages) == ["updated", "opened", "updated"]


def test_incidents_of_the_first_round_are_not_updates(story: Story) -> None:
    assert story.kinds(writing(incident("Slow", "monitoring"))) == SILENCE


def test_the_gravest_incident_is_told_with_the_problem(story: Story) -> None:
    small, grave = (
        incident("Small"),
        incident("Grave", impact="critical", started="2026-01-15 09:00"),
    )
    (opened,) = story.read(writing(small, grave))
    assert opened.incident
    assert opened.incident.name == "Grave"


def test_an_update_that_another_event_tells_of_is_left_out_unless_that_is_not_wanted() -> None:
    story = Story()
    story.read(FINE)
    other = incident("Late mails", "monitoring", "none")
    events = story.read(writing(incident("Slow", impact="major"), other))
    assert [e.kind for e in events] == [Kind.OPENED, Kind.UPDATED, Kind.UPDATED]
    both = select(events, ["opened", "updated"])
    assert [(e.kind, e.incident and e.incident.name) for e in both] == [
        (Kind.OPENED, "Slow"),
        (Kind.UPDATED, "Late mails"),
    ]
    alone = select(events, ["updated"])
    assert [e.incident and e.incident.name for e in alone] == ["Slow", "Late mails"]


def test_only_so_many_incidents_are_remembered(story: Story) -> None:
    story.read(FINE)
    for number in range(130):
        story.read(writing(incident(f"Trouble {number}", "monitoring")))
    assert len(story.state.incidents) == 100


# Maintenance.


def test_maintenance_is_told_when_it_begins_and_when_it_ends(story: Story) -> None:
    planned, under_way = (
        judged(page(component("API"), windows=[window("New disks", status)]))
        for status in ("scheduled", "in_progress")
    )
    pages = FINE, planned, under_way, under_way, FINE
    told = [event for reading in pages for event in story.read(reading)]
    assert [(e.kind, e.maintenance) for e in told] == [
        (Kind.MAINTENANCE_STARTED, "New disks"),
        (Kind.MAINTENANCE_ENDED, "New disks"),
    ]


def test_maintenance_under_way_in_the_first_round_is_told(story: Story) -> None:
    under_way = judged(page(component("API"), windows=[window("New disks", "verifying")]))
    assert story.kinds(under_way) == ["maintenance_started"]


def test_components_under_maintenance_are_maintenance_without_a_window(story: Story) -> None:
    rows = (*group("Europe", component("API", "under_maintenance")), component("Web"))
    alone = judged(page(*rows))
    announced = judged(page(*rows, windows=[window("New disks", "in_progress")]))
    told = [e for reading in (FINE, alone, alone, FINE) for e in story.read(reading)]
    assert [(e.kind, e.maintenance) for e in told] == [
        (Kind.MAINTENANCE_STARTED, "Europe/API"),
        (Kind.MAINTENANCE_ENDED, "Europe/API"),
    ]
    told = [e for reading in (alone, announced, FINE) for e in story.read(reading)]
    assert [(e.kind, e.maintenance) for e in told] == [
        (Kind.MAINTENANCE_STARTED, "Europe/API"),
        (Kind.MAINTENANCE_STARTED, "New disks"),
        (Kind.MAINTENANCE_ENDED, "New disks"),
    ]


# Flapping.


def flap(story: Story, times: int, *, after: float = 1) -> list[Event]:
    return [e for _ in range(times) for one in (OUT, FINE) for e in story.read(one, after=after)]


def test_the_fourth_opening_within_a_quarter_of_an_hour_is_told_as_flapping(story: Story) -> None:
    told = flap(story, 5)
    assert [(e.kind, e.flapping) for e in told] == [
        *([(Kind.OPENED, Flapping.NO), (Kind.RECOVERED, Flapping.NO)] * 3),
        (Kind.OPENED, Flapping.STARTED),
    ]


def test_four_openings_that_are_not_so_close_are_told_each(story: Story) -> None:
    assert [e.kind for e in flap(story, 5, after=3)] == [Kind.OPENED, Kind.RECOVERED] * 5


def test_after_five_calm_minutes_it_is_told_that_it_recovered(story: Story) -> None:
    flap(story, 4)
    began = story.now - timedelta(minutes=1)
    assert story.kinds(FINE, FINE, FINE, FINE) == SILENCE
    (calm,) = story.read(FINE)
    assert (calm.kind, calm.flapping, calm.lasted) == (
        Kind.RECOVERED,
        Flapping.ENDED,
        timedelta(minutes=1),
    )
    assert calm.at - began == timedelta(minutes=6)
    assert [e.kind for e in flap(story, 3)] == [Kind.OPENED, Kind.RECOVERED] * 3


def test_after_five_calm_minutes_it_is_told_that_it_is_still_a_problem(story: Story) -> None:
    flap(story, 4)
    assert story.kinds(OUT, DEGRADED, OUT, after=1) == SILENCE
    (calm,) = story.read(OUT, after=3)
    assert (calm.kind, calm.flapping, calm.severity, calm.previous) == (
        Kind.OPENED,
        Flapping.ENDED,
        Severity.CRITICAL,
        Severity.CRITICAL,
    )
    assert story.kinds(OUT, FINE) == ["recovered"]


def test_a_turn_after_five_calm_minutes_is_how_it_stands(story: Story) -> None:
    flap(story, 4)
    assert story.kinds(OUT, after=9) == ["opened"]
    assert story.kinds(FINE) == ["recovered"]


def test_worse_and_unreadable_do_not_count_towards_flapping(story: Story) -> None:
    rounds = [OUT, LOST, DEGRADED, OUT, LOST, DEGRADED, OUT, LOST, DEGRADED, FINE]
    assert Flapping.STARTED not in [e.flapping for one in rounds for e in story.read(one)]


def test_a_page_lost_while_flapping_says_nothing_and_ends_nothing(story: Story) -> None:
    flap(story, 4)
    assert story.kinds(LOST, LOST, after=2) == SILENCE
    assert story.kinds(FINE) == ["recovered"]


@pytest.mark.parametrize(("found", "told"), [(FINE, Kind.RECOVERED), (OUT, Kind.OPENED)])
def test_after_five_calm_minutes_it_is_told_that_the_page_is_lost(
    story: Story, found: Judged, told: Kind
) -> None:
    flap(story, 4)
    assert story.kinds(LOST, LOST, LOST, LOST, after=2) == ["unreadable"]
    readable, standing = story.read(found)
    assert (readable.kind, standing.kind, standing.flapping) == (
        Kind.READABLE,
        told,
        Flapping.ENDED,
    )
    assert story.kinds(LOST, found) == ["unreadable", "readable"]


# Mutes.


def test_a_muted_vendor_is_silent_and_the_end_tells_how_it_stands(story: Story) -> None:
    written = writing(incident("Slow", "monitoring"), status="major_outage")
    story.read(FINE)
    assert story.kinds(OUT, LOST, written, muted=True) == SILENCE
    (opened, updated) = story.read(written)
    assert (opened.kind, opened.previous, updated.kind) == (Kind.OPENED, None, Kind.UPDATED)
    (recovered,) = story.read(FINE)
    assert recovered.lasted == timedelta(minutes=4)


def test_what_began_and_ended_in_silence_is_never_told(story: Story) -> None:
    story.read(FINE)
    assert story.kinds(OUT, FINE, muted=True) == SILENCE
    assert story.kinds(FINE) == SILENCE


def test_a_recovery_in_silence_is_told_when_that_ends(story: Story) -> None:
    story.read(OUT)
    story.read(FINE, muted=True)
    (recovered,) = story.read(FINE, after=30)
    assert (recovered.kind, recovered.lasted) == (Kind.RECOVERED, timedelta(minutes=1))


def test_a_problem_that_was_told_and_turned_in_silence_is_still_that_problem(
    story: Story,
) -> None:
    story.read(DEGRADED)
    assert story.kinds(FINE, OUT, muted=True) == SILENCE
    assert story.kinds(OUT) == ["worsened"]
    (recovered,) = story.read(FINE)
    assert recovered.lasted == timedelta(minutes=4)


def test_flapping_that_began_in_silence_is_told_only_by_how_it_ends(story: Story) -> None:
    for _ in range(5):
        story.kinds(OUT, FINE, muted=True)
    assert story.kinds(FINE) == SILENCE
    assert story.kinds(FINE, after=9) == SILENCE
    assert story.kinds(OUT) == ["opened"]


# Muted components.


def both(api: str, web: str, indicator: str = "none") -> Judged:
    return judged(page(component("API", api), component("Web", web), indicator=indicator))


def test_what_a_muted_component_alone_causes_is_not_told(story: Story) -> None:
    down = both("major_outage", "operational", indicator="critical")
    assert story.read(down, muted_components=["api"]) == []
    (opened,) = story.read(down)
    assert opened.kind is Kind.OPENED


def test_another_component_is_told_with_its_own_severity(story: Story) -> None:
    story.read(both("major_outage", "operational"), muted_components=["API"])
    (opened,) = story.read(both("major_outage", "degraded_performance"), muted_components=["API"])
    assert (opened.kind, opened.severity) == (Kind.OPENED, Severity.MINOR)
    assert [c.name for c in opened.judged.problems] == ["Web"]


def test_muting_a_component_is_no_recovery_and_no_relief(story: Story) -> None:
    story.read(both("major_outage", "operational"))
    assert story.read(both("major_outage", "operational"), muted_components=["API"]) == []
    assert story.read(both("major_outage", "degraded_performance"), muted_components=["API"]) == []
    (recovered,) = story.read(both("operational", "operational"), muted_components=["API"])
    assert (recovered.kind, recovered.lasted) == (Kind.RECOVERED, timedelta(minutes=3))


def test_an_incident_of_muted_components_alone_is_theirs(story: Story) -> None:
    story.read(FINE)
    theirs = incident("API slow", impact="major", links=["API"])
    shared = incident("All slow", impact="major", links=["API", "Web"])
    loose = incident("Slow", impact="major")
    assert story.read(writing(theirs), muted_components=["API"]) == []
    assert [e.kind for e in story.read(writing(shared), muted_components=["API"])] == [
        Kind.OPENED,
        Kind.UPDATED,
    ]
    story.read(FINE)
    assert [e.kind for e in story.read(writing(loose), muted_components=["API"])] == [
        Kind.OPENED,
        Kind.UPDATED,
    ]


def test_an_indicator_worse_than_the_muted_components_explain_still_counts(story: Story) -> None:
    worse = both("degraded_performance", "operational", indicator="critical")
    assert [e.kind for e in story.read(worse, muted_components=["API"])] == [Kind.OPENED]


def test_an_indicator_nobody_knows_stays_unknown(story: Story) -> None:
    story.read(OUT)
    strange = both("major_outage", "operational", indicator="purple")
    assert story.read(strange, muted_components=["API"]) == []
    assert story.kinds(FINE) == ["recovered"]


def test_a_mute_of_no_component_of_the_page_hides_nothing(story: Story) -> None:
    assert [e.kind for e in story.read(OUT, muted_components=["Mail"])] == [Kind.OPENED]

"""Notifying a subscriber once of each change, over failures, crashes, restarts and quiet hours."""

import threading
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from outlogger_cli.alerts import state_file
from outlogger_cli.alerts.channels import NO_LIMIT, Cause, Failure
from outlogger_cli.alerts.delivery_log import Message
from outlogger_cli.alerts.events import DEFAULT_KINDS
from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.alerts.notifier import Notifier, QuietHours
from outlogger_cli.alerts.state import StateFolder
from outlogger_cli.alerts.state_file import BusyError, NewerVersionError, StateFile
from outlogger_cli.domain.verdict import Judged
from tests.reports import component, incident, judged, page, update
from tests.support import NOW, utc

FINE = judged(page(component("API"), component("Web")))
OUT = judged(page(component("API", "major_outage"), component("Web")))
OTHER_OUT = judged(page(component("API", "major_outage"), name="Other"), slug="other")
NIGHT = QuietHours(start=time(22), end=time(7), zone=NOW.tzinfo)
VENDOR = OUT.vendor
OPENED = "Acme: API major outage"
NONE: list[str] = []


class Killed(BaseException):
    """The process is killed."""


class Recorder:
    """A channel that records messages.

    While `failure` is set it fails, or kills the process, before or `after` recording. It refuses
    every message of the vendors in `refuses`, because of `cause`. Each attempt takes `seconds`.
    """

    name = "command"

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.failure: str | Killed | None = None
        self.after = False
        self.refuses: set[str] = set()
        self.cause = Cause.CHANNEL
        self.attempts: list[str] = []
        self.seconds = 0.0
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.messages]

    def send(self, message: Message, seconds: float = NO_LIMIT, /) -> Failure | None:
        self.attempts.append(message["vendor"])
        self.now += min(self.seconds, seconds)
        if message["vendor"] in self.refuses or self.seconds > seconds:
            return Failure(reason="no", cause=self.cause)
        if self.failure is None or self.after:
            self.messages.append(message)
        if isinstance(self.failure, Killed):
            raise self.failure
        return Failure(reason=self.failure) if self.failure else None


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    return StateFolder(tmp_path)


@pytest.fixture
def channel() -> Recorder:
    return Recorder()


def notify(
    state: StateFolder,
    channel: Recorder,
    *,
    judged: Sequence[Judged],
    at: datetime = NOW,
    kinds: Sequence[str] = DEFAULT_KINDS,
    mutes: Sequence[Mute] = (),
    quiet: QuietHours | None = None,
    drill: bool = False,
    seconds: float = NO_LIMIT,
) -> list[str]:
    notifier = Notifier(
        state=state,
        subscriber=channel.name,
        channel=channel,
        kinds=kinds,
        quiet=quiet,
        zone=NOW.tzinfo,
        drill=drill,
        monotonic=channel.monotonic,
    )
    return notifier.notify(judged, at=at, mutes=mutes, seconds=seconds)


def test_each_change_is_sent_once_over_restarts(
    state: StateFolder, tmp_path: Path, channel: Recorder
) -> None:
    later = NOW + timedelta(minutes=9)
    for _ in range(2):
        assert notify(state, channel, judged=[OUT, OTHER_OUT]) == []
    for _ in range(2):
        assert notify(StateFolder(tmp_path), channel, judged=[FINE, OTHER_OUT], at=later) == []
    assert channel.titles == [OPENED, "Other: API major outage", "Acme recovered after 9 min"]


def test_other_kinds_of_event_are_not_sent(state: StateFolder, channel: Recorder) -> None:
    notify(state, channel, judged=[OUT], kinds=["recovered"])
    notify(state, channel, judged=[FINE], kinds=["recovered"])
    assert channel.titles == ["Acme recovered after 0 s"]


def test_a_drill_marks_its_messages(state: StateFolder, channel: Recorder) -> None:
    notify(state, channel, judged=[OUT], drill=True)
    (message,) = channel.messages
    assert (message["title"], message["drill"]) == (f"DRILL: {OPENED}", True)


# Failures.


def test_a_message_that_failed_is_sent_again(state: StateFolder, channel: Recorder) -> None:
    channel.failure = "HTTP 500"
    assert notify(state, channel, judged=[OUT, OTHER_OUT]) == [
        "command: HTTP 500; 2 messages wait for the next round"
    ]
    channel.failure = None
    assert notify(state, channel, judged=[OUT, OTHER_OUT]) == []
    assert notify(state, channel, judged=[OUT, OTHER_OUT]) == []
    assert channel.titles == [OPENED, "Other: API major outage"]


def test_messages_that_failed_are_sent_later_in_order(
    state: StateFolder, channel: Recorder
) -> None:
    channel.failure = "HTTP 500"
    notify(state, channel, judged=[OUT])
    notify(state, channel, judged=[FINE])
    channel.failure = None
    notify(state, channel, judged=[FINE])
    assert channel.titles == [OPENED, "Acme recovered after 0 s"]


@pytest.mark.parametrize(("after", "times"), [(False, 1), (True, 2)])
def test_a_kill_while_sending_repeats_at_most_one_message_and_loses_none(
    state: StateFolder, tmp_path: Path, channel: Recorder, after: bool, times: int
) -> None:
    channel.failure, channel.after = Killed(), after
    with pytest.raises(Killed):
        notify(state, channel, judged=[OUT])
    channel.failure = None
    notify(StateFolder(tmp_path), channel, judged=[OUT])
    notify(StateFolder(tmp_path), channel, judged=[OUT])
    assert channel.titles == [OPENED] * times


def full(*_args: object, **_options: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_log_that_cannot_be_written_is_reported_and_the_events_are_sent(
    state: StateFolder, tmp_path: Path, channel: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("outlogger_cli.system.files.replace", full)
        notes = notify(state, channel, judged=[OUT])
    assert notes == [
        f"the state cannot be kept in {tmp_path / 'told-command.json'}: No space left on device;"
        " events are sent all the same, and may be sent again"
    ]
    assert channel.titles == [OPENED]
    notify(state, channel, judged=[OUT])
    assert channel.titles == [OPENED] * 2


def test_one_process_sends_nothing_twice_while_its_log_cannot_be_written(
    state: StateFolder, channel: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    watching = Notifier(state=state, subscriber="x", channel=channel, kinds=DEFAULT_KINDS)
    with monkeypatch.context() as broken:
        broken.setattr("outlogger_cli.system.files.replace", full)
        for judged in (OUT, OUT, FINE, FINE):
            assert len(watching.notify([judged], at=NOW)) == 1
    assert watching.notify([OUT], at=NOW) == watching.notify([OUT], at=NOW) == []
    expected = [OPENED, "Acme recovered after 0 s", OPENED]
    assert channel.titles == expected
    notify_again = Notifier(state=state, subscriber="x", channel=channel, kinds=DEFAULT_KINDS)
    assert notify_again.notify([OUT], at=NOW) == []
    assert channel.titles == expected


def test_a_folder_that_refuses_even_the_lock_is_reported_and_the_events_are_sent(
    tmp_path: Path, channel: Recorder
) -> None:
    (tmp_path / "file").write_text("")
    notes = notify(StateFolder(tmp_path / "file"), channel, judged=[OUT])
    assert len(notes) == 1
    assert "may be sent again" in notes[0]
    assert channel.titles == [OPENED]


@pytest.mark.parametrize("when", ["before", "during"])
def test_a_log_of_a_newer_version_is_left_alone(
    state: StateFolder,
    tmp_path: Path,
    channel: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
) -> None:
    def newer(*_args: object) -> None:
        raise NewerVersionError("a newer outlogger wrote this")

    monkeypatch.setattr(StateFile, "read" if when == "before" else "write", newer)
    with pytest.raises(NewerVersionError):
        notify(state, channel, judged=[OUT])
    assert channel.titles == NONE
    assert not (tmp_path / "told-command.json").exists()


# One vendor does not hold up others.

VENDORS = [
    judged(page(component("API", "major_outage"), name=name), slug=name.lower())
    for name in ("A", "B", "C", "D", "E", "F")
]
BACK = [
    judged(page(component("API"), name=name), slug=name.lower())
    for name in ("A", "B", "C", "D", "E", "F")
]


def test_a_message_that_fails_holds_up_its_vendor_only(
    state: StateFolder, channel: Recorder
) -> None:
    channel.refuses = {"a"}
    notify(state, channel, judged=VENDORS[:2])
    notify(state, channel, judged=BACK[:2])
    assert channel.titles == ["B: API major outage", "B recovered after 0 s"]
    channel.refuses = set()
    notify(state, channel, judged=BACK[:2])
    assert channel.titles[2:] == ["A: API major outage", "A recovered after 0 s"]


def test_after_three_vendors_in_a_row_the_round_ends_and_the_next_tries_others_first(
    state: StateFolder, channel: Recorder
) -> None:
    channel.refuses = {"a", "b", "c", "d"}
    notify(state, channel, judged=VENDORS)
    assert channel.attempts == ["a", "b", "c"]
    notify(state, channel, judged=VENDORS)
    assert channel.attempts[3:] == ["d", "e", "f", "a", "b", "c"]
    assert channel.titles == ["E: API major outage", "F: API major outage"]


@pytest.mark.parametrize("vendors", [1, 3])
def test_a_message_that_is_refused_for_what_it_is_is_reported_and_dropped(
    state: StateFolder, channel: Recorder, vendors: int
) -> None:
    channel.refuses, channel.cause = {"a"}, Cause.MESSAGE
    assert notify(state, channel, judged=VENDORS[:vendors]) == [
        'command: no; message dropped: "A: API major outage"'
    ]
    assert len(channel.messages) == vendors - 1
    channel.refuses = set()
    assert notify(state, channel, judged=[BACK[0]]) == []
    assert channel.titles[-1] == "A recovered after 0 s"


def test_a_command_that_fails_three_times_while_it_succeeds_for_others_drops_the_message(
    state: StateFolder, channel: Recorder
) -> None:
    channel.refuses, channel.cause = {"a"}, Cause.UNCLEAR
    found = [
        notify(state, channel, judged=[VENDORS[0], one])
        for one in (VENDORS[1], BACK[1], VENDORS[1])
    ]
    waits = ["command: no; 1 message waits for the next round"]
    drops = ['command: no; message dropped: "A: API major outage"']
    assert found == [waits, waits, drops]


def test_a_command_that_fails_three_times_for_a_message_alone_drops_it(
    state: StateFolder, channel: Recorder
) -> None:
    channel.refuses, channel.cause = {"a"}, Cause.UNCLEAR
    found = [notify(state, channel, judged=[VENDORS[0]])[0] for _ in range(3)]
    assert ["dropped" in note for note in found] == [False, False, True]
    assert notify(state, channel, judged=[VENDORS[0]]) == []


def test_a_command_that_fails_for_all_drops_nothing(state: StateFolder, channel: Recorder) -> None:
    channel.refuses, channel.cause = {"a", "b"}, Cause.UNCLEAR
    for _ in range(9):
        notify(state, channel, judged=VENDORS[:2])
    channel.refuses = set()
    assert notify(state, channel, judged=VENDORS[:2]) == []
    assert set(channel.titles) == {"A: API major outage", "B: API major outage"}


def test_a_channel_that_is_down_drops_nothing(state: StateFolder, channel: Recorder) -> None:
    channel.refuses = {"a"}
    for one in [VENDORS[1], BACK[1]] * 4:
        notify(state, channel, judged=[VENDORS[0], one])
    channel.refuses = set()
    notify(state, channel, judged=[VENDORS[0]])
    assert channel.titles[-1] == "A: API major outage"


# Time.


def test_a_round_ends_in_time_and_the_rest_is_sent_in_the_next(
    state: StateFolder, channel: Recorder
) -> None:
    channel.seconds = 2
    notes = notify(state, channel, judged=VENDORS, seconds=5)
    assert notes == [
        "command: the time for delivery in this round is over; 4 messages wait for the next round"
    ]
    assert (channel.now, len(channel.messages)) == (5, 2)
    notify(state, channel, judged=VENDORS, seconds=5)
    assert [title[0] for title in channel.titles] == ["A", "B", "C", "D"]


def test_a_log_that_takes_long_to_write_is_not_written_after_each_message(
    state: StateFolder, channel: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, writes = StateFile.write, []

    def slow_write(file: StateFile, content: dict[str, object]) -> None:
        writes.append(len(channel.messages))
        channel.now += 4
        write(file, content)

    monkeypatch.setattr(StateFile, "write", slow_write)
    channel.seconds = 2
    assert notify(state, channel, judged=VENDORS) == []
    assert writes == [0, 1, 3, 5, 6]
    assert notify(state, channel, judged=VENDORS) == []
    assert len(channel.messages) == 6


def test_a_message_that_had_only_the_rest_of_the_time_is_not_refused(
    state: StateFolder, channel: Recorder
) -> None:
    channel.seconds, channel.cause = 3, Cause.UNCLEAR
    for _ in range(4):
        notify(state, channel, judged=VENDORS[:4], seconds=5)
    assert [title[0] for title in channel.titles] == ["A", "B", "C", "D"]


def rounds_tried(channel: Recorder, state: StateFolder, *, interval: timedelta) -> list[bool]:
    """Whether each of 20 rounds of one process, an interval apart, sends anything."""
    watching = Notifier(
        state=state,
        subscriber="x",
        channel=channel,
        kinds=DEFAULT_KINDS,
        interval=interval,
        monotonic=channel.monotonic,
    )
    tried = []
    for _ in range(20):
        before = len(channel.attempts)
        notes = watching.notify([OUT], at=NOW)
        assert len(notes) == 1
        assert notes[0].startswith("command: HTTP 404; 1 message waits for the next try in ")
        tried.append(len(channel.attempts) > before)
        channel.now += interval.total_seconds()
    channel.failure = None
    channel.now += 900
    assert watching.notify([OUT], at=NOW) == []
    channel.failure = "HTTP 404"
    watching.notify([FINE], at=NOW)
    before = len(channel.attempts)
    channel.now += interval.total_seconds()
    watching.notify([FINE], at=NOW)
    assert len(channel.attempts) == before + 1  # the pause begins anew
    return tried


def test_the_pause_between_tries_on_a_failing_channel_grows(
    state: StateFolder, channel: Recorder
) -> None:
    channel.failure = "HTTP 404"
    tried = rounds_tried(channel, state, interval=timedelta(minutes=1))
    assert [index for index, one in enumerate(tried) if one] == [0, 1, 3, 7, 15]


def test_a_pause_does_not_hold_up_other_vendors(state: StateFolder, channel: Recorder) -> None:
    watching = Notifier(
        state=state,
        subscriber="x",
        channel=channel,
        kinds=DEFAULT_KINDS,
        interval=timedelta(minutes=1),
        monotonic=channel.monotonic,
    )
    channel.refuses = {"a", "c"}
    for readings, attempts in (
        (VENDORS[:1], ["a"]),
        (VENDORS[:1], ["a"]),
        (VENDORS[:1], []),  # the pause is two intervals
        (VENDORS[:1], ["a"]),
        (VENDORS[:1], []),  # the pause is four
        ([VENDORS[0], VENDORS[2]], ["c"]),  # a new vendor fails as well
        ([VENDORS[0], VENDORS[2]], []),
        ([VENDORS[0], VENDORS[1], VENDORS[2]], ["c", "a", "b"]),
        (VENDORS[:3], ["c", "a"]),  # a success ended the pause
        (VENDORS[:3], ["c", "a"]),  # and the next begins with one interval
        (VENDORS[:3], []),
        (VENDORS[:4], ["c", "a", "d"]),
    ):
        channel.attempts.clear()
        watching.notify(readings, at=NOW)
        assert sorted(channel.attempts) == sorted(attempts)
        channel.now += 60
    assert channel.titles == ["B: API major outage", "D: API major outage"]


def test_the_pause_is_at_most_15_minutes(state: StateFolder, channel: Recorder) -> None:
    channel.failure = "HTTP 404"
    tried = rounds_tried(channel, state, interval=timedelta(minutes=5))
    assert [index for index, one in enumerate(tried) if one] == [0, 1, *range(3, 20, 3)]


def test_the_pause_is_at_least_an_interval(state: StateFolder, channel: Recorder) -> None:
    channel.failure = "HTTP 404"
    assert all(rounds_tried(channel, state, interval=timedelta(hours=1)))


# Messages that wait.


def test_beyond_a_hundred_each_vendor_has_one_message(
    state: StateFolder, channel: Recorder
) -> None:
    channel.failure = "HTTP 503"
    for number in range(51):
        readings = (VENDORS[:2], BACK[:2])[number % 2]
        notify(state, channel, judged=readings, at=NOW + number * timedelta(minutes=10))
    channel.failure = None
    notes = notify(state, channel, judged=[OUT], at=NOW + timedelta(hours=9))
    assert notes == ["command: 102 messages became 2 summaries: more than 100 were waiting"]
    assert channel.titles == [
        "A: 51 changes not delivered in time",
        "B: 51 changes not delivered in time",
        OPENED,
    ]
    assert all(len(message["events"]) == 51 for message in channel.messages[:2])


def test_more_than_a_hundred_vendors_have_a_message_each(
    state: StateFolder, channel: Recorder
) -> None:
    many = [judged(page(component("API", "major_outage")), slug=f"v{n}") for n in range(150)]
    channel.failure = "HTTP 503"
    notify(state, channel, judged=many)
    channel.failure = None
    assert notify(state, channel, judged=many) == []
    told = [message["vendor"] for message in channel.messages]
    assert sorted(told) == sorted(one.vendor.slug for one in many)


def test_what_waits_longer_than_a_day_becomes_a_summary(
    state: StateFolder, channel: Recorder
) -> None:
    channel.failure = "HTTP 503"
    day = timedelta(days=1)
    notify(state, channel, judged=VENDORS[:2], at=NOW)
    notify(state, channel, judged=[BACK[0]], at=NOW + day)
    channel.failure = None
    notes = notify(state, channel, judged=[], at=NOW + day + timedelta(seconds=1))
    assert notes == ["command: 3 messages became 2 summaries: waiting for over a day"]
    assert [(m["event"], m["title"]) for m in channel.messages] == [
        ("summary", "A: 2 changes not delivered in time"),
        ("summary", "B: 1 change not delivered in time"),
    ]
    events = channel.messages[0]["events"]
    assert [e["title"] for e in events] == ["A: API major outage", "A recovered after 1 d"]


def test_a_summary_that_waits_takes_later_events_in(state: StateFolder, channel: Recorder) -> None:
    channel.failure = "HTTP 503"
    days = [NOW + timedelta(days=2 * number) for number in range(5)]
    readings = (VENDORS[0], BACK[0], VENDORS[0], BACK[0], BACK[0])
    notes = [
        notify(state, channel, judged=[reading], at=at)
        for at, reading in zip(days, readings, strict=True)
    ]
    assert notes[-1][-1] == "command: HTTP 503; 1 message waits for the next round"
    channel.failure = None
    assert notify(state, channel, judged=[BACK[0]], at=days[-1]) == []
    (message,) = channel.messages
    assert message["title"] == "A: 4 changes not delivered in time"


def test_watches_of_one_subscriber_at_the_same_time_send_once(tmp_path: Path) -> None:
    channels = [Recorder() for _ in range(4)]
    workers = [
        threading.Thread(
            target=notify, args=(StateFolder(tmp_path), channel), kwargs={"judged": [OUT]}
        )
        for channel in channels
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [title for channel in channels for title in channel.titles] == [OPENED]


def test_a_log_that_stays_locked_is_busy(
    state: StateFolder, tmp_path: Path, channel: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "LOCK_TIMEOUT", 0)
    with StateFolder(tmp_path).delivery_log("command"), pytest.raises(BusyError):
        notify(state, channel, judged=[OUT])
    notify(state, channel, judged=[OUT])
    assert channel.titles == [OPENED]


# Mutes.


def test_a_mute_applies_to_its_vendor_only(state: StateFolder, channel: Recorder) -> None:
    mute = Mute(slug=VENDOR.slug, url=VENDOR.url)
    notify(state, channel, judged=[OUT, OTHER_OUT], mutes=[mute])
    assert channel.titles == ["Other: API major outage"]
    notify(state, channel, judged=[OUT, OTHER_OUT])
    assert channel.titles == ["Other: API major outage", OPENED]


def test_a_mute_applies_to_its_component_only(state: StateFolder, channel: Recorder) -> None:
    api, web = (Mute(slug=VENDOR.slug, url=VENDOR.url, component=one) for one in ("api", "web"))
    notify(state, channel, judged=[OUT], mutes=[api])
    assert channel.titles == NONE
    notify(state, channel, judged=[OUT], mutes=[web])
    assert channel.titles == [OPENED]


# Quiet hours.


@pytest.mark.parametrize(
    ("quiet", "inside", "outside"),
    [
        (NIGHT, ["22:00", "23:59", "00:00", "06:59"], ["07:00", "12:00", "21:59"]),
        (
            QuietHours(start=time(12), end=time(13, 30), zone=NOW.tzinfo),
            ["12:00", "13:29"],
            ["11:59", "13:30", "00:00"],
        ),
        (
            QuietHours(start=time(22), end=time(7), zone=ZoneInfo("Asia/Tokyo")),
            ["13:00", "21:59"],
            ["22:00", "12:59"],
        ),
    ],
)
def test_quiet_hours_are_in_the_readers_zone_and_may_cross_midnight(
    quiet: QuietHours, inside: list[str], outside: list[str]
) -> None:
    assert all(quiet.include(utc(f"2026-01-15 {clock}")) for clock in inside)
    assert not any(quiet.include(utc(f"2026-01-15 {clock}")) for clock in outside)


def test_quiet_hours_end_with_one_summary_a_vendor(state: StateFolder, channel: Recorder) -> None:
    rounds = [
        ("2026-01-15 21:00", [FINE]),
        ("2026-01-15 23:00", [OUT, OTHER_OUT]),
        ("2026-01-16 02:00", [FINE, OTHER_OUT]),
        ("2026-01-16 06:59", [FINE, OTHER_OUT]),
    ]
    for at, readings in rounds:
        notify(state, channel, judged=readings, at=utc(at), quiet=NIGHT)
    assert channel.titles == NONE
    notify(state, channel, judged=[OUT, OTHER_OUT], at=utc("2026-01-16 07:00"), quiet=NIGHT)
    notify(state, channel, judged=[OUT, OTHER_OUT], at=utc("2026-01-16 07:01"), quiet=NIGHT)
    assert channel.titles == [
        "Acme: 2 changes in quiet hours",
        "Other: API major outage",
        OPENED,
    ]
    assert channel.messages[0]["message"] == (
        "15 Jan 23:00 UTC: Acme: API major outage\n16 Jan 02:00 UTC: Acme recovered after 3 h"
    )
    assert [event["event"] for event in channel.messages[0]["events"]] == ["opened", "recovered"]


def test_of_a_loud_night_nothing_is_lost(state: StateFolder, channel: Recorder) -> None:
    for minute in range(0, 480, 2):
        readings = [(FINE, OUT)[minute // 60 % 2]]
        at = utc("2026-01-15 22:00") + timedelta(minutes=minute)
        notify(state, channel, judged=readings, at=at, quiet=NIGHT)
    many = [judged(page(component("API", "major_outage")), slug=f"v{n}") for n in range(120)]
    notify(state, channel, judged=many, at=utc("2026-01-16 06:30"), quiet=NIGHT)
    notify(state, channel, judged=[], at=utc("2026-01-16 07:00"), quiet=NIGHT)
    assert len(channel.messages) == 121
    assert channel.titles[0] == "Acme: 7 changes in quiet hours"


def test_what_a_night_of_many_changes_defers_stays_small(
    state: StateFolder, tmp_path: Path, channel: Recorder
) -> None:
    began = utc("2026-01-15 22:00")
    for minute in range(500):
        updates = [
            update(f"{minute} {'x' * 900}", at=f"2026-01-15 {minute // 60:02}:{minute % 60:02}")
        ]
        slow = incident("Slow", "monitoring", updates=updates)
        reading = judged(page(component("API"), incidents=[slow]))
        at = began + timedelta(minutes=minute)
        notify(state, channel, judged=[reading], at=at, kinds=["updated"], quiet=NIGHT)
    assert (tmp_path / "told-command.json").stat().st_size < 600_000
    notify(state, channel, judged=[], at=utc("2026-01-16 07:00"), quiet=NIGHT)
    (message,) = channel.messages
    assert message["title"] == "Acme: 499 changes in quiet hours"


def test_deferred_messages_are_sent_even_if_quiet_hours_were_removed(
    state: StateFolder, channel: Recorder
) -> None:
    notify(state, channel, judged=[OUT], at=utc("2026-01-15 23:00"), quiet=NIGHT)
    notify(state, channel, judged=[OUT], at=utc("2026-01-15 23:01"))
    assert channel.titles == [OPENED]


def test_a_message_that_failed_is_not_sent_again_in_quiet_hours(
    state: StateFolder, channel: Recorder
) -> None:
    channel.failure = "HTTP 500"
    notify(state, channel, judged=[OUT], at=utc("2026-01-15 21:59"), quiet=NIGHT)
    channel.failure = None
    notify(state, channel, judged=[OUT], at=utc("2026-01-15 22:00"), quiet=NIGHT)
    assert channel.titles == NONE
    notify(state, channel, judged=[OUT], at=utc("2026-01-16 07:00"), quiet=NIGHT)
    assert channel.titles == [OPENED]

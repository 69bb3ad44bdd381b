"""Notifying a subscriber once of each change, over failures, crashes, restarts and quiet hours."""

import threading
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from outlogger_cli.alerts import state_file
from outlogger_cli.alerts.delivery_log import Message
from outlogger_cli.alerts.events import DEFAULT_KINDS
from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.alerts.notifier import Notifier, QuietHours
from outlogger_cli.alerts.state import StateFolder
from outlogger_cli.alerts.state_file import BusyError
from outlogger_cli.domain.errors import LocalError
from outlogger_cli.domain.verdict import Judged
from tests.reports import component, judged, page
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

    While `failure` is set it fails, or kills the process, before or `after` recording.
    """

    name = "command"

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.failure: str | Killed | None = None
        self.after = False

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.messages]

    def send(self, message: Message, /) -> str | None:
        if self.failure is None or self.after:
            self.messages.append(message)
        if isinstance(self.failure, Killed):
            raise self.failure
        return self.failure


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
) -> str | None:
    notifier = Notifier(
        state=state, subscriber=channel.name, channel=channel, kinds=kinds, quiet=quiet, drill=drill
    )
    return notifier.notify(judged, at=at, mutes=mutes)


def test_each_change_is_sent_once_over_restarts(
    state: StateFolder, tmp_path: Path, channel: Recorder
) -> None:
    later = NOW + timedelta(minutes=9)
    assert notify(state, channel, judged=[OUT, OTHER_OUT]) is None
    assert notify(state, channel, judged=[OUT, OTHER_OUT]) is None
    assert notify(StateFolder(tmp_path), channel, judged=[FINE, OTHER_OUT], at=later) is None
    assert notify(StateFolder(tmp_path), channel, judged=[FINE, OTHER_OUT], at=later) is None
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
    assert notify(state, channel, judged=[OUT, OTHER_OUT]) == "HTTP 500"
    channel.failure = None
    assert notify(state, channel, judged=[OUT, OTHER_OUT]) is None
    assert notify(state, channel, judged=[OUT, OTHER_OUT]) is None
    assert channel.titles == [OPENED, "Other: API major outage"]


def test_after_a_failure_nothing_more_is_sent_in_the_same_round(
    state: StateFolder, channel: Recorder
) -> None:
    channel.failure, channel.after = "HTTP 500", True
    notify(state, channel, judged=[OUT, OTHER_OUT])
    assert channel.titles == [OPENED]


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


def test_nothing_is_sent_if_the_log_cannot_be_written(
    state: StateFolder, channel: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("outlogger_cli.system.files.replace", full)
    with pytest.raises(LocalError):
        notify(state, channel, judged=[OUT])
    monkeypatch.undo()
    assert channel.titles == NONE
    notify(state, channel, judged=[OUT])
    assert channel.titles == [OPENED]


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


# QuietHours hours.


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


def test_quiet_hours_end_with_one_summary(state: StateFolder, channel: Recorder) -> None:
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
    assert channel.titles == ["3 changes in quiet hours: Acme, Other", OPENED]
    assert channel.messages[0]["message"] == (
        "15 Jan 23:00 UTC: Acme: API major outage\n"
        "15 Jan 23:00 UTC: Other: API major outage\n"
        "16 Jan 02:00 UTC: Acme recovered after 3 h"
    )


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

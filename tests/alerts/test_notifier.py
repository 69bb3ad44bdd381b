"""Who is told what, once: over failures, crashes, restarts, quiet hours and rivals."""

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
NOTHING: list[str] = []


class Killed(BaseException):
    """The end of the process."""


class Sink:
    """A channel that keeps the titles of what it is told. `why` is its failure while it has one,
    or the end of the process, `after` it was told or before."""

    def __init__(self, name: str = "command") -> None:
        self.name = name
        self.titles: list[str] = []
        self.messages: list[Message] = []
        self.why: str | Killed | None = None
        self.after = False

    def send(self, message: Message, /) -> str | None:
        if self.why is None or self.after:
            self.titles.append(message["title"])
            self.messages.append(message)
        if isinstance(self.why, Killed):
            raise self.why
        return self.why


@pytest.fixture
def kept(tmp_path: Path) -> StateFolder:
    return StateFolder(tmp_path)


@pytest.fixture
def sink() -> Sink:
    return Sink()


def tell(
    kept: StateFolder,
    sink: Sink,
    *,
    judged: Sequence[Judged],
    at: datetime = NOW,
    kinds: Sequence[str] = DEFAULT_KINDS,
    mutes: Sequence[Mute] = (),
    quiet: QuietHours | None = None,
    drill: bool = False,
) -> str | None:
    notifier = Notifier(
        state=kept, subscriber=sink.name, channel=sink, kinds=kinds, quiet=quiet, drill=drill
    )
    return notifier.notify(judged, at=at, mutes=mutes)


def test_each_change_is_told_once_over_restarts(
    kept: StateFolder, tmp_path: Path, sink: Sink
) -> None:
    later = NOW + timedelta(minutes=9)
    assert tell(kept, sink, judged=[OUT, OTHER_OUT]) is None
    assert tell(kept, sink, judged=[OUT, OTHER_OUT]) is None
    assert tell(StateFolder(tmp_path), sink, judged=[FINE, OTHER_OUT], at=later) is None
    assert tell(StateFolder(tmp_path), sink, judged=[FINE, OTHER_OUT], at=later) is None
    assert sink.titles == [OPENED, "Other: API major outage", "Acme recovered after 9 min"]


def test_what_nobody_asked_for_is_not_told(kept: StateFolder, sink: Sink) -> None:
    tell(kept, sink, judged=[OUT], kinds=["recovered"])
    tell(kept, sink, judged=[FINE], kinds=["recovered"])
    assert sink.titles == ["Acme recovered after 0 s"]


def test_a_drill_says_so(kept: StateFolder, sink: Sink) -> None:
    tell(kept, sink, judged=[OUT], drill=True)
    (message,) = sink.messages
    assert (message["title"], message["drill"]) == (f"DRILL: {OPENED}", True)


# Failures.


def test_a_channel_that_failed_is_tried_again(kept: StateFolder, sink: Sink) -> None:
    sink.why = "HTTP 500"
    assert tell(kept, sink, judged=[OUT, OTHER_OUT]) == "HTTP 500"
    sink.why = None
    assert tell(kept, sink, judged=[OUT, OTHER_OUT]) is None
    assert tell(kept, sink, judged=[OUT, OTHER_OUT]) is None
    assert sink.titles == [OPENED, "Other: API major outage"]


def test_a_channel_that_failed_is_not_asked_again_in_the_same_round(
    kept: StateFolder, sink: Sink
) -> None:
    sink.why, sink.after = "HTTP 500", True
    tell(kept, sink, judged=[OUT, OTHER_OUT])
    assert sink.titles == [OPENED]


def test_what_a_channel_missed_is_told_late_and_in_order(kept: StateFolder, sink: Sink) -> None:
    sink.why = "HTTP 500"
    tell(kept, sink, judged=[OUT])
    tell(kept, sink, judged=[FINE])
    sink.why = None
    tell(kept, sink, judged=[FINE])
    assert sink.titles == [OPENED, "Acme recovered after 0 s"]


@pytest.mark.parametrize(("after", "times"), [(False, 1), (True, 2)])
def test_a_process_killed_while_it_tells_tells_twice_at_most_and_never_not_at_all(
    kept: StateFolder, tmp_path: Path, sink: Sink, after: bool, times: int
) -> None:
    sink.why, sink.after = Killed(), after
    with pytest.raises(Killed):
        tell(kept, sink, judged=[OUT])
    sink.why = None
    tell(StateFolder(tmp_path), sink, judged=[OUT])
    tell(StateFolder(tmp_path), sink, judged=[OUT])
    assert sink.titles == [OPENED] * times


def test_what_cannot_be_written_down_is_not_told(
    kept: StateFolder, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("outlogger_cli.system.files.replace", full)
    with pytest.raises(LocalError):
        tell(kept, sink, judged=[OUT])
    monkeypatch.undo()
    assert sink.titles == NOTHING
    tell(kept, sink, judged=[OUT])
    assert sink.titles == [OPENED]


def test_two_watches_of_one_audience_do_not_double(tmp_path: Path) -> None:
    sinks = [Sink() for _ in range(4)]
    workers = [
        threading.Thread(target=tell, args=(StateFolder(tmp_path), sink), kwargs={"judged": [OUT]})
        for sink in sinks
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [title for sink in sinks for title in sink.titles] == [OPENED]


def test_a_watch_that_waits_too_long_for_another_says_so(
    kept: StateFolder, tmp_path: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "LOCK_TIMEOUT", 0)
    with StateFolder(tmp_path).delivery_log("command"), pytest.raises(BusyError):
        tell(kept, sink, judged=[OUT])
    tell(kept, sink, judged=[OUT])
    assert sink.titles == [OPENED]


# Mutes.


def test_a_mute_silences_its_vendor_alone(kept: StateFolder, sink: Sink) -> None:
    mute = Mute(slug=VENDOR.slug, url=VENDOR.url)
    tell(kept, sink, judged=[OUT, OTHER_OUT], mutes=[mute])
    assert sink.titles == ["Other: API major outage"]
    tell(kept, sink, judged=[OUT, OTHER_OUT])
    assert sink.titles == ["Other: API major outage", OPENED]


def test_a_mute_silences_its_component_alone(kept: StateFolder, sink: Sink) -> None:
    api, web = (Mute(slug=VENDOR.slug, url=VENDOR.url, component=one) for one in ("api", "web"))
    tell(kept, sink, judged=[OUT], mutes=[api])
    assert sink.titles == NOTHING
    tell(kept, sink, judged=[OUT], mutes=[web])
    assert sink.titles == [OPENED]


# QuietHours hours.


@pytest.mark.parametrize(
    ("quiet", "holds", "does_not"),
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
def test_the_hours_are_the_readers_and_may_go_over_midnight(
    quiet: QuietHours, holds: list[str], does_not: list[str]
) -> None:
    assert all(quiet.include(utc(f"2026-01-15 {clock}")) for clock in holds)
    assert not any(quiet.include(utc(f"2026-01-15 {clock}")) for clock in does_not)


def test_quiet_hours_end_with_one_summary(kept: StateFolder, sink: Sink) -> None:
    rounds = [
        ("2026-01-15 21:00", [FINE]),
        ("2026-01-15 23:00", [OUT, OTHER_OUT]),
        ("2026-01-16 02:00", [FINE, OTHER_OUT]),
        ("2026-01-16 06:59", [FINE, OTHER_OUT]),
    ]
    for at, readings in rounds:
        tell(kept, sink, judged=readings, at=utc(at), quiet=NIGHT)
    assert sink.titles == NOTHING
    tell(kept, sink, judged=[OUT, OTHER_OUT], at=utc("2026-01-16 07:00"), quiet=NIGHT)
    tell(kept, sink, judged=[OUT, OTHER_OUT], at=utc("2026-01-16 07:01"), quiet=NIGHT)
    assert sink.titles == ["3 changes in quiet hours: Acme, Other", OPENED]
    assert sink.messages[0]["message"] == (
        "15 Jan 23:00 UTC: Acme: API major outage\n"
        "15 Jan 23:00 UTC: Other: API major outage\n"
        "16 Jan 02:00 UTC: Acme recovered after 3 h"
    )


def test_what_was_held_is_told_though_there_are_no_quiet_hours_any_more(
    kept: StateFolder, sink: Sink
) -> None:
    tell(kept, sink, judged=[OUT], at=utc("2026-01-15 23:00"), quiet=NIGHT)
    tell(kept, sink, judged=[OUT], at=utc("2026-01-15 23:01"))
    assert sink.titles == [OPENED]


def test_a_channel_that_failed_is_left_in_peace_in_quiet_hours(
    kept: StateFolder, sink: Sink
) -> None:
    sink.why = "HTTP 500"
    tell(kept, sink, judged=[OUT], at=utc("2026-01-15 21:59"), quiet=NIGHT)
    sink.why = None
    tell(kept, sink, judged=[OUT], at=utc("2026-01-15 22:00"), quiet=NIGHT)
    assert sink.titles == NOTHING
    tell(kept, sink, judged=[OUT], at=utc("2026-01-16 07:00"), quiet=NIGHT)
    assert sink.titles == [OPENED]

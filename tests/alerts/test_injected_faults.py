"""Faults at every point of a watch: the n-th write or send fails or kills it, for every n.

Nothing is lost, the order of each vendor's events stays, and at most one message comes twice.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from outlogger_cli.alerts.channels import NO_LIMIT, Failure
from outlogger_cli.alerts.delivery_log import Message
from outlogger_cli.alerts.notifier import Notifier
from outlogger_cli.alerts.state import StateFolder
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.system import files
from tests.reports import component, incident, judged, page, update
from tests.support import NOW

KINDS = ("opened", "worsened", "eased", "recovered", "updated")
FULL = OSError(28, "No space left on device")


class KilledError(BaseException):
    """The process is killed."""


def reading(slug: str, status: str, *texts: str) -> Judged:
    updates = [update(text, at=f"2026-01-15 11:{index:02}") for index, text in enumerate(texts)]
    incidents = [incident("Slow", "monitoring", updates=updates[::-1])] if texts else []
    return judged(page(component("API", status), name=slug, incidents=incidents), slug=slug)


STEPS = [
    [reading("a", "operational"), reading("b", "operational")],
    [reading("a", "major_outage", "Seen."), reading("b", "operational")],
    [reading("a", "major_outage", "Seen.", "Found."), reading("b", "partial_outage")],
    [reading("a", "degraded_performance", "Seen.", "Found."), reading("b", "operational")],
    [reading("a", "operational"), reading("b", "major_outage", "We look.")],
    [reading("a", "operational"), reading("b", "operational")],
]
ROUNDS = [step for step in STEPS for _ in range(2)]
"""Each step lasts, so that a round that is lost is no change that nobody saw."""

Told = list[tuple[str, str]]


class Faults:
    """Counts the calls of `write` and `send`, and does `fault` in the n-th one."""

    def __init__(self, number: int, fault: Callable[[bool], None]) -> None:
        self.calls = 0
        self._number = number
        self._fault = fault

    def around(self, call: Callable[[], None]) -> None:
        self.calls += 1
        is_hit = self.calls == self._number
        if is_hit:
            self._fault(False)
        call()
        if is_hit:
            self._fault(True)


class Recorder:
    name = "command"

    def __init__(self, faults: Faults) -> None:
        self.told: Told = []
        self._faults = faults

    def send(self, message: Message, _seconds: float = NO_LIMIT, /) -> Failure | None:
        def deliver() -> None:
            self.told.append((message["vendor"], message["event"]))

        try:
            self._faults.around(deliver)
        except OSError as error:
            return Failure(reason=str(error))
        return None


def watch(folder: Path, channel: Recorder, *, one_process: bool) -> None:
    """Run all rounds; after a kill the next one is another process."""
    notifier: Notifier | None = None
    for number, readings in enumerate(ROUNDS):
        if notifier is None or not one_process:
            notifier = Notifier(
                state=StateFolder(folder), subscriber="x", channel=channel, kinds=KINDS
            )
        try:
            notifier.notify(readings, at=NOW + number * timedelta(minutes=10))
        except KilledError:
            notifier = None


def fails(after: bool) -> None:
    if not after:
        raise FULL


def fails_although_it_was_done(after: bool) -> None:
    if after:
        raise FULL


def kills_before(after: bool) -> None:
    if not after:
        raise KilledError


def kills_after(after: bool) -> None:
    if after:
        raise KilledError


def nothing(_after: bool) -> None:
    """No fault."""


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Faults], None]]:
    real = files.replace

    def use(faults: Faults) -> None:
        def replace(path: Path, data: bytes, *, temporary: Path) -> None:
            faults.around(lambda: real(path, data, temporary=temporary))

        monkeypatch.setattr(files, "replace", replace)

    yield use
    monkeypatch.undo()


def expected(folder: Path) -> tuple[Told, int]:
    """What is told without faults, and the number of sends."""
    faults = Faults(0, nothing)
    channel = Recorder(faults)
    watch(folder, channel, one_process=True)
    return channel.told, faults.calls


def assert_all_told(told: Told, whole: Told) -> None:
    for vendor in ("a", "b"):
        mine = [event for event in told if event[0] == vendor]
        once = [one for index, one in enumerate(mine) if index == 0 or one != mine[index - 1]]
        wanted = [event for event in whole if event[0] == vendor]
        merged = [one for index, one in enumerate(wanted) if index == 0 or one != wanted[index - 1]]
        assert once == merged
    more = Counter(told) - Counter(whole)
    assert not Counter(whole) - Counter(told)
    assert more.total() <= 1


PROCESSES = pytest.mark.parametrize("one_process", [True, False], ids=["long", "once"])


@PROCESSES
@pytest.mark.parametrize("fault", [fails, fails_although_it_was_done, kills_before, kills_after])
def test_the_nth_send(tmp_path: Path, fault: Callable[[bool], None], one_process: bool) -> None:
    whole, sends = expected(tmp_path / "whole")
    assert len(whole) == sends == 8
    for number in range(1, sends + 1):
        channel = Recorder(Faults(number, fault))
        watch(tmp_path / str(number), channel, one_process=one_process)
        assert_all_told(channel.told, whole)


@PROCESSES
@pytest.mark.parametrize("fault", [fails, fails_although_it_was_done, kills_before, kills_after])
def test_the_nth_write(
    tmp_path: Path,
    writes: Callable[[Faults], None],
    fault: Callable[[bool], None],
    one_process: bool,
) -> None:
    whole, _ = expected(tmp_path / "whole")
    counted = Faults(0, nothing)
    writes(counted)
    watch(tmp_path / "counted", Recorder(Faults(0, nothing)), one_process=one_process)
    assert counted.calls > 12
    for number in range(1, counted.calls + 1):
        writes(Faults(number, fault))
        channel = Recorder(Faults(0, nothing))
        watch(tmp_path / str(number), channel, one_process=one_process)
        assert_all_told(channel.told, whole)


def test_a_disk_that_stays_full_from_the_nth_write_does_not_change_what_a_long_watch_tells(
    tmp_path: Path, writes: Callable[[Faults], None]
) -> None:
    class Full(Faults):
        def around(self, call: Callable[[], None]) -> None:
            self.calls += 1
            if self.calls >= self._number:
                raise FULL
            call()

    whole, _ = expected(tmp_path / "whole")
    for number in range(1, 20):
        writes(Full(number, nothing))
        channel = Recorder(Faults(0, nothing))
        watch(tmp_path / str(number), channel, one_process=True)
        assert channel.told == whole

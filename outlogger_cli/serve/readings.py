"""The readings that all requests share, and when one is too old to say anything."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from outlogger_cli.domain.history import Window
from outlogger_cli.domain.model import Failed, FailureKind, Outcome, Read, Source, Vendor
from outlogger_cli.domain.report import Report, build
from outlogger_cli.domain.values import replace
from outlogger_cli.domain.verdict import Finding, Judged, judge
from outlogger_cli.engine import run as engine
from outlogger_cli.engine.run import Run
from outlogger_cli.render import wording


class Readings:
    """The last reading of each vendor of `run`.

    One thread calls `read_round` again and again; all other methods may be called from any thread
    at any time. A reading is unknown once it is older than two intervals and than its page says it
    is valid: then reading must have stopped.
    """

    def __init__(self, run: Run, *, interval: timedelta, window: Callable[[], Window]) -> None:
        self.run = run
        self.interval = interval
        self.is_complete = False
        """Whether every page was read, or tried, once."""

        self._window = window
        self._latest: dict[int, Judged] = {}

    def read_round(self) -> None:
        """Read all vendors whose last answer is not valid any more."""
        run, now = self.run, self.run.clock.now()
        due = [index for index in range(len(run.vendors)) if not self._is_fresh(index, now)]
        due_run = replace(run, vendors=tuple(run.vendors[index] for index in due))
        for place, judged in engine.read(due_run, judge=self._judge):
            self._add(due[place], judged)
        self.is_complete = True

    @property
    def count(self) -> int:
        """How many vendors were read, or tried, at least once."""
        return len(self._latest)

    def report(self) -> Report:
        """What is known of every vendor now."""
        return self._report(range(len(self.run.vendors)))

    def report_of(self, index: int) -> Report:
        """What is known of one vendor now."""
        return self._report([index])

    def old(self, report: Report) -> Iterator[tuple[Judged, datetime]]:
        """Yield the vendors whose reading is older than two intervals, and when it was read."""
        for judged in report.vendors:
            if judged.reading:
                moment = judged.reading.checked_at
                if abs(report.generated_at - moment) > 2 * self.interval:
                    yield judged, moment

    def _report(self, indexes: "range | list[int]") -> Report:
        run, now = self.run, self.run.clock.now()
        vendors = [self._present(index, now) for index in indexes]
        return build("status", vendors, gate=False, now=now, drill=run.drill_title)

    def _present(self, index: int, now: datetime) -> Judged:
        """The last reading of a vendor as it counts now."""
        vendor, judged = self.run.vendors[index], self._latest.get(index)
        if judged is None:
            return self._judge(_unread(vendor, "not read yet", now))
        if judged.days and judged.days[-1].date != self._window().dates[-1]:
            judged = self._judge(judged.outcome)  # a day has begun since
        read = judged.outcome
        if isinstance(read, Failed):
            return judged
        age = abs(now - read.checked_at)  # a clock may be set back
        if age <= 2 * self.interval:
            return judged
        ago = wording.age(read.checked_at, now)
        if age > 2 * self.interval + engine.freshness(read):
            message = f"last read {ago}, although the interval is {wording.length(self.interval)}"
            return self._judge(_unread(vendor, message, now, read))
        note = Finding(text=f"read {ago}: the page says that its answer is still valid")
        return replace(judged, findings=(*judged.findings, note))

    def _is_fresh(self, index: int, now: datetime) -> bool:
        judged = self._latest.get(index)
        return judged is not None and engine.is_fresh(judged.outcome, now)

    def _judge(self, outcome: Outcome) -> Judged:
        return judge(outcome, window=self._window())

    def _add(self, index: int, judged: Judged) -> None:
        """Keep a new reading; a page that failed keeps its last one, if the cache has none."""
        before = self._latest.get(index)
        outcome = judged.outcome
        if isinstance(outcome, Failed) and outcome.last is None and before and before.reading:
            last = replace(before.reading, source=Source.STALE)
            judged = self._judge(replace(outcome, last=last))
        self._latest[index] = judged


def _unread(vendor: Vendor, message: str, now: datetime, last: Read | None = None) -> Failed:
    return Failed(
        vendor=vendor,
        kind=FailureKind.OFFLINE,
        message=message,
        checked_at=now,
        last=last and replace(last, source=Source.STALE),
    )

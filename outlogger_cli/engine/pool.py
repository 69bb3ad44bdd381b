"""Many jobs at once, each within its own time, on threads that may be abandoned.

A thread that hangs (in DNS, on a dripping server) cannot be stopped, only left behind: so the
threads are daemons, answers come over a queue, and the calling thread keeps the clocks and
answers Ctrl-C at once.
"""

import queue
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto
from heapq import heappop, heappush
from typing import Generic, TypeVar

from outlogger_cli.domain.values import frozen

Result = TypeVar("Result")

PER_HOST = 2
"""Connections a host is asked to bear at a time."""

_GRACE = 0.1
"""Seconds a job may be late with its own, better, report that its time is up."""


class Late(Enum):
    """Why a job was given up."""

    BUDGET = auto()
    DEADLINE = auto()


@frozen
class Job(Generic[Result]):
    """`run` gets the moment at which its `budget` (seconds) ends. Of the jobs of one `host` only
    `PER_HOST` run at a time. Of a job that is given up `abandon` says the result, and ends what
    is under way if it can."""

    host: str
    budget: float
    run: Callable[[float], Result]
    abandon: Callable[[Late], Result]


def run(
    jobs: Sequence[Job[Result]],
    *,
    limit: int,
    deadline: float | None = None,
    monotonic: Callable[[], float] = time.monotonic,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[tuple[int, Result]]:
    """Each job's index and result as they come, at most `limit` jobs at a time.

    A job is given up when its budget ends, and all that are left when `deadline`, a moment of
    `monotonic`, comes. `meanwhile` is called once, when the first jobs are under way.
    """
    crew = _Crew(jobs, limit)
    crew.start(monotonic())
    meanwhile()
    try:
        while crew.left:
            now = monotonic()
            if deadline is not None and now >= deadline:
                yield from crew.give_up(sorted(crew.left), Late.DEADLINE)
                return
            yield from crew.give_up(crew.late(now), Late.BUDGET)
            crew.start(now)
            yield from crew.next_result(deadline, now)
    finally:
        crew.dismiss()


class _Crew(Generic[Result]):
    """Who waits, who runs until when, and who has not answered yet."""

    def __init__(self, jobs: Sequence[Job[Result]], limit: int) -> None:
        self.jobs = jobs
        self.limit = limit
        self.left = set(range(len(jobs)))
        self._ready = deque(range(len(jobs)))
        self._held: dict[str, deque[int]] = defaultdict(deque)
        self._busy: Counter[str] = Counter()
        self._running: set[int] = set()
        self._clocks: list[tuple[float, int]] = []
        self._hired = self._lost = 0
        self._tasks: queue.SimpleQueue[tuple[int, float] | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[tuple[int, Result]] = queue.SimpleQueue()

    def start(self, now: float) -> None:
        """Start who may, in order; who asks a busy host is held until a place there is free."""
        while self._ready and len(self._running) < self.limit:
            index = self._ready.popleft()
            job = self.jobs[index]
            if self._busy[job.host] >= PER_HOST:
                self._held[job.host].append(index)
                continue
            self._busy[job.host] += 1
            self._running.add(index)
            heappush(self._clocks, (now + job.budget + _GRACE, index))
            self._assign(index, now + job.budget)

    def late(self, now: float) -> list[int]:
        """Who should have answered by `now`, the earliest first."""
        found = []
        while self._clocks:
            until, index = self._clocks[0]
            if index in self._running and until > now:
                break
            heappop(self._clocks)
            if index in self._running:
                found.append(index)
        return found

    def next_result(self, deadline: float | None, now: float) -> Iterator[tuple[int, Result]]:
        """The next answer; nothing when a clock runs out first, or for a job given up before."""
        moments = [until for until, _ in self._clocks[:1]]
        if deadline is not None:
            moments.append(deadline)
        try:
            index, result = self._results.get(timeout=max(0.0, min(moments, default=now) - now))
        except queue.Empty:
            return
        if index in self.left:
            self._finish(index)
            yield index, result

    def give_up(self, indexes: Sequence[int], why: Late) -> Iterator[tuple[int, Result]]:
        for index in indexes:
            self._lost += index in self._running
            self._finish(index)
            yield index, self.jobs[index].abandon(why)

    def dismiss(self) -> None:
        """Let every thread end that waits for work."""
        for _ in range(self._hired):
            self._tasks.put(None)

    def _finish(self, index: int) -> None:
        self.left.discard(index)
        if index not in self._running:
            return
        self._running.remove(index)
        host = self.jobs[index].host
        self._busy[host] -= 1
        if self._held[host]:
            self._ready.appendleft(self._held[host].popleft())

    def _assign(self, index: int, until: float) -> None:
        """To a thread that is free, or to a new one where all are at work or lost."""
        self._tasks.put((index, until))
        if len(self._running) > self._hired - self._lost:
            self._hired += 1
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        """Job after job, until there are no more, or one was given up meanwhile."""
        while task := self._tasks.get():
            index, until = task
            result = self.jobs[index].run(until)
            lost = index not in self._running
            self._results.put((index, result))
            if lost:
                return

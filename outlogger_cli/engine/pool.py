"""A thread pool whose jobs have time limits and are abandoned when their time is up.

A thread that is stuck (in a DNS lookup, on a slow server) cannot be stopped. So the threads are
daemons, results come over a queue, and the calling thread keeps the time and answers Ctrl-C at
once. `ThreadPoolExecutor` would wait for stuck threads at exit.
"""

import queue
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum, auto
from typing import Generic, TypeVar

from outlogger_cli.domain.values import frozen

Result = TypeVar("Result")

PER_HOST = 2
"""Jobs of one host that run at a time."""

_GRACE = 0.1
"""Seconds after its budget in which a job may still report, better than `abandon` can, why."""


class Expired(Enum):
    """Why a job was abandoned: its own budget or the deadline of all jobs."""

    BUDGET = auto()
    DEADLINE = auto()


@frozen
class Job(Generic[Result]):
    """One unit of work.

    `run` is called with the time at which `budget`, in seconds, ends. If it does not return
    by then, `abandon` is called instead. It returns the result and may stop what `run` is doing.
    """

    host: str
    budget: float
    run: Callable[[float], Result]
    abandon: Callable[[Expired], Result]


def run(
    jobs: Sequence[Job[Result]],
    *,
    limit: int,
    deadline: float | None = None,
    monotonic: Callable[[], float] = time.monotonic,
    on_started: Callable[[], None] = lambda: None,
) -> Iterator[tuple[int, Result]]:
    """Run `jobs`, at most `limit` at a time, and yield index and result of each as it ends.

    All jobs that are left are abandoned at `deadline`, a time of `monotonic`. `on_started` is
    called once, after the first jobs have been started.
    """
    pool = _ThreadPool(jobs, limit)
    try:
        pool.start(monotonic())
        on_started()
        while pool.unfinished:
            now = monotonic()
            if deadline is not None and now >= deadline:
                yield from pool.abandon(sorted(pool.unfinished), Expired.DEADLINE)
                return
            yield from pool.abandon(pool.expired(now), Expired.BUDGET)
            pool.start(now)
            yield from pool.next_result(now, deadline)
    finally:
        pool.shut_down()


class _ThreadPool(Generic[Result]):
    """Threads take one job after another: a new thread per job costs 5 % of the CPU of a run.

    A thread whose job was abandoned is idle again when that job returns, if it ever does.
    """

    def __init__(self, jobs: Sequence[Job[Result]], limit: int) -> None:
        self.unfinished = set(range(len(jobs)))
        self._jobs = jobs
        self._limit = limit
        self._ready = deque(range(len(jobs)))
        self._held: dict[str, deque[int]] = defaultdict(deque)
        self._per_host: Counter[str] = Counter()
        self._running: dict[int, float] = {}
        self._threads = self._idle_threads = 0
        self._tasks: queue.SimpleQueue[tuple[int, float] | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[tuple[int, Result]] = queue.SimpleQueue()

    def start(self, now: float) -> None:
        """Start jobs in order; a job of a busy host is held until another one of it ends."""
        while self._ready and len(self._running) < self._limit:
            index = self._ready.popleft()
            job = self._jobs[index]
            if self._per_host[job.host] >= PER_HOST:
                self._held[job.host].append(index)
                continue
            self._per_host[job.host] += 1
            end = now + job.budget
            self._running[index] = end + _GRACE
            self._tasks.put((index, end))
            if self._idle_threads:
                self._idle_threads -= 1
            else:
                self._start_thread()

    def _start_thread(self) -> None:
        """Start a thread. If the system has none left, the job waits for one of those there are."""
        try:
            threading.Thread(target=self._work, daemon=True).start()
        except (RuntimeError, MemoryError):
            if self._threads:
                return
            raise
        self._threads += 1

    def expired(self, now: float) -> list[int]:
        """Return the running jobs whose time is up, the earliest first."""
        found = [index for index, end in self._running.items() if end <= now]
        return sorted(found, key=self._running.__getitem__)

    def abandon(self, indexes: Iterable[int], why: Expired) -> Iterator[tuple[int, Result]]:
        for index in indexes:
            self._finish(index)
            yield index, self._jobs[index].abandon(why)

    def next_result(self, now: float, deadline: float | None) -> Iterator[tuple[int, Result]]:
        """Wait for a result until a job expires; yield nothing for a job that was abandoned."""
        ends = [*self._running.values(), *([] if deadline is None else [deadline])]
        try:
            index, result = self._results.get(timeout=max(0.0, min(ends, default=now) - now))
        except queue.Empty:
            return
        self._idle_threads += 1
        if index in self.unfinished:
            self._finish(index)
            yield index, result

    def shut_down(self) -> None:
        """Let each thread end, once it has returned from its job."""
        for _ in range(self._threads):
            self._tasks.put(None)

    def _work(self) -> None:
        while task := self._tasks.get():
            index, end = task
            self._results.put((index, self._jobs[index].run(end)))

    def _finish(self, index: int) -> None:
        self.unfinished.remove(index)
        if self._running.pop(index, None) is None:
            return
        host = self._jobs[index].host
        self._per_host[host] -= 1
        if self._held[host]:
            self._ready.appendleft(self._held[host].popleft())

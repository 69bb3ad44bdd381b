"""The thread pool: which jobs run when, which are abandoned, and what happens to threads."""

import threading
import time
from collections.abc import Callable
from functools import partial
from itertools import chain, repeat

import pytest

from outlogger_cli.engine import pool
from outlogger_cli.engine.pool import Expired, Job

PATIENCE = 10


def job(
    run: Callable[[float], str],
    *,
    host: str = "",
    budget: float = PATIENCE,
    abandon: Callable[[Expired], str] = lambda why: f"abandoned: {why.name}",
) -> Job[str]:
    return Job(host=host, budget=budget, run=run, abandon=abandon)


class Jobs:
    """Jobs that run until the test ends them, by name; `a1` is one of host `a`."""

    def __init__(self, *names: str) -> None:
        self.list = [job(partial(self._run, name), host=name[0]) for name in names]
        self._has_started = {name: threading.Event() for name in names}
        self._may_end = {name: threading.Event() for name in names}

    def end(self, *names: str) -> None:
        for name in names:
            self._may_end[name].set()

    def have_started(self, *names: str) -> bool:
        """Whether these jobs have started, or do so in time, and no others."""
        in_time = all(self._has_started[name].wait(PATIENCE) for name in names)
        others = self._has_started.keys() - names
        return in_time and not any(self._has_started[name].is_set() for name in others)

    def _run(self, name: str, _until: float) -> str:
        self._has_started[name].set()
        assert self._may_end[name].wait(PATIENCE)
        return name


def waits(event: threading.Event, answer: str = "late") -> Callable[[float], str]:
    def run(_until: float) -> str:
        assert event.wait(PATIENCE)
        return answer

    return run


# Which jobs run when


def test_no_jobs_have_no_results() -> None:
    assert list(pool.run([], limit=1)) == []


def test_results_come_as_jobs_end_with_the_index_of_the_job() -> None:
    first_may_end = threading.Event()

    def second(_until: float) -> str:
        return "second"

    results = pool.run([job(waits(first_may_end, "first")), job(second)], limit=2)
    assert next(results) == (1, "second")
    first_may_end.set()
    assert list(results) == [(0, "first")]


def test_no_more_jobs_run_at_a_time_than_the_limit_allows() -> None:
    jobs = Jobs("a", "b", "c", "d")
    results = pool.run(jobs.list, limit=2)
    jobs.end("a")
    assert next(results) == (0, "a")
    assert jobs.have_started("a", "b")
    jobs.end("c")
    assert next(results) == (2, "c")
    assert jobs.have_started("a", "b", "c")
    jobs.end("b", "d")
    assert sorted(results) == [(1, "b"), (3, "d")]


def test_a_host_gets_two_jobs_at_a_time_and_others_do_not_wait_for_it() -> None:
    jobs = Jobs("a1", "a2", "a3", "b1", "c1")
    results = pool.run(jobs.list, limit=4)
    jobs.end("c1")
    assert next(results) == (4, "c1")
    jobs.end("b1")
    assert next(results) == (3, "b1")
    assert jobs.have_started("a1", "a2", "b1", "c1")
    jobs.end("a1", "a2", "a3")
    assert sorted(results) == [(0, "a1"), (1, "a2"), (2, "a3")]


def test_a_job_that_was_held_goes_before_those_after_it() -> None:
    jobs = Jobs("a1", "a2", "a3", "b1", "c1")
    results = pool.run(jobs.list, limit=3)
    jobs.end("a1", "a3")
    assert [next(results), next(results)] == [(0, "a1"), (2, "a3")]
    assert jobs.have_started("a1", "a2", "b1", "a3")
    jobs.end("a2", "b1", "c1")
    assert sorted(results) == [(1, "a2"), (3, "b1"), (4, "c1")]


def test_a_job_is_given_the_time_at_which_its_budget_ends() -> None:
    results = pool.run([job(str, budget=5), job(str, budget=7)], limit=2, monotonic=lambda: 100)
    assert sorted(results) == [(0, "105"), (1, "107")]


def test_on_started_is_called_once_the_first_jobs_have_been_started() -> None:
    jobs = Jobs("a", "b", "c")
    calls: list[bool] = []

    def on_started() -> None:
        calls.append(jobs.have_started("a", "b"))
        jobs.end("a", "b", "c")

    results = pool.run(jobs.list, limit=2, on_started=on_started)
    assert sorted(results) == [(0, "a"), (1, "b"), (2, "c")]
    assert calls == [True]


# Which jobs are abandoned


def test_a_stuck_job_is_abandoned_when_its_budget_ends() -> None:
    over = threading.Event()
    jobs = [job(waits(over), budget=0.01), job(lambda _until: "quick")]
    assert sorted(pool.run(jobs, limit=2)) == [(0, "abandoned: BUDGET"), (1, "quick")]
    over.set()


def test_the_place_of_a_stuck_job_is_free_again() -> None:
    over = threading.Event()
    hanging = [job(waits(over), host="a", budget=0.01) for _ in range(pool.PER_HOST)]
    jobs = [*hanging, job(lambda _until: "quick", host="a")]
    assert list(pool.run(jobs, limit=3)) == [
        (0, "abandoned: BUDGET"),
        (1, "abandoned: BUDGET"),
        (2, "quick"),
    ]
    over.set()


def test_a_job_has_a_moment_to_report_that_its_time_is_up() -> None:
    clock, over = chain([100.0], repeat(105.05)), threading.Event()
    jobs = [job(waits(over), budget=5), job(lambda _until: "quick")]
    results = pool.run(jobs, limit=2, monotonic=lambda: next(clock))
    assert next(results) == (1, "quick")
    over.set()
    assert list(results) == [(0, "late")]


def test_the_result_of_a_job_that_was_abandoned_is_dropped() -> None:
    over, abandoned, dropped = threading.Event(), threading.Event(), threading.Event()

    def abandon(why: Expired) -> str:
        abandoned.set()
        return why.name

    def monotonic() -> float:
        if over.is_set():  # nothing but the late result has woken the pool since
            dropped.set()
        return time.monotonic()

    def patient(_until: float) -> str:
        assert abandoned.wait(PATIENCE)
        over.set()
        assert dropped.wait(PATIENCE)
        return "done"

    jobs = [job(waits(over), budget=0.01, abandon=abandon), job(patient)]
    results = pool.run(jobs, limit=2, monotonic=monotonic)
    assert list(results) == [(0, "BUDGET"), (1, "done")]


def test_at_the_deadline_all_jobs_that_are_left_are_abandoned_in_order() -> None:
    now = iter([100.0, 100.0, 200.0])
    jobs = Jobs("a1", "a2", "b1")
    jobs.end("a1")
    results = pool.run(jobs.list, limit=1, deadline=150, monotonic=lambda: next(now))
    assert list(results) == [
        (0, "a1"),
        (1, "abandoned: DEADLINE"),
        (2, "abandoned: DEADLINE"),
    ]
    assert jobs.have_started("a1")


def test_a_deadline_that_has_passed_leaves_no_time_for_a_result() -> None:
    jobs = Jobs("a", "b")
    results = pool.run(jobs.list, limit=2, deadline=99, monotonic=lambda: 100)
    assert list(results) == [(0, "abandoned: DEADLINE"), (1, "abandoned: DEADLINE")]
    jobs.end("a", "b")


def test_a_thread_that_begins_after_its_job_was_abandoned_is_harmless(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Later:
        """A thread that the system has not started yet."""

        def __init__(self, *, target: Callable[[], None], daemon: bool) -> None:
            assert daemon, "a stuck thread must not keep the process alive"
            waiting.append(target)

        def start(self) -> None:
            pass

    now = iter([100.0, 200.0])
    budgets: list[float] = []
    waiting: list[Callable[[], None]] = []
    monkeypatch.setattr(threading, "Thread", Later)

    def run(until: float) -> str:
        budgets.append(until)
        return "late"

    results = pool.run([job(run, budget=0.01)], limit=1, monotonic=lambda: next(now))
    assert list(results) == [(0, "abandoned: BUDGET")]
    (work,) = waiting
    work()
    assert budgets == [100.01]


# Threads


def test_threads_are_used_again_and_none_is_left_at_the_end() -> None:
    threads: set[threading.Thread] = set()

    def run(_until: float) -> str:
        threads.add(threading.current_thread())
        return "done"

    assert len(list(pool.run([job(run) for _ in range(50)], limit=3))) == 50
    assert 1 <= len(threads) <= 3
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)


def test_a_stuck_thread_is_replaced_and_ends_when_it_can() -> None:
    over = threading.Event()
    threads: list[threading.Thread] = []

    def hang(_until: float) -> str:
        threads.append(threading.current_thread())
        assert over.wait(PATIENCE)
        return "late"

    jobs = [job(hang, budget=0.01), job(hang, budget=0.01), job(lambda _until: "quick")]
    assert list(pool.run(jobs, limit=1)) == [
        (0, "abandoned: BUDGET"),
        (1, "abandoned: BUDGET"),
        (2, "quick"),
    ]
    over.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)


def test_a_job_for_which_no_thread_can_be_started_waits_for_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start, started, refused = threading.Thread.start, list[threading.Thread](), threading.Event()

    def start_two(thread: threading.Thread) -> None:
        if len(started) == 2:
            refused.set()
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_two)
    jobs = [job(waits(refused, "done"), host=str(number)) for number in range(5)]
    assert sorted(pool.run(jobs, limit=5)) == [(index, "done") for index in range(5)]


def test_where_no_thread_can_be_started_at_all_no_job_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", fail)
    with pytest.raises(RuntimeError):
        list(pool.run([job(lambda _until: "done")], limit=1))

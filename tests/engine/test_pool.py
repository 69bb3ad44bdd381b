"""Many jobs at once: who runs when, who is given up, and that no thread that hangs is awaited."""

import threading
from collections.abc import Callable
from itertools import chain, repeat

import pytest

from outlogger_cli.engine import pool
from outlogger_cli.engine.pool import Job, Late

PATIENCE = 10


def job(
    run: Callable[[float], str],
    *,
    host: str = "",
    budget: float = PATIENCE,
    abandon: Callable[[Late], str] = lambda late: f"given up: {late.name}",
) -> Job[str]:
    return Job(host=host, budget=budget, run=run, abandon=abandon)


def noted(started: list[str], *names: str) -> list[Job[str]]:
    """Jobs that note when they start; `a1` is one of host `a`."""

    def one(name: str) -> Job[str]:
        def run(_until: float) -> str:
            started.append(name)
            return name

        return job(run, host=name[0])

    return [one(name) for name in names]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without threads: the work is done where it is assigned, so that the order is known."""

    def assign(crew: "pool._Crew[str]", index: int, until: float) -> None:
        crew._results.put((index, crew.jobs[index].run(until)))

    monkeypatch.setattr(pool._Crew, "_assign", assign)


def waits(event: threading.Event, answer: str = "late") -> Callable[[float], str]:
    def run(_until: float) -> str:
        assert event.wait(PATIENCE)
        return answer

    return run


# Who runs when


def test_no_jobs_come_to_nothing() -> None:
    assert list(pool.run([], limit=1)) == []


def test_results_come_as_they_are_ready_and_say_whose_they_are() -> None:
    first_may_end = threading.Event()

    def second(_until: float) -> str:
        return "second"

    results = pool.run([job(waits(first_may_end, "first")), job(second)], limit=2)
    assert next(results) == (1, "second")
    first_may_end.set()
    assert list(results) == [(0, "first")]


@pytest.mark.usefixtures("at_once")
def test_no_more_jobs_run_at_a_time_than_the_limit_allows() -> None:
    started: list[str] = []
    results = pool.run(noted(started, "a", "b", "c", "d"), limit=2)
    assert (next(results), started) == ((0, "a"), ["a", "b"])
    assert (next(results), started) == ((1, "b"), ["a", "b", "c"])
    assert list(results) == [(2, "c"), (3, "d")]


@pytest.mark.usefixtures("at_once")
def test_a_host_bears_two_connections_and_others_do_not_wait_for_it() -> None:
    started: list[str] = []
    results = pool.run(noted(started, "a1", "a2", "a3", "b1", "c1"), limit=4)
    assert next(results) == (0, "a1")
    assert started == ["a1", "a2", "b1", "c1"]
    assert next(results) == (1, "a2")
    assert started == ["a1", "a2", "b1", "c1", "a3"]
    assert [name for _, name in results] == ["b1", "c1", "a3"]


@pytest.mark.usefixtures("at_once")
def test_who_was_held_goes_before_who_has_not_been_asked() -> None:
    started: list[str] = []
    results = pool.run(noted(started, "a1", "a2", "a3", "b1", "c1"), limit=3)
    list(results)
    assert started == ["a1", "a2", "b1", "a3", "c1"]


@pytest.mark.usefixtures("at_once")
def test_a_job_is_told_when_its_time_ends() -> None:
    results = pool.run([job(str, budget=5), job(str, budget=7)], limit=2, monotonic=lambda: 100)
    assert list(results) == [(0, "105"), (1, "107")]


@pytest.mark.usefixtures("at_once")
def test_there_is_time_for_something_else_once_the_first_jobs_are_under_way() -> None:
    started: list[str] = []
    results = pool.run(
        noted(started, "a", "b", "c"), limit=2, meanwhile=lambda: started.append("meanwhile")
    )
    list(results)
    assert started == ["a", "b", "meanwhile", "c"]


# Who is given up


def test_a_job_that_hangs_is_given_up_when_its_budget_ends() -> None:
    over = threading.Event()
    jobs = [job(waits(over), budget=0.01), job(lambda _until: "quick")]
    assert sorted(pool.run(jobs, limit=2)) == [(0, "given up: BUDGET"), (1, "quick")]
    over.set()


def test_the_place_of_a_job_that_hangs_is_free_again() -> None:
    over, started = threading.Event(), list[str]()
    hanging = [job(waits(over), host="a", budget=0.01) for _ in range(pool.PER_HOST)]
    jobs = [*hanging, *noted(started, "a")]
    assert list(pool.run(jobs, limit=3)) == [
        (0, "given up: BUDGET"),
        (1, "given up: BUDGET"),
        (2, "a"),
    ]
    over.set()


def test_a_job_is_given_a_moment_to_say_itself_that_its_time_is_up() -> None:
    clock, over = chain([100.0], repeat(105.05)), threading.Event()
    jobs = [job(waits(over), budget=5), job(lambda _until: "quick")]
    results = pool.run(jobs, limit=2, monotonic=lambda: next(clock))
    assert next(results) == (1, "quick")
    over.set()
    assert list(results) == [(0, "late")]


def test_the_answer_of_a_job_given_up_before_is_not_told() -> None:
    over, abandoned = threading.Event(), threading.Event()
    threads: list[threading.Thread] = []

    def hang(_until: float) -> str:
        threads.append(threading.current_thread())
        assert over.wait(PATIENCE)
        return "late"

    def abandon(late: Late) -> str:
        abandoned.set()
        return late.name

    def patient(_until: float) -> str:
        assert abandoned.wait(PATIENCE)
        over.set()
        threads[0].join(PATIENCE)
        return "done"

    jobs = [job(hang, budget=0.01, abandon=abandon), job(patient)]
    assert list(pool.run(jobs, limit=2)) == [(0, "BUDGET"), (1, "done")]


def test_at_the_deadline_all_that_are_left_are_given_up_in_order() -> None:
    over, started = threading.Event(), list[str]()
    now = iter([100.0, 100.0, 101.0])
    jobs = [*noted(started, "a1"), job(waits(over), host="a"), *noted(started, "b1")]
    results = pool.run(jobs, limit=1, deadline=100.02, monotonic=lambda: next(now))
    assert list(results) == [
        (0, "a1"),
        (1, "given up: DEADLINE"),
        (2, "given up: DEADLINE"),
    ]
    assert started == ["a1"]
    over.set()


def test_a_deadline_that_has_passed_leaves_no_time_for_an_answer() -> None:
    results = pool.run(noted([], "a", "b"), limit=2, deadline=99, monotonic=lambda: 100)
    assert list(results) == [(0, "given up: DEADLINE"), (1, "given up: DEADLINE")]


def test_a_thread_that_begins_after_its_job_was_given_up_is_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Later:
        """In place of a thread the system has not come to yet."""

        def __init__(self, *, target: Callable[[], None], daemon: bool) -> None:
            assert daemon, "a thread that hangs must not keep the process alive"
            waiting.append(target)

        def start(self) -> None:
            pass

    now = iter([100.0, 200.0])
    told: list[float] = []
    waiting: list[Callable[[], None]] = []
    monkeypatch.setattr(threading, "Thread", Later)

    def run(until: float) -> str:
        told.append(until)
        return "late"

    results = pool.run([job(run, budget=0.01)], limit=1, monotonic=lambda: next(now))
    assert list(results) == [(0, "given up: BUDGET")]
    (work,) = waiting
    work()
    assert told == [100.01]


# Threads


def test_a_thread_that_is_done_takes_the_next_job_and_none_is_left_at_the_end() -> None:
    threads: set[threading.Thread] = set()

    def run(_until: float) -> str:
        threads.add(threading.current_thread())
        return "done"

    assert len(list(pool.run([job(run) for _ in range(50)], limit=3))) == 50
    assert 1 <= len(threads) <= 3
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)


def test_a_thread_that_was_given_up_is_replaced_and_ends_when_it_can() -> None:
    over = threading.Event()
    threads: list[threading.Thread] = []

    def hang(_until: float) -> str:
        threads.append(threading.current_thread())
        assert over.wait(PATIENCE)
        return "late"

    jobs = [job(hang, budget=0.01), job(hang, budget=0.01), job(lambda _until: "quick")]
    assert list(pool.run(jobs, limit=1)) == [
        (0, "given up: BUDGET"),
        (1, "given up: BUDGET"),
        (2, "quick"),
    ]
    over.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)

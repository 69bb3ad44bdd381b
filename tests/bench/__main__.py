"""Run commands and curl in turn against one origin, and print their cost and budget.

Only the ratios within one run are meaningful: the speed of machines differs and varies. Every
process gets a clean environment, an empty home unless its row is about the cache, and a time limit.
Nothing is asserted: a row is `ok`, `stretch` or `over`.
"""

import argparse
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, NamedTuple

from tests.bench.track import Command, NotMeasuredError, Sample, Track, origin, run

Measure = Literal["wall", "cpu", "rss"]


class Row(NamedTuple):
    """A row of the budget: one command as a multiple of others, or alone in MiB."""

    number: int
    what: str
    budget: float
    stretch: float | None = None
    of: Measure = "wall"

    @property
    def top(self) -> str:
        return self.what.partition(" / ")[0]

    @property
    def bottom(self) -> list[str]:
        _, slash, bottom = self.what.partition(" / ")
        return bottom.split(" + ") if slash else []


class Group(NamedTuple):
    """Rows that are measured together, each of their commands once per round."""

    numbers: tuple[int, ...]
    rounds: int
    quick: int
    hosts: int


ROWS = (
    Row(1, "--version / import re", 1.3),
    Row(2, "--help / pass", 8),
    Row(2, "completion / pass", 8, 2.5),
    Row(2, "vendors show / pass", 8),
    Row(2, "status line / pass", 8, 2.5),
    Row(3, "status stored, plain / pass", 7.5),
    Row(3, "status stored, table / pass", 10.5),
    Row(4, "check 1 / curl 1 + import typer", 1.7, 1.2),
    Row(5, "check 30 / curl 30 + import typer", 1.75, 1.3),
    Row(5, "check 30 / curl 30 of system roots", 0.6),
    # two documents per vendor, but one for curl
    Row(6, "status 30 / curl 30 + import typer", 2.2, 1.5),
    Row(7, "check 500 / curl 500", 1.8, 1.25),
    Row(7, "check 500 / curl 500", 2.2, 1.6, "cpu"),
    Row(8, "check 2000 / curl 2000", 1.6, 1.1),
    Row(8, "check 2000 / curl 2000", 1.9, 1.4, "cpu"),
    Row(8, "check 2000", 90, None, "rss"),
    Row(9, "check 2000 / check 500", 4.4, None, "cpu"),
    Row(10, "check slow dns / curl slow dns", 2.0, 1.3),
)
GROUPS = (
    Group((1, 2, 3), rounds=15, quick=5, hosts=30),
    Group((4,), rounds=15, quick=5, hosts=1),
    Group((5, 6), rounds=9, quick=3, hosts=30),
    Group((7, 8, 9), rounds=5, quick=1, hosts=2000),
    Group((10,), rounds=7, quick=3, hosts=100),
)


class Results:
    """The cost of each command per round, or why it could not be measured."""

    def __init__(self, *, best: bool) -> None:
        self._best = best
        self.samples: dict[str, list[Sample]] = {}
        self.failures: dict[str, str] = {}
        self.commands: dict[str, Command] = {}

    @contextmanager
    def failing(self, what: str) -> Iterator[None]:
        """Record why `what` could not be measured, instead of stopping."""
        try:
            yield
        except NotMeasuredError as failure:
            self.failures[what] = str(failure)
            self.samples.pop(what, None)

    def typical(self, what: str, of: Measure) -> float:
        """The median or the best of all rounds; raises NotMeasuredError without any."""
        if what in self.failures:
            raise NotMeasuredError(f"{what}: {self.failures[what]}")
        if what not in self.samples:
            raise NotMeasuredError("the time was up")
        values = sorted(getattr(sample, of) for sample in self.samples[what])
        return float(values[0 if self._best else len(values) // 2])

    def measured(self, row: Row) -> float:
        top = self.typical(row.top, row.of)
        return top / (sum(self.typical(what, row.of) for what in row.bottom) or 1)


def measure(track: Track, rows: Sequence[Row], rounds: int, ends: float, *, best: bool) -> Results:
    """Warm up every command of `rows`, then run each once per round until the time is up."""
    results = Results(best=best)
    for what in dict.fromkeys(what for row in rows for what in (row.top, *row.bottom)):
        with results.failing(what):
            results.commands[what] = warmed_up(track, what, ends)
    for what, command in list(results.commands.items()) * rounds:
        with results.failing(what):
            if time.monotonic() < ends and what not in results.failures:
                results.samples.setdefault(what, []).append(run(track, command))
    return results


def warmed_up(track: Track, what: str, ends: float) -> Command:
    """Run the command once, to check it and to fill bytecode and cache; returns the command."""
    if time.monotonic() > ends:
        raise NotMeasuredError("the time was up")
    command = track.command(what)
    if command.home == "stored":
        run(track, track.fill())
    run(track, command)
    return command


def line(row: Row, results: Results) -> str:
    """A row of the table: number, commands, measured, budget, stretch, and the result."""
    of = "" if row.of == "wall" else f" ({row.of})"
    unit = "x" if row.bottom else " MiB"
    stretch = "" if row.stretch is None else f"{row.stretch:g}{unit}"
    start = f"{row.number:>3}  {row.what + of:<42}"
    budget = f"{f'{row.budget:g}{unit}':>9}{stretch:>9}"
    try:
        measured = results.measured(row)
    except NotMeasuredError as failure:
        return f"{start}{'-':>9}{budget}  not measured: {failure}"
    return f"{start}{f'{measured:.2f}{unit}':>9}{budget}  {standing(row, measured)}"


def standing(row: Row, measured: float) -> str:
    if row.stretch is not None and measured <= row.stretch:
        return "stretch"
    return "ok" if measured <= row.budget else "over"


def details(results: Results) -> Iterator[str]:
    """The cost of each command of this group, to explain a ratio."""
    for what, samples in results.samples.items():
        wall, cpu = (1000 * results.typical(what, of) for of in ("wall", "cpu"))
        rss = results.typical(what, "rss")
        numbers = f"{wall:>9.1f} ms{cpu:>9.1f} ms CPU{rss:>7.1f} MiB"
        yield f"     {what:<42}{numbers}  {len(samples)} rounds"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def machine() -> str:
    """The machine and versions that the ratios depend on."""
    curl = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=False)
    words = " ".join(curl.stdout.split()[:2])
    load = os.getloadavg()[0]
    return f"Python {platform.python_version()}, {words}, {os.cpu_count()} cores, load {load:.1f}"


def main() -> None:
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    say(machine())
    ends = time.monotonic() + options.limit
    chosen = [row for row in ROWS if not options.only or row.number in options.only]
    numbers = {row.number for row in chosen}
    groups = [group for group in GROUPS if numbers & set(group.numbers)]
    say(f"{'row':>3}  {'what':<42}{'measured':>9}{'budget':>9}{'stretch':>9}")
    with origin(max(group.hosts for group in groups)) as track:
        for group in groups:
            rows = [row for row in chosen if row.number in group.numbers]
            rounds = group.quick if options.quick else group.rounds
            results = measure(track, rows, rounds, ends, best=options.best)
            for row in rows:
                say(line(row, results))
            for text in details(results) if options.verbose else ():
                say(text)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--only", type=row_numbers, default=[], help="rows to measure: 4,5,7")
    parser.add_argument("--best", action="store_true", help="the best round, not the median")
    parser.add_argument("--limit", type=float, default=600, help="seconds for all (%(default)s)")
    parser.add_argument("-v", "--verbose", action="store_true", help="what each command cost, too")
    return parser.parse_args()


def row_numbers(text: str) -> list[int]:
    known = {row.number for row in ROWS}
    numbers = [int(number) for number in text.split(",")]
    if unknown := [number for number in numbers if number not in known]:
        raise argparse.ArgumentTypeError(f"no such row: {unknown[0]}")
    return numbers


if __name__ == "__main__":
    main()

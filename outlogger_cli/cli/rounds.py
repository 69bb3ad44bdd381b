"""The loop of a command that reads again and again: `wait` and `watch`."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

import typer

from outlogger_cli.cli.options import length
from outlogger_cli.domain.report import Report

SHORTEST = timedelta(seconds=10)
"""No page is requested more often."""

_JITTER = 0.1
"""At most this share is added to a pause, so that not every installation asks at one moment."""


class RoundDisplay(Protocol):
    """What shows the rounds of a loop."""

    def on_report(self, report: Report, /) -> bool:
        """Show a round; whether the loop ends with it."""

    def pause(self, seconds: float, report: Report, /) -> bool:
        """Wait for the next round; whether the user ended the loop."""


def loop(
    read: Callable[[], Report],
    display: RoundDisplay,
    interval: timedelta,
    jitter: Callable[[], float] = random.random,
) -> Report:
    """Read, show and pause until the display ends the loop; returns the last report.

    A pause begins when a round is over: rounds that a machine slept through are not made up for.
    """
    while True:
        report = read()
        if display.on_report(report):
            return report
        seconds = interval.total_seconds() * (1 + _JITTER * jitter())
        if display.pause(seconds, report):
            return report


def interval_option(text: str) -> timedelta:
    """Parse a duration of at least `SHORTEST`; raises what Typer shows of a shorter one."""
    if (span := length(text)) < SHORTEST:
        raise typer.BadParameter(f"must be at least {SHORTEST.seconds}s: pages are read each time")
    return span

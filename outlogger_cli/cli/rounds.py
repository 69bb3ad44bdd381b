"""The pause and the loop of commands that read again and again: `wait`, `watch` and `serve`."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Protocol

import typer
from typer import Option

from outlogger_cli.cli.options import length
from outlogger_cli.domain.report import Report

SHORTEST = timedelta(seconds=10)
"""The shortest interval between two requests of a page."""

_JITTER = 0.1
"""At most this share is added to a pause, so that installations do not ask in step."""


class RoundDisplay(Protocol):
    """Shows the rounds of a loop, and decides when it ends."""

    def on_report(self, report: Report, /) -> bool:
        """Show a round; return whether it is the last."""

    def pause(self, seconds: float, report: Report, /) -> bool:
        """Wait for the next round; return whether the user ended the loop."""


def loop(
    read: Callable[[], Report],
    display: RoundDisplay,
    interval: timedelta,
    jitter: Callable[[], float] = random.random,
) -> Report:
    """Read, show and pause until the display ends the loop; return the last report.

    A pause starts when a round is over, so rounds missed while a machine sleeps are not repeated.
    """
    while True:
        report = read()
        if display.on_report(report):
            return report
        if display.pause(pause_after(interval, jitter), report):
            return report


def pause_after(interval: timedelta, jitter: Callable[[], float] = random.random) -> float:
    """Return the seconds between two rounds."""
    return interval.total_seconds() * (1 + _JITTER * jitter())


def interval_option(text: str) -> timedelta:
    """Parse a duration of at least `SHORTEST`; raises `BadParameter` for a shorter one."""
    if (span := length(text)) < SHORTEST:
        raise typer.BadParameter(f"must be at least {SHORTEST.seconds}s: pages are read each time")
    return span


Interval = Annotated[
    timedelta | None,
    Option(
        "--interval",
        metavar="DURATION",
        parser=interval_option,
        help="Pause between two rounds, at least 10s; a page may ask for a longer one."
        " [default: 60s]",
        show_default=False,
    ),
]
"""The pause of a command that does not end."""

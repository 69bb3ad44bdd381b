"""The pause between two rounds of a command that goes on: never short, and not in step."""

import random
from collections.abc import Callable
from datetime import timedelta

import typer

from outlogger_cli.cli.options import length

SHORTEST = timedelta(seconds=10)
"""Nobody's page is asked more often."""

_JITTER = 0.1
"""At most this share is added, so that not everybody asks at the same moment."""


def bearable(text: str) -> timedelta:
    """A duration that pages can bear, or what Typer shows of a shorter one."""
    if (span := length(text)) < SHORTEST:
        raise typer.BadParameter(f"must be at least {SHORTEST.seconds}s: pages are read each time")
    return span


def spread(span: timedelta, jitter: Callable[[], float] = random.random) -> float:
    """Seconds of the next pause; `jitter` is from 0 to 1."""
    return span.total_seconds() * (1 + _JITTER * jitter())

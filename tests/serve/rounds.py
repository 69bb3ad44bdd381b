"""Readings of invented vendors over a simulated network, at a time that the test sets."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import httpx

from outlogger_cli.domain.history import Window
from outlogger_cli.domain.model import Depth, Selection, Vendor
from outlogger_cli.engine import run as engine
from outlogger_cli.engine.run import Request, Run
from outlogger_cli.serve.readings import Readings
from outlogger_cli.system.runtime import Clock
from tests.cli.commands.pages import HEALTHY
from tests.running import Answer, Web
from tests.support import NOW

INTERVAL = timedelta(minutes=1)


def host(slug: str) -> str:
    return f"https://status.{slug}.example"


def good(slug: str, **headers: str) -> dict[str, Answer | list[Answer]]:
    """The documents of a healthy page."""
    return {
        f"{host(slug)}/api/v2/summary.json": httpx.Response(200, json=HEALTHY, headers=headers),
        f"{host(slug)}/api/v2/incidents.json": httpx.Response(
            200, json={"page": HEALTHY["page"], "incidents": []}, headers=headers
        ),
    }


@dataclass
class Time:
    """A clock that stands until the test moves it."""

    now: datetime = NOW
    seconds: float = 0.0

    def pass_by(self, span: timedelta) -> None:
        self.now += span
        self.seconds += span.total_seconds()


@dataclass
class Network:
    """Readings of some slugs, whose answers a test may change."""

    slugs: tuple[str, ...]
    answers: Mapping[str, Answer | list[Answer]]
    time: Time = field(default_factory=Time)
    selection: Selection = field(default_factory=Selection)

    def __post_init__(self) -> None:
        self.web = Web(self.answers)
        clock = Clock(
            now=lambda: self.time.now, monotonic=lambda: self.time.seconds, sleep=lambda _: None
        )
        self.run = Run(
            vendors=tuple(replace(vendor(slug), selection=self.selection) for slug in self.slugs),
            request=Request(depth=Depth.HISTORY),
            clock=clock,
            network=lambda: engine.network_of(clock, {}, retries=0, transport=self.web),
        )
        window = partial(Window, days=30)
        self.readings = Readings(
            self.run, interval=INTERVAL, window=lambda: window(now=self.time.now)
        )


def vendor(slug: str) -> Vendor:
    return Vendor(slug=slug, url=host(slug), name=slug.title(), platform="statuspage")

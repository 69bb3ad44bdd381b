"""For tests of the full-screen view: a source of rounds in memory, and what is on the screen."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from textual.pilot import Pilot

from outlogger_cli.alerts.changes import Change, ChangeLog
from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.domain.model import Vendor
from outlogger_cli.domain.report import Report, build
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View
from outlogger_cli.system.runtime import Clock
from outlogger_cli.tui.app import WatchApp
from outlogger_cli.tui.pane import Pane
from tests.reports import VIEW
from tests.support import NOW

Script = Callable[[WatchApp, Pilot[int]], Awaitable[object]]


class Rounds:
    """A `Source` whose rounds are given, the last one repeatedly; time passes by `later`.

    `history` has what `page` returns, by slug, if not what the first round has. `refuses`, if
    given, is raised by what a key asks for. `hanging` vendors do not arrive until `released`.
    """

    shortest = 10.0

    def __init__(
        self, *rounds: Sequence[Judged], view: View = VIEW, drill: str | None = None
    ) -> None:
        self.vendors = [judged.vendor for judged in rounds[0]]
        self.clock = Clock(now=lambda: NOW + timedelta(seconds=self.time), monotonic=self._now)
        self.environ: Mapping[str, str] = {}
        self.drill = drill
        self.time = 0.0
        self.begun = 0
        self.is_hung_up = False
        self.history: dict[str, Judged] = {}
        self.asked: list[str] = []
        self.notes: list[str] = []
        self.refuses: Exception | None = None
        self.hanging: set[str] = set()
        self.released = threading.Event()
        self._rounds = rounds
        self._view = view
        self._log = ChangeLog()
        self._mutes: list[Mute] = []

    def _now(self) -> float:
        return self.time

    def view(self) -> View:
        return replace(self._view, now=self.clock.now())

    def has_terminal(self) -> bool:
        return not self.is_hung_up

    def pause(self) -> float:
        return 60.0

    def read(
        self, on_due: Callable[[Sequence[Vendor]], None], on_vendor: Callable[[Judged], None]
    ) -> Report:
        found = self._rounds[min(self.begun, len(self._rounds) - 1)]
        self.begun += 1
        on_due(self.vendors)
        for judged in found:
            if judged.vendor.slug not in self.hanging:
                on_vendor(judged)
        if self.hanging:
            self.released.wait(20)
        return build("watch", found, gate=False, now=self.clock.now(), drill=self.drill)

    def changes(self, report: Report) -> Sequence[Change]:
        return self._log.add(report)

    def notify(self, _report: Report) -> Sequence[str]:
        return self.notes

    def mutes(self) -> Sequence[Mute]:
        return tuple(self._mutes)

    def mute(self, vendor: Vendor) -> Sequence[Mute]:
        if self.refuses:
            raise self.refuses
        if own := [mute for mute in self._mutes if mute.applies_to(vendor)]:
            self._mutes = [mute for mute in self._mutes if mute not in own]
        else:
            self._mutes.append(Mute(slug=vendor.slug, url=vendor.url))
        return self.mutes()

    def page(self, vendor: Vendor) -> Judged:
        if self.refuses:
            raise self.refuses
        self.asked.append(vendor.slug)
        latest = {judged.vendor.slug: judged for judged in self._rounds[0]}
        return (latest | self.history)[vendor.slug]


def show(
    source: Rounds,
    script: Script,
    *,
    size: tuple[int, int] = (100, 30),
    in_threads: bool = False,
    fails: bool = False,
    **options: Any,
) -> WatchApp:
    """Run the application with `script`; without threads a round is over before `start` returns.

    `fails`: an error has to end it.
    """
    start = None if in_threads else lambda function: function()
    app = WatchApp(source, start=start, **options)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            app.tick()
            await pilot.pause()
            await script(app, pilot)

    asyncio.run(run())
    assert fails == bool(app.failure), app.failure
    return app


async def press(app: WatchApp, pilot: Pilot[int], *keys: str) -> list[str]:
    """Press the keys, and return the screen."""
    await pilot.press(*keys)
    await pilot.pause()
    app.tick()
    await pilot.pause()
    return screen(app)


async def rest(app: WatchApp, pilot: Pilot[int], source: Rounds) -> list[str]:
    """Stay on a vendor until its history is read, and return the screen."""
    for _ in range(3):
        await later(app, pilot, source, 0.2)
    return screen(app)


async def later(app: WatchApp, pilot: Pilot[int], source: Rounds, seconds: float) -> list[str]:
    """Let time pass, and return the screen."""
    source.time += seconds
    app.tick()
    await pilot.pause()
    app.tick()
    await pilot.pause()
    return screen(app)


def screen(app: WatchApp) -> list[str]:
    """The text of each line, without spaces at its end."""
    height = app.size.height
    rows = [""] * height
    for pane in sorted(app.query(Pane), key=lambda one: (one.region.y, one.region.x)):
        for y in range(pane.size.height if pane.display else 0):
            at, x = pane.region.y + y, pane.region.x
            if at < height:
                text = pane.render_line(y).text
                rows[at] = f"{rows[at][:x].ljust(x)}{text}{rows[at][x + len(text) :]}"
    return [row.rstrip() for row in rows]

"""Vendors that are read on demand: each at most once an interval, a few at a time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from outlogger_cli.domain.model import Depth, Vendor
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.values import replace
from outlogger_cli.engine import run as engine
from outlogger_cli.serve.readings import Readings

AT_A_TIME = 4

Key = tuple[str, str]


class BusyError(Exception):
    """So many vendors are being read that another one has to wait."""


class Probes:
    """Readings of vendors by name. A vendor that is read in rounds is not read once more.

    `find` returns the vendor of a name, or raises `UsageError`. All methods are called in the
    event loop.
    """

    def __init__(self, readings: Readings, find: Callable[[str], Vendor]) -> None:
        self._readings = readings
        self._find = find
        self._indexes = {_key(one): index for index, one in enumerate(readings.run.vendors)}
        self._running: dict[Key, asyncio.Task[Report]] = {}
        self._kept: dict[Key, tuple[float, Report]] = {}
        self._threads = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="probe")

    async def read(self, name: str) -> Report:
        """The report on one vendor; raises `UsageError` for an unknown name, and `BusyError`."""
        vendor = self._find(name)
        key = _key(vendor)
        if key in self._indexes:
            return self._readings.report_of(self._indexes[key])
        now = self._readings.run.clock.monotonic()
        self._kept = {key: kept for key, kept in self._kept.items() if kept[0] > now}
        if key in self._kept:
            return self._kept[key][1]
        if key not in self._running:
            if len(self._running) >= AT_A_TIME:
                raise BusyError
            self._running[key] = asyncio.create_task(self._read(vendor))
        return await asyncio.shield(self._running[key])  # others may wait for it, too

    async def _read(self, vendor: Vendor) -> Report:
        run = self._readings.run
        alone = replace(
            run, vendors=(vendor,), request=replace(run.request, depth=Depth.VERDICT), busy=set()
        )
        loop, key = asyncio.get_running_loop(), _key(vendor)
        try:
            report = await loop.run_in_executor(
                self._threads, lambda: engine.report(alone, "check", gate=False)
            )
            until = run.clock.monotonic() + self._readings.interval / timedelta(seconds=1)
            self._kept[key] = until, report
            return report
        finally:
            del self._running[key]


def _key(vendor: Vendor) -> Key:
    return vendor.slug, vendor.url

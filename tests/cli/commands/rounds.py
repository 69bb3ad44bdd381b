"""For tests of `wait` and `watch`: a simulated clock, and pages that change."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import fsum
from typing import Any

import httpx

from tests.cli.commands.pages import FINE, fine
from tests.running import Finished, Web, run_command
from tests.support import NOW

SUMMARY = f"{FINE}/api/v2/summary.json"
Page = Mapping[str, Any] | int


class Clock:
    """Time passes only in `sleep`. After `ctrl_c_after` pauses the next one is interrupted."""

    def __init__(self, *, ctrl_c_after: int = 1000) -> None:
        self.pauses: list[float] = []
        self._left = ctrl_c_after

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return round(fsum(self.pauses), 6)

    def sleep(self, seconds: float) -> None:
        if self._left == 0:
            raise KeyboardInterrupt
        self._left -= 1
        self.pauses.append(max(seconds, 0.000001))  # as a real pause takes some time

    def run(self, *argv: str, transport: httpx.BaseTransport, **options: Any) -> Finished:
        """Run a command under this clock."""
        return run_command(
            *argv,
            transport=transport,
            now=self.now,
            monotonic=self.monotonic,
            sleep=self.sleep,
            **options,
        )


def web(*pages: Page, url: str = SUMMARY, **others: Page) -> Web:
    """A network whose page changes at each reading, up to the last of `pages`.

    A number is an answer with that status. `others` are further pages, by host name.
    """
    rest = {
        f"https://{host.replace('_', '.')}/api/v2/summary.json": _answer(page)
        for host, page in others.items()
    }
    return Web({url: [_answer(page) for page in pages], **rest})


def _answer(page: Page) -> httpx.Response:
    return httpx.Response(page) if isinstance(page, int) else httpx.Response(200, json=page)


OUT = fine(API="major_outage")
SLOW = fine(API="degraded_performance")
WELL = fine()

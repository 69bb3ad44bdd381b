"""For tests of `wait` and `watch`: a simulated clock, and pages that change."""

import json
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from math import fsum
from pathlib import Path
from typing import Any

import httpx

from tests.alerts.events import SCHEMA
from tests.cli.commands.pages import FINE, fine
from tests.running import Finished, Pieces, Web, run_command
from tests.support import NOW

SUMMARY = f"{FINE}/api/v2/summary.json"
Page = Mapping[str, Any] | int
NO_RETRY = ("--retries", "0")
HOOK = "https://hooks.example/s3cret"
OPENED = "Fine Inc: API major outage"
"""The title of the event when the page becomes `OUT`."""


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


class Site(httpx.BaseTransport):
    """A status page that tests change between rounds, and webhooks that record messages.

    `others` are further documents, by address.
    Webhooks answer with the status `hook`, those of the host `dead` with 404.
    """

    def __init__(self, page: Page = WELL) -> None:
        self.page = page
        self.hook = 204
        self.dead = ""
        self.others: dict[str, Page] = {}
        self.posted_to: list[str] = []
        self.messages: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            with self._lock:  # channels are served at the same time
                self.posted_to.append(str(request.url))
                self.messages.append(message := json.loads(request.read()))
            if "schema_version" in message:  # chats get a body of their own
                SCHEMA.validate(message)
            return httpx.Response(404 if request.url.host == self.dead else self.hook)
        page = self.others.get(str(request.url), self.page)
        if isinstance(page, int):
            return httpx.Response(page)
        return httpx.Response(200, stream=Pieces(json.dumps(page).encode()))

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.messages]

    def once(
        self, *options: str, page: Page | None = None, after: float = 0, **more: Any
    ) -> Finished:
        """Run `watch --once` so many minutes `after` NOW, when the page is `page`."""
        self.page = self.page if page is None else page
        return run_command(
            *("watch", "--once", *NO_RETRY, *options),
            transport=self,
            now=NOW + timedelta(minutes=after),
            **more,
        )


def write_watchlist(path: Path, *notify: str) -> Path:
    """Write a watchlist with the vendor `fine` and these lines of [notify]."""
    rows = [f'version = 1\n[vendors.fine]\nurl = "{FINE}"', "[notify]", *notify]
    path.write_text("\n".join(rows))
    return path


def events(finished: Finished) -> list[str]:
    """Return the kinds of the events on standard output, which fit the schema."""
    found = [json.loads(row) for row in finished.out.splitlines()]
    for event in found:
        SCHEMA.validate(event)
    return [event["event"] for event in found]

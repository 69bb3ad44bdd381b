"""Broken pages by name, all checked by one command, with the expected error of each.

    BROKEN = {"silence": Broken(kind="timeout", said="...", route=faults.hang, budget="0.5s")}

    with served(BROKEN) as urls:
        finished = check(urls, BROKEN)
    assert_unknown(finished, "silence", BROKEN["silence"])

A page that hangs does so for longer than the command may take, which must end by itself.
"""

import json
import re
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands.pages import HEALTHY
from tests.origin import Origin, Reply, Route, head
from tests.running import Finished, finish, spawn, trusting

ROOT = Path(__file__).parent.parent.parent
BUDGET = "20s"
"""More than any answer needs, even on a busy machine."""

BODY = json.dumps(HEALTHY).encode()
GOOD = Reply(body=BODY)
ANSWER = head(Content_Type="application/json", Content_Length=str(len(BODY))) + BODY
"""The same answer as bytes, for faults that send it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A fault at every address of a host, and the expected error.

    `said` is the whole message, or a pattern if OpenSSL or the system words it. `url` is for a
    page that needs no origin.
    """

    kind: str
    said: str | re.Pattern[str]
    route: Route = ()
    status: int | None = None
    budget: str = BUDGET
    url: str = ""
    origin: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def served(pages: Mapping[str, Broken]) -> Iterator[dict[str, str]]:
    """Run the origin of each page; yields their addresses."""
    with ExitStack() as origins:
        yield {
            name: page.url or origins.enter_context(_origin(page)).url
            for name, page in pages.items()
        }


def _origin(page: Broken) -> Origin:
    return Origin(routes={"*": page.route} if page.route else {}, **page.origin)


def check(
    urls: Mapping[str, str],
    pages: Mapping[str, Broken] | None = None,
    *options: str,
    names: Mapping[str, Any] | None = None,
    env: Mapping[str, str] | None = None,
    command: str = "check",
) -> Finished:
    """Run `outlogger check --json` with a watchlist of all pages, each with its time limit.

    `names` are for `tests.faults.names`. Fails if the command takes longer than any page may.
    """
    listed = Path("faults.toml")
    listed.write_text("version = 1\n" + "".join(_entries(urls, pages or {})), encoding="utf-8")
    argv = (command, "--json", "--watchlist", str(listed), *options, *trusting())
    looked_up = {"NAMES": json.dumps(names or {}), "PYTHONPATH": str(ROOT), **(env or {})}
    module = "outlogger_cli" if names is None else "tests.faults.names"
    with spawn(*argv, env=looked_up, command=(sys.executable, "-m", module)) as process:
        return finish(process)


def _entries(urls: Mapping[str, str], pages: Mapping[str, Broken]) -> Iterator[str]:
    for name, url in urls.items():
        budget = pages[name].budget if name in pages else BUDGET
        yield f'\n[vendors."{name}"]\nurl = "{url}"\ntimeout = "{budget}"\n'


def vendors(finished: Finished) -> dict[str, Any]:
    """The vendors of the report, by slug."""
    return {vendor["slug"]: vendor for vendor in finished.json["vendors"]}


def assert_unknown(finished: Finished, name: str, page: Broken) -> None:
    """The page is unknown everywhere, for the right reason, with its message on both streams."""
    assert (finished.code, finished.json["exit_code"]) == (3, 3)
    vendor = vendors(finished)[name]
    error = vendor["error"]
    found = (vendor["verdict"], vendor["severity"], vendor["indicator"], vendor["components"])
    assert found == ("unknown", "unknown", "unknown", [])
    assert (error["kind"], error["http_status"]) == (page.kind, page.status)
    assert_said(error["message"], page)
    assert vendor["reasons"] == [error["message"]]
    assert error["message"].isprintable()
    messages = finished.err.splitlines()
    assert f"{name}: unknown: {error['message']}, {vendor['url']}" in messages
    assert len(messages) == sum(one["verdict"] != "ok" for one in finished.json["vendors"])


def assert_said(sentence: str, page: Broken) -> None:
    """The message is the expected one."""
    match page.said:
        case str():
            assert sentence == page.said
        case pattern:
            assert pattern.fullmatch(sentence), sentence


def assert_read(vendor: Mapping[str, Any]) -> None:
    """The page was read live and is healthy."""
    found = (vendor["error"], vendor["verdict"], vendor["source"])
    assert found == (None, "ok", "live")


@contextmanager
def swallowing(host: str) -> Iterator[int]:
    """A port of `host` that never answers: it does not accept, and its queue is full."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with ExitStack() as sockets:
        try:
            listener = socket.create_server((host, 0), family=family, backlog=0)
        except OSError as error:
            pytest.skip(f"no port at {host}: {error}")
        address = sockets.enter_context(listener).getsockname()
        waiting = (sockets.enter_context(socket.socket(family)) for _ in range(16))
        if all(_connects(client, address) for client in waiting):
            pytest.skip("this system has a longer queue than was asked for")
        yield int(address[1])


def _connects(client: socket.socket, address: Any) -> bool:
    client.settimeout(0.2)
    try:
        client.connect(address)
    except TimeoutError:
        return False
    return True

"""Pages on loopback, and programs on the PATH, for the tests of examples."""

import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from outlogger_cli.system import paths
from tests.cli.commands.pages import PAST
from tests.origin import Origin, Reply
from tests.project.examples import Show

SUMMARY, INCIDENTS = "/api/v2/summary.json", "/api/v2/incidents.json"


@pytest.fixture
def tools(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the PATH with `outlogger`, `python`, and installers that print what they get."""
    folder = home / ".local" / "bin"
    folder.mkdir(parents=True)
    python = shlex.quote(sys.executable)
    programs = {
        "outlogger": f'exec {python} -m outlogger_cli "$@"',
        "python": f'exec {python} "$@"',
        "pipx": 'echo "$@"',
        "pip": 'echo "$@"',
    }
    for name, script in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin(tls=False, routes={INCIDENTS: Reply(body=PAST)}) as server:
        yield server


@pytest.fixture
def show(origin: Origin, monkeypatch: pytest.MonkeyPatch) -> Show:
    """Return a function that sets the page of every vendor."""

    def shown(body: object) -> None:
        origin.route(SUMMARY, body if isinstance(body, Reply) else Reply(body=body))
        monkeypatch.setenv("OUTLOGGER_DRILL", origin.url)
        monkeypatch.setenv("OUTLOGGER_DRILL_CLOCK", "2026-01-15T12:00:00Z")

    return shown


@pytest.fixture
def watched(origin: Origin) -> Show:
    """Return a function that sets the page of the only vendor on the user's watchlist.

    That page is read over the network and stored.
    """
    path = paths.user_watchlist()
    path.parent.mkdir(parents=True)
    path.write_text(f'version = 1\n[vendors.acme]\nurl = "{origin.url}"\n', encoding="utf-8")
    return lambda body: origin.route(SUMMARY, Reply(body=body))

"""Signals at any moment: Ctrl-C, SIGTERM, SIGHUP, and Ctrl-Z with its continuation."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.commands.rounds import OUT
from tests.origin import Connection, Fault, Origin, Reply, faults
from tests.running import PATIENCE, Finished, finish, spawn, trusting
from tests.terminals import ENTERED, LEFT, WITH_JOBS, watching_a_page

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")

INTERRUPTED = """
import os
from outlogger_cli.__main__ import main
def interrupted():
    raise KeyboardInterrupt
os.getcwd = interrupted
raise SystemExit(main())
"""


def test_ctrl_c_at_the_start_leaves_no_traceback() -> None:
    with spawn("check", command=(sys.executable, "-c", INTERRUPTED)) as process:
        assert finish(process) == Finished(code=130, out="", err="")


# During a request.


@dataclass(frozen=True)
class Hanging:
    """A fault that hangs until the command ends; it records whether it was reached."""

    fault: Fault
    reached: threading.Event = field(default_factory=threading.Event)

    def __call__(self, connection: Connection) -> None:
        self.reached.set()
        self.fault(connection)


@contextmanager
def waiting_at(stage: str, *argv: str) -> Iterator["subprocess.Popen[str]"]:
    """Run `outlogger ARGV PAGE` until it waits at this stage of an answer that never ends."""
    hanging = Hanging(faults.hang_mid_body if stage == "reading" else faults.hang)
    page = Origin(routes={"*": hanging}) if stage == "reading" else Origin(on_connect=hanging)
    with page as origin, spawn(*argv, origin.url, "--timeout", "60s", *trusting()) as process:
        assert hanging.reached.wait(PATIENCE)
        yield process


def stored_files(home: Path) -> list[Path]:
    """The files in `home`, except the cache."""
    files = [path for path in home.rglob("*") if path.is_file()]
    return [path for path in files if home / ".cache" not in path.parents]


COMMANDS = [("check",), ("status",), ("wait",), ("watch",), ("watchlist", "add")]


@pytest.mark.parametrize("stage", ["connecting", "reading"])
@pytest.mark.parametrize("argv", COMMANDS, ids=" ".join)
def test_ctrl_c_during_a_request_ends_the_command_and_stores_nothing(
    home: Path, argv: tuple[str, ...], stage: str
) -> None:
    with waiting_at(stage, *argv) as process:
        process.send_signal(signal.SIGINT)
        finished = finish(process)
    assert finished.code == 130
    assert "Traceback" not in finished.err
    assert ("interrupted" in finished.err) == (argv in {("check",), ("status",), ("wait",)})
    assert stored_files(home) == []


@pytest.mark.parametrize("argv", COMMANDS, ids=" ".join)
def test_sigterm_during_a_request_stores_nothing(home: Path, argv: tuple[str, ...]) -> None:
    with waiting_at("reading", *argv) as process:
        process.terminate()
        finished = finish(process)
    assert finished.code in {-signal.SIGTERM, 143}
    assert (finished.out, finished.err) == ("", "")
    assert stored_files(home) == []


# During a pause, and while output blocks.


def test_ctrl_c_during_a_pause_leaves_complete_lines() -> None:
    routes = {"/api/v2/summary.json": Reply(body=OUT)}
    with Origin(routes=routes) as origin, spawn("watch", origin.url, *trusting()) as process:
        assert process.stdout is not None
        event = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        finished = finish(process)
    assert json.loads(event)["event"] == "opened"
    assert finished == Finished(code=130, out="", err="")


def test_ctrl_c_ends_a_command_whose_output_blocks() -> None:
    with spawn("vendors", "list", "--json") as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == "{"
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        assert process.stderr is not None
        assert process.stderr.read() == ""


# Ctrl-Z.


def test_ctrl_z_restores_the_terminal_and_continuing_redraws() -> None:
    with watching_a_page("sh", "-c", WITH_JOBS, "sh") as (process, terminal):
        terminal.type(b"\x1a")
        stopped = terminal.read_until(ENTERED)
        redrawn = terminal.read_until("API major outage")
        terminal.type(b"q")
        rest = terminal.read_until("code 0")
        assert process.wait(PATIENCE) == 0
    restored, _, shell = stopped.partition(LEFT)
    assert "code" not in restored
    assert "code 147" in shell
    assert " icanon" in shell
    assert " echo " in shell
    assert "Fine Inc" in redrawn
    assert LEFT in rest

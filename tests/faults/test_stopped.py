"""Being stopped at any moment: Ctrl-C, an end, a hangup, and Ctrl-Z with what comes after it."""

import sys

import pytest

from tests.running import PATIENCE, Finished, finish, spawn
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


def test_ctrl_c_before_the_command_begins_leaves_no_traceback() -> None:
    with spawn("check", command=(sys.executable, "-c", INTERRUPTED)) as process:
        assert finish(process) == Finished(code=130, out="", err="")


# Ctrl-Z.


def test_ctrl_z_leaves_a_terminal_to_work_on_and_the_picture_comes_back() -> None:
    with watching_a_page("sh", "-c", WITH_JOBS, "sh") as (process, terminal):
        terminal.type(b"\x1a")
        stopped = terminal.read_until(ENTERED)
        picture = terminal.read_until("q ends")
        terminal.type(b"q")
        rest = terminal.read_until("code 0")
        assert process.wait(PATIENCE) == 0
    assert stopped.startswith(LEFT)
    assert "code 148" in stopped
    assert " icanon" in stopped
    assert " echo " in stopped
    assert "outlogger watch · 1 vendor" in picture
    assert LEFT in rest

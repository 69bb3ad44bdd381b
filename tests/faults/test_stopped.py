"""Being stopped at any moment: Ctrl-C, an end, a hangup, and Ctrl-Z with what comes after it."""

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.commands.pages import HEALTHY, fine
from tests.origin import Origin, Reply, faults, head
from tests.origin.faults import send
from tests.running import PATIENCE, Finished, finish, spawn, trusting

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

"""What a command gets from outside: streams, clock, environment, folder. Tests pass their own."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from outlogger_cli.domain.values import frozen

if TYPE_CHECKING:
    import httpx

_ESCAPE_SEQUENCES = 4
"""ENABLE_VIRTUAL_TERMINAL_PROCESSING of a Windows console."""


@frozen
class Clock:
    """A clock: `now` is aware and UTC, `monotonic` and `sleep` take seconds as in `time`."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@frozen
class Runtime:
    """The surroundings of a command. `transport`, if given, replaces the network."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    environ: Mapping[str, str]
    cwd: Path
    clock: Clock
    transport: "httpx.BaseTransport | None" = None

    def now(self) -> datetime:
        return self.clock.now()


def current() -> Runtime:
    """The runtime of this process. A stream that is closed at the start (`>&-`) is replaced."""
    try:
        cwd = Path.cwd()
    except OSError:  # the current folder was deleted
        cwd = Path()
    if sys.platform == "win32":
        _prepare_windows()
    return Runtime(
        stdin=sys.stdin or StringIO(),
        stdout=sys.stdout or StringIO(),
        stderr=sys.stderr or StringIO(),
        environ=os.environ,
        cwd=cwd,
        clock=Clock(now=lambda: datetime.now(UTC)),
    )


def _prepare_windows() -> None:
    """Write line ends as they are, or CSV has them twice; let consoles know escape sequences."""
    import ctypes  # needed nowhere else

    kernel = vars(ctypes)["windll"].kernel32
    for stream, handle in ((sys.stdout, -11), (sys.stderr, -12)):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(newline="")
        mode = ctypes.c_ulong()
        console = kernel.GetStdHandle(handle)
        if kernel.GetConsoleMode(console, ctypes.byref(mode)):
            kernel.SetConsoleMode(console, mode.value | _ESCAPE_SEQUENCES)

"""What a command gets from outside: streams, clock, environment, folder. Tests replace it."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from outlogger_cli.domain.values import frozen

if TYPE_CHECKING:
    import httpx


@frozen
class Clock:
    """`now` is aware and UTC; `monotonic` and `sleep` are in seconds, as in `time`."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@frozen
class Runtime:
    """`transport` replaces the network if it is given."""

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
    """The runtime of this process. A stream that was closed before the start (`>&-`) is empty."""
    try:
        cwd = Path.cwd()
    except OSError:  # it was deleted while the shell was in it
        cwd = Path()
    return Runtime(
        stdin=sys.stdin or StringIO(),
        stdout=sys.stdout or StringIO(),
        stderr=sys.stderr or StringIO(),
        environ=os.environ,
        cwd=cwd,
        clock=Clock(now=lambda: datetime.now(UTC)),
    )

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
class Runtime:
    """`monotonic` and `sleep` are in seconds; `now` is aware and UTC. `transport` stands in for
    the network where it is given."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    environ: Mapping[str, str]
    cwd: Path
    now: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    transport: "httpx.BaseTransport | None" = None


def current() -> Runtime:
    """The process's own; a stream that was closed before the start (`>&-`) holds nothing."""
    return Runtime(
        stdin=sys.stdin or StringIO(),
        stdout=sys.stdout or StringIO(),
        stderr=sys.stderr or StringIO(),
        environ=os.environ,
        cwd=_folder(),
        now=lambda: datetime.now(UTC),
    )


def _folder() -> Path:
    try:
        return Path.cwd()
    except OSError:  # it was deleted under the shell
        return Path()

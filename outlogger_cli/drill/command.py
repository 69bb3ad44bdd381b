"""Run COMMAND in the drill environment: its signals and its end."""

import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.system import processes

GRACE_SECONDS = 2.0
"""How long COMMAND may run on after Ctrl-C, and again after SIGTERM."""


def run(words: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command `words` to its end and return its exit code. SIGTERM is passed on.

    Raises `CommandNotStartedError`.
    """
    with processes.start(words, environ) as child, _passing_on_sigterm(child):
        try:
            code = child.wait()
        except KeyboardInterrupt:
            code = _wait_or_kill(child)
    return processes.exit_code(code)


@contextmanager
def _passing_on_sigterm(child: "subprocess.Popen[bytes]") -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _wait_or_kill(child: "subprocess.Popen[bytes]") -> int:
    """The exit code after Ctrl-C: the child's own if it ends by itself in time."""
    # On a terminal Ctrl-C has reached the child as well.
    with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        return child.wait(GRACE_SECONDS)
    child.terminate()
    with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        child.wait(GRACE_SECONDS)
    child.kill()
    return ExitCode.INTERRUPTED

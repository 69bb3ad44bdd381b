"""Run COMMAND in the drill environment: its start, its signals and its exit code."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from outlogger_cli.domain.errors import ExitCode

PROGRAM = "outlogger"

NOT_EXECUTABLE, NOT_FOUND = 126, 127
"""Exit codes if COMMAND cannot be started: those of env(1) and of the shells."""

GRACE_SECONDS = 2.0
"""How long COMMAND may run on after Ctrl-C, and again after SIGTERM."""

_SIGNALLED = 128


class CommandNotStartedError(Exception):
    """COMMAND cannot be started; `code` is the exit code, the message says why."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error.strerror)
        self.code = NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE


def run(words: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command `words` to its end and return its exit code.

    After a signal that is 128 and the signal's number, as in a shell. SIGTERM is passed on.
    Raises `CommandNotStartedError`.
    """
    try:
        child = subprocess.Popen(_resolve_program(words, environ), env=environ)
    except OSError as error:
        raise CommandNotStartedError(error) from error
    with child, _passing_on_sigterm(child):
        try:
            code = child.wait()
        except KeyboardInterrupt:
            code = _wait_or_kill(child)
    return code if code >= 0 else _SIGNALLED - code


def _resolve_program(words: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """`words`, with this installation for an `outlogger` that is not on the PATH."""
    if words[0] != PROGRAM or shutil.which(PROGRAM, path=environ.get("PATH")):
        return list(words)
    return [sys.executable, "-P", "-m", "outlogger_cli", *words[1:]]


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

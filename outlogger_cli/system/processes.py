"""Start the command of a user, and the exit codes that shells give for it."""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

PROGRAM = "outlogger"

NOT_EXECUTABLE, NOT_FOUND = 126, 127
"""Exit codes if a command cannot be started: those of env(1) and of the shells."""

_SIGNALLED = 128


class CommandNotStartedError(Exception):
    """The command cannot be started; `code` is the exit code, the message says why."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error.strerror)
        self.code = NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE


def start(
    words: Sequence[str], environ: Mapping[str, str], **options: Any
) -> "subprocess.Popen[bytes]":
    """Start the command `words`; `options` are those of `Popen`.

    An `outlogger` that is not on the PATH is this installation.
    Raises `CommandNotStartedError`.
    """
    command = list(words)
    if command[0] == PROGRAM and not shutil.which(PROGRAM, path=environ.get("PATH")):
        command[:1] = [sys.executable, "-P", "-m", "outlogger_cli"]
    try:
        # files that a shell has opened for the command, as for <(...), stay open
        return subprocess.Popen(command, env=environ, close_fds=False, **options)
    except OSError as error:
        raise CommandNotStartedError(error) from error


def exit_code(returncode: int) -> int:
    """The exit code for `Popen.returncode`: after a signal 128 and its number, as in a shell."""
    return returncode if returncode >= 0 else _SIGNALLED - returncode

"""The channel `command`: a shell command with the message in its environment."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import IO

from outlogger_cli.alerts.state import Message
from outlogger_cli.domain.text import line

PATIENCE = 30.0
"""Seconds the command has."""

_VARIABLES = {
    "OUTLOGGER_EVENT": "event",
    "OUTLOGGER_VENDOR": "vendor",
    "OUTLOGGER_SEVERITY": "severity",
    "OUTLOGGER_TITLE": "title",
    "OUTLOGGER_MESSAGE": "message",
    "OUTLOGGER_URL": "url",
}
_TAIL = 4096


class Command:
    """`text` is run by the shell in `environ` and the message; what it leaves running in the
    background is not waited for. Its output is shown only where it fails."""

    name = "command"

    def __init__(
        self, text: str, environ: Mapping[str, str], *, patience: float = PATIENCE
    ) -> None:
        self._text = text
        self._environ = environ
        self._patience = patience

    def tell(self, message: Message, /) -> str | None:
        told = {variable: str(message[field]) for variable, field in _VARIABLES.items()}
        try:
            # A file, not a pipe: what the command leaves in the background would keep a pipe open.
            with tempfile.TemporaryFile() as output:
                process = subprocess.Popen(
                    self._text,
                    shell=True,
                    env={**self._environ, **told},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                return self._ended(process, output)
        except OSError as error:
            return f"it cannot be run: {error.strerror}"

    def _ended(self, process: "subprocess.Popen[bytes]", output: IO[bytes]) -> str | None:
        try:
            code = process.wait(self._patience)
        except subprocess.TimeoutExpired:
            return f"it did not end within {self._patience:g} s"
        finally:
            _end(process)
        if code == 0:
            return None
        said = _last_words(output)
        return f"{_how(code)}{said and f': {said}'}"


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End what still runs of a command whose time is up or that Ctrl-C cut short."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _how(code: int) -> str:
    """How a command failed; below zero stands the signal that ended it."""
    names = {one.value: one.name for one in signal.Signals}
    return f"exit code {code}" if code > 0 else f"ended by {names.get(-code, f'signal {-code}')}"


def _last_words(output: IO[bytes]) -> str:
    """The last line that says something."""
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - _TAIL))
    rows = output.read().decode(errors="replace").split("\n")
    return next((said for row in reversed(rows) if (said := line(row))), "")

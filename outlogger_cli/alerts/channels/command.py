"""The channel `command`: runs a shell command with the message in its environment."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

from outlogger_cli.alerts.channels import NO_LIMIT, Cause, Failure
from outlogger_cli.alerts.delivery_log import Message
from outlogger_cli.domain.text import line

TIMEOUT = 30.0
"""Seconds after which the command is killed."""

_VARIABLES = {
    "OUTLOGGER_EVENT": "event",
    "OUTLOGGER_VENDOR": "vendor",
    "OUTLOGGER_SEVERITY": "severity",
    "OUTLOGGER_TITLE": "title",
    "OUTLOGGER_MESSAGE": "message",
    "OUTLOGGER_URL": "url",
}
_TAIL = 4096
"""Bytes of output that are searched for its last line."""


class CommandChannel:
    """Runs `text` by the shell, in `environ` plus the message.

    Processes that it leaves in the background are not waited for. Of its output only the last line
    is shown, and only if it fails.
    """

    name = "command"

    def __init__(self, text: str, environ: Mapping[str, str], *, timeout: float = TIMEOUT) -> None:
        self._text = text
        self._environ = environ
        self._timeout = timeout

    def send(self, message: Message, seconds: float = NO_LIMIT, /) -> Failure | None:
        try:
            reason = self._run(message, min(self._timeout, seconds))
        except ValueError:
            reason = "the message has characters that an environment variable cannot hold"
            return Failure(reason=reason, cause=Cause.MESSAGE)
        return Failure(reason=reason, cause=Cause.UNCLEAR) if reason else None

    def _run(self, message: Message, seconds: float) -> str | None:
        variables = {name: str(message[field]) for name, field in _VARIABLES.items()}
        try:
            with _output_file() as output:
                process = subprocess.Popen(
                    self._text,
                    shell=True,
                    env={**self._environ, **variables},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                return _wait(process, output, seconds)
        except OSError as error:
            return f"it cannot be run: {error.strerror}"


def _output_file() -> IO[bytes]:
    """Open a file for the output of a command: background processes would keep a pipe open.

    On a full disk the output is discarded, or the command might fail because of it.
    """
    with suppress(OSError), ExitStack() as stack:
        output = stack.enter_context(tempfile.TemporaryFile())
        output.write(bytes(_TAIL))
        output.flush()
        output.seek(0)
        output.truncate()
        stack.pop_all()
        return output
    return Path(os.devnull).open("w+b")


def _wait(process: "subprocess.Popen[bytes]", output: IO[bytes], seconds: float) -> str | None:
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return f"timed out after {seconds:.3g} s"
    finally:
        _kill(process)
    if code == 0:
        return None
    signals = {one.value: one.name for one in signal.Signals}
    by_signal = f"ended by {signals.get(-code, f'signal {-code}')}"
    ending = f"exit code {code}" if code > 0 else by_signal
    last = _last_line(output)
    return f"{ending}: {last}" if last else ending


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill the command and its children if it still runs: at a timeout, or at Ctrl-C."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_line(output: IO[bytes]) -> str:
    """Return the last line that is not blank."""
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - _TAIL))
    rows = output.read().decode(errors="replace").split("\n")
    return next((text for row in reversed(rows) if (text := line(row))), "")

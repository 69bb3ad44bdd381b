"""Pseudo-terminals: run a command on one, type into it, and read what it draws."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TextIO

from tests.cli.commands.rounds import OUT
from tests.origin import Origin, Reply, faults
from tests.running import PATIENCE, trusting

ENTERED, LEFT = "\x1b[?1049h", "\x1b[?1049l"
"""The sequences that begin and end the use of the alternate screen."""

ON_ITS_TERMINAL = 'exec "$@" <"$0" >"$0" 2>&1'
"""The first terminal that a session opens becomes its controlling terminal, which sends Ctrl-C."""

WITH_JOBS = """set -m
"$@"
echo "code $?"
stty -a
fg
echo "code $?"
"""
"""A shell session: start the command, stop it with Ctrl-Z, run stty, and continue it."""


@dataclass(frozen=True)
class Terminal:
    """Both ends of a pseudo-terminal: `typing` is the user's, `stream` the program's."""

    typing: int
    stream: TextIO

    def attributes(self) -> list[Any]:
        import termios

        return termios.tcgetattr(self.stream)

    def type(self, keys: bytes) -> None:
        os.write(self.typing, keys)

    def read_until(self, text: str, *, times: int = 1) -> str:
        """Return the output up to `text`; fails if that takes longer than `PATIENCE`."""
        read = ""
        while read.count(text) < times:
            assert select.select([self.typing], [], [], PATIENCE)[0], f"{text!r} is not in {read!r}"
            read += os.read(self.typing, 65536).decode()
        return read

    def hang_up(self) -> None:
        """Close both ends; the number of the user's stays in use."""
        self.stream.close()
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, self.typing)
        os.close(null)


@contextmanager
def pair() -> Iterator[Terminal]:
    typing, theirs = os.openpty()
    with os.fdopen(theirs) as stream:
        yield Terminal(typing, stream)
    os.close(typing)


@contextmanager
def watching_a_page(
    *shell: str,
) -> Iterator[tuple["subprocess.Popen[bytes]", Terminal]]:
    """Run `outlogger watch` on its own terminal, and wait until it shows the page.

    `shell` is a command to start it with. A second page, which is a `hanging` one, is awaited.
    """
    routes = {"/api/v2/summary.json": Reply(body=OUT)}
    with (
        Origin(routes=routes) as origin,
        Origin("127.0.0.2", on_connect=faults.hang) as hanging,
        pair() as terminal,
    ):
        watch = [sys.executable, "-m", "outlogger_cli", "watch", origin.url, hanging.url]
        command = [*shell, *watch, "--timeout", "60s", *trusting()]
        with running_on(terminal, command) as process:
            assert ENTERED in terminal.read_until("API major outage")
            yield process, terminal


@contextmanager
def running_on(terminal: Terminal, command: Sequence[str]) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(
        ["sh", "-c", ON_ITS_TERMINAL, os.ttyname(terminal.stream.fileno()), *command],
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "1"},
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()

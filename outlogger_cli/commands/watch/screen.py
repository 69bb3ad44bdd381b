"""The terminal while `watch` has it: one picture drawn over the last, and keys; then as before."""

import os
import select
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType
from typing import Any, TextIO

from outlogger_cli import terminal
from outlogger_cli.errors import ExitCode

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"  # the alternate screen, no cursor, empty
_LEAVE = "\x1b[?25h\x1b[?1049l"
_HOME = "\x1b[H"
_REST_OF_LINE = "\x1b[K"
_REST_OF_SCREEN = "\x1b[J"


class Screen:
    """`stream`, a terminal, as long as the block lasts; being terminated ends it well too."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._before: Any = None

    def __enter__(self) -> "Screen":
        self._before = signal.signal(signal.SIGTERM, _terminated)
        terminal.write(self._stream, _ENTER)
        return self

    def __exit__(self, *_error: object) -> None:
        terminal.write(self._stream, _LEAVE)
        signal.signal(signal.SIGTERM, self._before)

    def draw(self, lines: list[str]) -> None:
        """Put `lines` over what is there; nothing is emptied first, so that nothing flickers."""
        shown = f"{_REST_OF_LINE}\n".join(lines)
        terminal.write(self._stream, f"{_HOME}{shown}{_REST_OF_LINE}{_REST_OF_SCREEN}")


def height(stream: TextIO, environ: Mapping[str, str]) -> int:
    """Lines: LINES, else the terminal's, else 24; never fewer than 6."""
    lines = environ.get("LINES", "")
    if lines.isdecimal() and int(lines):
        return max(6, int(lines))
    with suppress(ValueError, OSError):
        return max(6, os.get_terminal_size(stream.fileno()).lines or 24)
    return 24


class Keyboard:
    """Keys typed on `stream` where that is a terminal, each as it is typed."""

    def __init__(self, stream: TextIO, sleep: Callable[[float], None]) -> None:
        self._stream = stream
        self._sleep = sleep
        self._before: list[Any] | None = None

    def __enter__(self) -> "Keyboard":
        if sys.platform != "win32" and terminal.is_terminal(self._stream):
            import termios
            import tty

            self._before = termios.tcgetattr(self._stream)
            tty.setcbreak(self._stream)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._before is not None:
            import termios

            termios.tcsetattr(self._stream, termios.TCSADRAIN, self._before)

    def wait(self, seconds: float) -> str:
        """The next key, "" where none is typed for so long."""
        if self._before is None:
            self._sleep(seconds)
            return ""
        ready, _, _ = select.select([self._stream], [], [], seconds)
        return os.read(self._stream.fileno(), 1).decode(errors="replace") if ready else ""


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(ExitCode.TERMINATED)

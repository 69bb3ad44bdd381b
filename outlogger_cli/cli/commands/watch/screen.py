"""Full-screen output and single keys on a terminal, which is restored afterwards."""

import os
import select
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, TextIO

from outlogger_cli.system import terminal

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"  # alternate screen, hidden cursor, cleared
_LEAVE = "\x1b[?25h\x1b[?1049l"
_HOME = "\x1b[H"
_REST_OF_LINE = "\x1b[K"
_REST_OF_SCREEN = "\x1b[J"

_TERMINATING = ("SIGTERM", "SIGHUP")


class Screen:
    """Takes over the terminal `stream` for a block; SIGTERM and SIGHUP restore it too."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = ""
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Screen":
        for name in _TERMINATING:
            number = getattr(signal, name, None)  # no SIGHUP on Windows
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # by nohup
                self._before[number] = signal.signal(number, _exit)
        terminal.write(self._stream, _ENTER)
        return self

    def __exit__(self, *_error: object) -> None:
        terminal.tell(self._stream, _LEAVE)
        for number, before in self._before.items():
            signal.signal(number, before)

    def suspend(self) -> None:
        self._write_now(_LEAVE)

    def resume(self) -> None:
        self._write_now(_ENTER + self._shown)

    def draw(self, lines: list[str]) -> None:
        """Draw `lines` over the last ones; clearing the screen first would flicker."""
        shown = f"{_REST_OF_LINE}\n".join(lines)
        self._shown = f"{_HOME}{shown}{_REST_OF_LINE}{_REST_OF_SCREEN}"
        terminal.write(self._stream, self._shown)

    def _write_now(self, text: str) -> None:
        """Bypass the stream: the signal may have interrupted a write to it."""
        with suppress(OSError):
            os.write(self._stream.fileno(), text.encode(self._stream.encoding, "replace"))


def height(stream: TextIO, environ: Mapping[str, str]) -> int:
    """Return the number of lines: LINES, else the terminal's, else 24; at least 6."""
    lines = environ.get("LINES", "")
    if lines.isdecimal() and int(lines):
        return max(6, int(lines))
    with suppress(ValueError, OSError):
        return max(6, os.get_terminal_size(stream.fileno()).lines or 24)
    return 24


class Keyboard:
    """Reads single keys from `stream`, if that is a terminal."""

    def __init__(self, stream: TextIO, sleep: Callable[[float], None]) -> None:
        self._stream = stream
        self._sleep = sleep
        self._before: list[Any] | None = None

    def __enter__(self) -> "Keyboard":
        if sys.platform != "win32" and terminal.is_terminal(self._stream):
            import termios

            self._before = termios.tcgetattr(self._stream)
            self.resume()
        return self

    def __exit__(self, *_error: object) -> None:
        self.suspend()

    def suspend(self) -> None:
        if self._before is not None:
            import termios

            termios.tcsetattr(self._stream, termios.TCSADRAIN, self._before)

    def resume(self) -> None:
        if self._before is not None:
            import tty

            tty.setcbreak(self._stream)

    def wait(self, seconds: float) -> str:
        """Return the next key, or "" if none is typed for so many seconds."""
        if self._before is None:
            self._sleep(seconds)
            return ""
        ready, _, _ = select.select([self._stream], [], [], seconds)
        return os.read(self._stream.fileno(), 1).decode(errors="replace") if ready else ""


@contextmanager
def stoppable(screen: Screen, keyboard: Keyboard) -> Iterator[None]:
    """Restore the terminal at Ctrl-Z, until the process continues."""
    number = getattr(signal, "SIGTSTP", None)  # not on Windows
    if number is None or signal.getsignal(number) is not signal.SIG_DFL:
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        keyboard.suspend()
        screen.suspend()
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)  # returns when the process continues
        signal.signal(number, stop)
        screen.resume()
        keyboard.resume()

    signal.signal(number, stop)
    try:
        yield
    finally:
        signal.signal(number, signal.SIG_DFL)


def _exit(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)

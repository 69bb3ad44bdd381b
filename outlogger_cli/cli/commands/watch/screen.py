"""The terminal while `watch` has it: one picture drawn over the last, and keys; then as before."""

import os
import select
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, TextIO

from outlogger_cli.system import terminal

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"  # the alternate screen, no cursor, empty
_LEAVE = "\x1b[?25h\x1b[?1049l"
_HOME = "\x1b[H"
_REST_OF_LINE = "\x1b[K"
_REST_OF_SCREEN = "\x1b[J"


_ENDING = ("SIGTERM", "SIGHUP")


class Screen:
    """`stream`, a terminal, as long as the block lasts; being terminated ends it well too."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = ""
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Screen":
        for name in _ENDING:
            number = getattr(signal, name, None)  # Windows does not know SIGHUP
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup's
                self._before[number] = signal.signal(number, _ended)
        terminal.write(self._stream, _ENTER)
        return self

    def __exit__(self, *_error: object) -> None:
        terminal.tell(self._stream, _LEAVE)
        for number, before in self._before.items():
            signal.signal(number, before)

    def give_back(self) -> None:
        """Leave the terminal to others for a while."""
        self._put(_LEAVE)

    def take_again(self) -> None:
        """Show what was shown last."""
        self._put(_ENTER + self._shown)

    def draw(self, lines: list[str]) -> None:
        """Put `lines` over what is there; nothing is emptied first, so that nothing flickers."""
        shown = f"{_REST_OF_LINE}\n".join(lines)
        self._shown = f"{_HOME}{shown}{_REST_OF_LINE}{_REST_OF_SCREEN}"
        terminal.write(self._stream, self._shown)

    def _put(self, text: str) -> None:
        """Past the stream, in the middle of whose writing a signal may come."""
        with suppress(OSError):
            os.write(self._stream.fileno(), text.encode(self._stream.encoding, "replace"))


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

            self._before = termios.tcgetattr(self._stream)
            self.take_again()
        return self

    def __exit__(self, *_error: object) -> None:
        self.give_back()

    def give_back(self) -> None:
        """Leave the terminal to others for a while."""
        if self._before is not None:
            import termios

            termios.tcsetattr(self._stream, termios.TCSADRAIN, self._before)

    def take_again(self) -> None:
        if self._before is not None:
            import tty

            tty.setcbreak(self._stream)

    def wait(self, seconds: float) -> str:
        """The next key, "" where none is typed for so long."""
        if self._before is None:
            self._sleep(seconds)
            return ""
        ready, _, _ = select.select([self._stream], [], [], seconds)
        return os.read(self._stream.fileno(), 1).decode(errors="replace") if ready else ""


@contextmanager
def stoppable(screen: Screen, keyboard: Keyboard) -> Iterator[None]:
    """Ctrl-Z gives the terminal back until the program goes on."""
    number = getattr(signal, "SIGTSTP", None)  # Windows does not know it
    if number is None or signal.getsignal(number) is not signal.SIG_DFL:
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        keyboard.give_back()
        screen.give_back()
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)  # here it stands until it is told to go on
        signal.signal(number, stop)
        screen.take_again()
        keyboard.take_again()

    signal.signal(number, stop)
    try:
        yield
    finally:
        signal.signal(number, signal.SIG_DFL)


def _ended(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)

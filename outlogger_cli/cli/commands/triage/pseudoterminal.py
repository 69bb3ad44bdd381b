"""A pseudo-terminal in place of a terminal that a command writes to. Not on Windows."""

import os
import select
import termios
from contextlib import suppress
from pathlib import Path

_TICK_SECONDS = 0.05
"""Keys that are not read within this time are passed on."""

_OUTPUT_FLAGS = 1
"""The place of `c_oflag` in the attributes."""


class Pseudoterminal:
    """A pseudo-terminal of the size and with the attributes of `target`.

    What is written to `sink` is read from `source` unchanged: `target` processes it. If a program
    changes the attributes of its output, as curses does, `follow` changes those of `target`.
    """

    def __init__(self, target: int) -> None:
        self.source, self.sink = os.openpty()
        self._target = target
        self._before = termios.tcgetattr(target)
        unchanged = termios.tcgetattr(target)
        unchanged[_OUTPUT_FLAGS] &= ~termios.OPOST
        termios.tcsetattr(self.sink, termios.TCSANOW, unchanged)
        self._first = self._latest = termios.tcgetattr(self.sink)
        self._has_unread_keys = False
        self._size: tuple[int, int] | None = None
        self.resize()

    def resize(self) -> bool:
        """Take on the size of the terminal; return whether it has changed."""
        with suppress(termios.error):  # the terminal is gone, or all has been read
            size = termios.tcgetwinsize(self._target)
            if size != self._size:
                self._size = size
                termios.tcsetwinsize(self.source, size)
                return True
        return False

    def follow(self) -> None:
        """Give the terminal the attributes that a program has given the pseudo-terminal."""
        with suppress(termios.error):
            attributes = termios.tcgetattr(self.source)
            if attributes != self._latest:
                self._latest = attributes
                self._set(self._before if attributes == self._first else attributes)

    def await_output(self) -> None:
        """Wait for output, and pass on keys until it comes.

        A pager reads them from the terminal of its output, curses from standard input. Both change
        the attributes of their output.
        """
        while self._latest != self._first:
            if select.select([self.source], [], [], _TICK_SECONDS)[0]:
                return
            self.follow()
            with suppress(OSError):
                keys = self._is_foreground() and select.select([self._target], [], [], 0)[0]
                if keys and self._has_unread_keys:
                    with Path(os.ctermid()).open("rb", buffering=0) as terminal:
                        os.write(self.source, terminal.read(1024))
                self._has_unread_keys = bool(keys) and not self._has_unread_keys

    def restore(self, *, killed: bool) -> None:
        """Restore the terminal after a command that was killed, or left its output changed."""
        if killed or self._latest != self._first:
            self._set(self._before)

    def _set(self, attributes: list[int | list[bytes | int]]) -> None:
        with suppress(OSError, termios.error):
            if self._is_foreground():  # in the background it would stop us
                termios.tcsetattr(self._target, termios.TCSADRAIN, attributes)

    def _is_foreground(self) -> bool:
        return os.tcgetpgrp(self._target) == os.getpgrp()

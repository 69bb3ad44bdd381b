"""What a stream can show, and writing to it without a traceback."""

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import StrEnum, auto
from typing import TextIO

from outlogger_cli.domain.errors import ClosedPipeError, LocalError

Awaited = Callable[[], list[str]]
"""The names of the vendors that the run still waits for."""


class Color(StrEnum):
    AUTO = auto()
    ALWAYS = auto()
    NEVER = auto()


def is_terminal(stream: TextIO) -> bool:
    """Whether the stream is a terminal; variables that force colour do not change that."""
    with suppress(ValueError, OSError):
        return stream.isatty()
    return False


def redraws(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether lines can be overwritten: on a terminal that is not dumb."""
    return is_terminal(stream) and environ.get("TERM") != "dumb"


def has_color(stream: TextIO, environ: Mapping[str, str], wanted: Color) -> bool:
    """Whether to use colour.

    The order of precedence: the option, NO_COLOR, FORCE_COLOR or CLICOLOR_FORCE, TERM=dumb or
    CLICOLOR=0, and whether the stream is a terminal.
    """
    if wanted is not Color.AUTO:
        return wanted is Color.ALWAYS
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR", ""), environ.get("CLICOLOR_FORCE", "")
    if any(value and value != "0" for value in forced):
        return True
    if environ.get("TERM") == "dumb" or environ.get("CLICOLOR") == "0":
        return False
    return is_terminal(stream)


def width(stream: TextIO, environ: Mapping[str, str]) -> int:
    """The width in columns: COLUMNS, else the terminal's, else 80; never less than 20."""
    columns = environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return max(20, int(columns))
    with suppress(ValueError, OSError):
        # a terminal of unknown size, as in a container, reports 0
        return max(20, os.get_terminal_size(stream.fileno()).columns or 80)
    return 80


def needs_ascii(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether only ASCII is safe, by the stream's encoding or the locale C or POSIX."""
    encoding = (getattr(stream, "encoding", None) or "ascii").lower().replace("_", "-")
    if not encoding.startswith("utf"):
        return True
    named = (environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    return next((name for name in named if name), "") in {"C", "POSIX"}


def write(stream: TextIO, text: str) -> None:
    """Write and flush `text`; a character that the stream cannot encode becomes `?`.

    Raises `ClosedPipeError` for a broken pipe, `LocalError` for any other error.
    """
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        _discard(stream)
        raise ClosedPipeError from None
    except OSError as error:
        _discard(stream)
        raise LocalError(f"standard output: {error.strerror}") from None


def tell(stream: TextIO, text: str) -> None:
    """Write a message. Errors are ignored: a message that cannot be written stops nothing."""
    with suppress(ClosedPipeError, LocalError, ValueError):
        write(stream, text)


def _discard(stream: TextIO) -> None:
    """Discard what is left in the stream's buffer: flushing it at exit would fail again."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


class Progress:
    """A line on a terminal with the vendors that are still awaited, removed at the end.

    It appears `after` so many seconds, so that a quick run does not flicker, and is redrawn
    `every` so many.
    """

    def __init__(
        self,
        stream: TextIO | None,
        *,
        awaited: Awaited,
        columns: int = 80,
        after: float = 0.5,
        every: float = 0.2,
    ) -> None:
        self._stream = stream
        self._awaited = awaited
        self._columns = columns
        self._after = after
        self._every = every
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._draw, daemon=True)

    def __enter__(self) -> "Progress":
        if self._stream:
            self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        if self._stream:
            self._thread.join()

    def _draw(self) -> None:
        assert self._stream is not None
        if self._done.wait(self._after):
            return
        with suppress(ClosedPipeError, LocalError, ValueError):
            while True:
                line = f"waiting for {', '.join(self._awaited())}"
                line = line if len(line) < self._columns else line[: self._columns - 4] + "..."
                write(self._stream, f"\r\x1b[K{line}")
                if self._done.wait(self._every):
                    break
            write(self._stream, "\r\x1b[K")

"""The real streams: what they can show, and writing to them without a traceback."""

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import StrEnum, auto
from typing import TextIO

from outlogger_cli.domain.errors import ClosedPipeError, LocalError

Awaited = Callable[[], list[str]]
"""What is still awaited, as a line of progress names it."""


class Color(StrEnum):
    AUTO = auto()
    ALWAYS = auto()
    NEVER = auto()


def is_terminal(stream: TextIO) -> bool:
    """Asked of the stream itself: variables that force colour do not make a pipe a terminal."""
    with suppress(ValueError, OSError):
        return stream.isatty()
    return False


def redraws(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether what was written may be taken back: a dumb terminal cannot."""
    return is_terminal(stream) and environ.get("TERM") != "dumb"


def has_color(stream: TextIO, environ: Mapping[str, str], wanted: Color) -> bool:
    """The option wins over NO_COLOR, that over the forcing variables, those over TERM=dumb."""
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
    """Columns: COLUMNS, else the terminal's, else 80; never fewer than 20."""
    columns = environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return max(20, int(columns))
    with suppress(ValueError, OSError):
        # one that was never told its size, as in a container, says 0
        return max(20, os.get_terminal_size(stream.fileno()).columns or 80)
    return 80


def needs_ascii(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether only ASCII is safe: the stream's encoding, or a locale that says C or POSIX."""
    encoding = (getattr(stream, "encoding", None) or "ascii").lower().replace("_", "-")
    if not encoding.startswith("utf"):
        return True
    named = (environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    return next((name for name in named if name), "") in {"C", "POSIX"}


def write(stream: TextIO, text: str) -> None:
    """Write and flush; what the stream's encoding does not have becomes `?`.

    Raises `ClosedPipeError` where nobody reads any more, `LocalError` where it cannot be written.
    """
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        _abandon(stream)
        raise ClosedPipeError from None
    except OSError as error:
        _abandon(stream)
        raise LocalError(f"standard output: {error.strerror}") from None


def tell(stream: TextIO, text: str) -> None:
    """Write a message; where nobody can get it, what it was about goes on all the same."""
    with suppress(ClosedPipeError, LocalError, ValueError):
        write(stream, text)


def _abandon(stream: TextIO) -> None:
    """Let what is left in the stream's buffer go nowhere, so that the exit does not trip on it."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


class Progress:
    """One line on a terminal that says who is still awaited; gone when the work is done.

    It shows when `after` seconds have passed, so that a quick run never flickers, and is drawn
    anew `every` so many.
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

"""What a stream can show, and writing to it without a traceback."""

import errno
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum, auto
from typing import TextIO
from weakref import WeakKeyDictionary

from outlogger_cli.domain.errors import ClosedPipeError, LocalError

_CLOSED_PIPE = {"win32": (errno.EPIPE, errno.EINVAL)}.get(sys.platform, (errno.EPIPE,))
"""What writing to a pipe whose reader has gone raises."""

_failed: "WeakKeyDictionary[TextIO, Exception]" = WeakKeyDictionary()
"""The streams that could not be written to, and why."""


class Color(StrEnum):
    AUTO = auto()
    ALWAYS = auto()
    NEVER = auto()


def is_terminal(stream: TextIO) -> bool:
    """Whether the stream is a terminal; variables that force colour do not change that."""
    with suppress(ValueError, OSError):
        return stream.isatty()
    return False


def is_one_terminal(stream: TextIO, other: TextIO) -> bool:
    """Whether both streams are the same terminal."""
    with suppress(ValueError, OSError):
        return stream.isatty() and os.path.sameopenfile(stream.fileno(), other.fileno())
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


def follows_links(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to write hyperlinks (OSC 8): on a terminal with colour, none that is asked for."""
    return redraws(stream, environ) and has_color(stream, environ, Color.AUTO)


def has_few_colors(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether the terminal has 16 colours: it names neither 256 nor all of them."""
    many = "256" in environ.get("TERM", "") or environ.get("COLORTERM")
    return is_terminal(stream) and not many


def has_light_background(environ: Mapping[str, str]) -> bool | None:
    """What COLORFGBG says, None if nothing.

    It is `foreground;background`, numbers of the 16 colours; 7 and 9 to 15 are light.
    """
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    number = _whole_number(background)
    if number is None or number > 15:
        return None
    return number == 7 or number > 8


def width(stream: TextIO, environ: Mapping[str, str]) -> int:
    """The width in columns: COLUMNS, else the terminal's, else 80; never less than 20."""
    if columns := _whole_number(environ.get("COLUMNS", "")):
        return max(20, columns)
    with suppress(ValueError, OSError):
        # a terminal of unknown size, as in a container, reports 0
        return max(20, os.get_terminal_size(stream.fileno()).columns or 80)
    return 80


def _whole_number(text: str) -> int | None:
    """The number that `text` is in at most nine digits, None for anything else."""
    return int(text) if len(text) < 10 and text.isascii() and text.isdecimal() else None


def needs_ascii(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether only ASCII is safe, by the stream's encoding or the locale C or POSIX."""
    encoding = (getattr(stream, "encoding", None) or "ascii").lower().replace("_", "-")
    if not encoding.startswith("utf"):
        return True
    named = (environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    return next((name for name in named if name), "") in {"C", "POSIX"}


def write(stream: TextIO, text: str) -> None:
    """Write and flush `text`; a character that the stream cannot encode becomes `?`.

    Raises `ClosedPipeError` for a broken pipe, `LocalError` for any other error, and the same
    error ever after: nothing may seem to be written that was discarded.
    """
    if stream in _failed:
        raise _failed[stream]
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()
    except OSError as error:
        _discard(stream)
        is_closed = error.errno in _CLOSED_PIPE
        why = LocalError(f"standard output: {error.strerror}")
        _failed[stream] = ClosedPipeError() if is_closed else why
        raise _failed[stream] from None


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

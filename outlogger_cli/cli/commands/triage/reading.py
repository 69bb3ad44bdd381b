"""The end of a log: a file, standard input, or whatever else can be opened."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen
from outlogger_cli.system.runtime import Runtime

KEEP = 16 * 1024 * 1024
"""Bytes of a log that are looked at, the last ones."""

READ = 16 * KEEP
"""Bytes that are read to count the lines before those. An endless input ends there."""

_CHUNK = 1024 * 1024


@frozen
class Tail:
    """The last lines of a text. `note` says what was not read, "" if nothing was left out."""

    text: bytes
    first_line: int = 1
    note: str = ""


def of_file(path: Path) -> Tail:
    """The end of the file; raises `UsageError` if it cannot be read."""
    shown = line(str(path))
    try:
        with path.open("rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            is_cut = stat.S_ISREG(status.st_mode) and status.st_size > READ
            if is_cut:
                file.seek(-READ, os.SEEK_END)
            tail = _end_of(file)
    except OSError as error:
        raise UsageError(f"{shown}: {error.strerror}") from None
    if not is_cut:
        return tail
    note = f"only the last {READ >> 20} MiB of {shown} were read; its lines are numbered from there"
    return Tail(text=tail.text, first_line=tail.first_line, note=note)


def of_stdin(runtime: Runtime) -> Tail:
    """The end of standard input."""
    stream = getattr(runtime.stdin, "buffer", None)
    if stream is None:  # text in memory, or a stream that was closed at the start
        return Tail(text=runtime.stdin.read().encode())
    try:
        return _end_of(stream)
    except OSError as error:
        raise UsageError(f"standard input: {error.strerror}") from None


def end_of(text: bytes) -> Tail:
    """The last whole lines of `text`."""
    if len(text) <= KEEP:
        return Tail(text=text)
    start = len(text) - KEEP
    start = text.find(b"\n", start) + 1 or start
    return Tail(text=text[start:], first_line=1 + text.count(b"\n", 0, start))


def _end_of(stream: BinaryIO) -> Tail:
    kept, read, lines = bytearray(), 0, 0
    while read < READ and (chunk := stream.read(_CHUNK)):
        read += len(chunk)
        kept += chunk
        if len(kept) >= 2 * KEEP:
            lines += kept.count(b"\n", 0, len(kept) - KEEP - 1)
            del kept[: len(kept) - KEEP - 1]
    tail = end_of(bytes(kept))
    note = f"stopped reading after {READ >> 20} MiB" if read >= READ else ""
    return Tail(text=tail.text, first_line=tail.first_line + lines, note=note)

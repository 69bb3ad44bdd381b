"""Writing the answer: to the stream, or to a file whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from outlogger_cli.domain.errors import LocalError, UsageError
from outlogger_cli.system import files


def check(path: Path) -> None:
    """Raise `UsageError` for a place nothing can be written to, before anything is read."""
    try:
        with suppress(FileNotFoundError, NotADirectoryError):
            path.stat()  # the questions below answer no, in some Pythons, to what cannot be asked
        if path.is_dir():
            raise UsageError(f"--output: {path} is a folder")
        if not path.parent.is_dir():
            raise UsageError(f"--output: there is no folder {path.parent}")
    except OSError as error:
        raise UsageError(f"--output: {path}: {error.strerror}") from None


def write(path: Path, text: str) -> None:
    """Put `text` at `path` by a rename; a device or a pipe is written to as it is.

    Raises `LocalError`; what stood there before is then unharmed.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
        else:
            real = path.resolve()
            temporary = real.with_name(f".outlogger-{os.urandom(8).hex()}.new")
            files.replace(real, text.encode(), temporary=temporary)
    except OSError as error:
        raise LocalError(f"--output: {path} cannot be written: {error.strerror}") from None

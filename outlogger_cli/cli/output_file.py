"""`--output`: a file that is written atomically."""

import os
from contextlib import suppress
from pathlib import Path

from outlogger_cli.domain.errors import LocalError, UsageError
from outlogger_cli.system import files


def check(path: Path) -> None:
    """Raise `UsageError` if nothing can be written to `path`, before any page is read."""
    try:
        with suppress(FileNotFoundError, NotADirectoryError):
            path.stat()  # some Pythons answer False below if the folder cannot be entered
        if path.is_dir():
            raise UsageError(f"--output: {path} is a folder")
        if not path.parent.is_dir():
            raise UsageError(f"--output: there is no folder {path.parent}")
    except OSError as error:
        raise UsageError(f"--output: {path}: {error.strerror}") from None


def write(path: Path, text: str) -> None:
    """Write `text` to `path` atomically, by a rename; a device or a pipe is written directly.

    Raises `LocalError`; then an existing file is unchanged.
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

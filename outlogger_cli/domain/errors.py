"""Everything that can go wrong, and the exit codes it becomes.

OutloggerError
├── UsageError            the command line or the environment is wrong: exit 2
│   └── ConfigError       a file is wrong; says which, where and what is allowed: exit 2
├── PageError             a page could not be read; becomes a value in the report, never an exit
└── LocalError            this machine's fault (a full disk, an unwritable file): exit 70

Errors are raised where they are known, translated at a border, and shown only by `cli.run`.
"""

from enum import IntEnum

from outlogger_cli.domain.model import FailureKind


class ExitCode(IntEnum):
    """What the shell sees; the table of `outlogger help exit-codes`."""

    OK = 0
    PROBLEM = 1
    USAGE = 2
    UNKNOWN = 3
    TIMED_OUT = 4
    BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143


class OutloggerError(Exception):
    """The root: its text is one line that says what, where and what to do next."""


class UsageError(OutloggerError):
    """A command line nobody can act on."""


class ConfigError(UsageError):
    """A file that says something it may not."""


class LocalError(OutloggerError):
    """This machine refused something the tool needs, such as writing a file."""


class ClosedPipeError(Exception):
    """Whoever read standard output has gone: no error, but no reason to go on."""


class PageError(OutloggerError):
    """A page that could not be read, or that was not what it should be."""

    def __init__(self, kind: FailureKind, message: str, *, http_status: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.http_status = http_status

"""The project's exceptions, and the exit codes.

OutloggerError
├── UsageError              the command line or the environment is invalid: exit 2
│   └── ConfigError         a file is invalid; names the file, the place and what is allowed: exit 2
├── PageError               a page could not be read; becomes a `Failed` in the report: no exit
│   └── net.errors.RetryableError   the same, and another request may succeed
└── LocalError              this machine's fault (a full disk, an unwritable file): exit 70
ClosedPipeError             stdout was closed by its reader; the command stops quietly

Exceptions of other libraries are translated once, in the package that calls them: those of the
network in `net.errors`. Only `cli.app` shows an error.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum

from outlogger_cli.domain.model import FailureKind, Reason


class ExitCode(IntEnum):
    """The exit codes of `outlogger help exit-codes`."""

    OK = 0
    PROBLEM = 1
    USAGE = 2
    UNKNOWN = 3
    TIMED_OUT = 4
    BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143


class OutloggerError(Exception):
    """The base class. The text is one line: what happened, where, and what to do."""


class UsageError(OutloggerError):
    """An invalid command line or environment variable; each argument is one line."""

    def __str__(self) -> str:
        return "; ".join(map(str, self.args))


class ConfigError(UsageError):
    """An invalid file."""


@contextmanager
def collected(errors: list[UsageError]) -> Iterator[None]:
    """Add a `UsageError` to `errors` instead of raising it, so that one run reports all of them."""
    try:
        yield
    except UsageError as error:
        errors.append(error)


def together(errors: Sequence[UsageError]) -> UsageError:
    """One error that says all that `errors` say; a `ConfigError` if each of them is one."""
    kind = ConfigError if all(isinstance(one, ConfigError) for one in errors) else UsageError
    return kind(*dict.fromkeys(line for one in errors for line in one.args))


class LocalError(OutloggerError):
    """The machine refused an operation, such as writing a file."""


class ClosedPipeError(Exception):
    """stdout was closed (broken pipe): stop quietly, this is not a failure."""


class PageError(OutloggerError):
    """A page could not be read, or is not a status page.

    `kind` is what the JSON shows. `reason` is more exact, and is what code compares.
    """

    def __init__(
        self,
        kind: FailureKind,
        message: str,
        *,
        reason: Reason = Reason.UNSPECIFIED,
        http_status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.reason = reason
        self.http_status = http_status

"""Is it us, or is it one of our vendors? Status pages read, judged and shown.

From Python: `from outlogger_cli import read`; `outlogger_cli.library` documents it.
"""

TYPE_CHECKING = False  # typing's own costs the start of every command an import
if TYPE_CHECKING:
    from outlogger_cli.library import (
        ConfigError,
        ExitCode,
        Judged,
        Report,
        Severity,
        UsageError,
        Verdict,
        read,
    )

__version__ = "0.1.0"

__all__ = [
    "ConfigError",
    "ExitCode",
    "Judged",
    "Report",
    "Severity",
    "UsageError",
    "Verdict",
    "__version__",
    "read",
]


def __getattr__(name: str) -> object:
    """The names of the library, which loads when one is asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from outlogger_cli import library

    value: object = getattr(library, name)
    return value

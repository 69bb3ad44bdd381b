"""Is it us, or is it one of our vendors? Status pages read, judged and shown.

From Python: `from outlogger_cli import read`; `outlogger_cli.api` documents it.
"""

TYPE_CHECKING = False  # typing's own costs the start of every command an import

__all__ = [
    "Component",
    "ConfigError",
    "ExitCode",
    "Failed",
    "Incident",
    "Judged",
    "Maintenance",
    "Report",
    "Severity",
    "UsageError",
    "Verdict",
    "__version__",
    "read",
]

if TYPE_CHECKING:
    from outlogger_cli.api import (
        Component,
        ConfigError,
        ExitCode,
        Failed,
        Incident,
        Judged,
        Maintenance,
        Report,
        Severity,
        UsageError,
        Verdict,
        read,
    )
    from outlogger_cli.domain.version import __version__
else:  # a type checker that saw it would take any name for one of this module

    def __getattr__(name: str) -> object:
        """Load the public name `name` when it is first asked for."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name == "__version__":
            from outlogger_cli.domain.version import __version__

            return __version__
        from outlogger_cli import api

        return getattr(api, name)

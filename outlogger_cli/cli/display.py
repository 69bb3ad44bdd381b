"""What a command shows while pages are read: progress on a terminal, NDJSON as vendors arrive."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Self

from outlogger_cli.cli.session import Session
from outlogger_cli.system import terminal

if TYPE_CHECKING:
    from outlogger_cli.domain.verdict import Judged


class Display:
    """The `engine.run.Display` of a command that reads `session.run`.

    `on_vendor` is called with each vendor as it arrives, instead of writing it as NDJSON.
    """

    def __init__(
        self,
        session: Session,
        command: str,
        *,
        on_vendor: "Callable[[Judged], None] | None" = None,
    ) -> None:
        self._session = session
        self._command = command
        self._on_vendor = on_vendor
        self._waiting = {(vendor.slug, vendor.url): vendor for vendor in session.run.vendors}
        self._streams = (
            session.format.streams and not session.output.output and not session.output.quiet
        )
        self._progress = progress(session, lambda: [slug for slug, _ in self._waiting])

    def __enter__(self) -> Self:
        self._progress.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.__exit__(*error)

    def on_started(self) -> None:
        import_module("outlogger_cli.domain.report")
        self._session.format.load()

    def on_vendor(self, judged: "Judged") -> None:
        self._waiting.pop((judged.vendor.slug, judged.vendor.url), None)
        if self._on_vendor:
            self._on_vendor(judged)
        elif self._streams:
            from outlogger_cli.domain.report import build
            from outlogger_cli.render import ndjson

            run = self._session.run
            one = build(
                self._command, [judged], gate=False, now=run.clock.now(), drill=run.drill_title
            )
            terminal.write(self._session.runtime.stdout, ndjson.line(judged, one))


def progress(session: Session, awaited: "terminal.Awaited") -> terminal.Progress:
    """A line on standard error that says what is `awaited`, if that is a terminal."""
    stderr, environ = session.runtime.stderr, session.runtime.environ
    is_silent = session.output.quiet or session.format.silent
    shows = terminal.redraws(stderr, environ) and not is_silent
    return terminal.Progress(
        stderr if shows else None, awaited=awaited, columns=terminal.width(stderr, environ)
    )

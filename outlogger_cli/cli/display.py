"""What a command shows while pages are read: a table that fills, or records as they come."""

import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from importlib import import_module
from typing import TYPE_CHECKING, Self, TextIO

from outlogger_cli.cli.session import Session
from outlogger_cli.engine import run as engine
from outlogger_cli.system import terminal

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from rich.text import Text

    from outlogger_cli.domain.report import Report
    from outlogger_cli.domain.verdict import Judged
    from outlogger_cli.render import View

Awaited = Callable[[], Sequence[str]]
"""What a run still waits for: names."""


class Display(engine.Display):
    """Shows the run of a command that reads `session.run`.

    On a terminal the overview of several vendors is drawn as they arrive, with `view`. In a format
    that streams, each vendor is written once it is known, or once all before it are known.
    `on_vendor` is called with each vendor as it arrives, instead of writing it.
    """

    def __init__(
        self,
        session: Session,
        command: str,
        *,
        view: "View | None" = None,
        on_vendor: "Callable[[Judged], None] | None" = None,
    ) -> None:
        self._session = session
        self._command = command
        self._view = view or session.view()
        self._on_vendor = on_vendor
        self._lock = threading.Lock()
        self._waiting = {(vendor.slug, vendor.url): vendor for vendor in session.run.vendors}
        self._arrived: dict[tuple[str, str], Judged] = {}
        self._unwritten = [(vendor.slug, vendor.url) for vendor in session.run.vendors]
        self._began = session.run.clock.monotonic()
        self._streams = session.streams and not session.output.quiet and not on_vendor
        self._drawing = self._drawn()

    def __enter__(self) -> Self:
        self._drawing.__enter__()
        return self

    def __exit__(self, *_error: object) -> None:
        self._drawing.__exit__(None, None, None)

    def on_started(self) -> None:
        import_module("outlogger_cli.domain.report")
        self._session.format.load()

    def on_vendor(self, judged: "Judged") -> None:
        key = judged.vendor.slug, judged.vendor.url
        with self._lock:
            self._waiting.pop(key, None)
            self._arrived[key] = judged
        if self._on_vendor:
            self._on_vendor(judged)
        elif self._streams:
            self._write(judged)

    def _write(self, judged: "Judged") -> None:
        """Write what can be written now: this vendor, or all up to the first that is missing."""
        from outlogger_cli.render import render

        ready = [judged]
        if self._session.format.streams_in_order:
            ready = []
            while self._unwritten and self._unwritten[0] in self._arrived:
                ready.append(self._arrived[self._unwritten.pop(0)])
        if ready:
            text = render(self._report(ready), self._session.format, self._view)
            terminal.write(self._session.runtime.stdout, text)

    def _report(self, vendors: "Sequence[Judged]") -> "Report":
        from outlogger_cli.domain.report import build

        run = self._session.run
        now, title = run.clock.now(), run.drill_title
        return build(self._command, vendors, gate=False, now=now, drill=title)

    def _drawn(self) -> "AbstractContextManager[object]":
        """The table as it fills on standard output, or a line on standard error."""
        session = self._session
        stdout, environ = session.runtime.stdout, session.runtime.environ
        fills = session.format.fills and len(session.run.vendors) > 1 and not self._on_vendor
        if not fills or session.output.output or not terminal.redraws(stdout, environ):
            return progress(session, self._awaited)
        return drawing(session, stdout, self._table)

    def _awaited(self) -> list[str]:
        with self._lock:
            return [vendor.name or vendor.slug for vendor in self._waiting.values()]

    def _table(self) -> "Text":
        from rich.text import Text

        from outlogger_cli.render.table import filling

        with self._lock:
            in_order = ((vendor.slug, vendor.url) for vendor in self._session.run.vendors)
            arrived = [self._arrived[key] for key in in_order if key in self._arrived]
        waited = self._session.run.clock.monotonic() - self._began
        report = self._report(arrived)
        view = self._session.aged(self._view)
        return Text.from_ansi(filling(report, self._awaited(), waited, view))


def progress(session: Session, awaited: Awaited) -> "AbstractContextManager[object]":
    """A line on standard error that says what is `awaited`, if that is a terminal."""
    stderr, environ = session.runtime.stderr, session.runtime.environ

    def line() -> "Text":
        from rich.text import Text

        text = Text(f"waiting for {', '.join(awaited())}", style="dim", no_wrap=True)
        text.truncate(terminal.width(stderr, environ) - 1, overflow="ellipsis")
        return text

    return drawing(session, stderr if terminal.redraws(stderr, environ) else None, line)


def drawing(
    session: Session, stream: TextIO | None, draw: "Callable[[], Text]"
) -> "AbstractContextManager[object]":
    """A drawing on `stream`, unless the user or the format wants no output beside the report."""
    if stream is None or session.output.quiet or session.format.silent:
        return nullcontext()
    from outlogger_cli.cli.drawing import Drawing  # most runs have no terminal

    return Drawing(stream, draw, session.runtime.environ)

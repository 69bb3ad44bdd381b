"""The display of a watch on a terminal: a table that is redrawn, a countdown, and `q` to end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import ceil

from outlogger_cli.cli.commands.watch.frame import Content, frame
from outlogger_cli.cli.commands.watch.screen import Keyboard, Screen, height, stoppable
from outlogger_cli.cli.commands.watch.watcher import ChangeLog, Watcher
from outlogger_cli.cli.rounds import loop
from outlogger_cli.domain.report import Report
from outlogger_cli.render import wording
from outlogger_cli.system import terminal

CHANGE_LIMIT = 200

_QUIT = {"q", "Q"}
_TICK = 1.0


def watch(watcher: Watcher, interval: timedelta, notes: Sequence[str] = ()) -> None:
    """Watch until `q`. `notes` are shown all the time, for the table hides earlier output."""
    runtime = watcher.session.runtime
    with (
        Screen(runtime.stdout) as screen,
        Keyboard(runtime.stdin, runtime.clock.sleep) as keyboard,
        stoppable(screen, keyboard),
    ):
        table = _Table(watcher, screen, keyboard, notes)
        loop(table.read, table, interval)


class _Table:
    """Redraws everything each second."""

    def __init__(
        self, watcher: Watcher, screen: Screen, keyboard: Keyboard, notes: Sequence[str]
    ) -> None:
        run = watcher.session.run
        self._watcher = watcher
        self._screen = screen
        self._keyboard = keyboard
        self._notes = notes
        self._change_log = ChangeLog()
        self._content = Content(started=run.clock.now(), vendors=len(run.vendors), notes=notes)

    def read(self) -> Report:
        self._draw("reading the pages")
        return self._watcher.read(show_progress=False)

    def on_report(self, report: Report) -> bool:
        content = self._content
        content.report = report
        content.changes = [*content.changes, *self._change_log.add(report)][-CHANGE_LIMIT:]
        content.notes = [*self._notes, *(note.text for note in self._watcher.notify(report))]
        content.muted = [mute.name for mute in self._watcher.mutes()]
        return False

    def pause(self, seconds: float, _report: Report) -> bool:
        """Wait for the next round, counting down; return whether the user typed `q`."""
        monotonic = self._watcher.session.run.clock.monotonic
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            counted = wording.length(timedelta(seconds=ceil(left)))
            self._draw(f"next round in {counted} · q ends")
            if self._keyboard.wait(min(_TICK, left)) in _QUIT:
                return True
        return False

    def _draw(self, status: str) -> None:
        """Draw at the present size of the terminal.

        The last column stays empty: some terminals erase it if the cursor waits there.
        """
        session = self._watcher.session
        runtime = session.runtime
        view = replace(session.view(), width=terminal.width(runtime.stdout, runtime.environ) - 1)
        lines = height(runtime.stdout, runtime.environ)
        self._screen.draw(frame(self._content, status, view, lines))

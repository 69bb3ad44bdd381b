"""The display of a watch that writes lines: events in a pipe, or titles below a table."""

from contextlib import suppress

from outlogger_cli import render
from outlogger_cli.cli.commands.watch.watcher import Note, Watcher
from outlogger_cli.cli.output import say
from outlogger_cli.domain.errors import ClosedPipeError, LocalError
from outlogger_cli.domain.report import Report
from outlogger_cli.render import wording
from outlogger_cli.system import terminal


class Lines:
    """Writes the table of the first round, then what changes; a note that stands only once.

    With `once` the first round is the last.
    """

    def __init__(self, watcher: Watcher, *, once: bool) -> None:
        self._watcher = watcher
        self._once = once
        self._is_first = True
        self._notes: list[Note] = []

    def on_report(self, report: Report) -> bool:
        session = self._watcher.session
        changes = self._watcher.changes(report)
        text = ""
        if session.format.for_terminal and not session.output.quiet:
            if self._is_first:
                text = render.render(report, session.format, session.view())
            for change in changes:
                at = wording.moment(change.at, session.zone, change.at)
                text += f"{at}  {change.title}\n"
        stdout = session.runtime.stdout
        with suppress(ClosedPipeError, LocalError):  # a full disk must not silence the channels
            terminal.write(stdout, text)
        notes = self._watcher.notify(report)
        terminal.write(stdout, "")  # raises what failed above or in `notify`
        for note in notes:
            if note.each_round or note not in self._notes:
                say(session, note.text)
        self._is_first, self._notes = False, notes
        return self._once

    def pause(self, seconds: float, _report: Report) -> bool:
        self._watcher.session.run.clock.sleep(seconds)
        return False

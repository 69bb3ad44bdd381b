"""The display of a watch on a terminal: the Textual application over the rounds of a `Watcher`."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from outlogger_cli.alerts.changes import Change
from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.cli.commands.watch.watcher import Watcher
from outlogger_cli.cli.rounds import SHORTEST, pause_after
from outlogger_cli.domain.errors import ExitCode, LocalError
from outlogger_cli.domain.model import Depth, Vendor
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.values import replace
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.engine import run as engine
from outlogger_cli.engine.run import Run
from outlogger_cli.render import View
from outlogger_cli.system import terminal
from outlogger_cli.tui.app import WatchApp
from outlogger_cli.tui.lines import left_behind

_HISTORY_DAYS = 30


def watch(watcher: Watcher, interval: timedelta, notes: Sequence[str]) -> ExitCode:
    """Watch until the user quits; what was shown last stays in the scrollback.

    `notes` are shown all the time, for the application hides earlier output. Raises `SystemExit`
    for a signal, and the error that ended the application, if one did.
    """
    source = WatcherSource(watcher, interval)
    app = WatchApp(source, notes=notes)
    code = app.run(mouse=False)  # the terminal keeps its own selection and links
    if app.failure:
        raise app.failure
    if code is None:
        raise LocalError("the terminal cannot be read")
    if code not in {ExitCode.OK, ExitCode.INTERRUPTED}:
        raise SystemExit(code)
    terminal.write(watcher.session.runtime.stdout, left_behind(app.board, source.view()))
    return ExitCode(code)


class WatcherSource:
    """The `tui.source.Source` over a `Watcher`."""

    shortest = SHORTEST.total_seconds()

    def __init__(self, watcher: Watcher, interval: timedelta) -> None:
        run = watcher.session.run
        self.vendors = run.vendors
        self.clock = run.clock
        self.environ = watcher.session.runtime.environ
        self.drill = run.drill_title
        self._watcher = watcher
        self._interval = interval

    def view(self) -> View:
        return self._watcher.session.view()

    def has_terminal(self) -> bool:
        runtime = self._watcher.session.runtime
        return terminal.redraws(runtime.stdin, runtime.environ)

    def pause(self) -> float:
        return pause_after(self._interval)

    def read(
        self, on_due: Callable[[Sequence[Vendor]], None], on_vendor: Callable[[Judged], None]
    ) -> Report:
        def display(run: Run) -> engine.Display:
            on_due(run.vendors)
            return _Arrivals(on_vendor)

        return self._watcher.read(display)

    def changes(self, report: Report) -> Sequence[Change]:
        return self._watcher.changes(report)

    def notify(self, report: Report) -> Sequence[str]:
        return [note.text for note in self._watcher.notify(report)]

    def mutes(self) -> Sequence[Mute]:
        return self._watcher.mutes()

    def mute(self, vendor: Vendor) -> Sequence[Mute]:
        self._watcher.toggle_mute(vendor)
        return self.mutes()

    def page(self, vendor: Vendor) -> Judged:
        session = self._watcher.session
        request = replace(session.run.request, depth=Depth.HISTORY)
        run = replace(session.run, vendors=(vendor,), request=request)
        window = session.window(_HISTORY_DAYS)
        return engine.report(run, "status", gate=False, window=window).vendors[0]


class _Arrivals(engine.Display):
    def __init__(self, on_vendor: Callable[[Judged], None]) -> None:
        self._on_vendor = on_vendor

    def on_vendor(self, judged: Judged, /) -> None:
        self._on_vendor(judged)

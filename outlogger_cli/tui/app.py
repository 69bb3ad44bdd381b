"""The full-screen view of `watch` as a Textual application: its keys, and its rounds."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message
from textual.widgets import Input

from outlogger_cli.alerts.changes import Change
from outlogger_cli.alerts.events import Kind
from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.domain.errors import ExitCode, OutloggerError
from outlogger_cli.domain.model import Vendor, Verdict
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import wording
from outlogger_cli.render.ordering import tally
from outlogger_cli.tui import signals
from outlogger_cli.tui.background import Background, in_thread
from outlogger_cli.tui.board import Board
from outlogger_cli.tui.drawing import Drawing, Mode
from outlogger_cli.tui.pages import Pages
from outlogger_cli.tui.pane import Pane
from outlogger_cli.tui.source import Source

TICK = 0.2
"""Seconds between two looks at what has arrived and at the clock."""

_ENDING = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
_TOLD = {Kind.OPENED, Kind.WORSENED}
_REST = 0.4
"""Seconds for which a vendor has to be selected before its history is read."""


class Call(Message):
    """Run a function in the application, with the result of a thread."""

    def __init__(self, function: Callable[[], None]) -> None:
        super().__init__()
        self.function = function


class WatchApp(App[int]):
    """Shows the rounds of a `Source`.

    Its result is the exit code; `failure` is the error that ended it, if one did. `start` runs a
    function in a thread.
    """

    CSS = """
    Screen { background: ansi_default; color: ansi_default; overflow: hidden; }
    Pane { width: 100%; }
    #body { height: 1fr; }
    #left { height: auto; }
    #filter {
        height: 1; border: none; padding: 0; display: none;
        background: ansi_default; color: ansi_default;
    }
    """
    AUTO_FOCUS = None
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,Q", "leave(0)"),
        Binding("ctrl+q", "leave(0)", priority=True),
        Binding("ctrl+c", "leave(130)", priority=True),
        Binding("ctrl+z", "suspend_process", priority=True),
        Binding("up,k", "move(-1)"),
        Binding("down,j", "move(1)"),
        Binding("pageup", "move(-10)"),
        Binding("pagedown,space", "move(10)"),
        Binding("home,g", "move(-10000)"),
        Binding("end,G", "move(10000)"),
        Binding("enter", "details"),
        Binding("escape", "close"),
        Binding("o", "open"),
        Binding("m", "mute"),
        Binding("slash", "filter"),
        Binding("a", "all"),
        Binding("r", "refresh"),
        Binding("p", "pause"),
        Binding("question_mark", "help"),
    ]

    def __init__(
        self,
        source: Source,
        *,
        notes: Sequence[str] = (),
        start: "Callable[[Callable[[], None]], None] | None" = None,
    ) -> None:
        super().__init__(ansi_color=True)
        self.failure: BaseException | None = None
        self.board = Board(
            vendors=source.vendors,
            started=source.clock.now(),
            drill=source.drill,
            standing_notes=notes,
        )
        self.pages = Pages()
        self.drawing = Drawing(self.board, self.pages)
        self._source = source
        self._background = Background(start or in_thread, self._call)
        self._monotonic = source.clock.monotonic
        self._round: str = ""
        self._is_paused = self._is_forced = False
        self._next = self._earliest = self._monotonic()
        self._second = -1
        self._rests: tuple[str, float] = ("", 0)

    def compose(self) -> ComposeResult:
        yield Pane(id="header")
        with Container(id="body"):
            with Container(id="left"):
                yield Pane(id="table")
                yield Pane(id="events")
            yield Pane(id="page")
        yield Pane(id="notes")
        hint = "part of a name, slug, address or tag"
        yield Input(id="filter", placeholder=hint, disabled=True)
        yield Pane(id="footer")

    def on_mount(self) -> None:
        self.write(signals.SAVE_TITLE)
        loop = asyncio.get_running_loop()
        for name, code in _ENDING.items():
            number = getattr(signal, name, None)  # no SIGHUP on Windows
            if number is None or signal.getsignal(number) is signal.SIG_IGN:  # by nohup
                continue
            with suppress(NotImplementedError):  # Windows
                loop.add_signal_handler(number, self.action_leave, code)
        self.app_suspend_signal.subscribe(self, lambda _: self.write(signals.RESTORE_TITLE))
        self.app_resume_signal.subscribe(self, self._draw_again)
        self.set_interval(TICK, self.tick)
        self.tick()

    def on_resize(self) -> None:
        self.call_later(self.draw)  # when Textual knows the new size, too

    def _draw_again(self, _app: App[int]) -> None:
        """Draw everything again after Ctrl-Z, which leaves an empty screen."""
        self.write(signals.SAVE_TITLE)
        for pane in self.query(Pane):
            pane.refresh()

    def on_call(self, message: Call) -> None:
        message.function()

    def tick(self) -> None:
        """Begin a round that is due, and draw what has changed."""
        now = self._monotonic()
        may_begin = self._is_forced or not self._is_paused
        if not self._round and may_begin and now >= self._next:
            self._begin()
        is_new_second, self._second = int(now) != self._second, int(now)
        if is_new_second and not self._source.has_terminal():  # and SIGHUP is ignored
            self.action_leave(_ENDING["SIGHUP"])
        if self.drawing.is_stale or is_new_second:
            self.draw()
        self._read_history()

    def draw(self) -> None:
        """Draw everything at the present size, unless the screen is being taken down."""
        if not self.query("#footer"):
            return
        state = self._round
        if not state:
            left = max(0, -int(self._monotonic() - self._next))
            state = "paused" if self._is_paused and not self._is_forced else f"next {left} s"
        waited = self._monotonic() - self.board.began
        self.drawing.draw(self, self._source.view(), state, waited)

    def write(self, sequence: str) -> None:
        """Write a control sequence to the terminal, which Textual has no method for."""
        assert self._driver is not None, "it runs"
        self._driver.write(sequence)

    # Rounds.

    def _begin(self) -> None:
        self._round, self._is_forced = "reading", False
        self.board.began = self._monotonic()
        self._background.run(self._read_round, self._end, self._fail)

    def _read_round(self) -> tuple[Sequence[str], Sequence[Mute]]:
        """Read and notify, in a thread."""
        source = self._source
        report = source.read(
            lambda vendors: self._call(partial(self._expect, vendors)),
            lambda judged: self._call(partial(self._add, judged)),
        )
        self._call(partial(self._show_report, report, source.changes(report)))
        return source.notify(report), source.mutes()

    def _expect(self, vendors: Sequence[Vendor]) -> None:
        self.board.expect(vendors)
        self.drawing.is_stale = True

    def _add(self, judged: Judged) -> None:
        self.board.add(judged, self._source.clock.now())
        self.drawing.is_stale = True

    def _show_report(self, report: Report, changes: Sequence[Change]) -> None:
        """The pages are read: show what changed, and tell the terminal of new problems."""
        self._round = "notifying"
        self.board.end_round(report, changes)
        self.board.said = ""
        self.pages.retry()
        self.drawing.is_stale = True
        drill = "DRILL: " if self.board.drill else ""
        self.write(signals.title(f"{drill}{tally(report.vendors)}"))
        told = [
            change.title
            for change in changes
            if change.kind in _TOLD and change.vendor not in self.board.muted_keys()
        ]
        if told:
            text = f"{drill}{wording.listed(told, limit=2)}"
            self.write(signals.alert(text, self._source.environ))

    def _end(self, found: tuple[Sequence[str], Sequence[Mute]]) -> None:
        self.board.notes, self.board.mutes = found
        now = self._monotonic()
        self._round = ""
        self._earliest, self._next = now + self._source.shortest, now + self._source.pause()
        self.drawing.is_stale = True

    def _read_history(self) -> None:
        """Read the history of a vendor that has been selected for a moment, if it is shown."""
        latest, now = self.drawing.selected, self._monotonic()
        if self._rests[0] != self.drawing.key:
            self._rests = self.drawing.key, now
        is_resting = now - self._rests[1] >= _REST
        if latest and self.drawing.has_page and is_resting and self.pages.wants(latest):
            self.pages.ask(latest)
            work = partial(self._source.page, latest.vendor)
            self._background.run(work, self._add_page, self._say_error)

    def _add_page(self, page: Judged) -> None:
        self.pages.add(page)
        self.drawing.is_stale = True

    # Threads.

    def _call(self, function: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the application has ended
            self.post_message(Call(function))

    def _fail(self, error: BaseException) -> None:
        self.failure = error
        self.action_leave(ExitCode.BUG)

    def _handle_exception(self, error: Exception) -> None:
        """Keep an error of the view for the caller, who reports it in one line."""
        self.failure = self.failure or error
        super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        """Textual would write a traceback here."""

    # Keys.

    def action_leave(self, code: int) -> None:
        self.write(signals.RESTORE_TITLE)
        self.exit(code)

    def action_move(self, rows: int) -> None:
        self.drawing.move(rows)
        self._say("")

    def action_details(self) -> None:
        if self.drawing.is_folded_row:
            self.action_all()
            return
        if self.drawing.vendor:
            self.drawing.open(Mode.PAGE)
        self._say("")

    def action_help(self) -> None:
        is_open = self.drawing.mode is Mode.HELP
        self.drawing.open(Mode.LIST if is_open else Mode.HELP)
        self._say("")

    def action_close(self) -> None:
        """Close what is open: the filter's line, the page or the help, else the filter."""
        field = self.query_one("#filter", Input)
        if field.display or self.drawing.mode is Mode.LIST:
            field.clear()
            self._close_filter()
            self.board.words = ""
        self.drawing.open(Mode.LIST)
        self._say("")

    def action_all(self) -> None:
        self.board.unfold = not self.board.unfold
        self._say("")

    def action_filter(self) -> None:
        self.drawing.open(Mode.LIST)
        field = self.query_one("#filter", Input)
        field.display, field.disabled = True, False
        field.focus()
        self._say("")

    def on_input_changed(self, event: Input.Changed) -> None:
        self.board.words = event.value
        self._say("")

    def on_input_submitted(self) -> None:
        self._close_filter()
        self._say("")

    def _close_filter(self) -> None:
        field = self.query_one("#filter", Input)
        field.display, field.disabled = False, True
        self.screen.set_focus(None)

    def action_refresh(self) -> None:
        if self._round:
            self._say("the pages are being read")
            return
        self._next, self._is_forced = max(self._monotonic(), self._earliest), True
        self._say("")
        self.tick()

    def action_pause(self) -> None:
        self._is_paused = not self._is_paused
        self._say("")

    def action_open(self) -> None:
        if vendor := self.drawing.vendor:
            self._background.run(partial(signals.open_page, vendor.url), self._say, self._say_error)

    def action_mute(self) -> None:
        """Mute the selected vendor, if it has a problem, or end its mute."""
        vendor, latest = self.drawing.vendor, self.drawing.selected
        if vendor is None:
            return
        is_ok = latest is not None and latest.verdict is Verdict.OK
        if is_ok and not self.board.is_muted(vendor):
            self._say(f"{vendor.name or vendor.slug} has no problem to mute")
            return
        self._background.run(
            partial(self._source.mute, vendor), partial(self._set_mutes, vendor), self._say_error
        )

    def _set_mutes(self, vendor: Vendor, mutes: Sequence[Mute]) -> None:
        self.board.mutes = mutes
        name = vendor.name or vendor.slug
        is_muted = self.board.is_muted(vendor)
        self._say(f"{name} is muted until it recovers" if is_muted else f"{name} is not muted")

    def _say_error(self, error: BaseException) -> None:
        """Say what went wrong with a key; a bug ends the application."""
        if isinstance(error, OutloggerError):
            self._say(str(error))
        else:
            self._fail(error)

    def _say(self, text: str) -> None:
        self.board.said = text
        self.drawing.is_stale = True
        self.draw()

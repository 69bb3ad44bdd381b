"""`watch` on a terminal: the table drawn anew, a countdown, and `q`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import ceil

from outlogger_cli.cli import session
from outlogger_cli.cli.commands.watch.frame import Picture, frame
from outlogger_cli.cli.commands.watch.rounds import Log, Watcher
from outlogger_cli.cli.commands.watch.screen import Keyboard, Screen, height, stoppable
from outlogger_cli.cli.pauses import spread
from outlogger_cli.render import wording
from outlogger_cli.system import terminal

LOG_LIMIT = 200

_QUIT = {"q", "Q"}
_TICK = 1.0


def watch(watcher: Watcher, interval: timedelta, notes: Sequence[str] = ()) -> None:
    """Rounds until `q`, with `notes` in every picture, for it hides what was said before. The next
    pause begins when a round is over, so that rounds missed by a machine that slept are not made
    up for."""
    step, log = watcher.step, Log()
    picture = Picture(began=step.now(), vendors=len(step.vendors), notes=notes)
    with (
        Screen(step.runtime.stdout) as screen,
        Keyboard(step.runtime.stdin, step.runtime.sleep) as keyboard,
        stoppable(screen, keyboard),
    ):
        while True:
            screen.draw(_frame(watcher, picture, "reading the pages"))
            report = watcher.read(muffled=True)
            picture.report = report
            picture.log = [*picture.log, *log.since(report)][-LOG_LIMIT:]
            picture.notes = [*notes, *watcher.tell(report)]
            picture.muted = [mute.name for mute in watcher.mutes()]
            if _ends(watcher, picture, screen, keyboard, spread(interval)):
                return


def _ends(
    watcher: Watcher, picture: Picture, screen: Screen, keyboard: Keyboard, seconds: float
) -> bool:
    """Wait for the next round, counting down; whether somebody typed `q` meanwhile."""
    monotonic = watcher.step.runtime.monotonic
    until = monotonic() + seconds
    while (left := until - monotonic()) > 0:
        counted = wording.length(timedelta(seconds=ceil(left)))
        screen.draw(_frame(watcher, picture, f"next round in {counted} · q ends"))
        if keyboard.wait(min(_TICK, left)) in _QUIT:
            return True
    return False


def _frame(watcher: Watcher, picture: Picture, status: str) -> list[str]:
    """The picture at the size the terminal has now. The last column stays empty: a terminal
    whose cursor waits there would erase it."""
    runtime = watcher.step.runtime
    view = session.view(watcher.step)
    columns = terminal.width(runtime.stdout, runtime.environ) - 1
    return frame(
        picture, status, replace(view, width=columns), height(runtime.stdout, runtime.environ)
    )

"""Run COMMAND in the drill environment: its signals and its end."""

import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.system import processes

if TYPE_CHECKING:
    import subprocess

GRACE_SECONDS = 2.0
"""How long COMMAND may run on after Ctrl-C, and again after SIGTERM."""


def run(words: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command `words` to its end and return its exit code. SIGTERM is passed on.

    On a terminal Ctrl-C reaches COMMAND as well. It may end by itself; if it does not, or at
    another Ctrl-C, it gets SIGTERM, then SIGKILL, and the code is 130.
    Raises `CommandNotStartedError`.
    """
    with processes.start(words, environ) as child:
        stopping = _Stopping(child)
        with _handled(signal.SIGINT, stopping.further), _handled(signal.SIGTERM, child.terminate):
            code = child.wait()
        stopping.over()
    return ExitCode.INTERRUPTED if stopping.is_forced else processes.exit_code(code)


@contextmanager
def _handled(number: signal.Signals, handle: Callable[[], None]) -> Iterator[None]:
    """Call `handle` at the signal, unless it is ignored, as after nohup.

    Nothing is raised: an exception between the end of COMMAND and the moment `wait` has noted its
    exit code would make that 0.
    """
    before = signal.getsignal(number)
    if before == signal.SIG_IGN:
        yield
        return
    signal.signal(number, lambda *_: handle())
    try:
        yield
    finally:
        signal.signal(number, before)


class _Stopping:
    """What Ctrl-C does to COMMAND: `further` each time, and by itself after `GRACE_SECONDS`."""

    def __init__(self, child: "subprocess.Popen[bytes]") -> None:
        self._steps = [child.terminate, child.kill]
        self._timer: threading.Timer | None = None
        self.is_forced = False

    def further(self) -> None:
        if self._timer is None:
            self._wait()
        else:
            self._timer.cancel()
            self._force()

    def over(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _force(self) -> None:
        self.is_forced = True
        self._steps[0]()
        self._steps = self._steps[1:] or self._steps
        self._wait()

    def _wait(self) -> None:
        self._timer = threading.Timer(GRACE_SECONDS, self._force)
        self._timer.daemon = True
        self._timer.start()

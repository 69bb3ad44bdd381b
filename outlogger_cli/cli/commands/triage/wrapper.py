"""Run COMMAND, pass its output through as it comes, and keep the end of it.

COMMAND stays in the session of this process, and its standard input is ours. So Ctrl-C, Ctrl-Z,
prompts and job control work as without a wrapper, and nothing has to be restored if this process is
killed. Only the output streams are replaced: a terminal by a pseudo-terminal of the same size,
everything else by a pipe.
"""

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from mmap import mmap
from typing import TYPE_CHECKING

from outlogger_cli.domain.values import frozen
from outlogger_cli.system import processes

if TYPE_CHECKING:
    import subprocess

KEEP = 16 << 20
"""Bytes of the output that are kept."""

GRACE_SECONDS = 0.2
"""How long a stream may be silent after the end of COMMAND: others may still have it open."""

HAS_TERMINALS = sys.platform != "win32"
"""Whether there are pseudo-terminals, process groups and all signals."""

_DRAIN_SECONDS = 0.02
"""Between the stop of COMMAND and ours, for the output that restores the terminal."""

_CHUNK = 64 << 10
_LATE = 1 << 20
"""Bytes that are passed on after the end of COMMAND; a pipe holds less."""


@frozen
class Wrapped:
    """How COMMAND ended: its exit code (128 + n after the signal n), and its last output."""

    code: int
    text: bytes


def run(words: Sequence[str], environ: Mapping[str, str], *, keep: int = KEEP) -> Wrapped:
    """Run the command `words` and return its exit code and the last `keep` bytes of its output.

    Uses the file descriptors 0 to 2. SIGINT, SIGTERM, SIGHUP and SIGQUIT are passed on, unless the
    terminal has sent them to COMMAND too. Raises `CommandNotStartedError`.
    """
    _open_standard_streams()
    tail = _Tail(keep)
    is_one_file = HAS_TERMINALS and os.path.sameopenfile(1, 2)  # then the order of the two counts
    streams = [_Stream(target, tail) for target in ((1,) if is_one_file else (1, 2))]
    # without a terminal, a signal to our group must not reach COMMAND twice
    group = 0 if HAS_TERMINALS and not _has_controlling_terminal() else None

    def start() -> "subprocess.Popen[bytes]":
        try:
            return processes.start(
                words, environ, stdout=streams[0].sink, stderr=streams[-1].sink, process_group=group
            )
        except processes.CommandNotStartedError:
            for stream in streams:
                os.close(stream.source)
            raise
        finally:
            for stream in streams:
                os.close(stream.sink)

    if HAS_TERMINALS:
        code = _run_with_signals(start, streams, is_alone=group == 0)
    else:
        code = _run(start, streams)
    for stream in streams:
        stream.finish(killed=code < 0)
    return Wrapped(code=processes.exit_code(code), text=tail.text())


def _open_standard_streams() -> None:
    """Open the null device for closed ones, so that a new pipe does not take the place of one."""
    while (opened := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(opened)


def _has_controlling_terminal() -> bool:
    with suppress(OSError):
        os.close(os.open("/dev/tty", os.O_RDONLY))
        return True
    return False


def _run(start: "Callable[[], subprocess.Popen[bytes]]", streams: Sequence["_Stream"]) -> int:
    """Run a child, which gets Ctrl-C from the console itself."""
    handler = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        child = start()
        for stream in streams:
            stream.start()
        return child.wait()
    finally:
        signal.signal(signal.SIGINT, handler)


def _run_with_signals(
    start: "Callable[[], subprocess.Popen[bytes]]", streams: Sequence["_Stream"], *, is_alone: bool
) -> int:
    """Run a child, pass signals on to it, and stop if it stops.

    `is_alone`: it has a process group of its own.
    """
    passed_on = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}
    ignored = {signal.SIGCHLD, signal.SIGWINCH}
    awaited = {*passed_on, *ignored, signal.SIGTSTP}
    early: list[int] = []
    # until the child has started, which would inherit a mask, signals are noted; what was ignored
    # stays so, as after nohup; and some systems drop a blocked signal that is ignored by default
    noted = {*ignored, *(one for one in passed_on if signal.getsignal(one) != signal.SIG_IGN)}
    handlers = {one: signal.signal(one, lambda number, _: early.append(number)) for one in noted}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        child = start()
        signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
        for stream in streams:
            stream.start()
        while (code := _ended(child, stops=not is_alone)) is None:
            if True in [stream.resize() for stream in streams]:
                os.killpg(0, signal.SIGWINCH)  # the first may have come before the new size
            number, by_terminal = (early.pop(0), False) if early else _next_signal(awaited)
            if number in passed_on and (is_alone or not by_terminal):
                with suppress(OSError):  # it has ended, or is another user's
                    (os.killpg if is_alone else os.kill)(child.pid, number)
    finally:
        while pending := signal.sigpending() & awaited:
            signal.sigwait(pending)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return code  # and a signal ends us if a reader of the rest of the output is stuck


def _next_signal(awaited: set[signal.Signals]) -> tuple[int, bool]:
    """Wait for a signal: its number, and whether the terminal sent it to the whole group."""
    if not hasattr(signal, "sigwaitinfo"):  # macOS
        number = signal.sigwait(awaited)
        return number, number != signal.SIGTERM
    info = signal.sigwaitinfo(awaited)
    # a terminal that is gone tells only the leader of the session
    to_leader = info.si_signo == signal.SIGHUP and os.getsid(0) == os.getpid()
    return info.si_signo, info.si_code > 0 and not to_leader  # above 0: from the kernel


def _ended(child: "subprocess.Popen[bytes]", *, stops: bool) -> int | None:
    """The code of `child` as in `Popen.returncode`, None if it runs.

    If it has stopped, as after Ctrl-Z, and `stops`, stop too until both are continued.
    """
    pid, status = os.waitpid(child.pid, os.WNOHANG | os.WUNTRACED)
    if not pid:
        return None
    if not os.WIFSTOPPED(status):
        child.returncode = os.waitstatus_to_exitcode(status)
        return child.returncode
    if stops and os.WSTOPSIG(status) != signal.SIGSTOP:  # that was for the child alone
        time.sleep(_DRAIN_SECONDS)
        os.kill(os.getpid(), signal.SIGTSTP)  # still blocked: one with that of the terminal
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTSTP})
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTSTP})
        with suppress(OSError):
            os.kill(child.pid, signal.SIGCONT)
    return None


class _Tail:
    """The last `limit` bytes of what is added, in a ring buffer."""

    def __init__(self, limit: int) -> None:
        self._ring = mmap(-1, limit)  # unlike a bytearray, takes no memory until it is written
        self._limit = limit
        self._total = 0
        self._lock = threading.Lock()

    def add(self, chunk: bytes) -> None:
        with self._lock:
            self._total += len(chunk)
            chunk = chunk[-self._limit :]
            start = (self._total - len(chunk)) % self._limit
            before_end = chunk[: self._limit - start]
            self._ring[start : start + len(before_end)] = before_end
            self._ring[: len(chunk) - len(before_end)] = chunk[len(before_end) :]

    def text(self) -> bytes:
        with self._lock:
            if self._total <= self._limit:
                return self._ring[: self._total]
            start = self._total % self._limit
            return self._ring[start:] + self._ring[:start]


class _Stream(threading.Thread):
    """Passes what COMMAND writes to `sink` on to the file descriptor `target`."""

    def __init__(self, target: int, tail: _Tail) -> None:
        super().__init__(daemon=True)
        self._target = target
        self._tail = tail
        self._terminal = None
        if HAS_TERMINALS and os.isatty(target):
            from outlogger_cli.cli.commands.triage.pseudoterminal import Pseudoterminal

            self._terminal = Pseudoterminal(target)
            self.source, self.sink = self._terminal.source, self._terminal.sink
        else:
            self.source, self.sink = os.pipe()
        self._passed = 0
        self._is_writing = False
        self._late: int | None = None

    def run(self) -> None:
        with suppress(OSError):  # the terminal or the reader is gone, or all writers of a terminal
            while (chunk := self._read()) and self._late != 0:
                self._is_writing = True
                if self._late is not None:
                    self._late = max(0, self._late - len(chunk))
                if self._terminal:
                    self._terminal.follow()
                self._tail.add(chunk)
                self._write(memoryview(chunk))
                self._passed += 1
                self._is_writing = False
        os.close(self.source)  # what COMMAND writes now fails as if it wrote to the reader itself

    def _read(self) -> bytes:
        if self._terminal:
            self._terminal.await_output()
        return os.read(self.source, _CHUNK)

    def _write(self, chunk: memoryview) -> None:
        while chunk:
            try:
                chunk = chunk[os.write(self._target, chunk) :]
            except BlockingIOError:  # another program has made it non-blocking
                select.select([], [self._target], [])

    def resize(self) -> bool:
        return self._terminal is not None and self._terminal.resize()

    def finish(self, *, killed: bool) -> None:
        """After the end of COMMAND, pass on what it has written.

        Does not wait for others that have the stream open, such as programs it left running.
        """
        self._late = _LATE
        try:
            passed = None
            while self.is_alive() and (self._passed != passed or self._is_writing):
                passed = self._passed
                self.join(GRACE_SECONDS)
            self._late = 0
        finally:
            if self._terminal:
                self._terminal.restore(killed=killed)

"""COMMAND of `triage`: its output, its streams, its signals and its end, on real terminals too."""

import fcntl
import os
import re
import signal
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.cli.commands.triage import wrapper
from outlogger_cli.cli.commands.triage.wrapper import Wrapped, run
from outlogger_cli.system import processes
from outlogger_cli.system.processes import CommandNotStartedError
from tests.running import PATIENCE, Finished, finish, spawn
from tests.terminals import WITH_JOBS, Terminal, pair, running_on

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")

DRIVER = """
import os, sys
from outlogger_cli.cli.commands.triage import wrapper
wrapper.GRACE_SECONDS = 0.02
wrapped = wrapper.run(sys.argv[1:], os.environ)
if kept := os.environ.get("KEPT"):
    with open(kept, "wb") as file:
        file.write(wrapped.text)
os._exit(wrapped.code)
"""
WRAPPED = (sys.executable, "-c", DRIVER)


def python(code: str) -> tuple[str, ...]:
    """A command that runs `code`; not measured, because it may be killed at any time."""
    return sys.executable, "-S", "-c", f"import os, signal, sys, termios, tty\n{code}"


# Pipes.


@pytest.fixture(params=["threads and signals", "without terminals"])
def _platform(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "without terminals":
        monkeypatch.setattr(wrapper, "HAS_TERMINALS", False)


@pytest.mark.usefixtures("_platform")
def test_output_passes_through_apart_and_is_kept_together(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    every = bytes(range(256))
    code = f"os.write(1, {every!r}); os.write(2, b'err'); sys.exit(7)"
    found = run(python(code), os.environ)
    assert capfdbinary.readouterr() == (every, b"err")
    assert (found.code, len(found.text)) == (7, 259)
    assert found.text in {every + b"err", b"err" + every}


@pytest.mark.parametrize(
    ("pieces", "kept"),
    [
        (["ab"], b"ab"),
        (["abcde"], b"abcde"),
        (["abcdef"], b"bcdef"),
        (["abc", "def"], b"bcdef"),
        (["abc", "defghijkl", "m"], b"ijklm"),
        (["abcdefgh", "ijklmnopqr", "st", "u"], b"qrstu"),
    ],
)
def test_only_the_end_of_the_output_is_kept(
    pieces: list[str], kept: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    # each is read before the next is written
    code = f"for piece in {pieces}: print(piece, end='', flush=True); input()"
    reading, writing = os.pipe()
    before = os.dup(0)
    os.dup2(reading, 0)
    os.write(writing, b"\n" * len(pieces))
    try:
        found = run(python(code), os.environ, keep=5)
    finally:
        os.dup2(before, 0)
        for opened in (before, reading, writing):
            os.close(opened)
    assert found == Wrapped(code=0, text=kept)
    assert capfd.readouterr().out == "".join(pieces)


def test_a_long_output_is_the_same_and_its_last_16_mib_are_kept(home: Path) -> None:
    numbers = "\n".join(map(str, range(3_000_000))).encode() + b"\n"
    code = f"sys.stdout.write('\\n'.join(map(str, range({3_000_000}))) + '\\n')"
    done = subprocess.run(
        [*WRAPPED, *python(code)],
        env={**os.environ, "KEPT": "kept"},
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )
    assert len(numbers) > 16 << 20
    assert done.stdout == numbers
    assert (home / "kept").read_bytes() == numbers[-(16 << 20) :]


def test_streams_to_one_file_keep_their_order() -> None:
    code = "for number in range(500): os.write(1 + number % 2, b'%d ' % number)"
    with spawn(*python(code), command=WRAPPED, stderr=subprocess.STDOUT) as process:
        assert finish(process).out == "".join(f"{number} " for number in range(500))


def opened() -> set[str]:
    """The open file descriptors of this process."""
    return {path.name for path in Path("/dev/fd").iterdir()}


@pytest.mark.parametrize(("path", "code"), [("./nowhere", 127), ("./notes", 126)])
def test_a_command_that_cannot_be_started_has_the_code_of_the_shells(
    path: str, code: int, home: Path
) -> None:
    (home / "notes").write_text("no program")
    before = opened()
    with pytest.raises(CommandNotStartedError) as raised:
        run([path], os.environ)
    assert raised.value.code == code
    assert opened() == before


def test_a_command_that_is_killed_is_128_and_its_signal() -> None:
    assert run(python("os.kill(os.getpid(), signal.SIGKILL)"), os.environ).code == 137


@pytest.mark.parametrize("stream", [1, 2])
def test_the_command_ends_if_nobody_reads_its_output(stream: int) -> None:
    reading, writing = os.pipe()
    out, err = (writing, subprocess.PIPE) if stream == 1 else (subprocess.PIPE, writing)
    endless = "sh", "-c", f"exec yes >&{stream}"
    with spawn(*endless, command=WRAPPED, stdout=out, stderr=err) as process:
        os.close(writing)
        os.read(reading, 1)
        os.close(reading)
        assert finish(process).code == 128 + signal.SIGPIPE


def test_a_slow_reader_gets_everything() -> None:
    ended, ending = os.pipe()
    code = f"os.write(1, b'x' * 100_000); os.write({ending}, b'.')"
    with spawn(*python(code), command=WRAPPED, pass_fds=[ending]) as process:
        os.read(ended, 1)
        assert finish(process).out == "x" * 100_000
    os.close(ended)
    os.close(ending)


def test_sigterm_ends_a_run_whose_output_nobody_takes() -> None:
    code = "os.write(1, b'x' * 100_000)"
    with spawn(*python(code), command=WRAPPED) as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == "x"
        while process.poll() is None:  # the first may come before the command has ended
            process.terminate()
        assert process.wait(PATIENCE) in {-signal.SIGTERM, 128 + signal.SIGTERM}


def test_a_stream_that_does_not_block_gets_everything() -> None:
    reading, writing = os.pipe()
    ended, ending = os.pipe()
    os.set_blocking(writing, False)
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)  # it is full again and again
    full = os.write(writing, b"-" * 1_000_000)
    code = f"os.write(1, b'x' * 100_000); os.write({ending}, b'.')"
    with spawn(*python(code), command=WRAPPED, stdout=writing, pass_fds=[ending]) as process:
        os.close(writing)
        os.read(ended, 1)
        with os.fdopen(reading, "rb") as stream:
            assert stream.read() == b"-" * full + b"x" * 100_000
        assert finish(process).code == 0
    os.close(ended)
    os.close(ending)


def test_a_stream_that_is_full_is_waited_for() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    full = fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    os.write(writing, b"-" * full)
    stream = wrapper._Stream(writing, wrapper._Tail(1))
    thread = threading.Thread(target=stream._write, args=(memoryview(b"x" * full),))
    thread.start()
    with os.fdopen(reading, "rb") as reader:
        assert reader.read(2 * full) == b"-" * full + b"x" * full
        thread.join(PATIENCE)
    for end in (writing, stream.source, stream.sink):
        os.close(end)


@pytest.mark.parametrize("left", ["sleep 60", "yes"])
def test_programs_that_the_command_left_running_are_not_waited_for(left: str, home: Path) -> None:
    code = f"{left} & echo $! >pid; echo out; exit 4"
    with spawn("sh", "-c", code, command=WRAPPED) as process:
        finished = finish(process)
    with suppress(ProcessLookupError):
        os.kill(int((home / "pid").read_text()), signal.SIGKILL)
    assert finished.code == 4
    assert "out\n" in finished.out
    assert len(finished.out) < 4 << 20


@pytest.mark.parametrize(
    ("closed", "out", "err"),
    [
        ("<&-", "out\n", "err\n"),
        (">&-", "", "err\n"),
        ("2>&-", "out\n", ""),
        ("<&- >&- 2>&-", "", ""),
    ],
)
def test_closed_streams_are_not_mistaken_for_new_ones(closed: str, out: str, err: str) -> None:
    shell = f'exec "$@" {closed}'
    words = "sh", "-c", "echo out; echo err >&2; exit 6"
    with spawn("sh", "-c", shell, "sh", *WRAPPED, *words, command=()) as process:
        finished = finish(process)
    assert finished == Finished(code=6, out=out, err=err)


def test_files_that_a_shell_opened_for_the_command_stay_open() -> None:
    shell = 'exec "$@" 5<<END\nfifth\nEND'
    with spawn("sh", "-c", shell, "sh", *WRAPPED, "sh", "-c", "cat <&5", command=()) as process:
        assert finish(process).out == "fifth\n"


# Signals.

COUNTING = """
def told(number, _frame):
    os.write(1, signal.Signals(number).name.encode() + b'\\n')
    if number == signal.SIGUSR1: sys.exit(9)
for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1):
    signal.signal(one, told)
print('ready', os.getpid(), flush=True)
while True: signal.pause()
"""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("send", [os.kill, os.killpg])
def test_a_signal_to_the_process_or_its_group_reaches_the_command_once(
    send: Callable[[int, int], None], number: signal.Signals
) -> None:
    with spawn(*python(COUNTING), command=WRAPPED, start_new_session=True) as process:
        assert process.stdout is not None
        command = int(process.stdout.readline().split()[1])
        send(process.pid, number)
        assert process.stdout.readline() == f"{number.name}\n"
        os.kill(command, signal.SIGUSR1)
        finished = finish(process)
    assert (finished.code, finished.out) == (9, "SIGUSR1\n")


def test_a_second_signal_reaches_the_command_too() -> None:
    with spawn(*python(COUNTING), command=WRAPPED) as process:
        assert process.stdout is not None
        process.stdout.readline()
        for _ in range(3):
            process.send_signal(signal.SIGINT)
            assert process.stdout.readline() == "SIGINT\n"
        process.send_signal(signal.SIGKILL)


def test_signals_are_handled_as_before_afterwards() -> None:
    before = [signal.getsignal(one) for one in (*SIGNALS, signal.SIGCHLD, signal.SIGWINCH)]
    # one that comes when the command is over interrupts nothing
    run(python("os.kill(os.getppid(), signal.SIGINT); os._exit(0)"), os.environ)
    after = [signal.getsignal(one) for one in (*SIGNALS, signal.SIGCHLD, signal.SIGWINCH)]
    assert after == before
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == set()


def test_signals_are_passed_on_if_the_system_does_not_say_who_sent_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(signal, "sigwaitinfo")
    code = "os.kill(os.getppid(), signal.SIGTERM)\nwhile True: signal.pause()"
    assert run(python(code), os.environ).code == 143


def test_a_signal_that_comes_before_the_command_has_started_is_passed_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = processes.start

    def start_late(*given: Any, **options: Any) -> "subprocess.Popen[bytes]":
        os.kill(os.getpid(), signal.SIGTERM)
        return start(*given, **options)

    monkeypatch.setattr(processes, "start", start_late)
    assert run(python("while True: signal.pause()"), os.environ).code == 143


def test_ctrl_c_on_a_system_without_signals_is_left_to_the_console(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wrapper, "HAS_TERMINALS", False)
    code = "os.kill(os.getppid(), signal.SIGINT); sys.exit(9)"
    assert run(python(code), os.environ).code == 9


# Terminals.


@contextmanager
def on_a_terminal(
    *shell: str, words: Sequence[str]
) -> "Iterator[tuple[subprocess.Popen[bytes], Terminal]]":
    with pair() as terminal, running_on(terminal, [*shell, *WRAPPED, *words]) as process:
        yield process, terminal


TERMINALS = "print(*(int(os.isatty(number)) for number in range(3)), file=open('found', 'w'))"


@pytest.mark.parametrize(
    ("redirections", "found"),
    [
        ("", "1 1 1"),
        ("| cat", "1 0 1"),
        ("2>&1 | cat", "1 0 0"),
        ("2>errors", "1 1 0"),
        ("</dev/null", "0 1 1"),
        ("</dev/null >output", "0 0 1"),
        ("</dev/null >output 2>&1", "0 0 0"),
    ],
)
def test_each_stream_is_a_terminal_if_it_was_one(redirections: str, found: str, home: Path) -> None:
    shell = f'"$@" {redirections}'
    with on_a_terminal("sh", "-c", shell, "sh", words=python(TERMINALS)) as (process, _):
        assert process.wait(PATIENCE) == 0
    assert (home / "found").read_text() == f"{found}\n"


def test_a_terminal_gets_the_bytes_of_the_command() -> None:
    code = "os.write(1, b'\\x1b[31mred\\x1b[m 10%\\r20%\\n'); os.write(2, b'end\\n')"
    with on_a_terminal(words=python(code)) as (process, terminal):
        assert terminal.read_until("end\r\n") == "\x1b[31mred\x1b[m 10%\r20%\r\nend\r\n"
        assert process.wait(PATIENCE) == 0


def test_the_command_reads_what_is_typed() -> None:
    code = "name = input('name: '); print('hello', name)"
    with on_a_terminal(words=python(code)) as (process, terminal):
        terminal.read_until("name: ")
        terminal.type(b"you\n")
        terminal.read_until("hello you\r\n")
        assert process.wait(PATIENCE) == 0


def test_the_command_reads_single_keys_and_leaves_the_terminal_as_it_was() -> None:
    code = (
        "before = termios.tcgetattr(0); tty.setraw(0); os.write(1, b'key? ')\n"
        "key = os.read(0, 1); termios.tcsetattr(0, termios.TCSADRAIN, before); print('got', key)"
    )
    with on_a_terminal(words=python(code)) as (process, terminal):
        before = terminal.attributes()
        terminal.read_until("key? ")
        terminal.type(b"\x03")
        terminal.read_until("got b'\\x03'\r\n")
        assert process.wait(PATIENCE) == 0
        assert terminal.attributes() == before


def test_a_command_that_changes_its_output_as_curses_does_changes_the_terminal() -> None:
    code = (
        "before = termios.tcgetattr(1); tty.setraw(1); os.write(1, b'a\\nb')\n"
        "key = os.read(0, 1); termios.tcsetattr(1, termios.TCSADRAIN, before); print('got', key)"
        "; input(); tty.setraw(1); os.write(1, b'end')"
    )
    with on_a_terminal(words=python(code)) as (process, terminal):
        before = terminal.attributes()
        terminal.read_until("a\nb")
        terminal.type(b"\x03")
        terminal.read_until("got b'\\x03'\r\n")
        assert terminal.attributes() == before
        terminal.type(b"\n")
        terminal.read_until("end")
        assert process.wait(PATIENCE) == 0
        assert terminal.attributes() == before


def test_a_pager_reads_keys_from_the_terminal_of_its_output() -> None:
    code = (
        "keys = os.open(os.ttyname(2), os.O_RDONLY); before = termios.tcgetattr(2)\n"
        "tty.setcbreak(2); os.write(1, b'page 1'); os.write(1, os.read(keys, 1))\n"
        "termios.tcsetattr(2, termios.TCSADRAIN, before); os.write(1, b' end'); print(input())"
    )
    with on_a_terminal(words=python(code)) as (process, terminal):
        terminal.read_until("page 1")
        terminal.type(b"q")
        terminal.read_until("q end")
        terminal.type(b"typed\n")
        terminal.read_until("typed\r\n", times=2)
        assert process.wait(PATIENCE) == 0


def test_a_command_that_is_killed_leaves_no_raw_terminal() -> None:
    code = "tty.setraw(0); os.write(1, b'raw'); os.kill(os.getpid(), signal.SIGKILL)"
    with on_a_terminal(words=python(code)) as (process, terminal):
        before = terminal.attributes()
        terminal.read_until("raw")
        assert process.wait(PATIENCE) == 137
        assert terminal.attributes() == before


SIZES = """
def show(*_):
    os.write(1, b'%d x %d.' % os.get_terminal_size(1))
    if os.get_terminal_size(1).columns == 99: os._exit(0)
signal.signal(signal.SIGWINCH, show)
show()
while True: signal.pause()
"""


def test_the_size_of_the_terminal_is_the_commands_and_changes_with_it() -> None:
    with pair() as terminal:
        termios.tcsetwinsize(terminal.stream, (40, 123))
        with running_on(terminal, [*WRAPPED, *python(SIZES)]) as process:
            terminal.read_until("123 x 40.")
            termios.tcsetwinsize(terminal.stream, (50, 99))
            terminal.read_until("99 x 50.")
            assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize("redirection", ["", "| cat", "2>&1 | cat"])
def test_ctrl_c_reaches_the_command_once(redirection: str) -> None:
    shell = f'trap "" INT; "$@" {redirection}'
    code = f"os.dup2(os.open('/dev/tty', os.O_WRONLY), 1)\n{COUNTING}"
    with on_a_terminal("sh", "-c", shell, "sh", words=python(code)) as (_, terminal):
        command = int(terminal.read_until("\r\n").split()[1])
        terminal.type(b"\x03")
        terminal.read_until("SIGINT\r\n")
        os.kill(command, signal.SIGUSR1)
        assert "SIGINT" not in terminal.read_until("SIGUSR1\r\n")


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_that_another_program_sends_reaches_the_command_on_a_terminal_once(
    number: signal.Signals,
) -> None:
    with on_a_terminal(words=python(COUNTING)) as (process, terminal):
        command = int(terminal.read_until("\r\n").split()[1])
        process.send_signal(number)
        terminal.read_until(f"{number.name}\r\n")
        os.kill(command, signal.SIGUSR1)
        assert number.name not in terminal.read_until("SIGUSR1\r\n")
        assert process.wait(PATIENCE) == 9


def test_a_terminal_that_is_closed_ends_the_command(home: Path) -> None:
    code = (
        "def told(*_): open('told', 'a').write('HUP '); sys.exit(0)\n"
        "signal.signal(signal.SIGHUP, told); print('ready', flush=True)\n"
        "while True: signal.pause()"
    )
    typing, theirs = os.openpty()
    terminal = Terminal(typing, os.fdopen(theirs))
    with running_on(terminal, [*WRAPPED, *python(code)]) as process:
        terminal.read_until("ready")
        terminal.stream.close()
        os.close(typing)
        assert process.wait(PATIENCE) == 0
    assert (home / "told").read_text() == "HUP "


STOPPING = """
def stopped(*_):
    os.write(1, b'restored.')
    signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTSTP)
    os.write(1, b'continued.')
signal.signal(signal.SIGTSTP, stopped)
print('ready', flush=True)
sys.exit(int(input()))
"""


def test_ctrl_z_stops_after_the_last_output_and_fg_continues() -> None:
    with on_a_terminal("sh", "-c", WITH_JOBS, "sh", words=python(STOPPING)) as (process, terminal):
        terminal.read_until("ready")
        terminal.type(b"\x1a")
        stopped = terminal.read_until("continued.")
        terminal.type(b"5\n")
        terminal.read_until("code 5")
        assert process.wait(PATIENCE) == 0
    assert re.search(r"restored\..*code 148.* icanon.* echo ", stopped, re.DOTALL)


def test_a_command_that_ignores_ctrl_z_is_not_stopped() -> None:
    code = "signal.signal(signal.SIGTSTP, signal.SIG_IGN); print('ready', flush=True); input()"
    with on_a_terminal("sh", "-c", WITH_JOBS, "sh", words=python(code)) as (_, terminal):
        terminal.read_until("ready")
        terminal.type(b"\x1a\n")
        terminal.read_until("code 0")


def test_a_command_in_the_background_leaves_the_terminal_alone() -> None:
    shell = 'set -m; "$@" & wait $!; echo "code $?"'
    code = "os.kill(os.getpid(), signal.SIGKILL)"
    with on_a_terminal("sh", "-c", shell, "sh", words=python(code)) as (process, terminal):
        terminal.read_until("code 137")
        assert process.wait(PATIENCE) == 0


def state_of(process: int) -> str:
    command = ["ps", "-o", "stat=", "-p", str(process)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE).stdout


def test_a_command_that_is_stopped_alone_can_be_continued_alone() -> None:
    code = "print(os.getpid(), flush=True); os.kill(os.getpid(), signal.SIGSTOP); print('on')"
    with on_a_terminal("sh", "-c", WITH_JOBS, "sh", words=python(code)) as (_, terminal):
        command = int(terminal.read_until("\r\n"))
        while "T" not in state_of(command):
            pass
        os.kill(command, signal.SIGCONT)
        terminal.read_until("code 0")

"""The command as a process of its own: Ctrl-C, being terminated, and streams that are closed."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from outlogger_cli.system import runtime
from tests.origin import Connection, Origin, Reply, closed_port, faults
from tests.running import PATIENCE, Finished, finish, spawn, trusting
from tests.support import sample

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")

INTERRUPTIBLE = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    " from outlogger_cli.__main__ import main; sys.exit(main())"
)
"""A shell that runs the tests in its background has every child of theirs ignore Ctrl-C."""

GOOD = {
    "/api/v2/summary.json": Reply(body=sample("statuspage/summary.json")),
    "/api/v2/incidents.json": Reply(body=sample("statuspage/incidents.json")),
}


@dataclass(frozen=True)
class Silent:
    """A page that never answers, and whether it was asked yet."""

    asked: threading.Event = field(default_factory=threading.Event)

    def __call__(self, connection: Connection) -> None:
        self.asked.set()
        faults.hang(connection)


@contextmanager
def between(*argv: str) -> Iterator["tuple[subprocess.Popen[str], str, str]"]:
    """`outlogger ARGV` with two pages of which the first was read and the second is awaited."""
    silent = Silent()
    with (
        Origin("127.0.0.2", routes={"*": silent}) as other,
        Origin(routes=GOOD) as origin,
        spawn(
            *argv,
            origin.url,
            other.url,
            *("--jobs", "1", "--timeout", "60s"),
            *trusting(),
            command=(sys.executable, "-c", INTERRUPTIBLE),
        ) as process,
    ):
        assert silent.asked.wait(PATIENCE)
        yield process, origin.url, other.url


# Ctrl-C


@pytest.mark.parametrize("command", ["check", "status"])
def test_ctrl_c_prints_what_has_arrived_and_calls_the_rest_unknown(command: str) -> None:
    with between(command, "--json") as (process, _, _):
        process.send_signal(signal.SIGINT)
        finished = finish(process)
    assert finished.code == 130
    first, second = finished.json["vendors"]
    assert (first["verdict"], first["error"]) == ("problem", None)
    assert (second["verdict"], second["severity"], second["error"]) == (
        "unknown",
        "unknown",
        {"kind": "interrupted", "message": "interrupted", "http_status": None},
    )
    assert finished.json["exit_code"] == 130
    assert "Traceback" not in finished.err


def test_ctrl_c_leaves_whole_lines_in_plain() -> None:
    with between("check", "--format", "plain") as (process, good, other):
        process.send_signal(signal.SIGINT)
        finished = finish(process)
    assert finished == Finished(
        code=130,
        out=f"127.0.0.1\tmajor\tproblem\tEurope/Queue; API\t1\t{good}\n"
        f"127.0.0.2\tunknown\tunknown\t\t0\t{other}\n",
        err=f"127.0.0.1: major: Europe/Queue partial outage and 1 more, {good}\n"
        f"127.0.0.2: unknown: interrupted, {other}\n",
    )


def test_ctrl_c_ends_a_stream_with_a_line_for_each_vendor() -> None:
    with between("check", "--format", "ndjson") as (process, _, _):
        process.send_signal(signal.SIGINT)
        finished = finish(process)
    rows = [json.loads(row) for row in finished.out.splitlines()]
    assert finished.code == 130
    assert [row["error"] and row["error"]["kind"] for row in rows] == [None, "interrupted"]


def test_ctrl_c_leaves_nothing_half_written(home: Path) -> None:
    with between("check") as (process, _, _):
        process.send_signal(signal.SIGINT)
        finish(process)
    (pages,) = home.rglob("pages")
    assert [path.name for path in pages.iterdir()] == ["pages.sqlite"]


# Being terminated


def test_a_command_that_is_terminated_ends_at_once_and_says_so() -> None:
    with between("check", "--json") as (process, _, _):
        process.terminate()
        finished = finish(process)
    assert finished.code in {-signal.SIGTERM, 143}
    assert "Traceback" not in finished.err


def test_the_first_process_of_a_container_hears_that_it_is_terminated() -> None:
    first = (sys.executable, "-c", f"import os; os.getpid = lambda: 1; {INTERRUPTIBLE}")
    silent = Silent()
    with (
        Origin(routes={"*": silent}) as origin,
        spawn("check", origin.url, "--timeout", "60s", *trusting(), command=first) as process,
    ):
        assert silent.asked.wait(PATIENCE)
        process.terminate()
        assert finish(process) == Finished(code=143, out="", err="")


# Streams that are closed


@pytest.mark.parametrize(
    "argv", [("vendors", "list"), ("help", "exit-codes"), ("--version",), ("--help",)]
)
def test_a_reader_that_has_gone_is_no_error(argv: tuple[str, ...]) -> None:
    with spawn(*argv) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(PATIENCE) in {0, 141}
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_a_report_whose_reader_has_gone_prints_no_traceback() -> None:
    with (
        Origin(routes=GOOD) as origin,
        spawn("check", origin.url, "--json", *trusting()) as process,
    ):
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(PATIENCE) in {0, 141}
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_a_listener_to_errors_that_has_gone_leaves_the_report_whole() -> None:
    with (
        Origin(routes=GOOD) as origin,
        spawn("check", origin.url, "--json", *trusting()) as process,
    ):
        assert process.stderr is not None
        process.stderr.close()
        assert process.stdout is not None
        finished = Finished(code=0, out=process.stdout.read(), err="")
        assert process.wait(PATIENCE) in {1, 141}
    assert finished.json["verdict"] == "problem"


def closed(redirections: str, *argv: str) -> Finished:
    """The command as a shell starts it with some of its streams closed (`<&- >&- 2>&-`)."""
    shell = ("/bin/sh", "-c", f'exec "$@" {redirections}', "sh")
    command = (*shell, sys.executable, "-m", "outlogger_cli")
    with spawn(*argv, command=command, stdin=None) as process:
        return finish(process)


INTERRUPTED_EARLY = """
import sys
class Impatient:
    def find_spec(self, name, *_):
        if name == "outlogger_cli.cli.app":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Impatient())
from outlogger_cli.__main__ import main
sys.exit(main())
"""


def test_ctrl_c_while_the_program_loads_leaves_no_traceback() -> None:
    with spawn("check", command=(sys.executable, "-c", INTERRUPTED_EARLY)) as process:
        finished = finish(process)
    assert (finished.code, finished.out, finished.err) == (130, "", "")


def test_in_a_folder_that_was_deleted_pages_are_still_read() -> None:
    script = 'mkdir gone; cd gone; rmdir ../gone; exec "$@"'
    command = ("/bin/sh", "-c", script, "sh", sys.executable, "-m", "outlogger_cli")
    with Origin(routes=GOOD) as origin:
        argv = ("check", origin.url, *trusting(), "-f", "csv")
        with spawn(*argv, command=command) as process:
            finished = finish(process)
    assert finished.code == 1
    assert finished.err.startswith("127.0.0.1: ")


def test_a_folder_that_was_deleted_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Path:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "cwd", gone)
    assert runtime.current().cwd == Path()


UNREACHABLE = f"https://127.0.0.1:{closed_port()}"


def test_without_standard_input_a_page_is_checked() -> None:
    assert closed("<&-", "check", UNREACHABLE, "--json").json["verdict"] == "unknown"


@pytest.mark.parametrize(
    ("redirections", "argv", "code"),
    [
        ("2>&-", ("check", UNREACHABLE), 3),
        (">&-", ("check", UNREACHABLE), 3),
        ("<&- >&- 2>&-", ("check", UNREACHABLE), 3),
        ("2>&-", ("check", "nobody-has-this-name"), 2),
        ("<&-", ("check", "-"), 2),
        (">&-", ("--version",), 0),
    ],
)
def test_without_a_stream_the_exit_code_is_the_same(
    redirections: str, argv: tuple[str, ...], code: int
) -> None:
    finished = closed(redirections, *argv)
    assert finished.code == code
    assert "Traceback" not in finished.err
    assert "this is a bug" not in finished.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_never_a_verdict() -> None:
    finished = closed(">/dev/full", "check", UNREACHABLE, "--json")
    assert (finished.code, finished.out) == (70, "")
    assert "Traceback" not in finished.err


UNWRITTEN = """
import sys
from outlogger_cli.__main__ import script
sys.stdout = open("/dev/full", "w")
sys.stdout.write("held back")
sys.argv[1:] = ["mute", "github", "--quiet"]
script()
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_what_could_not_be_written_at_the_end_is_no_success() -> None:
    with spawn(command=(sys.executable, "-c", UNWRITTEN)) as process:
        finished = finish(process)
    assert (finished.code, finished.err) == (70, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_standard_error_on_a_full_disk_is_never_a_verdict() -> None:
    assert closed("2>/dev/full", "check", UNREACHABLE).code in {3, 70}

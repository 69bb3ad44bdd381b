"""What is drawn on a terminal while pages are read, and that nothing of it stays."""

import threading
from collections.abc import Callable, Mapping
from io import StringIO, UnsupportedOperation
from pathlib import Path

import httpx
import pytest
from rich.text import Text

from outlogger_cli.cli.app import run
from outlogger_cli.cli.drawing import Drawing
from outlogger_cli.system.runtime import Clock, Runtime
from tests.cli.commands.pages import ACME, FINE, HEALTHY, TROUBLED, serving
from tests.running import PATIENCE
from tests.support import NOW


class Screen(StringIO):
    """A stream that claims to be a terminal, and tells when `awaited` was written."""

    encoding = "utf-8"

    def __init__(self, awaited: str = "") -> None:
        super().__init__()
        self._awaited = awaited
        self.drawn = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        written = super().write(text)
        if self._awaited in self.getvalue():
            self.drawn.set()
        return written


def hello() -> Text:
    return Text("hello")


def test_a_drawing_is_removed_and_leaves_the_cursor_visible() -> None:
    screen = Screen("hello")
    with Drawing(screen, hello, {}, after=0):
        assert screen.drawn.wait(PATIENCE)
    assert screen.getvalue().endswith("\x1b[?25h\r\x1b[1A\x1b[2K")


def test_a_quick_run_draws_nothing() -> None:
    screen = Screen()
    with Drawing(screen, hello, {}, after=3600):
        pass
    assert screen.getvalue() == ""


def test_a_run_that_ends_while_its_drawing_begins_draws_nothing() -> None:
    screen = Screen()
    drawing = Drawing(screen, hello, {}, after=3600)
    with drawing:
        pass
    drawing._start()
    assert screen.getvalue() == ""


def test_a_drawing_is_removed_after_an_error() -> None:
    screen = Screen("hello")

    def work() -> None:
        with Drawing(screen, hello, {}, after=0):
            assert screen.drawn.wait(PATIENCE)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert screen.getvalue().endswith("\x1b[2K")


def test_a_drawing_taller_than_the_terminal_is_never_written_whole() -> None:
    tall = "\n".join(f"row {number}." for number in range(500))
    screen = Screen("row 1.")
    with Drawing(screen, lambda: Text(tall), {}, after=0):
        assert screen.drawn.wait(PATIENCE)
    assert "row 499." not in screen.getvalue()


def test_a_drawing_follows_the_width_of_the_terminal() -> None:
    screen, columns = Screen("\nright"), {"COLUMNS": "60"}

    def draw() -> Text:
        columns["COLUMNS"] = "20"
        return Text("eighteen character right")

    with Drawing(screen, draw, columns, after=0):
        assert screen.drawn.wait(PATIENCE)


def test_a_drawing_on_a_closed_terminal_stops_nothing() -> None:
    tried = threading.Event()

    class Closed(Screen):
        def write(self, _text: str) -> int:
            tried.set()
            raise UnsupportedOperation("gone")

    with Drawing(Closed(), hello, {}, after=0):
        assert tried.wait(PATIENCE)


def runtime(
    *,
    transport: httpx.BaseTransport,
    stdout: StringIO,
    stderr: StringIO | None = None,
    environ: Mapping[str, str] | None = None,
) -> Runtime:
    return Runtime(
        stdin=StringIO(),
        stdout=stdout,
        stderr=stderr or StringIO(),
        environ={"LANG": "C.UTF-8", **(environ or {})},
        cwd=Path.cwd(),
        clock=Clock(now=lambda: NOW),
        transport=transport,
    )


def answering_after(screen: Screen) -> Callable[[httpx.Request], httpx.Response]:
    """A page that answers once `screen` has shown what is awaited."""

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.host == "status.fine.example":
            assert screen.drawn.wait(PATIENCE)
            return httpx.Response(200, json=HEALTHY)
        return httpx.Response(404)

    return handle


@pytest.mark.parametrize("first", [("status",), ("check",)])
def test_on_a_terminal_the_table_fills_as_pages_arrive(first: tuple[str, ...]) -> None:
    screen = Screen("1/2 · waiting for status.fine.example")
    network = serving({f"{ACME}/api/v2/summary.json": TROUBLED}, handle=answering_after(screen))
    surroundings = runtime(transport=network, stdout=screen, environ={"TERM": "xterm-256color"})
    run([*first, FINE, ACME, "--color", "never"], surroundings)
    drawn, _, final = screen.getvalue().rpartition("\x1b[2K")
    assert "1/2 · waiting for status.fine.example" in drawn
    assert "reading  status.fine.example" in drawn
    assert "Acme" in drawn
    assert final.startswith("1 vendor has a problem · 1 ok")


def test_of_one_vendor_a_line_on_standard_error_says_what_is_awaited() -> None:
    errors = Screen("waiting for status.fine.example")
    network = serving({}, handle=answering_after(errors))
    output = Screen()
    surroundings = runtime(
        transport=network, stdout=output, stderr=errors, environ={"TERM": "xterm"}
    )
    assert run(["check", FINE, "--color", "never"], surroundings) == 0
    assert output.getvalue().startswith("✓ ok  Fine Inc")
    assert errors.getvalue().endswith("\x1b[2K")


def test_in_a_pipe_plain_writes_a_record_once_all_before_it_are_known() -> None:
    output = Screen("status.acme.example\t")
    network = serving({f"{ACME}/api/v2/summary.json": TROUBLED}, handle=answering_after(output))
    surroundings = runtime(transport=network, stdout=output)
    run(["check", ACME, FINE, "--format", "plain"], surroundings)
    lines = output.getvalue().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["status.acme.example", "status.fine.example"]


def test_plain_keeps_the_order_that_was_asked_for() -> None:
    already = Screen()
    already.drawn.set()
    network = serving({f"{ACME}/api/v2/summary.json": TROUBLED}, handle=answering_after(already))
    output = StringIO()
    surroundings = runtime(transport=network, stdout=output)
    run(["check", FINE, ACME, "--format", "plain", "--jobs", "2"], surroundings)
    lines = output.getvalue().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["status.fine.example", "status.acme.example"]

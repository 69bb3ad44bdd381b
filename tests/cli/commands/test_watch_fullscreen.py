"""`outlogger watch` as a process on a real terminal: the full-screen view, and how it ends."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from outlogger_cli.domain.errors import LocalError, UsageError
from outlogger_cli.system import terminal
from outlogger_cli.tui import app as app_module
from outlogger_cli.tui.app import WatchApp
from tests.cli.commands.pages import FINE
from tests.cli.commands.rounds import (
    HOOK,
    OUT,
    SUMMARY,
    WELL,
    Clock,
    Site,
    web,
    write_watchlist,
)
from tests.origin import Origin, Reply
from tests.reports import incident
from tests.running import PATIENCE, Finished, Web, finish, run_command, spawn, trusting
from tests.support import NOW
from tests.terminals import LEFT, watching_a_page
from tests.tui.showing import press

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other terminals")


VENDOR = "status.fine.example"
HISTORY = f"{FINE}/api/v2/incidents.json"
PLAIN = {"NO_COLOR": "1", "COLUMNS": "80"}
ROW = "✖ critical  Fine Inc  API major outage"


@pytest.fixture(autouse=True)
def size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "30")


@pytest.mark.parametrize(("typed", "code"), [(b"q", 0), (b"\x03", 130)])
def test_a_key_ends_it_at_once_though_a_page_hangs(typed: bytes, code: int) -> None:
    with watching_a_page() as (process, tty):
        during = tty.attributes()
        tty.type(typed)
        left = tty.read_until("no answer yet: 127.0.0.2")
        assert process.wait(PATIENCE) == code
        assert tty.attributes() != during
    _, _, scrollback = left.partition(LEFT)
    assert "✖ critical  Fine Inc  API major outage" in scrollback


@pytest.mark.parametrize(("number", "code"), [(15, 143), (1, 129), (2, 130)])
def test_a_signal_ends_it_and_the_terminal_is_restored(number: int, code: int) -> None:
    with watching_a_page() as (process, tty):
        during = tty.attributes()
        process.send_signal(number)
        tty.read_until(LEFT)
        assert process.wait(PATIENCE) == code
        assert tty.attributes() != during


@pytest.mark.parametrize("trap", ["true", "trap '' HUP"])
def test_it_ends_when_the_terminal_is_closed(trap: str) -> None:
    with watching_a_page("sh", "-c", f'{trap}; exec "$@"', "sh") as (process, tty):
        tty.hang_up()
        assert process.wait(PATIENCE) == 129


# In this process, driven by Textual's test driver.


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every stream is a terminal that can be redrawn."""
    monkeypatch.setattr(terminal, "redraws", lambda *_: True)


def drive(monkeypatch: pytest.MonkeyPatch, *keys: str) -> list[list[str]]:
    """Let `watch` take these keys after its first round; return the screen before and after
    each."""
    shown: list[list[str]] = []

    def run(app: WatchApp, **_options: object) -> int | None:
        async def script() -> None:
            async with app.run_test(size=(100, 30)) as pilot:
                while app.board.waiting or not app.board.latest:
                    await pilot.pause()
                shown.extend([await press(app, pilot, key) for key in ("f12", *keys)])

        asyncio.run(script())
        return app.return_value

    monkeypatch.setattr(WatchApp, "run", run)
    monkeypatch.setattr(app_module, "in_thread", lambda function: function())
    return shown


@pytest.mark.usefixtures("screens")
def test_mutes_are_those_of_the_command_mute(monkeypatch: pytest.MonkeyPatch) -> None:
    run_command("mute", "https://gone.example", "--for", "1s", now=NOW - timedelta(days=1))
    run_command("mute", f"{FINE}")
    shown = drive(monkeypatch, "m", "m", "q")
    finished = run_command("watch", FINE, transport=web(OUT), terminal=True)
    assert (finished.code, finished.err) == (0, "")
    assert ["muted: status.fine.example" in rows for rows in shown] == [True, False, True, True]
    listed = run_command("mute", "--list", "-f", "plain")
    assert listed.out.splitlines() == [f"{VENDOR}\t\tuntil resolved"]


@pytest.mark.usefixtures("screens")
def test_what_went_wrong_and_what_is_not_trusted_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path("outlogger.toml").resolve()
    path.write_text(f'version = 1\n[vendors.fine]\nurl = "{FINE}"\n[notify]\ncommand = "true"\n')
    shown = drive(monkeypatch, "q")
    run_command("watch", transport=web(OUT), terminal=True)
    assert any(row.startswith(f"{path}: its [notify] is ignored") for row in shown[0])
    write_watchlist(Path("mine.toml"), f'webhooks = ["{HOOK}"]')
    site = Site(OUT)
    site.hook = 404
    shown = drive(monkeypatch, "q")
    run_command("watch", "--watchlist", "mine.toml", transport=site, terminal=True)
    assert any(row.startswith("webhooks[0]: HTTP 404; 1 message waits") for row in shown[0])


@pytest.mark.usefixtures("screens")
def test_the_page_has_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    history = {"incidents": [incident("Old trouble", "resolved", resolved="2026-01-15 11:10")]}
    pages = Web(
        {SUMMARY: httpx.Response(200, json=OUT), HISTORY: httpx.Response(200, json=history)}
    )
    monkeypatch.setattr(app_module, "_REST", 0)
    shown = drive(monkeypatch, "f12", "q")
    run_command("watch", FINE, transport=pages, terminal=True)
    assert any("Old trouble" in row for row in shown[-1])
    assert pages.asked == [SUMMARY, SUMMARY, HISTORY]


@pytest.mark.usefixtures("screens")
@pytest.mark.parametrize("key", ["q", "ctrl+c"])
def test_the_last_table_is_written_at_the_end(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drive(monkeypatch, key)
    finished = run_command("watch", FINE, transport=web(OUT), terminal=True, env=PLAIN)
    assert finished == Finished(code=0 if key == "q" else 130, out=f"{ROW}\n", err="")


@pytest.mark.usefixtures("screens")
@pytest.mark.parametrize(
    ("error", "code"),
    [(LocalError("the state is lost"), 70), (UsageError("no"), 2), (ZeroDivisionError("z"), 70)],
)
def test_an_error_is_one_line(error: Exception, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise error

    drive(monkeypatch)
    monkeypatch.setattr("outlogger_cli.cli.commands.watch.watcher.Watcher.mutes", fail)
    finished = run_command("watch", FINE, transport=web(OUT), terminal=True)
    assert (finished.code, finished.out, finished.err.count("\n")) == (code, "", 1)
    assert str(error) in finished.err


@pytest.mark.usefixtures("screens")
def test_a_terminal_that_cannot_be_read_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    drive(monkeypatch)  # ends without a key
    finished = run_command("watch", FINE, transport=web(OUT), terminal=True)
    assert (finished.code, finished.err) == (70, "outlogger: the terminal cannot be read\n")


# Where it is not used.


@pytest.mark.usefixtures("screens")
def test_without_textual_lines_are_written_and_a_line_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [one for one in sys.modules if one.startswith(("textual", "outlogger_cli.tui"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "outlogger_cli.cli.commands.watch.fullscreen", raising=False)
    monkeypatch.delattr("outlogger_cli.cli.commands.watch.fullscreen", raising=False)
    monkeypatch.setitem(sys.modules, "textual", None)
    finished = Clock(ctrl_c_after=1).run(
        "watch", FINE, transport=web(OUT), terminal=True, env=PLAIN
    )
    assert finished.out.startswith(ROW)
    assert finished.err.startswith("Textual cannot be loaded (")


@pytest.mark.usefixtures("screens")
@pytest.mark.parametrize(
    ("argv", "first"),
    [(("-f", "plain"), ROW), (("-f", "ndjson"), '{"schema_version":1'), (("-q",), "")],
)
def test_options_that_ask_for_lines(
    argv: tuple[str, ...], first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WatchApp, "run", lambda *_args, **_options: pytest.fail("it was run"))
    finished = Clock(ctrl_c_after=1).run(
        "watch", FINE, *argv, transport=web(OUT), terminal=True, env=PLAIN
    )
    assert finished.code == 130
    assert finished.out.startswith(first)
    assert bool(finished.out) == bool(first)


PROGRAM = """
import sys
from outlogger_cli.__main__ import main
code = main()
sys.exit(code or int("textual" in sys.modules))
"""


@pytest.mark.parametrize("argv", [("check",), ("watch", "--once"), ("status",)])
def test_nothing_else_loads_textual(argv: tuple[str, ...]) -> None:
    with (
        Origin(routes={"/api/v2/summary.json": Reply(body=WELL)}) as origin,
        spawn(*argv, origin.url, *trusting(), command=(sys.executable, "-c", PROGRAM)) as process,
    ):
        assert finish(process).code == 0

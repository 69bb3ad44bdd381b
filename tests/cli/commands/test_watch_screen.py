"""`outlogger watch` on a terminal: a table that is redrawn, `q`, and a restored terminal."""

import os
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from outlogger_cli.cli.commands.watch.frame import Content, frame
from outlogger_cli.cli.commands.watch.screen import Keyboard, Screen, height, stoppable
from outlogger_cli.domain.verdict import Judged
from tests.cli.commands.pages import ACME, FINE, fine, serving
from tests.cli.commands.rounds import OUT, SLOW, WELL, Clock, web
from tests.reports import VIEW, broken, healthy, report, unreadable, watching
from tests.running import PATIENCE, Finished, run_command
from tests.support import NOW, utc
from tests.terminals import ENTERED, LEFT, Terminal, pair, watching_a_page

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other terminals")


@pytest.fixture(autouse=True)
def size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    monkeypatch.setenv("LINES", "20")
    monkeypatch.setenv("NO_COLOR", "1")


def frames(finished: Finished) -> list[str]:
    """Return each frame as it was seen; fails if anything is left of the last one."""
    assert finished.out.startswith(ENTERED)
    assert finished.out.endswith(LEFT)
    drawn = finished.out.removeprefix(ENTERED).removesuffix(LEFT).split("\x1b[H")
    assert drawn[0] == ""
    for text in drawn[1:]:
        *rows, last = text.split("\n")
        assert all(row.endswith("\x1b[K") for row in rows)
        assert last.endswith("\x1b[K\x1b[J")
    return [re.sub(r"\x1b\[[JK]", "", text) for text in drawn[1:]]


def seen(finished: Finished) -> list[str]:
    """Return the frames without their countdown, each only once."""
    cut = (
        re.sub(r" +(next round in .*|reading the pages)$", "", one, flags=re.M)
        for one in frames(finished)
    )
    return list(dict.fromkeys(cut))


# Under a simulated clock.


def test_vendors_are_redrawn_and_changes_are_listed_below() -> None:
    clock = Clock(ctrl_c_after=190)
    finished = clock.run("watch", FINE, ACME, transport=web(WELL, OUT, SLOW, WELL), terminal=True)
    assert (finished.code, finished.err) == (130, "")
    shown = seen(finished)
    assert shown[0] == (
        "outlogger watch · 2 vendors\n\nChanges since 15 Jan 12:00 UTC\n  none so far"
    )
    assert shown[1] == (
        "outlogger watch · 2 vendors\n"
        "\n"
        "✓ ok           Fine Inc             All Systems Operational\n"
        "? unknown      status.acme.example  HTTP 404 Not Found: there is no\n"
        "                                    status page at this address\n"
        "\n"
        "1 of 2 vendors fine, 1 unknown\n"
        "\n"
        "Changes since 15 Jan 12:00 UTC\n"
        "  none so far"
    )
    assert [text.splitlines()[2] for text in shown[2:4]] == [
        "✖ critical     Fine Inc             API major outage",
        "▲ minor        Fine Inc             API degraded performance",
    ]
    assert [row.split("  ")[-1] for row in shown[3].splitlines()[-3:-1]] == [
        "Fine Inc: API major outage",
        "Fine Inc eased to minor: API degraded performance",
    ]


def test_the_countdown_goes_by_the_second() -> None:
    finished = Clock(ctrl_c_after=70).run("watch", FINE, transport=web(WELL), terminal=True)
    first = [text.splitlines()[0] for text in frames(finished)]
    assert all(len(row) <= 69 for row in first)
    assert first[0].endswith(" reading the pages")
    counted = [re.sub(".*next round in (.*) · q ends", r"\1", row) for row in first[1:]]
    ticks = counted[: counted.index("1 s") + 1]
    assert ticks[-60:] == ["1 min", *(f"{left} s" for left in range(59, 0, -1))]


def test_nothing_else_is_written_while_the_table_is_shown() -> None:
    Path("mine.toml").write_text(
        f'version = 1\n[vendors.fine]\nurl = "{FINE}"\n[notify]\nwebhooks = ["{ACME}/hook"]\n'
    )
    finished = Clock(ctrl_c_after=3).run(
        "watch", "--watchlist", "mine.toml", transport=web(OUT), terminal=True
    )
    assert finished.err == ""
    assert (
        "webhooks[0]: HTTP 404; 1 message waits for the next try in 1 min" in frames(finished)[-1]
    )


def test_notes_about_an_untrusted_watchlist_stay_visible() -> None:
    path = Path("outlogger.toml").resolve()
    vendor = f'[vendors.fine]\nurl = "{FINE}"\nheaders = {{ a = "b" }}'
    path.write_text(f'version = 1\n{vendor}\n[notify]\ncommand = "true"\n')
    finished = Clock(ctrl_c_after=1).run("watch", transport=web(OUT), terminal=True)
    why = "because it was found in this folder or above it; name it by --watchlist to trust it"
    notes = [
        f"{path}: its {what}, {why}" for what in ("headers are not sent", "[notify] is not run")
    ]
    assert finished.err.splitlines() == notes
    shown = [row[:-1] for row in frames(finished)[-1].splitlines() if row.endswith("…")]
    assert [note.startswith(row) for note, row in zip(notes, shown, strict=True)] == [True, True]


def test_muted_vendors_are_named_and_still_shown() -> None:
    run_command("mute", FINE)
    run_command("mute", ACME)
    finished = Clock(ctrl_c_after=1).run("watch", FINE, transport=web(OUT), terminal=True)
    assert frames(finished)[-1].splitlines()[1:5] == [
        "",
        "✖ critical     Fine Inc  API major outage",
        "",
        "muted: status.fine.example",
    ]


def test_a_drill_is_marked_in_the_first_line() -> None:
    finished = Clock(ctrl_c_after=1).run(
        "watch",
        FINE,
        transport=serving({}, handle=lambda _request: httpx.Response(200, json=fine())),
        terminal=True,
        env={"OUTLOGGER_DRILL": "http://127.0.0.1:9", "OUTLOGGER_DRILL_SCENARIO": "fire"},
    )
    assert frames(finished)[-1].splitlines()[0].strip() == "DRILL  fire  DRILL"


def test_the_number_of_remembered_changes_is_limited() -> None:
    from outlogger_cli.cli.commands.watch import live

    clock = Clock(ctrl_c_after=600)
    turns = [WELL, OUT] * 5
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(live, "CHANGE_LIMIT", 2)
        finished = clock.run("watch", FINE, transport=web(*turns), terminal=True)
    changes = [row for row in frames(finished)[-1].splitlines() if row.startswith("  12:")]
    assert len(changes) == 2


# The frame.


def drawn(content: Content, lines: int = 20, **changes: Any) -> list[str]:
    return frame(content, "soon", replace(VIEW, **{"width": 60, **changes}), lines)


MANY = [healthy(f"vendor{number}") for number in range(9)]
LOST = [unreadable(slug=f"lost{number}") for number in range(9)]


def test_if_vendors_do_not_fit_those_that_are_ok_are_counted() -> None:
    content = Content(
        started=NOW, vendors=11, report=report(*MANY, broken(), watching(), command="watch")
    )
    assert drawn(content, 12) == [
        "outlogger watch · 11 vendors                            soon",
        "",
        "◆ major        Acme  Europe/Build partial outage, +1 component",
        "○ ok           Acme  API errors",
        "  and 9 more, all well",
        "",
        "10 of 11 vendors fine, 1 problem",
        "",
        "Changes since 15 Jan 12:00 UTC",
        "  none so far",
    ]


def test_if_problems_do_not_fit_the_last_line_says_so() -> None:
    rows = drawn(Content(started=NOW, vendors=9, report=report(*LOST, command="watch")), 10)
    assert rows[2:6] == [
        "? unknown      lost0  no answer in 10 s",
        "? unknown      lost1  no answer in 10 s",
        "  and more: this window is too low to show them",
        "",
    ]
    assert len(rows) == 10


@pytest.mark.parametrize("width", [20, 40])
@pytest.mark.parametrize("vendors", [MANY, LOST, [*MANY, broken()]])
def test_a_small_window_is_not_exceeded(vendors: list[Judged], width: int) -> None:
    shown = report(*vendors, command="watch")
    rows = drawn(Content(started=NOW, vendors=len(vendors), report=shown), 12, width=width)
    assert len(rows) <= 12
    assert rows[0].startswith("outlogger watch")
    assert all(len(row) <= width for row in rows)


def test_a_very_low_window_shows_what_fits() -> None:
    rows = drawn(Content(started=NOW, vendors=9, report=report(*MANY, command="watch")), 6)
    assert len(rows) == 6
    assert rows[0] == "outlogger watch · 9 vendors                             soon"


def test_the_newest_changes_are_shown() -> None:
    changes = [(utc(f"2026-01-15 11:{minute:02}"), f"Change {minute}") for minute in range(30)]
    content = Content(
        started=NOW, vendors=1, report=report(healthy(), command="watch"), changes=changes
    )
    assert drawn(content, 12)[-4:] == [
        "Changes since 15 Jan 12:00 UTC",
        "  11:27  Change 27",
        "  11:28  Change 28",
        "  11:29  Change 29",
    ]


def test_on_a_wide_terminal_the_countdown_stays_on_its_line() -> None:
    content = Content(started=NOW, vendors=1)
    rows = frame(content, "soon", replace(VIEW, width=200), 20)
    assert rows[0] == "outlogger watch · 1 vendor" + "soon".rjust(84)


def test_ascii_output() -> None:
    content = Content(started=NOW, vendors=1, report=report(broken(), command="watch"))
    assert all(row.isascii() for row in drawn(content, ascii=True))


# The terminal.


@pytest.mark.parametrize(("lines", "expected"), [("9", 9), ("2", 6), ("0", 24), ("many", 24)])
def test_the_height_may_be_set(lines: str, expected: int) -> None:
    with Path(os.devnull).open() as stream:
        assert height(stream, {"LINES": lines}) == expected


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    with pair() as both_ends:
        yield both_ends


@posix
def test_the_height_is_that_of_the_terminal(terminal: Terminal) -> None:
    import fcntl
    import struct
    import termios

    fcntl.ioctl(terminal.stream, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 80, 0, 0))
    assert height(terminal.stream, {}) == 33
    fcntl.ioctl(terminal.stream, termios.TIOCSWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
    assert height(terminal.stream, {}) == 24


@posix
def test_a_key_is_read_at_once_and_the_terminal_is_restored(
    terminal: Terminal,
) -> None:
    before = terminal.attributes()
    with Keyboard(terminal.stream, _never) as keyboard:
        assert terminal.attributes() != before
        assert keyboard.wait(0) == ""
        terminal.type(b"q")
        assert keyboard.wait(PATIENCE) == "q"
    assert terminal.attributes() == before


def _never(_seconds: float) -> None:
    raise AssertionError("sleeps although keys can be read")


def test_without_a_keyboard_it_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    with Path(os.devnull).open() as stream, Keyboard(stream, slept.append) as keyboard:
        assert keyboard.wait(1.5) == ""
        keyboard.suspend()
        keyboard.resume()
    monkeypatch.setattr(sys, "platform", "win32")
    with Path(os.devnull).open() as stream, Keyboard(stream, slept.append) as keyboard:
        assert keyboard.wait(2.5) == ""
    assert slept == [1.5, 2.5]


def test_sigterm_restores_the_screen_and_the_handler(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as caught, Screen(sys.stdout):
        signal.raise_signal(signal.SIGTERM)
    assert caught.value.code == 143
    assert capsys.readouterr().out == ENTERED + LEFT
    assert signal.getsignal(signal.SIGTERM) is before


@posix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_that_is_ignored_stays_ignored(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    number = getattr(signal, name)
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with Screen(sys.stdout):
            signal.raise_signal(number)
    finally:
        signal.signal(number, before)
    assert capsys.readouterr().out == ENTERED + LEFT


@posix
def test_ctrl_z_restores_the_terminal_until_the_process_continues(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, stopped = terminal.attributes(), []
    with (
        Path(os.ttyname(terminal.stream.fileno())).open("w") as shown,
        Screen(shown) as screen,
        Keyboard(terminal.stream, _never) as keyboard,
        stoppable(screen, keyboard),
    ):
        screen.draw(["as it stands"])
        during = terminal.attributes()
        raised = signal.raise_signal
        monkeypatch.setattr(
            signal, "raise_signal", lambda _number: stopped.append(terminal.attributes())
        )
        raised(signal.SIGTSTP)
        assert terminal.attributes() == during != before
    assert stopped == [before]
    assert terminal.read_until(LEFT, times=2).count(ENTERED) == 2
    assert signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL


def test_without_job_control_ctrl_z_is_not_handled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "SIGTSTP", raising=False)
    with (
        Path(os.devnull).open("w") as shown,
        Path(os.devnull).open() as typed,
        stoppable(Screen(shown), Keyboard(typed, _never)),
    ):
        pass


# A process on a real terminal.


@posix
@pytest.mark.parametrize(("typed", "code"), [(b"q", 0), (b"Q", 0), (b"\x03", 130)])
def test_a_key_ends_it_and_the_terminal_is_restored(typed: bytes, code: int) -> None:
    with watching_a_page() as (process, terminal):
        during = terminal.attributes()
        terminal.type(b"x")
        terminal.type(typed)
        assert terminal.read_until(LEFT).endswith(LEFT)
        assert process.wait(PATIENCE) == code
        assert terminal.attributes() != during


@posix
@pytest.mark.parametrize(("number", "code"), [(15, 143), (1, 129)], ids=["SIGTERM", "SIGHUP"])
def test_a_signal_ends_it_and_the_terminal_is_restored(number: int, code: int) -> None:
    with watching_a_page() as (process, terminal):
        process.send_signal(number)
        assert terminal.read_until(LEFT).endswith(LEFT)
        assert process.wait(PATIENCE) == code


@posix
def test_a_new_window_size_is_used_for_the_next_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl
    import struct
    import termios

    monkeypatch.delenv("COLUMNS")
    monkeypatch.delenv("LINES")
    with watching_a_page() as (_, terminal):
        fcntl.ioctl(terminal.stream, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 40, 0, 0))
        drawn_frames = terminal.read_until("\x1b[J", times=3).split("\x1b[H")
    assert drawn_frames[-1].split("\x1b[K")[0] == "outlogger watch · 1 vendor"

"""Streams that nobody reads, and terminals of every width."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import which

import pytest
from rich.cells import cell_len

from tests.cli.commands.pages import HEALTHY, fine
from tests.origin import Origin, Reply
from tests.running import PATIENCE, Finished, finish, spawn, trusting

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other terminals")


def broken_pipe() -> int:
    """The writing end of a pipe whose reader is closed."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def full_device() -> int:
    return os.open("/dev/full", os.O_WRONLY)


LISTENERS = {"gone": broken_pipe, "full": full_device}


@pytest.mark.parametrize("listener", LISTENERS)
@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("watchlist", "add", "github", "--no-check"), 0),
        (("watchlist", "path"), 0),
        (("watchlist", "list", "--json"), 0),
        (("drill", "--", "sh", "-c", "echo done; exit 5"), 5),
        (("drill", "--", "there-is-no-such-command"), 127),
        (("check", "there-is-no-such-vendor"), 2),
    ],
)
def test_an_unwritable_stderr_changes_nothing(
    listener: str, argv: tuple[str, ...], code: int
) -> None:
    if listener == "full" and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with spawn(*argv) as process:
        heard = finish(process)
    Path(".config/outlogger/watchlist.toml").unlink(missing_ok=True)
    unheard = LISTENERS[listener]()
    with spawn(*argv, stderr=unheard) as process:
        os.close(unheard)
        finished = finish(process)
    assert heard.code == code
    assert finished == Finished(code=code, out=heard.out, err="")


@pytest.mark.parametrize(("listener", "code"), [("gone", 141), ("full", 70)])
@pytest.mark.parametrize("format", ["ndjson", "plain"])
def test_an_unwritable_stdout_does_not_silence_the_channels(
    listener: str, code: int, format: str, tmp_path: Path
) -> None:
    if listener == "full" and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    listed = tmp_path / "mine.toml"
    routes = {
        "/api/v2/summary.json": Reply(body=fine(API="major_outage")),
        "/hook": Reply(status=204),
    }
    with Origin(tls=False, routes=routes) as origin:
        listed.write_text(
            f'version = 1\nvendors.fine.url = "{origin.url}"\n'
            f'notify.webhooks = ["{origin.url}/hook"]'
        )
        argv = ("watch", "--once", "--watchlist", str(listed), "--format", format)
        unread = LISTENERS[listener]()
        with spawn(*argv, stdout=unread) as process:
            os.close(unread)
            assert finish(process).code == code
        posted = [request.body for request in origin.seen if request.path == "/hook"]
        assert len(posted) == 1
        with spawn(*argv) as process:
            finished = finish(process)
    assert "Fine Inc: API major outage" in finished.out  # it is written when it can be
    assert finished.code == 0


# Terminals of every width.

OUTLOGGER = (sys.executable, "-m", "outlogger_cli")
LONG = {
    "API": "Application Programming Interface of the whole platform, in every region of the world",
    "Web": "東京リージョンの計算資源と保存領域と通信経路のすべて",
}


class Window:
    """A tmux window of `width` columns."""

    def __init__(self, width: int, *, env: Sequence[str] = ()) -> None:
        self.width = width
        self._env = env
        self._tmux = ("tmux", "-S", "tmux", "-f", os.devnull)

    def shows(self, *argv: str) -> list[str]:
        """The rows of the window after `outlogger ARGV`, without empty ones at the end."""
        command = shlex.join(["env", *self._env, *OUTLOGGER, *argv])
        done = shlex.join([*self._tmux, "wait-for", "-S", "done"])
        size = ("-x", str(self.width), "-y", "100")
        shell = f"{command} 2>errors; {done}; read -r _"
        self._run("new-session", "-d", *size, shell)
        try:
            self._run("wait-for", "done")
            rows = self._run("capture-pane", "-p").rstrip("\n").split("\n")
            joined = self._run("capture-pane", "-p", "-J").rstrip("\n").split("\n")
        finally:
            self._run("kill-server")
        self.assert_fits(rows, [row.rstrip() for row in joined])
        return joined

    def assert_fits(self, rows: list[str], joined: list[str]) -> None:
        """No row is wrapped, except for addresses of pages, which must stay complete."""
        wrapped = [row for row in joined if cell_len(row) > self.width]
        assert all(re.fullmatch(r" *https://\S+", row) for row in wrapped), wrapped
        assert len(rows) - len(joined) == sum((cell_len(row) - 1) // self.width for row in wrapped)

    def _run(self, *argv: str) -> str:
        done = subprocess.run(
            [*self._tmux, *argv],
            check=True,
            capture_output=True,
            encoding="utf-8",
            env=dict(os.environ),  # without COLUMNS, which readline sets for child processes only
            timeout=PATIENCE,
        )
        return done.stdout


tmux = pytest.mark.skipif(which("tmux") is None, reason="tmux is not installed")
widths = pytest.mark.parametrize("width", [40, 80, 120])


@tmux
@widths
@pytest.mark.parametrize(
    "argv",
    [
        ("drill", "permutive"),
        ("drill", "permutive", "--", *OUTLOGGER, "check", "permutive"),
        ("drill", "permutive", "--", *OUTLOGGER, "incidents", "permutive"),
    ],
    ids=["status", "check", "incidents"],
)
def test_a_drill_fits_the_window_and_is_labelled(width: int, argv: tuple[str, ...]) -> None:
    title, *rows = Window(width).shows(*argv)
    assert title.startswith(" DRILL  permutive-2024-03, clock 2024-0")
    assert any("Permutive" in row for row in rows)
    assert (
        Path("errors")
        .read_text()
        .startswith("DRILL: simulated data (permutive-2024-03, clock 2024-03-12)")
    )


@tmux
@pytest.mark.parametrize(
    ("width", "heads"),
    [
        (40, ["SLUG"]),
        (80, ["SLUG", "NAME", "URL"]),
        (120, ["SLUG", "NAME", "PLATFORM", "URL", "CATEGORY"]),
    ],
)
def test_a_list_fits_the_window(width: int, heads: list[str]) -> None:
    head, *rows = Window(width).shows("vendors", "search", "github")
    assert head.split() == heads
    assert rows[0].split()[0] == "github"


@tmux
@pytest.mark.parametrize(("env", "glyph"), [(("LC_ALL=C",), "X"), (("TERM=dumb",), "✖")])
def test_long_wide_and_combining_names_stay_in_their_columns(
    env: tuple[str, ...], glyph: str
) -> None:
    page = fine(API="major_outage")
    names = (*LONG.values(), "Cafe\u0301 " * 12)
    page["components"] = [
        {**page["components"][0], "id": f"c{number}", "name": name, "position": number}
        for number, name in enumerate(names)
    ]
    with Origin(routes={"/api/v2/summary.json": Reply(body=page)}) as origin:
        rows = Window(80, env=env).shows("status", origin.url, *trusting())
    shown = [row for row in rows if row.startswith(glyph) and row.endswith("  major outage")]
    assert len(shown) == len(names), rows
    assert len({cell_len(row) for row in shown}) == 1
    assert "LC_ALL=C" not in env or all(row.isascii() for row in rows)


# Colour, by the table of options.

STYLED = "\x1b["


@pytest.mark.parametrize(
    ("argv", "env", "styled"),
    [
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "0"}, False),
        ((), {"CLICOLOR_FORCE": "1"}, True),
        ((), {"CLICOLOR_FORCE": "1", "TERM": "dumb"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (("--color", "always"), {"NO_COLOR": "1", "TERM": "dumb"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
    ],
)
def test_colour_in_a_pipe_follows_the_options(
    argv: tuple[str, ...], env: dict[str, str], styled: bool
) -> None:
    with (
        Origin(routes={"/api/v2/summary.json": Reply(body=HEALTHY)}) as origin,
        spawn("check", origin.url, *trusting(), "-f", "table", *argv, env=env) as process,
    ):
        finished = finish(process)
    assert (finished.code, STYLED in finished.out) == (0, styled)
    assert re.sub(r"\x1b\[[0-9;]*m", "", finished.out) == (
        "✓ ok  Fine Inc  All Systems Operational\n"
    )

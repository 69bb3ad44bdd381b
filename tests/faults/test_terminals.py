"""Streams nobody reads, and terminals of every width: what was asked for is done and said whole."""

import os
import sys
from pathlib import Path

import pytest

from tests.commands.pages import HEALTHY, fine
from tests.origin import Origin, Reply
from tests.running import Finished, finish, spawn, trusting

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other terminals")


def broken_pipe() -> int:
    """The writing end of a pipe whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


LISTENERS = {"gone": broken_pipe, "full": lambda: os.open("/dev/full", os.O_WRONLY)}


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
def test_a_note_that_nobody_hears_changes_nothing(
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

"""`outlogger watch` as a process on a real terminal: the full-screen view, and how it ends."""

import sys

import pytest

from tests.running import PATIENCE
from tests.terminals import LEFT, watching_a_page

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other terminals")


@pytest.fixture(autouse=True)
def size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "30")


@pytest.mark.parametrize(("typed", "code"), [(b"q", 0), (b"\x03", 130)])
def test_a_key_ends_it_at_once_though_a_page_hangs(typed: bytes, code: int) -> None:
    with watching_a_page() as (process, terminal):
        during = terminal.attributes()
        terminal.type(typed)
        left = terminal.read_until("no answer yet: 127.0.0.2")
        assert process.wait(PATIENCE) == code
        assert terminal.attributes() != during
    _, _, scrollback = left.partition(LEFT)
    assert "✖ critical  Fine Inc  API major outage" in scrollback


@pytest.mark.parametrize(("number", "code"), [(15, 143), (1, 129), (2, 130)])
def test_a_signal_ends_it_and_the_terminal_is_restored(number: int, code: int) -> None:
    with watching_a_page() as (process, terminal):
        during = terminal.attributes()
        process.send_signal(number)
        terminal.read_until(LEFT)
        assert process.wait(PATIENCE) == code
        assert terminal.attributes() != during

"""The surroundings of a command, as this process has them."""

import ctypes
import sys
from io import BytesIO, TextIOWrapper
from types import SimpleNamespace
from typing import Any

import pytest

from outlogger_cli.system import runtime


def test_on_windows_line_ends_are_kept_and_consoles_know_escape_sequences(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    modes = {1: 3}  # standard output is a console, standard error is not

    def get_mode(console: int, mode: Any) -> bool:
        ctypes.cast(mode, ctypes.POINTER(ctypes.c_ulong))[0] = modes.get(console, 0)
        return console in modes

    kernel = SimpleNamespace(
        GetStdHandle=lambda number: {-11: 1, -12: 2}[number],
        GetConsoleMode=get_mode,
        SetConsoleMode=modes.__setitem__,
    )
    raw = BytesIO()
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(raw, newline="\r\n"))
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "platform", "win32")
    stdout = runtime.current().stdout
    stdout.write("a,b\r\nc\n")
    stdout.flush()
    assert raw.getvalue() == b"a,b\r\nc\n"
    assert modes == {1: 7}

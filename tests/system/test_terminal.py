"""What a stream can show (colour, width, characters), and writing to it."""

import errno
import os
from collections.abc import Iterator
from io import BytesIO, StringIO, TextIOWrapper
from typing import TextIO

import pytest

from outlogger_cli.domain.errors import ClosedPipeError, LocalError
from outlogger_cli.system import terminal
from outlogger_cli.system.terminal import (
    Color,
    has_color,
    has_light_background,
    is_one_terminal,
    is_terminal,
    needs_ascii,
    width,
    write,
)


class Screen(StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


class Broken(StringIO):
    """A stream that raises an error if asked whether it is a terminal."""

    def isatty(self) -> bool:
        raise OSError("gone")


def stream(encoding: str) -> "TextIOWrapper[BytesIO]":
    return TextIOWrapper(BytesIO(), encoding=encoding, newline="")


def test_a_stream_is_a_terminal_if_isatty_says_so() -> None:
    closed = StringIO()
    closed.close()
    assert is_terminal(Screen())
    assert not is_terminal(StringIO())
    assert not is_terminal(closed)
    assert not is_terminal(Broken())


@pytest.mark.parametrize(
    ("environ", "wanted", "in_terminal", "in_pipe"),
    [
        ({}, "auto", True, False),
        ({"TERM": "xterm"}, "auto", True, False),
        ({"TERM": "dumb"}, "auto", False, False),
        ({"CLICOLOR": "0"}, "auto", False, False),
        ({"CLICOLOR": "1"}, "auto", True, False),
        ({"FORCE_COLOR": "1"}, "auto", True, True),
        ({"FORCE_COLOR": "0"}, "auto", True, False),
        ({"FORCE_COLOR": ""}, "auto", True, False),
        ({"CLICOLOR_FORCE": "1"}, "auto", True, True),
        ({"CLICOLOR_FORCE": "0"}, "auto", True, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, "auto", True, True),
        ({"CLICOLOR_FORCE": "1", "TERM": "dumb", "CLICOLOR": "0"}, "auto", True, True),
        ({"NO_COLOR": "1"}, "auto", False, False),
        ({"NO_COLOR": ""}, "auto", True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, "auto", False, False),
        ({"NO_COLOR": "", "FORCE_COLOR": "1"}, "auto", True, True),
        ({"NO_COLOR": "1", "TERM": "dumb"}, "always", True, True),
        ({"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, "never", False, False),
        ({}, "never", False, False),
        ({}, "always", True, True),
    ],
)
def test_precedence_of_the_colour_option_and_the_variables(
    environ: dict[str, str], wanted: str, in_terminal: bool, in_pipe: bool
) -> None:
    assert has_color(Screen(), environ, Color(wanted)) is in_terminal
    assert has_color(StringIO(), environ, Color(wanted)) is in_pipe


@pytest.fixture
def pseudo_terminal() -> Iterator[TextIO]:
    """The program's end of a terminal of unknown size."""
    far, near = os.openpty()
    with os.fdopen(near, "w") as stream:
        yield stream
    os.close(far)


def test_two_streams_may_be_one_terminal(pseudo_terminal: TextIO) -> None:
    far, near = os.openpty()
    with os.fdopen(os.dup(pseudo_terminal.fileno()), "w") as same, os.fdopen(near, "w") as other:
        assert is_one_terminal(pseudo_terminal, same)
        assert not is_one_terminal(pseudo_terminal, other)
        assert not is_one_terminal(pseudo_terminal, StringIO())
        assert not is_one_terminal(StringIO(), StringIO())
    os.close(far)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("132", 132),
        ("20", 20),
        ("5", 20),
        ("0", 80),
        ("", 80),
        ("wide", 80),
        ("-90", 80),
        ("²", 80),
    ],
)
def test_the_width_is_columns_else_80(columns: str, expected: int) -> None:
    assert width(StringIO(), {"COLUMNS": columns}) == expected


@pytest.mark.parametrize(
    ("background", "expected"),
    [("0", False), ("6", False), ("8", False), ("7", True), ("15", True), ("16", None), ("", None)],
)
def test_the_background_is_the_last_number_of_colorfgbg(
    background: str, expected: bool | None
) -> None:
    assert has_light_background({"COLORFGBG": f"7;default;{background}"}) is expected


def test_numbers_of_thousands_of_digits_are_ignored() -> None:
    assert width(StringIO(), {"COLUMNS": "9" * 5000}) == 80
    assert has_light_background({"COLORFGBG": "0;" + "9" * 5000}) is None


def test_the_environment_of_this_process_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "133")
    assert width(StringIO(), {}) == 80


@pytest.mark.parametrize(("columns", "expected"), [(0, 80), (7, 20), (20, 20), (131, 131)])
def test_the_width_is_the_terminals(
    columns: int, expected: int, pseudo_terminal: TextIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def size(descriptor: int) -> os.terminal_size:
        assert descriptor == pseudo_terminal.fileno()
        return os.terminal_size((columns, 24))

    monkeypatch.setattr(os, "get_terminal_size", size)
    assert width(pseudo_terminal, {}) == expected
    assert width(pseudo_terminal, {"COLUMNS": "44"}) == 44


def test_a_terminal_of_unknown_size_has_80_columns(pseudo_terminal: TextIO) -> None:
    assert width(pseudo_terminal, {}) == 80


@pytest.mark.parametrize(
    ("encoding", "environ", "expected"),
    [
        ("utf-8", {}, False),
        ("UTF8", {"LANG": "en_GB.UTF-8"}, False),
        ("utf_8", {"LANG": "C.UTF-8"}, False),
        ("utf-16", {}, False),
        ("utf-8", {"LANG": "C"}, True),
        ("utf-8", {"LC_CTYPE": "POSIX", "LANG": "en_GB.UTF-8"}, True),
        ("utf-8", {"LC_ALL": "C", "LC_CTYPE": "en_GB.UTF-8"}, True),
        ("utf-8", {"LC_ALL": "en_GB.UTF-8", "LANG": "C"}, False),
        ("utf-8", {"LC_ALL": "", "LANG": "C"}, True),
        ("ascii", {"LANG": "en_GB.UTF-8"}, True),
        ("latin-1", {"LANG": "en_GB.UTF-8"}, True),
        ("cp1252", {}, True),
    ],
)
def test_other_encodings_and_the_c_locale_need_ascii(
    encoding: str, environ: dict[str, str], expected: bool
) -> None:
    assert needs_ascii(stream(encoding), environ) is expected


def test_a_stream_without_an_encoding_needs_ascii() -> None:
    assert StringIO().encoding is None
    assert needs_ascii(StringIO(), {})


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("utf-8", "✓ café\n".encode()),
        ("ascii", b"? caf?\n"),
        ("latin-1", "? café\n".encode("latin-1")),
        ("cp437", "√ café\n".replace("√", "?").encode("cp437")),
        ("utf-16-le", "✓ café\n".encode("utf-16-le")),
    ],
)
def test_characters_outside_the_encoding_become_question_marks(
    encoding: str, written: bytes
) -> None:
    out = stream(encoding)
    write(out, "✓ café\n")
    assert out.buffer.getvalue() == written


def test_a_lone_surrogate_becomes_a_question_mark() -> None:
    out = stream("utf-8")
    write(out, "a\ud83db")
    assert out.buffer.getvalue() == b"a?b"


def test_a_stream_without_an_encoding_gets_the_text_unchanged() -> None:
    out = StringIO()
    write(out, "✓")
    assert out.getvalue() == "✓"


class Gone(StringIO):
    """A stream whose writes raise an error of the system."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code

    def write(self, text: str) -> int:
        if self.code:
            raise OSError(self.code, os.strerror(self.code))
        return super().write(text)


def test_a_closed_pipe_is_told_from_other_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ClosedPipeError):
        write(Gone(errno.EPIPE), "x")
    with pytest.raises(LocalError, match="standard output: Invalid argument"):
        write(Gone(errno.EINVAL), "x")
    monkeypatch.setattr(terminal, "_CLOSED_PIPE", (errno.EPIPE, errno.EINVAL))  # as on Windows
    with pytest.raises(ClosedPipeError):
        write(Gone(errno.EINVAL), "x")


def test_a_stream_that_failed_once_never_seems_to_work_again() -> None:
    for code, error in ((errno.EPIPE, ClosedPipeError), (errno.ENOSPC, LocalError)):
        stream = Gone(code)
        with pytest.raises(error):
            write(stream, "x")
        stream.code = 0
        with pytest.raises(error):
            write(stream, "y")

"""The lines of a log, as a person reads them."""

import pytest

from outlogger_cli.triage.lines import LINES_LIMIT, Log, is_binary


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("2026-01-15T10:20:31.1234567Z text", "text"),
        ("2026-01-15T10:20:31.123456Z 01E text", "text"),
        ("[10:20:31] text", "text"),
        ("#9 12.34 text", "text"),
        ("web_1  | text", "text"),
        ("job\tstep\t2026-01-15T10:20:31.1234567Z text", "text"),
        ("\x1b[31;1mtext\x1b[0m", "text"),
        ("\x1b]8;;https://x.example\x07text", "text"),
        ("10 %\r50 %\rtext", "text"),
        ("10 %\rerror: broken\r50 %", "error: broken"),
        ("\r \r", ""),
        ("  indented", "  indented"),
    ],
)
def test_prefixes_and_colours_are_read_through(raw: str, shown: str) -> None:
    log = Log(f"{raw}\nend\n".encode())
    assert log.text(0).decode() == shown


def test_of_a_long_line_both_ends_are_read() -> None:
    text = Log(b"start" + b" " * 100_000 + b"end").text(0)
    assert (text[:5], text[-3:]) == (b"start", b"end")
    assert len(text) < 10_000


def test_of_many_long_lines_those_read_later_are_cut_short() -> None:
    log = Log((b" " * 5_000 + b"\n") * 1_000)
    lengths = [len(log.text(at)) for at in range(len(log) - 1)]
    assert lengths[0] == 5_000
    assert lengths[-1] < 500
    assert sum(lengths) < 1_000_000


def test_of_very_many_lines_the_last_ones_are_read() -> None:
    log = Log(b"\n" * (LINES_LIMIT + 10) + b"end")
    assert (log.skipped, len(log), log.text(len(log) - 1)) == (11, LINES_LIMIT, b"end")


def test_a_few_control_codes_do_not_make_a_text_binary() -> None:
    assert not is_binary(b"log of a disk with a hole \0 in it " * 10)
    assert is_binary(b"\0\1\2\3")
    assert not is_binary(b"")
    assert not is_binary("text".encode("utf-16"))

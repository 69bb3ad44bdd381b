"""Parsing and formatting durations."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlogger_cli.domain.durations import LONGEST, duration, spell


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45),
        ("10m", 600),
        ("2h", 7200),
        ("30d", 2_592_000),
        ("90", 90),
        ("0", 0),
        ("0.5", 0.5),
        ("1.5h", 5400),
        ("007m", 420),
        ("3650d", 315_360_000),
    ],
)
def test_a_number_and_a_unit_are_a_duration(text: str, seconds: float) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "", "s", "m", ".", ".5s", "5.", "5.s", "1h30m", "10 s", " 10s", "10s\n", "-1s", "+1s",
        "1e3", "inf", "nan", "10S", "10M", "5w", "1,5h", "1_000", "٣s", "²", "1.2.3", "ten",
    ],
)  # fmt: skip
def test_anything_else_is_an_error_of_one_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"\Amust be a duration such as 45s, 10m, 2h, 30d or") as e:
        duration(text)
    assert str(e.value) == "must be a duration such as 45s, 10m, 2h, 30d or plain seconds"


@pytest.mark.parametrize("text", ["3650.1d", "3651d", "999999999999999999d", "9" * 5000])
def test_more_than_ten_years_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"\Amust be a duration of at most 3650d\Z"):
        duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (45, "45s"), (60, "1m"), (90, "90s"), (7200, "2h"), (86400, "1d"), (1.5, "1.5s")],
)
def test_a_duration_is_written_in_the_largest_whole_unit(seconds: float, text: str) -> None:
    assert spell(timedelta(seconds=seconds)) == text


@given(st.timedeltas(min_value=timedelta(0), max_value=LONGEST))
def test_a_written_duration_is_parsed_back(length: timedelta) -> None:
    assert duration(spell(length)) == length


SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "": 1}


@given(st.text(alphabet="0123456789.smhdSe-+_ \u0663\u00b2\n", max_size=12))
def test_any_text_is_parsed_exactly_or_an_error(text: str) -> None:
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([smhd]?)", text)
    seconds = Fraction(match[1]) * SECONDS[match[2]] if match else None
    try:
        read = duration(text)
    except ValueError:
        assert seconds is None or seconds > LONGEST.total_seconds()
    else:
        assert seconds is not None
        assert abs(Fraction(read.total_seconds()) - seconds) < Fraction(1, 10**5)
        assert timedelta(0) <= read <= LONGEST

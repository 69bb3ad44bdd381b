"""What a value of the watchlist must be.

Each reader returns its value, or raises `ValueError` whose text says what is allowed.
"""

import re
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from enum import StrEnum
from typing import TypeVar

from outlogger_cli.domain.durations import duration

EVENTS = (
    "opened",
    "worsened",
    "eased",
    "recovered",
    "updated",
    "maintenance_started",
    "maintenance_ended",
    "unreadable",
    "readable",
)

_TIME_OF_DAY = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
"""Python's own reader takes more: `2200Z`, and from 3.14 on `24:00`."""

Word = TypeVar("Word", bound=StrEnum)


def version(value: object) -> int:
    if type(value) is not int or value != 1:
        raise ValueError("must be 1, the only version this outlogger reads")
    return value


def table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError("must be a table")
    return value


def rows(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError('must be a list, such as ["one", "two"]')
    return value


def string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text in quotes")
    if not value.strip():
        raise ValueError("must not be empty")
    return value


def plain_text(value: object) -> str:
    said = string(value)
    if not said.isprintable():
        from outlogger_cli.domain.text import line

        said = line(said)
    return string(" ".join(said.split()))


def url(value: object) -> str:
    from urllib.parse import urlsplit

    found = address(string(value))
    if "@" in urlsplit(found).netloc:
        raise ValueError("must not hold a user name or a password; headers can")
    return found


def address(url: str) -> str:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        scheme = parts.scheme if parts.hostname and parts.port != 0 else ""
    except ValueError:
        scheme = ""
    if scheme not in {"http", "https"} or not url.isprintable() or " " in url:
        raise ValueError("must be an address that begins with https:// or http://")
    return scheme + url[len(scheme) :]


def platform(value: object) -> str:
    from outlogger_cli.platforms import BUILT_IN, is_known

    if not is_known(string(value)):
        raise ValueError(f"must be one of {', '.join(BUILT_IN)}, or an installed plug-in's")
    return string(value)


def word(words: type[Word]) -> Callable[[object], Word]:
    def read(value: object) -> Word:
        try:
            return words(string(value))
        except ValueError:
            raise ValueError(f"must be one of {', '.join(words)}") from None

    return read


def event(value: object) -> str:
    if value not in EVENTS:
        raise ValueError(f"must be one of {', '.join(EVENTS)}")
    return str(value)


def length(value: object) -> timedelta:
    return duration(spelled(value))


def spelled(value: object) -> str:
    """`value` as text; in hex where it is a number of more digits than Python spells out."""
    try:
        return str(value)
    except ValueError:
        return f"{value:#x}"


def budget(value: object) -> timedelta:
    if not (span := length(value)):
        raise ValueError("must be longer than 0s")
    return span


def number(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return value

    return read


def zone(value: object) -> str:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(string(value)).key
    except (ValueError, OSError, KeyError):
        raise ValueError('must be a time zone such as "Europe/Berlin" or "UTC"') from None


def hours(value: object) -> tuple[time, time]:
    if not re.fullmatch(f"{_TIME_OF_DAY}-{_TIME_OF_DAY}", said := string(value)):
        raise ValueError('must be two times of day such as "22:00-07:00"')
    begin, end = (time.fromisoformat(hour) for hour in said.split("-"))
    if begin == end:
        raise ValueError("must begin and end at different times")
    return begin, end


def command(value: object) -> str:
    if "\0" in (said := string(value)):
        raise ValueError("must not hold a NUL character")
    return said


def webhook(value: object) -> str:
    found = notification_url(value)
    return found if "${" in found else address(found)


def notification_url(value: object) -> str:
    found = printable(value)
    if "${" not in found and "://" not in found:
        raise ValueError("must be an address, or a ${NAME} that holds one")
    return found


def printable(value: object) -> str:
    said = string(value)
    list(placeholders(said))
    if not (said.isascii() and said.isprintable()):
        raise ValueError("must be printable ASCII")
    return said


def placeholders(text: str) -> Iterator[tuple[str, str]]:
    """The NAME of each `${NAME}` in `text`, and what stands between it and the next."""
    for rest in text.split("${")[1:]:
        name, brace, after = rest.partition("}")
        if not (brace and name.isascii() and name.isidentifier()):
            raise ValueError("must have a variable's name and } after each ${")
        yield name, after

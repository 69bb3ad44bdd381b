"""The types of values in a watchlist: how each is read, written and described.

Each reader takes a TOML value and returns Python's, or raises `ValueError` whose text says what
is allowed.
"""

import re
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from enum import StrEnum, auto
from typing import Any, TypeAlias, TypeVar

from outlogger_cli.domain.durations import duration, spell
from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen
from outlogger_cli.watchlist.placeholders import placeholders

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
    "reminder",
)

WEBHOOK_KEYS = ("url", "format")

_TIME_OF_DAY = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
"""Python's own reader accepts more: `2200Z`, and from 3.14 on `24:00`."""

Value: TypeAlias = "str | int | list[Value] | Mapping[str, Value]"
"""A value as TOML has it."""

Word = TypeVar("Word", bound=StrEnum)


class WebhookFormat(StrEnum):
    """What a webhook expects: the event as JSON, or the body of a chat."""

    JSON = auto()
    SLACK = auto()
    DISCORD = auto()
    TEAMS = auto()
    GOOGLECHAT = auto()


@frozen
class Webhook:
    """An address to POST to, which may hold `${NAME}`; without a format its host decides."""

    url: str
    format: WebhookFormat | None = None


@frozen
class Kind:
    """A type of value: its reader, its writer, and the JSON Schema of what is allowed."""

    read: Callable[[object], Any]
    schema: Mapping[str, Any]
    write: Callable[[Any], Value] = lambda value: value


def version(value: object) -> int:
    if type(value) is not int or value != 1:
        raise ValueError("must be 1, the only supported version")
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
        raise ValueError("must be a string")
    if not value.strip():
        raise ValueError("must not be empty")
    return value


def plain_text(value: object) -> str:
    """Text that is shown, or compared with text of a page: cleaned as that is, because a watchlist
    that was found may be a stranger's."""
    return string(line(string(value)))


def url(value: object) -> str:
    from urllib.parse import urlsplit

    found = address(string(value).strip())
    if "@" in urlsplit(found).netloc:
        raise ValueError("must not contain a user name or password; use headers")
    return found


def address(url: str) -> str:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        scheme = parts.scheme if parts.hostname and parts.port != 0 else ""
    except ValueError:
        scheme = ""
    if scheme not in {"http", "https"} or not url.isprintable() or " " in url:
        raise ValueError("must be a URL that begins with https:// or http://")
    return scheme + url[len(scheme) :]


def platform(value: object) -> str:
    from outlogger_cli.platforms import BUILT_IN, is_known

    if not is_known(string(value)):
        raise ValueError(f"must be one of {', '.join(BUILT_IN)}, or an installed plug-in's")
    return string(value)


def event(value: object) -> str:
    if value not in EVENTS:
        raise ValueError(f"must be one of {', '.join(EVENTS)}")
    return str(value)


def length(value: object) -> timedelta:
    return duration(spelled(value))


def spelled(value: object) -> str:
    """`value` as text; in hex if it is a number of more digits than Python writes out."""
    try:
        return str(value)
    except ValueError:
        return f"{value:#x}"


def budget(value: object) -> timedelta:
    if not (span := length(value)):
        raise ValueError("must be longer than 0s")
    return span


def zone(value: object) -> str:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(string(value)).key
    except (ValueError, OSError, KeyError):
        raise ValueError('must be a time zone such as "Europe/Berlin" or "UTC"') from None


def hours(value: object) -> tuple[time, time]:
    text = string(value)
    if not re.fullmatch(f"{_TIME_OF_DAY}-{_TIME_OF_DAY}", text):
        raise ValueError('must be a time range such as "22:00-07:00"')
    begin, end = map(time.fromisoformat, text.split("-"))
    if begin == end:
        raise ValueError("must have different start and end times")
    return begin, end


def command(value: object) -> str:
    if "\0" in (text := string(value)):
        raise ValueError("must not contain a NUL character")
    return text


def webhook(value: object) -> Webhook:
    """Read an address, or a table of an address and a format."""
    given = value if isinstance(value, dict) else {"url": value}
    if "url" not in given or not given.keys() <= set(WEBHOOK_KEYS):
        raise ValueError("must be a URL, or a table with the keys url and format")
    found = notification_url(given["url"])
    url = found if "${" in found else address(found)
    if "format" not in given:
        return Webhook(url=url)
    try:
        return Webhook(url=url, format=WebhookFormat(str(given["format"])))
    except ValueError:
        raise ValueError(f"format must be one of {', '.join(WebhookFormat)}") from None


def _webhook_as_written(webhook: Webhook) -> Value:
    if webhook.format is None:
        return webhook.url
    return {"url": webhook.url, "format": webhook.format.value}


def notification_url(value: object) -> str:
    found = printable(value)
    if "${" not in found and "://" not in found:
        raise ValueError("must be a URL or ${NAME}")
    return found


def printable(value: object) -> str:
    text = string(value)
    list(placeholders(text))
    if not (text.isascii() and text.isprintable()):
        raise ValueError("must be printable ASCII")
    return text


def _word(words: type[Word]) -> Kind:
    def read(value: object) -> Word:
        try:
            return words(string(value))
        except ValueError:
            raise ValueError(f"must be one of {', '.join(words)}") from None

    return Kind(read=read, schema={"enum": [*map(str, words)]}, write=str)


def _number(low: int, high: int) -> Kind:
    def read(value: object) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return value

    return Kind(read=read, schema={"type": "integer", "minimum": low, "maximum": high})


def _hours_as_text(quiet: tuple[time, time]) -> str:
    return "-".join(hour.isoformat("minutes") for hour in quiet)


_TEXT = {"type": "string", "pattern": r"\S"}
_LENGTH = {"type": ["string", "number"], "pattern": r"^[0-9]+(\.[0-9]+)?[smhd]?$", "minimum": 0}
_BUDGET = {
    "type": ["string", "number"],
    "pattern": r"^([0-9]*[1-9][0-9]*(\.[0-9]+)?|[0-9]+\.[0-9]*[1-9][0-9]*)[smhd]?$",
    "exclusiveMinimum": 0,
}
_URL = {"type": "string", "pattern": r"^\s*[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#@]+([/?#]\S*)?\s*$"}
_TEMPLATE = {"type": "string", "pattern": r"://|\$\{"}
_ASCII = {"type": "string", "pattern": r"^[ -~]*[!-~][ -~]*$"}

TEXT = Kind(read=plain_text, schema=_TEXT)
URL = Kind(read=url, schema=_URL)
PLATFORM = Kind(read=platform, schema=_TEXT)
FAIL_ON = _word(FailOn)
ON_UNKNOWN = _word(OnUnknown)
COUNT_INCIDENTS = _word(CountIncidents)
LENGTH = Kind(read=length, schema=_LENGTH, write=spell)
BUDGET = Kind(read=budget, schema=_BUDGET, write=spell)
JOBS = _number(1, 1000)
RETRIES = _number(0, 10)
ZONE = Kind(read=zone, schema=_TEXT)
HOURS = Kind(
    read=hours,
    schema={"type": "string", "pattern": f"^{_TIME_OF_DAY}-{_TIME_OF_DAY}$"},
    write=_hours_as_text,
)
EVENT = Kind(read=event, schema={"title": "Event", "enum": [*EVENTS]})
COMMAND = Kind(read=command, schema=_TEXT)
WEBHOOK = Kind(
    read=webhook,
    schema={
        "anyOf": [
            _TEMPLATE,
            {
                "title": "Webhook",
                "type": "object",
                "properties": {"url": _TEMPLATE, "format": {"enum": [*map(str, WebhookFormat)]}},
                "required": ["url"],
                "additionalProperties": False,
            },
        ]
    },
    write=_webhook_as_written,
)
SERVICE = Kind(read=notification_url, schema=_TEMPLATE)
SECRET = Kind(read=printable, schema=_ASCII)

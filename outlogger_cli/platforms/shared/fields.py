"""Typed, cleaned reading of wire data: the only place where JSON is `Any`.

`Fields` wraps one JSON object and knows its path, so that an error names the place
(`components[3].name`). Text comes out cleaned, times aware and UTC, lists as `Fields`.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import urlsplit

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Document, FailureKind, Incident, Link, Reason

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


_last = threading.local()
"""The body read last and its JSON: a platform is asked whether it knows a page, and then again
what the page says. Nobody changes the values."""


class Fields:
    """One JSON object of a page, and where in the document it stands."""

    __slots__ = ("_index", "_path", "values", "zone")

    def __init__(
        self,
        values: Mapping[str, Any],
        path: str = "",
        zone: tzinfo = UTC,
        *,
        index: int | None = None,
    ) -> None:
        self.values = values
        self.zone = zone
        self._path = path
        self._index = index

    @property
    def path(self) -> str:
        """Where it stands, as in `components[3]`; put together only where somebody asks."""
        return self._path if self._index is None else f"{self._path}[{self._index}]"

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, default: str = "") -> str:
        """One cleaned line; numbers count as text, anything else as `default`."""
        value = self.values.get(key)
        if value.__class__ is str:
            return text.line(value) or default
        if isinstance(value, bool) or not isinstance(value, int | float):
            return default
        return text.line(str(value))

    def optional(self, key: str) -> str | None:
        return self.text(key) or None

    def body(self, key: str) -> str:
        """Plain text of several lines; markup becomes text."""
        value = self.values.get(key)
        return text.body(value) if isinstance(value, str) else ""

    def word(self, key: str) -> str:
        """A word of the platform's own vocabulary, in lower case; "" where there is none."""
        return self.text(key).lower()

    def flag(self, key: str) -> bool:
        return self.values.get(key) is True

    def number(self, key: str, default: float = 0) -> float:
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return default
        return value

    def time(self, key: str) -> datetime | None:
        """An ISO 8601 moment; one without a zone is read in the page's zone."""
        value = self.values.get(key)
        return parse_time(value, self.zone) if isinstance(value, str) else None

    def epoch(self, key: str) -> datetime | None:
        """A Unix time in seconds or milliseconds, as a number or as text."""
        try:
            seconds = float(self.text(key))
            moment = datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
        except (ValueError, OverflowError, OSError):
            return None
        return moment if _EARLIEST <= moment <= _LATEST else None

    def url(self, key: str) -> str:
        return link(self.values.get(key))

    def object(self, key: str) -> "Fields":
        """The object at `key`; raises `invalid` where it is missing or something else."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise invalid(self._at(key), "an object", value)
        return Fields(value, self._at(key), self.zone)

    def objects(self, key: str, *, required: bool = False) -> Iterator["Fields"]:
        """The objects of the list at `key`; a missing or null list is empty unless `required`.

        Raises `invalid` where it is no list, or a row of it is no object.
        """
        value = self.values.get(key)
        if value is None and not required:
            return
        if not isinstance(value, list):
            raise invalid(self._at(key), "a list", value)
        path, zone = self._at(key), self.zone
        for index, row in enumerate(value):
            if not isinstance(row, dict):
                raise invalid(f"{path}[{index}]", "an object", row)
            yield Fields(row, path, zone, index=index)

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def json_value(document: Document) -> Any:
    """The JSON in `document`; raises `not_json`, saying what the body is instead."""
    if getattr(_last, "body", None) is document.body:
        return _last.value
    try:
        value = json.loads(document.body)
    except (ValueError, RecursionError):
        raise _not_json(document.body) from None
    _last.body, _last.value = document.body, value
    return value


def json_object(document: Document) -> Fields:
    """The JSON object in `document`; raises `not_json` or `not_a_status_page`."""
    value = json_value(document)
    if not isinstance(value, dict):
        raise PageError(
            FailureKind.NOT_A_STATUS_PAGE, f"the answer is JSON but {_kind(value)}, not a page"
        )
    return Fields(value)


def parse_time(value: str, zone: tzinfo = UTC) -> datetime | None:
    """An ISO 8601 moment in UTC, None where it is none or lies outside 1990 to 2200."""
    try:
        moment = datetime.fromisoformat(value.strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _EARLIEST <= moment <= _LATEST else None


def zone_named(name: str) -> tzinfo:
    """The IANA zone called `name`, UTC where nobody knows it."""
    if name in {"", "UTC", "Etc/UTC"}:
        return UTC
    from zoneinfo import ZoneInfo  # most pages are on UTC

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return UTC


def link(value: object) -> str:
    """`value` where it is an http(s) address safe to show, with https; else ""."""
    if not isinstance(value, str) or value != text.line(value) or " " in value:
        return ""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        return ""
    rest = value[len(parts.scheme) :]
    return parts.scheme + rest if port else f"https{rest}"


def at(page_url: str, path: str) -> str:
    """The address of `path` below the page, whose own path is kept."""
    return page_url.split("?")[0].split("#")[0].rstrip("/") + path


def newest_first(incidents: list[Incident]) -> tuple[Incident, ...]:
    """Incidents by start, the newest first; those without a time keep their place at the end."""
    never = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(incidents, key=lambda i: i.started_at or never, reverse=True))


def merge(first: tuple[Incident, ...], second: tuple[Incident, ...]) -> tuple[Incident, ...]:
    """Both lists, newest first; of two copies of an incident the later `updated_at` wins."""
    never = datetime.min.replace(tzinfo=UTC)
    found: dict[str, Incident] = {}
    for incident in (*first, *second):
        key = incident.id or f"{incident.name} {incident.started_at}"
        known = found.get(key)
        if known is None or (incident.updated_at or never) > (known.updated_at or never):
            found[key] = incident
    return newest_first(list(found.values()))


def links(rows: Iterator[Fields], *, id_key: str = "id") -> tuple[Link, ...]:
    """The components that `rows` name, each once."""
    found = {}
    for row in rows:
        one = Link(id=row.optional(id_key), name=row.text("name"))
        if one.id or one.name:
            found[one.id or one.name] = one
    return tuple(found.values())


def invalid(path: str, wanted: str, value: object) -> PageError:
    """The error for a value of the wrong type at `path`."""
    return PageError(FailureKind.INVALID, f"{path} is {_kind(value)} where {wanted} should be")


def _kind(value: object) -> str:
    match value:
        case None:
            return "missing"
        case bool():
            return "true or false"
        case str():
            return "text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case _:
            return "an object"


def _not_json(body: bytes) -> PageError:
    start = body[:4000].lstrip().lower()
    if not start:
        message = "the answer is empty"
    elif start.startswith((b"{", b"[")):
        message = "the JSON breaks off or is damaged"
    elif refusal := known_refusal(body):
        return refusal
    elif b"<html" in start or start.startswith(b"<!doctype html"):
        message = "the answer is an HTML page, not JSON"
    elif start.startswith(b"<"):
        message = "the answer is XML, not JSON"
    else:
        message = "the answer is not JSON"
    return PageError(FailureKind.NOT_JSON, message)


def known_refusal(body: bytes) -> PageError | None:
    """The error for a page that is known not to be a status page; None for any other body.

    Such pages are sign-ins, parked domains, robot guards and a platform's marketing page.
    """
    start = body[:20_000].lower()
    if b"<" not in start:
        return None
    for reason, message, signs in _REFUSALS:
        if any(sign in start for sign in signs):
            return PageError(FailureKind.NOT_JSON, message, reason=reason)
    return None


def is_broken(document: Document) -> bool:
    """Whether data was requested and is unusable: empty, damaged JSON, or a `known_refusal`."""
    body = document.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if body[:1] in {b"{", b"["}:
        try:
            json_value(document)
        except PageError:
            return True
    return not body or (document.endpoint.name != "page" and known_refusal(body) is not None)


_REFUSALS = (
    (
        Reason.NO_SUCH_PAGE,
        "no such page: Atlassian's own marketing page answers here",
        (b"<title>statuspage | atlassian",),
    ),
    (Reason.SIGN_IN, "a private page: it asks for a sign-in", (b"- sign in</title>",)),
    (
        Reason.SIGN_IN,
        "a sign-in page answers here",
        (b'type="password"', b"<title>sign in", b"<title>log in", b"<title>login"),
    ),
    (
        Reason.PARKED_DOMAIN,
        "a parked domain: its name is for sale",
        (
            b"domain is for sale",
            b"buy this domain",
            b"domain is parked",
            b"sedoparking",
            b"parkingcrew",
        ),
    ),
    (
        Reason.ROBOT_GUARD,
        "a guard against robots answers here",
        (b"cf-challenge", b"<title>just a moment", b"challenge-platform"),
    ),
)

"""Typed, cleaned reading of JSON: the only place where it is `Any`.

`Fields` wraps one JSON object and knows its path, so that an error names the place
(`components[3].name`). Text comes out cleaned, times aware and UTC, lists as `Fields`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import EVER, Document, FailureKind, Reason
from outlogger_cli.platforms.shared import addresses, times
from outlogger_cli.platforms.shared.documents import ROW_LIMIT, check_documents, once, too_large

_NUMBERS = frozenset({int, float})
"""As classes, not by `isinstance`: true and false are no numbers."""


class Fields:
    """One JSON object of a page, and its place in the document."""

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
        """Its place, as in `components[3]`; built only when asked for, as few rows fail."""
        return self._path if self._index is None else f"{self._path}[{self._index}]"

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, default: str = "") -> str:
        """One cleaned line; numbers count as text, anything else as `default`."""
        value = self.values.get(key)
        if value.__class__ is str:
            return text.line(value) or default
        return text.line(str(value)) if type(value) in _NUMBERS else default

    def optional(self, key: str) -> str | None:
        return self.text(key) or None

    def body(self, key: str) -> str:
        """Plain text of several lines; markup becomes text."""
        value = self.values.get(key)
        return text.body(value) if isinstance(value, str) else ""

    def word(self, key: str) -> str:
        """A word of the platform's own vocabulary, in lower case; "" if there is none."""
        return self.text(key).lower()

    def flag(self, key: str) -> bool:
        return self.values.get(key) is True

    def number(self, key: str, default: float = 0) -> float:
        value: Any = self.values.get(key)
        return value if type(value) in _NUMBERS else default

    def time(self, *keys: str) -> datetime | None:
        """The first ISO 8601 time at one of `keys`; without a zone it is in the page's zone."""
        for key in keys:
            value = self.values.get(key)
            moment = times.parse(value, self.zone) if isinstance(value, str) else None
            if moment:
                return moment
        return None

    def epoch(self, key: str) -> datetime | None:
        """A Unix time in seconds or milliseconds, as a number or as text."""
        try:
            return times.from_epoch(float(self.text(key)))
        except ValueError:
            return None

    def url(self, key: str) -> str:
        return addresses.link(self.values.get(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """The cleaned words of a list of words or numbers; anything else in it is left out."""
        value = self.values.get(key)
        words = (Fields({"": one}).text("") for one in value) if isinstance(value, list) else ()
        return tuple(word for word in words if word)

    def object(self, key: str) -> "Fields":
        """The object at `key`; raises `invalid` if it is missing or something else."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise invalid(self._at(key), "an object", value)
        return Fields(value, self._at(key), self.zone)

    def object_or_empty(self, key: str) -> "Fields":
        """The object at `key`, an empty one if it is missing or null; raises like `object`."""
        return self.object(key) if self.values.get(key) is not None else Fields({})

    def inside(self, *keys: str) -> "Fields":
        """The object at `keys`, one below the other; an empty one if any is not an object.

        Never raises: to look into a document that may belong to another platform.
        """
        found = self
        for key in keys:
            value = found.values.get(key)
            found = Fields(value if isinstance(value, dict) else {}, found._at(key), found.zone)
        return found

    def objects(self, key: str, *, required: bool = False) -> Iterator["Fields"]:
        """The objects of the list at `key`; a missing or null list is empty unless `required`.

        Raises `invalid` if it is not a list, or a row of it is not an object, and `too_large`.
        """
        value = self.values.get(key)
        if value is None and not required:
            return
        if not isinstance(value, list):
            raise invalid(self._at(key), "a list", value)
        if len(value) > ROW_LIMIT:
            raise too_large(f"{self._at(key)} has more than {ROW_LIMIT:,} rows")
        path, zone = self._at(key), self.zone
        for index, row in enumerate(value):
            if not isinstance(row, dict):
                raise invalid(f"{path}[{index}]", "an object", row)
            yield Fields(row, path, zone, index=index)

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def json_value(document: Document) -> Any:
    """The JSON in `document`; raises `too_large`, or `not_json` with what the body is instead."""
    return once(_loaded, document.body)


def _loaded(body: bytes) -> Any:
    check_documents([body])
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise _not_json(body) from None


def json_object(document: Document) -> Fields:
    """The JSON object in `document`; raises `not_json` or `not_a_status_page`."""
    value = json_value(document)
    if not isinstance(value, dict):
        raise not_a_page(f"unexpected JSON: {_kind(value)}, not a status page")
    return Fields(value)


def rows_of(document: Document, key: str) -> list[Fields]:
    """The rows of a document that is a bare list, or an object with the list at `key`."""
    value = json_value(document)
    wire = Fields({key: value}) if isinstance(value, list) else json_object(document)
    return list(wire.objects(key, required=True))


def bare_list(document: Document, name: str) -> list[Fields]:
    """The objects of a document that is a list of `name` and nothing else.

    An empty list is a claim of health, so a list inside an object belongs to another platform.
    Raises `not_json`, `not_a_status_page` if it is not a list, `invalid` if a row is not an object.
    """
    if not isinstance(json_value(document), list):
        raise not_a_page(f"unexpected JSON: not a list of {name}")
    return rows_of(document, name)


def rows_newest_first(rows: Iterable[Fields], *keys: str) -> list[Fields]:
    """Rows by the first time they have among `keys`; of the same time the earlier row first."""
    return sorted(rows, key=lambda row: row.time(*keys) or EVER, reverse=True)


def not_a_page(message: str) -> PageError:
    return PageError(FailureKind.NOT_A_STATUS_PAGE, message)


def invalid(path: str, wanted: str, value: object) -> PageError:
    """The error for a value of the wrong type at `path`."""
    return PageError(FailureKind.INVALID, f"{path} is {_kind(value)}, expected {wanted}")


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "an object")


_KINDS = {
    type(None): "missing",
    bool: "true or false",
    str: "text",
    int: "a number",
    float: "a number",
    list: "a list",
}


def _not_json(body: bytes) -> PageError:
    start = body[:4000].lstrip().lower()
    if not start:
        message = "empty response"
    elif start.startswith((b"{", b"[")):
        message = "invalid or truncated JSON"
    elif refusal := known_refusal(body):
        return refusal
    elif b"<html" in start or start.startswith(b"<!doctype html"):
        message = "HTML instead of JSON"
    elif start.startswith(b"<"):
        message = "XML instead of JSON"
    else:
        message = "not JSON"
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
        "page does not exist (Atlassian's own website answers)",
        (b"<title>statuspage | atlassian",),
    ),
    (Reason.SIGN_IN, "private page: sign-in required", (b"- sign in</title>",)),
    (
        Reason.SIGN_IN,
        "sign-in page instead of a status page",
        (b'type="password"', b"<title>sign in", b"<title>log in", b"<title>login"),
    ),
    (
        Reason.PARKED_DOMAIN,
        "parked domain (for sale)",
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
        "blocked by bot protection",
        (b"cf-challenge", b"<title>just a moment", b"challenge-platform"),
    ),
)

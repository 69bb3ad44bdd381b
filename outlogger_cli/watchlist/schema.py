"""The watchlist: a TOML file that says which vendors to read, and how.

`DEFAULTS_KEYS`, `VENDOR_KEYS` and `NOTIFY_KEYS` are the keys of its tables. Everything that needs
them is derived from these: parsing, edits, exports, the help topic. The classes hold the values
in fields of the same names. Every error names the file, the line if it is known, the key and what
is allowed.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from outlogger_cli.domain import toml
from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown
from outlogger_cli.domain.similar import closest, did_you_mean
from outlogger_cli.domain.values import field, frozen
from outlogger_cli.watchlist import readers
from outlogger_cli.watchlist.readers import Kind, Value, Webhook

if TYPE_CHECKING:
    from outlogger_cli.watchlist.positions import Place

NEW = "version = 1\n"
"""The text from which a file that does not exist yet is edited."""

_SHOWN_LIMIT = 60
_SLUG_MARKS = str.maketrans("._-", "aaa")
_HEADER_MARKS = str.maketrans(dict.fromkeys("!#$%&'*+-.^_`|~", "a"))

T = TypeVar("T")


Shape = Literal["value", "list", "table"]
"""How many values a key has: one, a list of them, or a table of names and values."""


class Key(NamedTuple):
    """A key of the watchlist; `kind` is the type of each of its values.

    Values of a `secret` key are not repeated in messages, nor exported.
    """

    name: str
    kind: Kind
    help: str
    shape: Shape = "value"
    secret: bool = False

    def write(self, value: Any) -> Value:
        """The value of the field as TOML has it."""
        if self.shape == "list":
            return [self.kind.write(one) for one in value]
        if self.shape == "table":
            return {name: self.kind.write(one) for name, one in value}
        return self.kind.write(value)


_POLICY_KEYS = (
    Key("fail_on", readers.FAIL_ON, "Lowest severity that is a problem."),
    Key("on_unknown", readers.ON_UNKNOWN, "What an unknown vendor does to the exit code."),
    Key("count_incidents", readers.COUNT_INCIDENTS, "Which open incidents count."),
    Key("timeout", readers.BUDGET, "Time limit per vendor."),
)
DEFAULTS_KEYS = (
    *_POLICY_KEYS,
    Key("deadline", readers.BUDGET, "Time limit for the whole run."),
    Key("jobs", readers.JOBS, "Vendors read at the same time."),
    Key("retries", readers.RETRIES, "Retries after a transient failure."),
    Key("max_age", readers.LENGTH, "Use a stored reading younger than this."),
    Key("tz", readers.ZONE, "The time zone in which times are shown."),
)
VENDOR_KEYS = (
    Key("name", readers.TEXT, "The name that is shown."),
    Key("url", readers.URL, "The address of the status page."),
    Key("platform", readers.PLATFORM, "The software behind the page."),
    Key("components", readers.TEXT, "Patterns of the only components that count.", "list"),
    Key("exclude", readers.TEXT, "Patterns of components that do not count.", "list"),
    Key("tags", readers.TEXT, "Tags to select the vendor by.", "list"),
    *_POLICY_KEYS,
    Key("headers", readers.SECRET, "HTTP headers to send to the page.", "table", secret=True),
)
NOTIFY_KEYS = (
    Key("command", readers.COMMAND, "A shell command to run.", secret=True),
    Key("webhooks", readers.WEBHOOK, "Addresses to POST to.", "list", secret=True),
    Key("urls", readers.SERVICE, "Addresses of services of Apprise.", "list", secret=True),
    Key("quiet", readers.HOURS, "Hours without notifications, in local time."),
    Key("on", readers.EVENT, "The only events that are sent.", "list"),
    Key("remind", readers.BUDGET, "Repeat an open problem this often."),
)
KEYS = {"[defaults]": DEFAULTS_KEYS, "[vendors.SLUG]": VENDOR_KEYS, "[notify]": NOTIFY_KEYS}
"""Every key of the file, by the table in which it is allowed."""

_SECRET = {key.name for keys in KEYS.values() for key in keys if key.secret}


@frozen
class Entry:
    """One `[vendors.SLUG]`; None, or an empty tuple, if the file says nothing.

    Values of `headers` still hold their `${NAME}`: see `placeholders.expand`.
    """

    slug: str
    name: str | None = None
    url: str | None = None
    platform: str | None = None
    components: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    fail_on: FailOn | None = None
    on_unknown: OnUnknown | None = None
    count_incidents: CountIncidents | None = None
    timeout: timedelta | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def given(self) -> dict[str, Any]:
        """What the file says besides the slug, by key."""
        values = {key.name: getattr(self, key.name) for key in VENDOR_KEYS}
        return {name: value for name, value in values.items() if value}


@frozen
class Defaults:
    """`[defaults]`; None if the file says nothing. `tz` is a zone that this machine has."""

    fail_on: FailOn | None = None
    on_unknown: OnUnknown | None = None
    count_incidents: CountIncidents | None = None
    timeout: timedelta | None = None
    deadline: timedelta | None = None
    jobs: int | None = None
    retries: int | None = None
    max_age: timedelta | None = None
    tz: str | None = None


@frozen
class Notify:
    """`[notify]`; `webhooks` and `urls` still hold their `${NAME}`: see `placeholders.expand`.

    `quiet` is the local time at which it begins and the one at which it ends, over midnight if
    the end is earlier. `on` holds words of `EVENTS`, None if the file says nothing. `remind` is how
    often an open problem is repeated.
    """

    command: str | None = field(default=None, repr=False)
    webhooks: tuple[Webhook, ...] = field(default=(), repr=False)
    urls: tuple[str, ...] = field(default=(), repr=False)
    quiet: tuple[time, time] | None = None
    on: tuple[str, ...] | None = None
    remind: timedelta | None = None


@frozen
class Watchlist:
    """A whole file; `vendors` in its order, no two slugs the same but for letter case."""

    path: Path
    vendors: tuple[Entry, ...] = ()
    defaults: Defaults = Defaults()
    notify: Notify | None = None

    def entry(self, slug: str) -> Entry | None:
        """The entry with this slug; letter case does not matter."""
        return next((one for one in self.vendors if one.slug.lower() == slug.lower()), None)


Error = tuple["Place", str]
"""What is wrong, and in which place of the file."""

ERROR_LIMIT = 100
"""Errors that are shown of one file; reading ends with the last of them."""


class _TooManyError(Exception):
    """There are as many errors as are shown: reading ends."""


def _none(_watchlist: Watchlist) -> Iterable[Error]:
    return ()


def parse(text: str, path: Path, also: Callable[[Watchlist], Iterable[Error]] = _none) -> Watchlist:
    """The watchlist in `text`; errors name it by `path`.

    Raises `ConfigError` with all errors in the file, those that `also` finds included.
    """
    text = text.removeprefix("\ufeff")
    root = _Table((), _toml(text, path), [])
    watchlist = Watchlist(path=path)
    try:
        watchlist = _read(root, path)
        wrong = {place for place, _ in root.errors}
        for place, message in also(watchlist):
            if (*place, "url") not in wrong:
                root.add_error(place, message)
    except _TooManyError:
        root.errors.append(((), "there may be more errors"))
    if root.errors:
        raise _all(root.errors, text, path)
    return watchlist


def _read(root: "_Table", path: Path) -> Watchlist:
    root.only(("version", "defaults", "vendors", "notify"))
    root.one("version", readers.version)
    table = root.table("notify")
    notify = table.read(NOTIFY_KEYS)
    if "reminder" in notify.get("on", ()) and "remind" not in table.values:
        table.refuse("on", 'reminder needs the key remind, such as remind = "4h"')
    return Watchlist(
        path=path,
        vendors=_entries(root.table("vendors")),
        defaults=Defaults(**root.table("defaults").read(DEFAULTS_KEYS)),
        notify=Notify(**notify) if "notify" in root.values else None,
    )


def is_slug(text: str) -> bool:
    """Whether `text` may name a vendor: `[A-Za-z0-9._-]+`."""
    return text.isascii() and text.translate(_SLUG_MARKS).isalnum()


def error(path: Path, message: str, line: int | None = None) -> ConfigError:
    """The error of the file at `path`, with the line if it is known."""
    where = f"{_clean(str(path))}:{line}" if line else _clean(str(path))
    return ConfigError(f"{where}: {message}")


def _all(errors: Sequence[Error], text: str, path: Path) -> ConfigError:
    """The `errors` in the order of the file."""
    from outlogger_cli.watchlist.positions import lines_of  # loaded only if something is wrong

    lines = lines_of(text, (place for place, _ in errors)) | {(): len(text)}
    ordered = sorted(errors, key=lambda one: lines.get(one[0], 0))
    return ConfigError(
        *(str(error(path, says, lines.get(place) if place else None)) for place, says in ordered)
    )


def _toml(text: str, path: Path) -> Mapping[str, object]:
    try:
        return toml.loads(text)
    except toml.DeepKeyError as deep:
        raise error(path, f"a key has more than {toml.KEY_PARTS} parts", deep.line) from None
    except tomllib.TOMLDecodeError as invalid:
        reason, _, position = str(invalid).removesuffix(")").rpartition(" (at ")
        line, _, column = position.removeprefix("line ").partition(", column ")
        if not column:
            raise error(path, f"not valid TOML: {reason} ({position})") from None
        raise error(path, f"not valid TOML: {reason} (column {column})", int(line)) from None
    except (ValueError, RecursionError):
        raise error(
            path, "not valid TOML: a number is too long, or lists or keys are nested too deeply"
        ) from None


class _Table:
    """One table of the file, its place there, and the errors found so far in the whole file."""

    __slots__ = ("errors", "place", "values")

    def __init__(self, place: "Place", values: Mapping[str, object], errors: list[Error]) -> None:
        self.place = place
        self.values = values
        self.errors = errors

    def read(self, keys: Sequence[Key]) -> dict[str, Any]:
        """The values of the `keys` that are given and valid; refuses others."""
        self.only([key.name for key in keys])
        return {key.name: self._read(key) for key in keys if key.name in self.values}

    def only(self, allowed: Sequence[str]) -> None:
        """Refuse every key that is not `allowed`, with the one that was probably meant."""
        for key in self.values:
            if key not in allowed:
                kind = "table" if isinstance(self.values[key], dict) else "key"
                hint = did_you_mean(closest(key, allowed, 1), separator=", ")
                self.refuse(key, f"unknown {kind}{hint} (allowed: {', '.join(allowed)})")

    def one(self, key: str, reader: Callable[[object], T]) -> T | None:
        """The value of `key` as `reader` reads it; None without one, or if it is invalid."""
        return self._checked((key,), self.values[key], reader) if key in self.values else None

    def table(self, key: str) -> "_Table":
        """The table at `key`, an empty one if there is none."""
        return _Table((*self.place, key), self.one(key, readers.table) or {}, self.errors)

    def refuse(self, key: str, message: str) -> None:
        place = (*self.place, key)
        self.add_error(place, f"{_name(place)}: {message}")

    def add_error(self, place: "Place", message: str) -> None:
        self.errors.append((place, message))
        if len(self.errors) == ERROR_LIMIT:
            raise _TooManyError

    def header(self, name: str, reader: Callable[[object], T]) -> tuple[str, T | None]:
        """A name that may be an HTTP header's, and its value."""
        if not (name.isascii() and name.translate(_HEADER_MARKS).isalnum()):
            self.refuse(name, "is not the name of an HTTP header")
        return name, self.one(name, reader)

    def _read(self, key: Key) -> object:
        if key.shape == "list":
            rows = self.one(key.name, readers.rows) or []
            return tuple(
                self._checked((key.name, index), row, key.kind.read)
                for index, row in enumerate(rows)
            )
        if key.shape == "table":
            inner = self.table(key.name)
            return tuple(inner.header(name, key.kind.read) for name in inner.values)
        return self.one(key.name, key.kind.read)

    def _checked(self, inside: "Place", value: object, reader: Callable[[object], T]) -> T | None:
        try:
            return reader(value)
        except ValueError as invalid:
            place = (*self.place, *inside)
            self.add_error(place, f"{_name(place)}{_shown(place, value)}: {invalid}")
            return None


def _entries(vendors: _Table) -> tuple[Entry, ...]:
    seen: dict[str, str] = {}
    for slug in vendors.values:
        if not is_slug(slug):
            vendors.refuse(slug, "use only A-Z a-z 0-9 . _ - in a slug")
        elif slug.lower() in seen:
            vendors.refuse(slug, f"differs from {seen[slug.lower()]} only in upper case")
        seen.setdefault(slug.lower(), slug)
    return tuple(
        Entry(slug=slug, **vendors.table(slug).read(VENDOR_KEYS)) for slug in vendors.values
    )


def _clean(words: str) -> str:
    from outlogger_cli.domain import text  # loaded only if something is wrong

    return text.line(words)


def _name(place: "Place") -> str:
    """`[vendors.github] components[1]`"""
    index = f"[{place[-1]}]" if isinstance(place[-1], int) else ""
    keys = [_key(str(key)) for key in (place[:-1] if index else place)]
    table = f"[{'.'.join(keys[:-1])}] " if keys[1:] else ""
    return f"{table}{keys[-1]}{index}"


def _key(name: str) -> str:
    return name if is_slug(name) and "." not in name else f'"{_clean(name)}"'


def _shown(place: "Place", value: object) -> str:
    """` = "bad"`; empty if it is long, not a plain value, or may be a secret."""
    text = readers.spelled(value)
    if not isinstance(value, str | int | float) or len(text) > _SHOWN_LIMIT:
        return ""
    if _SECRET.intersection(place) or "@" in text:
        return ""
    return f' = "{_clean(value)}"' if isinstance(value, str) else f" = {text.lower()}"

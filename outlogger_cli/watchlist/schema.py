"""The watchlist: a TOML file that says which vendors to read, and how.

Reading only; the edits that keep the rest of a file as it is are in `watchlist_edit`. The keys
that may stand in the file are the fields of `Defaults`, `Entry` and `Notify`, and nothing else.
Every error names the file, the line where it is known, the key and what is allowed.
"""

import errno
import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, fields
from datetime import time, timedelta
from pathlib import Path
from typing import TypeVar

from outlogger_cli.domain import toml
from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown
from outlogger_cli.domain.values import frozen
from outlogger_cli.watchlist import readers as values
from outlogger_cli.watchlist.positions import Place, line_of

SIZE_LIMIT = 1024 * 1024
"""Bytes; a longer file is not a watchlist."""

PIPE_PATIENCE = 10.0
"""Seconds until somebody has to write to a watchlist that is a pipe, as `<(...)` makes them."""

_SHOWN_LIMIT = 60
_SECRET = {"command", "webhooks", "urls", "headers"}
_SLUG_MARKS = str.maketrans("._-", "aaa")
_HEADER_MARKS = str.maketrans(dict.fromkeys("!#$%&'*+-.^_`|~", "a"))

T = TypeVar("T")


@frozen
class Entry:
    """One `[vendors.SLUG]`. None, or an empty tuple, where the file says nothing.

    Values of `headers` still hold their `${NAME}`: see `expand`.
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


@frozen
class Defaults:
    """`[defaults]`; None where the file says nothing. `tz` is a zone this machine knows."""

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
    """`[notify]`. `webhooks` and `urls` still hold their `${NAME}`: see `expand`.

    `quiet` is the local time it begins and the one it ends, over midnight where the end is
    earlier. `on` holds words of `EVENTS`, None where the file says nothing.
    """

    command: str | None = field(default=None, repr=False)
    webhooks: tuple[str, ...] = field(default=(), repr=False)
    urls: tuple[str, ...] = field(default=(), repr=False)
    quiet: tuple[time, time] | None = None
    on: tuple[str, ...] | None = None


@frozen
class Watchlist:
    """A whole file; `vendors` in the order they stand in it, no two alike but for case."""

    path: Path
    vendors: tuple[Entry, ...] = ()
    defaults: Defaults = Defaults()
    notify: Notify | None = None


def load(path: Path) -> Watchlist:
    """The watchlist at `path`; raises `ConfigError`, one line, where it is not a good one."""
    return parse(read(path), path)


def read(path: Path) -> str:
    """The text at `path` as it stands, with its line ends and its byte order mark.

    Raises `ConfigError` where it cannot be read, is no UTF-8 or is longer than `SIZE_LIMIT`.
    """
    try:
        data = _piped(path) if path.is_fifo() else _bytes(path)
    except OSError as error:
        raise _error(path, f"cannot be read: {error.strerror}") from None
    if len(data) > SIZE_LIMIT:
        raise _error(path, "is larger than 1 MiB, so it is not a watchlist")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _error(path, "is not UTF-8 text; save it as UTF-8", line) from None


def parse(text: str, path: Path) -> Watchlist:
    """The watchlist that `text` spells; `path` is what errors call it. Raises `ConfigError`."""
    text = text.removeprefix("\ufeff")
    root = _Table(path, text, (), _toml(text, path))
    root.only(("version", "defaults", "vendors", "notify"))
    root.one("version", values.version)
    return Watchlist(
        path=path,
        vendors=_entries(root.table("vendors")),
        defaults=_defaults(root.table("defaults")),
        notify=_notify(root.table("notify")) if "notify" in root.values else None,
    )


def expand(text: str, environ: Mapping[str, str], *, where: str) -> str:
    """`text` with each `${NAME}` replaced from `environ`; a `$` elsewhere is a plain character.

    Raises `ConfigError` naming `where` and NAME, never a value: for a name that is not set or
    empty, for a value that no address and no header can hold, and for a `${` without a name.
    """
    try:
        placeholders = list(values.placeholders(text))
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from None
    expanded = [text.partition("${")[0]]
    for name, after in placeholders:
        value = environ.get(name)
        if not value:
            wanting = "empty" if name in environ else "not set"
            raise ConfigError(f"{where}: the environment variable {name} is {wanting}")
        if not (value.isascii() and value.isprintable()):
            raise ConfigError(
                f"{where}: the environment variable {name} holds a character that is not "
                "printable ASCII (a line break, perhaps)"
            )
        expanded += (value, after)
    return "".join(expanded)


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(SIZE_LIMIT + 1)


def _piped(path: Path) -> bytes:
    """What comes through a pipe, to which perhaps nobody ever writes."""
    import select

    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if not select.select([file], [], [], PIPE_PATIENCE)[0]:
            raise OSError(errno.ETIMEDOUT, "nobody writes to this pipe")
        os.set_blocking(handle, True)
        return file.read(SIZE_LIMIT + 1)


def _toml(text: str, path: Path) -> Mapping[str, object]:
    try:
        return toml.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, _, position = str(error).removesuffix(")").rpartition(" (at ")
        line, _, column = position.removeprefix("line ").partition(", column ")
        if not column:
            raise _error(path, f"not valid TOML: {reason} ({position})") from None
        raise _error(path, f"not valid TOML: {reason} (column {column})", int(line)) from None
    except (ValueError, RecursionError):
        raise _error(path, "not valid TOML: a number too long, or lists or keys too deep") from None


class _Table:
    """One table of the file, and where it stands."""

    __slots__ = ("path", "place", "text", "values")

    def __init__(self, path: Path, text: str, place: Place, values: Mapping[str, object]) -> None:
        self.path = path
        self.text = text
        self.place = place
        self.values = values

    def only(self, allowed: Sequence[str]) -> None:
        """Refuses every key that is not `allowed`, with the one that was probably meant."""
        for key in self.values:
            if key not in allowed:
                from difflib import get_close_matches

                kind = "table" if isinstance(self.values[key], dict) else "key"
                close = get_close_matches(key, allowed, 1)
                hint = f", did you mean {close[0]}?" if close else ""
                raise self.error(key, f"unknown {kind}{hint} (allowed: {', '.join(allowed)})")

    def one(self, key: str, reader: Callable[[object], T]) -> T | None:
        """The value of `key` through `reader`, whose `ValueError` says what is allowed."""
        return self._checked((key,), self.values[key], reader) if key in self.values else None

    def items(self, key: str, reader: Callable[[object], T]) -> tuple[T, ...]:
        """The list at `key`, each item through `reader`; empty where there is none."""
        rows = self.one(key, values.rows) or []
        return tuple(self._checked((key, index), row, reader) for index, row in enumerate(rows))

    def table(self, key: str) -> "_Table":
        """The table at `key`, an empty one where there is none."""
        return _Table(self.path, self.text, (*self.place, key), self.one(key, values.table) or {})

    def error(self, key: str, message: str) -> ConfigError:
        place = (*self.place, key)
        return _error(self.path, f"{_name(place)}: {message}", line_of(self.text, place))

    def _checked(self, inside: Place, value: object, reader: Callable[[object], T]) -> T:
        try:
            return reader(value)
        except ValueError as error:
            place = (*self.place, *inside)
            message = f"{_name(place)}{_shown(place, value)}: {error}"
            raise _error(self.path, message, line_of(self.text, place)) from None


def _entries(vendors: _Table) -> tuple[Entry, ...]:
    seen: dict[str, str] = {}
    for slug in vendors.values:
        if not is_slug(slug):
            raise vendors.error(slug, "a slug may hold only A-Z a-z 0-9 . _ -")
        if slug.lower() in seen:
            raise vendors.error(slug, f"differs from {seen[slug.lower()]} only in upper case")
        seen[slug.lower()] = slug
    return tuple(_entry(slug, vendors.table(slug)) for slug in vendors.values)


def is_slug(text: str) -> bool:
    """Whether `text` may name a vendor: `[A-Za-z0-9._-]+`."""
    return text.isascii() and text.translate(_SLUG_MARKS).isalnum()


def _entry(slug: str, table: _Table) -> Entry:
    table.only([key.name for key in fields(Entry) if key.name != "slug"])
    headers = table.table("headers")
    return Entry(
        slug=slug,
        name=table.one("name", values.plain_text),
        url=table.one("url", values.url),
        platform=table.one("platform", values.platform),
        components=table.items("components", values.plain_text),
        exclude=table.items("exclude", values.plain_text),
        tags=table.items("tags", values.plain_text),
        fail_on=table.one("fail_on", values.word(FailOn)),
        on_unknown=table.one("on_unknown", values.word(OnUnknown)),
        count_incidents=table.one("count_incidents", values.word(CountIncidents)),
        timeout=table.one("timeout", values.budget),
        headers=tuple(_header(headers, name) for name in headers.values),
    )


def _header(headers: _Table, name: str) -> tuple[str, str]:
    if not (name.isascii() and name.translate(_HEADER_MARKS).isalnum()):
        raise headers.error(name, "is not the name of an HTTP header")
    return name, headers.one(name, values.printable) or ""


def _defaults(table: _Table) -> Defaults:
    table.only([key.name for key in fields(Defaults)])
    return Defaults(
        fail_on=table.one("fail_on", values.word(FailOn)),
        on_unknown=table.one("on_unknown", values.word(OnUnknown)),
        count_incidents=table.one("count_incidents", values.word(CountIncidents)),
        timeout=table.one("timeout", values.budget),
        deadline=table.one("deadline", values.budget),
        jobs=table.one("jobs", values.number(1, 1000)),
        retries=table.one("retries", values.number(0, 10)),
        max_age=table.one("max_age", values.length),
        tz=table.one("tz", values.zone),
    )


def _notify(table: _Table) -> Notify:
    table.only([key.name for key in fields(Notify)])
    return Notify(
        command=table.one("command", values.command),
        webhooks=table.items("webhooks", values.webhook),
        urls=table.items("urls", values.notification_url),
        quiet=table.one("quiet", values.hours),
        on=table.items("on", values.event) if "on" in table.values else None,
    )


def _error(path: Path, message: str, line: int | None = None) -> ConfigError:
    where = f"{_clean(str(path))}:{line}" if line else _clean(str(path))
    return ConfigError(f"{where}: {message}")


def _clean(words: str) -> str:
    from outlogger_cli.domain import text  # loaded only where something is wrong

    return text.line(words)


def _name(place: Place) -> str:
    """`[vendors.github] components[1]`"""
    index = f"[{place[-1]}]" if isinstance(place[-1], int) else ""
    keys = [_key(str(key)) for key in (place[:-1] if index else place)]
    table = f"[{'.'.join(keys[:-1])}] " if keys[1:] else ""
    return f"{table}{keys[-1]}{index}"


def _key(name: str) -> str:
    return name if is_slug(name) and "." not in name else f'"{_clean(name)}"'


def _shown(place: Place, value: object) -> str:
    """` = "bad"`; nothing where it is long, no plain value, or may be a secret."""
    said = values.spelled(value)
    if not isinstance(value, str | int | float) or len(said) > _SHOWN_LIMIT:
        return ""
    if _SECRET.intersection(place) or "@" in said:
        return ""
    return f' = "{_clean(value)}"' if isinstance(value, str) else f" = {said.lower()}"

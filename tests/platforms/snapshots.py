"""Snapshots as plain values, to compare them with what `tests/data/expected` says of a sample."""

import tomllib
from dataclasses import fields, is_dataclass
from typing import Any

from outlogger_cli.domain.model import EVER, Snapshot
from tests.support import DATA


def expected(name: str) -> Any:
    """The facts in `tests/data/expected/<name>.toml`."""
    return tomllib.loads((DATA / "expected" / f"{name}.toml").read_text(encoding="utf-8"))


def facts(snapshot: Snapshot) -> Any:
    """The values in a snapshot by the names of their fields; those that say nothing left out."""
    return _plain(snapshot)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        every = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {name: plain for name, plain in every.items() if plain not in (None, "", [], False)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if value == EVER:
        return "ever"
    return str(value) if isinstance(value, str) else value

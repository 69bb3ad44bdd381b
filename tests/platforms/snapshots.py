"""Snapshots as plain values, to compare them with what `tests/data/expected` says of a sample."""

import tomllib
from dataclasses import fields, is_dataclass
from typing import Any

from outlogger_cli.domain.model import EVER
from tests.support import DATA


def expected(name: str) -> Any:
    """The facts in `tests/data/expected/<name>.toml`."""
    return tomllib.loads((DATA / "expected" / f"{name}.toml").read_text(encoding="utf-8"))


def facts(value: Any) -> Any:
    """The values in a snapshot, or in a part of one, by the names of their fields.

    Fields that are empty, false or None are left out.
    """
    if is_dataclass(value):
        every = {field.name: facts(getattr(value, field.name)) for field in fields(value)}
        return {name: fact for name, fact in every.items() if fact not in (None, "", [], False)}
    if isinstance(value, tuple):
        return [facts(one) for one in value]
    if value == EVER:
        return "ever"
    return str(value) if isinstance(value, str) else value

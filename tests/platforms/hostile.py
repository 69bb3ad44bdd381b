"""Documents in which a value is of another type, to show that none of them is a crash."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Document, Snapshot
from outlogger_cli.platforms import Platform, recognised
from tests.support import document

_OTHERS: tuple[Any, ...] = (
    *(None, True, 0, -1.5, float("inf"), "", "x" * 5000, "\x1b]0;x\x07", "2026-01-15T12:00:00"),
    *("https://[", "http://x.example:99999", "&#" + "9" * 5000 + ";", 10**400),
    *([], [None], [[]], [{}], {}, {"id": {}}, {"": 1}),
)


def survives(platform: Platform, read: Mapping[str, Document], name: str) -> list[Snapshot]:
    """The snapshots of `read` with every value of document `name` replaced by every other type.

    Fails where a replacement raises anything but `PageError`.
    """
    found = []
    for body in _mistyped(json.loads(read[name].body)):
        changed = {**read, name: document(name, body, read[name].endpoint.url)}
        if name == next(iter(read)):
            recognised(platform, changed[name])
        try:
            found.append(platform.parse(changed))
        except PageError:
            continue
    return found


def _mistyped(value: Any) -> Iterator[Any]:
    yield from _OTHERS
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in items if isinstance(value, dict | list) else ():
        for other in _mistyped(child) if isinstance(child, dict | list) else _OTHERS:
            copy = value.copy()
            copy[key] = other
            yield copy

"""Documents in which a value is of another type, to show that none of them is a crash."""

from collections.abc import Iterator
from typing import Any

_OTHERS: tuple[Any, ...] = (
    *(None, True, 0, -1.5, float("inf"), "", "x" * 5000, "\x1b]0;x\x07", "2026-01-15T12:00:00"),
    *("https://[", "http://x.example:99999", "&#" + "9" * 5000 + ";", 10**400),
    *([], [None], [[]], [{}], {}, {"id": {}}, {"": 1}),
)


def mistyped(value: Any) -> Iterator[Any]:
    """Every copy of a JSON value with one value in it, or all of it, of another type."""
    yield from _OTHERS
    for key, child in _items(value):
        for other in mistyped(child) if isinstance(child, dict | list) else _OTHERS:
            yield _with(value, key, other)


def multiplied(value: Any, times: int) -> Any:
    """A JSON value with each of its outermost lists that many times as long."""
    match value:
        case dict():
            return {key: multiplied(child, times) for key, child in value.items()}
        case list():
            return [multiplied(child, 1) for child in value] * times
        case _:
            return value


def nested(value: Any, depth: int) -> Iterator[Any]:
    """Every copy of a JSON value with one list or object in it that many levels deeper.

    A list is nested in lists and an object in objects, so that its type stays the same.
    """
    for key, child in _items(value):
        if isinstance(child, dict | list):
            deep = child
            for _ in range(depth):
                deep = [deep] if isinstance(child, list) else {"children": deep}
            yield _with(value, key, deep)
            for deeper in nested(child, depth):
                yield _with(value, key, deeper)


def _items(value: Any) -> list[tuple[Any, Any]]:
    match value:
        case dict():
            return list(value.items())
        case list():
            return list(enumerate(value))
        case _:
            return []


def _with(value: Any, key: Any, child: Any) -> Any:
    copy = value.copy()
    copy[key] = child
    return copy

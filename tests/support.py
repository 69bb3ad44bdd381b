"""Builders that many tests share: documents, samples, times and damaged JSON."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Document, Endpoint
from outlogger_cli.platforms import Platform, first_reading

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def utc(text: str) -> datetime:
    """Parse `2026-01-15 12:00` as an aware time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def document(name: str, body: object, url: str = "https://status.acme.example") -> Document:
    """A document with this body: bytes and text unchanged, anything else as JSON."""
    match body:
        case bytes():
            raw = body
        case str():
            raw = body.encode()
        case _:
            raw = json.dumps(body).encode()
    return Document(
        endpoint=Endpoint(name=name, url=url),
        final_url=url,
        status=200,
        headers={},
        body=raw,
        fetched_at=NOW,
    )


def sample(path: str) -> Any:
    """The JSON sample at `tests/data/<path>`."""
    return json.loads((DATA / path).read_bytes())


def recorded(pattern: str) -> list[Any]:
    """Parameters for the recorded payloads matching `pattern`, one skip if there are none."""
    files = recordings(pattern)
    if not files:
        skip = pytest.mark.skip(reason="OUTLOGGER_RECORDED names no folder with such a recording")
        return [pytest.param(Path(pattern), marks=skip, id="recordings")]
    return [pytest.param(file, id=file.stem) for file in files]


def recordings(pattern: str) -> list[Path]:
    """The recordings matching `pattern` in the folders that OUTLOGGER_RECORDED names, which are
    separated as in PATH."""
    folders = os.environ.get("OUTLOGGER_RECORDED", "").split(os.pathsep)
    return [file for folder in folders if folder for file in sorted(Path(folder).glob(pattern))]


def damaged(value: Any) -> Iterator[tuple[str, Any]]:
    """The copies of a JSON value with one field removed or null, each with its path."""
    for path in _paths(value):
        yield f"without {_name(path)}", _changed(value, path, remove=True)
        yield f"null {_name(path)}", _changed(value, path, remove=False)


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in items:
        if isinstance(value, dict):
            yield (*path, key)
        if isinstance(child, dict | list):
            yield from _paths(child, (*path, key))


def _changed(value: Any, path: tuple[str | int, ...], *, remove: bool) -> Any:
    copy = json.loads(json.dumps(value))
    parent = copy
    for key in path[:-1]:
        parent = parent[key]
    if remove:
        del parent[path[-1]]
    else:
        parent[path[-1]] = None
    return copy


def _name(path: tuple[str | int, ...]) -> str:
    return ".".join(str(key) for key in path)


def recognised(platform: Platform, document: Document) -> bool:
    """Whether `document`, the first of a page, belongs to `platform`."""
    try:
        first_reading(platform, document)
    except PageError:
        return False
    return True

"""Stored readings: the documents of a page as they came, one file a page.

A file that is damaged, cut off, or of another format is a miss and gets replaced. Names are
checksums of addresses: nothing a page says reaches the file system. Concurrent runs are safe, for a
file is written beside its place and renamed into it.
"""

import json
import os
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from outlogger_cli.model import Document, Endpoint, Source
from outlogger_cli.values import frozen

FORMAT = 1
DOCUMENT_LIMIT = 2 * 1024 * 1024
TOTAL_LIMIT = 200 * 1024 * 1024
HELD_LIMIT = 16 * 1024 * 1024
"""Bytes that wait in memory to be written."""

_KEPT_HEADERS = ("etag", "last-modified", "cache-control", "content-type")
_ORPHAN_SECONDS = 3600


@frozen
class Stored:
    """What was read of the page at `url`, on which `platform` and at which address (`home`)."""

    url: str
    home: str
    platform: str
    documents: Mapping[str, Document]


class Cache:
    """The stored readings in `folder`, which is made when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[Stored] = []
        self._held_bytes = 0

    def load(self, url: str) -> Stored | None:
        """What is stored of the page at `url`, None where that is nothing or damaged."""
        try:
            checksum, _, raw = self._file(url).read_bytes().partition(b"\n")
            head, _, bodies = raw.partition(b"\n")
            whole = int(checksum) == zlib.crc32(raw)
            return _decoded(json.loads(head), bodies, url) if whole else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def hold(self, stored: Stored) -> None:
        """Keep `stored` with the next `flush`, which comes by itself before too much is held.

        Beside threads that compute, every call into the file system waits for its turn to go on:
        writing when they are done is a tenth of the cost of a page cheaper.
        """
        self._held.append(stored)
        self._held_bytes += sum(len(document.body) for document in stored.documents.values())
        if self._held_bytes > HELD_LIMIT:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        for stored in self._held:
            self.save(stored)
        self._held, self._held_bytes = [], 0

    def save(self, stored: Stored) -> bool:
        """Keep `stored`; False where it is too large or this machine will not have it."""
        small = {n: d for n, d in stored.documents.items() if len(d.body) <= DOCUMENT_LIMIT}
        if len(small) < len(stored.documents) and next(iter(stored.documents)) not in small:
            return False
        target = self._file(stored.url)
        beside = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}.tmp")
        try:
            with _created(beside) as file:
                file.writelines(_encoded(stored, small))
            beside.replace(target)
        except OSError:
            with suppress(OSError):
                beside.unlink()
            return False
        return True

    def prune(self) -> None:
        """Remove the oldest files over `TOTAL_LIMIT`, and what killed runs left behind."""
        files = sorted(self._files())
        total = sum(size for _, size, _ in files)
        for changed, size, path in files:
            orphan = path.suffix == ".tmp" and changed < time.time() - _ORPHAN_SECONDS
            if total > TOTAL_LIMIT or orphan:
                with suppress(OSError):
                    path.unlink()
                    total -= size

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    with suppress(OSError):
                        found = entry.stat(follow_symlinks=False)
                        yield found.st_mtime, found.st_size, Path(entry.path)
        except OSError:
            return

    def _file(self, url: str) -> Path:
        """Two checksums name the file: it holds its address, so that a clash is only a miss."""
        name = url.encode()
        return self._folder / f"{zlib.crc32(name):08x}{zlib.adler32(name):08x}.page"


def _created(path: Path) -> IO[bytes]:
    """A new file only this user may read; its folder is made when it is first missing."""
    flags = os.O_CREAT | os.O_WRONLY | os.O_EXCL
    try:
        handle = os.open(path, flags, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, flags, 0o600)
    return os.fdopen(handle, "wb")


def _encoded(stored: Stored, documents: Mapping[str, Document]) -> Iterator[bytes]:
    bodies = b"".join(document.body for document in documents.values())
    head = {
        "format": FORMAT,
        "url": stored.url,
        "home": stored.home,
        "platform": stored.platform,
        "documents": [_described(document) for document in documents.values()],
    }
    raw = json.dumps(head).encode() + b"\n" + bodies
    yield b"%d\n" % zlib.crc32(raw)
    yield raw


def _described(document: Document) -> dict[str, Any]:
    return {
        "name": document.endpoint.name,
        "url": document.endpoint.url,
        "final_url": document.final_url,
        "headers": {k: v for k, v in document.headers.items() if k in _KEPT_HEADERS},
        "fetched_at": document.fetched_at.isoformat(),
        "length": len(document.body),
    }


def _decoded(head: Any, bodies: bytes, url: str) -> Stored | None:
    rows = head["documents"]
    if (head["format"], head["url"]) != (FORMAT, url):
        return None
    if sum(row["length"] for row in rows) != len(bodies) or not rows:
        return None
    documents, start = {}, 0
    for row in rows:
        end = start + row["length"]
        documents[str(row["name"])] = Document(
            endpoint=Endpoint(name=str(row["name"]), url=str(row["url"])),
            final_url=str(row["final_url"]),
            status=200,
            headers={str(k): str(v) for k, v in row["headers"].items()},
            body=bodies[start:end],
            fetched_at=_moment(row["fetched_at"]),
            source=Source.CACHE,
        )
        start = end
    return Stored(
        url=url, home=str(head["home"]), platform=str(head["platform"]), documents=documents
    )


def _moment(text: str) -> datetime:
    """An aware moment; `ValueError` for a naive one."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without zone")
    return moment

"""A stored reading as a record: a checksum, a line of JSON about it, and the bodies as they came.

A record that is damaged, cut off, of another format or of another page is none.
"""

import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from outlogger_cli.domain.model import Document, Endpoint, Source
from outlogger_cli.domain.values import frozen

FORMAT = 1
DOCUMENT_LIMIT = 2 * 1024 * 1024

_KEPT_HEADERS = ("etag", "last-modified", "cache-control", "content-type")


@frozen
class Stored:
    """What was read of the page at `url`, on which `platform` and at which address (`home`)."""

    url: str
    home: str
    platform: str
    documents: Mapping[str, Document]


def fits(reading: Stored) -> bool:
    """Whether the first document, without which the others say nothing, is small enough."""
    return next(iter(reading.documents)) in _small(reading)


def _small(reading: Stored) -> dict[str, Document]:
    return {n: d for n, d in reading.documents.items() if len(d.body) <= DOCUMENT_LIMIT}


def encoded(reading: Stored) -> bytes:
    """The record of `reading`, without the documents over `DOCUMENT_LIMIT` bytes."""
    documents = _small(reading).values()
    head = {
        "format": FORMAT,
        "url": reading.url,
        "home": reading.home,
        "platform": reading.platform,
        "documents": [_described(document) for document in documents],
    }
    raw = b"\n".join((json.dumps(head).encode(), b"".join(one.body for one in documents)))
    return b"%d\n%b" % (zlib.crc32(raw), raw)


def _described(document: Document) -> dict[str, Any]:
    return {
        "name": document.endpoint.name,
        "url": document.endpoint.url,
        "final_url": document.final_url,
        "headers": {k: v for k, v in document.headers.items() if k in _KEPT_HEADERS},
        "fetched_at": document.fetched_at.isoformat(),
        "length": len(document.body),
    }


def decoded(record: Any, url: str) -> Stored | None:
    """What `record` holds of the page at `url`; None where it is no such record."""
    try:
        checksum, _, raw = record.partition(b"\n")
        head, _, bodies = raw.partition(b"\n")
        whole = int(checksum) == zlib.crc32(raw)
        return _read(json.loads(head), bodies, url) if whole else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _read(head: Any, bodies: bytes, url: str) -> Stored | None:
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

"""Documents of a page: how much of them is read, and what was made of them so far.

A page that holds more than these limits is `too_large`, never a cut list. Documents are measured
before they are parsed: 8 MiB may be millions of empty lists, which take gigabytes, or of tags. They
are counted by `bytes.count`, and only if a document is long enough to hold too many.
"""

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar, cast

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import FailureKind, Incident, Maintenance, Snapshot

PAGE_LIMIT = 8 * 1024 * 1024
"""Bytes of all documents of a page, decompressed."""

HEAD_LIMIT = 256 * 1024
"""Bytes of HTML in which the marks and keys of platforms are looked for."""

COMPONENT_LIMIT = 20_000
EVENT_LIMIT = 5_000
"""Incidents, and as many maintenance windows."""
UPDATE_LIMIT = 20_000

ROW_LIMIT = 25_000
"""Rows of one list: of components with their groups, which is the longest."""

LINK_LIMIT = 200_000
"""Links of events to components: a link to a group means all that are in it."""

NODE_LIMIT = 200_000
"""Lists and objects of the JSON of a page: four for each of the rows above, on average."""
VALUE_LIMIT = 600_000
"""Values of the JSON of a page, by its commas."""
TAG_LIMIT = 400_000
"""Tags and character references in a page."""

_TAGS = (b"<", b"&", b"\\u003c", b"\\u003C", b"\\u0026")
"""As they are, and as JSON may write them."""

KEPT_LIMIT = 64
"""What is kept of documents at a time: a page has less than forty."""

Made = TypeVar("Made")

_kept = threading.local()
"""What this thread made of bodies: by the body and the function, in the order of their first use.
"""


def once(make: Callable[..., Made], body: bytes, *given: str, key: Hashable = None) -> Made:
    """What `make` makes of `body` and of what else is `given`, kept until `forget`.

    It is found again by `key`, if that is given, else by `make`.

    A document is read to recognise a page, to find its next address, and to parse it. Callers must
    not change what they get. A `PageError` is kept, too. The oldest are dropped if they
    are many, or all bodies are larger than a page may be.
    """
    kept: dict[object, tuple[bytes, Any]] = _kept.__dict__.setdefault("made", {})
    place = (id(body), make if key is None else key, given)
    if place in kept:
        made = kept[place][1]
    else:
        try:
            made = make(body, *given)
        except PageError as error:
            made = error
        kept[place] = (body, made)
        while len(kept) > KEPT_LIMIT or _size_of(kept) > PAGE_LIMIT:
            del kept[next(iter(kept))]
    if isinstance(made, PageError):
        raise made.with_traceback(None)
    return cast(Made, made)


def _size_of(kept: Mapping[object, tuple[bytes, Any]]) -> int:
    return sum({id(body): len(body) for body, _ in kept.values()}.values())


def forget() -> None:
    """Let go of what this thread keeps."""
    _kept.__dict__.clear()


def check_documents(bodies: Sequence[bytes]) -> None:
    """Raise `too_large` if documents of one page are more, or hold more, than is read."""
    size = sum(map(len, bodies))
    if size <= NODE_LIMIT:
        return
    if size > PAGE_LIMIT:
        raise too_large(f"the page is larger than {PAGE_LIMIT >> 20} MiB")
    data = [body for body in bodies if body.lstrip()[:1] != b"<"]
    if _count(data, b"[", b"{") > NODE_LIMIT:
        raise too_large(f"the JSON holds more than {NODE_LIMIT:,} lists and objects")
    if _count(data, b",") > VALUE_LIMIT:
        raise too_large(f"the JSON holds more than {VALUE_LIMIT:,} values")
    if _count(bodies, *_TAGS) > TAG_LIMIT:
        raise too_large(f"the answer holds more than {TAG_LIMIT:,} tags and character references")


def check_snapshot(snapshot: Snapshot) -> None:
    """Raise `too_large` if the page lists more than is read."""
    events: tuple[Incident | Maintenance, ...] = (*snapshot.incidents, *snapshot.maintenances)
    for count, limit, what in (
        (len(snapshot.components), COMPONENT_LIMIT, "components"),
        (len(snapshot.incidents), EVENT_LIMIT, "incidents"),
        (len(snapshot.maintenances), EVENT_LIMIT, "maintenance windows"),
        (sum(len(event.updates) for event in events), UPDATE_LIMIT, "updates"),
        (sum(len(event.links) for event in events), LINK_LIMIT, "links to components"),
    ):
        if count > limit:
            raise _too_many(limit, what)


class Allowance:
    """What a page may still make of its rows: a link to a group is few bytes and many links."""

    def __init__(self, limit: int, what: str) -> None:
        self._left = self._limit = limit
        self._what = what

    def take(self, count: int) -> None:
        """Use `count` of it, or raise `too_large`."""
        self._left -= count
        if self._left < 0:
            raise _too_many(self._limit, self._what)


def links() -> Allowance:
    return Allowance(LINK_LIMIT, "links to components")


def _too_many(limit: int, what: str) -> PageError:
    return too_large(f"the page lists more than {limit:,} {what}")


def too_large(message: str) -> PageError:
    return PageError(FailureKind.TOO_LARGE, message)


def _count(bodies: Sequence[bytes], *signs: bytes) -> int:
    return sum(body.count(sign) for body in bodies for sign in signs)

"""Vendors to outcomes: stored readings where they are asked for, the network for the rest.

A vendor that cannot be read is a value, never an exception that stops the others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Depth, Failed, FailureKind, Outcome, Read, Source, Vendor
from outlogger_cli.domain.values import frozen
from outlogger_cli.engine.cache import Cache, StoredPage
from outlogger_cli.engine.page import from_stored, guarded

if TYPE_CHECKING:
    from outlogger_cli.net.client import Network


HELD_LIMIT = 16 * 1024 * 1024


@frozen
class Request:
    """How vendors are read. `timeout` is each vendor's whole budget unless it has its own;
    a stored reading younger than `max_age` is used instead, and `offline` only stored ones."""

    depth: Depth
    timeout: timedelta
    deadline: timedelta | None = None
    jobs: int = 64
    max_age: timedelta = timedelta()
    offline: bool = False


def collect(
    vendors: Sequence[Vendor],
    request: Request,
    *,
    now: datetime,
    cache: Cache | None,
    network: "Callable[[], Network]",
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[tuple[int, Outcome]]:
    """Each vendor's place in `vendors` and its outcome, as they come in.

    `network` is called only where a page has to be asked, and `meanwhile` while the first
    answers are on their way.
    """
    asked: dict[int, Vendor] = {}
    for index, vendor in enumerate(vendors):
        last = _usable(vendor, request, cache)
        if last and abs(now - last.checked_at) < request.max_age:
            yield index, last
        elif request.offline:
            yield index, _offline(vendor, last, now)
        else:
            asked[index] = vendor
    if asked:
        yield from _live(asked, request, cache, network(), meanwhile)


def _usable(vendor: Vendor, request: Request, cache: Cache | None) -> Read | None:
    """The stored reading, which only `offline` may lack a document that is wanted now."""
    if not (request.offline or request.max_age):
        return None
    return _stored(vendor, request.depth, cache, whole=not request.offline)


def _stored(vendor: Vendor, depth: Depth, cache: Cache | None, *, whole: bool) -> Read | None:
    stored = cache.load([vendor.url]).get(vendor.url) if cache else None
    try:
        return guarded(lambda: _as_read(stored, vendor, depth, whole=whole)) if stored else None
    except PageError:
        return None


def _as_read(stored: StoredPage, vendor: Vendor, depth: Depth, *, whole: bool) -> Read | None:
    page = from_stored(stored, depth)
    if page is None or (whole and page.lacks):
        return None
    return page.read(vendor)


def _offline(vendor: Vendor, last: Read | None, now: datetime) -> Failed:
    message = "the stored reading is too old" if last else "no reading of it is stored"
    return Failed(
        vendor=vendor,
        kind=FailureKind.OFFLINE,
        message=message,
        checked_at=now,
        last=last and replace(last, source=Source.STALE),
    )


def _live(
    vendors: dict[int, Vendor],
    request: Request,
    cache: Cache | None,
    network: "Network",
    meanwhile: Callable[[], None],
) -> Iterator[tuple[int, Outcome]]:
    from outlogger_cli.engine.page_reader import Reading
    from outlogger_cli.engine.pool import run

    loaded = cache.load([vendor.url for vendor in vendors.values()]) if cache else {}
    readings = {
        index: Reading(
            vendor,
            depth=request.depth,
            budget=vendor.timeout or request.timeout,
            network=network,
            stored=loaded.get(vendor.url),
        )
        for index, vendor in vendors.items()
    }
    spare = request.deadline
    deadline = network.monotonic() + spare.total_seconds() if spare else None
    order = list(readings)
    jobs = [readings[index].job() for index in order]
    loaded.clear()
    held: list[StoredPage] = []
    try:
        for place, outcome in run(
            jobs,
            limit=request.jobs,
            deadline=deadline,
            monotonic=network.monotonic,
            on_started=meanwhile,
        ):
            page = readings[order[place]].finish()
            held += [page] if page else []
            if cache and sum(len(d.body) for p in held for d in p.documents.values()) > HELD_LIMIT:
                cache.save(held)
                held = []
            yield order[place], _with_last(outcome, request.depth, cache)
    finally:
        if cache:
            cache.save(held)


def _with_last(outcome: Outcome, depth: Depth, cache: Cache | None) -> Outcome:
    """A page that failed, with the last good reading of it where one is stored."""
    if isinstance(outcome, Read):
        return outcome
    last = _stored(outcome.vendor, depth, cache, whole=False)
    return replace(outcome, last=last and replace(last, source=Source.STALE))

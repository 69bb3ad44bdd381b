"""A page while it is read: its platform, the documents so far, and what they come to."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from outlogger_cli import platforms
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Depth,
    Document,
    Endpoint,
    FailureKind,
    Read,
    Snapshot,
    Source,
    Vendor,
)
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import replace
from outlogger_cli.engine.cache import StoredPage
from outlogger_cli.platforms import Platform
from outlogger_cli.platforms.shared.documents import check_snapshot, forget, too_large

_MAX_AGE = r"\bmax-age=([0-9]{1,6})\b"

EMPTIED_FOR = timedelta(hours=24)
"""How long a page without the components that it had before is unknown."""

Answer = TypeVar("Answer")


class Page:
    """`home` is the address that answers, `documents` those read, by name and in order, and
    `missed` says why each of the others could not be read. `parsed` is the snapshot of the first
    document alone, if that was needed to recognise the page."""

    __slots__ = ("documents", "home", "missed", "name", "parsed", "platform")

    def __init__(self, name: str, platform: Platform, home: str, *documents: Document) -> None:
        self.name = name
        self.platform = platform
        self.home = home
        self.documents = {document.endpoint.name: document for document in documents}
        self.missed: dict[Endpoint, str] = {}
        self.parsed: Snapshot | None = None

    @property
    def first(self) -> Document:
        """The document that decides whether the page is read."""
        return next(iter(self.documents.values()))

    @property
    def lacks(self) -> dict[str, str]:
        """By name, why a document could not be read at any address that it may have."""
        return {e.name: why for e, why in self.missed.items() if e.name not in self.documents}

    def recognise(self) -> None:
        """Raise `PageError` if the first document is not one of the platform."""
        try:
            self.parsed = platforms.first_reading(self.platform, self.first)
        except PageError as error:
            raise redirected(error, self.first) from None

    def wanted(self, depth: Depth) -> list[Endpoint]:
        """The documents to request next, given those that were read; empty if none is left."""
        found: dict[str, Endpoint] = {}
        for endpoint in self.platform.endpoints(self.home, depth, self.documents):
            if endpoint.name not in self.documents and endpoint not in self.missed:
                found.setdefault(endpoint.name, endpoint)
        return list(found.values())

    def cut_short(self, depth: Depth, why: str) -> "Page":
        """Copy the page with its first document alone, which is parsed already."""
        page = Page(self.name, self.platform, self.home, self.first)
        page.parsed = self.parsed
        page.missed = dict.fromkeys(page.wanted(depth), why) | self.missed
        return page

    def read(self, vendor: Vendor) -> Read:
        """What the documents say; raises `PageError` if that is not a status page."""
        snapshot = self.parsed if len(self.documents) == 1 else None
        try:
            snapshot = snapshot or self.platform.parse(self.documents)
            check_snapshot(snapshot)
        except PageError as error:
            raise redirected(error, self.first) from None
        notes = tuple(f"{name} not read: {why}" for name, why in self.lacks.items())
        return Read(
            vendor=vendor,
            platform=self.name,
            snapshot=replace(snapshot, notes=(*snapshot.notes, *notes)) if notes else snapshot,
            source=_source(self.documents),
            checked_at=min(document.fetched_at for document in self.documents.values()),
            moved_to=None if is_below(self.home, vendor.url) else self.home,
            fresh_for=min(map(_fresh_for, self.documents.values())),
        )


def emptied_since(
    components: bool, stored: StoredPage | None, depth: Depth, now: datetime
) -> datetime | None:
    """Since when the page has no components although it did before; None if it lists some,
    never listed any, or has listed none for so long that it is read as it stands."""
    if components or stored is None:
        return None
    if since := stored.emptied_at:
        return since if abs(now - since) < EMPTIED_FOR else None
    try:
        before = wrap_parser_errors(lambda: from_stored(stored, depth))
        had_some = before and wrap_parser_errors(lambda: before.platform.parse(before.documents))
    except PageError:
        return None
    return now if had_some and had_some.components else None


def from_stored(stored: StoredPage, depth: Depth) -> Page | None:
    """The page as it is stored; None if its platform or its first document is not there.

    A document that `depth` asks for and that is not stored is among the `missed`.
    """
    platform = platforms.load(stored.platform)
    if platform is None:
        return None
    asked = platform.endpoints(stored.home, depth, {})
    first = asked[0].name
    document = stored.documents.get(first)
    places = {endpoint.url for endpoint in asked if endpoint.name == first}
    if document is None or places.isdisjoint({document.endpoint.url, document.final_url}):
        return None
    page = Page(stored.platform, platform, stored.home, document)
    while wanted := page.wanted(depth):
        for endpoint in wanted:
            document = stored.documents.get(endpoint.name)
            # The first document of a page that has moved was requested at the old address.
            if document and endpoint.url in {document.endpoint.url, document.final_url}:
                page.documents[endpoint.name] = document
            else:
                page.missed[endpoint] = "not stored"
    return page


def wrap_parser_errors(parse: Callable[[], Answer]) -> Answer:
    """Return what `parse` returns; an error of a platform becomes a `PageError`, so that a broken
    plug-in, or a page that needs too much memory, does not stop the other vendors."""
    try:
        return parse()
    except PageError:
        raise
    except MemoryError:
        raise too_large("not enough memory to read the page") from None
    except Exception as error:  # noqa: BLE001 - a broken platform must not stop the others
        said = f"the parser failed ({type(error).__name__}: {error}); please report this"
        raise PageError(FailureKind.INVALID, line(said)) from None
    finally:
        forget()


def home_of(asked: str, document: Document) -> str:
    """The page's address, given the address `asked` below which `document` was requested."""
    below = document.endpoint.url.removeprefix(asked.rstrip("/"))
    if document.final_url == document.endpoint.url or not document.final_url.endswith(below):
        return asked
    return document.final_url.removesuffix(below)


def redirected(error: PageError, document: Document) -> PageError:
    """`error` as it is, or of kind `redirect` if a redirect led to the document."""
    kinds = {FailureKind.NOT_JSON, FailureKind.NOT_A_STATUS_PAGE}
    if document.final_url == document.endpoint.url or error.kind not in kinds:
        return error
    return PageError(
        FailureKind.REDIRECT,
        f"redirected to {line(document.final_url)}: {error.message}",
        reason=error.reason,
    )


def is_below(home: str, page_url: str) -> bool:
    """Whether `home` is the page's own address or one below it, such as that of its feed."""
    return f"{home.rstrip('/')}/".startswith(f"{page_url.rstrip('/')}/")


def _fresh_for(document: Document) -> timedelta:
    """How long the document may be taken for new, by its `Cache-Control`."""
    control = document.headers.get("cache-control", "").lower()
    found = re.search(_MAX_AGE, control)
    holds = not re.search("no-(store|cache)", control)
    return timedelta(seconds=int(found[1])) if found and holds else timedelta()


def _source(documents: dict[str, Document]) -> Source:
    sources = {document.source for document in documents.values()}
    ranked = (Source.LIVE, Source.NOT_MODIFIED)
    return next((source for source in ranked if source in sources), Source.CACHE)

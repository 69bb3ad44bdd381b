"""A page while it is read: its platform, the documents so far, and what they come to."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from outlogger_cli import platforms
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Depth, Document, Endpoint, FailureKind, Read, Source, Vendor
from outlogger_cli.domain.text import line
from outlogger_cli.engine.cache import StoredPage
from outlogger_cli.platforms import Platform

_MAX_AGE = r"\bmax-age=([0-9]{1,6})\b"

Answer = TypeVar("Answer")


@dataclass(slots=True, kw_only=True)
class Page:
    """`home` is the address that answers, `documents` those read, by name and in order, and
    `missed` says of the others why they could not be read where they were asked for."""

    name: str
    platform: Platform
    home: str
    documents: dict[str, Document] = field(default_factory=dict)
    missed: dict[Endpoint, str] = field(default_factory=dict)

    @property
    def lacks(self) -> dict[str, str]:
        """Why, by name, of the documents that could not be read at any address they may have."""
        return {e.name: why for e, why in self.missed.items() if e.name not in self.documents}

    def wanted(self, depth: Depth) -> list[Endpoint]:
        """The documents to ask for next, given those that were read; empty when it is whole."""
        found: dict[str, Endpoint] = {}
        for endpoint in self.platform.endpoints(self.home, depth, self.documents):
            if endpoint.name not in self.documents and endpoint not in self.missed:
                found.setdefault(endpoint.name, endpoint)
        return list(found.values())

    def without(self, depth: Depth, why: str) -> "Page":
        """A copy of its own, to be read although the documents still wanted never came."""
        missed = self.missed | dict.fromkeys(self.wanted(depth), why)
        return replace(self, documents=dict(self.documents), missed=missed)

    def read(self, vendor: Vendor) -> Read:
        """What the documents say; raises `PageError` where that is no status page.

        A page that was reached by a redirect and is none failed for being redirected.
        """
        first = next(iter(self.documents.values()))
        try:
            snapshot = self.platform.parse(self.documents)
        except PageError as error:
            raise redirected(error, first) from None
        notes = tuple(f"{name} not read: {why}" for name, why in self.lacks.items())
        return Read(
            vendor=vendor,
            platform=self.name,
            snapshot=replace(snapshot, notes=(*snapshot.notes, *notes)),
            source=_source(self.documents),
            checked_at=min(document.fetched_at for document in self.documents.values()),
            moved_to=None if is_below(self.home, vendor.url) else self.home,
            fresh_for=min(map(_fresh_for, self.documents.values())),
        )


def from_stored(stored: StoredPage, depth: Depth) -> Page | None:
    """The page as it is stored; None where its platform or its first document is not there.

    A document that `depth` asks for and that is not stored is among the `missed`.
    """
    platform = platforms.load(stored.platform)
    if platform is None:
        return None
    page = Page(name=stored.platform, platform=platform, home=stored.home)
    while wanted := page.wanted(depth):
        for endpoint in wanted:
            document = stored.documents.get(endpoint.name)
            # The first document of a page that has moved was asked for at the old address.
            if document and endpoint.url in {document.endpoint.url, document.final_url}:
                page.documents[endpoint.name] = document
            else:
                page.missed[endpoint] = "not stored"
        if not page.documents:
            return None
    return page


def guarded(work: Callable[[], Answer]) -> Answer:
    """What `work` comes to; a platform that fails in it is one more page that was not read."""
    try:
        return work()
    except PageError:
        raise
    except Exception as error:  # noqa: BLE001 - a broken platform must not stop the others
        said = f"its reader failed ({type(error).__name__}: {error}); please report this"
        raise PageError(FailureKind.INVALID, line(said)) from None


def home_of(asked: str, document: Document) -> str:
    """The page's address, given that `document` was asked for below `asked` and where it stood."""
    below = document.endpoint.url.removeprefix(asked.rstrip("/"))
    if document.final_url == document.endpoint.url or not document.final_url.endswith(below):
        return asked
    return document.final_url.removesuffix(below)


def redirected(error: PageError, document: Document) -> PageError:
    """`error` as it is, or as one of kind `redirect` where a redirect led to the document."""
    kinds = {FailureKind.NOT_JSON, FailureKind.NOT_A_STATUS_PAGE}
    if document.final_url == document.endpoint.url or error.kind not in kinds:
        return error
    return PageError(
        FailureKind.REDIRECT, f"it redirects to {line(document.final_url)}: {error.message}"
    )


def is_below(home: str, page_url: str) -> bool:
    """Whether the address that answers is the page's own or one below it, as that of its feed."""
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

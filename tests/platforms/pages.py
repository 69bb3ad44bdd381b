"""Whole pages of every platform, made of the samples in `tests/data`, and parts of snapshots."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from outlogger_cli import platforms
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Depth, Document, Snapshot
from outlogger_cli.platforms import BUILT_IN, Platform
from tests.fuzz import seeds
from tests.fuzz.pages import ADDRESSES, HOME, SEPARATOR
from tests.support import document

_SCRIPT = re.compile(rb'(?s)(.*id="data">)(.*?)(</script>.*)')


class Page(NamedTuple):
    """A page as it was read: its documents by name, in the order they are asked for."""

    name: str
    platform: Platform
    address: str
    documents: Mapping[str, Document]

    @property
    def first(self) -> Document:
        """The document that decides whether the page is one of the platform."""
        return next(iter(self.documents.values()))

    @property
    def needed(self) -> tuple[str, ...]:
        """The documents without which the page is not read; the last of them holds the data."""
        names = tuple(self.documents)
        for count in range(1, len(names)):
            if is_read(self.platform, self.only(*names[:count])):
                return names[:count]
        return names

    @property
    def later(self) -> tuple[str, ...]:
        """The documents that the page is read without, too."""
        return tuple(self.documents)[len(self.needed) :]

    def length(self) -> int:
        """The number of its documents."""
        return len(self.documents)

    def only(self, *names: str) -> Mapping[str, Document]:
        """Some of the page's documents."""
        return {name: self.documents[name] for name in names}

    def changed(self, name: str, body: object) -> Mapping[str, Document]:
        """The page's documents with the body of one replaced."""
        return {**self.documents, name: document(name, body, self.documents[name].endpoint.url)}


def label(page: Page) -> str:
    """A name for a page among the parameters of a test."""
    return f"{page.name} {'+'.join(page.documents)}"


def load(name: str) -> Platform:
    platform = platforms.load(name)
    assert platform is not None
    return platform


def is_read(platform: Platform, documents: Mapping[str, Document]) -> bool:
    try:
        platform.parse(documents)
    except PageError:
        return False
    return True


def whole(name: str) -> list[Page]:
    """The samples of the platform `name`, each as a whole page; those that are none left out."""
    found = (_page(name, sample.split(SEPARATOR)) for sample in seeds.samples(name))
    return [page for page in found if page]


def _page(name: str, bodies: list[bytes]) -> Page | None:
    """The page of which `bodies` are the documents, at the first address at which it is read."""
    platform = load(name)
    for address in addresses(name):
        documents = _asked(platform, address, bodies)
        if documents and is_read(platform, documents):
            return Page(name, platform, address, documents)
    return None


def _asked(platform: Platform, address: str, bodies: Iterable[bytes]) -> Mapping[str, Document]:
    """The documents asked for at `address`, one a body; none if more bodies are left over."""
    documents: dict[str, Document] = {}
    for body in bodies:
        asked = platform.endpoints(address, Depth.HISTORY, documents)
        endpoint = next((one for one in asked if one.name not in documents), None)
        if endpoint is None:
            return {}
        documents[endpoint.name] = document(endpoint.name, body, endpoint.url)
    return documents


def split_json(body: bytes) -> tuple[bytes, Any, bytes] | None:
    """The JSON in `body` and what stands around it; None if there is none."""
    if found := _SCRIPT.fullmatch(body):
        return found[1], json.loads(found[2]), found[3]
    if body.lstrip()[:1] in {b"{", b"["}:
        return b"", json.loads(body), b""
    return None


def with_json(body: bytes, values: Iterable[Any]) -> Iterator[bytes]:
    """`body` with its JSON replaced by each of `values`."""
    parts = split_json(body)
    assert parts is not None
    for value in values:
        yield parts[0] + json.dumps(value).encode() + parts[2]


def first_asked(name: str, body: object, address: str = HOME) -> Document:
    """`body` as the first document that the platform `name` asks for at `address`."""
    endpoint = load(name).endpoints(address, Depth.VERDICT, {})[0]
    return document(endpoint.name, body, endpoint.url)


def addresses(name: str) -> tuple[str, ...]:
    """Page addresses at which the platform `name` asks for different first documents."""
    return (HOME, *ADDRESSES.get(name, ()))


PAGES = [page for name in BUILT_IN for page in whole(name)]
"""The samples of all platforms."""


def snapshot(name: str, **bodies: object) -> Snapshot:
    """What the longest sample page of the platform `name` says with some bodies replaced."""
    page = _longest(name)
    documents = dict(page.documents)
    for document_name, body in bodies.items():
        documents |= {document_name: page.changed(document_name, body)[document_name]}
    return page.platform.parse(documents)


def with_keys(name: str, **changes: object) -> Snapshot:
    """What the data of the platform `name` says alone, with keys of the sample replaced."""
    page = _longest(name)
    data = page.needed[-1]
    body = {**json.loads(page.documents[data].body), **changes}
    return page.platform.parse({data: page.changed(data, body)[data]})


def _longest(name: str) -> Page:
    return max((page for page in PAGES if page.name == name), key=Page.length)

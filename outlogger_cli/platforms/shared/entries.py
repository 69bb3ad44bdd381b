"""The entries of a feed: RSS 2.0 items (https://www.rssboard.org/rss-specification) and those of
Atom (RFC 4287), with what other vocabularies add to them."""

from collections.abc import Iterable
from datetime import datetime

from outlogger_cli.domain.model import Document
from outlogger_cli.domain.values import frozen
from outlogger_cli.platforms.shared import addresses, stages, xml
from outlogger_cli.platforms.shared.documents import EVENT_LIMIT, Allowance
from outlogger_cli.platforms.shared.xml import Node

_UPDATED = "{http://www.w3.org/2005/Atom}updated"
_DATE = "{http://purl.org/dc/elements/1.1/}date"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@frozen
class Entry:
    """An RSS item or an Atom entry. `markup` is its text, usually HTML."""

    id: str
    guid: str
    name: str
    url: str
    markup: str
    published: datetime | None
    updated: datetime | None

    @property
    def moment(self) -> datetime | None:
        """The time of its last change."""
        return self.updated or self.published


def read(document: Document) -> tuple[Node, list[Entry]]:
    """The element that describes the page, and the entries in the feed's order."""
    root = xml.root_of(document)
    if root.kind == "feed":
        return root, [_atom(entry) for entry in _few(root.children("entry"))]
    channel = xml.channel_of(root)
    return channel, [_rss(item) for item in _few(channel.children("item"))]


def _few(rows: Iterable[Node]) -> list[Node]:
    found = [*rows]
    Allowance(EVENT_LIMIT, "entries").take(len(found))
    return found


def _atom(entry: Node) -> Entry:
    return Entry(
        id=entry.text("id") or alternate(entry),
        guid=entry.text("id"),
        name=entry.text("title") or "(no title)",
        url=alternate(entry),
        markup=_field(entry) + (entry.markup("content") or entry.markup("summary")),
        published=entry.time("published"),
        updated=entry.time("updated"),
    )


def _rss(item: Node) -> Entry:
    return Entry(
        id=item.text("guid") or item.text("link"),
        guid=item.text("guid"),
        name=item.text("title") or "(no title)",
        url=item.url("link") or item.url("guid"),
        markup=_field(item) + (item.markup("description") or item.markup(_CONTENT)),
        published=item.time("pubDate") or item.time(_DATE),
        updated=item.time(_UPDATED),
    )


def _field(node: Node) -> str:
    """The stage that an element of its own gives, as a line of markup; "" if there is none."""
    told = (*node.texts("{*}status"), *node.texts("category"))
    terms = (category.attribute("term") for category in node.children("category"))
    stage = next((word for word in (*told, *terms) if stages.is_stage(word)), "")
    return f"<p>Status: {stage}</p>" if stage else ""


def alternate(node: Node) -> str:
    """The address of the page that an Atom element is about."""
    for link in node.children("link"):
        if link.attribute("rel") in {"", "alternate"}:
            return addresses.link(link.attribute("href"))
    return ""

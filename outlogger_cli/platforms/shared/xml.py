"""Safe reading of XML pages: RSS 2.0 and Atom feeds.

A DOCTYPE is refused before anything in it is read, so no entity can be declared, expanded or
fetched. Nesting is limited. The bytes are decoded here, by byte order mark or XML declaration.
"""

import codecs
import re
from collections.abc import Iterator
from datetime import datetime
from html import escape
from xml.etree import ElementTree

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Document, FailureKind
from outlogger_cli.platforms.shared import addresses, times
from outlogger_cli.platforms.shared.documents import check_documents, once
from outlogger_cli.platforms.shared.fields import not_a_page

DEPTH_LIMIT = 50
"""Elements inside each other; a feed has less than ten."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32 before UTF-16, whose little-endian mark begins the same way
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_CODECS = {
    *("utf-8", "us-ascii", "shift_jis", "euc-jp", "euc-kr", "gb2312", "gbk", "gb18030", "big5"),
    *(f"iso-8859-{part}" for part in (*range(1, 12), *range(13, 17))),
    *(f"windows-125{page}" for page in range(9)),
}
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{1,40})[\"']")


class Node:
    """One XML element; names are in its own namespace unless they bring theirs (`{uri}name`)."""

    __slots__ = ("element",)

    def __init__(self, element: ElementTree.Element) -> None:
        self.element = element

    @property
    def kind(self) -> str:
        return self.element.tag.rpartition("}")[2]

    @property
    def characters(self) -> str:
        """All character data inside the element."""
        return "".join(self.element.itertext()).strip()

    def children(self, name: str) -> Iterator["Node"]:
        space, brace, _ = self.element.tag.rpartition("}")
        full = name if name.startswith("{") else f"{space}{brace}{name}"
        yield from (Node(found) for found in self.element.findall(full))

    def child(self, name: str) -> "Node | None":
        return next(self.children(name), None)

    def content(self, name: str) -> str:
        """The text of the first such child with its escaped markup, "" if there is none."""
        found = self.child(name)
        return "" if found is None else found.characters

    def markup(self, name: str) -> str:
        """The markup in the first such child, whether it is escaped or not; "" if there is none."""
        found = self.child(name)
        if found is None or not len(found.element):
            return self.content(name)
        return _inner(found.element)

    def text(self, name: str) -> str:
        """One cleaned line; markup in it becomes text."""
        return next(self.texts(name), "")

    def texts(self, name: str) -> Iterator[str]:
        """A cleaned line for each child called `name`."""
        for child in self.children(name):
            yield text.line(text.body(child.characters))

    def body(self, name: str) -> str:
        return text.body(self.content(name))

    def time(self, name: str) -> datetime | None:
        return times.parse_any(self.content(name))

    def url(self, name: str) -> str:
        return addresses.link(self.content(name))

    def attribute(self, name: str) -> str:
        return self.element.get(name, "")


def _inner(element: ElementTree.Element) -> str:
    """What is inside the element as HTML, without attributes."""
    parts = [escape(element.text or "", quote=False)]
    for child in element:
        name = child.tag.rpartition("}")[2]
        parts += f"<{name}>", _inner(child), f"</{name}>", escape(child.tail or "", quote=False)
    return "".join(parts)


class _Tree(ElementTree.TreeBuilder):
    """Builds elements, and refuses what no feed needs."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        raise _damaged("XML with a DOCTYPE is not supported")

    def start(self, tag: str, attributes: dict[str, str], /) -> ElementTree.Element:
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise _damaged("XML is nested too deeply")
        return super().start(tag, attributes)

    def end(self, tag: str, /) -> ElementTree.Element:
        self._depth -= 1
        return super().end(tag)


def root_of(document: Document) -> Node:
    """The outermost element; raises `not_a_status_page`, `too_large`, or `invalid` for XML that is
    damaged."""
    return once(_root, document.body)


def _root(body: bytes) -> Node:
    check_documents([body])
    markup = _decoded(body).lstrip("\ufeff \t\r\n")
    _refuse_other_kinds(markup[:100].lower())
    parser = ElementTree.XMLParser(target=_Tree())
    try:
        parser.feed(markup)
        return Node(parser.close())
    except ElementTree.ParseError:
        raise _damaged("invalid or truncated XML") from None


def channel_of(root: Node) -> Node:
    """The channel of an RSS 2.0 feed; raises `not_a_status_page` for XML of another kind."""
    channel = root.child("channel") if root.kind == "rss" else None
    if channel is None:
        raise not_a_page("XML, but not an RSS feed")
    return channel


def _decoded(body: bytes) -> str:
    """`body` as text. Invalid bytes are replaced visibly, so the word they are in is unknown."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body.decode(codec, "replace")
    declared = _DECLARED.match(body)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name == "utf-16":
        name = "utf-8"  # .NET declares what it held in memory, and sends UTF-8
    if name not in _CODECS:
        raise _damaged("unsupported XML encoding")
    return body.decode(name, "replace")


def _refuse_other_kinds(start: str) -> None:
    if not start:
        raise not_a_page("empty response")
    if start.startswith(("<!doctype html", "<html")):
        raise not_a_page("HTML instead of a feed")
    if start.startswith(("{", "[")):
        raise not_a_page("JSON instead of a feed")
    if not start.startswith("<"):
        raise not_a_page("not XML")


def _damaged(message: str) -> PageError:
    return PageError(FailureKind.INVALID, message)

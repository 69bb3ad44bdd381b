"""Parse HTML into a tree, to query its texts, elements and attributes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from outlogger_cli.domain.report import Report
from outlogger_cli.render import View, render
from tests.reports import VIEW

VOID = {"meta"}


@dataclass
class Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node | str]" = field(default_factory=list)

    def all(self, tag: str) -> "Iterator[Node]":
        for child in self.children:
            if isinstance(child, Node):
                if child.tag == tag:
                    yield child
                yield from child.all(tag)

    @property
    def text(self) -> str:
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return "".join(parts)

    def one(self, tag: str) -> "Node":
        (found,) = self.all(tag)
        return found

    def of_class(self, tag: str, name: str) -> "list[Node]":
        return [n for n in self.all(tag) if name in n.attributes.get("class", "").split()]


class Reader(HTMLParser):
    """Builds the tree, and fails if an end tag does not match its start tag."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Node("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Node(tag, {name: value or "" for name, value in attrs})
        assert len(found.attributes) == len(attrs)
        self.open[-1].children.append(found)
        if tag not in VOID:
            self.open.append(found)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(run: Report, view: View = VIEW) -> Node:
    reader = Reader()
    reader.feed(render(run, "html", view))
    reader.close()
    assert reader.open == [reader.root]
    return reader.root.one("html")


def every(node: Node) -> Iterator[Node]:
    for child in node.children:
        if isinstance(child, Node):
            yield child
            yield from every(child)

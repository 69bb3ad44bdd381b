"""The positions of tables, keys and items in the text of a TOML file.

A scanner, not a parser: it finds where things are, `tomllib` what they mean.
"""

import tomllib
from collections.abc import Iterable

from outlogger_cli.domain.values import frozen

Place = tuple[str | int, ...]
"""The keys and indexes that lead to a value: `("vendors", "github", "components", 0)`."""

_AFTER_SCALAR = {"", ",", "]", "}", "#", "\r", "\n"}


@frozen
class Part:
    """A header, a `key = value` or an item of a list. Offsets count characters of the text.

    `start` is where the header or the key begins, `value` where the value does (`end` for a
    header), `end` where it ends. `table` is the table in whose lines or braces it is written.
    `depth` is 0 unless it is inside a list or an inline table.
    """

    place: Place
    table: Place
    start: int
    value: int
    end: int
    depth: int

    @property
    def header(self) -> bool:
        return self.value == self.end


def parts(text: str) -> list[Part]:
    """The parts of `text`, which must be valid TOML, in its order."""
    scanner = _Scanner(text)
    scanner.document()
    return sorted(scanner.parts, key=lambda part: (part.start, part.depth))


def comments(text: str) -> list[str]:
    """The comments of `text`, which must be valid TOML, in its order."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.comments


def lines_of(text: str, places: Iterable[Place]) -> dict[Place, int]:
    """The line, from 1, that first names each of `places` in `text`, which must be valid TOML."""
    wanted = set(places)
    found: dict[Place, int] = {}
    for part in parts(text):
        for length in range(1, len(part.place) + 1):
            place = part.place[:length]
            if place in wanted:
                wanted.remove(place)
                found[place] = text.count("\n", 0, part.start) + 1
    return found


class _Scanner:
    __slots__ = ("at", "comments", "parts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.parts: list[Part] = []
        self.comments: list[str] = []

    def document(self) -> None:
        table: Place = ()
        while mark := self.skip():
            if mark == "[":
                table = self.header()
            else:
                self.pair(table, 0)

    def skip(self) -> str:
        """Move to the next character that is neither white space nor in a comment; return it."""
        while (mark := self.text[self.at : self.at + 1]) and mark in " \t\r\n#":
            start = self.at
            self.at = _line_end(self.text, start) if mark == "#" else start + 1
            if mark == "#":
                self.comments.append(self.text[start : self.at].rstrip())
        return mark

    def header(self) -> Place:
        start = self.at
        brackets = 2 if self.text.startswith("[[", start) else 1
        self.at += brackets
        place = self.key()
        self.at += brackets
        self.note(place, (), start, self.at, 0)
        return place

    def pair(self, table: Place, depth: int) -> None:
        self.skip()
        start = self.at
        place = (*table, *self.key())
        self.at += 1
        self.skip()
        value = self.at
        self.value(place, depth)
        self.note(place, table, start, value, depth)

    def note(self, place: Place, table: Place, start: int, value: int, depth: int) -> None:
        self.parts.append(
            Part(place=place, table=table, start=start, value=value, end=self.at, depth=depth)
        )

    def key(self) -> Place:
        """Read a dotted key and move to the next character after it that is not blank."""
        names = []
        while True:
            self.skip()
            names.append(self.name())
            if self.skip() != ".":
                return tuple(names)
            self.at += 1

    def name(self) -> str:
        start = self.at
        if self.text[start] in "\"'":
            self.string()
            return str(tomllib.loads(f"name = {self.text[start : self.at]}")["name"])
        while self.text[self.at] not in " \t.=]":
            self.at += 1
        return self.text[start : self.at]

    def value(self, place: Place, depth: int) -> None:
        match self.text[self.at]:
            case '"' | "'":
                self.string()
            case "[":
                self.items(place, depth + 1)
            case "{":
                self.pairs(place, depth + 1)
            case _:
                while self.text[self.at : self.at + 1] not in _AFTER_SCALAR:
                    self.at += 1

    def items(self, place: Place, depth: int) -> None:
        self.at += 1
        index = 0
        while self.skip() != "]":
            start = self.at
            self.value((*place, index), depth)
            self.note((*place, index), place, start, start, depth)
            index += 1
            self.comma()
        self.at += 1

    def pairs(self, table: Place, depth: int) -> None:
        self.at += 1
        while self.skip() != "}":
            self.pair(table, depth)
            self.comma()
        self.at += 1

    def comma(self) -> None:
        if self.skip() == ",":
            self.at += 1

    def string(self) -> None:
        quote = self.text[self.at]
        marks = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        self.at += len(marks)
        while not self.text.startswith(marks, self.at):
            self.at += 2 if self.text[self.at] == "\\" and quote == '"' else 1
        self.at += len(marks)
        while len(marks) == 3 and self.text.startswith(quote, self.at):
            self.at += 1  # quotes that belong to the text, right before the closing three


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end

"""Read the part of YAML in which people keep lists: block maps and lists, and plain values.

All values are texts, or None. Anchors, aliases, tags and merge keys are not read: their lines are
reported, and the value is None. Takes linear time.
"""

import json
import re
from typing import Any

from outlogger_cli.domain.values import frozen

DEPTH_LIMIT = 40
"""Levels of nesting; lists of vendors have less than ten."""

ROW_LIMIT = 50_000
"""Lines of a text; more take seconds, and no list of vendors has them."""

VALUE_LIMIT = 100
"""Lines of one value in brackets or quotes."""

_QUOTED = r""""(?:[^"\\]|\\.)*+"?|'(?:[^']|'')*+'?"""
_MARKS = re.compile(rf"(?<![^\s\[{{,:]){_QUOTED}|(?<!\S)#.*")
"""Quoted texts, so that no `#` in one of them is a comment, and comments."""

_TOKEN = re.compile(
    rf"\s*({_QUOTED}|[\[\]{{}},]|:(?=[\s,\[\]{{}}]|$)|(?:[^,:\[\]{{}}]|:(?![\s,\[\]{{}}]|$))+)"
)
_CLOSED = re.compile(r""""(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+'""")
_UNREAD = tuple("&*!")


class InvalidYamlError(ValueError):
    """Text that is not in this part of YAML; the message is `LINE: why`."""


@frozen
class _Row:
    number: int
    indent: int
    text: str


def load(text: str) -> tuple[Any, list[str]]:
    """The value in `text`, a list of them if it has several documents; and `LINE: why` for each
    value that was not read. Raises `InvalidYamlError`.
    """
    reader = _Reader(text)
    documents = []
    while reader.rows:
        documents.append(reader.block(0, 0))
        if reader.rows and reader.rows[-1].text != "---":
            raise InvalidYamlError(
                f"{reader.rows[-1].number}: indentation does not match the lines above"
            )
        if reader.rows:
            reader.rows.pop()
    found = [one for one in documents if one is not None]
    return found[0] if len(found) == 1 else found, reader.unread


class _Reader:
    """`rows` are the lines that are left, the next one last."""

    __slots__ = ("rows", "unread")

    def __init__(self, text: str) -> None:
        self.unread: list[str] = []
        self.rows: list[_Row] = []
        for number, raw in enumerate(text.splitlines(), 1):
            if number > ROW_LIMIT:
                raise InvalidYamlError(f"{number}: more than {ROW_LIMIT} lines are not supported")
            bare = _without_comment(raw).rstrip()
            body = bare.lstrip(" ")
            if body.startswith("\t"):
                raise InvalidYamlError(f"{number}: indent YAML with spaces, not tabs")
            if re.match(r"(?:-\s+)*\?(?:\s|$)", body):
                raise InvalidYamlError(f"{number}: complex keys are not supported")
            if body and not body.startswith(("%", "...")):
                self.rows.append(_Row(number=number, indent=len(bare) - len(body), text=body))
        self.rows.reverse()

    def block(self, indent: int, depth: int) -> Any:
        """The value whose lines are indented by `indent` or more; None without any."""
        if depth > DEPTH_LIMIT:
            raise InvalidYamlError(f"{self.rows[-1].number}: nested too deeply")
        row = self._next(indent)
        if row is None:
            return None
        if _is_item(row.text):
            return self._list(row.indent, depth)
        if _key(row.text):
            return self._map(row.indent, depth)
        self.rows.pop()
        return self._scalar(row, row.text, row.indent)

    def _next(self, indent: int) -> _Row | None:
        row = self.rows[-1] if self.rows else None
        return row if row and row.indent >= indent and row.text != "---" else None

    def _list(self, indent: int, depth: int) -> list[Any]:
        found = []
        while (row := self._next(indent)) and row.indent == indent and _is_item(row.text):
            self.rows.pop()
            rest = row.text[1:].lstrip()
            inside = indent + len(row.text) - len(rest)
            if not rest:
                found.append(self.block(indent + 1, depth + 1))
            elif _is_item(rest) or _key(rest):
                self.rows.append(_Row(number=row.number, indent=inside, text=rest))
                found.append(self.block(inside, depth + 1))
            else:
                found.append(self._scalar(row, rest, indent + 1))
        return found

    def _map(self, indent: int, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (row := self._next(indent)) and row.indent == indent and not _is_item(row.text):
            pair = _key(row.text)
            if pair is None:
                raise InvalidYamlError(f"{row.number}: expected KEY: VALUE or a list item")
            self.rows.pop()
            key, rest = pair
            if rest:
                found[key] = self._scalar(row, rest, indent + 1)
            else:
                below = self._next(indent)
                same = below and below.indent == indent and _is_item(below.text)
                found[key] = self.block(indent if same else indent + 1, depth + 1)
        return found

    def _scalar(self, row: _Row, text: str, indent: int) -> Any:
        """The value that begins with `text`; lines indented by `indent` or more continue it."""
        if text.startswith(_UNREAD):
            self._drop(indent)
            self.unread.append(f"{row.number}: YAML anchors, aliases and tags are not supported")
            return None
        if re.fullmatch(r"[|>][-+0-9]*", text):
            return "\n".join(self._drop(indent))
        lines = 1
        while _is_open(text):
            if lines == VALUE_LIMIT or not self.rows:
                raise InvalidYamlError(f"{row.number}: unclosed bracket or quote")
            text = " ".join((text, *self._drop(0, 1)))
            lines += 1
        if text.startswith(("[", "{")):
            return _flow(row.number, text)
        more = self._drop(indent)
        if any(map(_key, more)):
            raise InvalidYamlError(f"{row.number}: a key has both a value and keys below it")
        return _plain(" ".join([text, *more]))

    def _drop(self, indent: int, most: int | None = None) -> list[str]:
        """Take the next lines, at most so many, that are indented by `indent` or more."""
        taken: list[str] = []
        while self._next(indent) and len(taken) != most:
            taken.append(self.rows.pop().text)
        return taken


def _without_comment(raw: str) -> str:
    if "#" not in raw:
        return raw
    return _MARKS.sub(lambda found: "" if found[0].startswith("#") else found[0], raw)


def _is_item(text: str) -> bool:
    return text == "-" or text.startswith("- ")


def _key(text: str) -> tuple[str, str] | None:
    """The key that `text` begins with and the rest after its colon."""
    quoted = re.match(_QUOTED, text)
    colon = re.compile(r"\s*:(?=\s|$)").match(text, quoted.end()) if quoted else None
    if not quoted and not text.startswith(("[", "{")):
        colon = re.search(r":(?=\s|$)", text)
    if colon is None:
        return None
    return str(_plain(text[: colon.start()]) or ""), text[colon.end() :].strip()


def _is_open(text: str) -> bool:
    """Whether brackets, or the quotes around `text`, are not closed yet."""
    if text.startswith(("[", "{")):
        tokens = _TOKEN.findall(text)
        return sum(one in {"[", "{"} for one in tokens) > sum(one in {"]", "}"} for one in tokens)
    return text.startswith(('"', "'")) and not _CLOSED.match(text)


def _flow(number: int, text: str) -> Any:
    """The value of brackets."""
    tokens = [token.strip() for token in _TOKEN.findall(text)][::-1]

    def value(depth: int) -> Any:
        token = tokens.pop() if tokens else ""
        if depth > DEPTH_LIMIT or token in {"", "]", "}", ",", ":"} or token[:2] == "? ":
            raise InvalidYamlError(f"{number}: invalid value in brackets")
        if token not in {"[", "{"}:
            return _plain(token)
        items: list[Any] = []
        pairs: dict[str, Any] = {}
        closing = "}" if token == "{" else "]"
        while tokens[-1] != closing:  # `_is_open` has seen as many closing ones
            item = value(depth + 1)
            if tokens[-1] == ":":
                tokens.pop()
                pairs[str(item)] = None if tokens[-1] in {",", closing} else value(depth + 1)
            else:
                items.append(item)
            if tokens[-1] == ",":
                tokens.pop()
        tokens.pop()
        return pairs if token == "{" else [*items, *([pairs] if pairs else [])]

    found = value(0)
    if tokens:
        raise InvalidYamlError(f"{number}: unexpected text after the value in brackets")
    return found


def _plain(text: str) -> str | None:
    """The text of a value without its quotes; None for one that says nothing."""
    if text.startswith('"') and _CLOSED.fullmatch(text):
        try:
            return str(json.loads(text, strict=False))
        except ValueError:  # escapes that JSON does not have, such as \x41
            return text[1:-1]
    if text.startswith("'") and _CLOSED.fullmatch(text):
        return text[1:-1].replace("''", "'")
    return None if text in {"", "~", "null", "Null", "NULL"} else text

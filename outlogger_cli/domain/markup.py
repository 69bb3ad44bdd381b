"""HTML that vendors put into incident texts, as plain text.

One pass over the text: the standard library's reader takes a minute for a few thousand unclosed
tags, and stops with an error at some texts that only look like a declaration.
"""

import html
import re
from collections.abc import Iterator

_BREAKING = {"br", "p", "div", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "hr", "pre"}
_INLINE = {"a", "b", "i", "u", "em", "strong", "span", "code", "small", "var", "td", "th", "img"}
_INLINE |= {"tbody", "thead", "font", "sub", "sup", "blockquote", "html", "body", "time", "s"}
_INLINE |= {"head", "meta", "link"}
_SILENT = {"script", "style", "title", "template", "noscript"}

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"""(/?)([a-zA-Z][a-zA-Z0-9]*)(?:[\s/](?:[^>"']|"[^"]*"|'[^']*')*+)?>""")
_DECLARATION = re.compile(r"[!?/][^>]*>")
_ENDLESS = re.compile(r"&#[0-9]{20,};?")


def to_text(markup: str) -> str:
    """The text of `markup`, with a line break for each block; text that only looks like a tag
    (`<name@example.com>`) is kept."""
    commented, end, rest = markup.rpartition("-->")  # so that each comment begun there also ends
    first, *pieces = (_COMMENT.sub("", commented + end) + rest).split("<")
    return unescape(first) + "".join(_read(pieces))


def unescape(markup: str) -> str:
    """`markup` with its character references resolved. One with more digits than any character
    needs stands for none; the standard library stops with an error at some thousand."""
    return html.unescape(_ENDLESS.sub("\ufffd", markup))


def _read(pieces: list[str]) -> Iterator[str]:
    """What each piece that a `<` begins shows."""
    silent = ""
    for piece in pieces:
        tag = _TAG.match(piece)
        closing, name = (tag[1], tag[2].lower()) if tag else ("", "")
        if silent and not (closing and name == silent):
            continue
        silent = name if name in _SILENT and not closing else ""
        if silent:
            continue
        mark = tag or _DECLARATION.match(piece)
        if mark is None:
            yield "<" + unescape(piece)
        else:
            yield _shown(name, closing, mark[0]) + unescape(piece[mark.end() :])


def _shown(name: str, closing: str, mark: str) -> str:
    """What stands for a tag: a break, nothing, or itself where HTML has no such tag."""
    if name == "li":
        return "" if closing else "\n• "
    if name in _BREAKING:
        return "\n"
    known = not name or name in _INLINE or name in _SILENT
    return "" if known or closing else f"<{mark}"

"""Convert the HTML of incident texts to plain text.

This is one pass over the text. The standard library's parser takes a minute for a few thousand
unclosed tags, and raises an error for some texts that only look like a declaration.
"""

import html
import re
from collections.abc import Iterator

_BLOCKS = {"br", "p", "div", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "hr", "pre"}
_INLINE = {"a", "b", "i", "u", "em", "strong", "span", "code", "small", "var", "td", "th", "img"}
_INLINE |= {"tbody", "thead", "font", "sub", "sup", "blockquote", "html", "body", "time", "s"}
_INLINE |= {"head", "meta", "link"}
_HIDDEN = {"script", "style", "title", "template", "noscript"}

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"""(/?)([a-zA-Z][a-zA-Z0-9]*)(?:[\s/](?:[^>"']|"[^"]*"|'[^']*')*+)?>""")
_DECLARATION = re.compile(r"[!?/][^>]*>")
_LONG_REFERENCE = re.compile(r"&#[0-9]{20,};?")


def to_text(markup: str) -> str:
    """Return the text of `markup`, with a line break for each block.

    Text that only looks like a tag (`<name@example.com>`) is kept.
    """
    commented, end, rest = markup.rpartition("-->")  # before the last, each comment is closed
    first, *pieces = (_COMMENT.sub("", commented + end) + rest).split("<")
    return unescape(first) + "".join(_texts(pieces))


def unescape(markup: str) -> str:
    """Replace the character references in `markup` by their characters.

    A numeric reference with more digits than any character needs becomes U+FFFD: the standard
    library raises an error for some thousand digits.
    """
    return html.unescape(_LONG_REFERENCE.sub("\ufffd", markup))


def _texts(pieces: list[str]) -> Iterator[str]:
    """The text of each piece; a `<` stood before each."""
    hidden = ""
    for piece in pieces:
        tag = _TAG.match(piece)
        closing, name = (tag[1], tag[2].lower()) if tag else ("", "")
        if hidden and not (closing and name == hidden):
            continue
        hidden = name if name in _HIDDEN and not closing else ""
        if hidden:
            continue
        mark = tag or _DECLARATION.match(piece)
        if mark is None:
            yield "<" + unescape(piece)
        else:
            yield _replacement(name, closing, mark[0]) + unescape(piece[mark.end() :])


def _replacement(name: str, closing: str, mark: str) -> str:
    """What replaces a tag: a line break, nothing, or the tag itself if HTML has no such tag."""
    if name == "li":
        return "" if closing else "\n• "
    if name in _BLOCKS:
        return "\n"
    known = not name or name in _INLINE or name in _HIDDEN
    return "" if known or closing else f"<{mark}"

"""Make untrusted text safe to show: no control codes, no direction overrides, bounded length.

Parsers call this once for all text that they read, so that no later code has to. Each output
format still escapes for its own consumer.
"""

import re
from functools import lru_cache

LINE_LIMIT = 1000
_CACHED = 40
BODY_LIMIT = 20_000

# Strings, compiled at their first use: most text needs none, and every start would pay for them.
_ESCAPES = (
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor moves
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS, ...
    r"|\x1b[ -/]*[0-~]"
)
_INVISIBLE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_SURROGATES = "[\ud800-\udfff]"
_BREAKS = "\r\n?|[\x0b\x0c\x85\u2028\u2029]"
_COMMAND = r"##(?=\w*\[)"
_HEADERS = frozenset({"---", "+++", "~~~", "^^^"})
_MARKUP = r"<[a-zA-Z/!]|&#?[a-zA-Z0-9]+;"


def line(text: str) -> str:
    """`text` on one line of at most `LINE_LIMIT` characters, white space collapsed."""
    return _short_line(text) if len(text) <= _CACHED else _line(text)


def body(text: str) -> str:
    """`text` as paragraphs of at most `BODY_LIMIT` characters.

    Markup becomes text, and of several empty lines one is left.
    """
    if ("<" in text or "&" in text) and re.search(_MARKUP, text):
        from outlogger_cli.domain.markup import to_text  # needed only for pages that write HTML

        text = to_text(text[: 4 * BODY_LIMIT])
    text = text[: 4 * BODY_LIMIT]
    if not text.replace("\n", "").isprintable():
        text = _without_controls(text)
    rows = [_without_commands(" ".join(row.split())) for row in text.split("\n")]
    kept = (row for row, before in zip(rows, ["", *rows], strict=False) if row or before)
    return cut("\n".join(kept).strip(), BODY_LIMIT)


def whole_line(text: str) -> str:
    """`text` on one line as `line` makes it, but of any length."""
    if not text.isprintable():
        text = _without_controls(text)
    return _without_commands(" ".join(text.split()))


def _line(text: str) -> str:
    return cut(whole_line(text[: 4 * LINE_LIMIT]), LINE_LIMIT)


def _without_commands(line: str) -> str:
    """The line with the markers of CI log commands broken up by a space.

    GitHub runs `##[` anywhere and `::` at the start of a line, Azure `##vso[` and TeamCity
    `##teamcity[` anywhere. Buildkite folds its log at a line that begins with `---`, `+++` or
    `~~~` and a space, and unfolds it at `^^^ +++`. Its other commands are escape sequences.
    """
    if line.startswith("::") or (line[:3] in _HEADERS and line[3:4] in {"", " "}):
        line = f"{line[0]} {line[1:]}"
    return re.sub(_COMMAND, "# #", line) if "##" in line else line


_short_line = lru_cache(maxsize=4096)(_line)
"""A page repeats few short texts often: statuses, names of components."""


def _without_controls(text: str) -> str:
    text = re.sub(_ESCAPES, "", re.sub(_BREAKS, "\n", text))
    return re.sub(_SURROGATES, "\ufffd", re.sub(_INVISIBLE, "", text))


def cut(text: str, limit: int = BODY_LIMIT) -> str:
    """`text`, or its start with `…` if it is longer than `limit`."""
    return text if len(text) <= limit else text[: limit - 1] + "…"

"""Untrusted TOML, parsed in bounded time."""

import re
import tomllib
from typing import Any

KEY_PARTS = 32
"""Parts of a dotted key; a key of more is refused."""

_SHORT = 8192
"""Characters. A key in so short a text never takes `tomllib` a second, however many its parts."""

_NO_KEYS = (
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\[^\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+"
)
"""Texts and comments, in which no key begins; a text on one line may be part of a key."""

_DEEP_KEY = rf"(?<![\w-])[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++){{{KEY_PARTS}}}"


class DeepKeyError(ValueError):
    """A key of more than `KEY_PARTS` parts, in this line of the text."""

    def __init__(self, line: int) -> None:
        super().__init__(f"a key of more than {KEY_PARTS} parts")
        self.line = line


def loads(text: str) -> dict[str, Any]:
    """Parse `text`. Raises `ValueError` or `RecursionError` if it is not TOML.

    Raises `DeepKeyError` in a long text: `tomllib` needs quadratic time for one key, hours for
    thousands of parts.
    """
    if len(text) > _SHORT:
        keys = re.sub(_NO_KEYS, _placeholder, text, flags=re.DOTALL)
        if found := re.search(_DEEP_KEY, keys):
            raise DeepKeyError(keys.count("\n", 0, found.start()) + 1)
    return tomllib.loads(text)


def _placeholder(found: re.Match[str]) -> str:
    """What stands for a text or a comment: as many lines, and a part of a key for a text."""
    return ("" if found[0].startswith("#") else "_") + "\n" * found[0].count("\n")

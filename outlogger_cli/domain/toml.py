"""Untrusted TOML, parsed in bounded time."""

import re
import tomllib
from typing import Any

_SHORT = 8192
"""Characters. A key in so short a text never takes `tomllib` a second, however many its parts."""

_QUOTED = r""""(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?"""
_DEEP_KEY = r"(?<![\w-])[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++){32}"


def loads(text: str) -> dict[str, Any]:
    """Parse `text`. Raises `ValueError` or `RecursionError` if it is not TOML.

    Raises `ValueError` too for a key of more than 32 parts in a long text: `tomllib` needs
    quadratic time for one, hours for thousands of parts.
    """
    if len(text) > _SHORT and re.search(_DEEP_KEY, re.sub(_QUOTED, "_", text)):
        raise ValueError("a key of more than 32 parts")
    return tomllib.loads(text)

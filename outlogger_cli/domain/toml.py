"""TOML that strangers may have written, read in bounded time."""

import re
import tomllib
from typing import Any

_SHORT = 8192
"""Characters in which no key has so many parts that it takes `tomllib` a second."""

_QUOTED = r""""(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?"""
_DEEP_KEY = r"(?<![\w-])[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++){32}"


def loads(text: str) -> dict[str, Any]:
    """What `text` means. Raises `ValueError` or `RecursionError` where it is no TOML, or has a key
    of more than 32 parts, whose thousands would take `tomllib` hours: it looks at all of them for
    each one."""
    if len(text) > _SHORT and re.search(_DEEP_KEY, re.sub(_QUOTED, "_", text)):
        raise ValueError("a key of more than 32 parts")
    return tomllib.loads(text)

"""What a terminal and the log of a CI system may be shown of a stranger's text."""

import re
import unicodedata

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MARKS = "\u061c\u200e\u200f"
COMMAND = re.compile(r"^\s*::|##\[|##vso\[", re.IGNORECASE | re.MULTILINE)
"""What the logs of GitHub's and Azure's CI take for a command."""


def is_safe(character: str) -> bool:
    """Whether a terminal shows it, or leaves it out, and does nothing else."""
    return (
        unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        and unicodedata.bidirectional(character) not in BIDI
        and character not in MARKS
    )


def assert_shown(text: str, *, lines: bool = False) -> None:
    """That `text` moves no cursor, sets no title, colours nothing and forges no command; with
    `lines` it may have line ends."""
    unsafe = [c for c in text if not is_safe(c) and not (lines and c == "\n")]
    assert not unsafe, f"{unsafe[:5]!r} in {text[:200]!r}"
    assert not COMMAND.search(text), f"a forged command in {text[:200]!r}"

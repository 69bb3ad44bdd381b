"""Untrusted text, and the check that it is safe for terminals and the logs of CI systems."""

import re
import unicodedata

from hypothesis import strategies as st

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MARKS = "\u061c\u200e\u200f"
COMMAND = re.compile(
    r"^\s*::|##\[|##vso\[|##teamcity\[|^(?:---|\+\+\+|~~~)(?:\s|\Z)|^\^\^\^\s+\+\+\+",
    re.IGNORECASE | re.MULTILINE,
)
"""Commands in the logs of GitHub, Azure DevOps, TeamCity and Buildkite."""

PIECES = [
    "\x1b", "\x1b[31m", "\x1b[2J", "\x1b]0;title\x07", "\x1b]8;;https://evil.example\x1b\\",
    "\x1bP", "\x1b(0", "\x9b31m", "\x9d0;t\x9c", "\x90", "\x07", "\x08", "\r", "\n", "\t",
    "\x0b", "\x0c",
    "\x85", "\xa0", "\u2028", "\u2029", "\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\ufffe",
    "\ud83d", "\ude00", "\U000e0041", "<b>", "</b>", "<br>", "<li>", "<script>", "</script>",
    "<!--", "-->", "<![x[", "&#27;", "&#x202e;", "&lt;", "&amp;", "<", ">", '"', "'", "a",
    "Zug", " ", "::", ":", "##[", "##vso[", "##teamcity[", "#", "[", "---", "+++ ", "~~~", "^^^",
    "\x1b_bk;t=1\x07",
]  # fmt: skip

written = st.lists(
    st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=()), max_size=5), max_size=30
).map("".join)
"""Text that an attacker may put on a page."""


def is_safe(character: str) -> bool:
    """Whether a terminal only shows or ignores the character."""
    return (
        unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        and unicodedata.bidirectional(character) not in BIDI
        and character not in MARKS
    )


def assert_shown(text: str, *, lines: bool = False) -> None:
    """Fail if `text` has a control code, a direction override or a CI command.

    With `lines` it may have line ends.
    """
    unsafe = [c for c in text if not is_safe(c) and not (lines and c == "\n")]
    assert not unsafe, f"{unsafe[:5]!r} in {text[:200]!r}"
    assert not COMMAND.search(text), f"a forged command in {text[:200]!r}"

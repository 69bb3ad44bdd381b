"""Suggestions for a word that is unknown: the known ones it resembles, and how they are worded."""

from collections.abc import Iterable, Sequence

THRESHOLD = 0.6
"""How similar two words must be, from 0 to 1 (`difflib`); a lower one suggests unrelated words."""


def closest(word: str, known: Iterable[str], n: int = 3) -> list[str]:
    """At most `n` of `known` that resemble `word`, best first; letter case does not matter."""
    from difflib import get_close_matches  # loaded only if a word is unknown

    words = {one.casefold(): one for one in known}
    return [words[match] for match in get_close_matches(word.casefold(), words, n, THRESHOLD)]


def did_you_mean(near: Sequence[str], *, otherwise: str = "", separator: str = "; ") -> str:
    """The end of an error's sentence: `; did you mean this or that?`.

    If nothing is `near` it is `otherwise`, and without that nothing at all.
    """
    hint = f"did you mean {' or '.join(near)}?" if near else otherwise
    return f"{separator}{hint}" if hint else ""

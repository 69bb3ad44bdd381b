"""Suggestions for a word that is unknown: the known ones it resembles, and how they are worded."""

from collections.abc import Iterable, Sequence

THRESHOLD = 0.7
"""How similar two words must be, from 0 to 1 (`difflib`); a lower one suggests unrelated words."""

_CLEARLY_WORSE = 0.15
"""A word that is this much less similar than the best one is not suggested beside it."""


def closest(word: str, known: Iterable[str], n: int = 3) -> list[str]:
    """At most `n` of `known` that resemble `word`, best first; letter case does not matter."""
    from difflib import SequenceMatcher, get_close_matches  # loaded only if a word is unknown

    words = {one.casefold(): one for one in known}
    wanted = word.casefold()
    found = get_close_matches(wanted, words, n, THRESHOLD)
    ratios = [SequenceMatcher(a=one, b=wanted).ratio() for one in found]
    return [
        words[one]
        for one, ratio in zip(found, ratios, strict=True)
        if ratio > ratios[0] - _CLEARLY_WORSE
    ]


def did_you_mean(near: Sequence[str], *, otherwise: str = "", separator: str = ": ") -> str:
    """The end of an error's sentence: `: did you mean this or that?`.

    If nothing is `near` it is `otherwise`, and without that nothing at all.
    """
    hint = f"did you mean {' or '.join(near)}?" if near else otherwise
    return f"{separator}{hint}" if hint else ""

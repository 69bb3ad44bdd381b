"""Lengths of time as people write them: `45s`, `10m`, `2h`, `30d`, or plain seconds."""

from datetime import timedelta

LONGEST = timedelta(days=3650)

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(text: str) -> timedelta:
    """The length of time `text` says: a whole or decimal number and one unit, seconds without.

    Raises `ValueError`, in one line that says what is allowed, for anything else and for more
    than `LONGEST`.
    """
    number, unit = (text[:-1], text[-1]) if text[-1:] in _SECONDS else (text, "s")
    whole, point, fraction = number.partition(".")
    if not _digits(whole) or (point and not _digits(fraction)):
        raise ValueError("must be a duration such as 45s, 10m, 2h, 30d or plain seconds")
    seconds = float(number) * _SECONDS[unit]
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"must be a duration of at most {LONGEST.days}d")
    return timedelta(seconds=seconds)


def spell(length: timedelta) -> str:
    """`length`, none or longer, as `duration` reads it, in the largest unit it is whole in."""
    for unit, size in reversed(_SECONDS.items()):
        if length and not length % timedelta(seconds=size):
            return f"{length // timedelta(seconds=size)}{unit}"
    return f"{length.total_seconds():f}".rstrip("0").rstrip(".") + "s"


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()

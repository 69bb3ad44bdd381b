"""Durations as people write them: `45s`, `10m`, `2h`, `30d`, or plain seconds."""

from datetime import timedelta

LONGEST = timedelta(days=3650)

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(text: str) -> timedelta:
    """Parse a whole or decimal number and one unit; without a unit, seconds.

    Raises `ValueError` for anything else and for more than `LONGEST`. Its text is one line that
    says what is allowed.
    """
    number, unit = (text[:-1], text[-1]) if text[-1:] in _SECONDS else (text, "s")
    whole, point, fraction = number.partition(".")
    if not _is_whole(whole) or (point and not _is_whole(fraction)):
        raise ValueError("must be a duration such as 45s, 10m, 2h, 30d or plain seconds")
    seconds = float(number) * _SECONDS[unit]
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"must be a duration of at most {LONGEST.days}d")
    return timedelta(seconds=seconds)


def spell(length: timedelta) -> str:
    """Write `length` in the form that `duration` parses, in the largest unit without a fraction.

    `length` is not negative.
    """
    for unit, size in reversed(_SECONDS.items()):
        if length and not length % timedelta(seconds=size):
            return f"{length // timedelta(seconds=size)}{unit}"
    return f"{length.total_seconds():f}".rstrip("0").rstrip(".") + "s"


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit()

"""Dates with a time of day as people write them into texts.

Only feeds have them: other platforms do without the patterns, which take 4 ms to compile.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone

from outlogger_cli.platforms.shared import times

CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:[ ]?[AaPp]\.?[Mm]\b\.?)?"
_ZONE = r"(?:Z|[A-Z]{2,5}(?: ?[+-]\d{1,2}(?::?\d\d)?)?|[+-]\d\d:?\d\d)(?!\w)"
_DATES = (
    r"(?P<date>\d{4}-\d\d-\d\d)",
    r"(?:[A-Za-z]{3,10},? )?(?P<day>\d{1,2})\.? (?P<month>[A-Za-z]{3,9})\.?,? (?P<year>\d{4})",
    r"(?:[A-Za-z]{3,10}, )?(?P<month>[A-Z][a-z]{2,8})\.? (?P<day>\d{1,2})(?:,? (?P<year>\d{4}))?",
)
_TIME = rf"(?P<clock>{CLOCK})(?: ?(?P<zone>{_ZONE}))?"
_WRITTEN = [re.compile(rf"{date}(?:T|,? (?:at |- |– )?){_TIME}") for date in _DATES]
_WRITTEN.append(re.compile(_TIME))
_PATTERNS = "|".join(re.sub(r"\?P<\w+>", "?:", pattern.pattern) for pattern in _WRITTEN)
STAMP = f"(?-i:{_PATTERNS})"
"""A pattern of the dates with a time of day that people write into texts (see `from_text`)."""


def from_text(value: str, near: datetime | None, *, vaguely: bool = False) -> datetime | None:
    """A date with a time of day as people write it: `Sep 3, 11:30 AM UTC`, `2026-09-03 11:30 CET`.

    One without a year is in the year that brings it nearest to the known time `near`; None without
    that. With `vaguely` an unknown zone counts as UTC, and a time without a date is of the nearest
    day: both are good enough to compare by.
    """
    found = next(filter(None, (pattern.fullmatch(value) for pattern in _WRITTEN)), None)
    if found is None:
        return times.parse_any(value)
    parts = found.groupdict(default="")
    offset = times.offset_of(parts["zone"])
    if offset is None and vaguely:
        offset = timedelta()
    if offset is None:
        return None
    clock, zone = times.of_24_hours(parts["clock"]), timezone(offset)
    moments = (
        times.parse(f"{date}T{clock}", zone) for date in _dates(parts, near, vaguely=vaguely)
    )
    known = [moment for moment in moments if moment]
    return min(known, key=lambda moment: abs(moment - (near or moment)), default=None)


def _dates(parts: Mapping[str, str], near: datetime | None, *, vaguely: bool) -> Iterator[str]:
    """The dates in ISO 8601 that a text may mean."""
    if "date" in parts:
        yield parts["date"]
    elif "month" in parts:
        month = parts["month"][:3].lower()
        years = [near.year - 1, near.year, near.year + 1] if near else []
        for year in [int(parts["year"])] if parts["year"] else years:
            if month in times.MONTHS:
                yield f"{year:04}-{times.MONTHS.index(month) + 1:02}-{int(parts['day']):02}"
    elif near and vaguely:
        for days in (-1, 0, 1):
            yield f"{near + timedelta(days=days):%Y-%m-%d}"

"""Points in time as pages write them: ISO 8601, RFC 822, and months by name; all in UTC.

A time outside 1990 to 2200 counts as missing: pages write zero or a far future for "none".
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from outlogger_cli.domain import text

_FIRST, _LAST = 1990, 2200

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Patterns that few pages need are compiled on use: that takes a millisecond of every start.
_RFC822 = (
    r"(?i)(?:[a-z]+,? )?(\d{1,2}) ([a-z]{3})[a-z]* (\d{4}|\d{2}) (\d{1,2}:\d\d(?::\d\d)?)(?: (.+))?"
)
_OFFSET = r"(?i)(?:utc|gmt)? ?([+-])(\d{1,2}):?(\d\d)?"
_ZONES = {
    **{"": 0, "z": 0, "ut": 0, "utc": 0, "gmt": 0},
    **{"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7},
    **{"wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3},
    **{"jst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13},
}
"""Hours from UTC of the zones in RFC 822, and of the unambiguous ones that Statuspage prints."""


def parse(value: str, zone: tzinfo = UTC) -> datetime | None:
    """An ISO 8601 time, in `zone` if it names none; None if it is invalid."""
    try:
        moment = datetime.fromisoformat(value.strip())
        if moment.tzinfo is not UTC:
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
        return plausible(moment)
    except (ValueError, OverflowError):
        return None


def from_epoch(seconds: float) -> datetime | None:
    """A Unix time in seconds, or in milliseconds if it is too large for seconds."""
    try:
        return plausible(datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def plausible(moment: datetime) -> datetime | None:
    return moment if _FIRST <= moment.year < _LAST else None


def parse_any(value: str) -> datetime | None:
    """An ISO 8601 or RFC 822 date; None if it is invalid or its zone is unknown."""
    line = text.line(value)
    named = re.fullmatch(_RFC822, line)
    if named is None:
        return parse(line)
    day, month, year, clock, zone = named.groups(default="")
    return from_parts(int(year) + (2000 if len(year) == 2 else 0), month, day, clock, zone)


def from_parts(year: int, month: str, day: str, clock: str, zone: str) -> datetime | None:
    """`2026, "Jan", "5", "8:00", "PST"` as a time; no zone is UTC, an unknown zone gives None."""
    offset = offset_of(zone)
    if offset is None or month.lower() not in MONTHS:
        return None
    date = f"{year:04}-{MONTHS.index(month.lower()) + 1:02}-{int(day):02}"
    return parse(f"{date}T{of_24_hours(clock)}", timezone(offset))


def of_24_hours(clock: str) -> str:
    """`8:00`, `8:00 PM` or `8:00:00` as ISO 8601 has it; an hour above 12 has no half of a day."""
    digits, half = clock.rstrip("APMapm. "), clock.lower().replace(".", "").strip()[-2:]
    hour, _, rest = digits.partition(":")
    if half in {"am", "pm"} and int(hour) <= 12:
        hour = str(int(hour) % 12 + (12 if half == "pm" else 0))
    return f"{hour.zfill(2)}:{rest}"


def offset_of(zone: str) -> timedelta | None:
    hours = _ZONES.get(zone.lower())
    if hours is not None:
        return timedelta(hours=hours)
    ahead = re.fullmatch(_OFFSET, zone)
    if ahead is None or int(ahead[2]) > 14:
        return None
    size = timedelta(hours=int(ahead[2]), minutes=int(ahead[3] or 0))
    return -size if ahead[1] == "-" else size


def zone_named(name: str) -> tzinfo:
    """The IANA zone called `name`, or the one that Ruby on Rails calls so; UTC if it is unknown."""
    if name in {"", "UTC", "Etc/UTC"}:
        return UTC
    from zoneinfo import ZoneInfo  # most pages are in UTC

    city = _RAILS_ZONES.get(name, name).replace(" ", "_")
    for key in (name, city, *(f"{region}/{city}" for region in _REGIONS)):
        try:
            return ZoneInfo(key)
        except (ValueError, OSError, KeyError):
            continue
    return UTC


_REGIONS = ("America", "Europe", "Asia", "Africa", "Australia", "Pacific", "Atlantic")
"""Where a city may be that Rails names without its region (`Berlin`)."""

_RAILS_ZONES = {
    "Hawaii": "Honolulu",
    "Alaska": "Juneau",
    "Pacific Time (US & Canada)": "Los Angeles",
    "Arizona": "Phoenix",
    "Mountain Time (US & Canada)": "Denver",
    "Central Time (US & Canada)": "Chicago",
    "Saskatchewan": "Regina",
    "Eastern Time (US & Canada)": "New York",
    "Indiana (East)": "Indiana/Indianapolis",
    "Atlantic Time (Canada)": "Halifax",
    "Newfoundland": "St Johns",
    "Brasilia": "Sao Paulo",
    "Edinburgh": "London",
    "Bern": "Zurich",
    "Kyiv": "Kiev",
    "St. Petersburg": "Moscow",
    "Pretoria": "Johannesburg",
    "Abu Dhabi": "Muscat",
    "Islamabad": "Karachi",
    "Chennai": "Kolkata",
    "Mumbai": "Kolkata",
    "New Delhi": "Kolkata",
    "Astana": "Dhaka",
    "Hanoi": "Bangkok",
    "Beijing": "Shanghai",
    "Osaka": "Tokyo",
    "Sapporo": "Tokyo",
    "Canberra": "Sydney",
    "Wellington": "Auckland",
}
"""The names of ActiveSupport::TimeZone that are not those of a zone's city; the rarest left out."""


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """The first of the known `moments`."""
    return min((moment for moment in moments if moment), default=None)


def latest(moments: Iterable[datetime | None]) -> datetime | None:
    """The last of the known `moments`."""
    return max((moment for moment in moments if moment), default=None)

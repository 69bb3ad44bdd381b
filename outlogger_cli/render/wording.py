"""Words for times, durations, states and lists, the same in every format that people read."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from outlogger_cli.domain.model import Component, ComponentStatus, Incident, Severity

NO_TEXT = "(no text published)"
"""In place of an update without text."""

_MONTHS = "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
_SPACES = str.maketrans("\t\n\r", "   ")


def words(value: StrEnum) -> str:
    """`partial_outage` as `partial outage`."""
    return value.value.replace("_", " ")


def state(severity: Severity) -> str:
    """`ok`, or the severity."""
    return "ok" if severity is Severity.NONE else severity.value


def component_status(component: Component) -> str:
    """Its status in words; an unknown one with the vendor's own word."""
    if component.status.severity is not Severity.UNKNOWN:
        return words(component.status)
    return f"unknown ({component.raw_status})" if component.raw_status else "unknown"


def status_word(component: Component) -> str:
    """Its status as a column has it: `degraded` for degraded performance."""
    is_degraded = component.status is ComponentStatus.DEGRADED_PERFORMANCE
    return "degraded" if is_degraded else component_status(component)


def incident_status(incident: Incident) -> str:
    """Its status in words; an unknown one with the vendor's own word."""
    known = incident.status.value != "unknown"
    return words(incident.status) if known else f"unknown ({incident.raw_status or 'no status'})"


def length(span: timedelta) -> str:
    """A duration in its two largest units: `48 s`, `12 min`, `3 h 5 min`, `2 d 4 h`."""
    seconds = max(0, int(span.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 60:
        return f"{seconds} s"
    if hours == 0:
        return f"{minutes} min"
    if days == 0:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{days} d {hours % 24} h" if hours % 24 else f"{days} d"


def brief(span: timedelta) -> str:
    """A duration in its largest unit, for a column: `47 min`, `3 h`, `12 d`, `5 y`."""
    seconds = max(0, int(span.total_seconds()))
    for unit, size in (("y", 365 * 86400), ("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def seconds(span: timedelta) -> str:
    """A short duration with a tenth of a second: `0.6 s`, `12 s`."""
    return f"{span.total_seconds():.1f} s" if span < timedelta(seconds=10) else length(span)


def age(moment: datetime, now: datetime) -> str:
    """How long ago `moment` was: `just now`, `12 min ago`; `in 3 h` if it is in the future."""
    past = now - moment
    if past < timedelta(0):
        return f"in {length(-past)}"
    return "just now" if past < timedelta(seconds=10) else f"{length(past)} ago"


def moment(when: datetime, zone: tzinfo | None, now: datetime) -> str:
    """`12 Mar 09:12 GMT`, with the year if it is not the present one."""
    local, today = when.astimezone(zone), now.astimezone(zone)
    year = "" if local.year == today.year else f" {local.year}"
    return f"{month_day(local.month, local.day)}{year} {local:%H:%M} {local:%Z}"


def clock_time(when: datetime, zone: tzinfo | None, now: datetime) -> str:
    """`09:12 GMT` if that is today, else as `moment`."""
    local, today = when.astimezone(zone), now.astimezone(zone)
    return f"{local:%H:%M %Z}" if local.date() == today.date() else moment(when, zone, now)


def month_day(month: int, day: int) -> str:
    """`12 Mar`"""
    return f"{day} {_MONTHS[month - 1]}"


def count(number: int, noun: str) -> str:
    """`1 incident`, `2 incidents`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(texts: Sequence[str], *, limit: int, separator: str = ", ") -> str:
    """`API, Queue and 3 more`: at most `limit` texts, and the number of the others."""
    rest = len(texts) - limit
    return separator.join(texts[:limit]) + (f" and {rest} more" if rest > 0 else "")


def field(text: str) -> str:
    """`text` as one field of a record: tabs and line breaks would end it, so they are spaces."""
    return text if text.isprintable() else text.translate(_SPACES)

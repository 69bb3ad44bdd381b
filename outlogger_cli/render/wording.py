"""Moments, ages and states in words, the same in every format that people read."""

from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from outlogger_cli.domain.model import Component, Incident, Severity


def of(word: StrEnum) -> str:
    """`partial_outage` as `partial outage`."""
    return word.value.replace("_", " ")


def component_status(component: Component) -> str:
    """Its status in words; one nobody knows in the vendor's own."""
    if component.status.severity is not Severity.UNKNOWN:
        return of(component.status)
    return f"unknown ({component.raw_status})" if component.raw_status else "unknown"


def incident_status(incident: Incident) -> str:
    """Its status in words; one nobody knows in the vendor's own."""
    known = incident.status.value != "unknown"
    return of(incident.status) if known else f"unknown ({incident.raw_status or 'no status'})"


def length(span: timedelta) -> str:
    """A span in its two largest units: `48 s`, `12 min`, `3 h 5 min`, `2 d 4 h`."""
    seconds = max(0, int(span.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 60:
        return f"{seconds} s"
    if hours == 0:
        return f"{minutes} min"
    if days == 0:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{days} d {hours % 24} h" if hours % 24 else f"{days} d"


def age(moment: datetime, now: datetime) -> str:
    """How long ago `moment` was: `just now`, `12 min ago`; `in 3 h` for one to come."""
    past = now - moment
    if past < timedelta(0):
        return f"in {length(-past)}"
    return "just now" if past < timedelta(seconds=10) else f"{length(past)} ago"


def moment(when: datetime, zone: tzinfo | None, now: datetime) -> str:
    """`12 Mar 09:12 GMT`, with the year where it is not this one."""
    local, today = when.astimezone(zone), now.astimezone(zone)
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.day} {_MONTHS[local.month - 1]}{year} {local:%H:%M} {local:%Z}"


def month_day(month: int, number: int) -> str:
    return f"{number} {_MONTHS[month - 1]}"


def count(number: int, noun: str) -> str:
    """`1 incident`, `2 incidents`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_MONTHS = "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"

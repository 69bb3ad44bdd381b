"""Maintenance as a calendar (RFC 5545): a window keeps its UID, and each update raises SEQUENCE."""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from outlogger_cli.domain.model import Maintenance
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.text import line
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.domain.version import __version__
from outlogger_cli.render import wording

MEDIA_TYPE = "text/calendar"


def render(report: Report, name: str) -> bytes:
    """The windows of the watchlist `name` that are under way or planned, and whose start is known.

    Those of a page that cannot be read now stay in it.
    """
    drill = "DRILL: " if report.drill else ""
    calendar = Calendar()
    calendar.add("prodid", f"-//outlogger//outlogger {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{drill}Maintenance of vendors ({name})")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for judged in report.vendors:
        for window in judged.maintenances:
            if window.scheduled_for:
                calendar.add_component(_event(judged, window, window.scheduled_for, drill))
    written: bytes = calendar.to_ical()
    return written


def _event(judged: Judged, window: Maintenance, start: datetime, drill: str) -> Event:
    key = f"outlogger {judged.vendor.url} {window.id or window.url or window.name}"
    changed = max([u.created_at for u in window.updates if u.created_at], default=start)
    event = Event()
    event.add("uid", f"{uuid5(NAMESPACE_URL, key)}@outlogger")
    event.add("dtstamp", changed.astimezone(UTC))
    event.add("last-modified", changed.astimezone(UTC))
    event.add("sequence", len(window.updates))
    event.add("dtstart", start.astimezone(UTC))
    if window.scheduled_until and window.scheduled_until > start:
        event.add("dtend", window.scheduled_until.astimezone(UTC))
    event.add("summary", line(f"{drill}{judged.name}: {window.name}"))
    event.add("description", _description(judged, window))
    event.add("categories", [judged.vendor.slug])
    event.add("transp", "TRANSPARENT")  # it does not make its reader busy
    url = window.url if window.url.startswith(("https://", "http://")) else judged.vendor.url
    event.add("url", url)
    return event


def _description(judged: Judged, window: Maintenance) -> str:
    parts = [f"Status: {wording.words(window.status)}"]
    if names := judged.names_of(window.links):
        parts.append(f"Components: {wording.listed(names, limit=20)}")
    if window.updates and window.updates[0].body:
        parts.append(window.updates[0].body)
    if judged.error and judged.reading:
        parts.append("The page cannot be read now; this is from its last reading.")
    return "\n\n".join(parts)

"""Incidents as an Atom feed (RFC 4287). Each one keeps its id, and every update moves its time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from outlogger_cli.domain.model import Incident
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.text import line
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.domain.version import __version__
from outlogger_cli.render import wording
from outlogger_cli.render.records import machine_time

MEDIA_TYPE = "application/atom+xml"

ENTRIES = 200
"""The newest incidents in the feed: readers request it whole each time."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of an incident without one: the present time would differ in every answer."""


def render(report: Report, name: str) -> bytes:
    """The feed of the watchlist `name`. Incidents of a page that cannot be read now stay in it."""
    drill = "DRILL: " if report.drill else ""
    feed = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    found = [(judged, one) for judged in report.vendors for one in judged.incidents]
    found.sort(key=lambda pair: _updated(pair[1]), reverse=True)
    newest = _updated(found[0][1]) if found else _NEVER
    _add(feed, "id", _urn("feed", name))
    _add(feed, "title", f"{drill}Incidents of vendors ({name})")
    unread = [judged.name for judged in report.vendors if judged.error]
    if unread:
        _add(feed, "subtitle", f"Status unknown: {wording.listed(unread, limit=10)}")
    _add(feed, "updated", machine_time(newest))
    _add(feed, "generator", "outlogger", version=__version__)
    _add(feed, "link", None, rel="self", href="incidents.atom", type=MEDIA_TYPE)
    _add(feed, "link", None, rel="alternate", href="./", type="text/html")
    feed.extend(_entry(judged, one, drill) for judged, one in found[:ENTRIES])
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(judged: Judged, incident: Incident, drill: str) -> Element:
    entry = Element("entry")
    _add(entry, "id", _urn(judged.vendor.url, incident.id or incident.url or incident.name))
    status = wording.incident_status(incident)
    _add(entry, "title", line(f"{drill}{judged.name}: {incident.name} ({status})"))
    _add(entry, "updated", machine_time(_updated(incident)))
    if incident.started_at:
        _add(entry, "published", machine_time(incident.started_at))
    _add(SubElement(entry, "author"), "name", judged.name)
    _add(entry, "category", None, term=judged.vendor.slug)
    _add(entry, "category", None, term=incident.impact.value)
    url = incident.url if incident.url.startswith(("https://", "http://")) else judged.vendor.url
    _add(entry, "link", None, rel="alternate", href=url)
    _add(entry, "content", "\n\n".join(_paragraphs(judged, incident)), type="text")
    return entry


def _paragraphs(judged: Judged, incident: Incident) -> Iterator[str]:
    yield f"Status: {wording.incident_status(incident)}, impact {incident.impact}"
    if names := judged.names_of(incident.links):
        yield f"Components: {wording.listed(names, limit=20)}"
    for update in incident.updates:
        at = f"{machine_time(update.created_at)} " if update.created_at else ""
        yield f"{at}{wording.words(update.status)}: {update.body or wording.NO_TEXT}"


def _updated(incident: Incident) -> datetime:
    """The latest time that the page gives for the incident."""
    times = [incident.updated_at, incident.resolved_at, incident.started_at]
    times += [update.created_at for update in incident.updates]
    return max(filter(None, times), default=_NEVER)


def _urn(*parts: str) -> str:
    return uuid5(NAMESPACE_URL, "outlogger " + " ".join(parts)).urn


def _add(parent: Element, tag: str, text: str | None, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = text

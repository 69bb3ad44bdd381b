"""Apple's system status, for customers and for developers.

`https://www.apple.com/support/systemstatus/data/system_status_en_US.js`, and the same below
`data/developer/` for https://developer.apple.com/system-status. Not documented; the fields and
words are those that programs for both pages read. The answer is JSON, or JSON inside
`jsonCallback(...);`, and has had escapes that are invalid in JSON. The list holds ongoing, planned
and recently ended events: there is no history.

wire                                        ours
service without an ongoing event            operational
ongoing Available                           operational
ongoing Maintenance                         under_maintenance
ongoing Issue, Performance                  degraded_performance
ongoing Outage                              major_outage
Outage; Issue, Performance                  impact major; minor
eventStatus ongoing                         investigating; of a maintenance in_progress
eventStatus resolved, completed             resolved; of a maintenance completed
eventStatus upcoming, scheduled             a scheduled maintenance, whatever its type

An event of unknown status counts as ongoing. The page has no roll-up: the indicator is the worst
service. A service without a list of events is unknown.
"""

import codecs
import re
from collections.abc import Iterator

from outlogger_cli.domain import text
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Snapshot,
    Update,
)
from outlogger_cli.domain.values import replace
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields
from outlogger_cli.platforms.shared.documents import once
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("apple.com",)
CAN: tuple[str, ...] = ("components", "maintenance")

_DATA = "https://www.apple.com/support/systemstatus/data"
_CALLBACK = re.compile(rb"\s*\w+\s*\((.*)\)\s*+;?\s*", re.DOTALL)
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_CONTROL = re.compile(rb"[\x00-\x1f]")
_STATUSES = {
    "available": ComponentStatus.OPERATIONAL,
    "maintenance": ComponentStatus.UNDER_MAINTENANCE,
    "issue": ComponentStatus.DEGRADED_PERFORMANCE,
    "performance": ComponentStatus.DEGRADED_PERFORMANCE,
    "outage": ComponentStatus.MAJOR_OUTAGE,
}
_WORST_LAST = (
    ComponentStatus.OPERATIONAL,
    ComponentStatus.UNDER_MAINTENANCE,
    ComponentStatus.UNKNOWN,
    ComponentStatus.DEGRADED_PERFORMANCE,
    ComponentStatus.MAJOR_OUTAGE,
)
_IMPACTS = {
    "available": Impact.NONE,
    "maintenance": Impact.MAINTENANCE,
    "issue": Impact.MINOR,
    "performance": Impact.MINOR,
    "outage": Impact.MAJOR,
}
_INCIDENTS = {
    "ongoing": IncidentStatus.INVESTIGATING,
    "resolved": IncidentStatus.RESOLVED,
    "completed": IncidentStatus.RESOLVED,
}
_WINDOWS = {
    "ongoing": MaintenanceStatus.IN_PROGRESS,
    "resolved": MaintenanceStatus.COMPLETED,
    "completed": MaintenanceStatus.COMPLETED,
    "upcoming": MaintenanceStatus.SCHEDULED,
    "scheduled": MaintenanceStatus.SCHEDULED,
}
_AHEAD = {"upcoming", "scheduled"}
_QUIET = _AHEAD | {"resolved", "completed"}


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    if addresses.path_of(page_url).endswith(".js"):
        return (Endpoint(name="services", url=page_url),)
    folder = "/developer" if addresses.host_of(page_url) == "developer.apple.com" else ""
    data = addresses.vendors_own(page_url, HOSTS, _DATA)
    return (Endpoint(name="services", url=f"{data}{folder}/system_status_en_US.js"),)


def parse(read: Documents, /) -> Snapshot:
    services = _services(read["services"])
    components = tuple(_component(service) for service in services)
    events = _events(services)
    return Snapshot(
        indicator=build.roll_up(c.status for c in components),
        components=components,
        incidents=build.newest_first(
            _incident(event, names) for event, names in events if not _planned(event)
        ),
        maintenances=build.unfinished(
            _maintenance(event, names) for event, names in events if _planned(event)
        ),
    )


def _services(document: Document) -> list[Fields]:
    wire = fields.json_object(replace(document, body=once(_plain_json, document.body)))
    rows = list(wire.objects("services"))
    if not rows or not all("serviceName" in row and "events" in row for row in rows):
        raise not_a_page("unexpected JSON without services with serviceName and events")
    return rows


def _plain_json(body: bytes) -> bytes:
    """`body` without a JSONP wrapper, and without escapes and bytes that are invalid in JSON."""
    body = body.removeprefix(codecs.BOM_UTF8)
    called = _CALLBACK.fullmatch(body)
    return _ESCAPE.sub(_known_escape, _CONTROL.sub(b" ", called[1] if called else body))


def _known_escape(found: re.Match[bytes]) -> bytes:
    return found[0] if found[1] in b'"\\/bfnrtu' else found[1]


def _component(service: Fields) -> Component:
    name = service.text("serviceName")
    words = [event.text("statusType") for event in _ongoing(service)]
    return Component(
        id=name,
        name=name or "(no name)",
        status=_status(service, words),
        raw_status=text.line(", ".join(words)),
    )


def _status(service: Fields, words: list[str]) -> ComponentStatus:
    if service.values.get("events") is None:
        return ComponentStatus.UNKNOWN
    statuses = (_STATUSES.get(word.lower(), ComponentStatus.UNKNOWN) for word in words)
    return max(statuses, key=_WORST_LAST.index, default=ComponentStatus.OPERATIONAL)


def _ongoing(service: Fields) -> Iterator[Fields]:
    return (e for e in service.objects("events") if e.word("eventStatus") not in _QUIET)


def _events(services: list[Fields]) -> list[tuple[Fields, list[str]]]:
    """Every event once, with the names of the services that list it."""
    found: dict[str, tuple[Fields, list[str]]] = {}
    for service in services:
        name = service.text("serviceName")
        for event in service.objects("events"):
            key = event.text("messageId") or f"{name} {event.text('epochStartDate')}"
            _, names = found.setdefault(key, (event, []))
            names.append(name)
    return list(found.values())


def _planned(event: Fields) -> bool:
    return event.word("statusType") == "maintenance" or event.word("eventStatus") in _AHEAD


def _incident(event: Fields, names: list[str]) -> Incident:
    status = _INCIDENTS.get(event.word("eventStatus"), IncidentStatus.UNKNOWN)
    started_at = event.epoch("epochStartDate")
    return Incident(
        id=event.text("messageId"),
        name=_title(event, names),
        status=status,
        raw_status=event.text("eventStatus"),
        impact=_IMPACTS.get(event.word("statusType"), Impact.MINOR),
        raw_impact=event.text("statusType"),
        started_at=started_at,
        resolved_at=None if status.open else event.epoch("epochEndDate"),
        updated_at=started_at,
        links=_links(names),
        updates=_updates(event, status),
    )


def _maintenance(event: Fields, names: list[str]) -> Maintenance:
    return Maintenance(
        id=event.text("messageId"),
        name=_title(event, names),
        status=_WINDOWS.get(event.word("eventStatus"), MaintenanceStatus.UNKNOWN),
        raw_status=event.text("eventStatus"),
        scheduled_for=event.epoch("epochStartDate"),
        scheduled_until=event.epoch("epochEndDate"),
        links=_links(names),
        updates=_updates(event, IncidentStatus.UNKNOWN),
    )


def _title(event: Fields, names: list[str]) -> str:
    """Events have no title: it is made of the first service that lists the event."""
    return f"{names[0] or '(no name)'}: {event.text('statusType', 'event')}"


def _links(names: list[str]) -> tuple[Link, ...]:
    return tuple(Link(id=name, name=name) for name in dict.fromkeys(names) if name)


def _updates(event: Fields, status: IncidentStatus) -> tuple[Update, ...]:
    update = Update(
        status=status,
        raw_status=event.text("eventStatus"),
        body=event.body("message"),
        created_at=event.epoch("epochStartDate"),
    )
    return (update,) if update.body else ()

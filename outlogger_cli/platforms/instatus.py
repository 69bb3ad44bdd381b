"""Instatus.

`/summary.json` holds the roll-up and what is open now, documented at
https://instatus.com/help/api/public-data; an older form of it has the roll-up as
`status{text, type}` beside the page. `/v3/summary.json` has the same form, and what is open on a
page whose summary has a bad roll-up and no lists. `/v3/components.json`, on older pages
`/v2/components.json`, holds the components. Neither is documented: they are read as live pages send
them. There is no history.

wire                                  ours
page.status UP                        none
  HASISSUES                           minor
  UNDERMAINTENANCE                    maintenance
  ALL, SOME or ONE + a word below     the severity of that word
component.status OPERATIONAL          operational
  UNDERMAINTENANCE                    under_maintenance
  DEGRADEDPERFORMANCE                 degraded_performance
  PARTIALOUTAGE, MINOROUTAGE          partial_outage (the reference lists them side by side)
  MAJOROUTAGE                         major_outage
incident.impact                       the severity of the same word for a component
incident.status                       the same words in capitals
maintenance.status NOTSTARTEDYET      scheduled
  INPROGRESS, COMPLETED               in_progress, completed
A missing list means that nothing is open: a healthy page leaves its lists out.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Impact,
    Incident,
    IncidentStatus,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("instatus.com",)
CAN: tuple[str, ...] = ("components", "maintenance")

_STATUS = {
    "operational": ComponentStatus.OPERATIONAL,
    "undermaintenance": ComponentStatus.UNDER_MAINTENANCE,
    "degradedperformance": ComponentStatus.DEGRADED_PERFORMANCE,
    "partialoutage": ComponentStatus.PARTIAL_OUTAGE,
    "minoroutage": ComponentStatus.PARTIAL_OUTAGE,
    "majoroutage": ComponentStatus.MAJOR_OUTAGE,
}
_INDICATORS = {
    "up": Severity.NONE,
    "hasissues": Severity.MINOR,
    "undermaintenance": Severity.MAINTENANCE,
} | {
    scope + word: status.severity
    for scope in ("all", "some", "one")
    for word, status in _STATUS.items()
}
_MAINTENANCE = {
    "notstartedyet": MaintenanceStatus.SCHEDULED,
    "inprogress": MaintenanceStatus.IN_PROGRESS,
    "completed": MaintenanceStatus.COMPLETED,
}
_IMPACTS = {word: Impact(status.severity.value) for word, status in _STATUS.items()}
_JAVASCRIPT_DATE = re.compile(
    r"\w{3} (\w{3}) (\d{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([+-]\d{4})\b", re.ASCII
)
_MINUTES = re.compile(r"[0-9]{1,6}")


def endpoints(page_url: str, _depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    """All documents at any depth: the roll-up is the same for an outage and a slow answer."""
    asked = (
        Endpoint(name="summary", url=addresses.at(page_url, "/summary.json")),
        Endpoint(name="components", url=addresses.at(page_url, "/v3/components.json")),
        Endpoint(name="components", url=addresses.at(page_url, "/v2/components.json")),
    )
    if "summary" in read and _lacks_events(read["summary"]):
        return (*asked, Endpoint(name="events", url=addresses.at(page_url, "/v3/summary.json")))
    return asked


def parse(read: Documents, /) -> Snapshot:
    wire = _summary_of(read["summary"])
    page, status = wire.object("page"), wire.object_or_empty("status")
    raw_indicator = _raw_indicator(wire)
    components, no_components = build.later(read.get("components"), "components", _components)
    events, no_events = build.later(
        read.get("events"), "open incidents", lambda document: _events(_summary_of(document))
    )
    incidents, maintenances = events or _events(wire)
    return Snapshot(
        page_name=page.text("name"),
        page_url=page.url("url").rstrip("/"),
        indicator=_INDICATORS.get(raw_indicator, Severity.UNKNOWN),
        raw_indicator=raw_indicator,
        description=status.text("text"),
        components=tuple(components or ()),
        incidents=incidents,
        maintenances=maintenances,
        notes=(*no_components, *no_events),
    )


def _summary_of(document: Document) -> Fields:
    wire = fields.json_object(document)
    in_page, beside = "status" in wire.inside("page"), "type" in wire.inside("status")
    if not isinstance(wire.values.get("page"), dict) or not (in_page or beside):
        raise not_a_page("unexpected JSON without page with a status")
    return wire


def _raw_indicator(wire: Fields) -> str:
    return wire.inside("page").word("status") or wire.inside("status").word("type")


def _lacks_events(summary: Document) -> bool:
    """Whether the page has trouble or maintenance, and does not list any."""
    try:
        wire = _summary_of(summary)
    except PageError:
        return False
    listed = wire.values.get("activeIncidents") or wire.values.get("activeMaintenances")
    return not listed and _INDICATORS.get(_raw_indicator(wire)) is not Severity.NONE


def _events(wire: Fields) -> tuple[tuple[Incident, ...], tuple[Maintenance, ...]]:
    """What is open by a summary, and its maintenance."""
    incidents = build.newest_first(map(_incident, wire.objects("activeIncidents")))
    return incidents, tuple(map(_maintenance, wire.objects("activeMaintenances")))


def _components(document: Document) -> list[Component]:
    """The components in the page's order; a group is beside its members or around them."""
    rows = fields.rows_of(document, "components")
    nested = {child.text("id") for row in rows for child in row.objects("children")} - {""}
    groups = {row.object_or_empty("group").text("id") for row in rows} - {""}
    return [
        component
        for row in rows
        if row.text("id") not in nested
        for component in _leaves(row, is_group=row.text("id") in groups)
    ]


def _leaves(row: Fields, *, is_group: bool) -> Iterator[Component]:
    children = list(row.objects("children"))
    for child in children:
        yield _component(child, row.optional("name"))
    if not (children or is_group or row.flag("isParent")):
        yield _component(row, row.object_or_empty("group").optional("name"))


def _component(row: Fields, group: str | None) -> Component:
    return build.component(row, _STATUS, group=group, description=row.optional("description"))


def _incident(row: Fields) -> Incident:
    status = build.INCIDENT_WORDS.get(row.word("status"), IncidentStatus.UNKNOWN)
    updated_at = _time(row, "updatedAt")
    return Incident(
        **_event(row),
        status=status,
        raw_status=row.text("status"),
        impact=_IMPACTS.get(row.word("impact"), Impact.MINOR),
        raw_impact=row.text("impact"),
        started_at=_time(row, "started"),
        resolved_at=None if status.open else updated_at,
        updated_at=updated_at,
    )


def _maintenance(row: Fields) -> Maintenance:
    start = _time(row, "start")
    minutes = row.text("duration")
    planned = timedelta(minutes=int(minutes)) if _MINUTES.fullmatch(minutes) else None
    return Maintenance(
        **_event(row),
        status=_MAINTENANCE.get(row.word("status"), MaintenanceStatus.UNKNOWN),
        raw_status=row.text("status"),
        scheduled_for=start,
        scheduled_until=start + planned if start and planned else None,
    )


def _event(row: Fields) -> build.Event:
    """The documented form has no id: there it is the last part of the link."""
    url = row.url("url")
    return build.Event(
        id=row.text("id", url.rpartition("/")[2]),
        name=row.text("name", "(no title)"),
        links=(),
        url=url,
        updates=(),
    )


def _time(row: Fields, key: str) -> datetime | None:
    """ISO 8601, or as the reference shows it: `Sat Jun 11 2022 18:55:50 GMT+0000 (...)`."""
    found = _JAVASCRIPT_DATE.match(row.text(key))
    if not found:
        return row.time(key)
    month, day, year, clock, zone = found.groups()
    return times.from_parts(int(year), month, day, clock, zone)

"""Instatus.

`/summary.json` holds the roll-up and what is open now, documented at
https://instatus.com/help/api/public-data; an older form of it has the roll-up as
`status{text, type}` beside the page. `/v3/components.json` holds the components, of older pages
`/v2/components.json`: no reference describes them, so they are read as live pages send them. There
is no history.

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
from collections.abc import Iterator, Mapping
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
from outlogger_cli.platforms.shared import fields, reading
from outlogger_cli.platforms.shared.fields import Fields
from outlogger_cli.platforms.statuspage import known

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
_JAVASCRIPT_DATE = re.compile(
    r"\w{3} (\w{3}) (\d{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([+-]\d{4})\b", re.ASCII
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MINUTES = re.compile(r"[0-9]{1,6}")


def endpoints(
    page_url: str, _depth: Depth, _read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    """Both documents at any depth: the roll-up does not tell an outage from a slow answer."""
    return (
        Endpoint(name="summary", url=fields.at(page_url, "/summary.json")),
        Endpoint(name="components", url=fields.at(page_url, "/v3/components.json")),
        Endpoint(name="components", url=fields.at(page_url, "/v2/components.json")),
    )


def recognises(document: Document) -> bool:
    try:
        wire = _summary_of(document)
        page, status = wire.object("page"), reading.object_at(wire, "status")
    except PageError:
        return False
    word = page.values.get("status") or status.values.get("type")
    return isinstance(word, str)


def parse(read: Mapping[str, Document]) -> Snapshot:
    wire = _summary_of(read["summary"])
    page, status = wire.object("page"), reading.object_at(wire, "status")
    raw_indicator = page.word("status") or status.word("type")
    components, notes = reading.later(read.get("components"), "components", _components)
    return Snapshot(
        page_name=page.text("name"),
        page_url=page.url("url").rstrip("/"),
        indicator=_INDICATORS.get(raw_indicator, Severity.UNKNOWN),
        raw_indicator=raw_indicator,
        description=status.text("text"),
        components=tuple(components or ()),
        incidents=fields.newest_first([_incident(r) for r in wire.objects("activeIncidents")]),
        maintenances=tuple(_maintenance(row) for row in wire.objects("activeMaintenances")),
        notes=notes,
    )


def _summary_of(document: Document) -> Fields:
    wire = fields.json_object(document)
    page, status = wire.values.get("page"), wire.values.get("status")
    in_page = isinstance(page, dict) and "status" in page
    beside = isinstance(page, dict) and isinstance(status, dict) and "type" in status
    if not (in_page or beside):
        raise reading.not_a_page("the answer is JSON but has no page with a status")
    return wire


def _components(document: Document) -> list[Component]:
    """The leaves in the page's order; a group stands beside its members or around them."""
    rows = reading.rows_of(document, "components")
    nested = {child.text("id") for row in rows for child in row.objects("children")} - {""}
    groups = {_group_of(row).text("id") for row in rows} - {""}
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
        yield _component(row, _group_of(row).optional("name"))


def _component(row: Fields, group: str | None) -> Component:
    name = row.text("name", row.text("id", "(no name)"))
    return Component(
        id=row.text("id", name),
        name=name,
        status=_STATUS.get(row.word("status"), ComponentStatus.UNKNOWN),
        raw_status=row.text("status"),
        group=group,
        description=row.optional("description"),
    )


def _group_of(row: Fields) -> Fields:
    return reading.object_at(row, "group")


def _incident(row: Fields) -> Incident:
    status = known(IncidentStatus, row.word("status"), IncidentStatus.UNKNOWN)
    updated_at = _time(row, "updatedAt")
    return Incident(
        id=_id(row),
        name=row.text("name", "(no title)"),
        status=status,
        raw_status=row.text("status"),
        impact=_impact(row.word("impact")),
        raw_impact=row.text("impact"),
        started_at=_time(row, "started"),
        resolved_at=None if status.open else updated_at,
        updated_at=updated_at,
        links=(),
        url=row.url("url"),
        updates=(),
    )


def _impact(word: str) -> Impact:
    status = _STATUS.get(word)
    return Impact(status.severity.value) if status else Impact.MINOR


def _maintenance(row: Fields) -> Maintenance:
    start = _time(row, "start")
    minutes = row.text("duration")
    planned = timedelta(minutes=int(minutes)) if _MINUTES.fullmatch(minutes) else None
    return Maintenance(
        id=_id(row),
        name=row.text("name", "(no title)"),
        status=_MAINTENANCE.get(row.word("status"), MaintenanceStatus.UNKNOWN),
        raw_status=row.text("status"),
        scheduled_for=start,
        scheduled_until=start + planned if start and planned else None,
        links=(),
        url=row.url("url"),
        updates=(),
    )


def _id(row: Fields) -> str:
    """The documented form has no id; there the last part of the link is one."""
    return row.text("id") or row.url("url").rpartition("/")[2]


def _time(row: Fields, key: str) -> datetime | None:
    """ISO 8601, or as the reference shows it: `Sat Jun 11 2022 18:55:50 GMT+0000 (...)`."""
    found = _JAVASCRIPT_DATE.match(row.text(key))
    if not found or found[1] not in _MONTHS:
        return row.time(key)
    month = _MONTHS.index(found[1]) + 1
    return fields.parse_time(f"{found[3]}-{month:02}-{found[2]}T{found[4]}{found[5]}")

"""Checkly status pages.

`/api/v1/summary.json` holds the roll-up and what is open, `/api/v1/services.json` every service as
a bare list. Neither is documented; the evidence is what readers of one live page met there in
September 2026. How a maintenance looks was never seen: the keys of its times are guesses.

wire                                        ours
service OPERATIONAL                         operational
service MINOR, MEDIUM                       degraded_performance
service MAJOR, CRITICAL                     partial_outage, major_outage
service MAINTENANCE, UNDER_MAINTENANCE      under_maintenance
page OPERATIONAL                            none
page HAS_ISSUES                             minor: it does not say how bad
page UNDER_MAINTENANCE                      maintenance
severity MINOR, MEDIUM                      impact minor
severity MAJOR, CRITICAL                    impact major, critical
incident status                             the Statuspage words
An empty list of open incidents means that nothing is open. There is no list of closed ones.
"""

from collections.abc import Mapping

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
from outlogger_cli.platforms import statuspage
from outlogger_cli.platforms.shared import fields, parts, reading
from outlogger_cli.platforms.shared.fields import Fields

HOSTS: tuple[str, ...] = ("checkly-status-page.com",)
CAN: tuple[str, ...] = ("components", "maintenance")

_INDICATORS = {
    "operational": Severity.NONE,
    "has_issues": Severity.MINOR,
    "under_maintenance": Severity.MAINTENANCE,
}
_STATUSES = {
    "operational": ComponentStatus.OPERATIONAL,
    "minor": ComponentStatus.DEGRADED_PERFORMANCE,
    "medium": ComponentStatus.DEGRADED_PERFORMANCE,
    "major": ComponentStatus.PARTIAL_OUTAGE,
    "critical": ComponentStatus.MAJOR_OUTAGE,
    "maintenance": ComponentStatus.UNDER_MAINTENANCE,
    "under_maintenance": ComponentStatus.UNDER_MAINTENANCE,
}
_IMPACTS = {
    "minor": Impact.MINOR,
    "medium": Impact.MINOR,
    "major": Impact.MAJOR,
    "critical": Impact.CRITICAL,
}
_WINDOWS = {
    "": MaintenanceStatus.IN_PROGRESS,  # the list itself is called active
    "scheduled": MaintenanceStatus.SCHEDULED,
    "in_progress": MaintenanceStatus.IN_PROGRESS,
    "completed": MaintenanceStatus.COMPLETED,
}


def endpoints(
    page_url: str, _depth: Depth, _read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    return (
        Endpoint(name="summary", url=fields.at(page_url, "/api/v1/summary.json")),
        Endpoint(name="services", url=fields.at(page_url, "/api/v1/services.json")),
    )


def recognises(document: Document, /) -> bool:
    return parts.fits(_own_summary, document)


def parse(read: Mapping[str, Document], /) -> Snapshot:
    wire = _summary(read["summary"])
    page = wire.object("page")
    components, notes = reading.later(read.get("services"), "services", _components)
    raw_indicator = page.word("status")
    windows = [_maintenance(row) for row in wire.objects("activeMaintenances", required=True)]
    return Snapshot(
        page_name=page.text("name"),
        page_url=page.url("url").rstrip("/"),
        indicator=_INDICATORS.get(raw_indicator, Severity.UNKNOWN),
        raw_indicator=raw_indicator,
        description="",
        components=components or (),
        incidents=fields.newest_first(
            [_incident(row) for row in wire.objects("activeIncidents", required=True)]
        ),
        maintenances=parts.unfinished(windows),
        notes=notes,
    )


def _summary(document: Document) -> Fields:
    wire = fields.json_object(document)
    if "status" not in parts.inside(wire, "page") or "activeIncidents" not in wire:
        raise parts.not_a_page("page.status and activeIncidents")
    return wire


def _own_summary(document: Document) -> None:
    """Instatus has the same keys, but other words for the page and no empty lists."""
    wire = _summary(document)
    known = wire.object("page").word("status") in _INDICATORS
    if not known or "activeMaintenances" not in wire:
        raise parts.not_a_page("status of a Checkly page")


def _components(document: Document) -> tuple[Component, ...]:
    return tuple(
        Component(
            id=row.text("id"),
            name=row.text("name", "(no name)"),
            status=_STATUSES.get(row.word("status"), ComponentStatus.UNKNOWN),
            raw_status=row.text("status"),
            group=row.optional("group"),
        )
        for row in reading.rows_of(document, "services")
    )


def _incident(row: Fields) -> Incident:
    status = statuspage.known(IncidentStatus, row.word("status"), IncidentStatus.UNKNOWN)
    updated_at = row.time("updatedAt")
    return Incident(
        id=row.text("id"),
        name=row.text("name", "(no title)"),
        status=status,
        raw_status=row.text("status"),
        impact=_IMPACTS.get(row.word("severity"), Impact.MINOR),
        raw_impact=row.text("severity"),
        started_at=row.time("startedAt"),
        resolved_at=None if status.open else updated_at,
        updated_at=updated_at,
        links=fields.links(row.objects("affectedServices")),
        url=row.url("url"),
        updates=(),
    )


def _maintenance(row: Fields) -> Maintenance:
    return Maintenance(
        id=row.text("id"),
        name=row.text("name", "(no title)"),
        status=_WINDOWS.get(row.word("status"), MaintenanceStatus.UNKNOWN),
        raw_status=row.text("status"),
        scheduled_for=reading.time_at(row, "startsAt", "startedAt"),
        scheduled_until=reading.time_at(row, "endsAt", "endedAt"),
        links=fields.links(row.objects("affectedServices")),
        url=row.url("url"),
        updates=(),
    )

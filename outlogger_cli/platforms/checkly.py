"""Checkly status pages.

`/api/v1/summary.json` holds the roll-up and what is open, `/api/v1/services.json` every service as
a bare list. Neither is documented; the format is that of one live page in September 2026. The
format of a maintenance is unknown: the keys of its times are guesses.

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
from outlogger_cli.platforms import Documents, accepts
from outlogger_cli.platforms.shared import addresses, build, fields
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("checkly-status-page.com",)
CAN: tuple[str, ...] = ("components", "maintenance")
MARKS = (b"checkly", b"__nuxt_data__")  # pages are built with Nuxt and need not name Checkly

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


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    return (
        Endpoint(name="summary", url=addresses.at(page_url, "/api/v1/summary.json")),
        Endpoint(name="services", url=addresses.at(page_url, "/api/v1/services.json")),
    )


def recognises(document: Document, /) -> bool:
    """Instatus has the same keys, but other words for the page and no empty lists."""
    if not accepts(parse, document):
        return False
    return fields.json_object(document).object("page").word("status") in _INDICATORS


def parse(read: Documents, /) -> Snapshot:
    wire = fields.json_object(read["summary"])
    if "status" not in wire.inside("page") or "activeIncidents" not in wire:
        raise not_a_page("unexpected JSON without page.status and activeIncidents")
    page = wire.object("page")
    components, notes = build.later(read.get("services"), "services", _components)
    raw_indicator = page.word("status")
    return Snapshot(
        page_name=page.text("name"),
        page_url=page.url("url").rstrip("/"),
        indicator=_INDICATORS.get(raw_indicator, Severity.UNKNOWN),
        raw_indicator=raw_indicator,
        components=components or (),
        incidents=build.newest_first(
            _incident(row) for row in wire.objects("activeIncidents", required=True)
        ),
        maintenances=build.unfinished(
            _maintenance(row) for row in wire.objects("activeMaintenances", required=True)
        ),
        notes=notes,
    )


def _components(document: Document) -> tuple[Component, ...]:
    rows = fields.rows_of(document, "services")
    return tuple(build.component(row, _STATUSES, group=row.optional("group")) for row in rows)


def _incident(row: Fields) -> Incident:
    status = build.INCIDENT_WORDS.get(row.word("status"), IncidentStatus.UNKNOWN)
    updated_at = row.time("updatedAt")
    return Incident(
        **_event(row),
        status=status,
        raw_status=row.text("status"),
        impact=_IMPACTS.get(row.word("severity"), Impact.MINOR),
        raw_impact=row.text("severity"),
        started_at=row.time("startedAt"),
        resolved_at=None if status.open else updated_at,
        updated_at=updated_at,
    )


def _maintenance(row: Fields) -> Maintenance:
    return Maintenance(
        **_event(row),
        status=_WINDOWS.get(row.word("status"), MaintenanceStatus.UNKNOWN),
        raw_status=row.text("status"),
        scheduled_for=row.time("startsAt", "startedAt"),
        scheduled_until=row.time("endsAt", "endedAt"),
    )


def _event(row: Fields) -> build.Event:
    return build.event(row, title_key="name", links=build.links(row.objects("affectedServices")))

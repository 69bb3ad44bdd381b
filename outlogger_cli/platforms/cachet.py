"""Cachet, the self-hosted status page.

`/api/v1/components`, `/api/v1/components/groups` and `/api/v1/incidents`, a hundred rows each, the
newest incidents first. Documented at https://docs.cachethq.io for versions 1 and 2. Version 3 is
known to use the words of src/Enums at https://github.com/cachethq/core; that it still answers at
these addresses was never seen. Numbers may come as text, and times have no zone: UTC is assumed.

wire                                        ours
component 1, 2, 3, 4                        operational, degraded_performance, partial_outage,
                                            major_outage
component 6                                 under_maintenance
component 0 or 5 (the page's own unknown)   unknown
incident 1, 2, 3, 4                         investigating, identified, monitoring, resolved
incident 0 (up to version 2.3)              a maintenance, scheduled until its time has come

Cachet's roll-up is not part of these lists: the indicator is the worst component, and unknown
where not every component could be read. A scheduled maintenance has no end: at its time the page
files it away, so it counts as over from then on. An incident has no impact: it counts as minor.
An empty list of incidents means that nothing is open. Windows of version 2.4 and later are not
read.
"""

from collections.abc import Mapping
from datetime import datetime

from outlogger_cli.domain.model import (
    EVER,
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
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.platforms.shared import fields, parts, reading
from outlogger_cli.platforms.shared.fields import Fields

HOSTS: tuple[str, ...] = ()
CAN: tuple[str, ...] = ("components", "history", "maintenance")

_STATUSES = {
    "1": ComponentStatus.OPERATIONAL,
    "2": ComponentStatus.DEGRADED_PERFORMANCE,
    "3": ComponentStatus.PARTIAL_OUTAGE,
    "4": ComponentStatus.MAJOR_OUTAGE,
    "6": ComponentStatus.UNDER_MAINTENANCE,
}
_INCIDENTS = {
    "1": IncidentStatus.INVESTIGATING,
    "2": IncidentStatus.IDENTIFIED,
    "3": IncidentStatus.MONITORING,
    "4": IncidentStatus.RESOLVED,
}
_SCHEDULED = "0"
_DISABLED = (0, "0")
_LISTS = {
    "components": "/api/v1/components?per_page=100",
    "groups": "/api/v1/components/groups?per_page=100",
    "incidents": "/api/v1/incidents?per_page=100&sort=id&order=desc",
}

History = tuple[tuple[Incident, ...], tuple[Maintenance, ...], datetime | None]
_NO_HISTORY: History = ((), (), None)


def endpoints(
    page_url: str, _depth: Depth, _read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    """The same three at any depth: none of them says what the others do."""
    return tuple(
        Endpoint(name=name, url=fields.at(page_url, path)) for name, path in _LISTS.items()
    )


def recognises(document: Document, /) -> bool:
    return parts.fits(_component_list, document)


def parse(read: Mapping[str, Document], /) -> Snapshot:
    wire = _list(read["components"])
    rows = list(wire.objects("data", required=True))
    groups, no_groups = reading.later(read.get("groups"), "component groups", _groups)
    components = tuple(
        _component(row, groups or {}) for row in rows if row.values.get("enabled") not in _DISABLED
    )
    names = {component.id: component.name for component in components}
    history, no_history = reading.later(
        read.get("incidents"), "incident history", lambda d: _history(d, names)
    )
    incidents, windows, history_from = history or _NO_HISTORY
    indicator = parts.rolled_up(components)
    whole = _is_whole(wire, len(rows))
    cut_off = () if whole else (f"the page may have more than the {len(rows)} components read",)
    return Snapshot(
        page_name="",
        page_url="",
        indicator=indicator if whole or indicator.rank > 0 else Severity.UNKNOWN,
        raw_indicator="",
        description="",
        components=components,
        incidents=incidents,
        maintenances=windows,
        history_from=history_from,
        notes=(*cut_off, *no_groups, *no_history),
    )


def _list(document: Document) -> Fields:
    wire = fields.json_object(document)
    if "pagination" not in parts.inside(wire, "meta") or "data" not in wire:
        raise parts.not_a_page("meta.pagination and data")
    return wire


def _component_list(document: Document) -> None:
    """Other programs page their lists in the same way: only rows of components tell Cachet."""
    rows = list(_list(document).objects("data", required=True))
    if not rows or not all("status" in r and "group_id" in r and "enabled" in r for r in rows):
        raise parts.not_a_page("components")


def _is_whole(wire: Fields, count: int) -> bool:
    total = parts.inside(wire, "meta", "pagination").text("total")
    return total.isdecimal() and int(total) <= count


def _groups(document: Document) -> dict[str, str]:
    return {
        row.text("id"): row.text("name") for row in _list(document).objects("data", required=True)
    }


def _component(row: Fields, groups: Mapping[str, str]) -> Component:
    code = row.text("status")
    return Component(
        id=row.text("id"),
        name=row.text("name", "(no name)"),
        status=_STATUSES.get(code, ComponentStatus.UNKNOWN),
        raw_status=row.text("status_name", code),
        group=groups.get(row.text("group_id")) or None,
        description=row.optional("description"),
        updated_at=row.time("updated_at"),
    )


def _history(document: Document, names: Mapping[str, str]) -> History:
    wire = _list(document)
    rows = list(wire.objects("data", required=True))
    now = document.fetched_at
    windows = [_maintenance(row, names, now) for row in rows if _code(row) == _SCHEDULED]
    incidents = [_incident(row, names) for row in rows if _code(row) != _SCHEDULED]
    created = [moment for row in rows if (moment := row.time("created_at"))]
    whole = _is_whole(wire, len(rows))
    history_from = EVER if whole else min(created, default=None)
    return fields.newest_first(incidents), parts.unfinished(windows), history_from


def _code(row: Fields) -> str:
    """`latest_status` (version 2.4) is that of the newest update, `status` that of the post."""
    return row.text("latest_status") or row.text("status")


def _incident(row: Fields, names: Mapping[str, str]) -> Incident:
    status = _INCIDENTS.get(_code(row), IncidentStatus.UNKNOWN)
    starts = [m for key in ("occurred_at", "created_at") if (m := row.time(key))]
    told = [moment for one in row.objects("updates") if (moment := one.time("created_at"))]
    updated_at = row.time("updated_at")
    return Incident(
        id=row.text("id"),
        name=row.text("name", "(no title)"),
        status=status,
        raw_status=row.text("latest_human_status") or row.text("human_status", _code(row)),
        impact=Impact.MINOR,
        raw_impact="",
        started_at=min(starts, default=None),
        resolved_at=None if status.open else max(told, default=updated_at),
        updated_at=updated_at,
        links=_links(row, names),
        url=row.url("permalink"),
        updates=_updates(row),
    )


def _maintenance(row: Fields, names: Mapping[str, str], now: datetime) -> Maintenance:
    scheduled_for = row.time("scheduled_at")
    return Maintenance(
        id=row.text("id"),
        name=row.text("name", "(no title)"),
        status=_phase(scheduled_for, now),
        raw_status=row.text("human_status", _code(row)),
        scheduled_for=scheduled_for,
        scheduled_until=None,
        links=_links(row, names),
        url=row.url("permalink"),
        updates=_updates(row),
    )


def _phase(scheduled_for: datetime | None, now: datetime) -> MaintenanceStatus:
    if scheduled_for is None:
        return MaintenanceStatus.UNKNOWN
    return MaintenanceStatus.SCHEDULED if now < scheduled_for else MaintenanceStatus.COMPLETED


def _links(row: Fields, names: Mapping[str, str]) -> tuple[Link, ...]:
    """An incident names at most one component; 0 is none."""
    component_id = row.text("component_id")
    if component_id in ("", "0"):
        return ()
    return (Link(id=component_id, name=names.get(component_id, component_id)),)


def _updates(row: Fields) -> tuple[Update, ...]:
    """The updates, and the post itself as the first of them."""
    wires = [row, *row.objects("updates")]
    return parts.newest_updates(
        Update(
            status=_INCIDENTS.get(wire.text("status"), IncidentStatus.UNKNOWN),
            raw_status=wire.text("human_status", wire.text("status")),
            body=wire.body("message"),
            created_at=wire.time("created_at"),
        )
        for wire in wires
    )

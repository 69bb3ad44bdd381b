"""Cachet, the self-hosted status page.

`/api/v1/components`, `/api/v1/components/groups` and `/api/v1/incidents`, a hundred rows each, the
newest incidents first. Documented at https://docs.cachethq.io for versions 1 and 2. Version 3 is
known to use the words of src/Enums at https://github.com/cachethq/core; whether it answers at
these addresses is unknown. Numbers may come as text, and times have no zone: UTC is assumed.

wire                                        ours
component 1, 2, 3, 4                        operational, degraded_performance, partial_outage,
                                            major_outage
component 6                                 under_maintenance
component 0 or 5 (the page's own unknown)   unknown
incident 1, 2, 3, 4                         investigating, identified, monitoring, resolved
incident 0 (up to version 2.3)              a maintenance, scheduled until its time has come

Cachet's roll-up is not part of these lists: the indicator is the worst component, and unknown if
not every component could be read. A scheduled maintenance has no end: at its time the page
archives it, so it counts as over from then on. An incident has no impact: it counts as minor.
An empty list of incidents means that nothing is open. Maintenance of version 2.4 and later is not
read.
"""

from collections.abc import Mapping
from datetime import datetime

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    EVER,
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

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
_COMPONENT_KEYS = {"status", "group_id", "enabled"}
_SCHEDULED = "0"
_DISABLED = (0, "0")
_LISTS = {
    "components": "/api/v1/components?per_page=100",
    "groups": "/api/v1/components/groups?per_page=100",
    "incidents": "/api/v1/incidents?per_page=100&sort=id&order=desc",
}

History = tuple[tuple[Incident, ...], tuple[Maintenance, ...], datetime | None]
_NO_HISTORY: History = ((), (), None)


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    """The same three at any depth, as none of them repeats what the others say."""
    return tuple(
        Endpoint(name=name, url=addresses.at(page_url, path)) for name, path in _LISTS.items()
    )


def recognises(document: Document, /) -> bool:
    """Other programs page their lists in the same way: only the rows tell that it is Cachet."""
    try:
        rows = list(_list(document).objects("data", required=True))
    except PageError:
        return False
    return bool(rows) and all(row.values.keys() >= _COMPONENT_KEYS for row in rows)


def parse(read: Documents, /) -> Snapshot:
    wire = _list(read["components"])
    rows = list(wire.objects("data", required=True))
    groups, no_groups = build.later(read.get("groups"), "component groups", _groups)
    components = tuple(
        _component(row, groups or {}) for row in rows if row.values.get("enabled") not in _DISABLED
    )
    names = {component.id: component.name for component in components}
    history, no_history = build.later(
        read.get("incidents"), "incident history", lambda d: _history(d, names)
    )
    incidents, windows, history_from = history or _NO_HISTORY
    indicator = build.roll_up(c.status for c in components)
    whole = _is_whole(wire, len(rows))
    cut_off = () if whole else (f"the page may have more than the {len(rows)} components read",)
    return Snapshot(
        indicator=indicator if whole or indicator.rank > 0 else Severity.UNKNOWN,
        components=components,
        incidents=incidents,
        maintenances=windows,
        history_from=history_from,
        notes=(*cut_off, *no_groups, *no_history),
    )


def _list(document: Document) -> Fields:
    wire = fields.json_object(document)
    if "pagination" not in wire.inside("meta") or "data" not in wire:
        raise not_a_page("the answer is JSON but has no meta.pagination and data")
    return wire


def _is_whole(wire: Fields, count: int) -> bool:
    total = wire.inside("meta", "pagination").text("total")
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
    oldest = times.earliest(row.time("created_at") for row in rows)
    history_from = EVER if _is_whole(wire, len(rows)) else oldest
    return build.newest_first(incidents), build.unfinished(windows), history_from


def _code(row: Fields) -> str:
    """`latest_status` (version 2.4) is of the newest update, `status` of the incident itself."""
    return row.text("latest_status") or row.text("status")


def _incident(row: Fields, names: Mapping[str, str]) -> Incident:
    status = _INCIDENTS.get(_code(row), IncidentStatus.UNKNOWN)
    updated_at = row.time("updated_at")
    posted = times.latest(update.time("created_at") for update in row.objects("updates"))
    return Incident(
        **_event(row, names),
        status=status,
        raw_status=row.text("latest_human_status") or row.text("human_status", _code(row)),
        started_at=times.earliest([row.time("occurred_at"), row.time("created_at")]),
        resolved_at=None if status.open else posted or updated_at,
        updated_at=updated_at,
    )


def _maintenance(row: Fields, names: Mapping[str, str], now: datetime) -> Maintenance:
    scheduled_for = row.time("scheduled_at")
    return Maintenance(
        **_event(row, names),
        status=build.phase(scheduled_for, scheduled_for, now),
        raw_status=row.text("human_status", _code(row)),
        scheduled_for=scheduled_for,
    )


def _event(row: Fields, names: Mapping[str, str]) -> build.Event:
    return build.event(
        row,
        title_key="name",
        url_key="permalink",
        links=_links(row, names),
        updates=build.newest_updates(map(_update, (row, *row.objects("updates")))),
    )


def _links(row: Fields, names: Mapping[str, str]) -> tuple[Link, ...]:
    """An incident names at most one component; 0 is none."""
    component_id = row.text("component_id")
    if component_id in ("", "0"):
        return ()
    return (Link(id=component_id, name=names.get(component_id, component_id)),)


def _update(row: Fields) -> Update:
    """The message in an update, or in the incident itself, which is the first message."""
    return Update(
        status=_INCIDENTS.get(row.text("status"), IncidentStatus.UNKNOWN),
        raw_status=row.text("human_status", row.text("status")),
        body=row.body("message"),
        created_at=row.time("created_at"),
    )

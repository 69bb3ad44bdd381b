"""Acted incident.io: its copy of Statuspage's API v2, which lacks texts, links and groups, and
its own `/api/v1/summary`, which has them for what is open."""

from outlogger_cli.domain.model import Component, ComponentStatus, Maintenance, Snapshot
from outlogger_cli.drill.pages import _rows
from outlogger_cli.drill.pages._rows import Event, Row
from outlogger_cli.drill.pages.statuspage import V2

_COPIED = {
    "id",
    "name",
    "url",
    "status",
    "created_at",
    "updated_at",
    "page_id",
    "position",
    "monitoring_at",
    "impact",
    "scheduled_for",
    "scheduled_until",
}
"""What the copy keeps of a page, a component and an incident."""

_COPIED_OF_UPDATE = {"id", "status", "created_at", "updated_at", "display_at", "incident_id"}


def documents(page: Snapshot) -> dict[str, object]:
    v2 = V2(page, code=_ulid, timespec="seconds")
    head = _copied(v2.page()) | {"url": f"{page.page_url}/"}
    incidents = [_copied_event(v2.incident(one)) for one in _rows.open_incidents(page)]
    windows = [_copied_event(row) for row in v2.open_maintenances()]
    open_lists = {"incidents": incidents, "scheduled_maintenances": windows}
    return {
        _rows.below(page, "/api/v2/summary.json"): {
            "page": head,
            "components": [_copied(v2.component(c, n)) for n, c in enumerate(page.components)],
            "status": v2.status(),
            **{key: rows for key, rows in open_lists.items() if rows},
        },
        _rows.below(page, "/api/v2/incidents.json"): {
            "page": head,
            "incidents": [_copied_event(v2.incident(incident)) for incident in page.incidents],
        },
        _rows.below(page, "/api/v1/summary"): _native(page),
    }


def _ulid(digits: str) -> str:
    return f"01{digits.upper()}"


def _copied(row: Row) -> Row:
    return {key: value for key, value in row.items() if key in _COPIED}


def _copied_event(row: Row) -> Row:
    updates = [
        {key: value for key, value in update.items() if key in _COPIED_OF_UPDATE} | {"body": ""}
        for update in row["incident_updates"]
    ]
    return _copied(row) | {"incident_updates": updates}


def _native(page: Snapshot) -> Row:
    return {
        "page_title": page.page_name,
        "page_url": page.page_url,
        "ongoing_incidents": [
            _native_event(page, one) | {"current_worst_impact": one.raw_impact}
            for one in _rows.open_incidents(page)
        ],
        "in_progress_maintenances": [
            _native_window(page, one, "started_at", "scheduled_end_at")
            for one in _rows.active(page)
        ],
        "scheduled_maintenances": [
            _native_window(page, one, "starts_at", "ends_at") for one in _rows.scheduled(page)
        ],
    }


def _native_event(page: Snapshot, event: Event) -> Row:
    newest = event.updates[0]
    return {
        "id": _ulid(event.id),
        "name": event.name,
        "status": event.raw_status,
        "url": event.url,
        "last_update_at": _rows.time(newest.created_at, "seconds"),
        "last_update_message": newest.body,
        "affected_components": [_native_component(c) for c in _rows.touched(page, event)],
    }


def _native_window(page: Snapshot, window: Maintenance, start: str, end: str) -> Row:
    return _native_event(page, window) | {
        start: _rows.time(window.scheduled_for, "seconds"),
        end: _rows.time(window.scheduled_until, "seconds"),
    }


def _native_component(component: Component) -> Row:
    full = component.status is ComponentStatus.MAJOR_OUTAGE
    return {
        "id": _ulid(component.id),
        "name": component.name,
        "group_name": component.group,
        "current_status": "full_outage" if full else component.raw_status,
    }

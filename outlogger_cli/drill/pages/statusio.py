"""Acted Status.io: a page whose links name its id, and the status document under that id."""

import html
import re

from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Incident,
    IncidentStatus,
    Maintenance,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.drill.pages import _rows, identity
from outlogger_cli.drill.pages._rows import Event, Row

_CODES = {
    ComponentStatus.OPERATIONAL: 100,
    ComponentStatus.UNDER_MAINTENANCE: 200,
    ComponentStatus.DEGRADED_PERFORMANCE: 300,
    ComponentStatus.PARTIAL_OUTAGE: 400,
    ComponentStatus.MAJOR_OUTAGE: 500,
    ComponentStatus.UNKNOWN: 0,
}
_OVERALL = {status.severity: code for status, code in _CODES.items()}
_STATES = {
    IncidentStatus.INVESTIGATING: 100,
    IncidentStatus.SCHEDULED: 100,
    IncidentStatus.IDENTIFIED: 200,
    IncidentStatus.IN_PROGRESS: 200,
    IncidentStatus.MONITORING: 300,
    IncidentStatus.VERIFYING: 300,
}
_IN_PATH = re.compile(r"/([0-9a-f]{24})\b")


def documents(page: Snapshot) -> dict[str, object]:
    found = _IN_PATH.search(_rows.below(page, ""))
    page_id = found[1] if found else identity("page", page.page_url)
    return {
        _rows.below(page, "") or "/": _html(page, page_id),
        f"/1.0/status/{page_id}": {"result": _result(page)},
    }


def _html(page: Snapshot, page_id: str) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{html.escape(page.page_name)}</title></head>"
        f'<body><a href="/pages/history/{page_id}">History</a> Powered by Status.io</body></html>'
    )


def _result(page: Snapshot) -> Row:
    changed = [c.updated_at for c in page.components if c.updated_at]
    return {
        "status_overall": {
            "updated": _rows.time(max(changed)),
            "status": page.description,
            "status_code": _OVERALL[page.indicator],
        },
        "status": [_component(component) for component in page.components],
        "incidents": [_incident(page, one) for one in _rows.open_incidents(page)],
        "maintenance": {
            "active": [_maintenance(page, one) for one in _rows.active(page)],
            "upcoming": [_maintenance(page, one) for one in _rows.scheduled(page)],
        },
    }


def _component(component: Component) -> Row:
    return {
        "id": component.id,
        "name": component.name,
        "updated": _rows.time(component.updated_at),
        "status": component.raw_status.replace("_", " ").title(),
        "status_code": _CODES[component.status],
        "containers": [],
    }


def _incident(page: Snapshot, incident: Incident) -> Row:
    return _event(page, incident, _CODES[_rows.STATUS_OF_IMPACT[incident.impact]])


def _maintenance(page: Snapshot, window: Maintenance) -> Row:
    return _event(page, window, _OVERALL[Severity.MAINTENANCE]) | {
        "datetime_planned_start": _rows.time(window.scheduled_for),
        "datetime_planned_end": _rows.time(window.scheduled_until),
    }


def _event(page: Snapshot, event: Event, code: int) -> Row:
    """Messages stand oldest first."""
    return {
        "_id": event.id,
        "name": event.name,
        "datetime_open": _rows.time(_rows.told(event)[-1]),
        "messages": [_message(update, code) for update in reversed(event.updates)],
        "containers_affected": [],
        "components_affected": [
            {"name": component.name, "_id": component.id}
            for component in _rows.touched(page, event)
        ],
    }


def _message(update: Update, code: int) -> Row:
    return {
        "details": update.body,
        "state": _STATES[update.status],
        "status": code,
        "datetime": _rows.time(update.created_at),
    }

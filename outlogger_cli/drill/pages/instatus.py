"""Acted Instatus: what is open in `/summary.json`, the components in `/v3/components.json`."""

from outlogger_cli.domain.model import (
    Component,
    Incident,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
)
from outlogger_cli.drill.pages import _rows, identity
from outlogger_cli.drill.pages._rows import Row

_ROLL_UP = {Severity.NONE: "UP", Severity.MAINTENANCE: "UNDERMAINTENANCE"}
_WINDOWS = {
    MaintenanceStatus.SCHEDULED: "NOTSTARTEDYET",
    MaintenanceStatus.IN_PROGRESS: "INPROGRESS",
    MaintenanceStatus.VERIFYING: "INPROGRESS",
}


def documents(page: Snapshot) -> dict[str, object]:
    unknown = page.indicator is Severity.UNKNOWN
    roll_up = "UNKNOWN" if unknown else _ROLL_UP.get(page.indicator, "HASISSUES")
    open_lists = {
        "activeIncidents": [_incident(one) for one in _rows.open_incidents(page)],
        "activeMaintenances": [
            _maintenance(one) for one in (*_rows.active(page), *_rows.scheduled(page))
        ],
    }
    return {
        _rows.below(page, "/summary.json"): {
            "page": {"name": page.page_name, "url": page.page_url, "status": roll_up},
            **{key: rows for key, rows in open_lists.items() if rows},
        },
        _rows.below(page, "/v3/components.json"): {
            "components": [
                *(_group(name) for name in _rows.groups(page)),
                *(_component(component) for component in page.components),
            ]
        },
    }


def _word(status: str) -> str:
    """`partial_outage` as Instatus writes it."""
    return status.replace("_", "").upper()


def _group(name: str) -> Row:
    return {
        "id": identity("group", name),
        "name": name,
        "description": "",
        "status": "OPERATIONAL",
        "group": None,
        "isParent": True,
    }


def _component(component: Component) -> Row:
    group = component.group
    return {
        "id": component.id,
        "name": component.name,
        "description": component.description or "",
        "status": _word(component.raw_status),
        "group": {"id": identity("group", group), "name": group} if group else None,
    }


def _incident(incident: Incident) -> Row:
    return {
        "id": incident.id,
        "name": incident.name,
        "started": _rows.time(incident.started_at),
        "status": incident.raw_status.upper(),
        "impact": _word(_rows.STATUS_OF_IMPACT[incident.impact]),
        "url": incident.url,
        "updatedAt": _rows.time(incident.updated_at),
    }


def _maintenance(window: Maintenance) -> Row:
    """The length is a text of minutes."""
    planned = window.scheduled_for, window.scheduled_until
    begin, end = (moment.timestamp() if moment else 0.0 for moment in planned)
    return {
        "id": window.id,
        "name": window.name,
        "start": _rows.time(window.scheduled_for),
        "status": _WINDOWS[window.status],
        "duration": str(round((end - begin) / 60)),
        "url": window.url,
    }

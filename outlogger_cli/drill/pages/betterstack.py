"""Acted Better Stack: the whole page in `/index.json`, as JSON:API.

It has no word for a part of a component being out: that is `downtime` too.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from outlogger_cli.domain.model import (
    ComponentStatus,
    Incident,
    IncidentStatus,
    Maintenance,
    Snapshot,
)
from outlogger_cli.drill.pages import _rows, identity
from outlogger_cli.drill.pages._rows import Event, Row

_WORDS = {
    ComponentStatus.OPERATIONAL: "operational",
    ComponentStatus.UNDER_MAINTENANCE: "maintenance",
    ComponentStatus.DEGRADED_PERFORMANCE: "degraded",
    ComponentStatus.PARTIAL_OUTAGE: "downtime",
    ComponentStatus.MAJOR_OUTAGE: "downtime",
    ComponentStatus.UNKNOWN: "unknown",
}
_ROLL_UP = {status.severity: word for status, word in _WORDS.items()}


def documents(page: Snapshot) -> dict[str, object]:
    parts = urlsplit(page.page_url)
    attributes = {
        "company_name": page.page_name,
        "company_url": page.page_url,
        "timezone": "UTC",
        "custom_domain": f"{parts.netloc}{parts.path}",
        "announcement": None,
        "aggregate_state": _ROLL_UP[page.indicator],
    }
    return {
        _rows.below(page, "/index.json"): {
            "data": {
                "id": _id(identity("page", page.page_url)),
                "type": "status_page",
                "attributes": attributes,
            },
            "included": [*_sections(page), *_resources(page), *_reports(page)],
        }
    }


def _id(digits: str) -> str:
    """Its ids are numbers, as text."""
    return str(int(digits[:8], 16))


def _section_names(page: Snapshot) -> list[str]:
    """The groups; what is in none stands in a section without a name."""
    return list(dict.fromkeys(component.group or "" for component in page.components))


def _section_id(name: str) -> str:
    return _id(identity("group", name))


def _sections(page: Snapshot) -> Iterator[Row]:
    for position, name in enumerate(_section_names(page)):
        yield {
            "id": _section_id(name),
            "type": "status_page_section",
            "attributes": {"name": name, "position": position},
        }


def _resources(page: Snapshot) -> Iterator[Row]:
    for position, component in enumerate(page.components):
        yield {
            "id": _id(component.id),
            "type": "status_page_resource",
            "attributes": {
                "status_page_section_id": int(_section_id(component.group or "")),
                "public_name": component.name,
                "explanation": component.description or "",
                "position": position,
                "status": _WORDS[component.status],
            },
        }


def _reports(page: Snapshot) -> Iterator[Row]:
    for incident in page.incidents:
        word = _WORDS[_rows.STATUS_OF_IMPACT[incident.impact]]
        yield from _told(page, incident, word, _incident_report(incident, word))
    for window in page.maintenances:
        yield from _told(page, window, "maintenance", _window_report(window))


def _incident_report(incident: Incident, word: str) -> Row:
    return {
        "report_type": "manual",
        "starts_at": _rows.time(incident.started_at),
        "ends_at": _rows.time(incident.resolved_at),
        "aggregate_state": _state(incident.status, word),
    }


def _window_report(window: Maintenance) -> Row:
    return {
        "report_type": "maintenance",
        "starts_at": _rows.time(window.scheduled_for),
        "ends_at": _rows.time(window.scheduled_until),
        "aggregate_state": "maintenance",
    }


def _told(page: Snapshot, event: Event, word: str, report: Row) -> Iterator[Row]:
    """The report of an event and its updates, which stand beside it."""
    affected = [{"status_page_resource_id": _id(c.id)} for c in _rows.touched(page, event)]
    yield {
        "id": _id(event.id),
        "type": "status_report",
        "attributes": report
        | {"title": event.name, "affected_resources": [one | {"status": word} for one in affected]},
    }
    for update in event.updates:
        state = {"status": _state(update.status, word)}
        yield {
            "id": _id(identity(event.id, str(update.created_at))),
            "type": "status_update",
            "attributes": {
                "message": update.body,
                "published_at": _rows.time(update.created_at),
                "status_report_id": int(_id(event.id)),
                "affected_resources": [one | state for one in affected],
            },
        }


def _state(status: IncidentStatus, word: str) -> str:
    """The word for what an event touches: `operational` while a repair is watched."""
    if not status.open:
        return "resolved"
    return "operational" if status is IncidentStatus.MONITORING else word

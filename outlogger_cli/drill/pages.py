"""Drill pages: a snapshot as the JSON documents of Statuspage's API v2.

The reverse of `platforms.statuspage`. Every row has the keys that real pages send, also those
that are never read.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from outlogger_cli.domain.model import (
    Component,
    Incident,
    IncidentStatus,
    Maintenance,
    MaintenanceStatus,
    Snapshot,
)

Row = dict[str, Any]
Event = Incident | Maintenance


def documents(page: Snapshot) -> dict[str, bytes]:
    """The body of each document by path, below the path of the page's own address.

    The summary is first: it decides whether the page is read.
    """
    path = urlsplit(page.page_url).path.rstrip("/")
    summary = {
        "page": _page(page),
        "components": _components(page),
        "incidents": [_incident(page, one) for one in page.incidents if one.status.open],
        "scheduled_maintenances": _open_maintenances(page),
        "status": {"indicator": page.raw_indicator, "description": page.description},
    }
    history = {
        "page": _page(page),
        "incidents": [_incident(page, incident) for incident in page.incidents],
    }
    windows = {
        "page": _page(page),
        "scheduled_maintenances": [_maintenance(page, one) for one in page.maintenances],
    }
    return {
        f"{path}/api/v2/summary.json": json.dumps(summary).encode(),
        f"{path}/api/v2/incidents.json": json.dumps(history).encode(),
        f"{path}/api/v2/scheduled-maintenances.json": json.dumps(windows).encode(),
    }


def identity(*words: str) -> str:
    """An id of 12 hexadecimal digits, as long as Statuspage's: the same for the same words.

    An id of another length would be taken for incident.io's, which answers the same API.
    """
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]


def _page_id(page: Snapshot) -> str:
    return identity("page", page.page_url)


def _page(page: Snapshot) -> Row:
    return {
        "id": _page_id(page),
        "name": page.page_name,
        "url": page.page_url,
        "time_zone": "Etc/UTC",
        "updated_at": _time(max(c.updated_at for c in page.components if c.updated_at)),
    }


def _components(page: Snapshot) -> list[Row]:
    """The components in the page's order, each group before its first component."""
    rows: dict[str, Row] = {}
    for component in page.components:
        group_id = _group_id(component)
        if group_id and group_id not in rows:
            rows[group_id] = _group(page, component.group, len(rows) + 1)
        rows[component.id] = _component(page, component, len(rows) + 1)
    return list(rows.values())


def _component(page: Snapshot, component: Component, position: int) -> Row:
    return {
        "id": component.id,
        "name": component.name,
        "status": component.raw_status,
        "created_at": _time(component.updated_at),
        "updated_at": _time(component.updated_at),
        "position": position,
        "description": component.description,
        "showcase": False,
        "start_date": None,
        "group_id": _group_id(component),
        "page_id": _page_id(page),
        "group": False,
        "only_show_if_degraded": component.only_show_if_degraded,
    }


def _group(page: Snapshot, name: str | None, position: int) -> Row:
    """The row of a group, with the status and times of its worst component."""
    members = [c for c in page.components if c.group == name]
    worst = max(members, key=lambda c: c.status.severity.rank)
    return _component(page, worst, position) | {
        "id": _group_id(worst),
        "name": name,
        "description": None,
        "group_id": None,
        "group": True,
        "components": [c.id for c in members],
    }


def _group_id(component: Component) -> str | None:
    return identity("group", component.group) if component.group else None


def _incident(page: Snapshot, incident: Incident) -> Row:
    return _event(page, incident, impact=incident.raw_impact, resolved_at=incident.resolved_at)


def _open_maintenances(page: Snapshot) -> list[Row]:
    """The windows in progress, then those to come."""
    active = [one for one in page.maintenances if one.status.active]
    scheduled = [one for one in page.maintenances if one.status is MaintenanceStatus.SCHEDULED]
    return [_maintenance(page, one) for one in (*active, *scheduled)]


def _maintenance(page: Snapshot, window: Maintenance) -> Row:
    return _event(page, window, impact="maintenance", resolved_at=None) | {
        "scheduled_for": _time(window.scheduled_for),
        "scheduled_until": _time(window.scheduled_until),
    }


def _event(page: Snapshot, event: Event, *, impact: str, resolved_at: datetime | None) -> Row:
    monitoring = [u.created_at for u in event.updates if u.status is IncidentStatus.MONITORING]
    affected = _affected(page, event)
    newest, oldest = event.updates[0].created_at, event.updates[-1].created_at
    return {
        "id": event.id,
        "name": event.name,
        "status": event.raw_status,
        "created_at": _time(oldest),
        "updated_at": _time(newest),
        "monitoring_at": _time(monitoring[-1]) if monitoring else None,
        "resolved_at": _time(resolved_at),
        "impact": impact,
        "shortlink": event.url,
        "started_at": _time(oldest),
        "page_id": _page_id(page),
        "incident_updates": _updates(event, affected),
        "components": [_component(page, c, n) for n, c in enumerate(affected, 1)],
        "reminder_intervals": None,
    }


def _affected(page: Snapshot, event: Event) -> list[Component]:
    """The components that `event` is linked to, as they are now."""
    ids = {link.id for link in event.links}
    return [component for component in page.components if component.id in ids]


def _updates(event: Event, affected: list[Component]) -> list[Row]:
    # As on real pages: null instead of an empty list.
    components = [
        {
            "code": c.id,
            "name": f"{c.group} - {c.name}" if c.group else c.name,
            "old_status": c.raw_status,
            "new_status": c.raw_status,
        }
        for c in affected
    ] or None
    rows = []
    for update in event.updates:
        created_at = _time(update.created_at)
        # A postmortem has no `display_at` and affects no component.
        is_postmortem = update.status is IncidentStatus.POSTMORTEM
        rows.append(
            {
                "id": identity("update", event.id, str(created_at)),
                "status": update.raw_status,
                "body": update.body,
                "incident_id": event.id,
                "created_at": created_at,
                "updated_at": created_at,
                "display_at": None if is_postmortem else created_at,
                "affected_components": None if is_postmortem else components,
                "deliver_notifications": True,
                "custom_tweet": None,
                "tweet_id": None,
            }
        )
    return rows


def _time(moment: datetime | None) -> str | None:
    """`2024-03-12T12:00:00.000Z`, None for None."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

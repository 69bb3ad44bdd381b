"""Acted Statuspage: API v2, with the keys that its pages really send."""

from collections.abc import Callable
from datetime import datetime

from outlogger_cli.domain.model import (
    Component,
    Incident,
    IncidentStatus,
    Maintenance,
    Snapshot,
    Update,
)
from outlogger_cli.drill.pages import _rows, identity
from outlogger_cli.drill.pages._rows import Event, Row


def documents(page: Snapshot) -> dict[str, object]:
    v2 = V2(page, code=lambda digits: digits[:12], timespec="milliseconds")
    return {
        _rows.below(page, "/api/v2/summary.json"): {
            "page": v2.page(),
            "components": v2.components(),
            "incidents": [v2.incident(incident) for incident in _rows.open_incidents(page)],
            "scheduled_maintenances": v2.open_maintenances(),
            "status": v2.status(),
        },
        _rows.below(page, "/api/v2/incidents.json"): {
            "page": v2.page(),
            "incidents": [v2.incident(incident) for incident in page.incidents],
        },
    }


class V2:
    """The rows of API v2, whole. incident.io, which copies it, differs in ids and times.

    `code` makes a platform's id of 24 hexadecimal digits.
    """

    def __init__(self, page: Snapshot, *, code: Callable[[str], str], timespec: str) -> None:
        self._page = page
        self._code = code
        self._timespec = timespec
        self._page_id = code(identity("page", page.page_url))

    def page(self) -> Row:
        changed = [c.updated_at for c in self._page.components if c.updated_at]
        return {
            "id": self._page_id,
            "name": self._page.page_name,
            "url": self._page.page_url,
            "time_zone": "Etc/UTC",
            "updated_at": self._time(max(changed)),
        }

    def status(self) -> Row:
        return {"indicator": self._page.raw_indicator, "description": self._page.description}

    def components(self) -> list[Row]:
        """Components in the page's order, and before its first member each group."""
        rows: dict[str, Row] = {}
        for component in self._page.components:
            group_id = self._group_id(component)
            if group_id and group_id not in rows:
                rows[group_id] = self._group(group_id, component.group, len(rows) + 1)
            rows[component.id] = self.component(component, len(rows) + 1)
        return list(rows.values())

    def component(self, component: Component, position: int) -> Row:
        return {
            "id": self._code(component.id),
            "name": component.name,
            "status": component.raw_status,
            "created_at": self._time(component.updated_at),
            "updated_at": self._time(component.updated_at),
            "position": position,
            "description": component.description,
            "showcase": False,
            "start_date": None,
            "group_id": self._group_id(component),
            "page_id": self._page_id,
            "group": False,
            "only_show_if_degraded": component.only_show_if_degraded,
        }

    def incident(self, incident: Incident) -> Row:
        return self._event(incident, incident.raw_impact, incident.resolved_at)

    def open_maintenances(self) -> list[Row]:
        windows = (*_rows.active(self._page), *_rows.scheduled(self._page))
        return [self._maintenance(window) for window in windows]

    def _maintenance(self, window: Maintenance) -> Row:
        return self._event(window, "maintenance", None) | {
            "scheduled_for": self._time(window.scheduled_for),
            "scheduled_until": self._time(window.scheduled_until),
        }

    def _group(self, group_id: str, name: str | None, position: int) -> Row:
        """A group's row: that of its worst member under its own name."""
        members = [c for c in self._page.components if c.group == name]
        worst = max(members, key=lambda c: c.status.severity.rank)
        return self.component(worst, position) | {
            "id": group_id,
            "name": name,
            "description": None,
            "group_id": None,
            "group": True,
            "components": [self._code(c.id) for c in members],
        }

    def _group_id(self, component: Component) -> str | None:
        return self._code(identity("group", component.group)) if component.group else None

    def _event(self, event: Event, impact: str, resolved_at: datetime | None) -> Row:
        told = _rows.told(event)
        monitoring = [u.created_at for u in event.updates if u.status is IncidentStatus.MONITORING]
        touched = _rows.touched(self._page, event)
        return {
            "id": self._code(event.id),
            "name": event.name,
            "status": event.raw_status,
            "created_at": self._time(told[-1]),
            "updated_at": self._time(told[0]),
            "monitoring_at": self._time(monitoring[-1]) if monitoring else None,
            "resolved_at": self._time(resolved_at),
            "impact": impact,
            "shortlink": event.url,
            "started_at": self._time(told[-1]),
            "page_id": self._page_id,
            "incident_updates": [self._update(event, update) for update in event.updates],
            "components": [self.component(c, n) for n, c in enumerate(touched, 1)],
            "reminder_intervals": None,
        }

    def _update(self, event: Event, update: Update) -> Row:
        """A postmortem has no `display_at` and touches no component."""
        postmortem = update.status is IncidentStatus.POSTMORTEM
        created_at = self._time(update.created_at)
        return {
            "id": self._code(identity("update", event.id, str(created_at))),
            "status": update.raw_status,
            "body": update.body,
            "incident_id": self._code(event.id),
            "created_at": created_at,
            "updated_at": created_at,
            "display_at": None if postmortem else created_at,
            "affected_components": None if postmortem else self._affected(event),
            "deliver_notifications": True,
            "custom_tweet": None,
            "tweet_id": None,
        }

    def _affected(self, event: Event) -> list[Row] | None:
        """Null where nothing is touched, as on the real pages."""
        return [
            {
                "code": self._code(c.id),
                "name": f"{c.group} - {c.name}" if c.group else c.name,
                "old_status": c.raw_status,
                "new_status": c.raw_status,
            }
            for c in _rows.touched(self._page, event)
        ] or None

    def _time(self, moment: datetime | None) -> str | None:
        return _rows.time(moment, self._timespec)

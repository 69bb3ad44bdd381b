"""What several acted platforms write in the same way: paths, times, and which events are open."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Impact,
    Incident,
    Maintenance,
    MaintenanceStatus,
    Snapshot,
)

Row = dict[str, Any]
Event = Incident | Maintenance

STATUS_OF_IMPACT = {
    Impact.NONE: ComponentStatus.OPERATIONAL,
    Impact.MAINTENANCE: ComponentStatus.UNDER_MAINTENANCE,
    Impact.MINOR: ComponentStatus.DEGRADED_PERFORMANCE,
    Impact.MAJOR: ComponentStatus.PARTIAL_OUTAGE,
    Impact.CRITICAL: ComponentStatus.MAJOR_OUTAGE,
}
"""For platforms that say how bad an incident is in the words of components."""


def below(page: Snapshot, path: str) -> str:
    return urlsplit(page.page_url).path.rstrip("/") + path


def open_incidents(page: Snapshot) -> list[Incident]:
    return [incident for incident in page.incidents if incident.status.open]


def active(page: Snapshot) -> list[Maintenance]:
    return [window for window in page.maintenances if window.status.active]


def scheduled(page: Snapshot) -> list[Maintenance]:
    return [w for w in page.maintenances if w.status is MaintenanceStatus.SCHEDULED]


def touched(page: Snapshot, event: Event) -> list[Component]:
    """The components that `event` names, as they stand now."""
    ids = {link.id for link in event.links}
    return [component for component in page.components if component.id in ids]


def told(event: Event) -> list[datetime]:
    """The moments of the updates, the newest first."""
    return [update.created_at for update in event.updates if update.created_at]


def groups(page: Snapshot) -> list[str]:
    """The names of the groups, in the page's order."""
    return list(dict.fromkeys(c.group for c in page.components if c.group))


def time(moment: datetime | None, timespec: str = "milliseconds") -> str | None:
    """`2024-03-12T12:00:00.000Z`, None for None."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")

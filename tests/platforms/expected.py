"""Parts of a snapshot as a test expects them: words for statuses, texts for moments in UTC."""

from typing import Any

from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Update,
)
from tests.support import utc


def component(id: str, name: str, status: str, raw_status: str, **others: Any) -> Component:
    if "updated_at" in others:
        others["updated_at"] = utc(others["updated_at"])
    return Component(
        id=id, name=name, status=ComponentStatus(status), raw_status=raw_status, **others
    )


def update(status: str, raw_status: str, body: str, created_at: str) -> Update:
    return Update(
        status=IncidentStatus(status), raw_status=raw_status, body=body, created_at=utc(created_at)
    )


def incident(
    id: str,
    name: str,
    *,
    status: str,
    raw_status: str = "",
    impact: str,
    raw_impact: str = "",
    started_at: str | None = None,
    resolved_at: str | None = None,
    updated_at: str | None = None,
    links: tuple[Link, ...] = (),
    url: str = "",
    updates: tuple[Update, ...] = (),
) -> Incident:
    return Incident(
        id=id,
        name=name,
        status=IncidentStatus(status),
        raw_status=raw_status,
        impact=Impact(impact),
        raw_impact=raw_impact,
        started_at=utc(started_at) if started_at else None,
        resolved_at=utc(resolved_at) if resolved_at else None,
        updated_at=utc(updated_at) if updated_at else None,
        links=links,
        url=url,
        updates=updates,
    )


def maintenance(
    id: str,
    name: str,
    *,
    status: str,
    raw_status: str = "",
    scheduled_for: str | None = None,
    scheduled_until: str | None = None,
    links: tuple[Link, ...] = (),
    url: str = "",
    updates: tuple[Update, ...] = (),
) -> Maintenance:
    return Maintenance(
        id=id,
        name=name,
        status=MaintenanceStatus(status),
        raw_status=raw_status,
        scheduled_for=utc(scheduled_for) if scheduled_for else None,
        scheduled_until=utc(scheduled_until) if scheduled_until else None,
        links=links,
        url=url,
        updates=updates,
    )

"""Slack's own status page.

`https://slack-status.com/api/v2.0.0/current` holds the roll-up and what is active, `.../history`
past incidents, newest first; documented at https://docs.slack.dev/reference/slack-status-api.
The reference says that the history is whole, but pages send some forty or fifty entries.
Services are only named by incidents, never listed with a status: there are no components.

wire                                  ours
status ok                             none
  active                              the worst impact among the active, minor where there is none
incident.type notice                  none
  incident                            minor
  outage                              critical
incident.status active, resolved      investigating, resolved
  scheduled, completed, cancelled     a maintenance, scheduled or completed
An empty list of active incidents goes with the status ok: nothing is open.
"""

from collections.abc import Mapping, Sequence

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
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
    worst,
)
from outlogger_cli.platforms.shared import fields, reading
from outlogger_cli.platforms.shared.fields import Fields

HOSTS: tuple[str, ...] = ("slack-status.com", "status.slack.com")
CAN: tuple[str, ...] = ("history", "maintenance")

_PAGE = "https://slack-status.com"
_CURRENT = "/api/v2.0.0/current"
_HISTORY = "/api/v2.0.0/history"
_IMPACTS = {
    "notice": Impact.NONE,
    "incident": Impact.MINOR,
    "outage": Impact.CRITICAL,
}
_STATUS = {
    "active": IncidentStatus.INVESTIGATING,
    "resolved": IncidentStatus.RESOLVED,
}
_MAINTENANCE = {
    "scheduled": MaintenanceStatus.SCHEDULED,
    "completed": MaintenanceStatus.COMPLETED,
    "cancelled": MaintenanceStatus.COMPLETED,
}


def endpoints(
    page_url: str, depth: Depth, _read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    page = reading.api_base(page_url, _CURRENT) or reading.vendors_own(page_url, HOSTS, _PAGE)
    current = Endpoint(name="current", url=page + _CURRENT)
    history = Endpoint(name="history", url=page + _HISTORY)
    return (current,) if depth is not Depth.HISTORY else (current, history)


def recognises(document: Document) -> bool:
    try:
        wire = _current_of(document)
    except PageError:
        return False
    return isinstance(wire.values["status"], str) and isinstance(
        wire.values["active_incidents"], list
    )


def parse(read: Mapping[str, Document]) -> Snapshot:
    wire = _current_of(read["current"])
    rows = list(wire.objects("active_incidents", required=True))
    active = tuple(_incident(row) for row in rows if not _is_maintenance(row))
    windows = tuple(_maintenance(row) for row in rows if _is_maintenance(row))
    history, notes = reading.later(read.get("history"), "incident history", _history)
    listed, history_from = history or ((), None)
    return Snapshot(
        page_name="Slack",
        page_url=_PAGE,
        indicator=_indicator(wire.word("status"), active, windows),
        raw_indicator=wire.word("status"),
        description="",
        incidents=fields.merge(listed, active),
        maintenances=windows,
        history_from=history_from,
        notes=notes,
    )


def _current_of(document: Document) -> Fields:
    wire = fields.json_object(document)
    if not {"status", "active_incidents"} <= wire.values.keys():
        raise reading.not_a_page("the answer is JSON but not Slack's current status")
    return wire


def _indicator(word: str, active: Sequence[Incident], windows: Sequence[Maintenance]) -> Severity:
    if word == "ok":
        return Severity.NONE
    if word != "active":
        return Severity.UNKNOWN
    if not (active or windows):
        return Severity.MINOR
    found = [incident.impact.severity for incident in active]
    return worst([*found, Severity.MAINTENANCE] if windows else found)


def _history(document: Document) -> reading.History:
    rows = reading.rows_of(document, "history")
    incidents = tuple(_incident(row) for row in rows if not _is_maintenance(row))
    return incidents, reading.oldest(rows, "date_created")


def _is_maintenance(row: Fields) -> bool:
    return row.word("status") in _MAINTENANCE


def _incident(row: Fields) -> Incident:
    updates = _updates(row)
    status = _STATUS.get(row.word("status"), IncidentStatus.UNKNOWN)
    updated_at = row.time("date_updated")
    return Incident(
        id=row.text("id"),
        name=row.text("title", "(no title)"),
        status=status,
        raw_status=row.text("status"),
        impact=_IMPACTS.get(row.word("type"), Impact.MINOR),
        raw_impact=row.text("type"),
        started_at=reading.earliest(
            [row.time("date_created"), *(update.created_at for update in updates)]
        ),
        resolved_at=None if status.open else updated_at,
        updated_at=updated_at,
        links=_links(row),
        url=row.url("url"),
        updates=updates,
    )


def _maintenance(row: Fields) -> Maintenance:
    return Maintenance(
        id=row.text("id"),
        name=row.text("title", "(no title)"),
        status=_MAINTENANCE[row.word("status")],
        raw_status=row.text("status"),
        scheduled_for=row.time("date_created"),
        scheduled_until=None,
        links=_links(row),
        url=row.url("url"),
        updates=_updates(row),
    )


def _links(row: Fields) -> tuple[Link, ...]:
    return tuple(Link(id=None, name=name) for name in reading.texts_at(row, "services"))


def _updates(row: Fields) -> tuple[Update, ...]:
    """Newest first; the wire has the oldest first. A note says nothing about the status."""
    notes = reversed([*row.objects("notes")])
    return tuple(
        Update(
            status=IncidentStatus.UNKNOWN,
            raw_status="",
            body=note.body("body"),
            created_at=note.time("date_created"),
        )
        for note in reading.rows_newest_first(notes, "date_created")
    )

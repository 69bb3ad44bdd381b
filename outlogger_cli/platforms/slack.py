"""Slack's own status page.

`https://slack-status.com/api/v2.0.0/current` holds the roll-up and what is active, `.../history`
past incidents, newest first; documented at https://docs.slack.dev/reference/slack-status-api.
The reference says that the history is complete, but pages send forty to fifty entries.
Services are only named by incidents, never listed with a status: there are no components.

wire                                  ours
status ok                             none
  active                              the worst impact among the active, minor if there is none
incident.type notice                  none
  incident                            minor
  outage                              critical
incident.status active, resolved      investigating, resolved
  scheduled, completed, cancelled     a maintenance, scheduled or completed
An empty list of active incidents goes with the status ok: nothing is open.
"""

from collections.abc import Sequence

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
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("slack-status.com", "status.slack.com")
CAN: tuple[str, ...] = ("history", "maintenance")

_PAGE = "https://slack-status.com"
_CURRENT = "/api/v2.0.0/current"
_HISTORY = "/api/v2.0.0/history"
_IMPACTS = {"notice": Impact.NONE, "incident": Impact.MINOR, "outage": Impact.CRITICAL}
_STATUS = {"active": IncidentStatus.INVESTIGATING, "resolved": IncidentStatus.RESOLVED}
_MAINTENANCE = {
    "scheduled": MaintenanceStatus.SCHEDULED,
    "completed": MaintenanceStatus.COMPLETED,
    "cancelled": MaintenanceStatus.COMPLETED,
}


def endpoints(page_url: str, depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    page = addresses.api_base(page_url, _CURRENT) or addresses.vendors_own(page_url, HOSTS, _PAGE)
    current = Endpoint(name="current", url=page + _CURRENT)
    history = Endpoint(name="history", url=page + _HISTORY)
    return (current,) if not depth.has_history else (current, history)


def parse(read: Documents, /) -> Snapshot:
    wire = fields.json_object(read["current"])
    is_word = "status" in wire and isinstance(wire.values["status"], str | None)
    if not is_word or "active_incidents" not in wire:
        raise not_a_page("unexpected JSON: not Slack's current status")
    rows = list(wire.objects("active_incidents", required=True))
    active = tuple(_incident(row) for row in rows if not _is_maintenance(row))
    windows = build.windows(_maintenance(row) for row in rows if _is_maintenance(row))
    history, notes = build.later(read.get("history"), "incident history", _history)
    listed, history_from = history or ((), None)
    return Snapshot(
        page_name="Slack",
        page_url=_PAGE,
        indicator=_indicator(wire.word("status"), active, windows),
        raw_indicator=wire.word("status"),
        incidents=build.merge(listed, active),
        maintenances=windows,
        history_from=history_from,
        notes=notes,
    )


def _indicator(word: str, active: Sequence[Incident], windows: Sequence[Maintenance]) -> Severity:
    if word == "ok":
        return Severity.NONE
    if word != "active":
        return Severity.UNKNOWN
    if not (active or windows):
        return Severity.MINOR
    found = [incident.impact.severity for incident in active]
    return worst([*found, Severity.MAINTENANCE] if windows else found)


def _history(document: Document) -> build.History:
    rows = fields.rows_of(document, "history")
    incidents = tuple(_incident(row) for row in rows if not _is_maintenance(row))
    return incidents, times.earliest(row.time("date_created") for row in rows)


def _is_maintenance(row: Fields) -> bool:
    return row.word("status") in _MAINTENANCE


def _incident(row: Fields) -> Incident:
    event = _event(row)
    status = _STATUS.get(row.word("status"), IncidentStatus.UNKNOWN)
    updated_at = row.time("date_updated")
    posted = (update.created_at for update in event["updates"])
    return Incident(
        **event,
        status=status,
        raw_status=row.text("status"),
        impact=_IMPACTS.get(row.word("type"), Impact.MINOR),
        raw_impact=row.text("type"),
        started_at=times.earliest([row.time("date_created"), *posted]),
        resolved_at=None if status.open else updated_at,
        updated_at=updated_at,
    )


def _maintenance(row: Fields) -> Maintenance:
    return Maintenance(
        **_event(row),
        status=_MAINTENANCE[row.word("status")],
        raw_status=row.text("status"),
        scheduled_for=row.time("date_created"),
    )


def _event(row: Fields) -> build.Event:
    """The notes are oldest first, and have no status."""
    notes = reversed([*row.objects("notes")])
    return build.event(
        row,
        links=tuple(Link(name=name) for name in row.texts("services")),
        updates=build.newest_updates(
            Update(body=note.body("body"), created_at=note.time("date_created")) for note in notes
        ),
    )

"""Heroku's own status page.

`https://status.heroku.com/api/v4/current-status` holds the systems with a colour each, the open
incidents and the announced maintenances; `/api/v4/incidents` the newest incidents, open and
closed. Both are no longer documented: they are read as the page sends them. There is no roll-up:
the indicator is the worst colour. A system's name is its id.

wire                                  ours
green                                 operational, none
yellow                                degraded_performance, minor
red                                   major_outage, critical
blue                                  under_maintenance, maintenance
incident.state open                   investigating
  resolved                            resolved (`resolved` beside it may still be false)
  missing                             resolved if that is true, else as its newest update
update.update_type issue              identified
  investigating, resolved             the same words
maintenance.state upcoming            scheduled (it may stay so when the work is done)
  open, resolved                      in_progress, completed
  missing: resolved true              completed
           upcoming true, false       scheduled, in_progress
           newest update_type         scheduled, resolved, or maintenance, which is in_progress
An incident's impact is the worst colour that it gave to a system. Start and end of a maintenance
are only in its text. An empty incident list means that nothing is open.
"""

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Snapshot,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("status.heroku.com",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")

_PAGE = "https://status.heroku.com"
_CURRENT = "/api/v4/current-status"
_HISTORY = "/api/v4/incidents"
_COLOURS = {
    "green": ComponentStatus.OPERATIONAL,
    "blue": ComponentStatus.UNDER_MAINTENANCE,
    "yellow": ComponentStatus.DEGRADED_PERFORMANCE,
    "red": ComponentStatus.MAJOR_OUTAGE,
}
"""From the best to the worst."""
_IMPACTS = {colour: Impact(status.severity.value) for colour, status in _COLOURS.items()}
_STATES = {**build.INCIDENT_WORDS, "open": IncidentStatus.INVESTIGATING}
_UPDATES = {
    **build.INCIDENT_WORDS,
    "issue": IncidentStatus.IDENTIFIED,
    "maintenance": IncidentStatus.IN_PROGRESS,
}
_MAINTENANCE = {
    "upcoming": MaintenanceStatus.SCHEDULED,
    "open": MaintenanceStatus.IN_PROGRESS,
    "resolved": MaintenanceStatus.COMPLETED,
}
_PHASES = {**build.PLANNED, IncidentStatus.RESOLVED: MaintenanceStatus.COMPLETED}


def endpoints(page_url: str, depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    page = addresses.api_base(page_url, _CURRENT) or addresses.vendors_own(page_url, HOSTS, _PAGE)
    current = Endpoint(name="current-status", url=page + _CURRENT)
    history = Endpoint(name="incidents", url=page + _HISTORY)
    return (current,) if not depth.has_history else (current, history)


def recognises(document: Document, /) -> bool:
    """Without a system it may be another page's JSON."""
    try:
        return bool(parse({"current-status": document}).components)
    except PageError:
        return False


def parse(read: Documents, /) -> Snapshot:
    wire = fields.json_object(read["current-status"])
    if not {"status", "incidents", "scheduled"} <= wire.values.keys():
        raise not_a_page("unexpected JSON: not Heroku's current status")
    systems = list(wire.objects("status", required=True))
    if not all("system" in row and "status" in row for row in systems):
        raise not_a_page("unexpected JSON without systems with a status")
    components = tuple(_component(row) for row in systems)
    current = [_incident(row) for row in wire.objects("incidents", required=True)]
    history, notes = build.later(read.get("incidents"), "incident history", _history)
    listed, history_from = history or ((), None)
    return Snapshot(
        page_name="Heroku",
        page_url=_PAGE,
        indicator=build.roll_up(component.status for component in components),
        components=components,
        incidents=build.merge(listed, current),
        maintenances=build.windows(map(_maintenance, wire.objects("scheduled"))),
        history_from=history_from,
        notes=notes,
    )


def _history(document: Document) -> build.History:
    rows = fields.rows_of(document, "incidents")
    oldest = times.earliest(row.time("created_at") for row in rows)
    return tuple(_incident(row) for row in rows), oldest


def _component(row: Fields) -> Component:
    return build.component(row, _COLOURS, id_key="system", name_key="system")


def _incident(row: Fields) -> Incident:
    event = _event(row)
    status = _status(row, event)
    colour = _colour(row)
    posted = (update.created_at for update in event["updates"])
    return Incident(
        **event,
        status=status,
        raw_status=row.text("state"),
        impact=_IMPACTS.get(colour, Impact.MINOR),
        raw_impact=colour,
        started_at=times.earliest([row.time("created_at"), *posted]),
        resolved_at=None if status.open else row.time("resolved_at", "updated_at"),
        updated_at=row.time("updated_at"),
    )


def _status(row: Fields, event: build.Event) -> IncidentStatus:
    """The status of an incident, by its state or, if it has none, by what else tells it."""
    if row.values.get("state") is not None:
        return _STATES.get(row.word("state"), IncidentStatus.UNKNOWN)
    if row.flag("resolved"):
        return IncidentStatus.RESOLVED
    return next((update.status for update in event["updates"]), IncidentStatus.UNKNOWN)


def _colour(row: Fields) -> str:
    """The worst colour that the incident or an update gave to a system, "" if there is none."""
    given = {system.word("status") for system in row.objects("systems")}
    for update in row.objects("updates"):
        given |= {update.word("status_prod"), update.word("status_dev")}
    return next((colour for colour in reversed(_COLOURS) if colour in given), "")


def _maintenance(row: Fields) -> Maintenance:
    event = _event(row)
    return Maintenance(**event, status=_phase(row, event), raw_status=row.text("state"))


def _phase(row: Fields, event: build.Event) -> MaintenanceStatus:
    """The status of a maintenance, by its state or, if it has none, by what else tells it."""
    if row.values.get("state") is not None:
        return _MAINTENANCE.get(row.word("state"), MaintenanceStatus.UNKNOWN)
    if row.flag("resolved"):
        return MaintenanceStatus.COMPLETED
    upcoming = row.values.get("upcoming")
    if isinstance(upcoming, bool):
        return MaintenanceStatus.SCHEDULED if upcoming else MaintenanceStatus.IN_PROGRESS
    return _PHASES.get(_status(row, event), MaintenanceStatus.UNKNOWN)


def _event(row: Fields) -> build.Event:
    names = (system.text("name") for system in row.objects("systems"))
    return build.event(
        row,
        url_key="full_url",
        links=tuple(Link(id=name, name=name) for name in dict.fromkeys(names) if name),
        updates=build.updates(
            row.objects("updates"), _UPDATES, status_key="update_type", body_key="contents"
        ),
    )

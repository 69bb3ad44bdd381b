"""Heroku's own status page.

`https://status.heroku.com/api/v4/current-status` holds the systems with a colour each, the open
incidents and the announced maintenances; `/api/v4/incidents` the newest incidents, open and
closed. There is no reference any more: both are read as the page sends them. There is no roll-up
either: the indicator is the worst colour.

wire                                  ours
green                                 operational, none
yellow                                degraded_performance, minor
red                                   major_outage, critical
blue                                  under_maintenance, maintenance
incident.state open                   investigating
  resolved                            resolved (`resolved` beside it is not to be relied on)
update.update_type issue              identified
  investigating, resolved             the same words
maintenance.state upcoming            scheduled (it may stay so when the work is done)
  open, resolved                      in_progress, completed
An incident is as bad as the worst colour that it gave a system. When a maintenance begins and
ends is told in its text only. An empty incident list means that nothing is open.
"""

from collections.abc import Mapping

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
    Update,
)
from outlogger_cli.platforms.shared import fields, reading
from outlogger_cli.platforms.shared.fields import Fields
from outlogger_cli.platforms.statuspage import known

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
_STATES = {"open": IncidentStatus.INVESTIGATING}
_UPDATES = {"issue": IncidentStatus.IDENTIFIED}
_MAINTENANCE = {
    "upcoming": MaintenanceStatus.SCHEDULED,
    "open": MaintenanceStatus.IN_PROGRESS,
    "resolved": MaintenanceStatus.COMPLETED,
}


def endpoints(
    page_url: str, depth: Depth, _read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    page = reading.api_base(page_url, _CURRENT) or reading.vendors_own(page_url, HOSTS, _PAGE)
    current = Endpoint(name="current-status", url=page + _CURRENT)
    history = Endpoint(name="incidents", url=page + _HISTORY)
    return (current,) if depth is not Depth.HISTORY else (current, history)


def recognises(document: Document) -> bool:
    try:
        wire = _current_of(document)
        systems = list(wire.objects("status", required=True))
        list(wire.objects("incidents", required=True))
    except PageError:
        return False
    return bool(systems) and all("system" in row and "status" in row for row in systems)


def parse(read: Mapping[str, Document]) -> Snapshot:
    wire = _current_of(read["current-status"])
    components = tuple(_component(row) for row in wire.objects("status", required=True))
    current = tuple(_incident(row) for row in wire.objects("incidents", required=True))
    history, notes = reading.later(read.get("incidents"), "incident history", _history)
    listed, history_from = history or ((), None)
    return Snapshot(
        page_name="Heroku",
        page_url=_PAGE,
        indicator=reading.roll_up([component.status for component in components]),
        raw_indicator="",
        description="",
        components=components,
        incidents=fields.merge(listed, current),
        maintenances=tuple(_maintenance(row) for row in wire.objects("scheduled")),
        history_from=history_from,
        notes=notes,
    )


def _current_of(document: Document) -> Fields:
    wire = fields.json_object(document)
    if not {"status", "incidents", "scheduled"} <= wire.values.keys():
        raise reading.not_a_page("the answer is JSON but not Heroku's current status")
    return wire


def _history(document: Document) -> reading.History:
    rows = reading.rows_of(document, "incidents")
    return tuple(_incident(row) for row in rows), reading.oldest(rows, "created_at")


def _component(row: Fields) -> Component:
    name = row.text("system", "(no name)")
    return Component(
        id=name,
        name=name,
        status=_COLOURS.get(row.word("status"), ComponentStatus.UNKNOWN),
        raw_status=row.text("status"),
    )


def _incident(row: Fields) -> Incident:
    updates = _updates(row)
    status = _status(row.word("state"), _STATES)
    colour = _colour(row)
    return Incident(
        id=row.text("id"),
        name=row.text("title", "(no title)"),
        status=status,
        raw_status=row.text("state"),
        impact=Impact(_COLOURS[colour].severity.value) if colour else Impact.MINOR,
        raw_impact=colour,
        started_at=reading.earliest(
            [row.time("created_at"), *(update.created_at for update in updates)]
        ),
        resolved_at=None if status.open else reading.time_at(row, "resolved_at", "updated_at"),
        updated_at=row.time("updated_at"),
        links=_links(row),
        url=row.url("full_url"),
        updates=updates,
    )


def _colour(row: Fields) -> str:
    """The worst colour that the incident or an update of it gave a system, "" where none."""
    given = {system.word("status") for system in row.objects("systems")}
    for update in row.objects("updates"):
        given |= {update.word("status_prod"), update.word("status_dev")}
    return next((colour for colour in reversed(_COLOURS) if colour in given), "")


def _maintenance(row: Fields) -> Maintenance:
    return Maintenance(
        id=row.text("id"),
        name=row.text("title", "(no title)"),
        status=_MAINTENANCE.get(row.word("state"), MaintenanceStatus.UNKNOWN),
        raw_status=row.text("state"),
        scheduled_for=None,
        scheduled_until=None,
        links=_links(row),
        url=row.url("full_url"),
        updates=_updates(row),
    )


def _links(row: Fields) -> tuple[Link, ...]:
    """A system is known by its name alone."""
    names = (system.text("name") for system in row.objects("systems"))
    return tuple(Link(id=name, name=name) for name in dict.fromkeys(names) if name)


def _updates(row: Fields) -> tuple[Update, ...]:
    return tuple(
        Update(
            status=_status(update.word("update_type"), _UPDATES),
            raw_status=update.text("update_type"),
            body=update.body("contents"),
            created_at=update.time("created_at"),
        )
        for update in reading.rows_newest_first(row.objects("updates"), "created_at")
    )


def _status(word: str, words: Mapping[str, IncidentStatus]) -> IncidentStatus:
    return words.get(word) or known(IncidentStatus, word, IncidentStatus.UNKNOWN)

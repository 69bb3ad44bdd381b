"""FireHydrant status pages.

`/data/payload.json` holds everything: the names of the components, every incident there was with
its timeline, and the planned maintenances. No reference describes it: it is read as pages send
it. Components have no status of their own: the page shows as operational what no open incident
names. There is no roll-up either: the indicator is the worst open incident, and unknown where a
component that nobody knows may be worse.

wire                                  ours
conditions{name: OPERATIONAL}         operational
  DEGRADED                            degraded_performance
  OFFLINE                             major_outage
  any, in a maintenance               under_maintenance
severitySlug SEV1                     critical
  SEV2                                major
  SEV3, SEV4, SEV5                    minor
  MAINTENANCE                         a maintenance, not an incident
  UNSET and what a vendor adds        minor
timestamps                            the status is the furthest milestone that has one:
  detected, started, acknowledged, investigating   investigating
  identified                          identified
  mitigated, monitoring               monitoring
  resolved, closed                    resolved
An empty incident list is health: it is whole, so nothing is open. A missing one says nothing, nor
does one of a page that names no component.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    EVER,
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
    Severity,
    Snapshot,
    Update,
    worst,
)
from outlogger_cli.platforms.shared import fields, reading
from outlogger_cli.platforms.shared.fields import Fields
from outlogger_cli.platforms.statuspage import known

HOSTS: tuple[str, ...] = ()
CAN: tuple[str, ...] = ("components", "history", "maintenance")

_PAYLOAD = "/data/payload.json"
_CONDITIONS = {
    "operational": ComponentStatus.OPERATIONAL,
    "degraded": ComponentStatus.DEGRADED_PERFORMANCE,
    "offline": ComponentStatus.MAJOR_OUTAGE,
}
_IN_WINDOW = {
    MaintenanceStatus.IN_PROGRESS: ComponentStatus.UNDER_MAINTENANCE,
    MaintenanceStatus.UNKNOWN: ComponentStatus.UNKNOWN,
}
"""What a component is that a maintenance names; one that is ahead or over says nothing."""
_WORSENING = (
    ComponentStatus.OPERATIONAL,
    ComponentStatus.UNKNOWN,
    ComponentStatus.UNDER_MAINTENANCE,
    ComponentStatus.DEGRADED_PERFORMANCE,
    ComponentStatus.MAJOR_OUTAGE,
)
"""Which of two statuses a component has that two open incidents name."""
_IMPACTS = {
    "sev1": Impact.CRITICAL,
    "sev2": Impact.MAJOR,
    "sev3": Impact.MINOR,
    "sev4": Impact.MINOR,
    "sev5": Impact.MINOR,
}
_MILESTONES = {
    "closed": IncidentStatus.RESOLVED,
    "resolved": IncidentStatus.RESOLVED,
    "monitoring": IncidentStatus.MONITORING,
    "mitigated": IncidentStatus.MONITORING,
    "identified": IncidentStatus.IDENTIFIED,
    "investigating": IncidentStatus.INVESTIGATING,
    "acknowledged": IncidentStatus.INVESTIGATING,
    "started": IncidentStatus.INVESTIGATING,
    "detected": IncidentStatus.INVESTIGATING,
}
"""The furthest first."""
_FIRST_WORD = re.compile(r"\W*(\w+)")

_Told = Mapping[str, tuple[ComponentStatus, str]]
"""Statuses that an incident gives to components, with the page's word, by their id and name."""


def endpoints(
    page_url: str, _depth: Depth, _read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    page = reading.api_base(page_url, _PAYLOAD) or page_url
    return (Endpoint(name="payload", url=fields.at(page, _PAYLOAD)),)


def recognises(document: Document) -> bool:
    try:
        wire = _payload_of(document)
        wire.object("config")
        conditions = wire.object("conditions")
        list(wire.objects("components", required=True))
    except PageError:
        return False
    return all(isinstance(word, str) for word in conditions.values.values())


def parse(read: Mapping[str, Document]) -> Snapshot:
    wire, now = _payload_of(read["payload"]), read["payload"].fetched_at
    config = reading.object_at(wire, "config")
    rows = list(wire.objects("components", required=True))
    ids = {row.text("name"): row.text("id") for row in rows}
    events = [row for row in wire.objects("incidents") if not _is_maintenance(row)]
    incidents = [_incident(row, ids) for row in events]
    windows = tuple(_window(row, ids, now) for row in _planned(wire))
    troubles = list(_troubles(wire, events, now))
    lack = _lack(wire, rows)
    listed = wire.values.get("incidents") is not None
    components = tuple(_component(row, troubles, listed=listed) for row in rows)
    indicator = Severity.UNKNOWN if lack else _indicator(incidents, windows, components)
    return Snapshot(
        page_name=config.text("companyName", config.text("title")),
        page_url="",
        indicator=indicator,
        raw_indicator="",
        description=config.text("operationalMessage") if indicator is Severity.NONE else "",
        indicator_of_incidents=True,
        components=components,
        incidents=fields.newest_first(incidents),
        maintenances=windows,
        history_from=EVER if listed else None,
        notes=(lack,) if lack else (),
    )


def _lack(wire: Fields, rows: Iterable[Fields]) -> str:
    """What the data lacks without which nothing is known, "" where it lacks nothing."""
    if wire.values.get("incidents") is None:
        return "the page's data has no list of incidents"
    named = any(row.text("name") or row.text("id") for row in rows)
    told = wire.values["incidents"] or wire.values.get("scheduledMaintenances")
    return "" if named or told else "the page's data names no component and no incident"


def _payload_of(document: Document) -> Fields:
    wire = fields.json_object(document)
    if not {"config", "conditions", "components"} <= wire.values.keys():
        raise reading.not_a_page("the answer is JSON but not the data of a FireHydrant page")
    return wire


def _is_maintenance(row: Fields) -> bool:
    return row.word("severitySlug") == "maintenance"


def _planned(wire: Fields) -> Iterator[Fields]:
    """Maintenances stand among the incidents, those to come also in a list of their own."""
    yield from (row for row in wire.objects("incidents") if _is_maintenance(row))
    yield from wire.objects("scheduledMaintenances")


def _indicator(
    incidents: Iterable[Incident], windows: Iterable[Maintenance], components: Iterable[Component]
) -> Severity:
    """The worst that is open; unknown where a component that nobody knows may be a problem."""
    open_now = [i.impact.severity for i in incidents if i.status.open]
    found = worst([*open_now, *(Severity.MAINTENANCE for w in windows if w.status.active)])
    unsure = any(component.status is ComponentStatus.UNKNOWN for component in components)
    return Severity.UNKNOWN if unsure and found.rank < Severity.MINOR.rank else found


def _troubles(wire: Fields, events: Iterable[Fields], now: datetime) -> Iterator[_Told]:
    """What is open now says of components."""
    table = {
        text.line(name).lower(): _CONDITIONS.get(str(word).lower(), ComponentStatus.UNKNOWN)
        for name, word in wire.object("conditions").values.items()
    }
    for row in events:
        if _status(row)[0].open:
            yield {
                key: (table.get(word.lower(), ComponentStatus.UNKNOWN), word)
                for key, word in _conditions(row)
            }
    for row in _planned(wire):
        status = _IN_WINDOW.get(_window_status(row, now))
        if status:
            yield {key: (status, word) for key, word in _conditions(row)}


def _conditions(row: Fields) -> Iterator[tuple[str, str]]:
    """The conditions that an incident gives components, by their names and ids."""
    by_name = reading.object_at(row, "componentConditions")
    yield from ((text.line(name), by_name.text(name)) for name in by_name.values if name)
    for component in row.objects("components"):
        word = component.text("condition")
        yield from ((key, word) for key in (component.text("name"), component.text("id")) if key)


def _component(row: Fields, troubles: Sequence[_Told], *, listed: bool) -> Component:
    """A component that nothing open names is operational, where it is known what is open."""
    name = row.text("name", row.text("id", "(no name)"))
    calm = ComponentStatus.OPERATIONAL if listed else ComponentStatus.UNKNOWN
    told = [
        trouble[key] for trouble in troubles for key in (row.text("id"), name) if key in trouble
    ]
    status, word = max(told, key=lambda one: _WORSENING.index(one[0]), default=(calm, ""))
    return Component(id=row.text("id", name), name=name, status=status, raw_status=word)


def _status(row: Fields) -> tuple[IncidentStatus, str]:
    """The furthest milestone that the incident has reached, and the page's word for it."""
    reached = reading.object_at(row, "timestamps")
    found = ((status, slug) for slug, status in _MILESTONES.items() if reached.time(slug))
    return next(found, (IncidentStatus.UNKNOWN, ""))


def _times(row: Fields) -> tuple[datetime | None, datetime | None]:
    reached = reading.object_at(row, "timestamps")
    start = reading.earliest([row.time("startsAt"), reached.time("started")])
    return (
        reading.earliest([start, reached.time("detected")]),
        row.time("endsAt") or reading.time_at(reached, "resolved", "closed"),
    )


def _incident(row: Fields, ids: Mapping[str, str]) -> Incident:
    (status, slug), (started_at, ended_at) = _status(row), _times(row)
    written = [event.time("time") for event in row.objects("timeline")]
    return Incident(
        id=row.text("id"),
        name=row.text("title", row.text("name", "(no title)")),
        status=status,
        raw_status=slug,
        impact=_IMPACTS.get(row.word("severitySlug"), Impact.MINOR),
        raw_impact=row.text("severitySlug"),
        started_at=started_at,
        resolved_at=None if status.open else ended_at,
        updated_at=max((moment for moment in written if moment), default=None),
        links=_links(row, ids),
        url="",
        updates=tuple(_updates(row)),
    )


def _window(row: Fields, ids: Mapping[str, str], now: datetime) -> Maintenance:
    scheduled_for, scheduled_until = _times(row)
    status = _window_status(row, now)
    return Maintenance(
        id=row.text("id"),
        name=row.text("title", row.text("name", "(no title)")),
        status=status,
        raw_status="",
        scheduled_for=scheduled_for,
        scheduled_until=scheduled_until,
        links=_links(row, ids),
        url="",
        updates=tuple(_updates(row)),
    )


def _window_status(row: Fields, now: datetime) -> MaintenanceStatus:
    """Told by the clock: a maintenance has no word for it. `now` is when the page was read."""
    start, end = _times(row)
    if end and end <= now:
        return MaintenanceStatus.COMPLETED
    if not start:
        return MaintenanceStatus.UNKNOWN
    return MaintenanceStatus.SCHEDULED if start > now else MaintenanceStatus.IN_PROGRESS


def _links(row: Fields, ids: Mapping[str, str]) -> tuple[Link, ...]:
    named = (text.line(name) for name in reading.object_at(row, "componentConditions").values)
    by_name = tuple(Link(id=ids.get(name) or None, name=name) for name in named)
    return fields.links(row.objects("components")) or by_name


def _updates(row: Fields) -> Iterator[Update]:
    """The notes of the timeline, newest first; a milestone alone is no message."""
    for event in reading.rows_newest_first(row.objects("timeline"), "occurredAt", "time"):
        details = reading.object_at(event, "details")
        nested = isinstance(details.values.get("note"), dict)
        body = (details.object("note") if nested else details).body("note")
        if body:
            status = _said(body)
            yield Update(
                status=status,
                raw_status="" if status is IncidentStatus.UNKNOWN else status.value,
                body=body,
                created_at=reading.time_at(event, "occurredAt", "time"),
            )


def _said(body: str) -> IncidentStatus:
    """Notes have no status; many begin with the word for it (`**Resolved** ...`)."""
    found = _FIRST_WORD.match(body)
    return known(IncidentStatus, found[1].lower() if found else "", IncidentStatus.UNKNOWN)

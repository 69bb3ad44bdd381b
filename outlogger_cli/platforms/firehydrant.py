"""FireHydrant status pages.

`/data/payload.json` holds everything: the names of the components, all incidents with their
timelines, and the planned maintenances. It is not documented: it is read as pages send it.
Components have no status: the page shows as operational what no open incident names. There is no
roll-up either: the indicator is the worst open incident, and unknown if a component of unknown
status may be worse.

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
The list of incidents is complete, so an empty one is health. A missing one says nothing, nor does
an empty one on a page that names no component.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from outlogger_cli.domain import text
from outlogger_cli.domain.model import (
    EVER,
    Component,
    ComponentStatus,
    Depth,
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
"""The status of a component in a maintenance; one that is scheduled or over says nothing."""
_WORST_FIRST = (
    ComponentStatus.MAJOR_OUTAGE,
    ComponentStatus.DEGRADED_PERFORMANCE,
    ComponentStatus.UNDER_MAINTENANCE,
    ComponentStatus.UNKNOWN,
    ComponentStatus.OPERATIONAL,
)
"""Of the statuses that several open events give to a component, the first here counts."""
_IMPACTS = {
    "sev1": Impact.CRITICAL,
    "sev2": Impact.MAJOR,
    **dict.fromkeys(("sev3", "sev4", "sev5"), Impact.MINOR),
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

_Troubles = Mapping[str, tuple[ComponentStatus, str]]
"""The statuses that open events give to components, with the page's words, by name and by id."""


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    page = addresses.api_base(page_url, _PAYLOAD) or page_url
    return (Endpoint(name="payload", url=addresses.at(page, _PAYLOAD)),)


def parse(read: Documents, /) -> Snapshot:
    wire, now = fields.json_object(read["payload"]), read["payload"].fetched_at
    if not _is_payload(wire):
        raise not_a_page("unexpected JSON: not the data of a FireHydrant page")
    config = wire.object_or_empty("config")
    rows = list(wire.objects("components", required=True))
    events = [row for row in wire.objects("incidents") if not _is_maintenance(row)]
    incidents = [_incident(row) for row in events]
    windows = build.windows(_window(row, now) for row in _planned(wire))
    troubles = _troubles(wire, events, now)
    listed = wire.values.get("incidents") is not None
    components = tuple(_component(row, troubles, listed=listed) for row in rows)
    lack = _lack(wire, rows)
    indicator = Severity.UNKNOWN if lack else _indicator(incidents, windows, components)
    return Snapshot(
        page_name=config.text("companyName", config.text("title")),
        indicator=indicator,
        description=config.text("operationalMessage") if indicator is Severity.NONE else "",
        indicator_of_incidents=True,
        components=components,
        incidents=build.newest_first(incidents),
        maintenances=windows,
        history_from=EVER if listed else None,
        notes=(lack,) if lack else (),
    )


def _is_payload(wire: Fields) -> bool:
    """Conditions that are not words belong to another kind of document."""
    words = wire.inside("conditions").values.values()
    keys = {"config", "conditions", "components"}
    return keys <= wire.values.keys() and all(isinstance(word, str) for word in words)


def _lack(wire: Fields, rows: Iterable[Fields]) -> str:
    """What is missing without which nothing is known, "" if nothing is."""
    if wire.values.get("incidents") is None:
        return "the page data has no list of incidents"
    named = any(row.text("name") or row.text("id") for row in rows)
    events = wire.values["incidents"] or wire.values.get("scheduledMaintenances")
    return "" if named or events else "the page data has no components and no incidents"


def _is_maintenance(row: Fields) -> bool:
    return row.word("severitySlug") == "maintenance"


def _planned(wire: Fields) -> Iterator[Fields]:
    """Maintenances are listed among the incidents, the next ones also in a list of their own."""
    yield from (row for row in wire.objects("incidents") if _is_maintenance(row))
    yield from wire.objects("scheduledMaintenances")


def _indicator(
    incidents: Iterable[Incident], windows: Iterable[Maintenance], components: Iterable[Component]
) -> Severity:
    """The worst open event; unknown if a component of unknown status may be a problem."""
    active = any(window.status.active for window in windows)
    maintenance = Severity.MAINTENANCE if active else Severity.NONE
    unsure = any(component.status is ComponentStatus.UNKNOWN for component in components)
    return build.certain(worst([build.worst_open(incidents), maintenance]), unsure=unsure)


def _troubles(wire: Fields, events: Iterable[Fields], now: datetime) -> _Troubles:
    table = {
        text.line(name).lower(): _CONDITIONS.get(str(word).lower(), ComponentStatus.UNKNOWN)
        for name, word in wire.object("conditions").values.items()
    }
    given = [
        (key, table.get(word.lower(), ComponentStatus.UNKNOWN), word)
        for row in events
        if _status(row)[0].open
        for key, word in _conditions(row)
    ]
    given += [
        (key, status, word)
        for row in _planned(wire)
        if (status := _IN_WINDOW.get(build.phase(*_times(row), now)))
        for key, word in _conditions(row)
    ]
    worst_last = sorted(given, key=lambda one: _WORST_FIRST.index(one[1]), reverse=True)
    return {key: (status, word) for key, status, word in worst_last}


def _conditions(row: Fields) -> Iterator[tuple[str, str]]:
    """The conditions that an event gives to components, by their names and ids."""
    by_name = row.object_or_empty("componentConditions")
    yield from ((text.line(name), by_name.text(name)) for name in by_name.values if name)
    for component in row.objects("components"):
        word = component.text("condition")
        yield from ((key, word) for key in (component.text("name"), component.text("id")) if key)


def _component(row: Fields, troubles: _Troubles, *, listed: bool) -> Component:
    """A component without trouble is operational, if the open incidents are `listed`."""
    name = row.text("name", row.text("id", "(no name)"))
    identity = row.text("id", name)
    calm = ComponentStatus.OPERATIONAL if listed else ComponentStatus.UNKNOWN
    found = [troubles[key] for key in (identity, name) if key in troubles]
    status, word = min(found, key=lambda one: _WORST_FIRST.index(one[0]), default=(calm, ""))
    return Component(id=identity, name=name, status=status, raw_status=word)


def _status(row: Fields) -> tuple[IncidentStatus, str]:
    """The furthest milestone that the incident has reached, and the page's word for it."""
    reached = row.object_or_empty("timestamps")
    found = ((status, slug) for slug, status in _MILESTONES.items() if reached.time(slug))
    return next(found, (IncidentStatus.UNKNOWN, ""))


def _times(row: Fields) -> tuple[datetime | None, datetime | None]:
    reached = row.object_or_empty("timestamps")
    starts = (row.time("startsAt"), reached.time("started"), reached.time("detected"))
    return times.earliest(starts), row.time("endsAt") or reached.time("resolved", "closed")


def _incident(row: Fields) -> Incident:
    (status, slug), (started_at, ended_at) = _status(row), _times(row)
    return Incident(
        **_event(row),
        status=status,
        raw_status=slug,
        impact=_IMPACTS.get(row.word("severitySlug"), Impact.MINOR),
        raw_impact=row.text("severitySlug"),
        started_at=started_at,
        resolved_at=None if status.open else ended_at,
        updated_at=times.latest(event.time("time") for event in row.objects("timeline")),
    )


def _window(row: Fields, now: datetime) -> Maintenance:
    scheduled_for, scheduled_until = _times(row)
    return Maintenance(
        **_event(row),
        status=build.phase(scheduled_for, scheduled_until, now),
        scheduled_for=scheduled_for,
        scheduled_until=scheduled_until,
    )


def _event(row: Fields) -> build.Event:
    return build.Event(
        id=row.text("id"),
        name=row.text("title", row.text("name", "(no title)")),
        links=_links(row),
        url="",
        updates=tuple(_updates(row)),
    )


def _links(row: Fields) -> tuple[Link, ...]:
    named = (text.line(name) for name in row.object_or_empty("componentConditions").values)
    by_name = tuple(Link(name=name) for name in named)
    return build.links(row.objects("components")) or by_name


def _updates(row: Fields) -> Iterator[Update]:
    """The notes of the timeline, newest first; a milestone alone is not a message."""
    for event in fields.rows_newest_first(row.objects("timeline"), "occurredAt", "time"):
        details = event.object_or_empty("details")
        nested = isinstance(details.values.get("note"), dict)
        body = (details.object("note") if nested else details).body("note")
        if body:
            status = _first_word(body)
            yield Update(
                status=status,
                raw_status="" if status is IncidentStatus.UNKNOWN else status.value,
                body=body,
                created_at=event.time("occurredAt", "time"),
            )


def _first_word(body: str) -> IncidentStatus:
    """Notes have no status; many begin with the word for it (`**Resolved** ...`)."""
    found = _FIRST_WORD.match(body)
    word = found[1].lower() if found else ""
    return build.INCIDENT_WORDS.get(word, IncidentStatus.UNKNOWN)

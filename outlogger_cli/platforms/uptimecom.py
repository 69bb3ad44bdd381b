"""Uptime.com status pages.

`<page>/ajax` holds the components, what is open and what is planned, `<page>/history` the past
incidents. Neither is documented: the format is that of status.uptime.com in September 2026.

wire                                        ours
operational                                 operational
degraded-performance                        degraded_performance
partial-outage, major-outage                partial_outage, major_outage
under-maintenance                           under_maintenance
global_is_operational false                 at least minor; true says nothing more
incident_state                              the Statuspage words
incident_type SCHEDULED_MAINTENANCE         a maintenance

A group shows its subcomponents alone. There is no roll-up but that flag: the indicator is the worst
component. An incident has no impact: it is the worst status of its components now, at least minor.
The list of what is open has maintenance in it. An empty one means that nothing is open.
"""

from collections.abc import Iterator

from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Impact,
    Incident,
    IncidentStatus,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, times, tree
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("uptime.com",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")
MARKS = (b"statuspagedisplaycontroller", b'"global_is_operational"')

_AJAX = "/ajax"
_STATUSES = {
    "operational": ComponentStatus.OPERATIONAL,
    "degraded-performance": ComponentStatus.DEGRADED_PERFORMANCE,
    "partial-outage": ComponentStatus.PARTIAL_OUTAGE,
    "major-outage": ComponentStatus.MAJOR_OUTAGE,
    "under-maintenance": ComponentStatus.UNDER_MAINTENANCE,
}


def endpoints(page_url: str, depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    page = addresses.api_base(page_url, _AJAX) or page_url
    ajax = Endpoint(name="ajax", url=addresses.at(page, _AJAX))
    history = Endpoint(name="history", url=addresses.at(page, "/history"))
    return (ajax, history) if depth.has_history else (ajax,)


def parse(read: Documents, /) -> Snapshot:
    document = read["ajax"]
    data = _data(document, "components", "active_incidents")
    components = tuple(
        _component(row, group)
        for row, group in tree.leaves(data, "components", below="subcomponents", is_group=_is_group)
    )
    active = list(data.objects("active_incidents", required=True))
    past, notes = build.later(read.get("history"), "incident history", _past)
    return Snapshot(
        page_name=data.text("name"),
        page_url=addresses.link(addresses.api_base(document.final_url, _AJAX)),
        indicator=_indicator(data, build.roll_up(component.status for component in components)),
        components=components,
        incidents=build.merge(
            (_incident(row, document) for row in active if not _is_planned(row)), past or ()
        ),
        maintenances=build.unfinished(_maintenances(data, active, document)),
        history_from=build.oldest_start(past or ()),
        notes=notes,
    )


def _data(document: Document, *keys: str) -> Fields:
    data = fields.json_object(document).inside("data")
    if not all(key in data for key in keys):
        raise not_a_page("unexpected JSON: not the data of an Uptime.com page")
    return data


def _indicator(data: Fields, worst: Severity) -> Severity:
    is_fine = data.values.get("global_is_operational")
    if is_fine is False and worst.rank < Severity.MINOR.rank:
        return Severity.MINOR
    if worst is Severity.NONE and data.flag("has_components_under_maintenance_state"):
        worst = Severity.MAINTENANCE
    return build.certain(worst, unsure=is_fine is not True)


def _is_group(row: Fields) -> bool:
    """Whether the row has members; a component with members and a problem is both."""
    members, told = row.values.get("subcomponents"), row.values.get("is_group")
    if not isinstance(members, list):
        return False
    is_both = told is False and row.word("status") != "operational"
    return told is True or bool(members and not is_both)


def _component(row: Fields, group: str | None) -> Component:
    """A group that lost its list is a component of unknown status, not nothing."""
    return build.component(row, {} if row.flag("is_group") else _STATUSES, group=group)


def _past(document: Document) -> list[Incident]:
    rows = _data(document, "past_incidents").objects("past_incidents", required=True)
    return [_incident(row, document) for row in rows if not _is_planned(row)]


def _is_planned(row: Fields) -> bool:
    return row.word("incident_type") == "scheduled_maintenance"


def _incident(row: Fields, document: Document) -> Incident:
    event = _event(row)
    ended_at = build.passed(row, "ends_at", document)
    newest = event["updates"][0] if event["updates"] else None
    status = newest.status if newest else IncidentStatus.UNKNOWN
    if ended_at and status.open:
        status = IncidentStatus.RESOLVED
    words = (one.text("status") for one in row.objects("affected_components"))
    impact, word = build.impact_of(words, _STATUSES)
    is_told = impact.severity.rank >= Severity.MINOR.rank
    updated_at = times.latest(update.created_at for update in event["updates"])
    return Incident(
        **event,
        status=status,
        raw_status=newest.raw_status if newest else "",
        impact=impact if is_told else Impact.MINOR,
        raw_impact=word if is_told else "",
        started_at=row.time("starts_at"),
        resolved_at=None if status.open else ended_at or updated_at,
        updated_at=updated_at,
    )


def _maintenances(data: Fields, active: list[Fields], document: Document) -> Iterator[Maintenance]:
    """The windows under way, then those to come, each once."""
    found: dict[str, Maintenance] = {}
    for row in filter(_is_planned, active):
        event, start = _event(row), row.time("starts_at")
        is_over = any(not update.status.open for update in event["updates"][:1])
        status = MaintenanceStatus.IN_PROGRESS
        if is_over or (start and start > document.fetched_at):
            status = MaintenanceStatus.COMPLETED if is_over else MaintenanceStatus.SCHEDULED
        found[event["id"]] = _window(row, event, status)
    for row in data.objects("upcoming_maintenance"):
        event, start, end = _event(row), row.time("starts_at"), row.time("ends_at")
        status = build.phase(start, end, document.fetched_at)
        found.setdefault(event["id"], _window(row, event, status))
    yield from found.values()


def _window(row: Fields, event: build.Event, status: MaintenanceStatus) -> Maintenance:
    return Maintenance(
        **event,
        status=status,
        raw_status=event["updates"][0].raw_status if event["updates"] else "",
        scheduled_for=row.time("starts_at"),
        scheduled_until=row.time("ends_at"),
    )


def _event(row: Fields) -> build.Event:
    return build.event(
        row,
        title_key="name",
        links=build.links(row.objects("affected_components")),
        updates=build.updates(
            row.objects("updates"),
            build.INCIDENT_WORDS,
            status_key="incident_state",
            body_key="description",
            time_keys=("updated_at",),
        ),
    )

"""incident.io pages, which answer a copy of the Statuspage v2 API.

`/api/v2/summary.json` and `/api/v2/incidents.json` as in `statuspage`. The summary lists at most
25 components, and which 25 changes: if it lists so many, `/api/v2/components.json` is read for all
of them. What the copy lacks is read from incident.io's own `/api/v1/summary` while something is
open: the text of the newest update, the affected components and their groups.

wire (v1)                             ours
last_update_message                   the text of the newest update, if v2 has none
affected_components[].id, name        the links of an incident or window, if v2 has none
affected_components[].group_name      the group of that component; no other's is known
url                                   the address of the incident or window
Its status words are not read: a verdict, which is made without this document, must be the same.
An empty or missing list means that nothing is open: the copy leaves out empty `incidents` and
`scheduled_maintenances`.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    Depth,
    Endpoint,
    Incident,
    Maintenance,
    Snapshot,
    Update,
)
from outlogger_cli.domain.values import replace
from outlogger_cli.platforms import Documents, statuspage
from outlogger_cli.platforms.shared import addresses, build, fields
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("incident.io",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")

SUMMARY_LIMIT = 25
"""Components that a summary lists at most."""

Event = TypeVar("Event", Incident, Maintenance)


def endpoints(page_url: str, depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    # whether the copy has a list of past maintenance was not seen
    same = Depth.HISTORY if depth is Depth.ARCHIVE else depth
    found = list(statuspage.endpoints(page_url, same, read))
    summary = _summary(read)
    if summary and _may_be_cut(summary):
        # Also for a verdict: the cut part may hold the outage.
        url = statuspage.address_of("components.json", page_url)
        found.insert(1, Endpoint(name="components", url=url))
    if summary and depth is not Depth.VERDICT and _has_open(summary):
        found.append(Endpoint(name="native", url=addresses.at(page_url, "/api/v1/summary")))
    return tuple(found)


def parse(read: Documents, /) -> Snapshot:
    wire = statuspage.summary_of(read["summary"])
    if not statuspage.is_incidentio(wire.object("page")):
        raise not_a_page("summary of a Statuspage page, not of incident.io")
    incident_list = read.get("incidents")
    whole, no_list = build.later(
        read.get("components"),
        "component list",
        lambda document: statuspage.snapshot_of(
            wire, incident_list, complete=False, component_list=document
        ),
    )
    snapshot = whole or replace(
        statuspage.snapshot_of(wire, incident_list, complete=False),
        is_cut=_may_be_cut(wire),
    )
    native, no_texts = build.later(
        read.get("native"),
        "incident texts",
        lambda document: _with_texts(snapshot, fields.json_object(document)),
    )
    found = native or snapshot
    return replace(found, notes=(*found.notes, *no_list, *no_texts))


def _summary(read: Documents) -> Fields | None:
    try:
        return statuspage.summary_of(read["summary"]) if "summary" in read else None
    except PageError:
        return None


def _may_be_cut(summary: Fields) -> bool:
    rows = summary.values.get("components")
    return isinstance(rows, list) and len(rows) >= SUMMARY_LIMIT


def _has_open(summary: Fields) -> bool:
    return bool(summary.values.get("incidents") or summary.values.get("scheduled_maintenances"))


def _with_texts(snapshot: Snapshot, native: Fields) -> Snapshot:
    ongoing = {row.text("id"): row for row in native.objects("ongoing_incidents")}
    planned = {
        row.text("id"): row
        for key in ("in_progress_maintenances", "scheduled_maintenances")
        for row in native.objects(key)
    }
    groups = {
        component.text("id"): component.text("group_name")
        for row in (*ongoing.values(), *planned.values())
        for component in row.objects("affected_components")
    }
    return replace(
        snapshot,
        components=_grouped(snapshot.components, groups),
        incidents=tuple(_completed(i, ongoing.pop(i.id, None)) for i in snapshot.incidents),
        maintenances=tuple(_completed(m, planned.pop(m.id, None)) for m in snapshot.maintenances),
    )


def _grouped(components: Sequence[Component], groups: Mapping[str, str]) -> tuple[Component, ...]:
    """The components with their groups, those of one group at the place of its first.

    Only affected components have a group here, and its rows need not follow each other.
    """
    first: dict[str, int] = {}
    placed = []
    for place, component in enumerate(components):
        group = component.group or groups.get(component.id) or None
        group_place = first.setdefault(group, place) if group else place
        placed.append((group_place, replace(component, group=group)))
    return tuple(component for _, component in sorted(placed, key=lambda pair: pair[0]))


def _completed(event: Event, row: Fields | None) -> Event:
    """`event` with the links and the newest text of its v1 row, if v2 has none."""
    if row is None:
        return event
    return replace(
        event,
        links=event.links or build.links(row.objects("affected_components")),
        url=row.url("url") or event.url,
        updates=_with_message(event.updates, row.body("last_update_message")),
    )


def _with_message(updates: tuple[Update, ...], message: str) -> tuple[Update, ...]:
    if not message or not updates or updates[0].body:
        return updates
    return (replace(updates[0], body=message), *updates[1:])

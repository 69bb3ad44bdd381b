"""incident.io pages, which answer a copy of the Statuspage v2 API.

`/api/v2/summary.json` and `/api/v2/incidents.json` as in `statuspage`, with what the copy lacks
read from incident.io's own `/api/v1/summary` while something is open: the text of the newest
update, the components an incident touches and their groups.

wire (v1)                             ours
last_update_message                   the text of the newest update, where v2 has none
affected_components[].id, name        the links of an incident or window, where v2 has none
affected_components[].group_name      the group of that component; no other's is known
url                                   where the incident or window is read
Its status words are not read: a verdict, which does without this document, must come out alike.
An empty list, or a list that is not there, means that nothing is open: the copy leaves out
`incidents` and `scheduled_maintenances` where they would be empty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    Depth,
    Document,
    Endpoint,
    Incident,
    Maintenance,
    Snapshot,
    Update,
)
from outlogger_cli.platforms import statuspage
from outlogger_cli.platforms.shared import fields
from outlogger_cli.platforms.shared.fields import Fields

HOSTS: tuple[str, ...] = ("incident.io",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")

Event = TypeVar("Event", Incident, Maintenance)


def endpoints(page_url: str, depth: Depth, read: Mapping[str, Document], /) -> tuple[Endpoint, ...]:
    asked = statuspage.endpoints(page_url, depth, read)
    if depth is not Depth.VERDICT and "summary" in read and _has_open(read["summary"]):
        return (*asked, Endpoint(name="native", url=fields.at(page_url, "/api/v1/summary")))
    return asked


def recognises(document: Document) -> bool:
    page = statuspage.page_of(document)
    return page is not None and statuspage.is_incidentio(page)


def parse(read: Mapping[str, Document]) -> Snapshot:
    wire = statuspage.summary_of(read["summary"])
    snapshot = statuspage.build(wire, read.get("incidents"), complete=False)
    if "native" not in read:
        return snapshot
    try:
        return _with_texts(snapshot, fields.json_object(read["native"]))
    except PageError as error:
        note = f"incident texts not read: {error.message}"
        return replace(snapshot, notes=(*snapshot.notes, note))


def _has_open(summary: Document) -> bool:
    try:
        wire = statuspage.summary_of(summary)
    except PageError:
        return False
    return bool(wire.values.get("incidents") or wire.values.get("scheduled_maintenances"))


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
        components=_together([_grouped(c, groups) for c in snapshot.components]),
        incidents=tuple(_told(i, ongoing.get(i.id)) for i in snapshot.incidents),
        maintenances=tuple(_told(m, planned.get(m.id)) for m in snapshot.maintenances),
    )


def _together(components: Sequence[Component]) -> tuple[Component, ...]:
    """The components in their order, those of one group where the first of them stands: only
    what is affected has a group here, and its rows need not follow each other."""
    first: dict[str, int] = {}
    for place, component in enumerate(components):
        first.setdefault(component.group or "", place)
    places = {id(c): first[c.group] if c.group else n for n, c in enumerate(components)}
    return tuple(sorted(components, key=lambda c: places[id(c)]))


def _grouped(component: Component, groups: Mapping[str, str]) -> Component:
    return replace(component, group=component.group or groups.get(component.id) or None)


def _told(event: Event, row: Fields | None) -> Event:
    """`event` with the links and the newest text of its v1 row, where v2 has none."""
    if row is None:
        return event
    return replace(
        event,
        links=event.links or fields.links(row.objects("affected_components")),
        url=row.url("url") or event.url,
        updates=_with_message(event.updates, row),
    )


def _with_message(updates: tuple[Update, ...], row: Fields) -> tuple[Update, ...]:
    message = row.body("last_update_message")
    if not message or not updates or updates[0].body:
        return updates
    return (replace(updates[0], body=message), *updates[1:])

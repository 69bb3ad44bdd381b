"""Atlassian Statuspage, API v2.

`/api/v2/summary.json` holds the roll-up, every component, the open incidents and the open
maintenance windows; `/api/v2/incidents.json` the newest 50 incidents, open and closed, and
`/api/v2/scheduled-maintenances.json` 50 windows.
Documented at https://metastatuspage.com/api; what pages send beyond that is noted in the code.

wire                                  ours
component.status                      the same five words
status.indicator                      none, minor, major, critical, and maintenance (undocumented)
incident.status, update.status        the same words
impact                                the same words; an unknown one counts as minor
An empty incident list means that nothing is open.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from functools import cache, partial
from typing import TypeAlias

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    EVER,
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    FailureKind,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.domain.values import replace
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, documents, fields, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("statuspage.io",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")

LIST_LIMIT = 50
"""The lists of incidents and of maintenance never hold more, and have no second page."""

Groups: TypeAlias = Callable[[Link], tuple[Link, ...]]
"""Gives links to the members of a group, or the link itself if it is to no group."""

_INDICATORS = {severity.value: severity for severity in Severity}
_STATUSES = {
    **{status.value: status for status in ComponentStatus},
    "full_outage": ComponentStatus.MAJOR_OUTAGE,  # incident.io's own word, which leaks as below
}
_IMPACTS = {impact.value: impact for impact in Impact}
_MAINTENANCE = {
    **build.MAINTENANCE_WORDS,
    "resolved": MaintenanceStatus.COMPLETED,
    "postmortem": MaintenanceStatus.COMPLETED,
    # incident.io's own words, which leak through its copy of this API
    "maintenance_scheduled": MaintenanceStatus.SCHEDULED,
    "maintenance_in_progress": MaintenanceStatus.IN_PROGRESS,
    "maintenance_complete": MaintenanceStatus.COMPLETED,
}
_FILLER = "visit www.githubstatus.com for more information"
_ATLASSIAN_ID = 12


_DOCUMENTS = (
    ("summary", "summary.json"),
    ("incidents", "incidents.json"),
    ("maintenance", "scheduled-maintenances.json"),
)
_READ = {Depth.HISTORY: 2, Depth.ARCHIVE: 3}


def endpoints(page_url: str, depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    return tuple(
        Endpoint(name=name, url=address_of(document, page_url))
        for name, document in _DOCUMENTS[: _READ.get(depth, 1)]
    )


def address_of(document: str, page_url: str) -> str:
    """The address of a document of the API; `page_url` may be that of a summary.

    Pages that imitate the API may have it below another path.
    """
    url = addresses.at(page_url, "")
    folder = addresses.api_base(url, "/summary.json") or f"{url}/api/v2"
    return f"{folder}/{document}"


def parse(read: Documents, /) -> Snapshot:
    wire = summary_of(read["summary"])
    page = wire.object("page")
    if is_incidentio(page):
        raise not_a_page("incident.io's copy of the Statuspage API")
    is_complete = len(page.text("id")) == _ATLASSIAN_ID
    snapshot = snapshot_of(wire, read.get("incidents"), complete=is_complete)
    return _with_past_maintenance(snapshot, wire, read.get("maintenance"))


def is_incidentio(page: Fields) -> bool:
    """incident.io answers the same API; its ids are ULIDs, Atlassian's have 12 characters."""
    page_id = page.text("id")
    return len(page_id) != _ATLASSIAN_ID and (len(page_id) == 26 or "time_zone" not in page)


def summary_of(document: Document) -> Fields:
    """The v2 summary in `document`; raises `not_a_status_page` for JSON of another kind."""
    wire = fields.json_object(document)
    if wire.values.get("page", {}) == {} or not ("status" in wire or "components" in wire):
        raise not_a_page("unexpected JSON without page, status or components")
    return wire


def snapshot_of(
    wire: Fields,
    incident_list: Document | None,
    *,
    complete: bool,
    component_list: Document | None = None,
) -> Snapshot:
    """The snapshot of a v2 summary. `complete`: a missing key was lost, it is not empty.

    `component_list` is a `components.json`, for pages whose summary lists only a part.
    """
    page = wire.object("page")
    page_url = page.url("url").rstrip("/")
    wire.zone = times.zone_named(page.text("time_zone"))
    status = wire.object_or_empty("status")
    raw_indicator = status.word("indicator")
    rows = list(wire.objects("components", required=True))
    if component_list:
        listing = fields.json_object(component_list)
        listing.zone = wire.zone
        whole = list(listing.objects("components", required=True))
        if len(whole) < len(rows):
            raise PageError(FailureKind.INVALID, "fewer components than in the summary")
        known = {row.text("id") for row in whole}
        rows = [*whole, *(row for row in rows if row.text("id") not in known)]
    groups = _members(rows)
    open_incidents = [
        _incident(row, page_url, groups) for row in wire.objects("incidents", required=complete)
    ]
    windows = wire.objects("scheduled_maintenances", required=complete)
    history, notes = build.later(
        incident_list,
        "incident history",
        lambda document: _history(document, page_url, wire.zone, groups),
    )
    listed, history_from = history or ((), None)
    return Snapshot(
        page_name=page.text("name"),
        page_url=page_url,
        page_updated_at=page.time("updated_at"),
        indicator=_INDICATORS.get(raw_indicator, Severity.UNKNOWN),
        raw_indicator=raw_indicator,
        description=status.text("description"),
        components=tuple(one for one in _components(rows) if one.name.lower() != _FILLER),
        incidents=build.merge(listed, open_incidents),
        maintenances=build.windows(_maintenance(row, page_url, groups) for row in windows),
        history_from=history_from,
        notes=notes,
    )


def _history(document: Document, page_url: str, zone: tzinfo, groups: Groups) -> build.History:
    listing = fields.json_object(document)
    listing.zone = zone
    rows = list(listing.objects("incidents", required=True))
    incidents = tuple(_incident(row, page_url, groups) for row in rows)
    oldest = times.earliest(row.time("created_at") for row in rows)
    return incidents, EVER if len(rows) < LIST_LIMIT else oldest or EVER


def _with_past_maintenance(snapshot: Snapshot, wire: Fields, listed: Document | None) -> Snapshot:
    """The snapshot with what `scheduled-maintenances.json` lists beyond its summary.

    The list is in no known order: it says nothing of a time if it may be cut.
    """
    if listed is None:
        return snapshot
    groups = _members(list(wire.objects("components", required=True)))

    def past(document: Document) -> list[Maintenance]:
        listing = fields.json_object(document)
        listing.zone = wire.zone
        rows = listing.objects("scheduled_maintenances", required=True)
        return [_maintenance(row, snapshot.page_url, groups) for row in rows]

    windows, notes = build.later(listed, "past maintenance", past)
    known = {window.id for window in snapshot.maintenances}
    older = [window for window in windows or () if window.id not in known]
    is_whole = windows is not None and len(windows) < LIST_LIMIT
    return replace(
        snapshot,
        maintenances=build.windows([*snapshot.maintenances, *older]),
        maintenance_from=EVER if is_whole else None,
        notes=(*snapshot.notes, *notes),
    )


def _components(rows: list[Fields]) -> Iterator[Component]:
    """Components in the page's order: by `position`, which children share with top rows.

    A component is in a group by its `group_id`, or if that is missing by the group's list. Groups
    do not nest; a component in a group that is itself in one is among the top rows.
    """
    heads = [row for row in rows if row.flag("group")]
    parents = {row.text("id"): row.optional("group_id") for row in heads}
    groups = {identity for identity, parent in parents.items() if parent not in parents}
    listed = {
        child: row.text("id")
        for row in heads
        if isinstance(ids := row.values.get("components"), list)
        for child in ids
        if isinstance(child, str)
    }
    children: dict[str | None, list[Fields]] = {}
    for row in sorted(rows, key=_position):
        parent = row.optional("group_id") if groups else None
        if listed and parent is None:
            parent = listed.get(row.text("id"))
        children.setdefault(parent if parent in groups else None, []).append(row)
    for top in children.get(None, []):
        if not top.flag("group"):
            yield _component(top, None)
            continue
        # of several groups with one id the first has all their children
        for child in children.pop(top.text("id"), []):
            if not child.flag("group"):
                yield _component(child, top.optional("name"))


def _component(row: Fields, group: str | None) -> Component:
    identity, said = row.text("id"), row.text("status")
    return Component(
        id=identity,
        name=row.text("name", identity or "(no name)"),
        status=_STATUSES.get(said.lower(), ComponentStatus.UNKNOWN),
        raw_status=said,
        group=group,
        description=row.optional("description"),
        only_show_if_degraded=row.flag("only_show_if_degraded"),
        updated_at=row.time("updated_at"),
    )


def _position(row: Fields) -> float:
    return row.number("position")


def _incident(row: Fields, page_url: str, groups: Groups) -> Incident:
    event = _event(row, page_url, groups)
    status = build.INCIDENT_WORDS.get(row.word("status"), IncidentStatus.UNKNOWN)
    return Incident(
        **event,
        status=status,
        raw_status=row.text("status"),
        impact=_IMPACTS.get(row.word("impact"), Impact.MINOR),
        raw_impact=row.text("impact"),
        started_at=times.earliest([row.time("created_at"), row.time("started_at")]),
        resolved_at=None if status.open else _resolved_at(row, event["updates"]),
        updated_at=row.time("updated_at"),
    )


def _resolved_at(row: Fields, updates: tuple[Update, ...]) -> datetime | None:
    """incident.io sends no `resolved_at`: there it is the time of the update that closed it."""
    closing = times.earliest(u.created_at for u in updates if not u.status.open)
    return row.time("resolved_at") or closing or row.time("updated_at")


def _maintenance(row: Fields, page_url: str, groups: Groups) -> Maintenance:
    return Maintenance(
        **_event(row, page_url, groups),
        status=_MAINTENANCE.get(row.word("status"), MaintenanceStatus.UNKNOWN),
        raw_status=row.text("status"),
        scheduled_for=row.time("scheduled_for"),
        scheduled_until=row.time("scheduled_until"),
    )


def _event(row: Fields, page_url: str, groups: Groups) -> build.Event:
    """Updates are sorted by the time the page shows (`display_at`, null on a postmortem)."""
    updates = list(row.objects("incident_updates"))
    return build.Event(
        id=row.text("id"),
        name=row.text("name", "(no title)"),
        links=_links(row, updates, groups),
        url=row.url("shortlink") or addresses.link(f"{page_url}/incidents/{row.text('id')}"),
        updates=build.updates(
            updates, build.INCIDENT_WORDS, time_keys=("display_at", "created_at")
        ),
    )


def _links(row: Fields, updates: list[Fields], groups: Groups) -> tuple[Link, ...]:
    """`components` is a live copy; if it is empty, the updates say what they affected.

    A link to a group means its members. Payloads of 2019 name components there without a `code`:
    such a link has no id.
    """
    affected = (one for update in updates for one in update.objects("affected_components"))
    linked = build.links(row.objects("components")) or build.links(affected, id_key="code")
    if not linked:
        return ()
    return tuple(dict.fromkeys(one for link in linked for one in groups(link)))


def _members(rows: list[Fields]) -> Groups:
    groups = cache(partial(_group_links, rows))  # few pages link to groups
    allowance = documents.links()

    def members(link: Link) -> tuple[Link, ...]:
        found = groups().get(link.id or "", (link,))
        allowance.take(len(found))
        return found

    return members


def _group_links(rows: list[Fields]) -> dict[str, tuple[Link, ...]]:
    """Links to the members of each group, by the id of the group."""
    names = {row.text("id"): row.text("name") for row in rows if not row.flag("group")}
    members: dict[str, dict[str, None]] = {
        row.text("id"): dict.fromkeys(row.texts("components")) for row in rows if row.flag("group")
    }
    for row in rows:
        if (parent := row.text("group_id")) in members:
            members[parent][row.text("id")] = None
    return {
        group: tuple(Link(id=one, name=names[one]) for one in ids if one in names)
        for group, ids in members.items()
    }

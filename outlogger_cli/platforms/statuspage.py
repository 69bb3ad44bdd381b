"""Atlassian Statuspage, API v2.

`/api/v2/summary.json` holds the roll-up, every component, the open incidents and the open
maintenance windows; `/api/v2/incidents.json` the newest 50 incidents, open and closed.
Documented at https://metastatuspage.com/api; what the pages add to that is noted where it is read.

wire                                  ours
component.status                      the same five words
status.indicator                      none, minor, major, critical, and maintenance (undocumented)
incident.status, update.status        the same words
impact                                the same words; one nobody knows counts as minor
An empty incident list means that nothing is open.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

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
from outlogger_cli.platforms.shared import fields
from outlogger_cli.platforms.shared.fields import Fields

HOSTS: tuple[str, ...] = ("statuspage.io",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")

LIST_LIMIT = 50
"""incidents.json never holds more, and has no second page."""

_INDICATORS = {s.value: s for s in Severity if s is not Severity.UNKNOWN}
_MAINTENANCE = {
    "scheduled": MaintenanceStatus.SCHEDULED,
    "in_progress": MaintenanceStatus.IN_PROGRESS,
    "verifying": MaintenanceStatus.VERIFYING,
    "completed": MaintenanceStatus.COMPLETED,
    "resolved": MaintenanceStatus.COMPLETED,
    "postmortem": MaintenanceStatus.COMPLETED,
    # incident.io's own words, which leak through its copy of this API
    "maintenance_scheduled": MaintenanceStatus.SCHEDULED,
    "maintenance_in_progress": MaintenanceStatus.IN_PROGRESS,
    "maintenance_complete": MaintenanceStatus.COMPLETED,
}
_FILLER = "visit www.githubstatus.com for more information"
_ATLASSIAN_ID = 12

Word = TypeVar("Word", bound=StrEnum)


def endpoints(
    page_url: str, depth: Depth, _read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    summary = Endpoint(name="summary", url=fields.at(page_url, "/api/v2/summary.json"))
    history = Endpoint(name="incidents", url=fields.at(page_url, "/api/v2/incidents.json"))
    return (summary, history) if depth is Depth.HISTORY else (summary,)


def recognises(document: Document) -> bool:
    page = page_of(document)
    return page is not None and not is_incidentio(page)


def parse(read: Mapping[str, Document]) -> Snapshot:
    wire = summary_of(read["summary"])
    return build(
        wire, read.get("incidents"), complete=len(wire.object("page").text("id")) == _ATLASSIAN_ID
    )


def page_of(document: Document) -> Fields | None:
    """The `page` of a v2 summary, None where the document is something else."""
    try:
        return summary_of(document).object("page")
    except PageError:
        return None


def is_incidentio(page: Fields) -> bool:
    """incident.io answers the same API; its ids are ULIDs, Atlassian's have 12 characters."""
    page_id = page.text("id")
    return len(page_id) != _ATLASSIAN_ID and (len(page_id) == 26 or "time_zone" not in page)


def summary_of(document: Document) -> Fields:
    """The v2 summary in `document`; an error object or another kind of JSON is refused."""
    wire = fields.json_object(document)
    if "page" not in wire or not ("status" in wire or "components" in wire):
        raise PageError(
            FailureKind.NOT_A_STATUS_PAGE,
            "the answer is JSON but has no page, status or components",
        )
    return wire


def build(wire: Fields, incident_list: Document | None, *, complete: bool) -> Snapshot:
    """The snapshot of a v2 summary. `complete`: a key that is not there was lost, not empty."""
    page = wire.object("page")
    page_url = page.url("url").rstrip("/")
    wire.zone = fields.zone_named(page.text("time_zone"))
    status = wire.object("status") if wire.values.get("status") is not None else Fields({})
    rows = list(wire.objects("components", required=True))
    raw_indicator = status.word("indicator")
    open_incidents = tuple(
        _incident(row, page_url) for row in wire.objects("incidents", required=complete)
    )
    listed, history_from, notes = _history(incident_list, page_url, wire)
    return Snapshot(
        page_name=page.text("name"),
        page_url=page_url,
        indicator=_INDICATORS.get(raw_indicator, Severity.UNKNOWN),
        raw_indicator=raw_indicator,
        description=status.text("description"),
        components=tuple(_components(rows)),
        incidents=fields.merge(listed, open_incidents),
        maintenances=tuple(
            _maintenance(row, page_url)
            for row in wire.objects("scheduled_maintenances", required=complete)
        ),
        history_from=history_from,
        notes=notes,
    )


def _history(
    document: Document | None, page_url: str, wire: Fields
) -> tuple[tuple[Incident, ...], datetime | None, tuple[str, ...]]:
    if document is None:
        return (), None, ()
    try:
        listing = fields.json_object(document)
        listing.zone = wire.zone
        rows = list(listing.objects("incidents", required=True))
        incidents = tuple(_incident(row, page_url) for row in rows)
    except PageError as error:
        return (), None, (f"incident history not read: {error.message}",)
    created = [moment for row in rows if (moment := row.time("created_at"))]
    whole = len(rows) < LIST_LIMIT or not created
    return incidents, EVER if whole else min(created), ()


def _components(rows: list[Fields]) -> Iterator[Component]:
    """Leaves in the page's order: siblings by `position`, which children share with top rows.

    A leaf is in a group by its `group_id`, or where that is missing by the group's list. Groups do
    not nest; a leaf in a group that is in one all the same stands among the top rows.
    """
    parents = {row.text("id"): row.optional("group_id") for row in rows if row.flag("group")}
    groups = {identity for identity, parent in parents.items() if parent not in parents}
    listed = {
        child: row.text("id")
        for row in rows
        if row.flag("group") and isinstance(ids := row.values.get("components"), list)
        for child in ids
        if isinstance(child, str)
    }
    children: dict[str | None, list[Fields]] = {}
    for row in rows:
        parent = row.optional("group_id") or listed.get(row.text("id"))
        children.setdefault(parent if parent in groups else None, []).append(row)
    for top in sorted(children.get(None, []), key=_position):
        if not top.flag("group"):
            yield from _component(top, None)
            continue
        for child in sorted(children.get(top.text("id"), []), key=_position):
            if not child.flag("group"):
                yield from _component(child, top.optional("name"))


def _component(row: Fields, group: str | None) -> Iterator[Component]:
    identity, raw_status = row.text("id"), row.text("status")
    name = row.text("name") or identity or "(no name)"
    if name.lower() == _FILLER:
        return
    yield Component(
        id=identity,
        name=name,
        status=known(ComponentStatus, raw_status.lower(), ComponentStatus.UNKNOWN),
        raw_status=raw_status,
        group=group,
        description=row.optional("description"),
        only_show_if_degraded=row.flag("only_show_if_degraded"),
        updated_at=row.time("updated_at"),
    )


def _position(row: Fields) -> float:
    return row.number("position")


def _incident(row: Fields, page_url: str) -> Incident:
    updates = [*row.objects("incident_updates")]
    told = _updates(updates)
    status = known(IncidentStatus, row.word("status"), IncidentStatus.UNKNOWN)
    starts = [moment for key in ("created_at", "started_at") if (moment := row.time(key))]
    return Incident(
        id=row.text("id"),
        name=row.text("name", "(no title)"),
        status=status,
        raw_status=row.text("status"),
        impact=known(Impact, row.word("impact"), Impact.MINOR),
        raw_impact=row.text("impact"),
        started_at=min(starts, default=None),
        resolved_at=None if status.open else _resolved_at(row, told),
        updated_at=row.time("updated_at"),
        links=_links(row, updates),
        url=_url(row, page_url),
        updates=told,
    )


def _resolved_at(row: Fields, told: tuple[Update, ...]) -> datetime | None:
    """incident.io sends no `resolved_at`: there the update that closed the incident says when."""
    closing = [u.created_at for u in told if u.created_at and not u.status.open]
    return row.time("resolved_at") or min(closing, default=row.time("updated_at"))


def _links(row: Fields, updates: list[Fields]) -> tuple[Link, ...]:
    """`components` is a live copy; where it is empty the updates say what they touched.

    Payloads of 2019 name components there without a `code`: such a link joins nothing.
    """
    linked = fields.links(row.objects("components"))
    touched = (one for update in updates for one in update.objects("affected_components"))
    return linked or fields.links(touched, id_key="code")


def _maintenance(row: Fields, page_url: str) -> Maintenance:
    updates = [*row.objects("incident_updates")]
    return Maintenance(
        id=row.text("id"),
        name=row.text("name", "(no title)"),
        status=_MAINTENANCE.get(row.word("status"), MaintenanceStatus.UNKNOWN),
        raw_status=row.text("status"),
        scheduled_for=row.time("scheduled_for"),
        scheduled_until=row.time("scheduled_until"),
        links=_links(row, updates),
        url=_url(row, page_url),
        updates=_updates(updates),
    )


def _updates(rows: list[Fields]) -> tuple[Update, ...]:
    """Newest first by the time the page shows (`display_at`, null on a postmortem)."""
    found = [
        Update(
            status=known(IncidentStatus, row.word("status"), IncidentStatus.UNKNOWN),
            raw_status=row.text("status"),
            body=row.body("body"),
            created_at=row.time("display_at") or row.time("created_at"),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda u: u.created_at or EVER, reverse=True))


def _url(row: Fields, page_url: str) -> str:
    return row.url("shortlink") or fields.link(f"{page_url}/incidents/{row.text('id')}")


def known(words: type[Word], word: str, otherwise: Word) -> Word:
    """`word` as a member of `words`; `otherwise` where the vocabulary does not have it."""
    try:
        return words(word)
    except ValueError:
        return otherwise

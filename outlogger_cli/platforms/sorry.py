"""Sorry, the status page at sorryapp.com.

`https://api.sorryapp.com/v1/pages/<code>/components` holds every component, `.../notices` what
happened and what is planned. The code of a page stands in its HTML, which is read first where the
page's address is not already one of the API. Documented at https://docs.sorryapp.com/v1; reading
needs no key. How the HTML writes the code, and how many notices come at once, is not documented:
`history_from` is the oldest of them.

wire                                        ours
component operational                       operational
component partially-degraded, degraded      degraded_performance, partial_outage
unplanned investigating, open               investigating
unplanned identified; recovering,           identified; monitoring
monitoring
unplanned resolved, false_alarm             resolved
planned scheduled, underway                 scheduled, in_progress
planned complete, cancelled                 completed

While a notice is open its components are degraded, and there is no worse word. A notice has no
impact: it counts as minor. General notices are announcements and not read. The indicator is the
worst component. An empty list of notices means that nothing is open.
"""

import re
from collections.abc import Mapping

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
    Snapshot,
    Update,
)
from outlogger_cli.platforms.shared import fields, parts, reading
from outlogger_cli.platforms.shared.fields import Fields

HOSTS: tuple[str, ...] = ("sorryapp.com",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")

_API = "https://api.sorryapp.com/v1/pages/"
_CODE = r"([0-9a-f]{8})\b"
_IN_ADDRESS = re.compile(rf"/v1/pages/{_CODE}")
_IN_PAGE = re.compile(rf"(?:/pages/|data-for=['\"]|page[_-]?id['\"]?\s*[:=]\s*['\"]){_CODE}", re.I)
_STATUSES = {
    "operational": ComponentStatus.OPERATIONAL,
    "partially-degraded": ComponentStatus.DEGRADED_PERFORMANCE,
    "degraded": ComponentStatus.PARTIAL_OUTAGE,
}
_INCIDENTS = {
    "open": IncidentStatus.INVESTIGATING,
    "investigating": IncidentStatus.INVESTIGATING,
    "identified": IncidentStatus.IDENTIFIED,
    "recovering": IncidentStatus.MONITORING,
    "monitoring": IncidentStatus.MONITORING,
    "resolved": IncidentStatus.RESOLVED,
    "false_alarm": IncidentStatus.RESOLVED,
}
_WINDOWS = {
    "scheduled": MaintenanceStatus.SCHEDULED,
    "underway": MaintenanceStatus.IN_PROGRESS,
    "complete": MaintenanceStatus.COMPLETED,
    "cancelled": MaintenanceStatus.COMPLETED,
}

Notices = tuple[tuple[Incident, ...], tuple[Maintenance, ...]]


def endpoints(
    page_url: str, _depth: Depth, read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    """The same at any depth: only the notices tell of an incident that has no component."""
    addressed = _IN_ADDRESS.search(reading.path_of(page_url))
    first = () if addressed else (reading.page_endpoint(page_url),)
    code = addressed[1] if addressed else _code(read)
    if not code:
        return first
    return (
        *first,
        Endpoint(name="components", url=f"{_API}{code}/components"),
        Endpoint(name="notices", url=f"{_API}{code}/notices?include=components,updates"),
    )


def recognises(document: Document, /) -> bool:
    return bool(_code({"page": document})) or parts.fits(_own_components, document)


def parse(read: Mapping[str, Document], /) -> Snapshot:
    listed = reading.data_of(read, "components", platform="Sorry", found=_code(read))
    components = tuple(_component(row) for row in _response(listed))
    notices, notes = reading.later(read.get("notices"), "incident history", _notices)
    incidents, windows = notices or ((), ())
    return Snapshot(
        page_name=reading.page_name(read),
        page_url=reading.page_address(read),
        indicator=parts.rolled_up(components),
        raw_indicator="",
        description="",
        components=components,
        incidents=fields.newest_first([*incidents]),
        maintenances=parts.unfinished(windows),
        history_from=parts.oldest_start(incidents),
        notes=notes,
    )


def _code(read: Mapping[str, Document]) -> str:
    """The code in the page's HTML, "" where there is no such page."""
    page = reading.own_html(read)
    found = _IN_PAGE.search(page) if "sorryapp.com" in page else None
    return found[1] if found else ""


def _response(document: Document) -> list[Fields]:
    wire = fields.json_object(document)
    if "response" not in wire:
        raise parts.not_a_page("response")
    return list(wire.objects("response", required=True))


def _own_components(document: Document) -> None:
    """Only words of Sorry's own tell its list from another's `response`."""
    rows = _response(document)
    if not rows or not all(row.word("state") in _STATUSES for row in rows):
        raise parts.not_a_page("components of a Sorry page")


def _component(row: Fields) -> Component:
    name = row.text("name", "(no name)")
    return Component(
        id=row.text("id", name),
        name=name,
        status=_STATUSES.get(row.word("state"), ComponentStatus.UNKNOWN),
        raw_status=row.text("state"),
        description=row.optional("description"),
        updated_at=row.time("updated_at"),
    )


def _notices(document: Document) -> Notices:
    rows = [row for row in _response(document) if row.word("type") != "general"]
    return (
        tuple(_incident(row) for row in rows if row.word("type") != "planned"),
        tuple(_maintenance(row) for row in rows if row.word("type") == "planned"),
    )


def _incident(row: Fields) -> Incident:
    status = _INCIDENTS.get(row.word("state"), IncidentStatus.UNKNOWN)
    return Incident(
        id=row.text("id"),
        name=row.text("subject", "(no title)"),
        status=status,
        raw_status=row.text("state"),
        impact=Impact.MINOR,
        raw_impact="",
        started_at=reading.earliest([row.time("began_at"), row.time("created_at")]),
        resolved_at=None if status.open else reading.time_at(row, "ended_at", "updated_at"),
        updated_at=row.time("updated_at"),
        links=fields.links(row.objects("components")),
        url=row.url("link"),
        updates=_updates(row),
    )


def _maintenance(row: Fields) -> Maintenance:
    return Maintenance(
        id=row.text("id"),
        name=row.text("subject", "(no title)"),
        status=_WINDOWS.get(row.word("state"), MaintenanceStatus.UNKNOWN),
        raw_status=row.text("state"),
        scheduled_for=reading.time_at(row, "begins_at", "began_at"),
        scheduled_until=reading.time_at(row, "ends_at", "ended_at"),
        links=fields.links(row.objects("components")),
        url=row.url("link"),
        updates=_updates(row),
    )


def _updates(row: Fields) -> tuple[Update, ...]:
    """An update is a text: the state stands in the notice alone."""
    return parts.newest_updates(
        Update(
            status=_INCIDENTS.get(update.word("state"), IncidentStatus.UNKNOWN),
            raw_status=update.text("state"),
            body=update.body("content"),
            created_at=update.time("created_at"),
        )
        for update in row.objects("updates")
    )

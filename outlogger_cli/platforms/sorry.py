"""Sorry, the status page at sorryapp.com.

`https://api.sorryapp.com/v1/pages/<code>/components` holds every component, `.../notices` what
happened and what is planned. The code of a page is in its HTML, which is read first unless the
page's address is one of the API. Documented at https://docs.sorryapp.com/v1; reading needs no key.
How the HTML writes the code, and how many notices come at once, is not documented: `history_from`
is the oldest of them.

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
impact: it counts as minor. Its updates have no state. General notices are announcements and not
read. The indicator is the worst component. An empty list of notices means that nothing is open.
"""

import re

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Incident,
    IncidentStatus,
    Maintenance,
    MaintenanceStatus,
    Snapshot,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, html, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

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


def endpoints(page_url: str, _depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    """The same at any depth: an incident without a component is only in the notices."""
    addressed = _IN_ADDRESS.search(addresses.path_of(page_url))
    first = () if addressed else (html.page_endpoint(page_url),)
    code = addressed[1] if addressed else _code(read)
    if not code:
        return first
    return (
        *first,
        Endpoint(name="components", url=f"{_API}{code}/components"),
        Endpoint(name="notices", url=f"{_API}{code}/notices?include=components,updates"),
    )


def recognises(document: Document, /) -> bool:
    """A list of components is Sorry's only if it has no other words than Sorry's own."""
    if _code({"page": document}):
        return True
    try:
        rows = _response(document)
    except PageError:
        return False
    return bool(rows) and all(row.word("state") in _STATUSES for row in rows)


def parse(read: Documents, /) -> Snapshot:
    listed = html.data_of(read, "components", platform="Sorry", found=_code(read))
    components = tuple(_component(row) for row in _response(listed))
    notices, notes = build.later(read.get("notices"), "incident history", _notices)
    incidents, windows = notices or ([], [])
    return Snapshot(
        page_name=html.page_name(read),
        page_url=html.page_address(read),
        indicator=build.roll_up(c.status for c in components),
        components=components,
        incidents=build.newest_first(incidents),
        maintenances=build.unfinished(windows),
        history_from=build.oldest_start(incidents),
        notes=notes,
    )


def _code(read: Documents) -> str:
    """The code in the page's HTML, "" if there is none."""
    page = html.own_html(read)
    found = _IN_PAGE.search(page) if "sorryapp.com" in page else None
    return found[1] if found else ""


def _response(document: Document) -> list[Fields]:
    wire = fields.json_object(document)
    if "response" not in wire:
        raise not_a_page("the answer is JSON but has no response")
    return list(wire.objects("response", required=True))


def _component(row: Fields) -> Component:
    return build.component(
        row,
        _STATUSES,
        status_key="state",
        description=row.optional("description"),
        updated_at=row.time("updated_at"),
    )


def _notices(document: Document) -> tuple[list[Incident], list[Maintenance]]:
    rows = [row for row in _response(document) if row.word("type") != "general"]
    return (
        [_incident(row) for row in rows if row.word("type") != "planned"],
        [_maintenance(row) for row in rows if row.word("type") == "planned"],
    )


def _incident(row: Fields) -> Incident:
    status = _INCIDENTS.get(row.word("state"), IncidentStatus.UNKNOWN)
    return Incident(
        **_event(row),
        status=status,
        raw_status=row.text("state"),
        started_at=times.earliest([row.time("began_at"), row.time("created_at")]),
        resolved_at=None if status.open else row.time("ended_at", "updated_at"),
        updated_at=row.time("updated_at"),
    )


def _maintenance(row: Fields) -> Maintenance:
    return Maintenance(
        **_event(row),
        status=_WINDOWS.get(row.word("state"), MaintenanceStatus.UNKNOWN),
        raw_status=row.text("state"),
        scheduled_for=row.time("begins_at", "began_at"),
        scheduled_until=row.time("ends_at", "ended_at"),
    )


def _event(row: Fields) -> build.Event:
    return build.event(
        row,
        title_key="subject",
        url_key="link",
        links=build.links(row.objects("components")),
        updates=build.updates(
            row.objects("updates"), _INCIDENTS, status_key="state", body_key="content"
        ),
    )

"""Sorry, the status page at sorryapp.com.

`https://api.sorryapp.com/v1/pages/<code>/components` holds every component, `.../notices` what
happened and what is planned. Documented at https://docs.sorryapp.com/v1; reading needs no key. The
code of a page is in its HTML, which is read first unless the page's address is one of the API. The
page's own host has `/api/v1/status`, its roll-up, and `/api/v1/notices`, but no components. They
are all there is of a page whose HTML names no code. How many notices come at once is not
documented: `history_from` is the oldest of them.

wire                                        ours
component, page operational                 operational
component, page partially-degraded,         degraded_performance, partial_outage
degraded
unplanned investigating, open               investigating
unplanned identified; recovering,           identified; monitoring
monitoring
unplanned resolved, false_alarm             resolved
planned scheduled, underway                 scheduled, in_progress
planned complete, cancelled                 completed

While a notice is open its components are degraded, and there is no worse word. A notice has no
impact: it counts as minor. Its updates have no state. General notices are announcements and not
read. A component that is the `parent_id` of others is their group. The indicator is the worst
component, or the page's word if that is worse. An empty list of notices means that nothing is open.
"""

import re
from collections.abc import Callable

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Snapshot,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, documents, fields, html, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("sorryapp.com",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")

_API = "https://api.sorryapp.com/v1/pages/"
_CODE = r"([0-9a-f]{8})\b"
_IN_ADDRESS = re.compile(rf"/v1/pages/{_CODE}")
_LOADED = re.compile(r"(?:src|href)=['\"]?(?:https:)?//(?:[a-z0-9-]+\.)*sorryapp\.com\b", re.I)
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
_Below = Callable[[str], list[Fields]]
"""Gives the components in a group, none if it is no group, by its id."""

_PAST = {"past_recent", "past_distant"}
"""The words of `timeline_state` for what is over; it counts if the state is unknown."""


def endpoints(page_url: str, _depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    """The same at any depth: an incident without a component is only in the notices."""
    if addressed := _IN_ADDRESS.search(addresses.path_of(page_url)):
        return _api(addressed[1])
    page = html.page_endpoint(page_url)
    status = Endpoint(name="status", url=addresses.at(page_url, "/api/v1/status"))
    notices = Endpoint(name="notices", url=addresses.at(page_url, "/api/v1/notices"))
    if code := _code(read):
        return (page, *_api(code), notices, status)
    return (page, status, notices) if _loads_sorry(read) else (page,)


def recognises(document: Document, /) -> bool:
    """A list of components is Sorry's only if it has no other words than Sorry's own."""
    page = {"page": document}
    if _code(page) or _loads_sorry(page):
        return True
    try:
        rows = _response(document)
    except PageError:
        return False
    return bool(rows) and all(row.word("state") in _STATUSES for row in rows)


def parse(read: Documents, /) -> Snapshot:
    rows: list[Fields] = []
    if "components" in read or "status" not in read:
        found = _code(read) or ("sorryapp.com" if _loads_sorry(read) else "")
        rows = _response(html.data_of(read, "components", platform="Sorry", found=found))
        state, no_state = build.later(read.get("status"), "page state", _state)
    else:
        state, no_state = _state(read["status"]), ()
    components = _components(rows)
    groups, allowance = _groups(rows), documents.links()

    def below(group: str) -> list[Fields]:
        inside = groups.get(group, [])
        allowance.take(len(inside))
        return inside

    notices, no_history = build.later(
        read.get("notices"), "incident history", lambda document: _notices(document, below)
    )
    incidents, windows = notices or ([], [])
    word = state.word("state") if state else ""
    statuses = [component.status for component in components]
    if word and (not statuses or word in _STATUSES):
        statuses.append(_STATUSES.get(word, ComponentStatus.UNKNOWN))
    return Snapshot(
        page_name=html.page_name(read),
        page_url=html.page_address(read),
        indicator=build.roll_up(statuses),
        raw_indicator=word,
        description=state.text("state_text") if state else "",
        components=components,
        incidents=build.newest_first(incidents),
        maintenances=build.unfinished(windows),
        history_from=build.oldest_start(incidents),
        notes=(*no_state, *no_history),
    )


def _api(code: str) -> tuple[Endpoint, ...]:
    return (
        Endpoint(name="components", url=f"{_API}{code}/components"),
        Endpoint(name="notices", url=f"{_API}{code}/notices?include=components,updates"),
    )


def _code(read: Documents) -> str:
    """The code in the page's HTML, "" if there is none."""
    page = html.own_html(read)
    found = _IN_PAGE.search(page) if "sorryapp.com" in page else None
    return found[1] if found else ""


def _loads_sorry(read: Documents) -> bool:
    """Whether the page's HTML loads anything of Sorry's."""
    return bool(_LOADED.search(html.own_html(read)))


def _response(document: Document) -> list[Fields]:
    wire = fields.json_object(document)
    if "response" not in wire:
        raise not_a_page("unexpected JSON without response")
    return list(wire.objects("response", required=True))


def _state(document: Document) -> Fields:
    """The page's own roll-up."""
    page = fields.json_object(document).object("page")
    if "state" not in page:
        raise not_a_page("unexpected JSON without state of a page")
    return page


def _groups(rows: list[Fields]) -> dict[str, list[Fields]]:
    """The components below each row that is a group: it has components, and no parent itself."""
    found: dict[str, list[Fields]] = {
        row.text("id"): [] for row in rows if not row.text("parent_id")
    }
    for row in rows:
        if row.text("parent_id") in found:
            found[row.text("parent_id")].append(row)
    return {one: children for one, children in found.items() if one and children}


def _components(rows: list[Fields]) -> tuple[Component, ...]:
    """The components by group; a group is one, too, if it has a trouble that none of them shows."""
    groups = _groups(rows)
    heads = {row.text("id"): row for row in rows if row.text("id") in groups}
    states = {one: {row.word("state") for row in below} for one, below in groups.items()}
    placed = []
    for row in rows:
        head = heads.get(row.text("parent_id"))
        shown = states.get(row.text("id"))
        if not shown or row.word("state") not in {"operational", *shown}:
            position = row.number("position")
            place = (head.number("position"), 1, position) if head else (position, 0, 0)
            placed.append((place, _component(row, head.optional("name") if head else None)))
    return tuple(component for _, component in sorted(placed, key=lambda pair: pair[0]))


def _component(row: Fields, group: str | None) -> Component:
    return build.component(
        row,
        _STATUSES,
        status_key="state",
        group=group,
        description=row.optional("description"),
        updated_at=row.time("updated_at"),
    )


def _notices(document: Document, below: _Below) -> tuple[list[Incident], list[Maintenance]]:
    """The notices of the API, or of the page's own host."""
    wire = fields.json_object(document)
    listed = wire.objects("notices", required=True) if "notices" in wire else _response(document)
    rows = [row for row in listed if row.word("type") != "general"]
    return (
        [_incident(row, below) for row in rows if row.word("type") != "planned"],
        [_maintenance(row, below) for row in rows if row.word("type") == "planned"],
    )


def _incident(row: Fields, below: _Below) -> Incident:
    is_over = row.word("timeline_state") in _PAST
    unknown = IncidentStatus.RESOLVED if is_over else IncidentStatus.UNKNOWN
    status = _INCIDENTS.get(row.word("state"), unknown)
    return Incident(
        **_event(row, below),
        status=status,
        raw_status=row.text("state"),
        started_at=times.earliest([row.time("began_at"), row.time("created_at")]),
        resolved_at=None if status.open else row.time("ended_at", "updated_at"),
        updated_at=row.time("updated_at"),
    )


def _maintenance(row: Fields, below: _Below) -> Maintenance:
    is_over = row.word("timeline_state") in _PAST
    unknown = MaintenanceStatus.COMPLETED if is_over else MaintenanceStatus.UNKNOWN
    return Maintenance(
        **_event(row, below),
        status=_WINDOWS.get(row.word("state"), unknown),
        raw_status=row.text("state"),
        scheduled_for=row.time("begins_at", "began_at"),
        scheduled_until=row.time("ends_at", "ended_at"),
    )


def _event(row: Fields, below: _Below) -> build.Event:
    latest = [row.object_or_empty("latest_update")] if "latest_update" in row else []
    return build.event(
        row,
        title_key="subject",
        url_key="link" if "link" in row else "url",
        links=_links(list(row.objects("components")), below),
        updates=build.updates(
            list(row.objects("updates")) or latest,
            _INCIDENTS,
            status_key="state",
            body_key="content",
        ),
    )


def _links(rows: list[Fields], below: _Below) -> tuple[Link, ...]:
    """A group means its components, unless one of them is named, too."""
    named = {row.text("id") for row in rows}
    meant: list[Fields] = []
    for row in rows:
        inside = below(row.text("id"))
        if not inside:
            meant.append(row)
        elif not named & {one.text("id") for one in inside}:
            meant.extend(inside)
    return build.links(meant)

"""Status.io.

`https://api.status.io/1.0/status/<page id>` holds the roll-up, the components, what is open and
the maintenance windows, documented at https://kb.status.io/developers/public-status-api; the
codes at https://kb.status.io/developers/status-codes. The page id stands in links of the page
(`/pages/history/<id>`), so the page's HTML is read first where its address has no id. What is
resolved drops off the answer: there is no history.

wire                                  ours
status_code 100                       operational, none
  200                                 under_maintenance, maintenance
  300                                 degraded_performance, minor
  400                                 partial_outage, major
  500                                 major_outage, critical
  600 (security event)                major_outage, critical
message.state 100, 200, 300, 400      investigating, identified, monitoring, resolved
  of a maintenance                    scheduled, in_progress, verifying, completed
maintenance.active, upcoming          in_progress, scheduled
A component's containers (its places) are folded into the status that the page gives it.
An empty incident list means that nothing is open.
"""

import re
from collections.abc import Mapping

from outlogger_cli.domain.errors import PageError
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

HOSTS: tuple[str, ...] = ("status.io",)
CAN: tuple[str, ...] = ("components", "maintenance")

_API = "https://api.status.io/1.0/status/"
_STATUS = {
    "100": ComponentStatus.OPERATIONAL,
    "200": ComponentStatus.UNDER_MAINTENANCE,
    "300": ComponentStatus.DEGRADED_PERFORMANCE,
    "400": ComponentStatus.PARTIAL_OUTAGE,
    "500": ComponentStatus.MAJOR_OUTAGE,
    "600": ComponentStatus.MAJOR_OUTAGE,
}
_INCIDENT_STATES = {
    "100": IncidentStatus.INVESTIGATING,
    "200": IncidentStatus.IDENTIFIED,
    "300": IncidentStatus.MONITORING,
    "400": IncidentStatus.RESOLVED,
}
_MAINTENANCE_STATES = {
    "100": IncidentStatus.SCHEDULED,
    "200": IncidentStatus.IN_PROGRESS,
    "300": IncidentStatus.VERIFYING,
    "400": IncidentStatus.COMPLETED,
}
_WINDOWS = {
    "active": MaintenanceStatus.IN_PROGRESS,
    "upcoming": MaintenanceStatus.SCHEDULED,
}
_ID = r"([0-9a-f]{24})\b"
_IN_PATH = re.compile(f"/{_ID}")
_IN_LINK = re.compile(rf"(?:/pages/[a-z]+|/1\.0/status)/{_ID}")
_IN_SCRIPT = re.compile(rf"page_?id['\"]?\s*[:=]\s*['\"]{_ID}", re.IGNORECASE)


def endpoints(
    page_url: str, _depth: Depth, read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    path = reading.path_of(page_url)
    found = _IN_PATH.search(path)
    if found:
        url = page_url if "/1.0/status/" in path else _API + found[1]
        return (Endpoint(name="status", url=url),)
    page = reading.page_endpoint(page_url)
    page_id = _page_id(read)
    return (page, Endpoint(name="status", url=_API + page_id)) if page_id else (page,)


def recognises(document: Document) -> bool:
    try:
        result = _result_of(document)
    except PageError:
        return bool(_page_id({"page": document}))
    overall, rows = result.values.get("status_overall"), result.values.get("status")
    return isinstance(overall, dict) and isinstance(rows, list)


def parse(read: Mapping[str, Document]) -> Snapshot:
    page_id = _page_id(read)
    result = _result_of(reading.data_of(read, "status", platform="Status.io", found=page_id))
    overall = reading.object_at(result, "status_overall")
    page_url = reading.page_address(read)
    base = f"{page_url}/pages/incident/{page_id}/" if page_url else ""
    windows = reading.object_at(result, "maintenance")
    return Snapshot(
        page_name=reading.page_name(read),
        page_url=page_url,
        indicator=_status(overall, "status_code").severity,
        raw_indicator=overall.word("status") or overall.word("status_code"),
        description=overall.text("status"),
        components=tuple(_component(row) for row in result.objects("status", required=True)),
        incidents=fields.newest_first(
            [_incident(row, base) for row in result.objects("incidents", required=True)]
        ),
        maintenances=tuple(
            _maintenance(row, key, base) for key in _WINDOWS for row in windows.objects(key)
        ),
    )


def _page_id(read: Mapping[str, Document]) -> str:
    """The page id in the page's HTML, "" where there is no such page."""
    page = reading.own_html(read)
    found = _IN_LINK.search(page)
    if not found and "status.io" in page.lower():
        found = _IN_SCRIPT.search(page)
    return found[1] if found else ""


def _result_of(document: Document) -> Fields:
    result = fields.json_object(document).values.get("result")
    if not isinstance(result, dict) or not {"status_overall", "status"} <= result.keys():
        raise reading.not_a_page("the answer is JSON but not the status of a Status.io page")
    return Fields(result, "result")


def _status(row: Fields, key: str) -> ComponentStatus:
    return _STATUS.get(row.word(key), ComponentStatus.UNKNOWN)


def _component(row: Fields) -> Component:
    name = row.text("name", row.text("id", "(no name)"))
    return Component(
        id=row.text("id", name),
        name=name,
        status=_status(row, "status_code"),
        raw_status=row.text("status", row.text("status_code")),
        updated_at=row.time("updated"),
    )


def _incident(row: Fields, base: str) -> Incident:
    messages = _messages(row)
    newest = messages[0] if messages else Fields({})
    state, code = newest.word("state"), newest.word("status")
    known, impact = _INCIDENT_STATES.get(state), _impact(code)
    status = known or IncidentStatus.UNKNOWN
    updated_at = newest.time("datetime")
    return Incident(
        id=row.text("_id"),
        name=row.text("name", "(no title)"),
        status=status,
        raw_status=parts.coded(known, "state", state),
        impact=impact or Impact.MINOR,
        raw_impact=parts.coded(impact, "status", code),
        started_at=reading.earliest(
            [row.time("datetime_open"), *(message.time("datetime") for message in messages)]
        ),
        resolved_at=None if status.open else updated_at,
        updated_at=updated_at,
        links=fields.links(row.objects("components_affected"), id_key="_id"),
        url=_url(row, base),
        updates=_updates(messages, _INCIDENT_STATES),
    )


def _impact(code: str) -> Impact | None:
    status = _STATUS.get(code)
    return Impact(status.severity.value) if status else None


def _maintenance(row: Fields, key: str, base: str) -> Maintenance:
    return Maintenance(
        id=row.text("_id"),
        name=row.text("name", "(no title)"),
        status=_WINDOWS[key],
        raw_status=key,
        scheduled_for=row.time("datetime_planned_start"),
        scheduled_until=row.time("datetime_planned_end"),
        links=fields.links(row.objects("components_affected"), id_key="_id"),
        url=_url(row, base),
        updates=_updates(_messages(row), _MAINTENANCE_STATES),
    )


def _messages(row: Fields) -> list[Fields]:
    """Newest first; the wire has the oldest first."""
    return reading.rows_newest_first(reversed([*row.objects("messages")]), "datetime")


def _updates(messages: list[Fields], states: Mapping[str, IncidentStatus]) -> tuple[Update, ...]:
    return tuple(
        Update(
            status=states.get(message.word("state"), IncidentStatus.UNKNOWN),
            raw_status=message.text("state"),
            body=message.body("details"),
            created_at=message.time("datetime"),
        )
        for message in messages
    )


def _url(row: Fields, base: str) -> str:
    """Status.io gives incidents and maintenances no link; their address follows one pattern."""
    return fields.link(base + row.text("_id")) if base else ""

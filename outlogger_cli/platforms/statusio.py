"""Status.io.

`https://api.status.io/1.0/status/<page id>` holds the roll-up, the components, what is open and
the maintenance windows, documented at https://kb.status.io/developers/public-status-api; the
codes at https://kb.status.io/developers/status-codes. The page id is in links of the page
(`/pages/history/<id>`), so the page's HTML is read first if its address has no id. Resolved
incidents are left out of the answer: there is no history.

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
A component that runs in several places has a status in each, its `containers`: each is a component
of its own, in the group of the wire's component. A container has the same id in all of them, so its
id here is `<component>/<container>`. The wire's component is listed beside them only if it is not
operational and no container says the same. An incident in a place is linked to what it affects
there.
An empty incident list means that nothing is open.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Snapshot,
)
from outlogger_cli.domain.values import replace
from outlogger_cli.platforms import Documents, accepts
from outlogger_cli.platforms.shared import addresses, build, documents, fields, html, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

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
_IMPACTS = {code: Impact(status.severity.value) for code, status in _STATUS.items()}
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
_WINDOWS = {"active": MaintenanceStatus.IN_PROGRESS, "upcoming": MaintenanceStatus.SCHEDULED}
_Places = Callable[[str], Mapping[str, str]]
"""Gives, by the id of a component, its ids in its places, by the ids of their containers."""
_MOST_PLACES = 25
"""Places that an incident is linked to for each component, if it names none of them."""

_ID = r"([0-9a-f]{24})\b"
_IN_PATH = re.compile(f"/{_ID}")
_IN_LINK = re.compile(rf"(?:/pages/[a-z]+|/1\.0/status)/{_ID}")
_IN_SCRIPT = re.compile(rf"page_?id['\"]?\s*[:=]\s*['\"]{_ID}", re.IGNORECASE)


def endpoints(page_url: str, _depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    path = addresses.path_of(page_url)
    found = _IN_PATH.search(path)
    if found:
        url = page_url if "/1.0/status/" in path else _API + found[1]
        return (Endpoint(name="status", url=url),)
    page = html.page_endpoint(page_url)
    page_id = _page_id(read)
    return (page, Endpoint(name="status", url=_API + page_id)) if page_id else (page,)


def recognises(document: Document, /) -> bool:
    return bool(_page_id({"page": document})) or accepts(parse, document)


def parse(read: Documents, /) -> Snapshot:
    page_id = _page_id(read)
    document = html.data_of(read, "status", platform="Status.io", found=page_id)
    result = fields.json_object(document).inside("result")
    if not {"status_overall", "status"} <= result.values.keys():
        raise not_a_page("unexpected JSON: not the status of a Status.io page")
    overall = result.object_or_empty("status_overall")
    page_url = html.page_address(read)
    base = f"{page_url}/pages/incident/{page_id}/" if page_url else ""
    windows = result.object_or_empty("maintenance")
    rows = list(result.objects("status", required=True))
    places = _places(rows)
    return Snapshot(
        page_name=html.page_name(read),
        page_url=page_url,
        indicator=_status(overall).severity,
        raw_indicator=overall.word("status") or overall.word("status_code"),
        description=overall.text("status"),
        components=tuple(component for row in rows for component in _components(row)),
        incidents=build.newest_first(
            _incident(row, base, places) for row in result.objects("incidents", required=True)
        ),
        maintenances=build.windows(
            _maintenance(row, key, base, places) for key in _WINDOWS for row in windows.objects(key)
        ),
    )


def _page_id(read: Documents) -> str:
    """The page id in the page's HTML, "" if there is none."""
    page = html.own_html(read)
    found = _IN_LINK.search(page)
    if not found and "status.io" in page.lower():
        found = _IN_SCRIPT.search(page)
    return found[1] if found else ""


def _status(row: Fields) -> ComponentStatus:
    return _STATUS.get(row.word("status_code"), ComponentStatus.UNKNOWN)


def _components(row: Fields) -> Iterator[Component]:
    """The component in each of its places, or the component alone."""
    whole = _component(row)
    places = [
        replace(_component(place), id=_place_id(row, place), group=whole.name)
        for place in row.objects("containers")
    ]
    said = {ComponentStatus.OPERATIONAL, *(place.status for place in places)}
    if not places or whole.status not in said:
        yield whole
    yield from places


def _component(row: Fields) -> Component:
    return Component(
        id=_id(row),
        name=row.text("name", _id(row)),
        status=_status(row),
        raw_status=row.text("status", row.text("status_code")),
        updated_at=row.time("updated"),
    )


def _id(row: Fields) -> str:
    return row.text("id", row.text("name", "(no name)"))


def _place_id(row: Fields, place: Fields) -> str:
    return f"{_id(row)}/{_id(place)}"


def _places(rows: Iterable[Fields]) -> _Places:
    found = {
        _id(row): {_id(place): _place_id(row, place) for place in row.objects("containers")}
        for row in rows
    }
    allowance = documents.links()

    def of(component: str) -> Mapping[str, str]:
        inside = found.get(component, {})
        allowance.take(len(inside))
        return inside

    return of


def _links(row: Fields, places: _Places) -> Iterator[Link]:
    """The affected components in the places affected, or in all of theirs if in none of those."""
    affected = {place.text("_id") for place in row.objects("containers_affected")}
    for link in build.links(row.objects("components_affected"), id_key="_id"):
        every = places(link.id or "")
        if not every:
            yield link
        some = [every[place] for place in every.keys() & affected]
        for found in sorted(some) or islice(every.values(), _MOST_PLACES):
            yield Link(id=found, name=link.name)


def _incident(row: Fields, base: str, places: _Places) -> Incident:
    messages = _messages(row)
    newest = messages[0] if messages else Fields({})
    state, code = newest.word("state"), newest.word("status")
    known, impact = _INCIDENT_STATES.get(state), _IMPACTS.get(code)
    status = known or IncidentStatus.UNKNOWN
    posted = [message.time("datetime") for message in messages]
    updated_at = newest.time("datetime")
    return Incident(
        **_event(row, base, places, _INCIDENT_STATES),
        status=status,
        raw_status=build.coded(known, "state", state),
        impact=impact or Impact.MINOR,
        raw_impact=build.coded(impact, "status", code),
        started_at=times.earliest([row.time("datetime_open"), *posted]),
        resolved_at=None if status.open else updated_at,
        updated_at=updated_at,
    )


def _maintenance(row: Fields, key: str, base: str, places: _Places) -> Maintenance:
    return Maintenance(
        **_event(row, base, places, _MAINTENANCE_STATES),
        status=_WINDOWS[key],
        raw_status=key,
        scheduled_for=row.time("datetime_planned_start"),
        scheduled_until=row.time("datetime_planned_end"),
    )


def _event(
    row: Fields, base: str, places: _Places, states: Mapping[str, IncidentStatus]
) -> build.Event:
    """Status.io gives no links to incidents and maintenances; their address is `base` and id."""
    return build.Event(
        id=row.text("_id"),
        name=row.text("name", "(no title)"),
        links=tuple(_links(row, places)),
        url=addresses.link(base + row.text("_id")) if base else "",
        updates=build.updates(
            _messages(row),
            states,
            status_key="state",
            body_key="details",
            time_keys=("datetime",),
        ),
    )


def _messages(row: Fields) -> list[Fields]:
    """Newest first; the wire has the oldest first."""
    return fields.rows_newest_first(reversed([*row.objects("messages")]), "datetime")

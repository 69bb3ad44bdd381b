"""The API of Cachet 3.

`/api/components`, `/api/incidents` and `/api/schedules`, a hundred rows each, and `/api/status`.
The lists are in JSON:API (https://jsonapi.org): a row has `attributes`, and `relationships` to what
stands in `included`. Further pages of a list are requested up to a limit; a list has no total, only
`links.next`. Documented at https://docs.cachethq.io; what is not documented is read from
https://github.com/cachethq/core (August 2026). Words for people are translated, so codes count.

wire                                        ours
status operational                          none
  partial_outage                            minor: an open incident is one, too
  major_outage                              major
  under_maintenance                         maintenance
component 1, 2, 3, 4                        operational, degraded_performance, partial_outage,
                                            major_outage
component 6                                 under_maintenance
component 5 (the page's own unknown)        unknown
incident 0 or null                          unknown, and open
incident 1, 2, 3, 4                         investigating, identified, monitoring, resolved
schedule 0, 1, 2                            scheduled, in_progress, completed

The status of a component is its `latest_status`, in which open incidents and maintenance that is
under way are included. Without it, it is the worst of its `status` and of what these say of it, and
unknown if that is fine and they were not read. The impact of an incident is the worst status that
it gives a component, but at least minor. Without the page's roll-up the indicator is the worst
component, and unknown if not every component could be read. Times have no zone: they are in UTC
unless the server is set up otherwise.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    EVER,
    Component,
    ComponentStatus,
    Document,
    Endpoint,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
    Update,
    worst,
)
from outlogger_cli.domain.values import frozen
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

MAX_PAGES = {"components": 20, "incidents": 10, "schedules": 2}
"""The most pages that are requested of a list."""

_LISTS = {
    "components": "/api/components?per_page=100&include=group&sort=order",
    "incidents": "/api/incidents?per_page=100&include=components,updates",
    "schedules": "/api/schedules?per_page=100&sort=-scheduled_at&include=components,updates",
}
_STATUS = "/api/status"

_INDICATORS = {
    "operational": Severity.NONE,
    "partial_outage": Severity.MINOR,
    "major_outage": Severity.MAJOR,
    "under_maintenance": Severity.MAINTENANCE,
}

# the codes of all versions
STATUSES = {
    "1": ComponentStatus.OPERATIONAL,
    "2": ComponentStatus.DEGRADED_PERFORMANCE,
    "3": ComponentStatus.PARTIAL_OUTAGE,
    "4": ComponentStatus.MAJOR_OUTAGE,
    "6": ComponentStatus.UNDER_MAINTENANCE,
}
INCIDENTS = {
    "1": IncidentStatus.INVESTIGATING,
    "2": IncidentStatus.IDENTIFIED,
    "3": IncidentStatus.MONITORING,
    "4": IncidentStatus.RESOLVED,
}
SCHEDULES = {
    "0": MaintenanceStatus.SCHEDULED,
    "1": MaintenanceStatus.IN_PROGRESS,
    "2": MaintenanceStatus.COMPLETED,
}
_QUIET = {MaintenanceStatus.SCHEDULED, MaintenanceStatus.COMPLETED}


@frozen
class _List:
    """The rows of all pages of a list that were read, and the attributes of what they include, by
    kind and id. `whole` tells whether these are all rows there are, `pages` the number of pages to
    request: those read, and the next one if there is one."""

    rows: tuple[Fields, ...]
    included: Mapping[tuple[str, str], Fields]
    whole: bool
    pages: int
    notes: tuple[str, ...]


def endpoints(page_url: str, read: Documents, /) -> tuple[Endpoint, ...]:
    first = {**_LISTS, "status": _STATUS}
    further = {
        f"{name}-{number}": f"{path}&page={number}"
        for name, path in _LISTS.items()
        for number in range(2, _page_count(read, name) + 1)
    }
    return tuple(
        Endpoint(name=name, url=addresses.at(page_url, path))
        for name, path in (first | further).items()
    )


def is_answer(document: Document) -> bool:
    """Whether a list has the form of version 3, and not that of the versions before it."""
    try:
        wire = fields.json_object(document)
    except PageError:
        return False
    return "data" in wire and "links" in wire and "pagination" not in wire.inside("meta")


def recognises(document: Document, /) -> bool:
    """Other programs have lists of this form: only the rows tell that it is Cachet."""
    try:
        rows = _listed({"components": document}, "components").rows
    except PageError:
        return False
    return bool(rows) and all("value" in row.inside("attributes", "status") for row in rows)


def parse(read: Documents, /) -> Snapshot:
    listed = _listed(read, "components")
    if not listed.rows:
        raise not_a_page("unexpected JSON: an empty list of components")
    told, no_incidents = build.later(
        read.get("incidents"), "incident history", lambda _: _listed(read, "incidents")
    )
    planned, no_schedules = build.later(
        read.get("schedules"), "maintenance", lambda _: _listed(read, "schedules")
    )
    status, no_status = build.later(read.get("status"), "page status", _page_status)
    affected = _affected(told, planned) if told and planned else None
    components = tuple(
        _component(row, listed, affected)
        for row in listed.rows
        if row.object("attributes").values.get("enabled") not in (False, 0, "0")
    )
    indicator = build.roll_up(component.status for component in components)
    if not listed.whole:
        indicator = build.certain(indicator, unsure=True)
    raw_indicator = status.word("status") if status else ""
    incidents = build.newest_first(_incident(row, told) for row in told.rows) if told else ()
    windows = _windows(planned, read["schedules"].fetched_at) if planned else ()
    return Snapshot(
        indicator=_INDICATORS.get(raw_indicator, Severity.UNKNOWN) if status else indicator,
        raw_indicator=raw_indicator,
        description=status.text("message") if status else "",
        components=components,
        incidents=incidents,
        maintenances=windows,
        history_from=_history_from(told, incidents) if told else None,
        is_cut=not listed.whole,
        notes=(*listed.notes, *no_incidents, *no_schedules, *no_status),
    )


def _page_status(document: Document) -> Fields:
    return fields.json_object(document).object("data")


# Lists of several pages


def _listed(read: Documents, name: str) -> _List:
    """The rows of a list in `read`, each once; raises `PageError` if its first page is wrong."""
    pages, notes = [_page(read[name])], tuple[str, ...]()
    for number in range(2, MAX_PAGES[name] + 1):
        page, notes = build.later(
            read.get(f"{name}-{number}"), f"page {number} of the {name}", _page
        )
        if page is None:
            break
        pages.append(page)
    rows: dict[object, Fields] = {}
    included: dict[tuple[str, str], Fields] = {}
    for page in pages:
        for row in page.objects("data", required=True):
            rows.setdefault(row.text("id") or len(rows), row)
        for one in page.objects("included"):
            included.setdefault((one.text("type"), one.text("id")), one.inside("attributes"))
    goes_on = _goes_on(pages[-1])
    return _List(
        rows=tuple(rows.values()),
        included=included,
        whole=not goes_on and not notes,
        pages=len(pages) + (goes_on and len(pages) < MAX_PAGES[name]),
        notes=notes,
    )


def _page(document: Document) -> Fields:
    """One page of a list; raises `PageError` if a row of it is wrong."""
    wire = fields.json_object(document)
    for row in wire.objects("data", required=True):
        row.object("attributes")
    list(wire.objects("included"))
    return wire


def _goes_on(page: Fields) -> bool:
    """Whether the list has rows after this page: if it does not say, all pages but the last are
    full."""
    links = page.inside("links")
    if "next" in links:
        return links.values["next"] is not None
    per_page = page.inside("meta").number("per_page")
    return not len(page.values["data"]) < per_page


def _page_count(read: Documents, name: str) -> int:
    """The number of pages of a list to request."""
    try:
        return _listed(read, name).pages if name in read else 1
    except PageError:
        return 1


# Components


def _code(row: Fields, key: str) -> str:
    return row.inside(key).text("value")


def _related(row: Fields, kind: str) -> list[str]:
    """The ids of what a row is related to, once each; a single one is not a list."""
    value = row.inside("relationships", kind).values.get("data")
    rows = value if isinstance(value, list) else [value]
    ids = (Fields(one).text("id") for one in rows if isinstance(one, dict))
    return list(dict.fromkeys(filter(None, ids)))


def _component(
    row: Fields, listed: _List, affected: Mapping[str, list[ComponentStatus]] | None
) -> Component:
    attributes = row.object("attributes")
    key = "latest_status" if _code(attributes, "latest_status") else "status"
    status = STATUSES.get(_code(attributes, key), ComponentStatus.UNKNOWN)
    if key == "status" and affected is not None:
        status = build.worst_status([status, *affected.get(row.text("id"), ())])
    elif key == "status" and status is ComponentStatus.OPERATIONAL:
        status = ComponentStatus.UNKNOWN
    groups = (listed.included.get(("componentGroups", one)) for one in _related(row, "group"))
    group = next(filter(None, groups), None)
    name = attributes.text("name", row.text("id", "(no name)"))
    # what an incident gives a component does not change the component itself
    is_own = _code(attributes, key) == _code(attributes, "status")
    return Component(
        id=row.text("id", name),
        name=name,
        status=status,
        raw_status=attributes.inside(key).text("human") or _code(attributes, key),
        group=group.optional("name") if group else None,
        description=attributes.optional("description"),
        updated_at=attributes.inside("updated").time("string") if is_own else None,
    )


def _affected(told: _List, planned: _List) -> dict[str, list[ComponentStatus]]:
    """The statuses that what is open or under way gives components, by the component's id."""
    found: dict[str, list[ComponentStatus]] = {}
    is_open = [(row, told) for row in told.rows if _incident_status(row).open]
    is_under_way = [(row, planned) for row in planned.rows if _phase(row) not in _QUIET]
    for row, listed in (*is_open, *is_under_way):
        for one in _related(row, "components"):
            found.setdefault(one, []).append(_given(listed, one))
    return found


def _given(listed: _List, component: str) -> ComponentStatus:
    """The status that an event gives a component, unknown if it does not say."""
    attributes = listed.included.get(("components", component))
    if attributes is None:
        return ComponentStatus.UNKNOWN
    code = _code(attributes.inside("pivot"), "component_status")
    return STATUSES.get(code, ComponentStatus.UNKNOWN)


# Events


def _history_from(told: _List, incidents: tuple[Incident, ...]) -> datetime | None:
    return EVER if told.whole else build.oldest_start(incidents)


def _incident_status(row: Fields) -> IncidentStatus:
    code = _code(row.object("attributes"), "status")
    return INCIDENTS.get(code, IncidentStatus.UNKNOWN)


def _incident(row: Fields, told: _List) -> Incident:
    attributes = row.object("attributes")
    status = _incident_status(row)
    linked = _related(row, "components")
    event = _event(row, told, linked)
    given = worst(_given(told, one).severity for one in linked)
    created = attributes.inside("created").time("string")
    updated = attributes.inside("updated").time("string")
    posted = [update.created_at for update in event["updates"]]
    closed = [update.created_at for update in event["updates"] if not update.status.open]
    return Incident(
        **event,
        status=status,
        raw_status=attributes.inside("status").text("human") or _code(attributes, "status"),
        impact=Impact(max(given, Severity.MINOR, key=lambda one: one.rank).value),
        started_at=times.earliest([attributes.inside("occurred").time("string"), created]),
        resolved_at=None if status.open else times.latest(closed) or updated,
        updated_at=times.latest([updated, *posted]),
    )


def _phase(row: Fields) -> MaintenanceStatus:
    return SCHEDULES.get(_code(row.object("attributes"), "status"), MaintenanceStatus.UNKNOWN)


def _windows(listed: _List, now: datetime) -> tuple[Maintenance, ...]:
    """The windows that are not over, by start."""
    found = build.unfinished(_window(row, listed, now) for row in listed.rows)
    return tuple(sorted(found, key=lambda window: window.scheduled_for or EVER))


def _window(row: Fields, listed: _List, now: datetime) -> Maintenance:
    attributes = row.object("attributes")
    until = attributes.inside("completed").time("string")
    return Maintenance(
        **_event(row, listed, _related(row, "components")),
        status=_phase(row),
        raw_status=attributes.inside("status").text("human") or _code(attributes, "status"),
        scheduled_for=attributes.inside("scheduled").time("string"),
        scheduled_until=until if until and until > now else None,
    )


def _event(row: Fields, listed: _List, linked: Iterable[str]) -> build.Event:
    """The common fields of an event of the components `linked`. Its own message is the first."""
    updates = [
        listed.included.get(("updates", one), Fields({})) for one in _related(row, "updates")
    ]
    attributes = row.object("attributes")
    names = ((one, listed.included.get(("components", one))) for one in linked)
    return build.Event(
        id=row.text("id"),
        name=attributes.text("name", "(no title)"),
        links=tuple(Link(id=one, name=it.text("name", one) if it else one) for one, it in names),
        url="",
        updates=build.newest_updates(
            Update(
                status=INCIDENTS.get(_code(one, "status"), IncidentStatus.UNKNOWN),
                raw_status=one.inside("status").text("human"),
                body=one.body("message"),
                created_at=one.inside("created").time("string"),
            )
            for one in (*updates, Fields({**attributes.values, "status": None}))
            if one.body("message")
        ),
    )

"""The API of Cachet 1 and 2.

`/api/v1/components`, `/api/v1/components/groups`, `/api/v1/incidents` and, since version 2.4,
`/api/v1/schedules`, a hundred rows each, the newest incidents first. Further pages of a list are
requested up to a limit. Documented at https://docs.cachethq.io; what is not documented is read from
https://github.com/cachethq/cachet (v2.4.1). Numbers may come as text.

wire                                        ours
component 1, 2, 3, 4                        operational, degraded_performance, partial_outage,
                                            major_outage
component 6                                 under_maintenance
component 0 or 5 (the page's own unknown)   unknown
incident 1, 2, 3, 4                         investigating, identified, monitoring, resolved
incident 0 (up to version 2.3)              a maintenance, scheduled until its time has come
schedule 0, 1, 2                            scheduled, in_progress, completed

Cachet's roll-up is not part of these lists: the indicator is the worst component, and unknown if
not every component could be read. The maintenance of an incident 0 has no end: at its time the
page archives it, so it counts as over from then on. The end of a schedule that has none is written
as the time of the request. An incident has no impact: it counts as minor. An empty list of
incidents means that nothing is open.

Times have no zone and are in the page's own, which no list names. The HTML of an incident has its
times with their offset. If that was not read, times are taken as UTC, but none that makes a length
of time is given: what is open or under way has no start, what is closed no end, and the page has no
history.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from math import inf

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    EVER,
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
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, html, times
from outlogger_cli.platforms.shared.cachet3 import INCIDENTS, SCHEDULES, STATUSES
from outlogger_cli.platforms.shared.documents import COMPONENT_LIMIT, too_large
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

MAX_PAGES = {"components": 20, "groups": 3, "incidents": 10, "schedules": 2}
"""The most pages that are requested of a list."""

_SCHEDULED, _FIXED, _COMPLETE = "0", "4", "2"
_LISTS = {
    "components": "/api/v1/components?per_page=100",
    "groups": "/api/v1/components/groups?per_page=100",
    "incidents": "/api/v1/incidents?per_page=100&sort=id&order=desc",
    "schedules": "/api/v1/schedules?per_page=100&sort=scheduled_at&order=desc",
}
_OFFSET = re.compile(
    r"""data-timeago=["'][0-9T:. -]{16,30}(Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])["']"""
)
_FARTHEST = timedelta(hours=14)
"""The most by which a zone differs from UTC."""
_JUST_NOW = timedelta(minutes=5)
"""By how much the clock of a page may differ from ours."""

History = tuple[tuple[Incident, ...], tuple[Maintenance, ...], datetime | None]
_NO_HISTORY: History = ((), (), None)


@frozen
class _List:
    """The rows of all pages of a list that were read, and whether these are all there are.

    `pages` is the number of pages to request: those read, and the next one if there is one.
    """

    rows: tuple[Fields, ...]
    whole: bool
    pages: int
    notes: tuple[str, ...]


_NOTHING = _List(rows=(), whole=False, pages=1, notes=())


@frozen
class _Context:
    """What reading an event needs besides its row; `zone` is None if it is unknown."""

    names: Mapping[str, str]
    now: datetime
    zone: tzinfo | None


def endpoints(page_url: str, depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    listed = {name: _known(read, name) for name in _LISTS}
    first = [
        Endpoint(name=name, url=addresses.at(page_url, path))
        for name, path in _LISTS.items()
        if name != "schedules" or _may_have_schedules(read, listed)
    ]
    further = [
        Endpoint(name=f"{name}-{number}", url=addresses.at(page_url, f"{path}&page={number}"))
        for name, path in _LISTS.items()
        for number in range(2, listed[name].pages + 1)
    ]
    return (*first, *further, *_with_offset(page_url, depth, listed))


def recognises(document: Document, /) -> bool:
    """Other programs page their lists in the same way: only the rows tell that it is Cachet."""
    try:
        rows = list(_list(document).objects("data", required=True))
    except PageError:
        return False
    return bool(rows) and all(
        row.values.keys() >= {"status", "group_id", "enabled"} for row in rows
    )


def parse(read: Documents, /) -> Snapshot:
    zone = _zone(read)
    listed = _rows(read, "components", zone)
    groups, no_groups = build.later(
        read.get("groups"),
        "component groups",
        lambda _: {row.text("id"): row.text("name") for row in _rows(read, "groups").rows},
    )
    components = tuple(
        _component(row, groups or {}, zone)
        for row in listed.rows
        if row.values.get("enabled") not in (0, "0")
    )
    context = _Context(
        names={component.id: component.name for component in components},
        now=read["components"].fetched_at,
        zone=zone,
    )
    history, no_history = build.later(
        read.get("incidents"), "incident history", lambda _: _history(read, context)
    )
    incidents, windows, history_from = history or _NO_HISTORY
    planned, no_schedules = build.later(
        read.get("schedules"), "maintenance", lambda _: _planned(read, context)
    )
    maintenances = build.unfinished((*windows, *(planned or ())))
    notes = [*listed.notes, *no_groups, *no_history, *no_schedules]
    if not zone and (incidents or maintenances):
        notes.append("the page's time zone is unknown: its times are taken as UTC")
    indicator = build.roll_up(c.status for c in components)
    return Snapshot(
        indicator=indicator if listed.whole or indicator.rank > 0 else Severity.UNKNOWN,
        components=components,
        incidents=incidents,
        maintenances=maintenances,
        history_from=history_from,
        is_cut=not listed.whole,
        notes=tuple(notes),
    )


def _list(document: Document) -> Fields:
    wire = fields.json_object(document)
    if "pagination" not in wire.inside("meta") or "data" not in wire:
        raise not_a_page("unexpected JSON without meta.pagination and data")
    return wire


def _rows(read: Documents, name: str, zone: tzinfo | None = None) -> _List:
    """The rows of a list in `read`, each once; raises `PageError` if its first page is wrong."""
    wire, found = _page(read[name], zone)
    notes: tuple[str, ...] = ()
    rows, number, total = [*found], 1, _total(wire)
    known = {row.text("id") for row in rows}
    while goes_on := bool(found) and _goes_on(wire, number, len(rows)):
        if number == MAX_PAGES[name]:
            break
        number += 1
        page, notes = build.later(
            read.get(f"{name}-{number}"),
            f"page {number} of the {name}",
            lambda document: _page(document, zone),
        )
        if page is None:
            break
        wire, found = page
        found = [row for row in found if row.text("id") not in known]
        known |= {row.text("id") for row in found}
        rows += found
        if len(rows) > COMPONENT_LIMIT:
            raise too_large(f"the page lists more than {COMPONENT_LIMIT:,} {name}")
        total = max(total, _total(wire))
    return _List(
        rows=tuple(rows), whole=not goes_on and total <= len(rows), pages=number, notes=notes
    )


def _page(document: Document, zone: tzinfo | None) -> tuple[Fields, list[Fields]]:
    """One page of a list, and its rows."""
    wire = _list(document)
    wire.zone = zone or UTC
    return wire, list(wire.objects("data", required=True))


def _total(wire: Fields) -> float:
    """The number of rows of the whole list, infinite if the page does not say."""
    total = wire.inside("meta", "pagination").text("total")
    return int(total) if total.isdecimal() else inf


def _goes_on(wire: Fields, number: int, count: int) -> bool:
    """Whether the list has rows after its page `number`, given that `count` rows were read."""
    pagination = wire.inside("meta", "pagination")
    return (
        count < _total(wire) < inf
        or number < pagination.number("total_pages")
        or bool(pagination.inside("links").text("next_page"))
    )


def _known(read: Documents, name: str) -> _List:
    """The rows of a list as far as they were read, none if it is wrong."""
    try:
        return _rows(read, name) if name in read else _NOTHING
    except PageError:
        return _NOTHING


def _may_have_schedules(read: Documents, listed: Mapping[str, _List]) -> bool:
    """Whether the page may be of version 2.4, by the keys that its rows have since then."""
    if any("meta" in row for row in listed["components"].rows):
        return True
    incidents = listed["incidents"].rows
    return "incidents" in read and all("latest_status" in row for row in incidents[:1])


# The zone of the page


def _with_offset(page_url: str, depth: Depth, listed: Mapping[str, _List]) -> tuple[Endpoint, ...]:
    """The HTML of the newest incident, else of the page, if there are times to place."""
    incidents, windows = listed["incidents"].rows, listed["schedules"].rows
    shown = any(_code(row) != _FIXED for row in incidents) or any(
        _code(row) != _COMPLETE for row in windows
    )
    if not shown and not (incidents and depth.has_history):
        return ()
    newest = incidents[0].text("id") if incidents else ""
    paths = [f"/incidents/{newest}", ""] if newest.isascii() and newest.isdecimal() else [""]
    return tuple(Endpoint(name="timestamps", url=addresses.at(page_url, path)) for path in paths)


def _zone(read: Documents) -> tzinfo | None:
    """The zone of the page's times by the HTML that was read, None if it is unknown."""
    found = _OFFSET.search(html.head_of(read["timestamps"])) if "timestamps" in read else None
    if found is None:
        return None
    moment = datetime.fromisoformat(f"2000-01-01T00:00:00{found[1]}")
    return moment.tzinfo


# Components and events


def _component(row: Fields, groups: Mapping[str, str], zone: tzinfo | None) -> Component:
    code = row.text("status")
    return Component(
        id=row.text("id"),
        name=row.text("name", "(no name)"),
        status=STATUSES.get(code, ComponentStatus.UNKNOWN),
        raw_status=row.text("status_name", code),
        group=groups.get(row.text("group_id")) or None,
        description=row.optional("description"),
        updated_at=row.time("updated_at") if zone else None,
    )


def _history(read: Documents, context: _Context) -> History:
    listed = _rows(read, "incidents", context.zone)
    windows = tuple(_window(row, context) for row in listed.rows if _code(row) == _SCHEDULED)
    incidents = [_incident(row, context) for row in listed.rows if _code(row) != _SCHEDULED]
    oldest = times.earliest(row.time("created_at") for row in listed.rows)
    history_from = EVER if listed.whole else oldest
    if incidents and not context.zone:
        return build.newest_first(map(_without_lengths, incidents)), windows, None
    return build.newest_first(incidents), windows, history_from


def _code(row: Fields) -> str:
    """`latest_status` (version 2.4) is of the newest update, `status` of the incident itself."""
    return row.text("latest_status") or row.text("status")


def _incident(row: Fields, context: _Context) -> Incident:
    status = INCIDENTS.get(_code(row), IncidentStatus.UNKNOWN)
    updated_at = row.time("updated_at")
    posted = times.latest(update.time("created_at") for update in row.objects("updates"))
    return Incident(
        **_event(row, (row.text("component_id"),), context),
        status=status,
        raw_status=row.text("latest_human_status") or row.text("human_status", _code(row)),
        started_at=times.earliest([row.time("occurred_at"), row.time("created_at")]),
        resolved_at=None if status.open else posted or updated_at,
        updated_at=updated_at,
    )


def _without_lengths(incident: Incident) -> Incident:
    """An incident in an unknown zone, without the times that make a length of it."""
    if incident.status.open:
        return replace(incident, started_at=None)
    return replace(incident, resolved_at=None)


def _window(row: Fields, context: _Context) -> Maintenance:
    """The maintenance in an incident, up to version 2.3."""
    scheduled_for = row.time("scheduled_at")
    error = timedelta() if context.zone else _FARTHEST
    phases = {
        build.phase(scheduled_for, scheduled_for, now)
        for now in (context.now - error, context.now + error)
    }
    return Maintenance(
        **_event(row, (row.text("component_id"),), context),
        status=phases.pop() if len(phases) == 1 else MaintenanceStatus.UNKNOWN,
        raw_status=row.text("human_status", _code(row)),
        scheduled_for=scheduled_for,
    )


def _planned(read: Documents, context: _Context) -> tuple[Maintenance, ...]:
    """The maintenance of version 2.4, by start."""
    listed = _rows(read, "schedules", context.zone)
    found = (_schedule(row, context) for row in listed.rows)
    return tuple(sorted(found, key=lambda window: window.scheduled_for or EVER))


def _schedule(row: Fields, context: _Context) -> Maintenance:
    status = SCHEDULES.get(row.text("status"), MaintenanceStatus.UNKNOWN)
    until = row.time("completed_at") if context.zone else None
    ids = tuple(one.text("component_id") for one in row.objects("components"))
    return Maintenance(
        **_event(row, ids, context, statuses={}),
        status=status,
        raw_status=row.text("human_status", row.text("status")),
        scheduled_for=None if status.active and not context.zone else row.time("scheduled_at"),
        scheduled_until=until if until and until > context.now + _JUST_NOW else None,
    )


def _event(
    row: Fields,
    component_ids: tuple[str, ...],
    context: _Context,
    statuses: Mapping[str, IncidentStatus] = INCIDENTS,
) -> build.Event:
    """The common fields; the component 0 is none."""
    ids = dict.fromkeys(one for one in component_ids if one not in ("", "0"))
    return build.event(
        row,
        title_key="name",
        url_key="permalink",
        links=tuple(Link(id=one, name=context.names.get(one, one)) for one in ids),
        updates=build.newest_updates(
            _update(one, statuses) for one in (row, *row.objects("updates"))
        ),
    )


def _update(row: Fields, statuses: Mapping[str, IncidentStatus]) -> Update:
    """The message in an update, or in the incident itself, which is the first message."""
    return Update(
        status=statuses.get(row.text("status"), IncidentStatus.UNKNOWN),
        raw_status=row.text("human_status", row.text("status")),
        body=row.body("message"),
        created_at=row.time("created_at"),
    )

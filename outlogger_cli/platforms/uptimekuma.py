"""Uptime Kuma, the self-hosted monitor: its status pages, versions 1 and 2.

`/api/status-page/<slug>` lists the monitors, what is announced and what is under maintenance,
`/api/status-page/heartbeat/<slug>` the last results of each monitor, the oldest first, and
`/api/status-page/<slug>/incident-history` (version 2) closed incidents, ten a page. The slug is in
the page's address (`/status/<slug>`), or else in the HTML of a page on a domain of its own, which
is read first. None is documented: the format is that of
https://github.com/louislam/uptime-kuma in August 2026. The heartbeats of a page that does not exist
are an empty object, so the list of monitors decides.

wire                                        ours
last heartbeat 1                            operational
  0                                         major_outage
  2 (pending: it failed, and is retried)    degraded_performance
  3                                         under_maintenance
  none, or older than an hour               unknown
incident.style danger, warning              impact major, minor
  info, primary, light, dark                impact none
incident.pin or active false                resolved: the page no longer shows it
maintenance inactive, unknown               unknown
  scheduled, under-maintenance, ended       scheduled, in_progress, completed

The roll-up is that of the page: maintenance if a monitor is under maintenance, else critical if no
monitor is up, else minor if one is not up. It is unknown if that of a monitor is, unless it is a
problem anyway. Incidents have no stages. Times are in UTC, but the times of a single window are in
the zone that it names.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timezone
from itertools import islice

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    EVER,
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
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.platforms import Documents, accepts
from outlogger_cli.platforms.shared import addresses, build, fields, html, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ()
CAN: tuple[str, ...] = ("components", "history", "maintenance")
MARKS = (b"uptime kuma", b'id="preload-data"', b"window.preloaddata")

MAX_PAGES = 5
"""Pages of closed incidents that are requested."""

_BEATS = {
    "0": ("down", ComponentStatus.MAJOR_OUTAGE),
    "1": ("up", ComponentStatus.OPERATIONAL),
    "2": ("pending", ComponentStatus.DEGRADED_PERFORMANCE),
    "3": ("maintenance", ComponentStatus.UNDER_MAINTENANCE),
}
_IMPACTS = {
    "danger": Impact.MAJOR,
    "warning": Impact.MINOR,
    **dict.fromkeys(("info", "primary", "light", "dark"), Impact.NONE),
}
_WINDOWS = {
    "scheduled": MaintenanceStatus.SCHEDULED,
    "under-maintenance": MaintenanceStatus.IN_PROGRESS,
    "ended": MaintenanceStatus.COMPLETED,
}
_NO = (False, 0)
_IN_PATH = re.compile(r"(https?://[^?#]*)/status/([A-Za-z0-9_-]+)/?(?:[?#].*)?")
_MANIFEST = re.compile(r"/api/status-page/([A-Za-z0-9_-]+)/manifest\.json")
_PRELOADED = re.compile(r"\bpreload-?data\b", re.IGNORECASE)
_SLUG = re.compile(r"""\bslug["']?\s*:\s*["']([A-Za-z0-9_-]+)["']""")
_NEAR = 4000
"""Characters after the mark of the preloaded data in which the slug is searched."""
_CURSOR = re.compile(r"[0-9A-Za-z:. -]{1,40}")


def endpoints(page_url: str, depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    found = _IN_PATH.fullmatch(page_url)
    base, slug = found.groups() if found else (addresses.origin_of(page_url), _slug(read))
    first = () if found else (html.page_endpoint(page_url),)
    if not slug:
        return first
    page = f"{base}/api/status-page/{slug.lower()}"
    beats = f"{base}/api/status-page/heartbeat/{slug.lower()}"
    history = _history_pages(read, page) if depth.has_history else ()
    return (
        *first,
        Endpoint(name="status-page", url=page),
        Endpoint(name="heartbeat", url=beats),
        *history,
    )


def recognises(document: Document, /) -> bool:
    return bool(_slug({"page": document})) or accepts(parse, document)


def parse(read: Documents, /) -> Snapshot:
    wire = _status_page(
        html.data_of(read, "status-page", platform="Uptime Kuma", found=_slug(read))
    )
    beats, no_beats = build.later(read.get("heartbeat"), "heartbeats", _heartbeats)
    now = read.get("heartbeat", read["status-page"]).fetched_at
    components = tuple(_components(wire, beats or {}, now))
    past, history_from, no_history = _past(read)
    config = wire.object("config")
    shown = wire.object_or_empty("incident")
    rows = [*wire.objects("incidents"), *([shown] if shown.values else [])]
    return Snapshot(
        page_name=config.text("title"),
        page_url=html.page_address(read),
        indicator=_roll_up([component.status for component in components]),
        components=components,
        incidents=build.merge(map(_incident, rows), past),
        maintenances=build.unfinished(_window(row, now) for row in wire.objects("maintenanceList")),
        history_from=history_from,
        notes=(*no_beats, *no_history),
    )


def _slug(read: Documents) -> str:
    """The slug in the page's HTML, "" if that is not a page of Uptime Kuma."""
    markup = html.own_html(read)
    found = _MANIFEST.search(markup)
    for mark in islice(_PRELOADED.finditer(markup), 4):
        found = found or _SLUG.search(markup, mark.end(), mark.end() + _NEAR)
    return found[1] if found else ""


def _status_page(document: Document) -> Fields:
    wire = fields.json_object(document)
    if "slug" not in wire.inside("config") or "publicGroupList" not in wire:
        raise not_a_page("unexpected JSON without config.slug and publicGroupList")
    return wire


def _heartbeats(document: Document) -> dict[str, list[Fields]]:
    """The results of each monitor, by the monitor's id; a gap among them is written as a number."""
    wire = fields.json_object(document).object("heartbeatList")
    found = {}
    for monitor, beats in wire.values.items():
        if not isinstance(beats, list):
            raise fields.invalid(f"heartbeatList.{monitor}", "a list", beats)
        found[monitor] = [Fields(beat if isinstance(beat, dict) else {}) for beat in beats]
    return found


def _components(
    wire: Fields, heartbeats: Mapping[str, list[Fields]], now: datetime
) -> Iterator[Component]:
    for group in wire.objects("publicGroupList", required=True):
        for row in group.objects("monitorList", required=True):
            beats = heartbeats.get(row.text("id")) or [Fields({})]
            code, moment = beats[-1].text("status"), beats[-1].time("time")
            said, status = _BEATS.get(code, (code or "no heartbeat", ComponentStatus.UNKNOWN))
            if not build.is_recent(moment, now):
                said, status = f"{said}, outdated" if moment else said, ComponentStatus.UNKNOWN
            name = row.text("name", row.text("id", "(no name)"))
            yield Component(
                id=row.text("id", name),
                name=name,
                status=status,
                raw_status=said,
                group=group.optional("name"),
                updated_at=build.since(beats, "status", "time"),
            )


def _roll_up(statuses: Collection[ComponentStatus]) -> Severity:
    known = {*statuses} - {ComponentStatus.UNKNOWN}
    unsure = not known or ComponentStatus.UNKNOWN in statuses
    if known <= {ComponentStatus.OPERATIONAL}:
        found = Severity.NONE
    elif ComponentStatus.UNDER_MAINTENANCE in known:
        found = Severity.MAINTENANCE
    elif ComponentStatus.OPERATIONAL in known or unsure:
        found = Severity.MINOR
    else:
        found = Severity.CRITICAL
    return build.certain(found, unsure=unsure)


# Incidents and maintenance


def _history_pages(read: Documents, page: str) -> Iterator[Endpoint]:
    """The pages of closed incidents, as far as their addresses are known; version 1 has none."""
    try:
        is_later = "status-page" in read and "incidents" in _status_page(read["status-page"])
    except PageError:
        is_later = False
    cursor = ""
    for number in range(1, MAX_PAGES + 1 if is_later else 1):
        name = _history_name(number)
        after = f"?cursor={cursor.replace(' ', '%20')}" if cursor else ""
        yield Endpoint(name=name, url=f"{page}/incident-history{after}")
        listed = read.get(name)
        cursor = _next_cursor(listed) if listed else ""
        if not cursor:
            return


def _history_name(number: int) -> str:
    return f"history-{number}" if number > 1 else "history"


def _next_cursor(document: Document) -> str:
    """The key of the next page, "" if there is none or it is not a plain one."""
    try:
        cursor = fields.json_object(document).text("nextCursor")
    except PageError:
        return ""
    return cursor if _CURSOR.fullmatch(cursor) else ""


def _past(read: Documents) -> tuple[tuple[Incident, ...], datetime | None, tuple[str, ...]]:
    """Closed incidents, the moment from which they are complete, and what was not read."""
    found: list[Incident] = []
    failed: tuple[str, ...] = ()
    whole = False
    for number in range(1, MAX_PAGES + 1):
        name = _history_name(number)
        what = f"page {number} of the incident history" if number > 1 else "incident history"
        page, failed = build.later(read.get(name), what, _history_page)
        if page is None:
            break
        rows, whole = page
        found.extend(rows)
    if not found and not whole:
        return (), None, failed
    return tuple(found), EVER if whole else build.oldest_start(found), failed


def _history_page(document: Document) -> tuple[list[Incident], bool]:
    wire = fields.json_object(document)
    rows = [_incident(row) for row in wire.objects("incidents", required=True)]
    return rows, wire.values.get("hasMore") is False


def _incident(row: Fields) -> Incident:
    over = row.values.get("active") in _NO or row.values.get("pin") in _NO
    posted, updated = row.time("createdDate"), row.time("lastUpdatedDate")
    status = IncidentStatus.RESOLVED if over else IncidentStatus.UNKNOWN
    body = row.body("content")
    return Incident(
        **build.event(
            row,
            updates=(Update(status=status, body=body, created_at=updated or posted),)
            if body
            else (),
        ),
        status=status,
        impact=_IMPACTS.get(row.word("style"), Impact.MINOR),
        raw_impact=row.text("style"),
        started_at=posted,
        resolved_at=updated if over else None,
        updated_at=updated or posted,
    )


def _window(row: Fields, now: datetime) -> Maintenance:
    if row.word("strategy") == "single":
        ahead = row.text("timezoneOffset")
        offset = times.offset_of(ahead) if ahead else None
        zone = times.zone_named(row.text("timezone")) if offset is None else timezone(offset)
        row = Fields(row.values, row.path, zone)
    slots = [(slot.time("startDate"), slot.time("endDate")) for slot in row.objects("timeslotList")]
    left = [slot for slot in slots if not slot[1] or slot[1] > now]
    start, end = (left or slots[-1:] or [(None, None)])[0]
    body = row.body("description")
    return Maintenance(
        **build.event(row, updates=(Update(body=body),) if body else ()),
        status=_WINDOWS.get(row.word("status"), MaintenanceStatus.UNKNOWN),
        raw_status=row.text("status"),
        scheduled_for=start,
        scheduled_until=end,
    )

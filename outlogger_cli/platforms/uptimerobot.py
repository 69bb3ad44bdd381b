"""UptimeRobot status pages.

`/api/getMonitorList/<key>` holds the counts of monitors that are up, down and paused, and thirty
monitors; `?page=2` and so on the rest, though a page may repeat an earlier one. The page of a
single monitor has `/api/getMonitor/<key>?m=<id>` instead. `/api/getEventFeed/<key>` holds
announcements. None is documented: they are read as pages send them, with the monitors in `psp`,
in `monitor` or, more recently, in `data`. A page at stats.uptimerobot.com has the key in its
address; one on its own domain names it in its HTML (`pspApiPath`), which is read first.

wire                                  ours
statistics.counts none down, some up  none
  some down                           major
  some down and none up               critical
monitor.statusClass success           operational
  warning                             degraded_performance
  danger                              major_outage
  info                                under_maintenance
  black, paused                       unknown: the monitor is off
announcement without an end           an incident without a status; its end is in `endDateGMT`
  icon                                impact minor: what other icons mean was not seen
Without the counts, or if no monitor has a known word, the indicator is computed from the monitors.
Other events than announcements are what happened to a monitor, which says how it is itself. How
far back events reach is unknown, so there is no history.
"""

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from math import ceil

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Incident,
    IncidentStatus,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.platforms import Documents, accepts
from outlogger_cli.platforms.shared import addresses, build, fields, html, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("stats.uptimerobot.com",)
CAN: tuple[str, ...] = ("components",)

MAX_PAGES = 10
"""Pages of monitors that are requested; a note says how many monitors are missing."""

_STATUS = {
    "success": ComponentStatus.OPERATIONAL,
    "warning": ComponentStatus.DEGRADED_PERFORMANCE,
    "danger": ComponentStatus.MAJOR_OUTAGE,
    "info": ComponentStatus.UNDER_MAINTENANCE,
}
_LIST = "/api/getMonitorList/"
_ONE = "/api/getMonitor/"
_EVENTS = "/api/getEventFeed/"
_API = re.compile(r"(/api/getMonitor(?:List)?/)([A-Za-z0-9_-]+)(\?m=\d+)?")
_IN_PATH = re.compile(r"/([A-Za-z0-9_-]+)(?:/(\d+))?")
_DATE = re.compile(r"([A-Za-z]{3}) (\d{1,2}), (\d{4}) (\d{1,2}:\d\d)")


def endpoints(page_url: str, _depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    """The announcements at any depth: monitors may be up while one says that something is wrong."""
    listing = _listing_url(page_url)
    if listing:
        return tuple(_asked(listing, read))
    page = html.page_endpoint(page_url)
    found = _API.search(html.own_html(read))
    if not found:
        return (page,)
    # the address in the HTML may name any host, so only its path is used
    return (page, *_asked(addresses.origin_of(page_url) + found[0], read))


def recognises(document: Document, /) -> bool:
    return bool(_key({"page": document})) or accepts(parse, document)


def parse(read: Documents, /) -> Snapshot:
    wire = _list_of(html.data_of(read, "monitors", platform="UptimeRobot", found=_key(read)))
    rows, notes = _all_monitors(wire, read)
    announced, failed = build.later(read.get("announcements"), "announcements", _announcements)
    if "psp" not in wire and not any("statusClass" in row for row in rows):
        raise not_a_page("unexpected JSON: not a list of UptimeRobot monitors")
    components = tuple(_component(row) for row in rows)
    statuses = [component.status for component in components]
    total = _count(wire.object_or_empty("psp"), "totalMonitors")
    is_cut = len(rows) < total
    if is_cut:
        statuses.append(ComponentStatus.UNKNOWN)
    statistics = wire.object_or_empty("statistics")
    return Snapshot(
        page_name=html.page_name(read),
        page_url=html.page_address(read),
        indicator=_indicator(statistics, statuses),
        raw_indicator=statistics.word("count_result"),
        description=statistics.text("count_result"),
        components=components,
        incidents=announced or (),
        is_cut=is_cut,
        notes=(*notes, *failed),
    )


def _listing_url(page_url: str) -> str:
    """The address of the monitors if the page's own address tells it, else ""."""
    if _API.search(page_url):
        return page_url
    found = _IN_PATH.match(addresses.path_of(page_url))
    if found is None or addresses.host_of(page_url) not in HOSTS:
        return ""
    key, monitor = found.groups()
    path = f"{_ONE}{key}?m={monitor}" if monitor else _LIST + key
    return addresses.origin_of(page_url) + path


def _asked(listing: str, read: Documents) -> Iterator[Endpoint]:
    yield Endpoint(name="monitors", url=listing)
    for number in range(2, _page_count(read) + 1):
        yield Endpoint(name=f"monitors-{number}", url=f"{listing.split('?')[0]}?page={number}")
    events = _API.sub(rf"{_EVENTS}\2", listing)
    yield Endpoint(name="announcements", url=events.split("?")[0])


def _page_count(read: Documents) -> int:
    """The number of pages of monitors to ask for, 1 before the first one is read."""
    if "monitors" not in read:
        return 1
    try:
        psp = _list_of(read["monitors"]).object_or_empty("psp")
    except PageError:
        return 1
    total, per_page = _count(psp, "totalMonitors"), _count(psp, "perPage")
    return min(MAX_PAGES, ceil(total / per_page)) if per_page else 1


def _key(read: Documents) -> str:
    """The key in the page's HTML, "" if there is none."""
    found = _API.search(html.own_html(read))
    return found[2] if found else ""


def _list_of(document: Document) -> Fields:
    wire = fields.json_object(document)
    known = "monitors" in wire.inside("psp") or "statusClass" in wire.inside("monitor")
    if not known and not isinstance(wire.values.get("data"), list):
        raise not_a_page("unexpected JSON: not a list of UptimeRobot monitors")
    return wire


def _all_monitors(wire: Fields, read: Documents) -> tuple[list[Fields], list[str]]:
    """Each monitor of the pages that were read, and notes about pages that could not be."""
    rows = _monitors(wire)
    notes: list[str] = []
    for number in range(2, MAX_PAGES + 1):
        more, failed = build.later(
            read.get(f"monitors-{number}"),
            f"page {number} of the monitors",
            lambda document: _monitors(_list_of(document)),
        )
        rows.extend(more or ())
        notes.extend(failed)
    # a page may repeat monitors of an earlier one
    each = {row.text("monitorId") or f"unnamed {index}": row for index, row in enumerate(rows)}
    return list(each.values()), notes


def _monitors(wire: Fields) -> list[Fields]:
    if "statusClass" in wire.inside("monitor"):
        return [wire.object("monitor")]
    psp = wire.object_or_empty("psp")
    rows = psp.objects("monitors", required=True) if "monitors" in psp else wire.objects("data")
    return list(rows)


def _indicator(statistics: Fields, statuses: Collection[ComponentStatus]) -> Severity:
    """By the page's own counts, which include the monitors that were not read."""
    counts = statistics.object_or_empty("counts")
    up, down = counts.number("up"), counts.number("down", -1)
    if down > 0:
        return Severity.MAJOR if up > 0 else Severity.CRITICAL
    if down == 0 and up > 0 and {*statuses} - {ComponentStatus.UNKNOWN}:
        return Severity.NONE
    return build.roll_up(statuses)


def _count(row: Fields, key: str) -> int:
    """A number of monitors, 0 if it is not a plausible one."""
    value = row.number(key)
    return int(value) if 0 < value < 1_000_000 else 0


def _component(row: Fields) -> Component:
    # names come with entities in them: `Game &#40;25565&#41;`
    name = text.line(row.body("name")) or row.text("name", row.text("monitorId", "(no name)"))
    return Component(
        id=row.text("monitorId", name),
        name=name,
        status=_STATUS.get(row.word("statusClass"), ComponentStatus.UNKNOWN),
        raw_status=row.text("statusClass"),
        group=row.optional("groupName") if row.number("groupId") else None,
    )


def _announcements(document: Document) -> tuple[Incident, ...]:
    """The announcements that have begun when the document was read."""
    rows = fields.json_object(document).objects("results", required=True)
    found = (_announcement(row, document) for row in rows if _is_announcement(row))
    now = document.fetched_at
    return build.newest_first(one for one in found if (one.started_at or now) <= now)


def _is_announcement(row: Fields) -> bool:
    kinds = {row.word("eventType"), row.word("type")}
    return "announcement" in kinds or kinds == {""}


def _announcement(row: Fields, document: Document) -> Incident:
    started_at = row.epoch("timestamp") or _dated(row.text("timeGMT"))
    ended_at = _dated(row.text("endDateGMT"))
    over = ended_at is not None and ended_at <= document.fetched_at
    body = row.body("content") or row.body("description")
    return Incident(
        id=row.text("id", row.text("title")),
        name=text.line(row.body("title")) or "(no title)",
        status=IncidentStatus.RESOLVED if over else IncidentStatus.UNKNOWN,
        raw_impact=row.text("icon"),
        started_at=started_at,
        resolved_at=ended_at if over else None,
        updates=(Update(body=body, created_at=started_at),) if body else (),
    )


def _dated(when: str) -> datetime | None:
    """`Jan 15, 2026 11:05`, which is in UTC, or an ISO 8601 time; None without a time of day."""
    named = _DATE.fullmatch(when)
    if named is None:
        return times.parse(when) if ":" in when else None
    month, day, year, clock = named.groups()
    return times.from_parts(int(year), month, day, clock, "")

"""UptimeRobot status pages.

`/api/getMonitorList/<key>` holds the counts of monitors that are up, down and paused, and thirty
monitors; `?page=2` and so on the rest. It is not documented: it is read as pages send it, with the
monitors in `psp` or, more recently, in `data`. A page at stats.uptimerobot.com has the key in its
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
Without the counts, or if no monitor has a known word, the indicator is computed from the monitors.
There are no incidents and no history.
"""

import re
from collections.abc import Collection, Iterator
from math import ceil

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Severity,
    Snapshot,
)
from outlogger_cli.platforms import Documents, accepts
from outlogger_cli.platforms.shared import addresses, build, fields, html
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("stats.uptimerobot.com",)
CAN: tuple[str, ...] = ("components",)

MAX_PAGES = 10
"""Pages of monitors that are asked for; a note says how many monitors are left out."""

_STATUS = {
    "success": ComponentStatus.OPERATIONAL,
    "warning": ComponentStatus.DEGRADED_PERFORMANCE,
    "danger": ComponentStatus.MAJOR_OUTAGE,
    "info": ComponentStatus.UNDER_MAINTENANCE,
}
_LIST = "/api/getMonitorList/"
_KEY = re.compile(r"/api/getMonitorList/([A-Za-z0-9_-]+)")
_IN_PATH = re.compile(r"/([A-Za-z0-9_-]+)")


def endpoints(page_url: str, _depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    listing = _listing_url(page_url)
    if listing:
        return tuple(_pages(listing, read))
    page = html.page_endpoint(page_url)
    key = _key(read)
    if not key:
        return (page,)
    # the address in the HTML may name any host, so only its key is used
    return (page, *_pages(addresses.origin_of(page_url) + _LIST + key, read))


def recognises(document: Document, /) -> bool:
    return bool(_key({"page": document})) or accepts(parse, document)


def parse(read: Documents, /) -> Snapshot:
    wire = _list_of(html.data_of(read, "monitors", platform="UptimeRobot", found=_key(read)))
    rows, notes = _all_monitors(wire, read)
    if "psp" not in wire and not any("statusClass" in row for row in rows):
        raise not_a_page("the answer is JSON but not a list of UptimeRobot monitors")
    components = tuple(_component(row) for row in rows)
    statuses = [component.status for component in components]
    total = _count(wire.object_or_empty("psp"), "totalMonitors")
    if len(rows) < total:
        notes.append(f"only {len(rows)} of {total} monitors read")
        statuses.append(ComponentStatus.UNKNOWN)
    statistics = wire.object_or_empty("statistics")
    return Snapshot(
        page_name=html.page_name(read),
        page_url=html.page_address(read),
        indicator=_indicator(statistics, statuses),
        raw_indicator=statistics.word("count_result"),
        description=statistics.text("count_result"),
        components=components,
        notes=tuple(notes),
    )


def _listing_url(page_url: str) -> str:
    path = addresses.path_of(page_url)
    if _LIST in path:
        return page_url
    key = _IN_PATH.match(path)
    hosted = addresses.host_of(page_url) in HOSTS
    return addresses.origin_of(page_url) + _LIST + key[1] if hosted and key else ""


def _pages(listing: str, read: Documents) -> Iterator[Endpoint]:
    yield Endpoint(name="monitors", url=listing)
    for number in range(2, _page_count(read) + 1):
        yield Endpoint(name=f"monitors-{number}", url=f"{listing.split('?')[0]}?page={number}")


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
    found = _KEY.search(html.own_html(read))
    return found[1] if found else ""


def _list_of(document: Document) -> Fields:
    wire = fields.json_object(document)
    if "monitors" not in wire.inside("psp") and not isinstance(wire.values.get("data"), list):
        raise not_a_page("the answer is JSON but not a list of UptimeRobot monitors")
    return wire


def _all_monitors(wire: Fields, read: Documents) -> tuple[list[Fields], list[str]]:
    """The monitors of all pages that were read, and notes about those that could not be."""
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
    return rows, notes


def _monitors(wire: Fields) -> list[Fields]:
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

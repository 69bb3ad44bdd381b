"""StatusPal.

`https://statuspal.io/api/v2/status_pages/<subdomain>/summary` (`statuspal.eu` for pages hosted in
Europe) holds the roll-up, the tree of services, what is open and the maintenance windows;
`.../incidents` the newest incidents, open and closed. Documented at
https://www.statuspal.io/api-docs/v2. A page on its own domain names its subdomain only in its
HTML, which is then read first. Times have no zone and are in UTC, whatever the page's `time_zone`.

wire                                  ours
current_incident_type null            operational, none
  info                                operational, none: a notice, not an outage
  performance, minor                  degraded_performance, minor
  major                               major_outage (the page's own words), indicator major
  scheduled, emergency-maintenance    under_maintenance, maintenance
incident.type                         none, minor, major or maintenance, in the same way
update.type issue                     investigating
  retrospective                       postmortem
  monitoring, resolved, scheduled     the same words
maintenances, upcoming_maintenances   in_progress, scheduled
`current_status_type`, which some pages send, is not documented, and has been `minor` beside a
`current_incident_type` of `info`. It does not count: it is a note if it is the worse of the two.
An incident whose `ends_at` is past is closed. An empty incident list means that nothing is open.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from outlogger_cli.domain import text
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
    Link,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.domain.values import frozen
from outlogger_cli.platforms import Documents, accepts
from outlogger_cli.platforms.shared import addresses, build, documents, fields, html, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("statuspal.io", "statuspal.eu")
CAN: tuple[str, ...] = ("components", "history", "maintenance")

LIST_LIMIT = 100
"""The most incidents that one answer holds; 20 by default."""

NESTING_LIMIT = 2_000_000
"""Pairs of services inside each other; pages have two or three levels."""

_STATUS = {
    "info": ComponentStatus.OPERATIONAL,
    "performance": ComponentStatus.DEGRADED_PERFORMANCE,
    "minor": ComponentStatus.DEGRADED_PERFORMANCE,
    "major": ComponentStatus.MAJOR_OUTAGE,
    "scheduled": ComponentStatus.UNDER_MAINTENANCE,
    "emergency-maintenance": ComponentStatus.UNDER_MAINTENANCE,
}
_IMPACTS = {
    "info": Impact.NONE,
    "performance": Impact.MINOR,
    "minor": Impact.MINOR,
    "major": Impact.MAJOR,
    "scheduled": Impact.MAINTENANCE,
    "emergency-maintenance": Impact.MAINTENANCE,
}
_UPDATES = {
    **build.INCIDENT_WORDS,
    "issue": IncidentStatus.INVESTIGATING,
    "retrospective": IncidentStatus.POSTMORTEM,
}
_SUMMARY = re.compile(r"/api/v2/status_pages/[^/]+/summary")
_ITS_OWN = {"www", "api", "app", "docs", "next", "cdn", "assets", "static"}
_HOST = re.compile(r"\b([a-z0-9][a-z0-9-]{0,62})\.statuspal\.(io|eu)\b")
_IN_ADDRESS = re.compile(r"\bstatuspal\.(io|eu)/(?:[a-z0-9_/]*/)?status_pages/([a-z0-9-]+)")
_REGION = re.compile(r"\bstatuspal\.(io|eu)\b")
_IN_SCRIPT = re.compile(r"\bsubdomain['\"]?\s*[:=]\s*['\"]([a-z0-9-]+)['\"]")


_Leaf = tuple[Fields, tuple[Fields, ...]]
"""A service and its parents from the top down."""


@frozen
class _Services:
    """By a service's id: the components below it (or itself), and the ids of its parents."""

    links: Mapping[str, Sequence[Link]]
    parents: Mapping[str, Collection[str]]
    allowance: documents.Allowance


def endpoints(page_url: str, depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    if _SUMMARY.search(addresses.path_of(page_url)):
        return _api(page_url, depth)
    summary = _hosted(addresses.host_of(page_url))
    if summary:
        return _api(summary, depth)
    page = html.page_endpoint(page_url)
    summary = _summary_url(read)
    return (page, *_api(summary, depth)) if summary else (page,)


def recognises(document: Document, /) -> bool:
    return bool(_summary_url({"page": document})) or accepts(parse, document)


def parse(read: Documents, /) -> Snapshot:
    found = _summary_url(read)
    wire = fields.json_object(html.data_of(read, "summary", platform="StatusPal", found=found))
    page = wire.inside("status_page")
    if "subdomain" not in page or "services" not in wire:
        raise not_a_page("unexpected JSON: not the summary of a StatusPal page")
    leaves = list(_leaves(wire))
    services = _services(leaves)
    incidents = tuple(
        _incident(row, services, read["summary"])
        for row in wire.objects("incidents", required=True)
    )
    history, notes = build.later(
        read.get("incidents"),
        "incident history",
        lambda document: _history(document, services),
    )
    listed, history_from = history or ((), None)
    indicator = _indicator(page)
    return Snapshot(
        page_name=page.text("name"),
        page_url=html.page_address(read),
        indicator=indicator,
        raw_indicator=page.word("current_incident_type"),
        components=tuple(_component(row, parents) for row, parents in leaves),
        incidents=build.merge(listed, incidents),
        maintenances=tuple(_maintenances(wire, services)),
        history_from=history_from,
        notes=(*_worse_word(wire, indicator), *notes),
    )


def _hosted(host: str) -> str:
    found = _HOST.fullmatch(host)
    return _address(found[1], found[2]) if found and found[1] not in _ITS_OWN else ""


def _address(subdomain: str, region: str) -> str:
    return f"https://statuspal.{region}/api/v2/status_pages/{subdomain}/summary"


def _api(summary: str, depth: Depth) -> tuple[Endpoint, ...]:
    first = Endpoint(name="summary", url=summary)
    if not depth.has_history:
        return (first,)
    listing = summary.split("?")[0].rstrip("/").removesuffix("/summary") + "/incidents"
    return (first, Endpoint(name="incidents", url=f"{listing}?limit={LIST_LIMIT}"))


def _summary_url(read: Documents) -> str:
    """The API's address of the page whose HTML is in `read`, "" if it names none."""
    page = html.own_html(read)
    if found := _IN_ADDRESS.search(page):
        return _address(found[2], found[1])
    hosted = (_hosted(found[0]) for found in _HOST.finditer(page))
    if address := next(filter(None, hosted), ""):
        return address
    region, subdomain = _REGION.search(page), _IN_SCRIPT.search(page)
    return _address(subdomain[1], region[1]) if region and subdomain else ""


def _indicator(page: Fields) -> Severity:
    word = page.word("current_incident_type")
    if word in _IMPACTS:
        return _IMPACTS[word].severity
    return Severity.NONE if _is_calm(page) else Severity.UNKNOWN


def _worse_word(wire: Fields, indicator: Severity) -> Iterator[str]:
    """A note about the page's other status word, if that is worse than the indicator."""
    word = wire.word("current_status_type")
    impact = _IMPACTS.get(word)
    if word and (impact is None or impact.severity.rank > indicator.rank):
        yield f'the page\'s current_status_type is "{word}", which is not counted'


def _is_calm(row: Fields) -> bool:
    """Null is StatusPal's word for operational; a missing key says nothing."""
    return row.values.get("current_incident_type", "") is None


def _leaves(wire: Fields) -> Iterator[_Leaf]:
    """The services that are components, in the page's order.

    A parent is a service too: it is a component if it has a trouble that no child shows.
    """
    services = [*wire.objects("services", required=True)]
    waiting: list[_Leaf] = [(row, ()) for row in reversed(services)]
    while waiting:
        row, parents = waiting.pop()
        # the reference's own example has an empty object for a child
        children = [child for child in row.objects("children") if child.values]
        shown = {child.word("current_incident_type") for child in children}
        trouble = row.word("current_incident_type")
        if not children or (trouble and trouble not in shown):
            yield row, parents
        below = (*parents, row)
        waiting.extend((child, below) for child in reversed(children))


def _services(leaves: Sequence[_Leaf]) -> _Services:
    links: dict[str, list[Link]] = {}
    parents: dict[str, set[str]] = {}
    if sum(len(above) ** 2 for _, above in leaves) > NESTING_LIMIT:
        raise documents.too_large("services are nested too deeply")
    for row, above in leaves:
        link = Link(id=row.text("id"), name=row.text("name"))
        path = [service.text("id") for service in (*above, row)]
        for depth, one in enumerate(path):
            links.setdefault(one, []).append(link)
            parents.setdefault(one, set()).update(path[:depth])
    return _Services(links=links, parents=parents, allowance=documents.links())


def _component(row: Fields, parents: tuple[Fields, ...]) -> Component:
    name = row.text("name", row.text("id", "(no name)"))
    group = " / ".join(filter(None, (parent.text("name") for parent in parents)))
    status = _STATUS.get(row.word("current_incident_type"), ComponentStatus.UNKNOWN)
    return Component(
        id=row.text("id", name),
        name=name,
        status=ComponentStatus.OPERATIONAL if _is_calm(row) else status,
        raw_status=row.text("current_incident_type"),
        group=text.line(group) or None,
        description=row.optional("description"),
    )


def _incident(row: Fields, services: _Services, document: Document) -> Incident:
    event = _event(row, services)
    newest = event["updates"][0] if event["updates"] else Update(body="")
    ended_at = build.passed(row, "ends_at", document)
    status = newest.status
    if ended_at and status.open:
        status = IncidentStatus.RESOLVED
    return Incident(
        **event,
        status=status,
        raw_status=newest.raw_status,
        impact=_IMPACTS.get(row.word("type"), Impact.MINOR),
        raw_impact=row.text("type"),
        started_at=times.earliest([row.time("starts_at"), row.time("inserted_at")]),
        resolved_at=None if status.open else ended_at or newest.created_at,
        updated_at=row.time("updated_at"),
    )


def _event(row: Fields, services: _Services) -> build.Event:
    return build.event(
        row,
        links=_links(row, services),
        updates=build.updates(
            row.objects("updates"),
            _UPDATES,
            status_key="type",
            body_key="description",
            time_keys=("posted_at", "inserted_at"),
        ),
    )


def _links(row: Fields, services: _Services) -> tuple[Link, ...]:
    """Parents are named with the children that are meant; alone they mean all their children."""
    ids = dict.fromkeys(row.texts("service_ids"))
    above = [services.parents.get(one, ()) for one in ids]
    services.allowance.take(sum(map(len, above)))
    along = {parent for parents in above for parent in parents}
    below = [services.links.get(one, (Link(id=one, name=one),)) for one in ids if one not in along]
    services.allowance.take(sum(map(len, below)))
    found = (link for links in below for link in links)
    return tuple(dict.fromkeys(found))


def _maintenances(wire: Fields, services: _Services) -> Iterator[Maintenance]:
    lists = {
        "maintenances": MaintenanceStatus.IN_PROGRESS,
        "upcoming_maintenances": MaintenanceStatus.SCHEDULED,
    }
    for key, status in lists.items():
        for row in wire.objects(key):
            yield Maintenance(
                **_event(row, services),
                status=status,
                raw_status=row.text("type"),
                scheduled_for=row.time("starts_at"),
                scheduled_until=row.time("ends_at"),
            )


def _history(document: Document, services: _Services) -> build.History:
    """The incidents of the list, which also holds the maintenance windows."""
    listing = fields.json_object(document)
    rows = list(listing.objects("incidents", required=True))
    incidents = tuple(
        _incident(row, services, document)
        for row in rows
        if _IMPACTS.get(row.word("type")) is not Impact.MAINTENANCE
    )
    total = listing.object_or_empty("meta").number("total_count", -1)
    oldest = times.earliest(row.time("inserted_at") for row in rows)
    return incidents, EVER if 0 <= total <= len(rows) else oldest

"""Zendesk's own status page.

`https://status.zendesk.com/api/ssp/incidents.json` holds the incidents of the last three months,
open and closed, and the windows; `/api/ssp/services.json` the services, which have no status.
Documented at https://developer.zendesk.com/api-reference/other/status-api. Both are of all
accounts, or of one if the page's address ends in `?subdomain=<account>`. The API allows ten
requests a minute.

wire                                        ours
resolvedAt a time, null                     resolved, open; `status` is only shown, it goes stale
outage true                                 impact major, critical if impact says so
degradation true                            impact minor
impact minor, major, critical               the same words, if neither is true
maintResolvesAt a time                      a maintenance
internalToolsOnly, internalTool true        left out
A service is operational if no open row names it, else what that row says, by the same rules: minor
is degraded_performance, major partial_outage, critical major_outage, a window under_maintenance. If
an open row cannot be joined with a service, no service is known to be operational. There is no
roll-up. No open incident means that nothing is open.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

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
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("status.zendesk.com",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")

_PAGE = "https://status.zendesk.com"
_FOLDER = "/api/ssp"
_IMPACTS = {"minor": Impact.MINOR, "major": Impact.MAJOR, "critical": Impact.CRITICAL}
_STATUSES = {
    Impact.MAINTENANCE: ComponentStatus.UNDER_MAINTENANCE,
    Impact.MINOR: ComponentStatus.DEGRADED_PERFORMANCE,
    Impact.MAJOR: ComponentStatus.PARTIAL_OUTAGE,
    Impact.CRITICAL: ComponentStatus.MAJOR_OUTAGE,
}
_ACCOUNT = re.compile(r"[?&](subdomain=[A-Za-z0-9-]{1,100})(?:&|$)")


class _Event(NamedTuple):
    """An incident or a window: its row, its attributes, and the services that it names.

    `is_placed`: all of its services are known.
    """

    row: Fields
    told: Fields
    services: tuple[Fields, ...]
    ended_at: datetime | None
    is_placed: bool

    @property
    def is_planned(self) -> bool:
        return self.told.time("maintResolvesAt") is not None

    def impact(self, told: Fields) -> Impact:
        """How bad it is by `told`, its own attributes or those of one of its services."""
        word = self.told.word("impact")
        if self.is_planned:
            return Impact.MAINTENANCE
        if told.flag("outage"):
            return Impact.CRITICAL if word == "critical" else Impact.MAJOR
        return Impact.MINOR if told.flag("degradation") else _IMPACTS.get(word, Impact.MINOR)


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    """Both documents at any depth: without the services no component is known."""
    account = _ACCOUNT.search(page_url)
    query = f"?{account[1]}" if account else ""
    page = addresses.api_base(page_url, f"{_FOLDER}/incidents.json")
    folder = page + _FOLDER if page else addresses.vendors_own(page_url, HOSTS, _PAGE + _FOLDER)
    return tuple(
        Endpoint(name=name, url=f"{folder}/{name}.json{query}")
        for name in ("incidents", "services")
    )


def parse(read: Documents, /) -> Snapshot:
    document = read["incidents"]
    events = _events(document)
    now = document.fetched_at
    phases = [
        (event, build.phase(event.told.time("startedAt"), event.ended_at, now))
        for event in events
        if event.is_planned
    ]
    incidents = build.newest_first(_incident(event) for event in events if not event.is_planned)
    ahead = {MaintenanceStatus.SCHEDULED, MaintenanceStatus.COMPLETED}
    current = [event for event in events if not (event.is_planned or event.ended_at)]
    current += [event for event, phase in phases if phase not in ahead]
    components, notes = build.later(
        read.get("services"), "services", lambda services: _components(services, current)
    )
    return Snapshot(
        page_name="Zendesk",
        page_url=_PAGE,
        indicator=build.of_incidents(incidents, components or ()),
        indicator_of_incidents=True,
        components=components or (),
        incidents=incidents,
        maintenances=build.unfinished(_maintenance(event, phase) for event, phase in phases),
        history_from=build.oldest_start(incidents),
        notes=notes,
    )


def _events(document: Document) -> list[_Event]:
    """The incidents and windows that concern more than Zendesk's internal tools."""
    wire = fields.json_object(document)
    rows = list(wire.objects("data", required="data" in wire))
    is_own = "included" in wire or addresses.is_on(document.endpoint.url, HOSTS)
    included = list(wire.objects("included"))
    is_empty = is_own and not rows and not included
    is_list = any(row.word("type") == "incident" for row in rows) or is_empty
    if not is_list or "data" not in wire:
        raise not_a_page("unexpected JSON: not a list of Zendesk's incidents")
    named = {
        row.text("id"): row.object("attributes")
        for row in included
        if row.word("type") == "incidentservice"
    }
    by_incident: dict[str, list[str]] = {}
    for identity, service in named.items():
        by_incident.setdefault(service.text("incidentId"), []).append(identity)
    found, seen = [], {""}
    for row in rows:
        told = row.object("attributes")
        if told.flag("internalToolsOnly"):
            continue
        relation = row.object_or_empty("relationships").object_or_empty("incidentServices")
        ids = [one.text("id") for one in relation.objects("data")]
        is_first = row.text("id") not in seen  # one of many with an id gets its services
        seen.add(row.text("id"))
        own = [*ids, *(by_incident.get(row.text("id"), ()) if is_first else ())]
        services = (named[one] for one in dict.fromkeys(own) if one in named)
        found.append(
            _Event(
                row=row,
                told=told,
                services=tuple(one for one in services if not one.flag("internalTool")),
                ended_at=build.passed(told, "resolvedAt", document),
                is_placed=is_first and "data" in relation and named.keys() >= {*ids},
            )
        )
    return found


def _components(document: Document, current: Iterable[_Event]) -> tuple[Component, ...]:
    """The services, by what the events that are under way say of them."""
    rows = [
        (row, row.object("attributes"))
        for row in fields.json_object(document).objects("data", required=True)
    ]
    ids = {row.text("id") for row, _ in rows} - {""}
    found: dict[str, Impact] = {}
    is_known = True
    for event in current:
        is_known = is_known and event.is_placed
        for service in event.services:
            if build.passed(service, "resolvedAt", document):
                continue
            place = _place(service)
            is_known = is_known and place in ids
            impact = event.impact(service)
            if place not in found or impact.severity.rank > found[place].severity.rank:
                found[place] = impact
    calm = ComponentStatus.OPERATIONAL if is_known else ComponentStatus.UNKNOWN
    known = {one: _STATUSES[found[one]] if one in found else calm for one in ids}
    return tuple(
        Component(
            id=row.text("id") or told.text("name"),
            name=told.text("name", "(no name)"),
            status=known.get(row.text("id"), ComponentStatus.UNKNOWN),
        )
        for row, told in sorted(rows, key=lambda one: one[1].number("position"))
    )


def _place(service: Fields) -> str:
    """The id of the service that the list has: one below another goes by that."""
    return service.text("serviceParentId") or service.text("serviceId")


def _incident(event: _Event) -> Incident:
    """Its status is the page's word while it is open, which must not say that it is over."""
    told = event.told
    word = build.INCIDENT_WORDS.get(told.word("status"), IncidentStatus.UNKNOWN)
    status = word if word.open else IncidentStatus.UNKNOWN
    return Incident(
        **_common(event),
        status=IncidentStatus.RESOLVED if event.ended_at else status,
        raw_status=told.text("status"),
        impact=event.impact(told),
        raw_impact=told.text("impact"),
        started_at=told.time("startedAt"),
        resolved_at=event.ended_at,
    )


def _maintenance(event: _Event, phase: MaintenanceStatus) -> Maintenance:
    return Maintenance(
        **_common(event),
        status=phase,
        raw_status=event.told.text("status"),
        scheduled_for=event.told.time("startedAt"),
        scheduled_until=event.told.time("maintResolvesAt"),
    )


def _common(event: _Event) -> build.Event:
    links = (Link(id=_place(one) or None, name=one.text("serviceName")) for one in event.services)
    return build.Event(
        id=event.row.text("id"),
        name=event.told.text("name", "(no title)"),
        links=tuple(dict.fromkeys(links)),
        url=event.told.url("postmortem"),
        updates=(),
    )

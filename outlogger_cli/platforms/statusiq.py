"""StatusIQ pages, by Site24x7 (Zoho).

`/rss` has one item for every component: a title `Name - Status` and the time it was last
touched, worst first. The same name stands there once for every group it is in, without the
group. What the feed lacks is read from `/sp/api/u/summary_details`, the JSON behind the page:
open and past incidents, and the components of a page whose owner turned the feed off. Its fields
and numbers are those of Site24x7's own apps (github.com/site24x7/StatusIQ-Android-SDK).

wire                                  ours
Operational (1)                       operational
Informational (2)                     operational: a notice, nothing is said to be wrong
Degraded Performance (3)              degraded_performance
Under Maintenance (4)                 under_maintenance
Partial Outage (5)                    partial_outage
Major Outage (6)                      major_outage
incident_severity_id 1 to 6           none, none, minor, maintenance, major, critical
incident_status_id 10 to 14           investigating (acknowledged), investigating, identified,
                                      monitoring, resolved
incident_status_id 21 to 24           a maintenance: scheduled, in_progress, verifying, completed
The page has a row for every component, so the worst of them is its roll-up.
A feed without items says nothing; an empty incident list means that nothing is open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

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
    Update,
)
from outlogger_cli.platforms.shared import fields, parts, reading, xml
from outlogger_cli.platforms.shared.fields import Fields
from outlogger_cli.platforms.shared.xml import Node

HOSTS: tuple[str, ...] = ("site24x7statusiq.com",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")

_API = "/sp/api/"
_COMPONENTS = {
    **dict.fromkeys(("operational", "1"), ComponentStatus.OPERATIONAL),
    **dict.fromkeys(("informational", "2"), ComponentStatus.OPERATIONAL),
    **dict.fromkeys(("degraded performance", "3"), ComponentStatus.DEGRADED_PERFORMANCE),
    **dict.fromkeys(("under maintenance", "4"), ComponentStatus.UNDER_MAINTENANCE),
    **dict.fromkeys(("partial outage", "5"), ComponentStatus.PARTIAL_OUTAGE),
    **dict.fromkeys(("major outage", "6"), ComponentStatus.MAJOR_OUTAGE),
}
_IMPACTS = {
    "1": Impact.NONE,
    "2": Impact.NONE,
    "3": Impact.MINOR,
    "4": Impact.MAINTENANCE,
    "5": Impact.MAJOR,
    "6": Impact.CRITICAL,
}
_STATUSES = {
    "10": IncidentStatus.INVESTIGATING,
    "11": IncidentStatus.INVESTIGATING,
    "12": IncidentStatus.IDENTIFIED,
    "13": IncidentStatus.MONITORING,
    "14": IncidentStatus.RESOLVED,
    "21": IncidentStatus.SCHEDULED,
    "22": IncidentStatus.IN_PROGRESS,
    "23": IncidentStatus.VERIFYING,
    "24": IncidentStatus.COMPLETED,
}
_WINDOWS = {
    IncidentStatus.SCHEDULED: MaintenanceStatus.SCHEDULED,
    IncidentStatus.IN_PROGRESS: MaintenanceStatus.IN_PROGRESS,
    IncidentStatus.VERIFYING: MaintenanceStatus.VERIFYING,
    IncidentStatus.COMPLETED: MaintenanceStatus.COMPLETED,
}


def endpoints(
    page_url: str, _depth: Depth, _read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    """The feed and the JSON at any depth: the feed says nothing of open incidents."""
    if _API in page_url:
        return (Endpoint(name="summary", url=page_url),)
    page = fields.at(page_url, "").removesuffix("/rss")
    feed = Endpoint(name="rss", url=f"{page}/rss")
    summary = Endpoint(name="summary", url=f"{page}{_API}u/summary_details")
    return feed, summary


def recognises(document: Document) -> bool:
    return parts.fits(_channel, document) or parts.fits(_summary, document)


def parse(read: Mapping[str, Document]) -> Snapshot:
    if "rss" not in read:
        return _summary(read["summary"])
    feed = _feed(read["rss"])
    summary, notes = reading.later(read.get("summary"), "incidents", _summary)
    if summary is None:
        return replace(feed, notes=(*feed.notes, *notes))
    rows = feed if feed.components else summary
    return replace(
        summary,
        page_name=feed.page_name,
        page_url=feed.page_url,
        indicator=rows.indicator,
        components=rows.components,
        notes=rows.notes,
    )


def _channel(document: Document) -> Node:
    channel = xml.channel_of(xml.root_of(document))
    if "statusiq" not in channel.text("description").lower():
        raise reading.not_a_page("the answer is an RSS feed, but not one of StatusIQ")
    return channel


def _feed(document: Document) -> Snapshot:
    channel = _channel(document)
    components = tuple(_listed(item) for item in channel.children("item"))
    empty = "the feed lists no component: the page may have none, or its feed may be turned off"
    return Snapshot(
        page_name=channel.text("title").removesuffix(" - Status"),
        page_url=channel.url("link").rstrip("/"),
        indicator=parts.rolled_up(components),
        raw_indicator="",
        description="",
        components=components,
        notes=() if components else (empty,),
    )


def _listed(item: Node) -> Component:
    """A component's id stands only in its link, and only some have one."""
    name, _, word = item.text("title").rpartition(" - ")
    name = name or word or "(no name)"
    _, found, code = item.url("link").rpartition("#/components/")
    return Component(
        id=code if found else name,
        name=name,
        status=_COMPONENTS.get(word.lower(), ComponentStatus.UNKNOWN),
        raw_status=word,
        updated_at=item.time("pubDate"),
    )


def _data(document: Document) -> Fields:
    wire = fields.json_object(document)
    if "data" not in wire:
        raise parts.not_a_page("data")
    return wire.object("data")


def _summary(document: Document) -> Snapshot:
    data = _data(document)
    components = tuple(_components(data))
    active = [*data.objects("active_incident_details", required=True)]
    days = [*data.objects("resolved_incident_details")]
    past = [row for day in days for row in day.objects("grp_by_incidents_list")]
    return Snapshot(
        page_name="",
        page_url="",
        indicator=parts.rolled_up(components),
        raw_indicator="",
        description="",
        components=components,
        incidents=fields.merge(
            tuple(_incident(row, over=False) for row in active if not _is_window(row)),
            tuple(_incident(row, over=True) for row in past if not _is_window(row)),
        ),
        maintenances=tuple(_maintenance(row) for row in (*active, *past) if _is_window(row)),
        history_from=reading.oldest(days, "grp_by_date"),
    )


def _components(data: Fields) -> Iterator[Component]:
    for row in data.objects("current_status", required=True):
        group = row.optional("componentgroup_display_name")
        if group is None:
            yield _component(row, None)
            continue
        for child in row.objects("componentgroup_components", required=True):
            yield _component(child, group)


def _component(row: Fields, group: str | None) -> Component:
    name = row.text("display_name", "(no name)")
    return Component(
        id=row.text("enc_component_id", name),
        name=name,
        status=_COMPONENTS.get(row.text("component_status"), ComponentStatus.UNKNOWN),
        raw_status=row.text("component_status"),
        group=group,
        description=row.optional("desc"),
    )


def _is_window(row: Fields) -> bool:
    told = _updates(row)
    return bool(told) and told[0].status in _WINDOWS


def _incident(row: Fields, *, over: bool) -> Incident:
    """`over`: it stands in the list of resolved ones, whatever its last message calls it."""
    told = _updates(row)
    latest = told[0].status if told else IncidentStatus.UNKNOWN
    status = IncidentStatus.RESOLVED if over else latest
    severity = row.text("incident_severity_id")
    impact = _IMPACTS.get(severity)
    times = [row.time("incident_began_at"), *(update.created_at for update in told)]
    return Incident(
        id=row.text("enc_inc_id"),
        name=row.text("incident_title", "(no title)"),
        status=status,
        raw_status=told[0].raw_status if told else "",
        impact=impact or Impact.MINOR,
        raw_impact=row.text("incident_severity") or parts.coded(impact, "severity", severity),
        started_at=reading.earliest(times),
        resolved_at=None if status.open else _ended_at(row, told),
        updated_at=told[0].created_at if told else None,
        links=_links(row),
        url="",
        updates=told,
    )


def _ended_at(row: Fields, told: tuple[Update, ...]) -> datetime | None:
    return row.time("incident_ended_at") or (told[0].created_at if told else None)


def _maintenance(row: Fields) -> Maintenance:
    told = _updates(row)
    return Maintenance(
        id=row.text("enc_inc_id"),
        name=row.text("incident_title", "(no title)"),
        status=_WINDOWS[told[0].status],
        raw_status=told[0].raw_status,
        scheduled_for=row.time("incident_began_at"),
        scheduled_until=row.time("incident_ended_at"),
        links=_links(row),
        url="",
        updates=told,
    )


def _links(row: Fields) -> tuple[Link, ...]:
    named = (
        touched.text("display_name") for touched in row.objects("incident_affected_components")
    )
    return tuple(Link(id=None, name=name) for name in named if name)


def _updates(row: Fields) -> tuple[Update, ...]:
    found = [
        Update(
            status=_STATUSES.get(update.text("incident_status_id"), IncidentStatus.UNKNOWN),
            raw_status=update.text("incident_status"),
            body=update.body("incident_status_desc"),
            created_at=update.time("status_updated_at"),
        )
        for update in row.objects("incident_status_updates")
    ]
    return parts.newest_updates(found)

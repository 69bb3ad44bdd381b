"""StatusIQ pages, by Site24x7 (Zoho).

`/rss` has one item for every component: a title `Name - Status` and the time of its last change,
worst first. A name is repeated for every group it is in, without the group. What the feed lacks is
read from `/sp/api/u/summary_details`, the JSON behind the page: open and past incidents, and the
components of a page whose owner turned the feed off. Its fields and numbers are those of
Site24x7's own apps (github.com/site24x7/StatusIQ-Android-SDK).

wire                                  ours
Operational (1)                       operational
Informational (2)                     operational: a notice, not an outage
Degraded Performance (3)              degraded_performance
Under Maintenance (4)                 under_maintenance
Partial Outage (5)                    partial_outage
Major Outage (6)                      major_outage
incident_severity_id 1 to 6           none, none, minor, maintenance, major, critical
incident_status_id 10 to 14           investigating (acknowledged), investigating, identified,
                                      monitoring, resolved
incident_status_id 21 to 24           a maintenance: scheduled, in_progress, verifying, completed
The page has a row for every component, so the worst of them is the indicator. An incident names
its components without their ids.
A feed without items says nothing; an empty incident list means that nothing is open.
"""

from collections.abc import Iterable, Iterator

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
    Snapshot,
    Update,
)
from outlogger_cli.domain.values import replace
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, times, xml
from outlogger_cli.platforms.shared.fields import Fields, not_a_page
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

_Told = tuple[Fields, tuple[Update, ...]]
"""An incident or a maintenance with its messages, which are cleaned once."""


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    """The feed and the JSON at any depth: the feed says nothing about open incidents."""
    if _API in page_url:
        return (Endpoint(name="summary", url=page_url),)
    page = addresses.at(page_url, "").removesuffix("/rss")
    feed = Endpoint(name="rss", url=f"{page}/rss")
    summary = Endpoint(name="summary", url=f"{page}{_API}u/summary_details")
    return feed, summary


def parse(read: Documents, /) -> Snapshot:
    if "rss" not in read:
        return _summary(read["summary"])
    feed = _feed(read["rss"])
    summary, notes = build.later(read.get("summary"), "incidents", _summary)
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


def is_own(channel: Node) -> bool:
    return "statusiq" in channel.text("description").lower()


def _feed(document: Document) -> Snapshot:
    channel = xml.channel_of(xml.root_of(document))
    if not is_own(channel):
        raise not_a_page("unexpected RSS feed: not one of StatusIQ")
    components = tuple(_listed(item) for item in channel.children("item"))
    empty = "the feed has no components (none on the page, or the feed is turned off)"
    return Snapshot(
        page_name=channel.text("title").removesuffix(" - Status"),
        page_url=channel.url("link").rstrip("/"),
        indicator=build.roll_up(c.status for c in components),
        components=components,
        notes=() if components else (empty,),
    )


def _listed(item: Node) -> Component:
    """A component's id is only in its link, and only some have one."""
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


def _summary(document: Document) -> Snapshot:
    wire = fields.json_object(document)
    if "data" not in wire:
        raise not_a_page("unexpected JSON without data")
    data = wire.object("data")
    components = tuple(_components(data))
    active = _told(data.objects("active_incident_details", required=True))
    days = [*data.objects("resolved_incident_details")]
    past = _told(row for day in days for row in day.objects("grp_by_incidents_list"))
    return Snapshot(
        indicator=build.roll_up(c.status for c in components),
        components=components,
        incidents=build.merge(
            tuple(_incident(*told, over=False) for told in active if not _is_window(told)),
            tuple(_incident(*told, over=True) for told in past if not _is_window(told)),
        ),
        maintenances=tuple(_maintenance(*told) for told in (*active, *past) if _is_window(told)),
        history_from=times.earliest(row.time("grp_by_date") for row in days),
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
    return build.component(
        row,
        _COMPONENTS,
        id_key="enc_component_id",
        name_key="display_name",
        status_key="component_status",
        group=group,
        description=row.optional("desc"),
    )


def _told(rows: Iterable[Fields]) -> list[_Told]:
    return [(row, _updates(row)) for row in rows]


def _is_window(told: _Told) -> bool:
    _, updates = told
    return bool(updates) and updates[0].status in build.PLANNED


def _incident(row: Fields, updates: tuple[Update, ...], *, over: bool) -> Incident:
    """`over`: it is in the list of resolved ones, whatever its last message says."""
    newest = updates[0] if updates else Update(body="")
    status = IncidentStatus.RESOLVED if over else newest.status
    severity = row.text("incident_severity_id")
    impact = _IMPACTS.get(severity)
    posted = (update.created_at for update in updates)
    return Incident(
        **_event(row, updates),
        status=status,
        raw_status=newest.raw_status,
        impact=impact or Impact.MINOR,
        raw_impact=row.text("incident_severity") or build.coded(impact, "severity", severity),
        started_at=times.earliest([row.time("incident_began_at"), *posted]),
        resolved_at=None if status.open else row.time("incident_ended_at") or newest.created_at,
        updated_at=newest.created_at,
    )


def _maintenance(row: Fields, updates: tuple[Update, ...]) -> Maintenance:
    return Maintenance(
        **_event(row, updates),
        status=build.PLANNED[updates[0].status],
        raw_status=updates[0].raw_status,
        scheduled_for=row.time("incident_began_at"),
        scheduled_until=row.time("incident_ended_at"),
    )


def _event(row: Fields, updates: tuple[Update, ...]) -> build.Event:
    names = (one.text("display_name") for one in row.objects("incident_affected_components"))
    return build.event(
        row,
        id_key="enc_inc_id",
        title_key="incident_title",
        links=tuple(Link(name=name) for name in names if name),
        updates=updates,
    )


def _updates(row: Fields) -> tuple[Update, ...]:
    return build.newest_updates(
        Update(
            status=_STATUSES.get(update.text("incident_status_id"), IncidentStatus.UNKNOWN),
            raw_status=update.text("incident_status"),
            body=update.body("incident_status_desc"),
            created_at=update.time("status_updated_at"),
        )
        for update in row.objects("incident_status_updates")
    )

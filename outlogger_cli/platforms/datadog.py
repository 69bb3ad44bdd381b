"""Datadog Status Pages.

`/config.json` is the whole page: the components in their groups, all incidents, open and closed,
and the maintenance windows. It is not documented: the format is that of a live page in September
2026. The page's HTML has no data. There is no roll-up: the indicator is the worst component.

wire                                        ours
operational                                 operational
degraded                                    degraded_performance
partial_outage, major_outage                the same words
maintenance                                 under_maintenance
currentStatus, update.status                the Statuspage words
resolved true, false                        closed, open, whatever currentStatus says

A row of type ComponentGroup with a list of components is a group. An incident's impact is the worst
status in its timeline: that of the incident itself is the present one. The form of a maintenance is
unknown: its status and times are not read. An empty list of incidents means that none is open.
"""

from outlogger_cli.domain.model import (
    EVER,
    Component,
    ComponentStatus,
    Depth,
    Endpoint,
    Incident,
    IncidentStatus,
    Maintenance,
    Snapshot,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, times, tree
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("statuspage.datadoghq.com",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")

_OWN_KEYS = {"pageUrl", "domainPrefix", "pageType"}
_POSTED = ("startedAt", "createdAt")
"""When an update was made; `createdAt` is when it was filed, for all at once if it was later."""
_STATUSES = {
    "operational": ComponentStatus.OPERATIONAL,
    "degraded": ComponentStatus.DEGRADED_PERFORMANCE,
    "partial_outage": ComponentStatus.PARTIAL_OUTAGE,
    "major_outage": ComponentStatus.MAJOR_OUTAGE,
    "maintenance": ComponentStatus.UNDER_MAINTENANCE,
}


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    page = addresses.api_base(page_url, "/config.json") or page_url
    return (Endpoint(name="config", url=addresses.at(page, "/config.json")),)


def parse(read: Documents, /) -> Snapshot:
    wire = fields.json_object(read["config"])
    if not ({"components", "incidents"} <= wire.values.keys() and _OWN_KEYS & wire.values.keys()):
        raise not_a_page("unexpected JSON: not the configuration of a Datadog page")
    components = tuple(
        _component(row, group)
        for row, group in tree.leaves(wire, "components", below="components", is_group=_is_group)
    )
    return Snapshot(
        page_name=wire.text("name"),
        page_url=_page_url(wire),
        indicator=build.roll_up(component.status for component in components),
        components=components,
        incidents=build.newest_first(map(_incident, wire.objects("incidents", required=True))),
        maintenances=tuple(map(_maintenance, wire.objects("maintenances"))),
        history_from=EVER,
    )


def _page_url(wire: Fields) -> str:
    own = f"https://{wire.text('customDomain')}" if wire.flag("customDomainEnabled") else ""
    return (addresses.link(own) or wire.url("pageUrl")).rstrip("/")


def _is_group(row: Fields) -> bool:
    """A group that lost its list is a component of unknown status, not nothing."""
    is_list = isinstance(row.values.get("components"), list)
    return is_list and (row.word("type") == "componentgroup" or not row.text("status"))


def _component(row: Fields, group: str | None) -> Component:
    return build.component(row, _STATUSES, group=group)


def _incident(row: Fields) -> Incident:
    updates = list(row.objects("timeline"))
    affected = [one for place in (row, *updates) for one in place.objects("componentsAffected")]
    impact, raw_impact = build.impact_of((one.text("status") for one in affected), _STATUSES)
    status = _status(row)
    posted = [update.time(*_POSTED) for update in updates]
    return Incident(
        **build.event(
            row,
            links=build.links(affected),
            updates=build.updates(
                updates, build.INCIDENT_WORDS, body_key="description", time_keys=_POSTED
            ),
        ),
        status=status,
        raw_status=row.text("currentStatus"),
        impact=impact,
        raw_impact=raw_impact,
        started_at=row.time("publishedDate") or times.earliest(posted),
        resolved_at=None if status.open else row.time("resolvedDate") or times.latest(posted),
        updated_at=row.time("lastModifiedAt"),
    )


def _status(row: Fields) -> IncidentStatus:
    """The word, unless `resolved` says otherwise."""
    status = build.INCIDENT_WORDS.get(row.word("currentStatus"), IncidentStatus.UNKNOWN)
    if row.flag("resolved"):
        return IncidentStatus.RESOLVED if status.open else status
    is_open = row.values.get("resolved") is False
    return IncidentStatus.UNKNOWN if is_open and not status.open else status


def _maintenance(row: Fields) -> Maintenance:
    return Maintenance(**build.event(row, title_key="title" if "title" in row else "name"))

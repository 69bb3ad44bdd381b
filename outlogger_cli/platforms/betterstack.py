"""Better Stack (formerly Better Uptime) status pages.

`/index.json` is the whole page as JSON:API: `data.attributes` is the page, `included` its sections,
resources, status reports and status updates. Documented at
https://betterstack.com/docs/uptime/status-pages/subscribing-to-status-updates/subscribing-to-api;
the words of resources and reports are those seen on live pages.

wire                                        ours
resource operational, recovered             operational
resource degraded                           degraded_performance
resource downtime                           major_outage
resource maintenance, under_maintenance     under_maintenance
resource not_monitored                      unknown: no data, not an outage
page operational, degraded, downtime        none, minor, major
page maintenance                            maintenance
report degraded, downtime                   open, impact minor, major
report resolved                             resolved
report operational                          resolved if it has begun, else monitoring

The page's word changes when one monitor of many fails. A report of type maintenance has no word
for scheduled or over: the time the page was fetched decides, and if it has no end, the page's word.
No open report means that nothing is open. How far back the reports reach is not documented:
`history_from` is the oldest of them, or the first day of the resources' `status_history`. That
holds days of downtime that no report tells of; a day is one of the page's zone.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Downtime,
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
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, times
from outlogger_cli.platforms.shared.build import Event
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("betteruptime.com", "betterstack.com")
CAN: tuple[str, ...] = ("components", "history", "maintenance")

_STATUSES = {
    "operational": ComponentStatus.OPERATIONAL,
    "recovered": ComponentStatus.OPERATIONAL,
    "degraded": ComponentStatus.DEGRADED_PERFORMANCE,
    "downtime": ComponentStatus.MAJOR_OUTAGE,
    "maintenance": ComponentStatus.UNDER_MAINTENANCE,
    "under_maintenance": ComponentStatus.UNDER_MAINTENANCE,
}
_INDICATORS = {
    "operational": Severity.NONE,
    "degraded": Severity.MINOR,
    "downtime": Severity.MAJOR,
    "maintenance": Severity.MAINTENANCE,
}
_REPORTS = {
    "investigating": IncidentStatus.INVESTIGATING,
    "identified": IncidentStatus.IDENTIFIED,
    "monitoring": IncidentStatus.MONITORING,
    "degraded": IncidentStatus.INVESTIGATING,
    "downtime": IncidentStatus.INVESTIGATING,
    "maintenance": IncidentStatus.IN_PROGRESS,
    "operational": IncidentStatus.MONITORING,
    "resolved": IncidentStatus.RESOLVED,
}
_IMPACTS = {"downtime": Impact.MAJOR, "degraded": Impact.MINOR, "maintenance": Impact.MAINTENANCE}
_BADNESS = {"downtime": 0, "degraded": 1, "maintenance": 2, "resolved": 4, "operational": 5}
_UNKNOWN_WORD = 3


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    return (Endpoint(name="index", url=addresses.at(page_url, "/index.json")),)


def parse(read: Documents, /) -> Snapshot:
    document = read["index"]
    wire = fields.json_object(document)
    if wire.inside("data").word("type") != "status_page":  # cState has the same address
        raise not_a_page("unexpected JSON without data of type status_page")
    page = wire.object("data").object("attributes")
    wire.zone = page.zone = times.zone_named(page.text("timezone"))
    page_url = _page_url(page)
    included = list(wire.objects("included", required=True))
    components = _components(included)
    names = {component.id: component.name for component in components}
    raw_indicator = page.word("aggregate_state")
    incidents, windows, now = [], [], document.fetched_at
    for report, event, worst_word in _reports(included, names, page_url):
        if report.word("report_type") == "maintenance":
            is_calm = "operational" in {raw_indicator, report.word("aggregate_state")}
            windows.append(_maintenance(report, event, now, is_calm=is_calm))
        else:
            incidents.append(_incident(report, event, worst_word, now))
    downtime, first_day = _recorded(included)
    return Snapshot(
        page_name=page.text("company_name"),
        page_url=page_url,
        indicator=_INDICATORS.get(raw_indicator, Severity.UNKNOWN),
        raw_indicator=raw_indicator,
        description=page.text("announcement"),
        components=components,
        incidents=build.newest_first(incidents),
        maintenances=build.unfinished(windows),
        downtime=downtime,
        history_from=times.earliest([build.oldest_start(incidents), first_day]),
    )


def _page_url(page: Fields) -> str:
    domain = page.text("custom_domain").split("//")[-1].rstrip("/")
    if domain:
        return addresses.link(f"https://{domain}")
    subdomain = page.text("subdomain")
    return addresses.link(f"https://{subdomain}.betteruptime.com") if subdomain else ""


def _of_type(included: list[Fields], kind: str) -> Iterator[Fields]:
    return (row for row in included if row.word("type") == kind)


def _components(included: list[Fields]) -> tuple[Component, ...]:
    """Resources by the position of their section, then by their own."""
    sections = {
        row.text("id"): row.object("attributes")
        for row in _of_type(included, "status_page_section")
    }
    placed = []
    for row in _of_type(included, "status_page_resource"):
        resource = row.object("attributes")
        section = sections.get(resource.text("status_page_section_id"), Fields({}))
        place = (section.number("position"), resource.number("position"))
        placed.append((place, _component(row.text("id"), resource, section)))
    return tuple(component for _, component in sorted(placed, key=lambda pair: pair[0]))


def _component(resource_id: str, resource: Fields, section: Fields) -> Component:
    return Component(
        id=resource_id,
        name=resource.text("public_name", resource_id or "(no name)"),
        status=_STATUSES.get(resource.word("status"), ComponentStatus.UNKNOWN),
        raw_status=resource.text("status"),
        group=section.optional("name"),
        description=resource.optional("explanation"),
    )


def _recorded(included: list[Fields]) -> tuple[tuple[Downtime, ...], datetime | None]:
    """The days with downtime in the history of all resources, and the start of the first day on
    which one was monitored."""
    found, starts = [], []
    for row in _of_type(included, "status_page_resource"):
        for day in row.object("attributes").objects("status_history"):
            date, seconds = day.text("day"), day.number("downtime_duration")
            noon = times.parse(f"{date}T12:00", day.zone)
            impact = _IMPACTS.get(day.word("status"), Impact.MINOR if seconds > 0 else Impact.NONE)
            if day.word("status") in _STATUSES or impact is not Impact.NONE:
                starts.append(times.parse(f"{date}T00:00", day.zone))
            if noon and impact in {Impact.MINOR, Impact.MAJOR}:
                found.append(
                    Downtime(component_id=row.text("id"), noon=noon, severity=impact.severity)
                )
    return tuple(found), times.earliest(starts)


def _reports(
    included: list[Fields], names: Mapping[str, str], page_url: str
) -> Iterator[tuple[Fields, Event, str]]:
    """Every status report, what an incident or maintenance takes from it, and its worst word."""
    updates = _updates_by_report(included)
    listed = _of_type(included, "status_report")
    reports = {row.text("id", row.path): row for row in listed}  # one with an id twice is one
    for row in reports.values():
        report = row.object("attributes")
        posted = updates.get(row.text("id"), [])
        affected = [one for wire in (report, *posted) for one in _affected(wire)]
        ids = dict.fromkeys(one.text("status_page_resource_id") for one in affected)
        event = Event(
            id=row.text("id"),
            name=report.text("title", "(no title)"),
            links=tuple(Link(id=one, name=names.get(one, one)) for one in ids if one),
            url=page_url,
            updates=build.newest_updates(map(_update, posted)),
        )
        yield report, event, _worst_word(affected)


def _updates_by_report(included: list[Fields]) -> dict[str, list[Fields]]:
    """The updates of each report, in the order of the page.

    An update names its report, or the report lists it; pages do one or the other.
    """
    owners = {
        listed.text("id"): report.text("id")
        for report in _of_type(included, "status_report")
        for listed in report.inside("relationships", "status_updates").objects("data")
    }
    found: dict[str, list[Fields]] = {}
    for row in _of_type(included, "status_update"):
        update = row.object("attributes")
        for report_id in {update.text("status_report_id"), owners.get(row.text("id"), "")}:
            found.setdefault(report_id, []).append(update)
    return found


def _incident(report: Fields, event: Event, worst_word: str, now: datetime) -> Incident:
    word = report.word("aggregate_state")
    starts_at, ended_at = report.time("starts_at"), report.time("ends_at")
    if ended_at and ended_at > now:
        ended_at = None
    status = _REPORTS.get(word, IncidentStatus.UNKNOWN)
    if word == "operational" and (ended_at or (starts_at and starts_at <= now)):
        status = IncidentStatus.RESOLVED
    posted = [update.created_at for update in event["updates"]]
    return Incident(
        **event,
        status=status,
        raw_status=report.text("aggregate_state"),
        impact=_IMPACTS.get(worst_word, Impact.MINOR),
        raw_impact=worst_word,
        started_at=starts_at or times.earliest(posted),
        resolved_at=None if status.open else ended_at or times.latest(posted),
        updated_at=times.latest(posted) or starts_at,
    )


def _maintenance(report: Fields, event: Event, now: datetime, *, is_calm: bool) -> Maintenance:
    starts_at, ends_at = report.time("starts_at"), report.time("ends_at")
    status = build.phase(starts_at, ends_at, now)
    is_over = status is MaintenanceStatus.IN_PROGRESS and not ends_at and is_calm
    if report.word("aggregate_state") == "resolved" or is_over:
        status = MaintenanceStatus.COMPLETED
    return Maintenance(
        **event,
        status=status,
        raw_status=report.text("aggregate_state"),
        scheduled_for=starts_at,
        scheduled_until=ends_at,
    )


def _update(wire: Fields) -> Update:
    word = _worst_word(_affected(wire))
    return Update(
        status=_REPORTS.get(word, IncidentStatus.UNKNOWN),
        raw_status=word,
        body=wire.body("message"),
        created_at=wire.time("published_at"),
    )


def _affected(wire: Fields) -> Iterator[Fields]:
    return wire.objects("affected_resources")


def _worst_word(affected: Iterable[Fields]) -> str:
    """The worst state of the affected resources, "" if there are none."""
    words = {one.word("status") for one in affected}
    return min(sorted(words), key=lambda word: _BADNESS.get(word, _UNKNOWN_WORD), default="")

"""Better Stack (formerly Better Uptime) status pages.

`/index.json` is the whole page as JSON:API: `data.attributes` is the page, `included` its sections,
resources, status reports and status updates. Documented at
https://betterstack.com/docs/uptime/status-pages/subscribing-to-status-updates/subscribing-to-api;
the words of resources and of reports are those that readers of live pages met.

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
report operational                          resolved where it has an end, else monitoring

The page's word flips when one monitor of many fails. A report of type maintenance has no word for
being ahead or over: the time the page was fetched decides. No open report means that nothing is
open. How far back the reports reach is not documented: `history_from` is the oldest of them.
"""

from collections.abc import Iterator, Mapping
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
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.platforms.shared import fields, parts
from outlogger_cli.platforms.shared.fields import Fields

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
_IMPACTS = {
    "downtime": Impact.MAJOR,
    "degraded": Impact.MINOR,
    "maintenance": Impact.MAINTENANCE,
}
_BADNESS = {"downtime": 0, "degraded": 1, "maintenance": 2, "resolved": 4, "operational": 5}
_UNHEARD_OF = 3


def endpoints(
    page_url: str, _depth: Depth, _read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    return (Endpoint(name="index", url=fields.at(page_url, "/index.json")),)


def recognises(document: Document, /) -> bool:
    return parts.fits(_index, document)


def parse(read: Mapping[str, Document], /) -> Snapshot:
    wire = _index(read["index"])
    page = wire.object("data").object("attributes")
    wire.zone = page.zone = fields.zone_named(page.text("timezone"))
    page_url = _page_url(page)
    included = list(wire.objects("included", required=True))
    components = tuple(_components(included))
    names = {component.id: component.name for component in components}
    told = _Told(included)
    reports = [_Report(row, told, names) for row in _of_type(included, "status_report")]
    incidents = [r.incident(page_url) for r in reports if not r.planned]
    windows = [r.maintenance(page_url, read["index"].fetched_at) for r in reports if r.planned]
    raw_indicator = page.word("aggregate_state")
    return Snapshot(
        page_name=page.text("company_name"),
        page_url=page_url,
        indicator=_INDICATORS.get(raw_indicator, Severity.UNKNOWN),
        raw_indicator=raw_indicator,
        description=page.text("announcement"),
        components=components,
        incidents=fields.newest_first(incidents),
        maintenances=parts.unfinished(windows),
        history_from=parts.oldest_start(incidents),
    )


def _index(document: Document) -> Fields:
    """The JSON:API document of a page; cState answers the same address with another one."""
    wire = fields.json_object(document)
    if parts.inside(wire, "data").word("type") != "status_page":
        raise parts.not_a_page("data of type status_page")
    return wire


def _page_url(page: Fields) -> str:
    domain = page.text("custom_domain").split("//")[-1].rstrip("/")
    if domain:
        return fields.link(f"https://{domain}")
    subdomain = page.text("subdomain")
    return fields.link(f"https://{subdomain}.betteruptime.com") if subdomain else ""


def _of_type(included: list[Fields], kind: str) -> Iterator[Fields]:
    return (row for row in included if row.word("type") == kind)


def _components(included: list[Fields]) -> Iterator[Component]:
    """Resources by the place of their section, then by their own."""
    sections = {
        row.text("id"): row.object("attributes")
        for row in _of_type(included, "status_page_section")
    }
    nowhere = Fields({})
    placed = []
    for row in _of_type(included, "status_page_resource"):
        resource = row.object("attributes")
        section = sections.get(resource.text("status_page_section_id"), nowhere)
        place = (section.number("position"), resource.number("position"))
        placed.append((place, _component(row.text("id"), resource, section)))
    for _place, component in sorted(placed, key=lambda pair: pair[0]):
        yield component


def _component(resource_id: str, resource: Fields, section: Fields) -> Component:
    return Component(
        id=resource_id,
        name=resource.text("public_name", resource_id or "(no name)"),
        status=_STATUSES.get(resource.word("status"), ComponentStatus.UNKNOWN),
        raw_status=resource.text("status"),
        group=section.optional("name"),
        description=resource.optional("explanation"),
    )


class _Report:
    """A status report and its updates, which stand beside it in `included`."""

    def __init__(self, row: Fields, told: "_Told", names: Mapping[str, str]) -> None:
        self.id = row.text("id")
        self.report = row.object("attributes")
        self.names = names
        self.wires = told.updates_of(row)
        self.updates = parts.newest_updates(_update(wire) for wire in self.wires)

    @property
    def planned(self) -> bool:
        return self.report.word("report_type") == "maintenance"

    def incident(self, page_url: str) -> Incident:
        status = self._status()
        starts_at = self.report.time("starts_at")
        told = [update.created_at for update in self.updates if update.created_at]
        impact = _worst_word(self.report, *self.wires)
        return Incident(
            id=self.id,
            name=self.report.text("title", "(no title)"),
            status=status,
            raw_status=self.report.text("aggregate_state"),
            impact=_IMPACTS.get(impact, Impact.MINOR),
            raw_impact=impact,
            started_at=starts_at or min(told, default=None),
            resolved_at=None
            if status.open
            else self.report.time("ends_at") or max(told, default=None),
            updated_at=max(told, default=starts_at),
            links=self._links(),
            url=page_url,
            updates=self.updates,
        )

    def maintenance(self, page_url: str, now: datetime) -> Maintenance:
        return Maintenance(
            id=self.id,
            name=self.report.text("title", "(no title)"),
            status=self._phase(now),
            raw_status=self.report.text("aggregate_state"),
            scheduled_for=self.report.time("starts_at"),
            scheduled_until=self.report.time("ends_at"),
            links=self._links(),
            url=page_url,
            updates=self.updates,
        )

    def _status(self) -> IncidentStatus:
        word = self.report.word("aggregate_state")
        if word == "operational" and self.report.time("ends_at"):
            return IncidentStatus.RESOLVED
        return _REPORTS.get(word, IncidentStatus.UNKNOWN)

    def _phase(self, now: datetime) -> MaintenanceStatus:
        starts_at, ends_at = self.report.time("starts_at"), self.report.time("ends_at")
        over = ends_at is not None and ends_at <= now
        if over or self.report.word("aggregate_state") == "resolved":
            return MaintenanceStatus.COMPLETED
        if starts_at is None:
            return MaintenanceStatus.UNKNOWN
        return MaintenanceStatus.IN_PROGRESS if starts_at <= now else MaintenanceStatus.SCHEDULED

    def _links(self) -> tuple[Link, ...]:
        touched = (one for wire in (self.report, *self.wires) for one in _affected(wire))
        ids = dict.fromkeys(one.text("status_page_resource_id") for one in touched)
        return tuple(Link(id=one, name=self.names.get(one, one)) for one in ids if one)


class _Told:
    """All updates of a page. They name their report, or the report lists them; pages do one or the
    other."""

    def __init__(self, included: list[Fields]) -> None:
        self._updates: list[Fields] = []
        self._by_id: dict[str, list[int]] = {}
        self._by_report: dict[str, list[int]] = {}
        for place, row in enumerate(_of_type(included, "status_update")):
            update = row.object("attributes")
            self._updates.append(update)
            self._by_id.setdefault(row.text("id"), []).append(place)
            self._by_report.setdefault(update.text("status_report_id"), []).append(place)

    def updates_of(self, report: Fields) -> list[Fields]:
        """Those of one report, in the order of the page."""
        listed = parts.inside(report, "relationships", "status_updates").objects("data")
        places = set(self._by_report.get(report.text("id"), ()))
        places.update(place for one in listed for place in self._by_id.get(one.text("id"), ()))
        return [self._updates[place] for place in sorted(places)]


def _update(wire: Fields) -> Update:
    word = _worst_word(wire)
    return Update(
        status=_REPORTS.get(word, IncidentStatus.UNKNOWN),
        raw_status=word,
        body=wire.body("message"),
        created_at=wire.time("published_at"),
    )


def _affected(wire: Fields) -> Iterator[Fields]:
    return wire.objects("affected_resources")


def _worst_word(*wires: Fields) -> str:
    """The worst state that reports and updates give the resources they touch; "" for none."""
    words = {one.word("status") for wire in wires for one in _affected(wire)}
    return min(sorted(words), key=lambda word: _BADNESS.get(word, _UNHEARD_OF), default="")

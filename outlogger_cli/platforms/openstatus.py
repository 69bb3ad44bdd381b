"""OpenStatus.

`/api/status/summary.json` holds the roll-up, the components, the open reports and the maintenance
windows. Older pages have only `/feed/json`, which also has all reports that are closed. The address
`https://api.openstatus.dev/public/status/<slug>` gives a roll-up and nothing else. The format is
that of the source, https://github.com/openstatusHQ/openstatus. A page behind a password answers
with an error.

wire                                        ours
component.status                            the Statuspage words
status.indicator                            none, minor, major, maintenance
report.status                               the Statuspage words; no impact, which counts as minor
feed: status success, info                  none, maintenance
      status degraded, error                minor, major
      monitor active, degraded, error       operational, degraded_performance, major_outage
roll-up: operational ... major_outage       the severity of that status
         incident                           major
`page.updated_at` is not read: it tells when the settings of the page were changed.
A component of the feed has no status: it is that of its monitor, degraded if an open report names
the component, under_maintenance in a window. No open report means that nothing is open.
"""

from collections.abc import Iterator

from outlogger_cli.domain.model import (
    EVER,
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
)
from outlogger_cli.platforms import Documents, accepts
from outlogger_cli.platforms.shared import addresses, build, fields, times
from outlogger_cli.platforms.shared.fields import Fields, invalid, not_a_page

HOSTS: tuple[str, ...] = ("openstatus.dev",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")
MARKS = (b"/api/status/summary.json", b"openstatus.dev")

_SUMMARY, _FEED, _ROLL_UP = "/api/status/summary.json", "/feed/json", "/public/status/"
_API = f"https://api.openstatus.dev{_ROLL_UP}"
_STATUSES = {status.value: status for status in ComponentStatus}
_INDICATORS = {severity.value: severity for severity in Severity}
_OF_FEED = {
    "success": Severity.NONE,
    "info": Severity.MAINTENANCE,
    "degraded": Severity.MINOR,
    "error": Severity.MAJOR,
}
_MONITORS = {
    "active": ComponentStatus.OPERATIONAL,
    "degraded": ComponentStatus.DEGRADED_PERFORMANCE,
    "error": ComponentStatus.MAJOR_OUTAGE,
}
_ROLL_UPS = {
    **{word: status.severity for word, status in _STATUSES.items()},
    "incident": Severity.MAJOR,
}
_FEED_KEYS = {"status", "statusReports", "maintenances"}


def endpoints(page_url: str, depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    """One document at the first of its addresses that answers, then the closed reports."""
    if _ROLL_UP in addresses.path_of(page_url):
        return (Endpoint(name="summary", url=page_url),)
    page = _page_of(page_url)
    paths = (_FEED, _SUMMARY) if page_url.rstrip("/").endswith(_FEED) else (_SUMMARY, _FEED)
    asked = [Endpoint(name="summary", url=addresses.at(page, path)) for path in paths]
    if addresses.is_on(page_url, HOSTS):
        slug = addresses.host_of(page_url).removesuffix(f".{HOSTS[0]}")
        asked.append(Endpoint(name="summary", url=_API + slug))
    if depth.has_history and not ("summary" in read and _has_no_more(read["summary"])):
        asked.append(Endpoint(name="feed", url=addresses.at(page, _FEED)))
    return tuple(asked)


def _page_of(url: str) -> str:
    """The address of the page, given that or the address of a document."""
    return addresses.api_base(url, _SUMMARY) or addresses.api_base(url, _FEED) or url


def _has_no_more(summary: Document) -> bool:
    """Whether the page has no closed reports besides those in its first document."""
    return accepts(parse, summary) and "components" not in fields.json_object(summary)


def parse(read: Documents, /) -> Snapshot:
    document = read["summary"]
    wire = fields.json_object(document)
    if wire.values.keys() == {"status"} and _ROLL_UP in document.endpoint.url:
        word = wire.word("status")
        return Snapshot(
            indicator=_ROLL_UPS.get(word, Severity.UNKNOWN),
            raw_indicator=word,
        )
    if wire.values.keys() >= _FEED_KEYS:
        return _of_feed(wire, document)
    if not _is_summary(wire):
        raise not_a_page("unexpected JSON: not the summary of an OpenStatus page")
    return _of_summary(wire, read.get("feed"))


def _is_summary(wire: Fields) -> bool:
    """Statuspage and its imitators give the page an id, or leave the components out."""
    page = wire.inside("page")
    lists = {"components", "incidents", "scheduled_maintenances"} <= wire.values.keys()
    return lists and "name" in page and "id" not in page and "status" in wire


def _of_summary(wire: Fields, feed: Document | None) -> Snapshot:
    page, status = wire.object("page"), wire.object_or_empty("status")
    raw_indicator = status.word("indicator")
    reports = [
        _report(row, "name", row.objects("incident_updates"), "body", "created_at")
        for row in wire.objects("incidents", required=True)
    ]
    closed, notes = build.later(feed, "incident history", _closed)
    return Snapshot(
        page_name=page.text("name"),
        page_url=page.url("url").rstrip("/"),
        indicator=_INDICATORS.get(raw_indicator, Severity.UNKNOWN),
        raw_indicator=raw_indicator,
        description=status.text("description"),
        components=tuple(
            build.component(row, _STATUSES) for row in wire.objects("components", required=True)
        ),
        incidents=build.newest_first((*reports, *(closed or ()))),
        maintenances=build.unfinished(
            Maintenance(
                **build.event(row, title_key="name"),
                status=build.MAINTENANCE_WORDS.get(row.word("status"), MaintenanceStatus.UNKNOWN),
                raw_status=row.text("status"),
                scheduled_for=row.time("scheduled_for"),
                scheduled_until=row.time("scheduled_until"),
            )
            for row in wire.objects("scheduled_maintenances", required=True)
        ),
        history_from=None if closed is None else EVER,
        notes=notes,
    )


def _closed(document: Document) -> list[Incident]:
    """The closed reports of the feed; the open ones are those of the summary."""
    wire = fields.json_object(document)
    return [one for one in _reports(wire, {}) if not one.status.open]


def _report(
    row: Fields,
    title_key: str,
    updates: Iterator[Fields],
    body_key: str,
    time_key: str,
    links: tuple[Link, ...] = (),
) -> Incident:
    status = build.INCIDENT_WORDS.get(row.word("status"), IncidentStatus.UNKNOWN)
    told = build.updates(updates, build.INCIDENT_WORDS, body_key=body_key, time_keys=(time_key,))
    posted = [update.created_at for update in told]
    return Incident(
        **build.event(row, title_key=title_key, links=links, updates=told),
        status=status,
        raw_status=row.text("status"),
        started_at=times.earliest(posted),
        resolved_at=None if status.open else times.latest(posted),
        updated_at=row.time("updated_at", "updatedAt") or times.latest(posted),
    )


# The feed of older pages


def _of_feed(wire: Fields, document: Document) -> Snapshot:
    names = {row.text("id"): row.text("name") for row in wire.objects("pageComponents")}
    reports = _reports(wire, names)
    windows = [
        Maintenance(
            **build.event(row, title_key="name", links=_links(row, names)),
            status=build.phase(row.time("from"), row.time("to"), document.fetched_at),
            scheduled_for=row.time("from"),
            scheduled_until=row.time("to"),
        )
        for row in wire.objects("maintenances", required=True)
    ]
    raw_indicator = wire.word("status")
    return Snapshot(
        page_name=wire.text("title"),
        page_url=addresses.link(_page_of(document.final_url)),
        indicator=_OF_FEED.get(raw_indicator, Severity.UNKNOWN),
        raw_indicator=raw_indicator,
        components=tuple(_components(wire, reports, windows)),
        incidents=build.newest_first(reports),
        maintenances=build.unfinished(windows),
        history_from=EVER,
    )


def _reports(wire: Fields, names: dict[str, str]) -> list[Incident]:
    return [
        _report(
            row,
            "title",
            row.objects("statusReportUpdates"),
            "message",
            "date",
            links=_links(row, names),
        )
        for row in wire.objects("statusReports", required=True)
    ]


def _links(row: Fields, names: dict[str, str]) -> tuple[Link, ...]:
    """The components that a report or a window names by their ids."""
    value = row.values.get("pageComponents")
    if not isinstance(value, list):
        raise invalid(f"{row.path}.pageComponents", "a list", value)
    ids = [Fields({"": one}).text("") for one in value]
    return tuple(Link(id=one, name=names.get(one, "(no name)")) for one in ids)


def _components(
    wire: Fields, reports: list[Incident], windows: list[Maintenance]
) -> Iterator[Component]:
    """The components in their order.

    One that cannot be joined with its monitor is unknown. None is known to be operational while an
    open report names something that the page does not list.
    """
    groups = {row.text("id"): row.optional("name") for row in wire.objects("pageComponentGroups")}
    monitors = {row.text("id", "(no id)"): row for row in wire.objects("monitors")}
    over = {MaintenanceStatus.SCHEDULED, MaintenanceStatus.COMPLETED}
    reported = {link.id for one in reports if one.status.open for link in one.links}
    maintained = {link.id for one in windows if one.status not in over for link in one.links}
    rows = list(wire.objects("pageComponents"))
    is_known = reported <= {row.text("id") for row in rows} - {""}
    for row in sorted(rows, key=lambda row: row.number("order")):
        monitor = monitors.get(row.text("monitorId"), Fields({}))
        status = _MONITORS.get(monitor.word("status"), ComponentStatus.UNKNOWN)
        identity = row.text("id")
        if not identity or not (is_known or status.severity.rank):
            status = ComponentStatus.UNKNOWN
        elif status.severity.rank < Severity.MINOR.rank:
            if identity in reported:
                status = ComponentStatus.DEGRADED_PERFORMANCE
            elif identity in maintained:
                status = ComponentStatus.UNDER_MAINTENANCE
        name = row.text("name", identity or "(no name)")
        yield Component(
            id=identity or name,
            name=name,
            status=status,
            raw_status=monitor.text("status"),
            group=groups.get(row.text("groupId")),
        )

"""PagerDuty status pages.

The page's HTML carries its data as JSON in `<script id="data">`. It is not documented: it is read
as https://status.pagerduty.com sends it.

wire                                        ours
update severity all_good, minor, major      impact none, minor, major
  critical, outage                          critical
  maintenance                               maintenance
impacted service all_good, minor, major     operational, degraded_performance, partial_outage
  critical, outage                          major_outage
  maintenance                               under_maintenance
update status detected, investigating       investigating
  resolved                                  resolved
An open incident is as bad as its newest update says, and so are the services that the update
names. All other services are operational. Without times the order of the updates is unknown, and
the worst of them counts. A closed incident was as bad as its worst update. There is no roll-up: no
open incident is health, unless `all_good` beside it is false. How far back the closed incidents
reach is unknown: `history_from` is the oldest of them. The format of `posts` was not seen; they
are not read.

A page without incidents has only a headline, whose `globalStatusHeadlineHasError` is read as minor.
False says nothing: pages with an open incident have it, too.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

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
    Severity,
    Snapshot,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import build, fields, html, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("status.pagerduty.com",)
CAN: tuple[str, ...] = ("components", "history")

_SCRIPT = re.compile(rb"<script\b[^<>]*>", re.I)
_DATA = re.compile(rb"\sid=(?:\"data\"|'data'|data(?=[\s>]))", re.I)
_END = re.compile(rb"</script>", re.I)
_IMPACTS = {
    "all_good": Impact.NONE,
    "minor": Impact.MINOR,
    "major": Impact.MAJOR,
    "critical": Impact.CRITICAL,
    "outage": Impact.CRITICAL,
    "maintenance": Impact.MAINTENANCE,
}
_STATUSES = {
    "all_good": ComponentStatus.OPERATIONAL,
    "minor": ComponentStatus.DEGRADED_PERFORMANCE,
    "major": ComponentStatus.PARTIAL_OUTAGE,
    "critical": ComponentStatus.MAJOR_OUTAGE,
    "outage": ComponentStatus.MAJOR_OUTAGE,
    "maintenance": ComponentStatus.UNDER_MAINTENANCE,
}
_UNKNOWN = ComponentStatus.UNKNOWN
_BY_HARM = (
    ComponentStatus.OPERATIONAL,
    ComponentStatus.UNDER_MAINTENANCE,
    _UNKNOWN,
    ComponentStatus.DEGRADED_PERFORMANCE,
    ComponentStatus.PARTIAL_OUTAGE,
    ComponentStatus.MAJOR_OUTAGE,
)
_STATES = {**build.INCIDENT_WORDS, "detected": IncidentStatus.INVESTIGATING}
_TIMES = ("reported_at", "created_at")
_IMPACTED = "impacted_business_services"


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    return (html.page_endpoint(page_url),)


def parse(read: Documents, /) -> Snapshot:
    data = _data(read["page"])
    page = Snapshot(
        page_name=html.page_name(read),
        page_url=html.page_address(read),
        indicator=Severity.UNKNOWN,
    )
    return _of_incidents(page, data) if _lists_incidents(data) else _of_headline(page, data)


def _data(document: Document) -> Fields:
    start = next((t.end() for t in _SCRIPT.finditer(document.body) if _DATA.search(t[0])), 0)
    end = _END.search(document.body, start) if start else None
    if end is None:
        raise not_a_page("the answer is not a page with PagerDuty's data in it")
    data = fields.json_object(replace(document, body=document.body[start : end.start()]))
    if not _lists_incidents(data) and not _headline(data).values:
        raise not_a_page("the answer is JSON but has no open incidents and no headline")
    return data


def _lists_incidents(data: Fields) -> bool:
    return "open_incidents" in data.inside("summary")


def _headline(data: Fields) -> Fields:
    return data.inside("layout", "layout_settings", "statusPage")


def _of_headline(page: Snapshot, data: Fields) -> Snapshot:
    headline = _headline(data)
    has_error = headline.flag("globalStatusHeadlineHasError")
    return replace(
        page,
        indicator=Severity.MINOR if has_error else Severity.UNKNOWN,
        description=headline.text("globalStatusHeadline"),
    )


def _of_incidents(page: Snapshot, data: Fields) -> Snapshot:
    summary = data.object("summary")
    listed = summary.objects("post_status_page_services")
    services = [row for row in listed if row.values.get("is_active") is not False]
    index = _index(services)
    rows = list(summary.objects("open_incidents", required=True))
    current = [_incident(row, index, closed=False) for row in rows]
    closed = [_incident(row, index, closed=True) for row in summary.objects("resolved_incidents")]
    affected = _affected(rows, index)
    groups = _groups(data)
    found = build.worst_open(current)
    denied = False in (data.values.get("all_good"), summary.values.get("all_good"))
    posts = len(list(summary.objects("posts")))
    return replace(
        page,
        indicator=Severity.UNKNOWN if denied and found is Severity.NONE else found,
        indicator_of_incidents=True,
        components=tuple(_component(row, affected, groups) for row in services),
        incidents=build.merge(current, closed),
        history_from=build.oldest_start(closed),
        notes=(f"posts of the page not read: {posts}",) if posts else (),
    )


def _groups(data: Fields) -> Mapping[str, str | None]:
    """The name of each service's group, by the service's outer id."""
    settings = data.object_or_empty("layout").object_or_empty("layout_settings")
    rows = list(settings.objects("business_services"))
    names = {row.text("id"): row.optional("name") for row in rows if row.flag("grouping_element")}
    return {row.text("id"): names.get(row.text("Head_ID")) for row in rows}


def _id(service: Fields) -> str:
    return service.text("id", service.text("name", "(no name)"))


def _index(services: Iterable[Fields]) -> Mapping[str, list[str]]:
    """The services that go by a name, or by one of their two ids; those by "" are all of them."""
    found: dict[str, list[str]] = {"": []}
    for row in services:
        for key in {_id(row), row.text("external_business_service_id"), row.text("name"), ""}:
            found.setdefault(key, []).append(_id(row))
    return found


def _services_of(impacted: Fields, index: Mapping[str, list[str]]) -> list[str]:
    """The services that an update names by their ids or, without ids, by name.

    None if the page does not list it. All of them if it names none, as it may be any.
    """
    ids = [impacted.text("id"), impacted.text("business_service_id")]
    keys = [key for key in ids if key] or [impacted.text("name")]
    return next((index[key] for key in keys if key in index), [])


def _affected(
    incidents: Iterable[Fields], index: Mapping[str, list[str]]
) -> Mapping[str, list[str]]:
    """The severities that open incidents give to services, by id; "" if one does not tell."""
    found: dict[str, list[str]] = {}
    for update in (update for row in incidents for update in _present(row) or [Fields({})]):
        named = [(_severity(row), _services_of(row, index)) for row in update.objects(_IMPACTED)]
        if not isinstance(update.values.get(_IMPACTED), list):
            named = [("", index[""])]
        for severity, services in named:
            for service in services:
                found.setdefault(service, []).append(severity)
    return found


def _component(
    row: Fields, affected: Mapping[str, list[str]], groups: Mapping[str, str | None]
) -> Component:
    # an incident may name a service by the name that is missing here
    words = affected.get(_id(row), ["all_good" if row.text("name") else ""])
    given = {word: _STATUSES.get(word, _UNKNOWN) for word in words}
    severity = max(given, key=lambda word: _BY_HARM.index(given[word]))
    return Component(
        id=_id(row),
        name=row.text("name", _id(row)),
        status=given[severity],
        raw_status=severity,
        group=groups.get(row.text("external_business_service_id")),
    )


def _incident(row: Fields, index: Mapping[str, list[str]], *, closed: bool) -> Incident:
    updates, present = list(row.objects("updates")), _present(row)
    words = {_severity(update) for update in (updates if closed else present)} or {""}
    impacts = {word: _IMPACTS.get(word, Impact.MINOR) for word in sorted(words)}
    severity = max(impacts, key=lambda word: impacts[word].severity.rank)
    state = present[0].text("status") if len(present) == 1 else ""
    status = _STATES.get(state.lower(), IncidentStatus.UNKNOWN)
    if closed or not status.open:
        # the list that an incident is in says more than its newest update
        status = IncidentStatus.RESOLVED if closed else IncidentStatus.UNKNOWN
    moments = [update.time(*_TIMES) for update in updates]
    latest = times.latest(moments)
    return Incident(
        id=row.text("id", row.text("title")),
        name=row.text("title", "(no title)"),
        status=status,
        raw_status=state,
        impact=impacts[severity],
        raw_impact=severity,
        started_at=times.earliest(moments),
        resolved_at=latest if closed else None,
        updated_at=latest,
        links=_links(updates, index),
        updates=build.updates(updates, _STATES, body_key="message", time_keys=_TIMES),
    )


def _links(updates: Iterable[Fields], index: Mapping[str, list[str]]) -> tuple[Link, ...]:
    """The services that the updates name, each once; a name that several have is no link."""
    found: dict[str, Link] = {}
    for impacted in (row for update in updates for row in update.objects(_IMPACTED)):
        services, name = _services_of(impacted, index), impacted.text("name")
        link = Link(
            id=services[0] if len(services) == 1 else impacted.optional("id"),
            name=name,
        )
        if link.id or name:
            found.setdefault(link.id or name, link)
    return tuple(found.values())


def _present(row: Fields) -> list[Fields]:
    """The newest update of an open incident, or all of them if one of them has no time."""
    updates = list(row.objects("updates"))
    if all(update.time(*_TIMES) for update in updates):
        return fields.rows_newest_first(updates, *_TIMES)[:1]
    return updates


def _severity(row: Fields) -> str:
    return row.word("severity").replace(" ", "_")

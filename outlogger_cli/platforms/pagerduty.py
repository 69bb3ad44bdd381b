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
from collections.abc import Iterable, Mapping, Sequence

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
from outlogger_cli.domain.values import replace
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import build, fields, html, times
from outlogger_cli.platforms.shared.documents import HEAD_LIMIT, once
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
    data = fields.json_object(replace(document, body=once(_script, document.body)))
    if not _lists_incidents(data) and not _headline(data).values:
        raise not_a_page("unexpected JSON without open incidents and no headline")
    return data


def _script(body: bytes) -> bytes:
    """The JSON in the page's HTML, which may reach beyond the part in which its tag is looked for.

    Raises `not_a_status_page` if there is none.
    """
    found = _SCRIPT.finditer(body, 0, HEAD_LIMIT)
    start = next((tag.end() for tag in found if _DATA.search(tag[0])), 0)
    end = _END.search(body, start) if start else None
    if end is None:
        raise not_a_page("unexpected HTML: no PagerDuty data")
    return body[start : end.start()]


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
    ids = _ids(services)
    rows = list(summary.objects("open_incidents", required=True))
    current = [_incident(row, ids, closed=False) for row in rows]
    closed = [_incident(row, ids, closed=True) for row in summary.objects("resolved_incidents")]
    affected, groups = _affected(rows), _groups(data)
    found = build.worst_open(current)
    denied = False in (data.values.get("all_good"), summary.values.get("all_good"))
    posts = len(list(summary.objects("posts")))
    return replace(
        page,
        indicator=Severity.UNKNOWN if denied and found is Severity.NONE else found,
        indicator_of_incidents=True,
        components=_by_group([_component(row, affected, groups) for row in services]),
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


def _ids(services: Iterable[Fields]) -> Mapping[str, str]:
    """The id of a service by both of its ids, and by its name; "" if several have the name."""
    found: dict[str, str] = {}
    for row in services:
        name = row.text("name")
        found[name] = "" if name in found else _id(row)
    for row in services:
        found |= dict.fromkeys((_id(row), row.text("external_business_service_id")), _id(row))
    return {key: service_id for key, service_id in found.items() if key}


def _keys(impacted: Fields) -> list[str]:
    """What an update calls a service: its ids or, without ids, its name."""
    ids = [impacted.text("id"), impacted.text("business_service_id")]
    return [key for key in ids if key] or [impacted.text("name")]


def _affected(incidents: Iterable[Fields]) -> Mapping[str, str]:
    """The worst severity that open incidents give to services, by what they call them.

    Under "" is that of services without a name, which may be any, and "" if an incident does not
    tell which services it affects.
    """
    found: dict[str, set[str]] = {}
    for update in (update for row in incidents for update in _present(row) or [Fields({})]):
        if not isinstance(update.values.get(_IMPACTED), list):
            found.setdefault("", set()).add("")
        for impacted in update.objects(_IMPACTED):
            for key in _keys(impacted):
                found.setdefault(key, set()).add(_severity(impacted))
    return {key: _worst(words) for key, words in found.items()}


def _worst(words: Iterable[str]) -> str:
    """The worst of `words`; of several that are as bad, the first of the alphabet."""
    return max(sorted(words), key=lambda word: _BY_HARM.index(_STATUSES.get(word, _UNKNOWN)))


def _component(
    row: Fields, affected: Mapping[str, str], groups: Mapping[str, str | None]
) -> Component:
    name, outer_id = row.text("name"), row.text("external_business_service_id")
    words = {affected[key] for key in (_id(row), outer_id, name, "") if key in affected}
    # an incident may call a service by the name that is missing here
    severity = _worst(words or {"all_good" if name else ""})
    return Component(
        id=_id(row),
        name=name or _id(row),
        status=_STATUSES.get(severity, _UNKNOWN),
        raw_status=severity,
        group=groups.get(outer_id),
    )


def _by_group(components: Sequence[Component]) -> tuple[Component, ...]:
    """Components in their order, but those of a group after its first one."""
    first: dict[str, int] = {}
    places = [first.setdefault(c.group or c.id, index) for index, c in enumerate(components)]
    order = sorted(range(len(components)), key=places.__getitem__)
    return tuple(components[index] for index in order)


def _incident(row: Fields, ids: Mapping[str, str], *, closed: bool) -> Incident:
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
        links=_links(updates, ids),
        updates=build.updates(updates, _STATES, body_key="message", time_keys=_TIMES),
    )


def _links(updates: Iterable[Fields], ids: Mapping[str, str]) -> tuple[Link, ...]:
    """The services that the updates name, each once."""
    found: dict[str, Link] = {}
    for impacted in (row for update in updates for row in update.objects(_IMPACTED)):
        known = next((ids[key] for key in _keys(impacted) if ids.get(key)), None)
        link = Link(id=known or impacted.optional("id"), name=impacted.text("name"))
        if link.id or link.name:
            found.setdefault(link.id or link.name, link)
    return tuple(found.values())


def _present(row: Fields) -> list[Fields]:
    """The newest update of an open incident, or all of them if one of them has no time."""
    updates = list(row.objects("updates"))
    if all(update.time(*_TIMES) for update in updates):
        return fields.rows_newest_first(updates, *_TIMES)[:1]
    return updates


def _severity(row: Fields) -> str:
    return row.word("severity").replace(" ", "_")

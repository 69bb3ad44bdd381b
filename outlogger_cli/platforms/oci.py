"""Oracle Cloud Infrastructure's own status page.

`https://ocistatus.oraclecloud.com/api/v2/components.json` holds every service of every region,
`/api/v2/status.json` the roll-up, `/api/v2/incident-summary.rss` the incidents, open and closed.
They are not documented: the format is what other programs read. The roll-up may say that all is
well while a service is not.

wire                                        ours
NormalPerformance                           operational
ServiceDisruption                           partial_outage
any other word                              unknown; degraded_performance if incidents are listed
status.indicator                            the Statuspage words
incident severity                           impact: the severity of the same word for a service
<strong>Investigating</strong> ...          the Statuspage words, the newest update first

A component is a service in one region, in the group of its region. An incident that a service names
and the feed lacks is open. Without the roll-up the page is at best unknown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from outlogger_cli.domain import text
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Incident,
    IncidentStatus,
    Link,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.domain.values import replace
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, entries, fields, times, written_times
from outlogger_cli.platforms.shared.entries import Entry
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("ocistatus.oraclecloud.com",)
CAN: tuple[str, ...] = ("components", "history")

_API = "https://ocistatus.oraclecloud.com/api/v2"
_PAGE = "https://ocistatus.oraclecloud.com"
_DOCUMENTS = {
    "components": "components.json",
    "status": "status.json",
    "incidents": "incident-summary.rss",
}
_STATUSES = {
    "normalperformance": ComponentStatus.OPERATIONAL,
    "servicedisruption": ComponentStatus.PARTIAL_OUTAGE,
}
_INDICATORS = {severity.value: severity for severity in Severity}
_PARAGRAPH = re.compile(r"<p\b[^<>]{0,200}>", re.I)
_MESSAGE = re.compile(r"\s{0,9}<strong>([^<>]{1,40})</strong>\s{0,9}[-–—:]?(.*)", re.I | re.S)
_TIME = re.compile(r"<b>(Start|End) Time:?</b>:?([^<>]{1,60})", re.I)


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    """All documents at any depth: a service may be down although the roll-up is fine."""
    bases = (addresses.api_base(page_url, f"/{path}") for path in _DOCUMENTS.values())
    folder = next(filter(None, bases), "") or addresses.vendors_own(page_url, HOSTS, _API)
    return tuple(Endpoint(name=name, url=f"{folder}/{path}") for name, path in _DOCUMENTS.items())


def parse(read: Documents, /) -> Snapshot:
    wire = fields.json_object(read["components"])
    if "regionHealthReports" not in wire:
        raise not_a_page("unexpected JSON without regionHealthReports")
    found = list(_services(wire))
    components = tuple(component for component, _ in found)
    status, no_status = build.later(read.get("status"), "roll-up", _status)
    listed, no_feed = build.later(read.get("incidents"), "incident history", _feed)
    page = status or Fields({})
    word = page.inside("status").word("indicator")
    named = _named(found)
    in_feed = [_from_feed(entry, named, read["incidents"].fetched_at) for entry in listed or ()]
    known = {incident.id for incident in in_feed}
    indicator = _INDICATORS.get(word, Severity.UNKNOWN)
    return Snapshot(
        page_name=page.inside("page").text("name", "Oracle Cloud Infrastructure"),
        page_url=_PAGE,
        page_updated_at=page.inside("page").time("updated_at"),
        indicator=build.certain(indicator, unsure=not components),
        raw_indicator=word,
        description=page.inside("status").text("description"),
        components=components,
        incidents=build.newest_first(
            (*in_feed, *(one for key, one in named.items() if key not in known))
        ),
        history_from=build.oldest_start(in_feed),
        notes=(*no_status, *no_feed),
    )


def _services(wire: Fields) -> Iterator[tuple[Component, list[Fields]]]:
    """The services of all regions, each with the incidents that it names."""
    for region in wire.objects("regionHealthReports", required=True):
        place = region.text("regionId", region.text("regionName"))
        for row in region.objects("serviceHealthReports", required=True):
            incidents = list(row.objects("incidents"))
            word, name = row.word("serviceStatus"), row.text("serviceName", "(no name)")
            hinted = ComponentStatus.DEGRADED_PERFORMANCE if incidents else ComponentStatus.UNKNOWN
            yield (
                Component(
                    id=f"{place}/{row.text('serviceId', name)}",
                    name=name,
                    status=_STATUSES.get(word, hinted),
                    raw_status=row.text("serviceStatus"),
                    group=region.optional("regionName") or place or None,
                ),
                incidents,
            )


def _named(services: Iterable[tuple[Component, list[Fields]]]) -> dict[str, Incident]:
    """The incidents that services name, by id, as far as these tell of them."""
    found: dict[str, list[tuple[Component, str]]] = {}
    for component, rows in services:
        for row in rows:
            key = row.text("incidentId", component.id)
            found.setdefault(key, []).append((component, row.text("severity")))
    named = {}
    for key, told in found.items():
        impact, word = build.impact_of((severity for _, severity in told), _STATUSES)
        first = told[0][0]
        named[key] = Incident(
            id=key,
            name=f"{first.name} | {first.group}" if first.group else first.name,
            impact=impact,
            raw_impact=word,
            links=tuple(Link(id=one.id, name=one.name) for one, _ in told),
        )
    return named


def _status(document: Document) -> Fields:
    """The roll-up; raises `PageError` if it has another form."""
    wire = fields.json_object(document)
    wire.object_or_empty("page")
    wire.object_or_empty("status")
    return wire


def _feed(document: Document) -> list[Entry]:
    return entries.read(document)[1]


def _from_feed(entry: Entry, named: Mapping[str, Incident], now: datetime) -> Incident:
    """What an entry says; its newest update is the first, and gives no time."""
    identity = entry.id.rpartition("/")[2]
    said = named.get(identity, Incident(id=identity, name=entry.name))
    given = [
        (kind.lower(), written_times.from_text(text.line(value), entry.moment))
        for kind, value in _TIME.findall(entry.markup)
    ]
    updates = tuple(map(_update, filter(None, map(_MESSAGE.match, _PARAGRAPH.split(entry.markup)))))
    newest = next((one for one in updates if one.raw_status.lower() != "update"), None)
    ended_at = next((at for kind, at in given if kind == "end"), None)
    status = newest.status if newest else IncidentStatus.UNKNOWN
    if newest is None and ended_at and ended_at <= now:
        status = IncidentStatus.RESOLVED
    return replace(
        said,
        name=entry.name,
        status=status,
        raw_status=newest.raw_status if newest else "",
        started_at=times.earliest(
            [entry.published, *(at for kind, at in given if kind == "start")]
        ),
        resolved_at=None if status.open else ended_at or entry.moment,
        updated_at=entry.updated,
        url=entry.url,
        updates=updates,
    )


def _update(message: re.Match[str]) -> Update:
    word = text.line(message[1])
    return Update(
        status=build.INCIDENT_WORDS.get(word.lower(), IncidentStatus.UNKNOWN),
        raw_status=word,
        body=text.body(message[2]),
    )

"""The AWS Health Dashboard.

`https://health.aws.amazon.com/public/currentevents` is what the dashboard itself reads: a bare
list of the events of the last hours, in UTF-16 with a byte order mark. It is not documented. The
older `status.aws.amazon.com/data.json`, `{archive, current}`, is read too, and so is the RSS feed
of one service in one region, `status.aws.amazon.com/rss/<service>-<region>.rss`, as any feed is.

wire                                  ours
status 0, or summary "[RESOLVED] ..." resolved; so is everything in `archive`
status 1 informational, 2 degradation investigating, impact minor
status 3 disruption                   investigating, impact major: one event is one region
any other status                      unknown, impact minor
An empty list means health.
"""

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Depth,
    Document,
    Endpoint,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Snapshot,
    Update,
)
from outlogger_cli.platforms import Documents, feed
from outlogger_cli.platforms.shared import addresses, build, fields, times, xml
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("health.aws.amazon.com", "status.aws.amazon.com")
CAN: tuple[str, ...] = ()

EVENTS = "https://health.aws.amazon.com/public/currentevents"
EVENT_PAGE = "https://health.aws.amazon.com/health/status?eventID="

_STATUSES = {
    "0": IncidentStatus.RESOLVED,
    "1": IncidentStatus.INVESTIGATING,
    "2": IncidentStatus.INVESTIGATING,
    "3": IncidentStatus.INVESTIGATING,
}
_IMPACTS = {"1": Impact.MINOR, "2": Impact.MINOR, "3": Impact.MAJOR}


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    direct = addresses.path_of(page_url).endswith(("/currentevents", "/data.json", ".rss"))
    url = page_url if direct else addresses.vendors_own(page_url, HOSTS, EVENTS)
    return (Endpoint(name="events", url=url),)


def recognises(document: Document, /) -> bool:
    """An empty list is one of AWS only on the hosts of AWS."""
    if _is_own_feed(document):
        return True
    try:
        rows = [row for part in _wire(document) for row in part]
    except PageError:
        return False
    own = addresses.is_on(document.endpoint.url, HOSTS)
    return all(_is_event(row) for row in rows) if rows else own


def parse(read: Documents, /) -> Snapshot:
    if _is_own_feed(read["events"]):
        return feed.parse({"feed": read["events"]})
    current, archive = _wire(read["events"])
    rows = [*current, *archive]
    if rows and not any(_is_event(row) for row in rows):
        raise not_a_page("unexpected JSON: not a list of AWS events")
    past = [_incident(row, over=True) for row in archive]
    incidents = [*(_incident(row, over=False) for row in current), *past]
    return Snapshot(
        indicator=build.worst_open(incidents),
        indicator_of_incidents=True,
        incidents=build.newest_first(incidents),
        history_from=build.oldest_start(past),
    )


def _is_own_feed(document: Document) -> bool:
    try:
        channel = xml.channel_of(xml.root_of(document))
    except PageError:
        return False
    return addresses.is_on(channel.url("link"), HOSTS)


def _wire(document: Document) -> tuple[list[Fields], list[Fields]]:
    """The current events and, in the older format only, the archived ones."""
    value = fields.json_value(document)
    if not isinstance(value, dict) or not {"archive", "current"} <= value.keys():
        return fields.bare_list(document, "events"), []
    older = Fields(value)
    current, archive = (list(older.objects(key, required=True)) for key in ("current", "archive"))
    return current, archive


def _is_event(row: Fields) -> bool:
    return {"date", "status", "service", "service_name", "summary"} <= row.values.keys()


def _incident(row: Fields, *, over: bool) -> Incident:
    word = row.text("status")
    resolved = over or row.text("summary").upper().startswith("[RESOLVED]")
    known = IncidentStatus.RESOLVED if resolved else _STATUSES.get(word)
    status, impact = known or IncidentStatus.UNKNOWN, _IMPACTS.get(word)
    updates = _updates(row) or _described(row, status)
    posted = [update.created_at for update in updates]
    latest = times.latest(posted)
    return Incident(
        id=row.text("arn", f"{row.text('service')} {row.text('date')}"),
        name=_name(row),
        status=status,
        raw_status=build.coded(known, "status", word),
        impact=impact or Impact.MINOR,
        raw_impact=build.coded(impact, "status", word),
        started_at=times.earliest([row.epoch("date"), *posted]),
        resolved_at=None if status.open else row.epoch("end_time") or latest,
        updated_at=latest,
        links=_links(row),
        url=addresses.link(EVENT_PAGE + row.text("arn")) if row.text("arn") else "",
        updates=updates,
    )


def _name(row: Fields) -> str:
    """The service, its region and the summary, which names neither.

    The older format has the region in the service's name.
    """
    service, region = row.text("service_name"), row.text("region_name")
    place = f"{service} ({region})" if region else service
    return f"{place}: {row.text('summary', '(no title)')}"


def _links(row: Fields) -> tuple[Link, ...]:
    if row.values.get("impacted_services") is None:
        return (Link(id=row.optional("service"), name=row.text("service_name")),)
    services = row.object("impacted_services")
    return tuple(
        Link(id=text.line(key), name=services.object(key).text("service_name"))
        for key in services.values
    )


def _updates(row: Fields) -> tuple[Update, ...]:
    return build.newest_updates(
        Update(
            status=_STATUSES.get(entry.text("status"), IncidentStatus.UNKNOWN),
            raw_status=entry.text("status"),
            body=entry.body("message") or entry.body("summary"),
            created_at=entry.epoch("timestamp"),
        )
        for entry in row.objects("event_log")
    )


def _described(row: Fields, status: IncidentStatus) -> tuple[Update, ...]:
    """The older format has its timeline in one text, with times of day but without dates."""
    update = Update(
        status=status,
        raw_status=row.text("status"),
        body=row.body("description"),
        created_at=row.epoch("date"),
    )
    return (update,) if update.body else ()

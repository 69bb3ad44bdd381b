"""Google's status dashboards: Google Cloud, Google Workspace, Firebase and their relatives.

`<page>/incidents.json` is a bare list of incidents, open and closed, of the last weeks or months;
its schema is https://status.cloud.google.com/incidents.schema.json. There is no page, no roll-up,
no component table and no maintenance in it.

wire                                  ours
severity low, medium, high            minor, major, critical; any other word minor
end: a date                           resolved; an AVAILABLE update alone closes nothing
update.status AVAILABLE               monitoring, and resolved once the incident has ended
... SERVICE_INFORMATION, _DISRUPTION, _OUTAGE   investigating
An empty incident list means health.
"""

from collections.abc import Mapping
from datetime import datetime

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
from outlogger_cli.platforms.shared import events, fields, parts, reading
from outlogger_cli.platforms.shared.fields import Fields

HOSTS: tuple[str, ...] = (
    "status.cloud.google.com",
    "status.firebase.google.com",
    "status.search.google.com",
    "status.play.google.com",
    "ads.google.com",
    "www.google.com",
)
CAN: tuple[str, ...] = ("history",)

_IMPACTS = {
    "low": Impact.MINOR,
    "medium": Impact.MAJOR,
    "high": Impact.CRITICAL,
}
_STATUSES = {
    "available": IncidentStatus.MONITORING,
    "service_information": IncidentStatus.INVESTIGATING,
    "service_disruption": IncidentStatus.INVESTIGATING,
    "service_outage": IncidentStatus.INVESTIGATING,
}


def endpoints(
    page_url: str, _depth: Depth, _read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    direct = reading.path_of(page_url).endswith(".json")
    url = page_url if direct else fields.at(page_url, "/incidents.json")
    return (Endpoint(name="incidents", url=url),)


def recognises(document: Document) -> bool:
    try:
        rows = events.rows(document, "incidents")
    except PageError:
        return False
    return all(_is_incident(row) for row in rows) if rows else events.asked_of(document, HOSTS)


def parse(read: Mapping[str, Document]) -> Snapshot:
    document = read["incidents"]
    rows = events.rows(document, "incidents")
    if rows and not any(_is_incident(row) for row in rows):
        raise reading.not_a_page("the answer is a list, but not of Google's incidents")
    incidents = [_incident(row, document) for row in rows]
    return Snapshot(
        page_name="",
        page_url="",
        indicator=events.roll_up(incidents),
        raw_indicator="",
        description="",
        indicator_of_incidents=True,
        incidents=fields.newest_first(incidents),
        history_from=_history_from(incidents),
    )


def _is_incident(row: Fields) -> bool:
    return {"id", "begin", "external_desc", "updates"} <= row.values.keys()


def _history_from(incidents: list[Incident]) -> datetime | None:
    """The list holds what was changed lately, back to a day it does not name: everything that
    was going on after the oldest change in it is surely there."""
    return reading.earliest(incident.updated_at for incident in incidents)


def _incident(row: Fields, document: Document) -> Incident:
    ended = reading.passed(row, "end", document)
    told = _updates(row, ended=ended is not None)
    latest = told[0].status if told else IncidentStatus.INVESTIGATING
    uri = row.text("uri")
    return Incident(
        id=row.text("id"),
        name=row.text("external_desc", "(no title)"),
        status=IncidentStatus.RESOLVED if ended else latest,
        raw_status=told[0].raw_status if told else "",
        impact=_IMPACTS.get(row.word("severity"), Impact.MINOR),
        raw_impact=row.text("severity"),
        started_at=reading.earliest([row.time("begin"), row.time("created")]),
        resolved_at=ended,
        updated_at=row.time("modified"),
        links=_links(row),
        url=reading.link_from(document.endpoint.url, uri) if uri else "",
        updates=told,
    )


def _links(row: Fields) -> tuple[Link, ...]:
    """A product may have been renamed since: `current_title` is what the page shows today."""
    return tuple(
        Link(id=product.optional("id"), name=product.text("current_title", product.text("title")))
        for product in row.objects("affected_products")
    )


def _updates(row: Fields, *, ended: bool) -> tuple[Update, ...]:
    words = {**_STATUSES, "available": IncidentStatus.RESOLVED} if ended else _STATUSES
    found = [
        Update(
            status=words.get(update.word("status"), IncidentStatus.UNKNOWN),
            raw_status=update.text("status"),
            body=update.body("text"),
            created_at=update.time("when") or update.time("created"),
        )
        for update in row.objects("updates")
    ]
    return parts.newest_updates(found)

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
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = (
    "status.cloud.google.com",
    "status.firebase.google.com",
    "status.search.google.com",
    "status.play.google.com",
    "ads.google.com",
    "www.google.com",
)
CAN: tuple[str, ...] = ("history",)

_IMPACTS = {"low": Impact.MINOR, "medium": Impact.MAJOR, "high": Impact.CRITICAL}
_STATUSES = {
    "available": IncidentStatus.MONITORING,
    "service_information": IncidentStatus.INVESTIGATING,
    "service_disruption": IncidentStatus.INVESTIGATING,
    "service_outage": IncidentStatus.INVESTIGATING,
}


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    direct = addresses.path_of(page_url).endswith(".json")
    url = page_url if direct else addresses.at(page_url, "/incidents.json")
    return (Endpoint(name="incidents", url=url),)


def recognises(document: Document, /) -> bool:
    """An empty list is one of Google's only on Google's own hosts."""
    try:
        rows = fields.bare_list(document, "incidents")
    except PageError:
        return False
    own = addresses.is_on(document.endpoint.url, HOSTS)
    return all(_is_incident(row) for row in rows) if rows else own


def parse(read: Documents, /) -> Snapshot:
    document = read["incidents"]
    rows = fields.bare_list(document, "incidents")
    if rows and not any(_is_incident(row) for row in rows):
        raise not_a_page("unexpected JSON: not a list of Google's incidents")
    incidents = [_incident(row, document) for row in rows]
    return Snapshot(
        indicator=build.worst_open(incidents),
        indicator_of_incidents=True,
        incidents=build.newest_first(incidents),
        # the list goes back to an unnamed day: what was open after its oldest change is in it
        history_from=times.earliest(incident.updated_at for incident in incidents),
    )


def _is_incident(row: Fields) -> bool:
    return {"id", "begin", "external_desc", "updates"} <= row.values.keys()


def _incident(row: Fields, document: Document) -> Incident:
    ended = build.passed(row, "end", document)
    updates = build.updates(
        row.objects("updates"),
        {**_STATUSES, "available": IncidentStatus.RESOLVED} if ended else _STATUSES,
        body_key="text",
        time_keys=("when", "created"),
    )
    newest = updates[0] if updates else Update(status=IncidentStatus.INVESTIGATING, body="")
    uri = row.text("uri")
    return Incident(
        id=row.text("id"),
        name=row.text("external_desc", "(no title)"),
        status=IncidentStatus.RESOLVED if ended else newest.status,
        raw_status=newest.raw_status,
        impact=_IMPACTS.get(row.word("severity"), Impact.MINOR),
        raw_impact=row.text("severity"),
        started_at=times.earliest([row.time("begin"), row.time("created")]),
        resolved_at=ended,
        updated_at=row.time("modified"),
        links=_links(row),
        url=addresses.link_from(document.endpoint.url, uri) if uri else "",
        updates=updates,
    )


def _links(row: Fields) -> tuple[Link, ...]:
    """A product may have been renamed since: `current_title` is what the page shows today."""
    return tuple(
        Link(id=product.optional("id"), name=product.text("current_title", product.text("title")))
        for product in row.objects("affected_products")
    )

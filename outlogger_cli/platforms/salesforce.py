"""Salesforce Trust.

`https://api.status.salesforce.com/v1/instances/status/preview` lists every instance with its status
and open incidents, `/v1/incidents` what happened. Documented at
https://api.status.salesforce.com/v1/docs. A page address with a product
(`/products/Salesforce_Services`) asks for the instances of that product, one with an instance
(`/instances/EU42`) for that one. The list was last seen in 2020; of the times and severities
inside an incident only the names are known.

wire                                        ours
OK                                          operational
INFORMATIONAL_CORE, _NONCORE                operational: a message, not a problem
MAINTENANCE_CORE, _NONCORE                  under_maintenance
MINOR_INCIDENT_CORE, _NONCORE               degraded_performance
MAJOR_INCIDENT_NONCORE                      partial_outage
MAJOR_INCIDENT_CORE                         major_outage
impact severity minor, major                impact minor, major
incident with an impact that has not ended  investigating
incident whose impacts have all ended       resolved

There is no roll-up: the indicator is the worst instance, and among some hundred instances one is
nearly always under maintenance or worse. An instance is in the group of its location; an inactive
one is left out. An incident that names only instances outside the list is left out too.
No incident means that nothing is open. How far back `/v1/incidents` reaches is not documented:
`history_from` is the oldest of them. Planned maintenance is read from the status alone.
"""

import re

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
    Snapshot,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("status.salesforce.com",)
CAN: tuple[str, ...] = ("components", "history")

_API = "https://api.status.salesforce.com/v1"
_PAGE = "https://status.salesforce.com"
_OF_PRODUCT = re.compile(r"/products/([\w-]+)")
_OF_INSTANCE = re.compile(r"/instances/([\w-]+)")
_STATUSES = {
    "ok": ComponentStatus.OPERATIONAL,
    "informational_core": ComponentStatus.OPERATIONAL,
    "informational_noncore": ComponentStatus.OPERATIONAL,
    "maintenance_core": ComponentStatus.UNDER_MAINTENANCE,
    "maintenance_noncore": ComponentStatus.UNDER_MAINTENANCE,
    "minor_incident_core": ComponentStatus.DEGRADED_PERFORMANCE,
    "minor_incident_noncore": ComponentStatus.DEGRADED_PERFORMANCE,
    "major_incident_noncore": ComponentStatus.PARTIAL_OUTAGE,
    "major_incident_core": ComponentStatus.MAJOR_OUTAGE,
}
_IMPACTS = {"major": Impact.MAJOR, "minor": Impact.MINOR}


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    """Both documents at any depth: an open incident need not be listed at an instance."""
    return (
        Endpoint(name="instances", url=_instances_url(page_url)),
        Endpoint(name="incidents", url=f"{_api(page_url)}/incidents"),
    )


def _api(page_url: str) -> str:
    """The API at the root of the page's host: a path names a product or an instance."""
    return addresses.vendors_own(addresses.origin_of(page_url), HOSTS, _API)


def _instances_url(page_url: str) -> str:
    path, api = addresses.path_of(page_url), _api(page_url)
    if path.startswith("/v1/"):
        return page_url
    instance, product = _OF_INSTANCE.match(path), _OF_PRODUCT.match(path)
    if instance:
        return f"{api}/instances/{instance[1]}/status"
    return f"{api}/instances/status/preview" + (f"?products={product[1]}" if product else "")


def parse(read: Documents, /) -> Snapshot:
    rows = _instances(read["instances"])
    components = tuple(_component(row) for row in rows)
    listed, notes = build.later(
        read.get("incidents"), "incident history", lambda d: _history(d, components)
    )
    return Snapshot(
        page_url=_PAGE,
        indicator=build.roll_up(c.status for c in components),
        components=components,
        incidents=build.merge(listed or (), _open_incidents(rows)),
        history_from=build.oldest_start(listed or ()),
        notes=notes,
    )


def _instances(document: Document) -> list[Fields]:
    """The instances in service, or the one that was asked for."""
    value = fields.json_value(document)
    wire = Fields({"instances": [value] if isinstance(value, dict) else value})
    rows = list(wire.objects("instances", required=True))
    if not rows or not all("key" in row and "location" in row for row in rows):
        raise not_a_page("unexpected JSON without instances with key and location")
    return [row for row in rows if row.values.get("isActive") is not False]


def _component(row: Fields) -> Component:
    return build.component(
        row,
        _STATUSES,
        id_key="key",
        name_key="key",
        group=row.optional("location"),
        description=row.optional("environment"),
    )


def _history(document: Document, components: tuple[Component, ...]) -> tuple[Incident, ...]:
    known = {component.id for component in components}
    rows = fields.rows_of(document, "incidents")
    named = [(row, row.texts("instanceKeys")) for row in rows]
    return tuple(_incident(row, keys) for row, keys in named if not keys or known & {*keys})


def _open_incidents(rows: list[Fields]) -> tuple[Incident, ...]:
    """Every incident once; each instance that it affects repeats it."""
    found: dict[str, tuple[Fields, list[str]]] = {}
    for row in rows:
        for incident in row.objects("Incidents"):
            key = incident.text("id", incident.path)
            _, keys = found.setdefault(key, (incident, []))
            keys.append(row.text("key"))
    return tuple(_incident(incident, tuple(keys)) for incident, keys in found.values())


def _incident(row: Fields, keys: tuple[str, ...]) -> Incident:
    impacts = list(row.objects("IncidentImpacts"))
    starts = [impact.time("startTime") for impact in impacts]
    ends = [impact.time("endTime") for impact in impacts]
    status = IncidentStatus.RESOLVED if all(ends) else IncidentStatus.INVESTIGATING
    if not impacts:
        status = IncidentStatus.UNKNOWN
    severity = next((one for one in _IMPACTS if one in {i.word("severity") for i in impacts}), "")
    return Incident(
        id=row.text("id"),
        name=row.text("additionalInformation") or f"Incident {row.text('id', 'without a number')}",
        status=status,
        impact=_IMPACTS.get(severity, Impact.MINOR),
        raw_impact=severity,
        started_at=times.earliest([row.time("createdAt"), *starts]),
        resolved_at=None if status.open else times.latest(ends),
        updated_at=row.time("updatedAt"),
        links=tuple(Link(id=key, name=key) for key in keys),
        url=addresses.link(f"{_PAGE}/incidents/{row.text('id')}"),
        updates=build.updates(
            row.objects("IncidentEvents"),
            {},
            status_key="type",
            body_key="message",
            time_keys=("createdAt",),
        ),
    )

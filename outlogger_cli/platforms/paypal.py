"""PayPal's own status page.

`https://www.paypal-status.com/api/v1/components` lists the products and APIs with a status in each
environment, `/api/v1/events` the incidents and windows. Neither is documented: what is known is
what two other programs read. Production is read, or the sandbox if the page's address ends in
`/product/sandbox` or `/api/sandbox`.

wire                                        ours
operational, informational                  operational
under_maintenance                           under_maintenance
service_disruption                          partial_outage
service_outage                              major_outage
event state resolved, completed             closed; any other word is open
severity service_disruption, major          impact major
         service_outage, critical           critical
         any other word                     minor

Case varies, and blanks stand for `_`. There is no roll-up: the indicator is the worst component,
and unknown if one is unknown. The times of an event are not known. No open event means that none is
open.
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
    Maintenance,
    MaintenanceStatus,
    Snapshot,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("paypal-status.com",)
CAN: tuple[str, ...] = ("components", "maintenance")

_PAGE = "https://www.paypal-status.com"
_COMPONENTS = "/api/v1/components"
_EVENTS = "/api/v1/events?s=true"
_ENVIRONMENTS = ("production", "sandbox")
_OF_ENVIRONMENT = re.compile(rf"/(?:product|api)/({'|'.join(_ENVIRONMENTS)})/?$")
_STATUSES = {
    "operational": ComponentStatus.OPERATIONAL,
    "informational": ComponentStatus.OPERATIONAL,
    "under_maintenance": ComponentStatus.UNDER_MAINTENANCE,
    "service_disruption": ComponentStatus.PARTIAL_OUTAGE,
    "service_outage": ComponentStatus.MAJOR_OUTAGE,
}
_IMPACTS = {
    **dict.fromkeys(("service_disruption", "major"), Impact.MAJOR),
    **dict.fromkeys(("service_outage", "critical"), Impact.CRITICAL),
}
_STATES = {
    **{word: status for word, status in build.INCIDENT_WORDS.items() if status.open},
    "resolved": IncidentStatus.RESOLVED,
    "completed": IncidentStatus.COMPLETED,
}
_WINDOWS = {**build.MAINTENANCE_WORDS, "resolved": MaintenanceStatus.COMPLETED}


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    """Both documents at any depth: an event need not show at a component.

    The first document is called after the environment that is read from it.
    """
    page = page_url.split("?")[0].split("#")[0]
    found = _OF_ENVIRONMENT.search(page)
    page = page[: found.start()] if found else addresses.api_base(page, _COMPONENTS) or page
    page = addresses.vendors_own(page, HOSTS, _PAGE)
    return (
        Endpoint(name=found[1] if found else _ENVIRONMENTS[0], url=page + _COMPONENTS),
        Endpoint(name="events", url=page + _EVENTS),
    )


def parse(read: Documents, /) -> Snapshot:
    environment = next(name for name in _ENVIRONMENTS if name in read)
    wire = fields.json_object(read[environment])
    rows = list(wire.objects("result", required="result" in wire))
    if not any("status" in row and "category" in row for row in rows):
        raise not_a_page("unexpected JSON: not a list of PayPal's components")
    components = tuple(_component(row, environment) for row in rows)
    found, notes = build.later(
        read.get("events"), "events", lambda document: _events(document, environment)
    )
    events = found or []
    return Snapshot(
        page_name="PayPal" if environment == _ENVIRONMENTS[0] else "PayPal sandbox",
        page_url=f"{_PAGE}/product/{environment}",
        indicator=build.roll_up(component.status for component in components),
        components=components,
        incidents=tuple(_incident(row) for row in events if not _is_planned(row)),
        maintenances=build.unfinished(_maintenance(row) for row in events if _is_planned(row)),
        notes=notes,
    )


def _word(row: Fields, key: str) -> str:
    return re.sub(r"[\s-]+", "_", row.word(key))


def _component(row: Fields, environment: str) -> Component:
    status = row.object_or_empty("status")
    group = row.object_or_empty("category").optional("name")
    name = row.text("name", "(no name)")
    return Component(
        id=f"{group}/{name}" if group else name,
        name=name,
        status=_STATUSES.get(_word(status, environment), ComponentStatus.UNKNOWN),
        raw_status=status.text(environment),
        group=group,
    )


def _events(document: Document, environment: str) -> list[Fields]:
    """The events, but for those of another environment."""
    others = {*_ENVIRONMENTS} - {environment}
    rows = fields.json_object(document).objects("result", required=True)
    return [row for row in rows if row.word("environment") not in others]


def _is_planned(row: Fields) -> bool:
    return row.word("type") == "maintenance"


def _incident(row: Fields) -> Incident:
    return Incident(
        **_event(row),
        status=_STATES.get(_word(row, "state"), IncidentStatus.UNKNOWN),
        raw_status=row.text("state"),
        impact=_IMPACTS.get(_word(row, "severity"), Impact.MINOR),
        raw_impact=row.text("severity"),
    )


def _maintenance(row: Fields) -> Maintenance:
    return Maintenance(
        **_event(row),
        status=_WINDOWS.get(_word(row, "state"), MaintenanceStatus.UNKNOWN),
        raw_status=row.text("state"),
    )


def _event(row: Fields) -> build.Event:
    """An event without an id goes by its text."""
    event = build.event(row, title_key="summary")
    return event if event["id"] else {**event, "id": row.text("summary")}

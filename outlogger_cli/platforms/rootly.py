"""Rootly status pages on a domain of their own.

`/api/v1/status.json` holds the roll-up and the open incidents, in the words and keys of Statuspage
v2. Documented at https://docs.rootly.com/configuration/status-page-public-api, but for the fields
of an incident, which a live page showed. `/api/v1/incidents.json` lists the same open incidents
once more, so nothing tells the past; the services stand only in the HTML.

wire                                        ours
status.indicator                            none, minor, major, maintenance (and critical)
incident.status, impact                     the words of Statuspage
scheduled, in_progress, verifying,          a maintenance, though listed among the incidents
completed
An empty list of incidents means that nothing is open.
"""

from collections.abc import Mapping

from outlogger_cli.domain.model import Depth, Document, Endpoint, Snapshot
from outlogger_cli.platforms import statuspage
from outlogger_cli.platforms.shared import fields, parts
from outlogger_cli.platforms.shared.fields import Fields

HOSTS: tuple[str, ...] = ()
CAN: tuple[str, ...] = ("maintenance",)

_PLANNED = {"scheduled", "in_progress", "verifying", "completed"}


def endpoints(
    page_url: str, _depth: Depth, _read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    return (Endpoint(name="status", url=fields.at(page_url, "/api/v1/status.json")),)


def recognises(document: Document, /) -> bool:
    return parts.fits(_status, document)


def parse(read: Mapping[str, Document], /) -> Snapshot:
    wire = _status(read["status"])
    rows = list(wire.objects("incidents", required=True))
    as_statuspage = {
        "page": wire.values.get("page"),
        "status": wire.values.get("status"),
        "components": [],
        "incidents": [row.values for row in rows if row.word("status") not in _PLANNED],
        "scheduled_maintenances": [
            row.values for row in rows if row.word("status") in _PLANNED - {"completed"}
        ],
    }
    return statuspage.build(Fields(as_statuspage), None, complete=True)


def _status(document: Document) -> Fields:
    """Statuspage's own status.json has no incidents, its summary has components too."""
    wire = fields.json_object(document)
    page, status = parts.inside(wire, "page"), parts.inside(wire, "status")
    said = page.values and "indicator" in status and "incidents" in wire
    if not said or "components" in wire:
        raise parts.not_a_page("page, status.indicator and incidents alone")
    return wire

"""Rootly status pages on a domain of their own.

`/api/v1/status.json` holds the roll-up and the open incidents, in the words and keys of Statuspage
v2. Documented at https://docs.rootly.com/configuration/status-page-public-api, but for the fields
of an incident, which a live page showed. `/api/v1/incidents.json` lists the same open incidents,
so there is no history; the services are only in the HTML.

wire                                        ours
status.indicator                            none, minor, major, maintenance (and critical)
incident.status, impact                     the words of Statuspage
scheduled, in_progress, verifying,          a maintenance, though listed among the incidents
completed
An empty list of incidents means that nothing is open.
"""

from outlogger_cli.domain.model import Depth, Endpoint, Snapshot
from outlogger_cli.platforms import Documents, statuspage
from outlogger_cli.platforms.shared import addresses, fields
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ()
CAN: tuple[str, ...] = ("maintenance",)

_PLANNED = {"scheduled", "in_progress", "verifying", "completed"}


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    return (Endpoint(name="status", url=addresses.at(page_url, "/api/v1/status.json")),)


def parse(read: Documents, /) -> Snapshot:
    """Statuspage's own status.json has no incidents, and its summary has components too."""
    wire = fields.json_object(read["status"])
    known = wire.inside("page").values and "indicator" in wire.inside("status")
    if not known or "incidents" not in wire or "components" in wire:
        raise not_a_page("unexpected JSON without page, status.indicator and incidents alone")
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
    return statuspage.snapshot_of(Fields(as_statuspage), None, complete=True)

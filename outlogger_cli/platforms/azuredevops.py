"""Azure DevOps, by Microsoft.

`https://status.dev.azure.com/_apis/status/health` holds the roll-up and the health of every service
in every geography. Documented at https://learn.microsoft.com/rest/api/azure/devops/status/health;
the page itself writes the same words as numbers. There are no incidents and no history.

wire                                        ours
healthy (4)                                 operational
advisory (3), degraded (2)                  degraded_performance
unhealthy (1)                               major_outage
The roll-up is the severity of the same word. A component is a service in one geography, in the
group of its service.
"""

from collections.abc import Iterator

from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Endpoint,
    Snapshot,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, fields
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("status.dev.azure.com",)
CAN: tuple[str, ...] = ("components",)

_API = "https://status.dev.azure.com/_apis/status/health?api-version=7.1-preview.1"
_STATUSES = {
    **dict.fromkeys(("healthy", "4"), ComponentStatus.OPERATIONAL),
    **dict.fromkeys(("advisory", "3"), ComponentStatus.DEGRADED_PERFORMANCE),
    **dict.fromkeys(("degraded", "2"), ComponentStatus.DEGRADED_PERFORMANCE),
    **dict.fromkeys(("unhealthy", "1"), ComponentStatus.MAJOR_OUTAGE),
}


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    direct = "/_apis/" in page_url
    url = page_url if direct else addresses.vendors_own(page_url, HOSTS, _API)
    return (Endpoint(name="health", url=url),)


def parse(read: Documents, /) -> Snapshot:
    wire = fields.json_object(read["health"])
    overall = wire.inside("status")
    if "health" not in overall or "services" not in wire:
        raise not_a_page("unexpected JSON without status.health and services")
    raw_indicator = overall.word("health")
    return Snapshot(
        indicator=_status(raw_indicator).severity,
        raw_indicator=raw_indicator,
        description=overall.text("message"),
        components=tuple(_components(wire)),
    )


def _components(wire: Fields) -> Iterator[Component]:
    for service in wire.objects("services", required=True):
        for geography in service.objects("geographies", required=True):
            place = geography.text("id")
            yield Component(
                id=f"{service.text('id')}/{place}",
                name=geography.text("name", place or "(no name)"),
                status=_status(geography.word("health")),
                raw_status=geography.text("health"),
                group=service.optional("id"),
            )


def _status(word: str) -> ComponentStatus:
    return _STATUSES.get(word, ComponentStatus.UNKNOWN)

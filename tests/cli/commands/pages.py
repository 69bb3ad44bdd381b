"""Pages served in memory: vendors whose documents a command finds without a network."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import respx

from tests.support import sample

HEALTHY: Mapping[str, Any] = {
    "page": {
        "id": "fine00000001",
        "name": "Fine Inc",
        "url": "https://status.fine.example",
        "time_zone": "Etc/UTC",
    },
    "components": [
        {"id": "fine00000002", "name": "API", "status": "operational", "position": 1},
        {"id": "fine00000003", "name": "Web", "status": "operational", "position": 2},
    ],
    "incidents": [],
    "scheduled_maintenances": [],
    "status": {"indicator": "none", "description": "All Systems Operational"},
}
TROUBLED: dict[str, Any] = sample("statuspage/summary.json")
del TROUBLED["page"]["updated_at"]  # by which a page may seem abandoned where the clock is real
PAST: Mapping[str, Any] = sample("statuspage/incidents.json")

FINE = "https://status.fine.example"
ACME = "https://status.acme.example"


def fine(**statuses: str) -> dict[str, Any]:
    """The healthy page with components in other states: `fine(API="major_outage")`."""
    page = copy.deepcopy(dict(HEALTHY))
    for component in page["components"]:
        component["status"] = statuses.get(component["name"], component["status"])
    return page


def serving(
    pages: Mapping[str, object], *, handle: Callable[[httpx.Request], httpx.Response] | None = None
) -> httpx.MockTransport:
    """A network on which `pages` answer, by address of the document; all else is a 404.

    A value is JSON, an exception to raise, or a whole response.
    """
    router = respx.Router(assert_all_called=False)
    for url, body in pages.items():
        route = router.get(url)
        match body:
            case Exception() | httpx.Response():
                route.mock(side_effect=body if isinstance(body, Exception) else [body] * 99)
            case _:
                route.respond(json=body)
    router.route().mock(side_effect=handle or (lambda _request: httpx.Response(404)))
    return httpx.MockTransport(lambda request: _unread(router.handler(request)))


def _unread(response: httpx.Response) -> httpx.Response:
    """The response as it comes off a wire: its body is still to be read."""
    return httpx.Response(
        response.status_code,
        headers=response.headers,
        stream=httpx.ByteStream(response.content),
    )


def both() -> httpx.MockTransport:
    """The healthy page and the troubled one, with its history."""
    return serving(
        {
            f"{FINE}/api/v2/summary.json": HEALTHY,
            f"{FINE}/api/v2/incidents.json": {"page": HEALTHY["page"], "incidents": []},
            f"{ACME}/api/v2/summary.json": TROUBLED,
            f"{ACME}/api/v2/incidents.json": PAST,
        }
    )

"""Beacon, a status page that is made up for this example.

`/beacon.json` holds everything: `{"title": "...", "lamps": [{"id", "label", "colour"}]}`.

wire            ours
green           operational
amber           degraded_performance
red             major_outage
off             under_maintenance
A colour outside the table is unknown, with the word kept. The worst lamp is the page's indicator,
and a page without lamps says nothing. There are no incidents and no history.
"""

import json
from typing import Any

from outlogger_cli.platforms.api import (
    Component,
    ComponentStatus,
    Depth,
    Documents,
    Endpoint,
    FailureKind,
    PageError,
    Snapshot,
    line,
    roll_up,
)

HOSTS: tuple[str, ...] = ()
CAN: tuple[str, ...] = ("components",)

_STATUSES = {
    "green": ComponentStatus.OPERATIONAL,
    "amber": ComponentStatus.DEGRADED_PERFORMANCE,
    "red": ComponentStatus.MAJOR_OUTAGE,
    "off": ComponentStatus.UNDER_MAINTENANCE,
}


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    return (Endpoint(name="beacon", url=f"{page_url.rstrip('/')}/beacon.json"),)


def parse(read: Documents, /) -> Snapshot:
    document = read["beacon"]
    page = _page(document.body)
    components = tuple(_component(lamp) for lamp in page["lamps"])
    return Snapshot(
        page_name=_text(page.get("title")),
        page_url=document.final_url.removesuffix("/beacon.json"),
        indicator=roll_up(component.status for component in components),
        components=components,
    )


def _page(body: bytes) -> dict[str, Any]:
    """The JSON of a page with its lamps; raises `PageError` for anything else."""
    try:
        page = json.loads(body)
    except (ValueError, RecursionError):
        raise PageError(FailureKind.NOT_JSON, "not JSON") from None
    lamps = page.get("lamps") if isinstance(page, dict) else None
    if not isinstance(lamps, list) or not all(isinstance(lamp, dict) for lamp in lamps):
        raise PageError(FailureKind.NOT_A_STATUS_PAGE, "the answer has no lamps")
    return {**page, "lamps": lamps}


def _component(lamp: dict[str, Any]) -> Component:
    colour = _text(lamp.get("colour"))
    return Component(
        id=_text(lamp.get("id")),
        name=_text(lamp.get("label")),
        status=_STATUSES.get(colour, ComponentStatus.UNKNOWN),
        raw_status=colour,
    )


def _text(value: object) -> str:
    """Text of the page on one line, safe to show."""
    return line(value) if isinstance(value, str) else ""

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
from collections.abc import Mapping
from typing import Any

from outlogger_cli.platforms.api import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    FailureKind,
    PageError,
    Severity,
    Snapshot,
    line,
    worst,
)

HOSTS: tuple[str, ...] = ()
CAN: tuple[str, ...] = ("components",)

_STATUSES = {
    "green": ComponentStatus.OPERATIONAL,
    "amber": ComponentStatus.DEGRADED_PERFORMANCE,
    "red": ComponentStatus.MAJOR_OUTAGE,
    "off": ComponentStatus.UNDER_MAINTENANCE,
}


def endpoints(
    page_url: str, _depth: Depth, _read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    return (Endpoint(name="beacon", url=f"{page_url.rstrip('/')}/beacon.json"),)


def recognises(document: Document, /) -> bool:
    try:
        _lamps(document)
    except PageError:
        return False
    return True


def parse(read: Mapping[str, Document], /) -> Snapshot:
    document = read["beacon"]
    components = tuple(_component(lamp) for lamp in _lamps(document))
    return Snapshot(
        page_name=_text(json.loads(document.body).get("title")),
        page_url=document.final_url.removesuffix("/beacon.json"),
        indicator=_indicator(components),
        raw_indicator="",
        description="",
        components=components,
    )


def _lamps(document: Document) -> list[dict[str, Any]]:
    """The rows of the page; raises `PageError` for everything that is no Beacon page."""
    try:
        page = json.loads(document.body)
    except (ValueError, RecursionError):
        raise PageError(FailureKind.NOT_JSON, "the answer is not JSON") from None
    lamps = page.get("lamps") if isinstance(page, dict) else None
    if not isinstance(lamps, list) or not all(isinstance(lamp, dict) for lamp in lamps):
        raise PageError(FailureKind.NOT_A_STATUS_PAGE, "the answer has no lamps")
    return lamps


def _component(lamp: dict[str, Any]) -> Component:
    colour = _text(lamp.get("colour"))
    return Component(
        id=_text(lamp.get("id")),
        name=_text(lamp.get("label")),
        status=_STATUSES.get(colour, ComponentStatus.UNKNOWN),
        raw_status=colour,
    )


def _indicator(components: tuple[Component, ...]) -> Severity:
    """A lamp of no known colour may hide a problem, and so may a page without lamps."""
    severities = [component.status.severity for component in components]
    known = worst(severities)
    unsure = not severities or Severity.UNKNOWN in severities
    return Severity.UNKNOWN if unsure and known is Severity.NONE else known


def _text(value: object) -> str:
    """What a stranger wrote, safe to show on one line."""
    return line(value) if isinstance(value, str) else ""

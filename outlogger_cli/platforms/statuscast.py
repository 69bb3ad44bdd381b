"""StatusCast pages, read from their HTML.

No other public data is known. The page marks the state of each component with a class,
`component-available` and the like, on an element of class `status-list-component-status-text`;
that is what a public program reads. Which name belongs to which mark is unknown, so there is a
roll-up and no component table. Incidents and their history are not read.

wire                                        ours
component-available                         none
component-informational, -monitored,        none: these mark a notice
-identified
component-maintenance                       maintenance
component-investigating, -degraded          minor
component-unavailable                       critical
The indicator is the worst mark. A page without marks, or one that breaks off, is not read.
"""

import re

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    FailureKind,
    Snapshot,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import build, html
from outlogger_cli.platforms.shared.fields import not_a_page

HOSTS: tuple[str, ...] = ("statuscast.com",)
CAN: tuple[str, ...] = ()

_MARK = "status-list-component-status-text"
_STATE = "component-"
_CLASS = re.compile(r"\bclass\s*=\s*[\"']([^\"']*)", re.I)
_STATUSES = {
    "available": ComponentStatus.OPERATIONAL,
    "informational": ComponentStatus.OPERATIONAL,
    "monitored": ComponentStatus.OPERATIONAL,
    "identified": ComponentStatus.OPERATIONAL,
    "maintenance": ComponentStatus.UNDER_MAINTENANCE,
    "investigating": ComponentStatus.DEGRADED_PERFORMANCE,
    "degraded": ComponentStatus.DEGRADED_PERFORMANCE,
    "unavailable": ComponentStatus.MAJOR_OUTAGE,
}


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    return (html.page_endpoint(page_url),)


def parse(read: Documents, /) -> Snapshot:
    marks = _marks(read["page"])
    return Snapshot(
        page_name=html.page_name(read),
        page_url=html.page_address(read),
        indicator=build.roll_up([_STATUSES.get(m, ComponentStatus.UNKNOWN) for m in marks]),
        raw_indicator=text.line(", ".join(sorted(set(marks) - _STATUSES.keys()))),
    )


def _marks(document: Document) -> list[str]:
    """The state of every component, "" if it has none."""
    markup = html.html_of(document) if _MARK in html.head_of(document) else ""
    marked = [words for found in _CLASS.findall(markup) if _MARK in (words := found.split())]
    if not marked:
        raise not_a_page("unexpected HTML: not a StatusCast page")
    if "</html>" not in markup[-1000:].lower():
        raise PageError(FailureKind.INVALID, "truncated HTML")
    return [_state(words) for words in marked]


def _state(words: list[str]) -> str:
    states = (word.removeprefix(_STATE) for word in words if word.startswith(_STATE))
    return next(states, "").lower()

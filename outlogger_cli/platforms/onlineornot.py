"""OnlineOrNot status pages, read from their HTML.

The page's HTML carries its data as React Router streams it: `streamController.enqueue("[...]")`,
a flat JSON array in which objects and lists refer to values by their index, and `_N` as the key of
an object to its name. It is not documented: it is read as pages send it. Dates may be `["D", ms]`;
`["P", N]` stands for what a later line `PN:[...]` holds, the values of which follow in the array.
A page without this data is read through the feed that its HTML announces, if it announces one.

wire                                        ours
activeIncidents []                          none
incident without `ended`                    an open incident without a status
  impact NO_IMPACT                          none
         DEGRADED_PERFORMANCE               minor
         PARTIAL_OUTAGE                     major
         MAJOR_OUTAGE                       critical
scheduledMaintenance ended                  completed
  an update IN_PROGRESS                     in_progress
  else by startDate and durationMinutes     scheduled, in_progress or completed
component status OPERATIONAL, MAINTENANCE   operational, under_maintenance
  DEGRADED_PERFORMANCE and so on            the same words
There is no roll-up. How far back incidents reach is unknown: `history_from` is the oldest of them.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    FailureKind,
    Impact,
    Incident,
    IncidentStatus,
    Maintenance,
    MaintenanceStatus,
    Snapshot,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import build, feed_link, html, times
from outlogger_cli.platforms.shared.documents import HEAD_LIMIT, check_documents, once
from outlogger_cli.platforms.shared.fields import Fields

HOSTS: tuple[str, ...] = ("onlineornot.com",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")

_MARK = b"streamController"
_CHUNK = re.compile(rb'streamController\.enqueue\(("(?:[^"\\]|\\.)*+")\)', re.DOTALL)
_LATER = re.compile(r"^P(\d{1,9}):(\[.*)$", re.MULTILINE)
_IMPACTS = {
    "no_impact": Impact.NONE,
    "degraded_performance": Impact.MINOR,
    "partial_outage": Impact.MAJOR,
    "major_outage": Impact.CRITICAL,
    "maintenance": Impact.MAINTENANCE,
}
_STATUSES = {
    "operational": ComponentStatus.OPERATIONAL,
    "no_impact": ComponentStatus.OPERATIONAL,
    "maintenance": ComponentStatus.UNDER_MAINTENANCE,
    "degraded_performance": ComponentStatus.DEGRADED_PERFORMANCE,
    "partial_outage": ComponentStatus.PARTIAL_OUTAGE,
    "major_outage": ComponentStatus.MAJOR_OUTAGE,
}
_LONGEST = 366 * 24 * 60
"""Minutes of the longest maintenance that is believed."""

_UPDATES = 20
"""Updates of a maintenance that are looked at: a list may be referred to any number of times."""


class _Stream:
    """The flat array of a page: its objects, and the values that they refer to."""

    def __init__(self, values: list[Any], later: dict[int, int]) -> None:
        self._values = values
        self._later = later
        self._keys = {
            value: f"_{index}" for index, value in enumerate(values) if isinstance(value, str)
        }
        self.objects = [value for value in values if isinstance(value, dict)]
        self.lists = [value for value in values if isinstance(value, list)]

    def at(self, index: object) -> Any:
        """The value at `index`; None if there is none."""
        value = self._value(index)
        if not isinstance(value, list) or len(value) != 2:
            return value
        kind, content = value
        if kind == "D" and isinstance(content, int | float):
            date = times.from_epoch(content)
            return date.isoformat() if date else None
        if kind == "P" and isinstance(content, int):
            return self._value(self._later.get(content))
        return value

    def _value(self, index: object) -> Any:
        if isinstance(index, bool) or not isinstance(index, int):
            return None
        return self._values[index] if 0 <= index < len(self._values) else None

    def get(self, row: dict[str, Any], name: str) -> Any:
        return self.at(row.get(self._keys.get(name, "")))

    def rows(self, value: Any, *, most: int | None = None) -> list[dict[str, Any]]:
        """The objects of a list, or of its beginning."""
        found = map(self.at, value[:most]) if isinstance(value, list) else ()
        return [row for row in found if isinstance(row, dict)]

    def is_incomplete(self, value: Any) -> bool:
        """Whether `value` is not a list, or refers to an object that is not there."""
        return not isinstance(value, list) or len(self.rows(value)) < len(value)

    def under(self, name: str) -> list[Any]:
        """What objects have under `name`."""
        key = self._keys.get(name, "")
        return [self.at(row[key]) for row in self.objects if key in row]

    def fields(self, row: dict[str, Any], *names: str) -> Fields:
        return Fields({name: self.get(row, name) for name in names})


def endpoints(page_url: str, _depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    if "page" in read and _stream(read["page"]):
        return (html.page_endpoint(page_url),)
    return feed_link.endpoints(page_url, read, HOSTS)


def recognises(document: Document, /) -> bool:
    return bool(_stream(document)) or feed_link.recognises(document, HOSTS)


def parse(read: Documents, /) -> Snapshot:
    stream = _stream(read["page"]) if "page" in read else None
    if stream is None:
        return feed_link.parse(read, HOSTS, platform="OnlineOrNot")
    if b"</html>" not in read["page"].body[-1000:].lower():
        raise PageError(FailureKind.INVALID, "truncated HTML")
    planned = [row for value in stream.under("scheduledMaintenance") for row in stream.rows(value)]
    incidents = build.merge(_incidents(stream, planned, read["page"]), ())
    active = stream.under("activeIncidents")
    unsure = (not active and not incidents) or any(map(stream.is_incomplete, active))
    return Snapshot(
        page_name=html.page_name(read),
        page_url=html.page_address(read),
        indicator=build.certain(build.worst_open(incidents), unsure=unsure),
        indicator_of_incidents=True,
        components=_components(stream),
        incidents=incidents,
        maintenances=build.unfinished(_maintenance(stream, row, read["page"]) for row in planned),
        history_from=build.oldest_start(incidents),
    )


def _stream(document: Document) -> _Stream | None:
    """The data in the page's HTML; None if it has none, or not that of OnlineOrNot."""
    return once(_stream_in, document.body)


def _stream_in(body: bytes) -> _Stream | None:
    if _MARK not in body[:HEAD_LIMIT]:
        return None
    try:
        chunks = "".join(json.loads(chunk) for chunk in _CHUNK.findall(body))
        check_documents([_encoded(chunks)])
        first, later = json.loads(chunks.partition("\n")[0]), {}
        values = [*first] if isinstance(first, list) else []
        for line in _LATER.finditer(chunks):
            later[int(line[1])] = len(values)
            values.extend(json.loads(line[2]))
    except (ValueError, RecursionError):
        return None
    stream = _Stream(values, later)
    lists = stream.under("activeIncidents") + stream.under("scheduledMaintenance")
    return stream if lists or any(_is_incident(stream, row) for row in stream.objects) else None


def _encoded(text: str) -> bytes:
    """`text` as it is read from JSON, which may have half of a surrogate pair in it."""
    return text.encode("utf-8", "surrogatepass")


def _is_incident(stream: _Stream, row: dict[str, Any]) -> bool:
    named = stream.fields(row, "title", "started", "incidentId", "impact")
    return bool(named.text("title") and named.text("started")) and any(
        named.text(key) for key in ("incidentId", "impact")
    )


def _incidents(
    stream: _Stream, planned: list[dict[str, Any]], document: Document
) -> Iterator[Incident]:
    """Those that are listed as active, and all others."""
    active = [row for value in stream.under("activeIncidents") for row in stream.rows(value)]
    known = {id(row) for row in (*active, *planned)}
    others = (row for row in stream.objects if id(row) not in known and _is_incident(stream, row))
    for row in (*active, *others):
        named = stream.fields(row, "incidentId", "title", "started", "ended", "impact")
        ended = build.passed(named, "ended", document)
        yield Incident(
            id=named.text("incidentId"),
            name=named.text("title", "(no title)"),
            status=IncidentStatus.RESOLVED if ended else IncidentStatus.UNKNOWN,
            impact=_IMPACTS.get(named.word("impact"), Impact.MINOR),
            raw_impact=named.word("impact"),
            started_at=named.time("started"),
            resolved_at=ended,
        )


def _maintenance(stream: _Stream, row: dict[str, Any], document: Document) -> Maintenance:
    named = stream.fields(row, "id", "title", "started", "ended", "startDate", "durationMinutes")
    start = named.time("startDate", "started")
    minutes = named.number("durationMinutes")
    lasts = timedelta(minutes=minutes) if 0 < minutes < _LONGEST else None
    end = named.time("ended") or (start + lasts if start and lasts else None)
    updates = stream.rows(stream.get(row, "updates"), most=_UPDATES)
    is_begun = "IN_PROGRESS" in (stream.get(update, "status") for update in updates)
    status = build.phase(start, end, document.fetched_at)
    if is_begun and not build.passed(named, "ended", document):
        status = MaintenanceStatus.IN_PROGRESS
    return Maintenance(
        id=named.text("id", named.text("title")),
        name=named.text("title", "(no title)"),
        status=status,
        scheduled_for=start,
        scheduled_until=end,
    )


def _components(stream: _Stream) -> tuple[Component, ...]:
    """The objects of each list whose objects all have a name and a status, one of them known."""
    named = {
        id(row): build.component(told, _STATUSES)
        for row in stream.objects
        if (told := stream.fields(row, "id", "name", "status")).text("name") and told.text("status")
    }
    found: dict[str, Component] = {}
    for value in stream.lists:
        rows = stream.rows(value)
        components = [named[id(row)] for row in rows if id(row) in named]
        known = any(component.status is not ComponentStatus.UNKNOWN for component in components)
        if known and len(components) == len(value):
            found |= {component.id: component for component in components}
    return tuple(found.values())

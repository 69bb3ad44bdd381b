"""cState, the static status page made with Hugo.

`/index.json` holds the roll-up, every system and its unresolved issues; `/issues/index.json` all
issues. Documented by the templates of both: layouts/index.json and layouts/_default/list.json at
https://github.com/cstate/cstate.

wire                                        ours
system ok                                   operational
system notice, disrupted, down              degraded_performance, partial_outage, major_outage
page ok, notice, disrupted, down            the severity of the same word for a system
issue notice, disrupted, down               impact minor, major, critical; no severity: none
issue resolved true, false                  resolved, investigating

No unresolved issue means health: the page computes every word from its open issues. An issue that
never said whether it is resolved is written as unresolved, too, but does not count for the page.
So an issue with a severity is closed while the page's word is a better one. An issue that
affects no system is only in the list of issues. A system's name is its id. Pinned and informational
issues are announcements and not read. Times are Go's (`2026-01-15 11:05:00 +0000 UTC`). The
templates do not escape quotation marks, so texts are escaped here if the JSON is damaged.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    EVER,
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
from outlogger_cli.domain.values import replace
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, times
from outlogger_cli.platforms.shared.documents import once
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ()
CAN: tuple[str, ...] = ("components", "history")

_STATUSES = {
    "ok": ComponentStatus.OPERATIONAL,
    "notice": ComponentStatus.DEGRADED_PERFORMANCE,
    "disrupted": ComponentStatus.PARTIAL_OUTAGE,
    "down": ComponentStatus.MAJOR_OUTAGE,
}
_IMPACTS = {"notice": Impact.MINOR, "disrupted": Impact.MAJOR, "down": Impact.CRITICAL}
_LADDER = ("ok", "notice", "disrupted", "down")
_START = re.compile(r'(?="(?:title|description|name|category)"\s*:\s*("))')
_END = re.compile(r'"(?=\s*(?:,\s*"\w{1,20}"\s*:|\}))')
"""Where a text of the templates begins, and where it ends: before a key or the object's end."""

_TEXT_LIMIT = 1000
"""Characters of the longest text that is escaped."""


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    """Both documents at any depth: an open issue need not affect a system."""
    return (
        Endpoint(name="index", url=addresses.at(page_url, "/index.json")),
        Endpoint(name="issues", url=addresses.at(page_url, "/issues/index.json")),
    )


def parse(read: Documents, /) -> Snapshot:
    wire = _object(read["index"])
    if not wire.text("cStateVersion") or not isinstance(wire.values.get("systems"), list):
        raise not_a_page("unexpected JSON without cStateVersion and systems")
    systems = list(wire.objects("systems", required=True))
    raw_indicator = wire.word("summaryStatus")
    status = _STATUSES.get(raw_indicator, ComponentStatus.UNKNOWN)
    unresolved = [row for one in systems for row in one.objects("unresolvedIssues")]
    every, notes = build.later(
        read.get("issues"),
        "incident history",
        lambda document: list(_object(document).objects("pages", required=True)),
    )
    return Snapshot(
        page_name=wire.text("title"),
        page_url=wire.url("baseURL").rstrip("/"),
        indicator=status.severity,
        raw_indicator=raw_indicator,
        components=tuple(_components(wire, systems)),
        incidents=build.merge(_issues(unresolved, raw_indicator), _issues(every, raw_indicator)),
        history_from=None if every is None else EVER,
        notes=notes,
    )


def _object(document: Document) -> Fields:
    """The JSON object in a document, whose texts may contain quotation marks."""
    try:
        return fields.json_object(document)
    except PageError:
        return fields.json_object(replace(document, body=once(_escaped, document.body)))


def _escaped(body: bytes) -> bytes:
    markup = body.decode("utf-8", errors="replace")
    ends = (found.start() for found in _END.finditer(markup))
    pieces: list[str] = []
    done, end = 0, next(ends, None)
    for found in _START.finditer(markup):
        start = found.end(1)
        while end is not None and end < start:
            end = next(ends, None)
        if end is not None and end - start <= _TEXT_LIMIT and done <= found.start():
            pieces += markup[done : start - 1], json.dumps(markup[start:end])
            done = end + 1
    return "".join([*pieces, markup[done:]]).encode()


def _components(wire: Fields, systems: list[Fields]) -> Iterator[Component]:
    """Systems by category, in the order of the categories; a hidden title is not a group."""
    categories = {row.text("name"): row for row in wire.objects("categories")}
    order = {name: place for place, name in enumerate(categories)}
    for row in sorted(systems, key=lambda one: order.get(one.text("category"), len(order))):
        category = row.text("category")
        hidden = category in categories and categories[category].flag("hideTitle")
        yield build.component(
            row,
            _STATUSES,
            id_key="name",
            group=None if hidden else category or None,
            description=row.optional("description"),
        )


def _issues(rows: list[Fields] | None, summary: str) -> Iterator[Incident]:
    return (_issue(row, summary) for row in rows or () if not row.flag("informational"))


def _issue(row: Fields, summary: str) -> Incident:
    severity = row.word("severity")
    status, word = _issue_status(row.values.get("resolved"))
    if {severity, summary} <= {*_LADDER} and _LADDER.index(severity) > _LADDER.index(summary):
        status = IncidentStatus.RESOLVED
    no_severity = row.values.get("severity") == ""
    return Incident(
        id=row.text("filename", row.text("permalink")),
        name=row.text("title", "(no title)"),
        status=status,
        raw_status=word,
        impact=Impact.NONE if no_severity else _IMPACTS.get(severity, Impact.MINOR),
        raw_impact=severity,
        started_at=_time(row, "createdAt"),
        resolved_at=None if status.open else _time(row, "resolvedAt"),
        updated_at=_time(row, "lastMod"),
        links=tuple(Link(id=name, name=name) for name in row.texts("affected")),
        url=row.url("permalink"),
    )


def _issue_status(resolved: object) -> tuple[IncidentStatus, str]:
    """The status, and the page's word for it."""
    if resolved is True:
        return IncidentStatus.RESOLVED, "resolved"
    if resolved is False:
        return IncidentStatus.INVESTIGATING, "unresolved"
    return IncidentStatus.UNKNOWN, ""


def _time(row: Fields, key: str) -> datetime | None:
    """A time as Go prints it, without the name of the zone after its offset."""
    words = row.text(key).split(" ")
    return times.parse("".join([*"T".join(words[:2]), *words[2:3]]))

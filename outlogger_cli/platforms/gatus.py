"""Gatus, the self-hosted monitor.

`/api/v1/endpoints/statuses` is a bare list of the monitored endpoints with their last results, the
oldest first, `/api/v1/suites/statuses` the same of suites, which later versions have, and
`/api/v1/config` holds what is announced. A page that is protected answers 401: it cannot be read.
The format is that of https://github.com/TwiN/gatus in August 2026.

wire                                        ours
last result success true                    operational
  success false                             major_outage
  none, or older than an hour               unknown
announcement outage, warning                an open incident, of impact major, minor
  information, operational, none            no incident
  archived                                  no incident: it is over
There is no roll-up: the indicator is the worst component. A list without endpoints says nothing.
Gatus has no maintenance in its API. What happened to an endpoint before is in a document for each:
it is not requested.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Impact,
    Incident,
    Snapshot,
    Update,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ()
CAN: tuple[str, ...] = ("components",)
MARKS = (b"gatus", b"window.config = {logo:", b"maximumnumberofresults")

_PATHS = {
    "endpoints": "/api/v1/endpoints/statuses?page=1&pageSize=20",
    "suites": "/api/v1/suites/statuses",
    "config": "/api/v1/config",
}
_KEYS = {"key", "results"}
_IMPACTS = {"outage": Impact.MAJOR, "warning": Impact.MINOR}
_QUIET = {"information", "operational", "none"}


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    return tuple(
        Endpoint(name=name, url=addresses.at(page_url, path)) for name, path in _PATHS.items()
    )


def recognises(document: Document, /) -> bool:
    try:
        rows = fields.bare_list(document, "endpoints")
    except PageError:
        return False
    return bool(rows) and all(row.values.keys() >= _KEYS for row in rows)


def parse(read: Documents, /) -> Snapshot:
    document = read["endpoints"]
    rows = fields.bare_list(document, "endpoints")
    if not any(_KEYS & row.values.keys() for row in rows):
        raise not_a_page("unexpected JSON: not a list of Gatus endpoints")
    suites, no_suites = build.later(
        read.get("suites"),
        "suites",
        lambda one: tuple(_components(fields.rows_of(one, "suites"), one.fetched_at)),
    )
    announced, not_announced = build.later(read.get("config"), "announcements", _announcements)
    components = (*_components(rows, document.fetched_at), *(suites or ()))
    return Snapshot(
        indicator=build.roll_up(component.status for component in components),
        components=components,
        incidents=announced or (),
        notes=(*no_suites, *not_announced),
    )


def _components(rows: Iterable[Fields], now: datetime) -> Iterator[Component]:
    for row in rows:
        results = list(row.objects("results")) or [Fields({})]
        success, moment = results[-1].values.get("success"), results[-1].time("timestamp")
        if success is True:
            said, status = "healthy", ComponentStatus.OPERATIONAL
        elif success is False:
            said, status = "unhealthy", ComponentStatus.MAJOR_OUTAGE
        else:
            said, status = "no result", ComponentStatus.UNKNOWN
        if not build.is_recent(moment, now):
            said, status = f"{said}, outdated" if moment else said, ComponentStatus.UNKNOWN
        name = row.text("name", row.text("key", "(no name)"))
        yield Component(
            id=row.text("key", name),
            name=name,
            status=status,
            raw_status=said,
            group=row.optional("group"),
            updated_at=build.since(results, "success", "timestamp"),
        )


def _announcements(document: Document) -> tuple[Incident, ...]:
    rows = fields.json_object(document).objects("announcements")
    return build.newest_first(_announcement(row) for row in rows if _is_current(row))


def _is_current(row: Fields) -> bool:
    return row.word("type") not in _QUIET and not row.flag("archived")


def _announcement(row: Fields) -> Incident:
    body, moment = row.body("message"), row.time("timestamp")
    return Incident(
        id=row.text("timestamp"),
        name=text.line(body) or "(no title)",
        impact=_IMPACTS.get(row.word("type"), Impact.MINOR),
        raw_impact=row.text("type"),
        started_at=moment,
        updated_at=moment,
        updates=(Update(body=body, created_at=moment),) if body else (),
    )

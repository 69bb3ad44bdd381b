"""Hund status pages, read through their live events, or else the feed that their HTML announces.

`GET <page>/live/v2/status_page` is a stream of server-sent events, documented at
https://hund.io/help/documentation/live-event-streams. Its first event, `init_event`, holds the
state of the page and the issues that are open or planned. The stream is read if the page's HTML
names it, is on hund.io, or loads something from there. The feed is read for issues that are closed,
and if there is no stream. That a page announces its feed is a guess.

wire                                  ours
state operational, 1                  none
  degraded, 0                         minor
  outage, -1                          critical
issue.label Investigating, ...        the same words; issues may have any others
  standing false                      resolved
  scheduled true                      a maintenance, in_progress if it is standing
issue.components[].state              the worst is the impact; minor if there is none
The event has no list of all components, so there is no component table.
"""

from collections.abc import Iterable

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    FailureKind,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.domain.values import replace
from outlogger_cli.platforms import Documents, feed
from outlogger_cli.platforms.shared import addresses, build, feed_link, fields, html, times
from outlogger_cli.platforms.shared.documents import once
from outlogger_cli.platforms.shared.fields import Fields

HOSTS: tuple[str, ...] = ("hund.io",)
CAN: tuple[str, ...] = feed.CAN

_LIVE = "/live/v2/status_page"
_STATUSES = {
    "operational": ComponentStatus.OPERATIONAL,
    "1": ComponentStatus.OPERATIONAL,
    "degraded": ComponentStatus.DEGRADED_PERFORMANCE,
    "0": ComponentStatus.DEGRADED_PERFORMANCE,
    "outage": ComponentStatus.MAJOR_OUTAGE,
    "-1": ComponentStatus.MAJOR_OUTAGE,
}


def endpoints(page_url: str, depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    page, *announced = feed_link.endpoints(page_url, read, HOSTS)
    if "page" not in read or not recognises(read["page"]):
        return (page, *announced)
    live = Endpoint(name="live", url=addresses.at(page_url, _LIVE))
    # if the stream cannot be read, the feed counts in its place
    in_place = tuple(replace(one, name="live") for one in announced)
    return (page, live, *in_place, *(announced if depth.has_history else ()))


def recognises(document: Document, /) -> bool:
    markup = html.own_html({"page": document})
    return bool(markup) and (_LIVE in markup or feed_link.is_of(document, HOSTS))


def parse(read: Documents, /) -> Snapshot:
    live = read.get("live")
    if live is None or live.body.lstrip()[:1] == b"<":
        found = {"feed": live} if live else {}
        return feed_link.parse({**read, **found}, HOSTS, platform="Hund")
    event = fields.json_object(replace(live, body=once(_init_event, live.body)))
    state = event.word("state")
    issues = list(event.objects("issues", required=True))
    past, notes = build.later(
        read.get("feed"), "incident history", lambda document: feed.parse({"feed": document})
    )
    closed = [one for one in past.incidents if not one.status.open] if past else []
    return Snapshot(
        page_name=html.page_name(read),
        page_url=html.page_address(read),
        indicator=_STATUSES.get(state, ComponentStatus.UNKNOWN).severity,
        raw_indicator=state,
        incidents=build.merge(
            (_incident(row) for row in issues if not row.flag("scheduled")), closed
        ),
        maintenances=tuple(_maintenance(row) for row in issues if row.flag("scheduled")),
        history_from=past.history_from if past else None,
        notes=notes,
    )


def _init_event(body: bytes) -> bytes:
    """The data of the first event; raises `invalid` if that is another one, or not whole."""
    name, data = b"", list[bytes]()
    for line in body.replace(b"\r\n", b"\n").split(b"\n")[:-1]:
        field, _, value = line.partition(b":")
        if not line and data:
            break
        if field == b"event":
            name = value.strip()
        elif field == b"data":
            data.append(value)
    else:
        data = []
    if name != b"init_event" or not data:
        raise PageError(
            FailureKind.INVALID, "unexpected stream: it does not begin with the page's state"
        )
    return b"\n".join(data)


def _incident(row: Fields) -> Incident:
    updates = _updates(row)
    status = updates[0].status
    standing = row.values.get("standing")
    if standing is False:
        status = IncidentStatus.RESOLVED
    elif standing is True and not status.open:
        status = IncidentStatus.UNKNOWN
    posted = [update.created_at for update in updates]
    return Incident(
        **_event(row, updates),
        status=status,
        raw_status=updates[0].raw_status,
        impact=_impact(_components(row)),
        started_at=times.earliest(posted),
        resolved_at=None if status.open else times.latest(posted),
        updated_at=times.latest(posted),
    )


def _maintenance(row: Fields) -> Maintenance:
    begun = row.flag("standing")
    return Maintenance(
        **_event(row, _updates(row)),
        status=MaintenanceStatus.IN_PROGRESS if begun else MaintenanceStatus.SCHEDULED,
        raw_status=row.text("label"),
    )


def _event(row: Fields, updates: tuple[Update, ...]) -> build.Event:
    links = (Link(id=one.optional("id"), name=one.text("name")) for one in _components(row))
    return build.event(row, links=tuple(links), updates=updates)


def _updates(row: Fields) -> tuple[Update, ...]:
    """The updates of an issue and, as the oldest, its own text; newest first."""
    return build.newest_updates(
        Update(
            status=build.INCIDENT_WORDS.get(
                one.word("label").replace(" ", "_"), IncidentStatus.UNKNOWN
            ),
            raw_status=one.text("label"),
            body=one.body("body"),
            created_at=one.epoch("created_at"),
        )
        for one in (*row.objects("updates"), row)
    )


def _components(row: Fields) -> list[Fields]:
    """What an issue affects; the stream's first version only has names."""
    value = row.values.get("components")
    rows = value if isinstance(value, list) else []
    return [Fields(one if isinstance(one, dict) else {"name": one}) for one in rows]


def _impact(components: Iterable[Fields]) -> Impact:
    words = [one.word("state") for one in components]
    found = build.roll_up(_STATUSES.get(word, ComponentStatus.UNKNOWN) for word in words)
    return Impact.MINOR if found is Severity.UNKNOWN else Impact(found.value)

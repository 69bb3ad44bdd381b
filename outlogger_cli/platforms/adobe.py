"""Adobe's own status page.

`https://data.status.adobe.com/adobestatus/StatusEvents` holds the incidents and windows of 40 days,
`/adobestatus/SnowServiceRegistry` the products, which have no status. Neither is documented: the
format is what other programs read. Lists are objects by id, and a product's history in an event is
one by Unix time. The server may refuse programs: such a page is unknown.

wire                                        ours
history opened, started, updated, reopened  investigating
        discovery                           investigating
        closed, canceled, dismissed         resolved
        completed                           completed
        scheduled, any other word           unknown, which is open
severity critical, major                    major_outage; impact critical, major
         minor                              degraded_performance, minor
         maintenance                        under_maintenance, maintenance
         potential, trivial                 operational, none: a notice
maintenance scheduled, started              scheduled, in_progress
            closed, canceled, ...           completed

The newest entry of a product's history tells its state, its worst severity the impact. An event is
open while it is for one of its products. A product is operational if no open event names it. There
is no roll-up. No open event means that nothing is open.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from itertools import chain
from typing import NamedTuple

from outlogger_cli.domain import text
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
    Maintenance,
    MaintenanceStatus,
    Snapshot,
    Update,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, fields, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("status.adobe.com",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")

_API = "https://data.status.adobe.com/adobestatus"
_PAGE = "https://status.adobe.com"
_LISTED_FOR = timedelta(days=40)
_FILLED_UP_TO = 1000
"""Characters of a text whose placeholders are filled: a long one may belong to many events."""
_STATES = {
    **dict.fromkeys(("opened", "started", "updated"), IncidentStatus.INVESTIGATING),
    **dict.fromkeys(("reopened", "discovery"), IncidentStatus.INVESTIGATING),
    **dict.fromkeys(("closed", "canceled", "dismissed"), IncidentStatus.RESOLVED),
    "completed": IncidentStatus.COMPLETED,
}
_OF_WINDOWS = {
    **_STATES,
    "scheduled": IncidentStatus.SCHEDULED,
    "started": IncidentStatus.IN_PROGRESS,
}
_WINDOWS = {
    "scheduled": MaintenanceStatus.SCHEDULED,
    "started": MaintenanceStatus.IN_PROGRESS,
    **dict.fromkeys(("closed", "canceled"), MaintenanceStatus.COMPLETED),
    **dict.fromkeys(("dismissed", "completed"), MaintenanceStatus.COMPLETED),
}
_IMPACTS = {
    "critical": Impact.CRITICAL,
    "major": Impact.MAJOR,
    "minor": Impact.MINOR,
    "maintenance": Impact.MAINTENANCE,
    "potential": Impact.NONE,
    "trivial": Impact.NONE,
}
_STATUSES = {
    "critical": ComponentStatus.MAJOR_OUTAGE,
    "major": ComponentStatus.MAJOR_OUTAGE,
    "minor": ComponentStatus.DEGRADED_PERFORMANCE,
    "maintenance": ComponentStatus.UNDER_MAINTENANCE,
    "potential": ComponentStatus.OPERATIONAL,
    "trivial": ComponentStatus.OPERATIONAL,
}
_WORST_LAST = (
    ComponentStatus.OPERATIONAL,
    ComponentStatus.UNDER_MAINTENANCE,
    ComponentStatus.UNKNOWN,
    ComponentStatus.DEGRADED_PERFORMANCE,
    ComponentStatus.MAJOR_OUTAGE,
)

Texts = Callable[[str], str]
"""Gives the message of a token."""


class _Product(NamedTuple):
    """What an event says of one product: its `entries`, the newest first, and when they began."""

    id: str
    row: Fields
    entries: tuple[tuple[datetime | None, Fields], ...]
    ended_at: datetime | None

    @property
    def newest(self) -> Fields:
        return self.entries[0][1] if self.entries else Fields({})

    @property
    def status(self) -> IncidentStatus:
        if not self.entries and self.ended_at:
            return IncidentStatus.RESOLVED
        return _STATES.get(self.newest.word("status"), IncidentStatus.UNKNOWN)


class _Event(NamedTuple):
    """An incident or a window."""

    id: str
    row: Fields
    products: tuple[_Product, ...]
    texts: Texts

    @property
    def is_placed(self) -> bool:
        """Whether it is known which products it concerns: it has at least one."""
        return bool(self.products)


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    """Both documents at any depth: without the products no component is known."""
    folder = addresses.api_base(page_url, "/StatusEvents")
    folder = folder or addresses.vendors_own(page_url, HOSTS, _API)
    return (
        Endpoint(name="events", url=f"{folder}/StatusEvents"),
        Endpoint(name="products", url=f"{folder}/SnowServiceRegistry"),
    )


def recognises(document: Document, /) -> bool:
    """By its two keys: the list may be long, and is then read only once."""
    try:
        wire = fields.json_object(document)
    except PageError:
        return False
    return _has_events(wire)


def _has_events(wire: Fields) -> bool:
    told, planned = wire.inside("incidentEvent"), wire.inside("maintenanceEvent")
    return "incidents" in told and "maintenance" in planned


def parse(read: Documents, /) -> Snapshot:
    document = read["events"]
    wire = fields.json_object(document)
    if not _has_events(wire):
        raise not_a_page("unexpected JSON without incidentEvent and maintenanceEvent")
    told, planned = wire.inside("incidentEvent"), wire.inside("maintenanceEvent")
    events = list(_events(told, "incidents", document))
    windows = list(_events(planned, "maintenance", document))
    incidents = build.newest_first(map(_incident, events))
    components, notes = build.later(
        read.get("products"), "products", lambda listed: _components(listed, events, windows)
    )
    return Snapshot(
        page_name="Adobe",
        page_url=_PAGE,
        indicator=build.of_incidents(incidents, components or ()),
        indicator_of_incidents=True,
        components=components or (),
        incidents=incidents,
        maintenances=build.unfinished(map(_maintenance, windows)),
        history_from=document.fetched_at - _LISTED_FOR,
        notes=notes,
    )


def _rows(parent: Fields, key: str) -> dict[str, Fields]:
    """The objects of the object at `key`, by their ids."""
    listed = parent.object_or_empty(key)
    return {text.line(one): listed.object(one) for one in listed.values}


def _events(parent: Fields, key: str, document: Document) -> Iterator[_Event]:
    parent.object(key)
    messages = parent.inside("messages", "en")

    @cache
    def texts(token: str) -> str:
        message = messages.inside(token)
        return message.body("htmlMessage") or message.body("textMessage")

    for identity, row in _rows(parent, key).items():
        products = tuple(
            _Product(
                id=product,
                row=told,
                entries=_entries(told),
                ended_at=_epoch(told, "endedOn", document),
            )
            for product, told in _rows(row, "products").items()
        )
        yield _Event(identity, row, products, texts)


def _entries(product: Fields) -> tuple[tuple[datetime | None, Fields], ...]:
    dated = [
        (Fields({"at": key}).epoch("at"), entry) for key, entry in _rows(product, "history").items()
    ]
    return tuple(sorted(dated, key=lambda one: one[0] or EVER, reverse=True))


def _epoch(row: Fields, key: str, document: Document) -> datetime | None:
    """A time that was past when the page was read; zero is none."""
    moment = row.epoch(key)
    return moment if moment and moment <= document.fetched_at else None


def _components(
    document: Document, events: Iterable[_Event], windows: Iterable[_Event]
) -> tuple[Component, ...]:
    """The products, by what the events that are under way say of them."""
    wire = fields.json_object(document)
    wire.object("products")
    found: dict[str, tuple[ComponentStatus, str]] = {}
    is_known = True

    def add(product: str, status: ComponentStatus, word: str) -> None:
        known = found.get(product)
        if known is None or _WORST_LAST.index(status) > _WORST_LAST.index(known[0]):
            found[product] = status, word

    for event in events:
        is_known = is_known and event.is_placed
        for product in event.products:
            if product.status.open:
                word = product.newest.text("severity")
                add(product.id, _STATUSES.get(word.lower(), ComponentStatus.UNKNOWN), word)
    for window in windows:
        phase = _phase(window)
        if phase in {MaintenanceStatus.SCHEDULED, MaintenanceStatus.COMPLETED}:
            continue
        is_known = is_known and window.is_placed
        is_active = phase is MaintenanceStatus.IN_PROGRESS
        status = ComponentStatus.UNDER_MAINTENANCE if is_active else ComponentStatus.UNKNOWN
        for product in window.products:
            add(product.id, status, window.row.text("status"))
    calm = ComponentStatus.OPERATIONAL if is_known else ComponentStatus.UNKNOWN
    components = []
    for identity, row in _rows(wire, "products").items():
        status, word = found.get(identity, (calm, ""))
        name = row.text("name", identity or "(no name)")
        components.append(Component(id=identity, name=name, status=status, raw_status=word))
    return tuple(components)


def _incident(event: _Event) -> Incident:
    entries = [entry for product in event.products for _, entry in product.entries]
    words = [entry.text("severity") for entry in entries]
    impact, word = max(
        ((_IMPACTS.get(word.lower(), Impact.MINOR), word) for word in words),
        key=lambda one: one[0].severity.rank,
        default=(Impact.MINOR, ""),
    )
    states = [(product.status, product.newest.text("status")) for product in event.products]
    status, raw_status = min(
        states, key=lambda one: not one[0].open, default=(IncidentStatus.UNKNOWN, "")
    )
    moments = [at for product in event.products for at, _ in product.entries]
    ends = times.latest(product.ended_at for product in event.products)
    return Incident(
        **_common(event, _STATES),
        status=status,
        raw_status=raw_status,
        impact=impact,
        raw_impact=word,
        started_at=times.earliest(
            [*(product.row.epoch("startedOn") for product in event.products), *moments]
        ),
        resolved_at=None if status.open else ends or times.latest(moments),
        updated_at=times.latest(moments),
    )


def _phase(event: _Event) -> MaintenanceStatus:
    return _WINDOWS.get(event.row.word("status"), MaintenanceStatus.UNKNOWN)


def _maintenance(event: _Event) -> Maintenance:
    return Maintenance(
        **_common(event, _OF_WINDOWS),
        status=_phase(event),
        raw_status=event.row.text("status"),
        scheduled_for=event.row.epoch("startedOn") or event.row.epoch("scheduledDate"),
        scheduled_until=event.row.epoch("completedOn"),
    )


def _common(event: _Event, states: Mapping[str, IncidentStatus]) -> build.Event:
    """The title is that of the newest entry that has one, else the name of a product."""
    entries = {
        (at, entry.text("messageToken"), entry.text("status")): (at, product, entry)
        for product in event.products
        for at, entry in product.entries
    }
    newest = sorted(entries.values(), key=lambda one: one[0] or EVER, reverse=True)
    titles = (text.line(event.texts(entry.text("titleToken"))) for _, _, entry in newest)
    names = (product.row.text("name") for product in event.products)
    first = event.products[0].id if event.products else ""
    return build.Event(
        id=event.id,
        name=next(filter(None, chain(titles, names)), "(no title)"),
        links=tuple(Link(id=one.id, name=one.row.text("name")) for one in event.products),
        url=addresses.link(f"{_PAGE}/products/{first}/{event.id}") if first else "",
        updates=tuple(
            Update(
                status=states.get(entry.word("status"), IncidentStatus.UNKNOWN),
                raw_status=entry.text("status"),
                body=_filled(event.texts(entry.text("messageToken")), product.row),
                created_at=at,
            )
            for at, product, entry in newest
        ),
    )


def _filled(body: str, product: Fields) -> str:
    """`body` with the times of the event in place of `{startDateTime}` and `{endDateTime}`."""
    if "{" not in body or len(body) > _FILLED_UP_TO:
        return body
    for name, key in (("startDateTime", "startedOn"), ("endDateTime", "endedOn")):
        if moment := product.epoch(key):
            body = body.replace(f"{{{name}}}", f"{moment:%Y-%m-%d %H:%M} UTC")
    return body

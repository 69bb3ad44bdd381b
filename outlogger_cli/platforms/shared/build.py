"""Pieces of a snapshot that platforms build alike, and the rules that hold for all of them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypedDict, TypeVar

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    EVER,
    Component,
    ComponentStatus,
    Document,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Update,
    worst,
)
from outlogger_cli.platforms.shared.documents import EVENT_LIMIT, Allowance
from outlogger_cli.platforms.shared.fields import Fields
from outlogger_cli.platforms.shared.times import earliest

Found = TypeVar("Found")
History = tuple[tuple[Incident, ...], datetime | None]
"""Listed incidents, and the moment from which the list is complete."""

_RECENT = timedelta(hours=1)
_AHEAD = timedelta(days=1)

INCIDENT_WORDS = {status.value: status for status in IncidentStatus}
"""The words of Statuspage, which other platforms use too."""

MAINTENANCE_WORDS = {status.value: status for status in MaintenanceStatus}

PLANNED = {
    IncidentStatus.SCHEDULED: MaintenanceStatus.SCHEDULED,
    IncidentStatus.IN_PROGRESS: MaintenanceStatus.IN_PROGRESS,
    IncidentStatus.VERIFYING: MaintenanceStatus.VERIFYING,
    IncidentStatus.COMPLETED: MaintenanceStatus.COMPLETED,
}
"""The statuses that only a maintenance has, on pages that list it among the incidents."""


class Event(TypedDict):
    """The fields that an incident and a maintenance have in common."""

    id: str
    name: str
    links: tuple[Link, ...]
    url: str
    updates: tuple[Update, ...]


def event(
    row: Fields,
    *,
    id_key: str = "id",
    title_key: str = "title",
    url_key: str = "url",
    links: tuple[Link, ...] = (),
    updates: tuple[Update, ...] = (),
) -> Event:
    """The common fields of the incident or maintenance in `row`."""
    return Event(
        id=row.text(id_key),
        name=row.text(title_key, "(no title)"),
        links=links,
        url=row.url(url_key),
        updates=updates,
    )


def component(
    row: Fields,
    statuses: Mapping[str, ComponentStatus],
    *,
    id_key: str = "id",
    name_key: str = "name",
    status_key: str = "status",
    group: str | None = None,
    description: str | None = None,
    updated_at: datetime | None = None,
) -> Component:
    """The component in `row`; if the id or the name is missing, the other is used for both."""
    name = row.text(name_key, row.text(id_key, "(no name)"))
    return Component(
        id=row.text(id_key, name),
        name=name,
        status=statuses.get(row.word(status_key), ComponentStatus.UNKNOWN),
        raw_status=row.text(status_key),
        group=group,
        description=description,
        updated_at=updated_at,
    )


def updates(
    rows: Iterable[Fields],
    statuses: Mapping[str, IncidentStatus],
    *,
    status_key: str = "status",
    body_key: str = "body",
    time_keys: tuple[str, ...] = ("created_at",),
) -> tuple[Update, ...]:
    """The messages in `rows`, newest first; the first time there is among `time_keys` counts."""
    return newest_updates(
        Update(
            status=statuses.get(row.word(status_key), IncidentStatus.UNKNOWN),
            raw_status=row.text(status_key),
            body=row.body(body_key),
            created_at=row.time(*time_keys),
        )
        for row in rows
    )


def links(rows: Iterable[Fields], *, id_key: str = "id") -> tuple[Link, ...]:
    """The components that `rows` name, each once."""
    found = {}
    for row in rows:
        one = Link(id=row.optional(id_key), name=row.text("name"))
        if one.id or one.name:
            found[one.id or one.name] = one
    return tuple(found.values())


def newest_updates(found: Iterable[Update]) -> tuple[Update, ...]:
    """Updates, the newest first; of the same time in their order."""
    return tuple(sorted(found, key=lambda u: u.created_at or EVER, reverse=True))


def newest_first(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """Incidents by start, the newest first; those without a time keep their place at the end.

    Raises `too_large` before more are built than are read.
    """
    found = bounded(incidents)
    return tuple(sorted(found, key=lambda i: i.started_at or EVER, reverse=True))


def bounded(events: Iterable[Found], what: str = "incidents") -> Iterator[Found]:
    """The `events`, one after the other; raises `too_large` at the first that is too many."""
    allowance = Allowance(EVENT_LIMIT, what)
    for event in events:
        allowance.take(1)
        yield event


def windows(maintenances: Iterable[Maintenance]) -> tuple[Maintenance, ...]:
    """The maintenance windows; raises `too_large` before more are built than are read."""
    return tuple(bounded(maintenances, "maintenance windows"))


def merge(first: Iterable[Incident], second: Iterable[Incident]) -> tuple[Incident, ...]:
    """Both lists, newest first; of two copies of an incident the later `updated_at` wins."""
    found: dict[str, Incident] = {}
    for incident in (*bounded(first), *bounded(second)):
        key = incident.id or f"{incident.name} {incident.started_at}"
        known = found.get(key)
        if known is None or (incident.updated_at or EVER) > (known.updated_at or EVER):
            found[key] = incident
    return newest_first(found.values())


def unfinished(maintenances: Iterable[Maintenance]) -> tuple[Maintenance, ...]:
    """Windows that are not over, in their order."""
    return tuple(m for m in maintenances if m.status is not MaintenanceStatus.COMPLETED)


def oldest_start(incidents: Iterable[Incident]) -> datetime | None:
    """`history_from` of a list that may be cut off: nothing is known before its oldest entry."""
    return earliest(incident.started_at for incident in incidents)


def roll_up(statuses: Iterable[ComponentStatus]) -> Severity:
    """The indicator of a page that has a component table and no roll-up of its own.

    `unknown` if there are no components, or if only unknown ones could be a problem.
    """
    severities = [status.severity for status in statuses]
    return certain(worst(severities), unsure=not severities or Severity.UNKNOWN in severities)


def worst_status(statuses: Iterable[ComponentStatus]) -> ComponentStatus:
    """The worst of what several places say of one component, operational if none says anything.

    `unknown` if one of them is unknown and none is a problem.
    """
    found = {status.severity: status for status in statuses}
    severity = certain(worst(found), unsure=Severity.UNKNOWN in found)
    return found.get(severity, ComponentStatus.OPERATIONAL)


def certain(found: Severity, *, unsure: bool) -> Severity:
    """`found`, or `unknown` if it is less than a problem and a worse one may be hidden."""
    return Severity.UNKNOWN if unsure and found.rank < Severity.MINOR.rank else found


def worst_open(incidents: Iterable[Incident]) -> Severity:
    """The indicator of a page that lists events and nothing else: no open event is health."""
    return worst(incident.impact.severity for incident in incidents if incident.status.open)


def impact_of(words: Iterable[str], statuses: Mapping[str, ComponentStatus]) -> tuple[Impact, str]:
    """The impact of an incident that gave components these statuses, and the word that decides.

    It is minor without any word, or if only an unknown one may be a problem.
    """
    known = ((statuses.get(word.lower(), ComponentStatus.UNKNOWN).severity, word) for word in words)
    severity, word = max(
        known,
        key=lambda one: Severity.MINOR.rank - 0.5 if one[0] is Severity.UNKNOWN else one[0].rank,
        default=(Severity.UNKNOWN, ""),
    )
    return (Impact.MINOR if severity is Severity.UNKNOWN else Impact(severity.value)), word


def of_incidents(incidents: Iterable[Incident], components: Collection[Component]) -> Severity:
    """`worst_open` for a page whose components are known by its incidents; unknown if none is."""
    nothing = bool(components) and all(
        component.status is ComponentStatus.UNKNOWN for component in components
    )
    return certain(worst_open(incidents), unsure=nothing)


def phase(start: datetime | None, end: datetime | None, now: datetime) -> MaintenanceStatus:
    """The status of a maintenance that has no word for it, by the time `now` of the reading."""
    if end and end <= now:
        return MaintenanceStatus.COMPLETED
    if not start:
        return MaintenanceStatus.UNKNOWN
    return MaintenanceStatus.SCHEDULED if start > now else MaintenanceStatus.IN_PROGRESS


def is_recent(moment: datetime | None, now: datetime) -> bool:
    """Whether the result of a monitor at `moment` still counts at the time `now` of the reading.

    A result for a stretch of time may have the end of it, which is up to a day ahead.
    """
    return moment is not None and now - _RECENT <= moment <= now + _AHEAD


def since(results: Sequence[Fields], status_key: str, time_key: str) -> datetime | None:
    """The time of the first of the `results` that say the same as the last; oldest first.

    None if all of them do: what was before the first one is unknown.
    """
    for before, result in zip(results[-2::-1], results[::-1], strict=False):
        if before.values.get(status_key) != results[-1].values.get(status_key):
            return result.time(time_key)
    return None


def coded(known: StrEnum | None, kind: str, code: str) -> str:
    """The word to show for a number: ours, or the number itself if it is unknown."""
    if known:
        return known.value
    return f"{kind} {code}" if code else ""


def passed(row: Fields, key: str, document: Document) -> datetime | None:
    """The time at `key` if it was past when the document was read: a later end is an estimate."""
    moment = row.time(key)
    return moment if moment and moment <= document.fetched_at else None


def later(
    document: Document | None, what: str, read: Callable[[Document], Found]
) -> tuple[Found | None, tuple[str, ...]]:
    """What `read` finds in a document after the first; None and a note if it fails."""
    if document is None:
        return None, ()
    try:
        return read(document), ()
    except PageError as error:
        return None, (f"{what} not read: {error.message}",)

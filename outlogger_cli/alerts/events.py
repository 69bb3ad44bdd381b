"""What `watch` tells: how a vendor's standing changed since it was last told of, as events.

Pure: what was known and a judgement go in, what is known now and the events come out. What was
seen and what was told are kept apart. While a vendor is silent (muted, or flapping) only what is
seen moves on, so that the end of the silence tells how it stands and nothing of what is over.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto

from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Failed,
    Incident,
    Severity,
    Snapshot,
    Verdict,
    worst,
)
from outlogger_cli.domain.selection import label, matches
from outlogger_cli.domain.values import frozen
from outlogger_cli.domain.verdict import Judged, judge

FLAP_OPENINGS = 4
"""A vendor that opens so often within `FLAP_WINDOW` flaps, until it has not turned for `CALM`."""

FLAP_WINDOW = timedelta(minutes=15)
CALM = timedelta(minutes=5)

_INCIDENTS_KEPT = 100
_WITHOUT_WINDOW = ""
"""In place of a window's id: components under maintenance that no window announced."""


class Kind(StrEnum):
    """The events; what each says is told in `outlogger watch --help`."""

    OPENED = auto()
    WORSENED = auto()
    EASED = auto()
    RECOVERED = auto()
    UPDATED = auto()
    MAINTENANCE_STARTED = auto()
    MAINTENANCE_ENDED = auto()
    UNREADABLE = auto()
    READABLE = auto()


DEFAULT = (Kind.OPENED, Kind.WORSENED, Kind.RECOVERED)
"""What is told unless somebody asks for something else."""


class Manner(StrEnum):
    """How an event is told: by itself, as the begin of flapping, or as what came of it."""

    PLAIN = auto()
    FLAPPING = auto()
    CALMED = auto()


@frozen
class Known:
    """What was seen of a vendor so far, and what of it was told.

    Seen: `severity` is that of the last reading with a verdict, None before the first; `problem`
    whether it stood at or above its threshold, `turned` when that last changed, `openings` when it
    lately became true. `since` is when the problem that was told, or is yet to be, was first seen.

    Told: `told` is the severity of the problem, None where none is told to be there; `readable`
    whether the page can be read; `incidents` how far each was told, by id; `maintenances` the
    names of those under way, by id.
    """

    severity: Severity | None = None
    problem: bool = False
    turned: datetime | None = None
    openings: tuple[datetime, ...] = ()
    flapping: bool = False
    since: datetime | None = None
    told: Severity | None = None
    readable: bool = True
    incidents: Mapping[str, str] = field(default_factory=dict)
    maintenances: Mapping[str, str] = field(default_factory=dict)


@frozen
class Event:
    """One thing to tell of a vendor. `lasted` is how long the problem that is over took;
    `maintenance` is the name of the window that began or ended."""

    kind: Kind
    judged: Judged
    severity: Severity
    previous: Severity | None
    at: datetime
    lasted: timedelta | None = None
    incident: Incident | None = None
    maintenance: str | None = None
    manner: Manner = Manner.PLAIN


def compare(
    known: Known,
    judged: Judged,
    *,
    now: datetime,
    muted: bool = False,
    hidden: Sequence[str] = (),
) -> tuple[Known, tuple[Event, ...]]:
    """What is known after `judged`, and what there is to tell.

    `hidden` are patterns of components that are muted by themselves: what they alone cause is not
    told. A vendor that nobody can judge, because its page cannot be read or says what nobody
    knows, never recovers by it; how one that flapped stands is told when it can be judged again.
    An incident that is open in the first reading is no `updated`.
    """
    if judged.verdict is Verdict.UNKNOWN:
        flaps = known.flapping and not _is_calm(known, now)
        if not known.readable or muted or flaps:
            return known, ()
        lost = _event(Kind.UNREADABLE, judged, now, known.severity)
        return replace(known, readable=False), (replace(lost, severity=Severity.UNKNOWN),)
    shown = _without(judged, hidden)
    covered = shown.severity.rank < judged.severity.rank
    problem = shown.verdict is Verdict.PROBLEM or (covered and known.told is not None)
    seen = replace(_turned(known, problem, now), severity=shown.severity)
    began = seen.flapping and not known.flapping
    if muted or (seen.flapping and not began):
        return seen, ()
    if began:
        event = _event(Kind.OPENED, shown, now, known.severity)
        return replace(seen, told=shown.severity), (replace(event, manner=Manner.FLAPPING),)
    teller = _Teller(known=known, seen=seen, shown=shown, now=now, covered=covered)
    return teller.after(), tuple(teller.events())


def wanted(events: Iterable[Event], kinds: Iterable[str]) -> list[Event]:
    """Those of one vendor's `events` that are of `kinds`. An update of an incident that another
    of them tells of already is left out."""
    chosen = set(kinds)
    kept = [event for event in events if event.kind in chosen]
    told = [event.incident for event in kept if event.kind is not Kind.UPDATED]
    return [e for e in kept if e.kind is not Kind.UPDATED or e.incident not in told]


def _turned(known: Known, problem: bool, now: datetime) -> Known:
    """What is seen when the vendor is found to be a `problem`, or not to be one."""
    calm = _is_calm(known, now)
    calmed = known.flapping and calm
    lately = () if calmed else tuple(o for o in known.openings if _is_recent(o, now))
    seen = replace(known, openings=lately, flapping=known.flapping and not calm)
    if problem == known.problem:
        return seen
    seen = replace(seen, problem=problem, turned=now)
    if not problem:
        return seen
    openings = (*lately, now)
    return replace(
        seen,
        openings=openings,
        flapping=seen.flapping or len(openings) >= FLAP_OPENINGS,
        since=now if known.told is None else known.since,
    )


def _is_calm(known: Known, now: datetime) -> bool:
    return known.turned is None or abs(now - known.turned) >= CALM


def _is_recent(opening: datetime, now: datetime) -> bool:
    return timedelta() <= now - opening <= FLAP_WINDOW


@frozen
class _Teller:
    """One reading of a vendor that is not silent. `shown` is what it says without the muted
    components, `covered` whether they make it look better than it is."""

    known: Known
    seen: Known
    shown: Judged
    now: datetime
    covered: bool

    def events(self) -> Iterator[Event]:
        if not self.known.readable:
            yield _event(Kind.READABLE, self.shown, self.now, Severity.UNKNOWN)
        yield from self._standing()
        if self.known.severity is not None:
            yield from self._updates()
        yield from self._maintenances()

    def after(self) -> Known:
        """What is known once the events are told."""
        told = self.shown.severity if self._is_problem() else None
        if self._looks_better():
            told = self.known.told
        incidents = {**self.known.incidents, **self._news()}
        return replace(
            self.seen,
            told=told,
            readable=True,
            incidents=dict(list(incidents.items())[-_INCIDENTS_KEPT:]),
            maintenances=_under_way(self.shown),
        )

    def _standing(self) -> Iterator[Event]:
        """How the vendor stands against its threshold, where that is not what was told last."""
        told, severity = self.known.told, self.shown.severity
        calmed = self.known.flapping
        manner = Manner.CALMED if calmed else Manner.PLAIN
        if self._is_problem() and (told is None or calmed):
            before = None if self.known.problem else self.known.severity
            yield replace(self._event(Kind.OPENED, told or before), manner=manner)
        elif told is None or self._looks_better():
            return
        elif not self._is_problem():
            over = self._event(Kind.RECOVERED, told)
            yield replace(over, lasted=self._lasted(), manner=manner)
        elif severity is not told:
            kind = Kind.EASED if severity.rank < told.rank else Kind.WORSENED
            yield self._event(kind, told)

    def _is_problem(self) -> bool:
        return self.shown.verdict is Verdict.PROBLEM

    def _looks_better(self) -> bool:
        """Whether it is better than was told only because components are muted."""
        told = self.known.told
        return self.covered and told is not None and self.shown.severity.rank < told.rank

    def _lasted(self) -> timedelta:
        """How long the problem took; it may have ended in silence."""
        ended = self.seen.turned or self.now
        return max(timedelta(), ended - (self.seen.since or ended))

    def _updates(self) -> Iterator[Event]:
        news = self._news()
        for incident in self._incidents():
            if incident.id in news:
                event = self._event(Kind.UPDATED, self.known.severity)
                yield replace(event, incident=incident)

    def _news(self) -> dict[str, str]:
        """The marks of the incidents that say more than was told."""
        before = self.known.incidents
        marks = {incident.id: _mark(incident) for incident in self._incidents()}
        return {key: mark for key, mark in marks.items() if _is_news(mark, before.get(key))}

    def _incidents(self) -> list[Incident]:
        """The open ones, and where the page lists closed ones too those that were open."""
        reading, before = self.shown.reading, self.known.incidents
        listed = reading.snapshot.incidents if reading else ()
        closed = [one for one in listed if not one.status.open and one.id in before]
        return [*self.shown.open_incidents, *closed]

    def _maintenances(self) -> Iterator[Event]:
        before, under_way = self.known.maintenances, _under_way(self.shown)
        for key, name in before.items():
            if key not in under_way and (key != _WITHOUT_WINDOW or not under_way):
                yield self._maintenance(Kind.MAINTENANCE_ENDED, name)
        for key, name in under_way.items():
            if key not in before:
                yield self._maintenance(Kind.MAINTENANCE_STARTED, name)

    def _maintenance(self, kind: Kind, name: str) -> Event:
        return replace(self._event(kind, self.known.severity), maintenance=name)

    def _event(self, kind: Kind, previous: Severity | None) -> Event:
        return _event(kind, self.shown, self.now, previous)


def _event(kind: Kind, judged: Judged, now: datetime, previous: Severity | None) -> Event:
    return Event(
        kind=kind,
        judged=judged,
        severity=judged.severity,
        previous=previous,
        at=now,
        incident=_gravest(judged.open_incidents) if kind in _WITH_INCIDENT else None,
    )


_WITH_INCIDENT = {Kind.OPENED, Kind.WORSENED, Kind.EASED}


def _gravest(incidents: Sequence[Incident]) -> Incident | None:
    """The one of the worst impact, the newest of several."""
    return max(incidents, key=lambda incident: incident.impact.severity.rank, default=None)


def _mark(incident: Incident) -> str:
    """What changes with each update: the moment of the newest, in UTC, how many there are, and
    the status. Vendors date updates back, and change the status without writing one."""
    newest = incident.updates[0].created_at if incident.updates else None
    moment = newest or incident.updated_at or incident.started_at
    status = incident.raw_status or incident.status.value
    return f"{moment.isoformat() if moment else ''} {len(incident.updates):04} {status}"


def _is_news(mark: str, known: str | None) -> bool:
    """A copy of the page may be older than the last one that was read: that is no news."""
    return known is None or (mark != known and _age(mark) >= _age(known))


def _age(mark: str) -> list[str]:
    """What tells an older copy: its newest update is an earlier one, or it has fewer of them."""
    return mark.split(" ", 2)[:2]


def _under_way(judged: Judged) -> dict[str, str]:
    """The names of the active windows by id; where there is none, of components that say that
    they are under maintenance."""
    windows = {w.id: w.name for w in judged.maintenances if w.status.active}
    if windows:
        return windows
    status = ComponentStatus.UNDER_MAINTENANCE
    names = [label(component) for component in judged.selected if component.status is status]
    return {_WITHOUT_WINDOW: ", ".join(names)} if names else {}


def _without(judged: Judged, hidden: Sequence[str]) -> Judged:
    """The same reading as if the components that `hidden` names were well."""
    read = judged.outcome
    if not hidden or isinstance(read, Failed):
        return judged
    snapshot = read.snapshot
    muted = [c for c in snapshot.components if any(matches(one, c) for one in hidden)]
    if not muted:
        return judged
    return judge(replace(read, snapshot=_calmed(snapshot, muted)), window=None)


def _calmed(snapshot: Snapshot, muted: Sequence[Component]) -> Snapshot:
    """The page with `muted` components well, without the incidents that are theirs alone, and
    with no indicator where they explain it."""
    well = ComponentStatus.OPERATIONAL
    worst_muted = worst(component.status.severity for component in muted)
    explained = 0 <= snapshot.indicator.rank <= worst_muted.rank
    ids = {component.id for component in muted if component.id}
    return replace(
        snapshot,
        indicator=Severity.NONE if explained else snapshot.indicator,
        components=tuple(
            replace(c, status=well, raw_status=well.value) if c in muted else c
            for c in snapshot.components
        ),
        incidents=tuple(i for i in snapshot.incidents if not _is_theirs(i, ids)),
    )


def _is_theirs(incident: Incident, ids: set[str]) -> bool:
    return bool(incident.links) and all(link.id in ids for link in incident.links)

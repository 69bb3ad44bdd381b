"""What changed: a vendor's reading compared with what was seen and notified before, as events.

Pure: `compare` takes the vendor's state and a judgement, and returns the next state and the events.

The state keeps what was seen apart from what was notified. While a vendor is muted or flapping,
only what was seen is updated. The next event then tells the difference to the last notification,
and nothing of what is already over.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum, auto

from outlogger_cli.alerts.fingerprints import (
    WITHOUT_WINDOW,
    active_maintenances,
    fingerprint_of,
    is_newer,
    worst_open,
)
from outlogger_cli.alerts.mutes import mask
from outlogger_cli.domain.model import Incident, Severity, Verdict
from outlogger_cli.domain.values import field, frozen, replace
from outlogger_cli.domain.verdict import Judged

FLAP_COUNT = 4
"""A vendor that becomes a problem this often within `FLAP_WINDOW` is flapping, until its verdict
has not changed for `FLAP_CALM`."""

FLAP_WINDOW = timedelta(minutes=15)
FLAP_CALM = timedelta(minutes=5)

_OPEN_LIMIT = 1000
"""Open incidents of a page that are followed, newest first."""

_CLOSED_LIMIT = 100
"""Incidents that are not listed any more, and are remembered in case they come back."""


class Kind(StrEnum):
    """The kinds of event, as `outlogger watch --help` explains them."""

    OPENED = auto()
    WORSENED = auto()
    EASED = auto()
    RECOVERED = auto()
    UPDATED = auto()
    MAINTENANCE_STARTED = auto()
    MAINTENANCE_ENDED = auto()
    UNREADABLE = auto()
    READABLE = auto()
    REMINDER = auto()


DEFAULT_KINDS = (Kind.OPENED, Kind.WORSENED, Kind.RECOVERED, Kind.UNREADABLE, Kind.READABLE)

_OF_PROBLEM = {Kind.OPENED, Kind.WORSENED, Kind.EASED, Kind.REMINDER}
"""The events that tell how bad an open problem is, with its incident."""

UNREAD_ROUNDS = 3
"""Rounds in a row without a verdict after which a page is unreadable: one alone means little."""


class Flapping(StrEnum):
    """What an event has to do with flapping."""

    NO = auto()
    STARTED = auto()
    ENDED = auto()


@frozen
class VendorState:
    """What was seen of a vendor, and what one subscriber was notified of.

    Seen: `severity` of the last reading with a verdict; `is_problem`, whether that reached the
    threshold; `changed_at`, when that last changed; `opened_at`, when it became a problem within
    `FLAP_WINDOW`; `flapping`; `problem_since`, the start of the problem that was notified or is
    yet to be.

    `emptied`: the page listed components before, and has listed none since. `unread_rounds`: the
    number of rounds in a row without a verdict, up to `UNREAD_ROUNDS`. `open_incidents`: the ids
    of those that were open in the last reading.

    Notified: `notified`, the severity of the problem, None if there is none; `opened_notified`,
    whether its `opened` was asked for; `reminded_at`, when it was last told; `incident`, the one
    that explains it; `readable`; a fingerprint of each of the `incidents` by id; names of the
    active `maintenances` by id.
    """

    severity: Severity | None = None
    is_problem: bool = False
    changed_at: datetime | None = None
    opened_at: tuple[datetime, ...] = ()
    flapping: bool = False
    problem_since: datetime | None = None
    emptied: bool = False
    unread_rounds: int = 0
    open_incidents: tuple[str, ...] = ()
    notified: Severity | None = None
    opened_notified: bool = True
    reminded_at: datetime | None = None
    incident: Incident | None = None
    readable: bool = True
    incidents: Mapping[str, str] = field(default_factory=dict)
    maintenances: Mapping[str, str] = field(default_factory=dict)


@frozen
class Event:
    """A change of one vendor. `lasted` is the length of the problem that is over; `maintenance`
    the name of the window that started or ended."""

    kind: Kind
    judged: Judged
    severity: Severity
    previous: Severity | None
    at: datetime
    lasted: timedelta | None = None
    incident: Incident | None = None
    maintenance: str | None = None
    flapping: Flapping = Flapping.NO


def compare(
    state: VendorState,
    judged: Judged,
    *,
    now: datetime,
    kinds: Collection[str] = tuple(Kind),
    remind: timedelta | None = None,
    muted: bool = False,
    muted_components: Sequence[str] = (),
) -> tuple[VendorState, tuple[Event, ...]]:
    """Return the state after `judged`, and the events.

    `kinds` are those the subscriber asked for: a problem that is open when `opened` is first among
    them is told then. `remind` is how often an open problem is repeated.
    `muted_components` are patterns; what only these components cause is not an event. An unknown
    verdict is never a recovery, and does not end flapping; nor is it a recovery if a page that was
    emptied is at last read as it stands. Incidents that are open in the first reading are not
    updates.
    """
    emptied = not judged.components and (state.emptied or _is_emptied(judged))
    state = replace(state, emptied=emptied)
    if judged.verdict is Verdict.UNKNOWN:
        return _without_verdict(state, judged, now, muted=muted)
    unmasked, judged = judged, mask(judged, muted_components)
    masked = judged.severity.rank < unmasked.severity.rank
    is_problem = judged.verdict is Verdict.PROBLEM or (masked and state.notified is not None)
    seen = replace(
        _see(state, is_problem, now),
        severity=judged.severity,
        unread_rounds=0,
        open_incidents=tuple(one.id for one in judged.open_incidents[:_OPEN_LIMIT]),
    )
    starts_flapping = seen.flapping and not state.flapping
    if muted or (seen.flapping and not starts_flapping):
        return seen, ()
    if starts_flapping:
        opened = _event(Kind.OPENED, judged, now, state.severity)
        return (
            replace(
                seen,
                notified=judged.severity,
                opened_notified=Kind.OPENED in kinds,
                reminded_at=now,
                incident=opened.incident,
            ),
            (replace(opened, flapping=Flapping.STARTED),),
        )
    builder = _EventBuilder(
        before=state,
        seen=seen,
        judged=judged,
        now=now,
        masked=masked,
        kinds=frozenset(kinds),
        remind=remind,
    )
    events = tuple(builder.events())
    return builder.next_state(events), events


def _without_verdict(
    state: VendorState, judged: Judged, now: datetime, *, muted: bool
) -> tuple[VendorState, tuple[Event, ...]]:
    """Return the state after a round without a verdict, and the event if it is one too many."""
    state = replace(state, unread_rounds=min(state.unread_rounds + 1, UNREAD_ROUNDS))
    is_flapping = state.flapping and not _is_calm(state, now)
    is_new = state.readable and state.unread_rounds == UNREAD_ROUNDS
    if not is_new or muted or is_flapping:
        return state, ()
    lost = _event(Kind.UNREADABLE, judged, now, state.severity)
    return replace(state, readable=False), (replace(lost, severity=Severity.UNKNOWN),)


def select(events: Iterable[Event], kinds: Iterable[str]) -> list[Event]:
    """Return those of one vendor's `events` that are of `kinds`, without updates of an incident
    that another of them reports as its own."""
    kinds = set(kinds)
    wanted = [event for event in events if event.kind in kinds]
    reported = [event.incident for event in wanted if event.kind in _OF_PROBLEM]
    return [e for e in wanted if e.kind is not Kind.UPDATED or e.incident not in reported]


def _see(state: VendorState, is_problem: bool, now: datetime) -> VendorState:
    """Return `state` with what is seen when the vendor is, or is not, a problem at `now`."""
    is_calm = _is_calm(state, now)
    opened_at = tuple(at for at in state.opened_at if timedelta() <= now - at <= FLAP_WINDOW)
    if state.flapping and is_calm:
        opened_at = ()
    seen = replace(state, opened_at=opened_at, flapping=state.flapping and not is_calm)
    if is_problem == state.is_problem:
        return seen
    seen = replace(seen, is_problem=is_problem, changed_at=now)
    if not is_problem:
        return seen
    opened_at = (*opened_at, now)
    return replace(
        seen,
        opened_at=opened_at,
        flapping=seen.flapping or len(opened_at) >= FLAP_COUNT,
        problem_since=now if state.notified is None else state.problem_since,
    )


def _is_calm(state: VendorState, now: datetime) -> bool:
    # The clock may have been set back since.
    return state.changed_at is None or abs(now - state.changed_at) >= FLAP_CALM


@frozen
class _EventBuilder:
    """Compares one reading of a vendor that is neither muted nor flapping.

    `masked` tells whether muted components make `judged` look better than the vendor is.
    """

    before: VendorState
    seen: VendorState
    judged: Judged
    now: datetime
    masked: bool
    kinds: frozenset[str]
    remind: timedelta | None

    def events(self) -> Iterator[Event]:
        if not self.before.readable or self._ends_as_emptied:
            yield self._event(Kind.READABLE, Severity.UNKNOWN)
        yield from self._severity_change()
        if self.before.severity is not None:
            yield from self._incident_updates()
        yield from self._maintenance_changes()

    def next_state(self, events: Sequence[Event]) -> VendorState:
        """Return the state once the `events` are notified."""
        before, notified = self.before, self.judged.severity if self._is_problem else None
        if self._only_looks_better:
            notified = before.notified
        asked = before.notified is not None and before.opened_notified
        told = any(one.kind in _OF_PROBLEM and one.kind in self.kinds for one in events)
        return replace(
            self.seen,
            emptied=_is_emptied(self.judged),
            notified=notified,
            opened_notified=asked or Kind.OPENED in self.kinds or notified is None,
            reminded_at=(self.now if told else before.reminded_at) if notified else None,
            incident=self._incident_of_problem() if notified else None,
            readable=True,
            incidents=self._next_fingerprints(),
            maintenances=active_maintenances(self.judged),
        )

    def _severity_change(self) -> Iterator[Event]:
        """Yield the event if the severity is not the one that was notified last."""
        before, severity = self.before, self.judged.severity
        notified = before.notified
        flapping = Flapping.ENDED if before.flapping else Flapping.NO
        is_late = not before.opened_notified and Kind.OPENED in self.kinds
        if self._is_problem and (notified is None or before.flapping or is_late):
            previous = None if before.is_problem else before.severity
            previous = previous if is_late else notified or previous
            yield replace(self._event(Kind.OPENED, previous), flapping=flapping)
        elif notified is None or self._only_looks_better or self._ends_as_emptied:
            return
        elif not self._is_problem:
            yield replace(self._recovered(notified), flapping=flapping)
        elif severity is not notified:
            kind = Kind.EASED if severity.rank < notified.rank else Kind.WORSENED
            yield self._event(kind, notified)
        elif self._is_reminder_due():
            yield self._event(Kind.REMINDER, notified)

    def _recovered(self, notified: Severity) -> Event:
        """The end of a problem, perhaps while the vendor was muted, with its incident."""
        incident = self._incident_of_problem()
        ended = self.seen.changed_at or self.now
        started = (incident and incident.started_at) or self.seen.problem_since or ended
        return replace(
            self._event(Kind.RECOVERED, notified),
            lasted=max(timedelta(), ended - started),
            incident=incident,
        )

    def _incident_of_problem(self) -> Incident | None:
        """The incident that explains the problem, as it was read last: the worst one. It may be
        closed before the problem is over."""
        last = self.before.incident if self.before.notified else None
        if last is None:
            return worst_open(self.judged)
        reading = self.judged.reading
        listed = reading.snapshot.incidents if reading else ()
        last = next((one for one in listed if one.id == last.id), last)
        if not self._is_problem:
            return last
        candidates = [last, *self.judged.open_incidents]
        return max(candidates, key=lambda one: (one.impact.severity.rank, one.status.open))

    def _is_reminder_due(self) -> bool:
        last = self.before.reminded_at or self.before.problem_since
        # The clock may have been set back since.
        return bool(self.remind and last and abs(self.now - last) >= self.remind)

    @property
    def _is_problem(self) -> bool:
        return self.judged.verdict is Verdict.PROBLEM

    @property
    def _ends_as_emptied(self) -> bool:
        """Whether a problem is over only because the page has said nothing for so long."""
        return self.before.emptied and self.before.notified is not None and not self._is_problem

    @property
    def _only_looks_better(self) -> bool:
        """Whether it is better than was notified only because components are muted."""
        notified = self.before.notified
        return self.masked and notified is not None and self.judged.severity.rank < notified.rank

    def _incident_updates(self) -> Iterator[Event]:
        new = self._new_fingerprints()
        for incident in self._incidents():
            if incident.id in new:
                event = self._event(Kind.UPDATED, self.before.severity)
                yield replace(event, incident=incident)

    def _new_fingerprints(self) -> dict[str, str]:
        """Return the fingerprints, by id, of incidents that are new or were updated."""
        before = self.before.incidents
        now = {incident.id: fingerprint_of(incident) for incident in self._incidents()}
        return {id: text for id, text in now.items() if is_newer(text, before.get(id))}

    def _incidents(self) -> list[Incident]:
        """Return the open incidents, and those that were open and are now listed as closed."""
        reading, before = self.judged.reading, self.before.incidents
        listed = reading.snapshot.incidents if reading else ()
        closed = [one for one in listed if not one.status.open and one.id in before]
        return [*self.judged.open_incidents[:_OPEN_LIMIT], *closed]

    def _next_fingerprints(self) -> dict[str, str]:
        """Return the fingerprints of all that are open, and of some that were."""
        known = {**self.before.incidents, **self._new_fingerprints()}
        open_ids = set(self.seen.open_incidents)
        closed = [id for id in known if id not in open_ids][-_CLOSED_LIMIT:]
        kept = open_ids.union(closed)
        return {id: text for id, text in known.items() if id in kept}

    def _maintenance_changes(self) -> Iterator[Event]:
        before, active = self.before.maintenances, active_maintenances(self.judged)
        for id, name in before.items():
            if id not in active and (id != WITHOUT_WINDOW or not active):
                yield self._maintenance(Kind.MAINTENANCE_ENDED, name)
        for id, name in active.items():
            if id not in before:
                yield self._maintenance(Kind.MAINTENANCE_STARTED, name)

    def _maintenance(self, kind: Kind, name: str) -> Event:
        return replace(self._event(kind, self.before.severity), maintenance=name)

    def _event(self, kind: Kind, previous: Severity | None) -> Event:
        return _event(kind, self.judged, self.now, previous)


def _is_emptied(judged: Judged) -> bool:
    return bool(judged.reading and judged.reading.is_emptied)


def _event(kind: Kind, judged: Judged, now: datetime, previous: Severity | None) -> Event:
    """Build an event; one about the severity has the newest of the incidents of worst impact."""
    incident = worst_open(judged) if kind in _OF_PROBLEM else None
    return Event(
        kind=kind,
        judged=judged,
        severity=judged.severity,
        previous=previous,
        at=now,
        incident=incident,
    )

"""The history of a vendor: the severity of each day, and the time with open incidents."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import accumulate

from outlogger_cli.domain.model import Component, Downtime, Impact, Incident, Severity, worst
from outlogger_cli.domain.values import frozen, replace

COMPONENT_DAYS = 100_000
"""Days of all components together at most: as JSON they need 1 KB of memory each."""


@frozen
class Window:
    """The last `days` calendar days in `zone`, today included, up to `now`.

    The page was read at `read_at`; nothing is known of the days after that.
    """

    days: int
    now: datetime
    zone: tzinfo = UTC
    read_at: datetime | None = None

    @property
    def dates(self) -> list[date]:
        """The days, oldest first; the last is today."""
        today = _day_of(self.now, self)
        return [today - timedelta(days=back) for back in range(self.days - 1, -1, -1)]

    @property
    def start(self) -> datetime:
        """Midnight at the start of the first day, in UTC."""
        first = _day_of(self.now, self) - timedelta(days=self.days - 1)
        return datetime.combine(first, time(), self.zone).astimezone(UTC)


@frozen
class Day:
    """One day: the number of `incidents` open on it, and the worst of their impacts and of what
    the page's monitors recorded as its severity.

    The severity is `unknown` for days before the start of the page's list of incidents, and after
    the page was read.
    """

    date: date
    severity: Severity
    incidents: int


def days(
    incidents: Iterable[Incident],
    history_from: datetime,
    window: Window,
    downtime: Iterable[Downtime] = (),
) -> tuple[Day, ...]:
    """Each day of `window`, oldest first; those after the page was read are unknown.

    An incident that ends at midnight does not count for the day that begins then.
    """
    dates = window.dates
    changes: dict[Severity, list[int]] = {}  # of the number of open incidents, by their severity
    for incident in incidents:
        for start, end in _span(incident, window):
            first = (_day_of(start, window) - dates[0]).days
            last = (_day_of(max(start, end - timedelta.resolution), window) - dates[0]).days
            if last >= 0:
                row = changes.setdefault(incident.impact.severity, [0] * (len(dates) + 1))
                row[max(0, first)] += 1
                row[last + 1] -= 1
    counts = {severity: list(accumulate(row)) for severity, row in changes.items()}
    recorded: dict[date, list[Severity]] = {}
    for one in downtime:
        recorded.setdefault(_day_of(min(one.noon, window.now), window), []).append(one.severity)
    known_from = _day_of(max(history_from, window.start), window)
    known_until = _day_of(window.read_at or window.now, window)

    def day(place: int, when: date) -> Day:
        open_then = {severity: row[place] for severity, row in counts.items() if row[place]}
        severity = worst([*open_then, *recorded.get(when, ())])
        if not known_from <= when <= known_until:
            severity = Severity.UNKNOWN
        return Day(date=when, severity=severity, incidents=sum(open_then.values()))

    return tuple(day(place, when) for place, when in enumerate(dates))


def component_days(
    components: Sequence[Component],
    incidents: Iterable[Incident],
    history_from: datetime,
    window: Window,
    downtime: Iterable[Downtime] = (),
) -> dict[str, tuple[Day, ...]] | None:
    """The days of each component that an incident of `window` names or that has `downtime`; None
    if they are more than `COMPONENT_DAYS`.

    An open incident counts as the present status of the component, if that is a known problem:
    one incident may be critical for one component and minor for another.
    """
    severities = {c.id: c.status.severity for c in components if c.id}
    named: dict[str, list[Incident]] = {}
    for incident in incidents:
        if not any(end >= window.start for _, end in _span(incident, window)):
            continue
        for link_id in {link.id for link in incident.links if link.id in severities}:
            named.setdefault(link_id, []).append(incident)
    recorded: dict[str, list[Downtime]] = {}
    for one in downtime:
        recorded.setdefault(one.component_id, []).append(one)
    ids = dict.fromkeys([*named, *recorded])
    if len(ids) * window.days > COMPONENT_DAYS:
        return None
    found = {}
    for id in ids:
        present = severities.get(id, Severity.NONE)
        own = [
            replace(incident, impact=Impact(present.value))
            if incident.status.open and present.rank >= Severity.MINOR.rank
            else incident
            for incident in named.get(id, ())
        ]
        found[id] = days(own, history_from, window, recorded.get(id, ()))
    return found


def _day_of(moment: datetime, window: Window) -> date:
    return moment.astimezone(window.zone).date()


def open_seconds(incidents: Iterable[Incident], window: Window) -> int:
    """Seconds of `window` in which at least one incident of impact minor or worse was open."""
    spans = sorted(
        (max(start, window.start), end)
        for incident in incidents
        if incident.impact.severity.rank >= Severity.MINOR.rank
        for start, end in _span(incident, window)
    )
    total, reached = timedelta(), window.start
    for start, end in spans:
        total += max(timedelta(), end - max(start, reached))
        reached = max(reached, end)
    return round(total.total_seconds())


def duration(incident: Incident) -> timedelta | None:
    """Time from start to end, never negative; None if it is open or a time is missing."""
    if incident.status.open or not incident.started_at or not incident.resolved_at:
        return None
    return max(timedelta(), incident.resolved_at - incident.started_at)


def _span(incident: Incident, window: Window) -> Iterator[tuple[datetime, datetime]]:
    """The time the incident was open, up to now; nothing if its start is unknown or later."""
    if incident.started_at and incident.started_at <= window.now:
        end = window.now if incident.status.open else incident.resolved_at or incident.started_at
        yield incident.started_at, max(incident.started_at, min(end, window.now))

"""What happened on each day of a window, and for how long something was wrong."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from outlogger_cli.domain.model import Downtime, Incident, Severity, worst
from outlogger_cli.domain.values import frozen


@frozen
class Window:
    """The last `days` days of `zone`, today included, up to `now`."""

    days: int
    now: datetime
    zone: tzinfo = UTC

    @property
    def dates(self) -> list[date]:
        """Oldest first; the last is today."""
        return [self._days_ago(back) for back in range(self.days - 1, -1, -1)]

    @property
    def start(self) -> datetime:
        """The first moment of the first day, in UTC."""
        return datetime.combine(self._days_ago(self.days - 1), time(), self.zone).astimezone(UTC)

    def _days_ago(self, back: int) -> date:
        return _day_of(self.now, self) - timedelta(days=back)


@frozen
class Day:
    """One day: the worst impact of the `incidents` that touched it, and of what monitors recorded;
    `unknown` where the page's list does not reach back that far."""

    date: date
    severity: Severity
    incidents: int


def days(
    incidents: Iterable[Incident],
    history_from: datetime,
    window: Window,
    downtime: Iterable[Downtime] = (),
) -> tuple[Day, ...]:
    """Each day of `window`, oldest first; an incident that ends at midnight does not touch the
    day that begins then."""
    spans = [
        (_day_of(start, window), _day_of(max(start, end - timedelta.resolution), window), incident)
        for incident in incidents
        for start, end in _span(incident, window)
    ]
    recorded: dict[date, list[Severity]] = {}
    for one in downtime:
        recorded.setdefault(_day_of(min(one.noon, window.now), window), []).append(one.severity)
    reach = _day_of(max(history_from, window.start), window)
    return tuple(
        _day(day, spans, recorded.get(day, []), known=day >= reach) for day in window.dates
    )


def _day_of(moment: datetime, window: Window) -> date:
    return moment.astimezone(window.zone).date()


def _day(
    day: date,
    spans: list[tuple[date, date, Incident]],
    recorded: list[Severity],
    *,
    known: bool,
) -> Day:
    touching = [incident for first, last, incident in spans if first <= day <= last]
    severity = worst([*recorded, *(incident.impact.severity for incident in touching)])
    return Day(date=day, severity=severity if known else Severity.UNKNOWN, incidents=len(touching))


def open_seconds(incidents: Iterable[Incident], window: Window) -> int:
    """Seconds of `window` in which an incident of impact minor or worse was open."""
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
    """From start to end, never negative; None while open or where a time is missing."""
    if incident.status.open or not incident.started_at or not incident.resolved_at:
        return None
    return max(timedelta(), incident.resolved_at - incident.started_at)


def _span(incident: Incident, window: Window) -> Iterator[tuple[datetime, datetime]]:
    """When the incident was open, up to now; nothing for one without a start or in the future."""
    if incident.started_at and incident.started_at <= window.now:
        end = window.now if incident.status.open else incident.resolved_at or incident.started_at
        yield incident.started_at, max(incident.started_at, min(end, window.now))

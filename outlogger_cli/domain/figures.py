"""The figures of one stretch of time, by the events that a page lists (rules: `reliability`)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median

from outlogger_cli.domain.model import (
    Impact,
    Incident,
    IncidentStatus,
    Maintenance,
    MaintenanceStatus,
)
from outlogger_cli.domain.period import Period, Stretch
from outlogger_cli.domain.values import frozen

TROUBLES = (Impact.CRITICAL, Impact.MAJOR, Impact.MINOR)
"""The impacts that are trouble, the worst first."""

MILLION = 1_000_000
_HUNDRED = Decimal(100)
_RANKED = (*TROUBLES, Impact.MAINTENANCE, Impact.NONE)
_HELD = {
    MaintenanceStatus.IN_PROGRESS,
    MaintenanceStatus.VERIFYING,
    MaintenanceStatus.COMPLETED,
}
_MEANS_MINOR = {
    *("minor", "degraded_performance", "degradedperformance", "degraded", "performance", "issue"),
    *("warning", "low", "medium", "notice", "yellow", "incident", "sev3", "sev4", "sev5"),
}
"""The words of platforms for a minor impact. With any other word, minor is an assumption."""

Span = tuple[datetime, datetime]


@frozen
class Figures:
    """What is known of one stretch of a vendor or component.

    `seconds` are by the worst impact open then. `availability` and `clear`, the share without
    trouble, are percentages, rounded down. `resolve_seconds` is the median time to resolve, None
    without a trouble of known length.

    `is_covered`: the page's list reaches into the stretch; `is_partial`: not to both of its ends.
    `undated` incidents may belong to the stretch, `unlinked` ones may concern the component.
    Incidents that are `unclear` lack a start, an end or a known kind, and those that are `assumed`
    an impact, if a worse one would weigh more. `unexplained_days` have recorded downtime only.
    """

    first: date
    last: date
    total_seconds: int
    incidents: Mapping[Impact, int]
    seconds: Mapping[Impact, int]
    availability: Decimal
    clear: Decimal
    longest_seconds: int | None
    resolve_seconds: int | None
    trouble_days: int
    maintenance_seconds: int
    maintenance_is_bound: bool
    is_covered: bool
    is_partial: bool
    undated: int
    unlinked: int
    unclear: int
    assumed: int
    unexplained_days: int
    unresolved: int

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def count(self) -> int:
        return sum(self.incidents.values())

    @property
    def trouble_seconds(self) -> int:
        return sum(self.seconds[impact] for impact in TROUBLES)

    @property
    def is_known(self) -> bool:
        """Whether there are figures at all."""
        return self.is_covered or bool(self.count)

    @property
    def count_is_bound(self) -> bool:
        return self.is_partial or bool(self.undated or self.unlinked)

    @property
    def time_is_bound(self) -> bool:
        return self.count_is_bound or bool(self.unclear or self.unexplained_days)

    @property
    def resolve_is_bound(self) -> bool:
        return self.time_is_bound or bool(self.unresolved)

    @property
    def availability_is_bound(self) -> bool:
        return self.time_is_bound or bool(self.assumed)

    @property
    def shown_availability(self) -> Decimal | None:
        """The availability; None if it is only known to be at most 100 %."""
        is_empty = self.availability == _HUNDRED and self.availability_is_bound
        return None if is_empty else self.availability

    @property
    def shown_clear(self) -> Decimal | None:
        """The share without trouble; None if it is only known to be at most 100 %."""
        return None if self.clear == _HUNDRED and self.time_is_bound else self.clear


@frozen
class Event:
    """An incident and when it was open. `is_clear`: how long it was trouble is known."""

    incident: Incident
    start: datetime
    end: datetime
    is_clear: bool

    @property
    def impact(self) -> Impact:
        return self.incident.impact

    def within(self, start: datetime, end: datetime) -> Span | None:
        """The part within a stretch, if any; what has no length is in the one it begins in."""
        if self.start >= end or (self.end <= start and self.start < start):
            return None
        return max(self.start, start), min(self.end, end)


@frozen
class Page:
    """How far the lists of a page reach, and how they count.

    `weights` are in millionths. `until` is the end of what was read.
    """

    period: Period
    weights: Mapping[Impact, int]
    covers_from: datetime | None
    maintenance_from: datetime | None
    read_at: datetime
    until: datetime


@frozen
class Listed:
    """What a page lists of a vendor or component; `unlinked` is the number by stretch."""

    events: Sequence[Event]
    undated: int
    unlinked: Mapping[Stretch, int]
    windows: Sequence[Span]
    windows_are_all: bool
    downtime: frozenset[date]


def gathered(
    incidents: Iterable[Incident],
    windows: Sequence[Maintenance],
    page: Page,
    *,
    downtime: frozenset[date] = frozenset(),
    unlinked: Mapping[Stretch, int] | None = None,
    undated: int = 0,
    windows_are_all: bool = True,
) -> Listed:
    found = [_event(incident, page) for incident in incidents]
    events = [event for event in found if event]
    held = [window for window in windows if window.status is not MaintenanceStatus.SCHEDULED]
    spans = list(_spans(held, page))
    planned = [event for event in events if event.impact is Impact.MAINTENANCE]
    return Listed(
        events=events,
        undated=undated + len(found) - len(events),
        unlinked=unlinked or {},
        windows=[*spans, *((event.start, event.end) for event in planned)],
        windows_are_all=windows_are_all
        and len(spans) == len(held)
        and all(event.is_clear for event in planned),
        downtime=downtime,
    )


def _event(incident: Incident, page: Page) -> Event | None:
    """When the incident was open; None if it is closed and has no time at all."""
    posted = [update.created_at for update in incident.updates if update.created_at]
    start = incident.started_at or min(posted, default=incident.resolved_at)
    is_open = incident.status.open
    if start is None:
        if not is_open or page.until < page.period.now:
            return None
        start = page.until - timedelta.resolution
    end = max(start, page.read_at if is_open else incident.resolved_at or start)
    is_clear = bool(incident.started_at) and (is_open or end > start)
    if incident.impact is Impact.NONE:  # no trouble, unless the page does not say what it is
        is_clear = incident.status is not IncidentStatus.UNKNOWN
    return Event(incident=incident, start=start, end=end, is_clear=is_clear)


def _spans(windows: Iterable[Maintenance], page: Page) -> Iterator[Span]:
    """When the windows were, as scheduled; active ones last until now."""
    for window in windows:
        start = window.scheduled_for
        end = page.until if window.status.active else window.scheduled_until
        if start and end and window.status in _HELD:
            yield start, max(start, end)


def parts_of(listed: Listed, stretch: Stretch, page: Page) -> list[tuple[Event, Span]]:
    """The events that touch the stretch, each with the part within it."""
    end = min(stretch.end, page.until)
    found = ((event, event.within(stretch.start, end)) for event in listed.events)
    return [(event, span) for event, span in found if span]


def figures_of(listed: Listed, stretch: Stretch, page: Page) -> Figures:
    period, covers_from = page.period, page.covers_from
    is_read_late = period.day_of(page.read_at) >= stretch.last
    # Unread days at the end are part of the whole, so that percentages are upper bounds.
    end = min(stretch.end, page.until) if is_read_late else stretch.end
    total = max(1, round((end - stretch.start).total_seconds()))
    parts = parts_of(listed, stretch, page)
    troubles = [(event, span) for event, span in parts if event.impact in TROUBLES]
    days = _days((span for _, span in troubles), period)
    recorded = {day for day in listed.downtime if stretch.first <= day <= stretch.last}
    seconds = _seconds_by_impact((event.impact, span) for event, span in parts)
    weights = page.weights
    down = sum(weights[impact] * seconds[impact] for impact in TROUBLES)
    trouble = sum(seconds[impact] for impact in TROUBLES)
    may_be_worse = max(weights.values()) > weights[Impact.MINOR]
    lengths = [_total([(event.start, event.end)]) for event, _ in troubles if event.is_clear]
    windows = _merged(
        (max(start, stretch.start), min(finish, end))
        for start, finish in listed.windows
        if start < end and finish > stretch.start
    )
    reaches_back = covers_from is not None and covers_from <= stretch.start
    is_covered = covers_from is not None and max(covers_from, stretch.start) < min(
        stretch.end, page.until
    )
    has_windows_from = page.maintenance_from is not None and page.maintenance_from <= stretch.start
    return Figures(
        first=stretch.first,
        last=stretch.last,
        total_seconds=total,
        incidents=Counter(event.impact for event, _ in parts),
        seconds=seconds,
        availability=_percent(total * MILLION - down, total),
        clear=_percent((total - trouble) * MILLION, total),
        longest_seconds=max((_total([span]) for _, span in troubles), default=None),
        resolve_seconds=round(median(lengths)) if lengths else None,
        trouble_days=len(days | recorded),
        maintenance_seconds=_total(windows),
        maintenance_is_bound=not (has_windows_from and is_read_late and listed.windows_are_all),
        is_covered=is_covered,
        is_partial=not (reaches_back and is_read_late),
        undated=listed.undated,
        unlinked=listed.unlinked.get(stretch, 0),
        unclear=sum(
            not event.is_clear and event.impact is not Impact.MAINTENANCE for event, _ in parts
        ),
        assumed=sum(_is_assumed(event.incident) for event, _ in parts) if may_be_worse else 0,
        unexplained_days=len(recorded - days),
        unresolved=sum(event.incident.status.open for event, _ in troubles),
    )


def _days(spans: Iterable[Span], period: Period) -> set[date]:
    """The days that the spans touch; one that ends at midnight does not touch the next."""
    found: set[date] = set()
    for start, end in _merged(spans):
        day, last = period.day_of(start), period.day_of(max(start, end - timedelta.resolution))
        found.update(day + timedelta(days=number) for number in range((last - day).days + 1))
    return found


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The spans as a union: sorted, without overlaps."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def _seconds_by_impact(spans: Iterable[tuple[Impact, Span]]) -> Mapping[Impact, int]:
    """The seconds at which each impact was the worst of those open."""
    edges = sorted(
        edge for impact, (start, end) in spans for edge in ((start, 1, impact), (end, -1, impact))
    )
    opened: Counter[Impact] = Counter()
    totals = dict.fromkeys(_RANKED, timedelta())
    for (moment, step, impact), (following, _, _) in pairwise(edges):
        opened[impact] += step
        worst = next((one for one in _RANKED if opened[one]), None)
        if worst:
            totals[worst] += following - moment
    return {impact: round(total.total_seconds()) for impact, total in totals.items()}


def _total(spans: Iterable[Span]) -> int:
    return round(sum((end - start for start, end in spans), timedelta()).total_seconds())


def _percent(millionths: int, whole: int) -> Decimal:
    """The percentage of `whole` with four places, rounded down: 100 means all."""
    return Decimal(max(0, millionths // whole)) / 10_000


def _is_assumed(incident: Incident) -> bool:
    """Whether the page does not say that the impact is minor."""
    return incident.impact is Impact.MINOR and incident.raw_impact.lower() not in _MEANS_MINOR

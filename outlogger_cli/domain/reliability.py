"""How reliable vendors were over a period, by the incidents that their pages list.

Unknown never improves a figure. What cannot be counted makes a figure a bound: counts and times
are then lower bounds, percentages upper bounds.

- A moment counts once, at the worst impact open then. An open incident counts up to the reading.
- Trouble is an incident of impact minor or worse, or a day with downtime that the page recorded.
- The longest trouble is that within the stretch. The median time to resolve is that of the whole
  lengths of the troubles that touch the stretch; an open one counts with its length so far.
- An incident without a start begins at its oldest update, and one without a later end ends as it
  begins: its length is unknown. One without any time counts as of now if it is open; if it is
  closed, it is undated, and may belong to any month.
- A missing or unknown impact counts as minor, and may have been worse.
- With a selection, incidents that are linked to no component count for the vendor. They do not
  count for a component, but may concern it.
- Maintenance counts as it was scheduled, overlaps once, and is never downtime.
- A stretch is partial if the page's list does not reach back to its start, or was read before its
  last day.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from outlogger_cli.domain import selection
from outlogger_cli.domain.figures import (
    MILLION,
    Figures,
    Listed,
    Page,
    figures_of,
    gathered,
    parts_of,
)
from outlogger_cli.domain.model import (
    Component,
    Impact,
    Incident,
    Maintenance,
    Read,
    Severity,
)
from outlogger_cli.domain.period import Period
from outlogger_cli.domain.values import frozen
from outlogger_cli.domain.verdict import Judged, is_linked, is_own, is_unscoped

WEIGHTS: Mapping[Impact, Fraction] = {
    Impact.CRITICAL: Fraction(1),
    Impact.MAJOR: Fraction(1, 2),
    Impact.MINOR: Fraction(0),
}
"""The share of a moment that is downtime, by the impact open then."""

COMPONENTS_LISTED = 200
"""Components whose figures are reported; a page may have 20,000."""


@frozen
class ComponentRecord:
    """The figures of one component, and of its months."""

    component: Component
    whole: Figures
    months: tuple[Figures, ...]


@frozen
class Record:
    """The figures of one vendor whose page was read.

    `components` are the worst `COMPONENTS_LISTED` of those selected, `others` the number of the
    rest; without any `links` from incidents to components, there are none. `covers_from` is the
    moment from which the page's list is complete: `EVER` for all of it, None if it has no past.
    """

    whole: Figures
    months: tuple[Figures, ...]
    components: tuple[ComponentRecord, ...]
    others: int
    links: bool
    covers_from: datetime | None
    read_at: datetime


@frozen
class Reliability:
    """The part of a report that only `report` has.

    `records` are in the order of the report's vendors; None for a page that could not be read, or
    does not list a selected component.
    """

    period: Period
    weights: Mapping[Impact, Fraction]
    records: tuple[Record | None, ...]

    @property
    def worst_first(self) -> list[int]:
        """The places of the records: with trouble, then unknown, then without trouble."""

        def badness(place: int) -> tuple[Decimal, ...]:
            record = self.records[place]
            return _badness(record.whole) if record else _UNKNOWN

        return sorted(range(len(self.records)), key=badness)


_UNKNOWN = (Decimal(1),)


def _badness(figures: Figures) -> tuple[Decimal, ...]:
    if figures.trouble_days:
        times = Decimal(-figures.trouble_seconds), Decimal(-figures.count)
        return Decimal(0), figures.availability, figures.clear, *times
    return _UNKNOWN if figures.time_is_bound or not figures.is_known else (Decimal(2),)


def reliability(
    vendors: Sequence[Judged], period: Period, weights: Mapping[Impact, Fraction]
) -> Reliability:
    """The figures of each vendor for `period`; `weights` has each impact of `TROUBLES`."""
    records = tuple(_record(one, period, weights) for one in vendors)
    return Reliability(period=period, weights=weights, records=records)


def _record(judged: Judged, period: Period, weights: Mapping[Impact, Fraction]) -> Record | None:
    read = judged.outcome
    if not isinstance(read, Read):
        return None
    snapshot = read.snapshot
    missing = selection.select(judged.vendor.selection, judged.components).missing
    if missing or (judged.is_narrowed and not judged.selected):
        return None
    page = Page(
        period=period,
        weights={impact: int(weight * MILLION) for impact, weight in weights.items()},
        covers_from=snapshot.history_from,
        maintenance_from=snapshot.maintenance_from,
        read_at=read.checked_at,
        until=min(period.whole.end, read.checked_at),
    )
    ids = {component.id for component in judged.selected if component.id}
    own = [i for i in snapshot.incidents if is_own(i, judged.is_narrowed, ids)]
    windows = [m for m in snapshot.maintenances if not judged.is_narrowed or is_linked(m, ids)]
    recorded: dict[str, set[date]] = {}
    for one in snapshot.downtime:
        if one.component_id in ids and one.severity.rank >= Severity.MINOR.rank:
            recorded.setdefault(one.component_id, set()).add(period.day_of(one.noon))
    whole = gathered(own, windows, page, downtime=frozenset().union(*recorded.values()))
    links = any(link.id for incident in snapshot.incidents for link in incident.links)
    components = _components(judged, page, own, windows, recorded) if links else ()
    return Record(
        whole=figures_of(whole, period.whole, page),
        months=tuple(figures_of(whole, month, page) for month in period.months),
        components=components,
        others=len(judged.selected) - len(components) if links else 0,
        links=links,
        covers_from=page.covers_from,
        read_at=page.read_at,
    )


def _components(
    judged: Judged,
    page: Page,
    own: Sequence[Incident],
    windows: Sequence[Maintenance],
    recorded: Mapping[str, set[date]],
) -> tuple[ComponentRecord, ...]:
    """The components with an id, the worst first."""
    incidents: dict[str | None, list[Incident]] = {}
    for incident in own:
        for id in {link.id for link in incident.links} if incident.links else {None}:
            incidents.setdefault(id, []).append(incident)
    planned: dict[str | None, list[Maintenance]] = {}
    for window in windows:
        for id in {link.id for link in window.links} if window.links else {None}:
            planned.setdefault(id, []).append(window)
    unlinked = gathered([i for i in own if is_unscoped(i)], planned.get(None, ()), page)
    stretches = [page.period.whole, *page.period.months]
    counts = {stretch: len(parts_of(unlinked, stretch, page)) for stretch in stretches}
    found: list[tuple[Figures, Component, Listed]] = []
    for component in (one for one in judged.selected if one.id):
        listed = gathered(
            incidents.get(component.id, ()),
            planned.get(component.id, ()),
            page,
            downtime=frozenset(recorded.get(component.id, ())),
            unlinked=counts,
            undated=unlinked.undated,
            windows_are_all=not planned.get(None),
        )
        found.append((figures_of(listed, page.period.whole, page), component, listed))
    found.sort(key=lambda one: _badness(one[0]))
    return tuple(
        ComponentRecord(
            component=component,
            whole=whole,
            months=tuple(figures_of(listed, month, page) for month in page.period.months),
        )
        for whole, component, listed in found[:COMPONENTS_LISTED]
    )

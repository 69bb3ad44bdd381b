"""Figures in words and numbers, the same in every format that people read."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from outlogger_cli.domain.figures import TROUBLES, Figures
from outlogger_cli.domain.model import EVER, Impact
from outlogger_cli.domain.reliability import ComponentRecord, Record, Reliability
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.selection import label
from outlogger_cli.domain.values import frozen
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import wording

HEADS = ("Availability", "Incidents", "Hours", "Longest", "Median", "Days", "Maintenance")
"""The columns of `cells`; those of a comparison are the first `COMPARED`."""

COMPARED = 5
COMPONENTS_SHOWN = 10

UNKNOWN = "unknown"

EXPLAINED = (
    "Computed from the incidents that the vendors posted, not measured. Hours: in incidents of"
    " impact minor or worse, overlaps once. Median: time to resolve. Days: with trouble."
    " Maintenance: as scheduled, not downtime."
)
"""What the columns mean."""


@frozen
class Bounds:
    """How a lower and an upper bound are marked."""

    least: str
    most: str


SPOKEN = Bounds(least="at least ", most="at most ")
SIGNS = Bounds(least="≥ ", most="≤ ")
ASCII_SIGNS = Bounds(least=">= ", most="<= ")


def title(part: Reliability) -> str:
    """`Reliability, 1 Sep to 29 Nov 2026, worst first`"""
    order = ", worst first" if len(part.records) > 1 else ""
    return f"Reliability, {days(part.period.first, part.period.last)}{order}"


def terms(part: Reliability) -> str:
    """`90 days (UTC); downtime counts critical 1, major 0.5, minor 0`"""
    weighted = ", ".join(f"{impact} {float(part.weights[impact]):g}" for impact in TROUBLES)
    number = (part.period.last - part.period.first).days + 1
    zone = "UTC" if part.period.zone is UTC else str(part.period.zone)
    return f"{wording.count(number, 'day')} ({zone}); downtime counts {weighted}"


def days(first: date, last: date) -> str:
    """`1 Sep to 29 Nov 2026`, `29 Nov 2026`"""
    if first == last:
        return _day(last)
    year = "" if first.year == last.year else f" {first.year}"
    return f"{wording.month_day(first.month, first.day)}{year} to {_day(last)}"


def month(figures: Figures) -> str:
    """`Sep 2026`"""
    name = wording.month_day(figures.first.month, 1).partition(" ")[2]
    return f"{name} {figures.first.year}"


def cells(figures: Figures | None, bounds: Bounds) -> tuple[str, ...]:
    """The figures in the order of `HEADS`; one that is not known is `unknown`."""
    if figures is None or not figures.is_known:
        return (UNKNOWN, *[""] * (len(HEADS) - 1))
    least = bounds.least if figures.time_is_bound else ""
    resolve = bounds.least if figures.resolve_is_bound else ""
    return (
        percent(figures.shown_availability, figures.availability_is_bound, bounds),
        f"{bounds.least if figures.count_is_bound else ''}{figures.count}",
        f"{least}{hours(figures.trouble_seconds)}",
        "-" if figures.longest_seconds is None else least + span(figures.longest_seconds),
        "-" if figures.resolve_seconds is None else resolve + span(figures.resolve_seconds),
        f"{least}{figures.trouble_days}",
        maintenance(figures, bounds),
    )


def percent(value: Decimal | None, is_bound: bool, bounds: Bounds) -> str:
    """`99.21 %`, rounded down: only all is 100 %."""
    if value is None:
        return UNKNOWN
    shown = value.quantize(Decimal("0.01"), ROUND_DOWN)
    return f"{bounds.most if is_bound else ''}{100 if shown == 100 else shown} %"


def maintenance(figures: Figures, bounds: Bounds) -> str:
    """The hours of maintenance; at least none is unknown."""
    if figures.maintenance_is_bound and not figures.maintenance_seconds:
        return UNKNOWN
    least = bounds.least if figures.maintenance_is_bound else ""
    return f"{least}{hours(figures.maintenance_seconds)}"


def hours(seconds: int) -> str:
    """`12.5 h`; a little is not nothing."""
    return "<0.1 h" if 0 < seconds < 180 else f"{seconds / 3600:.1f} h"


def span(seconds: int) -> str:
    """`35 min`, or `12.5 h`."""
    return hours(seconds) if seconds >= 3600 else wording.length(timedelta(seconds=seconds))


def counts(figures: Figures) -> str:
    """`2 critical, 11 major, 30 minor`"""
    order = (*TROUBLES, Impact.NONE, Impact.MAINTENANCE)
    names = {Impact.NONE: "impact none", Impact.MAINTENANCE: "impact maintenance"}
    found = [
        f"{figures.incidents[impact]} {names.get(impact, impact.value)}"
        for impact in order
        if figures.incidents[impact]
    ]
    return ", ".join(found) or "no incidents"


def hours_by_impact(figures: Figures, bounds: Bounds) -> str:
    """`23.1 h critical, 53.8 h minor`"""
    parts = [
        f"{hours(figures.seconds[impact])} {impact}"
        for impact in TROUBLES
        if figures.seconds[impact]
    ]
    return f"{bounds.least if parts and figures.time_is_bound else ''}{', '.join(parts)}"


def summary(figures: Figures, bounds: Bounds) -> Iterator[str]:
    """Yield the facts about a vendor that the columns do not have."""
    if not figures.is_known:
        return
    is_bound = figures.count_is_bound and bool(figures.count)
    yield f"{bounds.least if is_bound else ''}{counts(figures)}"
    if lost := hours_by_impact(figures, bounds):
        yield lost
    clear = percent(figures.shown_clear, figures.time_is_bound, bounds)
    yield f"{clear} of the time without an incident of impact minor or worse"
    least = bounds.least if figures.time_is_bound else ""
    if figures.trouble_days:
        yield f"trouble on {least}{figures.trouble_days} of {figures.days} days"
    yield f"maintenance {maintenance(figures, bounds)}"


def is_quiet(judged: Judged, record: Record, part: Reliability) -> bool:
    """Whether the row of the comparison says all there is to say about the vendor."""
    return not (record.whole.count or any(notes(judged, record, part)))


def reason(judged: Judged) -> str:
    """Why a vendor has no figures."""
    return judged.error.message if judged.error else judged.findings[0].text


def notes(judged: Judged, record: Record, part: Reliability) -> Iterator[str]:
    """Yield why figures of the vendor are bounds, one sentence each."""
    whole, zone = record.whole, part.period.zone
    if record.covers_from is None:
        yield "partial: the page lists no past incidents; figures are lower bounds"
    elif record.covers_from > part.period.whole.start:
        reach = _day(record.covers_from.astimezone(zone).date())
        yield f"partial: the page's list begins on {reach}; figures are lower bounds"
    if part.period.day_of(record.read_at) < part.period.last:
        read = _day(part.period.day_of(record.read_at))
        yield f"partial: the page was last read on {read}; figures are lower bounds"
    for number, noun, what in (
        (whole.unresolved, "incident", "still open: counted up to the last reading"),
        (whole.undated, "incident", "without any time may belong to the period"),
        (whole.unclear, "incident", "of unknown length: times are lower bounds"),
        (
            whole.assumed,
            "incident",
            "of unknown impact counted as minor: availability may be lower",
        ),
        (whole.unexplained_days, "day", "with recorded downtime of unknown length"),
    ):
        if number:
            yield f"{wording.count(number, noun)} {what}"
    assert judged.reading
    yield from judged.reading.snapshot.notes


def components(record: Record) -> list[ComponentRecord]:
    """The components that people are shown: the worst of those with trouble."""
    return [one for one in record.components if one.whole.trouble_days][:COMPONENTS_SHOWN]


def component_note(record: Record) -> str:
    """How many components are not shown, and what may concern any of them."""
    if not record.links:
        return ""
    others = len(record.components) + record.others - len(components(record))
    unlinked = max((one.whole.unlinked for one in record.components), default=0)
    parts = [wording.count(others, "other component")] if others else []
    if unlinked:
        noun = wording.count(unlinked, "incident")
        parts.append(f"{noun} without a component may concern any of them")
    return "; ".join(parts)


def name(one: ComponentRecord) -> str:
    return label(one.component)


def in_order(report: Report) -> list[tuple[Judged, Record | None]]:
    """The vendors and their figures, the worst first."""
    part = report.reliability
    assert part
    return [(report.vendors[place], part.records[place]) for place in part.worst_first]


def _day(day: date) -> str:
    return f"{wording.month_day(day.month, day.day)} {day.year}"


def reach(record: Record) -> datetime | None:
    """The moment from which the list is complete, None if that is always or never."""
    return None if record.covers_from == EVER else record.covers_from

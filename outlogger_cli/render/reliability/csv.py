"""For spreadsheets: one row per vendor or component, for the whole period and for each month."""

from collections.abc import Iterator
from decimal import Decimal

from outlogger_cli.domain.figures import TROUBLES, Figures
from outlogger_cli.domain.model import Impact
from outlogger_cli.domain.report import Report
from outlogger_cli.render import View
from outlogger_cli.render.csv import written
from outlogger_cli.render.records import machine_time
from outlogger_cli.render.reliability import words
from outlogger_cli.render.reliability.json import lower_bounds, upper_bounds

_COUNTED = (*TROUBLES, Impact.NONE, Impact.MAINTENANCE)
COLUMNS = (
    *("slug", "component", "month", "first_day", "last_day", "state", "availability_percent"),
    *("clear_percent", "incidents", *(f"{impact}_incidents" for impact in _COUNTED)),
    *("incident_hours", *(f"{impact}_hours" for impact in TROUBLES)),
    *("longest_hours", "median_resolve_hours", "trouble_days", "maintenance_hours"),
    *("covers_from", "lower_bounds", "upper_bounds"),
)
"""`month` is `whole` for the period, `state` one of complete, bound, partial and unknown."""


def render(report: Report, _view: View, /) -> str:
    return written([COLUMNS, *_rows(report)])


def _rows(report: Report) -> Iterator[tuple[str, ...]]:
    part = report.reliability
    assert part
    first, last = part.period.first.isoformat(), part.period.last.isoformat()
    for judged, record in zip(report.vendors, part.records, strict=True):
        slug = judged.vendor.slug
        if record is None:
            empty = [""] * (len(COLUMNS) - 6)
            yield slug, "", "whole", first, last, words.UNKNOWN, *empty
            continue
        reach = machine_time(words.reach(record)) or ""
        yield slug, "", "whole", *_cells(record.whole, reach)
        for month in record.months:
            yield slug, "", f"{month.first:%Y-%m}", *_cells(month, reach)
        for one in record.components:
            name = words.name(one)
            yield slug, name, "whole", *_cells(one.whole, reach)
            for month in one.months:
                yield slug, name, f"{month.first:%Y-%m}", *_cells(month, reach)


def _cells(figures: Figures, reach: str) -> tuple[str, ...]:
    span = figures.first.isoformat(), figures.last.isoformat()
    if not figures.is_known:
        return (*span, words.UNKNOWN, *[""] * (len(COLUMNS) - 9), reach, "", "")
    lower, upper = lower_bounds(figures), upper_bounds(figures)
    is_bound = figures.availability_is_bound or figures.resolve_is_bound
    state = "partial" if figures.is_partial else "bound" if is_bound else "complete"
    return (
        *span,
        state,
        _number(figures.shown_availability),
        _number(figures.shown_clear),
        str(figures.count),
        *(str(figures.incidents[impact]) for impact in _COUNTED),
        _hours(figures.trouble_seconds),
        *(_hours(figures.seconds[impact]) for impact in TROUBLES),
        _hours(figures.longest_seconds),
        _hours(figures.resolve_seconds),
        str(figures.trouble_days),
        _hours(figures.maintenance_seconds),
        reach,
        " ".join(lower),
        " ".join(upper),
    )


def _number(percent: Decimal | None) -> str:
    return "" if percent is None else f"{percent:f}"


def _hours(seconds: int | None) -> str:
    return "" if seconds is None else f"{seconds / 3600:.4f}"

"""For scripts: one object, described in report-schema.json."""

import json
from datetime import UTC
from decimal import Decimal
from typing import Any

from outlogger_cli.domain.figures import TROUBLES, Figures
from outlogger_cli.domain.model import EVER, Impact
from outlogger_cli.domain.reliability import ComponentRecord, Record, Reliability
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View
from outlogger_cli.render.json import envelope, error_of
from outlogger_cli.render.records import machine_time
from outlogger_cli.render.reliability import words


def render(report: Report, _view: View, /) -> str:
    part = report.reliability
    assert part
    written = envelope(report) | {
        "period": _period(part),
        "weights": {impact: float(part.weights[impact]) for impact in TROUBLES},
        "worst_first": [judged.vendor.slug for judged, _ in words.in_order(report)],
        "vendors": [
            _vendor(judged, record)
            for judged, record in zip(report.vendors, part.records, strict=True)
        ],
    }
    return json.dumps(written, indent=2) + "\n"


def _period(part: Reliability) -> dict[str, Any]:
    period, whole = part.period, part.period.whole
    return {
        "from": machine_time(whole.start),
        "to": machine_time(whole.end),
        "first_day": period.first.isoformat(),
        "last_day": period.last.isoformat(),
        "days": (period.last - period.first).days + 1,
        "timezone": "UTC" if period.zone is UTC else str(period.zone),
    }


def _vendor(judged: Judged, record: Record | None) -> dict[str, Any]:
    reading, error = judged.reading, judged.error
    checked = reading.checked_at if reading else None
    is_whole = record is not None and record.covers_from == EVER
    return {
        "slug": judged.vendor.slug,
        "name": judged.name,
        "url": judged.vendor.url,
        "platform": reading.platform if reading else judged.vendor.platform,
        "checked_at": machine_time(checked or (error.checked_at if error else None)),
        "source": reading.source if reading else "live",
        "error": error_of(judged),
        "unknown": words.reason(judged) if record is None else None,
        "partial": record is None or record.whole.is_partial,
        "covers_from": machine_time(words.reach(record)) if record else None,
        "lists_everything": is_whole,
        "links_components": record is not None and record.links,
        "figures": _figures(record.whole) if record else None,
        "months": [_month(one) for one in record.months] if record else [],
        "components": [_component(one) for one in record.components] if record else [],
        "other_components": record.others if record else 0,
    }


def _component(one: ComponentRecord) -> dict[str, Any]:
    return {
        "id": one.component.id,
        "name": one.component.name,
        "group": one.component.group,
        "figures": _figures(one.whole),
        "months": [_month(figures) for figures in one.months],
    }


def _month(figures: Figures) -> dict[str, Any]:
    return {"month": f"{figures.first:%Y-%m}", "figures": _figures(figures)}


def _figures(figures: Figures) -> dict[str, Any] | None:
    """None if nothing is known of the stretch."""
    if not figures.is_known:
        return None
    order = (*TROUBLES, Impact.NONE, Impact.MAINTENANCE)
    return {
        "first_day": figures.first.isoformat(),
        "last_day": figures.last.isoformat(),
        "days": figures.days,
        "partial": figures.is_partial,
        "incidents": {
            "total": figures.count,
            **{impact: figures.incidents[impact] for impact in order},
        },
        "incident_seconds": {
            "total": figures.trouble_seconds,
            **{impact: figures.seconds[impact] for impact in TROUBLES},
        },
        "longest_seconds": figures.longest_seconds,
        "median_resolve_seconds": figures.resolve_seconds,
        "trouble_days": figures.trouble_days,
        "clear_percent": _number(figures.shown_clear),
        "availability_percent": _number(figures.shown_availability),
        "maintenance_seconds": figures.maintenance_seconds,
        "open_incidents": figures.unresolved,
        "undated_incidents": figures.undated,
        "incidents_of_unknown_length": figures.unclear,
        "incidents_of_unknown_impact": figures.assumed,
        "unlinked_incidents": figures.unlinked,
        "lower_bounds": list(lower_bounds(figures)),
        "upper_bounds": list(upper_bounds(figures)),
    }


def lower_bounds(figures: Figures) -> list[str]:
    """The names of the figures that may be higher."""
    bounds = {
        "incidents": figures.count_is_bound,
        "incident_seconds": figures.time_is_bound,
        "longest_seconds": figures.time_is_bound,
        "median_resolve_seconds": figures.resolve_is_bound,
        "trouble_days": figures.time_is_bound,
        "maintenance_seconds": figures.maintenance_is_bound,
    }
    return [name for name, is_bound in bounds.items() if is_bound]


def upper_bounds(figures: Figures) -> list[str]:
    """The names of the figures that may be lower."""
    bounds = {
        "clear_percent": figures.time_is_bound,
        "availability_percent": figures.availability_is_bound,
    }
    return [name for name, is_bound in bounds.items() if is_bound]


def _number(percent: Decimal | None) -> float | None:
    return None if percent is None else float(percent)

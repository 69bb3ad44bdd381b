"""For scripts: one object, the same shape for one vendor and many, described in schema.json."""

import json
from collections.abc import Sequence
from typing import Any

from outlogger_cli.domain import history
from outlogger_cli.domain.history import Day
from outlogger_cli.domain.model import Component, Incident, Maintenance, Source, Update
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged, is_unscoped
from outlogger_cli.domain.version import __version__
from outlogger_cli.render import SCHEMA_VERSION, View
from outlogger_cli.render.records import machine_time


def render(report: Report, _view: View, /) -> str:
    return json.dumps(document(report), indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    """Return the whole report as values for `json.dumps`."""
    written = envelope(report) | {"vendors": [vendor(one, report) for one in report.vendors]}
    if report.triage:
        conclusion = report.triage.conclusion
        written["conclusion"] = {"kind": conclusion.kind, "text": conclusion.text}
        for one, named in zip(written["vendors"], report.triage.read, strict=True):
            one["evidence"] = [
                {"line": found.line, "kind": found.kind, "value": found.value}
                for found in named.evidence
            ]
    return written


def envelope(report: Report) -> dict[str, Any]:
    """Return the keys that every document has before its vendors."""
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": machine_time(report.generated_at),
        "tool": f"outlogger {__version__}",
        "command": report.command,
        "verdict": report.verdict,
        "exit_code": int(report.exit_code),
        "drill": report.drill is not None,
        "skipped": report.skipped,
    }


def vendor(judged: Judged, report: Report) -> dict[str, Any]:
    """Return one vendor; what could not be read is null or empty, but its key is there."""
    reading, error = judged.reading, judged.error
    snapshot = reading.snapshot if reading else None
    checked = reading.checked_at if reading else None
    selected = {id(component) for component in judged.selected}
    return {
        "slug": judged.vendor.slug,
        "name": judged.name,
        "url": judged.vendor.url,
        "platform": reading.platform if reading else judged.vendor.platform,
        "severity": judged.severity,
        "verdict": judged.verdict,
        "fail_on": judged.vendor.policy.fail_on,
        "reasons": list(judged.reasons),
        "indicator": snapshot.indicator if snapshot else "unknown",
        "description": snapshot.description if snapshot else "",
        "page_updated_at": machine_time(snapshot.page_updated_at) if snapshot else None,
        "checked_at": machine_time(checked or (error.checked_at if error else None)),
        "age_seconds": round(max(0, (report.generated_at - checked).total_seconds()))
        if checked
        else 0,
        "source": reading.source if reading else Source.LIVE,
        "error": error_of(judged),
        "components": [
            _component(c, judged, selected=id(c) in selected) for c in judged.components
        ],
        "incidents": [incident(one, judged) for one in judged.incidents],
        "maintenances": [_maintenance(window, judged) for window in judged.maintenances],
        "days": _days(judged.days),
        "incident_seconds": judged.incident_seconds,
        "other_problems": judged.other_problems,
    }


def error_of(judged: Judged) -> dict[str, Any] | None:
    """Return why the page could not be read."""
    error = judged.error
    if error is None:
        return None
    return {"kind": error.kind, "message": error.message, "http_status": error.http_status}


def incident(incident: Incident, judged: Judged) -> dict[str, Any]:
    """Return one incident of the vendor; it need not be among `judged.incidents`."""
    from outlogger_cli.catalog import upstream  # its patterns take time; most pages need none

    span = history.duration(incident)
    return {
        "id": incident.id,
        "name": incident.name,
        "status": incident.status,
        "impact": incident.impact,
        "open": incident.status.open,
        "unscoped": is_unscoped(incident),
        "started_at": machine_time(incident.started_at),
        "resolved_at": machine_time(incident.resolved_at),
        "duration_seconds": None if span is None else round(span.total_seconds()),
        "components": list(judged.names_of(incident.links)),
        "names": upstream.names(incident, judged.vendor, judged.name),
        "url": incident.url,
        "updates": [_update(update) for update in incident.updates],
    }


def _days(days: Sequence[Day]) -> list[dict[str, Any]]:
    return [
        {"date": day.date.isoformat(), "severity": day.severity, "incidents": day.incidents}
        for day in days
    ]


def _component(component: Component, judged: Judged, *, selected: bool) -> dict[str, Any]:
    days = judged.component_days.get(component.id)
    return {
        "id": component.id,
        "name": component.name,
        "group": component.group,
        "status": component.status,
        "raw_status": component.raw_status,
        "severity": component.status.severity,
        "selected": selected,
        "description": component.description,
        "updated_at": machine_time(component.updated_at),
        "days": None if days is None else _days(days),
    }


def _maintenance(window: Maintenance, judged: Judged) -> dict[str, Any]:
    return {
        "id": window.id,
        "name": window.name,
        "status": window.status,
        "active": window.status.active,
        "scheduled_for": machine_time(window.scheduled_for),
        "scheduled_until": machine_time(window.scheduled_until),
        "components": list(judged.names_of(window.links)),
        "url": window.url,
        "updates": [_update(update) for update in window.updates],
    }


def _update(update: Update) -> dict[str, Any]:
    return {
        "status": update.status,
        "body": update.body,
        "created_at": machine_time(update.created_at),
    }

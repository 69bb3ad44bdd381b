"""The records of each command: the rows and columns of `plain` and `csv`."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from outlogger_cli.domain import history
from outlogger_cli.domain.model import Read
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.selection import label
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View

COLUMNS = {
    "check": ("slug", "severity", "verdict", "problems", "open_incidents", "url"),
    "wait": ("slug", "severity", "verdict", "problems", "open_incidents", "url"),
    "status": ("slug", "group", "component", "status", "severity"),
    "triage": ("slug", "severity", "verdict", "problems", "open_incidents", "url", "lines"),
    "incidents": ("slug", "started_at", "status", "impact", "duration_seconds", "name", "url"),
}

Row = tuple[str, ...]


def rows(report: Report, view: View) -> Iterator[Row]:
    """The records of `report`, in the order of its vendors and of their pages."""
    if report.triage:
        for judged, named in zip(report.vendors, report.triage.read, strict=True):
            lines = dict.fromkeys(str(one.line) for one in named.evidence)
            yield from ((*row, ",".join(lines)) for row in _verdict(judged, view))
        return
    makers = {"status": _components, "incidents": _incidents}
    for judged in report.vendors:
        yield from makers.get(report.command, _verdict)(judged, view)


def unique(name: str, seen: Counter[str]) -> str:
    """`name`, or `name#2` if it was there before: pages on one host share a slug."""
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}#{seen[name]}"


def machine_time(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with `Z`, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _verdict(judged: Judged, _view: View) -> Iterator[Row]:
    """One record. After a failure the last reading does not count."""
    problems = () if judged.error else judged.problems
    open_incidents = () if judged.error else judged.open_incidents
    yield (
        judged.vendor.slug,
        judged.severity,
        judged.verdict,
        "; ".join(map(label, problems)),
        str(len(open_incidents)),
        judged.vendor.url,
    )


def _components(judged: Judged, view: View) -> Iterator[Row]:
    slug = judged.vendor.slug
    if not isinstance(judged.outcome, Read) or not judged.outcome.snapshot.components:
        yield slug, "", "", "unknown" if judged.error else "", judged.severity
        return
    for component in judged.problems if view.problems_only else judged.selected:
        status = component.status
        yield slug, component.group or "", component.name, status, status.severity


def _incidents(judged: Judged, _view: View) -> Iterator[Row]:
    """None after a failure: what was open may be over, and more may be open."""
    for incident in () if judged.error else judged.incidents:
        span = history.duration(incident)
        yield (
            judged.vendor.slug,
            machine_time(incident.started_at) or "",
            incident.status,
            incident.impact,
            "" if span is None else str(round(span.total_seconds())),
            incident.name,
            incident.url,
        )

"""Sentences about a vendor and about a run, the same in every format that people read."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from outlogger_cli.domain import history
from outlogger_cli.domain.model import FailOn, Incident, Severity, Verdict
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Finding, Judged
from outlogger_cli.render import View, wording

_THRESHOLDS = {
    FailOn.NEVER: "nothing is called a problem here",
    FailOn.MAINTENANCE: "maintenance or worse is a problem",
    FailOn.MINOR: "minor or worse is a problem",
    FailOn.MAJOR: "major or worse is a problem",
    FailOn.CRITICAL: "only critical is a problem",
}


def headline(judged: Judged) -> str:
    """The most important sentence about a vendor, in one line."""
    deciding, incidents = counted(judged), judged.open_incidents
    if deciding or incidents:
        first = deciding[0].text if deciding else f"open incident: {incidents[0].name}"
        more = len(deciding or incidents) - 1
        return f"{first} (+{more} more)" if more else first
    if judged.is_narrowed:
        return f"{wording.count(len(judged.selected), 'selected component')} operational"
    return description(judged)


def description(judged: Judged) -> str:
    """The page's own summary of itself."""
    described = judged.reading.snapshot.description if judged.reading else ""
    return described or "nothing is reported"


def why(judged: Judged) -> str:
    """The verdict and its reasons: what decided it, the threshold, and what was not counted."""
    deciding = counted(judged)
    ignored = [finding.text for finding in judged.findings if finding not in deciding]
    also = f"; {len(deciding) - 1} more counted too" if len(deciding) > 1 else ""
    rest = f"; noted only: {'; '.join(ignored)}" if ignored else ""
    return f"{judged.verdict}: {_reason(judged, deciding)}{also}{rest}"


def _reason(judged: Judged, deciding: list[Finding]) -> str:
    if deciding and deciding[0].severity is Severity.UNKNOWN:
        return f"{deciding[0].text}, so nobody can tell"
    if deciding:
        threshold = _THRESHOLDS[judged.vendor.policy.fail_on]
        return f"{deciding[0].text} counts as {deciding[0].severity}, and {threshold}"
    if judged.is_narrowed:
        return f"{wording.count(len(judged.selected), 'selected component')} operational"
    components = wording.count(len(judged.selected), "component")
    unknown = len(judged.problems)  # a problem of known severity would have counted
    aside = f" ({unknown} unknown)" if unknown else ""
    return f"nothing is wrong, by the page's own indicator and its {components}{aside}"


def counted(judged: Judged) -> list[Finding]:
    """The findings that made the verdict, the deciding one first."""
    return [f for f in judged.findings if f.severity not in {None, Severity.NONE}]


def notes(judged: Judged) -> Iterator[Finding]:
    """Findings beside the verdict: not counted, not read, or not understood.

    Those of an incident are left out, because its own entry has them; so is the headline.
    """
    shown = counted(judged)[:1]
    for finding in judged.findings:
        beside = finding.severity in {None, Severity.UNKNOWN} and not finding.of_incident
        if beside and finding not in shown:
            yield finding


def gaps(judged: Judged) -> list[str]:
    """What a list of the vendor's incidents lacks: past ones if they are unknown, and all that
    could not be read."""
    if judged.reading is None:
        return []
    past = [] if judged.days else ["past incidents are not known"]
    return [*past, *judged.reading.snapshot.notes]


def tally(report: Report) -> str:
    """`38 of 40 vendors fine, 1 problem, 1 unknown`"""
    verdicts = Counter(judged.verdict for judged in report.vendors)
    problems, unknown = verdicts[Verdict.PROBLEM], verdicts[Verdict.UNKNOWN]
    parts = [f"{verdicts[Verdict.OK]} of {wording.count(len(report.vendors), 'vendor')} fine"]
    parts += [wording.count(problems, "problem")] if problems else []
    parts += [f"{unknown} unknown"] if unknown else []
    return ", ".join(parts)


def facts(incident: Incident, view: View) -> list[str]:
    """`identified`, `impact major`, `12 Mar 09:12 GMT, 48 min so far`"""
    known = [wording.incident_status(incident), f"impact {incident.impact}"]
    if incident.started_at:
        started = wording.moment(incident.started_at, view.zone, view.now)
        known.append(f"{started}, {lasted(incident, view.now)}")
    return known


def lasted(incident: Incident, now: datetime) -> str:
    """`48 min so far`, `lasted 1 h`, or `over` if the duration is unknown."""
    if incident.status.open and incident.started_at:
        return f"{wording.length(now - incident.started_at)} so far"
    span = history.duration(incident)
    return f"lasted {wording.length(span)}" if span is not None else "over"

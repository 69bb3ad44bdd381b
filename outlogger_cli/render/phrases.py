"""The one sentence about a vendor and about a run, the same in every format people read."""

from collections.abc import Iterator
from datetime import datetime

from outlogger_cli.domain import history
from outlogger_cli.domain.model import FailOn, Incident, Severity, Verdict
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Finding, Judged
from outlogger_cli.render import wording


def headline(judged: Judged) -> str:
    """The most telling sentence about a vendor, in one line."""
    deciding = counted(judged)
    if deciding:
        more = f" (+{len(deciding) - 1} more)" if len(deciding) > 1 else ""
        return deciding[0].text + more
    incidents = judged.open_incidents
    if incidents:
        more = f" (+{len(incidents) - 1} more)" if len(incidents) > 1 else ""
        return f"open incident: {incidents[0].name}{more}"
    described = judged.reading.snapshot.description if judged.reading else ""
    if judged.vendor.selection:
        return wording.count(len(judged.selected), "selected component") + " operational"
    return described or "nothing is reported"


def why(judged: Judged) -> str:
    """The verdict as one sentence to argue with: what decided it against which threshold, and what
    did not count."""
    deciding = counted(judged)
    aside = [finding.text for finding in judged.findings if finding not in deciding]
    also = f"; {len(deciding) - 1} more counted too" if len(deciding) > 1 else ""
    rest = f"; noted only: {'; '.join(aside)}" if aside else ""
    return f"{judged.verdict}: {_decided(judged, deciding)}{also}{rest}"


def _decided(judged: Judged, deciding: list[Finding]) -> str:
    if deciding and deciding[0].severity is Severity.UNKNOWN:
        return f"{deciding[0].text}, so nobody can tell"
    if deciding:
        threshold = _THRESHOLDS[judged.vendor.policy.fail_on]
        return f"{deciding[0].text} counts as {deciding[0].severity}, and {threshold}"
    if judged.vendor.selection:
        return f"{wording.count(len(judged.selected), 'selected component')} operational"
    components = wording.count(len(judged.selected), "component")
    unknown = len(judged.problems)  # a known one would have counted
    aside = f" ({unknown} unknown)" if unknown else ""
    return f"nothing is wrong, by the page's own indicator and its {components}{aside}"


_THRESHOLDS = {
    FailOn.NEVER: "nothing is called a problem here",
    FailOn.MAINTENANCE: "maintenance or worse is a problem",
    FailOn.MINOR: "minor or worse is a problem",
    FailOn.MAJOR: "major or worse is a problem",
    FailOn.CRITICAL: "only critical is a problem",
}


def notes(judged: Judged) -> Iterator[Finding]:
    """What else is to be known and no incident's own entry says: what did not count, could not be
    read or understood. The headline's own sentence is left out."""
    told = counted(judged)[:1]
    for finding in judged.findings:
        aside = finding.severity in {None, Severity.UNKNOWN} and not finding.of_incident
        if aside and finding not in told:
            yield finding


def gaps(judged: Judged) -> list[str]:
    """What a list of the vendor's incidents does not hold: those that are over where the page does
    not tell them, and whatever could not be read."""
    if judged.reading is None:
        return []
    past = [] if judged.days else ["past incidents are not known"]
    return [*past, *judged.reading.snapshot.notes]


def counted(judged: Judged) -> list[Finding]:
    """What stands behind the verdict, what decided it first."""
    return [f for f in judged.findings if f.severity not in {None, Severity.NONE}]


def tally(report: Report) -> str:
    """`38 of 40 vendors fine, 1 problem, 1 unknown`"""
    verdicts = [judged.verdict for judged in report.vendors]
    fine, problems = verdicts.count(Verdict.OK), verdicts.count(Verdict.PROBLEM)
    unknown = verdicts.count(Verdict.UNKNOWN)
    parts = [f"{fine} of {wording.count(len(verdicts), 'vendor')} fine"]
    parts += [wording.count(problems, "problem")] if problems else []
    parts += [f"{unknown} unknown"] if unknown else []
    return ", ".join(parts)


def lasted(incident: Incident, now: datetime) -> str:
    """`48 min so far`, `lasted 1 h`, or `over` where nobody knows how long it took."""
    if incident.status.open and incident.started_at:
        return f"{wording.length(now - incident.started_at)} so far"
    span = history.duration(incident)
    return f"lasted {wording.length(span)}" if span is not None else "over"

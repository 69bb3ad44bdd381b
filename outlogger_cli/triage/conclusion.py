"""Whose failure it probably is, by the verdicts on the named vendors and the evidence."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from outlogger_cli.domain.model import Component, ComponentStatus, Incident, Severity, Verdict
from outlogger_cli.domain.report import Report, unreached
from outlogger_cli.domain.selection import label
from outlogger_cli.domain.triage import Conclusion, ConclusionKind, Findings, Named, Triage
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.domain.verdict import Judged, is_unscoped
from outlogger_cli.render import phrases, wording
from outlogger_cli.triage import components

_NAMED_LIMIT = 3

_STATES = {
    ComponentStatus.DEGRADED_PERFORMANCE: "has degraded performance",
    ComponentStatus.PARTIAL_OUTAGE: "has a partial outage",
    ComponentStatus.MAJOR_OUTAGE: "has a major outage",
    ComponentStatus.UNDER_MAINTENANCE: "is under maintenance",
}
_IMPACTS = {
    Severity.MAINTENANCE: "is under maintenance",
    Severity.MINOR: "has a minor problem",
    Severity.MAJOR: "has a major problem",
    Severity.CRITICAL: "has a critical problem",
}


@frozen
class Trouble:
    """What is wrong at a vendor: in what the evidence points to, or elsewhere.

    `what` completes a sentence that begins with the vendor's name, `where` names components.
    """

    is_elsewhere: bool
    what: str
    where: tuple[str, ...] = ()
    since: datetime | None = None


def triage(report: Report, findings: Findings, *, zone: tzinfo | None, command: str) -> Triage:
    """Combine `report` and the findings of the log; `report` has the named vendors in their order.

    `command` is what failed, as it may be shown, "" if that is unknown.
    """
    judged, now = report.vendors, report.generated_at
    found = conclude(findings, judged, zone=zone, now=now)
    if cause := phrases.common_cause(judged):
        found = replace(found, text=f"{found.text} · {cause}")
    return Triage(
        conclusion=found,
        read=findings.named if judged else (),
        timings=tuple(timing(one, findings) for one in judged),
        next_step=next_step(found, judged, findings, command),
    )


def conclude(
    findings: Findings, judged: Sequence[Judged], *, zone: tzinfo | None, now: datetime
) -> Conclusion:
    """Whose failure it probably is; `judged` are the named vendors in their order."""
    kind = ConclusionKind
    if findings.is_network:
        text = "no host could be looked up or reached: it is probably this machine's network"
        return Conclusion(kind=kind.NETWORK, text=text)
    if not judged:
        return Conclusion(kind=kind.NONE_NAMED, text="no vendor is named in what failed")
    failures = unreached([one.error for one in judged])
    if failures and len(judged) > 1:
        text = phrases.without_network(len(judged), failures[0])
        return Conclusion(kind=kind.NETWORK, text=text)
    troubles = [
        (one, trouble)
        for one, named in zip(judged, findings.named, strict=True)
        if (trouble := trouble_of(one, named))
    ]
    for one, trouble in troubles:
        if not trouble.is_elsewhere:
            since = (
                f" since {wording.clock_time(trouble.since, zone, now)}" if trouble.since else ""
            )
            text = f"{one.name} {trouble.what}{since}{_in(trouble)}"
            return Conclusion(kind=kind.THEIRS, text=f"{text}: this failure is probably theirs")
    if unknown := _unknown(judged, findings):
        names = wording.listed([one.name for one in unknown], limit=_NAMED_LIMIT)
        text = f"the status of {names} is unknown"
        if error := unknown[0].error:
            text = f"the status page of {names} could not be read ({error.message})"
        text = f"{text}: it is unknown whose failure this is"
        return Conclusion(kind=kind.UNKNOWN, text=text)
    if troubles:
        one, trouble = troubles[0]
        text = f"{one.name} has a problem elsewhere{_in(trouble)}; it does not explain this failure"
        return Conclusion(kind=kind.ELSEWHERE, text=text)
    text = f"the {len(judged)} vendors named in this log are ok: it is probably on your side"
    if len(judged) == 1:
        text = f"{judged[0].name}, named in this log, is ok: it is probably on your side"
    return Conclusion(kind=kind.OURS, text=text)


def timing(judged: Judged, findings: Findings) -> str:
    """How the worst open incident fits the times of the log, "" if one of them is unknown."""
    first, last = findings.first_error, findings.last_error
    if not judged.open_incidents or judged.error:
        return ""
    began = phrases.worst_incident(judged).started_at
    if not (began and first and last):
        return ""
    if began <= first:
        return f"the incident began {wording.length(first - began)} before the first error"
    if began <= last:
        return f"the incident began {wording.length(began - first)} after the first error"
    return f"the incident began {wording.length(began - last)} after the last error"


def next_step(
    conclusion: Conclusion, judged: Sequence[Judged], findings: Findings, command: str
) -> str:
    """What to run now, "" if nothing is known to help; `command` is what failed, "" if unknown."""
    if conclusion.kind is ConclusionKind.THEIRS:
        theirs = [
            phrases.argument(one.vendor)
            for one, named in zip(judged, findings.named, strict=True)
            if (trouble := trouble_of(one, named)) and not trouble.is_elsewhere
        ]
        return f"outlogger wait {' '.join(theirs)} && {command or 'COMMAND'}"
    if conclusion.kind is ConclusionKind.UNKNOWN:
        unknown = (phrases.argument(one.vendor) for one in _unknown(judged, findings))
        return f"outlogger check -v {' '.join(unknown)}"
    return ""


def _unknown(judged: Sequence[Judged], findings: Findings) -> list[Judged]:
    """The vendors that are unknown, or whose component that the evidence points to is."""
    return [
        one
        for one, named in zip(judged, findings.named, strict=True)
        if one.verdict is Verdict.UNKNOWN
        or any(
            component.status is ComponentStatus.UNKNOWN
            for component in components.pointed_to(named, one.components)
        )
    ]


def _in(trouble: Trouble) -> str:
    where = wording.listed(trouble.where, limit=_NAMED_LIMIT)
    return f" ({where})" if where else ""


def trouble_of(judged: Judged, named: Named) -> Trouble | None:
    """What is wrong at or above the vendor's threshold; None if nothing is, or nothing is known."""
    if judged.error:
        return None
    reached = judged.vendor.policy.fail_on.reached_by
    pointed = components.pointed_to(named, judged.components)
    if broken := [c for c in pointed if reached(c.status.severity)]:
        return _of_components(judged, broken, is_elsewhere=False)
    if judged.verdict is not Verdict.PROBLEM:
        return None
    incidents = [one for one in judged.open_incidents if reached(one.impact.severity)]
    ids = {component.id for component in pointed}
    about = [one for one in incidents if _is_about(judged, named, one, ids)]
    if about:
        return _of_incident(about[0], judged, is_elsewhere=False)
    others = [c for c in judged.selected if reached(c.status.severity)]
    if others:
        has_product = any(one.product for one in named.evidence)
        is_other = has_product and all(map(components.is_for_people, others))
        return _of_components(judged, others, is_elsewhere=bool(pointed) or is_other)
    if incidents:
        is_elsewhere = all(_is_other(judged, named, one, ids) for one in incidents)
        return _of_incident(incidents[0], judged, is_elsewhere=is_elsewhere)
    return Trouble(is_elsewhere=False, what=_IMPACTS[judged.severity])


def _is_about(judged: Judged, named: Named, incident: Incident, ids: set[str]) -> bool:
    """Whether the incident counts, and is about what the evidence points to or about no component
    that can be told."""
    if not judged.components:
        return bool(components.concerns(named, incident))
    if is_unscoped(incident):
        return any(finding.of_incident and finding.severity for finding in judged.findings)
    return any(link.id in ids for link in incident.links)


def _is_other(judged: Judged, named: Named, incident: Incident, ids: set[str]) -> bool:
    """Whether the incident is surely about something that the evidence does not point to."""
    if not judged.components:
        return components.concerns(named, incident) is False
    return bool(ids) and not is_unscoped(incident)


def _of_components(judged: Judged, broken: Sequence[Component], *, is_elsewhere: bool) -> Trouble:
    worst = max(broken, key=lambda component: component.status.severity.rank)
    return Trouble(
        is_elsewhere=is_elsewhere,
        what=_STATES[worst.status],
        where=tuple(label(component) for component in [worst, *(c for c in broken if c != worst)]),
        since=judged.since(worst),
    )


def _of_incident(incident: Incident, judged: Judged, *, is_elsewhere: bool) -> Trouble:
    names = judged.names_of(incident.links)
    return Trouble(
        is_elsewhere=is_elsewhere,
        what=_IMPACTS[incident.impact.severity],
        where=tuple(name for name in names if name) or (incident.name,),
        since=incident.started_at,
    )

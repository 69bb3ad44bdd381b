"""Sentences about a vendor and about a run, the same in every format that people read."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import attrgetter

from outlogger_cli.catalog import upstream
from outlogger_cli.domain import history
from outlogger_cli.domain.model import Failed, Incident, Reason, Severity, Vendor, Verdict
from outlogger_cli.domain.selection import label
from outlogger_cli.domain.verdict import Finding, Judged
from outlogger_cli.render import View, wording


def headline(judged: Judged) -> str:
    """The most important fact about a vendor, in one line: what is wrong, else its own summary."""
    deciding = counted(judged)
    window = next((w for w in judged.maintenances if w.status.active), None)
    if deciding and deciding[0].severity is Severity.MAINTENANCE and window:
        return window.name
    if deciding and deciding[0].of_component:
        same = (c for c in judged.problems if c.status.severity is deciding[0].severity)
        first = next(same)
        more = sum(finding.of_component for finding in deciding) - 1
        others = f", +{wording.count(more, 'component')}" if more else ""
        return f"{label(first)} {wording.status_word(first)}{others}"
    if incident := headline_incident(judged):
        return incident.name
    if deciding:
        return deciding[0].text
    if judged.is_narrowed:
        return f"{wording.count(len(judged.selected), 'selected component')} operational"
    return description(judged)


def headline_incident(judged: Judged) -> Incident | None:
    """The open incident that is the headline: it decides, or nothing else is wrong."""
    deciding = counted(judged)
    if judged.open_incidents and (not deciding or deciding[0].of_incident):
        return worst_incident(judged)
    return None


def worst_incident(judged: Judged) -> Incident:
    """Of the open incidents the one of the worst impact, of several the newest."""
    return worst_first(judged)[0]


def worst_first(judged: Judged) -> list[Incident]:
    """The open incidents by their impact, of several alike the newest first."""
    impact = attrgetter("impact.severity.rank")
    return sorted(judged.open_incidents, key=impact, reverse=True)


def aside(judged: Judged, view: View) -> str:
    """What the headline of an overview adds: the last reading, the end of the maintenance, or
    that the vendor's threshold is higher."""
    if judged.error and judged.reading and judged.last_severity:
        read = wording.clock_time(judged.reading.checked_at, view.zone, view.now)
        return f"; last read {read}: {wording.state(judged.last_severity)}"
    if judged.severity is Severity.MAINTENANCE:
        ends = [w.scheduled_until for w in judged.maintenances if w.status.active]
        known = [end for end in ends if end]
        if known and len(known) == len(ends):
            return f", until {wording.clock_time(max(known), view.zone, view.now)}"
        return ""
    below = judged.verdict is Verdict.OK and judged.severity is not Severity.NONE
    return " (below its threshold)" if below else ""


def age(judged: Judged, view: View) -> str:
    """How long the deciding problem has lasted, "" if the page does not tell."""
    deciding = counted(judged)
    since = deciding[0].since if deciding else None
    if since is None and (incident := headline_incident(judged)):
        since = incident.started_at
    if since is None or judged.severity is Severity.MAINTENANCE or judged.error:
        return ""
    return wording.brief(view.now - since)


def description(judged: Judged) -> str:
    """The page's own summary of itself."""
    described = judged.reading.snapshot.description if judged.reading else ""
    return described or "no problem reported"


def why(judged: Judged) -> str:
    """The verdict and its reasons: what decided it, the threshold, and what was not counted.

    `problem: Actions major outage (critical; threshold: minor), plus 3 more`
    """
    deciding = counted(judged)
    ignored = [finding.text for finding in judged.findings if not _counts(finding)]
    more = f", plus {len(deciding) - 1} more" if len(deciding) > 1 else ""
    rest = f"; not counted: {'; '.join(ignored)}" if ignored else ""
    return f"{judged.verdict}: {_reason(judged, deciding)}{more}{rest}"


def _reason(judged: Judged, deciding: list[Finding]) -> str:
    if deciding and deciding[0].severity is Severity.UNKNOWN:
        return deciding[0].text
    if deciding:
        threshold = judged.vendor.policy.fail_on
        return f"{deciding[0].text} ({deciding[0].severity}; threshold: {threshold})"
    if judged.is_narrowed:
        return f"{wording.count(len(judged.selected), 'selected component')} operational"
    if not judged.selected:
        return "no problem in the page's indicator"
    components = wording.count(len(judged.selected), "component")
    unknown = len(judged.problems)  # a problem of known severity would have counted
    aside = f" ({unknown} unknown)" if unknown else ""
    return f"no problem in the page's indicator and its {components}{aside}"


def counted(judged: Judged) -> list[Finding]:
    """The findings that made the verdict, the deciding one first."""
    return [finding for finding in judged.findings if _counts(finding)]


def _counts(finding: Finding) -> bool:
    return finding.severity not in {None, Severity.NONE}


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
    past = [] if judged.days else ["past incidents are unknown"]
    return [*past, *judged.reading.snapshot.notes]


def others(judged: Judged) -> str:
    """`3 other components have problems`: those outside the selection."""
    verb = "has a problem" if judged.other_problems == 1 else "have problems"
    return f"{wording.count(judged.other_problems, 'other component')} {verb}"


def argument(vendor: Vendor) -> str:
    """What to type for a vendor: its slug, or its address if it was given by that."""
    by_address = vendor.name is None and vendor.url.partition("://")[2].startswith(vendor.slug)
    return vendor.url if by_address else vendor.slug


def without_network(pages: int, failed: Failed) -> str:
    """The one line of a run in which no page could be reached.

    If one host alone was looked up and is unknown, its address may be wrong as well.
    """
    unresolved = failed.reason is Reason.HOST_NOT_FOUND
    why = "DNS lookup failed" if unresolved else failed.message
    if pages > 1:
        failure = f"none of {pages} status pages could be reached ({why})"
        return f"It's this machine: {failure}. Check network, VPN or proxy."
    failure = f"the status page could not be reached ({why})"
    if unresolved:
        return f"It's this machine or the address: {failure}. Check address, network, VPN or proxy."
    return f"It's this machine: {failure}. Check network, VPN or proxy."


def facts(incident: Incident, view: View) -> list[str]:
    """`identified`, `impact major`, `12 Mar 09:12 GMT, 48 min so far`"""
    known = [wording.incident_status(incident), f"impact {incident.impact}"]
    if incident.started_at:
        started = wording.moment(incident.started_at, view.zone, view.now)
        known.append(f"{started}, {lasted(incident, view.now)}")
    return known


def common_cause(vendors: Sequence[Judged]) -> str:
    """`common cause? AWS` if open incidents of several vendors name the same one, else empty."""
    causes = [upstream.label(slug) for slug in upstream.common(vendors)]
    return f"common cause? {wording.listed(causes, limit=3)}" if causes else ""


def names_others(incident: Incident, judged: Judged) -> list[str]:
    """`names AWS, Cloudflare`, if the incident is open and its text names other vendors."""
    if not incident.status.open:
        return []
    slugs = upstream.names(incident, judged.vendor, judged.name)
    shown = wording.listed([upstream.label(slug) for slug in slugs], limit=3)
    return [f"names {shown}"] if shown else []


def lasted(incident: Incident, now: datetime) -> str:
    """`48 min so far`, `lasted 1 h`, or `over` if the duration is unknown."""
    if incident.status.open and incident.started_at:
        return f"{wording.length(now - incident.started_at)} so far"
    span = history.duration(incident)
    return f"lasted {wording.length(span)}" if span is not None else "over"

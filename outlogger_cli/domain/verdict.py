"""What a page's signals come to: the rules by which a reading becomes a verdict.

Pure: readings and policies in, judgements out. The rules are those of the documentation's "How
a vendor's severity is found"; each function below is one of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field

from outlogger_cli.domain import history, selection
from outlogger_cli.domain.history import Day, Window
from outlogger_cli.domain.model import (
    Component,
    CountIncidents,
    Failed,
    FailOn,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Outcome,
    Read,
    Severity,
    Snapshot,
    Vendor,
    Verdict,
    worst,
)
from outlogger_cli.domain.selection import Selected, label
from outlogger_cli.domain.values import frozen


@frozen
class Finding:
    """One sentence about a page and the severity it stands for.

    Where it does not count, `severity` is None and the sentence says why. `of_incident` marks
    what an incident's own entry says as well.
    """

    text: str
    severity: Severity | None = None
    of_incident: bool = False


@frozen
class Judged:
    """A vendor's reading with what it comes to.

    `components` are all of the page's, `names` what they are called by their ids, `selected` those
    that count. `incidents` (newest first)
    and `maintenances` are the vendor's own within the window. `days` is empty and
    `incident_seconds` None where no history was read.
    """

    outcome: Outcome
    severity: Severity
    verdict: Verdict
    findings: tuple[Finding, ...]
    components: tuple[Component, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    selected: tuple[Component, ...] = ()
    incidents: tuple[Incident, ...] = ()
    maintenances: tuple[Maintenance, ...] = ()
    days: tuple[Day, ...] = ()
    incident_seconds: int | None = None
    other_problems: int = 0

    @property
    def vendor(self) -> Vendor:
        return self.outcome.vendor

    @property
    def reading(self) -> Read | None:
        """What there is to show: the reading, or the last good one of a page that failed."""
        return self.outcome if isinstance(self.outcome, Read) else self.outcome.last

    @property
    def error(self) -> Failed | None:
        return self.outcome if isinstance(self.outcome, Failed) else None

    @property
    def name(self) -> str:
        """The watchlist's or catalogue's name, else the page's own, else the slug."""
        reading = self.reading
        return self.vendor.name or (reading and reading.snapshot.page_name) or self.vendor.slug

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every sentence, the deciding ones first."""
        return tuple(finding.text for finding in self.findings)

    @property
    def open_incidents(self) -> tuple[Incident, ...]:
        return tuple(incident for incident in self.incidents if incident.status.open)

    @property
    def problems(self) -> tuple[Component, ...]:
        """The selected components that are not operational."""
        return tuple(c for c in self.selected if c.status.severity is not Severity.NONE)

    def names_of(self, links: Iterable[Link]) -> tuple[str, ...]:
        """What `links` are called: by the component's name today, or as the link has it."""
        return tuple(self.names.get(link.id or "", link.name or link.id or "") for link in links)


def judge(outcome: Outcome, *, window: Window | None) -> Judged:
    """What `outcome` comes to. Without a `window` only what is open is listed."""
    if isinstance(outcome, Failed):
        return _judge_failed(outcome, window)
    return _judge_read(outcome, window)


def overall(judged: Iterable[Judged]) -> Verdict:
    """The verdict over all vendors: a problem outranks an unknown."""
    verdicts = {one.verdict for one in judged}
    ranked = (Verdict.PROBLEM, Verdict.UNKNOWN)
    return next((verdict for verdict in ranked if verdict in verdicts), Verdict.OK)


def _judge_failed(failed: Failed, window: Window | None) -> Judged:
    """A page that was not read is unknown, whatever a stored reading of it says (rule 6)."""
    finding = Finding(text=failed.message, severity=Severity.UNKNOWN)
    shown = _judge_read(failed.last, window) if failed.last else None
    return Judged(
        outcome=failed,
        severity=Severity.UNKNOWN,
        verdict=Verdict.UNKNOWN,
        findings=(finding,),
        components=shown.components if shown else (),
        names=shown.names if shown else {},
        selected=shown.selected if shown else (),
        incidents=shown.incidents if shown else (),
        maintenances=shown.maintenances if shown else (),
        days=shown.days if shown else (),
        incident_seconds=shown.incident_seconds if shown else None,
        other_problems=shown.other_problems if shown else 0,
    )


def _judge_read(read: Read, window: Window | None) -> Judged:
    vendor, snapshot = read.vendor, read.snapshot
    chosen = selection.select(vendor.selection, snapshot.components)
    ids = {component.id for component in chosen.components}
    own = [i for i in snapshot.incidents if _is_own(i, vendor, ids)]
    windows = [m for m in snapshot.maintenances if not vendor.selection or _is_linked(m, ids)]
    findings = _ordered(_findings(read, chosen, own, windows), vendor.policy.fail_on)
    severity, verdict = _decide(findings, vendor.policy.fail_on)
    days, seconds = _past(own, snapshot, chosen, window)
    return Judged(
        outcome=read,
        severity=severity,
        verdict=verdict,
        findings=tuple(findings),
        components=snapshot.components,
        names={component.id: component.name for component in snapshot.components if component.id},
        selected=chosen.components,
        incidents=tuple(i for i in own if _is_listed(i, window)),
        maintenances=tuple(m for m in windows if m.status is not MaintenanceStatus.COMPLETED),
        days=days,
        incident_seconds=seconds,
        other_problems=len(_other_problems(snapshot, chosen)),
    )


def _past(
    own: Sequence[Incident], snapshot: Snapshot, chosen: Selected, window: Window | None
) -> tuple[tuple[Day, ...], int | None]:
    if window is None or snapshot.history_from is None:
        return (), None
    ids = {component.id for component in chosen.components}
    downtime = [one for one in snapshot.downtime if one.component_id in ids]
    days = history.days(own, snapshot.history_from, window, downtime)
    return days, history.open_seconds(own, window)


def _findings(
    read: Read, chosen: Selected, own: Sequence[Incident], windows: Sequence[Maintenance]
) -> Iterator[Finding]:
    snapshot, selected = read.snapshot, bool(read.vendor.selection)
    yield from _about_components(chosen, alone=selected or snapshot.indicator_of_incidents)
    if selected:
        yield from _about_patterns(chosen, snapshot)
        yield from _about_others(snapshot, chosen)
    else:
        yield from _about_indicator(snapshot, chosen.components)
    yield from _about_incidents(own, read.vendor, snapshot)
    yield from _about_maintenances(windows)
    if not snapshot.components:
        yield Finding(text="the page lists no components")
    if read.moved_to:
        yield _about_move(read.moved_to, read.vendor)
    for note in snapshot.notes:
        yield Finding(text=note)


def _about_move(home: str, vendor: Vendor) -> Finding:
    """The command is for a shell, and the address came from a stranger."""
    import shlex  # loaded only where a page has moved

    command = shlex.join(["outlogger", "watchlist", "add", home, "--as", vendor.slug])
    return Finding(text=f"moved to {home}, and was read there; run: {command}")


def _about_components(chosen: Selected, *, alone: bool) -> Iterator[Finding]:
    """Rules 1, 2 and 6: a word nobody knows decides where the components do so alone: they were
    selected, or the page has no roll-up beside them."""
    for component in chosen.components:
        severity = component.status.severity
        if severity is Severity.UNKNOWN:
            text = f"{label(component)} {_unknown_words(component)}"
            yield Finding(text=text, severity=severity if alone else None)
        elif severity is not Severity.NONE:
            words = component.status.value.replace("_", " ")
            yield Finding(text=f"{label(component)} {words}", severity=severity)


_NOT_WATCHED = {"paused", "black", "not_monitored"}
"""What UptimeRobot and Better Stack say of a component whose monitor is off."""


def _unknown_words(component: Component) -> str:
    if component.raw_status.lower() in _NOT_WATCHED:
        return f'is not monitored by the page ("{component.raw_status}")'
    word = f'"{component.raw_status}"' if component.raw_status else "missing"
    return f"status is {word}, which nobody knows"


def _about_patterns(chosen: Selected, snapshot: Snapshot) -> Iterator[Finding]:
    """Rule 7: a selected component that is not there is unknown; an idle exclude is a note."""
    for pattern in chosen.missing:
        text = f'the page lists no component "{pattern}"'
        if closest := selection.closest(pattern, snapshot.components):
            text += f"; closest: {', '.join(closest)}"
        yield Finding(text=text, severity=Severity.UNKNOWN)
    for pattern in chosen.idle_excludes:
        yield Finding(text=f'exclude "{pattern}" matches no component')
    if not chosen.components and not chosen.missing:
        yield Finding(text="the selection leaves no component", severity=Severity.UNKNOWN)


def _about_others(snapshot: Snapshot, chosen: Selected) -> Iterator[Finding]:
    others = len(_other_problems(snapshot, chosen))
    if others:
        plural = "components have" if others > 1 else "component has"
        yield Finding(text=f"{others} other {plural} problems, outside the selection")


def _about_indicator(snapshot: Snapshot, components: Sequence[Component]) -> Iterator[Finding]:
    """Rules 1 and 6: the page's own roll-up, where it says more than its components do. One that
    was made of the incidents says nothing more than they do (rule 3)."""
    if snapshot.indicator is Severity.UNKNOWN:
        word = f'"{snapshot.raw_indicator}"' if snapshot.raw_indicator else "missing"
        yield Finding(text=f"the page's indicator is {word}", severity=Severity.UNKNOWN)
    elif snapshot.indicator_of_incidents:
        return
    elif snapshot.indicator.rank > worst(c.status.severity for c in components).rank:
        said = f"the page says {snapshot.indicator}"
        text = f"{said}: {snapshot.description}" if snapshot.description else said
        yield Finding(text=text, severity=snapshot.indicator)


def _about_incidents(
    own: Sequence[Incident], vendor: Vendor, snapshot: Snapshot
) -> Iterator[Finding]:
    """Rules 3 and 8: which open incidents count, and at what."""
    for incident in own:
        if not incident.status.open:
            continue
        status = incident.raw_status or "without a status"
        text = f'incident "{incident.name}" {status}, impact {_impact_words(incident)}'
        excuse = _excuse(incident, vendor, snapshot)
        if excuse:
            yield Finding(text=f"{text}: {excuse}", of_incident=True)
        else:
            yield Finding(text=text, severity=incident.impact.severity, of_incident=True)


def _impact_words(incident: Incident) -> str:
    """The impact that counts, with the vendor's own word where that is another one."""
    if incident.raw_impact.lower() == incident.impact:
        return incident.impact.value
    said = f'"{incident.raw_impact}"' if incident.raw_impact else "not given"
    return f"{incident.impact} ({said})"


def _excuse(incident: Incident, vendor: Vendor, snapshot: Snapshot) -> str | None:
    """Why an open incident does not count, None where it does."""
    policy = vendor.policy.count_incidents
    if policy is CountIncidents.NONE:
        return "listed only, incidents are not counted"
    if policy is CountIncidents.ALL or not snapshot.components:
        return None
    if vendor.selection:
        return "listed only, the selected components decide"
    if incident.status is IncidentStatus.MONITORING:
        return "listed only, a fix is being watched"
    return None


def _about_maintenances(windows: Iterable[Maintenance]) -> Iterator[Finding]:
    """Rule 5: maintenance under way; what is planned is listed only."""
    for window in windows:
        if window.status.active:
            words = window.status.value.replace("_", " ")
            yield Finding(
                text=f'maintenance "{window.name}" {words}', severity=Severity.MAINTENANCE
            )


def is_unscoped(incident: Incident) -> bool:
    """Whether the incident names no component that could be looked up (rule 4)."""
    return not any(link.id for link in incident.links)


def _is_own(incident: Incident, vendor: Vendor, ids: Set[str]) -> bool:
    """Rule 4: links join by id; an incident linked only to others is not the vendor's own."""
    return not vendor.selection or is_unscoped(incident) or _is_linked(incident, ids)


def _is_linked(event: Incident | Maintenance, ids: Set[str]) -> bool:
    return any(link.id in ids for link in event.links if link.id)


def _is_listed(incident: Incident, window: Window | None) -> bool:
    if incident.status.open:
        return True
    return bool(window and incident.started_at and incident.started_at >= window.start)


def _other_problems(snapshot: Snapshot, chosen: Selected) -> list[Component]:
    counted = {id(component) for component in chosen.components}
    return [
        component
        for component in snapshot.components
        if component.status.severity is not Severity.NONE and id(component) not in counted
    ]


def _decide(findings: Sequence[Finding], fail_on: FailOn) -> tuple[Severity, Verdict]:
    """Rule 9: a known problem outranks an unknown, an unknown outranks fine."""
    known = worst(finding.severity for finding in findings if finding.severity)
    unknown = any(finding.severity is Severity.UNKNOWN for finding in findings)
    if fail_on.reached_by(known):
        return known, Verdict.PROBLEM
    if not unknown:
        return known, Verdict.OK
    shown = known if known.rank >= Severity.MINOR.rank else Severity.UNKNOWN
    return shown, Verdict.UNKNOWN


def _ordered(findings: Iterable[Finding], fail_on: FailOn) -> list[Finding]:
    """Deciding sentences first: problems from the worst down, unknowns, then what is only told."""

    def place(finding: Finding) -> tuple[int, int]:
        if finding.severity is None:
            return 3, 0
        if fail_on.reached_by(finding.severity):
            return 0, -finding.severity.rank
        return (1, 0) if finding.severity is Severity.UNKNOWN else (2, -finding.severity.rank)

    return sorted(findings, key=place)

"""The rules by which what a page says becomes a severity and a verdict.

Pure: outcomes and policies in, judged vendors out. The numbers of the rules are those of the
documentation's "How a vendor's severity is found".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import TypeVar

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
from outlogger_cli.domain.values import field, frozen, replace

ABANDONED_AFTER = timedelta(days=180)
"""A page that has not changed for so long may be abandoned."""

Event = TypeVar("Event", Incident, Maintenance)


@frozen
class Finding:
    """One sentence about a page, and the severity that it counts as.

    `severity` is None if it does not count; the sentence then says why. `since` is when it began,
    if the page tells. `of_component` marks the status of a component, `of_incident` a sentence
    that repeats what the entry of an incident says.
    """

    text: str
    severity: Severity | None = None
    since: datetime | None = None
    of_component: bool = False
    of_incident: bool = False


@frozen
class Judged:
    """A vendor's outcome with its severity and verdict.

    `components` are all components of the page, `selected` those that count, and `names` maps the
    ids of all to their names. `incidents` (newest first) and `maintenances` are the vendor's own
    within the window. Without a history `days` is empty and `incident_seconds` is None.
    `component_days` are the days of each component, selected or not, that an incident of the window
    names or that has recorded downtime, by its id. `openings` are the times at which the first open
    incident that names a component began, by the component's id. `is_narrowed`: a selection had
    an effect, so that the components decide without the roll-up. `last_severity` is that of the
    stored reading of a page that could not be read now.
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
    component_days: Mapping[str, tuple[Day, ...]] = field(default_factory=dict)
    incident_seconds: int | None = None
    other_problems: int = 0
    is_narrowed: bool = False
    openings: Mapping[str, datetime] = field(default_factory=dict)
    last_severity: Severity | None = None

    @property
    def vendor(self) -> Vendor:
        return self.outcome.vendor

    @property
    def reading(self) -> Read | None:
        """What was read, or the stored reading of a page that failed."""
        return self.outcome if isinstance(self.outcome, Read) else self.outcome.last

    @property
    def error(self) -> Failed | None:
        return self.outcome if isinstance(self.outcome, Failed) else None

    @property
    def name(self) -> str:
        """The name in the watchlist or catalogue, else the page's name, else the slug."""
        page_name = self.reading.snapshot.page_name if self.reading else ""
        return self.vendor.name or page_name or self.vendor.slug

    @property
    def reasons(self) -> tuple[str, ...]:
        """The text of every finding, the deciding ones first."""
        return tuple(finding.text for finding in self.findings)

    @property
    def open_incidents(self) -> tuple[Incident, ...]:
        return tuple(incident for incident in self.incidents if incident.status.open)

    @property
    def problems(self) -> tuple[Component, ...]:
        """The selected components that are not operational."""
        return tuple(c for c in self.selected if c.status.severity is not Severity.NONE)

    def since(self, component: Component) -> datetime | None:
        """When the component's present status began, None if the page does not tell."""
        return _since(component, self.openings)

    def names_of(self, links: Iterable[Link]) -> tuple[str, ...]:
        """The present names of the components in `links`, else the names in the links."""
        return tuple(self.names.get(link.id or "", link.name or link.id or "") for link in links)


def judge(outcome: Outcome, *, window: Window | None) -> Judged:
    """Apply the rules to `outcome`. Without a `window` only open incidents are listed.

    A page that was not read is unknown, whatever its stored reading says (rule 6).
    """
    if isinstance(outcome, Read):
        return _judge_read(outcome, window)
    severity, verdict = Severity.UNKNOWN, Verdict.UNKNOWN
    findings = (Finding(text=outcome.message, severity=severity),)
    if outcome.last is None:
        return Judged(outcome=outcome, severity=severity, verdict=verdict, findings=findings)
    stored = _judge_read(outcome.last, window)
    return replace(
        stored,
        outcome=outcome,
        severity=severity,
        verdict=verdict,
        findings=findings,
        last_severity=stored.severity,
    )


def overall(judged: Iterable[Judged]) -> Verdict:
    """The verdict over all vendors: a problem outranks an unknown."""
    verdicts = {one.verdict for one in judged}
    if Verdict.PROBLEM in verdicts:
        return Verdict.PROBLEM
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else Verdict.OK


def _judge_read(read: Read, window: Window | None) -> Judged:
    vendor, snapshot = read.vendor, _with_effective_links(read.snapshot)
    if snapshot is not read.snapshot:
        read = replace(read, snapshot=snapshot)
    chosen = selection.select(vendor.selection, snapshot.components)
    ids = {component.id for component in chosen.components}
    own = [i for i in snapshot.incidents if is_own(i, chosen.is_narrowed, ids)]
    windows = [m for m in snapshot.maintenances if not chosen.is_narrowed or is_linked(m, ids)]
    others, openings = _other_problems(snapshot, chosen), _openings(own)
    findings = _ordered(
        _findings(read, chosen, others, own, windows, openings), vendor.policy.fail_on
    )
    severity, verdict = _decide(findings, vendor.policy.fail_on)
    days: tuple[Day, ...] = ()
    component_days: Mapping[str, tuple[Day, ...]] = {}
    seconds = None
    if window and snapshot.history_from:
        window = replace(window, read_at=read.checked_at)
        downtime = [one for one in snapshot.downtime if one.component_id in ids]
        days = history.days(own, snapshot.history_from, window, downtime)
        found = history.component_days(
            snapshot.components,
            snapshot.incidents,
            snapshot.history_from,
            window,
            snapshot.downtime,
        )
        component_days = found or {}
        if found is None:
            text = "the days of components are left out: too many components and days"
            findings.append(Finding(text=text))
        seconds = history.open_seconds(own, window)
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
        component_days=component_days,
        incident_seconds=seconds,
        other_problems=others,
        is_narrowed=chosen.is_narrowed,
        openings=openings,
    )


def _with_effective_links(snapshot: Snapshot) -> Snapshot:
    """The snapshot with the links that count (rule 4): links to components that the page lists.

    A link to anything else loses its id and keeps its name. Only if no link on the page has an id,
    a name that only one component has is a link, too.
    """
    links = [link for incident in snapshot.incidents for link in incident.links]
    links += [link for window in snapshot.maintenances for link in window.links]
    if not links:
        return snapshot
    ids = {component.id for component in snapshot.components if component.id}
    names: dict[str, str | None] = {}
    if not any(link.id for link in links):
        for component in snapshot.components:
            for name in {component.name.casefold(), label(component).casefold()}:
                names[name] = None if name in names else component.id

    def effective(event: Event) -> Event:
        return replace(
            event,
            links=tuple(
                link
                if link.id in ids
                else Link(id=names.get(link.name.casefold()), name=link.name or link.id or "")
                for link in event.links
            ),
        )

    return replace(
        snapshot,
        incidents=tuple(map(effective, snapshot.incidents)),
        maintenances=tuple(map(effective, snapshot.maintenances)),
    )


def _findings(
    read: Read,
    chosen: Selected,
    others: int,
    own: Sequence[Incident],
    windows: Sequence[Maintenance],
    openings: Mapping[str, datetime],
) -> Iterator[Finding]:
    snapshot, narrowed = read.snapshot, chosen.is_narrowed
    yield from _about_components(
        chosen, openings, alone=narrowed or snapshot.indicator_of_incidents
    )
    yield from _about_patterns(chosen, snapshot)
    if narrowed and others:
        plural = "components have" if others > 1 else "component has"
        yield Finding(text=f"{others} other {plural} problems, outside the selection")
    if not narrowed:
        yield from _about_indicator(snapshot, chosen.components)
    if snapshot.is_cut:
        severity = Severity.UNKNOWN if chosen.is_open_ended else None
        yield Finding(text="the list of components may be incomplete", severity=severity)
    yield from _about_incidents(own, chosen, read.vendor, snapshot)
    yield from _about_maintenances(windows)
    if read.is_emptied:
        text = "the page no longer lists components"
        yield Finding(text=text, severity=Severity.UNKNOWN)
    elif not snapshot.components:
        yield Finding(text="the page has no components")
    if snapshot.page_updated_at and read.checked_at - snapshot.page_updated_at > ABANDONED_AFTER:
        date = snapshot.page_updated_at.date()
        yield Finding(text=f"the page has not changed since {date}: it may be abandoned")
    if read.moved_to:
        yield _about_move(read.moved_to, read.vendor)
    for note in snapshot.notes:
        yield Finding(text=note)


def _about_components(
    chosen: Selected, openings: Mapping[str, datetime], *, alone: bool
) -> Iterator[Finding]:
    """Rules 1, 2 and 6.

    An unknown status counts only if the components decide `alone`: they are selected, or the page
    has no roll-up of its own.
    """
    for component in chosen.components:
        severity = component.status.severity
        if severity is Severity.UNKNOWN:
            text = f"{label(component)} {_unknown_words(component)}"
            counts = severity if alone else None
            yield Finding(text=text, severity=counts, of_component=True)
        elif severity is not Severity.NONE:
            words = component.status.value.replace("_", " ")
            yield Finding(
                text=f"{label(component)} {words}",
                severity=severity,
                since=_since(component, openings),
                of_component=True,
            )


def _openings(incidents: Iterable[Incident]) -> dict[str, datetime]:
    """By the id of a component: when the first open one of the `incidents` naming it began."""
    openings: dict[str, datetime] = {}
    for incident in incidents:
        if not incident.status.open or not incident.started_at:
            continue
        for link in incident.links:
            if link.id:
                began = openings.setdefault(link.id, incident.started_at)
                openings[link.id] = min(began, incident.started_at)
    return openings


def _since(component: Component, openings: Mapping[str, datetime]) -> datetime | None:
    return openings.get(component.id, component.updated_at)


_NOT_WATCHED = {"paused", "black", "not_monitored"}
"""What UptimeRobot and Better Stack write for a component whose monitor is off."""


def _unknown_words(component: Component) -> str:
    if component.raw_status.lower() in _NOT_WATCHED:
        return f'is not monitored by the page ("{component.raw_status}")'
    word = f'unknown: "{component.raw_status}"' if component.raw_status else "missing"
    return f"status is {word}"


def _about_patterns(chosen: Selected, snapshot: Snapshot) -> Iterator[Finding]:
    """Rule 7: a selected component that is missing is unknown; an unused exclude is a note."""
    for pattern in chosen.missing:
        text = f'component "{pattern}" not found'
        if closest := selection.closest(pattern, snapshot.components):
            text += f"; closest: {', '.join(closest)}"
        yield Finding(text=text, severity=Severity.UNKNOWN)
    for pattern in chosen.unused_excludes:
        yield Finding(text=f'exclude "{pattern}" matches no component')
    if chosen.is_narrowed and not chosen.components and not chosen.missing:
        yield Finding(text="the selection matches no components", severity=Severity.UNKNOWN)


def _about_indicator(snapshot: Snapshot, components: Sequence[Component]) -> Iterator[Finding]:
    """Rules 1 and 6: the page's own roll-up, if it is worse than all its components.

    A roll-up derived from the incidents does not count beside them (rule 3).
    """
    if snapshot.indicator is Severity.UNKNOWN:
        yield Finding(text=_unknown_indicator(snapshot, components), severity=Severity.UNKNOWN)
    elif snapshot.indicator_of_incidents:
        return
    elif snapshot.indicator.rank > worst(c.status.severity for c in components).rank:
        text = f"the page says {snapshot.indicator}"
        text += f": {snapshot.description}" if snapshot.description else ""
        yield Finding(text=text, severity=snapshot.indicator)


def _unknown_indicator(snapshot: Snapshot, components: Sequence[Component]) -> str:
    """Why the indicator is unknown: the page's own word, or what it was computed from."""
    if snapshot.raw_indicator:
        return f'the page\'s indicator is "{snapshot.raw_indicator}"'
    unknown = [c for c in components if c.status.severity is Severity.UNKNOWN]
    if snapshot.raw_indicator is None and unknown:
        more = f" and {len(unknown) - 1} more" if unknown[1:] else ""
        return f"the status of {label(unknown[0])}{more} is unknown"
    if snapshot.raw_indicator is None:
        return "the page does not state its status"
    return "the page's indicator is missing"


def _about_incidents(
    own: Sequence[Incident], chosen: Selected, vendor: Vendor, snapshot: Snapshot
) -> Iterator[Finding]:
    """Rules 3 and 8: which open incidents count, and with which severity."""
    for incident in own:
        if not incident.status.open:
            continue
        status = incident.raw_status or "has no status"
        text = f'incident "{incident.name}" {status}, impact {_impact_words(incident)}'
        if reason := _why_not_counted(incident, chosen, vendor, snapshot):
            yield Finding(text=f"{text}: {reason}", of_incident=True)
        else:
            yield Finding(
                text=text,
                severity=incident.impact.severity,
                since=incident.started_at,
                of_incident=True,
            )


def _impact_words(incident: Incident) -> str:
    """The impact that counts, with the vendor's own word if that is a different one."""
    if incident.raw_impact.lower() == incident.impact:
        return incident.impact.value
    raw = f'"{incident.raw_impact}"' if incident.raw_impact else "assumed"
    return f"{incident.impact} ({raw})"


def _why_not_counted(
    incident: Incident, chosen: Selected, vendor: Vendor, snapshot: Snapshot
) -> str | None:
    """The reason why an open incident does not count; None if it counts."""
    policy = vendor.policy.count_incidents
    if policy is CountIncidents.NONE:
        return "listed only, incidents are not counted"
    if policy is CountIncidents.ALL or not snapshot.components:
        return None
    if chosen.is_narrowed:
        return "listed only, only the selected components count"
    if incident.status is IncidentStatus.MONITORING:
        return "listed only, a fix is being monitored"
    return None


def _about_move(new_url: str, vendor: Vendor) -> Finding:
    """A note with the command that stores the new address, quoted for a shell: it is untrusted."""
    import shlex  # needed only for a page that has moved

    command = shlex.join(["outlogger", "watchlist", "add", new_url, "--as", vendor.slug])
    return Finding(text=f"moved to {new_url}; update the watchlist: {command}")


def _about_maintenances(windows: Iterable[Maintenance]) -> Iterator[Finding]:
    """Rule 5: maintenance in progress counts; planned maintenance is only listed."""
    for window in windows:
        if window.status.active:
            words = window.status.value.replace("_", " ")
            yield Finding(
                text=f'maintenance "{window.name}" {words}',
                severity=Severity.MAINTENANCE,
                since=window.scheduled_for,
            )


def is_unscoped(incident: Incident) -> bool:
    """Whether the incident is linked to no component by id (rule 4)."""
    return not any(link.id for link in incident.links)


def is_own(incident: Incident, is_narrowed: bool, ids: Set[str]) -> bool:
    """Rule 4: whether the incident concerns the selected components, which have these `ids`."""
    return not is_narrowed or is_unscoped(incident) or is_linked(incident, ids)


def is_linked(event: Incident | Maintenance, ids: Set[str]) -> bool:
    """Whether the event is linked to a component with one of these ids."""
    return any(link.id in ids for link in event.links if link.id)


def _is_listed(incident: Incident, window: Window | None) -> bool:
    if incident.status.open:
        return True
    return bool(window and incident.started_at and incident.started_at >= window.start)


def _other_problems(snapshot: Snapshot, chosen: Selected) -> int:
    """The number of components outside the selection that are not operational."""
    selected = {id(component) for component in chosen.components}
    return sum(
        component.status.severity is not Severity.NONE and id(component) not in selected
        for component in snapshot.components
    )


def _decide(findings: Sequence[Finding], fail_on: FailOn) -> tuple[Severity, Verdict]:
    """Rule 9: a known problem outranks an unknown, and an unknown outranks ok."""
    known = worst(finding.severity for finding in findings if finding.severity)
    unknown = any(finding.severity is Severity.UNKNOWN for finding in findings)
    if fail_on.reached_by(known):
        return known, Verdict.PROBLEM
    if not unknown:
        return known, Verdict.OK
    shown = known if known.rank >= Severity.MINOR.rank else Severity.UNKNOWN
    return shown, Verdict.UNKNOWN


def _ordered(findings: Iterable[Finding], fail_on: FailOn) -> list[Finding]:
    """The findings by importance: problems from the worst down, unknowns, the rest, notes."""

    def place(finding: Finding) -> tuple[int, int]:
        if finding.severity is None:
            return 3, 0
        if fail_on.reached_by(finding.severity):
            return 0, -finding.severity.rank
        return (1, 0) if finding.severity is Severity.UNKNOWN else (2, -finding.severity.rank)

    return sorted(findings, key=place)

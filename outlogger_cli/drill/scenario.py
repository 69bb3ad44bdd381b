"""Scenarios of a drill: data files turned into snapshots of the simulated page.

A scenario is `scenarios/NAME.json`. Its times are offsets from the drill's clock (`-90m`, `+2h`)
or, if a file reproduces real events, absolute. Its words are those of Statuspage v2. An
incident's status, start and end follow from its updates, which are listed newest first.

key           meaning
summary       one line for `outlogger drill --list`
about         the source of the data
page          `name` and `url` of the page if no vendor is given
pages         the pages of a scenario of several vendors, each with keys like those below
vendor        the catalogue's slug of the only vendor that the scenario is for
clock         the time at which the drill starts; without it, now
components, incidents, maintenances
turns         the status of components at the first reading, the second, ... then from the start
good_readings the number of readings after which the page only answers HTTP 500

Setting a component's status opens no incident: a page has only the incidents of its file.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from outlogger_cli.domain import selection
from outlogger_cli.domain.durations import duration
from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
    Update,
    worst,
)
from outlogger_cli.domain.selection import matches
from outlogger_cli.domain.similar import closest, did_you_mean
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.drill.pages import identity

FOLDER = Path(__file__).with_name("scenarios")
DEFAULT = "bad-day"
PLAIN = "plain"
"""The scenario of a vendor that has none of its own."""

_DESCRIPTIONS = {
    Severity.NONE: "All Systems Operational",
    Severity.MAINTENANCE: "Service Under Maintenance",
    Severity.MINOR: "Partially Degraded Service",
    Severity.MAJOR: "Partial System Outage",
    Severity.CRITICAL: "Major System Outage",
    Severity.UNKNOWN: "Unknown",
}
_LONG_UNCHANGED = timedelta(days=90)
_NAMES_SHOWN = 8

Row = Mapping[str, Any]


@frozen
class Scenario:
    """One scenario; `data` is the content of its file.

    A scenario of several vendors has one of its own for each of them in `pages`.
    """

    name: str
    summary: str
    page_name: str
    page_url: str
    vendor: str | None
    clock: datetime | None
    good_readings: int | None
    data: Row
    pages: "tuple[Scenario, ...]" = ()


def names() -> list[str]:
    """Every scenario, the default first."""
    found = sorted(path.stem for path in FOLDER.glob("*.json"))
    return sorted(found, key=lambda name: name != DEFAULT)


def load(name: str) -> Scenario:
    """The scenario called `name`; raises `UsageError` with the closest names."""
    known = names()
    if name not in known:
        hint = did_you_mean(closest(name, known), otherwise=f"choose from {', '.join(known)}")
        raise UsageError(f"unknown scenario {line(name)!r}{hint}")
    data = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return _scenario(name, data)


def _scenario(name: str, data: Row) -> Scenario:
    clock, page = data.get("clock"), data.get("page", {})
    return Scenario(
        name=name,
        summary=data.get("summary", ""),
        page_name=page.get("name", ""),
        page_url=page.get("url", ""),
        vendor=data.get("vendor"),
        clock=clock and datetime.fromisoformat(clock),
        good_readings=data.get("good_readings"),
        data=data,
        pages=tuple(_scenario(name, one) for one in data.get("pages", ())),
    )


def for_vendor(slug: str) -> Scenario:
    """The vendor's own scenario, or the plain one if it has none."""
    return next((one for one in map(load, names()) if one.vendor == slug), load(PLAIN))


def snapshots(
    scenario: Scenario,
    *,
    name: str,
    url: str,
    clock: datetime,
    extra_components: Iterable[str] = (),
) -> tuple[Snapshot, ...]:
    """The page at the first reading, at the second, ... and then from the start again.

    `name` and `url` are those of the page. The plain page also lists `extra_components`, so that
    a selection in the watchlist has something to select. Globs among them are left out.
    """
    data = scenario.data
    components = [_component(row, clock) for row in data["components"]]
    if scenario.name == PLAIN:
        unlisted = _unlisted(extra_components, components)
        components += [_component({"name": one}, clock) for one in unlisted]
    links = {selection.label(c): Link(id=c.id, name=c.name) for c in components}
    page = Snapshot(
        page_name=name,
        page_url=url,
        indicator=Severity.UNKNOWN,
        raw_indicator="",
        description="",
        incidents=tuple(_incident(row, clock, url, links) for row in data.get("incidents", ())),
        maintenances=tuple(
            _maintenance(row, clock, url, links) for row in data.get("maintenances", ())
        ),
    )
    page = _with_components(page, components)
    return tuple(_in_turn(page, turn, clock) for turn in data.get("turns", ({},)))


def with_status(
    page: Snapshot, patterns: Sequence[str], status: ComponentStatus, *, since: datetime
) -> Snapshot:
    """`page` with the components that match `patterns` in `status`, and its indicator updated.

    Patterns are those of `--component`; without any, every component changes.
    """
    changed = [
        replace(one, status=status, raw_status=status.value, updated_at=since)
        if not patterns or any(matches(pattern, one) for pattern in patterns)
        else one
        for one in page.components
    ]
    return _with_components(page, changed)


def require(patterns: Sequence[str], pages: Sequence[Snapshot]) -> None:
    """Raise `UsageError` for a pattern that matches no component of any page."""
    for pattern in patterns:
        if not any(matches(pattern, one) for page in pages for one in page.components):
            raise _no_component(pattern, pages)


def _in_turn(page: Snapshot, turn: Mapping[str, str], clock: datetime) -> Snapshot:
    for component, status in turn.items():
        page = with_status(page, [component], ComponentStatus(status), since=clock)
    return page


def _no_component(pattern: str, pages: Sequence[Snapshot]) -> UsageError:
    components = [component for page in pages for component in page.components]
    near = selection.closest(pattern, components)
    names = [selection.label(component) for component in components]
    more = ", ..." if len(names) > _NAMES_SHOWN else ""
    hint = did_you_mean(near, otherwise=f"it has {', '.join(names[:_NAMES_SHOWN])}{more}")
    return UsageError(f"--component: the simulated page has no component {line(pattern)!r}{hint}")


def _with_components(page: Snapshot, components: Sequence[Component]) -> Snapshot:
    """`page` with `components`, and the indicator of the worst whose status is known."""
    known = [c.status.severity for c in components if c.status is not ComponentStatus.UNKNOWN]
    indicator = worst(known) if known else Severity.UNKNOWN
    return replace(
        page,
        components=tuple(components),
        indicator=indicator,
        raw_indicator=indicator.value,
        description=_DESCRIPTIONS[indicator],
    )


def _unlisted(patterns: Iterable[str], components: Sequence[Component]) -> list[str]:
    """The names among `patterns` that no component has, each once; a glob is not a name."""
    found = {
        pattern.casefold(): pattern
        for pattern in reversed([*patterns])
        if not set(pattern) & set("*?[") and not any(matches(pattern, c) for c in components)
    }
    return [*reversed(found.values())]


def _component(row: Row, clock: datetime) -> Component:
    status = ComponentStatus(row.get("status", "operational"))
    group = row.get("group")
    changed = row.get("updated_at")
    return Component(
        id=identity("component", group or "", row["name"]),
        name=row["name"],
        status=status,
        raw_status=status.value,
        group=group,
        description=row.get("description"),
        updated_at=_moment(changed, clock) if changed else clock - _LONG_UNCHANGED,
    )


def _incident(row: Row, clock: datetime, page_url: str, links: Mapping[str, Link]) -> Incident:
    updates = _updates(row, clock)
    created = [update.created_at for update in updates if update.created_at]
    closing = [u.created_at for u in updates if u.created_at and not u.status.open]
    incident_id = identity("incident", row["name"], str(created[-1]))
    return Incident(
        id=incident_id,
        name=row["name"],
        status=updates[0].status,
        raw_status=updates[0].raw_status,
        impact=Impact(row["impact"]),
        raw_impact=row["impact"],
        started_at=min(created),
        resolved_at=min(closing, default=None),
        updated_at=max(created),
        links=_links(row, links),
        url=f"{page_url}/incidents/{incident_id}",
        updates=updates,
    )


def _maintenance(
    row: Row, clock: datetime, page_url: str, links: Mapping[str, Link]
) -> Maintenance:
    status = MaintenanceStatus(row["status"])
    maintenance_id = identity("maintenance", row["name"])
    return Maintenance(
        id=maintenance_id,
        name=row["name"],
        status=status,
        raw_status=status.value,
        scheduled_for=_moment(row["scheduled_for"], clock),
        scheduled_until=_moment(row["scheduled_until"], clock),
        links=_links(row, links),
        url=f"{page_url}/incidents/{maintenance_id}",
        updates=_updates(row, clock),
    )


def _links(row: Row, links: Mapping[str, Link]) -> tuple[Link, ...]:
    return tuple(links[label] for label in row.get("components", ()))


def _updates(row: Row, clock: datetime) -> tuple[Update, ...]:
    return tuple(
        Update(
            status=IncidentStatus(one["status"]),
            raw_status=one["status"],
            body=one["body"],
            created_at=_moment(one["created_at"], clock),
        )
        for one in row["updates"]
    )


def _moment(text: str, clock: datetime) -> datetime:
    """The time that `-90m` or `+2h` is from `clock`, or an absolute time."""
    match text[0]:
        case "-":
            return clock - duration(text[1:])
        case "+":
            return clock + duration(text[1:])
        case _:
            return datetime.fromisoformat(text)

"""Scenarios of a drill: data files turned into the pages that are acted out.

A scenario is `scenarios/NAME.json`. Its moments are offsets from the drill's clock (`-90m`, `+2h`)
or, where a file tells of what really happened, moments. Its words are those of Statuspage v2. An
incident's status, start and end are those of its updates, which stand newest first.

key           what it says
shows         one line for `outlogger drill --list`
about         where it is from
page          `name` and `url` of the page, where no vendor is named
vendor        the catalogue's slug of the one vendor whose page it is
platform      the software behind the page, where that is the point; else the vendor's own
clock         the moment the drill begins at; without it, now
components, incidents, maintenances
turns         component and status for the first reading, the second, ... and round again
good_readings so many readings, and then the page is dead

Setting a component's status posts no incident: a page has one only where its file says so.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
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
from outlogger_cli.domain.values import frozen
from outlogger_cli.drill.pages import identity

FOLDER = Path(__file__).with_name("scenarios")
DEFAULT = "permutive-2024-03"
PLAIN = "plain"
"""What is acted out for a vendor that has no scenario of its own."""

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


@frozen
class Scenario:
    """A scenario's file. `script` is the whole of it."""

    name: str
    shows: str
    page_name: str
    page_url: str
    vendor: str | None
    platform: str | None
    clock: datetime | None
    good_readings: int | None
    script: Mapping[str, Any]


def names() -> list[str]:
    """Every scenario, the default first."""
    found = sorted(path.stem for path in FOLDER.glob("*.json"))
    return sorted(found, key=lambda name: name != DEFAULT)


def load(name: str) -> Scenario:
    """The scenario called `name`; raises `UsageError` with the closest names."""
    known = names()
    if name not in known:
        hint = did_you_mean(closest(name, known) or [", ".join(known)])
        raise UsageError(
            f"no scenario is called {line(name)!r}{hint} outlogger drill --list shows them"
        )
    script = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    clock = script.get("clock")
    return Scenario(
        name=name,
        shows=script["shows"],
        page_name=script["page"]["name"],
        page_url=script["page"]["url"],
        vendor=script.get("vendor"),
        platform=script.get("platform"),
        clock=clock and datetime.fromisoformat(clock),
        good_readings=script.get("good_readings"),
        script=script,
    )


def for_vendor(slug: str) -> Scenario:
    """The vendor's own scenario, the plain one where it has none."""
    return next((one for one in map(load, names()) if one.vendor == slug), load(PLAIN))


def pages(
    scenario: Scenario, *, name: str, url: str, clock: datetime, wanted: Iterable[str] = ()
) -> tuple[Snapshot, ...]:
    """What the page says at the first reading, at the second, ... and round again.

    `name` and `url` are the vendor's. `wanted` are components that a plain page lists besides its
    own, so that a selection in the watchlist has something to select.
    """
    script = scenario.script
    components = [_component(row, clock) for row in script["components"]]
    if scenario.name == PLAIN:
        components += [_component({"name": one}, clock) for one in _unlisted(wanted, components)]
    teller = _Teller(clock, url, components)
    page = Snapshot(
        page_name=name,
        page_url=url,
        indicator=Severity.UNKNOWN,
        raw_indicator="",
        description="",
        incidents=tuple(map(teller.incident, script.get("incidents", ()))),
        maintenances=tuple(map(teller.maintenance, script.get("maintenances", ()))),
    )
    page = _with_components(page, components)
    return tuple(_in_turn(page, turn, clock) for turn in script.get("turns", ({},)))


def put(
    page: Snapshot, patterns: Sequence[str], status: ComponentStatus, *, since: datetime
) -> Snapshot:
    """`page` with what `patterns` name (everything, without any) in `status`; its roll-up follows.

    Patterns are those of `--component`. Raises `UsageError` for one that names nothing.
    """
    for pattern in patterns:
        if not any(matches(pattern, component) for component in page.components):
            raise _no_component(pattern, page)
    changed = [
        replace(one, status=status, raw_status=status.value, updated_at=since)
        if not patterns or any(matches(pattern, one) for pattern in patterns)
        else one
        for one in page.components
    ]
    return _with_components(page, changed)


def _in_turn(page: Snapshot, turn: Mapping[str, str], clock: datetime) -> Snapshot:
    for component, status in turn.items():
        page = put(page, [component], ComponentStatus(status), since=clock)
    return page


def _no_component(pattern: str, page: Snapshot) -> UsageError:
    near = selection.closest(pattern, page.components)
    names = [selection.label(component) for component in page.components]
    more = ", ..." if len(names) > _NAMES_SHOWN else ""
    hint = did_you_mean(near, otherwise=f"it has {', '.join(names[:_NAMES_SHOWN])}{more}")
    return UsageError(f"--component: the page acted out has no {line(pattern)!r}{hint}")


def _with_components(page: Snapshot, components: Sequence[Component]) -> Snapshot:
    """`page` with these, and the indicator of the worst whose word is known."""
    known = [c.status.severity for c in components if c.status is not ComponentStatus.UNKNOWN]
    indicator = worst(known) if known else Severity.UNKNOWN
    return replace(
        page,
        components=tuple(components),
        indicator=indicator,
        raw_indicator=indicator.value,
        description=_DESCRIPTIONS[indicator],
    )


def _component(row: Mapping[str, Any], clock: datetime) -> Component:
    status = ComponentStatus(row.get("status", "operational"))
    group = row.get("group")
    return Component(
        id=identity("component", group or "", row["name"]),
        name=row["name"],
        status=status,
        raw_status=status.value,
        group=group,
        description=row.get("description"),
        updated_at=_moment(row["updated_at"], clock)
        if "updated_at" in row
        else clock - _LONG_UNCHANGED,
    )


def _unlisted(wanted: Iterable[str], components: Sequence[Component]) -> list[str]:
    """The names among `wanted` that no component has, each once; a glob is no name."""
    names = {
        pattern.casefold(): pattern
        for pattern in reversed([*wanted])
        if not set(pattern) & set("*?[") and not any(matches(pattern, c) for c in components)
    }
    return [*reversed(names.values())]


class _Teller:
    """Makes incidents and windows of their rows."""

    def __init__(self, clock: datetime, page_url: str, components: Iterable[Component]) -> None:
        self._clock = clock
        self._page_url = page_url
        self._links = {selection.label(c): Link(id=c.id, name=c.name) for c in components}

    def incident(self, row: Mapping[str, Any]) -> Incident:
        updates = self._updates(row)
        told = [update.created_at for update in updates if update.created_at]
        closing = [u.created_at for u in updates if u.created_at and not u.status.open]
        incident_id = identity("incident", row["name"], str(told[-1]))
        return Incident(
            id=incident_id,
            name=row["name"],
            status=updates[0].status,
            raw_status=updates[0].raw_status,
            impact=Impact(row["impact"]),
            raw_impact=row["impact"],
            started_at=min(told),
            resolved_at=min(closing, default=None),
            updated_at=max(told),
            links=self._linked(row),
            url=f"{self._page_url}/incidents/{incident_id}",
            updates=updates,
        )

    def maintenance(self, row: Mapping[str, Any]) -> Maintenance:
        status = MaintenanceStatus(row["status"])
        window_id = identity("maintenance", row["name"])
        return Maintenance(
            id=window_id,
            name=row["name"],
            status=status,
            raw_status=status.value,
            scheduled_for=_moment(row["scheduled_for"], self._clock),
            scheduled_until=_moment(row["scheduled_until"], self._clock),
            links=self._linked(row),
            url=f"{self._page_url}/incidents/{window_id}",
            updates=self._updates(row),
        )

    def _linked(self, row: Mapping[str, Any]) -> tuple[Link, ...]:
        return tuple(self._links[label] for label in row.get("components", ()))

    def _updates(self, row: Mapping[str, Any]) -> tuple[Update, ...]:
        return tuple(
            Update(
                status=IncidentStatus(one["status"]),
                raw_status=one["status"],
                body=one["body"],
                created_at=_moment(one["created_at"], self._clock),
            )
            for one in row["updates"]
        )


def _moment(text: str, clock: datetime) -> datetime:
    """`-90m` and `+2h` from the clock, or a moment of its own."""
    match text[0]:
        case "-":
            return clock - duration(text[1:])
        case "+":
            return clock + duration(text[1:])
        case _:
            return datetime.fromisoformat(text)

"""FlashDuty status pages, by Flashcat.

`/api/status-page/<number>/summary/active` holds the components and what is open or planned,
`.../change/list` closed changes too. The number of a page is in its HTML, which is read first. The
answers may be in an envelope, `{"request_id": ..., "data": ...}`. Documented in part at
https://docs.flashcat.cloud; the rest is as pages sent it in 2026. The API of a page whose address
has a path is requested below that path, and else at the root of the host.

wire                                        ours
component word operational                  operational
  degraded                                  degraded_performance
  partial_outage                            partial_outage
  full_outage, major_outage                 major_outage
  under_maintenance, maintenance            under_maintenance
incident status                             investigating, identified, monitoring, resolved
maintenance scheduled, ongoing, completed   scheduled, in_progress, completed

A component has no status of its own: it is as the changes say that are open and name it, and
operational if none does. The updates of a change are listed oldest first. The impact of an
incident is the worst word that it ever gave a component, minor if it gave none. There is no
roll-up: the indicator is the worst component. Times are in seconds, and 0 is none.
"""

import re
from collections.abc import Iterable, Mapping

from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.domain.values import frozen
from outlogger_cli.platforms import Documents, accepts
from outlogger_cli.platforms.shared import addresses, build, fields, html, times
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("statuspage.flashcat.cloud",)
CAN: tuple[str, ...] = ("components", "history", "maintenance")
MARKS = (b"flashduty", b"flashcat", b'active_changes\\"', b'page_id\\"')

_API = re.compile(r"(https?://[^?#]*/api/status-page/[0-9]{1,20})(?:/summary/active)?/?(?:[?#].*)?")
_PAGE_ID = re.compile(r'\bpage_id\\*"\s*:\s*(?:\\*")?([0-9]{1,20})\b')
_SIGNS = ("flashduty", "flashcat", "active_changes", "url_name")

_STATUSES = {
    "operational": ComponentStatus.OPERATIONAL,
    "degraded": ComponentStatus.DEGRADED_PERFORMANCE,
    "partial_outage": ComponentStatus.PARTIAL_OUTAGE,
    "full_outage": ComponentStatus.MAJOR_OUTAGE,
    "major_outage": ComponentStatus.MAJOR_OUTAGE,
    "under_maintenance": ComponentStatus.UNDER_MAINTENANCE,
    "maintenance": ComponentStatus.UNDER_MAINTENANCE,
}
_INCIDENTS = {
    "investigating": IncidentStatus.INVESTIGATING,
    "identified": IncidentStatus.IDENTIFIED,
    "monitoring": IncidentStatus.MONITORING,
    "resolved": IncidentStatus.RESOLVED,
}
_WINDOWS = {
    "scheduled": MaintenanceStatus.SCHEDULED,
    "ongoing": MaintenanceStatus.IN_PROGRESS,
    "completed": MaintenanceStatus.COMPLETED,
}


@frozen
class _Change:
    """An incident or a maintenance, and the words that it gives components.

    `words` has the present one by the component's id, `every` all that it ever gave one.
    """

    row: Fields
    is_planned: bool
    links: tuple[Link, ...]
    words: Mapping[str, str]
    every: tuple[str, ...]

    @property
    def phase(self) -> MaintenanceStatus:
        return _WINDOWS.get(self.row.word("status"), MaintenanceStatus.UNKNOWN)

    @property
    def status(self) -> IncidentStatus:
        return _INCIDENTS.get(self.row.word("status"), IncidentStatus.UNKNOWN)

    @property
    def counts(self) -> bool:
        """Whether components are now as it says."""
        if self.is_planned:
            return self.phase in {MaintenanceStatus.IN_PROGRESS, MaintenanceStatus.UNKNOWN}
        return self.status.open


def endpoints(page_url: str, depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    found = _API.fullmatch(page_url)
    first = () if found else (html.page_endpoint(page_url),)
    bases = [found[1]] if found else _bases(page_url, read)
    active = [Endpoint(name="active", url=f"{base}/summary/active") for base in bases]
    changes = [Endpoint(name="changes", url=f"{base}/change/list") for base in bases]
    return (*first, *active, *(changes if depth.has_history else ()))


def recognises(document: Document, /) -> bool:
    return bool(_page_id({"page": document})) or accepts(parse, document)


def parse(read: Documents, /) -> Snapshot:
    wire = _data(html.data_of(read, "active", platform="FlashDuty", found=_page_id(read)))
    if "page_id" not in wire.inside("page") or "active_changes" not in wire:
        raise not_a_page("unexpected JSON without page.page_id and active_changes")
    page = wire.object("page")
    rows = list(page.objects("components"))
    names = {row.text("component_id"): row.text("name") for row in rows}
    active = _changes(wire.objects("active_changes", required=True), names)
    listed, notes = build.later(
        read.get("changes"),
        "incident history",
        lambda document: _changes(_data(document).objects("items", required=True), names),
    )
    components = _components(page, rows, active)
    past = [_incident(change) for change in listed or () if not change.is_planned]
    windows = {  # those of the first list count
        window.id: window
        for window in map(_window, (one for one in (*(listed or ()), *active) if one.is_planned))
    }
    return Snapshot(
        page_name=page.text("name"),
        page_url=html.page_address(read),
        indicator=build.roll_up(component.status for component in components),
        components=components,
        incidents=build.merge((_incident(one) for one in active if not one.is_planned), past),
        maintenances=build.unfinished(windows.values()),
        history_from=build.oldest_start(past),
        notes=notes,
    )


def _bases(page_url: str, read: Documents) -> list[str]:
    """Where the API may be, below the page and at the root of its host; empty if unknown."""
    page_id = _page_id(read)
    path = f"/api/status-page/{page_id}"
    places = (addresses.at(page_url, path), addresses.origin_of(page_url) + path)
    return list(dict.fromkeys(places)) if page_id else []


def _page_id(read: Documents) -> str:
    """The number of the page in its HTML, "" if that is not a page of FlashDuty."""
    markup = html.own_html(read)
    found = _PAGE_ID.search(markup)
    is_page = found and any(sign in markup.lower() for sign in _SIGNS)
    return found[1] if found and is_page else ""


def _data(document: Document) -> Fields:
    """The answer, out of its envelope if it has one."""
    wire = fields.json_object(document)
    return wire.object("data") if isinstance(wire.values.get("data"), dict) else wire


def _components(
    page: Fields, rows: Iterable[Fields], active: Iterable[_Change]
) -> tuple[Component, ...]:
    sections = {row.text("section_id"): row.text("name") for row in page.objects("sections")}
    words: dict[str, list[str]] = {}
    for change in active:
        for component, word in change.words.items() if change.counts else ():
            words.setdefault(component, []).append(word)
    found = []
    for row in rows:
        component = row.text("component_id")
        given = {_status(word): word for word in words.get(component, ())}
        if not component or ("" in words and not given):  # it may be the one that a change means
            given |= {ComponentStatus.UNKNOWN: ""}
        status = build.worst_status(given)
        name = row.text("name", component or "(no name)")
        found.append(
            Component(
                id=component or name,
                name=name,
                status=status,
                raw_status=given.get(status, ""),
                group=sections.get(row.text("section_id")) or None,
                description=row.optional("description"),
            )
        )
    return tuple(found)


def _status(word: str) -> ComponentStatus:
    return _STATUSES.get(word, ComponentStatus.UNKNOWN)


# Changes


def _changes(rows: Iterable[Fields], names: Mapping[str, str]) -> list[_Change]:
    ids: dict[str, str] = {}
    for component, name in names.items():
        ids[name] = "" if name in ids else component
    return [_change(row, names, ids) for row in rows]


def _change(row: Fields, names: Mapping[str, str], ids: Mapping[str, str]) -> _Change:
    """A change; `names` has the names of the page's components by id, and `ids` the ids of those
    whose name is unique. What names no component is under the id ""."""
    newest_first = list(row.objects("updates"))[::-1]
    named = list(row.objects("affected_components"))
    for update in newest_first:
        named.extend(update.objects("component_changes"))
    words: dict[str, str] = {}
    links: dict[str, Link] = {}
    for one in named:
        name = one.text("name", one.text("component_name"))
        component = one.text("component_id") or ids.get(name, "")
        if component or name:
            shown = names.get(component) or name or component
            links.setdefault(component or name, Link(id=component or None, name=shown))
        # a component that was made anew may still be down
        meant = component if component in names else ids.get(name, component)
        words[meant] = words.get(meant) or one.word("status")
    return _Change(
        row=row,
        is_planned=row.word("type") == "maintenance",
        links=tuple(links.values()),
        words=words,
        every=tuple(filter(None, (one.word("status") for one in named))),
    )


def _incident(change: _Change) -> Incident:
    found = build.roll_up(map(_status, change.every))
    row, status, event = change.row, change.status, _event(change)
    updated_at = times.latest(update.created_at for update in event["updates"])
    return Incident(
        **event,
        status=status,
        raw_status=row.text("status"),
        impact=Impact.MINOR if found is Severity.UNKNOWN else Impact(found.value),
        started_at=row.epoch("start_at_seconds"),
        resolved_at=None if status.open else row.epoch("close_at_seconds") or updated_at,
        updated_at=updated_at,
    )


def _window(change: _Change) -> Maintenance:
    return Maintenance(
        **_event(change),
        status=change.phase,
        raw_status=change.row.text("status"),
        scheduled_for=change.row.epoch("start_at_seconds"),
        scheduled_until=change.row.epoch("close_at_seconds"),
    )


def _event(change: _Change) -> build.Event:
    newest_first = list(change.row.objects("updates"))[::-1]
    return build.event(
        change.row,
        id_key="change_id",
        links=change.links,
        updates=build.newest_updates(
            Update(
                status=_INCIDENTS.get(row.word("status"), IncidentStatus.UNKNOWN),
                raw_status=row.text("status"),
                body=row.body("description"),
                created_at=row.epoch("at_seconds"),
            )
            for row in newest_first
        ),
    )

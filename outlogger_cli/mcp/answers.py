"""The answers of the tools: a document by the JSON Schema, and a short text about it.

Agents pay for every word, so a text names only what is not ok, and a large document is cut. Both
hold names and sentences that vendors wrote: parsers made those safe to show, and lines are cut.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from json import dumps
from typing import Any

from outlogger_cli.domain.model import Incident, Severity, Verdict
from outlogger_cli.domain.report import unreached
from outlogger_cli.domain.values import frozen
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.mcp.source import Listing, Reading
from outlogger_cli.render import SCHEMA_VERSION, Sort, View, json, phrases, wording
from outlogger_cli.render.evidence import about
from outlogger_cli.render.ordering import (
    incident_tally,
    is_quiet,
    newest_first,
    ordered,
    tally,
)

TEXT_LIMIT = 4000
"""Bytes of a text."""

DOCUMENT_LIMIT = 60_000
"""Bytes of a document from which on it is cut: some clients refuse what is much larger."""

_LINE_LIMIT = 400
_INCIDENTS = 5
_COMPONENTS = 8
_SEARCHED = 10
_ROOM = 200
"""Bytes that are kept for the last lines of a text."""


@frozen
class Answer:
    """What a tool returns."""

    document: Mapping[str, Any]
    text: str


def check(found: Reading) -> Answer:
    """The verdict on several vendors: the tally, then each vendor that is not ok."""
    return _answer(found, _checked(found))


def status(found: Reading) -> Answer:
    """One vendor in full."""
    return _answer(found, (line for one in found.report.vendors for line in _page(one, found.view)))


def incidents(found: Reading) -> Answer:
    """The incidents of the last days, the newest first, and whose are unknown."""
    return _answer(found, _past(found))


def triage(found: Reading) -> Answer:
    """Whose failure it probably is, then each vendor with its evidence."""
    return _answer(found, _triaged(found))


def search(found: Listing) -> Answer:
    """The vendors that a search found, the best match first."""
    lines = [f"{wording.count(len(found.items), 'vendor')} found, best match first"]
    lines += [f"{one['slug']}: {one['name']}, {one['url']}" for one in found.items[:_SEARCHED]]
    return _listing("vendors search", found, lines)


def watchlist(found: Listing) -> Answer:
    """The entries of the watchlist."""
    head = f"{wording.count(len(found.items), 'vendor')} on the watchlist: {found.note}"
    lines = [f"{one['slug']}: {', '.join(_settings(one))}" for one in found.items]
    return _listing("watchlist list", found, [head, *lines])


def _settings(item: Mapping[str, Any]) -> Iterator[str]:
    """What is special about an entry of the watchlist."""
    yield item["url"] or "no page"
    for key in ("tags", "components", "exclude"):
        if item[key]:
            yield f"{key}: {wording.listed(item[key], limit=_COMPONENTS)}"
    if item["fail_on"]:
        yield f"fail on {item['fail_on']}"


def _listing(command: str, found: Listing, lines: Iterable[str]) -> Answer:
    document = {"schema_version": SCHEMA_VERSION, "command": command, "items": list(found.items)}
    return Answer(document=document, text=_text(lines, []))


def _answer(found: Reading, lines: Iterable[str]) -> Answer:
    report = found.report
    document, cuts = cut(json.document(report))
    notes = [*found.notes]
    if cuts:
        notes.append(f"The structured answer is cut: {', '.join(cuts)}.")
    if report.drill:
        lines = (f"DRILL: simulated data ({report.drill})", *lines)
    return Answer(document=document, text=_text(lines, notes))


def _text(lines: Iterable[str], notes: Iterable[str]) -> str:
    """As many of `lines` as have room, how many were left out, and the notes."""
    kept: list[str] = []
    last = [_short(note) for note in notes]
    room = TEXT_LIMIT - _ROOM - sum(len(note.encode()) + 1 for note in last)
    left_out = 0
    for line in map(_short, lines):
        room -= len(line.encode()) + 1
        if left_out or room < 0:
            left_out += 1
        else:
            kept.append(line)
    if left_out:
        kept.append(f"and {wording.count(left_out, 'line')} more: see the structured answer")
    return "\n".join([*kept, *last])


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LINE_LIMIT else f"{flat[: _LINE_LIMIT - 1]}…"


def _without_network(found: Reading) -> str:
    """The sentence for a run that reached no page, "" if it did."""
    vendors = found.report.vendors
    failures = unreached([judged.error for judged in vendors])
    if not failures or found.report.drill:
        return ""
    return phrases.without_network(len(vendors), failures[0])


def _checked(found: Reading) -> Iterator[str]:
    vendors = found.report.vendors
    yield _without_network(found) or tally(vendors)
    for judged in ordered(vendors, Sort.SEVERITY):
        if is_quiet(judged) and len(vendors) > 1:
            continue
        yield _headline(judged, found.view)
        if judged.open_incidents and not judged.error:
            incident = phrases.worst_incident(judged)
            yield f"open incident: {_incident(incident, judged, found.view)}"


def _headline(judged: Judged, view: View) -> str:
    """`github: problem (major): Actions partial outage, https://www.githubstatus.com`"""
    if judged.verdict is Verdict.UNKNOWN:
        said = f"{phrases.why(judged)}{phrases.aside(judged, view)}"
    else:
        severity = "" if judged.severity is Severity.NONE else f" ({judged.severity})"
        said = f"{judged.verdict}{severity}: {phrases.headline(judged)}"
        said += phrases.aside(judged, view)
    others = f"; {phrases.others(judged)}" if judged.other_problems else ""
    return f"{judged.vendor.slug}: {said}{others}, {judged.vendor.url}"


def _incident(incident: Incident, judged: Judged, view: View) -> str:
    """`Queue stalled · identified · impact major · 12 Mar 09:12 GMT, 48 min so far`"""
    facts = [*phrases.facts(incident, view), *phrases.names_others(incident, judged)]
    return " · ".join([incident.name, *facts])


def _page(judged: Judged, view: View) -> Iterator[str]:
    yield _headline(judged, view)
    if judged.verdict is not Verdict.UNKNOWN:
        yield phrases.why(judged)
    reading = judged.reading
    if reading:
        age = wording.age(reading.checked_at, view.now)
        stale = "stored reading, " if judged.error else ""
        yield f"{judged.name}, platform {reading.platform}, {stale}read {age}"
    if judged.error:
        return
    broken = [f"{c.name} {wording.component_status(c)}" for c in judged.problems]
    operational = f"{len(judged.selected) - len(broken)} of {len(judged.selected)} operational"
    shown = wording.listed(broken, limit=_COMPONENTS, separator="; ")
    yield f"components: {operational}{f'; {shown}' if shown else ''}"
    for incident in phrases.worst_first(judged)[:_INCIDENTS]:
        yield f"open incident: {_incident(incident, judged, view)}"
        yield from _newest(incident)
    for window in judged.maintenances[:_INCIDENTS]:
        times = [window.scheduled_for, window.scheduled_until]
        known = [wording.moment(time, view.zone, view.now) for time in times if time]
        yield " · ".join(["maintenance: " + window.name, wording.words(window.status), *known])
    past = [one for one in judged.incidents if not one.status.open]
    for incident in past[:_INCIDENTS]:
        yield f"past incident: {_incident(incident, judged, view)}"
    if len(past) > _INCIDENTS:
        yield f"and {len(past) - _INCIDENTS} more past incidents"
    yield from _unknown_past(judged)


def _unknown_past(judged: Judged) -> Iterator[str]:
    """What is not known of the vendor's past."""
    yield from phrases.gaps(judged)
    unknown = sum(day.severity is Severity.UNKNOWN for day in judged.days)
    if unknown:
        yield f"{unknown} of {len(judged.days)} days are unknown: the page's list is shorter"


def _newest(incident: Incident) -> Iterator[str]:
    """The newest update of an incident, in the words of the vendor."""
    if incident.updates and incident.updates[0].body:
        yield f"vendor's update: {incident.updates[0].body}"


def _past(found: Reading) -> Iterator[str]:
    vendors = found.report.vendors
    listed = newest_first(vendors)
    yield _without_network(found) or incident_tally(listed, vendors)
    for judged in vendors:
        if judged.error:
            yield f"{judged.vendor.slug}: incidents unknown: {judged.findings[0].text}"
        else:
            yield from (f"{judged.vendor.slug}: {gap}" for gap in _unknown_past(judged))
    for judged, incident in listed:
        yield f"{judged.vendor.slug}: {_incident(incident, judged, found.view)}"


def _triaged(found: Reading) -> Iterator[str]:
    report = found.report
    assert report.triage
    yield report.triage.conclusion.text
    for at, judged in enumerate(report.vendors):
        yield _headline(judged, found.view)
        yield from about(report, at, found.view)
    if report.triage.next_step:
        yield f"next: {report.triage.next_step}"


Vendor = dict[str, Any]
"""One vendor of a document."""


def cut(document: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return `document`, of about `DOCUMENT_LIMIT` bytes, and what was left out.

    Vendors and their verdicts are never left out, nor is a part whose absence would change what a
    vendor is.
    """
    cuts: list[str] = []
    for what, shorten in _CUTS:
        if len(dumps(document)) <= DOCUMENT_LIMIT:
            break
        document = {**document, "vendors": [shorten(one) for one in document["vendors"]]}
        cuts.append(what)
    return document, cuts


def _with_newest_updates(vendor: Vendor) -> Vendor:
    changed = {
        key: [{**one, "updates": _newest_cut(one["updates"])} for one in vendor[key]]
        for key in ("incidents", "maintenances")
    }
    return {**vendor, **changed}


def _newest_cut(updates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "body": _short(one["body"])} for one in updates[:1]]


def _with_broken_components(vendor: Vendor) -> Vendor:
    kept = [one for one in vendor["components"] if one["status"] != "operational"]
    return {**vendor, "components": [{**one, "days": None, "description": None} for one in kept]}


def _with_few(vendor: Vendor) -> Vendor:
    """At most so many of each kind; of the incidents the open ones, then the newest."""
    open_first = sorted(vendor["incidents"], key=lambda one: not one["open"])
    kept = {id(one) for one in open_first[:_MOST]}
    few = {key: vendor[key][:_MOST] for key in ("reasons", "components", "maintenances")}
    return {**vendor, **few, "incidents": [one for one in vendor["incidents"] if id(one) in kept]}


_MOST = 20
_CUTS: tuple[tuple[str, Callable[[Vendor], Vendor]], ...] = (
    ("only the newest update of each incident", _with_newest_updates),
    ("no operational components", _with_broken_components),
    (f"at most {_MOST} reasons, components and incidents of a vendor", _with_few),
)
"""How a document is cut, what matters least first."""

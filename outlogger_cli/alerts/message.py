"""The messages that channels send: an event as one flat object, with a title and a text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from json import dumps
from typing import Any

from outlogger_cli.alerts.delivery_log import Message
from outlogger_cli.alerts.events import (
    FLAP_CALM,
    FLAP_COUNT,
    FLAP_WINDOW,
    Event,
    Flapping,
    Kind,
)
from outlogger_cli.domain.model import Incident, Severity
from outlogger_cli.domain.selection import label
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import SCHEMA_VERSION, json, wording
from outlogger_cli.render.phrases import headline, names_others
from outlogger_cli.render.records import machine_time

SUMMARY, TEST = "summary", "test"
"""Values of `event` beside the kinds: several events in one, and sent by `watch --test`."""

SIZE_LIMIT = 256 * 1024
"""Bytes of a message: a receiver refuses what is much larger."""

_TITLE_LIMIT = 160
_LINE_LIMIT = 600
_FINDING_LIMIT = 5
_SUMMARY_LINES = 100
_SHORTER = ((4000, 200), (600, 50), (160, 20), (40, 5))
"""Characters of a text and items of a list that are left of a message that is too large."""

_PROJECT_URL = "https://github.com/outlogger/outlogger-cli"


def build_message(event: Event, *, drill: bool) -> Message:
    """Return `event` as a message. In a drill its title and text begin with `DRILL: `."""
    judged = event.judged
    title = _TITLES[event.kind](event)
    message = _message(
        event=event.kind.value,
        vendor=judged.vendor.slug,
        name=judged.name,
        severity=event.severity,
        previous=event.previous,
        title=title,
        text="\n".join(_lines(event, title)),
        url=judged.vendor.url,
        components=[label(component) for component in judged.problems],
        incident=_incident(event.incident, judged) if event.incident else None,
        at=event.at,
        lasted=event.lasted,
        drill=drill,
    )
    if event.flapping is Flapping.STARTED:
        message["flapping"] = True
    return fit(message)


def _incident(incident: Incident, judged: Judged) -> dict[str, Any]:
    """Return an incident as JSON; it is not open any more if the page no longer lists it."""
    listed = any(one.id == incident.id for one in judged.open_incidents)
    return {**json.incident(incident, judged), "open": incident.status.open and listed}


def build_test_message(*, at: datetime, drill: bool) -> Message:
    """Return what `watch --test` sends."""
    return _message(
        event=TEST,
        vendor="outlogger",
        name="outlogger",
        severity=Severity.NONE,
        title="outlogger: test message",
        text="This channel works. Notifications of changes will be sent here.",
        url=_PROJECT_URL,
        at=at,
        drill=drill,
    )


def build_summary(
    messages: Sequence[Message], *, at: datetime, zone: tzinfo | None, when: str
) -> Message:
    """Return one message for several of one vendor, whose bodies are its `events`.

    Earlier summaries among them are taken apart. If not all events have room, the oldest are only
    counted. `zone` is that of the times in the text, None for this machine's.
    """
    events = [event for one in messages for event in one.get("events", [one])]
    latest = events[-1]
    shown = [
        f"{wording.moment(datetime.fromisoformat(one['at']), zone, at)}: {one['title']}"
        for one in events[-_SUMMARY_LINES:]
    ]
    earlier = sum(int(one.get("earlier", 0)) for one in messages)
    summary = _message(
        event=SUMMARY,
        vendor=latest["vendor"],
        name=latest["name"],
        severity=Severity(latest["severity"]),
        title="",
        text="",
        url=latest["url"],
        at=at,
        drill=False,
    )
    kept = [_shortened(one, 2000, 20) for one in events]
    sizes = [_size(one) for one in kept]
    while len(kept) > 1 and sum(sizes) > SIZE_LIMIT - 64 * 1024:
        del kept[0], sizes[0]
        earlier += 1
    if earlier:
        summary["earlier"] = earlier
    count = len(kept) + earlier
    if count > len(shown):
        shown.insert(0, f"and {count - len(shown)} earlier")
    changes = wording.count(count, "change")
    summary["title"] = _cut(f"{latest['name']}: {changes} {when}", _TITLE_LIMIT)
    summary["message"] = "\n".join(shown)
    summary["drill"] = bool(latest.get("drill"))
    summary["events"] = kept
    return fit(summary)


def fit(message: Message) -> Message:
    """Return `message`, of at most `SIZE_LIMIT` bytes.

    Of a larger one the incident keeps its newest update, and texts are cut with an ellipsis.
    """
    if _size(message) <= SIZE_LIMIT:
        return message
    if incident := message["incident"]:
        message = {**message, "incident": {**incident, "updates": incident["updates"][:1]}}
    for length, items in _SHORTER:
        if _size(message) > SIZE_LIMIT:
            message = _shortened(message, length, items)
    return message


def _size(message: Message) -> int:
    return len(dumps(message).encode())


def _shortened(value: Any, length: int, items: int) -> Any:
    """Cut the texts and lists in `value`; the keys of objects stay."""
    if isinstance(value, str):
        return _cut(value, length)
    if isinstance(value, dict):
        return {
            key: part if key in _WHOLE else _shortened(part, length, items)
            for key, part in value.items()
        }
    if isinstance(value, list):
        cut = [_shortened(part, length, items) for part in value[:items]]
        is_text = len(value) > items and isinstance(value[0], str)
        return [*cut, "…"] if is_text else cut
    return value


_WHOLE = {"vendor", "url", "at", "event", "severity", "names"}
"""Keys whose values mean nothing if they are cut; those of vendors' making are short."""


def _message(
    *,
    event: str,
    vendor: str,
    name: str,
    severity: Severity,
    title: str,
    text: str,
    url: str,
    at: datetime,
    drill: bool,
    previous: Severity | None = None,
    components: Sequence[str] = (),
    incident: Mapping[str, object] | None = None,
    lasted: timedelta | None = None,
) -> Message:
    mark = "DRILL: " if drill else ""
    return {
        "schema_version": SCHEMA_VERSION,
        "event": event,
        "vendor": vendor,
        "name": name,
        "severity": severity.value,
        "previous_severity": previous and previous.value,
        "title": mark + _cut(title, _TITLE_LIMIT),
        "message": mark + text,
        "url": url,
        "components": list(components),
        "incident": incident,
        "at": machine_time(at),
        "duration_seconds": None if lasted is None else int(lasted.total_seconds()),
        "drill": drill,
    }


def _opened_title(event: Event) -> str:
    change = {
        Flapping.NO: "",
        Flapping.STARTED: " is flapping",
        Flapping.ENDED: " is stable again",
    }
    return f"{event.judged.name}{change[event.flapping]}: {headline(event.judged)}"


def _recovered_title(event: Event) -> str:
    name = event.judged.name
    if event.flapping is Flapping.ENDED:
        return f"{name} is stable again: {wording.state(event.severity)}"
    lasted = wording.length(event.lasted or timedelta())
    if event.incident and event.incident not in event.judged.open_incidents:
        return f"{name} recovered; the incident lasted {lasted}"
    return f"{name} recovered after {lasted}"


def _updated_title(event: Event) -> str:
    assert event.incident is not None
    status = wording.incident_status(event.incident)
    return f"{event.judged.name}: {event.incident.name} ({status})"


_TITLES: Mapping[Kind, Callable[[Event], str]] = {
    Kind.OPENED: _opened_title,
    Kind.WORSENED: lambda e: f"{e.judged.name} worsened to {e.severity}: {headline(e.judged)}",
    Kind.EASED: lambda e: f"{e.judged.name} eased to {e.severity}: {headline(e.judged)}",
    Kind.RECOVERED: _recovered_title,
    Kind.UPDATED: _updated_title,
    Kind.MAINTENANCE_STARTED: lambda e: f"{e.judged.name}: maintenance started: {e.maintenance}",
    Kind.MAINTENANCE_ENDED: lambda e: f"{e.judged.name}: maintenance ended: {e.maintenance}",
    Kind.UNREADABLE: lambda e: f"{e.judged.name} is unknown: {headline(e.judged)}",
    Kind.READABLE: lambda e: f"{e.judged.name} can be read again",
    Kind.REMINDER: lambda e: f"{e.judged.name} still has a problem: {headline(e.judged)}",
}


def _lines(event: Event, title: str) -> Iterator[str]:
    """Yield the lines of the text: what changed, why, and the vendor's newest update.

    The incident is named once: in the title, or in the line of its update.
    """
    yield _SENTENCES[event.kind](event)
    incident = event.incident
    if event.kind in _WITH_FINDINGS:
        # A recovered vendor may have open incidents or unknowns that do not count: show them.
        every = event.kind is Kind.RECOVERED
        findings = [
            one.text
            for one in event.judged.findings
            if (every or one.severity)
            and not (one.of_incident and incident and f'"{incident.name}"' in one.text)
        ]
        yield from (_cut(one, _LINE_LIMIT) for one in findings[:_FINDING_LIMIT])
        if len(findings) > _FINDING_LIMIT:
            yield f"and {len(findings) - _FINDING_LIMIT} more"
    if incident:
        body = incident.updates[0].body if incident.updates else ""
        named = "" if incident.name in title else f"{_cut(incident.name, _LINE_LIMIT)}, "
        update = f": {_cut(body, _LINE_LIMIT)}" if body else ""
        others = "".join(f", {one}" for one in names_others(incident, event.judged))
        yield (
            f"{named}{wording.incident_status(incident)}, impact {incident.impact}{others}{update}"
        )


_WITH_FINDINGS = {
    Kind.OPENED,
    Kind.WORSENED,
    Kind.EASED,
    Kind.RECOVERED,
    Kind.UNREADABLE,
    Kind.REMINDER,
}


def _opened_sentence(event: Event) -> str:
    name = event.judged.name
    if event.flapping is Flapping.STARTED:
        return (
            f"{name} had a problem {FLAP_COUNT} times within {wording.length(FLAP_WINDOW)}."
            f" The next notification follows when it has been stable for"
            f" {wording.length(FLAP_CALM)}."
        )
    if event.flapping is Flapping.ENDED:
        return _stable_sentence(event)
    before = f"; before: {wording.state(event.previous)}" if event.previous else ""
    return f"{name} has a problem (severity {event.severity}{before})."


def _recovered_sentence(event: Event) -> str:
    if event.flapping is Flapping.ENDED:
        return _stable_sentence(event)
    lasted = wording.length(event.lasted or timedelta())
    now = "" if event.severity is Severity.NONE else f" Severity now: {event.severity}."
    return f"{event.judged.name} no longer has a problem. It lasted {lasted}.{now}"


def _stable_sentence(event: Event) -> str:
    calm, state = wording.length(FLAP_CALM), wording.state(event.severity)
    return f"{event.judged.name} has been stable for {calm}. Severity now: {state}."


def _changed_sentence(event: Event) -> str:
    return f"The severity of {event.judged.name} changed from {event.previous} to {event.severity}."


_SENTENCES: Mapping[Kind, Callable[[Event], str]] = {
    Kind.OPENED: _opened_sentence,
    Kind.WORSENED: _changed_sentence,
    Kind.EASED: _changed_sentence,
    Kind.RECOVERED: _recovered_sentence,
    Kind.UPDATED: lambda e: f"{e.judged.name} updated an incident.",
    Kind.MAINTENANCE_STARTED: lambda e: f"Maintenance has started: {e.maintenance}.",
    Kind.MAINTENANCE_ENDED: lambda e: f"Maintenance has ended: {e.maintenance}.",
    Kind.UNREADABLE: lambda e: f"{e.judged.name}: status unknown.",
    Kind.READABLE: lambda e: f"{e.judged.name}: {wording.state(e.severity)}.",
    Kind.REMINDER: lambda e: f"{e.judged.name} still has a problem (severity {e.severity}).",
}


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"

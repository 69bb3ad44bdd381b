"""What a channel is given: an event as one flat object, with its title and text in plain words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from outlogger_cli.alerts.events import CALM, FLAP_OPENINGS, FLAP_WINDOW, Event, Kind, Manner
from outlogger_cli.alerts.state import Message
from outlogger_cli.domain.model import Incident, Severity, worst
from outlogger_cli.domain.selection import label
from outlogger_cli.render import SCHEMA_VERSION, json, wording
from outlogger_cli.render.phrases import headline
from outlogger_cli.render.records import machine_time

SUMMARY, TEST = "summary", "test"
"""Words of `event` that no page causes: what quiet hours held back, and `watch --test`."""

_TITLE_LIMIT = 160
_BODY_LIMIT = 600
_FINDINGS = 5
_HOME = "https://github.com/outlogger/outlogger-cli"


def message(event: Event, *, drill: bool) -> Message:
    """`event` as the body of a webhook, version 1. In a drill title and text begin with `DRILL`."""
    judged = event.judged
    return _body(
        event=event.kind.value,
        vendor=judged.vendor.slug,
        name=judged.name,
        severity=event.severity,
        previous=event.previous,
        title=_TITLES[event.kind](event),
        text="\n".join(_text(event)),
        url=judged.vendor.url,
        components=[label(component) for component in judged.problems],
        incident=json.incident(event.incident, judged) if event.incident else None,
        at=event.at,
        lasted=event.lasted,
        drill=drill,
    )


def trial(*, at: datetime, drill: bool) -> Message:
    """What `watch --test` sends."""
    return _body(
        event=TEST,
        vendor="outlogger",
        name="outlogger",
        severity=Severity.NONE,
        title="outlogger: a test",
        text="This channel works: changes will be told here. Nothing has happened.",
        url=_HOME,
        at=at,
        drill=drill,
    )


def summary(held: Sequence[Message], *, at: datetime, zone: tzinfo | None) -> Message:
    """One message for all that quiet hours held back; a single one stays as it is.

    `zone` is the reader's, None for this machine's.
    """
    if len(held) == 1:
        return held[0]
    last = {one["vendor"]: one for one in held}
    names = ", ".join(str(one["name"]) for one in last.values())
    return _body(
        event=SUMMARY,
        vendor=", ".join(last),
        name=names,
        severity=worst(Severity(one["severity"]) for one in last.values()),
        title=f"{len(held)} changes in quiet hours: {names}",
        text="\n".join(_told(one, at, zone) for one in held),
        url=str(held[-1]["url"]) if len(last) == 1 else _HOME,
        at=at,
        drill=False,
    )


def _told(held: Message, now: datetime, zone: tzinfo | None) -> str:
    moment = datetime.fromisoformat(held["at"])
    return f"{wording.moment(moment, zone, now)}: {held['title']}"


def _body(
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


def _opened(event: Event) -> str:
    how = {Manner.PLAIN: "", Manner.FLAPPING: " is flapping", Manner.CALMED: " has settled"}
    return f"{event.judged.name}{how[event.manner]}: {headline(event.judged)}"


def _updated(event: Event) -> str:
    assert event.incident is not None
    status = wording.incident_status(event.incident)
    return f"{event.judged.name}: {event.incident.name} ({status})"


def _over(event: Event) -> str:
    if event.manner is Manner.CALMED:
        return f"{event.judged.name} has settled and {_how(event)}"
    after = f" after {wording.length(event.lasted)}" if event.lasted is not None else ""
    return f"{event.judged.name} recovered{after}"


def _how(event: Event) -> str:
    return "is well" if event.severity is Severity.NONE else f"stands at {event.severity}"


_TITLES: Mapping[Kind, Callable[[Event], str]] = {
    Kind.OPENED: _opened,
    Kind.WORSENED: lambda e: f"{e.judged.name} worsened to {e.severity}: {headline(e.judged)}",
    Kind.EASED: lambda e: f"{e.judged.name} eased to {e.severity}: {headline(e.judged)}",
    Kind.RECOVERED: _over,
    Kind.UPDATED: _updated,
    Kind.MAINTENANCE_STARTED: lambda e: f"{e.judged.name}: maintenance began: {e.maintenance}",
    Kind.MAINTENANCE_ENDED: lambda e: f"{e.judged.name}: maintenance ended: {e.maintenance}",
    Kind.UNREADABLE: lambda e: f"{e.judged.name} is unknown: {headline(e.judged)}",
    Kind.READABLE: lambda e: f"{e.judged.name} can be read again",
}


def _text(event: Event) -> Iterator[str]:
    """How it stands, why, and what the vendor wrote last."""
    yield _SENTENCES[event.kind](event)
    if event.kind in _WITH_REASONS:
        # Of what is over, what did not count is told too: it may be open, or not be known.
        every = event.kind is Kind.RECOVERED
        told = [finding.text for finding in event.judged.findings if every or finding.severity]
        yield from told[:_FINDINGS]
        if len(told) > _FINDINGS:
            yield f"and {len(told) - _FINDINGS} more"
    if event.incident:
        yield _told_of(event.incident)


_WITH_REASONS = {Kind.OPENED, Kind.WORSENED, Kind.EASED, Kind.RECOVERED, Kind.UNREADABLE}


def _standing(event: Event) -> str:
    name = event.judged.name
    if event.manner is Manner.FLAPPING:
        return (
            f"{name} became a problem {FLAP_OPENINGS} times within {wording.length(FLAP_WINDOW)}."
            f" No more is told of it until it has been calm for {wording.length(CALM)}."
        )
    if event.manner is Manner.CALMED:
        return _calmed(event)
    before = f", before at {event.previous}" if event.previous else ""
    return f"{name} stands at {event.severity}{before}."


def _calmed(event: Event) -> str:
    return f"{event.judged.name} has been calm for {wording.length(CALM)} and {_how(event)}."


def _recovered(event: Event) -> str:
    if event.manner is Manner.CALMED:
        return _calmed(event)
    lasted = "" if event.lasted is None else f" It was one for {wording.length(event.lasted)}."
    rest = "" if event.severity is Severity.NONE else f" It still stands at {event.severity}."
    return f"{event.judged.name} is no problem any more.{lasted}{rest}"


_SENTENCES: Mapping[Kind, Callable[[Event], str]] = {
    Kind.OPENED: _standing,
    Kind.WORSENED: lambda e: f"{e.judged.name} went from {e.previous} to {e.severity}.",
    Kind.EASED: lambda e: f"{e.judged.name} went from {e.previous} to {e.severity}.",
    Kind.RECOVERED: _recovered,
    Kind.UPDATED: lambda e: f"{e.judged.name} wrote about an incident.",
    Kind.MAINTENANCE_STARTED: lambda e: f"Maintenance is under way: {e.maintenance}.",
    Kind.MAINTENANCE_ENDED: lambda e: f"Maintenance is over: {e.maintenance}.",
    Kind.UNREADABLE: lambda e: f"Nobody can tell how {e.judged.name} is.",
    Kind.READABLE: lambda e: f"{e.judged.name} stands at {e.severity}.",
}


def _told_of(incident: Incident) -> str:
    """`Queue stalled, identified, impact major: We have found the cause.`"""
    body = incident.updates[0].body if incident.updates else ""
    status = wording.incident_status(incident)
    said = f": {_cut(body, _BODY_LIMIT)}" if body else ""
    return f"{incident.name}, {status}, impact {incident.impact}{said}"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"

"""The messages that channels send: an event as one flat object, with a title and a text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from outlogger_cli.alerts.delivery_log import Message
from outlogger_cli.alerts.events import (
    FLAP_CALM,
    FLAP_COUNT,
    FLAP_WINDOW,
    Event,
    Flapping,
    Kind,
)
from outlogger_cli.domain.model import Severity, worst
from outlogger_cli.domain.selection import label
from outlogger_cli.render import SCHEMA_VERSION, json, wording
from outlogger_cli.render.phrases import headline
from outlogger_cli.render.records import machine_time

SUMMARY, TEST = "summary", "test"
"""Values of `event` beside the kinds: deferred by quiet hours, and sent by `watch --test`."""

_TITLE_LIMIT = 160
_BODY_LIMIT = 600
_FINDING_LIMIT = 5
_PROJECT_URL = "https://github.com/outlogger/outlogger-cli"


def build_message(event: Event, *, drill: bool) -> Message:
    """Return `event` as a message. In a drill its title and text begin with `DRILL: `."""
    judged = event.judged
    return _message(
        event=event.kind.value,
        vendor=judged.vendor.slug,
        name=judged.name,
        severity=event.severity,
        previous=event.previous,
        title=_TITLES[event.kind](event),
        text="\n".join(_lines(event)),
        url=judged.vendor.url,
        components=[label(component) for component in judged.problems],
        incident=json.incident(event.incident, judged) if event.incident else None,
        at=event.at,
        lasted=event.lasted,
        drill=drill,
    )


def build_test_message(*, at: datetime, drill: bool) -> Message:
    """Return what `watch --test` sends."""
    return _message(
        event=TEST,
        vendor="outlogger",
        name="outlogger",
        severity=Severity.NONE,
        title="outlogger: a test",
        text="This channel works: changes will be told here. Nothing has happened.",
        url=_PROJECT_URL,
        at=at,
        drill=drill,
    )


def build_summary(deferred: Sequence[Message], *, at: datetime, zone: tzinfo | None) -> Message:
    """Return one message for all that quiet hours deferred; a single one stays as it is.

    `zone` is the reader's time zone, None for that of this machine.
    """
    if len(deferred) == 1:
        return deferred[0]
    latest = {one["vendor"]: one for one in deferred}
    names = ", ".join(str(one["name"]) for one in latest.values())
    times = [wording.moment(datetime.fromisoformat(one["at"]), zone, at) for one in deferred]
    return _message(
        event=SUMMARY,
        vendor=", ".join(latest),
        name=names,
        severity=worst(Severity(one["severity"]) for one in latest.values()),
        title=f"{len(deferred)} changes in quiet hours: {names}",
        text="\n".join(
            f"{time}: {one['title']}" for time, one in zip(times, deferred, strict=True)
        ),
        url=str(deferred[-1]["url"]) if len(latest) == 1 else _PROJECT_URL,
        at=at,
        drill=False,
    )


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
        Flapping.ENDED: " has settled",
    }
    return f"{event.judged.name}{change[event.flapping]}: {headline(event.judged)}"


def _recovered_title(event: Event) -> str:
    if event.flapping is Flapping.ENDED:
        return f"{event.judged.name} has settled and {_severity_now(event)}"
    after = f" after {wording.length(event.lasted)}" if event.lasted is not None else ""
    return f"{event.judged.name} recovered{after}"


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
    Kind.MAINTENANCE_STARTED: lambda e: f"{e.judged.name}: maintenance began: {e.maintenance}",
    Kind.MAINTENANCE_ENDED: lambda e: f"{e.judged.name}: maintenance ended: {e.maintenance}",
    Kind.UNREADABLE: lambda e: f"{e.judged.name} is unknown: {headline(e.judged)}",
    Kind.READABLE: lambda e: f"{e.judged.name} can be read again",
}


def _lines(event: Event) -> Iterator[str]:
    """Yield the lines of the text: what changed, why, and the vendor's newest update."""
    yield _SENTENCES[event.kind](event)
    if event.kind in _WITH_FINDINGS:
        # A recovered vendor may have open incidents or unknowns that do not count: show them.
        every = event.kind is Kind.RECOVERED
        findings = [one.text for one in event.judged.findings if every or one.severity]
        yield from findings[:_FINDING_LIMIT]
        if len(findings) > _FINDING_LIMIT:
            yield f"and {len(findings) - _FINDING_LIMIT} more"
    if incident := event.incident:
        body = incident.updates[0].body if incident.updates else ""
        status = wording.incident_status(incident)
        update = f": {_cut(body, _BODY_LIMIT)}" if body else ""
        yield f"{incident.name}, {status}, impact {incident.impact}{update}"


_WITH_FINDINGS = {Kind.OPENED, Kind.WORSENED, Kind.EASED, Kind.RECOVERED, Kind.UNREADABLE}


def _opened_sentence(event: Event) -> str:
    name = event.judged.name
    if event.flapping is Flapping.STARTED:
        return (
            f"{name} became a problem {FLAP_COUNT} times within {wording.length(FLAP_WINDOW)}."
            f" No more is told of it until it has been calm for {wording.length(FLAP_CALM)}."
        )
    if event.flapping is Flapping.ENDED:
        return _settled_sentence(event)
    before = f", before at {event.previous}" if event.previous else ""
    return f"{name} stands at {event.severity}{before}."


def _recovered_sentence(event: Event) -> str:
    if event.flapping is Flapping.ENDED:
        return _settled_sentence(event)
    lasted = "" if event.lasted is None else f" It was one for {wording.length(event.lasted)}."
    rest = "" if event.severity is Severity.NONE else f" It still stands at {event.severity}."
    return f"{event.judged.name} is no problem any more.{lasted}{rest}"


def _settled_sentence(event: Event) -> str:
    calm = wording.length(FLAP_CALM)
    return f"{event.judged.name} has been calm for {calm} and {_severity_now(event)}."


def _severity_now(event: Event) -> str:
    return "is well" if event.severity is Severity.NONE else f"stands at {event.severity}"


_SENTENCES: Mapping[Kind, Callable[[Event], str]] = {
    Kind.OPENED: _opened_sentence,
    Kind.WORSENED: lambda e: f"{e.judged.name} went from {e.previous} to {e.severity}.",
    Kind.EASED: lambda e: f"{e.judged.name} went from {e.previous} to {e.severity}.",
    Kind.RECOVERED: _recovered_sentence,
    Kind.UPDATED: lambda e: f"{e.judged.name} wrote about an incident.",
    Kind.MAINTENANCE_STARTED: lambda e: f"Maintenance is under way: {e.maintenance}.",
    Kind.MAINTENANCE_ENDED: lambda e: f"Maintenance is over: {e.maintenance}.",
    Kind.UNREADABLE: lambda e: f"Nobody can tell how {e.judged.name} is.",
    Kind.READABLE: lambda e: f"{e.judged.name} stands at {e.severity}.",
}


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"

"""Maintenance and incidents: a strip of days, then each event with the vendor's updates."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from xml.etree.ElementTree import Element

from outlogger_cli.domain.history import Day
from outlogger_cli.domain.model import Incident, Maintenance, Severity, Update
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View, wording
from outlogger_cli.render.html.elements import Part, Parts, link, node, time
from outlogger_cli.render.phrases import lasted, names_others, worst_first

_NAMED = 8
"""How many components of an event are named."""


def maintenances(judged: Judged, view: View) -> Iterator[Element]:
    if judged.maintenances:
        yield node("h3", "Maintenance")
    for window in judged.maintenances:
        facts: list[Part] = [wording.words(window.status)]
        if window.scheduled_for:
            facts += [" · ", time(window.scheduled_for, view.now)]
        if window.scheduled_until:
            facts += [" to ", time(window.scheduled_until, view.now)]
        facts.append(_affected(window, judged))
        yield _event(window, facts, view, color=Severity.MAINTENANCE, unfolded=view.timelines)


def open_incidents(judged: Judged, view: View) -> Iterator[Element]:
    """The open incidents, the worst first."""
    if not judged.open_incidents:
        return
    yield node("h3", "Open incident" if len(judged.open_incidents) == 1 else "Open incidents")
    for incident in worst_first(judged):
        yield incident_article(incident, judged, view)


def incidents(judged: Judged, view: View, *, limit: int | None) -> Iterator[Element]:
    """The strip of days and past incidents; without a `limit` all, the open ones too."""
    past_ones = [one for one in judged.incidents if limit is None or not one.status.open]
    if not (judged.days or past_ones):
        return
    past = f" in the last {wording.count(len(judged.days), 'day')}" if judged.days else ""
    yield node("h3", f"{wording.count(len(judged.incidents), 'incident')}{past}")
    if judged.days:
        yield strip(judged.days)
        affected = timedelta(seconds=judged.incident_seconds or 0)
        length = f" · {wording.length(affected)} in incidents" if affected else ""
        yield node("p", _days(judged.days) + length, cls="dim")
    for incident in past_ones[:limit]:
        yield incident_article(incident, judged, view)
    if hidden := len(past_ones) - len(past_ones[:limit]):
        yield node("p", f"and {hidden} more", cls="dim")


def strip(days: Sequence[Day]) -> Element:
    """Return one bar per day, oldest first, with the same in words for screen readers."""
    bars = [
        node("span", title=_day(day), cls=f"day {day.severity}{' touched' * bool(day.incidents)}")
        for day in days
    ]
    return node("div", *bars, cls="strip", role="img", aria_label=_days(days))


def _day(day: Day) -> str:
    date = wording.month_day(day.date.month, day.date.day)
    number = f", {wording.count(day.incidents, 'incident')}" if day.incidents else ""
    return f"{date}: {_kind(day)}{number}"


def _kind(day: Day) -> str:
    if day.severity is Severity.UNKNOWN:
        return "unknown"
    return f"impact {day.severity}" if day.incidents else "no incident"


def _days(days: Sequence[Day]) -> str:
    """`17 Dec to 15 Jan: no incident on 28 days, impact minor on 2 days`"""
    rising = sorted(days, key=lambda day: (list(Severity).index(day.severity), day.incidents > 0))
    kinds = Counter(map(_kind, rising))
    counts = [f"{kind} on {wording.count(number, 'day')}" for kind, number in kinds.items()]
    first, last = (wording.month_day(day.date.month, day.date.day) for day in (days[0], days[-1]))
    return f"{first} to {last}: {', '.join(counts)}"


def incident_article(incident: Incident, judged: Judged, view: View, *, owner: str = "") -> Element:
    """Return an incident with its updates; `owner` is the vendor's name if the list has several."""
    facts: list[Part] = [wording.incident_status(incident), f" · impact {incident.impact}"]
    if incident.started_at:
        facts += [" · ", time(incident.started_at, view.now), f", {lasted(incident, view.now)}"]
    facts.append(_affected(incident, judged))
    facts += [f" · {one}" for one in names_others(incident, judged)]
    unfolded = incident.status.open or view.timelines
    color = incident.impact.severity if incident.status.open else Severity.NONE
    if incident.status.open and color is Severity.NONE:
        color = Severity.MINOR  # an open incident is never green, whatever its impact
    article = _event(incident, facts, view, color=color, unfolded=unfolded)
    if owner:
        article[0].insert(0, node("span", f"{owner}: "))
    return article


def _affected(event: Incident | Maintenance, judged: Judged) -> str:
    if names := judged.names_of(event.links):
        return f" · {wording.listed(names, limit=_NAMED)}"
    return " · not linked to a component" if judged.is_narrowed else ""


def _event(
    event: Incident | Maintenance, facts: Parts, view: View, *, color: Severity, unfolded: bool
) -> Element:
    """Return the newest update, and the earlier ones folded."""
    updates = [_update(update, view) for update in event.updates]
    newest = updates[0] if updates else [node("p", wording.NO_TEXT, cls="told")]
    article = node("article", node("h4", link(event.name, event.url)), cls=f"event {color}")
    article.extend([node("p", *facts, cls="dim"), *newest])
    if updates[1:]:
        summary = node("summary", wording.count(len(updates) - 1, "earlier update"))
        items = (node("li", *one) for one in updates[1:])
        state = {"open": "open"} if unfolded else {}
        article.append(node("details", summary, node("ol", *items), **state))
    return article


def _update(update: Update, view: View) -> list[Element]:
    head = node("p", wording.words(update.status), cls="dim when")
    if update.created_at:
        head.append(node("span", " · ", time(update.created_at, view.now)))
    return [head, node("p", update.body or wording.NO_TEXT, cls="told")]

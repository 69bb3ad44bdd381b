"""Any status feed, RSS 2.0 or Atom, for pages that cannot be read in a better way.

The feed is the page's own address if that looks like one, else `/history.atom` below it, as on
Statuspage and its imitators. Statuspage writes an incident's whole timeline into one entry,
`<p><small>Jul 19, 02:38 UTC</small><br><strong>Resolved</strong> - text</p>`, newest first, its
dates without a year; it keeps 25 entries, maintenance among them. Elsewhere an entry is a text
that may name a status (incident.io: `<b>Status: Resolved</b>`).

wire                                  ours
Investigating, Identified, ...        the same words
Update                                the status of the message before it
Fixed, Closed, Recovered              resolved
no word, but "... has been resolved"  resolved, if the title or the first sentence says so
none of these                         unknown, which is open
impact                                never given: minor
An empty feed says nothing. Only a Statuspage history with entries, all read as closed, is health.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    EVER,
    Depth,
    Document,
    Endpoint,
    Incident,
    IncidentStatus,
    Maintenance,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.domain.values import frozen
from outlogger_cli.platforms import Documents, azure, statusiq
from outlogger_cli.platforms.shared import addresses, build, times, xml
from outlogger_cli.platforms.shared.xml import Node

HOSTS: tuple[str, ...] = ()
CAN: tuple[str, ...] = ("history", "maintenance")

LIST_LIMIT = 25
"""Statuspage's feeds hold the newest 25 entries."""

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"

_WORDS = {
    **{status.value: status for status in IncidentStatus if status is not IncidentStatus.UNKNOWN},
    **dict.fromkeys(("fixed", "closed", "recovered"), IncidentStatus.RESOLVED),
}

_IS_FEED = re.compile(r"/(?:feed|rss)(?:[/.]|$)|\.(?:atom|rss|xml)$")
_MESSAGE = re.compile(
    r"<small>(.{1,120}?)</small>\s*<br\s*/?>\s*<strong>([^<]{1,40})</strong>\s*-?",
    re.S | re.I,
)
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?"
_WHEN = re.compile(rf"([A-Z][a-z]{{2}}) (\d{{1,2}}), ({_CLOCK})(?: (.+))?")
_WINDOW = re.compile(
    rf"THIS IS A SCHEDULED EVENT ([A-Z][a-z]{{2}} \d{{1,2}}), ({_CLOCK})"
    rf" - (?:([A-Z][a-z]{{2}} \d{{1,2}}), )?({_CLOCK})(.*)"
)

_WORD = "|".join(word for word in _WORDS if word != "in_progress")
# only a word that stands apart counts: "Closed - ...", not "Closed-beta users cannot sign in"
_LABEL = re.compile(r"^status: ?([a-z][a-z _]{0,30}?)(?: ?$|[.,:]| [-–—(])", re.I | re.M)
_TITLE = re.compile(
    rf"[\[(] ?({_WORD}) ?[\])]|^({_WORD})(?:$|:| [-–—])|(?::| [-–—]) ({_WORD})$", re.I
)
_HEADING = re.compile(rf"^({_WORD})(?:$|[.:]| [-–—])", re.I)
_OVER = re.compile(
    r"\b(?:(?:has|have) (?:now )?been|(?:is|are) now) (?:fully |completely )?resolved\b",
    re.I,
)
_NOT_YET = re.compile(r"\b(?:once|when|until|unless|after|before|if|not|partially|partly)\b", re.I)


@frozen
class _Entry:
    """An RSS item or an Atom entry. `markup` is its text, usually HTML."""

    id: str
    name: str
    url: str
    markup: str
    published: datetime | None
    updated: datetime | None


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    path = addresses.path_of(page_url).rstrip("/")
    url = page_url if _IS_FEED.search(path) else addresses.at(page_url, "/history.atom")
    return (Endpoint(name="feed", url=url),)


def recognises(document: Document, /) -> bool:
    """Whether it is a feed, and not one of Azure or StatusIQ, which say more than any feed."""
    try:
        page, _ = _feed(document)
    except PageError:
        return False
    return not (azure.is_own(page) or statusiq.is_own(page))


def parse(read: Documents, /) -> Snapshot:
    page, entries = _feed(read["feed"])
    events = [(entry, _timeline(entry) or (_message(entry),)) for entry in entries]
    is_statuspage = bool(entries) and all(_MESSAGE.search(entry.markup) for entry in entries)
    all_closed = not any(updates[0].status.open for _, updates in events)
    is_whole = is_statuspage and len(entries) < LIST_LIMIT
    oldest = times.earliest(_started_at(entry, updates) for entry, updates in events)
    return Snapshot(
        page_name=page.text("title").removesuffix(" - Incident History"),
        page_url=(_alternate(page) or page.url("link")).rstrip("/"),
        indicator=Severity.NONE if is_statuspage and all_closed else Severity.UNKNOWN,
        incidents=build.newest_first(
            _incident(entry, updates) for entry, updates in events if not _is_planned(updates)
        ),
        maintenances=build.unfinished(
            _maintenance(entry, updates) for entry, updates in events if _is_planned(updates)
        ),
        history_from=EVER if is_whole else oldest,
        notes=() if entries else ("the feed has no entries, which says nothing",),
    )


def _feed(document: Document) -> tuple[Node, list[_Entry]]:
    """The element that describes the page, and the entries in the feed's order."""
    root = xml.root_of(document)
    if root.kind == "feed":
        return root, [_atom(entry) for entry in root.children("entry")]
    channel = xml.channel_of(root)
    return channel, [_rss(item) for item in channel.children("item")]


def _atom(entry: Node) -> _Entry:
    return _Entry(
        id=entry.text("id"),
        name=entry.text("title") or "(no title)",
        url=_alternate(entry),
        markup=entry.content("content") or entry.content("summary"),
        published=entry.time("published"),
        updated=entry.time("updated"),
    )


def _rss(item: Node) -> _Entry:
    return _Entry(
        id=item.text("guid") or item.text("link"),
        name=item.text("title") or "(no title)",
        url=item.url("link") or item.url("guid"),
        markup=item.content("description") or item.content(CONTENT),
        published=item.time("pubDate"),
        updated=None,
    )


def _alternate(node: Node) -> str:
    """The address of the page that an Atom element is about."""
    for link in node.children("link"):
        if link.attribute("rel") in {"", "alternate"}:
            return addresses.link(link.attribute("href"))
    return ""


def _timeline(entry: _Entry) -> tuple[Update, ...]:
    """Statuspage's messages, newest first; none if the entry has another format."""
    updates: list[Update] = []
    status = IncidentStatus.UNKNOWN
    for word, body, created_at in reversed([*_messages(entry)]):
        status = status if word.lower() == "update" else _known(word)
        updates.append(Update(status=status, raw_status=word, body=body, created_at=created_at))
    return tuple(reversed(updates))


def _messages(entry: _Entry) -> Iterator[tuple[str, str, datetime | None]]:
    found = list(_MESSAGE.finditer(entry.markup))
    ends = [*(match.start() for match in found[1:]), len(entry.markup)]
    near = entry.updated or entry.published
    for match, end in zip(found, ends, strict=False):
        created_at = _dated(text.line(text.body(match[1])), near)
        near = created_at or near
        yield text.line(match[2]), text.body(entry.markup[match.end() : end]), created_at


def _dated(when: str, near: datetime | None) -> datetime | None:
    """A date without a year is in the year that brings it nearest to a known time."""
    named = _WHEN.fullmatch(when)
    if named is None:
        return times.parse_any(when)
    if near is None:
        return None
    years = (near.year - 1, near.year, near.year + 1)
    parts = named.groups(default="")
    found = [moment for year in years if (moment := times.from_parts(year, *parts))]
    return min(found, key=lambda moment: abs(moment - near), default=None)


def _message(entry: _Entry) -> Update:
    """The one message of an entry that is not a timeline."""
    body = text.body(entry.markup)
    status, word = _stated(entry.name, body)
    moment = entry.updated or entry.published
    return Update(status=status, raw_status=word, body=body, created_at=moment)


def _stated(title: str, body: str) -> tuple[IncidentStatus, str]:
    """The status that title or text state, and the words that state it."""
    first = body.partition("\n")[0]
    for pattern, place in ((_LABEL, body), (_TITLE, title), (_HEADING, first)):
        if match := pattern.search(place):
            word = match[match.lastindex or 0]
            return _elsewhere(_known(word)), word
    for sentence in (title, first.partition(". ")[0]):
        if (match := _OVER.search(sentence)) and not _NOT_YET.search(sentence):
            return IncidentStatus.RESOLVED, match[0]
    return IncidentStatus.UNKNOWN, ""


def _known(word: str) -> IncidentStatus:
    return _WORDS.get(word.strip().lower().replace(" ", "_"), IncidentStatus.UNKNOWN)


def _elsewhere(status: IncidentStatus) -> IncidentStatus:
    """Statuspage uses `in progress` only for maintenance, others for incidents too."""
    return IncidentStatus.INVESTIGATING if status is IncidentStatus.IN_PROGRESS else status


def _is_planned(updates: tuple[Update, ...]) -> bool:
    return updates[0].status in build.PLANNED


def _event(entry: _Entry, updates: tuple[Update, ...]) -> build.Event:
    return build.Event(id=entry.id, name=entry.name, links=(), url=entry.url, updates=updates)


def _incident(entry: _Entry, updates: tuple[Update, ...]) -> Incident:
    status = updates[0].status
    return Incident(
        **_event(entry, updates),
        status=status,
        raw_status=updates[0].raw_status,
        started_at=_started_at(entry, updates),
        resolved_at=None if status.open else _closed_since(updates),
        updated_at=entry.updated or entry.published,
    )


def _started_at(entry: _Entry, updates: tuple[Update, ...]) -> datetime | None:
    """`published` is when Statuspage's newest message was posted, not when the event began."""
    posted = (update.created_at for update in updates)
    return times.earliest([entry.published, entry.updated, *posted])


def _closed_since(updates: tuple[Update, ...]) -> datetime | None:
    """The time of the first closing message: a report may follow weeks later."""
    since = None
    for update in updates:
        if update.status.open:
            break
        since = update.created_at or since
    return since


def _maintenance(entry: _Entry, updates: tuple[Update, ...]) -> Maintenance:
    begins, ends = _window(entry)
    return Maintenance(
        **_event(entry, updates),
        status=build.PLANNED[updates[0].status],
        raw_status=updates[0].raw_status,
        scheduled_for=begins,
        scheduled_until=ends,
    )


def _window(entry: _Entry) -> tuple[datetime | None, datetime | None]:
    """Start and end from `Apr 7, 22:00 - Apr 8, 02:00 UTC`; one date may be for both."""
    found = _WINDOW.search(text.body(entry.markup))
    if found is None:
        return None, None
    first, begins, last, ends, zone = found.groups(default="")
    start = _dated(f"{first}, {begins}{zone}", entry.updated or entry.published)
    return start, _dated(f"{last or first}, {ends}{zone}", start)

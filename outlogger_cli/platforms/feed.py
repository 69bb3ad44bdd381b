"""Any status feed, RSS 2.0 or Atom, for pages that cannot be read in a better way. It lists no
components and gives no impact: the verdict comes from its open entries alone.

The feed is the page's own address if that looks like one, else `/history.atom` below it, as on
Statuspage and its imitators. All entries closed in known words is health, an empty feed or one
without a known word is unknown. An open entry counts as minor.

An entry is a text with updates. Statuspage writes the whole timeline into it, newest first, its
dates without a year: `<p><small>Jul 19, 02:38 UTC</small><br><strong>Resolved</strong> - text</p>`.
Others write it oldest first, or without times, or only the present stage (`Status: Resolved`), or
put a new entry beside the old one (`[Resolved] API down`).

wire                                  ours
Investigating, Identified, ...        the same words, and some of German and French
Update                                the status of the message before it
Fixed, Closed, Recovered              resolved
no word, but "... has been resolved"  resolved, at the end of the newest update
Scheduled, In progress, Completed     a maintenance
none of these                         unknown: open for 30 days, if other entries have known words
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    EVER,
    Depth,
    Document,
    Endpoint,
    Impact,
    Incident,
    IncidentStatus,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.platforms import Documents, azure, statusiq
from outlogger_cli.platforms.shared import (
    addresses,
    build,
    entries,
    stages,
    timeline,
    times,
    written_times,
)
from outlogger_cli.platforms.shared.documents import Allowance
from outlogger_cli.platforms.shared.entries import Entry
from outlogger_cli.platforms.shared.stages import Title
from outlogger_cli.platforms.shared.timeline import Timeline

HOSTS: tuple[str, ...] = ()
CAN: tuple[str, ...] = ("history", "maintenance")

LIST_LIMIT = 25
"""Statuspage's feeds hold the newest 25 entries."""

_SAME = timedelta(days=14)
"""How far apart the entries of one incident are at most."""

_STALE = timedelta(days=30)
"""For how long an entry without a word of its state counts as open."""

_IS_FEED = re.compile(r"/(?:feed|rss)(?:[/.]|$)|\.(?:atom|rss|xml)$")
_EVENT = "THIS IS A SCHEDULED EVENT"
_WINDOW = re.compile(
    rf"{_EVENT} ([A-Z][a-z]{{2}} \d{{1,2}}), ({written_times.CLOCK})( [A-Z]{{1,5}})?"
    rf" - (?:([A-Z][a-z]{{2}} \d{{1,2}}), )?({written_times.CLOCK})(.*)"
)


@frozen
class _Event:
    """What one entry, or several that belong together, say about an incident or a maintenance.

    `begins` and `ends` are those of a window, `ended_at` is None if the entry does not tell.
    """

    entry: Entry
    posted: datetime | None
    title: Title
    updates: tuple[Update, ...]
    status: IncidentStatus
    word: str
    named: frozenset[IncidentStatus]
    ended_at: datetime | None
    begins: datetime | None
    ends: datetime | None
    is_late: bool

    @property
    def started_at(self) -> datetime | None:
        """`published` is when Statuspage's newest message was posted, not when it began."""
        return times.earliest(self._moments())

    @property
    def latest(self) -> datetime | None:
        return times.latest(self._moments())

    def _moments(self) -> Iterator[datetime | None]:
        yield from (self.entry.published, self.entry.updated)
        yield from (update.created_at for update in self.updates)

    @property
    def says(self) -> bool:
        """Whether it uses a word that feeds are known to use."""
        words = (update.raw_status for update in self.updates)
        return bool(self.named or self.title.word) or any(map(stages.is_known, words))

    @property
    def planned(self) -> bool:
        """Whether it is a maintenance and not an incident."""
        if self.named & stages.INCIDENT:
            return False
        if self.begins or self.named & build.PLANNED.keys():
            return True
        says_nothing = not self.named and not self.title.word  # "Outage: x" may be dated ahead
        return says_nothing and (self.title.maintenance or self.is_late)


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    path = addresses.path_of(page_url).rstrip("/")
    url = page_url if _IS_FEED.search(path) else addresses.at(page_url, "/history.atom")
    return (Endpoint(name="feed", url=url),)


def recognises(document: Document, /) -> bool:
    """Whether it is a feed, and not one of Azure or StatusIQ, which say more than any feed."""
    try:
        page, _ = entries.read(document)
    except PageError:
        return False
    return not (azure.is_own(page) or statusiq.is_own(page))


def parse(read: Documents, /) -> Snapshot:
    document = read["feed"]
    page, listed = entries.read(document)
    texts = Allowance(timeline.TEXT_LIMIT, "characters of updates")
    texts.take(sum(min(len(entry.markup), timeline.MARKUP_LIMIT) for entry in listed))
    lines = Allowance(timeline.LINE_LIMIT, "lines of updates")
    page_url = (entries.alternate(page) or page.url("link")).rstrip("/")
    events = _one_per_topic(
        _one_per_guid((_event(entry, document.fetched_at, lines) for entry in listed), page_url)
    )
    incidents = [event for event in events if not event.planned]
    has_words = any(event.says for event in events)
    unclear = [
        _is_unclear(event, has_words=has_words, now=document.fetched_at) for event in incidents
    ]
    closed = [event for event in events if not event.status.open]
    is_fine = bool(closed) and not any(event.status.open for event in incidents)
    is_statuspage = all(timeline.is_formal(entry.markup) for entry in listed)
    is_whole = bool(listed) and is_statuspage and len(listed) < LIST_LIMIT
    return Snapshot(
        page_name=page.text("title").removesuffix(" - Incident History"),
        page_url=page_url,
        indicator=Severity.NONE if is_fine else Severity.UNKNOWN,
        incidents=build.newest_first(map(_incident, incidents, unclear)),
        maintenances=build.unfinished(
            _maintenance(event, document.fetched_at) for event in events if event.planned
        ),
        history_from=EVER if is_whole else times.earliest(event.started_at for event in events),
        notes=_notes(len(listed), sum(unclear)),
    )


def _notes(listed: int, unclear: int) -> tuple[str, ...]:
    if not listed:
        return ("the feed has no entries: the status is unknown",)
    if not unclear:
        return ()
    count = f"{unclear} entries do" if unclear > 1 else "1 entry does"
    return (f"{count} not have a known status",)


# An entry, read


def _event(entry: Entry, now: datetime, lines: Allowance) -> _Event:
    """What `entry` says to a reader at the time `now`."""
    title = stages.title_of(entry.name)
    read = timeline.read(entry.markup, near=entry.moment, now=now, lines=lines)
    status, word = _stage(title, read)
    begins, ends = _window(entry)
    named = {status, title.status, *(message.status for message in read.messages)}
    return _Event(
        entry=entry,
        posted=entry.published or entry.updated,
        title=title,
        updates=_updates(entry, read, status, word),
        status=status,
        word=word,
        named=frozenset(found for found in named if found) - {IncidentStatus.UNKNOWN},
        ended_at=read.ended_at,
        begins=begins,
        ends=ends,
        is_late=bool(entry.published and entry.published > now + timeline.CLOCK_ERROR),
    )


def _stage(title: Title, read: Timeline) -> tuple[IncidentStatus, str]:
    """The stage that counts, and the words that say so.

    With times it is that of the newest message, else the furthest of all and the title's. A
    sentence that closes counts behind them.
    """
    found = [(read.status, read.word)] if read.word else []
    if title.status and not (read.decides or (read.has_stage and title.sentence)):
        found.insert(0, (title.status, title.word))
    status, word = max(
        found, key=lambda one: stages.progress(one[0]), default=(IncidentStatus.UNKNOWN, "")
    )
    return (read.closing if status.open else None) or (status, word)


def _updates(entry: Entry, read: Timeline, status: IncidentStatus, word: str) -> tuple[Update, ...]:
    """The messages, newest first; the newest has the entry's stage and, if need be, its time."""
    posted = None if read.is_timed or read.formal else entry.moment
    if len(read.messages) < 2 and not read.is_timed:
        return (Update(status=status, raw_status=word, body=read.body, created_at=posted),)
    newest, *others = read.messages
    first = Update(
        status=status,
        raw_status=word if newest.status is not status else newest.word,
        body=newest.body,
        created_at=newest.at or posted,
    )
    return (
        first,
        *(
            Update(status=one.status, raw_status=one.word, body=one.body, created_at=one.at)
            for one in others
        ),
    )


def _window(entry: Entry) -> tuple[datetime | None, datetime | None]:
    """Start and end from `Apr 7, 22:00 - Apr 8, 02:00 UTC`; one date may be for both."""
    found = _WINDOW.search(text.body(entry.markup)) if _EVENT in entry.markup else None
    if found is None:
        return None, None
    first, begins, own_zone, last, ends, zone = found.groups(default="")
    start = written_times.from_text(f"{first}, {begins}{own_zone or zone}", entry.moment)
    return start, written_times.from_text(f"{last or first}, {ends}{zone}", start)


# Entries that belong together


def _one_per_guid(events: Iterable[_Event], page_url: str) -> list[_Event]:
    """Of entries with one guid the later counts.

    The page's own address is no guid, nor is one that entries of all topics have.
    """
    events = list(events)
    uses = Counter(event.entry.guid for event in events)
    topics = {event.title.topic for event in events}
    found: dict[str, _Event] = {}
    for place, event in enumerate(events):
        guid = event.entry.guid
        is_shared = uses[guid] == len(events) > 2 and len(topics) > 1
        is_own = guid.rstrip("/") not in {"", page_url} and not is_shared
        key = guid if is_own else f"{place} {guid}"
        known = found.get(key)
        found[key] = event if known is None else _later_of(known, event)
    return _distinct(list(found.values()))


def _distinct(events: Sequence[_Event]) -> list[_Event]:
    """The events; the date makes part of an id that is not unique."""
    uses = Counter(event.entry.id for event in events)
    return [
        event
        if uses[event.entry.id] == 1
        else replace(event, entry=replace(event.entry, id=f"{event.entry.id} {event.posted}"))
        for event in events
    ]


def _later_of(one: _Event, other: _Event) -> _Event:
    """The later of two, joined with the earlier; the open one if that cannot be told."""
    is_dated = one.entry.moment is not None and other.entry.moment is not None

    def age(event: _Event) -> tuple[datetime, bool]:
        return (event.entry.moment if is_dated else None) or EVER, event.status.open

    older, newer = sorted((other, one), key=age)
    return _joined(older, newer) if _is_soon_after(older, newer) else newer


def _one_per_topic(events: Sequence[_Event]) -> list[_Event]:
    """Events without the earlier versions of those whose title says that they go on or end.

    `[Resolved] T` closes the latest `T` before it.
    """
    found = dict(enumerate(events))
    latest: dict[str, int] = {}
    dated = [(at, place) for place, event in found.items() if (at := event.posted)]
    for _, place in sorted(dated):
        event = found[place]
        topic = event.title.topic
        before = latest.get(topic)
        if topic and before is not None and _continues(found[before], event):
            found[place] = _joined(found.pop(before), event)
        latest[topic] = place
    return list(found.values())


def _continues(older: _Event, newer: _Event) -> bool:
    """Whether `newer` has a title that tells of a later stage of the open event `older`."""
    goes_on = bool(newer.title.word) and newer.title.status is None
    further = stages.progress(newer.title.status) > stages.progress(older.status)
    return older.status.open and (goes_on or further) and _is_soon_after(older, newer)


def _is_soon_after(older: _Event, newer: _Event) -> bool:
    first, second = older.posted, newer.posted
    return first is not None and second is not None and first < second <= first + _SAME


def _joined(older: _Event, newer: _Event) -> _Event:
    """One event of two entries: the older one's name, the newer one's stage."""
    goes_on = newer.status is IncidentStatus.UNKNOWN and older.status.open
    status, word = (older.status, older.word) if goes_on else (newer.status, newer.word)
    closed_at = None if status.open else newer.entry.moment
    return replace(
        newer,
        entry=replace(
            older.entry,
            updated=newer.entry.moment,
        ),
        updates=(*newer.updates, *older.updates)[: timeline.MESSAGES_LIMIT],
        status=status,
        word=word,
        named=newer.named | older.named,
        ended_at=newer.ended_at or closed_at,
        begins=newer.begins or older.begins,
        ends=newer.ends or older.ends,
        is_late=newer.is_late and older.is_late,
    )


# What becomes of them


def _is_unclear(event: _Event, *, has_words: bool, now: datetime) -> bool:
    """Whether nothing is known of an open incident: it makes the page unknown, not a problem.

    `has_words` tells whether the feed uses any known word: without one all such are unclear, else
    the old ones.
    """
    if event.planned or event.status is not IncidentStatus.UNKNOWN:
        return False
    return not has_words or bool(event.latest and now - event.latest > _STALE)


def _common(event: _Event) -> build.Event:
    entry = event.entry
    return build.Event(id=entry.id, name=entry.name, links=(), url=entry.url, updates=event.updates)


def _incident(event: _Event, is_unclear: bool, /) -> Incident:
    started_at, ended_at = event.started_at, event.ended_at
    is_known = bool(ended_at and started_at and ended_at > started_at)
    return Incident(
        **_common(event),
        status=event.status,
        raw_status=event.word,
        impact=Impact.NONE if is_unclear else Impact.MINOR,
        started_at=started_at,
        resolved_at=ended_at if is_known and not event.status.open else None,
        updated_at=event.entry.moment,
    )


def _maintenance(event: _Event, now: datetime) -> Maintenance:
    begins = event.begins or (event.entry.published if event.is_late else None)
    status = build.PLANNED.get(event.status)
    if not event.status.open:
        status = MaintenanceStatus.COMPLETED
    return Maintenance(
        **_common(event),
        status=status or build.phase(begins, event.ends, now),
        raw_status=event.word,
        scheduled_for=begins,
        scheduled_until=event.ends,
    )

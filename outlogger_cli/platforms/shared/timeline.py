"""The messages in the text of a feed's entry, newest first, whatever its markup and its order."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from outlogger_cli.domain import text
from outlogger_cli.domain.model import EVER, IncidentStatus
from outlogger_cli.domain.values import frozen
from outlogger_cli.platforms.shared import stages, written_times
from outlogger_cli.platforms.shared.build import PLANNED
from outlogger_cli.platforms.shared.documents import UPDATE_LIMIT, Allowance
from outlogger_cli.platforms.shared.stages import OPEN, SHUT, Label

CLOCK_ERROR = timedelta(hours=1)
"""A time later than that was announced; one a few minutes ahead is a clock that is off."""

MARKUP_LIMIT = 80_000
"""Characters of an entry: of a longer one both ends are read, and one of them is the newest."""

MESSAGES_LIMIT = 400
"""Messages of an entry: of more than that, too, those at both ends are read."""

TEXT_LIMIT = 1_000_000
"""Characters of all entries that are searched for stages and times: up to a second a MiB."""

LINE_LIMIT = 2 * UPDATE_LIMIT
"""Lines of a feed that may begin a message."""

_UPDATE = 99
"""Place of an update behind all stages: it follows one."""

_FORMAL = re.compile(
    r"<small>[^<>]{0,60}(?:<[^<>]{1,60}>[^<>]{0,60}){0,6}</small>\s*<br\s*/?>"
    r"\s*<strong>[^<]{1,40}</strong>",
    re.I,
)
_BREAK = re.compile(
    r"(?:</?(?:p|div|li|[uod]l|h[1-6]|table|t[rdh]|d[td]|hr|pre|br|blockquote|section|article)\b"
    r"[^<>]{0,200}>|\n)+|(?<=[.!?])\s*(?=<(?:b|strong)\b)",
    re.I,
)
_BOLD = re.compile(r"<(/?)(?:b|strong|em)\b[^<>]{0,200}>", re.I)
_BOLD_WORD = re.compile(rf"\W*{OPEN}([^{OPEN}{SHUT}]{{1,40}}){SHUT}[\s–—-]*")
_FIRST_WORD = re.compile(r"(?:<[^<>]{0,200}>|&#?\w{1,10};|[^\w<&])*+(\w{1,40})")
_MARKS = {ord(OPEN): None, ord(SHUT): None}


class Message(NamedTuple):
    """One message; `word` is "" if it names no stage, `status` then that of the one before it.

    `at` is the time it gives, `rank` the same as far as it serves to compare. `own` tells that it
    names a stage itself, `field` that this is the whole entry's, `lead` is the text on its first
    line.
    """

    status: IncidentStatus = IncidentStatus.UNKNOWN
    word: str = ""
    body: str = ""
    at: datetime | None = None
    rank: datetime | None = None
    stamp: str = ""
    own: bool = False
    field: bool = False
    lead: str = ""
    start: int = 0
    behind: int = 0


@frozen
class Timeline:
    """The messages of an entry, newest first, and what they come to.

    `body` is the whole text if it is not a timeline: a single message without a time, or none.
    `decides` tells that the newest message's stage counts, since stages have times. `word` is "" if
    no message names a stage. `closing` is what the end of the newest message says
    in a sentence, `ended_at` the time of the first of the last closing messages.
    """

    messages: tuple[Message, ...]
    body: str
    formal: bool
    is_timed: bool
    decides: bool
    has_stage: bool
    status: IncidentStatus
    word: str
    closing: tuple[IncidentStatus, str] | None
    ended_at: datetime | None


def is_formal(markup: str) -> bool:
    """Whether it has Statuspage's form, in which every message names its stage."""
    return bool(_FORMAL.search(markup))


def read(markup: str, *, near: datetime | None, now: datetime, lines: Allowance) -> Timeline:
    """Read an entry at the time `now`; `near` is a known time of it, for dates without a year.

    `lines` counts those of all entries that may begin a message: most of the work.
    """
    formal = is_formal(markup)
    if len(markup) > MARKUP_LIMIT:
        half = MARKUP_LIMIT // 2
        markup = f"{markup[:half]}\n…\n{markup[-half:]}"
    markup = markup.translate(_MARKS)
    found = _dated(_messages(markup, lines, formal=formal), near, now)
    if not formal:  # a time to come is that of a window
        found = [_undated(m) if _is_ahead(m, now) else m for m in found]
        found = [message for message in found if message.stamp or message.word or message.body]
    is_timed = any(message.stamp for message in found)
    decides = any(message.own and message.stamp for message in found)
    if decides:
        found = [message for message in found if message.stamp or not message.field]
    ascending = _is_ascending(found, formal=formal)
    messages = _ranked(found, ascending=ascending)
    if any(message.own and message.rank for message in messages):
        # a message without a time among others may reopen an entry, but not close it
        messages = [one for one in messages if one.rank or one.status.open or not one.own]
    messages = _carried(messages)
    body = text.body(markup) if len(messages) < 2 and not is_timed else ""
    worded = [message for message in messages if message.word]
    counting = messages[:1] if decides else worded
    chosen = max(counting, key=lambda one: stages.progress(one.status), default=Message())
    return Timeline(
        messages=tuple(messages),
        body=body,
        formal=formal,
        is_timed=is_timed,
        decides=decides,
        has_stage=any(message.own for message in messages),
        status=chosen.status,
        word=(chosen.word or _word_of(messages)) if worded else "",
        closing=None if formal else _closing(messages, body, ascending=ascending),
        ended_at=_ended_at(messages),
    )


def _word_of(messages: Iterable[Message]) -> str:
    return next((message.word for message in messages if message.word), "")


def _messages(markup: str, lines: Allowance, *, formal: bool) -> list[Message]:
    """The messages in the order of the text, with their bodies."""
    found: list[Message] = []
    pending: Message | None = None
    for start, end, line in _lines(markup, formal=formal):
        lines.take(1)
        label = stages.label_of(line)
        if pending and pending.behind != start:  # a text without a stage stands below the time
            found.append(pending)
            pending = None
        if found and not found[-1].stamp and (stamp := stages.posted_at(line)):
            found[-1] = found[-1]._replace(stamp=stamp)
            continue
        if label.stamp and not label.word and not _plain(label.rest):  # a line that is only a time
            if found and found[-1].behind == start and not (found[-1].stamp or found[-1].lead):
                found[-1] = found[-1]._replace(stamp=label.stamp, behind=end)
            else:
                pending = Message(stamp=label.stamp, start=start, behind=end)
            continue
        above = pending.stamp if pending else ""
        began = pending.start if pending else start
        pending = None
        label = label._replace(stamp=label.stamp or above)
        if formal and above and not label.word and (bold := _BOLD_WORD.match(line)):
            label = label._replace(
                word=bold[1].strip(),
                status=IncidentStatus.UNKNOWN,
                rest=line[bold.end() :],
            )
        if label.word or (label.stamp and not _is_span(label)):
            found.append(_message(label, began, end))
    if pending and _FIRST_WORD.match(markup, pending.behind):
        found.append(pending)
    if found and found[0].word and not found[0].own and _FIRST_WORD.match(markup[: found[0].start]):
        found.insert(0, Message())  # what the first update is an update of
    if len(found) > MESSAGES_LIMIT:
        found = [*found[: MESSAGES_LIMIT // 2], *found[-MESSAGES_LIMIT // 2 :]]
    ends = (message.start for message in (*found[1:], Message(start=len(markup))))
    return [
        message._replace(body=_body(message.lead, markup[message.behind : end]))
        for message, end in zip(found, ends, strict=False)
    ]


def _message(label: Label, start: int, end: int) -> Message:
    return Message(
        status=label.status or IncidentStatus.UNKNOWN,
        word=label.word,
        stamp=label.stamp,
        own=label.status is not None,
        field=label.field,
        lead=_plain(label.rest),
        start=start,
        behind=end,
    )


def _is_span(label: Label) -> bool:
    """Whether two times stand there: from when to when, not when it was written."""
    return bool(stages.label_of(label.rest).stamp)


def _lines(markup: str, *, formal: bool) -> Iterator[tuple[int, int, str]]:
    """The lines that may begin a message: start, end, and the text with marks around bold text.

    In Statuspage's form any line may; else the others are passed over, for speed.
    """
    start = 0
    for end, behind in (*(m.span() for m in _BREAK.finditer(markup)), (len(markup),) * 2):
        word = _FIRST_WORD.match(markup, start, end)
        if word and (formal or stages.may_begin(word[1])):
            marked = _BOLD.sub(_mark, markup[start:end])
            if line := text.body(marked):
                yield start, behind, line
        start = behind


def _mark(tag: re.Match[str]) -> str:
    return SHUT if tag[1] else OPEN


def _plain(line: str) -> str:
    return line.translate(_MARKS).strip()


def _body(lead: str, markup: str) -> str:
    rest = text.body(markup)
    return text.cut(f"{lead}\n{rest}" if lead and rest else lead or rest)


def _dated(messages: Iterable[Message], near: datetime | None, now: datetime) -> list[Message]:
    found, close = [], near or now
    for message in messages:
        if message.stamp:
            at = written_times.from_text(message.stamp, near)
            rank = at or written_times.from_text(message.stamp, close, vaguely=True)
            message = message._replace(at=at, rank=rank)
            near, close = at or near, rank or close
        found.append(message)
    return found


def _is_ahead(message: Message, now: datetime) -> bool:
    """Whether a message that names no stage of an incident has a time that is to come."""
    is_late = message.at is not None and message.at > now + CLOCK_ERROR
    return is_late and (not message.word or message.status in PLANNED)


def _undated(message: Message) -> Message:
    body = message.body if message.word else ""
    return message._replace(stamp="", at=None, rank=None, body=body)


def _is_ascending(messages: Sequence[Message], *, formal: bool) -> bool:
    """Whether the oldest message stands first: by times, else by stages."""
    ranks = [message.rank for message in messages if message.rank]
    if ranks and ranks[0] != ranks[-1]:
        return ranks[0] < ranks[-1]
    if formal or (not ranks and any(message.stamp for message in messages)):
        return False
    places = [stages.progress(m.status) if m.own else _UPDATE for m in messages if m.word]
    return not places or places[0] < places[-1] or set(places) == {_UPDATE}


def _ranked(messages: Sequence[Message], *, ascending: bool) -> list[Message]:
    """Newest first; one without a time keeps its place behind the one before it."""
    reached, placed = EVER, []
    for message in messages if ascending else reversed(messages):
        reached = message.rank or reached
        placed.append((reached, message))
    placed.sort(key=lambda one: one[0])
    return [message for _, message in reversed(placed)]


def _carried(messages: Sequence[Message]) -> list[Message]:
    """The messages, where one that names no stage has that of the one before it."""
    found, status = [], IncidentStatus.UNKNOWN
    for message in reversed(messages):
        status = message.status if message.own else status
        found.append(message if message.own else message._replace(status=status))
    return found[::-1]


def _closing(
    messages: Sequence[Message], body: str, *, ascending: bool
) -> tuple[IncidentStatus, str] | None:
    """What the last sentence of the newest message says, if no stage is named after it."""
    if not messages:
        return stages.closing(body)
    newest = messages[0]
    if not newest.rank and len(messages) > 1 and not ascending:
        return None
    if newest.own and newest.body == newest.lead:  # the stage at its start says more
        return None
    return stages.closing(newest.body)


def _ended_at(messages: Iterable[Message]) -> datetime | None:
    """The time of the first closing message after the last open one: a report may follow later."""
    since = None
    for message in messages:
        if message.status.open:
            break
        since = message.at or since
    return since

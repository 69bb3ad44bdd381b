"""Notify one subscriber: find what changed, queue it in the delivery log, and deliver the queue.

Persist before sending, delete after: at-least-once delivery, at most one duplicate after a crash;
a few more if the log is so large that it takes long to write.
Two processes that notify the same subscriber take turns; the second finds nothing left to send.
"""

import time as system_time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from math import ceil

from outlogger_cli.alerts import backlog
from outlogger_cli.alerts.channels import NO_LIMIT, Cause, Channel, Failure
from outlogger_cli.alerts.delivery_log import DeliveryLog, Message, Waiting, vendor_key
from outlogger_cli.alerts.events import compare, select
from outlogger_cli.alerts.message import build_message
from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.alerts.state import StateFolder
from outlogger_cli.alerts.state_file import BusyError, NewerVersionError
from outlogger_cli.domain.errors import LocalError
from outlogger_cli.domain.values import frozen
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import wording

REFUSALS = 3
"""Failures of a channel for one message after which the message is to blame, not the channel."""

LONGEST_PAUSE = timedelta(minutes=15)

_FAILURES_IN_A_ROW = 3
"""Vendors whose messages are tried in a round before the channel counts as down."""

_SLOW_SAVE = 0.02
"""Seconds from which writing the log is slow: then messages are sent for as long in between."""

_UNKEPT = "events are sent all the same, and may be sent again"


@frozen
class QuietHours:
    """The hours from `start` to `end`, over midnight if `end` is earlier.

    `zone` is the reader's time zone, None for that of this machine.
    """

    start: time
    end: time
    zone: tzinfo | None

    def include(self, now: datetime) -> bool:
        local = now.astimezone(self.zone).time()
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


@dataclass(slots=True, kw_only=True)
class Notifier:
    """Notifies `subscriber` by `channel` of events of `kinds`; in a `drill` messages say so.

    With an `interval` the pause between tries on a failing channel grows, in this process.
    `remind` is how often an open problem is repeated. `zone` is that of times in summaries.
    """

    state: StateFolder
    subscriber: str
    channel: Channel
    kinds: Sequence[str]
    quiet: QuietHours | None = None
    remind: timedelta | None = None
    zone: tzinfo | None = None
    interval: timedelta | None = None
    drill: bool = False
    monotonic: Callable[[], float] = system_time.monotonic
    _unsaved: DeliveryLog | None = field(default=None, init=False)
    _failed_rounds: int = field(default=0, init=False)
    _next_try: float = field(default=0.0, init=False)
    _held_up: set[str] = field(default_factory=set, init=False)
    _reason: str = field(default="", init=False)

    def notify(
        self,
        judged: Sequence[Judged],
        *,
        at: datetime,
        mutes: Sequence[Mute] = (),
        seconds: float = NO_LIMIT,
    ) -> list[str]:
        """Send what changed, within `seconds`; return a note on each thing that went wrong.

        What was not delivered is sent first next time. In quiet hours nothing is sent. If the
        log cannot be kept the events are sent all the same, once in this process. Raises
        `BusyError` if another process keeps the log locked, and `NewerVersionError`.
        """
        until = self.monotonic() + seconds
        notes: list[str] = []
        with ExitStack() as stack:
            try:
                log = stack.enter_context(self.state.delivery_log(self.subscriber))
            except (BusyError, NewerVersionError):
                raise
            except LocalError as error:
                log = self.state.unlocked_log(self.subscriber)
                _note_unkept(notes, error)
            log = self._unsaved or log
            messages = [one for each in judged for one in self._messages(log, each, at, mutes)]
            if self.quiet and self.quiet.include(at):
                log.deferred = backlog.defer(log.deferred, messages, at=at, zone=self.zone)
                self._save(log, notes)
                return notes
            shortened = backlog.shorten(log.queue, at=at, zone=self.zone)
            notes += self._summary_note(log.queue, shortened)
            log.queue = shortened
            log.queue += backlog.after_quiet_hours(log.deferred, at=at, zone=self.zone)
            log.deferred = []
            log.queue += [Waiting(message=message) for message in messages]
            self._save(log, notes)
            self._deliver(log, until, notes)
        return list(dict.fromkeys(notes))

    def _messages(
        self, log: DeliveryLog, judged: Judged, at: datetime, mutes: Sequence[Mute]
    ) -> Iterator[Message]:
        mutes = [mute for mute in mutes if mute.applies_to(judged.vendor)]
        key = vendor_key(judged.vendor)
        state, events = compare(
            log.state_of(key),
            judged,
            now=at,
            kinds=self.kinds,
            remind=self.remind,
            muted=any(mute.component is None for mute in mutes),
            muted_components=[mute.component for mute in mutes if mute.component],
        )
        log.update(key, state)
        for event in select(events, self.kinds):
            yield build_message(event, drill=self.drill)

    def _save(self, log: DeliveryLog, notes: list[str]) -> None:
        """Keep the log, on disk or, if it refuses, for the next round of this process."""
        try:
            log.save()
            self._unsaved = None
        except NewerVersionError:
            raise
        except LocalError as error:
            self._unsaved = log
            _note_unkept(notes, error)

    def _deliver(self, log: DeliveryLog, until: float, notes: list[str]) -> None:
        """Send the queue, each vendor's messages in order, until the time `until`.

        A message that fails holds up the later ones of its vendor only. It goes to the end of the
        queue, so that each vendor is tried although a round ends after a few failures in a row.
        In a pause only vendors are tried that were not waiting when it began.
        """
        if not log.queue:
            return
        is_paused = self.interval is not None and self.monotonic() < self._next_try
        skipped = self._held_up if is_paused else set()
        if all(each.vendor in skipped for each in log.queue):
            notes.append(self._waiting_note(log))
            return
        failed: dict[str, Failure] = {}
        attempts, sent, in_a_row, next_save = 0, 0, 0, 0.0
        self._reason = "the time for delivery in this round is over"
        while in_a_row < _FAILURES_IN_A_ROW and (left := until - self.monotonic()) > 0:
            tried = skipped.union(failed)
            one = next((each for each in log.queue if each.vendor not in tried), None)
            if one is None:
                break
            failure = self.channel.send(one.message, left)
            attempts += 1
            if failure and attempts > 1 and self.monotonic() >= until:
                break  # it had only the rest of the time: the next round begins with it
            if failure and failure.cause is not Cause.MESSAGE:
                failed[one.vendor] = failure
                self._reason = failure.reason
                in_a_row += 1
                continue
            in_a_row = 0
            if failure:
                notes.append(self._drop(log, one, failure))
            else:
                log.queue = [each for each in log.queue if each is not one]
                sent += 1
            if (started := self.monotonic()) >= next_save:
                self._save(log, notes)
                took = self.monotonic() - started
                next_save = started + 2 * took if took > _SLOW_SAVE else 0.0
        for vendor, failure in failed.items():
            self._count_refusal(log, vendor, failure, sent, notes)
        log.queue.sort(key=lambda each: each.vendor in failed)
        self._save(log, notes)
        if sent or not failed:
            self._failed_rounds = 0
        elif not is_paused:
            self._failed_rounds += 1
        if not (is_paused and self._failed_rounds):
            self._next_try = self.monotonic() + self._pause()
        self._held_up = {each.vendor for each in log.queue}
        if log.queue:
            notes.append(self._waiting_note(log))

    def _count_refusal(
        self, log: DeliveryLog, vendor: str, failure: Failure, sent: int, notes: list[str]
    ) -> None:
        """Drop the vendor's first message if it, and not the channel, must be what fails."""
        is_alone = all(each.vendor == vendor for each in log.queue)
        if failure.cause is not Cause.UNCLEAR or not (sent or is_alone):
            return
        one = next(each for each in log.queue if each.vendor == vendor)
        one.refusals += 1
        if one.refusals >= REFUSALS:
            notes.append(self._drop(log, one, failure))

    def _drop(self, log: DeliveryLog, one: Waiting, failure: Failure) -> str:
        log.queue = [each for each in log.queue if each is not one]
        title = one.message["title"]
        return f'{self.channel.name}: {failure.reason}; message dropped: "{title}"'

    def _pause(self) -> float:
        """The seconds until the next try: one interval after the first failed round, then two."""
        if self.interval is None or not self._failed_rounds:
            return 0.0
        seconds = self.interval.total_seconds()
        longest = max(LONGEST_PAUSE.total_seconds(), seconds)
        return min(seconds * 2.0 ** min(self._failed_rounds - 1, 10), longest)

    def _summary_note(self, before: list[Waiting], after: list[Waiting]) -> list[str]:
        kept = {id(one) for one in after}
        merged = sum(id(one) not in kept for one in before)
        summaries = merged - (len(before) - len(after))
        if not merged:
            return []
        became = f"{wording.count(merged, 'message')} became {_summaries(summaries)}"
        many = len(before) > backlog.COUNT_LIMIT
        why = f"more than {backlog.COUNT_LIMIT} were waiting" if many else "waiting for over a day"
        return [f"{self.channel.name}: {became}: {why}"]

    def _waiting_note(self, log: DeliveryLog) -> str:
        count = len(log.queue)
        waiting = f"{count} messages wait" if count > 1 else "1 message waits"
        until = "for the next round"
        if self.interval and (left := ceil(self._next_try - self.monotonic())) > 0:
            until = f"for the next try in {wording.length(timedelta(seconds=left))}"
        return f"{self.channel.name}: {self._reason}; {waiting} {until}"


def _summaries(number: int) -> str:
    return "1 summary" if number == 1 else f"{number} summaries"


def _note_unkept(notes: list[str], error: LocalError) -> None:
    """Add a note once a round, although the log is written several times."""
    if not any(note.endswith(_UNKEPT) for note in notes):
        notes.append(f"{error}; {_UNKEPT}")

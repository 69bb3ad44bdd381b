"""Notify one subscriber: find what changed, queue it in the delivery log, and deliver the queue.

Persist before sending, delete after: at-least-once delivery, at most one duplicate after a crash.
Two processes that notify the same subscriber take turns; the second finds nothing left to send.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, tzinfo

from outlogger_cli.alerts.channels import Channel
from outlogger_cli.alerts.delivery_log import DeliveryLog, Message, vendor_key
from outlogger_cli.alerts.events import compare, select
from outlogger_cli.alerts.message import build_message, build_summary
from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.alerts.state import StateFolder
from outlogger_cli.domain.values import frozen
from outlogger_cli.domain.verdict import Judged


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


@frozen
class Notifier:
    """Notifies `subscriber` by `channel` of events of `kinds`; in a `drill` messages say so."""

    state: StateFolder
    subscriber: str
    channel: Channel
    kinds: Sequence[str]
    quiet: QuietHours | None = None
    drill: bool = False

    def notify(
        self, judged: Sequence[Judged], *, at: datetime, mutes: Sequence[Mute] = ()
    ) -> str | None:
        """Send what changed; return why the channel failed, or None.

        What was not delivered is sent first next time. In quiet hours nothing is sent; the first
        message after them is a summary. Raises `LocalError` if the log cannot be kept; then nothing
        was sent.
        """
        with self.state.delivery_log(self.subscriber) as log:
            messages = [one for each in judged for one in self._messages(log, each, at, mutes)]
            if self.quiet and self.quiet.include(at):
                log.deferred += messages
                log.save()
                return None
            if log.deferred:
                zone = self.quiet.zone if self.quiet else None
                messages.insert(0, build_summary(log.deferred, at=at, zone=zone))
                log.deferred = []
            log.queue += messages
            log.save()
            return self._deliver(log)

    def _messages(
        self, log: DeliveryLog, judged: Judged, at: datetime, mutes: Sequence[Mute]
    ) -> Iterator[Message]:
        mutes = [mute for mute in mutes if mute.applies_to(judged.vendor)]
        key = vendor_key(judged.vendor)
        state, events = compare(
            log.state_of(key),
            judged,
            now=at,
            muted=any(mute.component is None for mute in mutes),
            muted_components=[mute.component for mute in mutes if mute.component],
        )
        log.update(key, state)
        for event in select(events, self.kinds):
            yield build_message(event, drill=self.drill)

    def _deliver(self, log: DeliveryLog) -> str | None:
        """Send the queue in order, and stop at the first failure."""
        while log.queue:
            if error := self.channel.send(log.queue[0]):
                return error
            del log.queue[0]
            log.save()
        return None

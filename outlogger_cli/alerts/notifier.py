"""Who is told what: a round's changes written down, brought to a channel, and crossed off.

They are written down before the channel is called and crossed off after, so that one that is killed
in between is told at most twice, and never not at all. Two processes that tell the same audience
do so in turn, and the second finds nothing left to tell.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, tzinfo

from outlogger_cli.alerts import state
from outlogger_cli.alerts.channels import Channel
from outlogger_cli.alerts.events import compare, wanted
from outlogger_cli.alerts.message import message, summary
from outlogger_cli.alerts.state import Ledger, Message, Mute, State
from outlogger_cli.domain.values import frozen
from outlogger_cli.domain.verdict import Judged


@frozen
class Round:
    """What was read together. In a drill `at` is the scenario's clock; `mutes` are in force."""

    judged: Sequence[Judged]
    at: datetime
    mutes: Sequence[Mute] = ()
    drill: bool = False


@frozen
class Quiet:
    """Times of day between which nothing is told, over midnight where `until` is earlier;
    `zone` is the reader's, None for this machine's."""

    begin: time
    until: time
    zone: tzinfo | None

    def holds(self, now: datetime) -> bool:
        local = now.astimezone(self.zone).time()
        if self.begin < self.until:
            return self.begin <= local < self.until
        return local >= self.begin or local < self.until


@frozen
class Teller:
    """Tells one audience through its `channel` of events that are among `kinds`."""

    state: State
    audience: str
    channel: Channel
    kinds: Sequence[str]
    quiet: Quiet | None = None

    def tell(self, round: Round) -> str | None:
        """Tell what changed; why the channel failed where it did. It is tried again next time.

        Raises `LocalError` where the state cannot be kept: then nothing was told.
        """
        with self.state.ledger(self.audience) as ledger:
            fresh = [one for judged in round.judged for one in self._news(ledger, judged, round)]
            if self.quiet and self.quiet.holds(round.at):
                ledger.held += fresh
                ledger.save()
                return None
            if ledger.held:
                fresh.insert(0, summary(ledger.held, at=round.at, zone=self.quiet_zone))
                ledger.held = []
            ledger.pending += fresh
            ledger.save()
            return self._deliver(ledger)

    @property
    def quiet_zone(self) -> tzinfo | None:
        return self.quiet.zone if self.quiet else None

    def _news(self, ledger: Ledger, judged: Judged, round: Round) -> Iterator[Message]:
        mine = [mute for mute in round.mutes if mute.concerns(judged.vendor)]
        key = state.key(judged.vendor)
        known, events = compare(
            ledger.knows(key),
            judged,
            now=round.at,
            muted=any(mute.component is None for mute in mine),
            hidden=[mute.component for mute in mine if mute.component],
        )
        ledger.note(key, known)
        for event in wanted(events, self.kinds):
            yield message(event, drill=round.drill)

    def _deliver(self, ledger: Ledger) -> str | None:
        """Each message in its order; behind one that fails the others wait."""
        while ledger.pending:
            if why := self.channel.tell(ledger.pending[0]):
                return why
            del ledger.pending[0]
            ledger.save()
        return None

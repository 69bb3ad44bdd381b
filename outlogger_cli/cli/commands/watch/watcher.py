"""The rounds of a watch: read the pages that are due, and notify subscribers of what changed."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from outlogger_cli.alerts.changes import Change, ChangeLog
from outlogger_cli.alerts.delivery_log import vendor_key
from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.alerts.notifier import Notifier
from outlogger_cli.alerts.state import StateFolder
from outlogger_cli.alerts.state_file import LOCK_TIMEOUT, BusyError, NewerVersionError
from outlogger_cli.cli.commands.watch import closing, unjudged
from outlogger_cli.cli.commands.watch.subscribers import OUTPUT
from outlogger_cli.cli.display import Display
from outlogger_cli.cli.output import without_network
from outlogger_cli.cli.session import Session
from outlogger_cli.domain.errors import ClosedPipeError, ExitCode, LocalError
from outlogger_cli.domain.model import FailureKind, Severity, Vendor, Verdict
from outlogger_cli.domain.report import Report, build, unreached
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.engine import pool
from outlogger_cli.engine import run as engine
from outlogger_cli.engine.pool import Job
from outlogger_cli.engine.run import Run

_EARLY_SECONDS = 1.0
"""Time in each round for events that do not wait for its end: with hundreds of problems each takes
longer, and at the end of the round they are written together."""

_NO_ANSWER = {FailureKind.DNS, FailureKind.CONNECT, FailureKind.TIMEOUT}


@frozen
class Note:
    """What went wrong in a round; one that stands is said once, unless `each_round`."""

    text: str
    each_round: bool = False


class Watcher:
    """Reads the vendors of `session` and notifies subscribers, round after round.

    Delivery takes at most half an `interval` a round. With `once` there is one round.
    """

    def __init__(
        self,
        session: Session,
        *,
        state: StateFolder,
        notifiers: Sequence[Notifier],
        interval: timedelta,
        once: bool,
    ) -> None:
        self.session = session
        self._state = state
        self._notifiers = notifiers
        self._seconds = interval.total_seconds() / 2
        self._once = once
        self._early = [
            one for one in notifiers if one.subscriber == OUTPUT and session.format.streams
        ]
        self._closing = closing.Closing(
            session.run, [state.unlocked_log(one.subscriber) for one in notifiers]
        )
        self._change_log = ChangeLog()
        self._fingerprints: dict[str, object] = {}
        self._early_left = _EARLY_SECONDS
        self._latest: dict[int, Judged] = {}
        self._just_read: tuple[Judged, ...] = ()

    def read(self, display_of: Callable[[Run], engine.Display] | None = None) -> Report:
        """Report on every vendor; a page whose last answer is still fresh is not requested.

        `display_of` returns what shows the run that requests the others. By default that is the
        display of the session, with early notification of a pipe.
        """
        run = self.session.run
        self._early_left = _EARLY_SECONDS
        now = run.clock.now()
        due = [i for i in range(len(run.vendors)) if not self._is_fresh(i, now)]
        due_run = replace(run, vendors=tuple(run.vendors[index] for index in due))
        display = (display_of or self._display)(due_run)
        report = engine.report(due_run, "watch", gate=False, display=display)
        if report.exit_code is ExitCode.INTERRUPTED:
            raise KeyboardInterrupt
        self._just_read = self._closing.complete(report.vendors)
        self._latest.update(zip(due, self._just_read, strict=True))
        judged = [self._latest[index] for index in range(len(run.vendors))]
        return build("watch", judged, gate=False, now=run.clock.now(), drill=run.drill_title)

    def changes(self, report: Report) -> list[Change]:
        """Return what changed since the last report, to show on a terminal.

        If no page could be reached no vendor has changed.
        """
        return [] if self._unreached(report) else self._change_log.add(report)

    def notify(self, report: Report) -> list[Note]:
        """Notify subscribers of what changed; return notes on what went wrong.

        If no page could be reached the network is to blame, and no vendor has changed. Messages
        of earlier rounds are sent all the same. An error of standard output is not raised, so that
        the channels are served; the next write raises it again.
        """
        blamed = self._unreached(report)
        notes: list[Note] = []
        if self._once:
            texts = unjudged.notes(self.session, self._state, report, blamed)
            notes += [Note(text=text) for text in texts]
        elif blamed:
            notes.append(Note(text=blamed))
        mutes, problems = self._end_resolved_mutes()
        notes += problems
        judged = () if blamed else report.vendors

        def deliver(notifier: Notifier) -> list[Note]:
            try:
                texts = notifier.notify(
                    judged, at=report.generated_at, mutes=mutes, seconds=self._seconds
                )
            except (BusyError, NewerVersionError) as error:
                return [Note(text=f"{error}; changes are reported in the next round")]
            except (ClosedPipeError, LocalError):
                return []
            return [Note(text=text, each_round=True) for text in texts]

        return notes + self._in_parallel(deliver)

    def mutes(self) -> list[Mute]:
        """Return the mutes of the vendors that are watched."""
        mutes = self._state.mutes(self.session.runtime.now())
        return [mute for mute in mutes if any(map(mute.applies_to, self.session.run.vendors))]

    def toggle_mute(self, vendor: Vendor) -> None:
        """Mute `vendor` until it recovers or, if it is muted as a whole, end that."""
        now = self.session.runtime.now()

        def toggled(old: tuple[Mute, ...]) -> list[Mute]:
            kept = [mute for mute in old if not mute.has_expired(now)]
            own = [one for one in kept if one.component is None and one.applies_to(vendor)]
            if own:
                return [mute for mute in kept if mute not in own]
            return [*kept, Mute(slug=vendor.slug, url=vendor.url)]

        self._state.change_mutes(toggled)

    def _in_parallel(self, deliver: Callable[[Notifier], list[Note]]) -> list[Note]:
        """Deliver to all subscribers at the same time; return their notes in order.

        Standard output and the command are served by this thread, which Ctrl-C interrupts: a
        command is then killed.
        """
        notes: dict[int, list[Note]] = {}
        own = [
            i for i, one in enumerate(self._notifiers) if one.channel.name in {OUTPUT, "command"}
        ]
        others = [i for i in range(len(self._notifiers)) if i not in own]

        def serve_own() -> None:
            for index in own:
                notes[index] = deliver(self._notifiers[index])

        def job(notifier: Notifier) -> Job[list[Note]]:
            late = Note(
                text=f"{notifier.channel.name}: the delivery is still running", each_round=True
            )
            return Job(
                host=notifier.subscriber,
                budget=self._seconds + LOCK_TIMEOUT,
                run=lambda _until: deliver(notifier),
                abandon=lambda _why: [late],
            )

        jobs = [job(self._notifiers[index]) for index in others]
        for place, found in pool.run(jobs, limit=len(jobs), on_started=serve_own):
            notes[others[place]] = found
        return [note for index in sorted(notes) for note in notes[index]]

    def _unreached(self, report: Report) -> str | None:
        """Why no vendor has changed in this round: no page at all could be reached."""
        errors = [one.error for one in report.vendors]
        failures = unreached(errors)
        if len(errors) > 1 and all(one and one.kind in _NO_ANSWER for one in errors):
            failures = failures or [one for one in errors if one]
        if not failures or self.session.run.drill:
            return None
        return f"{without_network(failures[0], pages=len(errors))} No changes are reported"

    def _end_resolved_mutes(self) -> tuple[list[Mute], list[Note]]:
        """Delete the mutes that what was just read ends; return the others, and what went wrong."""
        mutes = self.mutes()
        ended = [
            mute
            for mute in mutes
            if any(
                mute.applies_to(judged.vendor) and mute.is_resolved(judged)
                for judged in self._just_read
            )
        ]
        rest = [mute for mute in mutes if mute not in ended]
        try:
            if ended:
                self._state.change_mutes(lambda kept: [mute for mute in kept if mute not in ended])
        except LocalError as error:
            return rest, [Note(text=f"{error}; the next round tries again to end a mute")]
        return rest, []

    def _is_fresh(self, index: int, now: datetime) -> bool:
        judged = self._latest.get(index)
        return judged is not None and engine.is_fresh(judged.outcome, now)

    def _display(self, run: Run) -> engine.Display:
        session = replace(self.session, run=run)
        return Display(session, "watch", on_vendor=self._notify_early)

    def _notify_early(self, judged: Judged) -> None:
        """Write the events of a vendor to a pipe without waiting for the slowest page.

        Muted vendors wait for the end of the round, as do pages without a verdict, for the network
        may be to blame, and those of which an incident left: its last word is looked up first.
        """
        if not self._early or judged.verdict is Verdict.UNKNOWN or self._early_left <= 0:
            return
        # Opening the log is slow, so only if there may be something new.
        key = vendor_key(judged.vendor)
        fingerprint = (judged.severity, judged.incidents, judged.maintenances)
        before = self._fingerprints.get(key, (Severity.NONE, (), ()))
        self._fingerprints[key] = fingerprint
        if fingerprint == before or self._closing.left(judged):
            return
        if any(mute.applies_to(judged.vendor) for mute in self.mutes()):
            return
        clock = self.session.run.clock
        started = clock.monotonic()
        with suppress(ClosedPipeError, LocalError):  # the end of the round tries again
            for notifier in self._early:
                notifier.notify([judged], at=clock.now(), seconds=self._seconds)
        self._early_left -= clock.monotonic() - started

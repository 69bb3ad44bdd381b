"""The rounds of a watch: read the pages that are due, and notify subscribers of what changed."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from outlogger_cli.alerts.delivery_log import vendor_key
from outlogger_cli.alerts.events import Kind, VendorState, compare, select
from outlogger_cli.alerts.message import build_message
from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.alerts.notifier import Notifier
from outlogger_cli.alerts.state import StateFolder
from outlogger_cli.alerts.state_file import BusyError
from outlogger_cli.cli.commands.watch.subscribers import OUTPUT
from outlogger_cli.cli.display import Display
from outlogger_cli.cli.output import without_network
from outlogger_cli.cli.session import Session
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.domain.model import Read, Severity
from outlogger_cli.domain.report import Report, build, lacks_network, unreached
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.engine import run as engine

LONGEST_FRESHNESS = timedelta(minutes=5)
"""A page is requested again after this, however long its answer claims to be fresh."""


class Watcher:
    """Reads the vendors of `session` and notifies subscribers, round after round."""

    def __init__(
        self, session: Session, *, state: StateFolder, notifiers: Sequence[Notifier]
    ) -> None:
        self.session = session
        self._state = state
        self._notifiers = notifiers
        self._early = [
            one for one in notifiers if one.subscriber == OUTPUT and session.format.streams
        ]
        self._fingerprints: dict[str, object] = {}
        self._latest: dict[int, Judged] = {}
        self._just_read: tuple[Judged, ...] = ()

    def read(self, *, show_progress: bool = True) -> Report:
        """Report on every vendor; a page whose last answer is still fresh is not requested."""
        run = self.session.run
        now = run.clock.now()
        due = [i for i in range(len(run.vendors)) if not _is_fresh(self._latest.get(i), now)]
        due_run = replace(run, vendors=tuple(run.vendors[index] for index in due))
        display = None
        if show_progress:
            session = replace(self.session, run=due_run)
            display = Display(session, "watch", on_vendor=self._notify_early)
        report = engine.report(due_run, "watch", gate=False, display=display)
        if report.exit_code is ExitCode.INTERRUPTED:
            raise KeyboardInterrupt
        self._just_read = report.vendors
        self._latest.update(zip(due, report.vendors, strict=True))
        judged = [self._latest[index] for index in range(len(run.vendors))]
        return build("watch", judged, gate=False, now=run.clock.now(), drill=run.drill_title)

    def notify(self, report: Report) -> list[str]:
        """Notify subscribers of what changed; return notes on what went wrong.

        If no page could be reached the network is to blame, and no vendor has changed. Messages
        of earlier rounds are sent all the same.
        """
        notes = []
        judged = report.vendors
        failures = unreached([one.error for one in judged])
        if failures and not self.session.run.drill and lacks_network(failures[0]):
            notes.append(
                f"{without_network(failures[0], pages=len(failures))}; nothing is told of the pages"
            )
            judged = ()
        at = report.generated_at
        try:
            mutes = self._end_resolved_mutes()
            for notifier in self._notifiers:
                if error := notifier.notify(judged, at=at, mutes=mutes):
                    name = notifier.channel.name
                    notes.append(f"{name}: {error}; it is tried again next round")
        except BusyError as error:
            notes.append(f"{error}; the next round tells what changed")
        return notes

    def mutes(self) -> list[Mute]:
        """Return the mutes of the vendors that are watched."""
        mutes = self._state.mutes(self.session.runtime.now())
        return [mute for mute in mutes if any(map(mute.applies_to, self.session.run.vendors))]

    def _end_resolved_mutes(self) -> list[Mute]:
        """Delete the mutes that what was just read ends; return the others."""
        mutes = self.mutes()
        ended = [
            mute
            for mute in mutes
            if any(
                mute.applies_to(judged.vendor) and mute.is_resolved(judged)
                for judged in self._just_read
            )
        ]
        if ended:
            self._state.change_mutes(lambda kept: [mute for mute in kept if mute not in ended])
        return [mute for mute in mutes if mute not in ended]

    def _notify_early(self, judged: Judged) -> None:
        """Write the events of a vendor to a pipe without waiting for the slowest page.

        Muted vendors wait for the end of the round, and so do pages that could not be read: the
        network may be to blame.
        """
        if not self._early or not isinstance(judged.outcome, Read):
            return
        # Opening the log is slow, so only if there may be something new.
        key = vendor_key(judged.vendor)
        fingerprint = (judged.severity, judged.incidents, judged.maintenances)
        before = self._fingerprints.get(key, (Severity.NONE, (), ()))
        self._fingerprints[key] = fingerprint
        if fingerprint == before:
            return
        if any(mute.applies_to(judged.vendor) for mute in self.mutes()):
            return
        with suppress(BusyError):  # the end of the round tries again
            for notifier in self._early:
                notifier.notify([judged], at=self.session.run.clock.now())


class ChangeLog:
    """The changes since the watch began, for whoever looks at a terminal; not kept on disk."""

    def __init__(self) -> None:
        self._states: dict[str, VendorState] = {}

    def add(self, report: Report) -> list[tuple[datetime, str]]:
        """Return time and title of each change since the last report.

        A vendor's first reading is not a change.
        """
        changes = []
        for judged in report.vendors:
            key = vendor_key(judged.vendor)
            before = self._states.get(key)
            self._states[key], events = compare(
                before or VendorState(), judged, now=report.generated_at
            )
            if before:
                changes += [
                    (event.at, str(build_message(event, drill=False)["title"]))
                    for event in select(events, Kind)
                ]
        return changes


def _is_fresh(judged: Judged | None, now: datetime) -> bool:
    """Whether the page said, when it was read, that it would not change before `now`."""
    if judged is None or not isinstance(judged.outcome, Read):
        return False
    read = judged.outcome
    age = now - read.checked_at  # negative if the clock was set back
    return timedelta() <= age < min(read.fresh_for, LONGEST_FRESHNESS)

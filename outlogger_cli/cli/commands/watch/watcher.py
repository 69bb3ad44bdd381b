"""Round after round: read the pages, tell what changed, pause."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from outlogger_cli import render
from outlogger_cli.alerts import events as changes
from outlogger_cli.alerts.events import Kind, Known
from outlogger_cli.alerts.message import message
from outlogger_cli.alerts.notifier import Round, Teller
from outlogger_cli.alerts.state import BusyError, Mute, State, key
from outlogger_cli.cli import output
from outlogger_cli.cli.commands.watch.audiences import OUTPUT
from outlogger_cli.cli.display import Display
from outlogger_cli.cli.session import Session
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.domain.model import Read, Severity
from outlogger_cli.domain.report import Report, build, lacks_network, unreached
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.engine import run as engine
from outlogger_cli.render import wording
from outlogger_cli.system import terminal

LONGEST_STRETCH = timedelta(minutes=5)
"""However long a page says that its answer holds, it is asked again after this."""


class _Round(Display):
    """Progress on a terminal; `on_vendor` is called with each vendor as it comes in."""

    def __init__(self, session: Session, on_vendor: Callable[[Judged], None]) -> None:
        super().__init__(session, "watch")
        self._call = on_vendor

    def on_vendor(self, judged: Judged) -> None:
        self._waiting.pop((judged.vendor.slug, judged.vendor.url), None)
        self._call(judged)


class Watcher:
    """The rounds of one watch. `session` says what is read and how."""

    def __init__(self, session: Session, *, state: State, tellers: Sequence[Teller]) -> None:
        self.session = session
        self._state = state
        self._tellers = tellers
        self._prompt = [
            teller for teller in tellers if teller.audience == OUTPUT and session.format.streams
        ]
        self._gists: dict[str, object] = {}
        self._last: dict[int, Judged] = {}
        self._fresh: tuple[Judged, ...] = ()

    def read(self, *, show_progress: bool = True) -> Report:
        """How every vendor stands. A page whose last answer still holds is not requested again."""
        run = self.session.run
        now = run.clock.now()
        due = [i for i in range(len(run.vendors)) if not _holds(self._last.get(i), now)]
        asked = replace(run, vendors=tuple(run.vendors[index] for index in due))
        shown = replace(self.session, run=asked)
        if not show_progress:
            shown = replace(shown, output=replace(shown.output, quiet=True))
        report = engine.report(
            asked, "watch", gate=False, display=_Round(shown, self._tell_promptly)
        )
        if report.exit_code is ExitCode.INTERRUPTED:
            raise KeyboardInterrupt
        self._fresh = report.vendors
        self._last.update(zip(due, report.vendors, strict=True))
        every = [self._last[index] for index in range(len(run.vendors))]
        return build("watch", every, gate=False, now=run.clock.now(), drill=run.drill_title)

    def _tell_promptly(self, judged: Judged) -> None:
        """Whoever reads events from a pipe need not wait for the slowest page. What a mute concerns
        waits for the round, and a page that could not be read: the network may be to blame."""
        if not self._prompt or not isinstance(judged.outcome, Read) or not self._is_news(judged):
            return
        if any(mute.concerns(judged.vendor) for mute in self.mutes()):
            return
        round = Round(
            judged=[judged],
            at=self.session.run.clock.now(),
            drill=self.session.run.drill is not None,
        )
        with suppress(BusyError):  # then it is told with the round
            for teller in self._prompt:
                teller.tell(round)

    def _is_news(self, judged: Judged) -> bool:
        """Whether it is worth to look up what was told of the vendor."""
        name, gist = key(judged.vendor), (judged.severity, judged.incidents, judged.maintenances)
        before = self._gists.get(name, (Severity.NONE, (), ()))
        self._gists[name] = gist
        return gist != before

    def tell(self, report: Report) -> list[str]:
        """Tell everybody what changed; what there is to say of how that went. Where the network
        is to blame nothing changed, but what is yet to be told may find its way."""
        blamed = self._blamed(report)
        notes = [f"{blamed}; nothing is told of the pages"] if blamed else []
        try:
            round = self._round(report, () if blamed else report.vendors)
            failed = [(one.channel.name, why) for one in self._tellers if (why := one.tell(round))]
        except BusyError as error:
            return [*notes, f"{error}; the next round tells what changed"]
        return [*notes, *(f"{name}: {why}; it is tried again next round" for name, why in failed)]

    def _blamed(self, report: Report) -> str | None:
        """The line for a round that says nothing of the vendors; pages that refuse do."""
        failures = unreached([judged.error for judged in report.vendors])
        if not failures or self.session.run.drill or not lacks_network(failures[0]):
            return None
        return output.without_network(failures[0])

    def mutes(self) -> list[Mute]:
        """Those in force for the vendors that are watched."""
        mutes = self._state.mutes(self.session.runtime.now())
        return [mute for mute in mutes if any(map(mute.concerns, self.session.run.vendors))]

    def _round(self, report: Report, judged: Sequence[Judged]) -> Round:
        return Round(
            judged=judged,
            at=report.generated_at,
            mutes=self._in_force(),
            drill=self.session.run.drill is not None,
        )

    def _in_force(self) -> list[Mute]:
        """The mutes that this round does not end."""
        mutes = self.mutes()
        ended = [mute for mute in mutes if any(_ends(judged, mute) for judged in self._fresh)]
        if ended:
            self._state.change_mutes(lambda all_: [mute for mute in all_ if mute not in ended])
        return [mute for mute in mutes if mute not in ended]


class Log:
    """What changed since the watch began, told to nobody but whoever looks at it."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    def since(self, report: Report) -> list[tuple[datetime, str]]:
        """When and what; of a vendor's first reading nothing, for it is shown as it stands."""
        found = []
        for judged in report.vendors:
            name = key(judged.vendor)
            before = self._known.get(name)
            after, events = changes.compare(before or Known(), judged, now=report.generated_at)
            self._known[name] = after
            if before:
                told = changes.wanted(events, Kind)
                found += [(e.at, str(message(e, drill=False)["title"])) for e in told]
        return found


def once(watcher: Watcher) -> None:
    """One round: how every vendor stands, if that is shown, and what changed."""
    report = watcher.read()
    _show(watcher.session, report)
    for note in watcher.tell(report):
        output.say(watcher.session, note)


class Lines:
    """The display of rounds if nothing can be redrawn: events as lines, notes when they change."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._log = Log()
        self._is_first = True
        self._said: list[str] = []

    def on_report(self, report: Report) -> bool:
        session = self._watcher.session
        if self._is_first:
            _show(session, report)
        changed = self._log.since(report)
        if session.format.for_terminal and not session.output.quiet:
            for at, title in changed:
                when = wording.moment(at, session.zone, at)
                terminal.write(session.runtime.stdout, f"{when}  {title}\n")
        notes = self._watcher.tell(report)
        for note in notes:
            if note not in self._said:
                output.say(session, note)
        self._is_first, self._said = False, notes
        return False

    def pause(self, seconds: float, _report: Report) -> bool:
        self._watcher.session.run.clock.sleep(seconds)
        return False


def _show(session: Session, report: Report) -> None:
    if session.format.for_terminal and not session.output.quiet:
        text = render.render(report, session.format, session.view())
        terminal.write(session.runtime.stdout, text)


def _holds(judged: Judged | None, now: datetime) -> bool:
    """Whether the page said when it was read that it would not have changed by `now`."""
    if judged is None or not isinstance(judged.outcome, Read):
        return False
    read = judged.outcome
    age = now - read.checked_at  # below nothing where the clock was set back
    return timedelta() <= age < min(read.fresh_for, LONGEST_STRETCH)


def _ends(judged: Judged, mute: Mute) -> bool:
    return mute.concerns(judged.vendor) and mute.is_resolved(judged)

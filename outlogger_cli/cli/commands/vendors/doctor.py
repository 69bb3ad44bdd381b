"""`outlogger vendors doctor`: the catalogue held against the pages it names."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from outlogger_cli.catalog import audit as findings
from outlogger_cli.catalog import catalog
from outlogger_cli.catalog.audit import Diagnosis, Finding
from outlogger_cli.catalog.catalog import Entry
from outlogger_cli.cli.commands.vendors.listing import known
from outlogger_cli.cli.commands.vendors.notes import Notes
from outlogger_cli.cli.display import progress
from outlogger_cli.cli.options import ListOptions, NetworkOptions
from outlogger_cli.cli.output import announce, put_list, say, without_network
from outlogger_cli.cli.session import Session, build_for
from outlogger_cli.domain.errors import ExitCode, LocalError, UsageError
from outlogger_cli.domain.model import Failed, Vendor
from outlogger_cli.domain.report import unreached
from outlogger_cli.domain.values import frozen
from outlogger_cli.drill import environment
from outlogger_cli.engine import run as engine
from outlogger_cli.render.wording import count
from outlogger_cli.system import files, paths
from outlogger_cli.system.runtime import Runtime

COLUMNS = ("slug", "finding", "url", "platform", "detail")


@frozen
class Asked:
    """What the command line says."""

    names: Sequence[str]
    everything: bool
    fix: bool


@dataclass(slots=True, kw_only=True)
class Round:
    """What is known of `entries`, by slug: what was noted before, and what this run finds."""

    entries: Sequence[Entry]
    found: dict[str, Diagnosis]
    failures: list[Failed | None] = field(default_factory=list)
    """Why the pages of this run were not read, None for one that was."""

    interrupted: bool = False
    over: bool = True
    """Whether every page was asked: no Ctrl-C and no deadline came first."""

    @property
    def left(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.slug not in self.found]

    @property
    def diagnoses(self) -> list[Diagnosis]:
        """In the order of the entries."""
        return [self.found[entry.slug] for entry in self.entries if entry.slug in self.found]


def run(runtime: Runtime, asked: Asked, network: NetworkOptions, listing: ListOptions) -> ExitCode:
    """List what the pages say about their lines, and with `fix` write that into the lines."""
    entries = _entries(asked)
    if asked.fix:
        _refuse_fix(runtime)
    notes = _notes(runtime, asked)
    done = Round(entries=entries, found=notes.of(entries))
    left = done.left
    session = build_for(runtime, [_vendor(entry) for entry in left], network, listing)
    announce(session)
    if done.found:
        say(session, f"going on: {len(done.found)} of {len(entries)} pages were read before")
    _read(session, left, done, notes)
    # People who ask for thousands of pages want to see the few that are not fine.
    dull = {Finding.FINE} if asked.everything and session.format.for_terminal else set()
    items = [asdict(one) for one in done.diagnoses if one.finding not in dull]
    put_list(runtime, listing, "vendors doctor", items, COLUMNS)
    _sum_up(session, done)
    if asked.fix:
        say(session, _fix(done.diagnoses))
    if done.over:
        notes.clear()
    return _exit_code(done)


def _entries(asked: Asked) -> list[Entry]:
    if asked.everything == bool(asked.names):
        raise UsageError("vendors doctor needs names, or --all for the whole catalogue")
    if asked.everything:
        return list(catalog.entries())
    return list({entry.slug: entry for entry in map(known, asked.names)}.values())


def _refuse_fix(runtime: Runtime) -> None:
    """Raises `UsageError` where the catalogue cannot be written, or its pages are not real."""
    if environment.from_environment(runtime.environ):
        raise UsageError(f"--fix needs the real pages: unset {environment.VARIABLE}")
    file = catalog.FILE
    if not os.access(file, os.W_OK) or not os.access(file.parent, os.W_OK):
        raise UsageError(f"--fix: {file} cannot be written; it is for a checkout of the project")


def _notes(runtime: Runtime, asked: Asked) -> Notes:
    """Only a run over everything is long enough to be gone on with, and no drill is kept."""
    kept = asked.everything and not environment.from_environment(runtime.environ)
    return Notes(paths.state() / "doctor.jsonl" if kept else None, now=runtime.now())


def _vendor(entry: Entry) -> Vendor:
    return Vendor(slug=entry.slug, url=entry.url, name=entry.name, platform=entry.platform)


def _read(session: Session, entries: Sequence[Entry], done: Round, notes: Notes) -> None:
    """Fill `done`; what was read is noted at once. Nothing is kept of a page but its diagnosis."""
    began, deadline = session.run.clock.monotonic(), session.run.request.deadline
    try:
        with progress(session, lambda: [_left(done)]):
            for place, outcome in engine.read(replace(session.run, cache=None)):
                entry = entries[place]
                done.found[entry.slug] = diagnosis = findings.diagnose(entry, outcome)
                done.failures.append(outcome if isinstance(outcome, Failed) else None)
                notes.add(diagnosis)
    except KeyboardInterrupt:
        done.interrupted = True
    spent = session.run.clock.monotonic() - began
    done.over = not done.interrupted and (not deadline or spent < deadline.total_seconds())
    if failures := unreached(done.failures):
        say(session, without_network(failures[0]))
        done.found = {slug: findings.doubted(one) for slug, one in done.found.items()}


def _left(done: Round) -> str:
    """`38 of 40 pages`"""
    total = len(done.entries)
    return f"{total - len(done.found)} of {count(total, 'page')}"


def _sum_up(session: Session, done: Round) -> None:
    """`40 pages: 38 fine, 2 dead`, and what is left of an interrupted round."""
    diagnoses = done.diagnoses
    counts = Counter(diagnosis.finding for diagnosis in diagnoses)
    told = ", ".join(f"{counts[finding]} {finding}" for finding in Finding if counts[finding])
    say(session, f"{count(len(diagnoses), 'page')}: {told}" if told else "no page was read")
    if done.interrupted:
        say(session, f"interrupted: {count(len(done.left), 'page')} left")


def _fix(diagnoses: Sequence[Diagnosis]) -> str:
    """Write what was found into the catalogue; how many lines that changed."""
    path = catalog.FILE.resolve()
    try:
        old = path.read_text(encoding="utf-8")
        new = findings.corrected(old, diagnoses)
        changed = sum(a != b for a, b in zip(old.splitlines(), new.splitlines(), strict=True))
        if changed:
            files.replace(path, new.encode(), temporary=path.with_suffix(f".{os.getpid()}.new"))
    except OSError as error:
        raise LocalError(f"--fix: {path} cannot be written: {error.strerror}") from None
    return f"{path}: {count(changed, 'line')} put right"


def _exit_code(done: Round) -> ExitCode:
    if done.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.OK if all(one.read for one in done.diagnoses) else ExitCode.UNKNOWN

"""`outlogger vendors doctor`: the catalogue held against the pages it names."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from outlogger_cli.catalog import audit as findings
from outlogger_cli.catalog import catalog
from outlogger_cli.catalog.audit import Diagnosis, Finding
from outlogger_cli.catalog.catalog import Entry
from outlogger_cli.cli import session
from outlogger_cli.cli.commands.vendors.listing import known
from outlogger_cli.cli.commands.vendors.notes import Notes
from outlogger_cli.cli.commands.vendors.pages import begin
from outlogger_cli.cli.formats import put_listing
from outlogger_cli.cli.options import Fetching, Listing
from outlogger_cli.cli.output import say, without_network
from outlogger_cli.cli.session import Walk
from outlogger_cli.domain.errors import ExitCode, LocalError, UsageError
from outlogger_cli.domain.model import Failed, Vendor
from outlogger_cli.domain.report import unreached
from outlogger_cli.domain.values import frozen
from outlogger_cli.drill import environment
from outlogger_cli.render.wording import count
from outlogger_cli.system import files, paths, terminal
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


def run(runtime: Runtime, asked: Asked, fetching: Fetching, listing: Listing) -> ExitCode:
    """List what the pages say about their lines, and with `fix` write that into the lines."""
    entries = _entries(asked)
    if asked.fix:
        _refuse_fix(runtime)
    notes = _notes(runtime, asked)
    done = Round(entries=entries, found=notes.of(entries))
    left = done.left
    step, chosen = begin(runtime, [_vendor(entry) for entry in left], fetching, listing)
    if done.found:
        say(step, f"going on: {len(done.found)} of {len(entries)} pages were read before")
    _read(step, left, done, notes)
    # People who ask for thousands of pages want to see the few that are not fine.
    dull = {Finding.FINE} if asked.everything and chosen == "table" else set()
    items = [asdict(one) for one in done.diagnoses if one.finding not in dull]
    put_listing(runtime, listing, "vendors doctor", items, COLUMNS)
    _sum_up(step, done)
    if asked.fix:
        say(step, _fix(done.diagnoses))
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


def _read(step: Walk, entries: Sequence[Entry], done: Round, notes: Notes) -> None:
    """Fill `done`; what was read is noted at once. Nothing is kept of a page but its diagnosis."""
    began, deadline = step.runtime.monotonic(), step.request.deadline
    try:
        with _progress(step, done):
            for place, outcome in session.outcomes(step, stored=False):
                entry = entries[place]
                done.found[entry.slug] = diagnosis = findings.diagnose(entry, outcome)
                done.failures.append(outcome if isinstance(outcome, Failed) else None)
                notes.add(diagnosis)
    except KeyboardInterrupt:
        done.interrupted = True
    spent = step.runtime.monotonic() - began
    done.over = not done.interrupted and (not deadline or spent < deadline.total_seconds())
    if failures := unreached(done.failures):
        say(step, without_network(failures[0]))
        done.found = {slug: findings.doubted(one) for slug, one in done.found.items()}


def _progress(step: Walk, done: Round) -> terminal.Progress:
    stream, total = step.runtime.stderr, len(done.entries)
    shows = terminal.redraws(stream, step.runtime.environ) and not step.reading.quiet
    return terminal.Progress(
        stream if shows else None,
        awaited=lambda: [f"{total - len(done.found)} of {count(total, 'page')}"],
        columns=terminal.width(stream, step.runtime.environ),
    )


def _sum_up(step: Walk, done: Round) -> None:
    """`40 pages: 38 fine, 2 dead`, and what is left of an interrupted round."""
    diagnoses = done.diagnoses
    counts = Counter(diagnosis.finding for diagnosis in diagnoses)
    told = ", ".join(f"{counts[finding]} {finding}" for finding in Finding if counts[finding])
    say(step, f"{count(len(diagnoses), 'page')}: {told}" if told else "no page was read")
    if done.interrupted:
        say(step, f"interrupted: {count(len(done.left), 'page')} left")


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

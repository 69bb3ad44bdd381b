"""`outlogger vendors doctor`: compare lines of the catalogue with the pages they name."""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta

from outlogger_cli.alerts.state_file import StateFile
from outlogger_cli.catalog import audit, catalog, search
from outlogger_cli.catalog.audit import Diagnosis, Finding
from outlogger_cli.catalog.catalog import Entry
from outlogger_cli.cli.commands.vendors import findings
from outlogger_cli.cli.commands.vendors.checkpoint import Checkpoint
from outlogger_cli.cli.commands.vendors.signatures import DoctorOptions
from outlogger_cli.cli.display import progress
from outlogger_cli.cli.options import ListOptions, NetworkOptions
from outlogger_cli.cli.output import announce, say, without_network
from outlogger_cli.cli.session import Session, build_for
from outlogger_cli.cli.writing import put, put_list, stream_view
from outlogger_cli.domain.errors import ExitCode, LocalError, UsageError
from outlogger_cli.domain.model import Failed, Vendor
from outlogger_cli.domain.report import unreached
from outlogger_cli.drill import environment
from outlogger_cli.engine import run as engine
from outlogger_cli.render.wording import count
from outlogger_cli.system import files, paths
from outlogger_cli.system.runtime import Runtime

COLUMNS = ("slug", "finding", "url", "platform", "detail")

LONGEST = timedelta(minutes=20)
"""The deadline of a run over the whole catalogue; the next run continues it."""


@dataclass(slots=True, kw_only=True)
class Audit:
    """The diagnoses of `entries` by slug: those of an interrupted run, and those of this one."""

    entries: Sequence[Entry]
    by_slug: dict[str, Diagnosis]
    failures: list[Failed | None] = field(default_factory=list)
    """Why pages of this run were not read, None for one that was."""

    interrupted: bool = False
    complete: bool = True
    """Whether every page was tried: no Ctrl-C and no deadline came first."""

    @property
    def remaining(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.slug not in self.by_slug]

    @property
    def diagnoses(self) -> list[Diagnosis]:
        """In the order of the entries."""
        return [self.by_slug[entry.slug] for entry in self.entries if entry.slug in self.by_slug]


def run(
    runtime: Runtime, options: DoctorOptions, network: NetworkOptions, listing: ListOptions
) -> ExitCode:
    """List the diagnoses of lines of the catalogue, and with `--fix` correct the lines."""
    entries = _entries(options)
    if options.fix:
        _refuse_fix(runtime)
    if options.everything and network.deadline is None:
        network = replace(network, deadline=LONGEST)
    checkpoint = _checkpoint(runtime, options)
    done = Audit(entries=entries, by_slug=checkpoint.load(entries))
    session = build_for(
        runtime,
        [
            Vendor(slug=entry.slug, url=entry.url, name=entry.name, platform=entry.platform)
            for entry in done.remaining
        ],
        network,
        listing,
    )
    announce(session)
    if done.by_slug:
        say(session, f"continuing: {len(done.by_slug)} of {len(entries)} pages already read")
    _read(session, done, checkpoint)
    _write(session, done, options, listing)
    if done.interrupted:
        say(session, f"interrupted: {count(len(done.remaining), 'page')} left")
    if options.fix:
        say(session, _fix(done.diagnoses))
    if done.complete:
        checkpoint.clear()
    if done.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.OK if all(one.read for one in done.diagnoses) else ExitCode.UNKNOWN


def _entries(options: DoctorOptions) -> list[Entry]:
    if options.everything == bool(options.names):
        raise UsageError("vendors doctor needs vendor names, or --all")
    if options.everything:
        return list(catalog.entries())
    return search.named(options.names or ())


def _refuse_fix(runtime: Runtime) -> None:
    """Raise `UsageError` if the catalogue cannot be written, or its pages are not real."""
    if environment.from_environment(runtime.environ):
        raise UsageError(f"--fix needs the real pages: unset {environment.VARIABLE}")
    file = catalog.FILE
    if not os.access(file, os.W_OK) or not os.access(file.parent, os.W_OK):
        raise UsageError(f"--fix: {file} cannot be written; run it in a checkout of the project")


def _checkpoint(runtime: Runtime, options: DoctorOptions) -> Checkpoint:
    """Only a run over the whole catalogue is long enough to be resumed, and no drill is kept.

    A file that another user may have written is not used.
    """
    path = paths.state() / "doctor.jsonl"
    kept = options.everything and not environment.from_environment(runtime.environ)
    return Checkpoint(path if kept and not StateFile(path).foreign else None, now=runtime.now())


def _read(session: Session, done: Audit, checkpoint: Checkpoint) -> None:
    """Read the remaining pages; of each only the diagnosis is kept, and that at once."""
    entries, total = done.remaining, count(len(done.entries), "page")
    began, deadline = session.run.clock.monotonic(), session.run.request.deadline
    try:
        with progress(session, lambda: [f"{len(done.remaining)} of {total}"]):
            for place, outcome in engine.read(replace(session.run, cache=None)):
                entry = entries[place]
                done.by_slug[entry.slug] = diagnosis = audit.diagnose(entry, outcome)
                done.failures.append(outcome if isinstance(outcome, Failed) else None)
                checkpoint.add(diagnosis)
    except KeyboardInterrupt:
        done.interrupted = True
    spent = session.run.clock.monotonic() - began
    done.complete = not done.interrupted and (not deadline or spent < deadline.total_seconds())
    if failures := unreached(done.failures):
        say(session, without_network(failures[0], pages=len(done.failures)))
        done.by_slug = {slug: audit.doubted(one) for slug, one in done.by_slug.items()}


def _write(session: Session, done: Audit, options: DoctorOptions, listing: ListOptions) -> None:
    """Write the diagnoses, and their summary to standard error if the format has none."""
    runtime = session.runtime
    if not session.format.for_terminal:
        items = [asdict(one) for one in done.diagnoses]
        put_list(runtime, listing, "vendors doctor", items, COLUMNS)
        say(session, findings.summary(done.diagnoses))
        return
    # In a list of thousands of pages people look for the few that are not fine.
    hidden = {Finding.FINE} if options.everything else set()
    text = findings.report(done.diagnoses, hidden=hidden, now=runtime.now())
    plain = text.encode("ascii", "replace").decode()
    put(runtime, listing, plain if stream_view(runtime, listing).ascii else text)


def _fix(diagnoses: Sequence[Diagnosis]) -> str:
    """Correct the catalogue; return how many lines that changed."""
    path = catalog.FILE.resolve()
    try:
        old = path.read_text(encoding="utf-8")
        new = audit.corrected(old, diagnoses)
        changed = sum(a != b for a, b in zip(old.splitlines(), new.splitlines(), strict=True))
        if changed:
            files.replace(path, new.encode(), temporary=path.with_suffix(f".{os.getpid()}.new"))
    except OSError as error:
        raise LocalError(f"--fix: {path} cannot be written: {error.strerror}") from None
    return f"{path}: {count(changed, 'line')} corrected"

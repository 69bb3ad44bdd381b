"""The pages of vendors that are to be added, read before anything is written."""

from collections.abc import Sequence

from outlogger_cli import platforms
from outlogger_cli.cli.commands.watchlist.target import Target
from outlogger_cli.cli.display import Display
from outlogger_cli.cli.options import NetworkOptions, OutputOptions
from outlogger_cli.cli.output import announce, network_blame
from outlogger_cli.cli.session import Session, build_for
from outlogger_cli.domain import selection
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.model import Read, Selection
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.similar import did_you_mean
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import replace
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.engine import run as engine
from outlogger_cli.render.wording import count
from outlogger_cli.watchlist import resolve
from outlogger_cli.watchlist.pages import page_of
from outlogger_cli.watchlist.schema import Entry


def read_pages(target: Target, entries: Sequence[Entry], network: NetworkOptions) -> Report:
    """Read the page of each entry, in their order; note those that could not be read.

    The exit code is 0 only if all were read.
    """
    session = _session(target, entries, network)
    announce(session, names_list=False)  # the answer does
    report = engine.report(
        session.run, "watchlist add", gate=False, display=Display(session, "watchlist add")
    )
    if report.exit_code is ExitCode.UNKNOWN:
        if blamed := network_blame(session, report):
            target.note(blamed)
        for one in report.vendors if not blamed else ():
            if one.error:
                target.note(f"{one.vendor.slug}: {one.reasons[0]}, {one.vendor.url}")
        target.note("nothing was added; to add without reading the page: --no-check")
    return report


def describe(entry: Entry, judged: Judged) -> str:
    """`GitHub (https://www.githubstatus.com, statuspage, 11 components in 3 groups)`"""
    components = judged.components
    groups = {component.group for component in components if component.group}
    parts = count(len(components), "component") if components else "no components"
    within = f" in {count(len(groups), 'group')}" if groups else ""
    platform = judged.outcome.platform if isinstance(judged.outcome, Read) else ""
    never = [word for word in platforms.lacks(platform) if word != "components"]
    lacks = f", without {' or '.join(never)}" if never else ""
    return f"{judged.name} ({page_of(entry)}, {platform}, {parts}{within}{lacks})"


def as_found(entry: Entry, judged: Judged) -> Entry:
    """`entry` with the platform and the address that were found, if it has one of them.

    The address changes if the page is only the beginning of what the user gave.
    """
    read = judged.outcome
    if not (entry.url or entry.platform) or not isinstance(read, Read):
        return entry
    shorter = entry.url and read.moved_to and entry.url.startswith(f"{read.moved_to}/")
    return replace(entry, url=read.moved_to if shorter else entry.url, platform=read.platform)


def refuse_unknown(judged: Judged, patterns: Sequence[str]) -> None:
    """Raise `UsageError` for patterns that match nothing on the page, with similar names.

    A page that may have more components than it lists may have these.
    """
    if judged.reading and judged.reading.snapshot.is_cut:
        return
    missing = selection.select(Selection(include=tuple(patterns)), judged.components).missing
    if missing:
        reasons = "; ".join(_missing(judged, pattern) for pattern in missing)
        raise UsageError(f"{line(judged.name)} has {reasons}")


def _missing(judged: Judged, pattern: str) -> str:
    hint = did_you_mean(
        selection.closest(pattern, judged.components),
        otherwise="to list them: --pick" if judged.components else "its page has no components",
        separator=", ",
    )
    return f"no component {pattern!r}{hint}"


def _session(target: Target, entries: Sequence[Entry], network: NetworkOptions) -> Session:
    """The session that reads the pages as the list will say once the entries are on it."""
    known = [target.watchlist.entry(entry.slug) or entry for entry in entries]
    merged = [replace(old, **new.given) for old, new in zip(known, entries, strict=True)]
    watchlist = replace(target.watchlist, vendors=tuple(merged))
    vendors = resolve.vendors(
        (),
        overrides=resolve.Overrides(timeout=network.timeout),
        watchlist=watchlist,
        located=target.located,
        environ=target.runtime.environ,
    )
    return build_for(
        target.runtime,
        vendors,
        network,
        OutputOptions(quiet=target.quiet),
        located=replace(target.located, foreign=None),  # `locate` noted it already
        watchlist=watchlist,
    )

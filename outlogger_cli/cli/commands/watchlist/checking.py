"""The pages of vendors that are to be added, read before anything is written."""

from collections.abc import Sequence
from dataclasses import fields, replace

from outlogger_cli.cli.commands.watchlist.naming import by_slug
from outlogger_cli.cli.commands.watchlist.opened import Opened
from outlogger_cli.cli.display import Display
from outlogger_cli.cli.options import NetworkOptions, OutputOptions
from outlogger_cli.cli.output import announce, network_blame
from outlogger_cli.cli.session import Session, build_for
from outlogger_cli.domain import selection
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.model import Read, Selection
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.text import line
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.engine import run as engine
from outlogger_cli.render.wording import count
from outlogger_cli.watchlist import resolve
from outlogger_cli.watchlist.exchange import page_of
from outlogger_cli.watchlist.schema import Entry


def read_pages(opened: Opened, entries: Sequence[Entry], network: NetworkOptions) -> Report:
    """The page of each entry, in their order; what could not be read is said, once for all.

    The exit code is 0 only where all could be.
    """
    session = _step(opened, entries, network)
    announce(session)
    report = engine.report(
        session.run, "watchlist add", gate=False, display=Display(session, "watchlist add")
    )
    if report.exit_code is ExitCode.UNKNOWN:
        blamed = network_blame(session, report)
        unread = [one for one in report.vendors if one.error and not blamed]
        if blamed:
            opened.note(blamed)
        for one in unread:
            opened.note(f"{one.vendor.slug}: {one.reasons[0]}, {one.vendor.url}")
        opened.note("nothing was added; --no-check adds without reading the page")
    return report


def describe(entry: Entry, judged: Judged) -> str:
    """`GitHub (https://www.githubstatus.com, statuspage, 11 components in 3 groups)`"""
    components = judged.components
    groups = {component.group for component in components if component.group}
    said = count(len(components), "component") if components else "no components"
    within = f" in {count(len(groups), 'group')}" if groups else ""
    return f"{judged.name} ({page_of(entry)}, {_platform(judged)}, {said}{within})"


def as_found(entry: Entry, judged: Judged) -> Entry:
    """`entry` with the platform and the address that were found, where it brings one of them.

    The address is another one where only the beginning of what the user gave is the page.
    """
    read = judged.outcome
    if not (entry.url or entry.platform) or not isinstance(read, Read):
        return entry
    shorter = entry.url and read.moved_to and entry.url.startswith(f"{read.moved_to}/")
    return replace(entry, url=read.moved_to if shorter else entry.url, platform=read.platform)


def note_platform(opened: Opened, wanted: Entry, found: Entry) -> None:
    """Say so where the page does not run on what the user says."""
    if wanted.platform and wanted.platform != found.platform:
        opened.note(
            f"{found.slug}: runs on {found.platform}, not on {wanted.platform};"
            " --no-check takes --platform unread"
        )


def refuse_unknown(judged: Judged, patterns: Sequence[str]) -> None:
    """Raises `UsageError` for patterns that match nothing on the page, with the closest names."""
    missing = selection.select(Selection(include=tuple(patterns)), judged.components).missing
    if missing:
        said = "; ".join(_missing(judged, pattern) for pattern in missing)
        raise UsageError(f"{line(judged.name)} has {said}")


def _step(opened: Opened, entries: Sequence[Entry], network: NetworkOptions) -> Session:
    """The run that reads them as the list will say once they are on it."""
    intended = [_merged(by_slug(entry.slug, opened.known), entry) for entry in entries]
    listed = replace(opened.known, vendors=tuple(intended))
    vendors = resolve.vendors(
        (),
        tags=(),
        overrides=resolve.Overrides(timeout=network.timeout),
        watchlist=listed,
        located=opened.located,
        environ=opened.runtime.environ,
    )
    return build_for(
        opened.runtime,
        vendors,
        network,
        OutputOptions(quiet=opened.quiet),
        located=replace(opened.located, foreign=None),  # it was told of already
        watchlist=listed,
    )


def _merged(known: Entry | None, entry: Entry) -> Entry:
    """What the list will say once `entry` is on it."""
    if known is None:
        return entry
    given = {f.name: value for f in fields(entry) if (value := getattr(entry, f.name))}
    return replace(known, **given)


def _platform(judged: Judged) -> str:
    return judged.outcome.platform if isinstance(judged.outcome, Read) else ""


def _missing(judged: Judged, pattern: str) -> str:
    near = selection.closest(pattern, judged.components)
    hint = f"did you mean {' or '.join(near)}?" if near else "--pick lists them on a terminal"
    return f"no component {pattern!r}, {hint if judged.components else 'its page lists none'}"

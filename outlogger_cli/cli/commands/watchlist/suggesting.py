"""`outlogger watchlist suggest`: the vendors that a project's files mention."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from outlogger_cli.catalog import catalog
from outlogger_cli.cli.command_line import completed_by, with_options
from outlogger_cli.cli.commands.watchlist.target import Target, open_target
from outlogger_cli.cli.options import ListOptions, WatchlistOptions
from outlogger_cli.cli.writing import format_name, put_list, stream_view
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.domain.values import replace
from outlogger_cli.render.wording import count, listed
from outlogger_cli.system import paths
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import resolve
from outlogger_cli.watchlist.schema import Entry

if TYPE_CHECKING:
    from outlogger_cli.suggest import Evidence, Findings, Proposal

COLUMNS = ("slug", "name", "score", "evidence")
TABLE_COLUMNS = ("slug", "score", "list", "evidence")

SHOWN = 3
"""Pieces of evidence that a table shows of one vendor, and paths that a message names."""

_BESIDE = len("score  list    ") + 2
"""Columns of a table between the slug and the evidence."""

_SHORTEST_PATH = 12


@with_options(where=WatchlistOptions, listing=ListOptions)
def suggest(
    ctx: typer.Context,
    path: Annotated[
        Path | None,
        Argument(
            metavar="[PATH]", help="Project folder. [default: current folder]", show_default=False
        ),
    ] = None,
    add: Annotated[
        bool, Option("--add", help="Add the vendors to the project's outlogger.toml.")
    ] = False,
    min_score: Annotated[
        int,
        Option(
            metavar="N",
            min=0,
            max=99,
            help="Omit vendors with a lower score; scores are 50 to 99.",
            show_default=False,
        ),
    ] = 0,
    excluded: Annotated[
        list[str] | None,
        Option(
            "--except",
            metavar="NAME",
            help="Omit this vendor (repeatable).",
            show_default=False,
            autocompletion=completed_by("vendors"),
        ),
    ] = None,
    *,
    where: WatchlistOptions,
    listing: ListOptions,
) -> ExitCode:
    """Propose the vendors a project depends on.

    \b
    Examples:
      outlogger watchlist suggest
      outlogger watchlist suggest ../api --add --except aws

    Reads its manifests, workflows and sources, and sends nothing anywhere. The most certain
    come first, each with its evidence. --add creates outlogger.toml at the root of the repository
    if needed; outside a repository it adds to the watchlist in use.
    """
    from outlogger_cli.suggest import suggest as search

    root = path or ctx.obj.cwd
    target = open_target(ctx.obj, _where(ctx.obj, where, root, add=add), quiet=listing.quiet)
    names = [part for name in excluded or () for part in name.split(",")]
    left_out = {
        (catalog.by_name(name) or resolve.to_add(name, target.watchlist)).slug for name in names
    }
    format = format_name(ctx.obj, listing)
    findings = search(root, monotonic=ctx.obj.clock.monotonic)
    found = [p for p in findings.proposals if p.score >= min_score and p.slug not in left_out]
    fresh = [one.slug for one in found if target.watchlist.entry(one.slug) is None]
    if add and fresh:
        target.add(Entry(slug=slug) for slug in fresh)
    if format == "table":
        width = stream_view(ctx.obj, listing).width - _BESIDE
        width -= max((len(one.slug) for one in found), default=0) + 2
        marks = dict.fromkeys(fresh, "added" if add else "new")
        rows = [row for one in found for row in _rows(one, marks.get(one.slug, "listed"), width)]
        put_list(ctx.obj, listing, "watchlist suggest", rows, TABLE_COLUMNS)
    else:
        evidence = _objects if format == "json" else _sentences
        items = [
            _item(one, new=one.slug in fresh, added=add) | {"evidence": evidence(one)}
            for one in found
        ]
        put_list(ctx.obj, listing, "watchlist suggest", items, COLUMNS)
    left_over = len(findings.proposals) - len(found)
    _note_outcome(target, path, fresh, added=add, found=bool(found), omitted=left_over)
    if unread := _unread(findings):
        target.note(f"some files in {root} were skipped: {', '.join(unread)}")
    return ExitCode.OK


def _where(runtime: Runtime, where: WatchlistOptions, root: Path, *, add: bool) -> WatchlistOptions:
    """The watchlist of the project at `root`, unless an option or the environment names one.

    To `add` to, the repository's, though it may not exist yet. One of another user is
    never chosen.
    """
    if where.watchlist or runtime.environ.get(paths.WATCHLIST_VARIABLE):
        return where
    folder = Path(runtime.cwd, root).resolve()
    located = paths.watchlist(None, runtime.environ, folder)
    if not located.own:
        return replace(where, watchlist=located.path)
    repository = next(
        (one for one in (folder, *folder.parents) if paths.is_there(one / ".git")), None
    )
    if add and repository and not located.foreign:
        return replace(where, watchlist=repository / paths.PROJECT_FILE)
    return where


def _item(proposal: "Proposal", *, new: bool, added: bool) -> dict[str, Any]:
    return {
        "slug": proposal.slug,
        "name": proposal.name,
        "score": proposal.score,
        "listed": added or not new,
        "added": added and new,
    }


def _objects(proposal: "Proposal") -> list[Any]:
    return [{"path": one.path, "line": one.line, "what": one.what} for one in proposal.evidence]


def _sentences(proposal: "Proposal") -> list[Any]:
    return [f"{one.path}:{one.line} {one.what}" for one in proposal.evidence]


def _rows(proposal: "Proposal", mark: str, width: int) -> Iterator[dict[str, str]]:
    """The best evidence, one a line: a terminal is too narrow for more."""
    shown = [_cell(one, width) for one in proposal.evidence[:SHOWN]]
    if (more := proposal.total - len(shown)) > 0:
        shown.append(f"and {more} more")
    for at, evidence in enumerate(shown):
        yield {
            "slug": "" if at else proposal.slug,
            "score": "" if at else f"{proposal.score:>5}",
            "list": "" if at else mark,
            "evidence": evidence,
        }


def _cell(evidence: "Evidence", width: int) -> str:
    """What was found, and where: the path is cut in the middle if `width` is too little."""
    place = f"{evidence.path}:{evidence.line}"
    room = max(width - len(evidence.what) - 2, _SHORTEST_PATH)
    if len(place) > room:
        end = room * 2 // 3
        place = f"{place[: room - end - 1]}…{place[-end:]}"
    return f"{evidence.what}  {place}"


def _unread(findings: "Findings") -> list[str]:
    """Why there may be more than was found."""
    reasons = [
        f"{count(len(names), what)} ({listed([name or '.' for name in names], limit=SHOWN)})"
        for what, names in sorted(findings.unread.items())
    ]
    if findings.ended:
        reasons.append("time or size limit reached; search its folders one by one")
    return reasons


def _note_outcome(
    target: Target,
    path: Path | None,
    fresh: Sequence[str],
    *,
    added: bool,
    found: bool,
    omitted: int,
) -> None:
    if omitted and not found:
        target.note(f"found {count(omitted, 'vendor')}, omitted by --min-score or --except")
    elif not found:
        target.note(f"no vendors found in {path or target.runtime.cwd}")
    elif not fresh:
        target.note(f"all are already on the watchlist {target.shown_path}")
    elif added:
        target.note(f"Added {count(len(fresh), 'vendor')} to {target.shown_path}")
    else:
        new = f"{count(len(fresh), 'vendor')} not on the watchlist yet"
        named = f" {shlex.quote(str(path))}" if path else ""
        target.note(f"{new}; to add: outlogger watchlist suggest{named} --add")

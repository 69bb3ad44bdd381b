"""`outlogger watchlist suggest`: the vendors that a project's files mention."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from outlogger_cli.cli.commands.watchlist.target import Target, open_target
from outlogger_cli.cli.options import ListOptions, WatchlistOptions, with_options
from outlogger_cli.cli.writing import format_name, put_list
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.render.wording import count
from outlogger_cli.watchlist.schema import Entry

if TYPE_CHECKING:
    from outlogger_cli.suggest import Findings, Proposal

COLUMNS = ("slug", "name", "score", "evidence")

SHOWN = 3
"""Pieces of evidence that a table shows of one vendor."""


@with_options(where=WatchlistOptions, listing=ListOptions)
def suggest(
    ctx: typer.Context,
    path: Annotated[
        Path | None,
        Argument(metavar="[PATH]", help="A project; else this folder.", show_default=False),
    ] = None,
    add: Annotated[bool, Option("--add", help="Put them on the watchlist.")] = False,
    *,
    where: WatchlistOptions,
    listing: ListOptions,
) -> ExitCode:
    """Propose the vendors a project depends on.

    Reads its manifests, workflows and sources, and sends nothing anywhere. The surest come first,
    each with its evidence.

    Examples: outlogger watchlist suggest · outlogger watchlist suggest ../api --add
    """
    from outlogger_cli.suggest import suggest as search

    target = open_target(ctx.obj, where, quiet=listing.quiet)
    format = format_name(ctx.obj, listing)
    root = path or ctx.obj.cwd
    findings = search(root, monotonic=ctx.obj.clock.monotonic)
    found = findings.proposals
    fresh = [one.slug for one in found if target.watchlist.entry(one.slug) is None]
    if add and fresh:
        target.add(Entry(slug=slug) for slug in fresh)
    if format == "table":
        rows = [row for one in found for row in _rows(one)]
        put_list(ctx.obj, listing, "watchlist suggest", rows, ("slug", "evidence"))
    else:
        evidence = _objects if format == "json" else _sentences
        items = [
            _item(one, new=one.slug in fresh, added=add) | {"evidence": evidence(one)}
            for one in found
        ]
        put_list(ctx.obj, listing, "watchlist suggest", items, COLUMNS)
    _note_outcome(target, root, fresh, added=add, found=bool(found))
    if unread := _unread(findings):
        target.note(f"not everything in {root} was read: {', '.join(unread)}")
    return ExitCode.OK


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


def _rows(proposal: "Proposal") -> Iterator[dict[str, str]]:
    """The best evidence, one a line: a terminal is too narrow for more."""
    sentences = _sentences(proposal)
    shown, more = sentences[:SHOWN], len(sentences) - SHOWN
    if more > 0:
        shown.append(f"and {more} more")
    for at, sentence in enumerate(shown):
        yield {"slug": "" if at else proposal.slug, "evidence": sentence}


def _unread(findings: "Findings") -> list[str]:
    """Why there may be more than was found."""
    reasons = [count(number, what) for what, number in sorted(findings.unread.items())]
    if findings.ended:
        reasons.append("the limit of time or size was reached; search its folders one by one")
    return reasons


def _note_outcome(
    target: Target, root: Path, fresh: Sequence[str], *, added: bool, found: bool
) -> None:
    if not found:
        target.note(f"nothing in {root} speaks of a vendor of the catalogue")
    elif not fresh:
        target.note("all of them are on the list already")
    elif added:
        target.note(f"Added {count(len(fresh), 'vendor')} to {target.shown_path}")
    else:
        said = count(len(fresh), "vendor")
        target.note(f"{said} not on the list yet: outlogger watchlist suggest --add takes them in")

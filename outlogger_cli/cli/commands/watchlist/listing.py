"""`outlogger watchlist list`, `show`, `path` and `validate`: the list, its file and errors."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument

from outlogger_cli.cli.command_line import completed_by, with_options
from outlogger_cli.cli.commands.watchlist.target import locate, open_target
from outlogger_cli.cli.options import ListOptions, MessageOptions, WatchlistOptions
from outlogger_cli.cli.writing import check_file, format_name, put, put_list, stream_view
from outlogger_cli.domain.errors import ExitCode, UsageError, collected, together
from outlogger_cli.render.wording import count, field
from outlogger_cli.system import terminal
from outlogger_cli.watchlist import resolve, store
from outlogger_cli.watchlist.exchange import COLUMNS, SUMMARY, record


@with_options(where=WatchlistOptions, listing=ListOptions)
def list_vendors(ctx: typer.Context, *, where: WatchlistOptions, listing: ListOptions) -> ExitCode:
    """List the vendors on the watchlist, in its order."""
    target = open_target(ctx.obj, where, quiet=listing.quiet, missing=False)
    items = [record(entry) for entry in target.watchlist.vendors]
    put_list(ctx.obj, listing, "watchlist list", items, SUMMARY)
    target.note_emptiness()
    return ExitCode.OK


@with_options(where=WatchlistOptions, listing=ListOptions)
def show(
    ctx: typer.Context,
    names: Annotated[
        list[str],
        Argument(
            metavar="NAME...",
            help="Slugs, aliases or watchlist names.",
            autocompletion=completed_by("listed"),
        ),
    ],
    *,
    where: WatchlistOptions,
    listing: ListOptions,
) -> ExitCode:
    """Show everything the watchlist says about vendors."""
    target = open_target(ctx.obj, where, quiet=listing.quiet, missing=False)
    items = [record(one) for one in resolve.each(names, target.watchlist, resolve.listed)]
    if format_name(ctx.obj, listing) != "table":
        put_list(ctx.obj, listing, "watchlist show", items, (*COLUMNS, "headers"))
        return ExitCode.OK
    from outlogger_cli.render.table.facts import facts  # brings Rich

    if listing.output:
        check_file(listing.output)
    things = [(field(item["name"]), [*_facts(item)]) for item in items]
    put(ctx.obj, listing, facts(things, stream_view(ctx.obj, listing)))
    return ExitCode.OK


def _facts(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in item.items():
        if value and key != "name":
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            yield key.replace("_", " "), field(shown)


@with_options(where=WatchlistOptions, messages=MessageOptions)
def path(ctx: typer.Context, *, where: WatchlistOptions, messages: MessageOptions) -> ExitCode:
    """Print where the watchlist is, or would be created."""
    target = locate(ctx.obj, where, quiet=messages.quiet)
    if not messages.quiet:
        terminal.write(ctx.obj.stdout, f"{target.path}\n")
    target.note_absence()
    return ExitCode.OK


@with_options(where=WatchlistOptions, messages=MessageOptions)
def validate(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None,
        Argument(
            metavar="[FILE]...",
            help="Files to check. [default: the watchlist in use]",
            show_default=False,
        ),
    ] = None,
    *,
    where: WatchlistOptions,
    messages: MessageOptions,
) -> ExitCode:
    """Check watchlists for errors.

    \b
    Examples:
      outlogger watchlist validate
      outlogger watchlist validate web/outlogger.toml api/outlogger.toml

    Exits 0 if all are valid, or 2 with all errors and their lines.
    """
    errors: list[UsageError] = []
    for file in files or (where.watchlist,):
        target = locate(ctx.obj, WatchlistOptions(watchlist=file), quiet=messages.quiet)
        with collected(errors):
            if file is None and target.absence:
                raise UsageError(target.absence)
            watchlist = resolve.validate(store.read(target.path), target.path)
            target.print(f"{target.shown_path}: ok, {count(len(watchlist.vendors), 'vendor')}")
    if errors:
        raise together(errors)
    return ExitCode.OK

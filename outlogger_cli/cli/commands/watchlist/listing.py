"""`outlogger watchlist list`, `show`, `path` and `validate`: what is on the list, and where."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument

from outlogger_cli.catalog import catalog
from outlogger_cli.cli.commands.watchlist.naming import listed
from outlogger_cli.cli.commands.watchlist.opened import open_list, unread
from outlogger_cli.cli.options import (
    ListOptions,
    MessageOptions,
    WatchlistOptions,
    completed_by,
    with_options,
)
from outlogger_cli.cli.output import put_list
from outlogger_cli.cli.session import format_name
from outlogger_cli.domain.errors import ConfigError, ExitCode
from outlogger_cli.domain.text import line
from outlogger_cli.render.wording import count
from outlogger_cli.system import terminal
from outlogger_cli.watchlist.exchange import KEYS, item
from outlogger_cli.watchlist.positions import line_of
from outlogger_cli.watchlist.schema import Entry, Watchlist, parse, read

COLUMNS = ("slug", "name", "platform", "url", "tags", "fail_on", "components")


@with_options(where=WatchlistOptions, listing=ListOptions)
def list_vendors(ctx: typer.Context, *, where: WatchlistOptions, listing: ListOptions) -> ExitCode:
    """The vendors on the watchlist, in its order."""
    opened = open_list(ctx.obj, where, quiet=listing.quiet, missing=False)
    items = [item(entry) for entry in opened.known.vendors]
    put_list(ctx.obj, listing, "watchlist list", items, COLUMNS)
    opened.note_emptiness()
    return ExitCode.OK


@with_options(where=WatchlistOptions, listing=ListOptions)
def show(
    ctx: typer.Context,
    names: Annotated[
        list[str],
        Argument(
            metavar="NAME...",
            help="Slugs, aliases or names on the list.",
            autocompletion=completed_by("listed"),
        ),
    ],
    *,
    where: WatchlistOptions,
    listing: ListOptions,
) -> ExitCode:
    """Everything the watchlist says of a vendor."""
    opened = open_list(ctx.obj, where, quiet=listing.quiet, missing=False)
    items = [item(listed(name, opened.known)) for name in names]
    if format_name(ctx.obj, listing) == "table":
        put_list(ctx.obj, listing, "watchlist show", _upright(items), ("key", "value"))
    else:
        put_list(ctx.obj, listing, "watchlist show", items, (*KEYS, "headers"))
    return ExitCode.OK


def _upright(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each key that says something: a whole record is too wide for a terminal."""
    return [
        {"key": key.replace("_", " "), "value": one[key]}
        for one in items
        for key in one
        if one[key]
    ]


@with_options(where=WatchlistOptions, messages=MessageOptions)
def path(ctx: typer.Context, *, where: WatchlistOptions, messages: MessageOptions) -> ExitCode:
    """Where the watchlist is, or would be made."""
    opened = unread(ctx.obj, where, quiet=messages.quiet)
    if not messages.quiet:
        terminal.write(ctx.obj.stdout, f"{opened.path}\n")
    opened.note_absence()
    return ExitCode.OK


@with_options(where=WatchlistOptions, messages=MessageOptions)
def validate(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        Argument(metavar="[FILE]", help="Without one, the watchlist.", show_default=False),
    ] = None,
    *,
    where: WatchlistOptions,
    messages: MessageOptions,
) -> ExitCode:
    """Say whether a watchlist is a good one.

    Exits 0, or 2 with what is wrong and where.
    """
    named = WatchlistOptions(watchlist=file or where.watchlist)
    opened = unread(ctx.obj, named, quiet=messages.quiet)
    known = parse_whole(read(opened.path), opened.path)
    opened.tell(f"{opened.shown_path}: ok, {count(len(known.vendors), 'vendor')}")
    return ExitCode.OK


def parse_whole(text: str, path: Path) -> Watchlist:
    """The watchlist; raises `ConfigError` where it is no good one or names an unknown vendor."""
    known = parse(text, path)
    for entry in known.vendors:
        if entry.url is None and catalog.find(entry.slug) is None:
            raise ConfigError(_unknown(entry, text, path))
    return known


def _unknown(entry: Entry, text: str, path: Path) -> str:
    near = catalog.closest(entry.slug)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    at = line_of(text.removeprefix("\ufeff"), ("vendors", entry.slug))
    where = f"{line(str(path))}:{at}: [vendors.{entry.slug}]"
    return f"{where} is not in the catalogue and has no url{hint}"

"""`outlogger watchlist import` and `export`: lists of other programs, read and written."""

import codecs
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TextIO

import typer
from typer import Argument, Option

from outlogger_cli.cli.commands.watchlist.target import Target, open_target
from outlogger_cli.cli.options import MessageOptions, WatchlistOptions, format_option, with_options
from outlogger_cli.cli.writing import check_file, write_file
from outlogger_cli.domain.errors import ConfigError, ExitCode, UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.render import View, listing
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import exchange, resolve
from outlogger_cli.watchlist.pages import shown_name
from outlogger_cli.watchlist.schema import Defaults, Entry, Watchlist

FORMATS = ("toml", "csv", "json", "opml")
"""The formats of an export, the default first."""

SIZE_LIMIT = 8 * 1024 * 1024
"""Bytes; a longer file is not a list of vendors."""

VENDOR_LIMIT = 5000
"""Vendors in one file; the catalogue has half as many."""


@with_options(where=WatchlistOptions, messages=MessageOptions)
def import_list(
    ctx: typer.Context,
    file: Annotated[
        str,
        Argument(
            metavar="FILE|-",
            help="Names one a line, a watchlist, or CSV, JSON or OPML; - is standard input.",
        ),
    ],
    *,
    where: WatchlistOptions,
    messages: MessageOptions,
) -> ExitCode:
    """Put the vendors of a file on the watchlist.

    Their pages are not read. What cannot be placed is named; where that is all of it, nothing is
    written and the exit code is 2. Headers are not taken over: a stranger's list must not send
    your secrets anywhere.

    Examples: outlogger watchlist import vendors.csv · outlogger vendors list --category ai |
    outlogger watchlist import -
    """
    target = open_target(ctx.obj, where, quiet=messages.quiet)
    shown = "standard input" if file == "-" else line(file)
    data = _bytes(file, ctx.obj.stdin)
    if len(data) > SIZE_LIMIT:
        raise ConfigError(f"{shown}: is larger than 8 MiB, so it is no list of vendors")
    found = exchange.read(data, shown)
    if len(found.entries) > VENDOR_LIMIT:
        raise ConfigError(f"{shown}: names more than {VENDOR_LIMIT}, so it is no list of vendors")
    entries = _entries_to_add(target, found)
    if not entries:
        raise UsageError(f"{shown}: no vendor in it could be placed; nothing was written")
    target.print_changes(target.add(entries), {})
    return ExitCode.OK


def _bytes(file: str, stdin: TextIO) -> bytes:
    if file == "-":
        buffer = getattr(stdin, "buffer", None)
        if buffer is None:
            return codecs.BOM_UTF8 + stdin.read(SIZE_LIMIT + 1).encode()
        return bytes(buffer.read(SIZE_LIMIT + 1))  # they may be in another encoding than stdin's
    try:
        with Path(file).open("rb") as stream:
            return stream.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise ConfigError(f"{line(file)}: cannot be read: {error.strerror}") from None


def _entries_to_add(target: Target, found: exchange.Found) -> list[Entry]:
    """The entries to add; those that cannot be added are noted on standard error."""
    for refused in found.refused:
        target.note(refused)
    entries = []
    for where, wanted in found.entries:
        try:
            entry = _entry_to_add(wanted, target.watchlist)
        except UsageError as error:
            target.note(f"{where}: {error}")
            continue
        if wanted.headers:
            target.note(f"{where}: the headers of {entry.slug} were not taken over")
        entries.append(entry)
    return entries


def _entry_to_add(wanted: Entry, known: Watchlist) -> Entry:
    """`wanted` under the slug it has or gets; its name only if it is a new one."""
    named = wanted.url or wanted.slug or wanted.name or ""
    slug = wanted.slug if wanted.url and wanted.slug else None
    base = resolve.to_add(named, known, slug=slug)
    stale = named == wanted.name or wanted.name == shown_name(base)
    name = None if stale else wanted.name
    return replace(wanted, slug=base.slug, url=base.url, name=name, headers=())


@with_options(formats=FORMATS, where=WatchlistOptions, messages=MessageOptions)
def export_list(
    ctx: typer.Context,
    format: Annotated[
        str | None,
        format_option(
            "toml, csv, json or opml (of the pages' feeds). [env: OUTLOGGER_FORMAT; default: toml]"
        ),
    ] = None,
    file: Annotated[
        Path | None,
        Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write there, whole or not at all.",
            show_default=False,
        ),
    ] = None,
    *,
    where: WatchlistOptions,
    messages: MessageOptions,
) -> ExitCode:
    """Write the watchlist for another program.

    Headers, [defaults] and [notify] stay behind.

    Examples: outlogger watchlist export -o team.toml · outlogger watchlist export -f opml
    """
    runtime: Runtime = ctx.obj
    if file:
        check_file(file)
    target = open_target(runtime, where, quiet=messages.quiet, missing=False)
    watchlist = target.watchlist
    text = _exported(format or FORMATS[0], watchlist.vendors, View(now=runtime.now()))
    if file:
        write_file(file, text)
    elif not messages.quiet:
        terminal.write(runtime.stdout, text)
    target.note_emptiness()
    left_out = {
        "the settings of [defaults]": watchlist.defaults != Defaults(),
        "the settings of [notify]": watchlist.notify,
        **{f"the headers of {entry.slug}": entry.headers for entry in watchlist.vendors},
    }
    for what, is_given in left_out.items():
        if is_given:
            target.note(f"{what} were left out")
    return ExitCode.OK


def _exported(format: str, entries: Sequence[Entry], view: View) -> str:
    """`entries` without their headers, in one of `FORMATS`."""
    if format == "toml":
        return exchange.as_toml(entries)
    if format == "opml":
        return exchange.as_opml(entries)
    records = [exchange.record(replace(entry, headers=())) for entry in entries]
    columns = exchange.COLUMNS
    return listing.render("watchlist export", records, columns=columns, format=format, view=view)

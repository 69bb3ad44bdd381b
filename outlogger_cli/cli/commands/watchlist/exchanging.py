"""`outlogger watchlist import` and `export`: lists that come from, or go to, other programs."""

import codecs
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TextIO

import typer
from typer import Argument, Option

from outlogger_cli.cli import output_file
from outlogger_cli.cli.commands.watchlist.naming import entry_for
from outlogger_cli.cli.commands.watchlist.opened import Opened, open_list
from outlogger_cli.cli.options import MessageOptions, WatchlistOptions, format_option, with_options
from outlogger_cli.domain.errors import ConfigError, ExitCode, UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import exchange
from outlogger_cli.watchlist.exchange import shown_name
from outlogger_cli.watchlist.schema import Defaults, Entry, Watchlist

FORMATS = exchange.EXPORTS

SIZE_LIMIT = 8 * 1024 * 1024
"""Bytes; a longer file is no list of vendors."""

MOST = 5000
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
    opened = open_list(ctx.obj, where, quiet=messages.quiet)
    shown = "standard input" if file == "-" else line(file)
    data = _bytes(file, ctx.obj.stdin)
    if len(data) > SIZE_LIMIT:
        raise ConfigError(f"{shown}: is larger than 8 MiB, so it is no list of vendors")
    found = exchange.read(data, shown)
    if len(found.entries) > MOST:
        raise ConfigError(f"{shown}: names more than {MOST}, so it is no list of vendors")
    entries = _placed(opened, found)
    if not entries:
        raise UsageError(f"{shown}: no vendor in it could be placed; nothing was written")
    opened.tell_changes(opened.take_in(entries), {})
    return ExitCode.OK


def _bytes(file: str, stdin: TextIO) -> bytes:
    if file == "-":
        return _standard_input(stdin)
    try:
        with Path(file).open("rb") as stream:
            return stream.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise ConfigError(f"{line(file)}: cannot be read: {error.strerror}") from None


def _standard_input(stdin: TextIO) -> bytes:
    """Its bytes as they come: what they hold may be in an encoding of its own."""
    buffer = getattr(stdin, "buffer", None)
    if buffer is None:
        return codecs.BOM_UTF8 + stdin.read(SIZE_LIMIT + 1).encode()
    return bytes(buffer.read(SIZE_LIMIT + 1))


def _placed(opened: Opened, found: exchange.Found) -> list[Entry]:
    """The vendors that have a place on the list; the others are named on standard error."""
    for refused in found.refused:
        opened.note(refused)
    entries = []
    for where, wanted in found.entries:
        try:
            entry = _place(wanted, opened.known)
        except UsageError as error:
            opened.note(f"{where}: {error}")
            continue
        if wanted.headers:
            opened.note(f"{where}: the headers of {entry.slug} were not taken over")
        entries.append(entry)
    return entries


def _place(wanted: Entry, known: Watchlist) -> Entry:
    """`wanted` under the slug it has or gets; its name only where that is news."""
    named = wanted.url or wanted.slug or wanted.name or ""
    slug = wanted.slug if wanted.url and wanted.slug else None
    base = entry_for(named, known, slug=slug)
    stale = named == wanted.name or wanted.name == shown_name(base)
    name = None if stale else wanted.name
    return replace(wanted, slug=base.slug, url=base.url, name=name, headers=())


@with_options(formats=exchange.EXPORTS, where=WatchlistOptions, messages=MessageOptions)
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
    chosen = format or exchange.EXPORTS[0]
    if file:
        output_file.check(file)
    opened = open_list(runtime, where, quiet=messages.quiet, missing=False)
    text = exchange.export(chosen, opened.known.vendors, now=runtime.now())
    if file:
        output_file.write(file, text)
    elif not messages.quiet:
        terminal.write(runtime.stdout, text)
    opened.note_emptiness()
    for left in _left_out(opened.known):
        opened.note(f"{left} were left out")
    return ExitCode.OK


def _left_out(known: Watchlist) -> Iterator[str]:
    """What no export holds and this list has."""
    if known.defaults != Defaults():
        yield "the settings of [defaults]"
    if known.notify:
        yield "the settings of [notify]"
    yield from (f"the headers of {entry.slug}" for entry in known.vendors if entry.headers)

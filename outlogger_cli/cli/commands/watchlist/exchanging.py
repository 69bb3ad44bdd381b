"""`outlogger watchlist import` and `export`: lists of other programs, read and written."""

import codecs
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, TextIO
from urllib.parse import urlsplit

import typer
from typer import Argument, Option

from outlogger_cli.catalog import catalog
from outlogger_cli.cli.command_line import format_option, with_options
from outlogger_cli.cli.commands.watchlist.target import Target, open_target
from outlogger_cli.cli.options import MessageOptions, WatchlistOptions
from outlogger_cli.cli.writing import check_file, write_file
from outlogger_cli.domain.errors import ConfigError, ExitCode, UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import replace
from outlogger_cli.render import View, listing
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import exchange, imports, resolve, rows
from outlogger_cli.watchlist.pages import shown_name
from outlogger_cli.watchlist.records import is_known
from outlogger_cli.watchlist.schema import Defaults, Entry, Watchlist

FORMATS = ("toml", "csv", "json", "opml")
"""The formats of an export, the default first."""

SIZE_LIMIT = 8 * 1024 * 1024
"""Bytes; a longer file is not a list of vendors."""

HINTS = 100
"""Names for which similar ones are looked up: that takes time."""

_EXPECTED = (
    "names or addresses one a line; CSV or TSV with a header such as name,url; JSON, YAML or TOML"
    " with names and addresses; OPML; a Markdown list; or a watchlist"
)


@with_options(where=WatchlistOptions, messages=MessageOptions)
def import_list(
    ctx: typer.Context,
    file: Annotated[
        str,
        Argument(
            metavar="FILE|-",
            help="Names, a watchlist, CSV, JSON, YAML, OPML or Markdown; - is standard input.",
        ),
    ],
    *,
    where: WatchlistOptions,
    messages: MessageOptions,
) -> ExitCode:
    """Add the vendors of a file to the watchlist.

    \b
    Examples:
      outlogger watchlist import vendors.csv
      outlogger vendors list --category ai | outlogger watchlist import -

    Reads names, addresses and bare hosts one a line; CSV and TSV with a header (name, vendor or
    service; url, link or status page); JSON, YAML and TOML with names and addresses, such as the
    files of Gatus, tuip, Home Assistant and Prometheus; Markdown, newsboat and OPML lists; and
    watchlists. Addresses of feeds and APIs become those of their pages. Pages are not read.

    What cannot be added is listed with the reason; if that is everything, nothing is written and
    the exit code is 2. Headers are never imported, so that no list can send your secrets anywhere.
    """
    target = open_target(ctx.obj, where, quiet=messages.quiet)
    shown = "standard input" if file == "-" else line(file)
    data = _bytes(file, ctx.obj.stdin)
    if len(data) > SIZE_LIMIT:
        raise ConfigError(f"{shown}: larger than 8 MiB, the limit for a list of vendors")
    entries = _entries_to_add(target, imports.read(data, shown))
    if not entries:
        raise UsageError(f"{shown}: no vendors found, nothing was written; expected {_EXPECTED}")
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


def _entries_to_add(target: Target, found: imports.Found) -> list[Entry]:
    """The entries to add; those that cannot be added are noted on standard error."""
    for refused in found.refused:
        target.note(refused)
    entries: dict[str, Entry] = {}
    hints = HINTS
    for where, wanted in found.entries:
        name = wanted.slug or wanted.name or ""
        try:
            if not (hints or wanted.url or is_known(name) or resolve.find(name, target.watchlist)):
                raise UsageError(f"unknown vendor {name!r}")
            entry = _entry_to_add(wanted, target.watchlist, entries)
        except UsageError as error:
            hints = max(hints - 1, 0)
            target.note(f"{where}: {error}")
            continue
        if wanted.headers:
            target.note(f"{where}: the headers of {entry.slug} were not imported")
        before = entries.get(entry.slug.lower(), entry)
        entries[entry.slug.lower()] = replace(before, **entry.given)
    return list(entries.values())


def _entry_to_add(wanted: Entry, known: Watchlist, added: Mapping[str, Entry]) -> Entry:
    """`wanted` under the slug it has or gets; its name only if it is a new one.

    A slug made of a host that is taken, by the list or by an entry `added` before, gets the path
    of its page too.
    """
    named = wanted.url or wanted.slug or wanted.name or ""
    slug = wanted.slug if wanted.url and wanted.slug else None
    try:
        base = resolve.to_add(named, known, slug=slug)
        other = added.get(base.slug.lower())
        if other and base.url:
            resolve.refuse_other_page(other, base.url)
    except resolve.OtherPageError:
        if slug or not wanted.url:
            raise
        base = resolve.to_add(wanted.url, known, slug=_slug_of(wanted.url))
    vendor = catalog.by_name(wanted.name or "")
    stale = wanted.name in {named, shown_name(base)} or (vendor and vendor.slug == base.slug)
    url = wanted.url if slug and base.url else base.url  # one that has its slug is as it should be
    name = None if stale else wanted.name
    return replace(wanted, slug=base.slug, url=url, name=name, headers=())


def _slug_of(url: str) -> str:
    """A slug made of host and path: `status.acme.example-eu`."""
    parts = urlsplit(url)
    return re.sub("[^A-Za-z0-9._-]+", "-", f"{parts.hostname}{parts.path}").strip("-")


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
            help="Write the output to FILE (atomically).",
            show_default=False,
        ),
    ] = None,
    *,
    where: WatchlistOptions,
    messages: MessageOptions,
) -> ExitCode:
    """Export the watchlist for another program.

    \b
    Examples:
      outlogger watchlist export -o team.toml
      outlogger watchlist export -f opml

    Headers, [defaults] and [notify] are not exported.
    """
    runtime: Runtime = ctx.obj
    if file:
        check_file(file)
    target = open_target(runtime, where, quiet=messages.quiet, missing=False)
    watchlist = target.watchlist
    format = format or FORMATS[0]
    text = _exported(format, watchlist.vendors, View(now=runtime.now()))
    if file:
        write_file(file, text)
    elif not messages.quiet:
        terminal.write(runtime.stdout, text)
    target.note_emptiness()
    if format == "opml":
        for entry in watchlist.vendors:
            if lacking := exchange.opml_lacks(entry):
                target.note(f"{entry.slug}: OPML cannot store {', '.join(lacking)}")
    left_out = {
        "the settings of [defaults]": watchlist.defaults != Defaults(),
        "the settings of [notify]": watchlist.notify,
        **{f"the headers of {entry.slug}": entry.headers for entry in watchlist.vendors},
    }
    for what, is_given in left_out.items():
        if is_given:
            target.note(f"{what} were not exported")
    return ExitCode.OK


def _exported(format: str, entries: Sequence[Entry], view: View) -> str:
    """`entries` without their headers, in one of `FORMATS`."""
    if format == "toml":
        return exchange.as_toml(entries)
    if format == "opml":
        return exchange.as_opml(entries)
    records = [exchange.record(replace(entry, headers=())) for entry in entries]
    if format == "csv":
        records = [{key: rows.cell_of(value) for key, value in one.items()} for one in records]
    columns = exchange.COLUMNS
    return listing.render("watchlist export", records, columns=columns, format=format, view=view)

"""Which format, how it may look, and where it goes: for reports and for lists."""

from collections.abc import Mapping, Sequence
from typing import Any

import typer

from outlogger_cli.cli import output_file
from outlogger_cli.cli.options import Listing, Reading
from outlogger_cli.domain.errors import UsageError
from outlogger_cli.render import View
from outlogger_cli.render import listing as listings
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime


def help_alone(ctx: typer.Context) -> None:
    """For a command that only has commands of its own: its help, where none of them is typed."""
    if ctx.invoked_subcommand is None:
        terminal.write(ctx.obj.stdout, ctx.get_help() + "\n")


def choose_format(runtime: Runtime, reading: Reading | Listing, formats: Sequence[str]) -> str:
    """The option, else the variable where this command has that format, else by the stream."""
    if reading.json and reading.format not in {None, "json"}:
        raise UsageError(f"--json and --format {reading.format} contradict each other: give one")
    named = "json" if reading.json else reading.format
    if named is not None:
        if named not in formats:
            raise UsageError(f"--format must be one of {', '.join(formats)}, not {named!r}")
        return named
    variable = runtime.environ.get("OUTLOGGER_FORMAT", "")
    if variable in formats:
        return variable
    people = terminal.is_terminal(runtime.stdout) and not reading.output
    return "table" if people else "plain"


def stream_view(runtime: Runtime, options: Reading | Listing) -> View:
    """What standard output can show; a file has 80 columns, no colour and every character."""
    if options.output:
        return View(now=runtime.now(), ascii=options.ascii)
    return View(
        now=runtime.now(),
        width=terminal.width(runtime.stdout, runtime.environ),
        color=terminal.has_color(runtime.stdout, runtime.environ, options.color),
        ascii=options.ascii or terminal.needs_ascii(runtime.stdout, runtime.environ),
    )


def put(runtime: Runtime, options: Reading | Listing, text: str) -> None:
    """Write `text` to `--output` or standard output; with `-q` only to a file."""
    if options.output:
        output_file.write_file(options.output, text)
    elif not options.quiet:
        terminal.write(runtime.stdout, text)


def put_listing(
    runtime: Runtime,
    listing: Listing,
    command: str,
    items: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
) -> None:
    """Write a list that is no report, in the format the user or the stream asks for."""
    format = choose_format(runtime, listing, listings.FORMATS)
    if listing.output:
        output_file.check(listing.output)
    view = stream_view(runtime, listing)
    text = listings.render(command, items, columns=columns, format=format, view=view)
    put(runtime, listing, text)

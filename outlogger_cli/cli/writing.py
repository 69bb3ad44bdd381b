"""Text on standard output, or in the file of `--output`, in the format that suits it."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import typer

from outlogger_cli.cli.options import ListOptions, OutputOptions
from outlogger_cli.domain.errors import LocalError, UsageError
from outlogger_cli.render import Theme, View
from outlogger_cli.system import files, terminal
from outlogger_cli.system.runtime import Runtime


def format_name(runtime: Runtime, output: OutputOptions) -> str:
    """The format that was asked for, else the one that suits the stream."""
    if output.format:
        return output.format
    people = terminal.is_terminal(runtime.stdout) and not output.output
    return "table" if people else "plain"


def stream_view(runtime: Runtime, output: OutputOptions) -> View:
    """What standard output can show; a file has 80 columns, every character, and colour only by
    `--color always`."""
    stdout, environ = runtime.stdout, runtime.environ
    if output.output:
        return View(
            now=runtime.now(),
            color=output.color is terminal.Color.ALWAYS,
            theme=_theme(output.theme, environ),
            ascii=output.ascii,
        )
    color = terminal.has_color(stdout, environ, output.color)
    return View(
        now=runtime.now(),
        width=terminal.width(stdout, environ),
        color=color,
        few_colors=terminal.has_few_colors(stdout, environ),
        theme=_theme(output.theme, environ),
        links=color and terminal.follows_links(stdout, environ),
        ascii=output.ascii or terminal.needs_ascii(runtime.stdout, runtime.environ),
    )


def _theme(named: Theme, environ: Mapping[str, str]) -> Theme:
    """The theme of the option; for `auto` the one of the background, if the terminal tells it."""
    is_light = terminal.has_light_background(environ) if named is Theme.AUTO else None
    if is_light is None:
        return named
    return Theme.LIGHT if is_light else Theme.DARK


def put(runtime: Runtime, output: OutputOptions, text: str) -> None:
    """Write `text` to `--output` or standard output; with `-q` only to a file."""
    if output.output:
        write_file(output.output, text)
    elif not output.quiet:
        terminal.write(runtime.stdout, text)


def put_list(
    runtime: Runtime,
    output: ListOptions,
    command: str,
    items: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
) -> None:
    """Write a list that is not a report; `columns` are the keys of a record, in order."""
    from outlogger_cli.render import listing  # what reads pages writes no such list

    if output.output:
        check_file(output.output)
    view, format = stream_view(runtime, output), format_name(runtime, output)
    put(runtime, output, listing.render(command, items, columns=columns, format=format, view=view))


def help_alone(ctx: typer.Context) -> None:
    """Show the help of a command that only has subcommands, if none of them is typed."""
    if ctx.invoked_subcommand is None:
        terminal.write(ctx.obj.stdout, ctx.get_help() + "\n")


def check_file(path: Path) -> None:
    """Raise `UsageError` if nothing can be written to `path`, before any page is read."""
    try:
        with suppress(FileNotFoundError, NotADirectoryError):
            path.stat()  # some Pythons answer False below if the folder cannot be entered
        if path.is_dir():
            raise UsageError(f"--output: {path} is a folder")
        if not path.parent.is_dir():
            raise UsageError(f"--output: no such folder: {path.parent}")
    except OSError as error:
        raise UsageError(f"--output: {path}: {error.strerror}") from None


def write_file(path: Path, text: str) -> None:
    """Write `text` to `path` atomically, by a rename; a device or a pipe is written directly.

    Raises `LocalError`; then an existing file is unchanged.
    """
    try:
        if path.exists() and not path.is_file():
            files.write_into(path, text.encode())
        else:
            real = files.without_links(path)
            temporary = real.with_name(f".outlogger-{os.urandom(8).hex()}.new")
            files.replace(real, text.encode(), temporary=temporary)
    except OSError as error:
        raise LocalError(f"--output: {path} cannot be written: {error.strerror}") from None

"""`outlogger watchlist init`: create a watchlist."""

import os
from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from outlogger_cli.cli.command_line import with_options
from outlogger_cli.cli.commands.watchlist.target import locate
from outlogger_cli.cli.options import MessageOptions, WatchlistOptions
from outlogger_cli.cli.writing import write_file
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.domain.version import __version__
from outlogger_cli.system import paths
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import json_schema, starter, store


@with_options(where=WatchlistOptions, messages=MessageOptions)
def init(
    ctx: typer.Context,
    schema: Annotated[
        Path | None,
        Option(
            "--schema",
            metavar="PATH",
            help="Also write the JSON Schema to PATH (relative to the watchlist).",
            show_default=False,
        ),
    ] = None,
    *,
    where: WatchlistOptions,
    messages: MessageOptions,
) -> ExitCode:
    """Create a watchlist with every key explained in a comment.

    \b
    Examples:
      outlogger watchlist init
      outlogger watchlist init --schema outlogger.schema.json

    It is outlogger.toml at the root of the repository; outside of one, the user's watchlist.
    Editors with Taplo complete and check it by the JSON Schema that its first line names.
    An existing file is never overwritten.
    """
    runtime: Runtime = ctx.obj
    target = locate(runtime, where, quiet=messages.quiet)
    path = target.path if target.located.named else _default_path(runtime)
    shown = line(str(path))
    if os.path.lexists(path):
        raise UsageError(f"{shown} already exists; to change it: outlogger watchlist edit")
    name = json_schema.address(__version__)
    if schema:
        name = _write_schema(path.parent / schema, path.parent)
    store.change(path, lambda _: starter.text(name), must_be_new=True)
    target.print(f"Created {shown}")
    target.note("add vendors: outlogger watchlist add NAME")
    return ExitCode.OK


def _default_path(runtime: Runtime) -> Path:
    """The list at the root of the repository that the current folder is in, else the user's."""
    home = runtime.environ.get("HOME")
    for folder in (runtime.cwd, *runtime.cwd.parents):
        if paths.is_there(folder / ".git"):
            return folder / paths.PROJECT_FILE
        if home and folder in {Path(home), Path(home).resolve()}:
            break
    return paths.user_watchlist()


def _write_schema(path: Path, folder: Path) -> str:
    """Write the schema, unless it is there already; return its path relative to `folder`."""
    text = json_schema.FILE.read_text(encoding="utf-8")
    if not os.path.lexists(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, text)
    elif not paths.is_file(path) or path.read_text(encoding="utf-8", errors="replace") != text:
        raise UsageError(f"{line(str(path))} already exists; use another path for --schema")
    relative = Path(os.path.relpath(path, folder)).as_posix()
    return relative if relative.startswith("../") else f"./{relative}"

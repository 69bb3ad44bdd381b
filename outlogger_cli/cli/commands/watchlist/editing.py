"""`outlogger watchlist remove` and `edit`: remove entries, and open the file in an editor."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument

from outlogger_cli.cli.command_line import completed_by, with_options
from outlogger_cli.cli.commands.watchlist.target import locate, open_target
from outlogger_cli.cli.options import MessageOptions, WatchlistOptions
from outlogger_cli.domain.errors import ConfigError, ExitCode, LocalError, UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import edit as watchlist_edit
from outlogger_cli.watchlist import resolve, store
from outlogger_cli.watchlist.pages import shown_name
from outlogger_cli.watchlist.schema import NEW, Entry, Watchlist, parse

_DEFAULT_EDITOR = "notepad" if sys.platform == "win32" else "vi"
_ON_TERMINALS = {"ed", "helix", "hx", "joe", "kak", "micro", "nano", "nvim", "pico", "vi", "vim"}
"""Editors that are of no use without a terminal."""


@with_options(where=WatchlistOptions, messages=MessageOptions)
def remove(
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
    messages: MessageOptions,
) -> ExitCode:
    """Remove vendors from the watchlist (all or nothing).

    \b
    Examples:
      outlogger watchlist remove github openai
    """
    target = open_target(ctx.obj, where, quiet=messages.quiet)
    removed = _listed(names, target.watchlist)

    def remove_from(text: str) -> str:
        # again, because another process may have changed the list before the lock was taken
        removed[:] = _listed(names, parse(text, target.path))
        return watchlist_edit.remove(text, [entry.slug for entry in removed])

    store.change(target.path, remove_from)
    for entry in removed:
        target.print(f"Removed {shown_name(entry)}")
    return ExitCode.OK


def _listed(names: Sequence[str], known: Watchlist) -> list[Entry]:
    """The entries that `names` mean; the error names all that are not on the list."""
    found = resolve.each(names, known, resolve.listed)
    return list({entry.slug: entry for entry in found}.values())


@with_options(where=WatchlistOptions, messages=MessageOptions)
def edit(ctx: typer.Context, *, where: WatchlistOptions, messages: MessageOptions) -> ExitCode:
    """Open the watchlist in your editor: $VISUAL, else $EDITOR.

    \b
    Examples:
      EDITOR="code --wait" outlogger watchlist edit

    If the edited file is invalid, the watchlist is left unchanged, and the error says where your
    edits are saved.
    """
    runtime: Runtime = ctx.obj
    command = _editor(runtime)
    target = locate(runtime, where, quiet=messages.quiet)
    old = _valid_text(target.path)
    if old is None:
        _run(command, target.path)
        resolve.validate(store.read(target.path), target.path)
        target.print(f"{target.shown_path} is now valid")
    elif _edit_copy(command, target.path, old):
        target.print(f"Changed {target.shown_path}")
    else:
        target.print(f"{target.shown_path} is unchanged")
    return ExitCode.OK


def _valid_text(path: Path) -> str | None:
    """The text of the watchlist; None if it is invalid, for then the file itself is edited."""
    if not paths.is_file(path):
        return NEW
    try:
        text = store.read(path)
        parse(text, path)
    except ConfigError:
        return None
    return text


def _edit_copy(command: Sequence[str], path: Path, old: str) -> bool:
    """Whether the list was changed. An invalid copy is kept where the error says."""

    def replace_old(text: str) -> str:
        if text != old:
            raise UsageError("another process changed the watchlist while you were editing")
        return new

    copy = Path(tempfile.mkdtemp(prefix="outlogger-")) / path.name
    copy.write_text(old, encoding="utf-8", newline="")
    try:
        _run(command, copy)
        new = store.read(copy)
        resolve.validate(new, copy)
        changed = new != old and store.change(path, replace_old)
    except (UsageError, LocalError) as error:
        if copy.is_file() and copy.read_bytes() != old.encode():
            raise type(error)(
                f"{error}; the watchlist is unchanged, your edits are saved in {copy}"
            ) from None
        shutil.rmtree(copy.parent)
        raise
    shutil.rmtree(copy.parent)
    return changed


def _editor(runtime: Runtime) -> list[str]:
    """The words of the editor's command.

    Raises `UsageError` for an editor that needs a terminal if there is none.
    """
    environ = runtime.environ
    name = next((one for one in ("VISUAL", "EDITOR") if environ.get(one, "").strip()), "")
    try:
        command = words(environ.get(name, _DEFAULT_EDITOR), is_windows=os.name == "nt")
    except ValueError as error:
        raise UsageError(f"{name} is not a valid command: {error}") from None
    needs_terminal = Path(command[0]).name in _ON_TERMINALS
    if needs_terminal and not all(map(terminal.is_terminal, (runtime.stdin, runtime.stdout))):
        raise UsageError(
            f"the editor {line(command[0])} needs a terminal; run it in one, or set VISUAL to an"
            ' editor with a window, such as "code --wait"'
        )
    return command


def words(command: str, *, is_windows: bool) -> list[str]:
    """The words of a command, as the system's shell separates them."""
    if is_windows:  # a backslash separates folders there
        return [word.strip('"') for word in shlex.split(command, posix=False)]
    return shlex.split(command)


def _run(command: Sequence[str], path: Path) -> None:
    """Run the editor until it ends; until then only the editor receives Ctrl-C."""
    shown = line(command[0])
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        # Windows finds a script such as `code.cmd` only by its whole path.
        program = shutil.which(command[0]) or command[0]
        code = subprocess.run([program, *command[1:], str(path)], check=False).returncode
    except OSError as error:
        raise UsageError(
            f"the editor {shown} cannot be started: {error.strerror}; set EDITOR"
        ) from None
    finally:
        signal.signal(signal.SIGINT, before)
    if code:
        raise UsageError(f"the editor {shown} exited with code {code}")

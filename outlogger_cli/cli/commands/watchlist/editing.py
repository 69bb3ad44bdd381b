"""`outlogger watchlist remove` and `edit`: entries taken off, and the file in an editor."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument

from outlogger_cli.cli.commands.watchlist.listing import parse_whole
from outlogger_cli.cli.commands.watchlist.naming import find, listed
from outlogger_cli.cli.commands.watchlist.opened import open_list, unread
from outlogger_cli.cli.options import MessageOptions, WatchlistOptions, completed_by, with_options
from outlogger_cli.domain.errors import ConfigError, ExitCode, LocalError, UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.system import paths
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import edit as watchlist_edit
from outlogger_cli.watchlist import store
from outlogger_cli.watchlist.exchange import shown_name
from outlogger_cli.watchlist.schema import Entry, Watchlist, parse, read

_USUAL = "notepad" if sys.platform == "win32" else "vi"


@with_options(where=WatchlistOptions, messages=MessageOptions)
def remove(
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
    messages: MessageOptions,
) -> ExitCode:
    """Take vendors off the watchlist: all those named, or none.

    Examples: outlogger watchlist remove github openai
    """
    opened = open_list(ctx.obj, where, quiet=messages.quiet)
    removed = _named(names, opened.known)

    def edit(text: str) -> str:
        # anew, because another process may have changed the list before the lock was taken
        removed[:] = _named(names, parse(text, opened.path))
        return watchlist_edit.remove(text, [entry.slug for entry in removed])

    store.change(opened.path, edit)
    for entry in removed:
        opened.tell(f"Removed {shown_name(entry)}")
    return ExitCode.OK


def _named(names: Sequence[str], known: Watchlist) -> list[Entry]:
    absent = [name for name in names if find(name, known) is None]
    if len(absent) > 1:
        said = ", ".join(repr(line(name)) for name in absent)
        raise UsageError(f"{said} are not on the list {line(str(known.path))}")
    found = [listed(name, known) for name in names]
    return list({entry.slug: entry for entry in found}.values())


@with_options(where=WatchlistOptions, messages=MessageOptions)
def edit(ctx: typer.Context, *, where: WatchlistOptions, messages: MessageOptions) -> ExitCode:
    """Open the watchlist in your editor.

    That is $VISUAL, else $EDITOR. What is no good watchlist afterwards is kept beside, and the list
    stays as it was.

    Examples: EDITOR="code --wait" outlogger watchlist edit
    """
    runtime: Runtime = ctx.obj
    command = _editor(runtime.environ)
    opened = unread(runtime, where, quiet=messages.quiet)
    old = _text(opened.path)
    if old is None:
        _run(command, opened.path)
        parse_whole(read(opened.path), opened.path)
        opened.tell(f"{opened.shown_path} is a good watchlist now")
    elif _edit_copy(command, opened.path, old):
        opened.tell(f"Changed {opened.shown_path}")
    else:
        opened.tell(f"{opened.shown_path} is as it was")
    return ExitCode.OK


def _text(path: Path) -> str | None:
    """The watchlist as it stands; None for a bad one, which is mended where it is."""
    if not paths.is_file(path):
        return watchlist_edit.NEW
    try:
        text = read(path)
        parse(text, path)
    except ConfigError:
        return None
    return text


def _edit_copy(command: Sequence[str], path: Path, old: str) -> bool:
    """Whether the list was changed. A copy that cannot be taken over stays where the error says."""
    copy = Path(tempfile.mkdtemp(prefix="outlogger-")) / path.name
    copy.write_text(old, encoding="utf-8", newline="")
    try:
        _run(command, copy)
        new = read(copy)
        parse_whole(new, copy)
        changed = new != old and store.change(path, _only_from(old, new))
    except (UsageError, LocalError) as error:
        if copy.is_file() and copy.read_bytes() != old.encode():
            raise type(error)(
                f"{error}; the list is as it was, and your text is kept in {copy}"
            ) from None
        shutil.rmtree(copy.parent)
        raise
    shutil.rmtree(copy.parent)
    return changed


def _only_from(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        if text != old:
            raise UsageError("somebody else changed the list while you were editing")
        return new

    return edit


def _editor(environ: Mapping[str, str]) -> list[str]:
    for name in ("VISUAL", "EDITOR"):
        if environ.get(name, "").strip():
            try:
                return shlex.split(environ[name], posix=os.name != "nt")
            except ValueError as error:
                raise UsageError(f"{name} is no command: {error}") from None
    return [_USUAL]


def _run(command: Sequence[str], path: Path) -> None:
    """The editor, to its end. Ctrl-C is its own meanwhile."""
    shown = line(command[0])
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        code = subprocess.run([*command, str(path)], check=False).returncode
    except OSError as error:
        raise UsageError(
            f"the editor {shown} cannot be started: {error.strerror}; set EDITOR"
        ) from None
    finally:
        signal.signal(signal.SIGINT, before)
    if code:
        raise UsageError(f"the editor {shown} ended with {code}")

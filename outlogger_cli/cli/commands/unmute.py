"""`outlogger unmute`: end a mute now."""

from typing import Annotated

import typer
from typer import Argument

from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.cli.command_line import completed_by, with_options
from outlogger_cli.cli.commands.mute import each, split, state_of
from outlogger_cli.cli.options import MessageOptions, WatchlistOptions
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.paths import Located
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import resolve
from outlogger_cli.watchlist.schema import Watchlist


@with_options(where=WatchlistOptions, messages=MessageOptions)
def command(
    ctx: typer.Context,
    names: Annotated[
        list[str],
        Argument(
            metavar="VENDOR[/COMPONENT]...",
            help="Muted vendor (with all its components) or component.",
            autocompletion=completed_by("muted"),
        ),
    ],
    *,
    where: WatchlistOptions,
    messages: MessageOptions,
) -> ExitCode:
    """End the mute of a vendor and its components, or of one component.

    \b
    Examples:
      outlogger unmute github
      outlogger unmute github/Actions
    """
    runtime: Runtime = ctx.obj
    state = state_of(runtime)
    muted = state.mutes(runtime.now())
    located = paths.watchlist(where.watchlist, runtime.environ, runtime.cwd)
    found = each(names, located, lambda name, known: _called(name, known, located, muted))
    ended = [mute for mutes in found for mute in mutes]
    state.change_mutes(lambda mutes: [mute for mute in mutes if mute not in ended])
    for mute in dict.fromkeys(ended) if not messages.quiet else ():
        terminal.write(runtime.stdout, f"Unmuted {mute.name}\n")
    return ExitCode.OK


def _called(
    name: str, watchlist: Watchlist, located: Located, muted: tuple[Mute, ...]
) -> list[Mute]:
    """The mutes that `name` means: by the slug that was muted, else by any name of the vendor.

    Raises `UsageError` if there are none, or the name is unknown.
    """
    vendor, component = split(name)
    found = [mute for mute in muted if mute.slug.casefold() == vendor.casefold()]
    if not found:
        known = resolve.one(vendor, watchlist, located)
        found = [mute for mute in muted if mute.applies_to(known)]
    if component:
        found = [m for m in found if (m.component or "").casefold() == component.casefold()]
    if not found:
        raise UsageError(f"{line(name)!r} is not muted (see outlogger mute --list)")
    return found

"""`outlogger unmute`: notifications again, at once."""

from typing import Annotated

import typer
from typer import Argument

from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.cli.commands.mute import split, state_of, vendor_called
from outlogger_cli.cli.options import MessageOptions, WatchlistOptions, completed_by, with_options
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime


@with_options(where=WatchlistOptions, messages=MessageOptions)
def command(
    ctx: typer.Context,
    names: Annotated[
        list[str],
        Argument(
            metavar="VENDOR[/COMPONENT]...",
            help="What is muted; a vendor with all it has.",
            autocompletion=completed_by("muted"),
        ),
    ],
    *,
    where: WatchlistOptions,
    messages: MessageOptions,
) -> ExitCode:
    """End the silence about a vendor and its components, or about one component.

    Examples: outlogger unmute github · outlogger unmute github/Actions
    """
    runtime: Runtime = ctx.obj
    state = state_of(runtime)
    muted = state.mutes(runtime.now())
    ended = [mute for name in names for mute in _called(runtime, name, where, muted)]
    state.change_mutes(lambda mutes: [mute for mute in mutes if mute not in ended])
    for mute in dict.fromkeys(ended) if not messages.quiet else ():
        terminal.write(runtime.stdout, f"Unmuted {mute.name}\n")
    return ExitCode.OK


def _called(
    runtime: Runtime, name: str, where: WatchlistOptions, muted: tuple[Mute, ...]
) -> list[Mute]:
    """The mutes that `name` means, by the slug as it was muted or by another name of the vendor.

    Raises `UsageError` where there is none, or nobody is called that.
    """
    vendor, component = split(name)
    found = [mute for mute in muted if mute.slug.casefold() == vendor.casefold()]
    if not found:
        known = vendor_called(runtime, vendor, where)
        found = [mute for mute in muted if mute.applies_to(known)]
    if component:
        found = [m for m in found if (m.component or "").casefold() == component.casefold()]
    if not found:
        raise UsageError(f"{line(name)!r} is not muted; outlogger mute --list shows what is")
    return found

"""`outlogger mute`: no notifications about a vendor or a component for some time."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import typer
from typer import Argument, Option

from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.alerts.state import StateFolder
from outlogger_cli.cli.options import (
    ListOptions,
    WatchlistOptions,
    budget,
    completed_by,
    with_options,
)
from outlogger_cli.cli.session import load
from outlogger_cli.cli.writing import put_list
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.drill import environment
from outlogger_cli.render import wording
from outlogger_cli.render.records import machine_time
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.paths import Located
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import resolve

COLUMNS = ("vendor", "component", "lasts")


@with_options(where=WatchlistOptions, listing=ListOptions)
def command(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        Argument(
            metavar="[VENDOR[/COMPONENT]]...",
            help="A vendor, or a component of it: its name, Group/Name, or a glob.",
            show_default=False,
            autocompletion=completed_by("vendors"),
        ),
    ] = None,
    span: Annotated[
        timedelta | None,
        Option("--for", metavar="DURATION", parser=budget, help="For so long.", show_default=False),
    ] = None,
    until_resolved: Annotated[
        bool,
        Option("--until-resolved", help="Until it is read and found well. This is the default."),
    ] = False,
    show: Annotated[bool, Option("--list", help="Show what is muted.")] = False,
    *,
    where: WatchlistOptions,
    listing: ListOptions,
) -> ExitCode:
    """Silence what watch tells of a vendor or a component, for a time or until it is resolved.

    When the silence ends, it is told how the vendor stands. A mute goes by itself; unmute ends it
    at once.

    Examples: outlogger mute github · outlogger mute github/Actions --for 2h · outlogger mute --list
    """
    runtime: Runtime = ctx.obj
    _refuse(names or [], span, until_resolved=until_resolved, show=show)
    state, now = state_of(runtime), runtime.now()
    if show:
        items = [_item(mute) for mute in state.mutes(now)]
        put_list(runtime, listing, "mute", items, COLUMNS)
        return ExitCode.OK
    until = now + span if span else None
    located = paths.watchlist(where.watchlist, runtime.environ, runtime.cwd)
    mutes = [_mute(name, located, until) for name in names or []]
    state.change_mutes(lambda old: [*_others(old, mutes, now), *mutes])
    for mute in mutes if not listing.quiet else ():
        terminal.write(runtime.stdout, f"Muted {mute.name} {_how_long(mute, now)}\n")
    return ExitCode.OK


def _refuse(names: list[str], span: timedelta | None, *, until_resolved: bool, show: bool) -> None:
    if show and (names or span or until_resolved):
        raise UsageError("--list shows what is muted and mutes nothing: leave out the rest")
    if not show and not names:
        raise UsageError("nothing to mute: name a vendor, or see what is muted by --list")
    if span and until_resolved:
        raise UsageError("--for and --until-resolved contradict each other: give one of them")


def state_of(runtime: Runtime) -> StateFolder:
    """The state that holds the mutes; raises `UsageError` in a drill, which has none of its own."""
    if environment.from_environment(runtime.environ):
        raise UsageError("a drill mutes nothing: do this outside of it")
    return StateFolder(paths.state())


def split(name: str) -> tuple[str, str | None]:
    """The vendor and the component of `VENDOR/COMPONENT`; an address has no component."""
    if "://" in name or "/" not in name:
        return name, None
    vendor, _, component = name.partition("/")
    if not component.strip():
        raise UsageError(f"{line(name)}: no component stands behind the slash")
    return vendor, line(component)


def _mute(name: str, located: Located, until: datetime | None) -> Mute:
    called, component = split(name)
    vendor = resolve.one(called, load(located), located)
    return Mute(slug=vendor.slug, url=vendor.url, component=component, until=until)


def _others(old: tuple[Mute, ...], new: list[Mute], now: datetime) -> list[Mute]:
    """The old mutes that are neither over nor replaced by a new one."""
    replaced = {(mute.url, mute.name.casefold()) for mute in new}
    return [
        mute
        for mute in old
        if not mute.has_expired(now) and (mute.url, mute.name.casefold()) not in replaced
    ]


def _how_long(mute: Mute, now: datetime) -> str:
    if mute.until is None:
        return "until resolved: the next watch that finds it well ends this"
    return f"until {wording.moment(mute.until, None, now)}"


def _item(mute: Mute) -> dict[str, Any]:
    until = machine_time(mute.until)
    return {
        "vendor": mute.slug,
        "component": mute.component,
        "until": until,
        "lasts": f"until {until or 'resolved'}",
        "url": mute.url,
    }

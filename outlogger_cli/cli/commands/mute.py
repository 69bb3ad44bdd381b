"""`outlogger mute`: silence notifications about a vendor or a component."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

import typer
from typer import Argument, Option

from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.alerts.state import StateFolder
from outlogger_cli.cli.command_line import completed_by, with_options
from outlogger_cli.cli.options import ListOptions, WatchlistOptions, budget
from outlogger_cli.cli.session import load
from outlogger_cli.cli.writing import format_name, put_list
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.drill import environment
from outlogger_cli.render import wording
from outlogger_cli.render.records import machine_time
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.paths import Located
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import resolve
from outlogger_cli.watchlist.schema import Watchlist

Meaning = TypeVar("Meaning")

COLUMNS = ("vendor", "component", "lasts")


@with_options(where=WatchlistOptions, listing=ListOptions)
def command(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        Argument(
            metavar="[VENDOR[/COMPONENT]]...",
            help="Vendor, or VENDOR/COMPONENT (name, Group/Name or glob).",
            show_default=False,
            autocompletion=completed_by("vendors"),
        ),
    ] = None,
    span: Annotated[
        timedelta | None,
        Option(
            "--for",
            metavar="DURATION",
            parser=budget,
            help="Duration of the mute.",
            show_default=False,
        ),
    ] = None,
    until_resolved: Annotated[
        bool,
        Option("--until-resolved", help="Mute until the vendor recovers (default)."),
    ] = False,
    show: Annotated[bool, Option("--list", help="List active mutes.")] = False,
    *,
    where: WatchlistOptions,
    listing: ListOptions,
) -> ExitCode:
    """Mute notifications about a vendor or a component, for a time or until it recovers.

    \b
    Examples:
      outlogger mute github
      outlogger mute github/Actions --for 2h
      outlogger mute --list

    A problem that is still open when the mute ends is notified then. unmute ends it at once.
    """
    runtime: Runtime = ctx.obj
    _refuse(names or [], span, until_resolved=until_resolved, show=show)
    state, now = state_of(runtime), runtime.now()
    if show:
        people = format_name(runtime, listing) == "table"
        items = [_item(mute, now if people else None) for mute in state.mutes(now)]
        put_list(runtime, listing, "mute", items, COLUMNS)
        return ExitCode.OK
    until = now + span if span else None
    located = paths.watchlist(where.watchlist, runtime.environ, runtime.cwd)
    mutes = each(names or [], located, lambda name, known: _mute(name, known, located, until))
    state.change_mutes(lambda old: [*_others(old, mutes, now), *mutes])
    for mute in mutes if not listing.quiet else ():
        terminal.write(runtime.stdout, f"Muted {mute.name} {_lasts(mute, now)}\n")
    return ExitCode.OK


def _refuse(names: list[str], span: timedelta | None, *, until_resolved: bool, show: bool) -> None:
    if show and (names or span or until_resolved):
        raise UsageError("--list takes no vendor, --for or --until-resolved")
    if not show and not names:
        raise UsageError("name a vendor to mute, or list active mutes with --list")
    if span and until_resolved:
        raise UsageError("--for and --until-resolved cannot be used together")


def state_of(runtime: Runtime) -> StateFolder:
    """The state that holds the mutes; raises `UsageError` in a drill, which has none of its own."""
    if environment.from_environment(runtime.environ):
        raise UsageError("mutes cannot be changed during a drill")
    return StateFolder(paths.state())


def split(name: str) -> tuple[str, str | None]:
    """The vendor and the component of `VENDOR/COMPONENT`; an address has no component."""
    if "://" in name or "/" not in name:
        return name, None
    vendor, _, component = name.partition("/")
    if not component.strip():
        raise UsageError(f"{line(name)}: component name missing after the slash")
    return vendor, line(component)


def each(
    names: list[str], located: Located, meaning: Callable[[str, Watchlist], Meaning]
) -> list[Meaning]:
    """What `meaning` finds for each name, as `resolve.each`, with the watchlist at `located`."""
    return resolve.each(names, load(located) or Watchlist(path=located.path), meaning)


def _mute(name: str, known: Watchlist, located: Located, until: datetime | None) -> Mute:
    called, component = split(name)
    vendor = resolve.one(called, known, located)
    return Mute(slug=vendor.slug, url=vendor.url, component=component, until=until)


def _others(old: tuple[Mute, ...], new: list[Mute], now: datetime) -> list[Mute]:
    """The old mutes that are neither over nor replaced by a new one."""
    replaced = {(mute.url, mute.name.casefold()) for mute in new}
    return [
        mute
        for mute in old
        if not mute.has_expired(now) and (mute.url, mute.name.casefold()) not in replaced
    ]


def _lasts(mute: Mute, now: datetime | None) -> str:
    """`until resolved`, or until when: for people at `now`, for machines without it."""
    if mute.until is None:
        return "until resolved"
    until = wording.moment(mute.until, None, now) if now else machine_time(mute.until)
    return f"until {until}"


def _item(mute: Mute, now: datetime | None) -> dict[str, Any]:
    return {
        "vendor": mute.slug,
        "component": mute.component,
        "until": machine_time(mute.until),
        "lasts": _lasts(mute, now),
        "url": mute.url,
    }

"""`outlogger watchlist add`: add vendors to the list after reading their pages."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Annotated

import typer
from typer import Argument

from outlogger_cli import platforms
from outlogger_cli.cli.command_line import completed_by, with_options
from outlogger_cli.cli.commands.watchlist.options import AddOptions
from outlogger_cli.cli.commands.watchlist.target import Target, open_target
from outlogger_cli.cli.options import MessageOptions, NetworkOptions, WatchlistOptions
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import replace
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import resolve
from outlogger_cli.watchlist.schema import Entry


@with_options(
    settings=AddOptions, network=NetworkOptions, where=WatchlistOptions, messages=MessageOptions
)
def add(
    ctx: typer.Context,
    names: Annotated[
        list[str],
        Argument(
            metavar="NAME|URL...",
            help="Slugs, aliases or https:// pages.",
            autocompletion=completed_by("vendors"),
        ),
    ],
    *,
    settings: AddOptions,
    network: NetworkOptions,
    where: WatchlistOptions,
    messages: MessageOptions,
) -> ExitCode:
    """Add vendors to the watchlist, or change their settings.

    \b
    Examples:
      outlogger watchlist add github -c Actions --tag ci
      outlogger watchlist add https://status.acme.example --as acme

    Reads each page first; if one cannot be read, nothing is written and the exit code is 3.
    """
    _refuse(ctx.obj, settings, messages)
    target = open_target(ctx.obj, where, quiet=messages.quiet)
    meaning = partial(resolve.to_add, slug=settings.slug, moves=True)
    found = resolve.each(names, target.watchlist, meaning)
    if len(found) > 1:
        _refuse_several(settings)
    if not settings.component:
        for note in resolve.readings(names, target.watchlist, target.located, selected=False):
            target.note(note)
    wanted = _wanted(settings)
    entries = [replace(wanted, slug=entry.slug, url=entry.url) for entry in found]
    unique = list({entry.slug.lower(): entry for entry in entries}.values())
    if settings.no_check:
        target.print_changes(target.add(unique, moved=settings.slug is not None), {})
        return ExitCode.OK
    return _add_checked(target, unique, settings, network)


def _add_checked(
    target: Target, entries: Sequence[Entry], settings: AddOptions, network: NetworkOptions
) -> ExitCode:
    from outlogger_cli.cli.commands.watchlist import checking, picking

    report = checking.read_pages(target, entries, network)
    if report.exit_code:
        return report.exit_code
    judged = report.vendors
    if settings.pick:
        entries = [replace(entries[0], components=picking.pick(target, judged[0]))]
    elif settings.component or settings.exclude:
        checking.refuse_unknown(judged[0], (*entries[0].components, *entries[0].exclude))
    found = [checking.as_found(entry, one) for entry, one in zip(entries, judged, strict=True)]
    for wanted, entry in zip(entries, found, strict=True):
        if wanted.platform and wanted.platform != entry.platform:
            target.note(
                f"{entry.slug}: uses the platform {entry.platform}, not {wanted.platform};"
                " to use --platform without reading the page: --no-check"
            )
    pages = {e.slug: checking.describe(e, one) for e, one in zip(found, judged, strict=True)}
    target.print_changes(target.add(found, moved=settings.slug is not None), pages)
    return ExitCode.OK


def _wanted(settings: AddOptions) -> Entry:
    """What the options say of each vendor, without a slug yet."""
    return Entry(
        slug="",
        name=_clean("--name", [settings.name])[0] if settings.name is not None else None,
        platform=settings.platform,
        components=_clean("--component", settings.component or ()),
        exclude=_clean("--exclude", settings.exclude or ()),
        tags=_clean("--tag", settings.tag or ()),
        fail_on=settings.fail_on,
    )


def _clean(option: str, values: Iterable[str]) -> tuple[str, ...]:
    cleaned = tuple(line(value) for value in values)
    if not all(cleaned):
        raise UsageError(f"{option} must not be empty")
    return cleaned


def _refuse_several(settings: AddOptions) -> None:
    """Raise `UsageError` for options that need exactly one vendor."""
    single = {
        "--name": settings.name,
        "--as": settings.slug,
        "--component": settings.component,
        "--exclude": settings.exclude,
        "--pick": settings.pick,
    }
    used = [option for option, value in single.items() if value]
    if used:
        raise UsageError(f"{used[0]} needs exactly one vendor: add the others separately")


def _refuse(runtime: Runtime, settings: AddOptions, messages: MessageOptions) -> None:
    """Raise `UsageError` for options that contradict each other or need something else."""
    if settings.platform is not None and not platforms.is_known(settings.platform):
        raise UsageError(f"--platform must be one of {', '.join(platforms.BUILT_IN)}")
    if not settings.pick:
        return
    excluded = {
        "--no-check": settings.no_check,
        "--component": settings.component,
        "--exclude": settings.exclude,
        "--quiet": messages.quiet,
    }
    for option, value in excluded.items():
        if value:
            raise UsageError(f"--pick and {option} cannot be used together")
    if not terminal.is_terminal(runtime.stdin):
        raise UsageError(
            "--pick needs a terminal on standard input; without one, use --component PATTERN"
        )

"""The signatures of `outlogger vendors show`, `detect` and `doctor`.

Their own modules bring the platforms and the network, and are imported when they run.
"""

from typing import Annotated

import typer
from typer import Argument, Option

from outlogger_cli.cli.command_line import completed_by, with_options
from outlogger_cli.cli.options import ListOptions, NetworkOptions
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.domain.values import frozen


@frozen
class DoctorOptions:
    """Which lines of the catalogue to check, and whether to correct them."""

    names: Annotated[
        list[str] | None,
        Argument(
            metavar="[NAME]...",
            help="Slugs or aliases.",
            show_default=False,
            autocompletion=completed_by("catalogued"),
        ),
    ] = None
    everything: Annotated[
        bool,
        Option(
            "--all",
            help="Every vendor, in at most 20 minutes; continues an interrupted run.",
        ),
    ] = False
    fix: Annotated[
        bool,
        Option("--fix", help="Correct the lines of the catalogue, in a checkout of the project."),
    ] = False


@with_options(listing=ListOptions)
def show(
    ctx: typer.Context,
    names: Annotated[
        list[str],
        Argument(
            metavar="NAME...",
            help="Slugs, aliases or products.",
            autocompletion=completed_by("catalogued"),
        ),
    ],
    *,
    listing: ListOptions,
) -> ExitCode:
    """Show what the catalogue knows about vendors, and what their pages show.

    \b
    Examples:
      outlogger vendors show github
      outlogger vendors show dynamodb --json

    JSON adds `lacks`, what pages of the platform never show (components, history, maintenance),
    and `products`, the names of products that mean the vendor.
    """
    from outlogger_cli.cli.commands.vendors import showing

    return showing.run(ctx.obj, names, listing)


@with_options(network=NetworkOptions, listing=ListOptions)
def detect(
    ctx: typer.Context,
    urls: Annotated[list[str], Argument(metavar="URL...", help="URLs of status pages.")],
    *,
    network: NetworkOptions,
    listing: ListOptions,
) -> ExitCode:
    """Detect which platform status pages run on, and how certain that is.

    \b
    Examples:
      outlogger vendors detect https://status.acme.example

    certain: the platform's document was read. likely: the host belongs to the platform, but the
    document could not be read. unknown: neither. Exits 3 if a page could not be read.
    """
    from outlogger_cli.cli.commands.vendors import detect

    return detect.run(ctx.obj, urls, network, listing)


@with_options(options=DoctorOptions, network=NetworkOptions, listing=ListOptions)
def doctor(
    ctx: typer.Context, *, options: DoctorOptions, network: NetworkOptions, listing: ListOptions
) -> ExitCode:
    """Read pages of the catalogue; report dead, moved, changed and unreadable ones.

    \b
    Examples:
      outlogger vendors doctor github
      outlogger vendors doctor --all --json -o found.json

    changed: the page runs on another platform than the catalogue says. The table is Markdown to
    paste into an issue; with --all it omits the pages that are ok. Exits 3 if a page could not be
    read.
    """
    from outlogger_cli.cli.commands.vendors import doctor

    return doctor.run(ctx.obj, options, network, listing)

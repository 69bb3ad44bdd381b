"""The options that the commands of the watchlist share."""

from typing import Annotated

from typer import Option

from outlogger_cli.cli.command_line import completed_by
from outlogger_cli.cli.options import Components, Excluded
from outlogger_cli.domain.model import FailOn
from outlogger_cli.domain.values import frozen


@frozen
class AddOptions:
    """What `add` says of its vendors."""

    component: Components = None
    exclude: Excluded = None
    tag: Annotated[
        list[str] | None,
        Option(
            "--tag",
            metavar="TAG",
            help="Add a tag.",
            show_default=False,
            autocompletion=completed_by("tags"),
        ),
    ] = None
    fail_on: Annotated[
        FailOn | None,
        Option("--fail-on", help="Lowest severity that is a problem.", show_default=False),
    ] = None
    name: Annotated[
        str | None,
        Option("--name", metavar="NAME", help="Name to show.", show_default=False),
    ] = None
    slug: Annotated[
        str | None,
        Option("--as", metavar="SLUG", help="Slug on the watchlist.", show_default=False),
    ] = None
    platform: Annotated[
        str | None,
        Option(
            "--platform",
            metavar="PLATFORM",
            help="Platform of the page. [default: detected]",
            show_default=False,
            autocompletion=completed_by("platforms"),
        ),
    ] = None
    no_check: Annotated[bool, Option("--no-check", help="Add without reading the page.")] = False
    pick: Annotated[bool, Option("--pick", help="Choose components interactively.")] = False

"""The options that the commands of the watchlist share."""

from typing import Annotated

from typer import Option

from outlogger_cli.cli.options import Components, Excluded, completed_by
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
            help="Add a tag to select it by.",
            show_default=False,
            autocompletion=completed_by("tags"),
        ),
    ] = None
    fail_on: Annotated[
        FailOn | None,
        Option("--fail-on", help="The severity that is a problem.", show_default=False),
    ] = None
    name: Annotated[
        str | None,
        Option("--name", metavar="NAME", help="The name to show.", show_default=False),
    ] = None
    slug: Annotated[
        str | None,
        Option("--as", metavar="SLUG", help="Its slug on the list.", show_default=False),
    ] = None
    platform: Annotated[
        str | None,
        Option(
            "--platform",
            metavar="PLATFORM",
            help="The software behind the page. [default: detected]",
            show_default=False,
            autocompletion=completed_by("platforms"),
        ),
    ] = None
    no_check: Annotated[bool, Option("--no-check", help="Do not read the page first.")] = False
    pick: Annotated[
        bool, Option("--pick", help="Choose the components that count from a list.")
    ] = False

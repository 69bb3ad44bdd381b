"""The first step of the commands that read pages of the catalogue: refuse, then announce."""

from collections.abc import Sequence

from outlogger_cli import output
from outlogger_cli.commands import delivery, walk
from outlogger_cli.commands.options import Fetching, Listing
from outlogger_cli.commands.walk import Walk
from outlogger_cli.commands.writing import choose_format
from outlogger_cli.model import Vendor
from outlogger_cli.render import listing as listings
from outlogger_cli.runtime import Runtime


def begin(
    runtime: Runtime, vendors: Sequence[Vendor], fetching: Fetching, listing: Listing
) -> tuple[Walk, str]:
    """The run, and the format of its list; raises `UsageError` before anything is fetched."""
    chosen = choose_format(runtime, listing, listings.FORMATS)
    if listing.output:
        output.check(listing.output)
    step = walk.over_pages(runtime, vendors, fetching, quiet=listing.quiet)
    delivery.announce(step)
    return step, chosen

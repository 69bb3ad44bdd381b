"""The first step of the commands that read pages of the catalogue: refuse, then announce."""

from collections.abc import Sequence

from outlogger_cli.cli import output, output_file, session
from outlogger_cli.cli.formats import choose_format
from outlogger_cli.cli.options import Fetching, Listing
from outlogger_cli.cli.session import Walk
from outlogger_cli.domain.model import Vendor
from outlogger_cli.render import listing as listings
from outlogger_cli.system.runtime import Runtime


def begin(
    runtime: Runtime, vendors: Sequence[Vendor], fetching: Fetching, listing: Listing
) -> tuple[Walk, str]:
    """The run, and the format of its list; raises `UsageError` before anything is fetched."""
    chosen = choose_format(runtime, listing, listings.FORMATS)
    if listing.output:
        output_file.check(listing.output)
    step = session.over_pages(runtime, vendors, fetching, quiet=listing.quiet)
    output.announce(step)
    return step, chosen

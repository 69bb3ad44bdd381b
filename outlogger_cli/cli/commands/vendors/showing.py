"""`outlogger vendors show`: what the catalogue knows about vendors."""

from typing import Annotated

import typer
from typer import Argument

from outlogger_cli import platforms
from outlogger_cli.catalog import products
from outlogger_cli.catalog.catalog import Entry
from outlogger_cli.catalog.products import Product
from outlogger_cli.catalog.search import one
from outlogger_cli.cli.commands.vendors.listing import COLUMNS, record
from outlogger_cli.cli.options import ListOptions, completed_by, with_options
from outlogger_cli.cli.writing import check_file, format_name, put, put_list, stream_view
from outlogger_cli.domain.errors import ExitCode

_MOST_SHOWN = 8
"""Products that a table names."""


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
    """Show what the catalogue knows about vendors, and what their pages can show.

    In JSON `lacks` is what pages of the vendor's platform never show: components, history,
    maintenance. `products` are the names of products that mean the vendor.

    Examples: outlogger vendors show github · outlogger vendors show dynamodb --json
    """
    found = [(entry, _products(entry)) for entry in map(one, names)]
    if format_name(ctx.obj, listing) == "table":
        from outlogger_cli.render.table.facts import facts  # brings Rich

        if listing.output:
            check_file(listing.output)
        things = [(entry.name, _facts(entry, own)) for entry, own in found]
        put(ctx.obj, listing, facts(things, stream_view(ctx.obj, listing)))
        return ExitCode.OK
    items = [
        {
            **record(entry),
            "lacks": list(platforms.lacks(entry.platform)),
            "products": list(own),
        }
        for entry, own in found
    ]
    put_list(ctx.obj, listing, "vendors show", items, COLUMNS)
    return ExitCode.OK


def _products(entry: Entry) -> dict[str, Product]:
    """The products of a vendor by their names: proper names first, then regions and hosts."""
    own = [products.product(line) for line in products.lines() if f",{entry.slug}," in line]
    own.sort(key=lambda product: (product.name[0].islower(), product.name.casefold()))
    return {product.name: product for product in own}


def _facts(entry: Entry, own: dict[str, Product]) -> list[tuple[str, str]]:
    component = next((one.component for one in own.values() if one.component), None)
    selecting = f" -c {_quoted(component)}" if component else ""
    return [
        ("slug", entry.slug),
        ("page", entry.url),
        ("platform", _platform(entry)),
        ("shows", _abilities(entry.platform)),
        ("category", entry.category),
        ("aliases", ", ".join(entry.aliases)),
        ("homepage", entry.homepage or ""),
        ("products", _some(list(own))),
        ("examples", f"outlogger status {entry.slug}"),
        ("", f"outlogger check {entry.slug}{selecting}"),
        ("", f"outlogger watchlist add {entry.slug}"),
    ]


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_SHOWN
    shown = ", ".join(names[:_MOST_SHOWN])
    return f"{shown} and {more} more (see --json)" if more > 0 else shown


def _platform(entry: Entry) -> str:
    """The platform, how sure it is, and whether it can be read."""
    if entry.platform is None:
        return "unknown: it is detected when the page is read"
    if not platforms.is_known(entry.platform):
        return f"{entry.platform} (cannot be read)"
    return f"{entry.platform} ({'known' if entry.known else 'likely'})"


def _abilities(platform: str | None) -> str:
    """What pages of the platform show, and what they never do; "" if it is not known."""
    if platform is None or not platforms.is_known(platform):
        return ""
    never = platforms.lacks(platform)
    can = [ability for ability in platforms.ABILITIES if ability not in never]
    shown = ", ".join(("current status", *can))
    return f"{shown}; never {' or '.join(never)}" if never else shown


def _quoted(name: str) -> str:
    return f"'{name}'" if " " in name else name

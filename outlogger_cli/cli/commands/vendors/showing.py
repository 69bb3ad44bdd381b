"""`outlogger vendors show`: what the catalogue knows about vendors."""

from collections.abc import Sequence
from typing import Any

from outlogger_cli import platforms
from outlogger_cli.catalog import products
from outlogger_cli.catalog.catalog import Entry
from outlogger_cli.catalog.products import Product
from outlogger_cli.catalog.search import named
from outlogger_cli.cli.commands.vendors.listing import COLUMNS, record
from outlogger_cli.cli.options import ListOptions
from outlogger_cli.cli.writing import check_file, format_name, put, put_list, stream_view
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.system.runtime import Runtime

_MOST_SHOWN = 8
"""Products that a table names."""


def run(runtime: Runtime, names: Sequence[str], listing: ListOptions) -> ExitCode:
    """Write what is known about the vendors called `names`; only JSON and a table have it all."""
    entries = named(names)
    format = format_name(runtime, listing)
    if format == "table":
        from outlogger_cli.render.table.facts import facts  # brings Rich

        if listing.output:
            check_file(listing.output)
        things = [(entry.name, _facts(entry, _products(entry))) for entry in entries]
        put(runtime, listing, facts(things, stream_view(runtime, listing)))
        return ExitCode.OK
    items = [{**record(entry), **(_more(entry) if format == "json" else {})} for entry in entries]
    put_list(runtime, listing, "vendors show", items, COLUMNS)
    return ExitCode.OK


def _more(entry: Entry) -> dict[str, Any]:
    """What the platform's pages never show, and the products that mean the vendor."""
    return {"lacks": list(platforms.lacks(entry.platform)), "products": list(_products(entry))}


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
        return "unknown (detected when the page is read)"
    if not platforms.is_known(entry.platform):
        why = ": needs a token" if entry.platform in platforms.NEED_TOKEN else ""
        return f"{entry.platform} (not supported{why})"
    return f"{entry.platform} ({'known' if entry.known else 'likely'})"


def _abilities(platform: str | None) -> str:
    """What pages of the platform show, and what they never do; "" if it is not known."""
    if platform is None or not platforms.is_known(platform):
        return ""
    never = platforms.lacks(platform)
    can = [ability for ability in platforms.ABILITIES if ability not in never]
    shown = ", ".join(("current status", *can))
    return f"{shown}; never {', '.join(never)}" if never else shown


def _quoted(name: str) -> str:
    return f"'{name}'" if " " in name else name

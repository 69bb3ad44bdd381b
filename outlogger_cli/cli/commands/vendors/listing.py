"""`outlogger vendors list` and `search`: the bundled catalogue."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer
from typer import Argument, Option

from outlogger_cli.catalog import catalog
from outlogger_cli.catalog import search as catalog_search
from outlogger_cli.catalog.catalog import Entry
from outlogger_cli.cli.command_line import completed_by, with_options
from outlogger_cli.cli.options import ListOptions
from outlogger_cli.cli.writing import put_list
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.text import line

COLUMNS = ("slug", "name", "platform", "url", "category")


@with_options(listing=ListOptions)
def list_vendors(
    ctx: typer.Context,
    category: Annotated[
        str | None,
        Option(
            metavar="NAME",
            help="Show only this category.",
            show_default=False,
            autocompletion=completed_by("categories"),
        ),
    ] = None,
    platform: Annotated[
        str | None,
        Option(
            metavar="NAME",
            help="Show only this platform.",
            show_default=False,
            autocompletion=completed_by("platforms"),
        ),
    ] = None,
    *,
    listing: ListOptions,
) -> ExitCode:
    """List the vendors of the catalogue.

    \b
    Examples:
      outlogger vendors list --category ai
    """
    found = [
        entry
        for entry in catalog.entries()
        if category in {None, entry.category} and platform in {None, _platform(entry)}
    ]
    if not found:
        raise UsageError(_nothing_like(category, platform))
    return _write(ctx, "vendors list", found, listing)


@with_options(listing=ListOptions)
def search(
    ctx: typer.Context,
    text: Annotated[list[str], Argument(metavar="TEXT...", help="Name, domain or URL.")],
    *,
    listing: ListOptions,
) -> ExitCode:
    """Find vendors by name, product, domain or URL; the best match comes first.

    \b
    Examples:
      outlogger vendors search gmail
      outlogger vendors search https://status.acme.example
    """
    return _write(ctx, "vendors search", find_vendors(" ".join(text)), listing)


def find_vendors(text: str) -> list[Entry]:
    """The vendors that `text` may mean, best first; raises `UsageError` if there is none."""
    if found := catalog_search.search(text):
        return found
    raise UsageError(f"no vendor found for {line(text)!r}; to read any page: outlogger status URL")


def _nothing_like(category: str | None, platform: str | None) -> str:
    """Why no vendor has both: one of them is unknown, or no vendor has the two."""
    entries = list(catalog.entries())
    for option, value, known in (
        ("--category", category, {entry.category for entry in entries}),
        ("--platform", platform, {_platform(entry) for entry in entries}),
    ):
        if value and value not in known:
            return f"{option} must be one of {', '.join(sorted(known))}"
    return f"no vendor of category {category} runs on {platform}"


def _write(ctx: typer.Context, name: str, found: Iterable[Entry], listing: ListOptions) -> ExitCode:
    items = [record(entry) for entry in found]
    put_list(ctx.obj, listing, name, items, COLUMNS)
    return ExitCode.OK


def _platform(entry: Entry) -> str:
    return entry.platform or "unknown"


def record(entry: Entry) -> dict[str, Any]:
    """What the catalogue has about a vendor, by the keys of the JSON."""
    return {
        "slug": entry.slug,
        "name": entry.name,
        "platform": _platform(entry),
        "url": entry.url,
        "category": entry.category,
        "aliases": list(entry.aliases),
        "homepage": entry.homepage,
        "known": entry.known,
    }

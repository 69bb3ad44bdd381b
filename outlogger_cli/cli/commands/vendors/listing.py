"""`outlogger vendors list`, `search` and `show`: the bundled catalogue."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer
from typer import Argument, Option

from outlogger_cli import platforms
from outlogger_cli.catalog import catalog
from outlogger_cli.catalog import search as catalog_search
from outlogger_cli.catalog.catalog import Entry
from outlogger_cli.cli.options import ListOptions, completed_by, with_options
from outlogger_cli.cli.writing import format_name, put_list
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.system import terminal

COLUMNS = ("slug", "name", "platform", "url", "category")


@with_options(listing=ListOptions)
def list_vendors(
    ctx: typer.Context,
    category: Annotated[
        str | None,
        Option(
            metavar="NAME",
            help="Only this category.",
            show_default=False,
            autocompletion=completed_by("categories"),
        ),
    ] = None,
    platform: Annotated[
        str | None,
        Option(
            metavar="NAME",
            help="Only this platform.",
            show_default=False,
            autocompletion=completed_by("platforms"),
        ),
    ] = None,
    *,
    listing: ListOptions,
) -> ExitCode:
    """Every vendor of the catalogue."""
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
    text: Annotated[list[str], Argument(metavar="TEXT...", help="A name, domain or address.")],
    *,
    listing: ListOptions,
) -> ExitCode:
    """Vendors by name, slug, alias, domain or address, typing errors forgiven; best first."""
    found = catalog_search.search(" ".join(text))
    if not found:
        raise UsageError(
            f"no vendor is like {line(' '.join(text))!r}; a page's https:// URL always works"
        )
    return _write(ctx, "vendors search", found, listing)


@with_options(listing=ListOptions)
def show(
    ctx: typer.Context,
    names: Annotated[
        list[str],
        Argument(
            metavar="NAME...", help="Slugs or aliases.", autocompletion=completed_by("catalogued")
        ),
    ],
    *,
    listing: ListOptions,
) -> ExitCode:
    """What the catalogue knows of a vendor, and what its page never says.

    JSON has in `lacks` what pages of its platform never show: components, history, maintenance. A
    table has a line on standard error for it.
    """
    found = [catalog_search.one(name) for name in names]
    items = [{**_item(entry), "lacks": list(platforms.lacks(entry.platform))} for entry in found]
    put_list(ctx.obj, listing, "vendors show", items, COLUMNS)
    if format_name(ctx.obj, listing) == "table" and not listing.quiet:
        for item in items:
            if item["lacks"]:
                said = f"{item['slug']}: its page never shows {' or '.join(item['lacks'])}\n"
                terminal.tell(ctx.obj.stderr, said)
    return ExitCode.OK


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
    items = [_item(entry) for entry in found]
    put_list(ctx.obj, listing, name, items, COLUMNS)
    return ExitCode.OK


def _platform(entry: Entry) -> str:
    return entry.platform or "unknown"


def _item(entry: Entry) -> dict[str, Any]:
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

"""Write watchlists for other programs; `imports` reads what they write.

Headers of vendors may be secret, so no export holds them.
"""

from collections.abc import Iterable
from typing import Any

from outlogger_cli.domain.values import replace
from outlogger_cli.watchlist import edit
from outlogger_cli.watchlist.pages import page_of, platform_of, shown_name
from outlogger_cli.watchlist.schema import NEW, VENDOR_KEYS, Entry

SUMMARY = ("slug", "name", "platform", "url", "tags", "fail_on", "components")
"""The keys of a record that tell most."""

PUBLIC_KEYS = [key for key in VENDOR_KEYS if not key.secret]
COLUMNS = (*SUMMARY, *(key.name for key in PUBLIC_KEYS if key.name not in SUMMARY))
"""The keys of an exported record, in the order of its columns."""

FEED = "/history.atom"
"""Where a page on one of `_WITH_FEED` has its feed."""

_WITH_FEED = ("statuspage", "incidentio")


def as_toml(entries: Iterable[Entry]) -> str:
    """A watchlist of `entries` without their headers."""
    return edit.add(NEW, [replace(entry, headers=()) for entry in entries])


def as_opml(entries: Iterable[Entry]) -> str:
    """The feeds of the pages of `entries` that have one, and the addresses of the others."""
    from xml.sax.saxutils import quoteattr

    outlines = []
    for entry in entries:
        if not (page := page_of(entry)):
            continue
        name = quoteattr(shown_name(entry))
        links = f'type="link" url={quoteattr(page)}'
        if platform_of(entry) in _WITH_FEED:
            links = f'type="rss" xmlUrl={quoteattr(page + FEED)} htmlUrl={quoteattr(page)}'
        outlines.append(f"    <outline text={name} title={name} {links}/>\n")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        "  <head>\n    <title>outlogger watchlist</title>\n  </head>\n"
        f"  <body>\n{''.join(outlines)}  </body>\n"
        "</opml>\n"
    )


def opml_lacks(entry: Entry) -> list[str]:
    """What an import of the entry's outline does not bring back: it has only name and page."""
    held = {"url", "platform", "headers"} | ({"name"} if entry.url else set())
    lacks = [key for key in entry.given if key not in held]
    return ["slug", *lacks] if entry.url and entry.slug not in entry.url.split("/") else lacks


def record(entry: Entry) -> dict[str, Any]:
    """An entry as lists show it: completed by the catalogue, with only the names of `headers`."""
    values: dict[str, Any] = {}
    for key in PUBLIC_KEYS:
        value = getattr(entry, key.name)
        values[key.name] = None if value is None else key.write(value)
    values |= {
        "slug": entry.slug,
        "name": shown_name(entry),
        "platform": platform_of(entry),
        "url": page_of(entry),
    }
    headers = [name for name, _ in entry.headers]
    return {name: values[name] for name in COLUMNS} | {"headers": headers}

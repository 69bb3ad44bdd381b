"""The page, name and platform of an entry: its own, else those the catalogue has for it."""

from urllib.parse import urlsplit

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.watchlist import readers
from outlogger_cli.watchlist.schema import Entry

_OF_THE_PAGE = {
    *("", "api", "components", "events", "history", "history.atom", "history.rss", "incidents"),
    *("maintenance", "maintenances", "notices", "posts", "subscribe", "uptime"),
}
"""First parts of the path below a page that belong to it; any other may be another page."""


def shown_name(entry: Entry) -> str:
    """The watchlist's name, else the catalogue's, else the slug."""
    vendor = in_catalog(entry)
    return entry.name or (vendor.name if vendor else entry.slug)


def page_of(entry: Entry) -> str | None:
    """The page's address; None if neither the entry nor the catalogue has one."""
    if entry.url:
        return entry.url.rstrip("/")
    vendor = in_catalog(entry)
    return vendor.url if vendor else None


def platform_of(entry: Entry) -> str | None:
    """The platform the entry names, else the one the catalogue has for its page."""
    if entry.platform:
        return entry.platform
    vendor = vendor_at(entry.url) if entry.url else in_catalog(entry)
    return vendor.platform if vendor else None


def in_catalog(entry: Entry) -> catalog.Entry | None:
    """The catalogue's vendor whose page the entry means; None for an entry with its own page."""
    return None if entry.url else catalog.find(entry.slug)


def vendor_at(url: str) -> catalog.Entry | None:
    """The catalogue's vendor whose page `url` belongs to; a vendor's homepage is not its page."""
    vendor = catalog.by_page(url)
    return vendor if vendor and belongs(url, vendor.url) else None


def belongs(url: str, page: str) -> bool:
    """Whether `url` is `page` or an address of its own, such as its history.

    `https://host/team` may be another page than `https://host`.
    """
    head, _, rest = f"{url.rstrip('/')}/".partition(f"{page}/")
    return not head and rest.split("/")[0] in _OF_THE_PAGE


def checked(url: str) -> str:
    """The address of a page as it was typed; raises `UsageError` if it is not one."""
    try:
        return readers.url(url)
    except ValueError:
        reason = f"{line(url)!r} is not a valid page URL"
        if "@" in url:  # there may be a password before it, which no message repeats
            reason = "a page URL must not contain a user name or password"
        raise UsageError(f"{reason}: write https://HOST/PATH") from None


def plain(url: str) -> str:
    """The address of a page without query, fragment or a slash at its end; raises as `checked`."""
    parts = urlsplit(checked(url))
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path}".rstrip("/")


def redefines(entry: Entry) -> bool:
    """Whether the catalogue has a vendor of this slug or name, whose page is another one."""
    if not entry.url:
        return False
    listed = map(catalog.by_name, filter(None, (entry.slug, entry.name)))
    return any(vendor and not belongs(entry.url, vendor.url) for vendor in listed)

"""What a name or an address means: an entry of the list, a vendor of the catalogue, a new page."""

from functools import cache
from urllib.parse import urlsplit

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.watchlist import readers, resolve
from outlogger_cli.watchlist.exchange import belongs, page_of, shown_name, vendor_at
from outlogger_cli.watchlist.schema import Entry, Watchlist, is_slug


def find(name: str, known: Watchlist) -> Entry | None:
    """The entry of `known` whose slug, alias, name or page is `name`, in this order.

    Raises `UsageError` where several entries have that name or page, and for a bad address.
    """
    if "://" in name:
        return _only(name, _at(address(name), known))
    wanted = line(name).casefold()
    vendor = catalog.find(name)
    slugs = (wanted, vendor.slug) if vendor else (wanted,)
    for slug in slugs:
        if entry := by_slug(slug, known):
            return entry
    return _only(name, [e for e in known.vendors if shown_name(e).casefold() == wanted])


def by_slug(slug: str, known: Watchlist) -> Entry | None:
    return next((e for e in known.vendors if e.slug.lower() == slug.lower()), None)


def listed(name: str, known: Watchlist) -> Entry:
    """What `find` finds; raises `UsageError` where that is nothing."""
    if entry := find(name, known):
        return entry
    from difflib import get_close_matches  # loaded only where a name was wrong

    slugs = {entry.slug.casefold(): entry.slug for entry in known.vendors}
    near = [slugs[hit] for hit in get_close_matches(name.casefold(), slugs, 3)]
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise UsageError(f"{line(name)!r} is not on the list {line(str(known.path))}{hint}")


def entry_for(
    name: str, known: Watchlist, *, slug: str | None = None, moves: bool = False
) -> Entry:
    """The slug under which the vendor called `name` stands or may stand on the list, and its page
    where that is new and not the catalogue's; `slug` is what the user wants it to be, and may
    stand for another page by now where the vendor `moves`.

    Raises `UsageError` for a name nobody knows, for a slug that is none or that another page has.
    """
    if slug is not None and not is_slug(slug):
        raise UsageError(f"{line(slug)!r} is no slug: it may hold only A-Z a-z 0-9 . _ -")
    if slug is None and (found := find(name, known)):
        return Entry(slug=found.slug)
    page = address(name) if "://" in name else None
    vendor = vendor_at(page) if page else catalog.find(name) or _displayed(name)
    page = vendor.url if vendor else page or _listed_page(name, known)
    if page is None:
        raise UsageError(_nobody(name))
    if vendor and slug in {None, vendor.slug}:
        entry = Entry(slug=vendor.slug)
    else:
        entry = Entry(slug=slug or _host(page), url=page)
    other = by_slug(entry.slug, known)
    if other is None:
        return entry
    if moves and slug is not None and not belongs(page, page_of(other) or ""):
        return Entry(slug=other.slug, url=page)
    refuse_other_page(other, page)
    return Entry(slug=other.slug)


def _listed_page(name: str, known: Watchlist) -> str | None:
    """The page of the vendor that only the list knows by `name`."""
    entry = find(name, known)
    return page_of(entry) if entry else None


def refuse_other_page(entry: Entry, page: str) -> None:
    """Raises `UsageError` where `entry` has another page: one slug cannot stand for two."""
    own = page_of(entry) or ""
    if not belongs(page, own):
        raise UsageError(
            f"{entry.slug} is on the list already, with {own or 'no page'};"
            f" give {page} a slug of its own: --as SLUG"
        )


def address(url: str) -> str:
    """The page's address without query, fragment or a slash at its end."""
    try:
        parts = urlsplit(readers.url(url.strip()))
    except ValueError:
        raise resolve.unusable(url) from None
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path}".rstrip("/")


def _at(page: str, known: Watchlist) -> list[Entry]:
    return [entry for entry in known.vendors if belongs(page, page_of(entry) or "")]


def _only(name: str, entries: list[Entry]) -> Entry | None:
    if len(entries) > 1:
        slugs = ", ".join(entry.slug for entry in entries)
        raise UsageError(f"{line(name)!r} stands for {slugs} on the list: give one of these")
    return entries[0] if entries else None


def _host(page: str) -> str:
    host = urlsplit(page).hostname or ""
    if not is_slug(host):
        raise UsageError(f"{page} needs a slug of A-Z a-z 0-9 . _ -: --as SLUG")
    return host


def _displayed(name: str) -> catalog.Entry | None:
    """The one vendor of the catalogue that is shown under this name, such as `Amazon Web
    Services`."""
    vendors = _display_names().get(line(name).casefold(), [])
    return vendors[0] if len(vendors) == 1 else None


@cache
def _display_names() -> dict[str, list[catalog.Entry]]:
    names: dict[str, list[catalog.Entry]] = {}
    for vendor in catalog.entries():
        names.setdefault(vendor.name.casefold(), []).append(vendor)
    return names


def _nobody(name: str) -> str:
    near = catalog.closest(name)
    if near:
        hint = f"did you mean {' or '.join(near)}?"
    else:
        hint = "outlogger vendors search TEXT finds vendors, and a page's https:// URL always works"
    return f"no vendor is called {line(name)!r}; {hint}"

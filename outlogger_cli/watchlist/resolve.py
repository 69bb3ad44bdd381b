"""Names to entries of the watchlist, and those to vendors.

What a name means, in this order; letter case does not matter:

1. an address (it contains `://`): the page there
2. the entry of the watchlist with this slug
3. the entry with the slug of the vendor whom the catalogue calls so (slug or alias)
4. the entries that are shown under this name
5. the vendor of the catalogue with this slug or alias
6. the only vendor of the catalogue that is shown under this name
7. the vendor of the product that is called so, with the product's component selected if the
   vendor's page has one (only to read pages, and to add the vendor to the watchlist)

Commands that read pages use the first of several entries, and read an address whether it is on
the list or not. Commands on the watchlist refuse a name or an address of several entries.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.errors import ConfigError, UsageError, collected, together
from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown, Policy, Selection, Vendor
from outlogger_cli.domain.similar import closest, did_you_mean
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.system.paths import PROJECT_FILE, Located
from outlogger_cli.watchlist import pages, store
from outlogger_cli.watchlist.pages import belongs, in_catalog, page_of, platform_of, shown_name
from outlogger_cli.watchlist.placeholders import expand
from outlogger_cli.watchlist.schema import Defaults, Entry, Error, Watchlist, is_slug, parse

if TYPE_CHECKING:
    from outlogger_cli.catalog.products import Product

Item = TypeVar("Item")
Meaning = TypeVar("Meaning")

_BUILT_IN = Policy()

NAME_ERRORS = 100
"""Unknown names, or entries without a page, that are reported at once; looking for similar ones
takes time."""


class OtherPageError(UsageError):
    """The slug of one page is that of another on the list."""


@frozen
class Overrides:
    """What the command line says about every vendor; None if it says nothing."""

    components: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: FailOn | None = None
    on_unknown: OnUnknown | None = None
    count_incidents: CountIncidents | None = None
    timeout: timedelta | None = None


def vendors(
    names: Sequence[str],
    *,
    watchlist: Watchlist | None,
    located: Located,
    environ: Mapping[str, str],
    tags: Sequence[str] = (),
    overrides: Overrides | None = None,
) -> tuple[Vendor, ...]:
    """The vendors that `names` mean, or the whole watchlist without any.

    Raises `UsageError` for an unknown name, and if there is nothing to read.
    """
    overrides = overrides or Overrides()
    known = watchlist or Watchlist(path=located.path)
    errors: list[UsageError] = []
    entries: Sequence[Entry] = known.vendors
    with collected(errors):
        entries = _entries(names, known) if names else entries
    if not (entries or errors):
        raise _nothing_to_read(located, watchlist)
    found: list[Vendor] = []
    with collected(errors):
        tagged = _tagged(entries, tags, known)
        found = _all(
            tagged, lambda entry: _vendor(entry, known.defaults, overrides, located, environ)
        )
    unique = {(vendor.slug, vendor.url): vendor for vendor in found}
    with collected(errors):
        _check_patterns(overrides, len(names or entries) if errors else len(unique))
    if errors:
        raise together(errors)
    return tuple(unique.values())


def _check_patterns(overrides: Overrides, vendors: int) -> None:
    """Refuse an empty pattern, and any pattern unless it is for exactly one of `vendors`."""
    if not all(pattern.strip() for pattern in (*overrides.components, *overrides.exclude)):
        raise UsageError(
            "--component and --exclude must not be empty: use a name, id, group or glob"
        )
    if (overrides.components or overrides.exclude) and vendors != 1:
        raise UsageError(
            "--component and --exclude need exactly one vendor; for several, set"
            " components in the watchlist (outlogger watchlist add NAME -c PATTERN)"
        )


def one(name: str, watchlist: Watchlist | None, located: Located) -> Vendor:
    """The vendor that `outlogger check NAME` reads, without its headers, which may be secret.

    Raises `UsageError` for an unknown name.
    """
    unsent = replace(located, own=False)
    known = watchlist or Watchlist(path=located.path)
    entry, product = _meant(name, known)
    if product:  # the whole vendor would be more than was named
        raise _unknown(name, known.vendors)
    return _vendor(entry, known.defaults, Overrides(), unsent, {})


def readings(
    names: Iterable[str], watchlist: Watchlist | None, located: Located, *, selected: bool = True
) -> Iterator[str]:
    """Yield how each of `names` was understood that is a product's, or that two vendors have.

    Unless a product's component is `selected`, how to select it.
    """
    known = watchlist or Watchlist(path=located.path)
    for name in _single(names, known):
        if "://" in name or _called(name, known):
            continue
        entry, product = _meant(name, known)
        other = catalog.other_meaning(name)
        if not (product or other):
            continue
        if product:
            part = f"component {product.component}" if product.component else "whole page"
            if product.component and not selected:
                part = f"whole page; only this component: -c {product.component!r}"
            said = f"{product.slug}: {product.name} ({part})"
        else:
            said = f"{entry.slug}: {shown_name(entry)}"
        second = (catalog.find(other) or _product(other)) if other else None
        hint = f"; for {second.slug}: {second.name} type {other}" if second else ""
        yield f"{line(name)}: read as {said}{hint}"


def each(
    names: Iterable[str], known: Watchlist, meaning: Callable[[str, Watchlist], Meaning]
) -> list[Meaning]:
    """What `meaning` finds for each name; a comma separates names too.

    Raises `UsageError` with the errors of all names.
    """
    return _all(_single(names, known), lambda name: meaning(name, known))


def _all(items: Iterable[Item], meaning: Callable[[Item], Meaning]) -> list[Meaning]:
    """What `meaning` finds for each item; raises `UsageError` with the errors of all."""
    found: list[Meaning] = []
    errors: list[UsageError] = []
    for item in items:
        with collected(errors):
            found.append(meaning(item))
        if len(errors) >= NAME_ERRORS:
            errors.append(type(errors[-1])("there may be more errors"))
            break
    if errors:
        raise together(errors)
    return found


def _single(names: Iterable[str], known: Watchlist) -> Iterator[str]:
    """Yield the names; one with a comma is several, unless it is a vendor's as a whole, or has a
    component, whose name may contain one."""
    for name in names:
        is_whole = "://" not in name and ("/" in name or _is_name(name, known))
        is_whole = is_whole or "," not in name
        yield from [name] if is_whole else filter(None, map(str.strip, name.split(",")))


def find(name: str, known: Watchlist) -> Entry | None:
    """The entry of the watchlist that `name` means.

    Raises `UsageError` if several entries have that name or page, and for an invalid address.
    """
    if "://" in name:
        page = pages.plain(name)
        entries: Sequence[Entry] = [
            one for one in _index(known).on_host(page) if belongs(page, page_of(one) or "")
        ]
    else:
        entries = _called(name, known)
    if len(entries) > 1:
        slugs = ", ".join(entry.slug for entry in entries)
        raise UsageError(f"{line(name)!r} is ambiguous on the watchlist: use one of {slugs}")
    return entries[0] if entries else None


def listed(name: str, known: Watchlist) -> Entry:
    """The entry that `find` finds; raises `UsageError` if there is none."""
    if entry := find(name, known):
        return entry
    hint = did_you_mean(closest(name, [entry.slug for entry in known.vendors]))
    raise UsageError(f"{line(name)!r} is not on the watchlist {line(str(known.path))}{hint}")


def to_add(name: str, known: Watchlist, *, slug: str | None = None, moves: bool = False) -> Entry:
    """The slug that the vendor called `name` has or gets on the watchlist.

    It comes with the page, if that is new there and not the catalogue's. `slug` is the one the
    user wants; an entry that has it may get another page if the vendor `moves`. Raises
    `UsageError` for an unknown name, an invalid slug, and one that another page has.
    """
    if slug is not None and not is_slug(slug):
        raise UsageError(f"{line(slug)!r} is not a valid slug: use only A-Z a-z 0-9 . _ -")
    if slug is None and (found := find(name, known)):
        return Entry(slug=found.slug)
    address = pages.plain(name) if "://" in name else None
    vendor = pages.vendor_at(address) if address else catalog.by_name(name)
    own = None if vendor or address else find(name, known)
    if vendor is None and own is None and (product := _product(name)):
        vendor = catalog.find(product.slug)
    page = vendor.url if vendor else address or (page_of(own) if own else None)
    if page is None:
        raise _unknown(name)
    if vendor and slug in {None, vendor.slug}:
        entry = Entry(slug=vendor.slug)
    else:
        entry = Entry(slug=slug or _host(page), url=page)
    other = _index(known).by_slug.get(entry.slug.lower())
    if other is None:
        return entry
    if moves and slug is not None and not belongs(page, page_of(other) or ""):
        return Entry(slug=other.slug, url=page)
    refuse_other_page(other, page)
    return Entry(slug=other.slug)


def refuse_other_page(entry: Entry, page: str) -> None:
    """Raise `OtherPageError` if `entry` has another page: one slug cannot mean two."""
    own = page_of(entry) or ""
    if not belongs(page, own):
        raise OtherPageError(
            f"{entry.slug} is already on the watchlist with {own or 'no page'};"
            f" to add {page} under another slug: --as SLUG"
        )


def validate(text: str, path: Path) -> Watchlist:
    """The watchlist in `text`; raises `ConfigError` also for entries that have no page."""
    return parse(text, path, _without_pages)


def load(path: Path) -> Watchlist:
    """The watchlist at `path`; an invalid one raises as `validate` does.

    In a valid one an entry without a page is an error only of those who read that entry.
    """
    text = store.read(path)
    try:
        return parse(text, path)
    except ConfigError:
        return validate(text, path)  # raises


def _without_pages(known: Watchlist) -> Iterator[Error]:
    for entry in known.vendors:
        if page_of(entry) is None and is_slug(entry.slug):
            yield ("vendors", entry.slug), _without_page(entry)


def _entries(names: Iterable[str], known: Watchlist) -> list[Entry]:
    """The entry of each vendor that `names` mean.

    A vendor that only its products name is narrowed to their components, if all have one.
    """
    meant: dict[tuple[str, str | None], tuple[Entry, list[str | None]]] = {}
    for entry, product in each(names, known, _meant):
        _, components = meant.setdefault((entry.slug, entry.url), (entry, []))
        components.append(product.component if product and not entry.url else None)
    return [
        replace(entry, components=tuple(dict.fromkeys(filter(None, components))), exclude=())
        if all(components)
        else entry
        for entry, components in meant.values()
    ]


def _meant(name: str, known: Watchlist) -> tuple[Entry, "Product | None"]:
    """The entry for `name`, else one made from the catalogue or the address.

    It comes with the product, if the name is one's.
    """
    if "://" in name:
        address = pages.checked(name)
        return Entry(slug=str(urlsplit(address).hostname), url=address), None
    if entries := _called(name, known):
        return entries[0], None
    if vendor := catalog.by_name(name):
        return Entry(slug=vendor.slug), None
    if product := _product(name):
        return known.entry(product.slug) or Entry(slug=product.slug), product
    raise _unknown(name, known.vendors)


def _product(name: str) -> "Product | None":
    from outlogger_cli.catalog import products  # loaded only if a name is not a vendor's

    return products.find(name)


def _is_name(name: str, known: Watchlist) -> bool:
    return bool(_called(name, known) or catalog.by_name(name))


def _called(name: str, known: Watchlist) -> Sequence[Entry]:
    """The entries that `name` means, by rules 2 to 4."""
    wanted = line(name)
    vendor = catalog.find(name)
    by_slug = _index(known).by_slug
    entry = by_slug.get(wanted.lower()) or (by_slug.get(vendor.slug.lower()) if vendor else None)
    return [entry] if entry else _index(known).by_name.get(wanted.casefold(), ())


class _Index:
    """The entries of a watchlist by what may name them: commands may get thousands of names."""

    def __init__(self, known: Watchlist) -> None:
        self.known = known
        self.by_slug = {entry.slug.lower(): entry for entry in known.vendors}

    @cached_property
    def by_name(self) -> Mapping[str, list[Entry]]:
        """The entries by the name that is shown."""
        found: dict[str, list[Entry]] = {}
        for entry in self.known.vendors:
            found.setdefault(shown_name(entry).casefold(), []).append(entry)
        return found

    @cached_property
    def _by_host(self) -> Mapping[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.known.vendors:
            found.setdefault(urlsplit(page_of(entry) or "").netloc, []).append(entry)
        return found

    def on_host(self, page: str) -> Sequence[Entry]:
        """The entries whose page is on the host of `page`."""
        return self._by_host.get(urlsplit(page).netloc, ())


_latest: list[_Index] = []
"""The index of the watchlist that was used last."""


def _index(known: Watchlist) -> _Index:
    latest = _latest[0] if _latest else None
    if latest is None or latest.known is not known:
        latest = _Index(known)
        _latest[:] = [latest]  # another thread may do the same with its own list
    return latest


def _unknown(name: str, entries: Iterable[Entry] = ()) -> UsageError:
    from outlogger_cli.catalog import search  # loaded only if a name is unknown

    own = closest(name, [entry.slug for entry in entries])
    near = dict.fromkeys(slug.casefold() for slug in (*own, *search.closest(name)))
    hint = did_you_mean(
        [*near][:3],
        otherwise="try outlogger vendors search TEXT, or the page's https:// URL",
    )
    return UsageError(f"unknown vendor {line(name)!r}{hint}")


def _without_page(entry: Entry) -> str:
    from outlogger_cli.catalog import search  # loaded only if a name is unknown

    hint = did_you_mean(search.closest(entry.slug))
    return f"[vendors.{entry.slug}] is not in the catalogue and has no url{hint}"


def _host(page: str) -> str:
    host = urlsplit(page).hostname or ""
    if not host.isascii():
        with suppress(UnicodeError):
            host = host.encode("idna").decode()
    if not is_slug(host):
        raise UsageError(f"{page} needs a slug: --as SLUG (only A-Z a-z 0-9 . _ -)")
    return host


def _nothing_to_read(located: Located, watchlist: Watchlist | None) -> UsageError:
    if watchlist:
        where = f"{located.path} is empty"
    elif located.foreign:
        where = f"{located.path} does not exist"
    else:
        where = f"neither {PROJECT_FILE} in this folder or a parent nor {located.path} exists"
    looked = "; ".join(filter(None, (where, located.passed_over)))
    return UsageError(
        f"no vendor to read: no name given, and {looked};"
        " give a name, or add one: outlogger watchlist add NAME"
    )


def _tagged(entries: Sequence[Entry], tags: Sequence[str], known: Watchlist) -> Sequence[Entry]:
    """The entries that have one of `tags`; a comma separates tags, unless it is part of one.

    An unknown tag is refused even beside known ones: it is probably misspelt, and
    the vendors it should select would not be read.
    """
    if not tags:
        return entries
    used = sorted({tag for entry in known.vendors for tag in entry.tags})
    tags = [
        one for tag in tags for one in ([tag] if tag in used else map(str.strip, tag.split(",")))
    ]
    unknown = [repr(line(tag)) for tag in tags if tag not in used]
    if unknown:
        in_use = f"tags in use: {', '.join(used)}" if used else "no tags in use"
        raise UsageError(
            f"unknown tag {' or '.join(unknown)} in {known.path}; {in_use};"
            " to set one: outlogger watchlist add NAME --tag TAG"
        )
    kept = [entry for entry in entries if set(tags) & set(entry.tags)]
    if not kept:
        raise UsageError(
            f"none of the given vendors has the tag {' or '.join(tags)} in {known.path};"
            " omit the names, or set one: outlogger watchlist add NAME --tag TAG"
        )
    return kept


def _vendor(
    entry: Entry,
    defaults: Defaults,
    overrides: Overrides,
    located: Located,
    environ: Mapping[str, str],
) -> Vendor:
    """The vendor of an entry; `headers` only of a watchlist that is the user's own."""
    listed = in_catalog(entry)
    url = entry.url or (listed.url if listed else None)
    if url is None:
        raise ConfigError(f"{located.path}: {_without_page(entry)}")

    def settled(name: str) -> Any:
        """The option, else the vendor's own setting, else the default, else what is built in."""
        for source in (overrides, entry, defaults, _BUILT_IN):
            if value := getattr(source, name, None):
                return value
        return None

    selected: Overrides | Entry = overrides
    if not (overrides.components or overrides.exclude):
        selected = entry
    where = f"{located.path}: [vendors.{entry.slug}] headers"
    headers = entry.headers if located.own else ()
    return Vendor(
        slug=entry.slug,
        url=url,
        name=entry.name or (listed.name if listed else None),
        platform=platform_of(entry),
        selection=Selection(include=selected.components, exclude=selected.exclude),
        policy=Policy(
            fail_on=settled("fail_on"),
            on_unknown=settled("on_unknown"),
            count_incidents=settled("count_incidents"),
        ),
        tags=entry.tags,
        timeout=settled("timeout"),
        headers=tuple((name, expand(value, environ, where=where)) for name, value in headers),
    )

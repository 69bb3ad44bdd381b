"""Names to vendors: what somebody typed, looked up in the watchlist and the catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.errors import ConfigError, UsageError
from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown, Policy, Selection, Vendor
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen
from outlogger_cli.system.paths import PROJECT_FILE, Located
from outlogger_cli.watchlist.schema import Defaults, Entry, Watchlist, expand


@frozen
class Overrides:
    """What the command line says about every vendor; None where it says nothing."""

    components: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: FailOn | None = None
    on_unknown: OnUnknown | None = None
    count_incidents: CountIncidents | None = None
    timeout: timedelta | None = None


def vendors(
    names: Sequence[str],
    *,
    tags: Sequence[str],
    overrides: Overrides,
    watchlist: Watchlist | None,
    located: Located,
    environ: Mapping[str, str],
) -> tuple[Vendor, ...]:
    """The vendors that `names` mean, or the whole watchlist where there are none.

    Raises `UsageError` for a name nobody knows, and where there is nothing to read.
    """
    known = watchlist or Watchlist(path=located.path)
    entries = [_named(name, known) for name in names] if names else list(known.vendors)
    if not entries:
        raise _nothing(located, watchlist)
    tagged = _tagged(entries, tags, known)
    found = [_vendor(entry, known.defaults, overrides, located, environ) for entry in tagged]
    unique = {(vendor.slug, vendor.url): vendor for vendor in found}
    if not all(pattern.strip() for pattern in (*overrides.components, *overrides.exclude)):
        raise UsageError("--component and --exclude need a name, an id, a group or a glob")
    if (overrides.components or overrides.exclude) and len(unique) != 1:
        raise UsageError(
            "--component and --exclude need exactly one vendor; for several, give each its"
            " components in the watchlist: outlogger watchlist add NAME -c PATTERN"
        )
    return tuple(unique.values())


def _named(name: str, known: Watchlist) -> Entry:
    """The watchlist's entry for `name`, else one made from the catalogue or the address.

    In the watchlist the slug as typed wins over the one the catalogue has for it, that over a name.
    """
    if "://" in name:
        return _addressed(name)
    wanted = name.strip().casefold()
    listed = catalog.find(name)
    slugs = {entry.slug.casefold(): entry for entry in known.vendors}
    names = {entry.name.casefold(): entry for entry in reversed(known.vendors) if entry.name}
    own = slugs.get(wanted) or slugs.get(listed.slug if listed else "") or names.get(wanted)
    if own:
        return own
    if listed:
        return Entry(slug=listed.slug)
    raise UsageError(f"no vendor is called {line(name)!r}{_did_you_mean(name, known.vendors)}")


def _addressed(url: str) -> Entry:
    from outlogger_cli.watchlist.readers import url as checked

    try:
        address = checked(url)
    except ValueError:
        raise unusable(url) from None
    return Entry(slug=str(urlsplit(address).hostname), url=address)


def unusable(url: str) -> UsageError:
    """The error for what is to be the address of a page and is none."""
    said = f"{line(url)!r} is not the address of a page"
    if "@" in url:  # there may be a password before it, which no message repeats
        said = "the address of a page holds no user name and no password"
    return UsageError(f"{said}: write https://HOST/PATH")


def _did_you_mean(name: str, entries: Iterable[Entry]) -> str:
    from difflib import get_close_matches  # loaded only where a name was wrong

    own = get_close_matches(name.casefold(), [entry.slug.casefold() for entry in entries], 3)
    near = list(dict.fromkeys((*own, *catalog.closest(name))))[:3]
    if not near:
        return (
            "; outlogger vendors search TEXT finds vendors, and a page's https:// URL always works"
        )
    return f"; did you mean {' or '.join(near)}?"


def _nothing(located: Located, watchlist: Watchlist | None) -> UsageError:
    if watchlist:
        where = f"{located.path} lists none"
    elif located.foreign:
        where = f"there is no {located.path}"
    else:
        where = f"there is neither an {PROJECT_FILE} here or above nor {located.path}"
    looked = "; ".join(filter(None, (where, located.passed_over)))
    return UsageError(
        f"no vendor to read: none was named and {looked};"
        " name one, or make a list: outlogger watchlist add NAME"
    )


def _tagged(entries: Sequence[Entry], tags: Sequence[str], known: Watchlist) -> Sequence[Entry]:
    if not tags:
        return entries
    _refuse_unknown(tags, known)
    kept = [entry for entry in entries if set(tags) & set(entry.tags)]
    if not kept:
        raise UsageError(
            f"none of the vendors named has the tag {' or '.join(tags)} in {known.path};"
            " leave out the names, or give one: outlogger watchlist add NAME --tag TAG"
        )
    return kept


def _refuse_unknown(tags: Sequence[str], known: Watchlist) -> None:
    """A tag that nobody on the list has is a misspelt one, even beside others: what it should
    have taken in would go unread."""
    used = sorted({tag for entry in known.vendors for tag in entry.tags})
    unknown = [line(tag) for tag in tags if tag not in used]
    if unknown:
        in_use = f"tags in use: {', '.join(used)}" if used else "no vendor has a tag"
        raise UsageError(
            f"no vendor has the tag {' or '.join(unknown)} in {known.path}; {in_use};"
            " give one: outlogger watchlist add NAME --tag TAG"
        )


def _vendor(
    entry: Entry,
    defaults: Defaults,
    overrides: Overrides,
    located: Located,
    environ: Mapping[str, str],
) -> Vendor:
    listed = catalog.find(entry.slug) if entry.url is None else None
    if entry.url is None and listed is None:
        near = _did_you_mean(entry.slug, ())
        raise ConfigError(
            f"{located.path}: [vendors.{entry.slug}] is not in the catalogue and has no url{near}"
        )
    chosen = overrides.components or overrides.exclude
    return Vendor(
        slug=entry.slug,
        url=entry.url or (listed.url if listed else ""),
        name=entry.name or (listed.name if listed else None),
        platform=entry.platform or _platform(entry.url, listed),
        selection=Selection(
            include=overrides.components if chosen else entry.components,
            exclude=overrides.exclude if chosen else entry.exclude,
        ),
        policy=_policy(entry, defaults, overrides),
        tags=entry.tags,
        timeout=overrides.timeout or entry.timeout or defaults.timeout,
        headers=_headers(entry, located, environ),
    )


def _platform(url: str | None, listed: catalog.Entry | None) -> str | None:
    listed = _catalogued(url) if url else listed
    return listed.platform if listed else None


def _catalogued(url: str) -> catalog.Entry | None:
    """The catalogue's vendor whose page is at `url`; not one that merely owns the domain."""
    listed = catalog.by_url(url)
    return listed if listed and listed.host == urlsplit(url).netloc.lower() else None


def _policy(entry: Entry, defaults: Defaults, overrides: Overrides) -> Policy:
    built_in = Policy()
    return Policy(
        fail_on=overrides.fail_on or entry.fail_on or defaults.fail_on or built_in.fail_on,
        on_unknown=overrides.on_unknown
        or entry.on_unknown
        or defaults.on_unknown
        or built_in.on_unknown,
        count_incidents=overrides.count_incidents
        or entry.count_incidents
        or defaults.count_incidents
        or built_in.count_incidents,
    )


def _headers(
    entry: Entry, located: Located, environ: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """The secret headers, only from a watchlist the user chose."""
    if not located.own:
        return ()
    where = f"{located.path}: [vendors.{entry.slug}] headers"
    return tuple((name, expand(value, environ, where=where)) for name, value in entry.headers)

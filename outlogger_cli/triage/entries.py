"""The vendors that a log names, as the user's watchlist calls them."""

from contextlib import suppress

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.triage import Findings, Named
from outlogger_cli.watchlist import resolve
from outlogger_cli.watchlist.schema import Watchlist


def by_own_name(findings: Findings, watchlist: Watchlist | None) -> dict[str, Named]:
    """The named vendors by the name that the watchlist, if there is one, has for their page.

    There are none if the failures are those of this machine's network.
    """
    found: dict[str, Named] = {}
    for one in () if findings.is_network else findings.named:
        name = _own_name(one.slug, watchlist) if watchlist else one.slug
        before = found.get(name)
        evidence = (*before.evidence, *one.evidence) if before else one.evidence
        found[name] = Named(slug=before.slug if before else one.slug, evidence=evidence)
    return found


def _own_name(slug: str, watchlist: Watchlist) -> str:
    entry = catalog.find(slug)
    with suppress(UsageError):  # several entries have the page, or the name
        own = resolve.find(slug, watchlist) or (entry and resolve.find(entry.url, watchlist))
        return own.slug if own else slug
    return slug

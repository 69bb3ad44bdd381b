"""An edit that the tests of several modules make."""

from collections.abc import Callable

from outlogger_cli.watchlist.edit import add
from outlogger_cli.watchlist.schema import Entry


def adding(*slugs: str) -> Callable[[str], str]:
    return lambda text: add(text, [Entry(slug=slug) for slug in slugs])

"""The shelf of platforms: the software behind a status page, one module each.

A platform is a module of three pure functions (see `Platform`); it never sees a client, a file
or a clock. To add one, write the module and name it in `BUILT_IN`. Modules load when named, so a
long shelf costs nothing at the start.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urlsplit

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Depth, Document, Endpoint, Snapshot

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

BUILT_IN = (
    "statuspage",
    "incidentio",
    "instatus",
    "betterstack",
    "statusio",
    "statuspal",
    "cachet",
    "cstate",
    "sorry",
    "hund",
    "rootly",
    "firehydrant",
    "pagerduty",
    "uptimerobot",
    "statusiq",
    "site24x7",
    "statuscast",
    "freshstatus",
    "checkly",
    "onlineornot",
    "slack",
    "heroku",
    "googlecloud",
    "aws",
    "azure",
    "azuredevops",
    "salesforce",
    "apple",
    "feed",
)
"""Every platform that can be read."""

PROBED = (
    "statuspage",
    "incidentio",
    "statusio",
    "uptimerobot",
    "pagerduty",
    "statuspal",
    "sorry",
    "site24x7",
    "statuscast",
    "freshstatus",
    "hund",
    "onlineornot",
    "instatus",
    "betterstack",
    "cstate",
    "rootly",
    "cachet",
    "firehydrant",
    "feed",
    "checkly",
    "statusiq",
)
"""Those that may answer on any host, in the order detection asks for them. Some share an address:
`statusio` to `onlineornot` read the page's own HTML. That says what software it is from more often
than not (see `named_in`), so it is asked for early; the last three are seldom reached without."""


class Platform(Protocol):
    """What a platform module offers.

    It may have a function `recognises(document) -> bool` besides: whether the first document is
    this platform's, where `parse` cannot tell that from this document alone.
    """

    HOSTS: tuple[str, ...]
    """Ends of host names whose pages surely run on it (`statuspage.io`); may be empty."""

    CAN: tuple[str, ...]
    """What its pages can say: of `components`, `history`, `maintenance`."""

    def endpoints(
        self, page_url: str, depth: Depth, read: Mapping[str, Document], /
    ) -> tuple[Endpoint, ...]:
        """The documents to ask for, the one that decides whether the page is read first.

        Called again after each document with those `read` so far, by endpoint name, so that a
        later address may depend on an earlier answer. A name already in `read` is not asked for
        twice, nor is an address that was not readable: of several with one name the first that is
        readable counts.
        """
        ...

    def parse(self, read: Mapping[str, Document], /) -> Snapshot:
        """The page, from the documents that could be read; the first is always there.

        Raises `PageError` of kind `not_json`, `not_a_status_page` or `invalid`. What is wrong
        with a later document is a note in the snapshot, not an error.
        """
        ...


PLUGINS = "outlogger.platforms"
"""The entry-point group in which other packages name platforms of their own."""


@cache
def load(name: str) -> Platform | None:
    """The platform called `name`, or None where this program cannot read it.

    A platform of another package is looked for only under a name that is not built in.
    """
    if name in BUILT_IN:
        return cast(Platform, import_module(f"{__name__}.{name}"))
    return _plugin(name) if name else None


def recognised(platform: Platform, document: Document) -> bool:
    """Whether `document`, the first of a page, is one of `platform`."""
    if recognises := getattr(platform, "recognises", None):
        return bool(recognises(document))
    try:
        platform.parse({document.endpoint.name: document})
    except PageError:
        return False
    return True


def is_known(name: str) -> bool:
    """Whether `name` is a platform, built in or of another package that is installed."""
    return name in BUILT_IN or bool(_entry_points(name))


def _plugin(name: str) -> Platform | None:
    return next((cast(Platform, entry.load()) for entry in _entry_points(name)), None)


def _entry_points(name: str) -> "EntryPoints":
    from importlib.metadata import entry_points  # slow to import, and seldom needed

    return entry_points(group=PLUGINS, name=name)


def for_host(url: str) -> list[str]:
    """The platforms whose hosts include that of `url`."""
    host = urlsplit(url).hostname or ""
    return [
        name
        for name in BUILT_IN
        if (platform := load(name)) and any(_is_below(host, end) for end in platform.HOSTS)
    ]


def named_in(body: bytes) -> set[str]:
    """The probed platforms whose names stand in a page's HTML; `feed` is a word, not a name."""
    text = body.lower() if body.lstrip()[:1] == b"<" else b""
    return {name for name in PROBED if name != "feed" and name.encode() in text}


def _is_below(host: str, end: str) -> bool:
    return host == end or host.endswith(f".{end}")

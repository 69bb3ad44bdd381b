"""The platforms: the software behind a status page, one module each.

A platform module offers two facts and two or three pure functions (see `Platform`). It never uses
the network, a file or the clock. To add one, write the module and name it in `PROBED`, or in
`VENDORS_OWN` if only one vendor runs it. A module is imported when it is first needed.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Depth, Document, Endpoint, FailureKind, Snapshot
from outlogger_cli.platforms.shared.addresses import is_on
from outlogger_cli.platforms.shared.documents import HEAD_LIMIT, once

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

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
    "cstate",
    "betterstack",
    "rootly",
    "cachet",
    "firehydrant",
    "feed",
    "checkly",
    "statusiq",
    "uptimekuma",
    "gatus",
    "flashduty",
    "statushub",
    "statuscake",
    "hyperping",
    "datadog",
    "openstatus",
    "uptimecom",
)
"""The platforms that may answer on any host, in the order detection tries them.

`statusio` to `onlineornot` share one request: they read the page's own HTML. It often names the
software behind the page (see `named_in`), so it is read early. Those from `feed` on are rarely
reached unless it does.
"""

VENDORS_OWN = (
    "slack",
    "heroku",
    "googlecloud",
    "aws",
    "azure",
    "azuredevops",
    "salesforce",
    "apple",
    "zendesk",
    "oci",
    "adobe",
    "paypal",
)
"""The platforms that one vendor runs for itself. They are known by their hosts, never probed."""

BUILT_IN = (*PROBED, *VENDORS_OWN)

NEED_TOKEN = ("microsoft365",)
"""Platforms of the catalogue that are not supported because only a token gives the status."""

PLUGINS = "outlogger.platforms"
"""The entry-point group for the platforms of other packages."""

ABILITIES = ("components", "history", "maintenance")
"""What a page may show besides how things stand now."""

Documents = Mapping[str, Document]
"""The documents of a page that were read so far, by the name of their endpoint."""


class Platform(Protocol):
    """What a platform module offers.

    It may also have a function `recognises(document) -> bool`: whether the first document belongs
    to this platform. It is needed only if `parse` cannot tell that from this document alone.
    It may have `MARKS`: lower-case bytes, one of which the HTML of its pages has and other pages
    have not. Without them its name is the mark. Marks decide what is tried first, never the answer.
    """

    HOSTS: tuple[str, ...]
    """Ends of host names that surely run this platform (`statuspage.io`); may be empty."""

    CAN: tuple[str, ...]
    """Which of `ABILITIES` its pages can show."""

    def endpoints(self, page_url: str, depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
        """Return the documents to ask for. Only the first is required.

        It is called again after each document with those `read` so far, so that an address may
        depend on an earlier answer. A document in `read` is not asked for again, nor is an address
        that failed. Of several endpoints with one name, the first that can be read counts: so the
        first document, too, may be at one of several addresses.
        """
        ...

    def parse(self, read: Documents, /) -> Snapshot:
        """Return what the page says, from the documents that could be read.

        The first document is always there. Raises `PageError` of kind `not_json`,
        `not_a_status_page` or `invalid` if it is wrong. A later document that is wrong is a note
        in the snapshot, not an error.
        """
        ...


@cache
def load(name: str) -> Platform | None:
    """Import the platform called `name`; None if it is unknown.

    A plug-in cannot replace a built-in platform.
    """
    if name in BUILT_IN:
        return cast(Platform, import_module(f"{__name__}.{name}"))
    return _plugin(name) if name else None


def lacks(name: str | None) -> tuple[str, ...]:
    """Which of `ABILITIES` pages of this platform never show; nothing if it is unknown."""
    platform = load(name) if name else None
    return tuple(one for one in ABILITIES if one not in platform.CAN) if platform else ()


def first_reading(platform: Platform, document: Document) -> Snapshot | None:
    """Parse `document`, the first of a page, alone; raises `PageError` if it is not of `platform`.

    None if the platform recognises it but cannot parse it without the later documents.
    """
    if recognises := getattr(platform, "recognises", None):
        if recognises(document):
            return _alone(platform.parse, document) if accepts(platform.parse, document) else None
        _alone(platform.parse, document)  # raises the reason
        raise PageError(FailureKind.NOT_A_STATUS_PAGE, "response of another platform")
    return platform.parse({document.endpoint.name: document})


def accepts(parse: Callable[[Documents], Snapshot], document: Document) -> bool:
    """Whether `parse` takes `document`, the first of a page, without the others."""
    try:
        _alone(parse, document)
    except PageError:
        return False
    return True


def _alone(parse: Callable[[Documents], Snapshot], document: Document) -> Snapshot:
    """Parse `document` without the others, once: to recognise the page, and to read it."""
    name = document.endpoint.name
    key = (parse, name, document.final_url, document.fetched_at)
    return once(lambda _body: parse({name: document}), document.body, key=key)


def is_known(name: str) -> bool:
    """Whether `name` is a built-in platform or an installed plug-in."""
    return name in BUILT_IN or bool(_entry_points(name))


def _plugin(name: str) -> Platform | None:
    return next((cast(Platform, entry.load()) for entry in _entry_points(name)), None)


def _entry_points(name: str) -> "EntryPoints":
    from importlib.metadata import entry_points  # slow to import, and seldom needed

    return entry_points(group=PLUGINS, name=name)


def for_host(url: str) -> list[str]:
    """The platforms whose `HOSTS` include the host of `url`."""
    return [name for name in BUILT_IN if (platform := load(name)) and is_on(url, platform.HOSTS)]


def named_in(body: bytes) -> set[str]:
    """The probed platforms one of whose `MARKS` occurs early in a page's HTML, but `feed`.

    The mark of a platform that has no `MARKS` is its name.
    """
    text = body[:HEAD_LIMIT].lower() if body[:4000].lstrip()[:1] == b"<" else b""
    return {
        name
        for name in PROBED
        if name != "feed"
        and any(mark in text for mark in getattr(load(name), "MARKS", (name.encode(),)))
    }

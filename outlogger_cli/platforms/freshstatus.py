"""Freshstatus pages, by Freshworks, read through the feed that their HTML announces: it lists no
components, and the verdict comes from its open entries alone.

Its API needs a key, and no address of public data is documented. That a page announces its feed is
a guess: one that does not cannot be read.

wire                                        ours
an entry of the feed                        as in `feed`
A feed says nothing about components, and an empty one nothing at all.
"""

from outlogger_cli.domain.model import Depth, Document, Endpoint, Snapshot
from outlogger_cli.platforms import Documents, feed
from outlogger_cli.platforms.shared import feed_link

HOSTS: tuple[str, ...] = ("freshstatus.io",)
CAN: tuple[str, ...] = feed.CAN


def endpoints(page_url: str, _depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    return feed_link.endpoints(page_url, read, HOSTS)


def recognises(document: Document, /) -> bool:
    return feed_link.recognises(document, HOSTS)


def parse(read: Documents, /) -> Snapshot:
    return feed_link.parse(read, HOSTS, platform="Freshstatus")

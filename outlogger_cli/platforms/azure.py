"""Microsoft Azure's status page.

`https://rssfeed.azure.status.microsoft/en-us/status/feed/` is the RSS feed the page itself links
to. It holds what is wrong now: an item leaves the feed once it is over, so there is no history,
no lifecycle, no severity and no component table. `status.azure.com` answers the same feed from
the nearest region, and has answered an empty one from a region that was itself down.

wire                                  ours
any item                              investigating, impact minor
category (services and regions)       links, by name
An empty channel means health.
"""

from collections.abc import Mapping

from outlogger_cli.domain.model import (
    Depth,
    Document,
    Endpoint,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Snapshot,
    Update,
)
from outlogger_cli.platforms.shared import events, fields, parts, reading, xml
from outlogger_cli.platforms.shared.xml import Node

HOSTS: tuple[str, ...] = ("azure.status.microsoft", "status.azure.com")
CAN: tuple[str, ...] = ()

FEED = "https://rssfeed.azure.status.microsoft/en-us/status/feed/"
TITLE = "Azure Status"


def endpoints(
    page_url: str, _depth: Depth, _read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    direct = reading.path_of(page_url).rstrip("/").endswith("/feed")
    url = page_url if direct else reading.vendors_own(page_url, HOSTS, FEED)
    return (Endpoint(name="feed", url=url),)


def recognises(document: Document) -> bool:
    return parts.fits(_channel, document)


def parse(read: Mapping[str, Document]) -> Snapshot:
    channel = _channel(read["feed"])
    page_url = channel.url("link")
    incidents = [_incident(item, page_url) for item in channel.children("item")]
    return Snapshot(
        page_name=channel.text("title"),
        page_url=page_url,
        indicator=events.roll_up(incidents),
        raw_indicator="",
        description="",
        indicator_of_incidents=True,
        incidents=fields.newest_first(incidents),
    )


def _channel(document: Document) -> Node:
    """An empty channel is health, so it has to be Azure's."""
    channel = xml.channel_of(xml.root_of(document))
    if channel.text("title") != TITLE:
        raise reading.not_a_page("the answer is an RSS feed, but not Azure's")
    return channel


def _incident(item: Node, page_url: str) -> Incident:
    """A guid is made of the title and comes again years later: only with its date is it an id.

    An item's own link has pointed at hosts nobody outside can reach; the page is shown instead.
    """
    published = item.time("pubDate")
    update = Update(
        status=IncidentStatus.INVESTIGATING,
        raw_status="",
        body=item.body("description"),
        created_at=published,
    )
    return Incident(
        id=f"{item.text('guid')} {item.text('pubDate')}".strip(),
        name=item.text("title") or "(no title)",
        status=IncidentStatus.INVESTIGATING,
        raw_status="",
        impact=Impact.MINOR,
        raw_impact="",
        started_at=published,
        resolved_at=None,
        updated_at=published,
        links=_links(item),
        url=page_url,
        updates=(update,),
    )


def _links(item: Node) -> tuple[Link, ...]:
    return tuple(Link(id=None, name=name) for name in item.texts("category") if name)

"""Microsoft Azure's status page.

`https://rssfeed.azure.status.microsoft/en-us/status/feed/` is the RSS feed that the page links to.
It holds the present events: an item leaves the feed once it is over, so there is no history, no
lifecycle, no severity and no component table. `status.azure.com` serves the same feed from the
nearest region, and has served an empty one from a region that was itself down.

wire                                  ours
any item                              investigating, impact minor
... titled "[Resolved] ..."           resolved; when it ended is not told
category (services and regions)       links, by name
An empty channel means health.
"""

from outlogger_cli.domain.model import (
    Depth,
    Endpoint,
    Incident,
    IncidentStatus,
    Link,
    Snapshot,
    Update,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, build, stages, xml
from outlogger_cli.platforms.shared.fields import not_a_page
from outlogger_cli.platforms.shared.xml import Node

HOSTS: tuple[str, ...] = ("azure.status.microsoft", "status.azure.com")
CAN: tuple[str, ...] = ()

FEED = "https://rssfeed.azure.status.microsoft/en-us/status/feed/"
TITLES = ("azure status", "microsoft azure status")


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    direct = addresses.path_of(page_url).rstrip("/").endswith("/feed")
    url = page_url if direct else addresses.vendors_own(page_url, HOSTS, FEED)
    return (Endpoint(name="feed", url=url),)


def parse(read: Documents, /) -> Snapshot:
    channel = xml.channel_of(xml.root_of(read["feed"]))
    if not is_own(channel):  # an empty feed is health, so it has to be Azure's own
        raise not_a_page("unexpected RSS feed: not Azure's")
    page_url = channel.url("link")
    incidents = [_incident(item, page_url) for item in channel.children("item")]
    return Snapshot(
        page_name=channel.text("title"),
        page_url=page_url,
        indicator=build.worst_open(incidents),
        indicator_of_incidents=True,
        incidents=build.newest_first(incidents),
    )


def is_own(channel: Node) -> bool:
    """Whether it is Azure's: by its title, or by the page it belongs to in any language."""
    return channel.text("title").lower() in TITLES or addresses.is_on(channel.url("link"), HOSTS)


def _incident(item: Node, page_url: str) -> Incident:
    """The incident in `item`.

    A guid is made of the title and comes again years later: only with its date is it an id. An
    item's own link has pointed at hosts that are not public: the page's is used instead.
    """
    published = item.time("pubDate")
    title = stages.title_of(item.text("title"))
    is_over = title.status is IncidentStatus.RESOLVED
    status = IncidentStatus.RESOLVED if is_over else IncidentStatus.INVESTIGATING
    update = Update(
        status=status,
        body=item.body("description"),
        created_at=published,
    )
    return Incident(
        id=f"{item.text('guid')} {item.text('pubDate')}".strip(),
        name=item.text("title") or "(no title)",
        status=status,
        raw_status=title.word if is_over else "",
        started_at=published,
        updated_at=published,
        links=tuple(Link(name=name) for name in item.texts("category") if name),
        url=page_url,
        updates=(update,),
    )

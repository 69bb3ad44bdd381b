"""Pages known only by the feed that their HTML announces.

`<link rel="alternate" type="application/rss+xml" href="...">` is how a page names its feed
(https://www.rssboard.org/rss-autodiscovery). It is followed only to the page's own host or a host
of its platform.
"""

import re
from collections.abc import Iterable

from outlogger_cli.domain.model import Document, Endpoint, Snapshot
from outlogger_cli.domain.values import replace
from outlogger_cli.platforms import Documents, feed
from outlogger_cli.platforms.shared import html
from outlogger_cli.platforms.shared.addresses import host_of, is_on, link, link_from
from outlogger_cli.platforms.shared.fields import not_a_page

_LINK = re.compile(r"<link\b[^>]{1,2000}", re.I)
_KIND = re.compile(r"\btype\s*=\s*[\"']?application/(?:atom|rss)\+xml\b", re.I)
_TARGET = re.compile(r"\bhref\s*=\s*[\"']?([^\s\"'>]+)", re.I)
_LOADED = re.compile(r"\b(?:href|src)\s*=\s*[\"']?(https?://[^\s\"'>]+)", re.I)


def endpoints(page_url: str, read: Documents, hosts: Iterable[str]) -> tuple[Endpoint, ...]:
    """The page's HTML, then the feed that it announces."""
    page = html.page_endpoint(page_url)
    address = _address(read, hosts)
    return (page, Endpoint(name="feed", url=address)) if address else (page,)


def recognises(document: Document, hosts: Iterable[str]) -> bool:
    """Whether an HTML page announces a feed, and is on one of `hosts` or loads something there."""
    return is_of(document, hosts) and bool(_address({"page": document}, hosts))


def is_of(document: Document, hosts: Iterable[str]) -> bool:
    """Whether an HTML page is on one of `hosts` or loads something there."""
    loaded = (link(url) for url in _LOADED.findall(html.own_html({"page": document})))
    return any(is_on(url, hosts) for url in (document.final_url, *loaded))


def parse(read: Documents, hosts: Iterable[str], *, platform: str) -> Snapshot:
    """The snapshot of the feed; raises `not_a_status_page` if the page announces none."""
    address = _address(read, hosts)
    if not address:
        raise not_a_page(f"unexpected HTML: not a {platform} page with a feed")
    document = html.data_of(read, "feed", platform=platform, found=address)
    snapshot = feed.parse({"feed": document})
    return replace(
        snapshot,
        page_name=snapshot.page_name or html.page_name(read),
        page_url=html.page_address(read),
    )


def _address(read: Documents, hosts: Iterable[str]) -> str:
    """The first feed that the page announces, "" if there is none."""
    if "page" not in read:
        return ""
    page_url = read["page"].final_url
    for tag in _LINK.findall(html.head_of(read["page"])):
        target = _TARGET.search(tag) if _KIND.search(tag) else None
        address = link_from(page_url, target[1]) if target else ""
        if address and (host_of(address) == host_of(page_url) or is_on(address, hosts)):
            return address
    return ""

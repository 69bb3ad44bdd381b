"""Pages known only by the feed that their HTML announces.

`<link rel="alternate" type="application/rss+xml" href="...">` is how a page names its feed
(https://www.rssboard.org/rss-autodiscovery). It is followed only to the page's own host or one of
its platform.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from outlogger_cli.domain.model import Document, Endpoint, Snapshot
from outlogger_cli.platforms import feed
from outlogger_cli.platforms.shared import fields, reading

_LINK = re.compile(r"<link\b[^>]{1,2000}", re.I)
_KIND = re.compile(r"\btype\s*=\s*[\"']?application/(?:atom|rss)\+xml\b", re.I)
_TARGET = re.compile(r"\bhref\s*=\s*[\"']?([^\s\"'>]+)", re.I)
_LOADED = re.compile(r"\b(?:href|src)\s*=\s*[\"']?(https?://[^\s\"'>]+)", re.I)


def endpoints(
    page_url: str, read: Mapping[str, Document], hosts: Iterable[str]
) -> tuple[Endpoint, ...]:
    page = reading.page_endpoint(page_url)
    address = _address(read, hosts)
    return (page, Endpoint(name="feed", url=address)) if address else (page,)


def recognises(document: Document, hosts: Iterable[str]) -> bool:
    """Whether an HTML page announces a feed, and is on one of `hosts` or loads something there."""
    read = {"page": document}
    found = (fields.link(url) for url in _LOADED.findall(reading.own_html(read)))
    named = any(reading.is_on(url, hosts) for url in (document.final_url, *found))
    return named and bool(_address(read, hosts))


def parse(read: Mapping[str, Document], hosts: Iterable[str], *, platform: str) -> Snapshot:
    """What the feed says; raises `not_a_status_page` where the page announces none."""
    address = _address(read, hosts)
    if not address:
        raise reading.not_a_page(f"the answer is not the HTML of a {platform} page with a feed")
    document = reading.data_of(read, "feed", platform=platform, found=address)
    told = feed.parse({"feed": document})
    return replace(
        told,
        page_name=told.page_name or reading.page_name(read),
        page_url=reading.page_address(read),
    )


def _address(read: Mapping[str, Document], hosts: Iterable[str]) -> str:
    """The first feed that the page announces, "" where it announces none."""
    if "page" not in read:
        return ""
    page_url = read["page"].final_url
    for tag in _LINK.findall(reading.html_of(read["page"])):
        target = _TARGET.search(tag) if _KIND.search(tag) else None
        address = reading.link_from(page_url, target[1]) if target else ""
        is_own = reading.host_of(address) == reading.host_of(page_url)
        if address and (is_own or reading.is_on(address, hosts)):
            return address
    return ""

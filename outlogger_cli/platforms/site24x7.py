"""Site24x7 status pages that are asked by their id, in the numbers of StatusIQ.

`/sp/api/public/summary_details/statuspages/<id>` holds every component and incident, in the shape
that `statusiq` reads without an id. The id stands in the page's HTML as `enc_statuspage_id`, so the
HTML is read first. Not documented; the address is the one that a public program reads.

wire                                        ours
1 to 6, and all of an incident              as in `statusiq`
What an empty list means is as in `statusiq` too: nothing is open.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from outlogger_cli.domain.model import Depth, Document, Endpoint, Snapshot
from outlogger_cli.platforms import statusiq
from outlogger_cli.platforms.shared import fields, reading

HOSTS: tuple[str, ...] = ("status.site24x7.com",)
CAN: tuple[str, ...] = statusiq.CAN

_API = "/sp/api/public/summary_details/statuspages/"
_ID = re.compile(r"enc_statuspage_id\W{1,8}(?:value\W{1,4})?([\w-]{8,}=*)")


def endpoints(
    page_url: str, _depth: Depth, read: Mapping[str, Document], /
) -> tuple[Endpoint, ...]:
    if _API in page_url:
        return (Endpoint(name="summary", url=page_url),)
    page = reading.page_endpoint(page_url)
    page_id = _page_id(read)
    if not page_id:
        return (page,)
    return page, Endpoint(name="summary", url=fields.at(page_url, _API + page_id))


def recognises(document: Document, /) -> bool:
    """By the page's HTML; the JSON alone is as well StatusIQ's."""
    return bool(_page_id({"page": document}))


def parse(read: Mapping[str, Document], /) -> Snapshot:
    summary = reading.data_of(read, "summary", platform="Site24x7", found=_page_id(read))
    return replace(
        statusiq.parse({"summary": summary}),
        page_name=reading.page_name(read),
        page_url=reading.page_address(read),
    )


def _page_id(read: Mapping[str, Document]) -> str:
    """The id in the page's HTML, "" where there is no such page."""
    found = _ID.search(reading.html_of(read["page"])) if "page" in read else None
    return found[1] if found else ""

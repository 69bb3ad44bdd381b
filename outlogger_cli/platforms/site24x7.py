"""Site24x7 status pages that are read by their id, with the numbers of StatusIQ.

`/sp/api/public/summary_details/statuspages/<id>` holds every component and incident, in the format
that `statusiq` reads without an id. The id is in the page's HTML as `enc_statuspage_id`, so the
HTML is read first. Not documented; the address is the one that a public program reads.

wire                                        ours
1 to 6, and all of an incident              as in `statusiq`
What an empty list means is as in `statusiq` too: nothing is open.
"""

import re

from outlogger_cli.domain.model import Depth, Document, Endpoint, Snapshot
from outlogger_cli.domain.values import replace
from outlogger_cli.platforms import Documents, statusiq
from outlogger_cli.platforms.shared import addresses, html

HOSTS: tuple[str, ...] = ("status.site24x7.com",)
CAN: tuple[str, ...] = statusiq.CAN

_API = "/sp/api/public/summary_details/statuspages/"
_ID = re.compile(r"enc_statuspage_id\W{1,8}(?:value\W{1,4})?([\w-]{8,}=*)")


def endpoints(page_url: str, _depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    if _API in page_url:
        return (Endpoint(name="summary", url=page_url),)
    page = html.page_endpoint(page_url)
    page_id = _page_id(read)
    if not page_id:
        return (page,)
    return page, Endpoint(name="summary", url=addresses.at(page_url, _API + page_id))


def recognises(document: Document, /) -> bool:
    """Decided by the page's HTML: the JSON alone may be StatusIQ's."""
    return bool(_page_id({"page": document}))


def parse(read: Documents, /) -> Snapshot:
    summary = html.data_of(read, "summary", platform="Site24x7", found=_page_id(read))
    return replace(
        statusiq.parse({"summary": summary}),
        page_name=html.page_name(read),
        page_url=html.page_address(read),
    )


def _page_id(read: Documents) -> str:
    """The id in the page's HTML, "" if there is none."""
    found = _ID.search(html.head_of(read["page"])) if "page" in read else None
    return found[1] if found else ""

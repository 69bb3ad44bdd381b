"""Pages as fuzz input: the documents of a page in order, read as the engine does."""

from collections.abc import Mapping

from outlogger_cli import platforms
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Depth, Document, FailureKind, Snapshot
from outlogger_cli.engine.page import Page
from outlogger_cli.platforms import Platform
from tests.platforms.sound import assert_sound
from tests.support import document, recognised

SEPARATOR = b"\n\x1e\n"
"""Separates the documents of a page, in the order of the requests."""

MOST = 40
"""The most documents that may be requested of one page."""

HOME = "https://status.acme.example"
_SUMMARIES = "/sp/api/public/summary_details/statuspages/9f8e7d6c5b4a"
ADDRESSES = {
    "statusio": ("https://api.status.io/1.0/status/eeee00000000000000000001",),
    "uptimerobot": ("https://stats.uptimerobot.com/aB3-xyz_9",),
    "statuspal": ("https://statuspal.eu/api/v2/status_pages/acme/summary",),
    "sorry": ("https://api.sorryapp.com/v1/pages/0badcafe",),
    "statusiq": (HOME + _SUMMARIES,),
    "site24x7": (HOME + _SUMMARIES,),
    "openstatus": ("https://api.openstatus.dev/public/status/acme",),
    "aws": ("https://health.aws.amazon.com/public/currentevents",),
    "googlecloud": ("https://status.cloud.google.com",),
    "uptimekuma": (f"{HOME}/status/acme",),
    "statuscake": ("https://uptime.statuscake.com/?TestID=aB3xyz9",),
    "flashduty": (f"{HOME}/api/status-page/6410/summary/active",),
}
"""Other addresses of a page than `HOME`: those of its data, without the HTML that links them."""

_REFUSALS = {FailureKind.NOT_JSON, FailureKind.NOT_A_STATUS_PAGE, FailureKind.INVALID}


def read(name: str, data: bytes) -> list[Snapshot]:
    """Read the page in `data` at each depth and address that gives different requests.

    Fails if a snapshot is invalid; a page that is refused has none.
    """
    platform = platforms.load(name)
    assert platform is not None
    found: dict[object, Snapshot | None] = {}
    for home in (HOME, *ADDRESSES.get(name, ())):
        for depth in Depth:
            documents = _requested(Page(name, platform, home), depth, data)
            key = tuple((d.endpoint.name, d.endpoint.url) for d in documents.values())
            if key not in found:
                found[key] = _parse(name, platform, documents)
    return [snapshot for snapshot in found.values() if snapshot]


def _requested(page: Page, depth: Depth, data: bytes) -> Mapping[str, Document]:
    """The requested documents of the page, each with the next body of `data`."""
    bodies = iter(data.split(SEPARATOR))
    while wanted := page.wanted(depth):
        assert len(page.documents) + len(page.missed) + len(wanted) <= MOST, "requests without end"
        for endpoint in wanted:
            body = next(bodies, None)
            if body is None:
                page.missed[endpoint] = "not there"
            else:
                page.documents[endpoint.name] = document(endpoint.name, body, endpoint.url)
        first = next(iter(page.documents.values()))
        if not recognised(page.platform, first):
            return {first.endpoint.name: first}
    return page.documents


def _parse(name: str, platform: Platform, documents: Mapping[str, Document]) -> Snapshot | None:
    try:
        snapshot = platform.parse(documents)
    except PageError as error:
        if error.kind in _REFUSALS:
            return None
        raise
    assert_sound(name, snapshot)
    return snapshot

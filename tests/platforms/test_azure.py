"""Azure's RSS feed: what stands in it is wrong now, and an empty one is health."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from outlogger_cli.domain.model import Document, Link, Severity, Snapshot
from outlogger_cli.platforms import azure
from tests.platforms import expected
from tests.support import DATA, document, recorded

EMPTY = (DATA / "azure/empty.xml").read_bytes()
FEED = (DATA / "azure/feed.xml").read_bytes()


def documents(body: object) -> dict[str, Document]:
    return {"feed": document("feed", body, azure.FEED)}


def page(body: object = FEED) -> Snapshot:
    return azure.parse(documents(body))


def test_an_empty_channel_is_health() -> None:
    assert page(EMPTY) == Snapshot(
        page_name="Azure Status",
        page_url="https://azure.status.microsoft/en-us/status/",
        indicator=Severity.NONE,
        raw_indicator="",
        description="",
        indicator_of_incidents=True,
    )


def test_every_item_is_something_wrong_now() -> None:
    read = page()
    assert read.indicator == "minor"
    assert [i.name for i in read.incidents] == ["Logins fail", "Queues stalled in Nowhere & around"]
    assert read.incidents[1] == expected.incident(
        "queues-stalled-in-nowhere Thu, 15 Jan 2026 10:30:00 Z",
        "Queues stalled in Nowhere & around",
        status="investigating",
        impact="minor",
        started_at="2026-01-15 10:30",
        updated_at="2026-01-15 10:30",
        links=(Link(id=None, name="Acme Queue"), Link(id=None, name="Nowhere North")),
        url="https://azure.status.microsoft/en-us/status/",
        updates=(
            expected.update(
                "investigating",
                "",
                "Impact: Queues are stalled.\n\nMore at noon.",
                "2026-01-15 10:30",
            ),
        ),
    )


def test_an_item_with_nothing_in_it_is_still_something_wrong() -> None:
    read = page(EMPTY.replace(b"</channel>", b"<item/></channel>"))
    assert read.indicator == "minor"
    assert [(i.id, i.name, i.started_at) for i in read.incidents] == [("", "(no title)", None)]


@pytest.mark.parametrize("path", recorded("azure/*.xml"))
def test_a_recorded_feed_is_read_whole(path: Path) -> None:
    read = page(path.read_bytes())
    assert ElementTree.fromstring(path.read_bytes()).findall("channel/item") == []
    assert (read.page_name, read.indicator, read.incidents) == ("Azure Status", "none", ())

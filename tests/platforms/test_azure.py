"""Azure's RSS feed: what stands in it is wrong now, and an empty one is health."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Depth, Document, Link, Severity, Snapshot
from outlogger_cli.platforms import azure, recognised
from tests.platforms import expected
from tests.support import DATA, document, recorded

EMPTY = (DATA / "azure/empty.xml").read_bytes()
FEED = (DATA / "azure/feed.xml").read_bytes()


def documents(body: object) -> dict[str, Document]:
    return {"feed": document("feed", body, azure.FEED)}


def page(body: object = FEED) -> Snapshot:
    return azure.parse(documents(body))


@pytest.mark.parametrize("depth", list(Depth))
@pytest.mark.parametrize(
    ("page_url", "asked"),
    [
        ("https://azure.status.microsoft", azure.FEED),
        ("https://status.azure.com/en-us/status", azure.FEED),
        ("http://127.0.0.1:9/en-us/status/feed/", "http://127.0.0.1:9/en-us/status/feed/"),
        ("https://status.azure.com/status/feed", "https://status.azure.com/status/feed"),
    ],
)
def test_the_feed_stands_at_one_fixed_address(page_url: str, asked: str, depth: Depth) -> None:
    assert [e.url for e in azure.endpoints(page_url, depth, {})] == [asked]


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


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ("", "not_a_status_page", "the answer is empty"),
        ("<!doctype html>", "not_a_status_page", "the answer is an HTML page, not a feed"),
        ("<rss>", "invalid", "the XML breaks off or is damaged"),
        ("<Error/>", "not_a_status_page", "the answer is XML but not an RSS feed"),
        (
            "<rss><channel><title>Other</title></channel></rss>",
            "not_a_status_page",
            "the answer is an RSS feed, but not Azure's",
        ),
    ],
)
def test_what_is_not_azure_s_feed_is_never_health(body: str, kind: str, message: str) -> None:
    assert not recognised(azure, document("feed", body))
    with pytest.raises(PageError) as caught:
        page(body)
    assert (caught.value.kind, caught.value.message) == (kind, message)


@pytest.mark.parametrize("body", [EMPTY, FEED], ids=["empty", "items"])
def test_its_own_feed_is_recognised(body: bytes) -> None:
    assert recognised(azure, document("feed", body))


@pytest.mark.parametrize("path", recorded("azure/*.xml"))
def test_a_recorded_feed_is_read_whole(path: Path) -> None:
    read = page(path.read_bytes())
    assert ElementTree.fromstring(path.read_bytes()).findall("channel/item") == []
    assert (read.page_name, read.indicator, read.incidents) == ("Azure Status", "none", ())

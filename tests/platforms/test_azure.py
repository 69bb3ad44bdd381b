"""Azure's RSS feed: what stands in it is wrong now, and an empty one is health."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from outlogger_cli.domain.model import Document, Snapshot
from outlogger_cli.platforms import azure
from tests.support import DATA, document, recognised, recorded

EMPTY = (DATA / "azure/empty.xml").read_bytes()
FEED = (DATA / "azure/feed.xml").read_bytes()


def documents(body: object) -> dict[str, Document]:
    return {"feed": document("feed", body, azure.FEED)}


def page(body: object = FEED) -> Snapshot:
    return azure.parse(documents(body))


def test_an_item_with_nothing_in_it_is_still_something_wrong() -> None:
    read = page(EMPTY.replace(b"</channel>", b"<item/></channel>"))
    assert read.indicator == "minor"
    assert [(i.id, i.name, i.started_at) for i in read.incidents] == [("", "(no title)", None)]


def test_an_item_that_is_resolved_is_over_at_a_time_that_is_not_told() -> None:
    read = page(EMPTY.replace(b"</channel>", b"<item><title>[Resolved] x</title></item></channel>"))
    assert [(i.status, i.resolved_at) for i in read.incidents] == [("resolved", None)]
    assert read.indicator == "none"


@pytest.mark.parametrize(
    ("title", "link", "own"),
    [
        ("Azure status", "https://acme.example/", True),
        ("Etat Azure", "https://azure.status.microsoft/fr-fr/status/", True),
        ("Acme Status", "https://acme.example/azure.status.microsoft", False),
    ],
)
def test_azure_s_feed_is_known_by_its_title_or_its_page(title: str, link: str, own: bool) -> None:
    body = f"<rss><channel><title>{title}</title><link>{link}</link></channel></rss>"
    assert recognised(azure, document("feed", body, azure.FEED)) is own


@pytest.mark.parametrize("path", recorded("azure/*.xml"))
def test_a_recorded_feed_is_read_whole(path: Path) -> None:
    read = page(path.read_bytes())
    assert ElementTree.fromstring(path.read_bytes()).findall("channel/item") == []
    assert (read.page_name, read.indicator, read.incidents) == ("Azure Status", "none", ())

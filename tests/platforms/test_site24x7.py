"""Site24x7: how the page leads to its data."""

import pytest

from outlogger_cli.domain.model import Depth, Document
from outlogger_cli.platforms import site24x7
from tests.support import document, recognised, sample

SUMMARY = sample("site24x7/summary.json")
ID = "9f8e7d6c5b4a=="
PAGE = f'<html><title>Acme Cloud</title><script>var enc_statuspage_id = "{ID}";</script></html>'
API = "https://status.acme.example/sp/api/public/summary_details/statuspages"
DOCUMENTS = {"page": document("page", PAGE), "summary": document("summary", SUMMARY)}


@pytest.mark.parametrize(
    "html",
    [
        PAGE,
        f'<html><script>{{"enc_statuspage_id":"{ID}"}}</script></html>',
        f'<html><input type="hidden" id="enc_statuspage_id" value="{ID}"></html>',
    ],
)
@pytest.mark.parametrize("depth", list(Depth))
def test_the_page_leads_to_its_data(depth: Depth, html: str) -> None:
    read = {"page": document("page", html)}
    assert [e.url for e in site24x7.endpoints("https://status.acme.example/", depth, read)] == [
        "https://status.acme.example",
        f"{API}/{ID}",
    ]
    assert recognised(site24x7, read["page"])


@pytest.mark.parametrize("read", [{}, {"page": document("page", "<html></html>")}])
def test_without_an_id_only_the_page_is_asked_for(read: dict[str, Document]) -> None:
    asked = site24x7.endpoints("https://status.acme.example", Depth.HISTORY, read)
    assert [e.name for e in asked] == ["page"]


def test_the_data_alone_is_read_too() -> None:
    read = site24x7.parse({"summary": DOCUMENTS["summary"]})
    assert (read.page_name, read.page_url, len(read.components)) == ("", "", 2)


@pytest.mark.parametrize("body", ["<html></html>", SUMMARY, {"enc_statuspage_id": ID}, "", "[]"])
def test_another_document_is_not_recognised(body: object) -> None:
    assert not recognised(site24x7, document("page", body))


def test_a_title_that_never_ends_is_looked_for_in_one_pass() -> None:
    """Starting over at each tag would take minutes here."""
    page = PAGE.replace("<title>Acme Cloud</title>", "") + "<title" * 200_000
    read = site24x7.parse({**DOCUMENTS, "page": document("page", page)})
    assert read.page_name == ""

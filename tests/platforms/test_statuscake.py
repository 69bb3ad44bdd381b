"""StatusCake: the tests of a report, whose id is in the page's address or in its HTML."""

from typing import Any

import pytest

from outlogger_cli.domain.model import Depth, Snapshot
from outlogger_cli.platforms import statuscake
from tests.support import DATA, document, recognised

HTML = (DATA / "statuscake/page.html").read_text()
HOME = "https://status.acme.example"
API = "https://app.statuscake.com/Workfloor/PublicReportHandler.php?PublicID="


def page(*words: object) -> Snapshot:
    rows: list[Any] = [{"Status": word} for word in words]
    return statuscake.parse({"report": document("report", {"TestData": rows})})


def asked(page_url: str, **read: object) -> list[str]:
    documents = {name: document(name, body) for name, body in read.items()}
    return [one.url for one in statuscake.endpoints(page_url, Depth.VERDICT, documents)]


@pytest.mark.parametrize(
    ("word", "status", "severity"),
    [
        ("Up", "operational", "none"),
        ("UP", "operational", "none"),
        ("Down", "major_outage", "critical"),
        ("Paused", "unknown", "unknown"),
        (1, "unknown", "unknown"),
        (None, "unknown", "unknown"),
    ],
)
def test_every_word_of_a_test_is_known_or_unknown(word: object, status: str, severity: str) -> None:
    read = page(word)
    assert (read.components[0].status, read.indicator) == (status, severity)


def test_the_worst_test_is_the_indicator() -> None:
    assert page("Up", "Down", None).indicator == "critical"
    assert page("Up", None).indicator == "unknown"


def test_a_report_without_tests_is_unknown() -> None:
    assert page().indicator == "unknown"


@pytest.mark.parametrize(
    "page_url",
    [
        "https://uptime.statuscake.com/?TestID=aB3xyz9",
        "https://uptime.statuscake.com/aB3xyz9",
        f"{HOME}/uptime?lang=en&publicid=aB3xyz9#top",
    ],
)
def test_the_id_may_be_in_the_address(page_url: str) -> None:
    assert asked(page_url) == [f"{API}aB3xyz9"]


def test_the_address_may_be_that_of_the_report() -> None:
    url = "http://127.0.0.1:9/Workfloor/PublicReportHandler.php?PublicID=aB3xyz9"
    assert asked(url) == [url]


def test_the_id_of_a_page_on_its_own_domain_is_in_its_html() -> None:
    assert asked(f"{HOME}/aB3xyz9") == [f"{HOME}/aB3xyz9"]
    assert asked(HOME, page=HTML) == [HOME, f"{API}aB3xyz9"]
    assert recognised(statuscake, document("page", HTML))


@pytest.mark.parametrize("markup", ["<html>StatusCake", "<html>PublicID=", "PublicID=aB3xyz9"])
def test_html_without_an_id_is_not_recognised(markup: str) -> None:
    assert not recognised(statuscake, document("page", markup))
    assert asked(HOME, page=markup) == [HOME]

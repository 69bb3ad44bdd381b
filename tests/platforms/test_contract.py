"""What holds for every platform: it reads its own pages, and refuses everything else."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from outlogger_cli.domain.model import Depth
from outlogger_cli.platforms import BUILT_IN, for_host
from tests.fuzz.pages import HOME
from tests.platforms.pages import PAGES, Page, addresses, first_asked, label, load
from tests.platforms.snapshots import expected, facts
from tests.platforms.sound import assert_sound
from tests.support import DATA, recognised, recorded

every_platform = pytest.mark.parametrize("name", BUILT_IN)
every_page = pytest.mark.parametrize("page", PAGES, ids=label)

# Reading

FEEDS = {"freshstatus"}
"""Platforms whose pages are read through the feed they announce."""


@every_platform
def test_each_sample_is_part_of_a_page_that_is_read(name: str) -> None:
    pages = [page for page in PAGES if page.name == name]
    bodies = {document.body for page in pages for document in page.documents.values()}
    samples = {path.read_bytes() for path in (DATA / name).glob("*")}
    embedded = {"pagerduty"}  # its samples are the data inside its HTML
    assert pages
    assert name in embedded or samples <= bodies


@every_page
def test_a_page_is_recognised_and_sound(page: Page) -> None:
    by_its_html_alone = page.name == "site24x7"
    assert recognised(page.platform, page.first) or by_its_html_alone
    assert_sound(page.name, page.platform.parse(page.documents))


SECOND = {
    "aws": "aws-archive",
    "azure": "azure-empty",
    "cachet": "cachet-3",
    "feed": "feed-announced",
    "hund": "announced",
    "onlineornot": "announced",
    "openstatus": "openstatus-feed",
    "instatus": "instatus-events",
    "pagerduty": "pagerduty-headline",
    "sorry": "sorry-own",
    "statusiq": "statusiq-json",
    "uptimerobot": "uptimerobot-single",
}
"""What the second page of a platform is called in `tests/data/expected`."""


def expected_snapshots() -> Iterator[tuple[str, Page]]:
    """The pages with data of their own, each in its longest form, and the names of their files."""
    for name in BUILT_IN:
        longest: dict[bytes, Page] = {}
        for page in (page for page in PAGES if page.name == name):
            data = page.documents[page.needed[-1]].body
            longest[data] = max(longest.get(data, page), page, key=Page.length)
        stems = ["announced"] if name in FEEDS else [name, SECOND.get(name, "")]
        yield from zip(stems, longest.values(), strict=False)


EXPECTED = list(expected_snapshots())


@pytest.mark.parametrize(("stem", "page"), EXPECTED, ids=lambda one: getattr(one, "name", one))
def test_a_page_is_read_as_expected(stem: str, page: Page) -> None:
    assert facts(page.platform.parse(page.documents)) == expected(stem)


def test_every_expected_snapshot_is_compared() -> None:
    assert {path.stem for path in (DATA / "expected").iterdir()} == {stem for stem, _ in EXPECTED}


@every_page
def test_a_page_says_only_what_its_platform_can(page: Page) -> None:
    read = page.platform.parse(page.documents)
    told = {
        "components": bool(read.components),
        "history": read.history_from is not None,
        "maintenance": bool(read.maintenances),
    }
    archived = {"history"} if page.name == "aws" else set()  # in the older data.json alone
    assert {what for what, is_told in told.items() if is_told} <= {*page.platform.CAN, *archived}


@every_platform
def test_what_a_platform_can_is_in_one_of_its_samples(name: str) -> None:
    sampled = "statusiq" if name == "site24x7" else name  # one company's, with the same data
    pages = [page.platform.parse(page.documents) for page in PAGES if page.name == sampled]
    can = load(name).CAN
    assert any(read.components for read in pages) is ("components" in can)
    assert any(read.maintenances for read in pages) is ("maintenance" in can) or name in FEEDS
    assert any(read.history_from for read in pages) is ("history" in can) or name == "aws"


HISTORY_FIRST = {"adobe", "zendesk"}
"""Platforms whose first document holds the history."""


@every_page
def test_without_its_later_documents_a_page_has_no_history(page: Page) -> None:
    read = page.platform.parse(page.only(*page.needed))
    if page.later:
        assert read.history_from is None or page.name in HISTORY_FIRST
        assert not read.notes or page.name == "uptimerobot"  # which says that monitors are missing


# Recognising

SHARED = {
    # the same company's software, whose data has one form
    ("site24x7", "statusiq"),
    # a subset of another platform's document, at an address of its own
    ("checkly", "instatus"),
    ("openstatus", "incidentio"),
}
"""Platforms, and others that would take their first document for their own."""


@every_platform
def test_no_other_platforms_page_is_recognised(name: str) -> None:
    taken = {
        (page.name, name)
        for page in PAGES
        for address in addresses(name)
        if recognised(load(name), first_asked(name, page.first.body, address))
    }
    assert taken - {(name, name)} == {pair for pair in SHARED if pair[1] == name}


@pytest.mark.parametrize("path", recorded("*/*"))
def test_no_other_platforms_recording_is_recognised(path: Path) -> None:
    body = path.read_bytes()
    for name in BUILT_IN:
        for address in addresses(name) if name != path.parent.name else ():
            assert not recognised(load(name), first_asked(name, body, address))


@every_platform
def test_an_empty_list_is_recognised_only_on_the_vendors_own_host(name: str) -> None:
    bare = {"aws", "googlecloud"}  # whose data is a bare list, empty while all is well
    read = {url: recognised(load(name), first_asked(name, [], url)) for url in addresses(name)}
    assert read == {url: url != HOME and name in bare for url in addresses(name)}


@every_platform
def test_the_hosts_of_a_platform_lead_to_it(name: str) -> None:
    for host in load(name).HOSTS:
        assert for_host(f"https://{host}/eu") == [name]
        assert for_host(f"https://acme.{host.upper()}") == [name]
        assert name not in for_host(f"https://not{host}")


# Asking

AT_THE_ROOT = {"heroku", "slack", "salesforce"}
"""Platforms of one vendor, which are asked at the root of the page's host."""


@every_platform
def test_the_first_document_is_asked_for_below_the_page(name: str) -> None:
    for page_url, depth in product((HOME, f"{HOME}/eu", f"{HOME}/eu/status"), Depth):
        asked = load(name).endpoints(page_url, depth, {})
        assert asked == load(name).endpoints(f"{page_url}/", depth, {})
        below = HOME if name in AT_THE_ROOT else page_url
        assert f"{asked[0].url}/".startswith(f"{below}/")


@every_page
def test_no_document_is_asked_for_twice_or_outside_the_web(page: Page) -> None:
    read = dict(page.documents)
    for count in range(len(read) + 1):
        so_far = dict(list(read.items())[:count])
        verdict, now, history, archive = (
            page.platform.endpoints(page.address, depth, so_far) for depth in Depth
        )
        assert len(set(archive)) == len(archive)
        assert all(endpoint.url.startswith(("https://", "http://")) for endpoint in archive)
        assert set(verdict) <= set(now) <= set(history) <= set(archive)
        assert {verdict[0], now[0], history[0], archive[0]} == {page.first.endpoint}

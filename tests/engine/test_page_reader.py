"""One page from the first request to the outcome: which platform it runs on, where it has moved to,
what is asked conditionally, and what is known when its time is up."""

import json
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from outlogger_cli import platforms
from outlogger_cli.domain import verdict
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    EVER,
    Depth,
    Endpoint,
    Failed,
    FailureKind,
    Outcome,
    Read,
    Source,
    Vendor,
)
from outlogger_cli.domain.text import LINE_LIMIT
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.engine.cache import Cache
from outlogger_cli.engine.page import from_stored
from outlogger_cli.engine.page_reader import PageReader
from outlogger_cli.engine.pool import Expired
from outlogger_cli.net import tls
from outlogger_cli.net.client import Network
from outlogger_cli.platforms import statuspage
from tests.origin import cacert
from tests.running import Answer, Pieces, Web
from tests.support import DATA, NOW, sample

PAGE = "https://status.acme.example"
MOVED = "https://acme.statuspage.example"
SUMMARY = sample("statuspage/summary.json")
INCIDENTS = sample("statuspage/incidents.json")
ULID = {**SUMMARY["page"], "id": "01HZXW3M7QK8S5T2V9B4N6R1C0"}
TRUSTING = tls.contexts(cacert(), {})
NO_PAGE = "HTTP 404: no status page at this address"

Answers = Mapping[str, Answer | list[Answer]]


def good(body: object = SUMMARY, **headers: str) -> httpx.Response:
    return httpx.Response(200, json=body, headers=headers)


def at(page: str = PAGE) -> dict[str, Answer | list[Answer]]:
    """A Statuspage with a history."""
    return {f"{page}/api/v2/summary.json": good(), f"{page}/api/v2/incidents.json": good(INCIDENTS)}


def reading(
    web: httpx.BaseTransport,
    url: str = PAGE,
    *,
    platform: str | None = None,
    depth: Depth = Depth.VERDICT,
    cache: Cache | None = None,
    budget: float = 10,
    later: timedelta = timedelta(),
    monotonic: Callable[[], float] = lambda: 0,
    judge: Callable[[Read], Judged] | None = None,
) -> PageReader:
    """A reading with a clock of its own that stands still, `later` than the first one's."""
    return PageReader(
        Vendor(slug="acme", url=url, platform=platform),
        depth=depth,
        budget=timedelta(seconds=budget),
        network=Network(
            tls=TRUSTING,
            transport=web,
            now=lambda: NOW + later,
            monotonic=monotonic,
            sleep=lambda _seconds: None,
        ),
        stored=cache.load([url]).get(url) if cache else None,
        judge=judge,
    )


def outcome(
    web: httpx.BaseTransport, url: str = PAGE, *, cache: Cache | None = None, **options: Any
) -> Outcome:
    """The outcome of a reading that came to its end, stored where there is a cache."""
    one = reading(web, url, cache=cache, **options)
    found = one.read(10)
    page = one.to_store()
    if cache and page:
        cache.save([page])
    return found


def read(web: Web, url: str = PAGE, **options: Any) -> Read:
    found = outcome(web, url, **options)
    assert isinstance(found, Read)
    return found


def failed(web: Web, url: str = PAGE, **options: Any) -> Failed:
    found = outcome(web, url, **options)
    assert isinstance(found, Failed)
    return found


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "pages")


# Which platform


def test_a_verdict_takes_one_request() -> None:
    web = Web(at())
    found = read(web)
    assert (found.platform, found.source, found.checked_at) == ("statuspage", Source.LIVE, NOW)
    assert (found.snapshot.page_name, found.moved_to) == ("Acme Cloud", None)
    assert web.asked == [f"{PAGE}/api/v2/summary.json"]


def test_the_form_of_the_pages_id_tells_two_platforms_with_one_address_apart() -> None:
    web = Web({f"{PAGE}/api/v2/summary.json": good({**SUMMARY, "page": ULID})})
    assert read(web).platform == "incidentio"
    assert web.asked == [f"{PAGE}/api/v2/summary.json"]


@pytest.mark.parametrize("status", [400, 404, 405, 406, 410])
def test_a_host_that_has_no_such_document_is_asked_for_another(status: int) -> None:
    missing = httpx.Response(status)
    web = Web({f"{PAGE}/team/api/v2/summary.json": missing, **at()})
    found = read(web, f"{PAGE}/team")
    assert (found.platform, found.moved_to) == ("statuspage", PAGE)
    assert web.asked == [f"{PAGE}/team/api/v2/summary.json", f"{PAGE}/api/v2/summary.json"]


@pytest.mark.parametrize(
    "body", [b"<!doctype html><html>", b"not found", b"[]", b'{"page": {}}', b'{"errors": []}']
)
def test_a_host_that_answers_with_something_else_is_asked_for_another(body: bytes) -> None:
    other = httpx.Response(200, content=body)
    web = Web({f"{PAGE}/team/api/v2/summary.json": other, **at()})
    assert read(web, f"{PAGE}/team").moved_to == PAGE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"page": {"id": "acme"',
        b'\xef\xbb\xbf{"page": ',
        b"[{",
        b"<html><title>Acme - Sign In</title>",
        json.dumps({**SUMMARY, "components": "none"}).encode(),
    ],
    ids=["empty", "cut", "cut after its mark", "cut list", "sign-in", "of the wrong kind"],
)
def test_no_other_page_of_the_host_stands_in_for_one_that_is_broken(body: bytes) -> None:
    web = Web({f"{PAGE}/team/api/v2/summary.json": httpx.Response(200, content=body), **at()})
    failed(web, f"{PAGE}/team")
    assert web.asked == [f"{PAGE}/team/api/v2/summary.json"]


@pytest.mark.parametrize("body", [b"<!doctype html><html>", b'{"errors": []}', None])
def test_no_other_page_of_the_host_stands_in_for_one_whose_platform_is_known(
    body: bytes | None,
) -> None:
    other = httpx.Response(404) if body is None else httpx.Response(200, content=body)
    web = Web({f"{PAGE}/team/api/v2/summary.json": other, **at()})
    failed(web, f"{PAGE}/team", platform="statuspage")
    assert f"{PAGE}/api/v2/summary.json" not in web.asked


@pytest.mark.parametrize("body", [b"<!doctype html><html>", b'{"errors": []}', None])
def test_no_other_page_of_the_host_stands_in_for_one_that_was_read_before(
    body: bytes | None, cache: Cache
) -> None:
    team = f"{PAGE}/team/api/v2/summary.json"
    read(Web(at(f"{PAGE}/team")), f"{PAGE}/team", cache=cache)
    other = httpx.Response(404) if body is None else httpx.Response(200, content=body)
    web = Web({team: other, **at()})
    failed(web, f"{PAGE}/team", cache=cache)
    assert f"{PAGE}/api/v2/summary.json" not in web.asked
    back = Web(at(f"{PAGE}/team") | at())
    assert read(back, f"{PAGE}/team", cache=cache).moved_to is None


def test_a_page_below_a_path_is_read_there_and_the_hosts_root_is_not_asked() -> None:
    web = Web(at(f"{PAGE}/team") | at())
    found = read(web, f"{PAGE}/team/")
    assert found.moved_to is None
    assert web.asked == [f"{PAGE}/team/api/v2/summary.json"]


@pytest.mark.parametrize(
    ("answer", "kind", "status"),
    [
        (httpx.Response(401), "http", 401),
        (httpx.Response(403), "http", 403),
        (httpx.Response(429, headers={"Retry-After": "60"}), "http", 429),
        (httpx.Response(500), "http", 500),
        (httpx.ReadTimeout(""), "timeout", None),
        (httpx.ConnectError(""), "connect", None),
        (httpx.Response(200, content=b"{}", headers={"Content-Encoding": "br"}), "http", None),
    ],
)
def test_a_host_that_does_not_answer_is_not_asked_for_more(
    answer: Answer, kind: str, status: int | None
) -> None:
    web = Web({f"{PAGE}/team/api/v2/summary.json": answer, **at()})
    found = failed(web, f"{PAGE}/team")
    assert (found.kind, found.http_status, found.checked_at) == (kind, status, NOW)
    assert set(web.asked) == {f"{PAGE}/team/api/v2/summary.json"}


def test_a_host_without_a_status_page_costs_six_requests_and_is_said_to_have_none() -> None:
    web = Web({})
    found = failed(web, f"{PAGE}/team")
    assert (found.kind, found.message, found.http_status) == ("http", NO_PAGE, 404)
    assert len(web.asked) == 6
    assert web.asked[:2] == [f"{PAGE}/team/api/v2/summary.json", f"{PAGE}/api/v2/summary.json"]


def test_an_answer_that_ends_the_search_counts_more_than_an_address_with_nothing() -> None:
    web = Web({f"{PAGE}/api/v2/summary.json": httpx.Response(403)})
    found = failed(web, f"{PAGE}/team")
    assert (found.kind, found.http_status) == ("http", 403)
    assert len(web.asked) == 2


def test_what_stood_at_the_address_counts_more_than_an_answer_that_ends_the_search() -> None:
    html = httpx.Response(200, content=b"<html>Acme")
    web = Web(
        {
            f"{PAGE}/team/api/v2/summary.json": html,
            f"{PAGE}/api/v2/summary.json": httpx.Response(403),
        }
    )
    found = failed(web, f"{PAGE}/team")
    assert (found.kind, found.message) == ("not_json", "HTML instead of JSON")


def test_a_host_with_another_kind_of_page_is_not_said_to_have_none() -> None:
    found = failed(Web({PAGE: httpx.Response(200, content=b"<html>Acme is fine")}))
    assert (found.kind, found.message, found.http_status) == (
        "not_a_status_page",
        "not a supported status page (see outlogger help platforms)",
        None,
    )


def test_a_page_that_needs_a_token_is_said_to_need_one() -> None:
    web = Web({PAGE: httpx.Response(200, content=b"<html>Acme is fine")})
    assert failed(web, platform="microsoft365").message == (
        "the page needs a token, which is not supported"
    )


def test_a_platform_that_the_html_names_is_asked_for_before_the_others() -> None:
    html = httpx.Response(200, content=b"<html><!-- runs on Cachet -->")
    web = Web({f"{PAGE}/api/v2/summary.json": html})
    failed(web)
    assert web.asked[:2] == [
        f"{PAGE}/api/v2/summary.json",
        f"{PAGE}/api/v1/components?per_page=100",
    ]


def test_a_feed_that_the_html_announces_is_read_where_nothing_else_is() -> None:
    announcing = (
        b'<html><link rel="alternate" type="application/atom+xml" href="/status.atom"></html>'
    )
    feed = httpx.Response(200, content=(DATA / "feed/history.atom").read_bytes())
    web = Web({PAGE: httpx.Response(200, content=announcing), f"{PAGE}/status.atom": feed})
    assert read(web).platform == "feed"


def test_a_redirect_that_leads_nowhere_does_not_end_the_search() -> None:
    circle = httpx.Response(302, headers={"Location": f"{PAGE}/team/api/v2/summary.json"})
    web = Web({f"{PAGE}/team/api/v2/summary.json": circle, **at()})
    assert read(web, f"{PAGE}/team").moved_to == PAGE


def test_what_the_vendor_is_said_to_run_is_asked_first() -> None:
    web = Web(at())
    assert read(web, platform="instatus").platform == "statuspage"
    assert web.asked == [f"{PAGE}/summary.json", f"{PAGE}/api/v2/summary.json"]


def test_what_the_host_is_known_to_run_is_asked_first() -> None:
    web = Web({})
    failed(web, "https://acme.instatus.com")
    assert web.asked[0] == "https://acme.instatus.com/summary.json"


def test_a_platform_this_program_does_not_know_is_as_good_as_none() -> None:
    assert read(Web(at()), platform="homemade").platform == "statuspage"


def test_a_document_of_another_platform_is_asked_for_once() -> None:
    web = Web(at())
    assert read(web, platform="incidentio").platform == "statuspage"
    assert web.asked == [f"{PAGE}/api/v2/summary.json"]


def test_of_a_page_that_nobody_reads_the_first_reason_is_told() -> None:
    web = Web({f"{PAGE}/summary.json": httpx.Response(200, content=b"<html>")})
    found = failed(web, platform="instatus")
    assert (found.kind, found.message) == (
        "not_json",
        "HTML instead of JSON",
    )


def test_a_page_that_says_what_it_is_instead_is_believed() -> None:
    parked = httpx.Response(200, content=b"<html>This domain is for sale!")
    found = failed(Web({PAGE: parked}))
    assert (found.kind, found.message) == (
        "not_json",
        "parked domain (for sale)",
    )


# Pages that moved


def moved(page: str = MOVED) -> httpx.Response:
    return httpx.Response(301, headers={"Location": f"{page}/"})


def test_a_page_that_moved_is_read_at_its_new_address_from_then_on() -> None:
    web = Web({f"{PAGE}/api/v2/summary.json": moved(), **at(MOVED)})
    found = read(web, depth=Depth.HISTORY)
    assert (found.moved_to, found.snapshot.history_from) == (MOVED, EVER)
    assert web.asked == [
        f"{PAGE}/api/v2/summary.json",
        f"{MOVED}/api/v2/summary.json",
        f"{MOVED}/api/v2/incidents.json",
    ]


def test_a_redirect_to_another_kind_of_page_is_the_failure() -> None:
    login = httpx.Response(200, content=b"<html>Welcome")
    web = Web({f"{PAGE}/api/v2/summary.json": moved(), f"{MOVED}/api/v2/summary.json": login})
    found = failed(web)
    assert (found.kind, found.message) == (
        "redirect",
        f"redirected to {MOVED}/api/v2/summary.json: HTML instead of JSON",
    )


def test_a_page_that_moved_is_stored_where_it_is_looked_for(cache: Cache) -> None:
    answers = {f"{PAGE}/api/v2/summary.json": moved(), **at(MOVED)}
    answers[f"{MOVED}/api/v2/summary.json"] = good(ETag='"1"')
    web = Web(answers)
    read(web, depth=Depth.HISTORY, cache=cache)
    read(web, depth=Depth.HISTORY, cache=cache)
    assert [request.headers.get("if-none-match") for request in web.seen[3:5]] == ['"1"', '"1"']
    stored = cache.load([PAGE]).get(PAGE)
    assert stored is not None
    assert (stored.home, sorted(stored.documents)) == (MOVED, ["incidents", "summary"])


def test_what_was_stored_of_the_old_place_does_not_survive_a_move(cache: Cache) -> None:
    read(Web(at()), depth=Depth.HISTORY, cache=cache)
    read(Web({f"{PAGE}/api/v2/summary.json": moved(), **at(MOVED)}), cache=cache)
    stored = cache.load([PAGE]).get(PAGE)
    assert stored is not None
    assert sorted(stored.documents) == ["summary"]


# Later documents


def test_a_later_document_that_fails_leaves_the_page_readable() -> None:
    web = Web(at() | {f"{PAGE}/api/v2/incidents.json": httpx.Response(500)})
    found = read(web, depth=Depth.HISTORY)
    assert found.snapshot.history_from is None
    assert found.snapshot.notes == ("incidents not read: HTTP 500 from the status page",)
    assert found.snapshot.components


INSTATUS = {f"{PAGE}/summary.json": good({"page": {"name": "Acme", "status": "UP"}})}
COMPONENTS = good({"components": [{"id": "api", "name": "API", "status": "OPERATIONAL"}]})


def test_a_document_is_asked_for_at_its_next_address_where_the_first_has_none(
    cache: Cache,
) -> None:
    web = Web(INSTATUS | {f"{PAGE}/v2/components.json": COMPONENTS})
    found = read(web, platform="instatus", cache=cache)
    assert [component.name for component in found.snapshot.components] == ["API"]
    assert found.snapshot.notes == ()
    assert [url.removeprefix(PAGE) for url in web.asked] == [
        "/summary.json",
        "/v3/components.json",
        "/v2/components.json",
    ]
    stored = cache.load([PAGE]).get(PAGE)
    kept = stored and from_stored(stored, Depth.VERDICT)
    assert kept
    assert (list(kept.documents), kept.lacks) == (["summary", "components"], {})


def test_the_first_document_is_asked_for_at_its_next_address_too(cache: Cache) -> None:
    feed = sample("openstatus/feed.json")
    web = Web({f"{PAGE}/feed/json": good(feed)})
    found = read(web, platform="openstatus", cache=cache)
    assert len(found.snapshot.components) == len(feed["pageComponents"])
    assert [url.removeprefix(PAGE) for url in web.asked] == [
        "/api/status/summary.json",
        "/feed/json",
    ]
    stored = cache.load([PAGE])[PAGE]
    kept = from_stored(stored, Depth.VERDICT)
    assert kept
    assert (list(kept.documents), kept.lacks) == (["summary"], {})


def test_a_page_is_not_stored_without_its_first_document(cache: Cache) -> None:
    read(
        Web(INSTATUS | {f"{PAGE}/v3/components.json": COMPONENTS}), platform="instatus", cache=cache
    )
    stored = cache.load([PAGE])[PAGE]
    rest = {"components": stored.documents["components"]}
    assert from_stored(replace(stored, documents=rest), Depth.VERDICT) is None


def test_a_document_that_was_read_is_not_asked_for_at_its_next_address() -> None:
    web = Web(INSTATUS | {f"{PAGE}/v3/components.json": COMPONENTS})
    assert read(web, platform="instatus").snapshot.components
    assert [url.removeprefix(PAGE) for url in web.asked] == ["/summary.json", "/v3/components.json"]


def test_a_document_that_stands_at_none_of_its_addresses_is_noted_once() -> None:
    found = read(Web(INSTATUS), platform="instatus")
    assert found.snapshot.notes == (f"components not read: {NO_PAGE}",)


def test_a_first_document_that_is_no_page_after_all_is_the_failure() -> None:
    broken = good({**SUMMARY, "components": {}})
    found = failed(Web(at() | {f"{PAGE}/api/v2/summary.json": broken}), depth=Depth.HISTORY)
    assert (found.kind, found.message) == (
        "invalid",
        "components is an object, expected a list",
    )


# Conditional requests and what is stored


def test_a_page_that_has_not_changed_is_read_from_what_is_stored(cache: Cache) -> None:
    fresh = good(ETag='W/"1"', **{"Last-Modified": "Thu, 15 Jan 2026 12:00:00 GMT"})
    web = Web({f"{PAGE}/api/v2/summary.json": [fresh, httpx.Response(304)]})
    first = read(web, cache=cache)
    second = read(web, cache=cache, later=timedelta(minutes=5))
    sent = web.seen[1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == (
        'W/"1"',
        "Thu, 15 Jan 2026 12:00:00 GMT",
    )
    assert second == replace(
        first, source=Source.NOT_MODIFIED, checked_at=NOW + timedelta(minutes=5)
    )
    stored = cache.load([PAGE]).get(PAGE)
    assert stored is not None
    assert stored.documents["summary"].fetched_at == NOW + timedelta(minutes=5)
    assert stored.documents["summary"].headers["etag"] == 'W/"1"'


def test_a_page_that_has_changed_takes_the_place_of_what_is_stored(cache: Cache) -> None:
    newer = good({**SUMMARY, "page": {**SUMMARY["page"], "name": "Acme Two"}}, ETag='"2"')
    web = Web({f"{PAGE}/api/v2/summary.json": [good(ETag='"1"'), newer]})
    read(web, cache=cache)
    found = read(web, cache=cache)
    assert (found.snapshot.page_name, found.source) == ("Acme Two", Source.LIVE)


def test_a_page_of_which_one_document_has_changed_is_live(cache: Cache) -> None:
    summary, incidents = f"{PAGE}/api/v2/summary.json", f"{PAGE}/api/v2/incidents.json"
    web = Web(
        {
            summary: [good(ETag='"1"'), httpx.Response(304)],
            incidents: [good(INCIDENTS, ETag='"1"'), good(INCIDENTS, ETag='"2"')],
        }
    )
    read(web, depth=Depth.HISTORY, cache=cache)
    assert read(web, depth=Depth.HISTORY, cache=cache).source is Source.LIVE


def test_a_validator_that_no_request_can_carry_is_not_sent(cache: Cache) -> None:
    strange = httpx.Response(200, json=SUMMARY, headers=[(b"ETag", '"é"'.encode())])
    web = Web({f"{PAGE}/api/v2/summary.json": strange})
    read(web, cache=cache)
    read(web, cache=cache)
    assert "if-none-match" not in web.seen[1].headers


def test_a_validator_is_for_the_address_it_came_from(cache: Cache) -> None:
    web = Web({f"{PAGE}/api/v2/summary.json": good(ETag='"1"')})
    read(web, f"{PAGE}/team", cache=cache)
    read(web, f"{PAGE}/team", cache=cache)
    sent = [request.headers.get("if-none-match") for request in web.seen]
    assert sent == [None, None, None, '"1"']


def test_a_history_that_was_not_asked_for_this_time_stays_stored(cache: Cache) -> None:
    web = Web(at())
    read(web, depth=Depth.HISTORY, cache=cache)
    read(web, cache=cache)
    stored = cache.load([PAGE]).get(PAGE)
    assert stored is not None
    assert sorted(stored.documents) == ["incidents", "summary"]


def test_what_was_found_there_before_is_asked_after_what_is_said_and_before_the_rest(
    cache: Cache,
) -> None:
    read(Web({f"{PAGE}/api/v2/summary.json": good({**SUMMARY, "page": ULID})}), cache=cache)
    stored = cache.load([PAGE]).get(PAGE)
    assert stored is not None
    assert stored.platform == "incidentio"
    web = Web(at())
    assert read(web, platform="instatus", cache=cache).platform == "statuspage"
    assert web.asked[:2] == [f"{PAGE}/summary.json", f"{PAGE}/api/v2/summary.json"]


def test_where_no_connection_can_even_be_prepared_that_is_the_outcome() -> None:
    def broken() -> ssl.SSLContext:
        raise OSError("no entropy")

    network = Network(tls=broken, monotonic=lambda: 0)
    vendor = Vendor(slug="acme", url=PAGE)
    one = PageReader(vendor, depth=Depth.VERDICT, budget=timedelta(seconds=10), network=network)
    found = one.read(10)
    assert isinstance(found, Failed)
    assert (found.kind, "no entropy" in found.message) == (FailureKind.INVALID, True)


def test_a_page_that_failed_is_not_stored(cache: Cache) -> None:
    failed(Web({}), cache=cache)
    assert cache.load([PAGE]).get(PAGE) is None


# Platforms that break


class Broken(SimpleNamespace):
    """A platform of another package that fails in the function named."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(HOSTS=(), CAN=())

    def endpoints(self, url: str, _depth: Depth, _read: object) -> tuple[Endpoint, ...]:
        self._fail("endpoints")
        return (Endpoint(name="first", url=url),)

    def recognises(self, _document: object) -> bool:
        self._fail("recognises")
        return True

    def parse(self, _read: object) -> None:
        self._fail("parse")

    def _fail(self, where: str) -> None:
        if where == self.where:
            raise KeyError("\x1b[31mcomponents\n" + "x" * 9999)


@pytest.fixture
def homemade(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The platform `homemade` is installed, and breaks where the test says."""
    load = platforms.load

    def load_with_homemade(name: str) -> object:
        return Broken(request.param) if name == "homemade" else load(name)

    monkeypatch.setattr(platforms, "load", load_with_homemade)


@pytest.mark.parametrize("homemade", ["endpoints", "recognises", "parse"], indirect=True)
@pytest.mark.usefixtures("homemade")
def test_a_platform_that_breaks_is_a_page_that_was_not_read() -> None:
    one = reading(Web({PAGE: good()}), platform="homemade")
    found, _ = one.job().run(10)
    assert isinstance(found, Failed)
    assert found.kind is FailureKind.INVALID
    assert found.message.startswith("the parser failed (KeyError: '")
    assert found.message.isprintable()
    assert len(found.message) <= LINE_LIMIT


def test_two_platforms_that_ask_for_one_address_each_get_it_by_their_own_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Other(Broken):
        def endpoints(self, url: str, _depth: Depth, _read: object) -> tuple[Endpoint, ...]:
            return (Endpoint(name="own", url=f"{url}/api/v2/summary.json"),)

        def recognises(self, document: Any) -> bool:
            assert document.endpoint.name == "own"
            return False

        def parse(self, _read: object) -> None:
            raise PageError(FailureKind.NOT_A_STATUS_PAGE, "of another platform")

    load = platforms.load
    monkeypatch.setattr(
        platforms, "load", lambda name: Other("") if name == "homemade" else load(name)
    )
    web = Web(at())
    assert read(web, platform="homemade").platform == "statuspage"
    assert web.asked.count(f"{PAGE}/api/v2/summary.json") == 1


def no_memory(*_given: object) -> Any:
    raise MemoryError


def test_a_page_that_needs_too_much_memory_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statuspage, "parse", no_memory)
    found = failed(Web(at()), platform="statuspage")
    assert (found.kind, found.message) == ("too_large", "not enough memory to read the page")


def test_a_page_that_needs_too_much_memory_to_be_judged_is_too_large() -> None:
    one = reading(Web(at()), judge=no_memory)
    found, judged = one.job().run(10)
    assert isinstance(found, Failed)
    assert (found.kind, judged) == ("too_large", None)


def test_a_later_document_that_is_too_large_leaves_the_page_readable() -> None:
    large = httpx.Response(200, text="[" + "[]," * 200_000 + "0]")
    web = Web({**at(), f"{PAGE}/api/v2/incidents.json": large})
    found = read(web, depth=Depth.HISTORY)
    assert found.snapshot.notes == (
        "incidents not read: the JSON holds more than 200,000 lists and objects",
    )
    assert found.snapshot.components


def test_a_page_that_lists_too_much_is_too_large() -> None:
    rows = [{"name": "API"}] * 20_001
    found = failed(Web({f"{PAGE}/api/v2/summary.json": good({**SUMMARY, "components": rows})}))
    assert (found.kind, found.message) == (
        "too_large",
        "the page lists more than 20,000 components",
    )


# Hosts, for the limit of connections to each


@pytest.mark.parametrize(
    ("url", "platform", "host"),
    [
        (f"{PAGE}/team", None, "status.acme.example"),
        (f"{PAGE}:8443", "statuspage", "status.acme.example:8443"),
        ("https://status.salesforce.com/instances/NA1", "salesforce", "api.status.salesforce.com"),
        (PAGE, "homemade", "status.acme.example"),
    ],
)
def test_a_job_names_the_host_it_asks(url: str, platform: str | None, host: str) -> None:
    assert reading(Web({}), url, platform=platform, budget=7).job().host == host
    assert reading(Web({}), url, platform=platform, budget=7).job().budget == 7


# When the time is up


class Hanging:
    """A page that hangs at one address until it is released, and a reading of it in a thread."""

    def __init__(self, at_url: str, answers: Answers, *, cache: Cache | None = None) -> None:
        self._reached, self._released = threading.Event(), threading.Event()
        stream = Pieces(b"{", b"}", between=self._hang)
        self.reading = reading(
            Web({**answers, at_url: httpx.Response(200, stream=stream)}),
            depth=Depth.HISTORY,
            cache=cache,
        )
        self._thread = threading.Thread(target=self.reading.read, args=(10,), daemon=True)

    def _hang(self) -> None:
        self._reached.set()
        assert self._released.wait(10)

    def __enter__(self) -> PageReader:
        self._thread.start()
        assert self._reached.wait(10)
        return self.reading

    def __exit__(self, *_error: object) -> None:
        self._released.set()
        self._thread.join(10)
        assert not self._thread.is_alive()


def test_a_page_of_which_nothing_came_in_time_is_unknown() -> None:
    with Hanging(f"{PAGE}/api/v2/summary.json", {}) as one:
        found = one.abandon(Expired.BUDGET)
    assert isinstance(found, Failed)
    assert (found.kind, found.message) == ("timeout", "timed out after 10 s")


def test_a_page_whose_first_document_came_in_time_is_read() -> None:
    with Hanging(f"{PAGE}/api/v2/incidents.json", at()) as one:
        found = one.abandon(Expired.BUDGET)
    assert isinstance(found, Read)
    assert found.snapshot.notes == ("incidents not read: timed out after 10 s",)
    assert found.snapshot.history_from is None
    assert found.snapshot.components


def test_a_page_that_was_emptied_is_known_as_such_when_cut_short(tmp_path: Path) -> None:
    cache, before = Cache(tmp_path), reading(Web(at()))
    before.read(10)
    stored = before.to_store()
    assert stored
    cache.save([stored])
    emptied = {f"{PAGE}/api/v2/summary.json": good({**SUMMARY, "components": []})}
    with Hanging(f"{PAGE}/api/v2/incidents.json", emptied, cache=cache) as one:
        found = one.abandon(Expired.BUDGET)
    assert isinstance(found, Read)
    assert found.is_emptied


def test_a_page_cut_short_by_the_deadline_says_so() -> None:
    with Hanging(f"{PAGE}/api/v2/incidents.json", at()) as one:
        found = one.abandon(Expired.DEADLINE)
    assert isinstance(found, Read)
    assert found.snapshot.notes == ("incidents not read: the run's deadline was reached",)


def test_a_page_that_was_never_begun_by_the_deadline_says_so() -> None:
    found = reading(Web(at())).abandon(Expired.DEADLINE)
    assert isinstance(found, Failed)
    assert (found.kind, found.message) == ("timeout", "the run's deadline was reached")


def test_a_page_that_lacks_a_document_is_read_if_its_time_ends_while_it_is_judged() -> None:
    reached, released = threading.Event(), threading.Event()

    def judge(outcome: Read) -> Judged:
        reached.set()
        assert released.wait(10)
        return verdict.judge(outcome, window=None)

    answers = {url: answer for url, answer in at().items() if "incidents" not in url}
    one = reading(Web(answers), depth=Depth.HISTORY, judge=judge)
    thread = threading.Thread(target=one.job().run, args=(10,), daemon=True)
    thread.start()
    assert reached.wait(10)
    found = one.abandon(Expired.BUDGET)
    released.set()
    thread.join(10)
    assert isinstance(found, Read)
    (note,) = found.snapshot.notes
    assert note == "incidents not read: HTTP 404: no status page at this address"


def test_a_page_whose_first_document_is_none_stays_unknown_when_cut_short() -> None:
    leading = {PAGE: httpx.Response(200, text="<html>/api/getMonitorList/aB3</html>")}
    with Hanging(f"{PAGE}/api/getMonitorList/aB3", leading) as one:
        found = one.abandon(Expired.BUDGET)
    assert isinstance(found, Failed)
    assert (found.kind, found.message) == ("timeout", "timed out after 10 s")


def test_an_outcome_says_how_long_the_reading_took() -> None:
    for web in (Web(at()), Web({})):
        times = iter([1.0, *[2.0] * 99])
        assert reading(web, monotonic=partial(next, times)).read(10).seconds == 1.0


def test_a_reading_that_never_began_took_no_time() -> None:
    assert reading(Web({})).abandon(Expired.DEADLINE).seconds is None

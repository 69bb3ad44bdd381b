"""Vendors to outcomes: when a stored reading is used, what stands in for a page that failed, and
that one vendor never stops another."""

import resource
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from outlogger_cli import platforms
from outlogger_cli.domain import verdict
from outlogger_cli.domain.model import (
    Depth,
    Endpoint,
    Failed,
    Outcome,
    Read,
    Severity,
    Snapshot,
    Source,
    Vendor,
)
from outlogger_cli.engine import run as engine
from outlogger_cli.engine.cache import Cache, StoredPage
from outlogger_cli.engine.run import Request, Run
from outlogger_cli.net import tls
from outlogger_cli.net.client import Network
from outlogger_cli.system.runtime import Clock
from tests.origin import LIMIT, Origin, Reply, cacert, faults
from tests.running import Answer, Finished, Web, run_command, trusting
from tests.support import NOW, document, sample

PAGE = "https://status.acme.example"
SUMMARY = f"{PAGE}/api/v2/summary.json"
INCIDENTS = f"{PAGE}/api/v2/incidents.json"
NOBODY_ASKS = Web({})
CLOCK = Clock(now=lambda: NOW)


def answers(**headers: str) -> dict[str, Answer | list[Answer]]:
    return {
        SUMMARY: httpx.Response(200, json=sample("statuspage/summary.json"), headers=headers),
        INCIDENTS: httpx.Response(200, json=sample("statuspage/incidents.json"), headers=headers),
    }


def run(command: str, *options: str, web: Web, minutes: float = 0, page: str = PAGE) -> Finished:
    """The command, so many minutes after noon."""
    argv = (command, page, "--json", *options)
    return run_command(*argv, transport=web, now=NOW + timedelta(minutes=minutes))


def vendor(finished: Finished) -> Any:
    (one,) = finished.json["vendors"]
    return one


def stored_by(command: str) -> None:
    """What one good run of `command` at noon leaves behind."""
    assert vendor(run(command, web=Web(answers())))["error"] is None


# Stored readings


def test_without_max_age_the_page_is_asked_every_time() -> None:
    web = Web(answers())
    run("check", web=web)
    assert vendor(run("check", web=web, minutes=1))["source"] == "live"
    assert web.asked == [SUMMARY, SUMMARY]


def test_a_reading_younger_than_max_age_is_used_without_the_network() -> None:
    stored_by("check")
    found = vendor(run("check", "--max-age", "10m", web=NOBODY_ASKS, minutes=9))
    assert (found["source"], found["age_seconds"], found["checked_at"]) == (
        "cache",
        540,
        "2026-01-15T12:00:00Z",
    )
    assert (found["verdict"], found["error"]) == ("problem", None)
    assert NOBODY_ASKS.asked == []


def test_a_reading_as_old_as_max_age_is_read_again() -> None:
    stored_by("check")
    found = vendor(run("check", "--max-age", "10m", web=Web(answers()), minutes=10))
    assert (found["source"], found["age_seconds"]) == ("live", 0)


@pytest.mark.parametrize(("minutes", "source"), [(-1, "cache"), (-10, "live")])
def test_a_clock_that_was_put_back_makes_no_reading_fresh_for_ever(
    minutes: float, source: str
) -> None:
    stored_by("check")
    found = vendor(run("check", "--max-age", "10m", web=Web(answers()), minutes=minutes))
    assert (found["source"], found["age_seconds"]) == (source, 0)


def test_refresh_asks_whatever_max_age_says() -> None:
    stored_by("check")
    found = vendor(run("check", "--max-age", "10m", "--refresh", web=Web(answers()), minutes=1))
    assert found["source"] == "live"


def test_a_reading_without_history_is_not_enough_for_a_command_that_shows_it() -> None:
    stored_by("check")
    web = Web(answers())
    found = vendor(run("status", "--max-age", "10m", web=web, minutes=5))
    assert (found["source"], len(found["days"])) == ("live", 30)
    assert vendor(run("status", "--max-age", "10m", web=NOBODY_ASKS, minutes=6))["source"] == (
        "cache"
    )


def test_a_reading_with_history_is_enough_for_a_verdict() -> None:
    stored_by("status")
    found = vendor(run("check", "--max-age", "10m", web=NOBODY_ASKS, minutes=5))
    assert (found["source"], found["days"]) == ("cache", [])


def test_a_damaged_reading_is_read_again(home: Path) -> None:
    stored_by("check")
    (path,) = home.rglob("pages.sqlite")
    path.write_bytes(b"damaged")
    found = vendor(run("check", "--max-age", "10m", web=Web(answers()), minutes=1))
    assert found["source"] == "live"


def test_a_page_that_has_not_changed_says_so() -> None:
    web = Web(answers(ETag='"1"') | {SUMMARY: [_tagged(), httpx.Response(304)]})
    run("check", web=web)
    found = vendor(run("check", web=web, minutes=7))
    assert (found["source"], found["checked_at"], found["verdict"]) == (
        "not_modified",
        "2026-01-15T12:07:00Z",
        "problem",
    )


def _tagged() -> httpx.Response:
    return httpx.Response(200, json=sample("statuspage/summary.json"), headers={"ETag": '"1"'})


# Offline


def test_offline_a_page_that_was_never_read_is_unknown() -> None:
    finished = run("check", "--offline", web=NOBODY_ASKS)
    assert (finished.code, vendor(finished)["error"]) == (
        3,
        {"kind": "offline", "message": "no stored reading", "http_status": None},
    )


def test_offline_a_young_reading_counts() -> None:
    stored_by("check")
    finished = run("check", "--offline", web=NOBODY_ASKS, minutes=9)
    assert (finished.code, vendor(finished)["source"]) == (1, "cache")


def test_offline_an_old_reading_is_shown_and_unknown() -> None:
    stored_by("check")
    finished = run("check", "--offline", web=NOBODY_ASKS, minutes=10)
    found = vendor(finished)
    assert (finished.code, found["verdict"], found["severity"]) == (3, "unknown", "unknown")
    assert found["error"]["message"] == "stored reading is too old"
    assert (found["source"], found["age_seconds"]) == ("stale", 600)
    assert [component["name"] for component in found["components"]] == [
        "Dashboard",
        "Queue",
        "API",
        "API",
    ]


def test_offline_max_age_says_what_is_old() -> None:
    stored_by("check")
    argv = ("check", "--offline", "--max-age", "2h")
    assert vendor(run(*argv, web=NOBODY_ASKS, minutes=119))["source"] == "cache"
    assert vendor(run(*argv, web=NOBODY_ASKS, minutes=120))["source"] == "stale"


def test_offline_a_history_that_is_not_stored_is_said_to_be_missing() -> None:
    stored_by("check")
    found = vendor(run("status", "--offline", web=NOBODY_ASKS, minutes=1))
    assert (found["source"], found["days"], found["incident_seconds"]) == ("cache", [], None)
    assert "incidents not read: not stored" in found["reasons"]


def test_offline_an_old_history_does_not_make_a_younger_reading_old() -> None:
    stored_by("status")
    run("check", web=Web(answers()), minutes=60)
    finished = run("status", "--offline", web=NOBODY_ASKS, minutes=65)
    found = vendor(finished)
    assert (finished.code, found["error"], found["source"]) == (0, None, "cache")
    assert found["age_seconds"] == 300
    assert (found["days"], found["incident_seconds"]) == ([], None)
    old = vendor(run("status", "--offline", web=NOBODY_ASKS, minutes=70))
    assert (old["verdict"], old["source"], old["age_seconds"]) == ("unknown", "stale", 600)


def test_offline_a_page_that_moved_is_found() -> None:
    moved = {
        f"{PAGE}/api/v2/summary.json": httpx.Response(301, headers={"Location": "https://b.test/"}),
        "https://b.test/api/v2/summary.json": answers()[SUMMARY],
    }
    run("check", web=Web(moved))
    assert vendor(run("check", "--offline", web=NOBODY_ASKS, minutes=1))["source"] == "cache"


# Pages that fail


def test_what_is_stored_of_a_page_that_fails_is_shown_and_the_verdict_is_unknown() -> None:
    stored_by("status")
    finished = run("status", web=Web({SUMMARY: httpx.Response(503)}), minutes=12)
    found = vendor(finished)
    assert (finished.code, found["verdict"], found["severity"]) == (3, "unknown", "unknown")
    assert (found["error"]["kind"], found["error"]["http_status"]) == ("http", 503)
    assert (found["source"], found["age_seconds"]) == ("stale", 720)
    assert len(found["components"]) == 4
    assert len(found["incidents"]) == 2


def test_a_failure_leaves_what_is_stored_as_it_is() -> None:
    stored_by("check")
    run("check", web=Web({}), minutes=1)
    assert vendor(run("check", "--offline", web=NOBODY_ASKS, minutes=2))["source"] == "cache"


def test_what_is_too_much_goes_after_a_run_that_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    stored_by("check")
    monkeypatch.setattr("outlogger_cli.engine.cache.TOTAL_LIMIT", 0)
    for minutes in (1, 2):
        found = vendor(run("check", "--offline", web=NOBODY_ASKS, minutes=minutes))
        assert found["source"] == "cache"
    run("check", web=Web(answers()), minutes=3)
    found = vendor(run("check", "--offline", web=NOBODY_ASKS, minutes=4))
    assert found["error"]["message"] == "no stored reading"


def test_a_long_run_stores_what_it_has_read_before_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "UNSAVED_LIMIT", 0)
    cache = Cache(tmp_path)
    saved: list[list[str]] = []

    def save(pages: Sequence[StoredPage]) -> bool:
        saved.append([page.url for page in pages])
        return Cache.save(cache, pages)

    monkeypatch.setattr(cache, "save", save)
    page, other = "https://one.example", "https://two.example"
    web = Web({f"{url}/api/v2/summary.json": answers()[SUMMARY] for url in (page, other)})
    assert [type(one) for one in outcomes({page: None, other: None}, web, cache=cache)] == [
        Read,
        Read,
    ]
    assert sorted(saved) == [[page], [other]]
    assert set(Cache(tmp_path).load([page, other])) == {page, other}


# Many vendors


@pytest.mark.parametrize(
    ("descriptors", "jobs"), [(10, 1), (100, 34), (1024, engine.DEFAULT_JOBS), (-1, 64)]
)
def test_as_many_vendors_are_read_at_a_time_as_descriptors_allow(
    monkeypatch: pytest.MonkeyPatch, descriptors: int, jobs: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (descriptors, descriptors))
    assert engine.default_jobs() == jobs


def outcomes(
    vendors: Mapping[str, str | None],
    web: httpx.BaseTransport,
    *,
    cache: Cache | None = None,
    request: Request | None = None,
) -> list[Outcome]:
    """The outcome of each vendor, given by address and platform, in their order."""
    network = Network(tls=tls.contexts(cacert(), {}), transport=web, retries=0, now=lambda: NOW)
    found = engine.read(
        Run(
            vendors=tuple(
                Vendor(slug=url, url=url, platform=platform) for url, platform in vendors.items()
            ),
            request=request or Request(depth=Depth.VERDICT),
            clock=CLOCK,
            cache=cache,
            network=lambda: network,
        )
    )
    return [outcome for _, outcome in sorted(found, key=lambda pair: pair[0])]


def test_results_come_as_they_arrive_and_are_told_in_the_order_asked() -> None:
    with (
        Origin("127.0.0.2", routes={"*": faults.hang}) as silent,
        Origin(routes={"/api/v2/summary.json": Reply(body=sample("statuspage/summary.json"))}) as o,
    ):
        argv = ("check", silent.url, o.url, "--json", "--timeout", "0.3s", *trusting())
        finished = run_command(*argv)
    assert [one["url"] for one in finished.json["vendors"]] == [silent.url, o.url]


def test_the_deadline_of_the_run_ends_every_page() -> None:
    with Origin(routes={"*": faults.hang}) as origin:
        pages = [f"{origin.url}/{name}" for name in ("a", "b", "c")]
        finished = run_command("check", *pages, "--json", "--deadline", "0.2s", *trusting())
    assert finished.code == 3
    assert [one["error"] for one in finished.json["vendors"]] == [
        {
            "kind": "timeout",
            "message": "the run's deadline was reached",
            "http_status": None,
        }
    ] * 3


def test_a_vendors_own_budget_counts_before_that_of_the_run() -> None:
    over = threading.Event()

    class Silent(httpx.BaseTransport):
        def handle_request(self, _request: httpx.Request) -> httpx.Response:
            over.wait(LIMIT)
            raise httpx.ReadError("")

    network = Network(tls=tls.contexts(cacert(), {}), transport=Silent())
    acme = Vendor(slug="acme", url=PAGE, timeout=timedelta(seconds=0.05))
    ((_, found),) = engine.read(
        Run(
            vendors=(acme,),
            request=Request(depth=Depth.VERDICT, timeout=timedelta(seconds=60)),
            clock=CLOCK,
            network=lambda: network,
        )
    )
    over.set()
    assert isinstance(found, Failed)
    assert found.message == "timed out after 0.05 s"


def test_the_network_is_not_even_prepared_where_no_page_is_asked(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert isinstance(outcomes({PAGE: None}, Web(answers()), cache=cache)[0], Read)
    ((_, found),) = engine.read(
        Run(
            vendors=(Vendor(slug="acme", url=PAGE),),
            request=Request(depth=Depth.VERDICT, max_age=timedelta(minutes=1)),
            clock=CLOCK,
            cache=cache,
            network=lambda: pytest.fail("a network was asked for"),
        )
    )
    assert isinstance(found, Read)
    assert found.source is Source.CACHE


# Platforms that break


@pytest.fixture
def homemade(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A platform of another package, installed; a test may make it fail."""

    def parse(_read: object) -> Any:
        raise KeyError("components")

    platform = SimpleNamespace(
        HOSTS=(),
        CAN=(),
        endpoints=lambda url, _depth, _read: (Endpoint(name="page", url=url),),
        recognises=lambda _document: True,
        parse=parse,
    )
    load = platforms.load
    monkeypatch.setattr(platforms, "load", lambda n: platform if n == "homemade" else load(n))
    return platform


@pytest.mark.usefixtures("homemade")
def test_a_platform_that_breaks_does_not_stop_the_others(tmp_path: Path) -> None:
    broken = "https://status.broken.example"
    web = Web({**answers(), broken: httpx.Response(200, json={})})
    first, second = outcomes({broken: "homemade", PAGE: None}, web, cache=Cache(tmp_path))
    assert isinstance(first, Failed)
    assert first.message == "the parser failed (KeyError: 'components'); please report this"
    assert isinstance(second, Read)


@pytest.mark.parametrize("where", ["parse", "judge"])
def test_a_page_that_takes_too_long_to_read_is_a_timeout_and_not_read_again_meanwhile(
    homemade: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    over, threads = threading.Event(), list[threading.Thread]()
    slow = "https://status.slow.example"
    judge = verdict.judge

    def hang() -> None:
        threads.append(threading.current_thread())
        assert over.wait(LIMIT)

    def parse(_read: object) -> Snapshot:
        if where == "parse":
            hang()
        return Snapshot(indicator=Severity.NONE)

    def judge_slowly(outcome: Outcome, *, window: None) -> verdict.Judged:
        if where == "judge" and isinstance(outcome, Read) and outcome.vendor.slug == "slow":
            hang()
        return judge(outcome, window=window)

    monkeypatch.setattr(homemade, "parse", parse)
    monkeypatch.setattr(verdict, "judge", judge_slowly)
    web = Web({**answers(), slow: httpx.Response(200, json={})})
    network = Network(tls=tls.contexts(cacert(), {}), transport=web, now=lambda: NOW)
    one = Vendor(slug="slow", url=slow, platform="homemade", timeout=timedelta(seconds=0.05))
    run = Run(
        vendors=(one, Vendor(slug="acme", url=PAGE)),
        request=Request(depth=Depth.VERDICT),
        clock=CLOCK,
        network=lambda: network,
    )

    def errors() -> list[str | None]:
        found = engine.report(run, "watch", gate=False).vendors
        return [one.error.message if one.error else None for one in found]

    assert errors() == ["timed out after 0.05 s", None]
    assert errors() == ["the previous reading is still running", None]
    assert web.asked.count(slow) == len(threads) == 1
    over.set()
    threads[0].join(LIMIT)
    assert errors() == [None, None]


@pytest.mark.usefixtures("homemade")
def test_a_platform_that_breaks_on_what_is_stored_shows_nothing_of_it(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.save([_stored(platform="homemade", url=PAGE)])
    (found,) = outcomes({PAGE: "homemade"}, Web({PAGE: httpx.Response(200)}), cache=cache)
    assert isinstance(found, Failed)
    assert found.last is None


@pytest.mark.parametrize(
    ("platform", "address"),
    [
        ("forgotten", SUMMARY),
        ("statuspage", f"{PAGE}/api/v1/summary.json"),
        ("statuspage", SUMMARY),
    ],
)
def test_a_stored_reading_that_no_platform_can_read_is_none(
    tmp_path: Path, platform: str, address: str
) -> None:
    cache = Cache(tmp_path)
    cache.save([_stored(platform=platform, url=address)])
    request = Request(depth=Depth.VERDICT, offline=True)
    (found,) = outcomes({PAGE: None}, NOBODY_ASKS, cache=cache, request=request)
    assert isinstance(found, Failed)
    assert found.message == "no stored reading"


def _stored(*, platform: str, url: str) -> StoredPage:
    """A reading whose one document is no page."""
    kept = replace(document("summary", {}, url), headers={})
    return StoredPage(url=PAGE, home=PAGE, platform=platform, documents={"summary": kept})

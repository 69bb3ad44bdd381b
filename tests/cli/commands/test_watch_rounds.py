"""Rounds of `outlogger watch`: pages without a verdict, closed incidents, 429, and time limits."""

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from outlogger_cli.alerts.notifier import Notifier
from outlogger_cli.alerts.state_file import NewerVersionError
from outlogger_cli.cli.commands.watch import watcher
from tests.cli.commands.pages import FINE, fine, serving
from tests.cli.commands.rounds import (
    HOOK,
    NO_RETRY,
    OPENED,
    OUT,
    SUMMARY,
    WELL,
    Clock,
    Site,
    events,
    write_watchlist,
)
from tests.running import Finished, Pieces, run_command
from tests.support import NOW

HISTORY = f"{FINE}/api/v2/incidents.json"
DAY = 24 * 60


@pytest.fixture
def site() -> Site:
    return Site()


# What `--once` says of pages without a verdict.

UNKNOWN = f"status.fine.example: unknown: HTTP 404: no status page at this address, {FINE}"


def said(site: Site, page: Any, *options: str, after: float = 0) -> list[str]:
    finished = site.once(FINE, *options, page=page, after=after)
    assert finished.code == 0
    return finished.err.splitlines()


def test_once_says_when_a_page_becomes_unknown_and_when_that_ends(site: Site) -> None:
    found = [said(site, page, after=minutes) for minutes, page in enumerate([404, 404, WELL, WELL])]
    assert found == [
        [UNKNOWN],
        [],
        [f"status.fine.example: no longer unknown: ok, {FINE}"],
        [],
    ]


def test_once_repeats_what_is_unknown_once_a_day(site: Site) -> None:
    minutes = [0, 1, DAY - 1, DAY, DAY + 1, 2 * DAY]
    found = [said(site, 404, after=minute) for minute in minutes]
    assert found == [[UNKNOWN], [], [], [f"{UNKNOWN} (for 1 d)"], [], [f"{UNKNOWN} (for 2 d)"]]


def test_once_repeats_what_is_unknown_with_v(site: Site) -> None:
    assert said(site, 404) == [UNKNOWN]
    assert said(site, 404, "-v", after=5) == [f"{UNKNOWN} (for 5 min)"]
    assert said(site, WELL, "-v", after=6) == [
        f"status.fine.example: no longer unknown: ok, {FINE}"
    ]


def test_once_says_what_a_misspelt_component_does(site: Site) -> None:
    (line,) = said(site, WELL, "-c", "Apo")
    assert line.startswith('status.fine.example: unknown: component "Apo" not found')
    assert said(site, WELL, "-c", "Apo", after=5) == []


def test_once_reports_a_lack_of_network_in_the_same_way(site: Site) -> None:
    refused = serving({SUMMARY: OSError(101, "Network is unreachable")})

    def err(after: int) -> str:
        now = NOW + timedelta(minutes=after)
        argv = ("watch", "--once", FINE, *NO_RETRY)
        return run_command(*argv, transport=refused, now=now).err

    assert err(0).startswith("It's this machine: the status page could not be reached (")
    assert err(1) == ""
    assert err(DAY).endswith(". No changes are reported (for 1 d)\n")
    assert said(site, WELL, after=DAY + 1) == ["status pages can be reached again"]


@pytest.mark.parametrize("damage", ["[]", '{"format":1,"vendors":{"KEY":{"since":5}}}'])
def test_what_was_said_of_a_page_may_be_damaged(site: Site, home: Path, damage: str) -> None:
    said(site, 404)
    path = home / ".local" / "state" / "outlogger" / "unjudged.json"
    (key,) = json.loads(path.read_text())["vendors"]
    path.write_text(damage.replace("KEY", key))
    assert said(site, 404) == [UNKNOWN]
    assert said(site, 404) == []


def test_what_was_said_of_other_pages_is_kept_for_a_month(site: Site, home: Path) -> None:
    path = home / ".local" / "state" / "outlogger" / "unjudged.json"
    said(site, 404)
    for after, known in ((1, 1), (29 * DAY, 1), (30 * DAY, 0)):
        now = NOW + timedelta(minutes=after)
        pages = serving({"https://other.example/api/v2/summary.json": WELL})
        run_command("watch", "--once", "https://other.example", transport=pages, now=now)
        assert len(json.loads(path.read_text())["vendors"]) == known


def test_a_long_watch_says_nothing_of_pages_that_are_unknown() -> None:
    finished = Clock(ctrl_c_after=3).run("watch", FINE, *NO_RETRY, transport=Site(404))
    assert (events(finished), finished.err) == (["unreadable"], "")


# What is told because it was asked for.


def test_opened_is_told_when_it_is_first_asked_for(site: Site) -> None:
    assert events(site.once(FINE, "--on", "recovered", page=OUT)) == []
    assert events(site.once(FINE, "--on", "opened,recovered")) == ["opened"]
    assert events(site.once(FINE, "--on", "opened,recovered")) == []
    assert events(site.once(FINE, "--on", "opened", page=WELL)) == []


def test_other_kinds_begin_after_they_were_asked_for(site: Site) -> None:
    for _ in range(4):
        assert events(site.once(FINE, "--on", "opened", page=404)) == []
    assert events(site.once(FINE, "--on", "unreadable,readable")) == []
    assert events(site.once(FINE, "--on", "unreadable,readable", page=WELL)) == ["readable"]


def test_reminders_are_refused_if_nothing_says_how_often(site: Site, tmp_path: Path) -> None:
    listed = write_watchlist(tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]')
    for source in ([], ["--watchlist", str(listed)]):
        refused = site.once(FINE, "--on", "opened,reminder", *source, page=OUT)
        assert (refused.code, refused.out) == (2, "")
        assert '--on: reminder needs remind = "4h" or the like in [notify]' in refused.err
    assert site.messages == []


def test_remind_repeats_an_open_problem(site: Site, tmp_path: Path) -> None:
    listed = write_watchlist(
        tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]', 'on = ["opened"]', 'remind = "4h"'
    )
    told = [
        events(site.once("--watchlist", str(listed), page=page, after=60 * hour))
        for hour, page in ((0, OUT), (3, OUT), (4, OUT), (5, OUT), (8, OUT), (9, WELL), (20, WELL))
    ]
    assert told == [["opened"], [], ["reminder"], [], ["reminder"], [], []]
    assert [message["event"] for message in site.messages] == ["opened", "reminder", "reminder"]
    assert site.titles[1] == "Fine Inc still has a problem: API major outage"


# Incidents that leave the page's summary.


def slow(status: str, *bodies: str) -> dict[str, Any]:
    updates = [
        {"status": status, "body": body, "created_at": f"2026-01-15T11:{10 + index}:00Z"}
        for index, body in enumerate(bodies)
    ]
    resolved = "2026-01-15T11:59:00Z" if status == "resolved" else None
    return {
        "id": "i1",
        "name": "Slow",
        "status": status,
        "impact": "major",
        "created_at": "2026-01-15T11:09:00Z",
        "resolved_at": resolved,
        "incident_updates": updates[::-1],
    }


class History(httpx.BaseTransport):
    """A page with a summary and a history, which tests change; records what is asked."""

    def __init__(self) -> None:
        self.summary: Sequence[Mapping[str, Any]] = ()
        self.past: Sequence[Mapping[str, Any]] | int = ()
        self.api = "operational"
        self.failing_after = 1000
        self.asked: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        self.asked.append(name)
        if len(self.asked) > self.failing_after:
            return httpx.Response(404)
        if name == "summary.json":
            body = {**fine(API=self.api), "incidents": list(self.summary)}
        elif isinstance(self.past, int):
            return httpx.Response(self.past)
        else:
            body = {"page": WELL["page"], "incidents": list(self.past)}
        return httpx.Response(200, stream=Pieces(json.dumps(body).encode()))

    def once(self, *options: str, after: float = 0) -> Finished:
        self.asked.clear()
        return run_command(
            *("watch", "--once", FINE, *NO_RETRY, *options),
            transport=self,
            now=NOW + timedelta(minutes=after),
        )


ALL = ("--on", "opened,recovered,updated")


def last_words(finished: Finished) -> list[tuple[str, str]]:
    rows = map(json.loads, finished.out.splitlines())
    return [(row["event"], row["incident"]["updates"][0]["body"]) for row in rows]


def test_the_last_word_on_an_incident_is_looked_up_once() -> None:
    page = History()
    page.summary = [slow("investigating", "We look.")]
    assert last_words(page.once(*ALL)) == [("opened", "We look.")]
    assert page.asked == ["summary.json"]
    page.summary, page.past = (), [slow("resolved", "We look.", "It is over.")]
    finished = page.once(*ALL)
    assert last_words(finished) == [("recovered", "It is over."), ("updated", "It is over.")]
    recovered = json.loads(finished.out.splitlines()[0])
    assert (recovered["title"], recovered["duration_seconds"]) == (
        "Fine Inc recovered; the incident lasted 51 min",
        51 * 60,
    )
    assert "incidents.json" in page.asked
    assert page.once(*ALL).out == ""
    assert page.asked == ["summary.json"]


def test_the_last_word_is_told_while_a_problem_goes_on() -> None:
    page = History()
    page.api, page.summary = "major_outage", [slow("investigating", "We look.")]
    page.once(*ALL)
    page.summary, page.past = (), [slow("resolved", "We look.", "It is over.")]
    assert last_words(page.once(*ALL)) == [("updated", "It is over.")]
    page.api = "operational"
    assert last_words(page.once(*ALL)) == [("recovered", "It is over.")]


@pytest.mark.parametrize("past", [500, [], [slow("investigating", "We look.")]])
def test_without_a_last_word_recovered_has_what_was_known(past: Any) -> None:
    page = History()
    page.summary = [slow("investigating", "We look.")]
    page.once(*ALL)
    page.summary, page.past = (), past
    assert last_words(page.once(*ALL)) == [("recovered", "We look.")]
    page.once(*ALL)
    assert page.asked == ["summary.json"]


def test_a_history_that_fails_is_no_last_word() -> None:
    page = History()
    page.summary = [slow("investigating", "We look.")]
    page.once(*ALL)
    page.summary, page.failing_after = (), 1
    assert last_words(page.once(*ALL)) == [("recovered", "We look.")]


def test_a_long_watch_looks_up_the_last_word_too() -> None:
    page = History()
    page.summary = [slow("investigating", "We look.")]
    page.past = [slow("resolved", "We look.", "It is over.")]

    class Closing(Clock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            page.summary = ()

    finished = Closing(ctrl_c_after=3).run("watch", FINE, *ALL, transport=page)
    assert last_words(finished) == [
        ("opened", "We look."),
        ("recovered", "It is over."),
        ("updated", "It is over."),
    ]
    assert page.asked.count("incidents.json") == 1


def test_a_page_without_a_verdict_is_not_asked_for_last_words() -> None:
    page = History()
    page.summary = [slow("investigating", "We look.")]
    page.once(*ALL, "-c", "API")
    page.api, page.summary = "on_fire", ()
    page.once(*ALL, "-c", "API")
    assert page.asked == ["summary.json"]


# A page that was asked too often.


class Busy(httpx.BaseTransport):
    """Answers 429 with `retry_after`; records when it was asked."""

    def __init__(self, retry_after: str, status: int = 429) -> None:
        self.clock = Clock(ctrl_c_after=20)
        self.times: list[float] = []
        self._status = status
        self._headers = {"retry-after": retry_after} if retry_after else {}

    def handle_request(self, _request: httpx.Request) -> httpx.Response:
        self.times.append(self.clock.monotonic())
        return httpx.Response(self._status, headers=self._headers)


@pytest.mark.parametrize(
    ("retry_after", "pause"),
    [
        ("90", 90),
        ("899", 899),
        ("99999999999999999999", 900),
        ("Thu, 15 Jan 2026 12:05:00 GMT", 300),
    ],
)
def test_retry_after_holds_across_rounds(retry_after: str, pause: float) -> None:
    busy = Busy(retry_after)
    argv = ("watch", FINE, *NO_RETRY, "--on", "unreadable")
    finished = busy.clock.run(*argv, transport=busy)
    assert pause <= busy.times[1] - busy.times[0] <= pause + 66
    (event,) = map(json.loads, finished.out.splitlines())
    assert "HTTP 429: too many requests" in event["message"]
    if pause == 899:
        assert "next request after 12:14:59 UTC (Retry-After)" in event["message"]


def test_retry_after_holds_while_waiting() -> None:
    busy = Busy("60")
    argv = ("wait", FINE, *NO_RETRY, "--interval", "10s")
    finished = busy.clock.run(*argv, transport=busy)
    assert finished.code == 130
    pauses = [later - earlier for earlier, later in pairwise(busy.times)]
    assert pauses
    assert min(pauses) >= 60


@pytest.mark.parametrize(("retry_after", "status"), [("", 429), ("600", 503)])
def test_other_failures_are_read_again_in_the_next_round(retry_after: str, status: int) -> None:
    busy = Busy(retry_after, status)
    busy.clock.run("watch", FINE, *NO_RETRY, transport=busy)
    assert len(busy.times) == 21


def test_retry_after_holds_behind_a_redirect() -> None:
    clock, asked = Clock(ctrl_c_after=4), []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "status.fine.example":
            moved = f"https://moved.example{request.url.path}"
            return httpx.Response(301, headers={"location": moved})
        asked.append(clock.monotonic())
        return httpx.Response(429, headers={"retry-after": "600"})

    clock.run("watch", FINE, transport=serving({}, handle=answer))
    assert len(asked) == 1


# Delivery.


def test_channels_are_served_at_the_same_time(tmp_path: Path) -> None:
    both = threading.Barrier(2, timeout=10)

    class Meeting(Site):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "POST":
                both.wait()
            return super().handle_request(request)

    site = Meeting()
    hooks = f'webhooks = ["{HOOK}", "https://other.example/hook"]'
    listed = write_watchlist(tmp_path / "mine.toml", hooks)
    assert site.once("--watchlist", str(listed), page=OUT).err == ""
    assert site.titles == [OPENED, OPENED]


def test_delivery_has_half_an_interval(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []

    def notify(
        _notifier: Notifier, *_args: object, seconds: float, **_options: object
    ) -> list[str]:
        limits.append(seconds)
        return []

    monkeypatch.setattr(Notifier, "notify", notify)
    listed = write_watchlist(tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]')
    site = Site(OUT)
    site.once("-q", "--watchlist", str(listed))
    site.once("-q", "--watchlist", str(listed), "--interval", "10s")
    assert limits == [30, 5]


def test_a_delivery_that_does_not_end_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def notify(*_args: object, **_options: object) -> list[str]:
        over.wait(10)
        return []

    monkeypatch.setattr(Notifier, "notify", notify)
    monkeypatch.setattr(watcher, "LOCK_TIMEOUT", -29.9)
    listed = write_watchlist(tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]')
    finished = Site(OUT).once("--watchlist", str(listed), "-f", "table")
    over.set()
    assert finished.err == "webhooks[0]: the delivery is still running\n"


def test_a_newer_version_that_takes_over_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def notify(*_args: object, **_options: object) -> list[str]:
        raise NewerVersionError("a newer outlogger wrote this; update this one")

    monkeypatch.setattr(Notifier, "notify", notify)
    listed = write_watchlist(tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]')
    finished = Site(OUT).once("--watchlist", str(listed))
    assert finished.err.startswith("a newer outlogger wrote this; update this one; changes are")


@pytest.mark.parametrize(
    ("written", "format"),
    [
        ('"https://hooks.slack.com/services/x"', "slack"),
        ('"https://discord.com/api/webhooks/1/x"', "discord"),
        ('{ url = "${CHAT}", format = "teams" }', "teams"),
        ('{ url = "https://hooks.slack.com/services/x", format = "json" }', "json"),
        ('"${CHAT}"', "json"),
    ],
)
def test_a_chat_gets_its_own_body(site: Site, tmp_path: Path, written: str, format: str) -> None:
    listed = write_watchlist(tmp_path / "mine.toml", f"webhooks = [{written}]")
    environ = {"CHAT": "https://chat.acme.example/hook"}
    site.once("--watchlist", str(listed), page=OUT, env=environ)
    (body,) = site.messages
    marks = {"slack": "blocks", "discord": "embeds", "teams": "attachments", "json": "event"}
    assert [name for name, mark in marks.items() if mark in body] == [format]


def test_naming_the_format_of_a_webhook_repeats_nothing(site: Site, tmp_path: Path) -> None:
    listed = tmp_path / "mine.toml"
    for written in (f'"{HOOK}"', f'{{ url = "{HOOK}", format = "slack" }}'):
        write_watchlist(listed, f"webhooks = [{written}]")
        site.once("--watchlist", str(listed), page=OUT)
    assert len(site.messages) == 1

"""Uptime Kuma: the last heartbeat of each monitor, and what a page announces."""

import json
from datetime import timedelta
from typing import Any

import pytest

from outlogger_cli import platforms
from outlogger_cli.domain.model import EVER, Depth, Incident, Maintenance, Snapshot
from outlogger_cli.platforms import uptimekuma
from tests.platforms.pages import snapshot
from tests.support import DATA, NOW, document, recognised, sample, utc

PAGE = sample("uptimekuma/status-page.json")
HISTORY = sample("uptimekuma/history.json")
HTML = (DATA / "uptimekuma/page.html").read_text()
HOME = "https://status.acme.example"
API = f"{HOME}/api/status-page"


def page(beats: object, *, minutes: float = 1, **changes: Any) -> Snapshot:
    """A page of a monitor for each of `beats`, its last heartbeat that many `minutes` ago."""
    time = str((NOW - timedelta(minutes=minutes)).replace(tzinfo=None))
    each = list(beats) if isinstance(beats, list) else [beats]
    old = {"status": 1, "time": "2026-01-15 09:00:00"}
    monitors = [{"id": n, "name": f"M{n}"} for n in range(len(each))]
    body = {
        "config": {"slug": "acme"},
        "publicGroupList": [{"name": "All", "monitorList": monitors}],
        **changes,
    }
    listed = {str(n): [old, {"status": one, "time": time}] for n, one in enumerate(each)}
    return uptimekuma.parse(
        {
            "status-page": document("status-page", body),
            "heartbeat": document("heartbeat", {"heartbeatList": listed}),
        }
    )


def incident(**changes: Any) -> Incident:
    return page(1, incidents=[{**PAGE["incidents"][0], **changes}]).incidents[0]


def windows(**changes: Any) -> tuple[Maintenance, ...]:
    return page(1, maintenanceList=[{**PAGE["maintenanceList"][0], **changes}]).maintenances


def asked(page_url: str, depth: Depth = Depth.VERDICT, **read: object) -> list[str]:
    documents = {name: document(name, body) for name, body in read.items()}
    return [one.url for one in uptimekuma.endpoints(page_url, depth, documents)]


# Monitors


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (0, "major_outage"),
        (1, "operational"),
        ("1", "operational"),
        (2, "degraded_performance"),
        (3, "under_maintenance"),
        (4, "unknown"),
        (True, "unknown"),
        (None, "unknown"),
    ],
)
def test_every_code_of_a_heartbeat_is_known_or_unknown(code: object, status: str) -> None:
    assert page(code).components[0].status == status


@pytest.mark.parametrize(
    ("minutes", "status"),
    [
        (60, "operational"),
        (61, "unknown"),
        (-24 * 60, "operational"),  # the end of the stretch of time that a heartbeat sums up
        (-24 * 60 - 1, "unknown"),
    ],
)
def test_a_last_heartbeat_older_than_an_hour_says_nothing(minutes: float, status: str) -> None:
    assert page(1, minutes=minutes).components[0].status == status
    assert page(0, minutes=minutes).components[0].status != "operational"


@pytest.mark.parametrize("beats", [[], [0], [{}], [{"status": 1}], [{"status": 1, "time": "now"}]])
def test_a_monitor_without_a_heartbeat_and_its_time_is_unknown(beats: object) -> None:
    listed = {"heartbeatList": {"11": beats}}
    read = snapshot("uptimekuma", heartbeat=listed)
    assert {component.status for component in read.components} == {"unknown"}


def test_the_heartbeats_of_a_page_that_does_not_exist_are_not_fine() -> None:
    read = snapshot("uptimekuma", heartbeat={"heartbeatList": {}, "uptimeList": {}})
    assert read.indicator == "unknown"
    assert {component.raw_status for component in read.components} == {"no heartbeat"}


@pytest.mark.parametrize("groups", [[], [{"name": "Empty", "monitorList": []}]])
def test_a_page_without_monitors_is_unknown(groups: object) -> None:
    assert page([], publicGroupList=groups).indicator == "unknown"


@pytest.mark.parametrize(
    ("codes", "severity"),
    [
        ([1, 1], "none"),
        ([1, 2], "minor"),
        ([1, 0], "minor"),
        ([0, 2], "critical"),
        ([1, 0, 3], "maintenance"),
        ([3], "maintenance"),
        ([1, 9], "unknown"),
        ([3, 9], "unknown"),
        ([0, 9], "minor"),
        ([9], "unknown"),
    ],
)
def test_the_roll_up_is_that_of_the_page(codes: list[int], severity: str) -> None:
    assert page(codes).indicator == severity


def test_a_name_that_is_missing_is_the_id() -> None:
    group = {"name": "", "monitorList": [{"id": 0}, {}]}
    read = page([1], publicGroupList=[group])
    assert [(c.id, c.name, c.group) for c in read.components] == [
        ("0", "0", None),
        ("(no name)", "(no name)", None),
    ]


def test_a_monitor_is_as_it_is_since_the_first_heartbeat_of_that_kind() -> None:
    codes = (0, 1, 0, 0, 0)
    beats = [{"status": c, "time": f"2026-01-15 11:5{n}:00"} for n, c in enumerate(codes)]
    read = snapshot("uptimekuma", heartbeat={"heartbeatList": {"11": beats, "12": beats[2:]}})
    assert [component.updated_at for component in read.components[:2]] == [
        utc("2026-01-15 11:52"),
        None,  # it may have been down before
    ]


# Incidents and maintenance


@pytest.mark.parametrize(
    ("style", "impact"),
    [
        ("danger", "major"),
        ("warning", "minor"),
        *((style, "none") for style in ("info", "primary", "light", "dark")),
        ("on_fire", "minor"),
        (None, "minor"),
    ],
)
def test_the_style_is_the_impact(style: str | None, impact: str) -> None:
    assert incident(style=style).impact == impact


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "unknown"),
        ({"active": None, "pin": None}, "unknown"),
        ({"active": 1, "pin": 1}, "unknown"),
        ({"active": False}, "resolved"),
        ({"active": 0}, "resolved"),
        ({"pin": False}, "resolved"),
    ],
)
def test_an_incident_is_open_unless_the_page_has_taken_it_down(
    changes: dict[str, Any], status: str
) -> None:
    assert incident(**changes).status == status


def test_version_1_has_one_incident_or_none() -> None:
    (one,) = page(1, incident=PAGE["incidents"][0]).incidents
    assert (one.name, one.status, one.impact) == ("Queue stalled", "unknown", "major")
    assert page(1, incident=None).incidents == ()


def test_an_incident_without_a_text_has_no_update() -> None:
    assert incident(content="").updates == ()
    assert incident(lastUpdatedDate=None).updated_at == utc("2026-01-15 11:05")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("scheduled", "scheduled"),
        ("under-maintenance", "in_progress"),
        ("inactive", "unknown"),
        ("unknown", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_of_a_window_is_known_or_unknown(word: str | None, status: str) -> None:
    (window,) = windows(status=word, description="")
    assert (window.status, window.updates) == (status, ())


def test_a_window_that_ended_is_left_out() -> None:
    assert windows(status="ended") == ()


@pytest.mark.parametrize(
    ("changes", "hour"),
    [
        ({}, 11),
        ({"timezoneOffset": None}, 11),
        ({"timezoneOffset": "-03:00"}, 15),
        ({"strategy": "recurring-weekday"}, 12),
    ],
)
def test_only_a_single_window_is_in_its_own_zone(changes: dict[str, Any], hour: int) -> None:
    (window,) = windows(**changes)
    assert window.scheduled_for == utc(f"2026-01-15 {hour}:30")


def test_a_window_that_recurs_has_the_slot_that_is_not_over() -> None:
    slots = [
        {"startDate": f"2026-01-{day} 11:00:00", "endDate": f"2026-01-{day} 12:30:00"}
        for day in (14, 15, 16)
    ]
    (window,) = windows(strategy="cron", timeslotList=slots)
    assert window.scheduled_until == utc("2026-01-15 12:30")
    (window,) = windows(strategy="cron", timeslotList=slots[:1])
    assert window.scheduled_until == utc("2026-01-14 12:30")
    (window,) = windows(timeslotList=[])
    assert window.scheduled_for is None


# History


def test_a_history_that_goes_on_is_complete_from_its_oldest_incident() -> None:
    read = snapshot("uptimekuma", **{"history-2": {"incidents": None}})
    assert read.history_from == utc("2026-01-04 08:00")
    assert read.notes == (
        "page 2 of the incident history not read: incidents is missing, expected a list",
    )


def test_an_empty_history_is_complete_if_it_says_so() -> None:
    empty = {"incidents": [], "hasMore": False}
    assert snapshot("uptimekuma", history=empty, **{"history-2": empty}).history_from == EVER
    listed = {**HISTORY, "incidents": []}
    assert snapshot("uptimekuma", history=listed, **{"history-2": listed}).history_from is None


def test_further_pages_of_the_history_are_asked_for_by_their_key() -> None:
    read = {"status-page": PAGE, "history": HISTORY}
    first, second = asked(f"{HOME}/status/acme", Depth.HISTORY, **read)[2:]
    assert first == f"{API}/acme/incident-history"
    assert second == f"{first}?cursor=2026-01-04%2008:00:00"


@pytest.mark.parametrize("cursor", [None, "", "x" * 50, "a&b=c", {}, "../"])
def test_a_key_that_is_not_plain_is_not_followed(cursor: object) -> None:
    read = {"status-page": PAGE, "history": {**HISTORY, "nextCursor": cursor}}
    assert len(asked(f"{HOME}/status/acme", Depth.HISTORY, **read)) == 3
    read["history"] = "blocked"
    assert len(asked(f"{HOME}/status/acme", Depth.HISTORY, **read)) == 3


def test_a_history_without_end_is_followed_up_to_a_limit() -> None:
    pages = {f"history-{n}" if n > 1 else "history": HISTORY for n in range(1, 20)}
    urls = asked(f"{HOME}/status/acme", Depth.HISTORY, **{"status-page": PAGE}, **pages)
    assert len(urls) == 2 + uptimekuma.MAX_PAGES
    documents = {name: document(name, body) for name, body in pages.items()}
    read = uptimekuma.parse({"status-page": document("status-page", PAGE), **documents})
    assert read.history_from == utc("2026-01-04 08:00")


@pytest.mark.parametrize("body", [{**PAGE, "incidents": None}, "blocked"])
def test_version_1_has_no_history(body: Any) -> None:
    if isinstance(body, dict):
        del body["incidents"]
    assert len(asked(f"{HOME}/status/acme", Depth.HISTORY, **{"status-page": body})) == 2


# Addresses


@pytest.mark.parametrize(
    ("page_url", "base", "slug"),
    [
        (f"{HOME}/status/acme", HOME, "acme"),
        (f"{HOME}/status/Acme/?lang=en", HOME, "acme"),
        ("http://127.0.0.1:3001/status/my-page", "http://127.0.0.1:3001", "my-page"),
        (f"{HOME}/kuma/status/a_1#top", f"{HOME}/kuma", "a_1"),
    ],
)
def test_the_slug_may_be_in_the_address(page_url: str, base: str, slug: str) -> None:
    below = f"{base}/api/status-page"
    assert asked(page_url) == [f"{below}/{slug}", f"{below}/heartbeat/{slug}"]


@pytest.mark.parametrize(
    "markup",
    [
        HTML,
        '<html><link rel="manifest" href="/api/status-page/Acme/manifest.json">',
        '<html><script id="preload-data">window.preloadData = {"config":{"slug":"acme"}}</script>',
        "<html><script>window.preloadData = { config: { slug: 'acme' } };</script>",
        "<html><script>window.preloadData = {'incident':null,'config':{'slug':'acme'}}</script>",
    ],
)
def test_the_slug_of_a_page_on_its_own_domain_is_in_its_html(markup: str) -> None:
    assert asked(f"{HOME}:3001") == [f"{HOME}:3001"]
    assert recognised(uptimekuma, document("page", markup))
    assert asked(HOME, page=markup) == [HOME, f"{API}/acme", f"{API}/heartbeat/acme"]


@pytest.mark.parametrize(
    "markup",
    [
        "<html><title>Uptime Kuma</title>",
        "<html><script>window.preloadData = {}; slug = 'acme'</script>",
        "<html><a href='https://other.example/api/status-page/acme/manifest.json'>theirs</a>",
        json.dumps({"manifest": "/api/status-page/acme/manifest.json"}),
    ],
)
def test_html_that_names_no_page_is_not_recognised(markup: str) -> None:
    assert not recognised(uptimekuma, document("page", markup))
    assert asked(HOME, page=markup) == [HOME]


def test_a_page_is_known_by_its_html() -> None:
    for markup in (HTML, "<html><meta content='Uptime Kuma monitoring tool'>"):
        assert platforms.named_in(markup.encode()) == {"uptimekuma"}

"""Hund: the first event of a page's stream, and the feed in its place."""

import json
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Depth, Document, Incident, Link, Snapshot
from outlogger_cli.platforms import hund
from tests.support import DATA, document, recognised, utc

HOME = "https://status.acme.example"
LIVE = f"{HOME}/live/v2/status_page"
FEED = (DATA / "announced/feed.rss").read_bytes()
ISSUE = {
    "id": "i1",
    "title": "Queue stalled",
    "body": "<p>We are looking into it.</p>",
    "label": "Investigating",
    "components": [{"id": "c1", "name": "Queue", "state": "degraded"}],
    "standing": True,
    "scheduled": False,
    "created_at": 1768474920,
    "updates": [],
}


def html(*tags: str, url: str = HOME) -> Document:
    head = "".join(tags)
    return document("page", f"<!DOCTYPE html><html><head><title>Acme</title>{head}</head>", url)


SCRIPT = '<script src="https://assets.hund.io/page.js"></script>'
LINK = '<link rel="alternate" type="application/rss+xml" href="/feed.rss">'
PAGE = html(SCRIPT)


def live(sent: object, name: str = "init_event") -> Document:
    data = sent if isinstance(sent, str) else json.dumps(sent)
    return document("live", f"event: {name}\ndata: {data}\n\n", LIVE)


def page(state: object = "operational", issues: object = ()) -> Snapshot:
    return hund.parse({"page": PAGE, "live": live({"state": state, "issues": issues})})


def incident(**changes: object) -> Incident:
    (found,) = page(issues=[{**ISSUE, **changes}]).incidents
    return found


def asked(read: Document, depth: Depth = Depth.HISTORY) -> list[tuple[str, str]]:
    return [(one.name, one.url) for one in hund.endpoints(f"{HOME}/", depth, {"page": read})]


# Asking


def test_a_page_of_hund_is_asked_for_its_state() -> None:
    assert asked(PAGE) == [("page", HOME), ("live", LIVE)]


def test_the_feed_counts_in_place_of_the_state_and_for_the_history() -> None:
    feed = f"{HOME}/feed.rss"
    read = html(SCRIPT, LINK)
    assert asked(read, Depth.VERDICT) == [("page", HOME), ("live", LIVE), ("live", feed)]
    assert asked(read) == [("page", HOME), ("live", LIVE), ("live", feed), ("feed", feed)]


@pytest.mark.parametrize(
    "read",
    [
        html(SCRIPT),
        html(url="https://acme.hund.io"),
        html("<link href='https://acme.hund.io/a'>"),
        html("<script>new EventSource('/live/v2/status_page')</script>"),
    ],
)
def test_a_page_that_is_on_hund_or_loads_something_there_is_one(read: Document) -> None:
    assert recognised(hund, read)


@pytest.mark.parametrize(
    "read",
    [
        html(LINK),
        html("<a href='https://hund.io'>by Hund</a>"),
        html('<script src="https://assets.freshstatus.io/page.js"></script>', LINK),
        html("<a href='https://[x'>x</a>"),
        document("page", FEED, "https://acme.hund.io"),
        document("page", "{}", "https://acme.hund.io"),
    ],
)
def test_any_other_page_is_none(read: Document) -> None:
    assert not recognised(hund, read)
    with pytest.raises(PageError) as caught:
        hund.parse({"page": read})
    assert caught.value.kind in {"not_a_status_page", "invalid"}


def test_a_page_that_announces_a_feed_elsewhere_is_not_asked_for_it() -> None:
    assert asked(html(SCRIPT, LINK.replace("/feed.rss", "https://evil.example/feed.rss"))) == [
        ("page", HOME),
        ("live", LIVE),
    ]


# The stream


@pytest.mark.parametrize(
    ("state", "severity"),
    [
        ("operational", "none"),
        (1, "none"),
        ("degraded", "minor"),
        (0, "minor"),
        ("outage", "critical"),
        (-1, "critical"),
        ("pending", "unknown"),
        (True, "unknown"),
        (None, "unknown"),
    ],
)
def test_every_state_of_a_page(state: object, severity: str) -> None:
    assert page(state).indicator == severity


@pytest.mark.parametrize(
    "sent",
    [
        b": hello\r\n\r\nevent: init_event\r\ndata: {\r\ndata: DATA}\r\n\r\n",
        b"event:init_event\nid: 7\ndata:{DATA}\n\nevent: status_event\ndata: {}\n\n",
        b"retry: 5\n\ndata: {DATA}\nevent: init_event\n\n",
    ],
)
def test_the_first_event_is_read_however_it_is_written(sent: bytes) -> None:
    body = sent.replace(b"DATA", b'"state": "outage", "issues": []')
    read = hund.parse({"page": PAGE, "live": document("live", body, LIVE)})
    assert (read.page_name, read.page_url, read.indicator) == ("Acme", HOME, "critical")


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (live({}, "status_event"), "unexpected stream: it does not begin with the page's state"),
        (document("live", ""), "unexpected stream: it does not begin with the page's state"),
        (document("live", {}), "unexpected stream: it does not begin with the page's state"),
        (
            document("live", 'event: init_event\ndata: {"state": "operational", "issues": []}\n'),
            "unexpected stream: it does not begin with the page's state",
        ),
        (live("{"), "invalid or truncated JSON"),
        (live({"state": "operational"}), "issues is missing, expected a list"),
    ],
)
def test_a_stream_that_does_not_tell_the_state_is_not_read(read: Document, message: str) -> None:
    with pytest.raises(PageError) as caught:
        hund.parse({"page": PAGE, "live": read})
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "investigating"),
        ({"label": "Monitoring"}, "monitoring"),
        ({"label": "All hands"}, "unknown"),
        ({"label": None}, "unknown"),
        ({"label": "Resolved"}, "unknown"),
        ({"label": "Resolved", "standing": None}, "resolved"),
        ({"label": "Investigating", "standing": False}, "resolved"),
        ({"updates": [{"label": "Identified", "created_at": 1768476660}]}, "identified"),
        ({"updates": [{"label": "Identified", "created_at": 1768474000}]}, "investigating"),
    ],
)
def test_the_newest_update_tells_the_status_of_an_issue(
    fields: dict[str, Any], status: str
) -> None:
    told = incident(**fields)
    assert told.status == status
    assert (told.resolved_at is None) == told.status.open


@pytest.mark.parametrize(
    ("states", "impact"),
    [
        (["operational"], "none"),
        (["operational", "degraded"], "minor"),
        (["outage", "degraded"], "critical"),
        ([-1], "critical"),
        (["operational", "pending"], "minor"),
        (["outage", "pending"], "critical"),
        ([], "minor"),
    ],
)
def test_the_impact_is_the_worst_state_of_a_component(states: list[object], impact: str) -> None:
    assert incident(components=[{"name": "A", "state": one} for one in states]).impact == impact


def test_a_component_may_be_a_name_alone() -> None:
    told = incident(components=["Website", "Database"])
    assert told.links == (Link(name="Website"), Link(name="Database"))
    assert told.impact == "minor"
    assert incident(components=None).links == ()


@pytest.mark.parametrize(("standing", "status"), [(True, "in_progress"), (False, "scheduled")])
def test_a_scheduled_issue_is_a_maintenance(standing: bool, status: str) -> None:
    read = page(issues=[{**ISSUE, "scheduled": True, "standing": standing}])
    assert (read.incidents, [window.status for window in read.maintenances]) == ((), [status])


# The feed


def test_without_a_stream_the_feed_is_read() -> None:
    read = hund.parse({"page": html(SCRIPT, LINK), "live": document("live", FEED)})
    assert [i.name for i in read.incidents] == ["Queue stalled", "[Resolved] API down"]
    assert (read.page_url, read.indicator) == (HOME, "unknown")


def test_beside_a_stream_the_feed_tells_only_what_is_closed() -> None:
    state = live({"state": "operational", "issues": []})
    read = hund.parse({"page": PAGE, "live": state, "feed": document("feed", FEED)})
    assert ([i.name for i in read.incidents], read.indicator) == (["[Resolved] API down"], "none")
    assert read.history_from == utc("2025-12-01 08:20")


def test_a_broken_feed_is_a_note() -> None:
    state = live({"state": "operational", "issues": []})
    read = hund.parse({"page": PAGE, "live": state, "feed": document("feed", "{}")})
    assert read.notes == ("incident history not read: JSON instead of a feed",)
    assert (read.indicator, read.history_from) == ("none", None)

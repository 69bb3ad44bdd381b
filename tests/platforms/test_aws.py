"""The AWS Health Dashboard: a list of current events in UTF-16, and the older data.json."""

import json
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.model import Depth, Document, IncidentStatus, Link, Snapshot
from outlogger_cli.platforms import aws
from tests.support import document, recognised, recorded, sample, utc

STATUS = "https://status.aws.amazon.com"
EVENTS = sample("aws/events.json")
LEGACY = sample("aws/data.json")


def documents(body: object) -> dict[str, Document]:
    return {"events": document("events", body, aws.EVENTS)}


def page(body: object) -> Snapshot:
    return aws.parse(documents(body))


def event(**changes: Any) -> Any:
    return {**EVENTS[0], **changes}


def test_a_resolved_event_stays_for_a_while_and_counts_no_more() -> None:
    resolved = page(EVENTS).incidents[1]
    assert (resolved.status, resolved.resolved_at) == ("resolved", utc("2026-01-15 08:00"))
    assert resolved.links == (Link(id="disk-eu-north-9", name="Acme Disk"),)
    assert page(EVENTS[1:]).indicator == "none"


def test_an_end_time_is_believed_over_the_last_message() -> None:
    (read,) = page([{**EVENTS[1], "end_time": "1768462200"}]).incidents
    assert read.resolved_at == utc("2026-01-15 07:30")


def test_a_summary_marked_resolved_closes_whatever_the_number_says() -> None:
    (read,) = page([event(summary="[RESOLVED] Increased Error Rates")]).incidents
    assert (read.status, read.raw_status) == ("resolved", "resolved")


@pytest.mark.parametrize(
    ("word", "status", "impact"),
    [
        ("0", "resolved", "minor"),
        ("1", "investigating", "minor"),
        (2, "investigating", "minor"),
        ("3", "investigating", "major"),
        ("7", "unknown", "minor"),
        (None, "unknown", "minor"),
        (False, "unknown", "minor"),
    ],
)
def test_a_number_says_how_bad_it_is(word: object, status: str, impact: str) -> None:
    read = page([event(status=word)])
    assert (read.incidents[0].status, read.incidents[0].impact) == (status, impact)
    assert read.indicator == (impact if IncidentStatus(status).open else "none")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-be", "utf-8", "utf-8-sig", "utf-32"])
def test_the_encoding_is_told_by_the_first_bytes(codec: str) -> None:
    body = json.dumps(EVENTS).encode(codec)
    assert [i.id for i in page(body).incidents] == [row["arn"] for row in EVENTS]


def test_an_empty_list_is_health() -> None:
    read = page("[]".encode("utf-16"))
    assert (read.indicator, read.incidents) == ("none", ())


def test_an_empty_archive_is_recognised_on_the_vendors_own_host() -> None:
    read = document("events", {"archive": [], "current": []}, f"{STATUS}/data.json")
    assert recognised(aws, read)


def test_what_is_archived_is_over_even_where_it_does_not_say_so() -> None:
    row = {**LEGACY["archive"][0], "summary": "Slow reads"}
    assert page({"archive": [row], "current": []}).indicator == "none"


def test_an_event_may_lack_nearly_everything() -> None:
    row = dict.fromkeys(("date", "status", "service", "service_name", "summary"))
    (read,) = page([row]).incidents
    assert (read.name, read.status, read.url, read.started_at) == (
        ": (no title)",
        "unknown",
        "",
        None,
    )


@pytest.mark.parametrize("path", recorded("aws/*currentevents*.json"))
def test_recorded_events_are_read_whole(path: Path) -> None:
    wire = json.loads(path.read_bytes().decode("utf-16"))
    read = page(path.read_bytes())
    assert [row["status"] for row in wire] == ["3", "3"]
    assert read.indicator == "major"
    assert {(i.id, len(i.updates), len(i.links), i.status.open) for i in read.incidents} == {
        (row["arn"], len(row["event_log"]), len(row["impacted_services"]), True) for row in wire
    }
    assert {i.name for i in read.incidents} == {
        "Multiple services (UAE): Increased Error Rates",
        "Multiple services (Bahrain): Increased Error Rates",
    }


@pytest.mark.parametrize("path", recorded("aws/*data-json*.json"))
def test_a_recorded_archive_is_over(path: Path) -> None:
    wire = json.loads(path.read_bytes())
    read = page(wire)
    assert (read.indicator, wire["current"]) == ("none", [])
    assert len(read.incidents) == len(wire["archive"])
    assert read.history_from is not None
    assert read.history_from.timestamp() == min(int(row["date"]) for row in wire["archive"])


def rss(title: str, body: str, link: str = f"{STATUS}/") -> str:
    return (
        f"<rss><channel><title>Acme Disk (Nowhere) Service Status</title><link>{link}</link><item>"
        f"<title>{title}</title><pubDate>Thu, 15 Jan 2026 01:46:27 PST</pubDate>"
        f"<guid>{STATUS}/#disk_1</guid><description>{body}</description></item></channel></rss>"
    )


@pytest.mark.parametrize(
    ("title", "body", "status", "indicator"),
    [
        ("Service is operating normally: [RESOLVED] Errors", "Over.", "resolved", "none"),
        ("Informational message: [RESOLVED] Errors", "Over.", "resolved", "none"),
        (
            "Informational message: Errors",
            "Between 9:16 AM and 9:33 AM PST we had errors. The issue has been resolved and the "
            "service is operating normally.",
            "resolved",
            "none",
        ),
        ("Informational message: Errors", "We investigate.", "unknown", "unknown"),
        ("Service disruption: Errors", "9:16 AM PST We investigate.", "unknown", "unknown"),
    ],
)
def test_the_feed_of_one_service_is_read(
    title: str, body: str, status: str, indicator: str
) -> None:
    read = page(rss(title, body))
    assert [(i.status, i.impact, i.resolved_at) for i in read.incidents] == [
        (status, "minor", None)
    ]
    assert read.indicator == indicator


def test_the_feed_of_a_service_is_asked_for_where_it_is() -> None:
    url = f"{STATUS}/rss/disk-nowhere-1.rss"
    assert [e.url for e in aws.endpoints(url, Depth.NOW, {})] == [url]
    assert recognised(aws, document("events", rss("Errors", "x"), url))
    other = rss("Errors", "x", link="https://status.acme.example")
    assert not recognised(aws, document("events", other, url))

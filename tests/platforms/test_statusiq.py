"""StatusIQ: a feed with a row for every component, and the JSON behind the page."""

from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from outlogger_cli.domain.model import Document, IncidentStatus, Snapshot
from outlogger_cli.platforms import statusiq
from tests.support import DATA, document, recognised, recorded, sample, utc

RSS = (DATA / "statusiq/rss.xml").read_text(encoding="utf-8")
NO_ITEMS = RSS[: RSS.index("<item>")] + "</channel></rss>"
SUMMARY = sample("statusiq/summary.json")
PAGE = "https://status.acme.example"


def page(rss: object = RSS, summary: object = None) -> Snapshot:
    read = {"rss": document("rss", rss)}
    if summary is not None:
        read["summary"] = document("summary", summary)
    return statusiq.parse(read)


def json_page(**changes: Any) -> Snapshot:
    """The page read from its JSON alone, with keys of its data replaced."""
    return statusiq.parse(json_documents({**SUMMARY, "data": {**SUMMARY["data"], **changes}}))


def json_documents(body: object) -> dict[str, Document]:
    return {"summary": document("summary", body)}


def item(word: str) -> str:
    return NO_ITEMS.replace("</channel>", f"<item><title>API - {word}</title></item></channel>")


@pytest.mark.parametrize(
    ("word", "status", "indicator"),
    [
        ("Operational", "operational", "none"),
        ("informational", "operational", "none"),
        ("Degraded Performance", "degraded_performance", "minor"),
        ("Under Maintenance", "under_maintenance", "maintenance"),
        ("Partial Outage", "partial_outage", "major"),
        ("Major Outage", "major_outage", "critical"),
        ("On Fire", "unknown", "unknown"),
    ],
)
def test_the_worst_component_is_the_roll_up(word: str, status: str, indicator: str) -> None:
    read = page(item(word))
    assert [(c.name, c.status, c.raw_status) for c in read.components] == [("API", status, word)]
    assert (read.indicator, read.raw_indicator) == (indicator, None)


@pytest.mark.parametrize(
    ("title", "name", "raw_status"),
    [("API", "API", "API"), ("API -", "API -", "API -"), ("", "(no name)", "")],
)
def test_a_title_without_a_status_is_an_unknown_component(
    title: str, name: str, raw_status: str
) -> None:
    rss = NO_ITEMS.replace("</channel>", f"<item><title>{title}</title></item></channel>")
    (component,) = page(rss).components
    assert (component.id, component.name) == (name, name)
    assert (component.status, component.raw_status) == ("unknown", raw_status)


def test_a_feed_without_items_says_nothing() -> None:
    assert recognised(statusiq, document("rss", NO_ITEMS))
    read = page(NO_ITEMS)
    assert (read.indicator, read.components) == ("unknown", ())
    assert read.notes == (
        "the feed has no components (none on the page, or the feed is turned off)",
    )


def test_the_json_stands_in_for_an_empty_feed() -> None:
    read = page(NO_ITEMS, SUMMARY)
    assert (read.page_name, read.page_url, read.notes) == ("Acme Service Status", PAGE, ())
    assert read.components == json_page().components
    assert read.indicator == "major"


def test_beside_a_full_feed_the_json_tells_of_incidents() -> None:
    read = page(RSS, SUMMARY)
    assert (read.components, read.indicator) == (page().components, "critical")
    assert [one.id for one in read.incidents] == [one.id for one in json_page().incidents]
    assert read.maintenances == json_page().maintenances


@pytest.mark.parametrize(
    ("code", "status", "indicator"),
    [
        (1, "operational", "none"),
        ("2", "operational", "none"),
        (3, "degraded_performance", "minor"),
        (4, "under_maintenance", "maintenance"),
        (5, "partial_outage", "major"),
        (6, "major_outage", "critical"),
        (7, "unknown", "unknown"),
        (None, "unknown", "unknown"),
        (True, "unknown", "unknown"),
    ],
)
def test_a_number_stands_for_a_status(code: object, status: str, indicator: str) -> None:
    read = json_page(current_status=[{"display_name": "API", "component_status": code}])
    assert ([c.status for c in read.components], read.indicator) == ([status], indicator)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (10, "investigating"),
        (11, "investigating"),
        (12, "identified"),
        (13, "monitoring"),
        (14, "resolved"),
        (15, "unknown"),
    ],
)
def test_a_number_stands_for_how_an_incident_stands(code: int, status: str) -> None:
    told = {"incident_status_id": code, "status_updated_at": "2026-01-15T11:00:00Z"}
    read = json_page(active_incident_details=[{"incident_status_updates": [told]}])
    assert read.incidents[0].status == status
    assert read.incidents[0].resolved_at == (
        None if IncidentStatus(status).open else utc("2026-01-15 11:00")
    )


@pytest.mark.parametrize(
    ("code", "status"),
    [(21, "scheduled"), (22, "in_progress"), (23, "verifying"), (24, "completed")],
)
def test_a_number_stands_for_how_a_maintenance_stands(code: int, status: str) -> None:
    told = [{"incident_status_id": code}]
    read = json_page(active_incident_details=[{"incident_status_updates": told}])
    assert [m.status for m in read.maintenances] == [status]
    assert [i.id for i in read.incidents] == ["inc_0001"]


@pytest.mark.parametrize(
    ("code", "impact"),
    [
        (1, "none"),
        (2, "none"),
        (3, "minor"),
        (4, "maintenance"),
        (5, "major"),
        (6, "critical"),
        (None, "minor"),
    ],
)
def test_a_number_stands_for_how_bad_an_incident_is(code: object, impact: str) -> None:
    read = json_page(active_incident_details=[{"incident_severity_id": code}])
    assert [i.impact for i in read.incidents if i.status.open] == [impact]


def test_an_incident_may_lack_nearly_everything() -> None:
    days: list[Any] = [{"grp_by_incidents_list": [{"incident_affected_components": [{}]}]}]
    read = json_page(active_incident_details=[{}], resolved_incident_details=days)
    assert [(i.name, i.status, i.started_at, i.resolved_at) for i in read.incidents] == [
        ("(no title)", "unknown", None, None)
    ]
    assert read.history_from is None


@pytest.mark.parametrize("path", recorded("statusiq/*--rss--*.xml"))
def test_a_recorded_feed_is_read_whole(path: Path) -> None:
    channel = ElementTree.fromstring(path.read_bytes()).find("channel")
    assert channel is not None
    titles = [item.findtext("title") for item in channel.findall("item")]
    read = page(path.read_bytes())
    assert f"{read.page_name} - Status" == channel.findtext("title")
    assert read.page_url == channel.findtext("link")
    assert Counter(f"{c.name} - {c.raw_status}" for c in read.components) == Counter(titles)
    assert {c.status for c in read.components} <= {"operational"}
    assert all(c.updated_at for c in read.components)
    assert read.indicator == ("none" if titles else "unknown")

"""StatusIQ: a feed with a row for every component, and the JSON behind the page."""

import json
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.platforms import recognised, statusiq
from tests.platforms.health import never_healthier, truncations
from tests.platforms.hostile import survives
from tests.support import DATA, damaged, document, recorded, sample, utc

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


def asked(page_url: str, depth: Depth) -> list[str]:
    return [e.url for e in statusiq.endpoints(page_url, depth, {})]


@pytest.mark.parametrize("page_url", [PAGE, f"{PAGE}/rss/"])
@pytest.mark.parametrize("depth", list(Depth))
def test_a_verdict_takes_the_feed_and_the_json(depth: Depth, page_url: str) -> None:
    assert asked(page_url, depth) == [f"{PAGE}/rss", f"{PAGE}/sp/api/u/summary_details"]


def test_an_address_of_the_json_is_used_as_it_is() -> None:
    address = f"{PAGE}/sp/api/public/summary_details/statuspages/abc="
    assert asked(address, Depth.HISTORY) == [address]


def test_the_feed_names_the_page() -> None:
    assert (page().page_name, page().page_url) == ("Acme Service Status", PAGE)


def test_every_item_is_a_component_even_where_names_repeat() -> None:
    assert [(c.id, c.name, c.status, c.raw_status) for c in page().components] == [
        ("Queue", "Queue", ComponentStatus.MAJOR_OUTAGE, "Major Outage"),
        ("Search", "Search", ComponentStatus.PARTIAL_OUTAGE, "Partial Outage"),
        ("Cache", "Cache", ComponentStatus.UNDER_MAINTENANCE, "Under Maintenance"),
        (
            "Disk - cold",
            "Disk - cold",
            ComponentStatus.DEGRADED_PERFORMANCE,
            "Degraded Performance",
        ),
        ("API", "API", ComponentStatus.OPERATIONAL, "Informational"),
        ("api_0001", "API", ComponentStatus.OPERATIONAL, "Operational"),
    ]
    assert page().components[0].updated_at == utc("2026-01-15 10:30")


@pytest.mark.parametrize(
    ("word", "status", "indicator"),
    [
        ("Operational", ComponentStatus.OPERATIONAL, Severity.NONE),
        ("informational", ComponentStatus.OPERATIONAL, Severity.NONE),
        ("Degraded Performance", ComponentStatus.DEGRADED_PERFORMANCE, Severity.MINOR),
        ("Under Maintenance", ComponentStatus.UNDER_MAINTENANCE, Severity.MAINTENANCE),
        ("Partial Outage", ComponentStatus.PARTIAL_OUTAGE, Severity.MAJOR),
        ("Major Outage", ComponentStatus.MAJOR_OUTAGE, Severity.CRITICAL),
        ("On Fire", ComponentStatus.UNKNOWN, Severity.UNKNOWN),
    ],
)
def test_the_worst_component_is_the_roll_up(
    word: str, status: ComponentStatus, indicator: Severity
) -> None:
    read = page(item(word))
    assert [(c.name, c.status, c.raw_status) for c in read.components] == [("API", status, word)]
    assert (read.indicator, read.raw_indicator) == (indicator, "")


@pytest.mark.parametrize(
    ("title", "name", "raw_status"),
    [("API", "API", "API"), ("API -", "API -", "API -"), ("", "(no name)", "")],
)
def test_a_title_without_a_status_is_an_unknown_component(
    title: str, name: str, raw_status: str
) -> None:
    rss = NO_ITEMS.replace("</channel>", f"<item><title>{title}</title></item></channel>")
    assert page(rss).components == (
        Component(id=name, name=name, status=ComponentStatus.UNKNOWN, raw_status=raw_status),
    )


def test_a_feed_without_items_says_nothing() -> None:
    read = page(NO_ITEMS)
    assert (read.indicator, read.components) == (Severity.UNKNOWN, ())
    assert read.notes == (
        "the feed lists no component: the page may have none, or its feed may be turned off",
    )


def test_the_json_stands_in_for_an_empty_feed() -> None:
    read = page(NO_ITEMS, SUMMARY)
    assert (read.page_name, read.page_url, read.notes) == ("Acme Service Status", PAGE, ())
    assert read.components == json_page().components
    assert read.indicator is Severity.MAJOR


def test_beside_a_full_feed_the_json_tells_of_incidents() -> None:
    read = page(RSS, SUMMARY)
    assert (read.components, read.indicator) == (page().components, Severity.CRITICAL)
    assert read.incidents == json_page().incidents
    assert read.maintenances == json_page().maintenances


@pytest.mark.parametrize(
    ("summary", "why"),
    [
        ("<html>", "the answer is an HTML page, not JSON"),
        ({"code": 1}, "the answer is JSON but has no data"),
        ({"data": []}, "data is a list where an object should be"),
    ],
)
def test_json_that_cannot_be_read_is_a_note(summary: object, why: str) -> None:
    read = page(RSS, summary)
    assert (read.components, read.history_from) == (page().components, None)
    assert read.notes == (f"incidents not read: {why}",)


def test_groups_and_components_come_out_of_the_json() -> None:
    assert json_page().components == (
        Component(
            id="queue_eu",
            name="Queue",
            status=ComponentStatus.PARTIAL_OUTAGE,
            raw_status="5",
            group="Europe",
            description="Jobs and mail",
        ),
        Component(
            id="api_eu",
            name="API",
            status=ComponentStatus.OPERATIONAL,
            raw_status="1",
            group="Europe",
        ),
        Component(id="web_0001", name="Web", status=ComponentStatus.OPERATIONAL, raw_status="2"),
    )


@pytest.mark.parametrize(
    ("code", "status", "indicator"),
    [
        (1, ComponentStatus.OPERATIONAL, Severity.NONE),
        ("2", ComponentStatus.OPERATIONAL, Severity.NONE),
        (3, ComponentStatus.DEGRADED_PERFORMANCE, Severity.MINOR),
        (4, ComponentStatus.UNDER_MAINTENANCE, Severity.MAINTENANCE),
        (5, ComponentStatus.PARTIAL_OUTAGE, Severity.MAJOR),
        (6, ComponentStatus.MAJOR_OUTAGE, Severity.CRITICAL),
        (7, ComponentStatus.UNKNOWN, Severity.UNKNOWN),
        (None, ComponentStatus.UNKNOWN, Severity.UNKNOWN),
        (True, ComponentStatus.UNKNOWN, Severity.UNKNOWN),
    ],
)
def test_a_number_stands_for_a_status(
    code: object, status: ComponentStatus, indicator: Severity
) -> None:
    read = json_page(current_status=[{"display_name": "API", "component_status": code}])
    assert ([c.status for c in read.components], read.indicator) == ([status], indicator)


def test_an_open_incident_comes_with_its_timeline() -> None:
    assert json_page().incidents[0] == Incident(
        id="inc_0002",
        name="Queue stalled",
        status=IncidentStatus.IDENTIFIED,
        raw_status="Identified",
        impact=Impact.MAJOR,
        raw_impact="Partial Outage",
        started_at=utc("2026-01-15 10:30"),
        resolved_at=None,
        updated_at=utc("2026-01-15 10:50"),
        links=(Link(id=None, name="Queue"),),
        url="",
        updates=(
            Update(
                status=IncidentStatus.IDENTIFIED,
                raw_status="Identified",
                body="A broker is full.",
                created_at=utc("2026-01-15 10:50"),
            ),
            Update(
                status=IncidentStatus.INVESTIGATING,
                raw_status="Investigating",
                body="We look into it.",
                created_at=utc("2026-01-15 10:35"),
            ),
        ),
    )


def test_past_incidents_stand_under_the_days_the_page_shows() -> None:
    closed = json_page().incidents[1]
    assert (closed.id, closed.status, closed.impact) == (
        "inc_0001",
        IncidentStatus.RESOLVED,
        Impact.MINOR,
    )
    assert (closed.started_at, closed.resolved_at) == (
        utc("2026-01-10 08:00"),
        utc("2026-01-10 09:00"),
    )
    assert json_page().history_from == utc("2026-01-09 23:00")


def test_a_maintenance_is_told_by_the_number_of_its_status() -> None:
    assert json_page().maintenances == (
        Maintenance(
            id="win_0001",
            name="Database upgrade",
            status=MaintenanceStatus.IN_PROGRESS,
            raw_status="In Progress",
            scheduled_for=utc("2026-01-15 10:00"),
            scheduled_until=utc("2026-01-15 13:00"),
            links=(),
            url="",
            updates=(
                Update(
                    status=IncidentStatus.IN_PROGRESS,
                    raw_status="In Progress",
                    body="It has begun.",
                    created_at=utc("2026-01-15 10:00"),
                ),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (10, IncidentStatus.INVESTIGATING),
        (11, IncidentStatus.INVESTIGATING),
        (12, IncidentStatus.IDENTIFIED),
        (13, IncidentStatus.MONITORING),
        (14, IncidentStatus.RESOLVED),
        (15, IncidentStatus.UNKNOWN),
    ],
)
def test_a_number_stands_for_how_an_incident_stands(code: int, status: IncidentStatus) -> None:
    told = {"incident_status_id": code, "status_updated_at": "2026-01-15T11:00:00Z"}
    read = json_page(active_incident_details=[{"incident_status_updates": [told]}])
    assert read.incidents[0].status is status
    assert read.incidents[0].resolved_at == (None if status.open else utc("2026-01-15 11:00"))


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (21, MaintenanceStatus.SCHEDULED),
        (22, MaintenanceStatus.IN_PROGRESS),
        (23, MaintenanceStatus.VERIFYING),
        (24, MaintenanceStatus.COMPLETED),
    ],
)
def test_a_number_stands_for_how_a_maintenance_stands(code: int, status: MaintenanceStatus) -> None:
    told = [{"incident_status_id": code}]
    read = json_page(active_incident_details=[{"incident_status_updates": told}])
    assert [m.status for m in read.maintenances] == [status]
    assert [i.id for i in read.incidents] == ["inc_0001"]


@pytest.mark.parametrize(
    ("code", "impact"),
    [
        (1, Impact.NONE),
        (2, Impact.NONE),
        (3, Impact.MINOR),
        (4, Impact.MAINTENANCE),
        (5, Impact.MAJOR),
        (6, Impact.CRITICAL),
        (None, Impact.MINOR),
    ],
)
def test_a_number_stands_for_how_bad_an_incident_is(code: object, impact: Impact) -> None:
    read = json_page(active_incident_details=[{"incident_severity_id": code}])
    assert [i.impact for i in read.incidents if i.status.open] == [impact]


def test_an_incident_may_lack_nearly_everything() -> None:
    days: list[Any] = [{"grp_by_incidents_list": [{"incident_affected_components": [{}]}]}]
    read = json_page(active_incident_details=[{}], resolved_incident_details=days)
    assert [(i.name, i.status, i.started_at, i.resolved_at) for i in read.incidents] == [
        ("(no title)", IncidentStatus.UNKNOWN, None, None),
    ]
    assert read.history_from is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"current_status": None}, "data.current_status is missing where a list should be"),
        (
            {"active_incident_details": None},
            "data.active_incident_details is missing where a list should be",
        ),
        (
            {"current_status": [{"componentgroup_display_name": "Europe"}]},
            "data.current_status[0].componentgroup_components is missing where a list should be",
        ),
    ],
)
def test_a_value_that_is_lost_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(PageError) as caught:
        json_page(**changes)
    assert (caught.value.kind, caught.value.message) == ("invalid", message)


@pytest.mark.parametrize(
    ("rss", "kind", "message"),
    [
        ("", "not_a_status_page", "the answer is empty"),
        ("<rss>", "invalid", "the XML breaks off or is damaged"),
        (
            "<rss><channel><description>A blog</description></channel></rss>",
            "not_a_status_page",
            "the answer is an RSS feed, but not one of StatusIQ",
        ),
    ],
)
def test_what_is_not_its_feed_says_what_it_is(rss: str, kind: str, message: str) -> None:
    with pytest.raises(PageError) as caught:
        page(rss)
    assert (caught.value.kind, caught.value.message) == (kind, message)


@pytest.mark.parametrize(
    ("body", "mine"),
    [
        (RSS, True),
        (NO_ITEMS, True),
        (SUMMARY, True),
        ((DATA / "azure/empty.xml").read_bytes(), False),
        ({"data": {}}, False),
        ({"data": {"current_status": []}}, False),
        ([], False),
        ("<html>", False),
    ],
)
def test_both_its_documents_are_recognised_and_no_other(body: object, mine: bool) -> None:
    name = "summary" if isinstance(body, dict) else "rss"
    assert recognised(statusiq, document(name, body)) is mine


@pytest.mark.parametrize(("where", "changed"), list(damaged(SUMMARY)))
def test_json_that_lost_a_field_is_never_healthier(where: str, changed: object) -> None:
    assert where
    never_healthier(statusiq, json_documents(SUMMARY), "summary", changed)


def test_a_value_of_another_type_is_never_a_crash() -> None:
    assert survives(statusiq, {"summary": document("summary", SUMMARY)}, "summary")


@pytest.mark.parametrize("part", truncations(json.dumps(SUMMARY).encode()))
def test_json_cut_off_is_never_read(part: bytes) -> None:
    assert never_healthier(statusiq, json_documents(SUMMARY), "summary", part) is None


@pytest.mark.parametrize("part", truncations(RSS.encode()))
def test_a_feed_cut_off_is_never_read(part: bytes) -> None:
    assert never_healthier(statusiq, {"rss": document("rss", RSS)}, "rss", part) is None


@pytest.mark.parametrize("path", recorded("statusiq/*--rss--*.xml"))
def test_a_recorded_feed_is_read_whole(path: Path) -> None:
    channel = ElementTree.fromstring(path.read_bytes()).find("channel")
    assert channel is not None
    titles = [item.findtext("title") for item in channel.findall("item")]
    read = page(path.read_bytes())
    assert f"{read.page_name} - Status" == channel.findtext("title")
    assert read.page_url == channel.findtext("link")
    assert Counter(f"{c.name} - {c.raw_status}" for c in read.components) == Counter(titles)
    assert {c.status for c in read.components} <= {ComponentStatus.OPERATIONAL}
    assert all(c.updated_at for c in read.components)
    assert read.indicator is (Severity.NONE if titles else Severity.UNKNOWN)


@pytest.mark.parametrize("path", recorded("statusiq/*--rss--*.xml"))
def test_a_recorded_feed_cut_off_is_never_read(path: Path) -> None:
    whole = {"rss": document("rss", path.read_bytes())}
    for part in truncations(path.read_bytes()):
        assert never_healthier(statusiq, whole, "rss", part) is None

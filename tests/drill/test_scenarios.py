"""The scenarios of the drill: what their files say, and what each platform's reader makes of it."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from outlogger_cli import platforms
from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.model import (
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Impact,
    Incident,
    IncidentStatus,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
)
from outlogger_cli.drill import pages
from outlogger_cli.drill import scenario as drill
from outlogger_cli.engine.page import Page
from tests.support import NOW, document, recognised, recorded, utc

URL = "https://status.acme.example"
DOWN, PARTLY, SLOW, FINE, WORKED_ON, ODD = (
    ComponentStatus.MAJOR_OUTAGE,
    ComponentStatus.PARTIAL_OUTAGE,
    ComponentStatus.DEGRADED_PERFORMANCE,
    ComponentStatus.OPERATIONAL,
    ComponentStatus.UNDER_MAINTENANCE,
    ComponentStatus.UNKNOWN,
)
KEYS = {
    "shows", "about", "vendor", "platform", "clock", "page", "components", "incidents",
    "maintenances", "turns", "good_readings",
}  # fmt: skip


def page(name: str, *, url: str = URL, reading: int = 0) -> Snapshot:
    scenario = drill.load(name)
    clock = scenario.clock or NOW
    return drill.pages(scenario, name="Acme", url=url, clock=clock)[reading]


def served(snapshot: Snapshot, platform: str) -> dict[str, Any]:
    return {
        path: json.loads(body)
        for path, body in pages.documents(snapshot, platform).items()
        if body.startswith(b"{")
    }


def read_back(snapshot: Snapshot, platform: str) -> Snapshot:
    """The page as its platform's reader understands what is served for it."""
    bodies = pages.documents(snapshot, platform)
    module = platforms.load(platform)
    assert module is not None
    read: dict[str, Document] = {}
    while wanted := _wanted(module, snapshot.page_url, read):
        for endpoint in wanted:
            body = bodies[urlsplit(endpoint.url).path or "/"]
            read[endpoint.name] = document(endpoint.name, body, endpoint.url)
    assert next(iter(read.values())).body == next(iter(bodies.values()))
    return module.parse(read)


def _wanted(module: platforms.Platform, url: str, read: Mapping[str, Document]) -> list[Endpoint]:
    page = Page(name="acted", platform=module, home=url, documents=dict(read))
    return page.wanted(Depth.HISTORY)


def components(snapshot: Snapshot) -> list[tuple[str | None, str, ComponentStatus]]:
    return [(c.group, c.name, c.status) for c in snapshot.components]


def event(one: Incident | Maintenance) -> tuple[object, ...]:
    """What an event says, without the ids that every platform cuts in its own way."""
    own: tuple[object, ...]
    if isinstance(one, Incident):
        own = (one.impact, one.started_at, one.resolved_at, one.updated_at)
    else:
        own = (one.scheduled_for, one.scheduled_until)
    updates = [(u.status, u.body, u.created_at) for u in one.updates]
    return one.name, one.status, own, [link.name for link in one.links], updates


def events(snapshot: Snapshot) -> list[Incident | Maintenance]:
    return [*snapshot.incidents, *snapshot.maintenances]


def newest_first(snapshot: Snapshot) -> list[Incident]:
    return sorted(snapshot.incidents, key=lambda i: str(i.started_at), reverse=True)


# The files


@pytest.mark.parametrize("name", drill.names())
def test_a_file_says_only_what_is_read(name: str) -> None:
    script = json.loads((drill.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert set(script) <= KEYS
    for incident in script.get("incidents", []):
        assert set(incident) <= {"name", "impact", "components", "updates"}
    for window in script.get("maintenances", []):
        assert set(window) <= {
            "name", "status", "components", "updates", "scheduled_for", "scheduled_until",
        }  # fmt: skip
    for component in script["components"]:
        assert set(component) <= {"name", "group", "status", "updated_at", "description"}


@pytest.mark.parametrize("name", drill.names())
def test_nothing_has_happened_after_the_clock_and_updates_stand_newest_first(name: str) -> None:
    snapshot, clock = page(name), drill.load(name).clock or NOW
    for one in events(snapshot):
        moments = [cast(datetime, update.created_at) for update in one.updates]
        assert moments == sorted(moments, reverse=True)
        assert all(moment < clock for moment in moments)
    assert all(c.updated_at and c.updated_at <= clock for c in snapshot.components)


@pytest.mark.parametrize("name", drill.names())
def test_no_two_things_of_a_page_have_one_id(name: str) -> None:
    snapshot = page(name)
    ids = [*(c.id for c in snapshot.components), *(one.id for one in events(snapshot))]
    assert len(set(ids)) == len(ids)


def test_the_default_scenario_is_listed_first() -> None:
    assert drill.names() == [
        "permutive-2024-03",
        "dying-page",
        "flapping-component",
        "incidentio-page",
        "overrunning-maintenance",
        "plain",
        "region-outage",
    ]


def test_a_misspelt_scenario_is_met_with_the_closest() -> None:
    with pytest.raises(UsageError) as caught:
        drill.load("flaping-component")
    assert str(caught.value) == (
        "no scenario is called 'flaping-component'; did you mean flapping-component?"
        " outlogger drill --list shows them"
    )


def test_a_strange_scenario_is_met_with_all_of_them() -> None:
    with pytest.raises(UsageError, match="did you mean permutive-2024-03, dying-page, flapping"):
        drill.load("xyz")


def test_a_vendor_has_its_own_scenario_or_the_plain_one() -> None:
    assert drill.for_vendor("permutive").name == "permutive-2024-03"
    assert drill.for_vendor("xero").name == "plain"


# What they act out


def test_permutive_is_its_page_of_march_2024() -> None:
    snapshot = page("permutive-2024-03")
    assert drill.load("permutive-2024-03").clock == utc("2024-03-12 12:00")
    assert components(snapshot) == [
        (None, "AMP API", FINE),
        (None, "Content Delivery Network", FINE),
        (None, "Permutive Analytics", FINE),
        (None, "Permutive API", FINE),
        (None, "Permutive Dashboard", FINE),
        (None, "Permutive SDKs", FINE),
        (None, "Routing", FINE),
        (None, "Third-Party Data API", FINE),
    ]
    assert [(i.started_at, i.status, i.impact) for i in snapshot.incidents] == [
        (utc("2024-03-10 08:57"), IncidentStatus.POSTMORTEM, Impact.NONE),
        (utc("2024-03-05 09:20"), IncidentStatus.RESOLVED, Impact.NONE),
        (utc("2024-03-05 09:20"), IncidentStatus.RESOLVED, Impact.NONE),
        (utc("2023-08-29 15:57"), IncidentStatus.RESOLVED, Impact.MINOR),
        (utc("2023-08-11 09:16"), IncidentStatus.RESOLVED, Impact.MINOR),
    ]
    assert (snapshot.indicator, snapshot.description) == (
        Severity.NONE,
        "All Systems Operational",
    )


def test_in_the_region_outage_one_region_of_six_is_down_with_an_incident_told_in_steps() -> None:
    snapshot = page("region-outage")
    down = {c.group for c in snapshot.components if c.status in {DOWN, PARTLY}}
    assert down == {"Europe Central"}
    assert len({c.group for c in snapshot.components if c.group}) == 6
    outage = snapshot.incidents[0]
    assert (outage.status, outage.impact, len(outage.updates)) == (
        IncidentStatus.IDENTIFIED,
        Impact.CRITICAL,
        4,
    )
    assert [link.name for link in outage.links] == [
        c.name for c in snapshot.components if c.group == "Europe Central"
    ]
    assert snapshot.indicator is Severity.CRITICAL


def test_the_maintenance_is_in_progress_past_its_end() -> None:
    snapshot = page("overrunning-maintenance")
    window = snapshot.maintenances[0]
    assert (window.status, window.scheduled_for, window.scheduled_until) == (
        MaintenanceStatus.IN_PROGRESS,
        NOW - timedelta(hours=5),
        NOW - timedelta(hours=1),
    )
    assert snapshot.maintenances[1].scheduled_for == NOW + timedelta(days=2)
    assert snapshot.indicator is Severity.MAINTENANCE


def test_the_flapping_component_is_out_at_every_second_reading() -> None:
    first, second = drill.pages(drill.load("flapping-component"), name="Acme", url=URL, clock=NOW)
    assert [first.components[0].status, second.components[0].status] == [DOWN, FINE]
    assert [first.indicator, second.indicator] == [Severity.CRITICAL, Severity.NONE]
    assert not any(incident.status.open for incident in first.incidents)


def test_the_dying_page_has_an_incident_open_and_one_reading_left() -> None:
    assert drill.load("dying-page").good_readings == 1
    assert [i.status.open for i in page("dying-page").incidents] == [True]


def test_a_plain_page_lists_what_the_watchlist_selects_and_it_does_not_have() -> None:
    (snapshot,) = drill.pages(
        drill.load("plain"),
        name="Acme",
        url=URL,
        clock=NOW,
        wanted=("Actions", "api", "Git*"),
    )
    assert [c.name for c in snapshot.components] == [
        "API",
        "Dashboard",
        "Webhooks",
        "Website",
        "Actions",
    ]


def test_a_page_of_the_record_lists_nothing_more() -> None:
    scenario = drill.load("permutive-2024-03")
    (snapshot,) = drill.pages(scenario, name="", url=URL, clock=NOW, wanted=("Actions",))
    assert "Actions" not in [c.name for c in snapshot.components]


# Putting components out


def test_a_component_that_is_put_out_takes_the_roll_up_with_it() -> None:
    put = drill.put(page("permutive-2024-03"), ["routing"], PARTLY, since=NOW)
    assert [(c.name, c.updated_at) for c in put.components if c.status is PARTLY] == [
        ("Routing", NOW)
    ]
    assert (put.indicator, put.raw_indicator, put.description) == (
        Severity.MAJOR,
        "major",
        "Partial System Outage",
    )
    assert put.incidents == page("permutive-2024-03").incidents


def test_the_roll_up_is_the_worst_and_falls_again() -> None:
    hurt = drill.put(page("plain"), ["API"], SLOW, since=NOW)
    worse = drill.put(hurt, ["Website"], DOWN, since=NOW)
    fine = drill.put(worse, [], FINE, since=NOW)
    assert [one.description for one in (hurt, worse, fine)] == [
        "Partially Degraded Service",
        "Major System Outage",
        "All Systems Operational",
    ]


def test_a_word_nobody_knows_leaves_the_roll_up_to_the_others() -> None:
    one = drill.put(page("plain"), ["API"], ODD, since=NOW)
    every = drill.put(page("plain"), [], ODD, since=NOW)
    assert [one.indicator, every.indicator] == [Severity.NONE, Severity.UNKNOWN]


def test_a_group_is_put_out_by_its_name() -> None:
    put = drill.put(page("region-outage"), ["US West"], DOWN, since=NOW)
    assert {c.status for c in put.components if c.group == "US West"} == {DOWN}


@pytest.mark.parametrize(
    ("scenario", "pattern", "said"),
    [
        ("permutive-2024-03", "Rooting", "'Rooting'; did you mean Routing?"),
        ("plain", "zzz", "'zzz'; it has API, Dashboard, Webhooks, Website"),
        (
            "region-outage",
            "zzz",
            "'zzz'; it has Website, Console, US East/API, US East/Compute, US East/Database,"
            " US East/Load Balancing, US East/Object Storage, US East/Queue, ...",
        ),
    ],
)
def test_a_component_the_page_does_not_have_is_met_with_those_it_has(
    scenario: str, pattern: str, said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        drill.put(page(scenario), [pattern], DOWN, since=NOW)
    assert str(caught.value) == f"--component: the page acted out has no {said}"


# The pages as documents


@pytest.mark.parametrize("name", drill.names())
def test_a_statuspage_reader_reads_every_word_of_a_scenario(name: str) -> None:
    told, read = page(name), read_back(page(name), "statuspage")
    assert (read.page_name, read.page_url, read.indicator, read.description) == (
        told.page_name,
        told.page_url,
        told.indicator,
        told.description,
    )
    assert components(read) == components(told)
    assert [event(i) for i in read.incidents] == [event(i) for i in newest_first(told)]
    assert [event(m) for m in read.maintenances] == [event(m) for m in told.maintenances]
    assert read.notes == ()


@pytest.mark.parametrize("platform", pages.PLATFORMS)
@pytest.mark.parametrize("name", drill.names())
def test_every_platform_takes_its_page_for_its_own_and_reads_its_components(
    name: str, platform: str
) -> None:
    told, read = page(name), read_back(page(name), platform)
    names = [c.name for c in read.components]
    if platform == "incidentio":  # puts the rows of a group together where it learns of one
        assert sorted(names) == sorted(c.name for c in told.components)
    else:
        assert names == [c.name for c in told.components]
    assert [i.name for i in read.incidents if i.status.open] == [
        i.name for i in newest_first(told) if i.status.open
    ]
    assert (read.page_name, read.page_url, read.notes) == ("Acme", URL, ())
    module = platforms.load(platform)
    first, body = next(iter(pages.documents(told, platform).items()))
    assert module is not None
    endpoint, *_ = module.endpoints(URL, Depth.VERDICT, {})
    assert recognised(module, document(endpoint.name, body, f"{URL}{first}"))


@pytest.mark.parametrize("platform", pages.PLATFORMS)
@pytest.mark.parametrize("status", ComponentStatus)
def test_every_status_arrives_and_none_arrives_healthier(
    platform: str, status: ComponentStatus
) -> None:
    read = read_back(drill.put(page("plain"), [], status, since=NOW), platform)
    lacks_partial = platform == "betterstack" and status is PARTLY
    assert {c.status for c in read.components} == {DOWN if lacks_partial else status}
    assert (read.indicator is Severity.NONE) == (status is FINE)
    assert (read.indicator is Severity.UNKNOWN) == (status is ODD)


@pytest.mark.parametrize("platform", pages.PLATFORMS)
def test_a_page_keeps_the_path_of_its_address(platform: str) -> None:
    read = read_back(page("region-outage", url=f"{URL}/team"), platform)
    assert read.page_url == f"{URL}/team"
    assert len(read.components) == 38


def test_statuspage_shows_groups_with_their_worst_status_before_their_members() -> None:
    rows = served(page("region-outage"), "statuspage")["/api/v2/summary.json"]["components"]
    assert [(row["name"], row["status"], row["position"]) for row in rows[15:19]] == [
        ("Queue", "operational", 16),
        ("Europe Central", "major_outage", 17),
        ("API", "major_outage", 18),
        ("Compute", "major_outage", 19),
    ]
    group = rows[16]
    assert group["components"] == [r["id"] for r in rows if r["group_id"] == group["id"]]
    assert len(group["components"]) == 6


def test_statuspage_lists_only_what_is_open_in_the_summary_and_everything_in_the_history() -> None:
    documents = served(page("region-outage"), "statuspage")
    summary, history = documents.values()
    assert list(documents) == ["/api/v2/summary.json", "/api/v2/incidents.json"]
    assert [i["status"] for i in summary["incidents"]] == ["identified", "monitoring"]
    assert [i["status"] for i in history["incidents"]] == [
        "identified",
        "monitoring",
        "resolved",
        "postmortem",
    ]


def test_a_postmortem_has_no_moment_to_display_and_touches_nothing() -> None:
    history = served(page("permutive-2024-03"), "statuspage")["/api/v2/incidents.json"]
    outage = history["incidents"][0]
    assert [
        (u["status"], u["created_at"], u["display_at"], u["affected_components"])
        for u in outage["incident_updates"][:2]
    ] == [
        ("postmortem", "2024-03-11T15:00:00.000Z", None, None),
        (
            "resolved",
            "2024-03-10T09:57:00.000Z",
            "2024-03-10T09:57:00.000Z",
            [
                {
                    "code": outage["components"][0]["id"],
                    "name": "Permutive API",
                    "old_status": "operational",
                    "new_status": "operational",
                }
            ],
        ),
    ]
    assert history["incidents"][3]["incident_updates"][0]["affected_components"] is None


@pytest.mark.parametrize("file", recorded("statuspage/codametrix--summary--1.json"))
def test_statuspage_sends_the_keys_of_a_real_page(file: Path) -> None:
    real = json.loads(file.read_bytes())
    summary = served(page("overrunning-maintenance"), "statuspage")["/api/v2/summary.json"]
    assert set(summary) == set(real)
    assert set(summary["page"]) == set(real["page"])
    for row in summary["components"]:
        assert set(row) in [set(real_row) for real_row in real["components"]]


@pytest.mark.parametrize("file", recorded("statuspage/codametrix--incidents--1.json"))
def test_statuspage_incidents_have_the_keys_of_real_ones(file: Path) -> None:
    real = json.loads(file.read_bytes())["incidents"][0]
    history = served(page("permutive-2024-03"), "statuspage")["/api/v2/incidents.json"]
    for row in history["incidents"]:
        assert set(row) == set(real)
        assert set(row["incident_updates"][0]) == set(real["incident_updates"][0])


@pytest.mark.parametrize("file", recorded("incidentio/openai--summary--1.json"))
def test_incidentio_sends_the_keys_of_a_real_page(file: Path) -> None:
    real = json.loads(file.read_bytes())
    summary = served(page("plain"), "incidentio")["/api/v2/summary.json"]
    assert set(summary) == set(real)
    assert set(summary["page"]) == set(real["page"])
    assert set(summary["components"][0]) == set(real["components"][0])


def test_incidentio_has_ulids_and_no_texts_in_its_copy_and_the_texts_beside_it() -> None:
    documents = served(page("incidentio-page"), "incidentio")
    summary, native = documents["/api/v2/summary.json"], documents["/api/v1/summary"]
    ids = [row["id"] for row in (summary["page"], *summary["components"], *summary["incidents"])]
    assert {len(one) for one in ids} == {26}
    assert [u["body"] for u in summary["incidents"][0]["incident_updates"]] == ["", ""]
    ongoing = native["ongoing_incidents"][0]
    assert ongoing["last_update_message"].startswith("The store that holds uploads is full.")
    assert [
        (c["group_name"], c["name"], c["current_status"]) for c in ongoing["affected_components"]
    ] == [("API", "Chat", "degraded_performance"), ("API", "Files", "full_outage")]
    window = native["in_progress_maintenances"][0]
    assert (window["started_at"], window["scheduled_end_at"]) == (
        "2026-01-15T11:30:00Z",
        "2026-01-15T12:30:00Z",
    )
    assert native["scheduled_maintenances"] == []


def test_an_incidentio_reader_finds_the_newest_text_the_links_and_the_groups() -> None:
    read = read_back(page("incidentio-page"), "incidentio")
    assert components(read) == [
        ("API", "Chat", SLOW),
        ("API", "Files", DOWN),
        (None, "Embeddings", FINE),
        (None, "Chat", FINE),
        (None, "Sign-in", FINE),
        ("Apps", "Voice", WORKED_ON),
    ]
    fault, past = read.incidents
    assert [link.name for link in fault.links] == ["Chat", "Files"]
    assert [bool(update.body) for update in fault.updates] == [True, False]
    assert (past.status, past.resolved_at) == (
        IncidentStatus.RESOLVED,
        NOW - timedelta(hours=100),
    )


def test_instatus_has_the_open_incident_and_the_windows() -> None:
    read = read_back(page("overrunning-maintenance"), "instatus")
    assert [(m.status, m.scheduled_for, m.scheduled_until) for m in read.maintenances] == [
        (MaintenanceStatus.IN_PROGRESS, NOW - timedelta(hours=5), NOW - timedelta(hours=1)),
        (MaintenanceStatus.SCHEDULED, NOW + timedelta(days=2), NOW + timedelta(hours=49)),
    ]
    (fault,) = read_back(page("dying-page"), "instatus").incidents
    assert (fault.status, fault.impact, fault.started_at, fault.updated_at) == (
        IncidentStatus.IDENTIFIED,
        Impact.MAJOR,
        NOW - timedelta(minutes=38),
        NOW - timedelta(minutes=15),
    )


def test_instatus_has_groups() -> None:
    told = page("region-outage")
    assert components(read_back(told, "instatus")) == components(told)


def test_statusio_has_the_open_incident_with_its_messages() -> None:
    told = page("dying-page").incidents[0]
    (read,) = read_back(page("dying-page"), "statusio").incidents
    assert event(read) == event(told)


def test_statusio_has_the_windows_with_their_messages() -> None:
    told = page("overrunning-maintenance")
    read = read_back(told, "statusio")
    assert [event(m) for m in read.maintenances] == [event(m) for m in told.maintenances]


def test_statusio_keeps_the_id_that_stands_in_the_address_of_the_page() -> None:
    url = "https://status.acme.example/pages/eeee00000000000000000001"
    assert list(pages.documents(page("plain", url=url), "statusio")) == [
        "/pages/eeee00000000000000000001",
        "/1.0/status/eeee00000000000000000001",
    ]


def test_betterstack_has_sections_reports_and_windows() -> None:
    read = read_back(page("region-outage"), "betterstack")
    assert [c.group for c in read.components[:3]] == [None, None, "US East"]
    assert [(i.status, i.impact, len(i.updates), len(i.links)) for i in read.incidents] == [
        (IncidentStatus.MONITORING, Impact.MINOR, 2, 1),
        (IncidentStatus.INVESTIGATING, Impact.MAJOR, 4, 6),
        (IncidentStatus.RESOLVED, Impact.MINOR, 3, 1),
        (IncidentStatus.RESOLVED, Impact.MAJOR, 4, 1),
    ]
    (window,) = read.maintenances
    assert (window.status, window.scheduled_for) == (
        MaintenanceStatus.SCHEDULED,
        NOW + timedelta(days=3),
    )

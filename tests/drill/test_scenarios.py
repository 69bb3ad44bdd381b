"""The scenarios of the drill: what their files hold, and the snapshots made of them."""

import json
from datetime import datetime, timedelta
from typing import cast

import pytest

from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.model import (
    ComponentStatus,
    Impact,
    Incident,
    IncidentStatus,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
)
from outlogger_cli.drill import scenario as scenarios
from tests.support import NOW, utc

URL = "https://status.acme.example"
DOWN, PARTLY, SLOW, FINE, ODD = (
    ComponentStatus.MAJOR_OUTAGE,
    ComponentStatus.PARTIAL_OUTAGE,
    ComponentStatus.DEGRADED_PERFORMANCE,
    ComponentStatus.OPERATIONAL,
    ComponentStatus.UNKNOWN,
)
KEYS = {
    "summary", "about", "vendor", "clock", "page", "components", "incidents",
    "maintenances", "turns", "good_readings", "pages",
}  # fmt: skip


def pages(name: str) -> list[Snapshot]:
    """The pages of a scenario at their first reading."""
    scenario = scenarios.load(name)
    clock = scenario.clock or NOW
    return [
        scenarios.snapshots(one, name="Acme", url=URL, clock=clock)[0]
        for one in scenario.pages or (scenario,)
    ]


def page(name: str) -> Snapshot:
    (only,) = pages(name)
    return only


def components(snapshot: Snapshot) -> list[tuple[str | None, str, ComponentStatus]]:
    return [(c.group, c.name, c.status) for c in snapshot.components]


def events(snapshot: Snapshot) -> list[Incident | Maintenance]:
    return [*snapshot.incidents, *snapshot.maintenances]


# The files


@pytest.mark.parametrize("name", scenarios.names())
def test_a_file_has_only_keys_that_are_read(name: str) -> None:
    data = json.loads((scenarios.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    for one in [data, *data.get("pages", [])]:
        assert set(one) <= KEYS
        for incident in one.get("incidents", []):
            assert set(incident) <= {"name", "impact", "components", "updates"}
        for window in one.get("maintenances", []):
            assert set(window) <= {
                "name", "status", "components", "updates", "scheduled_for", "scheduled_until",
            }  # fmt: skip
        for component in one.get("components", []):
            assert set(component) <= {"name", "group", "status", "updated_at", "description"}


@pytest.mark.parametrize("name", scenarios.names())
def test_nothing_is_later_than_the_clock_and_updates_are_newest_first(name: str) -> None:
    clock = scenarios.load(name).clock or NOW
    for snapshot in pages(name):
        for one in events(snapshot):
            moments = [cast(datetime, update.created_at) for update in one.updates]
            assert moments == sorted(moments, reverse=True)
            assert all(moment < clock for moment in moments)
        assert all(c.updated_at and c.updated_at <= clock for c in snapshot.components)


@pytest.mark.parametrize("name", scenarios.names())
def test_no_two_things_of_a_page_have_one_id(name: str) -> None:
    for snapshot in pages(name):
        ids = [*(c.id for c in snapshot.components), *(one.id for one in events(snapshot))]
        assert len(set(ids)) == len(ids)


def test_the_default_scenario_is_listed_first() -> None:
    assert scenarios.names() == [
        "bad-day",
        "dying-page",
        "flapping-component",
        "overrunning-maintenance",
        "permutive-2024-03",
        "plain",
        "region-outage",
    ]


def test_a_misspelt_scenario_is_met_with_the_closest() -> None:
    with pytest.raises(UsageError) as caught:
        scenarios.load("flaping-component")
    assert str(caught.value) == (
        "unknown scenario 'flaping-component': did you mean flapping-component?"
    )


def test_a_strange_scenario_is_met_with_all_of_them() -> None:
    with pytest.raises(UsageError, match="choose from bad-day, dying-page, flapping"):
        scenarios.load("xyz")


def test_a_vendor_has_its_own_scenario_or_the_plain_one() -> None:
    assert scenarios.for_vendor("permutive").name == "permutive-2024-03"
    assert scenarios.for_vendor("xero").name == "plain"


# What they simulate


def test_a_bad_day_has_a_vendor_of_each_kind_and_five_that_are_ok() -> None:
    worst = [snapshot.indicator for snapshot in pages("bad-day")]
    assert sorted(worst) == sorted(
        [Severity.CRITICAL, Severity.MINOR, Severity.MAINTENANCE, *[Severity.NONE] * 5]
    )


def test_permutive_is_its_page_of_march_2024() -> None:
    snapshot = page("permutive-2024-03")
    assert scenarios.load("permutive-2024-03").clock == utc("2024-03-12 12:00")
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


def test_in_the_region_outage_one_region_of_six_is_down_with_an_incident_of_four_updates() -> None:
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
    first, second = scenarios.snapshots(
        scenarios.load("flapping-component"), name="Acme", url=URL, clock=NOW
    )
    assert [first.components[0].status, second.components[0].status] == [DOWN, FINE]
    assert [first.indicator, second.indicator] == [Severity.CRITICAL, Severity.NONE]
    assert not any(incident.status.open for incident in first.incidents)


def test_the_dying_page_has_an_incident_open_and_one_reading_left() -> None:
    assert scenarios.load("dying-page").good_readings == 1
    assert [i.status.open for i in page("dying-page").incidents] == [True]


def test_a_plain_page_lists_what_the_watchlist_selects_and_it_does_not_have() -> None:
    (snapshot,) = scenarios.snapshots(
        scenarios.load("plain"),
        name="Acme",
        url=URL,
        clock=NOW,
        extra_components=("Actions", "api", "Git*"),
    )
    assert [c.name for c in snapshot.components] == [
        "API",
        "Dashboard",
        "Webhooks",
        "Website",
        "Actions",
    ]


def test_a_page_of_the_record_lists_nothing_more() -> None:
    scenario = scenarios.load("permutive-2024-03")
    (snapshot,) = scenarios.snapshots(
        scenario, name="", url=URL, clock=NOW, extra_components=("Actions",)
    )
    assert "Actions" not in [c.name for c in snapshot.components]


# Setting the status of components


def test_the_indicator_follows_a_component_whose_status_is_set() -> None:
    changed = scenarios.with_status(page("permutive-2024-03"), ["routing"], PARTLY, since=NOW)
    assert [(c.name, c.updated_at) for c in changed.components if c.status is PARTLY] == [
        ("Routing", NOW)
    ]
    assert (changed.indicator, changed.raw_indicator, changed.description) == (
        Severity.MAJOR,
        "major",
        "Partial System Outage",
    )
    assert changed.incidents == page("permutive-2024-03").incidents


def test_the_description_is_that_of_the_worst_component_and_recovers() -> None:
    hurt = scenarios.with_status(page("plain"), ["API"], SLOW, since=NOW)
    worse = scenarios.with_status(hurt, ["Website"], DOWN, since=NOW)
    fine = scenarios.with_status(worse, [], FINE, since=NOW)
    assert [one.description for one in (hurt, worse, fine)] == [
        "Partially Degraded Service",
        "Major System Outage",
        "All Systems Operational",
    ]


def test_a_component_of_unknown_status_leaves_the_indicator_to_the_others() -> None:
    one = scenarios.with_status(page("plain"), ["API"], ODD, since=NOW)
    every = scenarios.with_status(page("plain"), [], ODD, since=NOW)
    assert [one.indicator, every.indicator] == [Severity.NONE, Severity.UNKNOWN]


def test_a_group_is_set_by_its_name() -> None:
    changed = scenarios.with_status(page("region-outage"), ["US West"], DOWN, since=NOW)
    assert {c.status for c in changed.components if c.group == "US West"} == {DOWN}


@pytest.mark.parametrize(
    ("scenario", "pattern", "message"),
    [
        ("permutive-2024-03", "Rooting", "'Rooting': did you mean Routing?"),
        ("plain", "zzz", "'zzz': it has API, Dashboard, Webhooks, Website"),
        (
            "region-outage",
            "zzz",
            "'zzz': it has Website, Console, US East/API, US East/Compute, US East/Database,"
            " US East/Load Balancing, US East/Object Storage, US East/Queue, ...",
        ),
    ],
)
def test_a_component_the_page_does_not_have_is_met_with_those_it_has(
    scenario: str, pattern: str, message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        scenarios.require([pattern], [page(scenario)])
    assert str(caught.value) == f"--component: the simulated page has no component {message}"

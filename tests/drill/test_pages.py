"""The documents of a drill page: what Statuspage's reader makes of them, and their keys."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from outlogger_cli.domain.model import (
    EVER,
    ComponentStatus,
    Depth,
    Snapshot,
)
from outlogger_cli.drill import pages
from outlogger_cli.drill import scenario as scenarios
from outlogger_cli.platforms import statuspage
from tests.support import NOW, document, recognised, recorded

URL = "https://status.acme.example"


def page(name: str, *, url: str = URL) -> Snapshot:
    scenario = scenarios.load(name)
    return scenarios.snapshots(scenario, name="Acme", url=url, clock=scenario.clock or NOW)[0]


def served(snapshot: Snapshot) -> dict[str, Any]:
    return {path: json.loads(body) for path, body in pages.documents(snapshot).items()}


def read_back(snapshot: Snapshot) -> Snapshot:
    """The page as Statuspage's reader understands its documents."""
    bodies = pages.documents(snapshot)
    wanted = statuspage.endpoints(snapshot.page_url, Depth.ARCHIVE, {})
    assert [urlsplit(endpoint.url).path for endpoint in wanted] == list(bodies)
    read = {e.name: document(e.name, bodies[urlsplit(e.url).path], e.url) for e in wanted}
    assert recognised(statuspage, read["summary"])
    return statuspage.parse(read)


@pytest.mark.parametrize(
    "name", [name for name in scenarios.names() if not scenarios.load(name).pages]
)
def test_everything_in_a_scenario_is_read_back(name: str) -> None:
    simulated, read = page(name), read_back(page(name))
    newest_first = sorted(simulated.incidents, key=lambda i: str(i.started_at), reverse=True)
    changes = [component.updated_at for component in simulated.components if component.updated_at]
    assert read == replace(
        simulated,
        page_updated_at=max(changes),
        incidents=tuple(newest_first),
        history_from=EVER,
        maintenance_from=EVER,
    )


@pytest.mark.parametrize("status", ComponentStatus)
def test_every_status_is_read_back(status: ComponentStatus) -> None:
    changed = scenarios.with_status(page("plain"), [], status, since=NOW)
    read = read_back(changed)
    assert {c.status for c in read.components} == {status}
    assert read.indicator is changed.indicator


def test_a_page_keeps_the_path_of_its_address() -> None:
    read = read_back(page("region-outage", url=f"{URL}/team"))
    assert read.page_url == f"{URL}/team"
    assert len(read.components) == 38


def test_groups_have_their_worst_status_and_come_before_their_components() -> None:
    rows = served(page("region-outage"))["/api/v2/summary.json"]["components"]
    assert [(row["name"], row["status"], row["position"]) for row in rows[15:19]] == [
        ("Queue", "operational", 16),
        ("Europe Central", "major_outage", 17),
        ("API", "major_outage", 18),
        ("Compute", "major_outage", 19),
    ]
    group = rows[16]
    assert group["components"] == [r["id"] for r in rows if r["group_id"] == group["id"]]
    assert len(group["components"]) == 6


def test_the_summary_lists_open_incidents_and_the_history_all() -> None:
    documents = served(page("region-outage"))
    summary, history, windows = documents.values()
    assert windows["scheduled_maintenances"] == summary["scheduled_maintenances"]
    assert list(documents) == [
        "/api/v2/summary.json",
        "/api/v2/incidents.json",
        "/api/v2/scheduled-maintenances.json",
    ]
    assert [i["status"] for i in summary["incidents"]] == ["identified", "monitoring"]
    assert [i["status"] for i in history["incidents"]] == [
        "identified",
        "monitoring",
        "resolved",
        "postmortem",
    ]


def test_a_postmortem_has_no_display_time_and_affects_no_component() -> None:
    history = served(page("permutive-2024-03"))["/api/v2/incidents.json"]
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
def test_a_page_has_the_keys_of_a_real_one(file: Path) -> None:
    real = json.loads(file.read_bytes())
    summary = served(page("overrunning-maintenance"))["/api/v2/summary.json"]
    assert set(summary) == set(real)
    assert set(summary["page"]) == set(real["page"])
    for row in summary["components"]:
        assert set(row) in [set(real_row) for real_row in real["components"]]


@pytest.mark.parametrize("file", recorded("statuspage/codametrix--incidents--1.json"))
def test_incidents_have_the_keys_of_real_ones(file: Path) -> None:
    real = json.loads(file.read_bytes())["incidents"][0]
    history = served(page("permutive-2024-03"))["/api/v2/incidents.json"]
    for row in history["incidents"]:
        assert set(row) == set(real)
        assert set(row["incident_updates"][0]) == set(real["incident_updates"][0])

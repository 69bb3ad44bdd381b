"""OpenStatus: the words of its documents, and which of them a page is read from."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from outlogger_cli.domain.model import Component, Depth, Snapshot
from outlogger_cli.platforms import openstatus
from tests.platforms.pages import with_keys
from tests.running import Finished, Web, run_command
from tests.support import document, recognised, sample, utc

PAGE = "https://status.acme.example"
HOSTED = "https://acme.openstatus.dev"
SUMMARY = sample("openstatus/summary.json")
FEED = sample("openstatus/feed.json")
SUMMARY_AT, FEED_AT = f"{PAGE}/api/status/summary.json", f"{PAGE}/feed/json"


def page(**changes: object) -> Snapshot:
    return with_keys("openstatus", **changes)


def feed(**changes: object) -> Snapshot:
    read = document("summary", {**FEED, **changes}, FEED_AT)
    assert recognised(openstatus, read)
    return openstatus.parse({"summary": read})


def component(**changes: Any) -> Component:
    """The component of the feed that has a monitor, and is in no report, beside one that is."""
    api, queue, *_ = FEED["pageComponents"]
    rows = [{**api, **changes, "order": 0}, {**queue, "order": 1}]
    return feed(pageComponents=rows).components[0]


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("none", "none"),
        ("minor", "minor"),
        ("major", "major"),
        ("maintenance", "maintenance"),
        ("success", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_of_the_page_is_known_or_unknown(word: str | None, severity: str) -> None:
    assert page(status={"indicator": word}).indicator == severity


def test_a_page_without_a_status_is_unknown() -> None:
    assert page(status=None).indicator == "unknown"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("operational", "operational"),
        ("degraded_performance", "degraded_performance"),
        ("major_outage", "major_outage"),
        ("under_maintenance", "under_maintenance"),
        ("active", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_of_a_component_is_known_or_unknown(word: str | None, status: str) -> None:
    assert page(components=[{"name": "API", "status": word}]).components[0].status == status


@pytest.mark.parametrize(
    ("word", "status"),
    [("scheduled", "scheduled"), ("in_progress", "in_progress"), ("late", "unknown")],
)
def test_every_word_of_a_window_is_known_or_unknown(word: str, status: str) -> None:
    (window,) = page(scheduled_maintenances=[{"id": "3", "status": word}]).maintenances
    assert window.status == status


@pytest.mark.parametrize("word", ["identified", "sleeping", None])
def test_a_report_is_open_in_any_word_but_resolved_and_counts_as_minor(word: str | None) -> None:
    (told,) = page(incidents=[{**SUMMARY["incidents"][0], "status": word}]).incidents
    assert (told.status.open, told.impact, told.resolved_at) == (True, "minor", None)
    assert told.started_at == utc("2026-01-15 11:05")


def test_the_open_reports_are_those_of_the_summary_alone() -> None:
    bodies = {"summary": {**SUMMARY, "incidents": []}, "feed": FEED}
    read = openstatus.parse({name: document(name, body) for name, body in bodies.items()})
    assert [one.name for one in read.incidents] == ["Logins failed"]


# The feed


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("success", "none"),
        ("info", "maintenance"),
        ("degraded", "minor"),
        ("error", "major"),
        ("none", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_of_the_feed_is_known_or_unknown(word: str | None, severity: str) -> None:
    assert feed(status=word).indicator == severity


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("active", "operational"),
        ("degraded", "degraded_performance"),
        ("error", "major_outage"),
        ("paused", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_of_a_monitor_is_known_or_unknown(word: str | None, status: str) -> None:
    read = feed(monitors=[{"id": 12, "status": word}])
    assert {one.name: one.status for one in read.components}["API"] == status


@pytest.mark.parametrize(
    ("changes", "identity", "status"),
    [
        ({}, "2", "operational"),
        ({"id": None}, "API", "unknown"),
        ({"id": None, "name": None}, "(no name)", "unknown"),
        ({"monitorId": None}, "2", "unknown"),
        ({"monitorId": 99}, "2", "unknown"),
        ({"id": 1}, "1", "degraded_performance"),
        ({"id": 4}, "4", "under_maintenance"),
        ({"id": 1, "monitorId": 13}, "1", "major_outage"),
    ],
)
def test_a_component_is_fine_only_by_its_monitor_and_if_no_report_names_it(
    changes: dict[str, object], identity: str, status: str
) -> None:
    told = component(**changes)
    assert (told.id, told.status) == (identity, status)


@pytest.mark.parametrize("named", [[99], [None], [{}], [""], [1, 99]])
def test_while_a_report_names_something_unlisted_no_component_is_fine(named: list[Any]) -> None:
    report = {**FEED["statusReports"][0], "pageComponents": named}
    statuses = {one.status.value for one in feed(statusReports=[report]).components}
    assert "operational" not in statuses
    assert {"major_outage", "under_maintenance", "unknown"} <= statuses


def test_a_monitor_without_an_id_is_no_components() -> None:
    (told,) = feed(
        monitors=[{"status": "active"}], pageComponents=[{"id": 9, "name": "API"}]
    ).components
    assert told.status == "unknown"


@pytest.mark.parametrize(
    ("begins", "ends", "status"),
    [
        ("2026-01-15T11:00:00Z", None, "under_maintenance"),
        (None, None, "under_maintenance"),
        ("2026-01-16T11:00:00Z", None, "operational"),
        ("2026-01-14T11:00:00Z", "2026-01-14T12:00:00Z", "operational"),
    ],
)
def test_a_window_counts_unless_it_is_ahead_or_over(
    begins: str | None, ends: str | None, status: str
) -> None:
    window = {"id": 3, "name": "Move", "from": begins, "to": ends, "pageComponents": [2]}
    read = feed(maintenances=[window])
    assert {one.name: one.status for one in read.components}["API"] == status


# The roll-up


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("operational", "none"),
        ("degraded_performance", "minor"),
        ("partial_outage", "major"),
        ("major_outage", "critical"),
        ("under_maintenance", "maintenance"),
        ("incident", "major"),
        ("unknown", "unknown"),
        ("fine", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_of_the_roll_up_is_known_or_unknown(word: str | None, severity: str) -> None:
    (asked,) = openstatus.endpoints(f"{PAGE}/public/status/acme", Depth.HISTORY, {})
    read = document(asked.name, {"status": word}, asked.url)
    assert openstatus.parse({"summary": read}).indicator == severity


# Which document


def check(address: str, answers: dict[str, object], cwd: Path, *command: str) -> Finished:
    (cwd / "outlogger.toml").write_text(
        f'version = 1\n[vendors.acme]\nurl = "{address}"\nplatform = "openstatus"\n'
    )
    web = Web(
        {
            url: body
            if isinstance(body, httpx.Response)
            else httpx.Response(200, content=json.dumps(body))
            for url, body in answers.items()
        }
    )
    return run_command(*(command or ("check",)), "acme", "--json", transport=web, cwd=cwd)


@pytest.mark.parametrize(
    ("address", "answers", "severity", "components"),
    [
        (PAGE, {SUMMARY_AT: SUMMARY, FEED_AT: FEED}, "critical", 3),
        (PAGE, {FEED_AT: FEED}, "critical", 5),
        (FEED_AT, {SUMMARY_AT: SUMMARY, FEED_AT: {**FEED, "monitors": []}}, "minor", 5),
        (SUMMARY_AT, {SUMMARY_AT: SUMMARY}, "critical", 3),
        (
            HOSTED,
            {"https://api.openstatus.dev/public/status/acme": {"status": "incident"}},
            "major",
            0,
        ),
    ],
)
def test_the_first_document_that_answers_is_read(
    address: str, answers: dict[str, object], severity: str, components: int, tmp_path: Path
) -> None:
    (vendor,) = check(address, answers, tmp_path).json["vendors"]
    assert (vendor["severity"], vendor["error"]) == (severity, None)
    assert len(vendor["components"]) == components


@pytest.mark.parametrize("status", [200, 401, 403])
def test_a_page_behind_a_password_is_unknown(status: int, tmp_path: Path) -> None:
    answer = httpx.Response(status, content=json.dumps({"error": "Unauthorized"}))
    finished = check(PAGE, {SUMMARY_AT: answer, FEED_AT: answer}, tmp_path)
    (vendor,) = finished.json["vendors"]
    assert (finished.code, vendor["verdict"], vendor["components"]) == (3, "unknown", [])


@pytest.mark.parametrize("old", [False, True])
def test_a_page_is_read_again_without_the_network(old: bool, tmp_path: Path) -> None:
    answers: dict[str, object] = {FEED_AT: FEED} if old else {SUMMARY_AT: SUMMARY}
    live = check(PAGE, answers, tmp_path, "status")
    assert live.code == 0
    stored = check(PAGE, {}, tmp_path, "status", "--max-age", "1h", "--offline")
    assert stored.json["vendors"][0]["components"] == live.json["vendors"][0]["components"]
    assert len(stored.json["vendors"][0]["incidents"]) == (2 if old else 1)

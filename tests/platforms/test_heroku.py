"""Heroku's own page: colours, incidents and announced maintenances."""

import json
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
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
from outlogger_cli.platforms import heroku, recognised
from tests.platforms.foreign import foreign
from tests.platforms.health import never_healthier, truncations
from tests.platforms.hostile import survives
from tests.support import damaged, document, recorded, sample, utc

CURRENT = sample("heroku/current-status.json")
INCIDENTS = sample("heroku/incidents.json")
READ = {"current-status": document("current-status", CURRENT)}
CALM = {**CURRENT, "status": [{"system": "Apps", "status": "green"}], "incidents": []}


def page(**changes: Any) -> Snapshot:
    """The sample with keys of the current status replaced."""
    return heroku.parse({"current-status": document("current-status", {**CURRENT, **changes})})


def systems(*colours: object) -> Snapshot:
    return page(status=[{"system": f"System {n}", "status": c} for n, c in enumerate(colours)])


def incident(**changes: Any) -> Incident:
    return page(incidents=[{**CURRENT["incidents"][0], **changes}]).incidents[0]


def window(**changes: Any) -> Maintenance:
    return page(scheduled=[{**CURRENT["scheduled"][0], **changes}]).maintenances[0]


def history(body: object) -> Snapshot:
    return heroku.parse({**READ, "incidents": document("incidents", body)})


@pytest.mark.parametrize(
    ("page_url", "base"),
    [
        ("https://status.heroku.com", "https://status.heroku.com"),
        ("https://status.heroku.com/incidents/301", "https://status.heroku.com"),
        ("http://127.0.0.1:8000/api/v4/current-status/?x=1", "http://127.0.0.1:8000"),
    ],
)
def test_a_verdict_takes_one_document_and_history_two(page_url: str, base: str) -> None:
    current, past = heroku.endpoints(page_url, Depth.HISTORY, {})
    assert (current.name, current.url) == ("current-status", f"{base}/api/v4/current-status")
    assert (past.name, past.url) == ("incidents", f"{base}/api/v4/incidents")
    assert heroku.endpoints(page_url, Depth.VERDICT, {}) == (current,)


def test_the_page_is_as_bad_as_its_worst_colour() -> None:
    read = heroku.parse(READ)
    assert (read.page_name, read.page_url) == ("Heroku", "https://status.heroku.com")
    assert (read.indicator, read.raw_indicator, read.description) == (Severity.CRITICAL, "", "")


@pytest.mark.parametrize(
    ("colours", "severity"),
    [
        (["green", "green"], Severity.NONE),
        (["green", "blue"], Severity.MAINTENANCE),
        (["yellow", "green"], Severity.MINOR),
        (["yellow", "red", "blue"], Severity.CRITICAL),
        (["green", "mauve"], Severity.UNKNOWN),
        (["blue", "mauve"], Severity.UNKNOWN),
        (["yellow", "mauve"], Severity.MINOR),
        ([None], Severity.UNKNOWN),
        ([], Severity.UNKNOWN),
    ],
)
def test_the_roll_up_is_never_better_than_what_is_known(
    colours: list[str | None], severity: Severity
) -> None:
    assert systems(*colours).indicator is severity


@pytest.mark.parametrize(
    ("colour", "status"),
    [
        ("green", ComponentStatus.OPERATIONAL),
        ("yellow", ComponentStatus.DEGRADED_PERFORMANCE),
        ("red", ComponentStatus.MAJOR_OUTAGE),
        ("blue", ComponentStatus.UNDER_MAINTENANCE),
        ("Green", ComponentStatus.OPERATIONAL),
        ("mauve", ComponentStatus.UNKNOWN),
        (None, ComponentStatus.UNKNOWN),
        (["green"], ComponentStatus.UNKNOWN),
    ],
)
def test_every_colour(colour: object, status: ComponentStatus) -> None:
    assert systems(colour).components[0].status is status


def test_systems_go_by_their_names() -> None:
    assert heroku.parse(READ).components == (
        Component(id="Apps", name="Apps", status=ComponentStatus.MAJOR_OUTAGE, raw_status="red"),
        Component(id="Data", name="Data", status=ComponentStatus.OPERATIONAL, raw_status="green"),
        Component(id="Tools", name="Tools", status=ComponentStatus.UNKNOWN, raw_status="mauve"),
    )


def test_an_incident_is_as_bad_as_the_worst_colour_it_gave() -> None:
    assert heroku.parse(READ).incidents == (
        Incident(
            id="301",
            name="Dynos do not start",
            status=IncidentStatus.INVESTIGATING,
            raw_status="open",
            impact=Impact.CRITICAL,
            raw_impact="red",
            started_at=utc("2026-01-15 11:02"),
            resolved_at=None,
            updated_at=utc("2026-01-15 11:31"),
            links=(Link(id="Apps", name="Apps"),),
            url="https://status.heroku.example/incidents/301",
            updates=(
                Update(
                    status=IncidentStatus.IDENTIFIED,
                    raw_status="issue",
                    body="A host is full.",
                    created_at=utc("2026-01-15 11:31"),
                ),
                Update(
                    status=IncidentStatus.INVESTIGATING,
                    raw_status="investigating",
                    body="We are looking into it.",
                    created_at=utc("2026-01-15 11:02"),
                ),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("colours", "impact"),
    [
        (["green"], Impact.NONE),
        (["green", "blue"], Impact.MAINTENANCE),
        (["yellow", "blue"], Impact.MINOR),
        (["yellow", "red"], Impact.CRITICAL),
        (["mauve"], Impact.MINOR),
        ([], Impact.MINOR),
    ],
)
def test_every_colour_of_an_incident(colours: list[str], impact: Impact) -> None:
    rows = [{"name": f"System {n}", "status": c} for n, c in enumerate(colours)]
    assert incident(systems=rows, updates=[]).impact is impact


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("open", IncidentStatus.INVESTIGATING),
        ("identified", IncidentStatus.IDENTIFIED),
        ("monitoring", IncidentStatus.MONITORING),
        ("resolved", IncidentStatus.RESOLVED),
        ("sleeping", IncidentStatus.UNKNOWN),
        (None, IncidentStatus.UNKNOWN),
    ],
)
def test_every_state_of_an_incident(word: str | None, status: IncidentStatus) -> None:
    told = incident(state=word)
    assert told.status is status
    assert told.resolved_at == (None if status.open else utc("2026-01-15 11:31"))


def test_an_end_that_the_page_gives_is_the_end() -> None:
    closed = incident(state="resolved", resolved_at="2026-01-15T11:50:00Z")
    assert closed.resolved_at == utc("2026-01-15 11:50")


def test_a_system_is_linked_once_and_one_without_a_name_not_at_all() -> None:
    rows = [{"name": "Apps"}, {"name": "Apps"}, {"name": None}]
    assert incident(systems=rows).links == (Link(id="Apps", name="Apps"),)


def test_an_announced_maintenance_has_no_times() -> None:
    assert window() == Maintenance(
        id="302",
        name="Platform maintenance",
        status=MaintenanceStatus.SCHEDULED,
        raw_status="upcoming",
        scheduled_for=None,
        scheduled_until=None,
        links=(Link(id="Data", name="Data"),),
        url="https://status.heroku.example/incidents/302",
        updates=(
            Update(
                status=IncidentStatus.SCHEDULED,
                raw_status="scheduled",
                body="On January 20, starting at 21:00 UTC.",
                created_at=utc("2026-01-10 10:00"),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("upcoming", MaintenanceStatus.SCHEDULED),
        ("open", MaintenanceStatus.IN_PROGRESS),
        ("resolved", MaintenanceStatus.COMPLETED),
        ("delayed", MaintenanceStatus.UNKNOWN),
        (None, MaintenanceStatus.UNKNOWN),
    ],
)
def test_every_state_of_a_maintenance(word: str | None, status: MaintenanceStatus) -> None:
    assert window(state=word).status is status


def test_the_history_reaches_back_to_its_oldest_entry() -> None:
    read = history(INCIDENTS)
    assert [(i.id, i.name, i.impact, i.resolved_at) for i in read.incidents] == [
        ("301", "Dynos do not start", Impact.CRITICAL, None),
        ("299", "Slow builds", Impact.MINOR, utc("2026-01-02 10:30")),
    ]
    assert (read.history_from, read.notes) == (utc("2026-01-02 09:00"), ())
    assert heroku.parse(READ).history_from is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<html>", "the answer is an HTML page, not JSON"),
        ([{"updates": 3}], "incidents[0].updates is a number where a list should be"),
    ],
)
def test_a_broken_history_is_a_note_not_an_error(body: object, why: str) -> None:
    read = history(body)
    assert read.notes == (f"incident history not read: {why}",)
    assert read.history_from is None


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ("<html>", "not_json", "the answer is an HTML page, not JSON"),
        (
            {"status": [], "incidents": []},
            "not_a_status_page",
            "the answer is JSON but not Heroku's current status",
        ),
        ({**CURRENT, "status": {}}, "invalid", "status is an object where a list should be"),
        ({**CURRENT, "incidents": None}, "invalid", "incidents is missing where a list should be"),
    ],
)
def test_what_is_not_the_page_says_what_it_is(body: object, kind: str, message: str) -> None:
    read = document("current-status", body)
    assert not recognised(heroku, read)
    with pytest.raises(PageError) as caught:
        heroku.parse({"current-status": read})
    assert (caught.value.kind, caught.value.message) == (kind, message)


@pytest.mark.parametrize("status", [[], [{"name": "Apps", "status": "green"}]])
def test_a_list_of_no_systems_is_not_recognised(status: object) -> None:
    assert not recognised(heroku, document("current-status", {**CURRENT, "status": status}))


@pytest.mark.parametrize("whole", [CURRENT, CALM])
def test_a_status_that_lost_a_field_is_never_healthier(whole: dict[str, Any]) -> None:
    read = {"current-status": document("current-status", whole)}
    assert recognised(heroku, read["current-status"])
    for _where, changed in damaged(whole):
        never_healthier(heroku, read, "current-status", changed)


@pytest.mark.parametrize("name", ["current-status", "incidents"])
def test_a_value_of_another_type_is_never_a_crash(name: str) -> None:
    assert survives(heroku, {**READ, "incidents": document("incidents", INCIDENTS)}, name)


@pytest.mark.parametrize("part", truncations(json.dumps(CURRENT).encode()))
def test_a_status_cut_off_is_never_read(part: bytes) -> None:
    assert never_healthier(heroku, READ, "current-status", part) is None


@pytest.mark.parametrize("path", recorded("heroku/heroku--current-status--*.json"))
def test_a_recorded_page_is_read_whole(path: Path) -> None:
    wire = json.loads(path.read_bytes())
    read = document("current-status", path.read_bytes())
    assert recognised(heroku, read)
    snapshot = heroku.parse({"current-status": read})
    assert {row["status"] for row in wire["status"]} == {"yellow"}
    assert snapshot.indicator is Severity.MINOR
    assert [(c.name, c.raw_status) for c in snapshot.components] == [
        (row["system"], row["status"]) for row in wire["status"]
    ]
    (row,), (told,) = wire["incidents"], snapshot.incidents
    assert (told.id, told.name, told.url) == (str(row["id"]), row["title"], row["full_url"])
    assert (told.status, told.impact) == (IncidentStatus.INVESTIGATING, Impact.MINOR)
    assert [u.raw_status for u in told.updates] == ["issue", "investigating"]
    assert told.started_at == utc("2019-10-24 18:39:30.231")
    for part in truncations(path.read_bytes()):
        assert never_healthier(heroku, {"current-status": read}, "current-status", part) is None


@pytest.mark.parametrize("path", foreign("heroku"))
def test_another_platforms_document_is_not_taken_for_its_own(path: Path) -> None:
    assert not recognised(heroku, document("current-status", path.read_bytes()))

"""Apple: what its one document says, however it is wrapped, and what damage does to it."""

import json
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
from outlogger_cli.platforms import apple, recognised
from tests.platforms.health import never_healthier, truncations
from tests.platforms.hostile import survives
from tests.support import damaged, document, sample, utc

SERVICES = sample("apple/services.json")
DATA = "https://www.apple.com/support/systemstatus/data"


def page(body: object = SERVICES) -> Snapshot:
    return apple.parse({"services": document("services", body)})


def with_events(*events: Any) -> Snapshot:
    return page({"services": [{"serviceName": "Mail", "events": list(events)}]})


def event(**changes: Any) -> dict[str, Any]:
    return {**SERVICES["services"][1]["events"][0], **changes}


@pytest.mark.parametrize(
    ("page_url", "asked"),
    [
        ("https://www.apple.com/support/systemstatus", f"{DATA}/system_status_en_US.js"),
        (
            "https://developer.apple.com/system-status/",
            f"{DATA}/developer/system_status_en_US.js",
        ),
        (f"{DATA}/system_status_de_DE.js", f"{DATA}/system_status_de_DE.js"),
    ],
)
@pytest.mark.parametrize("depth", list(Depth))
def test_one_document_is_all_there_is(depth: Depth, page_url: str, asked: str) -> None:
    assert [e.url for e in apple.endpoints(page_url, depth, {})] == [asked]


def test_services_are_components_and_the_worst_is_the_indicator() -> None:
    read = page()
    assert read.components == (
        Component(
            id="App Store", name="App Store", status=ComponentStatus.OPERATIONAL, raw_status=""
        ),
        Component(id="Mail", name="Mail", status=ComponentStatus.MAJOR_OUTAGE, raw_status="Outage"),
        Component(
            id="Calendar",
            name="Calendar",
            status=ComponentStatus.MAJOR_OUTAGE,
            raw_status="Outage",
        ),
        Component(id="Photos", name="Photos", status=ComponentStatus.OPERATIONAL, raw_status=""),
    )
    assert (read.indicator, read.raw_indicator) == (Severity.CRITICAL, "")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Available", ComponentStatus.OPERATIONAL),
        ("Maintenance", ComponentStatus.UNDER_MAINTENANCE),
        ("Issue", ComponentStatus.DEGRADED_PERFORMANCE),
        ("Performance", ComponentStatus.DEGRADED_PERFORMANCE),
        ("Outage", ComponentStatus.MAJOR_OUTAGE),
        ("On fire", ComponentStatus.UNKNOWN),
        (None, ComponentStatus.UNKNOWN),
    ],
)
def test_an_event_that_goes_on_gives_its_service_a_status(
    word: str | None, status: ComponentStatus
) -> None:
    read = with_events(event(statusType=word))
    assert (read.components[0].status, read.indicator) == (status, status.severity)


@pytest.mark.parametrize(
    ("phase", "status"),
    [
        ("ongoing", ComponentStatus.MAJOR_OUTAGE),
        ("resolved", ComponentStatus.OPERATIONAL),
        ("completed", ComponentStatus.OPERATIONAL),
        ("upcoming", ComponentStatus.OPERATIONAL),
        ("scheduled", ComponentStatus.OPERATIONAL),
        ("burning", ComponentStatus.MAJOR_OUTAGE),
        (None, ComponentStatus.MAJOR_OUTAGE),
    ],
)
def test_only_an_event_known_not_to_go_on_leaves_its_service_alone(
    phase: str | None, status: ComponentStatus
) -> None:
    assert with_events(event(eventStatus=phase)).components[0].status is status


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["Maintenance", "On fire"], ComponentStatus.UNKNOWN),
        (["On fire", "Issue"], ComponentStatus.DEGRADED_PERFORMANCE),
        (["Issue", "Outage", "Maintenance"], ComponentStatus.MAJOR_OUTAGE),
    ],
)
def test_the_worst_event_counts(words: list[str], status: ComponentStatus) -> None:
    assert with_events(*(event(statusType=word) for word in words)).components[0].status is status


def test_the_words_of_many_events_are_one_line() -> None:
    read = with_events(*(event(statusType="Outage") for _ in range(200)))
    assert read.components[0].raw_status == f"{'Outage, ' * 124}Outage,…"


def test_a_service_without_a_list_of_events_is_unknown() -> None:
    read = page({"services": [{"serviceName": "Mail", "events": None}]})
    assert (read.components[0].status, read.indicator) == (
        ComponentStatus.UNKNOWN,
        Severity.UNKNOWN,
    )


def test_an_event_of_two_services_is_one_incident() -> None:
    assert page().incidents[0] == Incident(
        id="2000001",
        name="Mail: Outage",
        status=IncidentStatus.INVESTIGATING,
        raw_status="ongoing",
        impact=Impact.MAJOR,
        raw_impact="Outage",
        started_at=utc("2026-01-15 11:05"),
        resolved_at=None,
        updated_at=utc("2026-01-15 11:05"),
        links=(Link(id="Mail", name="Mail"), Link(id="Calendar", name="Calendar")),
        url="",
        updates=(
            Update(
                status=IncidentStatus.INVESTIGATING,
                raw_status="ongoing",
                body="Users may be unable to send mail.",
                created_at=utc("2026-01-15 11:05"),
            ),
        ),
    )


def test_a_resolved_event_ends_when_it_says() -> None:
    closed = page().incidents[1]
    assert (closed.status, closed.impact) == (IncidentStatus.RESOLVED, Impact.MINOR)
    assert (closed.started_at, closed.resolved_at) == (
        utc("2026-01-15 08:00"),
        utc("2026-01-15 08:20"),
    )
    assert closed.updates == ()


@pytest.mark.parametrize(
    ("word", "impact"),
    [
        ("Available", Impact.NONE),
        ("Issue", Impact.MINOR),
        ("Performance", Impact.MINOR),
        ("Outage", Impact.MAJOR),
        ("On fire", Impact.MINOR),
    ],
)
def test_the_type_of_an_event_is_its_impact(word: str, impact: Impact) -> None:
    assert with_events(event(statusType=word)).incidents[0].impact is impact


@pytest.mark.parametrize(
    ("phase", "status"),
    [
        ("completed", IncidentStatus.RESOLVED),
        ("burning", IncidentStatus.UNKNOWN),
        (None, IncidentStatus.UNKNOWN),
    ],
)
def test_every_phase_of_an_incident_is_known_or_unknown(
    phase: str | None, status: IncidentStatus
) -> None:
    assert with_events(event(eventStatus=phase)).incidents[0].status is status


def test_events_without_an_id_are_told_apart_by_their_start() -> None:
    first, second = event(messageId=None), event(messageId=None, epochStartDate=1768475200000)
    assert len(with_events(first, second).incidents) == 2


def test_an_upcoming_window_is_read() -> None:
    assert page().maintenances == (
        Maintenance(
            id="2000002",
            name="Mail: Maintenance",
            status=MaintenanceStatus.SCHEDULED,
            raw_status="upcoming",
            scheduled_for=utc("2026-01-20 21:00"),
            scheduled_until=utc("2026-01-20 22:30"),
            links=(Link(id="Mail", name="Mail"),),
            url="",
            updates=(
                Update(
                    status=IncidentStatus.UNKNOWN,
                    raw_status="upcoming",
                    body="Mail will be unavailable.",
                    created_at=utc("2026-01-20 21:00"),
                ),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("kind", "phase", "status"),
    [
        ("Maintenance", "ongoing", MaintenanceStatus.IN_PROGRESS),
        ("Maintenance", "scheduled", MaintenanceStatus.SCHEDULED),
        ("Maintenance", "burning", MaintenanceStatus.UNKNOWN),
        ("Performance", "upcoming", MaintenanceStatus.SCHEDULED),
    ],
)
def test_every_phase_of_a_window_is_known_or_unknown(
    kind: str, phase: str, status: MaintenanceStatus
) -> None:
    read = with_events(event(statusType=kind, eventStatus=phase))
    assert ([m.status for m in read.maintenances], read.incidents) == ([status], ())


@pytest.mark.parametrize("phase", ["resolved", "completed"])
def test_a_window_that_is_over_is_left_out(phase: str) -> None:
    read = with_events(event(statusType="Maintenance", eventStatus=phase))
    assert (read.maintenances, read.incidents) == ((), ())


def test_there_is_no_history() -> None:
    assert page().history_from is None


@pytest.mark.parametrize(
    "wrapper", ["jsonCallback({});", " cb ( {} ) ;\n", "\ufeffjsonCallback({})"]
)
def test_json_inside_a_callback_is_read(wrapper: str) -> None:
    body = wrapper.replace("{}", json.dumps(SERVICES))
    assert page(body) == page()
    assert recognised(apple, document("services", body))


def test_escapes_and_bytes_that_json_does_not_know_are_read() -> None:
    body = (
        r'{"services": [{"serviceName": "Mail \& \"More\" \u00e9", "events": [{"message": '
        '"It\\\'s slow\tnow", "statusType": "Issue"}]}]}'
    )
    read = page(body)
    assert read.components[0].name == 'Mail & "More" é'
    assert read.incidents[0].updates[0].body == "It's slow now"


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (
            {},
            "not_a_status_page",
            "the answer is JSON but has no services with serviceName and events",
        ),
        (
            {"services": [{"serviceName": "Mail"}]},
            "not_a_status_page",
            "the answer is JSON but has no services with serviceName and events",
        ),
        ([], "not_a_status_page", "the answer is JSON but a list, not a page"),
        ("<html></html>", "not_json", "the answer is an HTML page, not JSON"),
        ('jsonCallback({"services": [', "not_json", "the answer is not JSON"),
        ({"services": 7}, "invalid", "services is a number where a list should be"),
        (
            {"services": [{"serviceName": "Mail", "events": 7}]},
            "invalid",
            "services[0].events is a number where a list should be",
        ),
    ],
)
def test_what_is_not_a_page_says_what_it_is(body: object, kind: str, message: str) -> None:
    with pytest.raises(PageError) as caught:
        page(body)
    assert (caught.value.kind, caught.value.message) == (kind, message)


@pytest.mark.parametrize("body", [{}, [], {"services": [{"serviceName": "Mail"}]}, "<html></html>"])
def test_what_is_not_a_page_is_not_recognised(body: object) -> None:
    assert not recognised(apple, document("services", body))


@pytest.mark.parametrize(("where", "changed"), list(damaged(SERVICES)))
def test_a_page_that_lost_a_field_is_never_healthier(where: str, changed: object) -> None:
    assert where
    never_healthier(apple, {"services": document("services", SERVICES)}, "services", changed)


@pytest.mark.parametrize("part", truncations(f"jsonCallback({json.dumps(SERVICES)});".encode()))
def test_a_page_cut_off_is_never_read(part: bytes) -> None:
    whole = {"services": document("services", SERVICES)}
    assert never_healthier(apple, whole, "services", part) is None


def test_no_value_of_another_type_is_a_crash() -> None:
    assert survives(apple, {"services": document("services", SERVICES)}, "services")


def test_a_call_that_never_ends_is_looked_through_in_one_pass() -> None:
    """Starting over at each blank would take minutes here."""
    assert not recognised(apple, document("services", f"call(1){' ' * 500_000}x"))

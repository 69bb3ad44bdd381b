"""Apple: the words of its one document, which may be wrapped in a callback."""

import json
from typing import Any

import pytest

from outlogger_cli.domain.model import ComponentStatus, Snapshot
from outlogger_cli.platforms import apple
from tests.platforms.health import truncations
from tests.support import document, recognised, sample

SERVICES = sample("apple/services.json")


def page(body: object = SERVICES) -> Snapshot:
    return apple.parse({"services": document("services", body)})


def with_events(*events: Any) -> Snapshot:
    return page({"services": [{"serviceName": "Mail", "events": list(events)}]})


def event(**changes: Any) -> dict[str, Any]:
    return {**SERVICES["services"][1]["events"][0], **changes}


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Available", "operational"),
        ("Maintenance", "under_maintenance"),
        ("Issue", "degraded_performance"),
        ("Performance", "degraded_performance"),
        ("Outage", "major_outage"),
        ("On fire", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_event_that_goes_on_gives_its_service_a_status(word: str | None, status: str) -> None:
    read = with_events(event(statusType=word))
    assert (read.components[0].status, read.indicator) == (status, ComponentStatus(status).severity)


@pytest.mark.parametrize(
    ("phase", "status"),
    [
        ("ongoing", "major_outage"),
        ("resolved", "operational"),
        ("completed", "operational"),
        ("upcoming", "operational"),
        ("scheduled", "operational"),
        ("burning", "major_outage"),
        (None, "major_outage"),
    ],
)
def test_only_an_event_known_not_to_go_on_leaves_its_service_alone(
    phase: str | None, status: str
) -> None:
    assert with_events(event(eventStatus=phase)).components[0].status == status


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["Maintenance", "On fire"], "unknown"),
        (["On fire", "Issue"], "degraded_performance"),
        (["Issue", "Outage", "Maintenance"], "major_outage"),
    ],
)
def test_the_worst_event_counts(words: list[str], status: str) -> None:
    assert with_events(*(event(statusType=word) for word in words)).components[0].status == status


def test_the_words_of_many_events_are_one_line() -> None:
    read = with_events(*(event(statusType="Outage") for _ in range(200)))
    assert read.components[0].raw_status == f"{'Outage, ' * 124}Outage,…"


def test_a_service_without_a_list_of_events_is_unknown() -> None:
    read = page({"services": [{"serviceName": "Mail", "events": None}]})
    assert (read.components[0].status, read.indicator) == ("unknown", "unknown")


@pytest.mark.parametrize(
    ("word", "impact"),
    [
        ("Available", "none"),
        ("Issue", "minor"),
        ("Performance", "minor"),
        ("Outage", "major"),
        ("On fire", "minor"),
    ],
)
def test_the_type_of_an_event_is_its_impact(word: str, impact: str) -> None:
    assert with_events(event(statusType=word)).incidents[0].impact == impact


@pytest.mark.parametrize(
    ("phase", "status"), [("completed", "resolved"), ("burning", "unknown"), (None, "unknown")]
)
def test_every_phase_of_an_incident_is_known_or_unknown(phase: str | None, status: str) -> None:
    assert with_events(event(eventStatus=phase)).incidents[0].status == status


def test_events_without_an_id_are_told_apart_by_their_start() -> None:
    first, second = event(messageId=None), event(messageId=None, epochStartDate=1768475200000)
    assert len(with_events(first, second).incidents) == 2


@pytest.mark.parametrize(
    ("kind", "phase", "status"),
    [
        ("Maintenance", "ongoing", "in_progress"),
        ("Maintenance", "scheduled", "scheduled"),
        ("Maintenance", "burning", "unknown"),
        ("Performance", "upcoming", "scheduled"),
    ],
)
def test_every_phase_of_a_window_is_known_or_unknown(kind: str, phase: str, status: str) -> None:
    read = with_events(event(statusType=kind, eventStatus=phase))
    assert ([m.status for m in read.maintenances], read.incidents) == ([status], ())


@pytest.mark.parametrize("phase", ["resolved", "completed"])
def test_a_window_that_is_over_is_left_out(phase: str) -> None:
    read = with_events(event(statusType="Maintenance", eventStatus=phase))
    assert (read.maintenances, read.incidents) == ((), ())


@pytest.mark.parametrize(
    "wrapper", ["jsonCallback({});", " cb ( {} ) ;\n", "\ufeffjsonCallback({})"]
)
def test_json_inside_a_callback_is_read(wrapper: str) -> None:
    body = wrapper.replace("{}", json.dumps(SERVICES))
    assert page(body) == page()
    assert recognised(apple, document("services", body))


@pytest.mark.parametrize("part", truncations(f"jsonCallback({json.dumps(SERVICES)});".encode()))
def test_a_callback_cut_off_is_not_recognised(part: bytes) -> None:
    assert not recognised(apple, document("services", part))


def test_escapes_and_bytes_that_json_does_not_know_are_read() -> None:
    body = (
        r'{"services": [{"serviceName": "Mail \& \"More\" \u00e9", "events": [{"message": '
        '"It\\\'s slow\tnow", "statusType": "Issue"}]}]}'
    )
    read = page(body)
    assert read.components[0].name == 'Mail & "More" é'
    assert read.incidents[0].updates[0].body == "It's slow now"


def test_a_call_that_never_ends_is_looked_through_in_one_pass() -> None:
    """Starting over at each blank would take minutes here."""
    assert not recognised(apple, document("services", f"call(1){' ' * 500_000}x"))

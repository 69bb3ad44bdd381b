"""PagerDuty: what both forms of its page say."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Document, Impact, Link, Snapshot
from outlogger_cli.platforms import pagerduty
from tests.support import document, recognised, recorded, sample, utc

INCIDENTS = sample("pagerduty/incidents.json")
HEADLINE = sample("pagerduty/headline.json")
NO_DATA = "unexpected HTML: no PagerDuty data"
NO_KEYS = "unexpected JSON without open incidents and no headline"


def html(data: object) -> Document:
    """A page as PagerDuty writes it, with `data` in its script."""
    script = data if isinstance(data, str) else json.dumps(data)
    return document(
        "page",
        "<!DOCTYPE html><html><head><title>Acme &amp; Co</title></head><body>"
        f'<script type="application/json" id="data">{script}</script>'
        "<script>start()</script></body></html>",
    )


def page(data: object) -> Snapshot:
    return pagerduty.parse({"page": html(data)})


def with_severities(*words: object) -> Snapshot:
    updates = [{"severity": word} for word in words]
    return page({"summary": {"open_incidents": [{"title": "T", "updates": updates}]}})


def with_headline(**changes: Any) -> Snapshot:
    headline = {**HEADLINE["layout"]["layout_settings"]["statusPage"], **changes}
    return page({"layout": {"layout_settings": {"statusPage": headline}}})


@pytest.mark.parametrize("data", [INCIDENTS, HEADLINE])
def test_both_forms_are_recognised_and_say_their_name(data: object) -> None:
    assert recognised(pagerduty, html(data))
    read = page(data)
    assert (read.page_name, read.page_url) == ("Acme & Co", "https://status.acme.example")


def test_no_open_incident_is_health() -> None:
    read = page({"summary": {"open_incidents": []}})
    assert (read.indicator, read.incidents) == ("none", ())


@pytest.mark.parametrize(
    ("words", "impact", "raw"),
    [
        (["all_good"], "none", "all_good"),
        (["maintenance", "all_good"], "maintenance", "maintenance"),
        (["minor"], "minor", "minor"),
        (["minor", "major"], "major", "major"),
        (["critical", "major"], "critical", "critical"),
        (["outage"], "critical", "outage"),
        (["All good", "minor"], "minor", "minor"),
        (["on_fire", "all_good"], "minor", "on_fire"),
        ([None], "minor", ""),
        ([], "minor", ""),
    ],
)
def test_of_updates_without_times_the_worst_is_the_impact(
    words: list[Any], impact: str, raw: str
) -> None:
    read = with_severities(*words)
    (incident,) = read.incidents
    assert (incident.impact, incident.raw_impact) == (impact, raw)
    assert read.indicator is Impact(impact).severity


@pytest.mark.parametrize(
    ("flag", "severity"),
    [
        (True, "minor"),
        (False, "unknown"),
        (None, "unknown"),
        ("false", "unknown"),
        (0, "unknown"),
        ([], "unknown"),
    ],
)
def test_a_headline_may_say_that_something_is_wrong_but_never_that_nothing_is(
    flag: object, severity: str
) -> None:
    read = with_headline(globalStatusHeadlineHasError=flag)
    assert (read.indicator, read.description) == (severity, "We are having trouble")


def update(
    at: str | None, severity: object, *impacted: object, **more: object
) -> dict[str, object]:
    """An update at `at` o'clock which gives services the severity."""
    moment = at and f"2026-01-15T{at}:00Z"
    return {
        "created_at": moment,
        "status": "investigating",
        "severity": severity,
        "impacted_business_services": list(impacted),
        **more,
    }


def service(number: int, **changes: object) -> dict[str, object]:
    """A service of the page, or an update's mention of it with its severity."""
    return {"id": f"PS{number}", "name": f"Service {number}", **changes}


def open_incident(
    *updates: object, services: Sequence[object] = (service(1), service(2))
) -> Snapshot:
    incident = {"id": "PX1", "title": "T", "updates": list(updates)}
    return page(
        {"summary": {"open_incidents": [incident], "post_status_page_services": list(services)}}
    )


def statuses(read: Snapshot) -> list[str]:
    return [component.status.value for component in read.components]


def test_the_newest_update_says_how_bad_an_open_incident_is() -> None:
    newest = update("12:35", "minor", service(1, severity="minor"))
    oldest = update("09:40", "critical", service(1, severity="critical"))
    for updates in ([newest, oldest], [oldest, newest]):
        read = open_incident(*updates)
        assert (read.indicator, read.incidents[0].impact) == ("minor", "minor")
        assert statuses(read) == ["degraded_performance", "operational"]


def test_the_time_of_an_update_is_when_it_was_reported() -> None:
    edited = update("12:00", "major", reported_at="2026-01-15T09:00:00Z")
    read = open_incident(edited, update("10:00", "minor"))
    assert read.indicator == "minor"
    assert read.incidents[0].started_at == utc("2026-01-15 09:00")


def test_if_an_update_has_no_time_the_worst_counts() -> None:
    read = open_incident(
        update("12:35", "all_good", service(1, severity="all_good"), status="monitoring"),
        update(None, "major", service(1, severity="major")),
    )
    (incident,) = read.incidents
    assert (read.indicator, incident.impact, incident.status) == ("major", "major", "unknown")
    assert statuses(read) == ["partial_outage", "operational"]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("all_good", "operational"),
        ("all good", "operational"),
        ("minor", "degraded_performance"),
        ("major", "partial_outage"),
        ("outage", "major_outage"),
        ("critical", "major_outage"),
        ("maintenance", "under_maintenance"),
        ("on_fire", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_severity_of_a_service(word: str | None, status: str) -> None:
    read = open_incident(update("12:00", "minor", service(1, severity=word)))
    assert statuses(read) == [status, "operational"]
    assert read.components[0].raw_status == (word or "").replace(" ", "_")


def test_a_service_is_as_bad_as_the_worst_of_its_incidents() -> None:
    incidents = [
        {"id": word, "updates": [update("12:00", word, service(1, severity=word))]}
        for word in ("maintenance", "on_fire", "minor", "all_good")
    ]
    services = [service(1), service(2)]
    for number, worst in ((4, "degraded_performance"), (2, "unknown"), (1, "under_maintenance")):
        summary = {
            "open_incidents": incidents[:number],
            "post_status_page_services": services,
        }
        if number == 4:
            summary["open_incidents"] = list(reversed(incidents))
        assert statuses(page({"summary": summary})) == [worst, "operational"]


def test_a_service_goes_by_either_of_its_ids_or_else_by_its_name() -> None:
    services = [
        service(1, external_business_service_id="PB1"),
        service(2, external_business_service_id="PB2"),
        service(3, name="Queue"),
        service(4, name="Queue"),
    ]

    def affected(**mention: object) -> list[str]:
        read = open_incident(update("12:00", "minor", {**mention, "severity": "minor"}), **listed)
        return [c.id for c in read.components if c.status == "degraded_performance"]

    listed: dict[str, Any] = {"services": services}
    assert affected(id="PS1", name="Service 2") == ["PS1"]
    assert affected(id="gone", business_service_id="PB2") == ["PS2"]
    assert affected(name="Service 1") == ["PS1"]
    assert affected(name="Queue") == ["PS3", "PS4"]
    assert affected(id="gone", name="Service 1") == []
    assert affected(name="Gone") == []
    assert affected() == ["PS1", "PS2", "PS3", "PS4"]


def test_a_link_is_to_one_service_that_the_page_lists_or_listed() -> None:
    services = [service(1), service(3, name="Queue"), service(4, name="Queue")]
    mentions = [
        {"name": "Service 1"},
        {"id": "PS1", "name": "Service 1, as it was called"},
        {"name": "Queue"},
        {"id": "gone", "name": "Fax"},
        {},
    ]
    read = open_incident(update("12:00", "minor", *mentions), services=services)
    assert read.incidents[0].links == (
        Link(id="PS1", name="Service 1"),
        Link(name="Queue"),
        Link(id="gone", name="Fax"),
    )


@pytest.mark.parametrize(
    "updates",
    [
        [],
        [update("12:00", "minor", impacted_business_services=None)],
        [{"severity": "all_good"}],
    ],
)
def test_an_incident_that_names_no_list_of_services_may_be_about_any(updates: list[Any]) -> None:
    assert statuses(open_incident(*updates)) == ["unknown", "unknown"]


def test_a_service_that_is_not_active_is_left_out() -> None:
    services = [service(1), service(2, is_active=False), {"id": "PS3"}]
    read = open_incident(update("12:00", "minor"), services=services)
    assert [(c.id, c.name, c.status) for c in read.components] == [
        ("PS1", "Service 1", "operational"),
        ("PS3", "PS3", "unknown"),  # it may be what an incident calls by name
    ]


def test_the_services_of_a_group_stand_together() -> None:
    groups = {"SMS": "Delivery", "API": None, "Email": "Delivery", "Web": "App"}
    rows = [{"id": name, "Head_ID": group or -1} for name, group in groups.items() if name != "API"]
    heads = [{"id": name, "grouping_element": True, "name": name} for name in ("App", "Delivery")]
    services = [{"id": n, "name": n, "external_business_service_id": n} for n in groups]
    read = page(
        {
            "summary": {"open_incidents": [], "post_status_page_services": services},
            "layout": {"layout_settings": {"business_services": [*heads, *rows]}},
        }
    )
    assert [(c.name, c.group) for c in read.components] == [
        ("SMS", "Delivery"),
        ("Email", "Delivery"),
        ("API", None),
        ("Web", "App"),
    ]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("detected", "investigating"),
        ("Investigating", "investigating"),
        ("monitoring", "monitoring"),
        ("resolved", "unknown"),
        ("asleep", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_status_of_an_open_incident(word: str | None, status: str) -> None:
    (incident,) = open_incident(update("12:00", "minor", status=word)).incidents
    assert (incident.status, incident.raw_status) == (status, word or "")
    assert (incident.updated_at, incident.resolved_at) == (utc("2026-01-15 12:00"), None)


def test_a_closed_incident_was_as_bad_as_its_worst_update() -> None:
    updates = [update("12:00", "all_good", status="resolved"), update("10:00", "major")]
    closed = {"id": "PX0", "title": "T", "updates": updates}
    read = page({"summary": {"open_incidents": [], "resolved_incidents": [closed]}})
    (incident,) = read.incidents
    assert (read.indicator, incident.status, incident.impact) == ("none", "resolved", "major")
    assert (incident.started_at, incident.resolved_at) == (
        utc("2026-01-15 10:00"),
        utc("2026-01-15 12:00"),
    )
    assert read.history_from == utc("2026-01-15 10:00")


def test_posts_are_not_read_and_said_so() -> None:
    read = page({"summary": {"open_incidents": [], "posts": [{"title": "News"}]}})
    assert (read.indicator, read.notes) == ("none", ("posts of the page not read: 1",))


@pytest.mark.parametrize("script", ['<script id="data-layer">1</script>', "<script data-id=data>"])
def test_another_script_is_not_taken_for_the_data(script: str) -> None:
    body = html(INCIDENTS).body.replace(b"<body>", f"<body>{script}</script>".encode())
    assert pagerduty.parse({"page": document("page", body)}).indicator == "major"


@pytest.mark.parametrize("path", recorded("pagerduty/pagerduty--page--*.html"))
def test_a_recorded_page_is_read_whole(path: Path) -> None:
    read = document("page", path.read_bytes())
    assert recognised(pagerduty, read)
    told = pagerduty.parse({"page": read})
    assert (told.indicator, told.notes) == ("minor", ())
    assert len(told.components) == 64
    assert {(c.name, c.group) for c in told.components if c.status != "operational"} == {
        ("Services (US)", "Services"),
        ("Services (EU)", "Services"),
    }
    newest, *closed = told.incidents
    assert (newest.name, newest.status, newest.impact, len(newest.updates)) == (
        "Inconsistent Service Statuses",
        "investigating",
        "minor",
        3,
    )
    assert (newest.started_at, newest.updated_at) == (
        utc("2023-12-14 21:57:30"),
        utc("2023-12-15 20:53:44"),
    )
    assert [link.name for link in newest.links] == ["Services (US)", "Services (EU)"]
    assert (len(closed), {incident.status.value for incident in closed}) == (80, {"resolved"})
    assert (closed[0].name, closed[0].impact, closed[0].started_at, closed[0].resolved_at) == (
        "Issue with Duplicate Notifications",
        "minor",
        utc("2023-12-11 15:18:02"),
        utc("2023-12-11 15:42:12"),
    )
    assert told.history_from == utc("2022-06-21 07:01:09")


def test_incidents_are_read_rather_than_a_headline() -> None:
    assert page({**INCIDENTS, **HEADLINE}).indicator == "major"


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (document("page", "<html><script>1</script></html>"), "not_a_status_page", NO_DATA),
        (document("page", INCIDENTS), "not_a_status_page", NO_DATA),
        (html({}), "not_a_status_page", NO_KEYS),
        (html({"summary": [], "layout": {"layout_settings": 7}}), "not_a_status_page", NO_KEYS),
        (html("[]"), "not_a_status_page", "unexpected JSON: a list, not a status page"),
        (html("{"), "not_json", "invalid or truncated JSON"),
    ],
)
def test_what_is_not_a_page_says_what_it_is(body: Document, kind: str, message: str) -> None:
    assert not recognised(pagerduty, body)
    with pytest.raises(PageError) as caught:
        pagerduty.parse({"page": body})
    assert (caught.value.kind, caught.value.message) == (kind, message)


@pytest.mark.parametrize(
    "piece", ["<script ", "<script>", "<script id=data ", "<script id=data>", "id=data "]
)
def test_a_page_is_looked_through_in_one_pass(piece: str) -> None:
    """Starting over at each tag would take minutes here."""
    page = document("page", f"<html><script {piece * (1_000_000 // len(piece))}")
    assert not recognised(pagerduty, page)

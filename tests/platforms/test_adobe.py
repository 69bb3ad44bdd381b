"""Adobe's own page: objects in place of lists, what is open, and which products that concerns."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from outlogger_cli.domain.model import Incident, Maintenance, Snapshot
from outlogger_cli.platforms import adobe
from tests.running import Web, run_command
from tests.support import document, sample, utc

EVENTS = sample("adobe/events.json")
PRODUCTS = sample("adobe/products.json")
INCIDENT = EVENTS["incidentEvent"]["incidents"]["502"]
WINDOW = EVENTS["maintenanceEvent"]["maintenance"]["601"]
AT_TEN, AT_NOON, AT_ONE = 1768471200, 1768478400, 1768482000


def page(
    incidents: Any = None, windows: Any = None, texts: Any = None, products: object = PRODUCTS
) -> Snapshot:
    messages = texts or EVENTS["incidentEvent"]["messages"]["en"]
    wire = {
        "incidentEvent": {"incidents": incidents or {}, "messages": {"en": messages}},
        "maintenanceEvent": {"maintenance": windows or {}},
    }
    return adobe.parse(
        {"events": document("events", wire), "products": document("products", products)}
    )


def history(*words: object, severity: object = "major") -> dict[str, Any]:
    """Entries with these states, an hour from each other, the last of them the newest."""
    return {
        str(AT_TEN + 3600 * hour): {"status": word, "severity": severity}
        for hour, word in enumerate(words)
    }


def told(entries: Any, *, product: str = "73", **changes: object) -> Snapshot:
    """A page with an incident of one product."""
    row = {"id": product, "name": "Stock", "startedOn": AT_TEN, "endedOn": 0, "history": entries}
    return page({"502": {**INCIDENT, "products": {product: {**row, **changes}}}})


def incident(entries: Any, **changes: Any) -> Incident:
    return told(entries, **changes).incidents[0]


def window(**changes: object) -> Maintenance:
    return page(windows={"601": {**WINDOW, **changes}}).maintenances[0]


def statuses(read: Snapshot) -> dict[str, str]:
    return {component.name: component.status.value for component in read.components}


CALM = dict.fromkeys(("Darkroom", "Fonts", "Stock", "Sign", "Mail"), "operational")


def test_with_nothing_open_every_product_is_fine() -> None:
    for read in (page(), told(history("Opened", "Closed"))):
        assert (read.indicator, statuses(read)) == ("none", CALM)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Opened", "investigating"),
        ("started", "investigating"),
        ("UPDATED", "investigating"),
        ("reopened", "investigating"),
        ("Discovery", "investigating"),
        ("scheduled", "unknown"),
        ("on_fire", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
        ("Closed", "resolved"),
        ("canceled", "resolved"),
        ("dismissed", "resolved"),
        ("completed", "completed"),
    ],
)
def test_the_newest_word_of_a_history_is_the_state(word: str | None, status: str) -> None:
    assert incident(history("opened", word)).status == status


def test_the_greatest_time_is_the_newest_however_the_entries_are_ordered() -> None:
    entries = history("opened", "closed", "reopened")
    for order in (entries.items(), reversed(entries.items())):
        assert incident(dict(order)).status == "investigating"
    longer = {"999999999": {"status": "closed"}, "1768471200": {"status": "opened"}}
    assert incident(longer).status == "investigating"
    assert incident({"soon": {"status": "closed"}, **history("opened")}).status == "investigating"


@pytest.mark.parametrize(
    ("ended", "status"),
    [(0, "unknown"), (None, "unknown"), (AT_TEN, "resolved"), (AT_ONE, "unknown")],
)
def test_without_a_history_the_end_tells_the_state(ended: object, status: str) -> None:
    assert incident({}, endedOn=ended).status == status


def test_an_incident_is_open_while_it_is_for_one_product() -> None:
    rows = {
        "71": {"name": "Darkroom", "endedOn": AT_TEN, "history": history("closed")},
        "72": {"name": "Fonts", "endedOn": 0, "history": history("updated", severity="minor")},
    }
    read = page({"502": {**INCIDENT, "products": rows}})
    assert read.incidents[0].status == "investigating"
    assert statuses(read) == {**CALM, "Fonts": "degraded_performance"}


@pytest.mark.parametrize(
    ("word", "impact", "status"),
    [
        ("critical", "critical", "major_outage"),
        ("Major", "major", "major_outage"),
        ("minor", "minor", "degraded_performance"),
        ("maintenance", "maintenance", "under_maintenance"),
        ("potential", "none", "operational"),
        ("trivial", "none", "operational"),
        ("on_fire", "minor", "unknown"),
        (None, "minor", "unknown"),
    ],
)
def test_every_severity_is_known_or_unknown(word: object, impact: str, status: str) -> None:
    read = told(history("opened", severity=word))
    assert read.incidents[0].impact == impact
    assert statuses(read) == {**CALM, "Stock": status}


def test_the_impact_is_the_worst_severity_and_the_product_is_as_bad_as_the_newest() -> None:
    entries = {
        str(AT_TEN): {"status": "opened", "severity": "major"},
        str(AT_NOON): {"status": "updated", "severity": "minor"},
    }
    read = told(entries)
    assert (read.incidents[0].impact, statuses(read)["Stock"]) == ("major", "degraded_performance")
    assert incident({}).impact == "minor"


def test_of_several_events_of_a_product_the_worst_counts() -> None:
    rows = {
        str(number): {"products": {"73": {"history": history("opened", severity=severity)}}}
        for number, severity in enumerate(("minor", "major", "trivial"))
    }
    assert statuses(page(rows))["Stock"] == "major_outage"


def test_while_it_is_unknown_which_products_an_event_concerns_none_is_fine() -> None:
    unknown = dict.fromkeys(CALM, "unknown")
    assert statuses(page({"502": {**INCIDENT, "products": None}})) == unknown
    read = page(windows={"601": {**WINDOW, "products": None}})
    assert (read.indicator, statuses(read)) == ("unknown", unknown)
    assert statuses(page({"502": {**INCIDENT, "products": {}}})) == unknown
    over = {"601": {"status": "completed", "products": None}}
    assert statuses(page(windows=over)) == CALM


def test_an_event_that_names_nothing_is_open() -> None:
    (alone,) = page({"502": {}}).incidents
    assert (alone.name, alone.status, alone.impact, alone.url) == (
        "(no title)",
        "unknown",
        "minor",
        "",
    )


@pytest.mark.parametrize(
    ("word", "status", "mail"),
    [
        ("started", "in_progress", "under_maintenance"),
        ("Started", "in_progress", "under_maintenance"),
        ("scheduled", "scheduled", "operational"),
        ("delayed", "unknown", "unknown"),
        (None, "unknown", "unknown"),
    ],
)
def test_a_window_counts_once_it_has_started(word: object, status: str, mail: str) -> None:
    assert window(status=word).status == status
    read = page(windows={"601": {**WINDOW, "status": word}})
    assert statuses(read) == {**CALM, "Mail": mail}


@pytest.mark.parametrize("word", ["closed", "Canceled", "dismissed", "completed"])
def test_a_window_that_is_over_is_left_out(word: str) -> None:
    read = page(windows={"601": {**WINDOW, "status": word}})
    assert (read.maintenances, statuses(read)) == ((), CALM)


def test_a_window_begins_when_it_started_or_was_to_start() -> None:
    assert window(startedOn=0, scheduledDate=AT_TEN).scheduled_for == utc("2026-01-15 10:00")
    assert window(startedOn=AT_NOON).scheduled_for == utc("2026-01-15 12:00")
    assert window(startedOn=0, scheduledDate=0, completedOn=0).scheduled_for is None


def test_an_event_without_a_title_is_called_after_a_product() -> None:
    assert incident(history("opened")).name == "Stock"


@pytest.mark.parametrize(
    ("message", "body"),
    [
        ({"htmlMessage": "<p>From {startDateTime}</p>"}, "From 2026-01-15 10:00 UTC"),
        ({"textMessage": "Until {endDateTime}"}, "Until {endDateTime}"),
        ({"textMessage": "x" * 3000 + "{startDateTime}"}, "x" * 3000 + "{startDateTime}"),
        ({"htmlMessage": None}, ""),
        ("plain", ""),
        (None, ""),
    ],
)
def test_the_text_of_an_update_is_the_message_of_its_token(message: object, body: str) -> None:
    entries = {str(AT_TEN): {"status": "opened", "messageToken": "m"}}
    product = {"startedOn": AT_TEN, "endedOn": 0, "history": entries}
    read = page({"502": {"products": {"73": product}}}, texts={"m": message})
    assert [update.body for update in read.incidents[0].updates] == [body]


def test_an_update_of_several_products_is_shown_once() -> None:
    product = {"history": history("opened", "updated")}
    (told,) = page({"502": {"products": {"71": product, "72": product}}}).incidents
    assert len(told.updates) == 2


def test_an_end_that_is_missing_is_the_time_of_the_newest_entry() -> None:
    assert incident(history("opened", "closed")).resolved_at == utc("2026-01-15 11:00")
    assert incident(history("opened"), startedOn=0).started_at == utc("2026-01-15 10:00")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(403, text="<html><title>Access Denied</title></html>"),
        httpx.Response(200, text="<html><title>Just a moment...</title></html>"),
        httpx.Response(503),
    ],
)
def test_a_refusal_is_no_outage(answer: httpx.Response, tmp_path: Path) -> None:
    (tmp_path / "outlogger.toml").write_text(
        'version = 1\n[vendors.x]\nurl = "https://status.adobe.com"\nplatform = "adobe"\n'
    )
    url = "https://data.status.adobe.com/adobestatus/StatusEvents"
    finished = run_command("check", "x", "--json", transport=Web({url: answer}), cwd=tmp_path)
    (vendor,) = finished.json["vendors"]
    assert (finished.code, vendor["verdict"], vendor["severity"]) == (3, "unknown", "unknown")

"""StatusPal: from the page's address or HTML to its data, the tree of services, the history."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.model import (
    EVER,
    Component,
    Depth,
    Document,
    Incident,
    IncidentStatus,
    Link,
    Snapshot,
)
from outlogger_cli.domain.text import LINE_LIMIT
from outlogger_cli.platforms import statuspal
from tests.platforms.pages import with_keys
from tests.support import DATA, document, recognised, recorded, sample, utc

page = partial(with_keys, "statuspal")

SUMMARY = sample("statuspal/summary.json")
INCIDENTS = sample("statuspal/incidents.json")
HTML = (DATA / "statuspal/page.html").read_text()
API = "https://statuspal.eu/api/v2/status_pages/acme/summary"
READ = {"summary": document("summary", SUMMARY, API)}
PAGE = document("page", HTML, "https://status.acme.example")


def services(*rows: Any) -> tuple[Component, ...]:
    return page(services=list(rows)).components


def service(name: str, kind: object = None, *children: Any, **more: Any) -> Any:
    row = {"id": name, "name": name, "current_incident_type": kind, "children": list(children)}
    return {**row, **more}


def incident(**changes: Any) -> Incident:
    return page(incidents=[{**SUMMARY["incidents"][0], **changes}]).incidents[0]


def history(**changes: Any) -> Snapshot:
    listing = document("incidents", {**INCIDENTS, **changes})
    return statuspal.parse({**READ, "incidents": listing})


def asked(page_url: str, depth: Depth = Depth.VERDICT, **read: Document) -> list[tuple[str, str]]:
    return [(e.name, e.url) for e in statuspal.endpoints(page_url, depth, read)]


@pytest.mark.parametrize("page_url", ["https://acme.statuspal.eu", API, f"{API}/?lang=en"])
def test_the_history_is_a_second_document(page_url: str) -> None:
    assert asked(page_url, Depth.HISTORY)[1] == (
        "incidents",
        "https://statuspal.eu/api/v2/status_pages/acme/incidents?limit=100",
    )


@pytest.mark.parametrize(
    "page_url",
    ["https://status.acme.example/", "https://www.statuspal.io", "https://statuspal.eu/admin"],
)
def test_any_other_address_is_read_first_for_the_subdomain(page_url: str) -> None:
    root = ("page", page_url.rstrip("/"))
    assert asked(page_url) == [root]
    assert asked(page_url, Depth.HISTORY, page=PAGE) == [
        root,
        ("summary", API),
        ("incidents", "https://statuspal.eu/api/v2/status_pages/acme/incidents?limit=100"),
    ]


@pytest.mark.parametrize(
    "html",
    [
        HTML,
        "<html><script src='https://statuspal.eu/api/v2/status_pages/acme/widget.js'></script>",
        "<html><link href='https://www.statuspal.eu'><link href='https://acme.statuspal.eu/feed'>",
        "<html data-page='{&quot;subdomain&quot;:&quot;acme&quot;}'>by statuspal.eu",
    ],
)
def test_the_subdomain_is_found_wherever_the_html_has_it(html: str) -> None:
    read = document("page", html)
    assert recognised(statuspal, read)
    assert asked("https://status.acme.example", page=read)[1] == ("summary", API)


@pytest.mark.parametrize(
    "html",
    [
        "<html><title>Acme</title>",
        "<html><script>subdomain = 'acme'</script>",
        "<html>by <a href='https://www.statuspal.eu'>StatusPal</a>",
        "https://acme.statuspal.eu",
    ],
)
def test_html_that_names_no_page_of_statuspal_is_refused(html: str) -> None:
    read = document("page", html)
    assert not recognised(statuspal, read)


@pytest.mark.parametrize("piece", ["a-", "a", "statuspal.io/a/", "subdomain='"])
def test_html_is_looked_through_in_one_pass(piece: str) -> None:
    """Starting over at each letter would take minutes here."""
    html = f"<html>{piece * (250_000 // len(piece))} acme.statuspal.eu"
    page = document("page", html)
    assert asked("https://status.acme.example", page=page)[1] == ("summary", API)


def test_the_page_says_its_name_and_roll_up() -> None:
    read = statuspal.parse(READ)
    assert (read.page_name, read.page_url) == ("Acme Cloud", "")
    assert (read.indicator, read.raw_indicator) == ("major", "major")
    assert statuspal.parse({"page": PAGE, **READ}).page_url == "https://status.acme.example"


def test_a_parent_with_a_trouble_that_no_child_shows_stands_for_itself() -> None:
    found = services(service("Europe", "major", service("API"), service("Queue", "minor")))
    assert [(c.group, c.name, c.status) for c in found] == [
        (None, "Europe", "major_outage"),
        ("Europe", "API", "operational"),
        ("Europe", "Queue", "degraded_performance"),
    ]


def test_a_parent_whose_only_child_is_empty_is_a_leaf() -> None:
    assert [c.name for c in services(service("Monitoring", "major", {}))] == ["Monitoring"]


def test_a_deep_tree_is_read_and_its_group_is_one_short_line() -> None:
    tree = service("leaf")
    for _ in range(200):
        tree = service("branch", None, tree)
    (leaf,) = services(tree)
    assert (leaf.name, leaf.group) == ("leaf", ("branch / " * 200)[: LINE_LIMIT - 1] + "…")


def test_a_service_without_id_or_name_is_kept() -> None:
    found = services({"name": "API"}, {"current_incident_type": None})
    assert [(c.id, c.name, c.status) for c in found] == [
        ("API", "API", "unknown"),
        ("(no name)", "(no name)", "operational"),
    ]


@pytest.mark.parametrize(
    ("word", "status", "severity", "impact"),
    [
        ("info", "operational", "none", "none"),
        ("performance", "degraded_performance", "minor", "minor"),
        ("minor", "degraded_performance", "minor", "minor"),
        ("major", "major_outage", "major", "major"),
        ("scheduled", "under_maintenance", "maintenance", "maintenance"),
        ("emergency-maintenance", "under_maintenance", "maintenance", "maintenance"),
        (None, "operational", "none", "minor"),
        ("on_fire", "unknown", "unknown", "minor"),
        (5, "unknown", "unknown", "minor"),
        ([], "unknown", "unknown", "minor"),
    ],
)
def test_every_incident_type(word: object, status: str, severity: str, impact: str) -> None:
    read = page(
        status_page={"subdomain": "acme", "current_incident_type": word},
        services=[service("API", word)],
        incidents=[{"type": word}],
    )
    assert (read.indicator, read.components[0].status) == (severity, status)
    assert read.incidents[0].impact == impact


def test_a_type_that_is_not_there_says_nothing() -> None:
    assert page(status_page={"subdomain": "acme"}).indicator == "unknown"


@pytest.mark.parametrize(
    ("kind", "word", "notes"),
    [
        ("info", "minor", ('the page\'s current_status_type is "minor", which is not counted',)),
        (None, "odd", ('the page\'s current_status_type is "odd", which is not counted',)),
        ("performance", "minor", ()),
        ("major", "minor", ()),
        (None, None, ()),
    ],
)
def test_another_word_that_is_worse_is_told_and_not_counted(
    kind: str | None, word: str | None, notes: tuple[str, ...]
) -> None:
    head = {**SUMMARY["status_page"], "current_incident_type": kind}
    read = page(status_page=head, current_status_type=word)
    assert read.notes == notes
    assert read.raw_indicator == (kind or "")


@pytest.mark.parametrize(
    ("ids", "links"),
    [
        ([1, 12], ["12"]),
        ([12, 1], ["12"]),
        ([1], ["11", "12"]),
        ([2], ["211"]),
        ([2, 21, 211], ["211"]),
        ([2, 21], ["211"]),
        ([1, 12, 1, 3], ["12", "3"]),
        (["12", True, None, {}], ["12"]),
        ([], []),
        (None, []),
        ("12", []),
    ],
)
def test_a_parent_named_alone_stands_for_its_children(ids: object, links: list[str]) -> None:
    assert [link.id for link in incident(service_ids=ids).links] == links


def test_a_service_that_is_gone_is_linked_by_its_id() -> None:
    assert incident(service_ids=[9]).links == (Link(id="9", name="9"),)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("issue", "investigating"),
        ("monitoring", "monitoring"),
        ("resolved", "resolved"),
        ("retrospective", "postmortem"),
        ("scheduled", "scheduled"),
        ("essential", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_for_an_update(word: str | None, status: str) -> None:
    told = incident(updates=[{"type": word, "posted_at": "2026-01-15T11:40:00"}])
    assert (told.status, told.updates[0].status) == (status, status)
    assert told.resolved_at == (None if IncidentStatus(status).open else utc("2026-01-15 11:40"))


def test_an_incident_with_an_end_is_closed() -> None:
    closed = incident(ends_at="2026-01-15T11:50:00")
    assert (closed.status, closed.resolved_at) == ("resolved", utc("2026-01-15 11:50"))
    told = incident(ends_at="2026-01-15T11:50:00", updates=[{"type": "retrospective"}])
    assert told.status == "postmortem"


def test_an_end_that_lies_ahead_closes_nothing() -> None:
    expected = incident(ends_at="2026-01-15T12:30:00")
    assert (expected.status.open, expected.resolved_at) == (True, None)


def test_an_incident_without_updates_is_open() -> None:
    silent = incident(updates=None)
    assert (silent.status, silent.raw_status) == ("unknown", "")


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "Mars/Olympus", None])
def test_times_are_in_utc_whatever_the_zone_of_the_page(zone: object) -> None:
    ended = {**SUMMARY["incidents"][0], "ends_at": "2026-01-15T11:59:00"}
    head = {**SUMMARY["status_page"], "time_zone": zone}
    (read,) = page(status_page=head, incidents=[ended]).incidents
    assert (read.started_at, read.resolved_at) == (utc("2026-01-15 11:05"), utc("2026-01-15 11:59"))


@pytest.mark.parametrize("meta", [{"total_count": 4}, {"total_count": "3"}, {}, None])
def test_a_list_that_may_be_cut_off_reaches_back_to_its_oldest_entry(meta: object) -> None:
    assert history(meta=meta).history_from == utc("2025-12-10 07:00")


def test_a_list_that_is_empty_and_whole_reaches_back_for_ever() -> None:
    assert history(incidents=[], meta={"total_count": 0}).history_from == EVER
    assert history(incidents=[], meta=None).history_from is None


RECORDED = "statuspal/*--summary--*.json"


def leaves(rows: list[Any], group: str = "") -> list[tuple[str, str | None, str | None]]:
    found: list[tuple[str, str | None, str | None]] = []
    for row in (row for row in rows if row):
        below = leaves(row["children"], f"{group} / {row['name']}" if group else row["name"])
        found += below or [(row["name"], group or None, row["current_incident_type"])]
    return found


@pytest.mark.parametrize("path", recorded(RECORDED))
def test_a_recorded_page_is_read_whole(path: Path) -> None:
    wire = json.loads(path.read_bytes())
    read = document("summary", path.read_bytes(), API)
    assert recognised(statuspal, read)
    snapshot = statuspal.parse({"summary": read})
    assert snapshot.page_name == wire["status_page"]["name"]
    assert snapshot.raw_indicator == (wire["status_page"]["current_incident_type"] or "")
    assert [(c.name, c.group, c.raw_status) for c in snapshot.components] == [
        (name, group, kind or "") for name, group, kind in leaves(wire["services"])
    ]
    assert [(i.id, i.name, i.url) for i in snapshot.incidents] == [
        (str(row["id"]), row["title"], row["url"]) for row in wire["incidents"]
    ]
    assert all(i.links and i.started_at and i.updates for i in snapshot.incidents)
    assert [(m.name, m.status.active) for m in snapshot.maintenances] == [
        *((row["title"], True) for row in wire["maintenances"]),
        *((row["title"], False) for row in wire["upcoming_maintenances"]),
    ]

"""UptimeRobot: from the page's address or HTML to its monitors, page by page."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.model import Depth, Document, Severity, Snapshot
from outlogger_cli.platforms import uptimerobot
from tests.platforms.pages import with_keys
from tests.support import DATA, document, recognised, recorded, sample

page = partial(with_keys, "uptimerobot")

FIRST = sample("uptimerobot/monitors.json")
SECOND = sample("uptimerobot/monitors-2.json")
HTML = (DATA / "uptimerobot/page.html").read_text()
API = "https://stats.uptimerobot.com/api/getMonitorList/aB3-xyz_9"
READ = {"monitors": document("monitors", FIRST, API)}
WHOLE = {**READ, "monitors-2": document("monitors-2", SECOND, f"{API}?page=2")}
PAGE = document("page", HTML, "https://status.acme.example")


def monitors(*rows: Any, total: object = None, **changes: Any) -> Snapshot:
    psp = {"monitors": list(rows), "totalMonitors": len(rows) if total is None else total}
    return page(psp=psp, **changes)


def counted(**counts: object) -> Severity:
    return page(statistics={"counts": counts}).indicator


def asked(page_url: str, **read: Document) -> list[tuple[str, str]]:
    return [(e.name, e.url) for e in uptimerobot.endpoints(page_url, Depth.HISTORY, read)]


def test_more_pages_are_asked_for_once_the_first_is_read() -> None:
    assert asked(API, **READ) == [("monitors", API), ("monitors-2", f"{API}?page=2")]
    assert asked(f"{API}?page=1", **READ)[1] == ("monitors-2", f"{API}?page=2")


@pytest.mark.parametrize(
    ("psp", "pages"),
    [
        ({"totalMonitors": 30, "perPage": 30}, 1),
        ({"totalMonitors": 31, "perPage": 30}, 2),
        ({"totalMonitors": 900_000, "perPage": 1}, 10),
        ({"totalMonitors": 31, "perPage": 0}, 1),
        ({"totalMonitors": 31, "perPage": -1}, 1),
        ({"totalMonitors": float("inf"), "perPage": 30}, 1),
        ({"totalMonitors": float("nan"), "perPage": 30}, 1),
        ({"totalMonitors": "31", "perPage": 30}, 1),
        ({}, 1),
    ],
)
def test_there_are_as_many_pages_as_the_first_says(psp: dict[str, Any], pages: int) -> None:
    first = document("monitors", {"status": "ok", "psp": {**psp, "monitors": []}})
    assert len(asked(API, monitors=first)) == pages


def test_a_first_page_nobody_can_read_leads_to_no_more() -> None:
    assert asked(API, monitors=document("monitors", "<html>")) == [("monitors", API)]


def test_a_page_on_its_own_domain_is_read_first_for_the_key() -> None:
    root = ("page", "https://status.acme.example/up")
    own = "https://status.acme.example/api/getMonitorList/aB3-xyz_9"
    assert asked("https://status.acme.example/up/") == [root]
    assert asked("https://status.acme.example/up/", page=PAGE) == [root, ("monitors", own)]
    assert asked("https://status.acme.example/up/", page=PAGE, **READ)[2] == (
        "monitors-2",
        f"{own}?page=2",
    )


def test_without_the_html_there_is_no_name_and_no_address() -> None:
    read = uptimerobot.parse(READ)
    assert (read.page_name, read.page_url) == ("", "")


def test_a_later_form_has_its_monitors_in_data() -> None:
    body = {"status": "ok", "data": FIRST["psp"]["monitors"], "psp": {"timezone": "+01:00"}}
    read = document("monitors", body)
    assert recognised(uptimerobot, read)
    assert [c.name for c in uptimerobot.parse({"monitors": read}).components] == [
        "Website",
        "Game (25565)",
    ]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("success", "operational"),
        ("warning", "degraded_performance"),
        ("danger", "major_outage"),
        ("info", "under_maintenance"),
        ("black", "unknown"),
        ("paused", "unknown"),
        ("purple", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_class_of_monitor(word: str | None, status: str) -> None:
    assert monitors({"name": "API", "statusClass": word}).components[0].status == status


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ({"monitorId": 5, "name": "A &amp; B"}, ("5", "A & B")),
        ({"name": "API"}, ("API", "API")),
        ({"monitorId": 5, "name": 404}, ("5", "404")),
        ({"monitorId": 5, "name": None}, ("5", "5")),
        ({}, ("(no name)", "(no name)")),
    ],
)
def test_a_monitor_goes_by_what_it_has(row: Any, names: tuple[str, str]) -> None:
    (component,) = monitors(row).components
    assert (component.id, component.name) == names


@pytest.mark.parametrize(
    ("counts", "severity"),
    [
        ({"up": 3, "down": 0, "paused": 0}, "none"),
        ({"up": 2, "down": 0, "paused": 1}, "none"),
        ({"up": 2, "down": 1}, "major"),
        ({"up": 0, "down": 3}, "critical"),
        ({"down": 3}, "critical"),
        ({"up": float("nan"), "down": 10**30}, "critical"),
    ],
)
def test_the_counts_are_the_roll_up(counts: dict[str, float], severity: str) -> None:
    assert counted(**counts) == severity


@pytest.mark.parametrize("down", [None, "0", -1, True, [], float("nan")])
def test_without_a_count_the_monitors_are_the_roll_up(down: object) -> None:
    ok = {"monitorId": 1, "name": "API", "statusClass": "success"}
    bad = {"monitorId": 2, "name": "Web", "statusClass": "warning"}
    statistics = {"counts": {"up": 1, "down": down}}
    assert monitors(ok, statistics=statistics).indicator == "none"
    assert monitors(ok, bad, statistics=statistics).indicator == "minor"
    assert monitors(ok, total=2, statistics=statistics).indicator == "unknown"
    assert monitors(statistics=statistics).indicator == "unknown"


def test_counts_make_no_page_fine_of_which_nothing_is_known() -> None:
    ok = {"monitorId": 1, "name": "API", "statusClass": "success"}
    odd = {"monitorId": 2, "name": "Web", "statusClass": "on_fire"}
    paused = {"monitorId": 3, "name": "Mail", "statusClass": "paused"}

    def fine(*rows: Any, up: int) -> bool:
        statistics = {"counts": {"up": up, "down": 0}}
        return monitors(*rows, total=9, statistics=statistics).indicator == "none"

    assert fine(ok, paused, up=8)
    assert fine(ok, odd, up=9)
    assert not fine(odd, up=9)
    assert not fine(paused, up=0)
    assert not fine(ok, paused, up=0)
    assert not fine(up=9)


def test_monitors_that_were_not_read_are_told_of() -> None:
    assert page().notes == ("only 2 of 3 monitors read",)


def test_a_broken_second_page_is_a_note_not_an_error() -> None:
    read = uptimerobot.parse({**READ, "monitors-2": document("monitors-2", {"status": "error"})})
    assert read.notes == (
        "page 2 of the monitors not read: "
        "the answer is JSON but not a list of UptimeRobot monitors",
        "only 2 of 3 monitors read",
    )


@pytest.mark.parametrize("path", recorded("uptimerobot/*--getMonitorList--*.json"))
def test_a_recorded_page_is_read_whole(path: Path) -> None:
    wire = json.loads(path.read_bytes())
    read = document("monitors", path.read_bytes(), API)
    assert recognised(uptimerobot, read)
    snapshot = uptimerobot.parse({"monitors": read})
    statuses = {"success": "operational", "danger": "major_outage"}
    assert [(c.id, c.name, c.status) for c in snapshot.components] == [
        (str(row["monitorId"]), row["name"], statuses[row["statusClass"]])
        for row in wire["psp"]["monitors"]
    ]
    down = wire["statistics"]["counts"]["down"]
    assert snapshot.indicator == ("major" if down else "none")
    assert snapshot.description == wire["statistics"]["count_result"]
    assert snapshot.notes == ()
    assert asked(API, monitors=read) == [("monitors", API)]

"""UptimeRobot: from the page's address or HTML to its monitors, page by page."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.model import Depth, Document, Incident, Severity, Snapshot
from outlogger_cli.platforms import uptimerobot
from tests.platforms.pages import with_keys
from tests.support import DATA, document, recognised, recorded, sample, utc

page = partial(with_keys, "uptimerobot")

FIRST = sample("uptimerobot/monitors.json")
ANNOUNCEMENTS = sample("uptimerobot/events.json")
SECOND = sample("uptimerobot/monitors-2.json")
HTML = (DATA / "uptimerobot/page.html").read_text()
API = "https://stats.uptimerobot.com/api/getMonitorList/aB3-xyz_9"
EVENTS = "https://stats.uptimerobot.com/api/getEventFeed/aB3-xyz_9"
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
    assert asked(API, **READ) == [
        ("monitors", API),
        ("monitors-2", f"{API}?page=2"),
        ("announcements", EVENTS),
    ]
    assert asked(f"{API}?page=1", **READ)[1:] == [
        ("monitors-2", f"{API}?page=2"),
        ("announcements", EVENTS),
    ]


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
    assert len(asked(API, monitors=first)) == pages + len(["announcements"])


def test_a_first_page_nobody_can_read_leads_to_no_more() -> None:
    read = document("monitors", "<html>")
    assert asked(API, monitors=read) == [("monitors", API), ("announcements", EVENTS)]


def test_a_page_on_its_own_domain_is_read_first_for_the_key() -> None:
    root = ("page", "https://status.acme.example/up")
    api = "https://status.acme.example/api"
    own, events = (
        f"{api}/getMonitorList/aB3-xyz_9",
        ("announcements", f"{api}/getEventFeed/aB3-xyz_9"),
    )
    assert asked("https://status.acme.example/up/") == [root]
    assert asked("https://status.acme.example/up/", page=PAGE) == [root, ("monitors", own), events]
    assert asked("https://status.acme.example/up/", page=PAGE, **READ)[2:] == [
        ("monitors-2", f"{own}?page=2"),
        events,
    ]


def test_the_page_of_a_single_monitor_names_the_monitor() -> None:
    single = PAGE.body.replace(b"getMonitorList/aB3-xyz_9", b"getMonitor/aB3-xyz_9?m=7")
    page = document("page", single, "https://status.acme.example")
    assert recognised(uptimerobot, page)
    assert asked("https://status.acme.example", page=page)[1:] == [
        ("monitors", "https://status.acme.example/api/getMonitor/aB3-xyz_9?m=7"),
        ("announcements", "https://status.acme.example/api/getEventFeed/aB3-xyz_9"),
    ]


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


def test_a_list_of_which_monitors_were_not_read_is_cut() -> None:
    assert page().is_cut
    assert not uptimerobot.parse(WHOLE).is_cut


def test_a_broken_second_page_is_a_note_not_an_error() -> None:
    read = uptimerobot.parse({**READ, "monitors-2": document("monitors-2", {"status": "error"})})
    assert read.notes == (
        "page 2 of the monitors not read: unexpected JSON: not a list of UptimeRobot monitors",
    )
    assert read.is_cut


def test_a_page_that_repeats_monitors_adds_none() -> None:
    rows = [*FIRST["psp"]["monitors"], *SECOND["psp"]["monitors"]]
    repeated = {"status": "ok", "psp": {"monitors": rows}}
    read = uptimerobot.parse({**READ, "monitors-2": document("monitors-2", repeated)})
    assert ([c.id for c in read.components], read.notes) == (["1", "2", "3"], ())


def test_monitors_without_an_id_are_kept_apart() -> None:
    assert len(monitors({"name": "API"}, {"name": "API"}).components) == 2


# Announcements


def announced(**changes: object) -> Incident | None:
    """The first announcement of the sample's that has begun, with fields replaced."""
    row = {**ANNOUNCEMENTS["results"][1], **changes}
    read = document("announcements", {"status": True, "results": [row]})
    return next(iter(uptimerobot.parse({**READ, "announcements": read}).incidents), None)


@pytest.mark.parametrize(
    ("end", "resolved_at"),
    [
        (None, None),
        ("Jan 15, 2026 11:45", "2026-01-15 11:45"),
        ("2026-01-15T11:45:00Z", "2026-01-15 11:45"),
        ("2026-01-15 11:45:00", "2026-01-15 11:45"),
        ("Jan 15, 2026 12:45", None),
        ("Jan 15, 2026", None),
        ("2026-01-15", None),
        ("soon: at noon", None),
    ],
)
def test_an_announcement_is_open_until_it_ended(end: str | None, resolved_at: str | None) -> None:
    incident = announced(endDate="Jan 15, 2026", endDateGMT=end)
    assert incident is not None
    assert incident.status == ("resolved" if resolved_at else "unknown")
    assert incident.resolved_at == (utc(resolved_at) if resolved_at else None)


@pytest.mark.parametrize(
    ("fields", "started_at"),
    [
        ({}, "2026-01-15 11:05"),
        ({"timestamp": None}, "2026-01-15 11:05"),
        ({"timestamp": "1768474800"}, "2026-01-15 11:00"),
    ],
)
def test_an_announcement_begins_when_it_says(fields: dict[str, Any], started_at: str) -> None:
    incident = announced(**fields)
    assert incident is not None
    assert incident.started_at == utc(started_at)


@pytest.mark.parametrize(
    ("fields", "is_listed"),
    [
        ({}, True),
        ({"timestamp": None, "timeGMT": None}, True),
        ({"timestamp": 1768942800}, False),
        ({"type": "down", "eventType": "monitor"}, False),
        ({"type": "down"}, True),
        ({"type": None, "eventType": None}, True),
    ],
)
def test_announcements_that_have_begun_are_listed(fields: dict[str, Any], is_listed: bool) -> None:
    assert (announced(**fields) is not None) is is_listed


def test_an_announcement_may_have_no_text() -> None:
    incident = announced(content=None, description="<b>See</b> below.")
    assert incident is not None
    assert [update.body for update in incident.updates] == ["See below."]
    silent = announced(content=None, title=None, id=None)
    assert silent is not None
    assert (silent.id, silent.name, silent.updates) == ("", "(no title)", ())


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
    total = wire["psp"]["totalMonitors"]
    is_whole = total == len(snapshot.components)
    assert (snapshot.is_cut, snapshot.notes) == (not is_whole, ())
    more = [] if is_whole else [("monitors-2", f"{API}?page=2")]
    assert asked(API, monitors=read) == [("monitors", API), *more, ("announcements", EVENTS)]


@pytest.mark.parametrize("path", recorded("uptimerobot/*--getMonitor--*.json"))
def test_a_recorded_page_of_a_single_monitor_is_read(path: Path) -> None:
    read = document("monitors", path.read_bytes(), API)
    assert recognised(uptimerobot, read)
    snapshot = uptimerobot.parse({"monitors": read})
    assert [(c.id, c.name, c.status) for c in snapshot.components] == [
        ("797021082", "https://yumzi.app/", "operational")
    ]
    assert (snapshot.indicator, snapshot.description) == ("none", "All Clear")
    assert asked(API, monitors=read) == [("monitors", API), ("announcements", EVENTS)]

"""Status.io: from the page's address or HTML to its data, and what the data says."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.model import Depth, Incident, Snapshot
from outlogger_cli.domain.selection import matches
from outlogger_cli.platforms import statusio
from tests.support import DATA, document, recognised, recorded, sample, utc

STATUS = sample("statusio/status.json")
HTML = (DATA / "statusio/page.html").read_text()
PAGE_ID = "eeee00000000000000000001"
API = f"https://api.status.io/1.0/status/{PAGE_ID}"
READ = {"status": document("status", STATUS, API)}
PAGE = document("page", HTML, "https://status.acme.example")
WHOLE = {"page": PAGE, **READ}


def page(**changes: Any) -> Snapshot:
    """The sample with keys of its result replaced."""
    return statusio.parse(
        {"status": document("status", {"result": {**STATUS["result"], **changes}}, API)}
    )


def incident(**changes: Any) -> Incident:
    return page(incidents=[{**STATUS["result"]["incidents"][0], **changes}]).incidents[0]


def asked(page_url: str, **read: Any) -> list[tuple[str, str]]:
    return [(e.name, e.url) for e in statusio.endpoints(page_url, Depth.HISTORY, read)]


def test_any_other_address_is_read_first_for_the_page_id() -> None:
    root = ("page", "https://status.acme.example")
    assert asked("https://status.acme.example/") == [root]
    assert asked("https://status.acme.example/", page=PAGE) == [root, ("status", API)]


@pytest.mark.parametrize(
    "html",
    [
        f"<html><a href='https://status.acme.example/pages/incident/{PAGE_ID}/5'>",
        f'<html><script>$.get("https://api.status.io/1.0/status/{PAGE_ID}")</script>',
        f'<html><img src="https://cdn.status.io/a.png"><script>pageId="{PAGE_ID}"</script>',
        f"<html><script>{{&quot;statuspage_id&quot;: &quot;{PAGE_ID}&quot;}}</script>by Status.io",
        f"\ufeff\n<html><a href='/pages/history/{PAGE_ID}'>",
    ],
)
def test_the_page_id_is_found_wherever_the_html_has_it(html: str) -> None:
    read = document("page", html)
    assert recognised(statusio, read)
    assert asked("https://status.acme.example", page=read)[1] == ("status", API)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<html><title>Acme</title>",
        f'<html><script>pageId = "{PAGE_ID}"</script>',
        "<html>by status.io <a href='/pages/history/eeee'>",
        f"/pages/history/{PAGE_ID}",
        f"<?xml version='1.0'?><a>/pages/history/{PAGE_ID}</a>",
    ],
)
def test_html_that_names_no_page_of_status_io_is_refused(html: str) -> None:
    read = document("page", html)
    assert not recognised(statusio, read)
    assert asked("https://status.acme.example", page=read) == [
        ("page", "https://status.acme.example")
    ]


def test_without_the_html_there_is_no_name_and_no_address() -> None:
    read = statusio.parse(READ)
    assert (read.page_name, read.page_url) == ("", "")
    assert {i.url for i in read.incidents} | {m.url for m in read.maintenances} == {""}


def test_the_html_gives_the_name_the_address_and_links() -> None:
    moved = replace(PAGE, final_url="https://status.acme.example/?lang=en")
    read = statusio.parse({**WHOLE, "page": moved})
    assert (read.page_name, read.page_url) == (
        "Acme & Sons Status",
        "https://status.acme.example",
    )
    assert [*(i.url for i in read.incidents), *(m.url for m in read.maintenances)] == [
        f"https://status.acme.example/pages/incident/{PAGE_ID}/bbbb00000000000000000001",
        f"https://status.acme.example/pages/incident/{PAGE_ID}/dddd00000000000000000001",
        f"https://status.acme.example/pages/incident/{PAGE_ID}/dddd00000000000000000002",
    ]


def test_a_page_without_a_title_has_no_name() -> None:
    html = document("page", HTML.replace("title>", "b>"), "https://status.acme.example")
    assert statusio.parse({**WHOLE, "page": html}).page_name == ""


@pytest.mark.parametrize(
    ("code", "status", "severity", "impact"),
    [
        (100, "operational", "none", "none"),
        (200, "under_maintenance", "maintenance", "maintenance"),
        (300, "degraded_performance", "minor", "minor"),
        (400, "partial_outage", "major", "major"),
        (500, "major_outage", "critical", "critical"),
        (600, "major_outage", "critical", "critical"),
        ("300", "degraded_performance", "minor", "minor"),
        (700, "unknown", "unknown", "minor"),
        (True, "unknown", "unknown", "minor"),
        (None, "unknown", "unknown", "minor"),
    ],
)
def test_every_status_code(code: object, status: str, severity: str, impact: str) -> None:
    read = page(
        status_overall={"status_code": code},
        status=[{"name": "API", "status_code": code}],
        incidents=[{"messages": [{"status": code}]}],
    )
    assert (read.indicator, read.components[0].status) == (severity, status)
    assert read.incidents[0].impact == impact


def test_a_code_without_words_is_kept() -> None:
    read = page(status_overall={"status_code": 700}, status=[{"name": "API", "status_code": 700}])
    assert (read.raw_indicator, read.components[0].raw_status) == ("700", "700")


@pytest.mark.parametrize(
    ("state", "status", "maintenance"),
    [
        (100, "investigating", "scheduled"),
        (200, "identified", "in_progress"),
        (300, "monitoring", "verifying"),
        (400, "resolved", "completed"),
        (500, "unknown", "unknown"),
        (None, "unknown", "unknown"),
    ],
)
def test_every_state_of_a_message(state: object, status: str, maintenance: str) -> None:
    row = {"messages": [{"state": state}]}
    read = page(incidents=[row], maintenance={"active": [row]})
    assert read.incidents[0].status == status
    assert read.maintenances[0].updates[0].status == maintenance


def test_of_two_messages_at_once_the_later_listed_is_the_newer() -> None:
    moment = "2026-01-15T11:00:00Z"
    messages = [{"state": 100, "datetime": moment}, {"state": 300, "datetime": moment}]
    assert incident(messages=messages).status == "monitoring"


def test_a_resolved_incident_ended_with_its_last_message() -> None:
    messages = [{"state": 400, "status": 100, "datetime": "2026-01-15T11:50:00Z"}]
    closed = incident(messages=messages)
    assert (closed.status, closed.resolved_at) == ("resolved", utc("2026-01-15 11:50"))


def test_an_incident_without_messages_is_open() -> None:
    silent = incident(messages=None)
    assert (silent.status, silent.raw_status, silent.impact) == ("unknown", "", "minor")
    assert silent.started_at == utc("2026-01-15 11:05")


def place(number: int, code: object) -> dict[str, object]:
    return {"id": f"p{number}", "name": f"Place {number}", "status_code": code}


def component(code: object, *places: object) -> dict[str, object]:
    return {"id": "c1", "name": "API", "status_code": code, "containers": list(places)}


@pytest.mark.parametrize(
    ("code", "places", "statuses"),
    [
        (300, [], {"c1": "degraded_performance"}),
        (400, [400, 100], {"c1/p0": "partial_outage", "c1/p1": "operational"}),
        (100, [None], {"c1/p0": "unknown"}),
        (100, [500], {"c1/p0": "major_outage"}),
        (500, [100], {"c1": "major_outage", "c1/p0": "operational"}),
        (900, [100], {"c1": "unknown", "c1/p0": "operational"}),
    ],
)
def test_a_component_is_listed_in_each_of_its_places(
    code: int, places: list[object], statuses: dict[str, str]
) -> None:
    read = page(status=[component(code, *(place(n, one) for n, one in enumerate(places)))])
    assert {c.id: c.status for c in read.components} == statuses


def test_a_place_can_be_selected_with_or_without_its_component() -> None:
    read = page(status=[component(400, place(1, 400), place(2, 100))])
    (down, fine) = read.components
    for pattern in ("API/Place 1", "Place 1", "c1/p1"):
        assert (matches(pattern, down), matches(pattern, fine)) == (True, False)
    assert all(matches("API", one) for one in read.components)


@pytest.mark.parametrize(
    ("components", "places", "linked"),
    [
        (["c1"], ["p1"], ["c1/p1"]),
        (["c1"], ["p1", "p2"], ["c1/p1", "c1/p2"]),
        (["c1"], [], ["c1/p1", "c1/p2"]),
        (["c1"], ["p9"], ["c1/p1", "c1/p2"]),
        (["c1", "c2"], ["p2"], ["c1/p2", "c2"]),
        ([], ["p1"], []),
    ],
)
def test_an_incident_is_linked_to_components_where_it_is(
    components: list[str], places: list[str], linked: list[str]
) -> None:
    row = {
        "components_affected": [{"_id": one, "name": one} for one in components],
        "containers_affected": [{"_id": one, "name": one} for one in places],
    }
    status = [component(100, place(1, 100), place(2, 100))]
    read = page(status=status, incidents=[row], maintenance={"upcoming": [row]})
    assert [link.id for link in read.incidents[0].links] == linked
    assert [link.id for link in read.maintenances[0].links] == linked


@pytest.mark.parametrize("path", recorded("statusio/*.json"))
def test_a_recorded_page_is_read_whole(path: Path) -> None:
    result = json.loads(path.read_bytes())["result"]
    read = document("status", path.read_bytes(), API)
    assert recognised(statusio, read)
    snapshot = statusio.parse({"status": read})
    assert snapshot.description == result["status_overall"]["status"]
    places = [(row, place) for row in result["status"] for place in row["containers"]]
    assert [(c.id, c.group, c.name, c.raw_status) for c in snapshot.components] == [
        (f"{row['id']}/{place['id']}", row["name"], place["name"], place["status"])
        for row, place in places
    ]
    calm = [place for _, place in places if place["status_code"] == 100]
    assert sum(c.status == "operational" for c in snapshot.components) == len(calm)
    assert [(i.id, len(i.updates)) for i in snapshot.incidents] == [
        (row["_id"], len(row["messages"])) for row in result["incidents"]
    ]
    assert all(i.status == "identified" for i in snapshot.incidents)
    planned = result["maintenance"]
    assert [m.id for m in snapshot.maintenances] == [
        row["_id"] for row in (*planned["active"], *planned["upcoming"])
    ]

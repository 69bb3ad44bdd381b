"""Pages that listed components before and list none now, read by the command."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from outlogger_cli.engine.cache import Cache
from outlogger_cli.system import paths
from tests.running import Finished, Web, run_command
from tests.support import NOW, sample

PAGE = "https://status.acme.example"
SUMMARY = f"{PAGE}/api/v2/summary.json"
WHOLE = sample("statuspage/summary.json") | {
    "status": {"indicator": "none", "description": "All Systems Operational"},
    "incidents": [],
}
WHOLE["components"] = [{**row, "status": "operational"} for row in WHOLE["components"]]
EMPTY = {**WHOLE, "components": []}
REASON = "the page no longer lists components"


def read(body: object, *options: str, hours: float = 0, command: str = "check") -> Finished:
    web = Web({SUMMARY: httpx.Response(200, json=body)})
    argv = (command, PAGE, "--json", *options)
    return run_command(*argv, transport=web, now=NOW + timedelta(hours=hours))


def verdict(finished: Finished) -> tuple[str, bool]:
    (vendor,) = finished.json["vendors"]
    return vendor["verdict"], REASON in vendor["reasons"]


def test_a_page_that_never_listed_components_is_read_as_it_is() -> None:
    assert verdict(read(EMPTY)) == ("ok", False)
    assert verdict(read(EMPTY, hours=1)) == ("ok", False)


def test_a_page_that_lists_none_any_more_is_unknown_for_a_day() -> None:
    assert verdict(read(WHOLE)) == ("ok", False)
    for hours in (1, 2, 24.9):
        assert verdict(read(EMPTY, hours=hours)) == ("unknown", True)
    assert verdict(read(EMPTY, hours=25)) == ("ok", False)
    assert verdict(read(EMPTY, hours=26)) == ("ok", False)


def test_a_page_that_lists_them_again_begins_anew() -> None:
    for hours, body, found in (
        (0, WHOLE, "ok"),
        (1, EMPTY, "unknown"),
        (20, WHOLE, "ok"),
        (26, EMPTY, "unknown"),
        (49, EMPTY, "unknown"),
    ):
        assert verdict(read(body, hours=hours))[0] == found


def test_a_stored_reading_knows_that_the_page_was_emptied() -> None:
    read(WHOLE)
    read(EMPTY, hours=1)
    assert verdict(read(WHOLE, "--max-age", "1h", hours=1.5)) == ("unknown", True)


def test_a_clock_that_was_put_back_ends_the_day_no_later() -> None:
    read(WHOLE)
    read(EMPTY, hours=1)
    assert verdict(read(EMPTY, hours=-24)) == ("ok", False)


def test_an_open_incident_of_an_emptied_page_is_a_problem() -> None:
    read(WHOLE)
    incidents: list[Any] = sample("statuspage/summary.json")["incidents"]
    assert incidents
    assert verdict(read({**EMPTY, "incidents": incidents}, hours=1))[0] == "problem"


@pytest.mark.parametrize("stored", [{"page": 1}, "<html></html>"])
def test_a_stored_page_that_cannot_be_parsed_had_no_components(stored: object) -> None:
    read(WHOLE)
    cache = Cache(paths.pages())
    page = cache.load([PAGE])[PAGE]
    body = str(stored).encode()
    documents = {name: replace(one, body=body) for name, one in page.documents.items()}
    cache.save([replace(page, documents=documents)])
    assert verdict(read(EMPTY, hours=1)) == ("ok", False)

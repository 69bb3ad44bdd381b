"""The JSON Schema of events, against every kind of event that `watch` writes and sends."""

import copy
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.alerts.events import Kind
from outlogger_cli.alerts.message import SUMMARY, TEST
from tests.alerts.events import MESSAGE, SCHEMA
from tests.cli.commands.pages import fine
from tests.cli.commands.rounds import HOOK, NO_RETRY, OUT, SLOW, WELL, Page, Site, write_watchlist
from tests.render.test_schema import SCHEMA as STATUS
from tests.reports import component, incident, page, update, window
from tests.running import run_command
from tests.support import NOW

OPEN = page(component("API"), incidents=[incident("Slow", "monitoring", updates=[update("x")])])
UPKEEP = page(component("API"), windows=[window("New disks", "in_progress")])
ROUNDS: dict[str, list[Page]] = {
    "opened": [WELL, OUT],
    "worsened": [SLOW, OUT],
    "eased": [OUT, SLOW],
    "recovered": [OUT, WELL],
    "updated": [WELL, OPEN],
    "maintenance_started": [WELL, UPKEEP],
    "maintenance_ended": [UPKEEP, WELL],
    "unreadable": [WELL, 503, 503, 503],
    "readable": [WELL, 503, 503, 503, WELL],
    "reminder": [OUT, OUT],
}
"""What the page shows in the rounds before an event, and at it."""


def test_every_kind_is_tried() -> None:
    assert set(ROUNDS) == {*Kind}
    kinds = SCHEMA.schema["$defs"]["event_kind"]["enum"]
    assert kinds == [*Kind, SUMMARY, TEST]


@pytest.mark.parametrize("kind", ROUNDS)
def test_an_event_that_is_written_and_sent_fits(kind: str, tmp_path: Path) -> None:
    other = fine()  # a round counts if at least one page was read
    watchlist = write_watchlist(tmp_path / "w.toml", f'webhooks = ["{HOOK}"]', 'remind = "4h"')
    tables = f'[vendors.npm]\n[notify]\non = ["{kind}"]'
    watchlist.write_text(watchlist.read_text().replace("[notify]", tables))
    site = Site()
    site.others = {"https://status.npmjs.org/api/v2/summary.json": other}
    out = ""
    for number, shown in enumerate(ROUNDS[kind]):
        options = ("--watchlist", str(watchlist), "--on", kind)
        out = site.once(*options, page=shown, after=300 * number).out
    (line,) = out.splitlines()
    written = json.loads(line)
    assert written["event"] == kind
    assert site.messages[-1] == written
    SCHEMA.validate(written)


def test_a_summary_and_a_test_message_fit(tmp_path: Path) -> None:
    watchlist = str(write_watchlist(tmp_path / "w.toml", f'webhooks = ["{HOOK}"]'))
    site = Site()
    site.hook = 503
    for number, shown in enumerate([WELL, OUT, WELL, OUT]):
        site.once("--watchlist", watchlist, page=shown, after=30 * number)
    site.hook = 204
    site.once("--watchlist", watchlist, after=3 * 24 * 60)
    argv = ("watch", "--test", "--watchlist", watchlist, *NO_RETRY)
    run_command(*argv, transport=site, now=NOW)
    summary, test = site.messages[-2:]
    assert (summary["event"], test["event"]) == (SUMMARY, TEST)
    assert len(summary["events"]) >= 2
    SCHEMA.validate(summary)
    SCHEMA.validate(test)


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in MESSAGE.items() if name != key}


@pytest.mark.parametrize(
    "wrong",
    [
        *({key: value} for key, value in (("more", 1), ("schema_version", 2), ("event", "closed"))),
        {"severity": "ok"},
        {"severity": "none"},
        {"event": "unreadable"},
        {"event": "recovered", "severity": "none"},
        {"event": "updated"},
        {"duration_seconds": 5},
        {"flapping": False},
        {"event": "worsened", "flapping": True},
        {"event": "summary"},
        {"event": "summary", "events": []},
        {"event": "summary", "previous_severity": None, "events": [{**MESSAGE, "event": "test"}]},
        {"events": [MESSAGE]},
        {"earlier": 1},
        {"at": "2026-01-15"},
        {"url": "javascript:alert(1)"},
        {"title": "two\nlines"},
        {"title": ""},
        {"incident": {}},
        {"components": [None]},
    ],
)
def test_another_document_does_not_fit(wrong: dict[str, Any]) -> None:
    assert SCHEMA.is_valid(MESSAGE)
    assert not SCHEMA.is_valid({**MESSAGE, **wrong})


@pytest.mark.parametrize("key", MESSAGE)
def test_every_key_is_required(key: str) -> None:
    assert not SCHEMA.is_valid(without(key))


def test_it_shares_its_definitions_with_the_schema_of_status() -> None:
    own = {"event", "event_kind"}
    shared = {name: one for name, one in SCHEMA.schema["$defs"].items() if name not in own}
    expected = {name: copy.deepcopy(STATUS["$defs"][name]) for name in shared}
    # An incident that left the list is not open any more, whatever its last status was.
    expected["incident"]["properties"]["open"] = shared["incident"]["properties"]["open"]
    del expected["incident"]["allOf"][0]["else"]
    assert shared == expected


def test_it_is_in_the_package() -> None:
    finished = run_command("help", "json-schema", "event")
    file = files("outlogger_cli.alerts").joinpath("event-schema.json")
    assert finished.out == file.read_text(encoding="utf-8")

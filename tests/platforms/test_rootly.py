"""Rootly: what its one document says, and that damage never makes a page healthier."""

from typing import Any

import pytest

from outlogger_cli.domain.model import Snapshot
from outlogger_cli.platforms import rootly
from tests.support import document, sample

STATUS = sample("rootly/status.json")
SUMMARY = sample("statuspage/summary.json")


def page(**changes: Any) -> Snapshot:
    """The sample page with keys of its document replaced."""
    return rootly.parse({"status": document("status", {**STATUS, **changes})})


@pytest.mark.parametrize("word", ["none", "minor", "major", "critical", "maintenance"])
def test_every_indicator_is_known(word: str) -> None:
    assert page(status={"indicator": word}).indicator == word


@pytest.mark.parametrize("word", ["on_fire", "", None, 7])
def test_another_indicator_is_unknown(word: object) -> None:
    assert page(status={"indicator": word}).indicator == "unknown"


def test_a_completed_window_is_left_out() -> None:
    read = page(incidents=[{**STATUS["incidents"][1], "status": "completed"}])
    assert (read.incidents, read.maintenances) == ((), ())


def test_an_incident_without_a_link_stands_below_the_page() -> None:
    assert page(incidents=[{"id": "inc-3"}]).incidents[0].url == (
        "https://status.acme.example/incidents/inc-3"
    )
    nowhere = page(page={"name": "Acme Cloud"}, incidents=[{"id": "inc-3"}])
    assert (nowhere.page_url, nowhere.incidents[0].url) == ("", "")

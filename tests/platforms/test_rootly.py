"""Rootly: its indicators, and the windows among its incidents."""

from functools import partial

import pytest

from tests.platforms.pages import with_keys
from tests.support import sample

page = partial(with_keys, "rootly")

STATUS = sample("rootly/status.json")


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

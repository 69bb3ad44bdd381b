"""Platforms whose documents look alike: each recognises its own first document and no other."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from outlogger_cli.domain.model import Depth
from outlogger_cli.platforms import (
    Platform,
    apple,
    azuredevops,
    betterstack,
    cachet,
    checkly,
    cstate,
    freshstatus,
    hund,
    onlineornot,
    pagerduty,
    recognised,
    rootly,
    salesforce,
    site24x7,
    sorry,
    statuscast,
)
from tests.platforms.foreign import foreign
from tests.support import DATA, document, sample


class Case(NamedTuple):
    name: str
    platform: Platform
    own: object


def announcing(host: str) -> str:
    return (
        '<html><link type="application/rss+xml" href="/rss">'
        f'<script src="https://{host}/x.js"></script></html>'
    )


def with_data(path: str) -> str:
    return f'<html><script id="data">{json.dumps(sample(path))}</script></html>'


BODIES: list[tuple[str, Platform, object]] = [
    ("apple", apple, sample("apple/services.json")),
    ("azuredevops", azuredevops, sample("azuredevops/health.json")),
    ("betterstack", betterstack, sample("betterstack/index.json")),
    ("cachet", cachet, sample("cachet/components.json")),
    ("checkly", checkly, sample("checkly/summary.json")),
    ("cstate", cstate, sample("cstate/index.json")),
    ("freshstatus", freshstatus, announcing("freshstatus.io")),
    ("hund", hund, announcing("hund.io")),
    ("onlineornot", onlineornot, announcing("onlineornot.com")),
    ("pagerduty", pagerduty, with_data("pagerduty/incidents.json")),
    ("rootly", rootly, sample("rootly/status.json")),
    ("salesforce", salesforce, sample("salesforce/instances.json")),
    ("site24x7", site24x7, "<html><script>enc_statuspage_id = '9f8e7d6c5b4a'</script></html>"),
    (
        "sorry",
        sorry,
        '<html><script src="https://code.sorryapp.com" data-for="0badcafe"></script></html>',
    ),
    ("statuscast", statuscast, (DATA / "statuscast/page.html").read_text()),
]
CASES = [Case(*body) for body in BODIES]


def takes(platform: Platform, body: object) -> bool:
    first, *_ = platform.endpoints("https://status.acme.example", Depth.VERDICT, {})
    return recognised(platform, document(first.name, body))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_each_recognises_its_own_and_no_other(case: Case) -> None:
    assert [c.name for c in CASES if takes(c.platform, case.own)] == [case.name]


@pytest.mark.parametrize("path", foreign(""))
def test_no_recorded_page_of_another_platform_is_taken(path: Path) -> None:
    assert not [case.name for case in CASES if takes(case.platform, path.read_bytes())]

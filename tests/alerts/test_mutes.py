"""Mutes: to which vendors they apply, and what ends them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.domain.model import Vendor
from outlogger_cli.domain.verdict import Judged
from tests.reports import broken, component, healthy, judged, page, unreadable
from tests.support import NOW

MUTE = Mute(slug="acme", url="https://status.acme.example")
LATER = NOW + timedelta(hours=2)


def test_the_name_of_a_mute_is_the_one_it_was_made_by() -> None:
    assert MUTE.name == "acme"
    assert replace(MUTE, component="Europe/API").name == "acme/Europe/API"


@pytest.mark.parametrize(
    ("mute", "expected"),
    [
        (MUTE, True),
        (replace(MUTE, slug="status.acme.example"), True),
        (replace(MUTE, slug="other"), False),
        (replace(MUTE, url="https://elsewhere.example"), False),
    ],
)
def test_a_mute_applies_to_one_vendor(mute: Mute, expected: bool) -> None:
    assert mute.applies_to(Vendor(slug="acme", url="https://status.acme.example")) is expected


UNTIL_RESOLVED: dict[str, tuple[Mute, Callable[[], Judged], bool]] = {
    "ok": (MUTE, healthy, True),
    "a problem": (MUTE, broken, False),
    "unreadable": (MUTE, lambda: unreadable(last=healthy()), False),
    "with a time limit": (replace(MUTE, until=LATER), healthy, False),
    "component ok": (replace(MUTE, component="Dashboard"), broken, True),
    "component out": (replace(MUTE, component="build"), broken, False),
    "component missing": (replace(MUTE, component="Mail"), healthy, False),
    "component unknown": (
        replace(MUTE, component="API"),
        lambda: judged(page(component("API", "on_fire"))),
        False,
    ),
}


@pytest.mark.parametrize(
    ("mute", "reading", "resolved"), UNTIL_RESOLVED.values(), ids=UNTIL_RESOLVED
)
def test_only_a_reading_that_is_ok_resolves_a_mute(
    mute: Mute, reading: Callable[[], Judged], resolved: bool
) -> None:
    assert mute.is_resolved(reading()) is resolved

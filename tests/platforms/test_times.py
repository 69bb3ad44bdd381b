"""Zones as pages name them."""

from datetime import datetime

import pytest

from outlogger_cli.platforms.shared import times


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("Europe/Berlin", 1),
        ("Berlin", 1),
        ("Eastern Time (US & Canada)", -5),
        ("Kuala Lumpur", 8),
        ("Mumbai", 5.5),
        ("Wellington", 13),
        ("Mars/Olympus", 0),
        ("../Berlin", 0),
        ("America", 0),
        ("UTC", 0),
        ("", 0),
    ],
)
def test_a_zone_has_its_iana_name_or_the_one_of_rails(name: str, hours: float) -> None:
    offset = datetime(2026, 1, 15, 12, tzinfo=times.zone_named(name)).utcoffset()
    assert offset is not None
    assert offset.total_seconds() / 3600 == hours

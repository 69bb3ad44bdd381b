"""Real pages, read over the network: `pytest -m live`."""

from itertools import islice

import pytest

from outlogger_cli.catalog import catalog
from outlogger_cli.platforms import BUILT_IN
from tests.running import finish, spawn

SAMPLE = 5
"""Pages that are tried: one or the other of a catalogue has always moved."""

KNOWN = {name: [e.slug for e in catalog.entries() if e.platform == name] for name in BUILT_IN}


@pytest.mark.live
@pytest.mark.parametrize("platform", [name for name, slugs in KNOWN.items() if slugs])
def test_a_page_of_the_platform_can_be_read(platform: str) -> None:
    sample = islice(KNOWN[platform], SAMPLE)
    with spawn("status", *sample, "--json", "--deadline", "15s") as process:
        report = finish(process).json
    assert any(vendor["error"] is None for vendor in report["vendors"]), report

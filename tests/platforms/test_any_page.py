"""Whatever a page says, it is refused or read into something sound that every reader can take."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outlogger_cli.domain.history import Window
from outlogger_cli.domain.model import Read, Snapshot, Source, Vendor
from outlogger_cli.domain.verdict import judge
from outlogger_cli.platforms import BUILT_IN
from outlogger_cli.render import render
from tests.fuzz import mutation, pages, seeds
from tests.render.test_schema import VALIDATOR
from tests.reports import VIEW, report
from tests.support import NOW, recorded

MOST = 64 << 10
RECORDED = [one for one in recorded("*/*") if one.marks or one.values[0].parent.name in BUILT_IN]

changes = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=3)
"""Where the changes to a page come from, each from a number."""


def changed(page: bytes, numbers: list[int]) -> bytes:
    for number in numbers:
        page = mutation.page(page, MOST, number, cut_off)
    return page


def cut_off(body: bytes, most: int) -> bytes:
    return body[: min(most, len(body) * 2 // 3)]


def assert_told(name: str, snapshot: Snapshot) -> None:
    """That the snapshot can be judged, and told to people and to programs."""
    vendor = Vendor(slug="acme", url=pages.HOME, platform=name)
    outcome = Read(
        vendor=vendor, platform=name, snapshot=snapshot, source=Source.LIVE, checked_at=NOW
    )
    run = report(judge(outcome, window=Window(days=30, now=NOW)), command="status")
    VALIDATOR.validate(json.loads(render(run, "json", VIEW)))
    assert render(run, "table", VIEW).replace("\n", "").isprintable()


@pytest.mark.parametrize("name", BUILT_IN)
def test_an_unchanged_sample_is_read(name: str) -> None:
    read = [snapshot for page in seeds.samples(name) for snapshot in pages.read(name, page)]
    assert read
    for snapshot in read:
        assert_told(name, snapshot)


@pytest.mark.parametrize("name", BUILT_IN)
@settings(max_examples=15)
@given(st.data(), changes)
def test_a_changed_sample_is_refused_or_sound(
    name: str, data: st.DataObject, numbers: list[int]
) -> None:
    page = data.draw(st.sampled_from(list(seeds.samples(name))))
    for snapshot in pages.read(name, changed(page, numbers)):
        assert_told(name, snapshot)


@pytest.mark.parametrize("path", RECORDED)
@settings(max_examples=3)
@given(st.data(), changes)
def test_a_changed_recording_is_refused_or_sound(
    path: Path, data: st.DataObject, numbers: list[int]
) -> None:
    name = path.parent.name
    page = data.draw(st.sampled_from(list(seeds.around(name, path.read_bytes()))))
    for snapshot in pages.read(name, changed(page, numbers)):
        assert_told(name, snapshot)

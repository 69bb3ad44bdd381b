"""The words of tools: every signature has a sample, and every sample is recognised."""

import pytest

from outlogger_cli.catalog import catalog
from outlogger_cli.triage.evidence import find
from outlogger_cli.triage.kinds import Kind, kind_of
from outlogger_cli.triage.signatures import matching, table
from tests.support import DATA

SAMPLES = (DATA / "triage" / "signatures.txt").read_text(encoding="utf-8").splitlines()


def lowered(sample: str) -> bytes:
    return sample.encode().lower()


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_is_a_line_that_fails_and_names_the_vendor_of_its_signature(sample: str) -> None:
    found = matching(lowered(sample))
    assert found
    assert kind_of(lowered(sample)) is Kind.FAILS
    if slugs := {one.slug for one in found if one.slug}:
        assert {one.slug for one in find(sample.encode()).named} <= slugs
        assert find(sample.encode()).named


def test_every_signature_has_a_sample() -> None:
    seen = {one.entry for sample in SAMPLES for one in matching(lowered(sample))}
    assert [one.entry for one in table() if one.entry not in seen] == []
    assert len(table()) >= 60


def test_every_signature_is_unique_and_of_a_known_vendor() -> None:
    entries = [one.entry for one in table()]
    assert len(entries) == len(set(entries))
    assert [one.slug for one in table() if one.slug and not catalog.find(one.slug)] == []

"""Recorded pages in every format, each parsed by a parser of that format."""

import csv
import json
from io import StringIO
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from prometheus_client.parser import text_string_to_metric_families

from outlogger_cli.domain.model import ComponentStatus
from outlogger_cli.render import render
from tests.render.test_schema import VALIDATOR
from tests.render.tree import every, read
from tests.reports import VIEW, judged, report
from tests.support import recorded

RECORDED = recorded("statuspage/*--summary--*.json")


@pytest.mark.parametrize("path", RECORDED)
def test_every_format_has_every_component(path: Path) -> None:
    vendor = judged(json.loads(path.read_bytes()))
    run = report(vendor, command="status")
    names = [component.name for component in vendor.components]

    _, *rows = csv.reader(StringIO(render(run, "csv", VIEW), newline=""), strict=True)
    assert [row[2].removeprefix("'") for row in rows] == (names or [""])

    cases = fromstring(render(run, "junit", VIEW)).iter("testcase")
    assert len([case for case in cases if case.get("name") != "page"]) == len(names)

    families = text_string_to_metric_families(render(run, "prometheus", VIEW))
    samples = [sample for family in families for sample in family.samples]
    states = [s for s in samples if s.name == "outlogger_component_status"]
    assert len(states) == len(names) * len(ComponentStatus)
    assert sum(sample.value for sample in states) == len(names)

    tree = read(run)
    shown = {node.text for node in every(tree) if node.attributes.get("scope") == "row"}
    hidden = {c.name for c in vendor.components if c.only_show_if_degraded}
    assert {c.name for c in vendor.components} - hidden <= shown


@pytest.mark.parametrize("path", RECORDED)
def test_every_format_of_a_verdict_can_be_parsed(path: Path) -> None:
    vendor = judged(json.loads(path.read_bytes()), slug="acme")
    run = report(vendor)
    document = json.loads(render(run, "json", VIEW))
    VALIDATOR.validate(document)
    assert json.loads(render(run, "ndjson", VIEW)) == document["vendors"][0]
    assert len(render(run, "line", VIEW)) < 80
    assert len(render(run, "nagios", VIEW).partition(" | ")[0]) < 80
    assert len(render(run, "nagios", VIEW).split("\n")) == 3
    assert len(render(run, "github", VIEW).split("\n")) == 2
    assert render(run, "markdown", VIEW).startswith(
        "| State | Vendor | What |\n| --- | --- | --- |\n"
    )
    assert render(run, "html", VIEW).isascii()

"""Whatever a vendor writes, every format can be parsed, and nothing in it acts."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from rich.cells import cell_len

from outlogger_cli.domain.report import Report
from outlogger_cli.render import FORMATS, render
from tests.render.test_schema import VALIDATOR
from tests.render.tree import Reader, every, read
from tests.reports import (
    VIEW,
    WRITTEN,
    component,
    group,
    healthy,
    hostile,
    incident,
    judged,
    page,
    report,
    update,
    window,
)
from tests.shown import COMMAND, assert_shown, written

WHOLE = replace(VIEW, unfold=True, timelines=True)

signs = st.text(alphabet="=+-@|,;:#*_`~$%&\\'\"()[]{}<>!/ \t\na1", max_size=12)
folded = st.builds(
    "{}{}{}".format,
    st.integers(0, 130).map("x".__mul__),
    st.sampled_from(["", " "]),
    st.sampled_from(
        ["::error::x", ":::x", "：：error::x", "＃＃［error］x", "＃＃vso[x", "＃＃teamcity[x"]
    )
    | st.sampled_from(["--- x", "＋＋＋ x", "~~~", "^^^ +++"]),
)
"""Harmless unless a line break or the conversion to ASCII makes a command of it."""

texts = written | signs | folded | st.sampled_from(WRITTEN)


@st.composite
def runs(draw: st.DrawFn) -> Report:
    """A vendor with an outage whose texts are all generated, and a healthy one."""
    name, part, parent, other, title, body, link = (draw(texts) for _ in range(7))
    summary = page(
        component(part, "partial_outage", description=body),
        *group(parent, component(other, title, id="odd"), component("API", id=part)),
        indicator=draw(st.sampled_from(["major", "none", title])),
        description=body,
        incidents=[
            incident(title, impact=other, links=[part], updates=[update(body, title)], url=link)
        ],
        windows=[window(title, "in_progress", links=[part], updates=[update(body)])],
        name=name,
    )
    command = draw(st.sampled_from(["check", "status", "incidents"]))
    history = None if command == "check" else ()
    return report(judged(summary, history=history), healthy("beta"), command=command)


@settings(max_examples=100)
@given(runs(), st.integers(10, 130), st.booleans(), st.booleans())
def test_no_width_wraps_a_text_into_a_command(
    run: Report, width: int, ascii: bool, color: bool
) -> None:
    text = render(run, "table", replace(WHOLE, width=width, ascii=ascii, color=color))
    seen = re.sub("\x1b\\[[0-9;]*m", "", text)
    assert not COMMAND.search(seen)
    assert max(map(cell_len, seen.splitlines())) <= width


def check_json(text: str) -> None:
    VALIDATOR.validate(json.loads(text))


def check_ndjson(text: str) -> None:
    assert [json.loads(row)["slug"] for row in text.splitlines()] == ["acme", "beta"]


def check_csv(text: str) -> None:
    rows = list(csv.reader(StringIO(text, newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1
    assert not [c for row in rows for c in row if c.startswith(("=", "+", "-", "@", "\t"))]


def check_plain(text: str) -> None:
    assert len({row.count("\t") for row in text.splitlines()}) == 1


def check_junit(text: str) -> None:
    assert [suite.tag for suite in fromstring(text)] == ["testsuite", "testsuite"]


def check_prometheus(text: str) -> None:
    samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
    assert {s.labels["vendor"] for s in samples if "vendor" in s.labels} == {"acme", "beta"}


def check_nagios(text: str) -> None:
    first, *details = text.splitlines()
    summary, _, data = first.partition(" | ")
    assert len(summary) < 80
    assert data.startswith("problems=")
    assert "|" not in "".join((summary, data, *details))


def check_github(text: str) -> None:
    rows = [row for row in text.splitlines() if "::" in row]
    assert all(row.startswith(("::error ", "::warning ")) for row in rows)


def check_line(text: str) -> None:
    assert text.count("\n") == 1


def check_waybar(text: str) -> None:
    check_line(text)
    assert "<" not in json.loads(text)["tooltip"]


def check_table(text: str) -> None:
    assert max(map(cell_len, text.splitlines())) <= VIEW.width


def check_markdown(text: str) -> None:
    assert "<" not in text.replace("<br>", "")


def check_html(text: str) -> None:
    reader = Reader()
    reader.feed(text)
    nodes = list(every(reader.root))
    assert {node.tag for node in nodes} <= ELEMENTS
    links = [node.attributes["href"] for node in nodes if "href" in node.attributes]
    assert all(link.startswith(("https://", "http://")) for link in links)


ELEMENTS = {"html"} | {
    node.tag for node in every(read(report(hostile(), healthy(), command="status")))
}
CHECKS: dict[str, Callable[[str], None]] = {
    "table": check_table,
    "plain": check_plain,
    "json": check_json,
    "ndjson": check_ndjson,
    "csv": check_csv,
    "markdown": check_markdown,
    "html": check_html,
    "junit": check_junit,
    "github": check_github,
    "nagios": check_nagios,
    "prometheus": check_prometheus,
    "line": check_line,
    "waybar": check_waybar,
}


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=30)
@given(runs())
def test_every_format_can_be_parsed_whatever_a_vendor_writes(name: str, run: Report) -> None:
    text = render(run, name, WHOLE)
    CHECKS[name](text)
    shown = text.replace("\t", " ").replace("\r\n", "\n")
    assert_shown(COMMAND.sub("", shown) if name == "github" else shown, lines=True)

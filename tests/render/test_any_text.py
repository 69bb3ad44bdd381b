"""Whatever a vendor writes, every format is read back whole, and nothing in it acts."""

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
    st.sampled_from(["::error::x", ":::x", "：：error::x", "＃＃［error］x", "＃＃vso[x"]),
)
"""Harmless, until a line of some width begins in the middle of it, or until it is ASCII."""

texts = written | signs | folded | st.sampled_from(WRITTEN)


@st.composite
def runs(draw: st.DrawFn) -> Report:
    """A vendor with an outage, all of whose words are drawn, and one that is well."""
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
def test_no_width_folds_a_text_into_a_command(
    run: Report, width: int, ascii: bool, color: bool
) -> None:
    text = render(run, "table", replace(WHOLE, width=width, ascii=ascii, color=color))
    seen = re.sub("\x1b\\[[0-9;]*m", "", text)
    assert not COMMAND.search(seen)
    assert max(map(cell_len, seen.splitlines())) <= width


def told_json(text: str) -> None:
    VALIDATOR.validate(json.loads(text))


def told_ndjson(text: str) -> None:
    assert [json.loads(row)["slug"] for row in text.splitlines()] == ["acme", "beta"]


def told_csv(text: str) -> None:
    rows = list(csv.reader(StringIO(text, newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1
    assert not [c for row in rows for c in row if c.startswith(("=", "+", "-", "@", "\t"))]


def told_plain(text: str) -> None:
    assert len({row.count("\t") for row in text.splitlines()}) == 1


def told_junit(text: str) -> None:
    assert [suite.tag for suite in fromstring(text)] == ["testsuite", "testsuite"]


def told_prometheus(text: str) -> None:
    samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
    assert {s.labels["vendor"] for s in samples if "vendor" in s.labels} == {"acme", "beta"}


def told_nagios(text: str) -> None:
    first, *details = text.splitlines()
    said, _, data = first.partition(" | ")
    assert len(said) < 80
    assert data.startswith("problems=")
    assert "|" not in "".join((said, data, *details))


def told_github(text: str) -> None:
    rows = [row for row in text.splitlines() if "::" in row]
    assert all(row.startswith(("::error ", "::warning ")) for row in rows)


def told_line(text: str) -> None:
    assert text.count("\n") == 1


def told_table(text: str) -> None:
    assert max(map(cell_len, text.splitlines())) <= VIEW.width


def told_markdown(text: str) -> None:
    assert "<" not in text.replace("<br>", "")


def told_html(text: str) -> None:
    reader = Reader()
    reader.feed(text)
    nodes = list(every(reader.root))
    assert {node.tag for node in nodes} <= ELEMENTS
    links = [node.attributes["href"] for node in nodes if "href" in node.attributes]
    assert all(link.startswith(("https://", "http://")) for link in links)


ELEMENTS = {"html"} | {
    node.tag for node in every(read(report(hostile(), healthy(), command="status")))
}
TOLD: dict[str, Callable[[str], None]] = {
    "table": told_table,
    "plain": told_plain,
    "json": told_json,
    "ndjson": told_ndjson,
    "csv": told_csv,
    "markdown": told_markdown,
    "html": told_html,
    "junit": told_junit,
    "github": told_github,
    "nagios": told_nagios,
    "prometheus": told_prometheus,
    "line": told_line,
}


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=30)
@given(runs())
def test_whatever_is_written_every_format_is_read_back(name: str, run: Report) -> None:
    text = render(run, name, WHOLE)
    TOLD[name](text)
    shown = text.replace("\t", " ").replace("\r\n", "\n")
    assert_shown(COMMAND.sub("", shown) if name == "github" else shown, lines=True)

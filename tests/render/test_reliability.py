"""The figures of `report` in each format that people read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from outlogger_cli.domain.model import EVER, FailureKind, Impact, Read, Reason
from outlogger_cli.domain.period import Period
from outlogger_cli.domain.reliability import WEIGHTS, reliability
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View, render
from outlogger_cli.render.reliability import FORMATS
from tests.render.test_html_page import BROWSER, browse
from tests.render.tree import Node, every, read
from tests.reports import (
    HOSTILE,
    VIEW,
    WRITTEN,
    Row,
    component,
    group,
    incident,
    judged,
    page,
    report,
    unreadable,
)
from tests.support import NOW, utc

WEEK = Period(first=date(2025, 12, 31), last=date(2026, 1, 15), now=NOW)
"""372 hours."""

PAST = [
    incident("Slow", "monitoring", "major", started="2026-01-15 10:00", links=["Build"]),
    incident(
        "Down",
        "resolved",
        "critical",
        started="2026-01-10 00:00",
        resolved="2026-01-10 06:00",
        links=["Build", "API"],
    ),
    incident("Late", "resolved", "minor", started="2025-12-31 22:00", resolved="2026-01-01 02:00"),
    incident("News", "resolved", "none", started="2026-01-02 22:00", resolved="2026-01-02 23:00"),
]
ROWS = [*group("Europe", component("Build")), component("API"), component("Web")]


def vendor(history: Sequence[Row] | None = PAST, *, slug: str = "acme", **given: Any) -> Judged:
    """A vendor whose past maintenance is known too."""
    one = judged(page(*ROWS, name=slug.capitalize()), slug=slug, history=history, **given)
    assert isinstance(one.outcome, Read)
    snapshot = replace(one.outcome.snapshot, maintenance_from=EVER)
    return replace(one, outcome=replace(one.outcome, snapshot=snapshot))


def cut(slug: str = "cut") -> Judged:
    """A vendor whose list begins on 9 January."""
    one = vendor(PAST[:2], slug=slug)
    assert isinstance(one.outcome, Read)
    snapshot = replace(one.outcome.snapshot, history_from=utc("2026-01-09 12:00"))
    return replace(one, outcome=replace(one.outcome, snapshot=snapshot))


def measured(
    *vendors: Judged,
    period: Period = WEEK,
    drill: str | None = None,
    weights: Mapping[Impact, Fraction] = WEIGHTS,
) -> Report:
    run = report(*vendors, command="report", drill=drill)
    return replace(run, reliability=reliability(vendors, period, weights))


def mixed() -> Report:
    return measured(vendor([], slug="fine"), unreadable(slug="gone"), vendor(), cut())


def table(run: Report, **view: Any) -> list[str]:
    return render(run, "table", replace(VIEW, **view)).splitlines()


def test_the_table_compares_the_vendors_and_shows_each_by_month() -> None:
    assert table(mixed()) == [
        "Reliability, 31 Dec 2025 to 15 Jan 2026, worst first",
        "16 days (UTC); downtime counts critical 1, major 0.5, minor 0",
        "",
        "Vendor  Availability  Incidents    Hours  Longest   Median",
        "Acme         98.11 %          4   12.0 h    6.0 h  ≥ 4.0 h  ██████████▓▓▓░░░░░░░",
        "Cut        ≤ 98.11 %        ≥ 2  ≥ 8.0 h  ≥ 6.0 h  ≥ 4.0 h  ██████████▓▓▓",
        "gone    ? unknown  no answer in 10 s",
        "Fine           100 %          0    0.0 h        -        -",
        "                                       bars: hours, █ critical  ▓ major  ░ minor",
        "",
        "Acme                                                         status.acme.example",
        "  1 incident still open: counted up to the last reading",
        "  1 critical, 1 major, 1 minor, 1 impact none · 6.0 h critical, 2.0 h major, 4.0",
        "  h minor · 96.77 % of the time without an incident of impact minor or worse ·",
        "  trouble on 4 of 16 days · maintenance 0.0 h",
        "  Month            Avail.  Inc.    Hours  Longest   Median  Days  Maint.",
        "  Dec 2025          100 %     1    2.0 h    2.0 h    4.0 h     1   0.0 h  ░",
        "  Jan 2026        97.98 %     4   10.0 h    6.0 h  ≥ 4.0 h     3   0.0 h  ████▓░",
        "  Component        Avail.  Inc.    Hours  Longest   Median  Days  Maint.",
        "  Europe/Build  ≤ 98.11 %   ≥ 2  ≥ 8.0 h  ≥ 6.0 h  ≥ 4.0 h   ≥ 2   0.0 h  ████▓▓",
        "  API           ≤ 98.38 %   ≥ 1  ≥ 6.0 h  ≥ 6.0 h  ≥ 6.0 h   ≥ 1   0.0 h  ████",
        "  1 other component; 2 incidents without a component may concern any of them",
        "",
        "Cut                                                           status.cut.example",
        "  partial: the page's list begins on 9 Jan 2026; figures are lower bounds",
        "  1 incident still open: counted up to the last reading",
        "  ≥ 1 critical, 1 major · ≥ 6.0 h critical, 2.0 h major · ≤ 97.84 % of the time",
        "  without an incident of impact minor or worse · trouble on ≥ 2 of 16 days ·",
        "  maintenance 0.0 h",
        "  Month            Avail.  Inc.    Hours  Longest   Median  Days  Maint.",
        "  Dec 2025      ? unknown",
        "  Jan 2026      ≤ 97.98 %   ≥ 2  ≥ 8.0 h  ≥ 6.0 h  ≥ 4.0 h   ≥ 2   0.0 h  ████▓▓",
        "  Component        Avail.  Inc.    Hours  Longest   Median  Days  Maint.",
        "  Europe/Build  ≤ 98.11 %   ≥ 2  ≥ 8.0 h  ≥ 6.0 h  ≥ 4.0 h   ≥ 2   0.0 h  ████▓▓",
        "  API           ≤ 98.38 %   ≥ 1  ≥ 6.0 h  ≥ 6.0 h  ≥ 6.0 h   ≥ 1   0.0 h  ████",
        "  1 other component",
        "",
        "Computed from the incidents that the vendors posted, not measured. Hours: in",
        "incidents of impact minor or worse, overlaps once. Median: time to resolve.",
        "Days: with trouble. Maintenance: as scheduled, not downtime.",
        "≥ at least, ≤ at most: see the notes of the vendor.",
    ]


def test_without_any_page_it_is_this_machine_and_verbose_lists_them() -> None:
    gone = [
        unreadable(slug=slug, kind=FailureKind.DNS, reason=Reason.HOST_NOT_FOUND)
        for slug in ("a", "b")
    ]
    line, *others = table(measured(*gone), width=120)
    assert line.startswith("It's this machine: none of 2 status pages could be reached (DNS lookup")
    assert not others
    assert len(table(measured(*gone), width=120, verbose=True)) > 5


def test_every_line_fits_the_width() -> None:
    for width in (40, 60, 80, 120, 200):
        lines = table(mixed(), width=width)
        assert max(map(cell_len, lines)) <= min(width, 120), lines
        assert any("Acme" in line for line in lines)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_comparison_has_its_columns_at_every_width(width: int) -> None:
    (heads,) = (line for line in table(mixed(), width=width) if line.startswith("Vendor"))
    short = ["Vendor", "Avail.", "Inc.", "Hours", "Longest", "Median"]
    whole = ["Vendor", "Availability", "Incidents", *short[3:]]
    assert heads.split() == (short if width == 60 else whole)


def test_the_ascii_table_is_ascii() -> None:
    lines = table(mixed(), ascii=True)
    assert "\n".join(lines).isascii()
    assert any("<= 98.11 %" in line and "####" in line for line in lines)


def test_a_terminal_gets_colours_and_links() -> None:
    text = "\n".join(table(mixed(), color=True, links=True))
    assert "\x1b]8;" in text
    assert "\x1b[" in text


def test_the_legend_of_bounds_stands_only_with_bounds() -> None:
    assert "at least" in table(mixed())[-1]
    assert "at least" not in "\n".join(table(measured(vendor(PAST[1:]))))


def test_an_unlinked_page_has_no_components() -> None:
    text = "\n".join(table(measured(vendor(PAST[2:]))))
    assert "Component" not in text
    assert "other component" not in text


def test_long_names_are_cut_and_many_components_are_counted() -> None:
    names = [f"A very long name of a component number {number}" for number in range(15)]
    row = incident(
        "Down", "resolved", "major", started="2026-01-10", resolved="2026-01-11", links=names
    )
    one = judged(page(*map(component, names)), history=[row])
    lines = table(measured(one), width=60)
    assert sum("A very l" in line for line in lines) == 10
    assert "  5 other components" in lines


NOTES = {
    "no past": (
        vendor(None),
        "partial: the page lists no past incidents; figures are lower bounds",
    ),
    "cut": (cut(), "partial: the page's list begins on 9 Jan 2026; figures are lower bounds"),
    "read before": (
        vendor(checked_at=utc("2026-01-14 12:00")),
        "partial: the page was last read on 14 Jan 2026; figures are lower bounds",
    ),
    "no times": (
        vendor([{**PAST[1], "created_at": None, "resolved_at": None}]),
        "1 incident without any time may belong to the period",
    ),
    "no end": (
        vendor([{**PAST[1], "resolved_at": PAST[1]["created_at"]}]),
        "1 incident of unknown length: times are lower bounds",
    ),
    "no impact": (
        vendor([{**PAST[1], "impact": "banana"}, {**PAST[1], "id": "2", "impact": None}]),
        "2 incidents of unknown impact counted as minor: availability may be lower",
    ),
    "no component": (vendor(), "2 incidents without a component may concern any of them"),
}


@pytest.mark.parametrize("format", ["table", "markdown", "html"])
@pytest.mark.parametrize("name", NOTES)
def test_every_bound_is_explained(name: str, format: str) -> None:
    one, note = NOTES[name]
    text = render(measured(one), format, VIEW)
    assert note in " ".join(text.replace("&#39;", "'").split())


@pytest.mark.parametrize("format", ["table", "markdown", "html"])
def test_nothing_that_is_not_covered_is_at_100_percent(format: str) -> None:
    period = replace(WEEK, first=date(2026, 1, 6))
    late = vendor([], checked_at=utc("2026-01-14 12:00"))
    runs = [measured(late, period=period), measured(vendor(None))]
    calm = cut()
    assert isinstance(calm.outcome, Read)
    snapshot = replace(calm.outcome.snapshot, incidents=())
    runs.append(measured(replace(calm, outcome=replace(calm.outcome, snapshot=snapshot))))
    for run in runs:
        shown = render(run, format, VIEW)
        shown = re.sub("<style>.*?</style>", "", shown, flags=re.DOTALL)
        assert "100 %" not in shown
        assert "unknown" in shown


def test_markdown_compares_the_vendors_and_shows_each_by_month() -> None:
    text = render(measured(vendor(), unreadable(slug="gone")), "markdown", VIEW)
    assert text.split("\n\n") == [
        "## Reliability, 31 Dec 2025 to 15 Jan 2026, worst first",
        "16 days (UTC); downtime counts critical 1, major 0.5, minor 0.",
        "| Vendor | Availability | Incidents | Hours | Longest | Median | Days | Maintenance |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        "| [Acme](https://status.acme.example) | 98.11 % | 4 | 12.0 h | 6.0 h | at least 4.0 h"
        " | 4 | 0.0 h |\n"
        "| [gone](https://status.gone.example) | unknown: no answer in 10 s |  |  |  |  |  |  |",
        "### [Acme](https://status.acme.example)",
        "- **1 incident still open: counted up to the last reading**\n"
        "- 1 critical, 1 major, 1 minor, 1 impact none; 6.0 h critical, 2.0 h major, 4.0 h minor;"
        " 96.77 % of the time without an incident of impact minor or worse; trouble on 4 of 16"
        " days; maintenance 0.0 h",
        "| Month | Availability | Incidents | Hours | Longest | Median | Days | Maintenance |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        "| Dec 2025 | 100 % | 1 | 2.0 h | 2.0 h | 4.0 h | 1 | 0.0 h |\n"
        "| Jan 2026 | 97.98 % | 4 | 10.0 h | 6.0 h | at least 4.0 h | 3 | 0.0 h |",
        "| Component | Availability | Incidents | Hours | Longest | Median | Days | Maintenance |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        "| Europe/Build | at most 98.11 % | at least 2 | at least 8.0 h | at least 6.0 h"
        " | at least 4.0 h | at least 2 | 0.0 h |\n"
        "| API | at most 98.38 % | at least 1 | at least 6.0 h | at least 6.0 h"
        " | at least 6.0 h | at least 1 | 0.0 h |",
        "1 other component; 2 incidents without a component may concern any of them.",
        "Computed from the incidents that the vendors posted, not measured. Hours: in incidents of"
        " impact minor or worse, overlaps once. Median: time to resolve. Days: with trouble."
        " Maintenance: as scheduled, not downtime.\n",
    ]


# HTML

RUNS = {
    "mixed": mixed(),
    "one": measured(vendor()),
    "drill": measured(vendor(), drill="a bad day"),
}
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section"),
    *("h1", "h2", "h3", "p", "b", "ul", "li", "a", "span", "time"),
    *("table", "thead", "tbody", "tr", "th", "td", "svg", "rect"),
}


@pytest.mark.parametrize("name", RUNS)
def test_the_page_has_only_elements_that_do_nothing(name: str) -> None:
    tree = read(RUNS[name])
    assert {node.tag for node in every(tree)} <= ELEMENTS
    attributes = {attribute for node in every(tree) for attribute in node.attributes}
    assert not {one for one in attributes if one.startswith("on") or one in {"style", "src"}}
    assert not {"url(", "@import"} & {*re.findall(r"url\(|@import", tree.one("style").text)}


def cells(node: Node) -> list[list[str]]:
    return [
        [cell.text for cell in row.children if isinstance(cell, Node)] for row in node.all("tr")
    ]


def test_the_page_compares_the_vendors_with_bars_that_say_the_same() -> None:
    tree = read(mixed())
    comparison, acme, cut_one = tree.all("section")
    (compared,) = comparison.of_class("table", "figures")
    assert cells(compared)[1:] == [
        ["Acme", "98.11 %", "4", "12.0 h", "6.0 h", "at least 4.0 h", "4", "0.0 h", ""],
        [
            *("Cut", "at most 98.11 %", "at least 2", "at least 8.0 h", "at least 6.0 h"),
            *("at least 4.0 h", "at least 2", "0.0 h", ""),
        ],
        ["gone", "? unknown no answer in 10 s"],
        ["Fine", "100 %", "0", "0.0 h", "-", "-", "0", "0.0 h", ""],
    ]
    bars = list(compared.all("svg"))
    assert [bar.attributes["aria-label"] for bar in bars] == [
        "6.0 h critical, 2.0 h major, 4.0 h minor",
        "at least 6.0 h critical, 2.0 h major",
        "no hours",
    ]
    parts = [
        [(rect.attributes["class"], rect.attributes["width"]) for rect in bar.all("rect")][1:]
        for bar in bars
    ]
    assert parts == [
        [("critical", "500"), ("major", "167"), ("minor", "333")],
        [("critical", "500"), ("major", "167")],
        [],
    ]
    assert {bar.attributes["role"] for bar in bars} == {"img"}
    months, components = acme.of_class("table", "figures")
    assert [row[0] for row in cells(months)] == ["Month", "Dec 2025", "Jan 2026"]
    assert [row[0] for row in cells(components)] == ["Component", "Europe/Build", "API"]
    assert cells(cut_one.of_class("table", "figures")[0])[1] == ["Dec 2025", "? unknown "]


def test_the_page_of_a_drill_says_so() -> None:
    tree = read(RUNS["drill"])
    assert tree.one("title").text.startswith("DRILL: Reliability")
    assert tree.one("h1").text.startswith("DRILL: Reliability")
    assert "simulated data" in tree.one("header").text


SCROLLS = """
<script>const page = document.documentElement;
document.title = page.scrollWidth - page.clientWidth</script>
"""


@pytest.mark.skipif(not BROWSER, reason="there is no Chromium to show the page in")
@pytest.mark.parametrize("width", [500, 800, 1200])
def test_the_page_does_not_scroll_sideways(width: int, tmp_path: Path) -> None:
    text = re.sub("<meta http-equiv[^>]*>", "", render(mixed(), "html", VIEW))
    shown = browse(
        text.replace("</body>", f"{SCROLLS}</body>"),
        tmp_path,
        1,
        f"--window-size={width},900",
        "--dump-dom",
    )
    assert re.findall("<title>(.*?)</title>", shown) == ["0"]


# Any text


def hostile() -> Report:
    rows = [component(text, id=str(place)) for place, text in enumerate(WRITTEN)]
    history = [
        incident(
            text,
            "resolved",
            "major",
            started="2026-01-10 00:00",
            resolved="2026-01-10 06:00",
            links=[str(place)],
        )
        for place, text in enumerate(WRITTEN)
    ]
    vendors = [
        judged(page(*rows, name=text), slug=f"h{place}", history=history)
        for place, text in enumerate(WRITTEN)
    ]
    gone = [unreadable(slug=f"g{place}", message=text) for place, text in enumerate(HOSTILE)]
    return measured(*vendors, *gone, drill=HOSTILE[20])


def test_no_text_of_a_vendor_is_active_in_any_format() -> None:
    run = hostile()
    plain = render(run, "table", View(now=NOW, zone=NOW.tzinfo, width=120))
    assert not re.search(r"^(::|##)", plain, flags=re.MULTILINE)
    assert {node.tag for node in every(read(run))} <= ELEMENTS
    markdown = render(run, "markdown", VIEW)
    assert "<script" not in markdown
    assert not re.search(r"^(#{4,}|```|> |::)", markdown, flags=re.MULTILINE)
    assert not re.search(r"(?<!\\)!\[", markdown)
    columns = {row.count(" | ") for row in markdown.splitlines() if row.startswith("| ")}
    assert columns == {7}
    assert not re.search(r"(^|,)\"?[=+@-]", render(run, "csv", VIEW).replace(",-,", ""), re.M)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_ends_with_a_line_break(format: str) -> None:
    assert render(mixed(), format, VIEW).endswith("\n")
    assert render(mixed(), format, replace(VIEW, ascii=True)).isascii()

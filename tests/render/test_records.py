"""Plain and CSV: one record a line, each command's own columns, nothing cut or calculated."""

import csv
from io import StringIO

import pytest

from outlogger_cli.domain.report import Report
from outlogger_cli.render import render
from outlogger_cli.render.records import COLUMNS
from tests.reports import (
    HOSTILE,
    PAST,
    VIEW,
    acme,
    broken,
    component,
    healthy,
    hostile,
    incident,
    judged,
    narrowed,
    page,
    report,
    stale,
    strange,
    unreadable,
)

NAMES = [" ".join(text.split()) for text in HOSTILE]


def plain(run: Report) -> list[list[str]]:
    return [line.split("\t") for line in render(run, "plain", VIEW).split("\n")[:-1]]


def cells(run: Report) -> list[list[str]]:
    """The records of the CSV, without its header."""
    header, *rows = csv.reader(StringIO(render(run, "csv", VIEW), newline=""), strict=True)
    assert tuple(header) == COLUMNS[run.command]
    return rows


RECORDS: dict[str, tuple[Report, list[list[str]]]] = {
    "check has one a vendor": (
        report(healthy("fine"), broken("github"), stale("gone")),
        [
            ["fine", "none", "ok", "", "0", "https://status.fine.example"],
            [
                "github",
                "major",
                "problem",
                "Europe/Build; API",
                "1",
                "https://status.github.example",
            ],
            ["gone", "unknown", "unknown", "", "0", "https://status.gone.example"],
        ],
    ),
    "check ignores the last reading of a page that failed": (
        report(unreadable(slug="gone", last=broken())),
        [["gone", "unknown", "unknown", "", "0", "https://status.gone.example"]],
    ),
    "wait has that of check": (
        report(healthy(), command="wait"),
        [["acme", "none", "ok", "", "0", "https://status.acme.example"]],
    ),
    "status has one a component in the order of the page": (
        report(broken(), command="status"),
        [
            ["acme", "Europe", "Queue", "operational", "none"],
            ["acme", "Europe", "Build", "partial_outage", "major"],
            ["acme", "", "API", "degraded_performance", "minor"],
            ["acme", "", "Dashboard", "operational", "none"],
        ],
    ),
    "status has only the selected components": (
        report(narrowed(), command="status"),
        [["acme", "", "Dashboard", "operational", "none"]],
    ),
    "an unknown word is unknown": (
        report(strange(components=("Search",)), command="status"),
        [["acme", "", "Search", "unknown", "unknown"]],
    ),
    "a page that failed is one unknown record, whatever its last reading": (
        report(unreadable(slug="gone"), stale("stale"), command="status"),
        [["gone", "", "", "unknown", "unknown"], ["stale", "", "", "unknown", "unknown"]],
    ),
    "a page without components is one record with its severity": (
        report(judged(page(incidents=[incident("Down", impact="critical")])), command="status"),
        [["acme", "", "", "", "critical"]],
    ),
    "incidents have their duration once they are over": (
        report(broken(history=PAST), command="incidents"),
        [
            [
                *("acme", "2026-01-15T11:05:00Z", "identified", "major", ""),
                *("Builds are stuck", "https://stspg.io/i1"),
            ],
            [
                *("acme", "2026-01-03T08:00:00Z", "resolved", "minor", "5400"),
                *("API errors", "https://stspg.io/i0"),
            ],
        ],
    ),
    "an incident without a start has an empty field": (
        report(acme(incidents=[{**incident("Old"), "created_at": None}]), command="incidents"),
        [["acme", "", "investigating", "minor", "", "Old", "https://stspg.io/i1"]],
    ),
}


@pytest.mark.parametrize("name", RECORDS)
def test_each_command_has_its_records(name: str) -> None:
    run, records = RECORDS[name]
    assert plain(run) == records
    assert cells(run) == records


def test_the_whole_texts() -> None:
    run = report(broken(), stale("gone"))
    assert render(run, "plain", VIEW) == (
        "acme\tmajor\tproblem\tEurope/Build; API\t1\thttps://status.acme.example\n"
        "gone\tunknown\tunknown\t\t0\thttps://status.gone.example\n"
    )
    assert render(run, "csv", VIEW) == (
        "slug,severity,verdict,problems,open_incidents,url\r\n"
        "acme,major,problem,Europe/Build; API,1,https://status.acme.example\r\n"
        "gone,unknown,unknown,,0,https://status.gone.example\r\n"
    )


def test_no_text_of_a_vendor_makes_a_field_or_a_record() -> None:
    run = report(hostile(), command="status")
    assert {len(row) for row in [*plain(run), *cells(run)]} == {5}
    assert [row[2] for row in plain(run)[: len(NAMES)]] == NAMES
    assert [row[2].removeprefix("'") for row in cells(run)[: len(NAMES)]] == NAMES
    assert not [cell for row in cells(run) for cell in row if cell.startswith(tuple("=+-@"))]


def test_in_plain_a_tab_or_a_break_in_a_name_of_the_watchlist_is_a_space() -> None:
    assert plain(report(acme(slug="a\tb\nc\rd")))[0][0] == "a b c d"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_in_csv_a_cell_that_would_be_calculated_is_text(sign: str) -> None:
    assert cells(report(acme(component(f"{sign}1+1")), command="status"))[0][2] == f"'{sign}1+1"


@pytest.mark.parametrize("sign", ["\t", "\r", "\n"])
def test_in_csv_a_cell_that_begins_with_white_space_is_text(sign: str) -> None:
    assert cells(report(acme(slug=f"{sign}=1+1")))[0][0] == f"'{sign}=1+1"


def test_in_csv_a_sign_further_on_is_left_alone() -> None:
    assert cells(report(acme(component("A=1")), command="status"))[0][2] == "A=1"


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a; -1;+2", "a; '-1;'+2"),
        ('a;"=1+1"', 'a;"\'=1+1"'),
        (';@SUM(1)"; ＝1', ";'@SUM(1)\"; '＝1"),
        ("a;b=1; c", "a;b=1; c"),
    ],
)
def test_in_csv_no_cell_is_a_formula_if_semicolons_end_cells(name: str, cell: str) -> None:
    run = report(acme(component(name)), command="status")
    assert cells(run)[0][2] == cell
    other = csv.reader(StringIO(render(run, "csv", VIEW), newline=""), delimiter=";")
    assert not [one for row in other for one in row if one.lstrip().startswith(tuple("=+-@＝"))]

"""CSV: read back by a CSV reader, and never calculated by a spreadsheet."""

import csv
from io import StringIO

import pytest

from outlogger_cli.domain.report import Report
from outlogger_cli.render import csv as format
from tests.reports import (
    HOSTILE,
    PAST,
    VIEW,
    acme,
    broken,
    component,
    healthy,
    hostile,
    report,
    skipped,
    stale,
)


def rows(run: Report) -> list[list[str]]:
    return list(csv.reader(StringIO(format.render(run, VIEW), newline=""), strict=True))


def test_check_has_the_columns_of_plain_under_a_header() -> None:
    assert format.render(report(broken(), stale("gone")), VIEW) == (
        "slug,severity,verdict,problems,open_incidents,url\r\n"
        "acme,major,problem,Europe/Build; API,1,https://status.acme.example\r\n"
        "gone,unknown,unknown,,0,https://status.gone.example\r\n"
    )


def test_status_has_a_row_a_component() -> None:
    assert rows(report(healthy(), command="status")) == [
        ["slug", "group", "component", "status", "severity"],
        ["acme", "", "API", "operational", "none"],
        ["acme", "", "Dashboard", "operational", "none"],
    ]


def test_incidents_have_a_row_each() -> None:
    header, first, _ = rows(report(broken(history=PAST), command="incidents"))
    assert dict(zip(header, first, strict=True)) == {
        "slug": "acme",
        "started_at": "2026-01-15T11:05:00Z",
        "status": "identified",
        "impact": "major",
        "duration_seconds": "",
        "name": "Builds are stuck",
        "url": "https://stspg.io/i1",
    }


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_a_cell_that_would_be_calculated_is_text(sign: str) -> None:
    run = report(acme(component(f"{sign}1+1")), command="status")
    assert rows(run)[1][2] == f"'{sign}1+1"


@pytest.mark.parametrize("sign", ["\t", "\r", "\n"])
def test_a_cell_that_begins_with_white_space_is_text(sign: str) -> None:
    run = report(acme(slug=f"{sign}=1+1"))
    assert rows(run)[1][0] == f"'{sign}=1+1"


def test_a_sign_further_on_is_left_alone() -> None:
    run = report(acme(component("A=1")), command="status")
    assert rows(run)[1][2] == "A=1"


def test_no_text_of_a_vendor_makes_a_cell_or_a_row() -> None:
    _, *told = rows(report(hostile(), command="status"))
    assert {len(row) for row in told} == {5}
    names = [" ".join(text.split()) for text in HOSTILE]
    assert [row[2].removeprefix("'") for row in told[: len(HOSTILE)]] == names
    assert not [cell for row in told for cell in row if cell.startswith(tuple("=+-@"))]


def test_nothing_read_is_a_header_alone() -> None:
    assert rows(skipped()) == [["slug", "severity", "verdict", "problems", "open_incidents", "url"]]

"""For spreadsheets: the columns of `plain` with a header, quoted by RFC 4180."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from outlogger_cli.domain.report import Report
from outlogger_cli.render import View
from outlogger_cli.render.records import COLUMNS, rows

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""What makes a spreadsheet calculate a cell; some read the full-width signs alike."""


def render(report: Report, view: View, /) -> str:
    return written([COLUMNS[report.command], *rows(report, view)])


def written(records: Iterable[Sequence[str]]) -> str:
    """`records`, the first of them the header, with no cell a spreadsheet would calculate."""
    file = StringIO(newline="")
    csv.writer(file).writerows([_cell(value) for value in record] for record in records)
    return file.getvalue()


def _cell(value: str) -> str:
    """A leading apostrophe makes a cell text in every spreadsheet."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value

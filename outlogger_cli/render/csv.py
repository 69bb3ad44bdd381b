"""For spreadsheets: the columns of `plain` with a header, quoted as in RFC 4180."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from outlogger_cli.domain.report import Report
from outlogger_cli.render import View
from outlogger_cli.render.records import COLUMNS, rows

_STARTS = "=+\\-@\t\r\n＝＋－＠"
"""Characters that begin a formula; some spreadsheets accept the full-width signs too."""

_FORMULA = rf"""(^|;[\s"]*)(?=[{_STARTS}])"""
"""Where a formula may begin: where the comma is the decimal sign, a semicolon ends a cell."""


def render(report: Report, view: View, /) -> str:
    return written([COLUMNS[report.command], *rows(report, view)])


def written(records: Iterable[Sequence[str]]) -> str:
    """Return `records`, the first of them the header, without a cell that is a formula."""
    file = StringIO(newline="")
    csv.writer(file).writerows([_cell(value) for value in record] for record in records)
    return file.getvalue()


def _cell(value: str) -> str:
    """Every spreadsheet takes a cell with a leading apostrophe for text."""
    return re.sub(_FORMULA, r"\1'", value)

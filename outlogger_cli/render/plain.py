"""For pipes: one record a line, tab-separated, never wrapped or cut, no header."""

from outlogger_cli.domain.report import Report
from outlogger_cli.render import View
from outlogger_cli.render.records import rows

_GAPS = str.maketrans("\t\n\r", "   ")


def render(report: Report, view: View, /) -> str:
    return "".join("\t".join(map(_cell, row)) + "\n" for row in rows(report, view))


def _cell(value: str) -> str:
    """A tab or a line break inside a value would be read as a field or a record."""
    return value.translate(_GAPS)

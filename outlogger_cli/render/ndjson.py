"""For streams: one vendor object a line, the same object as in `json`."""

import json

from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View
from outlogger_cli.render.json import vendor


def render(report: Report, _view: View, /) -> str:
    return "".join(line(judged, report) for judged in report.vendors)


def line(judged: Judged, report: Report) -> str:
    """One vendor as one line of ASCII, so that it can be written as soon as it is known."""
    return json.dumps(vendor(judged, report), separators=(",", ":")) + "\n"

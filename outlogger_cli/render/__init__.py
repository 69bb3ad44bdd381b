"""The shelf of formats: a report as text, one module each.

A format is a module with `render(report, view) -> str`; it never fetches, reads files or asks the
time. To add one, write the module and name it in `FORMATS`. Modules load when named.
"""

from datetime import datetime, tzinfo
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from outlogger_cli.domain.values import frozen

if TYPE_CHECKING:
    from outlogger_cli.domain.report import Report

SCHEMA_VERSION = 1
"""Of every JSON document."""

FORMATS = {
    "table": "for people at a terminal; fits its width",
    "plain": "for awk and grep: one record a line, tab-separated, never cut, no header",
    "json": "for scripts: one object, the same shape for one vendor and many",
    "ndjson": "for streams: one vendor object a line, flushed as it arrives",
    "csv": "for spreadsheets: the columns of plain with a header",
    "markdown": "for step summaries and tickets",
    "html": "for people without a terminal: one page, no script, no remote asset",
    "junit": "for CI reports: suite a vendor, case a component",
    "github": "for GitHub Actions: annotations, step summary, outputs",
    "nagios": "for Nagios and Icinga: one line, details, performance data, their exit codes",
    "prometheus": "for node_exporter's textfile collector",
    "line": "for prompts, tmux and waybar: one short line from stored readings",
}
"""Every format and what it is for."""

HISTORICAL = ("table", "plain", "json", "ndjson", "csv", "markdown", "html")
"""Those that can tell of the past."""


@frozen
class View:
    """How it is shown, for the formats that people read.

    `zone` is the reader's (None: the local one), `now` the moment ages count from. `incidents` is
    how many are listed; `unfold` shows every component, `problems_only` only those not
    operational; `timelines` shows every update of an incident; `waybar` makes a line its JSON.
    """

    now: datetime
    width: int = 80
    color: bool = False
    ascii: bool = False
    zone: tzinfo | None = None
    incidents: int = 5
    unfold: bool = False
    problems_only: bool = False
    timelines: bool = False
    verbose: bool = False
    waybar: bool = False


class Format(Protocol):
    """What a format module offers."""

    def render(self, report: "Report", view: View, /) -> str:
        """The whole text, with a line break at its end; "" where there is nothing to say."""
        ...


def render(report: "Report", name: str, view: View) -> str:
    """`report` in the format called `name`, which is one of `FORMATS`."""
    module = cast(Format, import_module(f"{__name__}.{name}"))
    return module.render(report, view)

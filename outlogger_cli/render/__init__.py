"""Formats: a report as text, one module per format.

A format is a module with `render(report, view) -> str` and an entry in `FORMATS`. Modules never
fetch, read files, or ask for the time. They are imported when a format is used, because some need
Rich.
"""

from collections.abc import Callable
from datetime import datetime, tzinfo
from enum import StrEnum, auto
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from outlogger_cli.domain.model import Depth
from outlogger_cli.domain.values import frozen

if TYPE_CHECKING:
    from outlogger_cli.domain.report import Report

SCHEMA_VERSION = 1
"""Version of every JSON document."""


class Theme(StrEnum):
    """Which background the colours are for; `auto` uses colours that are readable on both."""

    AUTO = auto()
    DARK = auto()
    LIGHT = auto()


class Sort(StrEnum):
    """The order of vendors in the formats that people read."""

    SEVERITY = auto()
    LIST = auto()
    NAME = auto()


@frozen
class Site:
    """How an HTML page is served. `root` is the relative address of the overview, below which the
    pages of vendors are. `refresh` is the pause in seconds after which the page loads again, 0 if
    it does not. `notices` are sentences about the readings."""

    root: str
    refresh: int = 0
    notices: tuple[str, ...] = ()


@frozen
class View:
    """How a report is shown, for the formats that people read.

    `zone` is the reader's time zone (None: the local one), `now` the time that ages count from.
    `few_colors`: the terminal has 16 colours. `links`: it follows hyperlinks (OSC 8).
    `incidents` is how many past incidents are listed. `unfold` shows every vendor and component,
    `problems_only` only what is not ok. `details` shows the page of each vendor that is not ok.
    `timelines` shows every update of an incident, `by_vendor` a section of incidents per vendor.
    `empty_ok` means no text in `line` and `waybar` if all is ok. `labels` are labels of every
    series of `prometheus`. `site` is how an HTML page is served, None if it is a file.
    """

    now: datetime
    width: int = 80
    color: bool = False
    few_colors: bool = False
    theme: Theme = Theme.AUTO
    links: bool = False
    ascii: bool = False
    zone: tzinfo | None = None
    sort: Sort = Sort.SEVERITY
    incidents: int = 5
    unfold: bool = False
    problems_only: bool = False
    details: bool = False
    timelines: bool = False
    by_vendor: bool = False
    verbose: bool = False
    empty_ok: bool = False
    labels: tuple[tuple[str, str], ...] = ()
    site: Site | None = None


class FormatModule(Protocol):
    """What the module of a format offers."""

    def render(self, report: "Report", view: View, /) -> str:
        """Return the whole text with a line break at its end, or "" if there is no record."""
        ...


@frozen
class Format:
    """What commands must know about a format before they import its module.

    `name` is also the name of its module, `summary` its line in the help.

    What it shows: `past` means past incidents and days too. `records_only` means that it has no
    room for sentences, so that commands write them to standard error. `for_terminal` means that
    it explains every problem to a person, and `is_log` that it does so in a log that shows both
    streams, so that standard error need not. `silent` means that nothing is written to standard
    error, because what reads the output joins the streams. `fills` means that it is drawn on a
    terminal while pages are read. `verdicts_only` means that `status` does not offer it. `streams`
    means that each vendor can be written once it is known, `streams_in_order` once all before it
    are known, too.

    What it reads: `depth` of a page for `status`, and `depth_of_many` if several vendors need
    less. `stored_only` means that only the cache is read, and that `status` always exits 0.

    What else it takes: `labelled` means labels by `--label`, `can_be_empty` means `--empty-ok`.

    What else it does: `exit_code` replaces that of the report. `on_error` makes the output of a run
    that failed with a message and would exit with a code, instead of a line on standard error, and
    its own exit code. `appends` names environment variables that name
    files, and makes the text to append to each.
    """

    name: str
    summary: str
    past: bool = False
    records_only: bool = False
    for_terminal: bool = False
    is_log: bool = False
    silent: bool = False
    verdicts_only: bool = False
    fills: bool = False
    streams: bool = False
    streams_in_order: bool = False
    depth: Depth = Depth.HISTORY
    depth_of_many: Depth | None = None
    stored_only: bool = False
    labelled: bool = False
    can_be_empty: bool = False
    exit_code: "Callable[[Report], int] | None" = None
    on_error: Callable[[str, int], tuple[str, int]] | None = None
    appends: "tuple[tuple[str, Callable[[Report, View], str]], ...]" = ()

    def load(self) -> FormatModule:
        """Import the module of the format and what it needs."""
        return cast(FormatModule, import_module(f"{__name__}.{self.name}"))

    def status_depth(self, vendors: int) -> Depth:
        """How much of each page `status` reads to show so many vendors."""
        return self.depth_of_many if self.depth_of_many and vendors > 1 else self.depth


def render(report: "Report", format: Format | str, view: View) -> str:
    """Return `report` in a format, or in the one of `FORMATS` that has this name."""
    found = FORMATS[format] if isinstance(format, str) else format
    if report.reliability:
        module = import_module(f"{__name__}.reliability.{found.name}")
        return cast(FormatModule, module).render(report, view)
    return found.load().render(report, view)


def _nagios_exit_code(report: "Report") -> int:
    from outlogger_cli.render import nagios

    return nagios.exit_code(report)


def _nagios_error(message: str, _code: int) -> tuple[str, int]:
    from outlogger_cli.render import nagios

    return nagios.usage(message), nagios.State.UNKNOWN


def _github_error(message: str, code: int) -> tuple[str, int]:
    from outlogger_cli.render import github

    return github.usage(message), code


def _github_summary(report: "Report", view: View) -> str:
    from outlogger_cli.render import github

    return github.summary(report, view)


def _github_outputs(report: "Report", _view: View) -> str:
    from outlogger_cli.render import github

    return github.outputs(report)


_ALL = (
    Format(
        name="table",
        summary="for people at a terminal; fits its width",
        past=True,
        for_terminal=True,
        fills=True,
        depth_of_many=Depth.NOW,
    ),
    Format(
        name="plain",
        summary="for awk and grep: one record a line, tab-separated, never cut, no header",
        past=True,
        records_only=True,
        streams=True,
        streams_in_order=True,
        depth=Depth.VERDICT,
    ),
    Format(
        name="json",
        summary="for scripts: one object, the same shape for one vendor and many",
        past=True,
    ),
    Format(
        name="ndjson",
        summary="for streams: one vendor object a line, flushed as it arrives",
        past=True,
        streams=True,
    ),
    Format(
        name="csv",
        summary="for spreadsheets: the columns of plain with a header",
        past=True,
        records_only=True,
        depth=Depth.VERDICT,
    ),
    Format(name="markdown", summary="for step summaries and tickets", past=True),
    Format(
        name="html",
        summary="for people without a terminal: one page, no script, no remote asset",
        past=True,
    ),
    Format(
        name="junit",
        summary="for CI reports: suite a vendor, case a component",
        depth=Depth.VERDICT,
    ),
    Format(
        name="github",
        summary="for GitHub Actions: annotations, step summary, outputs",
        verdicts_only=True,
        is_log=True,
        on_error=_github_error,
        appends=(("GITHUB_STEP_SUMMARY", _github_summary), ("GITHUB_OUTPUT", _github_outputs)),
    ),
    Format(
        name="nagios",
        summary="for Nagios and Icinga: one line, details, performance data, their exit codes",
        verdicts_only=True,
        silent=True,
        exit_code=_nagios_exit_code,
        on_error=_nagios_error,
    ),
    Format(
        name="prometheus",
        summary="for node_exporter's textfile collector",
        depth=Depth.VERDICT,
        labelled=True,
    ),
    Format(
        name="line",
        summary="for prompts and tmux: one short line from stored readings",
        depth=Depth.VERDICT,
        stored_only=True,
        can_be_empty=True,
    ),
    Format(
        name="waybar",
        summary="for waybar: the same line as JSON, with a tooltip and a class",
        depth=Depth.VERDICT,
        stored_only=True,
        can_be_empty=True,
    ),
)

FORMATS = {format.name: format for format in _ALL}
"""Every format by its name, in the order of the help."""

LIST_FORMATS = ("table", "plain", "json", "csv")
"""Formats of lists that are not reports (see `listing`)."""

HISTORICAL = tuple(name for name, format in FORMATS.items() if format.past)
"""Names of the formats that show the past."""

"""The options that commands share, as frozen classes whose fields are Typer options."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from outlogger_cli.cli.command_line import (
    OTHER,
    OUTPUT,
    READING,
    VENDORS,
    VERDICT,
    completed_by,
    format_option,
    settle_debug,
    settle_json,
)
from outlogger_cli.domain.durations import duration
from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown
from outlogger_cli.domain.values import frozen
from outlogger_cli.render import Sort, Theme
from outlogger_cli.system.terminal import Color


def length(text: str) -> timedelta:
    """Parse a duration; raises what Typer shows of an invalid one."""
    try:
        return duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def budget(text: str) -> timedelta:
    """Parse a duration longer than zero."""
    if not (span := length(text)):
        raise typer.BadParameter("must be longer than 0s")
    return span


Labels = Annotated[
    list[str] | None,
    Option(
        "--label",
        metavar="NAME=VALUE",
        help="Add a label to every series of --format prometheus. [default: list=WATCHLIST]",
        show_default=False,
    ),
]
EmptyOk = Annotated[
    bool,
    Option(
        "--empty-ok",
        help="Print no text if all is ok (--format line or waybar).",
        rich_help_panel=OUTPUT,
    ),
]
Timeout = Annotated[
    timedelta | None,
    Option(
        "--timeout",
        metavar="DURATION",
        parser=budget,
        envvar="OUTLOGGER_TIMEOUT",
        help="Time limit per vendor. [env: OUTLOGGER_TIMEOUT; default: 10s]",
        rich_help_panel=READING,
        show_default=False,
        show_envvar=False,
    ),
]
Deadline = Annotated[
    timedelta | None,
    Option(
        "--deadline",
        metavar="DURATION",
        parser=budget,
        help="Time limit for the whole run.",
        rich_help_panel=READING,
        show_default=False,
    ),
]
Jobs = Annotated[
    int | None,
    Option(
        "--jobs",
        metavar="N",
        min=1,
        max=1000,
        envvar="OUTLOGGER_JOBS",
        help="Vendors to read at a time. [env: OUTLOGGER_JOBS; default: 64]",
        rich_help_panel=READING,
        show_default=False,
        show_envvar=False,
    ),
]
Retries = Annotated[
    int | None,
    Option(
        "--retries",
        metavar="N",
        min=0,
        max=10,
        help="Retries after a transient failure. [default: 1]",
        rich_help_panel=READING,
        show_default=False,
    ),
]
Cacert = Annotated[
    Path | None,
    Option(
        "--cacert",
        metavar="FILE",
        help="Trust these certificate authorities, not the system's."
        " [env: SSL_CERT_FILE, SSL_CERT_DIR]",
        rich_help_panel=READING,
        show_default=False,
    ),
]

WatchlistFile = Annotated[
    Path | None,
    Option(
        "--watchlist",
        metavar="FILE",
        help="The watchlist to use. [env: OUTLOGGER_WATCHLIST]",
        rich_help_panel=VENDORS,
        show_default=False,
    ),
]
Components = Annotated[
    list[str] | None,
    Option(
        "--component",
        "-c",
        metavar="PATTERN",
        help="Count only these components.",
        rich_help_panel=VENDORS,
        show_default=False,
        autocompletion=completed_by("components"),
    ),
]
Excluded = Annotated[
    list[str] | None,
    Option(
        "--exclude",
        "-x",
        metavar="PATTERN",
        help="Do not count these components.",
        rich_help_panel=VENDORS,
        show_default=False,
        autocompletion=completed_by("components"),
    ),
]
Threshold = Annotated[
    FailOn | None,
    Option(
        "--fail-on",
        help="Lowest severity that is a problem. [default: minor]",
        rich_help_panel=VERDICT,
        show_default=False,
    ),
]


def _not_the_stream(file: Path | None) -> Path | None:
    """`-` is standard output, as in other programs."""
    return None if file == Path("-") else file


Sorted = Annotated[
    Sort,
    Option(
        "--sort",
        help="Order of vendors in table, line, markdown and html.",
        rich_help_panel=OUTPUT,
    ),
]
Quiet = Annotated[
    bool,
    Option("--quiet", "-q", help="Print nothing except usage errors.", rich_help_panel=OTHER),
]
Debug = Annotated[
    bool,
    Option(
        "--debug",
        envvar="OUTLOGGER_DEBUG",
        show_envvar=False,
        is_eager=True,
        callback=settle_debug,
        help="Log requests and platform detection to stderr; show tracebacks."
        " [env: OUTLOGGER_DEBUG]",
        rich_help_panel=OTHER,
    ),
]


Counted = Annotated[
    CountIncidents | None,
    Option(
        "--count-incidents",
        help="Which open incidents count. [default: auto]",
        rich_help_panel=VERDICT,
        show_default=False,
    ),
]
MaxAge = Annotated[
    timedelta | None,
    Option(
        "--max-age",
        metavar="DURATION",
        parser=length,
        envvar="OUTLOGGER_MAX_AGE",
        help="Use a stored reading younger than this. [env: OUTLOGGER_MAX_AGE; default: 0s]",
        rich_help_panel=READING,
        show_default=False,
        show_envvar=False,
    ),
]
Offline = Annotated[
    bool, Option("--offline", help="Use only stored readings.", rich_help_panel=READING)
]
Refresh = Annotated[bool, Option("--refresh", help="Ignore the cache.", rich_help_panel=READING)]
Utc = Annotated[bool, Option("--utc", help="Show times in UTC.", rich_help_panel=OUTPUT)]
Zone = Annotated[
    str | None,
    Option(
        "--tz",
        metavar="NAME",
        help="Show times in this time zone. [env: TZ]",
        rich_help_panel=OUTPUT,
        show_default=False,
        autocompletion=completed_by("zones"),
    ),
]
Verbose = Annotated[
    bool,
    Option(
        "--verbose",
        "-v",
        help="Explain each verdict and each failure.",
        rich_help_panel=OTHER,
    ),
]


VendorNames = Annotated[
    list[str] | None,
    Argument(
        metavar="[VENDOR]...",
        help="Name of a vendor or product, or https:// URL; - reads names from stdin."
        " [default: the whole watchlist]",
        show_default=False,
        autocompletion=completed_by("vendors"),
    ),
]
Tags = Annotated[
    list[str] | None,
    Option(
        "--tag",
        metavar="TAG",
        help="Read only vendors with this tag.",
        rich_help_panel=VENDORS,
        show_default=False,
        autocompletion=completed_by("tags"),
    ),
]


@frozen
class NetworkOptions:
    """How pages are requested."""

    timeout: Timeout = None
    deadline: Deadline = None
    jobs: Jobs = None
    retries: Retries = None
    cacert: Cacert = None


@frozen
class PageOptions(NetworkOptions):
    """How pages are read, counted and shown."""

    watchlist: WatchlistFile = None
    count_incidents: Counted = None
    max_age: MaxAge = None
    offline: Offline = False
    refresh: Refresh = False
    utc: Utc = False
    tz: Zone = None
    verbose: Verbose = False


@frozen
class ReadOptions(PageOptions):
    """What every command takes that reads the vendors it is given."""

    vendors: VendorNames = None
    component: Components = None
    exclude: Excluded = None
    tag: Tags = None


@frozen
class ThresholdOptions:
    """What the commands with a verdict take."""

    fail_on: Threshold = None
    on_unknown: Annotated[
        OnUnknown | None,
        Option(
            "--on-unknown",
            help="Effect of an unknown vendor on the exit code. [default: fail]",
            rich_help_panel=VERDICT,
            show_default=False,
        ),
    ] = None


@frozen
class WatchlistOptions:
    """Which watchlist."""

    watchlist: WatchlistFile = None


@frozen
class MessageOptions:
    """What is printed by commands without a format."""

    quiet: Quiet = False
    debug: Debug = False


@frozen
class OutputOptions:
    """How a report is written, and where. `format` is None if the stream decides."""

    format: Annotated[
        str | None,
        format_option(
            "See 'outlogger help formats'. [env: OUTLOGGER_FORMAT; default: table, plain in a pipe]"
        ),
    ] = None
    json: Annotated[
        bool,
        Option(
            "--json",
            is_eager=True,
            callback=settle_json,
            help="Same as --format json.",
            rich_help_panel=OUTPUT,
        ),
    ] = False
    output: Annotated[
        Path | None,
        Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the output to FILE (atomically).",
            rich_help_panel=OUTPUT,
            callback=_not_the_stream,
            show_default=False,
        ),
    ] = None
    color: Annotated[
        Color, Option("--color", help="When to use colour.", rich_help_panel=OUTPUT)
    ] = Color.AUTO
    theme: Annotated[
        Theme,
        Option(
            "--theme",
            envvar="OUTLOGGER_THEME",
            show_envvar=False,
            help="Background of the terminal. [env: OUTLOGGER_THEME]",
            rich_help_panel=OUTPUT,
        ),
    ] = Theme.AUTO
    ascii: Annotated[
        bool,
        Option("--ascii", help="Write tables and Markdown in ASCII.", rich_help_panel=OUTPUT),
    ] = False
    quiet: Quiet = False
    debug: Debug = False


@frozen
class ListOptions(OutputOptions):
    """How a list is written, and where."""

    format: Annotated[
        str | None,
        format_option(
            "table, plain, json or csv. [env: OUTLOGGER_FORMAT; default: table, plain in a pipe]"
        ),
    ] = None

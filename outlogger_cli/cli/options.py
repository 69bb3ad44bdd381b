"""The options that commands share, as dataclasses whose fields are Typer options.

`@takes(reading=Reading)` gives a command all fields of `Reading` as options and hands them over as
one value, so that a shared option is written once.
"""

import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from typer import Argument, Option

from outlogger_cli.cli import completion
from outlogger_cli.domain.durations import duration
from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown
from outlogger_cli.domain.values import frozen
from outlogger_cli.system.terminal import Color

Code = TypeVar("Code")


def length(text: str) -> timedelta:
    """A duration, or what Typer shows of a bad one."""
    try:
        return duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def budget(text: str) -> timedelta:
    """A duration longer than nothing."""
    if not (span := length(text)):
        raise typer.BadParameter("must be longer than 0s")
    return span


Timeout = Annotated[
    timedelta | None,
    Option(
        "--timeout",
        metavar="DURATION",
        parser=budget,
        envvar="OUTLOGGER_TIMEOUT",
        help="All the time one vendor gets. [env: OUTLOGGER_TIMEOUT; default: 10s]",
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
        help="All the time the run gets.",
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
        help="Vendors read at a time. [env: OUTLOGGER_JOBS; default: 64]",
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
        help="Times to ask again after a failure that may pass. [default: 1]",
        show_default=False,
    ),
]
Cacert = Annotated[
    Path | None,
    Option(
        "--cacert",
        metavar="FILE",
        help="Trust these authorities instead of the system's. [env: SSL_CERT_FILE, SSL_CERT_DIR]",
        show_default=False,
    ),
]

WatchlistFile = Annotated[
    Path | None,
    Option(
        "--watchlist",
        metavar="FILE",
        help="The watchlist to use. [env: OUTLOGGER_WATCHLIST]",
        show_default=False,
    ),
]
Components = Annotated[
    list[str] | None,
    Option(
        "--component",
        "-c",
        metavar="PATTERN",
        help="Only these components count.",
        show_default=False,
        autocompletion=completion.components,
    ),
]
Excluded = Annotated[
    list[str] | None,
    Option(
        "--exclude",
        "-x",
        metavar="PATTERN",
        help="These components do not count.",
        show_default=False,
        autocompletion=completion.components,
    ),
]
Threshold = Annotated[
    FailOn | None,
    Option(
        "--fail-on", help="The severity that is a problem. [default: minor]", show_default=False
    ),
]


def _not_the_stream(file: Path | None) -> Path | None:
    """`-` is standard output, as everywhere."""
    return None if file == Path("-") else file


Json = Annotated[bool, Option("--json", help="Short for --format json.")]
Output = Annotated[
    Path | None,
    Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write there, whole or not at all.",
        callback=_not_the_stream,
        show_default=False,
    ),
]
Colors = Annotated[Color, Option("--color", help="When to colour.")]
Ascii = Annotated[bool, Option("--ascii", help="Tables and Markdown in ASCII alone.")]
Quiet = Annotated[bool, Option("--quiet", "-q", help="Print nothing but usage errors.")]
Debug = Annotated[
    bool,
    Option(
        "--debug",
        envvar="OUTLOGGER_DEBUG",
        show_envvar=False,
        help="Tracebacks. [env: OUTLOGGER_DEBUG]",
    ),
]


@frozen
class Reading:
    """What every command that reads pages takes."""

    vendors: Annotated[
        list[str] | None,
        Argument(
            metavar="[VENDOR]...",
            help="A slug, alias, watchlist name or https:// URL; - reads names from standard"
            " input. Without one, the whole watchlist.",
            show_default=False,
            autocompletion=completion.vendors,
        ),
    ] = None
    watchlist: WatchlistFile = None
    component: Components = None
    exclude: Excluded = None
    tag: Annotated[
        list[str] | None,
        Option(
            "--tag",
            metavar="TAG",
            help="Only vendors with this tag.",
            show_default=False,
            autocompletion=completion.tags,
        ),
    ] = None
    count_incidents: Annotated[
        CountIncidents | None,
        Option(
            "--count-incidents",
            help="Which open incidents count. [default: auto]",
            show_default=False,
        ),
    ] = None
    format: Annotated[
        str | None,
        Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="See 'outlogger help formats'. [env: OUTLOGGER_FORMAT; default: table, plain"
            " in a pipe]",
            show_default=False,
            autocompletion=completion.formats,
        ),
    ] = None
    json: Json = False
    output: Output = None
    timeout: Timeout = None
    deadline: Deadline = None
    jobs: Jobs = None
    retries: Retries = None
    max_age: Annotated[
        timedelta | None,
        Option(
            "--max-age",
            metavar="DURATION",
            parser=length,
            envvar="OUTLOGGER_MAX_AGE",
            help="Use a stored reading younger than this. [env: OUTLOGGER_MAX_AGE; default: 0s]",
            show_default=False,
            show_envvar=False,
        ),
    ] = None
    offline: Annotated[bool, Option("--offline", help="Only stored readings.")] = False
    refresh: Annotated[bool, Option("--refresh", help="Read the pages in any case.")] = False
    cacert: Cacert = None
    utc: Annotated[bool, Option("--utc", help="Times in UTC.")] = False
    tz: Annotated[
        str | None,
        Option(
            "--tz",
            metavar="NAME",
            help="Times in this zone. [env: TZ]",
            show_default=False,
            autocompletion=completion.zones,
        ),
    ] = None
    color: Colors = Color.AUTO
    ascii: Ascii = False
    quiet: Quiet = False
    verbose: Annotated[bool, Option("--verbose", "-v", help="Say why.")] = False
    debug: Debug = False


@frozen
class Gate:
    """What the commands with a verdict take."""

    fail_on: Threshold = None
    on_unknown: Annotated[
        OnUnknown | None,
        Option(
            "--on-unknown",
            help="What an unknown vendor does to the exit code. [default: fail]",
            show_default=False,
        ),
    ] = None


@frozen
class Fetching:
    """What the commands take that read pages and no watchlist."""

    timeout: Timeout = None
    deadline: Deadline = None
    jobs: Jobs = None
    retries: Retries = None
    cacert: Cacert = None


@frozen
class Listing:
    """What the commands that only list take."""

    format: Annotated[
        str | None,
        Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="table, plain, json or csv. [env: OUTLOGGER_FORMAT; default: table, plain in a"
            " pipe]",
            show_default=False,
            autocompletion=completion.formats,
        ),
    ] = None
    json: Json = False
    output: Output = None
    color: Colors = Color.AUTO
    ascii: Ascii = False
    quiet: Quiet = False
    debug: Debug = False


def takes(**groups: type[Any]) -> Callable[[Callable[..., Code]], Callable[..., Code]]:
    """Give a command every field of each dataclass in `groups` as a parameter of its own; the
    command gets them back as one value under the group's name."""

    def decorate(command: Callable[..., Code]) -> Callable[..., Code]:
        own = inspect.signature(command).parameters
        kept = [parameter for name, parameter in own.items() if name not in groups]
        shared = [_parameter(field) for group in groups.values() for field in fields(group)]

        @wraps(command)
        def called(**given: Any) -> Code:
            values = {
                name: group(**{field.name: given.pop(field.name) for field in fields(group)})
                for name, group in groups.items()
            }
            return command(**given, **values)

        parameters = [p.replace(kind=p.KEYWORD_ONLY) for p in (*kept, *shared)]
        called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {p.name: p.annotation for p in parameters}
        return called

    return decorate


def _parameter(field: Any) -> inspect.Parameter:
    default = inspect.Parameter.empty if field.default is MISSING else field.default
    return inspect.Parameter(
        field.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=field.type
    )

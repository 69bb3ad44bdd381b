"""The options that commands share, as dataclasses whose fields are Typer options.

`@with_options(options=ReadOptions)` gives a command all fields of `ReadOptions` as options and
passes them as one value, so that a shared option is written once.
"""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from typer import Argument, Option
from typer._click.core import (  # its own copies; they have no public names
    ParameterSource,
    iter_params_for_processing,
)
from typer._click.exceptions import BadOptionUsage, BadParameter, ClickException, NoSuchOption
from typer.core import TyperCommand

from outlogger_cli.domain.durations import duration
from outlogger_cli.domain.errors import UsageError, collected, together
from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown
from outlogger_cli.domain.similar import closest, did_you_mean
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen
from outlogger_cli.render import LIST_FORMATS, Sort, Theme
from outlogger_cli.system import paths
from outlogger_cli.system.terminal import Color

Code = TypeVar("Code")

VENDORS, VERDICT, OUTPUT, READING, OTHER = (
    "Vendors and selection",
    "Verdict",
    "Output",
    "Reading",
    "Other",
)
GROUPS = (None, VENDORS, VERDICT, OUTPUT, READING, OTHER)
"""The groups of options in a command's help, in order; first those without a group."""

_FORMAT, _DEBUG = "outlogger.format", "outlogger.debug"
"""Keys of a context's `meta`: what was settled before anything else of a command line."""


PARSE_ERRORS = 20
"""Unknown options that are reported at once: each takes parsing the line again."""

_PLAIN = {"int range": "integer", " is not in the range": ": must be"}
"""Words of Click's messages, and plainer ones."""


def settled_format(meta: dict[str, Any], line: Sequence[str] = ()) -> str | None:
    """The format that `--format`, `--json` or OUTLOGGER_FORMAT names, None if none does.

    If no command got as far as its options, it is the one that the words of `line` name.
    """
    if _FORMAT in meta or not line:
        return meta.get(_FORMAT)
    typed = re.search(r"(?:^|\0)(?:--format[=\0]|-f\0?)(\w+)", "\0".join(line))
    return typed[1] if typed else None


def settled_debug(meta: dict[str, Any]) -> bool:
    """Whether `--debug` or OUTLOGGER_DEBUG is on."""
    return bool(meta.get(_DEBUG))


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


def completed_by(name: str) -> Callable[..., Any]:
    """The function `name` of `cli.completion`, which is imported only when a shell asks."""

    def complete(ctx: typer.Context, incomplete: str) -> Any:
        from outlogger_cli.cli import completion

        return getattr(completion, name)(ctx, incomplete)

    return complete


def format_option(help: str) -> Any:
    """`--format`, whose value is one of the formats of the command (see `with_options`)."""
    return Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help=help,
        rich_help_panel=OUTPUT,
        show_default=False,
        is_eager=True,  # errors of all other options are shown in the format
        callback=_settle_format,
        autocompletion=completed_by("formats"),
    )


def _settle_format(ctx: typer.Context, value: str | None) -> str | None:
    """Settle the format by the option, else by `--json`, else by the variable if this command has
    what it names."""
    if ctx.resilient_parsing:
        return value
    allowed: Sequence[str] = getattr(ctx.command.callback, "formats", LIST_FORMATS)
    by_json = ctx.meta.setdefault(_FORMAT, None)
    if value is None:
        variable = ctx.obj.environ.get("OUTLOGGER_FORMAT", "")
        value = by_json or (variable if variable in allowed else None)
    elif value not in allowed:
        raise UsageError(f"--format must be one of {', '.join(allowed)}, not {value!r}")
    elif by_json not in {None, value}:
        raise UsageError(f"--json and --format {value} cannot be used together")
    ctx.meta[_FORMAT] = value
    return value


def _settle_json(ctx: typer.Context, value: bool) -> bool:
    named = settled_format(ctx.meta)
    if value and named not in {None, "json"} and not ctx.resilient_parsing:
        raise UsageError(f"--json and --format {named} cannot be used together")
    if value:
        _settle_format(ctx, "json")
    return value


def _settle_debug(ctx: typer.Context, value: bool) -> bool:
    if value and not ctx.resilient_parsing:
        from outlogger_cli.cli import diagnostics  # `logging` costs the start of a command 5 ms

        ctx.meta[_DEBUG] = True
        diagnostics.write_to(ctx.obj.stderr)
    return value


class Command(TyperCommand):
    """A command with grouped options that reports all errors of its command line at once."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        for group, rows in grouped_options(ctx):
            with formatter.section(group):
                formatter.write_dl(rows)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        errors: list[UsageError] = []
        values, rest, order = self._parsed(ctx, args, errors)
        if rest:
            errors.append(UsageError(f"unexpected argument: {line(' '.join(rest))}"))
        for parameter in iter_params_for_processing(order, self.get_params(ctx)):
            try:
                with collected(errors):
                    parameter.handle_parse_result(ctx, values, rest)
            except ClickException as error:
                errors.append(UsageError(described(error)))
        if errors:
            with collected(errors):
                _settle(ctx)
            raise together(errors)
        ctx.args = rest
        return rest

    def _parsed(
        self, ctx: Any, args: Sequence[str], errors: list[UsageError]
    ) -> tuple[dict[str, Any], list[str], list[Any]]:
        """Split `args` into values of parameters and what is left, without words that are wrong."""
        words = list(args)
        for _ in range(PARSE_ERRORS):
            try:
                return self.make_parser(ctx).parse_args(list(words))
            except (NoSuchOption, BadOptionUsage) as error:
                errors.append(UsageError(described(error)))
                words = _without_option(words, error.option_name)
        return {}, [], []


def _without_option(words: Sequence[str], name: str) -> list[str]:
    """`words` without the first that is the option `name`, or has it among short ones; nor the
    next, which may be the value of an unknown option."""
    kept = list(words)
    for place, word in enumerate(kept):
        is_short = len(name) == 2 and not word.startswith("--")
        if word.partition("=")[0] == name or (is_short and word[:1] == "-" and name[1] in word):
            has_value = word == name and kept[place + 1 : place + 2] and kept[place + 1][0:1] != "-"
            del kept[place : place + (2 if has_value else 1)]
            break
    return kept


def _settle(ctx: Any) -> None:
    """Raise the errors that settling the session of this command would raise, too.

    If there is nothing to read, that alone would be no error of the command line.
    """
    from outlogger_cli.cli import session  # it imports this module

    groups: Mapping[str, type[Any]] = getattr(ctx.command.callback, "groups", {})
    if "options" not in groups or "output" not in groups:
        return
    located = paths.watchlist(ctx.params.get("watchlist"), ctx.obj.environ, ctx.obj.cwd)
    if not (ctx.params.get("vendors") or located.named or paths.is_file(located.path)):
        return
    given = {
        name: group(**{f.name: ctx.params[f.name] for f in fields(group) if f.name in ctx.params})
        for name, group in groups.items()
    }
    session.build(ctx.obj, given["options"], given["output"], labels=ctx.params.get("label") or ())


def described(error: ClickException) -> str:
    """What is wrong with a command line, in one line; it names the variable of a wrong value that
    comes from the environment."""
    if isinstance(error, NoSuchOption):
        names = [name.lstrip("-") for name in error.possibilities or ()]
        near = [f"--{name}" for name in closest(error.option_name.lstrip("-"), names, 1)]
        return (
            f"unknown option {line(error.option_name)}{did_you_mean(near, otherwise='see --help')}"
        )
    if isinstance(error, BadParameter) and error.param and error.ctx:
        source = error.ctx.get_parameter_source(error.param.name or "")
        if source is ParameterSource.ENVIRONMENT:
            error.param_hint = str(error.param.envvar)
    text = error.format_message().rstrip(".")
    for theirs, plain in _PLAIN.items():
        text = text.replace(theirs, plain)
    return _in_words(text)


Labels = Annotated[
    list[str] | None,
    Option(
        "--label",
        metavar="NAME=VALUE",
        help="With --format prometheus: a label of every series. [default: list=WATCHLIST]",
        show_default=False,
    ),
]
EmptyOk = Annotated[
    bool,
    Option(
        "--empty-ok",
        help="With --format line or waybar: print no text if all is ok.",
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
        callback=_settle_debug,
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
        help="Slug, alias, watchlist name or https:// URL; - reads names from stdin."
        " Default: the whole watchlist.",
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
class ReadOptions:
    """What every command that reads pages takes."""

    vendors: VendorNames = None
    watchlist: WatchlistFile = None
    component: Components = None
    exclude: Excluded = None
    tag: Tags = None
    count_incidents: Counted = None
    timeout: Timeout = None
    deadline: Deadline = None
    jobs: Jobs = None
    retries: Retries = None
    max_age: MaxAge = None
    offline: Offline = False
    refresh: Refresh = False
    cacert: Cacert = None
    utc: Utc = False
    tz: Zone = None
    verbose: Verbose = False


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
class NetworkOptions:
    """What the commands take that read pages and no watchlist."""

    timeout: Timeout = None
    deadline: Deadline = None
    jobs: Jobs = None
    retries: Retries = None
    cacert: Cacert = None


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
            callback=_settle_json,
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


def grouped_options(ctx: Any) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the groups of a command's options, each with the rows of its help."""
    found: dict[str | None, list[tuple[str, str]]] = {group: [] for group in GROUPS}
    for parameter in ctx.command.get_params(ctx):
        row = parameter.get_help_record(ctx)
        if row and parameter.param_type_name == "option":
            is_help = parameter.name == "help"
            group = OTHER if is_help else getattr(parameter, "rich_help_panel", None)
            found[group].append((row[0], _in_words(row[1])))
    yield from ((group or "Options", rows) for group, rows in found.items() if rows)


def _in_words(help: str) -> str:
    """A help text with its limits in words: `1 to 3650`, `at least 0`."""
    text = re.sub(r"(\d+)<=x<=(\d+)", r"\1 to \2", help)
    return re.sub(r"x>=(\d+)", r"at least \1", text)


def with_options(
    *, formats: Sequence[str] = LIST_FORMATS, **groups: type[Any]
) -> Callable[[Callable[..., Code]], Callable[..., Code]]:
    """Give a command every field of each dataclass in `groups` as a parameter of its own; the
    command gets them back as one value under the group's name. `formats` are those it has."""

    def decorate(command: Callable[..., Code]) -> Callable[..., Code]:
        own = inspect.signature(command).parameters
        kept = [parameter for name, parameter in own.items() if name not in groups]
        shared = [
            inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=inspect.Parameter.empty if field.default is MISSING else field.default,
                annotation=field.type,
            )
            for group in groups.values()
            for field in fields(group)
        ]

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
        called.formats = tuple(formats)  # type: ignore[attr-defined]
        called.groups = groups  # type: ignore[attr-defined]
        return called

    return decorate

"""How commands take their command lines: their parameters, help and errors.

`@with_options(options=ReadOptions)` gives a command all fields of `ReadOptions` as options and
passes them as one value, so that a shared option is written once.
"""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import typer
from typer import Option
from typer._click.core import (  # its own copies; they have no public names
    ParameterSource,
    iter_params_for_processing,
)
from typer._click.exceptions import BadOptionUsage, BadParameter, ClickException, NoSuchOption
from typer.core import TyperCommand

from outlogger_cli.domain.errors import UsageError, collected, together
from outlogger_cli.domain.similar import closest, did_you_mean
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import fields
from outlogger_cli.render import LIST_FORMATS
from outlogger_cli.system import paths

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

_PLAIN = {"int range": "integer", " is not in the range": " is invalid: must be"}
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


def settle_json(ctx: typer.Context, value: bool) -> bool:
    named = settled_format(ctx.meta)
    if value and named not in {None, "json"} and not ctx.resilient_parsing:
        raise UsageError(f"--json and --format {named} cannot be used together")
    if value:
        _settle_format(ctx, "json")
    return value


def settle_debug(ctx: typer.Context, value: bool) -> bool:
    if value and not ctx.resilient_parsing:
        from outlogger_cli.cli import diagnostics  # `logging` costs the start of a command 5 ms

        ctx.meta[_DEBUG] = True
        diagnostics.write_to(ctx.obj.stderr)
    return value


class Command(TyperCommand):
    """A command with grouped options that reports all errors of its command line at once."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._without: Mapping[str, str] = getattr(self.callback, "without", {})
        parameters: list[Any] = self.params
        for parameter in parameters:
            if parameter.name in self._without:
                parameter.hidden = True  # from the help and from completion

    def get_short_help_str(self, _limit: int = 45) -> str:
        """The first sentence of the help, as in the list of the program's commands: never cut."""
        first = " ".join((self.help or "").partition("\n\n")[0].split())
        return f"{first[:1].lower()}{first[1:].rstrip('.')}"

    def format_options(self, ctx: Any, formatter: Any) -> None:
        if rows := list(explained_arguments(ctx)):
            with formatter.section("Arguments"):
                formatter.write_dl(rows)
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
        for name, reason in self._without.items():
            if reason and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
                errors.append(UsageError(f"--{name.replace('_', '-')} {reason}"))
        if check := getattr(self.callback, "check", None):
            with collected(errors):
                check(ctx.params)
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
    among_short = re.compile(f"-[^-]*{re.escape(name[1])}.*") if len(name) == 2 else None
    place = next(
        place
        for place, word in enumerate(words)
        if word.partition("=")[0] == name or (among_short and among_short.fullmatch(word))
    )
    has_value = (
        words[place] == name and words[place + 1 : place + 2] and words[place + 1][:1] != "-"
    )
    return [*words[:place], *words[place + (2 if has_value else 1) :]]


def _settle(ctx: Any) -> None:
    """Raise the errors that settling the session of this command would raise, too.

    If there is nothing to read, that alone would be no error of the command line.
    """
    from outlogger_cli.cli import session  # it imports this module

    groups: Mapping[str, type[Any]] = getattr(ctx.command.callback, "groups", {})
    if "options" not in groups or "output" not in groups:
        return
    params = dict(ctx.params)
    for parameter in ctx.command.params:
        value = params.get(parameter.name)
        if parameter.type.name == "path" and value is not None:
            params[parameter.name] = Path(value)  # Typer does so only when it calls the command
    located = paths.watchlist(params.get("watchlist"), ctx.obj.environ, ctx.obj.cwd)
    if not (params.get("vendors") or located.named or paths.is_file(located.path)):
        return
    given = {
        name: group(**{f.name: params[f.name] for f in fields(group) if f.name in params})
        for name, group in groups.items()
    }
    labels = params.get("label") or ()
    settled = session.build(ctx.obj, given["options"], given["output"], labels=labels)
    settled.run.network()  # a wrong proxy or certificate is found only here


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
    text = re.sub(r"^Invalid value for '?([^':]+)'?: ", r"\1: ", text)
    text = re.sub(r"^Option '(.+)' requires", r"\1 requires", text)
    text = re.sub(r"^Missing (argument|option) '(.+)'", r"missing \1 \2", text)
    for theirs, plain in _PLAIN.items():
        text = text.replace(theirs, plain)
    return _in_words(text)


def explained_arguments(ctx: Any) -> Iterator[tuple[str, str]]:
    """Yield each argument that has a help text, as a row of the command's help."""
    for parameter in ctx.command.get_params(ctx):
        if parameter.param_type_name == "argument" and parameter.help:
            name, help = parameter.get_help_record(ctx)
            yield name, _in_words(help)


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
    """A help text with its limits in words, in one pair of brackets: `[default: 5; 0 to 9]`."""
    text = re.sub(r"(\d+)<=x<=(\d+)", r"\1 to \2", help)
    text = re.sub(r"x>=(\d+)", r"at least \1", text)
    return text.replace("]  [", "; ").replace("  [", " [")


def with_options(
    *,
    formats: Sequence[str] = LIST_FORMATS,
    check: Callable[[Mapping[str, Any]], None] | None = None,
    without: Mapping[str, str] | None = None,
    **groups: type[Any],
) -> Callable[[Callable[..., Code]], Callable[..., Code]]:
    """Give a command every field of each frozen class in `groups` as a parameter of its own; the
    command gets them back as one value under the group's name. `formats` are those it has.

    `check` raises `UsageError` for values that do not fit together; invalid ones are missing.
    `without` names fields that mean nothing to the command: the help leaves them out, and on the
    command line they are refused for the given reason, or accepted if it is empty.
    """

    def decorate(command: Callable[..., Code]) -> Callable[..., Code]:
        own = inspect.signature(command).parameters
        kept = [
            parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
            for name, parameter in own.items()
            if name not in groups
        ]
        shared = [
            inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=inspect.Parameter.empty if field.required else field.default,
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

        parameters = [*kept, *shared]
        called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {p.name: p.annotation for p in parameters}
        called.formats = tuple(formats)  # type: ignore[attr-defined]
        called.check = check  # type: ignore[attr-defined]
        called.without = without or {}  # type: ignore[attr-defined]
        called.groups = groups  # type: ignore[attr-defined]
        return called

    return decorate

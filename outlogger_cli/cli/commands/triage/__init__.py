"""`outlogger triage`: whose failure is it? Reads a log and checks the vendors named in it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from outlogger_cli.cli.command_line import Command, format_option, with_options
from outlogger_cli.cli.commands.triage import reading, wrapper
from outlogger_cli.cli.options import OutputOptions, PageOptions, ThresholdOptions
from outlogger_cli.cli.writing import check_file
from outlogger_cli.domain.errors import ExitCode, OutloggerError, UsageError
from outlogger_cli.domain.text import line, whole_line
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.processes import CommandNotStartedError
from outlogger_cli.system.runtime import Runtime

_COMMAND = "outlogger.triage.command"


class _Command(Command):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        at = args.index("--") if "--" in args else len(args)
        ctx.meta[_COMMAND] = args[at + 1 :]
        return super().parse_args(ctx, args[:at])

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "[-- COMMAND...]"]


CLASS = _Command
"""Keeps COMMAND from being parsed as arguments and options of triage."""


@frozen
class TriageOptions(PageOptions):
    """The log, and how the pages of the vendors in it are read."""

    file: Annotated[
        Path | None,
        Argument(metavar="[FILE]", help="The log; - reads it from stdin.", show_default=False),
    ] = None
    listing: Annotated[
        bool, Option("--list", help="List the vendors that would be read, and why.")
    ] = False
    always: Annotated[bool, Option("--always", help="Check vendors even if COMMAND succeeds.")] = (
        False
    )


@frozen
class TriageOutputOptions(OutputOptions):
    """How the answer is written, and where."""

    format: Annotated[
        str | None,
        format_option(
            "table, plain, json, markdown or github. [env: OUTLOGGER_FORMAT; default: table, plain"
            " in a pipe]"
        ),
    ] = None


@with_options(
    formats=("table", "plain", "json", "markdown", "github"),
    triage=TriageOptions,
    output=TriageOutputOptions,
    threshold=ThresholdOptions,
)
def command(
    ctx: typer.Context,
    *,
    triage: TriageOptions,
    output: TriageOutputOptions,
    threshold: ThresholdOptions,
) -> int:
    """Find the vendors that a log names in what failed, and check them.

    \b
    Examples:
      outlogger triage build.log
      make deploy 2>&1 | outlogger triage -
      outlogger triage -- npm ci

    Prints whose failure it probably is. Exits as check does: 1 if a named vendor has a problem, 0
    if none has, 3 if one is unknown. With COMMAND it exits with the exit code of COMMAND, checks
    vendors only if that failed, and answers on stderr. Text of the log is never shown or sent.
    """
    runtime: Runtime = ctx.obj
    words: list[str] = ctx.meta[_COMMAND]
    if triage.file and words:
        raise UsageError("FILE and COMMAND cannot be used together")
    if not (triage.file or words):
        raise UsageError("nothing to read: name a FILE, - for stdin, or a command after --")
    if triage.always and not words:
        raise UsageError("--always requires a command after --")
    if triage.offline and triage.refresh:
        raise UsageError("--offline and --refresh cannot be used together")
    if words:
        return _run(ctx, triage, output, threshold, words)
    from outlogger_cli.cli.commands.triage.answer import answer  # slow, see `_run`
    from outlogger_cli.triage.lines import is_binary

    file = triage.file or Path("-")
    tail = reading.of_stdin(runtime) if file == Path("-") else reading.of_file(file)
    if is_binary(tail.text):
        name = "standard input" if file == Path("-") else line(str(file))
        raise UsageError(f"{name} is not text; give the log as text")
    return answer(runtime, triage, output, threshold, tail, listing=triage.listing)


def _run(
    ctx: typer.Context,
    triage: TriageOptions,
    output: TriageOutputOptions,
    threshold: ThresholdOptions,
    words: Sequence[str],
) -> int:
    """Run the command `words`, answer on stderr if it failed, and return its exit code."""
    runtime: Runtime = ctx.obj
    if not output.output:
        source = ctx.get_parameter_source("format")
        is_typed = output.json or (source and source.name == "COMMANDLINE")
        if output.format == "json" and is_typed:
            raise UsageError("JSON needs a file if a command is run: add -o FILE")
        output = replace(output, format=output.format if is_typed else "table")
    else:
        check_file(output.output)
    located = paths.watchlist(triage.watchlist, runtime.environ, runtime.cwd)
    if located.named or paths.is_file(located.path):
        from outlogger_cli.cli.session import load

        load(located)  # before anything is run
    try:
        wrapped = wrapper.run(words, runtime.environ)
    except CommandNotStartedError as error:
        terminal.tell(runtime.stderr, f"outlogger: {words[0]}: {error}\n")
        return error.code
    failed = wrapped.code not in {ExitCode.OK, ExitCode.INTERRUPTED}
    if failed or triage.always:
        # a third of the start: a command that succeeds does not wait for it
        from outlogger_cli.cli.commands.triage.answer import answer

        own = runtime if output.output else replace(runtime, stdout=runtime.stderr)
        try:
            answer(
                own,
                triage,
                output,
                threshold,
                reading.end_of(wrapped.text),
                listing=triage.listing,
                words=words,
            )
        except OutloggerError as error:
            terminal.tell(runtime.stderr, f"outlogger: {whole_line(str(error))}\n")
    return wrapped.code

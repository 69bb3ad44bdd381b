"""`outlogger triage`: whose failure is it? Reads a log and checks the vendors named in it."""

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from outlogger_cli.cli.command_line import Command, format_option, with_options
from outlogger_cli.cli.commands.triage import reading, wrapper
from outlogger_cli.cli.commands.triage.reading import Tail
from outlogger_cli.cli.options import (
    ListOptions,
    NetworkOptions,
    OutputOptions,
    PageOptions,
    ReadOptions,
    ThresholdOptions,
)
from outlogger_cli.cli.output import announce, certificate_hint, problems, say, write
from outlogger_cli.cli.session import Session, build, build_for, load
from outlogger_cli.cli.writing import check_file, put_list
from outlogger_cli.domain.errors import ExitCode, OutloggerError, UsageError
from outlogger_cli.domain.model import Depth
from outlogger_cli.domain.text import line, whole_line
from outlogger_cli.domain.triage import Findings
from outlogger_cli.domain.values import frozen
from outlogger_cli.engine import run
from outlogger_cli.render import LIST_FORMATS
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.processes import CommandNotStartedError
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.triage import conclusion, evidence, lines
from outlogger_cli.triage.entries import by_own_name

_COMMAND = "outlogger.triage.command"
_PLAIN_WORD = re.compile(r"[A-Za-z][\w.-]{0,30}|[\w.-]{1,20}/[\w./-]{1,40}")
_WORDS_SHOWN = 3


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
    file = triage.file or Path("-")
    tail = reading.of_stdin(runtime) if file == Path("-") else reading.of_file(file)
    if lines.is_binary(tail.text):
        name = "standard input" if file == Path("-") else line(str(file))
        raise UsageError(f"{name} is not text; give the log as text")
    return _answer(runtime, triage, output, threshold, tail)


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
    load(paths.watchlist(triage.watchlist, runtime.environ, runtime.cwd))  # before anything is run
    try:
        wrapped = wrapper.run(words, runtime.environ)
    except CommandNotStartedError as error:
        terminal.tell(runtime.stderr, f"outlogger: {words[0]}: {error}\n")
        return error.code
    failed = wrapped.code not in {ExitCode.OK, ExitCode.INTERRUPTED}
    if failed or triage.always:
        own = runtime if output.output else replace(runtime, stdout=runtime.stderr)
        try:
            _answer(own, triage, output, threshold, reading.end_of(wrapped.text), words)
        except OutloggerError as error:
            terminal.tell(runtime.stderr, f"outlogger: {whole_line(str(error))}\n")
    return wrapped.code


def _answer(
    runtime: Runtime,
    triage: TriageOptions,
    output: TriageOutputOptions,
    threshold: ThresholdOptions,
    tail: Tail,
    words: Sequence[str] = (),
) -> int:
    """Find the vendors in a log, read their pages, and write the answer."""
    findings = evidence.find(tail.text, first_line=tail.first_line)
    if tail.note and not output.quiet:
        terminal.tell(runtime.stderr, f"{tail.note}\n")
    if triage.listing:
        _list(runtime, output, findings)
        return ExitCode.OK
    watchlist = load(paths.watchlist(triage.watchlist, runtime.environ, runtime.cwd))
    by_name = by_own_name(findings, watchlist)
    findings = replace(findings, named=tuple(by_name.values()))
    session = _session(runtime, triage, output, threshold, list(by_name))
    session = replace(session, format=replace(session.format, streams=False), readings=())
    announce(session)
    report = run.report(session.run, "triage", gate=True)
    found = conclusion.triage(report, findings, zone=session.zone, command=_shown(words))
    report = replace(report, triage=found)
    write(session, report, session.aged(session.view()))
    if output.output and words:
        say(session, found.conclusion.text)
    for note in problems(session, report) if session.verbose else ():
        say(session, note)
    if hint := certificate_hint(session, report):
        say(session, hint)
    return report.exit_code


def _session(
    runtime: Runtime,
    triage: TriageOptions,
    output: TriageOutputOptions,
    threshold: ThresholdOptions,
    names: list[str],
) -> Session:
    """The session that reads the pages of the vendors called `names`."""
    if not names:
        return build_for(runtime, (), NetworkOptions(), output)
    shared = {field.name: getattr(triage, field.name) for field in fields(PageOptions)}
    options = ReadOptions(vendors=names, **shared)
    return build(runtime, options, output, threshold=threshold, depth=Depth.VERDICT)


def _list(runtime: Runtime, output: OutputOptions, findings: Findings) -> None:
    """Write which vendors would be read, and which are only mentioned."""
    if output.format not in {None, *LIST_FORMATS}:
        raise UsageError(f"--list has the formats table, plain and json, not {output.format}")
    items = [
        {
            "slug": one.slug,
            "read": word,
            "lines": list(dict.fromkeys(found.line for found in one.evidence)),
            "evidence": list(dict.fromkeys(found.value for found in one.evidence)),
        }
        for word, found in (("named", findings.named), ("mentioned", findings.mentioned))
        for one in found
    ]
    listed = ListOptions(**{field.name: getattr(output, field.name) for field in fields(output)})
    put_list(runtime, listed, "triage", items, ("slug", "read", "lines", "evidence"))


def _shown(words: Sequence[str]) -> str:
    """The command as it may be shown, "" if a word of it may be a secret."""
    is_plain = len(words) <= _WORDS_SHOWN and all(map(_PLAIN_WORD.fullmatch, words))
    return " ".join(words) if is_plain else ""

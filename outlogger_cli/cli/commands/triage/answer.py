"""The answer of `triage` about the text of a log."""

import re
from collections.abc import Sequence

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
from outlogger_cli.cli.writing import put_list
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.model import Depth
from outlogger_cli.domain.triage import Findings
from outlogger_cli.domain.values import fields, replace
from outlogger_cli.engine import run
from outlogger_cli.render import LIST_FORMATS
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.triage import conclusion, evidence
from outlogger_cli.triage.entries import by_own_name

_PLAIN_WORD = re.compile(r"[A-Za-z][\w.-]{0,30}|[\w.-]{1,20}/[\w./-]{1,40}")
_WORDS_SHOWN = 3


def answer(
    runtime: Runtime,
    triage: PageOptions,
    output: OutputOptions,
    threshold: ThresholdOptions,
    tail: Tail,
    *,
    listing: bool,
    words: Sequence[str] = (),
) -> int:
    """Find the vendors in a log, read their pages, and write the answer."""
    findings = evidence.find(tail.text, first_line=tail.first_line)
    if tail.note and not output.quiet:
        terminal.tell(runtime.stderr, f"{tail.note}\n")
    if listing:
        _list(runtime, output, findings)
        return ExitCode.OK
    watchlist = load(paths.watchlist(triage.watchlist, runtime.environ, runtime.cwd))
    by_name = by_own_name(findings, watchlist)
    findings = replace(findings, named=tuple(by_name.values()))
    session = _session(runtime, triage, output, threshold, list(by_name))
    session = replace(session, format=replace(session.format, streams=False), readings=())
    announce(session, titled=True)
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
    triage: PageOptions,
    output: OutputOptions,
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

"""For GitHub Actions: annotations, a step summary and outputs.

Documented at https://docs.github.com/actions/reference/workflow-commands-for-github-actions; the
escaping is that of actions/toolkit's command.ts, which the runner undoes.
"""

from itertools import accumulate

from outlogger_cli.domain.model import OnUnknown, Severity, Verdict, worst
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View
from outlogger_cli.render.line import sentence

SUMMARY_LIMIT = 1024 * 1024
"""Bytes a step's summary may have; GitHub shows nothing of a longer one."""

_REASONS = 5
"""How many are told; of the others only the number."""

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = {**_DATA, ord(":"): "%3A", ord(","): "%2C"}
_OF_UNKNOWN = {OnUnknown.FAIL: "error", OnUnknown.WARN: "warning", OnUnknown.IGNORE: None}
_CUT = "\nThe rest is left out: a step summary holds 1 MiB.\n"


def render(report: Report, _view: View, /) -> str:
    """A command a problem or unknown, else a line that is no command."""
    commands = [_command(judged, report) for judged in report.vendors if _level(judged)]
    return "".join(commands) or f"outlogger: {sentence(report)}\n"


def summary(report: Report, view: View) -> str:
    """Markdown to append to the file `GITHUB_STEP_SUMMARY` names, at most `SUMMARY_LIMIT` bytes.

    Every line of it stands for itself, so that it can be cut after any of them.
    """
    from outlogger_cli.render import markdown  # loads Rich, which annotations do without

    text = markdown.render(report, view)
    if len(text.encode()) <= SUMMARY_LIMIT:
        return text
    rows = text.splitlines(keepends=True)
    ends = accumulate(len(row.encode()) for row in rows)
    kept = [row for row, end in zip(rows, ends, strict=True) if end <= SUMMARY_LIMIT - len(_CUT)]
    return "".join(kept) + _CUT


def outputs(report: Report) -> str:
    """Lines to append to the file `GITHUB_OUTPUT` names; `problems` are slugs."""
    problems = [j.vendor.slug for j in report.vendors if j.verdict is Verdict.PROBLEM]
    rows = {"verdict": report.verdict, "worst": _worst(report), "problems": ",".join(problems)}
    return "".join(f"{name}={value}\n" for name, value in rows.items())


def _level(judged: Judged) -> str | None:
    """Which command tells of the vendor, None where none does."""
    if judged.verdict is Verdict.UNKNOWN:
        return _OF_UNKNOWN[judged.vendor.policy.on_unknown]
    return "error" if judged.verdict is Verdict.PROBLEM else None


def _command(judged: Judged, report: Report) -> str:
    """The log shows the message alone and the page the title too: each says who and how bad."""
    drill = "DRILL: " if report.drill else ""
    title = f"{drill}{judged.name}: {judged.severity}".translate(_PROPERTY)
    rest = len(judged.reasons) - _REASONS
    reasons = "; ".join(judged.reasons[:_REASONS]) + (f" and {rest} more" if rest > 0 else "")
    message = f"{drill}{judged.vendor.slug}: {judged.severity}: {reasons}, {judged.vendor.url}"
    return f"::{_level(judged)} title={title}::{message.translate(_DATA)}\n"


def _worst(report: Report) -> Severity:
    """The highest rung; an unknown outranks what is no trouble."""
    severities = [judged.severity for judged in report.vendors]
    known = worst(severities)
    if Severity.UNKNOWN in severities or report.skipped:
        return known if known.rank >= Severity.MINOR.rank else Severity.UNKNOWN
    return known

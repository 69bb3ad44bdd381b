"""For GitHub Actions: annotations, a step summary and outputs.

Documented at https://docs.github.com/actions/reference/workflow-commands-for-github-actions; the
escaping is that of actions/toolkit's command.ts, which the runner undoes.
"""

from itertools import accumulate

from outlogger_cli.domain.model import OnUnknown, Severity, Verdict, worst
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View, wording
from outlogger_cli.render.line import sentence

SUMMARY_LIMIT = 1024 * 1024
"""Bytes of a step summary; GitHub shows nothing of a longer one."""

_REASONS = 5
"""How many reasons an annotation has."""

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = {**_DATA, ord(":"): "%3A", ord(","): "%2C"}
_LEVEL_OF_UNKNOWN = {OnUnknown.FAIL: "error", OnUnknown.WARN: "warning", OnUnknown.IGNORE: ""}
_CUT = "\nThe rest is left out: a step summary holds 1 MiB.\n"


def render(report: Report, _view: View, /) -> str:
    """Return an annotation for each problem and each unknown, else one line that is none.

    An unknown that the policy ignores is a line without annotation. `triage` makes one notice.
    """
    if report.triage:
        drill = "DRILL: " if report.drill else ""
        text = f"{drill}{report.triage.conclusion.text}"
        return f"::notice title=outlogger triage::{text.translate(_DATA)}\n"
    lines = [_line(judged, report) for judged in report.vendors if judged.verdict is not Verdict.OK]
    return "".join(lines) or f"outlogger: {sentence(report)}\n"


def summary(report: Report, view: View) -> str:
    """Return Markdown of at most `SUMMARY_LIMIT` bytes, for the file GITHUB_STEP_SUMMARY names.

    It can be cut after any line, because no line of it needs a later one.
    """
    from outlogger_cli.render import markdown  # annotations do without it

    text = markdown.render(report, view)
    if len(text.encode()) <= SUMMARY_LIMIT:
        return text
    rows = text.splitlines(keepends=True)
    ends = accumulate(len(row.encode()) for row in rows)
    kept = [row for row, end in zip(rows, ends, strict=True) if end <= SUMMARY_LIMIT - len(_CUT)]
    return "".join(kept) + _CUT


def outputs(report: Report) -> str:
    """Return lines for the file that GITHUB_OUTPUT names; `problems` are slugs."""
    problems = [j.vendor.slug for j in report.vendors if j.verdict is Verdict.PROBLEM]
    rows = {"verdict": report.verdict, "worst": _worst(report), "problems": ",".join(problems)}
    return "".join(f"{name}={value}\n" for name, value in rows.items())


def usage(message: str) -> str:
    """Return an annotation for a run that failed before it read any page."""
    return f"::error::outlogger: {message.translate(_DATA)}\n"


def _line(judged: Judged, report: Report) -> str:
    """A workflow command that makes an annotation, or a plain line.

    The log shows only the message, the page of the run the title too: both name the vendor and
    the severity.
    """
    drill = "DRILL: " if report.drill else ""
    title = f"{drill}{judged.name}: {judged.severity}".translate(_PROPERTY)
    reasons = wording.listed(judged.reasons, limit=_REASONS, separator="; ")
    message = f"{drill}{judged.vendor.slug}: {judged.severity}: {reasons}, {judged.vendor.url}"
    unknown = judged.verdict is Verdict.UNKNOWN
    level = _LEVEL_OF_UNKNOWN[judged.vendor.policy.on_unknown] if unknown else "error"
    if not level:
        return f"outlogger: {wording.field(message)}\n"
    return f"::{level} title={title}::{message.translate(_DATA)}\n"


def _worst(report: Report) -> Severity:
    """The worst severity; unknown is worse than anything below minor."""
    severities = [judged.severity for judged in report.vendors]
    known = worst(severities)
    if Severity.UNKNOWN in severities or report.skipped:
        return known if known.rank >= Severity.MINOR.rank else Severity.UNKNOWN
    return known

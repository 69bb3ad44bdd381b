"""For Nagios, Icinga and compatible monitors: one line, details, performance data.

Documented at https://www.monitoring-plugins.org/doc/guidelines.html. A partial outage is
CRITICAL here.
"""

from collections import Counter
from enum import IntEnum

from outlogger_cli.domain.model import OnUnknown, Severity, Verdict
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View
from outlogger_cli.render.line import sentence
from outlogger_cli.render.phrases import description

LINE_LIMIT = 79
"""Characters of the first line before its performance data."""

_SIGNS = str.maketrans({"|": "/", "<": "(", ">": ")", "\n": " ", "\r": " ", "\t": " "})
"""A bar begins performance data, a line break ends the line, and web views interpret tags."""


class State(IntEnum):
    """Exit codes of a plugin."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


_WORST_FIRST = (State.CRITICAL, State.WARNING, State.UNKNOWN)
_OF_UNKNOWN = {
    OnUnknown.FAIL: State.UNKNOWN,
    OnUnknown.WARN: State.WARNING,
    OnUnknown.IGNORE: State.OK,
}


def render(report: Report, _view: View, /) -> str:
    verdicts = Counter(judged.verdict for judged in report.vendors)
    problems, unknown = verdicts[Verdict.PROBLEM], verdicts[Verdict.UNKNOWN]
    first = _first_line(State(exit_code(report)), _summary(report))
    details = [_detail(judged) for judged in report.vendors]
    return "\n".join([f"{first} | problems={problems};;;0 unknown={unknown};;;0", *details]) + "\n"


def exit_code(report: Report) -> int:
    """Return the worst state of a vendor, in the order CRITICAL, WARNING, UNKNOWN, OK.

    A vendor below its threshold is OK. An unknown one is UNKNOWN, WARNING or OK as its
    `on_unknown` is fail, warn or ignore.
    """
    states = {_state(judged) for judged in report.vendors}
    return next((state for state in _WORST_FIRST if state in states), State.OK)


def usage(message: str) -> str:
    """Return what a plugin prints if it failed before it read any page.

    If the first line is too short for `message`, the second has all of it.
    """
    clean = message.translate(_SIGNS)
    first = _first_line(State.UNKNOWN, clean)
    return f"{first}\n" if first.endswith(clean) else f"{first}\n{clean}\n"


def _state(judged: Judged) -> State:
    if judged.verdict is Verdict.UNKNOWN:
        return _OF_UNKNOWN[judged.vendor.policy.on_unknown]
    if judged.verdict is Verdict.OK:
        return State.OK
    mild = judged.severity in {Severity.MAINTENANCE, Severity.MINOR}
    return State.WARNING if mild else State.CRITICAL


def _first_line(state: State, summary: str) -> str:
    text = f"OUTLOGGER {state.name} - {summary.translate(_SIGNS)}"
    return text if len(text) <= LINE_LIMIT else text[: LINE_LIMIT - 3].rstrip() + "..."


def _summary(report: Report) -> str:
    """The first reason of a single vendor; of several vendors those with a problem."""
    if len(report.vendors) != 1:
        return sentence(report)
    (judged,) = report.vendors
    drill = "DRILL: " if report.drill else ""
    reason = judged.reasons[0] if judged.reasons else description(judged)
    return f"{drill}{judged.vendor.slug}: {reason}"


def _detail(judged: Judged) -> str:
    reasons = "; ".join(judged.reasons) or description(judged)
    text = f"[{_state(judged).name}] {judged.name}: {reasons}, {judged.vendor.url}"
    return text.translate(_SIGNS)

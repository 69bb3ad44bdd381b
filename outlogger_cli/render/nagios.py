"""For Nagios, Icinga and what understands their plugins: one line, details, performance data.

Documented at https://www.monitoring-plugins.org/doc/guidelines.html. A partial outage is
CRITICAL here.
"""

from enum import IntEnum

from outlogger_cli.domain.model import OnUnknown, Severity, Verdict
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View
from outlogger_cli.render.line import sentence

LINE_LIMIT = 79
"""Characters of the first line before its performance data."""

_SIGNS = str.maketrans({"|": "/", "<": "(", ">": ")", "\n": " ", "\r": " ", "\t": " "})
"""A bar begins performance data, a line break ends the line, and web views show tags."""


class State(IntEnum):
    """A plugin's exit codes."""

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
    verdicts = [judged.verdict for judged in report.vendors]
    problems, unknown = verdicts.count(Verdict.PROBLEM), verdicts.count(Verdict.UNKNOWN)
    first = _first_line(State(exit_code(report)), _said(report))
    details = [_detail(judged) for judged in report.vendors]
    return "\n".join([f"{first} | problems={problems};;;0 unknown={unknown};;;0", *details]) + "\n"


def exit_code(report: Report) -> int:
    """The worst of the vendors' states, in the order CRITICAL, WARNING, UNKNOWN, OK.

    A vendor below its threshold is OK. Of an unknown one `on_unknown` makes UNKNOWN (fail),
    WARNING (warn) or OK (ignore).
    """
    states = {_state(judged) for judged in report.vendors}
    return next((state for state in _WORST_FIRST if state in states), State.OK)


def usage(message: str) -> str:
    """What a plugin prints where it could not even start: an UNKNOWN with `message`, which is
    told in full on a second line where the first is too short for it."""
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


def _first_line(state: State, said: str) -> str:
    text = f"OUTLOGGER {state.name} - {said.translate(_SIGNS)}"
    return text if len(text) <= LINE_LIMIT else text[: LINE_LIMIT - 3].rstrip() + "..."


def _said(report: Report) -> str:
    """A lone vendor's news, or who of several has any."""
    if len(report.vendors) != 1:
        return sentence(report)
    (judged,) = report.vendors
    drill = "DRILL: " if report.drill else ""
    return f"{drill}{judged.vendor.slug}: {_reason(judged)}"


def _reason(judged: Judged) -> str:
    described = judged.reading.snapshot.description if judged.reading else ""
    return judged.reasons[0] if judged.reasons else described or "nothing is reported"


def _detail(judged: Judged) -> str:
    told = "; ".join(judged.reasons) or _reason(judged)
    text = f"[{_state(judged).name}] {judged.name}: {told}, {judged.vendor.url}"
    return text.translate(_SIGNS)

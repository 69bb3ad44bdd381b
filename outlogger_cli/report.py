"""A whole run as a value: every vendor judged, and the exit code it comes to."""

from collections.abc import Sequence
from datetime import datetime

from outlogger_cli import verdict
from outlogger_cli.errors import ExitCode
from outlogger_cli.model import OnUnknown, Verdict
from outlogger_cli.values import frozen
from outlogger_cli.verdict import Judged


@frozen
class Report:
    """What a command has to say. `vendors` stand in the order they were asked for."""

    command: str
    vendors: tuple[Judged, ...]
    verdict: Verdict
    exit_code: ExitCode
    generated_at: datetime
    drill: str | None = None
    """What is being acted out, where nothing here is real."""

    skipped: bool = False


def build(
    command: str,
    vendors: Sequence[Judged],
    *,
    gate: bool,
    now: datetime,
    drill: str | None = None,
) -> Report:
    """The report; with `gate` the exit code carries the verdict, else only what was not read."""
    return Report(
        command=command,
        vendors=tuple(vendors),
        verdict=verdict.overall(vendors),
        exit_code=gate_code(vendors) if gate else read_code(vendors),
        generated_at=now,
        drill=drill,
    )


def gate_code(vendors: Sequence[Judged]) -> ExitCode:
    """1 for a problem; else 3 for an unknown that its policy does not forgive; else 0."""
    if any(one.verdict is Verdict.PROBLEM for one in vendors):
        return ExitCode.PROBLEM
    if any(_is_fatal_unknown(one) for one in vendors):
        return ExitCode.UNKNOWN
    return ExitCode.OK


def read_code(vendors: Sequence[Judged]) -> ExitCode:
    """3 where a page could not be read, else 0, however bad the news."""
    return ExitCode.UNKNOWN if any(one.error for one in vendors) else ExitCode.OK


def _is_fatal_unknown(one: Judged) -> bool:
    forgiven = one.vendor.policy.on_unknown is not OnUnknown.FAIL
    return one.verdict is Verdict.UNKNOWN and not forgiven

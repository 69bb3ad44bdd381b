"""A whole run as a value: every vendor judged, and the exit code it comes to."""

from collections.abc import Sequence
from datetime import datetime

from outlogger_cli.domain import verdict
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.domain.model import Failed, FailureKind, OnUnknown, Verdict
from outlogger_cli.domain.values import frozen
from outlogger_cli.domain.verdict import Judged


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


def unreached(errors: Sequence[Failed | None]) -> list[Failed]:
    """Those of the `errors` of a run that say why, where not one page could be reached, which is
    likely the fault of this machine's network or proxy; else none. That each of several pages
    refuses is such a case; where there is no way out, a page whose time ran out may be among them.
    """
    lacking = [one for one in errors if one and lacks_network(one)]
    late = [one for one in errors if one and one.kind is FailureKind.TIMEOUT]
    if lacking:
        return lacking if len(lacking) + len(late) == len(errors) else []
    refused = [one for one in errors if one and one.kind is FailureKind.CONNECT]
    return refused if len(refused) == len(errors) > 1 else []


def lacks_network(failed: Failed) -> bool:
    """Whether it was not the page that refused: its name has no address, or there is no way out,
    which the sentences of `failures` tell."""
    if failed.kind is FailureKind.CONNECT:
        return any(sentence in failed.message for sentence in _NO_WAY_OUT)
    return failed.kind is FailureKind.DNS


_NO_WAY_OUT = ("network is unreachable", "unreachable network", "the proxy cannot be reached")


def _is_fatal_unknown(one: Judged) -> bool:
    forgiven = one.vendor.policy.on_unknown is not OnUnknown.FAIL
    return one.verdict is Verdict.UNKNOWN and not forgiven

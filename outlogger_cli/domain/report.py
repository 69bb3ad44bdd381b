"""The result of a run: every vendor with its verdict, and the exit code."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from outlogger_cli.domain import verdict
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.domain.model import Failed, FailureKind, OnUnknown, Reason, Verdict
from outlogger_cli.domain.values import frozen
from outlogger_cli.domain.verdict import Judged

if TYPE_CHECKING:
    from outlogger_cli.domain.reliability import Reliability
    from outlogger_cli.domain.triage import Triage


@frozen
class Report:
    """The result of one command. `vendors` are in the order of the command line."""

    command: str
    vendors: tuple[Judged, ...]
    verdict: Verdict
    exit_code: ExitCode
    generated_at: datetime
    drill: str | None = None
    """The name of the drill, if the pages are simulated."""

    took: timedelta | None = None
    """How long the reading took, None if that was not measured."""

    skipped: bool = False
    triage: "Triage | None" = None
    """What `triage` found in a log; the vendors are those that it names."""

    reliability: "Reliability | None" = None
    """The figures of `report`, in the order of the vendors."""


def build(
    command: str,
    vendors: Sequence[Judged],
    *,
    gate: bool,
    now: datetime,
    drill: str | None = None,
) -> Report:
    """The report of a run.

    With `gate` the exit code is that of the verdict, else only of pages that were not read.
    """
    return Report(
        command=command,
        vendors=tuple(vendors),
        verdict=verdict.overall(vendors),
        exit_code=gate_code(vendors) if gate else read_code(vendors),
        generated_at=now,
        drill=drill,
    )


def gate_code(vendors: Sequence[Judged]) -> ExitCode:
    """1 for a problem; else 3 for an unknown with `on_unknown = fail`; else 0."""
    if any(one.verdict is Verdict.PROBLEM for one in vendors):
        return ExitCode.PROBLEM
    if any(_is_fatal_unknown(one) for one in vendors):
        return ExitCode.UNKNOWN
    return ExitCode.OK


def read_code(vendors: Sequence[Judged]) -> ExitCode:
    """3 if a page could not be read, else 0, even during an outage."""
    return ExitCode.UNKNOWN if any(one.error for one in vendors) else ExitCode.OK


def unreached(errors: Sequence[Failed | None]) -> list[Failed]:
    """The failures that blame this machine's network or proxy, if no page was reached; else [].

    `errors` has one item per page of a run, None for a page that was read. Two patterns count:
    failures that `lacks_network` recognises, if all others timed out; or several pages to which
    all connections failed.
    """
    local = [one for one in errors if one and lacks_network(one)]
    timed_out = [one for one in errors if one and one.kind is FailureKind.TIMEOUT]
    if local:
        return local if len(local) + len(timed_out) == len(errors) else []
    refused = [one for one in errors if one and one.kind is FailureKind.CONNECT]
    return refused if len(refused) == len(errors) > 1 else []


def lacks_network(failed: Failed) -> bool:
    """Whether the request did not get as far as the page: no DNS, no route or no proxy."""
    return failed.reason in _NO_NETWORK


_NO_NETWORK = {
    Reason.HOST_NOT_FOUND,
    Reason.LOOKUP_FAILED,
    Reason.NETWORK_UNREACHABLE,
    Reason.PROXY_UNREACHABLE,
}


def _is_fatal_unknown(one: Judged) -> bool:
    forgiven = one.vendor.policy.on_unknown is not OnUnknown.FAIL
    return one.verdict is Verdict.UNKNOWN and not forgiven

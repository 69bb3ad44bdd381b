"""The report of a run, and its exit code."""

import pytest

from outlogger_cli.domain import report
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.domain.model import Failed, FailOn, FailureKind, OnUnknown, Reason, Verdict
from outlogger_cli.domain.report import Report, lacks_network, unreached
from outlogger_cli.domain.verdict import Judged
from tests.reports import broken, component, healthy, judged, page, stale, unreadable
from tests.support import NOW


def strange(on_unknown: OnUnknown = OnUnknown.FAIL) -> Judged:
    """A vendor whose page was read, but lacks the selected component."""
    return judged(page(component("API")), components=("Search",), on_unknown=on_unknown)


FINE, DOWN, LOST, STRANGE = healthy(), broken(), unreadable(), strange()
LOST_WARNED = unreadable(on_unknown=OnUnknown.WARN)
LOST_IGNORED = unreadable(on_unknown=OnUnknown.IGNORE)


@pytest.mark.parametrize(
    ("vendors", "verdict", "gate", "read"),
    [
        ([], "ok", 0, 0),
        ([FINE, FINE], "ok", 0, 0),
        ([FINE, DOWN], "problem", 1, 0),
        ([FINE, LOST], "unknown", 3, 3),
        ([FINE, stale()], "unknown", 3, 3),
        ([LOST, DOWN], "problem", 1, 3),
        ([DOWN, LOST], "problem", 1, 3),
        ([STRANGE, FINE], "unknown", 3, 0),
        ([STRANGE, DOWN], "problem", 1, 0),
        ([LOST_WARNED, FINE], "unknown", 0, 3),
        ([LOST_IGNORED, FINE], "unknown", 0, 3),
        ([LOST_IGNORED, DOWN], "problem", 1, 3),
        ([LOST_IGNORED, LOST], "unknown", 3, 3),
        ([strange(OnUnknown.WARN)], "unknown", 0, 0),
        ([broken(fail_on=FailOn.CRITICAL)], "ok", 0, 0),
        ([broken(fail_on=FailOn.NEVER), LOST], "unknown", 3, 3),
    ],
)
def test_verdict_and_exit_code_of_a_run(
    vendors: list[Judged], verdict: str, gate: int, read: int
) -> None:
    gated = report.build("check", vendors, gate=True, now=NOW)
    ungated = report.build("status", vendors, gate=False, now=NOW)
    assert (gated.verdict, gated.exit_code) == (verdict, gate)
    assert (ungated.verdict, ungated.exit_code) == (verdict, read)


def test_a_report_keeps_the_order_of_the_vendors() -> None:
    assert report.build("check", [DOWN, FINE], gate=True, now=NOW, drill="a drill") == Report(
        command="check",
        vendors=(DOWN, FINE),
        verdict=Verdict.PROBLEM,
        exit_code=ExitCode.PROBLEM,
        generated_at=NOW,
        drill="a drill",
        skipped=False,
    )


# Failures of this machine's network.


def failed(kind: FailureKind, reason: Reason = Reason.UNSPECIFIED) -> Failed:
    return Failed(vendor=FINE.vendor, kind=kind, reason=reason, message="x", checked_at=NOW)


NAMELESS = failed(FailureKind.DNS, Reason.HOST_NOT_FOUND)
REFUSED = failed(FailureKind.CONNECT, Reason.CONNECTION_REFUSED)
CUT_OFF = failed(FailureKind.CONNECT, Reason.NETWORK_UNREACHABLE)
LATE = failed(FailureKind.TIMEOUT)
ANSWERED = failed(FailureKind.HTTP)


@pytest.mark.parametrize(
    ("errors", "telling"),
    [
        ([NAMELESS], [NAMELESS]),
        ([CUT_OFF], [CUT_OFF]),
        ([REFUSED], []),
        ([NAMELESS, CUT_OFF], [NAMELESS, CUT_OFF]),
        ([NAMELESS, REFUSED], []),
        ([REFUSED, REFUSED], [REFUSED, REFUSED]),
        ([LATE, NAMELESS, LATE], [NAMELESS]),
        ([LATE, REFUSED, REFUSED], []),
        ([LATE, LATE], []),
        ([NAMELESS, None], []),
        ([NAMELESS, ANSWERED], []),
        ([], []),
    ],
)
def test_unreached_returns_the_failures_that_blame_the_network(
    errors: list[Failed | None], telling: list[Failed]
) -> None:
    assert unreached(errors) == telling


@pytest.mark.parametrize(
    ("failure", "lacking"),
    [
        (NAMELESS, True),
        (CUT_OFF, True),
        (failed(FailureKind.DNS, Reason.LOOKUP_FAILED), True),
        (failed(FailureKind.CONNECT, Reason.PROXY_UNREACHABLE), True),
        (failed(FailureKind.CONNECT, Reason.PROXY_REFUSED), False),
        (failed(FailureKind.TLS, Reason.CERTIFICATE), False),
        (REFUSED, False),
        (LATE, False),
    ],
)
def test_a_refused_connection_is_not_a_missing_network(failure: Failed, lacking: bool) -> None:
    assert lacks_network(failure) is lacking

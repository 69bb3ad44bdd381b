"""Nagios: the first line, its exit code, and details that forge nothing."""

import re

import pytest

from outlogger_cli.domain.model import FailOn, OnUnknown, Verdict
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import nagios
from tests.reports import (
    HOSTILE,
    VIEW,
    acme,
    broken,
    component,
    healthy,
    hostile,
    in_maintenance,
    incident,
    report,
    skipped,
    stale,
    unreadable,
)

PERFDATA = re.compile(r"problems=(\d+);;;0 unknown=(\d+);;;0")


def first(run: Report) -> str:
    return nagios.render(run, VIEW).partition("\n")[0]


def with_status(status: str, *, fail_on: FailOn = FailOn.MINOR) -> Judged:
    return acme(component("Build", status), fail_on=fail_on)


def test_the_first_line_has_state_vendor_and_reason() -> None:
    assert first(report(with_status("partial_outage"))) == (
        "OUTLOGGER CRITICAL - acme: Build partial outage | problems=1;;;0 unknown=0;;;0"
    )


STATES: dict[str, tuple[int, Report]] = {
    "OUTLOGGER OK - acme: All Systems Operational": (0, report(healthy())),
    "OUTLOGGER OK - acme: no problem reported": (0, report(acme(description=""))),
    "OUTLOGGER WARNING - acme: Build degraded performance": (
        1,
        report(with_status("degraded_performance")),
    ),
    "OUTLOGGER CRITICAL - acme: Build major outage": (2, report(with_status("major_outage"))),
    "OUTLOGGER OK - acme: Build partial outage": (
        0,
        report(with_status("partial_outage", fail_on=FailOn.CRITICAL)),
    ),
    "OUTLOGGER OK - acme: Database under maintenance": (0, report(in_maintenance())),
    "OUTLOGGER WARNING - acme: Database under maintenance": (
        1,
        report(in_maintenance(fail_on=FailOn.MAINTENANCE)),
    ),
    "OUTLOGGER UNKNOWN - acme: no answer in 10 s": (3, report(unreadable())),
    "OUTLOGGER WARNING - acme: no answer in 10 s": (
        1,
        report(unreadable(on_unknown=OnUnknown.WARN)),
    ),
    "OUTLOGGER OK - acme: no answer in 10 s": (0, report(unreadable(on_unknown=OnUnknown.IGNORE))),
    "OUTLOGGER OK - all 2 ok": (0, report(healthy(), healthy("beta"))),
    "OUTLOGGER CRITICAL - 1 problem: github; 1 unknown: gone": (
        2,
        report(stale("gone"), broken("github"), healthy()),
    ),
    "OUTLOGGER WARNING - 1 problem: acme; 1 unknown: gone": (
        1,
        report(unreadable(slug="gone"), with_status("degraded_performance")),
    ),
    "OUTLOGGER UNKNOWN - 1 unknown: gone": (3, report(unreadable(slug="gone"), healthy())),
    "OUTLOGGER CRITICAL - DRILL: acme: Europe/Build partial outage": (
        2,
        report(broken(), drill="a bad day"),
    ),
    "OUTLOGGER WARNING - DRILL: 1 problem: acme": (
        1,
        report(with_status("degraded_performance"), healthy("beta"), drill="a bad day"),
    ),
    "OUTLOGGER OK - skipped": (0, skipped()),
}


@pytest.mark.parametrize("text", STATES)
def test_the_state_and_the_exit_code_agree(text: str) -> None:
    code, run = STATES[text]
    assert nagios.exit_code(run) == code
    assert first(run).split(" | ")[0] == text


def test_performance_data_counts_problems_and_unknowns() -> None:
    run = report(broken("a"), broken("b"), unreadable(slug="c"), healthy("d"))
    assert first(run).split(" | ")[1] == "problems=2;;;0 unknown=1;;;0"


def test_details_name_every_vendor_and_every_reason() -> None:
    run = report(healthy("fine"), broken("github"))
    assert nagios.render(run, VIEW).split("\n")[1:] == [
        "[OK] Acme: All Systems Operational, https://status.fine.example",
        '[CRITICAL] Acme: Europe/Build partial outage; incident "Builds are stuck" identified,'
        " impact major; API degraded performance, https://status.github.example",
        "",
    ]


def test_a_long_first_line_is_cut_below_80_characters() -> None:
    assert first(report(acme(component("x" * 200, "major_outage")))) == (
        "OUTLOGGER CRITICAL - acme: " + "x" * 49 + "... | problems=1;;;0 unknown=0;;;0"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_vendor_forges_a_line_or_data(text: str) -> None:
    rows = component(text, "partial_outage"), component("API")
    run = report(acme(*rows, description=text, incidents=[incident(text)], name=text))
    lines = nagios.render(run, VIEW).split("\n")
    assert len(lines) == 3
    summary, bar, data = lines[0].partition(" | ")
    assert len(summary) < 80
    assert summary.startswith("OUTLOGGER CRITICAL - acme: ")
    assert (bar, data) == (" | ", "problems=1;;;0 unknown=0;;;0")
    assert lines[1].startswith("[CRITICAL] ")
    assert not set("|<>") & set(lines[1])


def test_many_hostile_details_stay_one_line_each() -> None:
    run = report(hostile(), healthy())
    assert nagios.render(run, VIEW).count("|") == 1
    assert len(nagios.render(run, VIEW).splitlines()) == 3


def test_the_performance_data_can_be_parsed() -> None:
    data = first(report(broken(), stale("gone"))).split(" | ")[1]
    found = PERFDATA.fullmatch(data)
    assert found
    assert found.groups() == ("1", "1")


def test_a_short_usage_error_is_one_unknown_line() -> None:
    assert nagios.usage("no vendor is called 'x|y'") == (
        "OUTLOGGER UNKNOWN - no vendor is called 'x/y'\n"
    )


def test_a_long_usage_error_has_a_second_line_with_all_of_it() -> None:
    message = "no vendor is called 'x';\n" + "y" * 80
    assert nagios.usage(message) == (
        "OUTLOGGER UNKNOWN - no vendor is called 'x'; " + "y" * 31 + "...\n"
        "no vendor is called 'x'; " + "y" * 80 + "\n"
    )


def test_every_verdict_has_a_state() -> None:
    runs = [run for _, run in STATES.values()]
    assert {one.verdict for run in runs for one in run.vendors} == set(Verdict)

"""JUnit: parsed as XML; every component is a case, and nothing unknown passes."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from outlogger_cli.domain.model import FailOn, FailureKind, OnUnknown
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import junit
from tests.reports import (
    HOSTILE,
    VIEW,
    acme,
    broken,
    component,
    group,
    healthy,
    hostile,
    in_maintenance,
    incident,
    judged,
    narrowed,
    page,
    report,
    skipped,
    stale,
    strange,
    unreadable,
    watching,
    window,
)

Result = tuple[str, str, str | None]
COUNTS = ("tests", "failures", "errors", "skipped")


def parsed(run: Report) -> Element:
    return fromstring(junit.render(run, VIEW))


def cases(*vendors: Judged) -> list[Result]:
    """Name, result and message of each case."""
    return [_result(case) for case in parsed(report(*vendors)).iter("testcase")]


def _result(case: Element) -> Result:
    results = {child.tag: child.get("message") or child.text for child in case}
    assert len(results) <= 1
    tag = next(iter(results), "passed")
    return case.get("name", ""), tag, results.get(tag)


def test_the_whole_document() -> None:
    run = report(broken("github"), stale("gone"))
    assert junit.render(run, VIEW) == (
        "<?xml version='1.0' encoding='us-ascii'?>\n"
        '<testsuites name="outlogger check" tests="5" failures="2" errors="1" skipped="0"'
        ' time="0" timestamp="2026-01-15T12:00:00Z">\n'
        '  <testsuite name="Acme" tests="4" failures="2" errors="0" skipped="0"'
        ' time="0" timestamp="2026-01-15T12:00:00Z">\n'
        '    <testcase name="Europe/Queue" classname="github" time="0" />\n'
        '    <testcase name="Europe/Build" classname="github" time="0">\n'
        '      <failure message="partial outage" type="major">https://status.github.example'
        "</failure>\n"
        "    </testcase>\n"
        '    <testcase name="API" classname="github" time="0">\n'
        '      <failure message="degraded performance" type="minor">'
        "https://status.github.example</failure>\n"
        "    </testcase>\n"
        '    <testcase name="Dashboard" classname="github" time="0" />\n'
        "  </testsuite>\n"
        '  <testsuite name="Acme" tests="1" failures="0" errors="1" skipped="0"'
        ' time="0" timestamp="2026-01-15T12:00:00Z">\n'
        '    <testcase name="page" classname="gone" time="0">\n'
        '      <error message="no answer in 10 s" type="timeout">no answer in 10 s\n'
        "https://status.gone.example</error>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n"
    )


BUILD = "Build"
RESULTS: dict[tuple[str, FailOn], tuple[str, str | None]] = {
    ("operational", FailOn.MAINTENANCE): ("passed", None),
    ("under_maintenance", FailOn.MAINTENANCE): ("failure", "under maintenance"),
    ("under_maintenance", FailOn.MINOR): ("skipped", "under maintenance"),
    ("degraded_performance", FailOn.MINOR): ("failure", "degraded performance"),
    ("degraded_performance", FailOn.MAJOR): ("system-out", "degraded performance"),
    ("partial_outage", FailOn.MAJOR): ("failure", "partial outage"),
    ("partial_outage", FailOn.CRITICAL): ("system-out", "partial outage"),
    ("major_outage", FailOn.CRITICAL): ("failure", "major outage"),
    ("major_outage", FailOn.NEVER): ("system-out", "major outage"),
    ("on_fire", FailOn.MINOR): ("error", "unknown (on_fire)"),
    ("on_fire", FailOn.NEVER): ("error", "unknown (on_fire)"),
}


@pytest.mark.parametrize(("status", "fail_on"), RESULTS)
def test_a_component_fails_at_its_threshold(status: str, fail_on: FailOn) -> None:
    vendor = acme(component(BUILD, status), fail_on=fail_on)
    assert cases(vendor) == [(BUILD, *RESULTS[status, fail_on])]


PAGES: dict[str, tuple[Judged, list[Result]]] = {
    "the roll-up alone is bad": (
        acme(indicator="major", description="Partial Outage"),
        [("page", "failure", "the page says major: Partial Outage"), ("API", "passed", None)],
    ),
    "an incident alone counts": (
        acme(incidents=[incident("Down", impact="critical")]),
        [
            ("page", "failure", 'incident "Down" investigating, impact critical'),
            ("API", "passed", None),
        ],
    ),
    "a window alone is at the threshold": (
        acme(windows=[window("Upgrade", "in_progress")], fail_on=FailOn.MAINTENANCE),
        [("page", "failure", 'maintenance "Upgrade" in progress'), ("API", "passed", None)],
    ),
    "a component below the threshold shows nothing": (
        acme(
            component("API", "degraded_performance"), indicator="critical", fail_on=FailOn.CRITICAL
        ),
        [
            ("page", "failure", "the page says critical: All Systems Operational"),
            ("API", "system-out", "degraded performance"),
        ],
    ),
    "the roll-up is missing": (
        acme(indicator=None),
        [("page", "error", "the page's indicator is missing"), ("API", "passed", None)],
    ),
    "the roll-up and a component are unknown": (
        acme(component("API", "on_fire"), indicator=None),
        [
            ("page", "error", "the page's indicator is missing"),
            ("API", "error", "unknown (on_fire)"),
        ],
    ),
    "a selected component is not there": (
        acme(components=("API", "Nowhere")),
        [("page", "error", 'the page lists no component "Nowhere"'), ("API", "passed", None)],
    ),
    "a selected component is unknown, which its case shows": (
        strange(components=("Search",)),
        [("Search", "error", "unknown (on_fire)")],
    ),
    "a component nobody selected is unknown": (
        strange(),
        [("API", "passed", None), ("Search", "error", "unknown (on_fire)")],
    ),
    "an incident is only watched": (watching(), [("API", "passed", None)]),
    "only the selection counts": (narrowed(), [("Dashboard", "passed", None)]),
    "no components, and well": (
        judged(page()),
        [("page", "system-out", "the page lists no components")],
    ),
    "no components, and in maintenance": (
        judged(page(windows=[window("Upgrade", "in_progress")])),
        [("page", "skipped", 'maintenance "Upgrade" in progress')],
    ),
    "not read, and never was": (
        unreadable(kind=FailureKind.DNS, message="no such host"),
        [("page", "error", "no such host")],
    ),
    "not read, and well before": (stale(), [("page", "error", "no answer in 10 s")]),
    "not read, and forgiven": (
        unreadable(on_unknown=OnUnknown.IGNORE),
        [("page", "error", "no answer in 10 s")],
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_a_case_if_no_component_shows_the_reason(name: str) -> None:
    vendor, expected = PAGES[name]
    assert cases(vendor) == expected


def test_the_case_of_the_page_has_every_reason_and_the_address() -> None:
    down = [incident("Down", impact="critical"), incident("Slow")]
    root = parsed(report(acme(incidents=down)))
    failure = root.find(".//failure")
    assert failure is not None
    assert failure.text == (
        'incident "Down" investigating, impact critical\n'
        'incident "Slow" investigating, impact minor\n'
        "https://status.acme.example"
    )


def test_counts_add_up() -> None:
    root = parsed(
        report(
            healthy(), broken("github"), strange(), stale(), in_maintenance(), acme(indicator=None)
        )
    )
    assert [root.get(count) for count in COUNTS] == ["13", "2", "3", "1"]
    for count in COUNTS:
        assert sum(int(suite.get(count, "")) for suite in root) == int(root.get(count, ""))


def test_cases_with_the_same_name_are_numbered() -> None:
    rows = [component("API", id=""), component("API", id=""), component("page")]
    rows += group("Europe", component("API", id="x"))
    vendor = acme(*rows, indicator="major")
    assert [name for name, _, _ in cases(vendor)] == [
        "page",
        "API",
        "API (2)",
        "page (2)",
        "Europe/API",
    ]


def test_text_of_a_vendor_comes_back_as_it_was() -> None:
    found = cases(hostile())
    assert [name for name, _, _ in found[: len(HOSTILE)]] == [" ".join(t.split()) for t in HOSTILE]
    assert junit.render(report(hostile()), VIEW).isascii()


def test_characters_that_xml_forbids_are_left_out() -> None:
    vendor = judged(
        page(component("API")), slug="ac\x00me", name="a\x00b\x1b\ufffe\ud800c\U0001f600"
    )
    root = parsed(report(vendor))
    assert [suite.get("name") for suite in root] == ["abc\U0001f600"]
    assert [case.get("classname") for case in root.iter("testcase")] == ["acme"]


def test_a_drill_is_named() -> None:
    root = parsed(report(healthy(), drill="a bad day"))
    assert root.get("name") == "outlogger check (DRILL: a bad day)"


def test_a_skipped_run_has_no_cases() -> None:
    root = parsed(skipped())
    assert [root.get(count) for count in COUNTS] == ["0", "0", "0", "0"]
    assert list(root) == []

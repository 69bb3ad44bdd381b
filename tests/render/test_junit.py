"""JUnit: parsed as XML; every component is a case, and nothing unknown passes."""

import re
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
        '<testsuites name="outlogger check" tests="5" failures="2" errors="1" time="0">\n'
        '  <testsuite name="Acme" tests="4" failures="2" errors="0" skipped="0"'
        ' time="0" timestamp="2026-01-15T12:00:00Z">\n'
        '    <testcase name="Europe/Queue" classname="github" time="0" />\n'
        '    <testcase name="Europe/Build" classname="github" time="0">\n'
        '      <failure message="partial outage" type="major">Europe/Build: partial outage\n'
        'open incident "Builds are stuck" identified, impact major\n'
        "severity: major\n"
        "https://status.github.example</failure>\n"
        "    </testcase>\n"
        '    <testcase name="API" classname="github" time="0">\n'
        '      <failure message="degraded performance" type="minor">API: degraded performance\n'
        'open incident "Builds are stuck" identified, impact major\n'
        "severity: minor\n"
        "https://status.github.example</failure>\n"
        "    </testcase>\n"
        '    <testcase name="Dashboard" classname="github" time="0" />\n'
        "  </testsuite>\n"
        '  <testsuite name="Acme" tests="1" failures="0" errors="1" skipped="0"'
        ' time="0" timestamp="2026-01-15T12:00:00Z">\n'
        '    <testcase name="page" classname="gone" time="0">\n'
        '      <error message="no answer in 10 s" type="timeout">no answer in 10 s\n'
        "severity: unknown\n"
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
    "an incident is worse than every component": (
        acme(
            component("API", "degraded_performance"), incidents=[incident("Down", impact="major")]
        ),
        [
            ("page", "failure", 'incident "Down" investigating, impact major'),
            ("API", "failure", "degraded performance"),
        ],
    ),
    "the roll-up is worse than every component": (
        acme(component("API", "degraded_performance"), indicator="critical"),
        [
            ("page", "failure", "the page says critical: All Systems Operational"),
            ("API", "failure", "degraded performance"),
        ],
    ),
    "an incident is no worse than the component": (
        acme(component("API", "partial_outage"), incidents=[incident("Down", impact="major")]),
        [("API", "failure", "partial outage")],
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
        [("page", "error", 'component "Nowhere" not found'), ("API", "passed", None)],
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
        [("page", "system-out", "the page has no components")],
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


def result_of(vendor: Judged, tag: str = "failure") -> Element:
    result = parsed(report(vendor)).find(f".//{tag}")
    assert result is not None
    return result


def test_the_text_of_the_page_has_what_is_wrong_the_severity_and_the_link() -> None:
    down = [incident("Down", impact="critical"), incident("Slow", "monitoring")]
    vendor = acme(incidents=down, indicator="major", description="Partial Outage")
    assert result_of(vendor).text == (
        "the page says major: Partial Outage\n"
        'open incident "Down" investigating, impact critical\n'
        'open incident "Slow" monitoring, impact minor: listed only, a fix is being monitored\n'
        "severity: critical\n"
        "https://status.acme.example"
    )


def test_the_text_of_a_component_in_maintenance_is_whole_too() -> None:
    assert result_of(in_maintenance(), "skipped").text == (
        "Database: under maintenance\nseverity: maintenance\nhttps://status.acme.example"
    )


def test_a_suite_that_passes_names_the_open_incidents() -> None:
    (suite,) = parsed(report(watching())).findall("testsuite")
    assert (suite.findtext("system-out") or "").startswith('open incident "API errors" monitoring')
    (suite,) = parsed(report(broken())).findall("testsuite")
    assert suite.find("system-out") is None


def test_a_text_names_at_most_five_incidents_and_five_reasons() -> None:
    many = [incident(f"I{n}", impact="critical") for n in range(8)]
    rows = [component(f"C{n}", "degraded_performance") for n in range(9)]
    text = result_of(acme(*rows, incidents=many)).text or ""
    assert text.splitlines() == [
        *(f"C{n} degraded performance" for n in range(5)),
        "4 more reasons",
        *(f'open incident "I{n}" investigating, impact critical' for n in range(5)),
        "3 more open incidents",
        "severity: critical",
        "https://status.acme.example",
    ]


def test_counts_add_up() -> None:
    root = parsed(
        report(
            healthy(), broken("github"), strange(), stale(), in_maintenance(), acme(indicator=None)
        )
    )
    assert [root.get(count) for count in COUNTS] == ["13", "2", "3", None]
    for count in COUNTS[:3]:
        assert sum(int(suite.get(count, "")) for suite in root) == int(root.get(count, ""))
    assert [suite.get("skipped") for suite in root] == ["0", "0", "0", "0", "1", "0"]


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
    assert [root.get(count) for count in COUNTS[:3]] == ["0", "0", "0"]
    assert list(root) == []


# The rules of Jenkins' schema for reports, junit-10.xsd.

ATTRIBUTES = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set()),
    "testsuite": (
        {"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp"}
        | {"hostname", "id", "package", "file", "log", "url"},
        {"name", "tests", "failures", "errors"},
    ),
    "testcase": ({"name", "time", "classname", "group"}, {"name"}),
    **dict.fromkeys(("failure", "error", "skipped"), ({"type", "message"}, set())),
    "system-out": (set(), set()),
}
"""The attributes that each element may have, and those that it must have."""

CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testsuite", "properties", "testcase", "system-out", "system-err"},
    "testcase": {"failure", "error", "skipped", "system-out", "system-err"},
}
MIXED = {"failure", "error", "skipped", "system-out"}
"""Elements that may hold text."""

TIME = re.compile(r"(?:[0-9]{0,3},)*[0-9]{0,3}(?:\.[0-9]*)?")


def violations(root: Element) -> list[str]:
    found = []
    for element in root.iter():
        allowed, required = ATTRIBUTES[element.tag]
        given = set(element.attrib)
        found += [f"{element.tag} has {name}" for name in given - allowed]
        found += [f"{element.tag} lacks {name}" for name in required - given]
        found += [
            f"{child.tag} in {element.tag}"
            for child in element
            if child.tag not in CHILDREN.get(element.tag, set())
        ]
        if element.tag not in MIXED and (element.text or "").strip():
            found.append(f"text in {element.tag}")
        if not TIME.fullmatch(element.get("time", "0")):
            found.append(f"time of {element.tag}")
    return found


RUNS = {
    **{name: report(vendor) for name, (vendor, _) in PAGES.items()},
    "many": report(healthy(), broken("github"), strange(), stale(), in_maintenance(), hostile()),
    "skipped": skipped(),
    "a drill": report(broken(), drill="a bad day"),
}


@pytest.mark.parametrize("name", RUNS)
def test_the_document_keeps_the_rules_of_jenkins(name: str) -> None:
    assert violations(parsed(RUNS[name])) == []


def test_the_rules_refuse_other_documents() -> None:
    wrong = fromstring(
        "<testsuites skipped='0'>x<testsuite name='a' tests='1' failures='0' time='soon'>"
        "<testcase time='0'><failure/><testcase name='b'/></testcase></testsuite></testsuites>"
    )
    assert violations(wrong) == [
        "testsuites has skipped",
        "text in testsuites",
        "testsuite lacks errors",
        "time of testsuite",
        "testcase lacks name",
        "testcase in testcase",
    ]

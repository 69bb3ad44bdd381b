"""For CI reports: a suite a vendor, a case a component, in JUnit's XML.

https://github.com/testmoapp/junitxml describes what CI servers read. It tells states, whatever
`--on-unknown` makes of them: a component of which nothing is known never passes.
"""

import re
from collections import Counter
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from outlogger_cli.domain.model import Component, Severity, Verdict
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.selection import label
from outlogger_cli.domain.values import frozen
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View, wording
from outlogger_cli.render.records import machine_time

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RESULTS = {"failures": "failure", "errors": "error", "skipped": "skipped"}
"""How many there are of each is an attribute."""


@frozen
class Case:
    """`result` is failure, error or skipped, None for a case that passed."""

    name: str
    result: str | None
    type: str
    message: str
    text: str = ""


def render(report: Report, _view: View, /) -> str:
    """The document in ASCII, which no stream's encoding can garble."""
    drill = f" (DRILL: {report.drill})" if report.drill else ""
    root = Element("testsuites", {"name": _legal(f"outlogger {report.command}{drill}")})
    for judged in report.vendors:
        suite = SubElement(root, "testsuite", {"name": _legal(judged.name)})
        _add_cases(suite, judged)
        _count(suite, report)
    _count(root, report)
    indent(root)
    document: bytes = tostring(root, encoding="us-ascii", xml_declaration=True)
    return document.decode("ascii") + "\n"


def _add_cases(suite: Element, judged: Judged) -> None:
    seen: Counter[str] = Counter()
    for case in _cases(judged):
        seen[case.name] += 1
        # of two cases of one name GitLab shows only the first
        name = case.name if seen[case.name] == 1 else f"{case.name} ({seen[case.name]})"
        names = {"name": _legal(name), "classname": _legal(judged.vendor.slug)}
        element = SubElement(suite, "testcase", {**names, "time": "0"})
        if case.result:
            told = SubElement(element, case.result, {"message": _legal(case.message)})
            if case.result != "skipped":
                told.set("type", case.type)
                told.text = _legal(case.text)
        elif case.message:
            SubElement(element, "system-out").text = _legal(case.message)


def _count(element: Element, report: Report) -> None:
    element.set("tests", str(len(element.findall(".//testcase"))))
    for attribute, result in _RESULTS.items():
        element.set(attribute, str(len(element.findall(f".//{result}"))))
    element.set("time", "0")
    element.set("timestamp", machine_time(report.generated_at) or "")


def _cases(judged: Judged) -> list[Case]:
    """The components that count; of a page that was not read none, whatever they were before."""
    cases = [] if judged.error else [_of_component(one, judged) for one in judged.selected]
    return [_of_page(judged), *cases] if _page_is_due(judged, cases) else cases


def _page_is_due(judged: Judged, cases: Sequence[Case]) -> bool:
    """Whether something has to be told that no component's case tells."""
    results = Counter(case.result for case in cases)
    if judged.verdict is Verdict.PROBLEM:
        return not results["failure"]
    if judged.verdict is Verdict.UNKNOWN:
        # without a selection a component's unknown word never makes the verdict
        told = results["error"] if judged.vendor.selection else 0
        return told < sum(finding.severity is Severity.UNKNOWN for finding in judged.findings)
    return not cases


def _of_page(judged: Judged) -> Case:
    results = {Verdict.PROBLEM: "failure", Verdict.UNKNOWN: "error"}
    maintained = "skipped" if judged.severity is Severity.MAINTENANCE else None
    return Case(
        name="page",
        result=results.get(judged.verdict, maintained),
        type=judged.error.kind if judged.error else judged.severity,
        message=judged.reasons[0] if judged.reasons else "",
        text="\n".join([*judged.reasons, judged.vendor.url]),
    )


def _of_component(component: Component, judged: Judged) -> Case:
    severity = component.status.severity
    results = {Severity.UNKNOWN: "error", Severity.MAINTENANCE: "skipped"}
    fails = judged.vendor.policy.fail_on.reached_by(severity)
    return Case(
        name=label(component),
        result="failure" if fails else results.get(severity),
        type=severity,
        message="" if severity is Severity.NONE else wording.component_status(component),
        text=judged.vendor.url,
    )


def _legal(text: str) -> str:
    """`text` without the characters no XML document may hold."""
    return _ILLEGAL.sub("", text)

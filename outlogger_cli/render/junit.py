"""For CI reports: a suite per vendor and a case per component, in JUnit's XML.

https://github.com/testmoapp/junitxml describes what CI servers read; elements and attributes are
those that Jenkins' junit-10.xsd allows. GitLab shows only the text of a result, so that has all.
`--on-unknown` has no effect: a component whose state is unknown never passes.
"""

import re
from collections import Counter
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from outlogger_cli.domain.model import Component, Severity, Verdict
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.selection import label
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View, wording
from outlogger_cli.render.records import machine_time

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RESULTS = {"failures": "failure", "errors": "error", "skipped": "skipped"}
"""Attributes that count results, and the elements they count."""

_LISTED = 5
"""How many open incidents, and how many reasons, a text names."""


def render(report: Report, _view: View, /) -> str:
    """Return the document in ASCII, which no stream's encoding damages."""
    drill = f" (DRILL: {report.drill})" if report.drill else ""
    root = Element("testsuites", {"name": _legal(f"outlogger {report.command}{drill}")})
    for judged in report.vendors:
        suite = SubElement(root, "testsuite", {"name": _legal(judged.name)})
        listed = _open_incidents(judged)
        suite.extend(_cases(judged, listed))
        _count(suite)
        if listed and not any(int(suite.attrib[one]) for one in _RESULTS):  # no result has them
            SubElement(suite, "system-out").text = _legal("\n".join(listed))
        suite.set("timestamp", machine_time(report.generated_at) or "")
    _count(root)
    del root.attrib["skipped"]
    indent(root)
    document: bytes = tostring(root, encoding="us-ascii", xml_declaration=True)
    return document.decode("ascii") + "\n"


def _count(element: Element) -> None:
    element.set("tests", str(len(element.findall(".//testcase"))))
    for attribute, result in _RESULTS.items():
        element.set(attribute, str(len(element.findall(f".//{result}"))))
    element.set("time", "0")


def _open_incidents(judged: Judged) -> list[str]:
    incidents = [f"open {finding.text}" for finding in judged.findings if finding.of_incident]
    return _some(incidents, "open incidents")


def _cases(judged: Judged, listed: list[str]) -> list[Element]:
    """The selected components, and the page if it is needed; after a failure only the page."""
    cases = [] if judged.error else [_component(one, judged, listed) for one in judged.selected]
    if _needs_page(judged, cases):
        cases.insert(0, _page(judged, listed))
    seen: Counter[str] = Counter()
    for case in cases:
        name = case.attrib["name"]
        seen[name] += 1
        if seen[name] > 1:  # GitLab shows only the first of two cases with the same name
            case.set("name", f"{name} ({seen[name]})")
    return cases


def _some(texts: list[str], what: str) -> list[str]:
    rest = len(texts) - _LISTED
    return [*texts[:_LISTED], *([f"{rest} more {what}"] if rest > 0 else [])]


def _needs_page(judged: Judged, cases: Sequence[Element]) -> bool:
    """Whether the verdict has a reason that no component's case shows."""
    results = Counter(result.tag for case in cases for result in case)
    if judged.verdict is Verdict.PROBLEM:
        shown = {r.get("type") for case in cases for r in case if r.tag == "failure"}
        return judged.severity not in shown
    if judged.verdict is Verdict.UNKNOWN:
        # without a selection an unknown component never decides the verdict
        unknown = results["error"] if judged.is_narrowed else 0
        return unknown < sum(finding.severity is Severity.UNKNOWN for finding in judged.findings)
    return not cases


def _page(judged: Judged, incidents: list[str]) -> Element:
    results = {Verdict.PROBLEM: "failure", Verdict.UNKNOWN: "error"}
    maintained = "skipped" if judged.severity is Severity.MAINTENANCE else None
    reasons = [finding.text for finding in judged.findings if not finding.of_incident]
    return _case(
        "page",
        judged,
        result=results.get(judged.verdict, maintained),
        type=judged.error.kind if judged.error else judged.severity,
        message=judged.reasons[0] if judged.reasons else "",
        text=[*_some(reasons, "reasons"), *incidents, f"severity: {judged.severity}"],
    )


def _component(component: Component, judged: Judged, incidents: list[str]) -> Element:
    severity = component.status.severity
    results = {Severity.UNKNOWN: "error", Severity.MAINTENANCE: "skipped"}
    fails = judged.vendor.policy.fail_on.reached_by(severity)
    status = wording.component_status(component)
    return _case(
        label(component),
        judged,
        result="failure" if fails else results.get(severity),
        type=severity,
        message="" if severity is Severity.NONE else status,
        text=[f"{label(component)}: {status}", *incidents, f"severity: {severity}"],
    )


def _case(
    name: str, judged: Judged, *, result: str | None, type: str, message: str, text: list[str]
) -> Element:
    """`result` is failure, error or skipped, None for a case that passed."""
    names = {"name": _legal(name), "classname": _legal(judged.vendor.slug)}
    case = Element("testcase", {**names, "time": "0"})
    if result:
        element = SubElement(case, result, {"message": _legal(message), "type": type})
        element.text = _legal("\n".join([*text, judged.vendor.url]))
    elif message:
        SubElement(case, "system-out").text = _legal(message)
    return case


def _legal(text: str) -> str:
    """Remove the characters that XML does not allow."""
    return _ILLEGAL.sub("", text)

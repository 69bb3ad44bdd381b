"""For CI reports: a suite per vendor and a case per component, in JUnit's XML.

https://github.com/testmoapp/junitxml describes what CI servers read. `--on-unknown` has no effect:
a component whose state is unknown never passes.
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


def render(report: Report, _view: View, /) -> str:
    """Return the document in ASCII, which no stream's encoding damages."""
    drill = f" (DRILL: {report.drill})" if report.drill else ""
    root = Element("testsuites", {"name": _legal(f"outlogger {report.command}{drill}")})
    for judged in report.vendors:
        suite = SubElement(root, "testsuite", {"name": _legal(judged.name)})
        suite.extend(_cases(judged))
        _count(suite, report)
    _count(root, report)
    indent(root)
    document: bytes = tostring(root, encoding="us-ascii", xml_declaration=True)
    return document.decode("ascii") + "\n"


def _count(element: Element, report: Report) -> None:
    element.set("tests", str(len(element.findall(".//testcase"))))
    for attribute, result in _RESULTS.items():
        element.set(attribute, str(len(element.findall(f".//{result}"))))
    element.set("time", "0")
    element.set("timestamp", machine_time(report.generated_at) or "")


def _cases(judged: Judged) -> list[Element]:
    """The selected components, and the page if it is needed; after a failure only the page."""
    cases = [] if judged.error else [_component(one, judged) for one in judged.selected]
    if _needs_page(judged, cases):
        cases.insert(0, _page(judged))
    seen: Counter[str] = Counter()
    for case in cases:
        name = case.attrib["name"]
        seen[name] += 1
        if seen[name] > 1:  # GitLab shows only the first of two cases with the same name
            case.set("name", f"{name} ({seen[name]})")
    return cases


def _needs_page(judged: Judged, cases: Sequence[Element]) -> bool:
    """Whether the verdict has a reason that no component's case shows."""
    results = Counter(result.tag for case in cases for result in case)
    if judged.verdict is Verdict.PROBLEM:
        return not results["failure"]
    if judged.verdict is Verdict.UNKNOWN:
        # without a selection an unknown component never decides the verdict
        shown = results["error"] if judged.is_narrowed else 0
        return shown < sum(finding.severity is Severity.UNKNOWN for finding in judged.findings)
    return not cases


def _page(judged: Judged) -> Element:
    results = {Verdict.PROBLEM: "failure", Verdict.UNKNOWN: "error"}
    maintained = "skipped" if judged.severity is Severity.MAINTENANCE else None
    return _case(
        "page",
        judged,
        result=results.get(judged.verdict, maintained),
        type=judged.error.kind if judged.error else judged.severity,
        message=judged.reasons[0] if judged.reasons else "",
        text="\n".join([*judged.reasons, judged.vendor.url]),
    )


def _component(component: Component, judged: Judged) -> Element:
    severity = component.status.severity
    results = {Severity.UNKNOWN: "error", Severity.MAINTENANCE: "skipped"}
    fails = judged.vendor.policy.fail_on.reached_by(severity)
    return _case(
        label(component),
        judged,
        result="failure" if fails else results.get(severity),
        type=severity,
        message="" if severity is Severity.NONE else wording.component_status(component),
        text=judged.vendor.url,
    )


def _case(
    name: str, judged: Judged, *, result: str | None, type: str, message: str, text: str
) -> Element:
    """`result` is failure, error or skipped, None for a case that passed."""
    names = {"name": _legal(name), "classname": _legal(judged.vendor.slug)}
    case = Element("testcase", {**names, "time": "0"})
    if result == "skipped":
        SubElement(case, result, {"message": _legal(message)})
    elif result:
        element = SubElement(case, result, {"message": _legal(message), "type": type})
        element.text = _legal(text)
    elif message:
        SubElement(case, "system-out").text = _legal(message)
    return case


def _legal(text: str) -> str:
    """Remove the characters that XML does not allow."""
    return _ILLEGAL.sub("", text)

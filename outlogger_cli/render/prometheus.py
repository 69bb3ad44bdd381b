"""For node_exporter's textfile collector: gauges in Prometheus' text format.

A state is one series a word, 0 or 1. No incident's text, address or time is a label, so that
series do not multiply, and no sample has a timestamp, which the collector refuses. Documented at
https://prometheus.io/docs/instrumenting/exposition_formats/.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

from outlogger_cli.domain.model import Component, ComponentStatus
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View

Labels = dict[str, str]
Sample = tuple[Labels, int]

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def render(report: Report, _view: View, /) -> str:
    return "".join(
        _family(f"outlogger_{name}", text, samples(report))
        for name, (text, samples) in _FAMILIES.items()
    )


def _family(name: str, text: str, samples: Iterable[Sample]) -> str:
    lines = [f"# HELP {name} {text}", f"# TYPE {name} gauge"]
    lines += [f"{name}{_labels(labels)} {value}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def _labels(labels: Labels) -> str:
    pairs = [f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels.items()]
    return "{" + ",".join(pairs) + "}" if pairs else ""


def _states(labels: Labels, name: str, holds: StrEnum) -> Iterator[Sample]:
    """A series for every word of the enum, 1 for the one that holds."""
    for word in type(holds):
        yield {**labels, name: word.value}, int(word is holds)


def _up(report: Report) -> Iterator[Sample]:
    for labels, judged in _vendors(report):
        yield labels, int(judged.error is None)


def _verdict(report: Report) -> Iterator[Sample]:
    yield from _states({}, "verdict", report.verdict)


def _vendor_verdict(report: Report) -> Iterator[Sample]:
    for labels, judged in _vendors(report):
        yield from _states(labels, "verdict", judged.verdict)


def _vendor_severity(report: Report) -> Iterator[Sample]:
    for labels, judged in _vendors(report):
        yield from _states(labels, "severity", judged.severity)


def _open_incidents(report: Report) -> Iterator[Sample]:
    """Nothing for a page that could not be read: nobody knows what is open there now."""
    for labels, judged in _vendors(report):
        if not judged.error:
            yield labels, len(judged.open_incidents)


def _reading_age(report: Report) -> Iterator[Sample]:
    for labels, judged in _vendors(report):
        if judged.reading:
            age = report.generated_at - judged.reading.checked_at
            yield labels, max(0, round(age.total_seconds()))


def _component_status(report: Report) -> Iterator[Sample]:
    """Of a page that could not be read the components known before, all of them unknown: a
    series that ended would read as a recovery."""
    for vendor, judged in _vendors(report):
        for component, labels in _components(judged):
            status = ComponentStatus.UNKNOWN if judged.error else component.status
            yield from _states({**vendor, **labels}, "status", status)


def _drill(report: Report) -> Iterator[Sample]:
    yield {}, int(report.drill is not None)


def _last_run(report: Report) -> Iterator[Sample]:
    yield {}, int(report.generated_at.timestamp())


_FAMILIES: dict[str, tuple[str, Callable[[Report], Iterator[Sample]]]] = {
    "up": ("Whether the vendor's page could be read.", _up),
    "verdict": ("What the run comes to: 1 at the word that holds.", _verdict),
    "vendor_verdict": ("What a vendor comes to under its threshold.", _vendor_verdict),
    "vendor_severity": ("How bad it is at a vendor.", _vendor_severity),
    "vendor_open_incidents": ("Incidents a vendor has open.", _open_incidents),
    "vendor_reading_age_seconds": ("Age of what is known of a vendor.", _reading_age),
    "component_status": ("State of a selected component.", _component_status),
    "drill": ("Whether nothing here is real, but an exercise.", _drill),
    "last_run_timestamp_seconds": ("When this was written, as Unix time.", _last_run),
}


def _vendors(report: Report) -> Iterator[tuple[Labels, Judged]]:
    """Two pages on one host share their slug: the second is told apart by a number."""
    seen: Counter[str] = Counter()
    for judged in report.vendors:
        yield {"vendor": _told_apart(judged.vendor.slug, seen)}, judged


def _components(judged: Judged) -> Iterator[tuple[Component, Labels]]:
    """Names repeat, and some pages give no ids: the id, with a number where need be, is unique."""
    seen: Counter[str] = Counter()
    for component in judged.selected:
        labels = {"id": _told_apart(component.id, seen), "component": component.name}
        yield component, {**labels, "group": component.group or ""}


def _told_apart(name: str, seen: Counter[str]) -> str:
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}#{seen[name]}"

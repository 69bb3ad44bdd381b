"""For node_exporter's textfile collector: gauges in Prometheus' text format.

A state has one series per value, 0 or 1. No text, address or time of an incident is a label,
because every new value would be a new series. No sample has a timestamp, which the collector
refuses. Documented at https://prometheus.io/docs/instrumenting/exposition_formats/.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

from outlogger_cli.domain.model import Component, ComponentStatus
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View

Labels = dict[str, str]
Sample = tuple[Labels, int]

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def render(report: Report, _view: View, /) -> str:
    vendors = list(_vendors(report))
    families: dict[str, tuple[str, Iterable[Sample]]] = {
        "up": (
            "Whether the vendor's page could be read.",
            [(labels, int(judged.error is None)) for labels, judged in vendors],
        ),
        "verdict": (
            "What the run comes to: 1 at the word that holds.",
            _states({}, "verdict", report.verdict),
        ),
        "vendor_verdict": (
            "What a vendor comes to under its threshold.",
            [s for labels, judged in vendors for s in _states(labels, "verdict", judged.verdict)],
        ),
        "vendor_severity": (
            "How bad it is at a vendor.",
            [s for labels, judged in vendors for s in _states(labels, "severity", judged.severity)],
        ),
        "vendor_open_incidents": (  # none of a page that could not be read: they are unknown
            "Incidents a vendor has open.",
            [(labels, len(one.open_incidents)) for labels, one in vendors if not one.error],
        ),
        "vendor_reading_age_seconds": ("Age of what is known of a vendor.", _ages(report, vendors)),
        "component_status": ("State of a selected component.", _component_states(vendors)),
        "drill": (
            "Whether nothing here is real, but an exercise.",
            [({}, int(report.drill is not None))],
        ),
        "last_run_timestamp_seconds": (
            "When this was written, as Unix time.",
            [({}, int(report.generated_at.timestamp()))],
        ),
    }
    return "".join(_family(f"outlogger_{name}", *family) for name, family in families.items())


def _family(name: str, text: str, samples: Iterable[Sample]) -> str:
    lines = [f"{name}{_labels(labels)} {value}\n" for labels, value in samples]
    return f"# HELP {name} {text}\n# TYPE {name} gauge\n{''.join(lines)}"


def _labels(labels: Labels) -> str:
    pairs = [f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels.items()]
    return "{" + ",".join(pairs) + "}" if pairs else ""


def _states(labels: Labels, name: str, current: StrEnum) -> Iterator[Sample]:
    """Yield a sample for every value of the enum, 1 for `current`."""
    for value in type(current):
        yield {**labels, name: value.value}, int(value is current)


def _vendors(report: Report) -> Iterator[tuple[Labels, Judged]]:
    """Yield each vendor with its label. Pages on one host share a slug, so it gets a number."""
    seen: Counter[str] = Counter()
    for judged in report.vendors:
        yield {"vendor": _unique(judged.vendor.slug, seen)}, judged


def _ages(report: Report, vendors: Iterable[tuple[Labels, Judged]]) -> Iterator[Sample]:
    for labels, judged in vendors:
        if judged.reading:
            age = report.generated_at - judged.reading.checked_at
            yield labels, max(0, round(age.total_seconds()))


def _component_states(vendors: Iterable[tuple[Labels, Judged]]) -> Iterator[Sample]:
    """All components of a page that could not be read are unknown: a series that ended would look
    like a recovery."""
    for vendor, judged in vendors:
        for component, labels in _components(judged):
            status = ComponentStatus.UNKNOWN if judged.error else component.status
            yield from _states({**vendor, **labels}, "status", status)


def _components(judged: Judged) -> Iterator[tuple[Component, Labels]]:
    """Yield selected components with unique labels: names repeat, and some pages have no ids."""
    seen: Counter[str] = Counter()
    for component in judged.selected:
        labels = {"id": _unique(component.id, seen), "component": component.name}
        yield component, {**labels, "group": component.group or ""}


def _unique(name: str, seen: Counter[str]) -> str:
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}#{seen[name]}"

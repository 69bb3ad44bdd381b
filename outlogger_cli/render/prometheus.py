"""For node_exporter's textfile collector: gauges in Prometheus' text format.

A state has one series per value, 0 or 1. No text or time of an incident is a label, because every
new value would be a new series. Every series has the label `list`, so that the files of two
watchlists on one node do not clash. No sample has a timestamp, which the collector refuses.
Documented at https://prometheus.io/docs/instrumenting/exposition_formats/.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from outlogger_cli.domain.model import Component, ComponentStatus
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.text import line
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.domain.version import __version__
from outlogger_cli.render import View
from outlogger_cli.render.records import unique

Labels = dict[str, str]
Sample = tuple[Labels, float]

OWN_LABELS = frozenset(
    {
        *("vendor", "verdict", "severity", "id", "component", "group", "status"),
        *("name", "url", "platform", "tags", "version"),
    }
)
"""Labels of single metrics, which a label of all series would replace."""

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def render(report: Report, view: View, /) -> str:
    common = common_labels(view)
    vendors = list(_vendors(report))
    families: dict[str, tuple[str, Iterable[Sample]]] = {
        "build_info": ("The version of outlogger.", [({"version": __version__}, 1)]),
        "up": (
            "Whether the vendor's page could be read.",
            [(labels, int(judged.error is None)) for labels, judged in vendors],
        ),
        "verdict": (
            "The verdict over all vendors: 1 for the one that applies.",
            _states({}, "verdict", report.verdict),
        ),
        "vendor_info": (
            "Name, page, platform and tags of a vendor.",
            [({**labels, **_info(judged)}, 1) for labels, judged in vendors],
        ),
        "vendor_verdict": (
            "The verdict on a vendor by its threshold.",
            [s for labels, judged in vendors for s in _states(labels, "verdict", judged.verdict)],
        ),
        "vendor_severity": (
            "The severity of a vendor.",
            [s for labels, judged in vendors for s in _states(labels, "severity", judged.severity)],
        ),
        "vendor_open_incidents": (  # none of a page that could not be read: they are unknown
            "Number of a vendor's open incidents.",
            [(labels, len(one.open_incidents)) for labels, one in vendors if not one.error],
        ),
        "vendor_reading_age_seconds": ("Age of the last reading.", _ages(report, vendors)),
        "vendor_reading_duration_seconds": (
            "How long the reading took, or the attempt.",
            [
                (labels, round(seconds, 3))
                for labels, judged in vendors
                if (seconds := judged.outcome.seconds) is not None
            ],
        ),
        "component_status": ("Status of a selected component.", _component_states(vendors)),
        "drill": ("Whether the data is simulated.", [({}, int(report.drill is not None))]),
        "last_run_timestamp_seconds": (
            "When this was written, as Unix time.",
            [({}, int(report.generated_at.timestamp()))],
        ),
    }
    return "".join(
        family(f"outlogger_{name}", help, [({**common, **own}, value) for own, value in samples])
        for name, (help, samples) in families.items()
    )


def common_labels(view: View) -> Labels:
    """The labels of every series."""
    return {"list": "command-line", **dict(view.labels)}


def labels(pairs: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Parse `NAME=VALUE`, labels for every series; raises `ValueError` for all that are wrong."""
    found: Labels = {}
    wrong = []
    for pair in pairs:
        name, equals, value = (part.strip() for part in line(pair).partition("="))
        if not (equals and value and re.fullmatch("[a-zA-Z_][a-zA-Z0-9_]*", name)):
            wrong.append(f"{line(pair)!r} is not NAME=VALUE")
        elif name.startswith("__") or name in OWN_LABELS:
            wrong.append(f"the label {name} is reserved")
        elif name in found:
            wrong.append(f"the label {name} is given twice")
        found[name] = value
    if wrong:
        raise ValueError("; ".join(wrong))
    return tuple(found.items())


def family(name: str, text: str, samples: Iterable[Sample]) -> str:
    """Return the lines of one metric, a gauge."""
    lines = [f"{name}{_labels(labels)} {value}\n" for labels, value in samples]
    return f"# HELP {name} {text}\n# TYPE {name} gauge\n{''.join(lines)}"


def _labels(labels: Labels) -> str:
    return "{" + ",".join(f'{k}="{v.translate(_ESCAPES)}"' for k, v in labels.items()) + "}"


def _info(judged: Judged) -> Labels:
    """Facts that seldom change; those of a page that could not be read are its last reading's."""
    return {
        "name": judged.name,
        "url": judged.vendor.url,
        "platform": judged.reading.platform if judged.reading else judged.vendor.platform or "",
        "tags": ",".join(judged.vendor.tags),
    }


def _states(labels: Labels, name: str, current: StrEnum) -> Iterator[Sample]:
    """Yield a sample for every value of the enum, 1 for `current`."""
    for value in type(current):
        yield {**labels, name: value.value}, int(value is current)


def _vendors(report: Report) -> Iterator[tuple[Labels, Judged]]:
    """Yield each vendor with its label. Pages on one host share a slug, so it gets a number."""
    seen: Counter[str] = Counter()
    for judged in report.vendors:
        yield {"vendor": unique(judged.vendor.slug, seen)}, judged


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
        labels = {"id": unique(component.id, seen), "component": component.name}
        yield component, {**labels, "group": component.group or ""}

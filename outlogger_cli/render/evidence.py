"""Sentences of `triage` about one vendor, the same in every format that people read."""

from collections.abc import Iterator

from outlogger_cli.domain.report import Report
from outlogger_cli.render import View, phrases, wording

_LINES_LIMIT = 8
_VALUES_LIMIT = 4


def about(report: Report, at: int, view: View) -> Iterator[str]:
    """Yield what is known of the vendor at place `at`: where the log names it, what is open."""
    assert report.triage
    judged, named = report.vendors[at], report.triage.read[at]
    numbers = sorted({one.line for one in named.evidence})
    values = [*dict.fromkeys(one.value for one in named.evidence)]
    noun = "line" if len(numbers) == 1 else "lines"
    shown = wording.listed([*map(str, numbers)], limit=_LINES_LIMIT)
    yield f"{noun} {shown}: {wording.listed(values, limit=_VALUES_LIMIT)}"
    if judged.open_incidents and not judged.error:
        incident = phrases.worst_incident(judged)
        facts = [*phrases.facts(incident, view), *phrases.names_others(incident, judged)]
        yield f"open incident: {incident.name} · {' · '.join(facts)}"
    if report.triage.timings[at]:
        yield report.triage.timings[at]

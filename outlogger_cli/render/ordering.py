"""The order of vendors in the formats that people read, and how many of each kind there are."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum, auto

from outlogger_cli.domain.model import Incident, Severity, Verdict
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import Sort
from outlogger_cli.render.phrases import common_cause

ORDER = (
    Severity.CRITICAL,
    Severity.MAJOR,
    Severity.MINOR,
    Severity.UNKNOWN,
    Severity.MAINTENANCE,
    Severity.NONE,
)
"""The severities, the worst first, with the unknown one in its place."""


class Standing(StrEnum):
    """What a vendor is counted as in the first line of an overview."""

    PROBLEM = auto()
    UNKNOWN = auto()
    BELOW = auto()
    """A known problem below the vendor's own threshold."""

    MAINTENANCE = auto()
    INCIDENT = auto()
    """Nothing is wrong with its components, but an incident is open."""

    OK = auto()


def standing(judged: Judged) -> Standing:
    if judged.verdict is not Verdict.OK:
        return Standing(judged.verdict.value)
    if judged.severity is Severity.MAINTENANCE:
        return Standing.MAINTENANCE
    if judged.severity is not Severity.NONE:
        return Standing.BELOW
    return Standing.INCIDENT if judged.open_incidents else Standing.OK


def is_quiet(judged: Judged) -> bool:
    """Whether a name is all that an overview says of the vendor: it is ok, and no component
    outside its selection has a problem."""
    return standing(judged) is Standing.OK and not judged.other_problems


def ordered(vendors: Iterable[Judged], sort: Sort) -> list[Judged]:
    """The vendors by severity, the worst first, or by name; of two alike the earlier one first.

    Within a severity, problems come before what is below a threshold, and open incidents before ok.
    """
    if sort is Sort.LIST:
        return list(vendors)
    if sort is Sort.NAME:
        return sorted(vendors, key=lambda judged: judged.name.casefold())
    standings = tuple(Standing)
    return sorted(
        vendors,
        key=lambda judged: (ORDER.index(judged.severity), standings.index(standing(judged))),
    )


def tally(vendors: Sequence[Judged]) -> str:
    """`3 vendors have problems · 2 unknown · 1 in maintenance · 35 ok`

    With `common cause? AWS` if open incidents of several vendors name the same one.
    """
    counts = Counter(map(standing, vendors))
    if len(vendors) == counts[Standing.OK]:
        return f"all {len(vendors)} vendors ok" if len(vendors) > 1 else "1 vendor ok"
    problems = counts[Standing.PROBLEM]
    parts = [
        (problems, "vendor has a problem" if problems == 1 else "vendors have problems"),
        (counts[Standing.UNKNOWN], "unknown"),
        (counts[Standing.BELOW], "below its threshold"),
        (counts[Standing.MAINTENANCE], "in maintenance"),
        (counts[Standing.INCIDENT], "with an open incident"),
        (counts[Standing.OK], "ok"),
    ]
    if counts[Standing.BELOW] > 1:
        parts[2] = (counts[Standing.BELOW], "below their thresholds")
    counted = [f"{number} {what}" for number, what in parts if number]
    return " · ".join([*counted, *filter(None, [common_cause(vendors)])])


def newest_first(vendors: Iterable[Judged]) -> list[tuple[Judged, Incident]]:
    """The incidents of all vendors whose pages were read, the newest first."""
    first = datetime.min.replace(tzinfo=UTC)
    found = [(judged, one) for judged in vendors if not judged.error for one in judged.incidents]
    return sorted(found, key=lambda pair: pair[1].started_at or first, reverse=True)


def incident_tally(found: Sequence[tuple[Judged, Incident]], vendors: Sequence[Judged]) -> str:
    """`3 incidents at 2 of 4 vendors; 1 unknown`"""
    affected = len({id(judged) for judged, _ in found})
    noun = "incident" if len(found) == 1 else "incidents"
    unread = sum(judged.error is not None for judged in vendors)
    unknown = f"; {unread} unknown" if unread else ""
    return f"{len(found)} {noun} at {affected} of {len(vendors)} vendors{unknown}"


def ok_count(fine: int, shown: int) -> str:
    """`35 others ok`, or `40 vendors ok` if no vendor is shown above."""
    noun = "other" if shown else "vendor"
    return f"{fine} {noun}{'' if fine == 1 else 's'} ok"

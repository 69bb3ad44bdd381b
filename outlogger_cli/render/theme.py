"""Word, glyph and colour of every severity, in one table. Colour never speaks alone."""

from outlogger_cli.domain.model import Severity
from outlogger_cli.domain.values import frozen


@frozen
class Mark:
    """`glyph` stands before a state, `day` for one day of the strip; each with its ASCII twin."""

    glyph: str
    plain_glyph: str
    day: str
    plain_day: str
    color: str


MARKS = {
    Severity.NONE: Mark(glyph="✓", plain_glyph="+", day="·", plain_day=".", color="green"),
    Severity.MAINTENANCE: Mark(glyph="◷", plain_glyph="m", day="◷", plain_day="m", color="cyan"),
    Severity.MINOR: Mark(glyph="▲", plain_glyph="!", day="▂", plain_day="1", color="yellow"),
    Severity.MAJOR: Mark(glyph="✗", plain_glyph="x", day="▅", plain_day="2", color="red"),
    Severity.CRITICAL: Mark(glyph="✗", plain_glyph="X", day="█", plain_day="3", color="bold red"),
    Severity.UNKNOWN: Mark(glyph="?", plain_glyph="?", day="?", plain_day="?", color="magenta"),
}

IMPACT_NONE_DAY = Mark(glyph="✓", plain_glyph="+", day="▪", plain_day="o", color="default")
"""A day with incidents, all of impact none."""


WITH_INCIDENT = Mark(glyph="○", plain_glyph="o", day="○", plain_day="o", color="yellow")
"""A vendor whose signals are green while an incident is open: never a bare tick."""


def mark(severity: Severity, *, open_incidents: int = 0) -> Mark:
    """The mark of a vendor's or component's state."""
    return WITH_INCIDENT if severity is Severity.NONE and open_incidents else MARKS[severity]


def glyph(severity: Severity, *, ascii: bool) -> str:
    mark = MARKS[severity]
    return mark.plain_glyph if ascii else mark.glyph


def day_mark(severity: Severity, incidents: int) -> Mark:
    """The mark of a day; one without an incident and one with harmless ones differ."""
    return IMPACT_NONE_DAY if severity is Severity.NONE and incidents else MARKS[severity]

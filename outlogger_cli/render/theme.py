"""Signs and colours of every severity. Colour is never the only difference between two."""

from typing import NamedTuple

from outlogger_cli.domain.model import Severity


class Mark(NamedTuple):
    """How a state looks: its sign beside a word, and its sign for a day in the strip of days."""

    glyph: str
    ascii_glyph: str
    day_glyph: str
    ascii_day_glyph: str
    color: str

    def sign(self, *, ascii: bool) -> str:
        return self.ascii_glyph if ascii else self.glyph

    def day_sign(self, *, ascii: bool) -> str:
        return self.ascii_day_glyph if ascii else self.day_glyph


MARKS = {
    Severity.NONE: Mark("✓", "+", "·", ".", "green"),
    Severity.MAINTENANCE: Mark("◷", "m", "◷", "m", "cyan"),
    Severity.MINOR: Mark("▲", "!", "▂", "1", "yellow"),
    Severity.MAJOR: Mark("✗", "x", "▅", "2", "red"),
    Severity.CRITICAL: Mark("✗", "X", "█", "3", "bold red"),
    Severity.UNKNOWN: Mark("?", "?", "?", "?", "magenta"),
}

IMPACT_NONE_DAY = Mark("✓", "+", "▪", "o", "default")
"""A day with incidents, all of impact none."""

WITH_INCIDENT = Mark("○", "o", "○", "o", "yellow")
"""A vendor or incident that is open while no component has a problem: never green."""


def mark(severity: Severity, *, open_incidents: int = 0) -> Mark:
    """The mark of a vendor's or component's state."""
    return WITH_INCIDENT if severity is Severity.NONE and open_incidents else MARKS[severity]


def day_mark(severity: Severity, incidents: int) -> Mark:
    """The mark of a day; a day without incidents differs from one with harmless incidents."""
    return IMPACT_NONE_DAY if severity is Severity.NONE and incidents else MARKS[severity]

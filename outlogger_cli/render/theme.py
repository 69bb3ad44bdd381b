"""Glyphs and colours of every severity. Colour is never the only difference between two."""

from collections.abc import Mapping
from typing import NamedTuple

from outlogger_cli.domain.model import Severity
from outlogger_cli.render import Theme


class Mark(NamedTuple):
    """A severity's glyph beside a word, and its bar for a day; each also in ASCII."""

    glyph: str
    ascii_glyph: str
    bar: str
    ascii_bar: str

    def sign(self, *, ascii: bool) -> str:
        return self.ascii_glyph if ascii else self.glyph

    def day_sign(self, *, ascii: bool) -> str:
        return self.ascii_bar if ascii else self.bar


MARKS = {
    Severity.NONE: Mark("✓", "+", "▁", "."),
    Severity.MAINTENANCE: Mark("◷", "m", "◷", "m"),
    Severity.MINOR: Mark("▲", "!", "▃", "1"),
    Severity.MAJOR: Mark("◆", "x", "▆", "2"),
    Severity.CRITICAL: Mark("✖", "X", "█", "3"),
    Severity.UNKNOWN: Mark("?", "?", "?", "?"),
}

IMPACT_NONE_DAY = Mark("✓", "+", "▂", "o")
"""A day with incidents, all of impact none."""

WITH_INCIDENT = Mark("○", "o", "▂", "o")
"""A vendor or incident that is open while no component has a problem: never a tick."""

DIM = "dim"

_COLORS: Mapping[Theme, Mapping[Severity, str]] = {
    # Numbers of the 256 colours. Contrast with the background is at least 4.5 (dark: black, light:
    # white), for `auto` at least 3.3 with both.
    Theme.DARK: {
        Severity.MAINTENANCE: "color(75)",
        Severity.MINOR: "color(221)",
        Severity.MAJOR: "color(209)",
        Severity.CRITICAL: "bold color(203)",
        Severity.UNKNOWN: "color(177)",
    },
    Theme.LIGHT: {
        Severity.MAINTENANCE: "color(25)",
        Severity.MINOR: "color(94)",
        Severity.MAJOR: "color(130)",
        Severity.CRITICAL: "bold color(124)",
        Severity.UNKNOWN: "color(90)",
    },
    Theme.AUTO: {
        Severity.MAINTENANCE: "color(32)",
        Severity.MINOR: "color(136)",
        Severity.MAJOR: "color(166)",
        Severity.CRITICAL: "bold color(160)",
        Severity.UNKNOWN: "color(133)",
    },
}


def mark(severity: Severity, *, open_incidents: int = 0) -> Mark:
    """The mark of a vendor's or component's state."""
    return WITH_INCIDENT if severity is Severity.NONE and open_incidents else MARKS[severity]


def color(severity: Severity, theme: Theme, *, open_incidents: int = 0) -> str:
    """The style of a severity's glyph and bar; healthy ones are dim."""
    if severity is Severity.NONE:
        return _COLORS[theme][Severity.MINOR] if open_incidents else DIM
    return _COLORS[theme][severity]


def day_mark(severity: Severity, incidents: int) -> Mark:
    """The mark of a day; a day without incidents differs from one with harmless incidents."""
    return IMPACT_NONE_DAY if severity is Severity.NONE and incidents else MARKS[severity]

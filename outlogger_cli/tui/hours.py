"""The last 24 hours of each vendor: what was observed, and what open incidents tell."""

from datetime import datetime

from rich.text import Text

from outlogger_cli.alerts.delivery_log import vendor_key
from outlogger_cli.domain.model import Severity
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View
from outlogger_cli.render.ordering import ORDER
from outlogger_cli.render.theme import color, day_mark

HOURS = 24


class Hours:
    """The worst state of each vendor in each hour in which it was read."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[int, tuple[Severity, int]]] = {}

    def add(self, judged: Judged, now: datetime) -> None:
        """Record a reading; what is older than `HOURS` is forgotten."""
        hour, key = _hour(now), vendor_key(judged.vendor)
        states = {at: one for at, one in self._seen.get(key, {}).items() if at > hour - HOURS}
        state = judged.severity, len(judged.open_incidents)
        states[hour] = min(states.get(hour, state), state, key=_badness)
        self._seen[key] = states

    def bar(self, judged: Judged, view: View) -> Text:
        """Return a glyph for each hour, the present one last.

        An hour in which the page was not read has the impact of the incidents that are still open
        and had begun. Without one it is blank: the vendor was not observed then.
        """
        last, bar = _hour(view.now), Text()
        seen = self._seen.get(vendor_key(judged.vendor), {})
        for hour in range(last - HOURS + 1, last + 1):
            severity, incidents = seen.get(hour) or _told(judged, hour)
            if severity is None:
                bar.append(" ")
                continue
            sign = day_mark(severity, incidents).day_sign(ascii=view.ascii)
            bar.append(sign, style=color(severity, view.theme, open_incidents=incidents))
        return bar


def _told(judged: Judged, hour: int) -> tuple[Severity | None, int]:
    """Return the worst impact of the incidents that began before the hour's end and were open
    when the page was read later."""
    reading = judged.reading
    if reading is None or _hour(reading.checked_at) < hour:
        return None, 0
    begun = [
        incident.impact.severity
        for incident in judged.open_incidents
        if incident.started_at and _hour(incident.started_at) <= hour
    ]
    return min(begun, key=ORDER.index, default=None), len(begun)


def _badness(state: tuple[Severity, int]) -> tuple[int, int]:
    severity, incidents = state
    return ORDER.index(severity), -incidents


def _hour(moment: datetime) -> int:
    return int(moment.timestamp() // 3600)

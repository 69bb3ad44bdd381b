"""What has changed since a watch began, to show on a terminal; not kept on disk."""

from datetime import datetime

from outlogger_cli.alerts.delivery_log import vendor_key
from outlogger_cli.alerts.events import Kind, VendorState, compare, select
from outlogger_cli.alerts.message import build_message
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.values import frozen


@frozen
class Change:
    """An event as a line shows it. `vendor` is the key that `vendor_key` makes."""

    at: datetime
    kind: Kind
    vendor: str
    title: str


class ChangeLog:
    """Compares each report with the one before."""

    def __init__(self) -> None:
        self._states: dict[str, VendorState] = {}

    def add(self, report: Report) -> list[Change]:
        """Return what changed since the last report; a vendor's first reading is not a change."""
        changes = []
        for judged in report.vendors:
            key = vendor_key(judged.vendor)
            before = self._states.get(key)
            self._states[key], events = compare(
                before or VendorState(), judged, now=report.generated_at
            )
            for event in select(events, Kind) if before else ():
                title = str(build_message(event, drill=False)["title"])
                changes.append(Change(at=event.at, kind=event.kind, vendor=key, title=title))
        return changes

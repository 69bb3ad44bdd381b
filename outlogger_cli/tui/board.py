"""What the full-screen view knows at a moment."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from outlogger_cli.alerts.changes import Change
from outlogger_cli.alerts.delivery_log import vendor_key
from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.domain.model import Vendor
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.tui.hours import Hours

EVENT_LIMIT = 200


@dataclass(slots=True, kw_only=True)
class Board:
    """Vendors are named by their `vendor_key`.

    `latest` has the last reading of each, `waiting` what the round still waits for since `began`
    (a time of the monotonic clock), `changed` what the last round changed. `events` are newest
    first. `notes` are what went wrong in the last round, `said` is the answer to the last key.
    """

    vendors: Sequence[Vendor]
    started: datetime
    drill: str | None = None
    standing_notes: Sequence[str] = ()
    latest: dict[str, Judged] = field(default_factory=dict)
    waiting: dict[str, Vendor] = field(default_factory=dict)
    began: float = 0
    changed: AbstractSet[str] = frozenset()
    events: list[Change] = field(default_factory=list)
    notes: Sequence[str] = ()
    said: str = ""
    mutes: Sequence[Mute] = ()
    words: str = ""
    unfold: bool = False
    hours: Hours = field(default_factory=Hours)

    def add(self, judged: Judged, now: datetime) -> None:
        """Add the reading of a page that has arrived."""
        key = vendor_key(judged.vendor)
        self.waiting.pop(key, None)
        self.latest[key] = judged
        self.hours.add(judged, now)

    def expect(self, vendors: Sequence[Vendor]) -> None:
        """Begin a round that requests the pages of `vendors`."""
        self.waiting = {vendor_key(vendor): vendor for vendor in vendors}

    def end_round(self, report: Report, changes: Sequence[Change]) -> None:
        """End a round: every vendor is read, and only `changes` are new."""
        self.waiting = {}
        self.latest = {vendor_key(judged.vendor): judged for judged in report.vendors}
        self.changed = {change.vendor for change in changes}
        self.events = [*reversed(changes), *self.events][:EVENT_LIMIT]

    def muted_keys(self) -> set[str]:
        return {vendor_key(vendor) for vendor in self.vendors if self.is_muted(vendor)}

    def is_muted(self, vendor: Vendor) -> bool:
        """Whether the whole vendor is muted."""
        return any(mute.component is None and mute.applies_to(vendor) for mute in self.mutes)

    def matches(self, vendor: Vendor) -> bool:
        """Whether each word of the filter is in a name of the vendor."""
        judged = self.latest.get(vendor_key(vendor))
        names = [vendor.slug, vendor.name or "", vendor.url, *vendor.tags]
        text = " ".join([*names, judged.name if judged else ""]).casefold()
        return all(word in text for word in self.words.casefold().split())

"""Mutes: of which vendors and components subscribers are not notified, and until when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from outlogger_cli.alerts.state_file import time_from_text, time_to_text
from outlogger_cli.domain.model import (
    ComponentStatus,
    Failed,
    Incident,
    Severity,
    Vendor,
    Verdict,
    worst,
)
from outlogger_cli.domain.selection import matches
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.domain.verdict import Judged, judge


@frozen
class Mute:
    """Mutes a vendor, or its components that match the pattern `component`.

    It lasts until the time `until` or, if that is None, until the problem is resolved.
    """

    slug: str
    url: str
    component: str | None = None
    until: datetime | None = None

    @property
    def name(self) -> str:
        return f"{self.slug}/{self.component}" if self.component else self.slug

    def applies_to(self, vendor: Vendor) -> bool:
        """Whether slug and page are those of `vendor`. The slug may also be the page's host, as
        for a vendor that was named by its address."""
        return self.url == vendor.url and self.slug in {vendor.slug, urlsplit(vendor.url).hostname}

    def has_expired(self, now: datetime) -> bool:
        return self.until is not None and self.until <= now

    def is_resolved(self, judged: Judged) -> bool:
        """Whether `judged`, of the muted vendor, ends a mute that has no time limit.

        A failed reading never does, nor a component that is missing from the page.
        """
        if self.until is not None or judged.error:
            return False
        if self.component is None:
            return judged.verdict is Verdict.OK
        matching = [c for c in judged.components if matches(self.component, c)]
        return bool(matching) and all(c.status.severity is Severity.NONE for c in matching)


def encode(mute: Mute) -> dict[str, Any]:
    """Return `mute` as it is written to disk."""
    return {
        "slug": mute.slug,
        "url": mute.url,
        "component": mute.component,
        "until": time_to_text(mute.until),
    }


def decode(row: Mapping[str, Any]) -> Mute:
    """Return the mute that was written as `row`; raises one of `state_file.DAMAGED`."""
    component = row["component"]
    return Mute(
        slug=str(row["slug"]),
        url=str(row["url"]),
        component=component and str(component),
        until=time_from_text(row["until"]),
    )


def mask(judged: Judged, patterns: Sequence[str]) -> Judged:
    """Judge the page again as if the components that match `patterns` were operational.

    Incidents that affect nothing else are left out. The page's own indicator does not count if
    the masked components explain it.
    """
    read = judged.outcome
    if not patterns or isinstance(read, Failed):
        return judged
    snapshot = read.snapshot
    masked = [c for c in snapshot.components if any(matches(one, c) for one in patterns)]
    if not masked:
        return judged
    operational = ComponentStatus.OPERATIONAL
    worst_masked = worst(component.status.severity for component in masked)
    is_explained = 0 <= snapshot.indicator.rank <= worst_masked.rank
    ids = {component.id for component in masked if component.id}
    snapshot = replace(
        snapshot,
        indicator=Severity.NONE if is_explained else snapshot.indicator,
        components=tuple(
            replace(c, status=operational, raw_status=operational.value) if c in masked else c
            for c in snapshot.components
        ),
        incidents=tuple(i for i in snapshot.incidents if not _affects_only(i, ids)),
    )
    return judge(replace(read, snapshot=snapshot), window=None)


def _affects_only(incident: Incident, ids: set[str]) -> bool:
    return bool(incident.links) and all(link.id in ids for link in incident.links)

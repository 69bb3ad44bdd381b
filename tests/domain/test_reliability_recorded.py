"""The figures of recorded pages, against a count of the minutes in their raw documents."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.figures import TROUBLES
from outlogger_cli.domain.period import Period
from outlogger_cli.domain.reliability import WEIGHTS, reliability
from tests.reports import judged
from tests.support import recorded, utc

MINUTE = timedelta(minutes=1)


def moment(text: str | None, otherwise: datetime) -> datetime:
    return datetime.fromisoformat(text) if text else otherwise


@pytest.mark.parametrize("path", recorded("statuspage/*--incidents--*.json"))
def test_the_figures_are_those_counted_by_the_minute(path: Path) -> None:
    body: dict[str, Any] = json.loads(path.read_bytes())
    rows = body["incidents"]
    if not rows:
        pytest.skip("the page listed no incident")
    newest = max(datetime.fromisoformat(row["updated_at"]) for row in rows)
    now = utc(f"{newest:%Y-%m-%d} 00:00") + timedelta(days=3)
    oldest = min(datetime.fromisoformat(row["created_at"]) for row in rows)
    first = oldest.date() + timedelta(days=1)
    period = Period(first=first, last=now.date(), now=now)
    summary = {
        "page": body["page"],
        "status": {"indicator": "none", "description": ""},
        "components": [],
        "incidents": [],
        "scheduled_maintenances": [],
    }
    (record,) = reliability(
        [judged(summary, history=rows, checked_at=now)], period, WEIGHTS
    ).records
    assert record
    assert not record.whole.is_partial

    start = utc(f"{first} 00:00")
    spans = [
        (
            min(moment(row[key], now) for key in ("created_at", "started_at") if row.get(key)),
            moment(row["resolved_at"], now),
            row["impact"],
        )
        for row in rows
    ]
    touching = [one for one in spans if start <= one[1] and one[0] < now]
    worst: dict[datetime, str] = {}
    days: set[date] = set()
    for impact in reversed(TROUBLES):
        for begin, end, _ in (one for one in touching if one[2] == impact.value):
            at = max(start, begin.replace(second=0, microsecond=0))
            days.add(at.astimezone(UTC).date())
            while at < min(end, now):
                worst[at] = impact.value
                days.add(at.astimezone(UTC).date())
                at += MINUTE
    minutes = Counter(worst.values())
    assert record.whole.incidents == Counter(impact for _, _, impact in touching)
    for impact in TROUBLES:
        edges = 2 * len(touching)  # each end is within a minute of the count
        assert abs(record.whole.seconds[impact] / 60 - minutes[impact]) <= edges
    assert record.whole.trouble_days == len(days)
    assert sum(one.trouble_seconds for one in record.months) == pytest.approx(
        record.whole.trouble_seconds, abs=len(record.months)
    )

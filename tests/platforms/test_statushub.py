"""StatusHub: what the counts of services come to."""

from typing import Any

import pytest

from outlogger_cli.platforms import statushub
from tests.support import document


def indicator(**counts: Any) -> str:
    counters = {f"count_{name}": count for name, count in counts.items()}
    read = statushub.parse({"statuses": document("statuses", {"counters": counters})})
    assert (read.components, read.incidents, read.history_from) == ((), (), None)
    return read.indicator.value


@pytest.mark.parametrize(
    ("up", "affected", "down", "severity"),
    [
        (12, 0, 0, "none"),
        (12, 1, 0, "minor"),
        (12, 1, 1, "major"),
        (0, 0, 1, "major"),
        (0, 1, 0, "minor"),
        (0, 0, 0, "unknown"),
        (-1, 0, 0, "unknown"),
        (12, -1, 0, "unknown"),
        (12, None, 0, "unknown"),
        (12, 0, None, "unknown"),
        (12, 0, "0", "unknown"),
        (12, False, 0, "unknown"),
        (12, float("nan"), 0, "unknown"),
        (float("nan"), 0, 0, "unknown"),
        (12, 1, None, "minor"),
        (None, None, 3, "major"),
    ],
)
def test_the_counts_are_the_roll_up(up: Any, affected: Any, down: Any, severity: str) -> None:
    assert indicator(status_1=up, status_2=affected, status_3=down) == severity


def test_a_count_that_is_missing_is_not_0() -> None:
    assert indicator(status_1=12) == indicator(status_1=12, status_2=0) == "unknown"

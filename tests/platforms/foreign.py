"""Recordings of every platform but one, to show that none is taken for that one."""

from typing import Any

from tests.support import recorded


def foreign(platform: str) -> list[Any]:
    """Parameters for the recordings of all other platforms, one skip where there are none."""
    recordings = recorded("*/*")
    return [one for one in recordings if one.marks or one.values[0].parent.name != platform]

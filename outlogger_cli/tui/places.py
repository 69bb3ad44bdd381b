"""How the screen is divided between the table, the events and the selected vendor's page."""

from outlogger_cli.domain.values import frozen

BESIDE_FROM = 132
"""Columns from which the page stands beside the table."""

_LEAST_PAGE = 6
_PAGE_FROM = 30
"""Lines from which the page below keeps a third, however long the table is."""

_LEAST_TABLE = 3
_LEAST_EVENTS, _MOST_EVENTS = 3, 7
"""Lines of the events, with the empty one above them."""


@frozen
class Places:
    """The heights of the parts, 0 for one that is not shown."""

    table: int
    events: int
    page: int


def page_width(width: int) -> int:
    """The columns of a page beside the table, 0 if it has to stand below."""
    return (width - 12) * 2 // 5 if width >= BESIDE_FROM else 0


def divide(height: int, *, rows: int, events: int, is_beside: bool) -> Places:
    """Divide `height` lines, if table and events would fill `rows` and `events`."""
    height = max(0, height)
    events = min(max(_LEAST_EVENTS, events), _MOST_EVENTS, max(0, height - _LEAST_TABLE))
    room = height - events
    if is_beside:
        return Places(table=room, events=events, page=height)
    table = min(rows, room - (height // 3 if height >= _PAGE_FROM else 0))
    if room - table < _LEAST_PAGE:
        return Places(table=room, events=events, page=0)
    return Places(table=table, events=events, page=room - table)

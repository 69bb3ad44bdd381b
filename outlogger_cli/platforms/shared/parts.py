"""What several platforms build alike: pieces of a snapshot, and the test for their documents."""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    EVER,
    Component,
    Document,
    Incident,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Update,
)
from outlogger_cli.platforms.shared import reading
from outlogger_cli.platforms.shared.fields import Fields


def fits(read: Callable[[Document], object], document: Document) -> bool:
    """Whether `read` takes `document` without a `PageError`."""
    try:
        read(document)
    except PageError:
        return False
    return True


def not_a_page(lack: str) -> PageError:
    """The error for JSON of another kind; `lack` names what should stand there."""
    return reading.not_a_page(f"the answer is JSON but has no {lack}")


def inside(row: Fields, *keys: str) -> Fields:
    """The object at `keys`, one below the other; an empty one where a step is no object."""
    for key in keys:
        value = row.values.get(key)
        path = f"{row.path}.{key}" if row.path else key
        row = Fields(value if isinstance(value, dict) else {}, path, row.zone)
    return row


def coded(known: StrEnum | None, kind: str, code: str) -> str:
    """The word for a number that stands for one: ours, or what the number is where it is new."""
    if known:
        return known.value
    return f"{kind} {code}" if code else ""


def rolled_up(components: Iterable[Component]) -> Severity:
    """The indicator of a page that has a component table and no roll-up of its own."""
    return reading.roll_up([component.status for component in components])


def newest_updates(updates: Iterable[Update]) -> tuple[Update, ...]:
    return tuple(sorted(updates, key=lambda u: u.created_at or EVER, reverse=True))


def unfinished(maintenances: Iterable[Maintenance]) -> tuple[Maintenance, ...]:
    """Windows that are not over, in their order."""
    return tuple(m for m in maintenances if m.status is not MaintenanceStatus.COMPLETED)


def oldest_start(incidents: Iterable[Incident]) -> datetime | None:
    """`history_from` of a list that may be cut off: nothing is known before its oldest entry."""
    return reading.earliest(incident.started_at for incident in incidents)

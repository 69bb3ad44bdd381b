"""Messages that wait too long, or are too many: those of a vendor become one summary."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from outlogger_cli.alerts.delivery_log import Message, Waiting
from outlogger_cli.alerts.message import SUMMARY, build_summary

COUNT_LIMIT = 100
"""Messages that may wait; beyond that each vendor has one."""

AGE_LIMIT = timedelta(days=1)


def shorten(queue: Sequence[Waiting], *, at: datetime, zone: tzinfo | None) -> list[Waiting]:
    """Return `queue` with a summary for each vendor that has too many or too old messages.

    The order of the messages of a vendor stays. `zone` is the reader's, None for this machine's.
    """
    too_many = len(queue) > COUNT_LIMIT
    shortened = []
    for waiting in _by_vendor(queue):
        oldest = waiting[0].message
        too_old = at - datetime.fromisoformat(oldest["at"]) > AGE_LIMIT
        is_summary = len(waiting) == 1 and oldest["event"] == SUMMARY
        if is_summary or not (too_old or (too_many and len(waiting) > 1)):
            shortened += waiting
            continue
        messages = [one.message for one in waiting]
        summary = build_summary(messages, at=at, zone=zone, when="not delivered in time")
        shortened.append(Waiting(message=summary))
    return shortened


def defer(
    deferred: Sequence[Message], more: Sequence[Message], *, at: datetime, zone: tzinfo | None
) -> list[Message]:
    """Return what quiet hours defer: beyond `COUNT_LIMIT` one message a vendor."""
    found = [*deferred, *more]
    if len(found) <= COUNT_LIMIT:
        return found
    return [one.message for one in after_quiet_hours(found, at=at, zone=zone)]


def after_quiet_hours(
    deferred: Sequence[Message], *, at: datetime, zone: tzinfo | None
) -> list[Waiting]:
    """Return one message a vendor for all that quiet hours deferred; a single one as it is."""
    found = []
    for waiting in _by_vendor([Waiting(message=message) for message in deferred]):
        if len(waiting) > 1:
            messages = [one.message for one in waiting]
            summary = build_summary(messages, at=at, zone=zone, when="in quiet hours")
            waiting = [Waiting(message=summary)]
        found += waiting
    return found


def _by_vendor(queue: Sequence[Waiting]) -> list[list[Waiting]]:
    found: dict[str, list[Waiting]] = {}
    for one in queue:
        found.setdefault(one.vendor, []).append(one)
    return list(found.values())
